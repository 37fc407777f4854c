"""`visita demo` as a newcomer starts it: a process of its own, stopped, killed and started again at will."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

_CODE = str(Path(__file__).parents[2])
"""The checkout under test, whichever else is installed."""
ADDRESS = "Visita is open at "
_START_SECONDS = 30
_STOP_SECONDS = 15


class Demonstration:
    """One demo in a folder of its own; a restart keeps its port, so that open pages find it again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.welcome: list[str] = []
        self._process: Process | None = None

    @property
    def complaints(self) -> str:
        """What it wrote to its standard error, over all its starts."""
        return (self.folder / "complaints.txt").read_text(encoding="utf-8")

    async def start(self, *options: str) -> None:
        """Start it and wait until it has printed its address; `options` are those of `visita demo`."""
        port = urlsplit(self.url).port or 0
        with (self.folder / "complaints.txt").open("a", encoding="utf-8") as complaints:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "demo", "--port", str(port), *options),
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": _CODE},
                stdout=PIPE,
                stderr=complaints,
            )
        self.welcome = await asyncio.wait_for(self._until_served(), _START_SECONDS)
        self.url = next(line.partition(ADDRESS)[2] for line in self.welcome if ADDRESS in line)

    async def stop(self) -> int:
        """Ask it to stop, as Ctrl-C does, and give its exit code."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """End it in the middle of whatever it is doing."""
        await self._end(signal.SIGKILL)

    async def _until_served(self) -> list[str]:
        """The lines up to the blank one after the hints: the address and what to try."""
        assert self._process
        assert self._process.stdout
        lines: list[str] = []
        while not (lines[-1:] == [""] and any(line.startswith("  ") for line in lines)):
            line = await self._process.stdout.readline()
            assert line, f"the demo ended instead of serving:\n{self.complaints}"
            lines.append(line.decode().rstrip("\n"))
        return lines

    async def _end(self, how: signal.Signals) -> int:
        assert self._process
        if self._process.returncode is None:
            self._process.send_signal(how)
        return await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)


@asynccontextmanager
async def demonstration(folder: Path, *options: str, approved: bool = False) -> AsyncIterator[Demonstration]:
    """A fresh demo, started with further options, stopped at the end; whatever it complained of fails the test.

    Unless `approved`, nobody approves plans: visits are prepared from the moment they are opened.
    """
    demo = Demonstration(folder)
    try:
        await demo.start("--fresh", *(() if approved else ("--without-approvals",)), *options)
        yield demo
    except BaseException as error:
        error.add_note(f"The demo's complaints: {demo.complaints or 'none'}")
        raise
    finally:
        await demo.stop()
    assert demo.complaints == ""
