"""How the bot is doing, for orchestrators and for Prometheus: short reads of the queue, and what follows from them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from asyncpg import InterfaceError, PostgresError
from sqlalchemy import ColumnElement, Select, case, literal_column, text
from sqlalchemy import select as sql_select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel, col, func, select

from bot.metrics import Metrics
from bot.models.notices import HELD, Notice, NoticeState, is_open
from bot.services.claims import LEASE
from bot.services.office import Office

STALLED = timedelta(minutes=2)
"""Nothing is looked at or settled for so long although it should be: a restart is worth a try."""
PATIENCE_SECONDS = 5
"""Within this the database has to answer."""
Connected = Callable[[], Awaitable[bool]]
_OF = SQLModel.metadata.tables["notice"].c
_IS_PENDING, _IS_CLAIMED = (
    _OF.state == literal_column(f"'{state}'") for state in (NoticeState.PENDING, NoticeState.SENDING)
)
"""In the words of the index over what was put off: SQLite takes none for values that are bound to it later."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Queue:
    """What waits, at one moment of the database."""

    migration: str
    due: int
    """Due and not out, whatever the reason, but for what is `held`:"""
    put_off: int
    """tried, and to be tried again,"""
    waiting: int
    """or to be taken by a sender as soon as it is its turn; the rest of them is being sent."""
    held: int
    """Due in workspaces that do not have the bot."""
    oldest_due: datetime | None
    oldest_waiting: datetime | None
    """Since when a sender could have taken it."""
    pending: int
    edits_due: int


@dataclass(frozen=True)
class Health:
    """How the bot was found. It is healthy if there are no `problems`, each a sentence without guest data."""

    problems: tuple[str, ...]
    queue: Queue | None
    oldest_due_seconds: float
    last_look: datetime | None
    connected: bool | None
    """Whether the connection of Socket Mode stands; None over HTTP. Slack's absence is no reason to restart."""


class Watch:
    """Looks after one bot. `connected` tells whether its Socket Mode connection stands, where there is one."""

    def __init__(self, office: Office, metrics: Metrics) -> None:
        self.connected: Connected | None = None
        self._office = office
        self._metrics = metrics
        self._opened_at = office.clock.now()

    async def health(self) -> Health:
        """As the bot is now. Does not raise where the database is away."""
        queue = await self._queue()
        now = self._office.clock.now()
        health = Health(
            problems=tuple(self._problems(queue, now)),
            queue=queue,
            oldest_due_seconds=(now - queue.oldest_due).total_seconds() if queue and queue.oldest_due else 0.0,
            last_look=self._metrics.last_look,
            connected=None if self.connected is None else await self.connected(),
        )
        if health.problems:
            log.warning("unhealthy", problems=health.problems)
        return health

    async def page(self) -> bytes:
        """The page that Prometheus reads."""
        queue = await self._queue()
        now = self._office.clock.now()
        present = {"visita_database_up": float(queue is not None)}
        if queue is not None:
            present["visita_notices_due"] = queue.due
            present["visita_notices_put_off"] = queue.put_off
            present["visita_notices_waiting"] = queue.waiting
            present["visita_notices_held"] = queue.held
            present["visita_notices_pending"] = queue.pending
            present["visita_edits_due"] = queue.edits_due
            present["visita_oldest_due_seconds"] = _seconds(queue.oldest_due or now, now)
            present["visita_oldest_waiting_seconds"] = _seconds(queue.oldest_waiting or now, now)
        present["visita_last_look_seconds"] = _seconds(self._metrics.last_look or self._opened_at, now)
        if self.connected is not None:
            present["visita_connected"] = float(await self.connected())
        return self._metrics.page(present)

    def _problems(self, queue: Queue | None, now: datetime) -> Iterator[str]:
        if queue is None:
            yield "the database does not answer"
        elif queue.oldest_waiting is not None:
            # After an outage, or in a burst, old notices are no illness as long as one after the other goes out; and
            # what Slack refuses again and again goes out no sooner after a restart.
            since = max(queue.oldest_waiting, self._metrics.last_settled or self._opened_at)
            if now - since > STALLED:
                yield "what is due is not being sent"
        if now - (self._metrics.last_look or self._opened_at) > STALLED:
            yield "the timetable has stopped looking for what is due"

    async def _queue(self) -> Queue | None:
        """None if the database does not answer."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._read_queue()
        except (SQLAlchemyError, PostgresError, InterfaceError, OSError) as error:
            log.warning("database_silent", error=type(error).__name__)
            return None

    async def _read_queue(self) -> Queue:
        now = self._office.clock.now()
        # Three reads, each of what its index has: nearly all that is open is tried when it is due, and was not yet.
        untried = select(func.count(), func.min(Notice.due_at)).where(
            is_open(), Notice.attempt_at <= now, Notice.attempt_at == Notice.due_at
        )
        moved, claimed = _moved(now, _IS_PENDING), _moved(now, _IS_CLAIMED & (_OF.attempt_at <= now + LEASE))
        later = select(func.count()).where(is_open(), Notice.attempt_at > now)
        edits = select(func.count()).where(
            col(Notice.stale_since).is_not(None), col(Notice.stale_since) <= now, Notice.state == NoticeState.SENT
        )
        async with self._office.database.read() as session:
            connection = await session.connection()
            migration = await connection.scalar(text("SELECT version_num FROM alembic_version"))
            new, oldest_new = (await session.exec(untried)).one()
            late = (await connection.execute(moved)).one()
            out = (await connection.execute(claimed)).one()
            return Queue(
                migration=str(migration),
                due=new + late.due + out.due,
                put_off=late.put_off,
                waiting=new + late.waiting + out.waiting,
                held=late.held,
                oldest_due=_earlier(oldest_new, late.oldest_due, out.oldest_due),
                oldest_waiting=_earlier(oldest_new, late.oldest_waiting, out.oldest_waiting),
                pending=max((await session.exec(later)).one() - late.later - out.later, 0),
                edits_due=(await session.exec(edits)).one(),
            )


def _moved(now: datetime, which: ColumnElement[bool]) -> Select[Any]:
    """Counts what is due and is to be tried at another moment than it was due, by why it is not out."""
    is_later = _OF.attempt_at > now
    is_held = is_later & _OF.reason.in_(HELD)
    is_pending = is_later & ~is_held & (_OF.state == NoticeState.PENDING)
    of_each: dict[str, ColumnElement[Any]] = {
        "due": _count(~is_held),
        "put_off": _count(is_pending & (_OF.attempts > 0)),
        "waiting": _count(~is_later | (is_pending & (_OF.attempts == 0))),
        "held": _count(is_held),
        "later": _count(is_later),
        "oldest_due": func.min(case((~is_held, _OF.due_at))),
        "oldest_waiting": func.min(case((~is_later, _OF.attempt_at))),
    }
    counted: Select[Any] = sql_select(*(figure.label(name) for name, figure in of_each.items()))
    return counted.where(is_open(), which, _OF.attempt_at != _OF.due_at, _OF.due_at <= now)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _earlier(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _seconds(since: datetime, now: datetime) -> float:
    return (now - since).total_seconds()
