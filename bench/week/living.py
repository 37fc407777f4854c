"""Lives through the week: from one moment at which something is due, or somebody acts, to the next."""

import asyncio
import heapq
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count, islice

from sqlmodel import col, select

from bench.week.company import Busy, company
from bench.week.diary import BEGINS, BUSY, WEEK, Entry
from bench.week.load import Statements, counted_statements
from bench.week.passing import PassingLoop, pass_to
from bench.week.people import People
from bench.week.tally import Checks, Tally, check, posted, tally
from bot.models.notices import Notice, NoticeState, is_open
from bot.procedure.rules import Rulebook
from bot.services.claims import LEASE
from sandbox.record import ApiCall
from sandbox.workspace import Workspace
from tests.reception import SHANGHAI

AFTER = timedelta(days=30)
"""Whatever is still to come after the busy week is lived through as well, up to here."""
NIGHT = timedelta(hours=3)
SOONEST = 0.005
"""Seconds between two looks of a bot that finds something due that it cannot begin."""
LOOKS_EVERY = 0.05
"""Seconds between two looks whether all is out; they hold up nothing."""
Act = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Lived:
    """A week that is over."""

    visits: int
    people: int
    rules: int
    """Of the procedure."""
    tally: Tally
    checks: Checks
    did: dict[str, int]
    calls: list[ApiCall]
    statements: Statements
    answers: list[float]
    """Seconds that a command or press waited for its answer."""
    received: dict[str, Counter[date]]
    """Messages in each person's DM, by day at the venue."""
    seconds: float
    """Of real time that all this took."""
    work: float
    """Seconds of one processor that all this took: workspace, people and bot together."""
    skipped: float
    """Seconds that nobody had to wait for."""

    @property
    def is_right(self) -> bool:
        return self.tally.is_right and not self.checks.broken


@dataclass
class Agenda:
    """What people are going to do, in order of time."""

    _heap: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def add(self, at: datetime, act: Act) -> None:
        heapq.heappush(self._heap, (at, next(self._numbers), act))

    @property
    def next(self) -> datetime | None:
        return self._heap[0][0] if self._heap else None

    def pop(self) -> Act:
        return heapq.heappop(self._heap)[2]


async def live(
    database_url: str, diary: Sequence[Entry], *, people: int, seed: int, rulebook: Rulebook | None = None
) -> Lived:
    """In a `PassingLoop`: the whole week as the diary has it, by the rulebook that ships unless told."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, PassingLoop)
    begun, checks = time.monotonic(), Checks()
    async with company(database_url, people, loop, rulebook) as office:
        with loop.minding_databases(), counted_statements() as statements:
            week = Week(office, loop, People(office, seed), checks)
            office.visita.timetable.armed = Ringing(loop, office.visita.timetable.wake).at
            week.plan(diary)
            await week.live()
        await check(office.visita, office.workspace, checks, office.now)
        return Lived(
            visits=len(diary),
            people=people,
            rules=len(office.visita.delivery.office.rulebook.rules),
            tally=await tally(office.visita, office.workspace, office.now),
            checks=checks,
            did=dict(week.people.did.most_common()),
            calls=office.workspace.record.calls,
            statements=statements,
            answers=sorted(one.took for one in office.workspace.record.deliveries if one.kind != "events_api"),
            received=_received(office.workspace),
            work=time.process_time(),
            seconds=time.monotonic() - begun,
            skipped=loop.ahead,
        )


def _received(workspace: Workspace) -> dict[str, Counter[date]]:
    received: dict[str, Counter[date]] = {}
    for post in posted(workspace):
        reader = workspace.channels[str(post.answer["channel"])].other(post.answer["message"]["user"])
        if reader is not None:
            day = post.workspace_time.astimezone(SHANGHAI).date()
            received.setdefault(reader, Counter())[day] += 1
    return received


@dataclass
class Ringing:
    """Wakes the bot in time that jumps: what wakes it otherwise goes by the machine's clock, which does not."""

    loop: PassingLoop
    wake: Callable[[], None]
    _next: asyncio.TimerHandle | None = None

    def at(self, wait: timedelta) -> None:
        if self._next is not None:
            self._next.cancel()
        self._next = self.loop.call_later(max(wait.total_seconds(), SOONEST), self.wake)


@dataclass
class Week:
    """The week while it is under way."""

    office: Busy
    loop: PassingLoop
    people: People
    checks: Checks
    agenda: Agenda = field(default_factory=Agenda)
    _seen: int = 0

    def plan(self, diary: Iterable[Entry]) -> None:
        for entry in diary:
            self.agenda.add(entry.opened_at, partial(self.people.open, entry))
            for change in entry.changes:
                self.agenda.add(change.at, partial(self.people.change, entry, change))
        for day in range((BUSY + WEEK - BEGINS).days):
            night = BEGINS.replace(hour=0) + timedelta(days=day + 1) + NIGHT
            self.agenda.add(night, self._look_at_all)

    async def live(self) -> None:
        """Until nothing is due any more and nobody is going to do anything."""
        await self.settle()
        while True:
            due = await self.office.visita.delivery.outbox.next_due()
            moments = [moment for moment in (due, self.agenda.next) if moment is not None]
            if not moments or min(moments) > BUSY + AFTER:
                return
            pass_to(self.office.clock, min(moments))
            while self.agenda.next is not None and self.agenda.next <= self.office.now:
                await self.agenda.pop()()
            await self.settle()
            self._let_people_answer()

    async def _look_at_all(self) -> None:
        """What was over a day ago is looked at once more at the end only."""
        await self.settle()  # what falls due at this very moment is not overdue yet
        now, known = self.office.now, len(self.checks.broken)
        await check(self.office.visita, self.office.workspace, self.checks, now, over_since=now - timedelta(days=1))
        did = f"{self.people.did.total():,} things done, {len(self.checks.broken)} promises broken"
        print(f"{now:%a %d %b}: {time.process_time():,.0f} s of work, {did}", file=sys.stderr, flush=True)
        for broken in self.checks.broken[known:]:
            print(f"broken: {broken}", file=sys.stderr, flush=True)

    async def settle(self) -> None:
        """Everything that is due is out, and so is what fell due meanwhile."""
        delivery, self.loop.hurries = self.office.visita.delivery, True
        self.office.visita.timetable.wake()
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            while delivery.is_busy:
                await delivery.finish_one()
            due = await delivery.outbox.next_due()
            if (due is None or due > self.office.now) and not await self._is_sending():
                break
        self.loop.hurries = False

    async def _is_sending(self) -> bool:
        """Between its claim and its message a notice is due at the end of its lease only."""
        soon = col(Notice.attempt_at) <= self.office.now + LEASE
        statement = select(Notice.id).where(is_open(), soon, Notice.state == NoticeState.SENDING).limit(1)
        async with self.office.visita.database.read() as session:
            return (await session.exec(statement)).first() is not None

    def _let_people_answer(self) -> None:
        entries = self.office.workspace.record.entries
        newest = [*islice(reversed(entries), len(entries) - self._seen)][::-1]
        self._seen = len(entries)
        new = (entry for entry in newest if isinstance(entry, ApiCall))
        for post in (call for call in new if call.ok and call.method == "chat.postMessage"):
            answering = self.people.answer_at(post)
            if answering is not None:
                at, reader = answering
                ts = str(post.answer["ts"])
                self.agenda.add(at, partial(self.people.answer, reader, ts))
