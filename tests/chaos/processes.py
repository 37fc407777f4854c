"""Bots as processes that are started again whenever they end, as a service manager does it."""

import asyncio
import os
import resource
import signal
import sys
from pathlib import Path

from bot import demo_office
from bot.app import Pacing

ROOT = Path(__file__).parents[2]
START_AGAIN = 0.5
"""Seconds that the service manager waits."""


class Replica:
    """One bot; what it logs is kept in `log`."""

    def __init__(self, name: str, folder: Path, api_url: str, database_url: str, clock: Path, pacing: Pacing) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.starts = 0
        self._folder = folder
        self._command = (
            *(sys.executable, "-m", "tests.chaos.replica"),
            *(str(clock), str(pacing.channel), str(pacing.workspace)),
        )
        self._environment = {
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": demo_office.BOT_TOKEN,
            "SLACK_APP_TOKEN": demo_office.APP_TOKEN,
            "SLACK_API_URL": api_url,
            "DATABASE_URL": database_url,
            "VISITA_TIMEZONE": demo_office.ZONE,
            "VISITA_LOCALE": demo_office.LOCALE,
        }
        self._process: asyncio.subprocess.Process | None = None
        self._wanted = True
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._keeping = asyncio.create_task(self._keep(), name=self.name)

    def signal(self, number: signal.Signals) -> None:
        """To the process, if it lives at present."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    def allow_files(self, size: int) -> None:
        """How far the process can write into any file: with 0 its disk is as good as full."""
        if self._process is not None and self._process.returncode is None:
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    async def stop(self) -> int:
        """SIGTERM, and no new start; the exit code."""
        self._wanted = False
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        assert self._keeping is not None
        await self._keeping
        return self._process.returncode or 0 if self._process is not None else 0

    async def _keep(self) -> None:
        while self._wanted:
            with self.log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *self._command, cwd=self._folder, env=self._environment, stdout=log, stderr=log
                )
            self.starts += 1
            await self._process.wait()
            if self._wanted:
                await asyncio.sleep(START_AGAIN)
