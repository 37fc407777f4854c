"""One PostgreSQL for one test run, however many workers it has.

The run holds a lock on a folder (`Lease`). The first test that needs a server starts `tests.postgres_guard`, which
lives on its own and waits for that lock: it gets it when the run is over, even if it was killed, and then takes server
and folder away.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import asyncpg

TEMPLATE = "visita_template"


def locked(path: Path) -> IO[str]:
    """The file, open and locked; closing it unlocks it."""
    file = path.open("w")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


class Lease:
    """The run's claim to the server in `folder`, which starts when somebody asks for it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="visita-pg-"))
        self._run = locked(self.folder / "run")

    def end(self) -> None:
        """Returns when server and folder are gone."""
        started = (self.folder / "started").exists()
        # Opened before the guard may remove it; to be had once the guard has ended.
        guard = (self.folder / "guard").open("w")
        self._run.close()
        if started:
            fcntl.flock(guard, fcntl.LOCK_EX)
        guard.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Server:
    """The server of this run, with an empty, migrated database to copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with locked(folder / "start"):
            if not (folder / "started").exists():
                _start_guard(folder)
                (folder / "started").touch()

    def url(self, name: str) -> str:
        return url(self._folder, name)

    @asynccontextmanager
    async def copy(self, template: str) -> AsyncIterator[str]:
        """The URL of a new database made from `template`, dropped afterwards."""
        name = f"visita_{uuid4().hex}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            await self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def _execute(self, statement: str) -> None:
        connection: Any = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def url(folder: Path, name: str) -> str:
    """Of a database of the server in `folder`; it is reached through a socket there, never through the network."""
    return f"postgresql://postgres@/{name}?host={folder / 'data'}"


def _start_guard(folder: Path) -> None:
    """Returns when the server answers; the guard goes on in the background."""
    subprocess.run(
        [sys.executable, "-m", "tests.postgres_guard", str(folder)],
        check=True,
        # Of its own, so that Ctrl-C ends the run only and the guard can tidy up.
        start_new_session=True,
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "XDG_RUNTIME_DIR": str(folder)},
    )
