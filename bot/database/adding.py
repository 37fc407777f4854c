"""Many new rows of one table at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from sqlalchemy import ARRAY, Dialect, Insert, String, Table, bindparam, func, insert, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import AutoString

from bot.models.types import Json, UtcDateTime

Column = Sequence[Any]
"""The values of all rows in one column."""
Stored = Callable[[Column], Iterable[Any]]
"""From values as models have them to values as the driver takes them."""


async def add_rows(session: AsyncSession, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that all have the same columns; what they do not name is NULL, whatever the model has for it.

    The driver gets everything at once, converted a column at a time: SQLAlchemy looks at every value of every row on
    its own, which takes longer than inserting them.
    """
    if not rows:
        return
    connection = await session.connection()
    await _Insertion.of(model, tuple(rows[0]), connection.dialect).run(connection, rows)


@dataclass(frozen=True)
class _Insertion:
    """How rows with these columns get into a table."""

    statement: str
    names: Sequence[str]
    """In the order of the statement's parameters."""
    stored: Sequence[Stored]
    """How each of these columns is converted."""
    takes_columns: bool
    """Whether the statement is run once, with an array for each column; otherwise once for each row."""

    @classmethod
    @lru_cache(maxsize=32)
    def of(cls, model: type[SQLModel], names: Sequence[str], dialect: Dialect) -> Self:
        table = inspect(model).local_table
        takes_columns = dialect.name == "postgresql"
        statement = _from_arrays(table, names) if takes_columns else insert(table)
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        placed = list(compiled.positiontup or ())
        return cls(str(compiled), placed, [_stored(table.c[name].type, dialect) for name in placed], takes_columns)

    async def run(self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        columns = ([row[name] for row in rows] for name in self.names)
        values = [stored(column) for stored, column in zip(self.stored, columns, strict=True)]
        if self.takes_columns:
            await connection.exec_driver_sql(self.statement, tuple(map(list, values)))
        else:
            await connection.exec_driver_sql(self.statement, list(zip(*values, strict=True)))


def _from_arrays(table: Table, names: Sequence[str]) -> Insert:
    """PostgreSQL begins and ends a statement for each row otherwise."""
    arrays = (bindparam(name, type_=ARRAY(_of_any_length(table.c[name].type))) for name in names)
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    return insert(table).from_select(list(names), select(*rows.c), include_defaults=False)


def _of_any_length(kind: Any) -> Any:
    """A text that is too long is to be refused, not cut off by being called shorter."""
    return String() if isinstance(kind, (String, AutoString)) else kind


def _stored(kind: Any, dialect: Dialect) -> Stored:
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return lambda column: column
    if isinstance(kind, (UtcDateTime, Json)):
        return lambda column: _each_once(convert, column)
    return lambda column: map(convert, column)


def _each_once(convert: Callable[[Any], Any], column: Column) -> Iterable[Any]:
    """The same few moments and documents stand in many rows: the same objects, for equal moments may be an hour apart
    (`fold`)."""
    keys = list(map(id, column))
    converted = {key: convert(value) for key, value in dict(zip(keys, column, strict=True)).items()}
    return map(converted.__getitem__, keys)
