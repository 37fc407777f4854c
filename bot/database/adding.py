"""Many new rows of one table at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, insert, inspect
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

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
    statement, columns = _prepared(model, tuple(rows[0]), connection.dialect)
    values = [stored([row[name] for row in rows]) for name, stored in columns]
    await connection.exec_driver_sql(statement, list(zip(*values, strict=True)))


@lru_cache(maxsize=32)
def _prepared(
    model: type[SQLModel], names: Sequence[str], dialect: Dialect
) -> tuple[str, Sequence[tuple[str, Stored]]]:
    """The statement, and in the order of its parameters how each column is converted."""
    table = inspect(model).local_table
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    return str(compiled), [(name, _stored(table.c[name].type, dialect)) for name in compiled.positiontup or ()]


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
    different = {id(value): value for value in column}
    converted = {key: convert(value) for key, value in different.items()}
    return (converted[id(value)] for value in column)
