"""Rows as models that belong to no session: a tenth of the work of keeping track of them, and only to be looked at."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import CursorResult, bindparam, inspect, select
from sqlalchemy.orm import configure_mappers
from sqlmodel import SQLModel
from sqlmodel import select as select_models
from sqlmodel.ext.asyncio.session import AsyncSession

Row = TypeVar("Row", bound=SQLModel)
ONLY_LOOKS = "only looks"
"""In the `info` of a session: nothing that it reads will be changed in it."""


class RowsOf(Generic[Row]):
    """The rows of a table by one of its columns, in order of their ids.

    Built once: composing a statement and finding out how it was compiled take longer than running it.
    `is_changed`: whether changes are made to what a writing session has read; otherwise, and in a session that only
    looks, the models belong to no session, and setting an attribute of one raises.
    """

    def __init__(self, model: type[Row], column: str, *, is_changed: bool = True) -> None:
        self._model = model
        self._is_changed = is_changed
        table = inspect(model).local_table
        ids: Any = bindparam("ids", expanding=True)
        self._columns = select(table).where(table.c[column].in_(ids)).order_by(table.c.id)
        self._models = select_models(model).where(table.c[column].in_(ids)).order_by(table.c.id)

    async def read(self, session: AsyncSession, ids: Iterable[Hashable]) -> Sequence[Row]:
        """Nobody is asked where there are no ids. What the session has not flushed is not seen, unless rows change."""
        asked = {"ids": list(ids)}
        if not asked["ids"]:
            return ()
        if self._is_changed and ONLY_LOOKS not in session.info:
            return (await session.exec(self._models, params=asked)).all()
        connection = await session.connection()
        return seen(self._model, await connection.execute(self._columns, asked))


def seen(model: type[Row], rows: CursorResult[Any]) -> list[Row]:
    """Whole rows of a table, as `select(table)` finds them."""
    # A process that has asked for no model yet does not know how their attributes are read.
    configure_mappers()
    names = [column.key for column in inspect(model).local_table.columns]
    models = []
    for row in rows.all():
        one: Row = model.__new__(model)
        one.__dict__.update(zip(names, row, strict=True))
        models.append(one)
    return models
