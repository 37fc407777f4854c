"""The pictures of docs/images, taken anew: `python -m tests.browser.pictures`."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from bot.messages.ids import Action
from tests.browser import walking
from tests.browser.conftest import Scheme, chromium
from tests.browser.demonstration import Demonstration, demonstration
from tests.browser.people import Seat, address

FOLDER = Path(__file__).parents[2] / "docs" / "images"
DESK = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)


class Studio:
    """A browser before a demo; every page without the hints, which a newcomer has read."""

    def __init__(self, browser: Browser, demo: Demonstration) -> None:
        self._browser = browser
        self._demo = demo

    async def page(self, *people: str, size: ViewportSize = DESK, scheme: Scheme = "light") -> Page:
        context = await self._browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
        page = await context.new_page()
        await page.goto(self._demo.url + address(*people))
        says = Seat(page, people[0]).says
        hints = page.get_by_role("region", name=says.page("hints"))
        await hints.get_by_role("button", name=says.page("dismiss")).click()
        return page


async def picture(page: Page, name: str) -> None:
    """One file in the folder, without a caret that blinks."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{name}.png"
    await page.screenshot(path=file, animations="disabled", caret="hide")
    sys.stdout.write(f"{file.name}: {file.stat().st_size // 1024} kB\n")


async def take_all(studio: Studio) -> None:
    """The first walk, a picture at each place worth one."""
    host = Seat(await studio.page("emma"), "emma")
    await _form_and_read_back(host)
    await walking.confirm_read_back(host)
    await expect(host.half.get_by_role("article").last).to_contain_text(walking.REFERENCE)
    await host.jump("C1")
    await _car(await studio.page("liu", "chen"))
    await host.jump("B6")
    office = await studio.page("zhou")
    await walking.confirm_request(Seat(office, "zhou"))
    await host.jump(walking.SETTING_OFF)
    await _reminders(studio)
    # Car, leader, and the driver who set off: the card follows a moment later.
    await expect(host.half.get_by_role("article").last).to_contain_text(re.compile("🟢.*🟢.*🟢", re.DOTALL))
    await picture(host.page, "card")
    await _home(studio)
    await _host_is_told(studio)


async def _form_and_read_back(host: Seat) -> None:
    form = await walking.begin(host)
    await walking.fill_in(form)
    await form.field("company").scroll_into_view_if_needed()
    await form.field("company").focus()
    await picture(host.page, "form")
    await walking.review(form)
    await picture(host.page, "read-back")


async def _car(page: Page) -> None:
    await walking.assign_car(Seat(page, "liu"))
    await walking.confirm_request(Seat(page, "chen"))
    await page.close()


async def _reminders(studio: Studio) -> None:
    """Driver and leader, each in their language; the driver once more on the phone; then he sets off."""
    both = await studio.page("chen", "sofia")
    for short in ("chen", "sofia"):
        seat = Seat(both, short)
        await seat.read_news()
        await expect(seat.message("reminder-pickup")).to_be_visible()
    await picture(both, "driver-and-leader")
    small = await studio.page("chen", size=PHONE)
    driver = Seat(small, "chen")
    await driver.half.get_by_role("button", name=driver.says.page("back")).click()
    await driver.go_to_messages()
    await driver.message("reminder-pickup").scroll_into_view_if_needed()
    await picture(small, "driver-phone")
    await walking.set_off(driver)


async def _home(studio: Studio) -> None:
    page = await studio.page("sofia")
    leader = Seat(page, "sofia")
    await leader.go_to_home()
    await expect(leader.half.get_by_role("button", name=leader.says.button(Action.SHOW_VISIT)).first).to_be_visible()
    await picture(page, "home")


async def _host_is_told(studio: Studio) -> None:
    page = await studio.page("emma", scheme="dark")
    host = Seat(page, "emma")
    await host.go_to_messages()
    await expect(host.message("declaration")).to_be_visible()
    await picture(page, "host-dark")


@asynccontextmanager
async def studio() -> AsyncIterator[Studio]:
    """A demo of its own and a browser, both closed at the end."""
    with TemporaryDirectory() as folder:
        async with async_playwright() as playwright, demonstration(Path(folder)) as demo:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            yield Studio(browser, demo)
            await browser.close()


async def main() -> None:
    async with studio() as opened:
        await take_all(opened)


if __name__ == "__main__":
    asyncio.run(main())
