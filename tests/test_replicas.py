"""Processes that share a PostgreSQL hear of each other's commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from bot.database import Database
from bot.models.people import Workspace

ON_POSTGRES = pytest.mark.parametrize(
    "source", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
PATIENCE = 30


class Ear:
    """A process on the same database; hears of commits."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.times = 0
        self._heard = asyncio.Event()
        database.after_commit(self._hear)

    async def hears(self) -> bool:
        """Whether something was committed since the last time this was asked, or is within the patience of a test."""
        try:
            await asyncio.wait_for(self._heard.wait(), PATIENCE)
        except TimeoutError:
            return False
        self._heard.clear()
        return True

    async def commit(self, name: str, *, announced: bool = True) -> None:
        async with self.database.write(announced=announced) as session:
            session.add(Workspace(id=name, name=name, zone="Asia/Shanghai", locale="en-US", country="CN"))

    def _hear(self) -> None:
        self.times += 1
        self._heard.set()


@asynccontextmanager
async def process(url: str) -> AsyncIterator[Ear]:
    ear = Ear(Database(url))
    try:
        async with ear.database.with_replicas():
            if ear.database.dialect == "postgresql":
                assert await ear.hears(), "it looks at what was committed before it listened"
            yield ear
    finally:
        await ear.database.close()


@ON_POSTGRES
async def test_a_commit_is_heard_by_the_others(database_url: str) -> None:
    async with process(database_url) as one, process(database_url) as two, process(database_url) as three:
        await one.commit("T1")
        assert await two.hears()
        assert await three.hears()
        await two.commit("T2")
        assert await one.hears()


@ON_POSTGRES
async def test_what_concerns_nobody_is_kept_quiet(database_url: str) -> None:
    async with process(database_url) as one, process(database_url) as two:
        before = two.times
        await one.commit("T1", announced=False)
        await two.commit("T2")
        assert await one.hears()
        assert two.times == before + 1, "its own commit and no other"


@ON_POSTGRES
async def test_a_lost_connection_is_made_anew(database_url: str) -> None:
    async with process(database_url) as one, process(database_url) as two:
        connection = await asyncpg.connect(database_url)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE '%LISTEN%' AND pid <> pg_backend_pid()"
        )
        await connection.close()
        assert await one.hears(), "connected again, it looks at what it missed"
        assert await two.hears()
        await one.commit("T1")
        assert await two.hears()


@pytest.mark.parametrize("source", [pytest.param("sqlite", marks=pytest.mark.sqlite)], indirect=True)
async def test_alone_on_sqlite_nothing_is_missed(database_url: str) -> None:
    async with process(database_url) as one:
        await one.commit("T1")
        assert await one.hears()
