"""Visita's own parts as they are, with a stand-in only for Slack's end of the line."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import update
from sqlmodel import col

from bench.visits import RULEBOOK
from bot.clock import SystemClock
from bot.database import Database
from bot.i18n import Catalogs
from bot.models.notices import OPEN_STATES, Notice, NoticeState
from bot.services.delivery import AT_ONCE, Delivery
from bot.services.office import Office
from bot.services.reading import Readers
from bot.slack import Found, Posted, Slack, Turn
from schedules.timetable import Timetable

SENDER_SECONDS = 0.02
"""What a message takes the stand-in sender, as in the guiding figures."""

NOWHERE = "http://127.0.0.1:9/"
"""Where a call would go that the stand-in does not answer itself: nowhere, and never to Slack."""


class LaterClock:
    """The machine's clock, some way ahead: what a bot sees that starts again after a pause."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self._machine = SystemClock()
        self._ahead = ahead

    def now(self) -> datetime:
        return self._machine.now() + self._ahead


class StandIn(Slack):
    """Takes every message after a fixed time, and notes when."""

    def __init__(self, seconds: float = SENDER_SECONDS) -> None:
        super().__init__(AsyncWebClient(base_url=NOWHERE), channel_seconds=0, workspace_seconds=0)
        self._seconds = seconds
        self.began: dict[str, datetime] = {}
        self.ended: dict[str, datetime] = {}
        self.doubled = 0
        self._changed = asyncio.Event()

    async def post(
        self,
        to: str,
        message: Mapping[str, Any],
        notice_id: str,
        thread_ts: str | None = None,
        *,
        told: Mapping[str, Any] | None = None,
        shows: str = "",
    ) -> Posted:
        self.doubled += notice_id in self.began
        self.began[notice_id] = SystemClock().now()
        if self._seconds:
            await asyncio.sleep(self._seconds)
        self.ended[notice_id] = SystemClock().now()
        self._changed.set()
        return Posted(to, f"{len(self.ended)}.0")

    async def update(self, posted: Posted, message: Mapping[str, Any], notice_id: str) -> None:
        await asyncio.sleep(self._seconds)

    async def look_for(
        self, to: str, notice_id: str, *, since: float, tries: int, thread_ts: str | None = None, turn: Turn
    ) -> Found | None:
        return Found(Posted(to, "0.0"), None) if notice_id in self.ended else None

    async def taken(self, messages: int, patience: float) -> None:
        """Returns when so many messages were taken; TimeoutError, which says how many were, where they do not come."""
        try:
            async with asyncio.timeout(patience):
                while len(self.ended) < messages:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"only {len(self.ended)} of {messages} were sent in {patience:.0f} s") from None


@dataclass(frozen=True)
class House:
    """A bot without its doors: database, delivery, timetable."""

    database: Database
    office: Office
    delivery: Delivery
    timetable: Timetable


@asynccontextmanager
async def open_house(
    url: str, slack: Slack, *, at_once: int = AT_ONCE, clock: LaterClock | None = None
) -> AsyncIterator[House]:
    """Everything wired as `bot.app` does it; the timetable is not started."""
    clock = clock or LaterClock()
    database = Database(url)
    office = Office(database, clock, RULEBOOK)
    delivery = Delivery(office, Readers(Catalogs.load()), slack, at_once=at_once)
    timetable = Timetable(delivery, clock)
    database.after_commit(timetable.wake)
    try:
        yield House(database, office, delivery, timetable)
    finally:
        await database.close()


async def withdraw_due(database: Database) -> None:
    """Leaves nothing behind that is due or claimed: the next row has this database too."""
    soon = SystemClock().now() + timedelta(hours=1)
    open_ones = col(Notice.state).in_(OPEN_STATES) & (col(Notice.attempt_at) <= soon)
    async with database.write() as session:
        await session.exec(update(Notice).where(open_ones).values(state=NoticeState.WITHDRAWN))


async def floor(messages: int, at_once: int, seconds: float = SENDER_SECONDS) -> float:
    """How long the stand-in sender needs for so many messages when nobody does anything but send."""
    gate = asyncio.Semaphore(at_once)

    async def send() -> None:
        async with gate:
            await asyncio.sleep(seconds)

    start = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(messages)))
    return time.perf_counter() - start
