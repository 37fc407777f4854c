"""SQLite without a thread for every step.

A statement on a local file takes some microseconds; handing it to another thread and back, as aiosqlite does four times
for each, takes a hundred times as long. So statements run right in the event loop, and only what may wait goes to a
thread: the write lock while another process has it, and a commit, which is on the disk when it returns. Whoever adds a
query that reads a whole large table holds up everybody for as long as it takes.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

TAKES_THE_LOCK = "BEGIN IMMEDIATE"


class Cursor:
    """The part of aiosqlite's cursor that SQLAlchemy uses."""

    def __init__(self, connection: "Connection", cursor: sqlite3.Cursor) -> None:
        self._connection = connection
        self._cursor = cursor
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cursor.close()

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Self:
        if statement == TAKES_THE_LOCK:
            await self._connection.take_the_lock()
        else:
            self._cursor.execute(statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> Self:
        self._cursor.executemany(statement, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()


class Connection:
    """The part of aiosqlite's connection that SQLAlchemy uses; `_connection` is one of the names it looks for."""

    def __init__(self, connection: sqlite3.Connection, patience: float) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._patience = patience
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._elsewhere: asyncio.Future[Any] | None = None
        self._changed_before = 0

    @property
    def isolation_level(self) -> str | None:
        return self._open.isolation_level

    def cursor(self) -> Cursor:
        return Cursor(self, self._open.cursor())

    async def create_function(self, *arguments: Any, **options: Any) -> None:
        self._open.create_function(*arguments, **options)

    async def commit(self) -> None:
        if not self._open.in_transaction:
            return
        if self._open.total_changes == self._changed_before:
            self._open.commit()  # nothing has to be on the disk
        else:
            await self.elsewhere(self._open.commit)

    async def rollback(self) -> None:
        # Whoever was cancelled while something went on in the thread left it there: first that comes to its end.
        if self._elsewhere is not None and not self._elsewhere.done():
            await self.elsewhere(self._open.rollback)
        else:
            self._open.rollback()

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, connection.close)
            self._thread.shutdown(wait=False)

    def stop(self) -> None:
        """Close without an event loop to wait in."""
        connection, self._connection = self._connection, None
        if connection is not None:
            self._thread.submit(connection.close)
            self._thread.shutdown(wait=False)

    async def take_the_lock(self) -> None:
        """Right here where it is free, as it nearly always is; else wait for it in the thread."""
        connection = self._open
        self._changed_before = connection.total_changes
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute(TAKES_THE_LOCK)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        finally:
            connection.execute(f"PRAGMA busy_timeout = {round(self._patience * 1000)}")
        await self.elsewhere(lambda: connection.execute(TAKES_THE_LOCK))

    async def elsewhere(self, work: Callable[[], Any]) -> None:
        """Do in the thread what may take its time."""
        self._elsewhere = asyncio.get_running_loop().run_in_executor(self._thread, work)
        await self._elsewhere

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("no active connection")
        return self._connection


async def connect(file: str, *, patience: float) -> Connection:
    """`patience`: seconds to wait for another process's lock. Transactions begin when somebody says BEGIN."""
    connection = sqlite3.connect(file, timeout=patience, isolation_level=None, check_same_thread=False)
    return Connection(connection, patience)
