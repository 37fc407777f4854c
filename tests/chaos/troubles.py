"""What goes wrong during a campaign; each trouble keeps the journal, so that every delay has its reason."""

import asyncio
import random
import resource
import signal
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot import demo_office
from bot.services.claims import LEASE
from sandbox.errors import Refusal
from sandbox.faults import Fault, FaultKind
from sandbox.grasp import pressables
from sandbox.hands import Hands
from sandbox.workspace import Workspace
from schedules.timetable import LONGEST_SLEEP
from tests.chaos.journal import Journal
from tests.chaos.processes import Replica
from tests.chaos.stepping import SteppedClock

Range = tuple[float, float]
SLACK = timedelta(seconds=5)
"""For a busy machine to come round to what is possible again."""
TRIED_AGAIN = timedelta(seconds=150)
"""After several refusals a notice is tried again about this much later, and later still by its lease."""
STARTING = timedelta(seconds=10)
AN_INSTANT = 0.05
LONGEST_WAIT = 20.0
"""Seconds that a trouble waits for messages at most: it may have stopped them itself."""


class Database(Protocol):
    """A database server that can be taken away."""

    async def away(self, seconds: float) -> None:
        """Breaks every connection and takes no new ones for a while."""


@dataclass(frozen=True)
class Stage:
    """What troubles can lay their hands on."""

    workspace: Workspace
    replicas: list[Replica]
    database: Database | None
    clock: SteppedClock
    journal: Journal
    chance: random.Random

    def step(self, seconds: float) -> None:
        """Step the bots' clock; Slack's goes on as it is."""
        self.journal.stepped(self.clock.offset + seconds)
        self.clock.step(seconds)


class Trouble(Protocol):
    """Returns when it has done its worst."""

    async def __call__(self, stage: Stage) -> None: ...


@dataclass(frozen=True)
class Killings:
    """SIGKILL while messages go out, each after a random number of calls to Slack and a random moment more.

    The process is started again at once; what it had claimed waits for its lease. With `off` the machine was off
    meanwhile: its clock is so many seconds further.
    """

    times: int
    calls: tuple[int, int]
    off: float = 0.0

    async def __call__(self, stage: Stage) -> None:
        for _ in range(self.times):
            await calls_more(stage, stage.chance.randint(*self.calls))
            await asyncio.sleep(stage.chance.uniform(0, AN_INSTANT))
            begin = stage.journal.now()
            stage.chance.choice(stage.replicas).signal(signal.SIGKILL)
            if self.off:
                stage.step(self.off)
            stage.journal.happened("a process was killed", begin, LEASE + STARTING + SLACK)


async def calls_more(stage: Stage, calls: int) -> None:
    """Returns when so many more calls to Slack have ended, or when that takes too long."""
    entries = stage.workspace.record.entries
    enough = len(entries) + calls
    await stage.workspace.feed.until(lambda: len(entries) >= enough, LONGEST_WAIT)


@dataclass(frozen=True)
class Suspensions:
    """SIGSTOP, and SIGCONT after a while, often longer than a lease."""

    times: int
    pause: Range
    seconds: Range

    async def __call__(self, stage: Stage) -> None:
        for _ in range(self.times):
            await asyncio.sleep(stage.chance.uniform(*self.pause))
            begin = stage.journal.now()
            asleep = stage.chance.choice(stage.replicas)
            asleep.signal(signal.SIGSTOP)
            await asyncio.sleep(stage.chance.uniform(*self.seconds))
            asleep.signal(signal.SIGCONT)
            stage.journal.happened("a process was suspended", begin, LEASE + SLACK)


@dataclass(frozen=True)
class BadSlack:
    """Calls fail with these probabilities for some seconds."""

    kinds: dict[FaultKind, float]
    seconds: float
    method: str | None = None
    held: float = 1.0
    """How long a call hangs that times out, and what a 429 asks to wait."""

    async def __call__(self, stage: Stage) -> None:
        begin = stage.journal.now()
        faults = [Fault(kind, self.method, 1_000_000, share, self.held) for kind, share in self.kinds.items()]
        for fault in faults:
            stage.workspace.faults.add(fault)
        await asyncio.sleep(self.seconds)
        for fault in faults:
            fault.probability = 0
            stage.journal.counts[fault.kind] = stage.journal.counts.get(fault.kind, 0) + 1_000_000 - fault.times
        stage.journal.happened("calls to Slack failed", begin, TRIED_AGAIN)


