"""The whole database as plain rows: what a step is judged by."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from bot.database import Database
from bot.models.roles import Role
from bot.models.visits import VisitState

Rows = Mapping[Any, Any]
"""Rows by id."""


@dataclass(frozen=True)
class Tables:
    """One moment of the database."""

    rows: Mapping[str, Rows]

    def __getitem__(self, table: str) -> Rows:
        return self.rows[table]

    def where(self, table: str, **values: Any) -> list[Any]:
        """The rows with these values, by id."""
        found = [row for row in self.rows[table].values() if all(getattr(row, n) == v for n, v in values.items())]
        return sorted(found, key=lambda row: row.id)

    def holders(self, *roles: Role) -> set[int]:
        """Who fills one of these roles, deputies of the role included."""
        return {row.person_id for row in self.rows["role_holder"].values() if row.role in roles}

    def stand_ins(self, people: set[int]) -> set[int]:
        """These people and those they named as their deputies."""
        persons = self.rows["person"]
        named = {persons[one].deputy_id for one in people if one in persons}
        return people | {one for one in named if one is not None}

    def open_visits(self) -> list[Any]:
        return self.where("visit", state=VisitState.OPEN)


async def read_tables(database: Database) -> Tables:
    """Every row of every table, read in one go."""
    found: dict[str, Rows] = {}
    async with database.read() as session:
        connection = await session.connection()
        for name, table in SQLModel.metadata.tables.items():
            rows = (await connection.execute(select(table))).mappings().all()
            key = table.primary_key.columns.keys()[0]
            found[name] = {row[key]: SimpleNamespace(**row) for row in rows}
    return Tables(found)


def changed(before: Tables, after: Tables, *tables: str) -> Iterator[tuple[str, Any, Any]]:
    """(table, row before or None, row after or None) of whatever is not as it was."""
    for table in tables or before.rows:
        was, now = before[table], after[table]
        for key in {**was, **now}:
            if was.get(key) != now.get(key):
                yield table, was.get(key), now.get(key)


Law = Callable[[Tables, Tables], None]
