"""Rows of several tables, read in one statement that answers with a JSON document for each table.

A statement of its own for each of them takes many times as long, most of it on our side of the connection.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    CompoundSelect,
    Dialect,
    Function,
    ScalarSelect,
    any_,
    bindparam,
    distinct,
    func,
    inspect,
    select,
    union,
)
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database.looking import ONLY_LOOKS, from_json, tracked, untracked
from bot.models.types import Json

Item = TypeVar("Item")
Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True)
class Named:
    """What stands in a column of a table, in those of its rows that are looked for by another column."""

    model: type[SQLModel]
    column: str
    by: str
    asked: str


class Part(Generic[Item]):
    """What is read of one table, by one of its columns.

    `asked`: the name under which `Together.read` is told what to look for in that column; or where it stands.
    """

    def __init__(self, model: type[SQLModel], by: str, asked: str | Sequence[Named]) -> None:
        self.table = inspect(model).local_table
        self.by = self.table.c[by]
        self.asked = asked

    def on_sqlite(self) -> Function[Any]:
        """The document as SQLite makes it."""
        raise NotImplementedError

    def on_postgresql(self) -> Function[Any]:
        """The document as PostgreSQL makes it."""
        raise NotImplementedError

    def made(self, document: list[Any], session: AsyncSession) -> list[Item]:
        """What comes out of the document."""
        raise NotImplementedError


class RowsOf(Part[Row]):
    """Whole rows, in order of their ids.

    `is_changed`: whether changes are made to what a writing session has read; otherwise, and in a session that only
    looks, the models belong to no session, and setting an attribute of one raises.
    """

    def __init__(self, model: type[Row], by: str, asked: str | Sequence[Named], *, is_changed: bool = True) -> None:
        super().__init__(model, by, asked)
        self._model = model
        self._is_changed = is_changed
        self._id = itemgetter(self.table.columns.keys().index("id"))

    def on_sqlite(self) -> Function[Any]:
        values = (func.json(column) if isinstance(column.type, Json) else column for column in self.table.c)
        return func.json_group_array(func.json_array(*values))

    def on_postgresql(self) -> Function[Any]:
        return func.json_agg(func.json_build_array(*self.table.c))

    def made(self, document: list[Any], session: AsyncSession) -> list[Row]:
        document.sort(key=self._id)
        for place, convert in from_json(self._model):
            for values in document:
                if values[place] is not None:
                    values[place] = convert(values[place])
        if self._is_changed and ONLY_LOOKS not in session.info:
            return [tracked(self._model, values, session) for values in document]
        return [untracked(self._model, values) for values in document]


class ValuesOf(Part[Any]):
    """The different values of one column; numbers, texts or None."""

    def __init__(self, model: type[SQLModel], column: str, by: str, asked: str) -> None:
        super().__init__(model, by, asked)
        self._values = distinct(self.table.c[column])

    def on_sqlite(self) -> Function[Any]:
        return func.json_group_array(self._values)

    def on_postgresql(self) -> Function[Any]:
        return func.json_agg(self._values)

    def made(self, document: list[Any], session: AsyncSession) -> list[Any]:
        return document


class Found:
    """What was read together."""

    def __init__(self, parts: Mapping[Part[Any], Sequence[Any]]) -> None:
        self._parts = parts
        self._by_owner: dict[Part[Any], defaultdict[Hashable, list[Any]]] = {}

    def __getitem__(self, part: Part[Item]) -> Sequence[Item]:
        return self._parts[part]

    def of(self, part: RowsOf[Row], owner: Hashable) -> Sequence[Row]:
        """The rows that have this in the column by which they were looked for."""
        if part not in self._by_owner:
            by_owner = self._by_owner[part] = defaultdict(list)
            for row in self[part]:
                by_owner[getattr(row, part.by.key)].append(row)
        return self._by_owner[part].get(owner, ())


class Together:
    """Several parts, read in one statement."""

    def __init__(self, *parts: Part[Any]) -> None:
        self._parts = parts
        # Written once: to compose a statement, to find how it was compiled and to look up what its results are takes
        # longer than to run it.
        self._written: dict[str, tuple[str, Sequence[str]]] = {}

    async def read(self, session: AsyncSession, **asked: Iterable[Hashable]) -> Found:
        """Nobody is asked where nothing is looked for. What the session has not flushed is not seen."""
        ids = {name: list(each) for name, each in asked.items()}
        if not any(ids.values()):
            return Found(dict.fromkeys(self._parts, ()))
        connection = await session.connection()
        is_sqlite = connection.dialect.name == "sqlite"
        statement, names = self._statement(connection.dialect)
        parameters = tuple(json.dumps(ids[name]) if is_sqlite else ids[name] for name in names)
        documents = (await connection.exec_driver_sql(statement, parameters)).one()
        found = zip(self._parts, map(json.loads, documents) if is_sqlite else documents, strict=True)
        return Found({part: part.made(document or [], session) for part, document in found})

    def _statement(self, dialect: Dialect) -> tuple[str, Sequence[str]]:
        """As the driver takes it, and the names of its parameters in their order."""
        if dialect.name not in self._written:
            on_this = _on_sqlite if dialect.name == "sqlite" else _on_postgresql
            compiled = select(*map(on_this, self._parts)).compile(dialect=dialect)
            self._written[dialect.name] = str(compiled), list(compiled.positiontup or ())
        return self._written[dialect.name]


def _on_sqlite(part: Part[Any]) -> ScalarSelect[Any]:
    return select(part.on_sqlite()).where(_is_asked_on_sqlite(part.by, part.asked)).scalar_subquery()


def _is_asked_on_sqlite(column: Column[Any], asked: str | Sequence[Named]) -> ColumnElement[bool]:
    if not isinstance(asked, str):
        return column.in_(_named(asked, _is_asked_on_sqlite))
    return column.in_(select(func.json_each(bindparam(asked)).table_valued("value").c.value))


def _on_postgresql(part: Part[Any]) -> ScalarSelect[Any]:
    return select(part.on_postgresql()).where(_is_asked_on_postgresql(part.by, part.asked)).scalar_subquery()


def _is_asked_on_postgresql(column: Column[Any], asked: str | Sequence[Named]) -> ColumnElement[bool]:
    if not isinstance(asked, str):
        return column == any_(func.array(_named(asked, _is_asked_on_postgresql).scalar_subquery()))
    # From a subquery, so that how many are asked for is not known when the statement is planned: it is planned anew for
    # every execution otherwise, which takes longer than the execution.
    given = select(func.unnest(bindparam(asked, type_=ARRAY(column.type))))
    return column == any_(func.array(given.scalar_subquery()))


def _named(where: Sequence[Named], is_asked: Callable[[Column[Any], str], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """All that stand in one of these places."""
    tables = [(inspect(named.model).local_table.c, named) for named in where]
    return union(*(select(c[named.column]).where(is_asked(c[named.by], named.asked)) for c, named in tables))
