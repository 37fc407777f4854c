"""Many rows at once stand in the database as SQLAlchemy would have written them; on both databases."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import SystemClock
from bot.database import Database, add_rows
from bot.models.notices import Notice, NoticeKind, new_id
from bot.models.people import Person, Workspace
from bot.services.rows import row_of
from tests.rows_of_all import TWICE, model_of, row, tables

Adding = Callable[[AsyncSession, Table, dict[str, Any]], Awaitable[Any]]


async def as_sqlalchemy(session: AsyncSession, table: Table, values: dict[str, Any]) -> None:
    await (await session.connection()).execute(insert(table), values)


async def at_once(session: AsyncSession, table: Table, values: dict[str, Any]) -> None:
    await add_rows(session, model_of(table), [values])


async def stored(database: Database, adding: Adding, *, full: bool) -> Mapping[str, Any]:
    """What the driver finds in each table, as it is stored."""
    found = {}
    async with database.write() as session:
        for table in tables():
            await adding(session, table, row(table, full=full))
            everything = await (await session.connection()).execute(text(f'SELECT * FROM "{table.name}"'))
            found[table.name] = [tuple(each) for each in everything]
        await session.rollback()
    return found


@pytest.mark.parametrize("full", [True, False], ids=["full", "as empty as can be"])
async def test_every_column_of_every_table_is_stored_as_sqlalchemy_stores_it(database: Database, full: bool) -> None:
    assert await stored(database, at_once, full=full) == await stored(database, as_sqlalchemy, full=full)


async def test_rows_keep_their_values_whatever_the_order_of_their_columns(database: Database) -> None:
    one = row(Workspace.metadata.tables["workspace"], full=True)
    other = dict(reversed(one.items())) | {"id": "T2", "name": "Other"}

    async with database.write() as session:
        await add_rows(session, Workspace, [one, other])

    async with database.read() as session:
        found = [await session.get(Workspace, key) for key in ("T1", "T2")]
    assert [(house.name, house.zone) for house in found if house] == [
        (one["name"], one["zone"]),
        ("Other", one["zone"]),
    ]


async def test_equal_moments_an_hour_apart_stay_an_hour_apart(database: Database) -> None:
    """Where the clocks go back, Python calls the hour that comes twice equal to itself."""
    people = {"slack_id": "U1", "away_until": TWICE[0]}, {"slack_id": "U2", "away_until": TWICE[1]}
    person = row(Person.metadata.tables["person"], full=False)

    async with database.write() as session:
        await add_rows(session, Workspace, [row(Workspace.metadata.tables["workspace"], full=True)])
        await add_rows(session, Person, [person | each | {"id": place} for place, each in enumerate(people, 1)])

    async with database.read() as session:
        first, second = (await session.exec(select(Person.away_until).order_by(col(Person.id)))).all()
    assert first is not None
    assert second is not None
    assert second - first == timedelta(hours=1)


@pytest.mark.parametrize("source", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
async def test_a_text_that_is_too_long_is_refused_and_not_cut_off(database: Database) -> None:
    now = SystemClock().now()
    notice = row_of("T1", None, key="card", kind=NoticeKind.CARD, now=now) | {"id": new_id(now) + "0"}

    async with database.write() as session:
        await add_rows(session, Workspace, [row(Workspace.metadata.tables["workspace"], full=True)])
        with pytest.raises(DBAPIError, match="too long"):
            await add_rows(session, Notice, [notice])
        await session.rollback()


def test_notices_written_together_stand_together_in_the_index_of_their_ids() -> None:
    now = SystemClock().now()
    ids = [new_id(now) for _ in range(60)]

    assert len(set(ids)) == 60
    assert {len(each) for each in ids} == {32}
    assert max(ids) < new_id(now + timedelta(milliseconds=1))


async def test_no_rows_are_no_statement(database: Database) -> None:
    async with database.write() as session:
        await add_rows(session, Workspace, [])
        assert (await session.exec(select(Workspace))).all() == []
