"""The databases of a run: a PostgreSQL of its own, as durable as a real one, and files for SQLite."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import asyncpg

from bench.figures import Dialect
from bench.processes import output_of
from bot.database import Database
from tests.postgres import url as url_in


class Databases:
    """Makes databases in a folder, and keeps those that were filled for the next who needs one of that size."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: asyncio.subprocess.Process | None = None
        self._numbers = count(1)
        self._filled: dict[tuple[Dialect, int], asyncio.Task[str]] = {}

    async def empty(self, dialect: Dialect) -> str:
        """The URL of a new database without tables."""
        name = f"bench_{next(self._numbers)}"
        if dialect == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        connection = await asyncpg.connect(await self._url("postgres"))
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        return await self._url(name)

    async def migrated(self, dialect: Dialect) -> str:
        """The URL of a new database with all tables and no rows."""
        url = await self.empty(dialect)
        database = Database(url)
        await database.migrate()
        await database.close()
        return url

    async def pending(self, dialect: Dialect, notices: int) -> str:
        """The URL of a database with about this many pending notices; rows of the run share it."""
        key = (dialect, notices)
        if key not in self._filled:
            self._filled[key] = asyncio.create_task(self._fill(dialect, notices))
        return await self._filled[key]

    async def postgres_version(self) -> str:
        connection = await asyncpg.connect(await self._url("postgres"))
        found = str(await connection.fetchval("SHOW server_version"))
        await connection.close()
        return found

    async def stop(self) -> None:
        """What is still being filled is given up first."""
        for filling in self._filled.values():
            filling.cancel()
        await asyncio.gather(*self._filled.values(), return_exceptions=True)
        if self._server is not None and self._server.stdin is not None:
            self._server.stdin.close()
            await self._server.wait()

    async def _fill(self, dialect: Dialect, notices: int) -> str:
        url = await self.empty(dialect)
        await output_of("bench.filling", url, str(notices))
        return url

    async def _url(self, name: str) -> str:
        if self._server is None:
            self._server = await _start_server(self.folder)
        return url_in(self.folder, name)


@asynccontextmanager
async def databases() -> AsyncIterator[Databases]:
    """The databases of one run; server and files are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="visita-bench-"))
    made = Databases(folder)
    try:
        yield made
    finally:
        await made.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def _start_server(folder: Path) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.server", str(folder)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # Of its own, so that Ctrl-C ends the run only and the server can tidy up.
        start_new_session=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(folder)},
    )
    assert process.stdout is not None
    if not await process.stdout.readline():
        raise RuntimeError("PostgreSQL did not start")
    return process
