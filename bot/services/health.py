"""How the bot is doing, for orchestrators and for Prometheus: short reads of the queue, and what follows from them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from asyncpg import InterfaceError, PostgresError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select

from bot.metrics import Metrics
from bot.models.notices import Notice, NoticeState, is_open
from bot.services.office import Office

STALLED = timedelta(minutes=2)
"""Nothing is looked at or settled for so long although it should be: a restart is worth a try."""
PATIENCE_SECONDS = 5
"""Within this the database has to answer."""
Connected = Callable[[], Awaitable[bool]]
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Queue:
    """What waits, at one moment of the database."""

    migration: str
    due: int
    oldest_due: datetime | None
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
            present["visita_notices_pending"] = queue.pending
            present["visita_edits_due"] = queue.edits_due
            present["visita_oldest_due_seconds"] = _seconds(queue.oldest_due or now, now)
        present["visita_last_look_seconds"] = _seconds(self._metrics.last_look or self._opened_at, now)
        if self.connected is not None:
            present["visita_connected"] = float(await self.connected())
        return self._metrics.page(present)

    def _problems(self, queue: Queue | None, now: datetime) -> Iterator[str]:
        if queue is None:
            yield "the database does not answer"
        elif queue.oldest_due is not None:
            # After an outage, or in a burst, old notices are no illness as long as one after the other goes out.
            since = max(queue.oldest_due, self._metrics.last_settled or self._opened_at)
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
        due = select(func.count(), func.min(Notice.attempt_at)).where(is_open(), Notice.attempt_at <= now)
        pending = select(func.count()).where(is_open(), Notice.attempt_at > now)
        edits = select(func.count()).where(
            col(Notice.stale_since).is_not(None), col(Notice.stale_since) <= now, Notice.state == NoticeState.SENT
        )
        async with self._office.database.read() as session:
            connection = await session.connection()
            migration = await connection.scalar(text("SELECT version_num FROM alembic_version"))
            due_count, oldest = (await session.exec(due)).one()
            return Queue(
                migration=str(migration),
                due=due_count,
                oldest_due=oldest,
                pending=(await session.exec(pending)).one(),
                edits_due=(await session.exec(edits)).one(),
            )


def _seconds(since: datetime, now: datetime) -> float:
    return (now - since).total_seconds()
