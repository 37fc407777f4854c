"""One of several values, however many they are; on both databases."""

import pytest
from sqlalchemy import Select, event, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import Database, among, locked
from bot.models.people import Person, Workspace

NAMES = col(Person.name)


@pytest.fixture
async def house(database: Database) -> Database:
    """With Ana, Eva and Luis in it."""
    async with database.write() as session:
        session.add(Workspace(id="T1", name="House", zone="Asia/Shanghai", locale="en-US"))
        await session.flush()
        session.add_all(Person(workspace_id="T1", slack_id=f"U{name}", name=name) for name in ("Ana", "Eva", "Luis"))
    return database


async def found(session: AsyncSession, statement: Select[str], *names: str) -> list[str]:
    return list((await (await session.connection()).execute(statement, {"names": names})).scalars())


async def test_any_number_of_values_is_asked_for_in_the_same_words(house: Database) -> None:
    those = select(NAMES).where(among(NAMES, "names")).order_by(NAMES)
    others = select(NAMES).where(~among(NAMES, "names")).order_by(NAMES)
    said: list[str] = []

    async with house.read() as session:
        connection = await session.connection()
        event.listen(connection.sync_connection, "before_cursor_execute", lambda _c, _u, text, *_: said.append(text))
        for names in ((), ("Luis",), ("Eva", "Ana", "Nobody")):
            assert await found(session, those, *names) == sorted({*names} - {"Nobody"})
            assert await found(session, others, *names) == sorted({"Ana", "Eva", "Luis"} - {*names})

    assert len(said) == 6
    assert len(set(said)) == 2


async def test_what_is_locked_is_the_sessions_own_and_is_written(house: Database) -> None:
    async with house.write() as session:
        assert await locked(session, Workspace, "T0") is None
        workspace = await locked(session, Workspace, "T1")
        assert workspace is not None
        assert workspace is await session.get(Workspace, "T1")
        workspace.name = "Other house"

    async with house.read() as session:
        assert (await session.get_one(Workspace, "T1")).name == "Other house"
