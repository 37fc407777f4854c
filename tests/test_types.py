"""Moments and plain data come back from either database as they went in."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from bot.database import Database
from bot.models.types import Json, UtcDateTime

SAMPLE = Table(
    "sample",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("data", Json),
)


@pytest.fixture
async def sample(database: Database) -> Database:
    async with database.write() as session:
        await (await session.connection()).run_sync(SAMPLE.create)
    return database


async def store(database: Database, *rows: dict[str, Any]) -> None:
    async with database.write() as session:
        await (await session.connection()).execute(insert(SAMPLE), list(rows))


async def ids(database: Database, condition: Any) -> list[int]:
    async with database.read() as session:
        rows = await (await session.connection()).execute(select(SAMPLE.c.id).where(condition).order_by(SAMPLE.c.id))
        return list(rows.scalars())


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 5, 14, 30, 0, 123456, tzinfo=UTC),
        datetime(2026, 3, 5, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=14))),
        datetime(2026, 3, 5, 0, 0, 0, 1, tzinfo=timezone(-timedelta(hours=11))),
        # The hour that Madrid has twice: the second one.
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Madrid"), fold=1),
        datetime(1969, 7, 20, 20, 17, 40, tzinfo=UTC),
    ],
    ids=str,
)
async def test_a_moment_comes_back_in_utc_to_the_microsecond(sample: Database, moment: datetime) -> None:
    await store(sample, {"id": 1, "at": moment})

    async with sample.read() as session:
        back = (await (await session.connection()).execute(select(SAMPLE.c.at))).scalar_one()

    assert back == moment.astimezone(UTC)
    assert back.tzinfo is UTC


async def test_moments_are_compared_as_moments_not_as_wall_clocks(sample: Database) -> None:
    shanghai, madrid = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Madrid")
    earlier, later = datetime(2026, 3, 5, 14, tzinfo=shanghai), datetime(2026, 3, 5, 8, tzinfo=madrid)
    await store(sample, {"id": 1, "at": earlier}, {"id": 2, "at": later})

    assert await ids(sample, SAMPLE.c.at < later) == [1]
    assert await ids(sample, SAMPLE.c.at >= datetime(2026, 3, 5, 7, tzinfo=UTC)) == [2]


async def test_a_moment_without_a_zone_is_refused(sample: Database) -> None:
    naive = datetime(2026, 3, 5, 14, tzinfo=UTC).replace(tzinfo=None)

    with pytest.raises(StatementError, match="time zone"):
        await store(sample, {"id": 1, "at": naive})
    with pytest.raises(StatementError, match="time zone"):
        await ids(sample, SAMPLE.c.at < naive)


@pytest.mark.parametrize("data", [{"名": ["a", 1, 2.5, True, None, {"ñ": "é"}]}, [], {}, "text", 0, False], ids=repr)
async def test_plain_data_comes_back_as_it_was(sample: Database, data: Any) -> None:
    await store(sample, {"id": 1, "data": data})

    async with sample.read() as session:
        assert (await (await session.connection()).execute(select(SAMPLE.c.data))).scalar_one() == data


async def test_no_data_is_null(sample: Database) -> None:
    await store(sample, {"id": 1, "data": None}, {"id": 2, "data": {}})

    assert await ids(sample, SAMPLE.c.data.is_(None)) == [1]