@dataclass(frozen=True)
class Storms:
    """For a moment Slack refuses everything with 429."""

    times: int
    pause: Range
    calls: int
    retry_after: float = 2.0

    async def __call__(self, stage: Stage) -> None:
        for _ in range(self.times):
            await asyncio.sleep(stage.chance.uniform(*self.pause))
            begin = stage.journal.now()
            stage.workspace.faults.add(Fault("rate_limited", None, self.calls, 1.0, self.retry_after))
            stage.journal.happened("Slack refused everything (429)", begin, TRIED_AGAIN)


@dataclass(frozen=True)
class DroppedSockets:
    """A Socket Mode connection is cut without a word."""

    times: int
    pause: Range

    async def __call__(self, stage: Stage) -> None:
        for _ in range(self.times):
            await asyncio.sleep(stage.chance.uniform(*self.pause))
            await stage.workspace.sockets.drop(demo_office.APP_ID)
            stage.journal.counts["a socket was cut"] = stage.journal.counts.get("a socket was cut", 0) + 1


@dataclass(frozen=True)
class Presses:
    """People press the buttons of what they have received; what becomes of a press on its way has these probabilities.

    Whoever sees no answer leaves it at that; the campaign's counting would find whoever hears of one press twice.
    """

    times: int
    kinds: dict[FaultKind, float]
    seconds: float = 4.0
    """How late an answer is that is late."""

    async def __call__(self, stage: Stage) -> None:
        for kind, share in self.kinds.items():
            stage.workspace.faults.add(Fault(kind, "interactive", 1_000_000, share, self.seconds))
        people = [user.id for user in stage.workspace.users if not user.is_bot]
        for _ in range(self.times):
            hands = Hands(stage.workspace, stage.chance.choice(people))
            asked = [(shown, one) for shown in hands.dms() for one in pressables(shown.get("blocks", []))]
            if not asked:
                await calls_more(stage, 1)
                continue
            shown, button = stage.chance.choice(asked)
            with suppress(Refusal):
                await hands.press(shown, action_id=button.element["action_id"])
            stage.journal.counts["a button was pressed"] = stage.journal.counts.get("a button was pressed", 0) + 1


@dataclass(frozen=True)
class DatabaseAway:
    """The database breaks off every connection and is away for a while."""

    times: int
    pause: Range
    seconds: Range

    async def __call__(self, stage: Stage) -> None:
        assert stage.database is not None
        for _ in range(self.times):
            await asyncio.sleep(stage.chance.uniform(*self.pause))
            begin = stage.journal.now()
            await stage.database.away(stage.chance.uniform(*self.seconds))
            stage.journal.happened("the database was away", begin, LEASE + LONGEST_SLEEP + STARTING + SLACK)


@dataclass(frozen=True)
class FullDisk:
    """The processes can write nothing to any file for a while: not their database, not their log."""

    times: int
    calls: tuple[int, int]
    seconds: Range

    async def __call__(self, stage: Stage) -> None:
        for _ in range(self.times):
            await calls_more(stage, stage.chance.randint(*self.calls))
            begin = stage.journal.now()
            for replica in stage.replicas:
                replica.allow_files(0)
            await asyncio.sleep(stage.chance.uniform(*self.seconds))
            for replica in stage.replicas:
                replica.allow_files(resource.RLIM_INFINITY)
            stage.journal.happened("the disk was full", begin, LEASE + LONGEST_SLEEP + SLACK)


@dataclass(frozen=True)
class ClockSteps:
    """The machine's clock is stepped by each of these seconds in turn."""

    steps: tuple[float, ...]
    pause: Range

    async def __call__(self, stage: Stage) -> None:
        for seconds in self.steps:
            await asyncio.sleep(stage.chance.uniform(*self.pause))
            begin = stage.journal.now()
            stage.step(seconds)
            stage.journal.happened("the clock was stepped", begin, LONGEST_SLEEP + LEASE + SLACK)
