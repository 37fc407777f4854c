"""The tables: made in steps, once, equal to what the models declare, and never by a version that is too old."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlmodel import select

from bot.database import BrokenReferencesError, Database, DatabaseTooNewError, Shape
from bot.database.migration import alembic_config, declared_tables
from bot.models.people import Person, RoleHolder

MIGRATE = """
import asyncio, sys
from bot.database import Database

async def migrate():
    database = Database(sys.argv[1])
    await database.migrate()
    await database.close()

asyncio.run(migrate())
"""


def differences(connection: Connection) -> list[Any]:
    found: list[Any] = compare_metadata(MigrationContext.configure(connection), declared_tables())
    return found


def constraint_names(metadata: MetaData) -> set[str]:
    return {
        str(constraint.name)
        for table in metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is not None
    }


async def test_migrations_match_models(database: Database) -> None:
    async with database.read() as session:
        assert await (await session.connection()).run_sync(differences) == []
    assert await database.shape() is Shape.CURRENT


async def test_constraints_are_called_the_same_on_both_databases(database: Database) -> None:
    """A migration that changes a constraint finds it by its name."""
    made = MetaData()
    async with database.read() as session:
        await (await session.connection()).run_sync(made.reflect, only=lambda name, _: name != "alembic_version")

    assert constraint_names(made) == constraint_names(declared_tables())


async def test_every_step_can_be_taken_alone(bare_database_url: str) -> None:
    database = Database(bare_database_url)
    assert await database.shape() is Shape.EMPTY

    *steps, last = [step.revision for step in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
    for step in steps:
        await database.migrate(step)
        assert await database.shape() is Shape.OLDER
    await database.migrate(last)

    assert await database.shape() is Shape.CURRENT
    await database.close()


OF_THE_FIRST_RELEASE = (
    "INSERT INTO workspace (id, name, zone, locale, country, visits_opened)"
    " VALUES ('T1', 'House', 'Asia/Shanghai', 'zh-CN', 'CN', 1)",
    "INSERT INTO person (id, workspace_id, slack_id, name, title, phone, is_workspace_admin, is_active)"
    " VALUES (7, 'T1', 'U7', '刘芳', '', '', true, true)",
    "INSERT INTO role_holder (workspace_id, role, person_id) VALUES ('T1', 'administration', 7)",
)


async def test_people_and_roles_of_the_first_release_are_kept(bare_database_url: str) -> None:
    database = Database(bare_database_url)
    await database.migrate("0001")
    async with database.write() as session:
        for statement in OF_THE_FIRST_RELEASE:
            await (await session.connection()).execute(text(statement))

    await database.migrate()

    async with database.write() as session:
        # A replica of the release before writes on until it is replaced.
        written = "INSERT INTO role_holder (workspace_id, role, person_id) VALUES ('T1', 'gate', 7)"
        await (await session.connection()).execute(text(written))
    async with database.read() as session:
        holders = (await session.exec(select(RoleHolder).order_by(RoleHolder.role))).all()
        person = (await session.exec(select(Person))).one()
    assert [(holder.role, holder.person_id, holder.is_deputy) for holder in holders] == [
        ("administration", 7, False),
        ("gate", 7, False),
    ]
    assert (person.name, person.deputy_id, person.is_workspace_admin) == ("刘芳", None, True)
    await database.close()


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await database.migrate()

    assert await database.shape() is Shape.CURRENT


async def test_of_processes_that_start_together_one_migrates_and_the_other_waits(bare_database_url: str) -> None:
    replicas = [await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATE, bare_database_url) for _ in "ab"]

    assert [await replica.wait() for replica in replicas] == [0, 0]
    database = Database(bare_database_url)
    assert await database.shape() is Shape.CURRENT
    await database.close()


async def test_a_database_of_a_later_version_is_left_alone(database: Database) -> None:
    async with database.write() as session:
        await (await session.connection()).execute(text("UPDATE alembic_version SET version_num = 'later'"))

    with pytest.raises(DatabaseTooNewError, match="later"):
        await database.migrate()
    assert await database.shape() is Shape.NEWER


@pytest.mark.parametrize("source", [pytest.param("sqlite", marks=pytest.mark.sqlite)], indirect=True)
async def test_a_migration_that_would_break_references_is_taken_back(bare_database_url: str) -> None:
    """SQLite does not check references while tables are copied, so they are checked before the commit."""
    with closing(sqlite3.connect(bare_database_url.removeprefix("sqlite:///"))) as connection:
        connection.executescript(
            "CREATE TABLE old_host (id integer PRIMARY KEY);"
            "CREATE TABLE old_guest (host_id integer REFERENCES old_host (id));"
            "INSERT INTO old_guest VALUES (7);"
        )
    database = Database(bare_database_url)

    with pytest.raises(BrokenReferencesError, match="old_guest"):
        await database.migrate()
    assert await database.shape() is Shape.EMPTY
    await database.close()
