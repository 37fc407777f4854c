"""The first walk in a real browser against `visita demo`: once with each language for the lead host."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.messages.ids import ViewId
from tests.browser import walking
from tests.browser.conftest import NewPage
from tests.browser.demonstration import demonstration
from tests.browser.people import Seat, Somebody, address

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("host_name", ["emma", "carlos", "lina"])
async def test_the_walk(host_name: str, new_page: NewPage, tmp_path: Path) -> None:
    async with demonstration(tmp_path) as demo:
        host = Seat(await new_page(demo.url + address(host_name)), host_name)
        await _the_visit_is_opened(host)
        await host.jump("C1")
        page = await new_page(demo.url + address("liu", "chen"))
        await _the_car_is_assigned_and_confirmed(Seat(page, "liu"), Seat(page, "chen"), host)
        await page.close()
        await host.jump("B6")
        await _the_leader_is_confirmed(Seat(await new_page(demo.url + address("zhou")), "zhou"), host)
        await host.jump(walking.SETTING_OFF)
        page = await new_page(demo.url + address("chen", "sofia"))
        driver = Seat(page, "chen")
        await _driver_and_leader_are_reminded(driver, Seat(page, "sofia"))
        await walking.set_off(driver)
        await expect(host.message("declaration")).to_contain_text(driver.person.name)


async def _the_visit_is_opened(host: Seat) -> None:
    form = await walking.begin(host)
    await walking.fill_in(form)
    await walking.review(form)
    day = host.says.t.day(walking.arrival_day())
    for fact in (walking.CLIENT, walking.GUEST, walking.PHONE, walking.FLIGHT, walking.PLACE, day):
        await expect(host.window(ViewId.READ_BACK)).to_contain_text(fact)
    await walking.confirm_read_back(host)
    await expect(host.half.get_by_role("article").last).to_contain_text(f"{walking.REFERENCE} {walking.CLIENT}")


async def _the_car_is_assigned_and_confirmed(administration: Seat, driver: Seat, host: Seat) -> None:
    await walking.assign_car(administration)
    await walking.confirm_request(driver)
    await host.read_news()
    for told in (administration, host):
        await expect(told.message("answer")).to_contain_text(driver.person.name)


async def _the_leader_is_confirmed(office: Seat, host: Seat) -> None:
    await walking.confirm_request(office)
    await expect(host.message("answer")).to_contain_text(Somebody("zhang").name)


async def _driver_and_leader_are_reminded(driver: Seat, leader: Seat) -> None:
    for reminded in (driver, leader):
        await reminded.read_news()
        in_an_hour = reminded.says.t.ahead(timedelta(hours=1))
        for fact in (in_an_hour, walking.FLIGHT, walking.PLACE, walking.PHONE, walking.PLATE):
            await expect(reminded.message("reminder-pickup")).to_contain_text(fact)
