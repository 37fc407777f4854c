"""A lunch to try the page on: a workspace with the canteen's app, served, and ways to act in the browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Locator, Page
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

from sandbox.clock import WorkspaceClock
from sandbox.server import Serving, serve
from sandbox.workspace import Workspace
from tests.browser.canteen import APP_TOKEN, SEED, Canteen
from tests.sandbox.standins import HandTime

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
KITCHEN = "C01KITCHEN"


@dataclass
class Lunch:
    """The workspace, where it is served, and its app."""

    serving: Serving
    app: Canteen

    @property
    def workspace(self) -> Workspace:
        return self.serving.workspace

    def at(self, query: str = "") -> str:
        return f"{self.serving.url}/{query}"


@asynccontextmanager
async def open_lunch(port: int = 0, state: Path | None = None) -> AsyncIterator[Lunch]:
    clock = WorkspaceClock(HandTime(NOON.timestamp()))
    workspace = Workspace.load(deepcopy(SEED), clock=clock, state=state)
    async with serve(workspace, port) as serving:
        app = Canteen(serving.api_url)
        sockets = AsyncSocketModeHandler(app.bolt, APP_TOKEN)
        await sockets.connect_async()  # type: ignore[no-untyped-call]
        try:
            yield Lunch(serving, app)
        finally:
            await sockets.close_async()  # type: ignore[no-untyped-call]


def half(page: Page, name: str) -> Locator:
    """The part of the page that belongs to a person."""
    return page.get_by_role("region", name=name)


async def enter(half: Locator, text: str) -> None:
    """Types into the conversation's field and presses Enter."""
    box = half.locator(".stage").get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")
