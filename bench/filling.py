"""Puts very many visits into a database: planned by the real planner, written in bulk.

`python -m bench.filling URL NOTICES` is the form that runs in a process of its own, beside others.
"""

import asyncio
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import Dialect, Table, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from bench.visits import DUE_TOGETHER, NOTICES, VISITS, Diary, Rows
from bot.clock import SystemClock
from bot.database import Database
from bot.database.migration import declared_tables

YEAR = timedelta(days=365)
TABLES = ("workspace", "person", "role_holder", "visit", "stop", "participant", "booking", "notice")
Written = list[int]
"""The ids of the visits that were added."""


async def fill(url: str, notices: int) -> None:
    """A migrated database with about this many notices (whole workspaces), due over the coming year."""
    database = Database(url)
    await database.migrate()
    await database.close()
    start = SystemClock().now() + timedelta(days=2)
    await _write(url, (start + YEAR * (number / VISITS) for number in range(VISITS)))
    copies = -(-notices // (VISITS * NOTICES)) - 1
    first = await _highest(url)
    statements = [_copies(name, copies, first, url) for name in TABLES] if copies else []
    if url.startswith("postgresql"):
        connection = await asyncpg.connect(url)
        await connection.execute("SET session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)
        await _advance(connection)
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
        await connection.close()
    else:
        await asyncio.to_thread(_execute, sqlite_file(url), statements)


def _copies(name: str, copies: int, first: Mapping[str, int], url: str) -> str:
    """Repeats the first workspace: every id and every reference moved on by as many rows as there are of its kind.

    Only the keys of the copied notices still name the first workspace's stops: they are never delivered, just there.
    """
    postgres = url.startswith("postgresql")
    numbers = (
        f"generate_series(1, {copies}) AS copy(k)"
        if postgres
        else f"(WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {copies}) SELECT k FROM n)"
    )
    key = "'TB' || lpad((k + 1)::text, 8, '0')" if postgres else "printf('TB%08d', k + 1)"
    fresh = "replace(gen_random_uuid()::text, '-', '')" if postgres else "lower(hex(randomblob(16)))"
    values = []
    for column in SQLModel.metadata.tables[name].columns:
        table = next((foreign.column.table.name for foreign in column.foreign_keys), name)
        moved = f"{column.name} + k * {first.get(table, 0)}"
        if "workspace" in (table, name) and column.name in ("id", "workspace_id"):
            values.append(key)
        elif column.primary_key:
            values.append(fresh if name == "notice" else moved)
        else:
            values.append(moved if column.foreign_keys else column.name)
    columns = ", ".join(column.name for column in SQLModel.metadata.tables[name].columns)
    return f"INSERT INTO {name} ({columns}) SELECT {', '.join(values)} FROM {name}, {numbers}"


def _execute(file: str, statements: list[str]) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        for statement in statements:
            connection.execute(statement)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def add_due(url: str, due_at: datetime, notices: int) -> Written:
    """Visits of which together this many notices fall due at one moment."""
    return await _write(url, (due_at for _ in range(-(-notices // DUE_TOGETHER))))


async def add_bare(url: str, visits: int) -> Written:
    """Visits whose notices are still to be planned."""
    moment = SystemClock().now() + timedelta(days=30)
    return await _write(url, (moment for _ in range(visits)), with_notices=False)


async def _write(url: str, moments: Iterator[datetime], *, with_notices: bool = True) -> Written:
    declared_tables()
    bulk = await asyncpg.connect(url) if url.startswith("postgresql") else None
    try:
        diary = Diary(await _highest(url), SystemClock().now())
        written: Written = []
        for rows in diary.batches(moments, with_notices=with_notices):
            written += [visit["id"] for visit in rows["visit"]]
            await (_copy(bulk, rows) if bulk else asyncio.to_thread(_insert, url, rows))
        if bulk:
            await _advance(bulk)
        return written
    finally:
        if bulk:
            await bulk.close()


async def _highest(url: str) -> dict[str, int]:
    """The highest id of each table with numbers for ids, and how many workspaces there are."""
    counted = [name for name in TABLES if name not in ("workspace", "notice")]
    maxima = [f"(SELECT coalesce(max(id), 0) FROM {name})" for name in counted]
    statement = f"SELECT (SELECT count(*) FROM workspace), {', '.join(maxima)}"
    if url.startswith("postgresql"):
        connection = await asyncpg.connect(url)
        row: Sequence[int] = tuple(await connection.fetchrow(statement))
        await connection.close()
    else:
        with closing(sqlite3.connect(sqlite_file(url))) as file:
            row = file.execute(statement).fetchone()
    return dict(zip(("workspace", *counted), row, strict=True))


def _insert(url: str, rows: Rows) -> None:
    dialect = sqlite.dialect()
    with closing(sqlite3.connect(sqlite_file(url), timeout=30)) as file, file:
        file.execute("PRAGMA synchronous = OFF")
        for name in TABLES:
            if rows[name]:
                columns, records = _records(SQLModel.metadata.tables[name], rows[name], dialect)
                marks = ", ".join("?" for _ in columns)
                file.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", records)


async def _copy(connection: Any, rows: Rows) -> None:
    dialect = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
    async with connection.transaction():
        # The rows refer to each other rightly; checking five references of a million notices would take a minute.
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute("SET LOCAL synchronous_commit = off")
        for name in TABLES:
            if rows[name]:
                columns, records = _records(SQLModel.metadata.tables[name], rows[name], dialect)
                await connection.copy_records_to_table(name, records=records, columns=columns)


async def _advance(connection: Any) -> None:
    """The ids that PostgreSQL gives out go on behind those that were written."""
    for name in TABLES:
        if name not in ("workspace", "notice"):
            await connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            )


def _records(table: Table, rows: list[dict[str, Any]], dialect: Dialect) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """The rows in the form in which the driver takes them, through the types that the models declare."""
    columns = list(rows[0])
    converters = [_converter(table, name, dialect) or _unchanged for name in columns]
    records = (tuple(map(_convert, converters, row.values())) for row in rows)
    return columns, records


def _convert(converter: Callable[[Any], Any], value: Any) -> Any:
    return converter(value)


def _unchanged(value: Any) -> Any:
    return value


def _converter(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    found: Callable[[Any], Any] | None = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return found


def sqlite_file(url: str) -> str:
    """The file that a URL names."""
    return str(make_url(url).database)


if __name__ == "__main__":
    asyncio.run(fill(sys.argv[1], int(sys.argv[2])))
