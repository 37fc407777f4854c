"""What the listeners work with, and who is in front of them."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.clock import Clock
from bot.messages.reading import Reading
from bot.metrics import Metrics
from bot.models.people import Actor
from bot.procedure.conflicts import Surroundings
from bot.procedure.picture import Picture
from bot.services.absences import Absences
from bot.services.arrangements import Arrangements
from bot.services.bookings import Bookings
from bot.services.clients import Clients
from bot.services.consents import Consents
from bot.services.copies import Copies
from bot.services.declarations import Declarations
from bot.services.delays import Delays
from bot.services.drafts import Drafts
from bot.services.furnishings import Furnishings
from bot.services.guest_side import GuestSide
from bot.services.guests import Guests
from bot.services.handouts import Handouts
from bot.services.handovers import Handovers
from bot.services.history import History
from bot.services.installations import Installations
from bot.services.levels import Levels
from bot.services.lookup import Lookup
from bot.services.nudges import Nudges
from bot.services.papers import Papers
from bot.services.people import People
from bot.services.plans import Plans
from bot.services.pressed import Pressed
from bot.services.reading import Readers
from bot.services.remarks import Remarks
from bot.services.stops import Stops
from bot.services.visits import Visits
from bot.services.waits import Waits
from bot.services.workspaces import Workspaces
from bot.switchboard import Switchboard

INJECTED = ("desk", "actor", "t", "workspace")
"""Names that listeners may ask for besides Bolt's own; the introduction puts them there."""
log = structlog.get_logger(__name__)


class Errands:
    """What is being done for those who acted; the bot stops when it has come to its end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def go_on(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do it whoever waits for it, and before the bot stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)
        return task

    async def ended(self) -> None:
        """Returns when nothing is being done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            log.error("follow_up_failed", exc_info=failure)


@dataclass(frozen=True)
class Desk:
    """All verbs."""

    clock: Clock
    visits: Visits
    stops: Stops
    levels: Levels
    plans: Plans
    consents: Consents
    nudges: Nudges
    drafts: Drafts
    lookup: Lookup
    history: History
    handouts: Handouts
    guest_side: GuestSide
    guests: Guests
    clients: Clients
    papers: Papers
    copies: Copies
    bookings: Bookings
    declarations: Declarations
    delays: Delays
    remarks: Remarks
    people: People
    absences: Absences
    handovers: Handovers
    waits: Waits
    workspaces: Workspaces
    installations: Installations
    arrangements: Arrangements
    furnishings: Furnishings
    readers: Readers
    lines: Switchboard
    pressed: Pressed
    under_way: Errands = field(default_factory=Errands)
    metrics: Metrics = field(default_factory=Metrics)

    def reading(self, picture: Picture, actor: Actor, around: Surroundings | None = None) -> Reading:
        """A visit as this person reads it now."""
        return self.readers.reading(picture, actor.person, self.clock.now(), around)
