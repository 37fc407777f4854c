"""Processes that share a PostgreSQL tell each other of their commits, so that none sleeps through another's notice."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from asyncpg import InterfaceError, PostgresError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

CHANNEL = "visita_commits"
AGAIN_SECONDS = 5
"""Between two attempts to connect; meanwhile others' notices are seen when the timetable looks by itself."""
log = structlog.get_logger(__name__)


class Replicas:
    """Says on a connection of its own that something was committed, and calls `heard` when another process says so.

    Inside the writing transactions NOTIFY would make their commits wait for each other.
    """

    def __init__(self, engine: AsyncEngine, heard: Callable[[], None]) -> None:
        self._engine = engine
        self._heard = heard
        self._name = uuid.uuid4().hex
        self._to_be_told = asyncio.Event()

    def tell(self) -> None:
        """Something was committed here. Several commits in a moment are told as one."""
        self._to_be_told.set()

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
            line.add_termination_listener(lambda _line: self._to_be_told.set())
            await line.add_listener(CHANNEL, self._hear)
            # Whatever was committed before anybody listened.
            self._heard()
            while not line.is_closed():
                await self._to_be_told.wait()
                self._to_be_told.clear()
                await line.execute("SELECT pg_notify($1, $2)", CHANNEL, self._name)

    def _hear(self, _line: Any, _pid: int, _channel: str, name: str) -> None:
        if name != self._name:
            self._heard()
