"""An office that is watched: whatever step was taken, `tests.promises` is checked after it."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlmodel import select

from bot.errors import Refusal
from bot.models.forms import VisitForm
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.people import Actor, Person
from bot.models.roles import Role
from bot.models.visits import Stop, Visit
from bot.procedure.calendar import calendar_of
from bot.procedure.plan import NEWS_LASTS
from bot.procedure.rules import Rulebook
from bot.services.office import Change
from bot.services.pictures import read_picture
from bot.services.saying import message_of
from bot.services.sending import fingerprint
from bot.services.showing import EDITED
from bot.services.sight import Fresh, Sight
from tests.promises import ALWAYS, LONGEST_GATHERING, Books, nothing_is_overdue
from tests.small_office import CHEN, LINA, ROLES, RULEBOOK, SOFIA, SmallOffice, small_office

PLACES = {"Asia/Shanghai": ("CN", "2026-03-02 09:00"), "America/New_York": ("US", "2026-03-05 09:00")}
"""Where the office is and when its days begin: a Monday, and the Thursday before the clocks skip an hour."""
HOURS_AHEAD = st.sampled_from([0, 1, 3, 5, 26, 50, 51, 74, 100])
STAYS = st.sampled_from([4, 9, 30])
"""Hours."""


class RolledBackError(Exception):
    """Leaves a transaction without a trace."""


class NothingThereError(Exception):
    """The random step found nothing to act on."""


class WatchedOffice(RuleBasedStateMachine):
    """Runs the services in a loop of its own; subclasses say what happens there."""

    open_database: Callable[[], AbstractAsyncContextManager[str]]
    rulebook: Rulebook = RULEBOOK
    roles: Mapping[Role, Collection[str]] = ROLES
    at_once = 1
    """Messages under way at the same time: with one, every run is the same."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.small: SmallOffice
        self.delivers, self.delivered = True, False
        self.amid: tuple[timedelta, str] | None = None
        """The next thing is done so much later, while a message is on its way; and what becomes of that."""
        self.opened = 0

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    @initialize(zone=st.sampled_from(sorted(PLACES)), arrival=HOURS_AHEAD, stay=STAYS)
    def begin(self, zone: str, arrival: int, stay: int) -> None:
        self.zone = ZoneInfo(zone)
        country, start = PLACES[zone]
        self.begins = datetime.fromisoformat(start).replace(tzinfo=self.zone)

        async def begin() -> None:
            url = await self.stack.enter_async_context(self.open_database())
            office = small_office(
                url,
                datetime.fromisoformat(start).replace(tzinfo=self.zone),
                zone=zone,
                country=country,
                at_once=self.at_once,
                rulebook=self.rulebook,
                roles=self.roles,
            )
            self.small = await self.stack.enter_async_context(office)
            await self.furnish()
            await self.small.open_visit(self.form(arrival, stay))
            await self.small.settle()

        self.run(begin())

    site_changed_at: datetime | None = None

    async def furnish(self) -> None:
        """Whatever else there is in the house before the first visit is opened."""

    def form(self, arrival: int, stay: int, **more: Any) -> VisitForm:
        start = self.small.clock.at.astimezone(self.zone).replace(minute=30, second=0, microsecond=0)
        arrives, departs = start + timedelta(hours=arrival + 1), start + timedelta(hours=arrival + stay + 1)
        fields: dict[str, Any] = {
            "company": "Acme",
            "guest_name": "Luis",
            "lead_host": LINA,
            "greeters": (SOFIA,),
            "leaders": (SOFIA,),
            "driver": CHEN,
            "arrival_date": arrives.date(),
            "arrival_time": arrives.time(),
            "departure_date": departs.date(),
            "departure_time": departs.time(),
        }
        return VisitForm(**fields | more)

    def act(self, verb: Coroutine[Any, Any, Any]) -> None:
        async def act() -> None:
            with suppress(Refusal, NothingThereError):
                await verb

        if self.amid is not None:
            self._act_amid(act(), *self.amid)
        else:
            self.run(act())
        if self.delivers:
            self.deliver()
        self.delivers = True

    def _act_amid(self, act: Coroutine[Any, Any, Any], later: timedelta, trouble: str) -> None:
        """While the next message is on its way; without any it is done all the same."""
        slack, self.amid = self.small.slack, None
        self.small.clock.at += later

        async def meanwhile() -> None:
            await act
            slack.trouble[:0] = [trouble] if trouble else []

        slack.meanwhile = meanwhile
        self.run(self.small.settle())
        if slack.meanwhile is not None:
            slack.meanwhile = None
            self.run(act)

    def deliver(self) -> None:
        self.run(self.small.settle())
        self.delivered = True

    @invariant()
    def every_promise_is_kept(self) -> None:
        if hasattr(self, "small"):
            self.run(self.watch())
            self.delivered = False

    def teardown(self) -> None:
        try:
            if hasattr(self, "small") and sys.exception() is None:  # else it is known already what is wrong
                self.come_to_rest()
        finally:
            self.run(self.stack.aclose())
            self.loop.close()

    def come_to_rest(self) -> None:
        """Slack works again and nobody does anything: what was gathered is told; in the end nothing is left open."""
        self.small.slack.trouble.clear()
        for span in (LONGEST_GATHERING, timedelta(minutes=10), timedelta(minutes=10), NEWS_LASTS, timedelta(days=60)):
            self.small.clock.at += span
            self.deliver()
            self.every_promise_is_kept()
        left = [row.key for row in self.run(self.small.all(Notice, state=NoticeState.PENDING))]
        assert not left, left

    async def watch(self) -> None:
        """Every promise for every visit; and one more reconcile, undone afterwards, changes nothing, but that who has
        not been asked yet has from then on to answer."""
        promises = (*ALWAYS, nothing_is_overdue) if self.delivered else ALWAYS
        for visit in await self.watched_visits():
            with suppress(RolledBackError):
                async with self.small.database.write() as session:
                    picture = await read_picture(session, visit)
                    rows = list((await session.exec(select(Notice).where(Notice.visit_id == visit.id))).all())
                    calendar = calendar_of(picture.workspace, visit)
                    sheets = (await session.exec(select(Notice).where(Notice.kind == NoticeKind.RUN_SHEET))).all()
                    now, posts = self.small.clock.at, self.small.slack.posts
                    books = Books(picture, rows, posts, self.rulebook, calendar, now, sheets)
                    for promise in promises:
                        promise(books)
                    before = {row.key: _as_it_counts(row) for row in rows if not books.is_unheard(row)}
                    await self.small.office.settle(Change(session, visit, self.small.clock.now()))
                    await session.flush()
                    again = (await session.exec(select(Notice).where(Notice.visit_id == visit.id))).all()
                    after = {row.key: _as_it_counts(row) for row in again if not books.is_unheard(row)}
                    changed = {key: (before.get(key), row) for key, row in after.items() if before.get(key) != row}
                    assert not changed, f"reconciling again changed {changed}"
                    raise RolledBackError
            if self.delivered:
                await self.everything_sent_shows_how_it_is(await self.small.all(Notice, visit_id=visit.id))
        if self.delivered:
            sheets = await self.small.all(Notice, kind=NoticeKind.RUN_SHEET)
            # One of a day that is over is left as it was.
            await self.everything_sent_shows_how_it_is([s for s in sheets if s.useful_until > self.small.clock.at])

    async def everything_sent_shows_how_it_is(self, rows: Sequence[Notice]) -> None:
        """Written anew, each message reads as it stands in Slack: no change was taken for one that cannot be seen."""
        sent = [row for row in rows if row.state == NoticeState.SENT and row.slack_ts and row.stale_since is None]
        # What a plan collides with at the house is as it was when it was sent; its page is read anew.
        around = {row.merged_into for row in rows if row.kind == NoticeKind.PLAN_REQUEST}
        others = [row for row in sent if row.kind != NoticeKind.PLAN_REQUEST and row.id not in around]
        shown = [row for row in others if row.kind in EDITED]
        for fresh in await Sight(self.small.office).read(shown):
            message = message_of(fresh, self.small.delivery.readers, self.rulebook, fresh.as_of(self.small.clock.at))
            row = fresh.notice
            if isinstance(fresh, Fresh) and self._is_left_as_it_was(fresh.picture.visit):
                continue
            assert fingerprint(message) == row.rendered, f"{row.key} of stop {row.stop_id} reads otherwise: {message}"

    def _is_left_as_it_was(self, visit: Visit) -> bool:
        """What was told of a canceled visit is not edited for the hours that the house keeps since."""
        canceled, changed = visit.canceled_at, self.site_changed_at
        return canceled is not None and changed is not None and changed >= canceled

    async def watched_visits(self) -> list[Visit]:
        return await self.small.all(Visit)

    def pick(self, found: Sequence[Any], n: int) -> Any:
        """One of those there are, whatever the number."""
        if not found:
            raise NothingThereError
        return sorted(found, key=lambda row: getattr(row, "key", row.id))[n % len(found)]

    async def live_stops(self) -> list[Stop]:
        return [stop for stop in await self.small.all(Stop) if not stop.is_removed]

    async def host_of(self, visit: Visit) -> Actor:
        (host,) = await self.small.all(Person, id=visit.lead_host_id)
        return await self.small.actor(host.slack_id)

    async def host_of_stop(self, stop: Stop) -> Actor:
        (visit,) = await self.small.all(Visit, id=stop.visit_id)
        return await self.host_of(visit)


def _as_it_counts(row: Notice) -> dict[str, Any]:
    """Without what follows other rows: when it is edited, and what a word of a change that waits calls the old,
    whatever has reached its recipient since."""
    follows = {"stale_since", "payload"} if row.kind == NoticeKind.CHANGE else {"stale_since"}
    return row.model_dump(exclude=follows)


@asynccontextmanager
async def copied(template: Path) -> AsyncIterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "visita.sqlite3"
        shutil.copyfile(template, file)
        yield f"sqlite:///{file}"
