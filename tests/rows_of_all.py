"""A row for every table of the bot, with something in each of its columns, or only in those that must have it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, Column, Integer, Table
from sqlmodel import SQLModel
from sqlmodel.main import default_registry

from bot.database.migration import declared_tables
from bot.models.types import Json, UtcDateTime

MADRID = ZoneInfo("Europe/Madrid")
TWICE = [datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=MADRID, fold=fold) for fold in (0, 1)]
"""In the hour that Madrid has twice."""
# PostgreSQL writes no more digits of a second than there are.
MOMENTS = [TWICE[0], datetime(2026, 10, 26, 2, 30, 0, 120000, tzinfo=MADRID), datetime(2026, 10, 27, tzinfo=MADRID)]
PLAIN: dict[str, object] = {"text": 'ä "quoted" \\ 汉', "list": [1, 2.5, True, None, {"deep": {}}], "empty": []}


def tables() -> list[Table]:
    """In the order in which rows can be added to them."""
    return declared_tables().sorted_tables


def model_of(table: Table) -> type[SQLModel]:
    declared_tables()
    return next(mapper.class_ for mapper in default_registry.mappers if mapper.local_table is table)


def row(table: Table, *, full: bool) -> dict[str, Any]:
    """`full`: with what may be missing as well."""
    columns = [column for column in table.columns if full or not column.nullable]
    return {column.name: _value(column, place) for place, column in enumerate(columns)}


def _value(column: Column[Any], place: int) -> Any:
    if isinstance(column.type, UtcDateTime):
        return MOMENTS[place % 3]
    if isinstance(column.type, Json):
        return PLAIN
    if isinstance(column.type, Boolean):
        return place % 2 == 0
    if isinstance(column.type, Integer):
        return 1 if column.primary_key or column.foreign_keys else place
    return "T1" if column.primary_key or column.foreign_keys else f"{column.name} 'ñ' 汉"
