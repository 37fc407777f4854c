"""How connections are opened on each kind of database.

Parameters are hidden in errors, because guests' names and phone numbers are among them and errors are logged.
"""

import sqlite3
import time
from collections.abc import Iterable
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import URL, Connection, ExceptionContext, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bot.database import postgresql, sqlite
from bot.database.postgresql import PATIENT, Patience

# How long a connection waits for another process (our own writers take turns before they get here).
BUSY_SECONDS = 5
# A replica that starts second waits for the first one's migrations.
MIGRATION_SECONDS = 120

# FULL: a commit is on the disk before it counts, so a notice marked as sent stays sent through a power cut as well.
# NORMAL would survive a killed process too and save one fsync a commit, which a reception never notices.
DURABLE = "PRAGMA synchronous = FULL"
# Readers see the last commit while a writer is at work.
WRITE_AHEAD = "PRAGMA journal_mode = WAL"
SWITCHING_ATTEMPTS = 5
_USED_AT = "used at"


def writer(url: URL, *, echo: bool, patience: Patience = PATIENT) -> AsyncEngine:
    """On SQLite one connection whose transactions take the write lock at once instead of failing half-way."""
    if url.get_backend_name() == "postgresql":
        engine = _postgresql(url, patience, echo=echo)
        _replace_lost_ones(engine, patience)
        return engine
    pragmas = (DURABLE, "PRAGMA foreign_keys = ON")
    creator = partial(sqlite.connect, str(url.database), patience=BUSY_SECONDS)
    options = {"async_creator": creator, "pool_size": 1, "max_overflow": 0}
    return _sqlite(url, sqlite.TAKES_THE_LOCK, pragmas, echo=echo, **options)


def reader(url: URL, write_engine: AsyncEngine, *, echo: bool) -> AsyncEngine:
    """Every transaction sees one moment of the database and cannot change it."""
    if url.get_backend_name() == "postgresql":
        return write_engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    creator = partial(sqlite.connect, str(url.database), patience=BUSY_SECONDS)
    options = {"async_creator": creator, "pool_size": 4, "max_overflow": 0}
    return _sqlite(url, "BEGIN", ("PRAGMA query_only = ON",), echo=echo, **options)


def glancer(write_engine: AsyncEngine, read_engine: AsyncEngine) -> AsyncEngine:
    """A statement by itself sees one moment of the database; on PostgreSQL a transaction around it is asked for and
    ended on the line as well, which takes as long as the statement."""
    if write_engine.dialect.name == "postgresql":
        return write_engine.execution_options(isolation_level="AUTOCOMMIT")
    return read_engine


def migrator(url: URL) -> AsyncEngine:
    """One connection for changing tables.

    SQLite's batch migrations copy a table and drop the old one, which with foreign keys on would delete what refers to
    it; they are checked at the end instead (`migration.upgrade`).
    """
    if url.get_backend_name() == "postgresql":
        return _postgresql(url, PATIENT, is_long=True, poolclass=NullPool)
    pragmas = (DURABLE, "PRAGMA foreign_keys = OFF")
    arguments = {"isolation_level": None, "timeout": MIGRATION_SECONDS}
    return _sqlite(url, sqlite.TAKES_THE_LOCK, pragmas, connect_args=arguments, poolclass=NullPool)


def single(url: URL, patience: Patience = PATIENT) -> AsyncEngine:
    """For one connection that stays open beside the others."""
    return _postgresql(url, patience, poolclass=NullPool)


def _postgresql(url: URL, patience: Patience, *, is_long: bool = False, **options: Any) -> AsyncEngine:
    connect = partial(postgresql.connect, patience=patience, is_long=is_long)
    arguments = {"async_creator_fn": connect}
    engine = create_async_engine(url, hide_parameters=True, connect_args=arguments, **options)

    @event.listens_for(engine.sync_engine, "handle_error")
    def give_up(failed: ExceptionContext) -> None:
        """What did not answer in time leads nowhere, nor do those that were opened before. The driver would ask the
        server to end the statement first, and wait for that as well."""
        if isinstance(failed.original_exception, TimeoutError) and failed.connection is not None:
            line = failed.connection.connection.driver_connection
            if line is not None:
                line.terminate()
            failed.is_disconnect = True

    return engine


def _sqlite(url: URL, begin: str, pragmas: Iterable[str], **options: Any) -> AsyncEngine:
    # isolation_level None keeps Python's sqlite3 from beginning transactions of its own (it would do so late, and never
    # before a SELECT or CREATE); the listener below begins them instead.
    engine = create_async_engine(url, hide_parameters=True, **options)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        _switch_to_write_ahead(cursor)
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def emit_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _replace_lost_ones(engine: AsyncEngine, patience: Patience) -> None:
    """What the server has closed is not handed out.

    SQLAlchemy's own way (`pool_pre_ping`) asks the server before each transaction, three times back and forth: as much
    as the transaction itself. A connection that was just used has heard that its server went.
    """
    errors = (engine.dialect.loaded_dbapi.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)

    @event.listens_for(engine.sync_engine, "checkin")
    def note(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info[_USED_AT] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def ask(connection: Any, entry: ConnectionPoolEntry, _proxy: Any) -> None:
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError
        if time.monotonic() - entry.info.get(_USED_AT, time.monotonic()) > patience.idle:
            try:
                connection.run_async(lambda line: line.execute("SELECT 1", timeout=patience.ping))
            except errors as error:
                connection.driver_connection.terminate()
                raise InvalidatePoolError from error


def _switch_to_write_ahead(cursor: Any) -> None:
    """Does nothing to a file that has been switched.

    Of two processes that switch a new file at the same moment SQLite refuses one at once, without the usual patience:
    that one waits for its turn with an empty transaction, and looks again.
    """
    for _ in range(SWITCHING_ATTEMPTS - 1):
        try:
            cursor.execute(WRITE_AHEAD)
        except sqlite3.OperationalError:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        else:
            return
    cursor.execute(WRITE_AHEAD)
