"""A real browser for tests: one headless Chromium a worker, a fresh context for each page.

Everything that uses these fixtures runs in the session's event loop:
`pytestmark = pytest.mark.asyncio(loop_scope="session")`.
"""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.browser.lunch import Lunch, open_lunch

Scheme = Literal["light", "dark"]
NewPage = Callable[..., Awaitable[Page]]
PATIENCE_MS = 8000
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def chromium() -> str | None:
    """Where this machine has a Chromium: $CHROMIUM, the usual place, or the PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next(filter(None, map(shutil.which, ("/usr/bin/chromium", "chromium", "google-chrome"))), None)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    found = chromium()
    if found is None:
        pytest.skip("BROWSER TESTS DID NOT RUN: no Chromium here; install chromium or name one in CHROMIUM")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(browser: Browser) -> AsyncIterator[NewPage]:
    """Opens pages; the test fails if one of them had a script error."""
    troubles: list[str] = []
    contexts = []

    async def open_page(url: str, *, width: int = 1280, height: int = 800, scheme: Scheme = "light") -> Page:
        size = ViewportSize(width=width, height=height)
        context = await browser.new_context(viewport=size, color_scheme=scheme, has_touch=width < 600)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        await page.goto(url)
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert troubles == []


@pytest_asyncio.fixture(loop_scope="session")
async def lunch() -> AsyncIterator[Lunch]:
    async with open_lunch() as opened:
        yield opened
