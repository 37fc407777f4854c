"""Processes that share a PostgreSQL tell each other of their commits, so that none sleeps through another's notice, and
know how many they are, so that together they keep one pace."""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from asyncpg import InterfaceError, PostgresError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

CHANNEL = "visita_commits"
NAME = "visita replica"
"""What the connections are called on which replicas talk: whoever counts them counts the replicas."""
COUNTED_EVERY = 15.0
"""Seconds: one that dies says nothing."""
LEAVE_SECONDS = 1
AGAIN_SECONDS = 5
"""Between two attempts to connect; meanwhile others' notices are seen when the timetable looks by itself."""
_COUNT = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1"
log = structlog.get_logger(__name__)


class Replicas:
    """Says on a connection of its own that something was committed, and calls `heard` when another process says so.

    Inside the writing transactions NOTIFY would make their commits wait for each other.
    """

    def __init__(self, engine: AsyncEngine, heard: Callable[[], None]) -> None:
        self._engine = engine
        self._heard = heard
        self._name = uuid.uuid4().hex
        self._others: set[str] = set()
        self._has_to_tell = self._has_to_count = False
        self._awake = asyncio.Event()
        self.count = 1
        """How many there are, this one included, as far as is known."""

    def tell(self) -> None:
        """Something was committed here. Several commits in a moment are told as one."""
        self._has_to_tell = True
        self._awake.set()

    async def stay_connected(self) -> None:
        """Until it is cancelled; a connection that breaks is made anew."""
        while True:
            try:
                await self._converse()
            except (SQLAlchemyError, PostgresError, InterfaceError, OSError) as error:
                log.warning("replicas_unheard", error=type(error).__name__)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _converse(self) -> None:
        async with self._engine.connect() as connection:
            line = (await connection.get_raw_connection()).driver_connection
            assert line is not None
            line.add_termination_listener(lambda _line: self._awake.set())
            await line.add_listener(CHANNEL, self._hear)
            await line.execute(f"SET application_name = '{NAME}'")
            # Whatever was committed before anybody listened; and that there is one more.
            self._heard()
            self.tell()
            try:
                await self._talk(line)
            except asyncio.CancelledError:
                await self._leave(line)
                raise

    async def _talk(self, line: Any) -> None:
        counted_at = 0.0
        while not line.is_closed():
            now = asyncio.get_running_loop().time()
            if self._has_to_tell:
                self._has_to_tell = False
                await line.execute("SELECT pg_notify($1, $2)", CHANNEL, self._name)
            if self._has_to_count or now >= counted_at + COUNTED_EVERY:
                self._has_to_count, counted_at = False, now
                await self._find_out(line)
            with suppress(TimeoutError):
                async with asyncio.timeout(counted_at + COUNTED_EVERY - now):
                    await self._awake.wait()
            self._awake.clear()

    async def _find_out(self, line: Any) -> None:
        before, self.count = self.count, max(int(await line.fetchval(_COUNT, NAME)), 1)
        if self.count != before:
            self._heard()  # what had to wait may go sooner now

    async def _leave(self, line: Any) -> None:
        """The others need not wait until they count again."""
        with suppress(PostgresError, InterfaceError, OSError, TimeoutError):
            async with asyncio.timeout(LEAVE_SECONDS):
                await line.execute("SET application_name = ''")
                await line.execute("SELECT pg_notify($1, $2)", CHANNEL, f"{self._name} leaves")

    def _hear(self, _line: Any, _pid: int, _channel: str, name: str) -> None:
        if name == self._name:
            return
        if name not in self._others:
            self._others.add(name)
            self._has_to_count = True
            self._awake.set()
        self._heard()
