"""The whole way in a real browser: from a draft to "everything is confirmed", by nine people in three languages."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.messages import bookings
from bot.messages.ids import Action, ViewId
from bot.procedure.sayings import Say
from tests.browser import preparing, walking
from tests.browser.conftest import NewPage
from tests.browser.demonstration import demonstration
from tests.browser.people import FormFilling, Seat, address

pytestmark = pytest.mark.asyncio(loop_scope="session")
OF_ADMINISTRATION = (
    Say.HOTEL,
    Say.DINING_ROOM,
    Say.MEETING_ROOM,
    Say.SUPPLIES,
    Say.SIGNS,
    Say.GIFT,
    Say.CLEANING,
)
OF_THE_HOST = (Say.DOCUMENTS, Say.EQUIPMENT, Say.PROGRAMME, Say.QUESTIONS, Say.PRESENTATION, Say.SIGHTS)


async def test_the_whole_way(new_page: NewPage, tmp_path: Path) -> None:
    async with demonstration(tmp_path, approved=True) as demo:

        async def seats(*shorts: str) -> list[Seat]:
            page = await new_page(demo.url + address(*shorts))
            return [Seat(page, short) for short in shorts]

        host, approver = await seats("emma", "sofia")
        administration, deputy = await seats("liu", "xu")
        await _the_plan_is_returned_then_approved_by_the_deputy(host, approver, deputy)
        front_desk, finance = await seats("grace", "ana")
        await _what_is_declined_is_asked_of_somebody_else(administration, host, front_desk)
        await _another_time_is_suggested_taken_and_allowed(administration, host, approver)
        await preparing.confirm(administration, *OF_ADMINISTRATION)
        await _two_guests_more(host, approver)
        drivers = await seats("chen", "wang")
        await _one_driver_cannot_the_other_can(administration, *drivers)
        await preparing.confirm(administration, Say.HOTEL, Say.DINING_ROOM, Say.MEETING_ROOM, Say.SUPPLIES, Say.GIFT)
        await preparing.confirm(front_desk, Say.SHOWROOM, Say.GATE_NOTICE)
        await preparing.confirm(finance, Say.CASH_ADVANCE)
        (information,) = await seats("zhao")
        await preparing.confirm(information, Say.WELCOME_TEXT)
        (office,) = await seats("zhou")
        await _the_general_manager_takes_part(office)
        await preparing.confirm(host, *OF_THE_HOST)
        await _everything_is_confirmed(host)
        await _it_is_canceled(host, "The guests are ill")
        for told in (approver, administration, drivers[1], deputy):
            await told.go_to_messages()
            await expect(told.message("cancellation")).to_contain_text("The guests are ill")


async def _the_plan_is_returned_then_approved_by_the_deputy(host: Seat, approver: Seat, deputy: Seat) -> None:
    await walking.open_visit(host)
    await host.read_news()
    await preparing.send_plan(host)
    await approver.read_news()
    await preparing.return_plan(approver, "Llegan más tarde: 14:50")
    await expect(host.message("plan-news")).to_contain_text("Llegan más tarde: 14:50")
    await preparing.move_pickup(host, "14:50")
    await preparing.send_plan(host)
    await expect(approver.asking(Action.APPROVE_PLAN)).to_contain_text("14:50")
    await preparing.hand_plan(approver, "xu")
    await deputy.read_news()
    await preparing.approve_plan(deputy)
    await expect(host.message("plan-news")).to_contain_text(deputy.person.name)


async def _what_is_declined_is_asked_of_somebody_else(administration: Seat, host: Seat, other: Seat) -> None:
    await preparing.decline(administration, Say.SHOWROOM, "展厅正在粉刷")
    await expect(host.asking(Action.REASSIGN_REQUEST)).to_contain_text("展厅正在粉刷")
    await preparing.ask_somebody_else(host, "grace")
    await other.read_news()
    await expect(other.asking(Action.CONFIRM_REQUEST)).to_be_visible()


async def _another_time_is_suggested_taken_and_allowed(administration: Seat, host: Seat, approver: Seat) -> None:
    await preparing.suggest_time(administration, Say.DINING_ROOM, "20:00")
    counter = host.asking(Action.ACCEPT_COUNTER)
    await expect(counter).to_contain_text("20:00")
    await host.press(counter, Action.ACCEPT_COUNTER)
    await expect(approver.asking(Action.ALLOW_CHANGE)).to_contain_text("20:00")
    await preparing.allow_change(approver)
    await expect(counter).to_have_count(0)


async def _two_guests_more(host: Seat, approver: Seat) -> None:
    """A change of what was approved: nothing happens before the approver allows it."""
    await walking.open_details(host)
    await host.press(host.window(ViewId.VISIT), Action.CHANGE_VISIT)
    form = FormFilling(host, ViewId.CHANGE_VISIT)
    await form.write(party_size="6")
    await form.submit()
    await expect(form.window).to_have_count(0)  # Approvers stand in the form as well.
    await expect(host.half.get_by_role("dialog").last).to_contain_text(approver.person.name)
    await host.half.get_by_role("dialog").last.get_by_role("button", name=host.says.page("close")).first.click()
    await expect(host.half.get_by_role("dialog")).to_have_count(0)
    await preparing.allow_change(approver)
    await expect(host.message("consent-news")).to_contain_text(approver.person.name)


async def _one_driver_cannot_the_other_can(administration: Seat, first: Seat, second: Seat) -> None:
    await preparing.assign(administration, "chen")
    await first.read_news()
    await first.press(first.asking(Action.DECLINE_REQUEST), Action.DECLINE_REQUEST)
    form = FormFilling(first, ViewId.DECLINE_REQUEST)
    await form.write(reason="那天休假")
    await form.submit()
    await expect(form.window).to_have_count(0)
    await preparing.assign(administration, "wang")
    await walking.confirm_request(second)


async def _the_general_manager_takes_part(office: Seat) -> None:
    await walking.open_details(office)
    await office.press(office.window(ViewId.VISIT), Action.CONFIRM_REQUEST)
    asked = office.window(ViewId.VISIT).get_by_role("button", name=office.says.button(Action.CONFIRM_REQUEST))
    await expect(asked).to_have_count(0)
    await office.close(office.window(ViewId.VISIT))


async def _everything_is_confirmed(host: Seat) -> None:
    await walking.open_details(host)
    window = host.window(ViewId.VISIT)
    confirmed = await window.locator(".section").filter(has_text="🟢").count()
    said = bookings.everything_confirmed(host.says.t, confirmed).text.partition(": ")[2]
    await expect(window).to_contain_text(said)
    await host.close(window)


async def _it_is_canceled(host: Seat, reason: str) -> None:
    await host.type(f"/visit cancel {walking.REFERENCE}")
    form = FormFilling(host, ViewId.CANCEL_VISIT)
    await form.write(reason=reason)
    await form.submit()
    await expect(form.window).to_have_count(0)
