"""What happens beside the straight way, in a real browser against `visita demo`: slips, changes, second presses."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.clock import SystemClock
from bot.errors import OutOfDate, Problem
from bot.messages import refusals
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import StopVerb
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
        await walking.confirm_request(driver)
        await _the_pickup_is_moved(host, "16:10")
        await host.an_hour_passes()
        for time in ("14:30", "16:10"):
            await expect(driver.message("change")).to_contain_text(time)
        await _the_visit_is_canceled(host, "The guests are ill")
        for told in (driver, administration):
            await expect(told.message("cancellation")).to_contain_text("The guests are ill")


async def test_an_answer_that_comes_too_late_is_told_so(new_page: NewPage, tmp_path: Path) -> None:
    """The driver still writes why he can't when the drive is given to another."""
    async with demonstration(tmp_path) as demo:
        host = Seat(await new_page(demo.url + address("emma")), "emma")
        await walking.open_visit(host)
        await host.jump("C1")
        page = await new_page(demo.url + address("liu", "chen"))
        administration, driver = Seat(page, "liu"), Seat(page, "chen")
        await walking.assign_car(administration)
        await driver.read_news()
        await driver.press(driver.asking(Action.CONFIRM_REQUEST), Action.DECLINE_REQUEST)
        form = FormFilling(driver, ViewId.DECLINE_REQUEST)
        await form.write(reason="I am ill")
        await walking.open_details(administration)
        await administration.press(administration.window(ViewId.VISIT), Action.ASSIGN_VEHICLE)
        await walking.choose_driver(administration, "wang")
        await form.submit()
        told = refusals.sentence(driver.says.t, OutOfDate(), walking.VENUE, SystemClock().now())
        await expect(driver.half.get_by_role("dialog").last).to_contain_text(told)


async def _the_pickup_is_moved(host: Seat, time: str) -> None:
    """The pick-up is the first of the stops in the visit's window."""
    await walking.open_details(host)
    await host.choose_in_menu(host.window(ViewId.VISIT), StopVerb.CHANGE)
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
