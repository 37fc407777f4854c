"""Rows as models without a query of the session's own, which is many times the work."""

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, TypeVar

from sqlalchemy import Boolean, CursorResult, Dialect, Select, bindparam, inspect, select, type_coerce
from sqlalchemy.orm import configure_mappers
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.types import TypeEngine, UserDefinedType
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.types import Json, UtcDateTime

Row = TypeVar("Row", bound=SQLModel)
ONLY_LOOKS = "only looks"
"""In the `info` of a session: nothing that it reads will be changed in it."""


def whole(model: type[SQLModel]) -> Select[Any]:
    """Whole rows of a table, for `seen` alone: on SQLite their values are left as they are stored."""
    table = inspect(model).local_table
    return select(*(type_coerce(c, _AsStored(c.type)).label(c.key) for c in table.c)).select_from(table)


def seen(model: type[Row], rows: CursorResult[Any]) -> list[Row]:
    """What a statement begun with `whole` has found, as models that are only to be looked at."""
    found, dialect = rows.all(), rows.context.dialect
    if dialect.name != "sqlite" or not found:
        return [untracked(model, row) for row in found]
    stored = list(zip(*found, strict=True))
    converts = _from_stored(model, dialect)
    columns = (converts[place](column) if place in converts else column for place, column in enumerate(stored))
    return [untracked(model, row) for row in zip(*columns, strict=True)]


async def locked(session: AsyncSession, model: type[Row], key: Hashable) -> Row | None:
    """The session's own model of the row with this id in its present state; nobody else changes it meanwhile."""
    row = (await (await session.connection()).execute(_locking(model), {"key": key})).first()
    return tracked(model, row, session) if row is not None else None


def untracked(model: type[Row], values: Sequence[Any]) -> Row:
    """A model that belongs to no session: setting an attribute of it raises."""
    one: Row = object.__new__(_looked_at(model))
    one.__dict__.update(zip(_names(model), values, strict=True))
    return one


def tracked(model: type[Row], values: Sequence[Any], session: AsyncSession) -> Row:
    """The session's own model of this row; one that it knows already stays as it is."""
    own, mapper = session.sync_session, inspect(model)
    found = dict(zip(_names(model), values, strict=True))
    key = mapper.identity_key_from_primary_key([found[name] for name in _identifying(model)])
    known: Row | None = own.identity_map.get(key)
    if known is not None:
        return known
    one: Row = mapper.class_manager.new_instance()
    one.__dict__.update(found)
    # What a query of the session's does with a row; `make_transient_to_detached` and `add` look at every attribute.
    state = instance_state(one)
    state.key, state.session_id = key, own.hash_key
    own.identity_map.add(state)
    return one


class _AsStored(UserDefinedType[Any]):
    """A value that SQLAlchemy does not convert on SQLite, where nearly every value has to be: one by one that takes
    longer than to find them."""

    cache_ok = True

    def __init__(self, kind: TypeEngine[Any]) -> None:
        self.kind = kind

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return None if dialect.name == "sqlite" else self.kind.dialect_impl(dialect).result_processor(dialect, coltype)


@cache
def _from_stored(model: type[SQLModel], dialect: Dialect) -> Mapping[int, Callable[[Sequence[Any]], Iterable[Any]]]:
    """How a whole column of values is converted that SQLite stores as something else, by the column's place."""
    kinds = [column.type for column in inspect(model).local_table.columns]
    one_by_one = [kind.dialect_impl(dialect).result_processor(dialect, None) for kind in kinds]
    return {
        place: _AT_ONCE.get(type(kind), partial(map, convert))
        for place, (kind, convert) in enumerate(zip(kinds, one_by_one, strict=True))
        if convert is not None
    }


def _moments(column: Sequence[str | None]) -> Iterable[datetime | None]:
    # As in `UtcDateTime`: it is the UTC wall time.
    return [datetime.fromisoformat(f"{stored}+00:00") if stored is not None else None for stored in column]


def _documents(column: Sequence[str | None]) -> Iterable[Any]:
    found: list[Any] = json.loads(f"[{','.join('null' if stored is None else stored for stored in column)}]")
    return found


_AT_ONCE: dict[type[Any], Callable[[Sequence[Any]], Iterable[Any]]] = {UtcDateTime: _moments, Json: _documents}


@cache
def _locking(model: type[SQLModel]) -> Select[Any]:
    table = inspect(model).local_table
    return select(table).where(table.c.id == bindparam("key")).with_for_update(key_share=True)


@cache
def _looked_at(model: type[Row]) -> type[Row]:
    """The model without what follows its attributes for a session, which is a tenth of the work on a message.

    Made past SQLModel's own way of making classes, which would make a table of it.
    """

    def refuse(one: Row, name: str, _value: Any) -> None:
        raise AttributeError(f"{type(one).__name__}.{name} is only looked at: read it in a session that writes")

    # What stands in the class without being a property of it gives way to what stands in the object.
    own = dict.fromkeys(_names(model)) | {
        "__module__": model.__module__,
        "__setattr__": refuse,
        "__pydantic_fields_set__": frozenset(_names(model)),
        "__pydantic_extra__": None,
        "__pydantic_private__": None,
    }
    found: type[Row] = type.__new__(type(model), model.__name__, (model,), own)
    return found


@cache
def _names(model: type[SQLModel]) -> Sequence[str]:
    # A process that has asked for no model yet does not know how their attributes are read.
    configure_mappers()
    return [column.key for column in inspect(model).local_table.columns]


@cache
def _identifying(model: type[SQLModel]) -> Sequence[str]:
    return [column.key for column in inspect(model).primary_key]


@cache
def from_json(model: type[SQLModel]) -> Sequence[tuple[int, Callable[[Any], Any]]]:
    """The places of the columns whose values JSON does not have, and how they come out of it."""
    columns = enumerate(inspect(model).local_table.columns)
    return [(place, _FROM_JSON[type(column.type)]) for place, column in columns if type(column.type) in _FROM_JSON]


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    # As in `UtcDateTime`: SQLite has the UTC wall time, PostgreSQL the zone of its session.
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


_FROM_JSON: dict[type[Any], Callable[[Any], Any]] = {UtcDateTime: _moment, Boolean: bool}
