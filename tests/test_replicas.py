"""Processes that share a PostgreSQL hear of each other's commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from bot.database import Database
from bot.database.replicas import NAME
from bot.models.people import Workspace
from bot.pace import Pace

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
        assert await counts(one, 2)
        assert await counts(two, 2)
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
            " WHERE datname = current_database() AND application_name = $1",
            NAME,
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


async def counts(ear: Ear, number: int) -> bool:
    """Whether so many are known to be there within the patience of a test."""
    while ear.database.replicas != number:
        if not await ear.hears():
            return False
    return True


@ON_POSTGRES
async def test_each_knows_how_many_there_are(database_url: str) -> None:
    """Together they keep to what Slack allows one bot: so each has to know of how many it is one."""
    async with process(database_url) as one:
        async with process(database_url) as two:
            assert await counts(one, 2)
            assert await counts(two, 2)
        assert await counts(one, 1), "who leaves says so"


async def test_one_process_alone_is_one(database_url: str) -> None:
    async with process(database_url) as one:
        assert one.database.replicas == 1


async def test_who_shares_a_pace_keeps_to_a_part_of_it() -> None:
    alone, third = Pace(10, burst=6), Pace(10, burst=6, sharers=lambda: 3)
    waits = []
    for pace in (alone, third):
        for _ in range(2):
            await pace.turn()
        waits.append(pace.wait)
    assert waits[0] == 0, "four more at once"
    assert waits[1] == pytest.approx(30, abs=5), "a third of the burst, then a third of the pace"
