"""Bringing a database to the shape that the code expects."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from bot import models

# Any number will do, as long as nothing else in the same database locks on it.
MIGRATION_LOCK = 8_474_821_201
_FOLDER = Path(__file__).parent / "migrations"
_STEP = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:"(\w+)"|None)$', re.MULTILINE)


class Shape(StrEnum):
    """How the tables of a database compare with the code."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


class DatabaseTooNewError(Exception):
    """A later version of Visita has been at this database; run that version, or restore a copy made before it."""


class BrokenReferencesError(Exception):
    """A migration would leave rows that refer to nothing; it was taken back as a whole."""


def declared_tables() -> MetaData:
    """The tables of every module in `bot.models`, also of one that nothing else imports."""
    for module in iter_modules(models.__path__):
        import_module(f"{models.__name__}.{module.name}")
    return SQLModel.metadata


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration in code, so that it travels with an installed package."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@cache
def steps() -> Mapping[str, str | None]:
    """The migrations and what each is built on, as their files say: running them all, as Alembic does to find out,
    takes longer than everything else that a start with a current database has to do."""
    files = [path.read_text(encoding="utf-8") for path in (_FOLDER / "versions").glob("0*.py")]
    found = (_STEP.search(file) for file in files)
    return {step[1]: step[2] for step in found if step is not None}


def shape_of(connection: Connection) -> Shape:
    """Compares without changing anything."""
    present = set(MigrationContext.configure(connection).get_current_heads())
    if not present:
        return Shape.EMPTY
    known = steps()
    if present - known.keys():
        return Shape.NEWER
    return Shape.CURRENT if present == known.keys() - set(known.values()) else Shape.OLDER


async def upgrade(engine: AsyncEngine, target: str = "head") -> None:
    """All steps up to `target` in one transaction. Of several processes that start together one does it."""
    async with engine.connect() as connection, connection.begin():
        await connection.run_sync(_upgrade, target)


def _upgrade(connection: Connection, target: str) -> None:
    # On SQLite the transaction itself is the lock (BEGIN IMMEDIATE, see `engines.migrator`).
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    shape = shape_of(connection)
    if shape is Shape.NEWER:
        heads = ", ".join(MigrationContext.configure(connection).get_current_heads())
        raise DatabaseTooNewError(
            f"The database is at migration {heads}, which this version of Visita does not know. "
            "Start the version that was here last, or restore a copy made before it."
        )
    command.upgrade(alembic_config(connection), target)
    # Looking at every reference of a million notices takes a second, so not at each start.
    if connection.dialect.name == "sqlite" and shape is not Shape.CURRENT:
        _refuse_broken_references(connection)


def _refuse_broken_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise BrokenReferencesError(
            f"{len(broken)} rows in {tables} would refer to rows that are not there; nothing was changed."
        )
