"""What is read together is what SQLAlchemy reads table by table; on both databases."""

from typing import Any

import pytest
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import Database, Named, RowsOf, Together, ValuesOf, add_rows
from bot.models.people import Person, RoleHolder, Workspace
from bot.models.roles import Role
from tests.rows_of_all import model_of, row, tables

TABLES = [table for table in tables() if "id" in table.columns]
MODELS = [model_of(table) for table in TABLES]
PEOPLE = RowsOf(Person, "workspace_id", "workspaces")
LOOKED_AT = RowsOf(Person, "workspace_id", "workspaces", is_changed=False)
RANKS = ValuesOf(Person, "rank", "workspace_id", "workspaces")


async def fill(database: Database, *, full: bool) -> None:
    async with database.write() as session:
        for table in tables():
            await add_rows(session, model_of(table), [row(table, full=full)])


async def add_people(database: Database, *names: str) -> None:
    async with database.write() as session:
        session.add(Workspace(id="T1", name="House", zone="Asia/Shanghai", locale="en-US"))
        await session.flush()
        session.add_all(Person(workspace_id="T1", slack_id=f"U{name}", name=name) for name in names)


async def the_only(session: AsyncSession, model: type[SQLModel]) -> SQLModel:
    return (await session.exec(select(model))).one()


def values(one: SQLModel) -> list[tuple[Any, type[Any]]]:
    found = [getattr(one, name) for name in type(one).model_fields]
    return [(value, type(value)) for value in found]


@pytest.mark.parametrize("is_changed", [True, False], ids=["tracked", "only looked at"])
@pytest.mark.parametrize("full", [True, False], ids=["full", "as empty as can be"])
async def test_every_column_of_every_table_reads_as_sqlalchemy_reads_it(
    database: Database, full: bool, is_changed: bool
) -> None:
    await fill(database, full=full)
    parts = {model: RowsOf(model, "id", model.__name__, is_changed=is_changed) for model in MODELS}
    ids = {model.__name__: [row(table, full=full)["id"]] for model, table in zip(MODELS, TABLES, strict=True)}

    async with database.write() as session:
        found = await Together(*parts.values()).read(session, **ids)
        read = {model: [values(one) for one in found[part]] for model, part in parts.items()}
    async with database.write() as session:
        expected = {model: [values(await the_only(session, model))] for model in MODELS}

    assert read == expected


async def test_what_is_changed_is_the_sessions_own_and_is_written(database: Database) -> None:
    await add_people(database, "Ana", "Luis")

    async with database.write() as session:
        known = (await session.exec(select(Person).where(Person.name == "Luis"))).one()
        known.name = "Lu"
        await session.flush()
        ana, luis = (await Together(PEOPLE).read(session, workspaces=["T1"]))[PEOPLE]
        assert luis is known
        ana.name = "An"

    async with database.read() as session:
        names = (await session.exec(select(Person.name).order_by(Person.name))).all()
    assert names == ["An", "Lu"]


async def test_what_is_only_looked_at_cannot_be_changed(database: Database) -> None:
    await add_people(database, "Ana")

    async with database.read() as session:
        found = await Together(PEOPLE, LOOKED_AT).read(session, workspaces=["T1"])
    for part in (PEOPLE, LOOKED_AT):
        with pytest.raises(AttributeError):
            found[part][0].name = "An"


async def test_rows_come_in_order_of_their_ids_and_by_whom_they_belong_to(database: Database) -> None:
    await add_people(database, "Luis", "Ana", "Eva")

    async with database.read() as session:
        found = await Together(PEOPLE, RANKS).read(session, workspaces=["T1", "T2"])

    assert [person.name for person in found[PEOPLE]] == ["Luis", "Ana", "Eva"]
    assert found.of(PEOPLE, "T1") == found[PEOPLE]
    assert list(found.of(PEOPLE, "T2")) == []
    assert found[RANKS] == [None]


async def test_whom_other_rows_name_is_read_along_with_them(database: Database) -> None:
    await add_people(database, "Luis", "Ana", "Eva")
    async with database.write() as session:
        luis, ana, eva = (await Together(PEOPLE).read(session, workspaces=["T1"]))[PEOPLE]
        luis.deputy_id = ana.id
        ana.deputy_id = ana.id
        session.add(RoleHolder(workspace_id="T1", role=Role.GATE, person_id=eva.key))

    deputies = RowsOf(Person, "id", [Named(Person, "deputy_id", "workspace_id", "workspaces")])
    everybody = RowsOf(
        Person,
        "id",
        [
            Named(Person, "deputy_id", "workspace_id", "workspaces"),
            Named(RoleHolder, "person_id", "workspace_id", "workspaces"),
        ],
    )
    async with database.read() as session:
        found = await Together(PEOPLE, deputies, everybody).read(session, workspaces=["T1"])
        elsewhere = await Together(PEOPLE, deputies, everybody).read(session, workspaces=["T2"])

    assert [person.name for person in found[deputies]] == ["Ana"]
    assert [person.name for person in found[everybody]] == ["Ana", "Eva"]
    assert [list(elsewhere[part]) for part in (PEOPLE, deputies, everybody)] == [[], [], []]


async def test_nothing_is_found_where_nothing_is_looked_for(database: Database) -> None:
    async with database.read() as session:
        found = await Together(PEOPLE, RANKS).read(session, workspaces=[])
        assert (list(found[PEOPLE]), list(found[RANKS])) == ([], [])
        found = await Together(PEOPLE).read(session, workspaces=["T0"])
        assert list(found[PEOPLE]) == []
