"""What happens beside the straight way, in a real browser against `visita demo`: slips, changes, second presses."""

from pathlib import Path

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from bot.errors import Problem
from bot.messages import refusals
from bot.messages.payloads import Action, ViewId
from tests.browser import walking
from tests.browser.conftest import NewPage
from tests.browser.demonstration import demonstration
from tests.browser.people import FormFilling, Seat, address

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_slip_is_told_at_its_field_and_nothing_typed_is_lost(new_page: NewPage, tmp_path: Path) -> None:
    async with demonstration(tmp_path) as demo:
        host = Seat(await new_page(demo.url + address("emma")), "emma")
        form = await walking.begin(host)
        await walking.fill_in(form)
        await form.write(party_size="many", arrival_number="5102")
        await form.submit()
        for problem in (Problem.PARTY_SIZE, Problem.FLIGHT_NUMBER):
            await expect(form.window.get_by_text(refusals.problem(host.says.t, problem))).to_be_visible()
        await expect(form.field("party_size")).to_be_focused()
        await host.close(form.window)
        form = await walking.begin(host)
        typed = {"company": walking.CLIENT, "guest_name": walking.GUEST, "party_size": "many", "arrival_number": "5102"}
        for name, text in typed.items():
            await expect(form.field(name)).to_have_value(text)
        await form.write(party_size="4", arrival_number=walking.FLIGHT)
        await walking.review(form)


async def test_changes_reach_those_who_were_told_before(new_page: NewPage, tmp_path: Path) -> None:
    async with demonstration(tmp_path) as demo:
        host = Seat(await new_page(demo.url + address("emma")), "emma")
        await walking.open_visit(host)
        await host.jump("C1")
        page = await new_page(demo.url + address("liu", "chen"))
        administration, driver = Seat(page, "liu"), Seat(page, "chen")
        await walking.assign_car(administration)
        await walking.confirm_drive(driver)
        await _the_pickup_is_moved(host, "16:10")
        await host.an_hour_passes()
        for time in ("14:30", "16:10"):
            await expect(driver.message("change")).to_contain_text(time)
        await _the_visit_is_canceled(host, "The guests are ill")
        for told in (driver, administration):
            await expect(told.message("cancellation")).to_contain_text("The guests are ill")


async def test_a_press_on_a_button_that_was_answered_in_another_window_is_told_so(
    new_page: NewPage, tmp_path: Path
) -> None:
    async with demonstration(tmp_path) as demo:
        host = Seat(await new_page(demo.url + address("emma")), "emma")
        await walking.open_visit(host)
        await host.jump("B6")
        office = Seat(await new_page(demo.url + address("zhou")), "zhou")
        await office.go_to_messages()
        behind = Seat(await _page_that_hears_nothing_more(new_page, demo.url + address("zhou")), "zhou")
        await behind.go_to_messages()
        await expect(behind.asking(Action.CONFIRM_REQUEST)).to_be_visible()
        await office.press(office.asking(Action.CONFIRM_REQUEST), Action.CONFIRM_REQUEST)
        await expect(office.asking(Action.CONFIRM_REQUEST)).to_have_count(0)
        await behind.press(behind.asking(Action.CONFIRM_REQUEST), Action.CONFIRM_REQUEST)
        await expect(office.answer_to_me()).to_contain_text(office.person.name)


async def _the_pickup_is_moved(host: Seat, time: str) -> None:
    """The pick-up is the first of the stops in the visit's window."""
    await walking.open_details(host)
    await host.press(host.window(ViewId.VISIT), Action.CHANGE_STOP)
    form = FormFilling(host, ViewId.STOP)
    await form.write(starts=time)
    await form.submit()
    await expect(host.window(ViewId.VISIT)).to_contain_text(time)
    await host.close(host.window(ViewId.VISIT))


async def _the_visit_is_canceled(host: Seat, reason: str) -> None:
    await host.type(f"/visit cancel {walking.REFERENCE}")
    form = FormFilling(host, ViewId.CANCEL_VISIT)
    await form.write(reason=reason)
    await form.submit()
    await expect(form.window).to_have_count(0)


async def _page_that_hears_nothing_more(new_page: NewPage, url: str) -> Page:
    """A page on a bad line: it can ask and act, but news of what others do never reaches it."""

    async def silent(line: WebSocketRoute) -> None:
        line.connect_to_server().on_message(lambda _: None)

    page = await new_page("about:blank")
    await page.route_web_socket("**/people/events*", silent)
    await page.goto(url)
    return page
