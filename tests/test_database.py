"""Transactions: what is committed, what is taken back, who waits for whom; on both databases."""

import asyncio
import sqlite3
import sys
from typing import Any

import asyncpg
import pytest
from sqlalchemy import CursorResult, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import Database, NestedTransactionError

# Adds to a number by reading it first, which loses updates unless writers really take turns.
COUNT_TO_FIFTY = """
import asyncio, sys
from sqlalchemy import text
from bot.database import Database

async def count():
    database = Database(sys.argv[1])
    for _ in range(50):
        async with database.write() as session:
            lock = "" if database.dialect == "sqlite" else " FOR UPDATE"
            amount = await session.scalar(text("SELECT amount FROM tally" + lock))
            await (await session.connection()).execute(text("UPDATE tally SET amount = :new"), {"new": amount + 1})
    await database.close()

asyncio.run(count())
"""


@pytest.fixture
async def tally(database: Database) -> Database:
    """A database with one number in it."""
    async with database.write() as session:
        await sql(session, "CREATE TABLE tally (amount integer NOT NULL)")
        await sql(session, "INSERT INTO tally VALUES (0)")
    return database


async def sql(session: AsyncSession, statement: str, **parameters: Any) -> CursorResult[Any]:
    return await (await session.connection()).execute(text(statement), parameters)


async def add(session: AsyncSession) -> None:
    await sql(session, "UPDATE tally SET amount = amount + 1")


async def amount(database: Database) -> Any:
    async with database.read() as session:
        return await seen(session)


async def seen(session: AsyncSession) -> Any:
    return (await sql(session, "SELECT amount FROM tally")).scalar_one()


async def test_what_was_written_is_there_afterwards(tally: Database) -> None:
    async with tally.write() as session:
        await add(session)

    assert await amount(tally) == 1


async def test_an_error_takes_everything_back_tables_included(tally: Database) -> None:
    async def fail_half_way() -> None:
        async with tally.write() as session:
            await add(session)
            await sql(session, "CREATE TABLE half_done (id integer)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()

    assert await amount(tally) == 0
    async with tally.write() as session:
        await sql(session, "CREATE TABLE half_done (id integer)")


async def test_a_reader_sees_one_moment_and_does_not_wait_for_a_writer(tally: Database) -> None:
    async with tally.read() as reader:
        assert await seen(reader) == 0
        async with tally.write() as writer:
            await add(writer)
            assert await amount(tally) == 0
        assert await seen(reader) == 0

    assert await amount(tally) == 1


async def test_a_reader_cannot_write(tally: Database) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        async with tally.read() as session:
            await add(session)


async def test_writers_in_one_process_take_turns_and_lose_nothing(tally: Database) -> None:
    async def read_and_write() -> None:
        async with tally.write() as session:
            lock = "" if tally.dialect == "sqlite" else " FOR UPDATE"
            before = (await sql(session, "SELECT amount FROM tally" + lock)).scalar_one()
            await sql(session, "UPDATE tally SET amount = :new", new=before + 1)

    await asyncio.gather(*(read_and_write() for _ in range(12)))

    assert await amount(tally) == 12


async def test_writers_in_two_processes_lose_nothing(tally: Database, database_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", COUNT_TO_FIFTY, database_url) for _ in range(2)
    ]

    assert [await process.wait() for process in processes] == [0, 0]
    assert await amount(tally) == 100


@pytest.mark.parametrize("source", [pytest.param("sqlite", marks=pytest.mark.sqlite)], indirect=True)
async def test_sqlite_takes_the_write_lock_at_the_first_statement(tally: Database, database_url: str) -> None:
    other = sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=0)
    async with tally.write() as session:
        await seen(session)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("UPDATE tally SET amount = 7")
    other.close()


@pytest.mark.parametrize("source", [pytest.param("sqlite", marks=pytest.mark.sqlite)], indirect=True)
async def test_sqlite_waits_for_another_process_and_holds_up_nobody(tally: Database, database_url: str) -> None:
    async def write() -> None:
        async with tally.write() as session:
            await add(session)

    other = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer = asyncio.create_task(write())
    assert await amount(tally) == 0
    assert not writer.done()
    other.execute("COMMIT")
    other.close()
    await writer
    assert await amount(tally) == 1


