"""What each role reads on a phone, in three languages: `python -m tests.browser.roles` makes docs/roles.md anew."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.browser import walking
from tests.browser.conftest import chromium
from tests.browser.demonstration import Demonstration, demonstration
from tests.browser.people import Seat, address

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "images" / "roles"
PHONE = ViewportSize(width=390, height=1280)
DESK = ViewportSize(width=1280, height=800)
LANGUAGES = {"en-US": "English", "es-ES": "español", "zh-CN": "中文"}
ROLES = {
    "lina": "lead host",
    "zhang": "approver, senior leader",
    "sofia": "accompanying leader, department head",
    "liu": "administration",
    "chen": "driver",
    "grace": "front desk",
    "gao": "gate",
    "zhao": "IT",
    "ana": "finance",
    "huang": "technical",
    "zhou": "executive office",
    "xu": "vice president's department",
}
MOMENTS = ("C11", "C11b")
"""The rows of the procedure up to which the clock is moved, one after the other, before the pictures are taken."""


async def live_through(browser: Browser, demo: Demonstration, locale: str) -> None:
    """A visit from the form to the hour in which the guests are on their way to the house; 陈伟 drives."""
    async with opened(browser, demo, "lina", DESK) as page:
        host = Seat(page, "lina", locale)
        await walking.open_visit(host)
        await host.jump("C1")
        async with opened(browser, demo, "liu", DESK) as desk:
            await walking.assign_car(Seat(desk, "liu", locale))
        async with opened(browser, demo, "chen", DESK) as seat:
            await walking.confirm_request(Seat(seat, "chen", locale))
        for row in MOMENTS:
            await host.jump(row)


async def take(page: Page, short: str, locale: str) -> Path:
    """The newest messages of one person."""
    seat = Seat(page, short, locale)
    hints = page.get_by_role("region", name=seat.says.page("hints"))
    await hints.get_by_role("button", name=seat.says.page("dismiss")).click()
    await seat.half.get_by_role("button", name=seat.says.page("back")).click()
    await seat.go_to_messages()
    await seat.half.get_by_role("article").last.scroll_into_view_if_needed()
    file = FOLDER / f"{short}-{locale[:2]}.png"
    await page.screenshot(path=file, animations="disabled", caret="hide")
    sys.stdout.write(f"{file.name}: {file.stat().st_size // 1024} kB\n")
    return file


@asynccontextmanager
async def opened(browser: Browser, demo: Demonstration, short: str, size: ViewportSize) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport=size, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(demo.url + address(short))
    yield page
    await context.close()


async def in_one_language(browser: Browser, locale: str) -> None:
    with TemporaryDirectory() as folder:
        async with demonstration(Path(folder), "--language", locale) as demo:
            await live_through(browser, demo, locale)
            for short in ROLES:
                async with opened(browser, demo, short, PHONE) as page:
                    await take(page, short, locale)


def page_of_roles() -> str:
    """The table of all pictures."""
    lines = [
        "# What each role reads",
        "",
        "Made by `python -m tests.browser.roles`; do not edit. The newest messages of each person, in the hour before",
        "the guests arrive at the house, on a phone, in the three languages.",
        "",
        f"| role | {' | '.join(LANGUAGES.values())} |",
        f"|---|{'---|' * len(LANGUAGES)}",
    ]
    for short, role in ROLES.items():
        shown = [f"![{role}, {name}](images/roles/{short}-{code[:2]}.png)" for code, name in LANGUAGES.items()]
        lines.append(f"| {role} | {' | '.join(shown)} |")
    return "\n".join([*lines, ""])


async def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for locale in LANGUAGES:
            await in_one_language(browser, locale)
        await browser.close()
    (DOCS / "roles.md").write_text(page_of_roles(), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