@pytest.mark.parametrize("source", [pytest.param("sqlite", marks=pytest.mark.sqlite)], indirect=True)
async def test_sqlite_is_durable_and_checks_references(tally: Database) -> None:
    async with tally.write() as session:
        pragmas = [
            (await sql(session, f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert pragmas == ["wal", 2, 1]


@pytest.mark.parametrize("source", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
async def test_connections_that_the_server_has_closed_are_not_handed_out(tally: Database, database_url: str) -> None:
    async with tally.read() as one, tally.read() as other:
        assert (await seen(one), await seen(other)) == (0, 0)

    server: Any = await asyncpg.connect(database_url)
    ours = "datname = current_database() AND pid <> pg_backend_pid()"
    ended = await server.fetch(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {ours}")
    await server.close()

    assert len(ended) >= 2
    async with tally.read() as one, tally.write() as other:
        await add(other)
        assert await seen(one) == 0
    assert await amount(tally) == 1


async def test_write_inside_write_is_refused_instead_of_waiting_for_itself(tally: Database) -> None:
    with pytest.raises(NestedTransactionError):
        async with tally.write(), tally.write():
            pass

    async with tally.write() as session:
        await add(session)
    assert await amount(tally) == 1


async def test_a_cancelled_writer_leaves_nothing_behind_and_lets_the_next_one_in(tally: Database) -> None:
    inside = asyncio.Event()

    async def dawdle() -> None:
        async with tally.write() as session:
            await add(session)
            inside.set()
            await asyncio.Event().wait()

    writer = asyncio.create_task(dawdle())
    await inside.wait()
    writer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writer

    async with tally.write() as session:
        await add(session)
    assert await amount(tally) == 1


async def test_a_commit_under_way_is_finished_before_a_cancellation_goes_on(tally: Database) -> None:
    told: list[str] = []
    tally.after_commit(lambda: told.append("committed"))

    async def cancelled_while_committing() -> None:
        task = asyncio.current_task()
        assert task is not None
        async with tally.write() as session:
            await add(session)
            event.listen(session.sync_session, "before_commit", lambda _: task.cancel())

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(cancelled_while_committing())

    assert (await amount(tally), told) == (1, ["committed"])


async def test_whoever_asked_is_called_after_a_commit_and_only_then(tally: Database) -> None:
    calls: list[str] = []
    tally.after_commit(lambda: calls.append("first"))
    tally.after_commit(lambda: calls.append("second"))

    async with tally.write() as session:
        await add(session)
        assert calls == []
    assert calls == ["first", "second"]

    with pytest.raises(ZeroDivisionError):
        async with tally.write():
            raise ZeroDivisionError
    await amount(tally)
    assert calls == ["first", "second"]


async def test_a_failing_callback_is_reported_and_changes_nothing(tally: Database) -> None:
    reported: list[dict[str, Any]] = []
    calls: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    tally.after_commit(lambda: calls.append(str(1 / 0)))
    tally.after_commit(lambda: calls.append("second"))

    async with tally.write() as session:
        await add(session)

    assert await amount(tally) == 1
    assert calls == ["second"]
    assert isinstance(reported[0]["exception"], ZeroDivisionError)


async def test_references_are_checked_and_the_error_tells_no_values(tally: Database) -> None:
    async with tally.write() as session:
        await sql(session, "CREATE TABLE host (id integer PRIMARY KEY)")
        await sql(session, "CREATE TABLE visitor (name text, host_id integer REFERENCES host (id))")

    with pytest.raises(IntegrityError) as refused:
        async with tally.write() as session:
            await sql(session, "INSERT INTO visitor VALUES (:name, 7)", name="García")

    assert "García" not in str(refused.value)


async def test_whoever_asked_for_every_commit_is_called_after_unannounced_ones_too(tally: Database) -> None:
    announced: list[str] = []
    every: list[str] = []
    tally.after_commit(lambda: announced.append("called"))
    tally.after_commit(lambda: every.append("called"), every=True)

    async with tally.write(announced=False) as session:
        await add(session)
    assert (len(announced), len(every)) == (0, 1)

    async with tally.write() as session:
        await add(session)
    assert (len(announced), len(every)) == (1, 2)
