"""What lets the bot catch up with its own rules: at start, after settings that touch many visits, and now and then."""

import asyncio

import structlog

from bot.services.replanning import Replanning

LONGEST_SLEEP_SECONDS = 60
"""Other replicas change settings too."""
log = structlog.get_logger(__name__)


class Replanner:
    """Runs `Replanning.catch_up` beside everything else."""

    def __init__(self, replanning: Replanning) -> None:
        self._replanning = replanning
        self._awake = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin with what the release before left."""
        self._running = asyncio.create_task(self._run(), name="replanner")
        self.wake()

    def wake(self) -> None:
        """Look at once."""
        self._awake.set()

    async def stop(self) -> None:
        """Return when the visits that are just being planned have been; the next start goes on with the others."""
        self._stopping = True
        self.wake()
        if self._running is not None:
            await self._running

    async def _run(self) -> None:
        with_release = True
        while not self._stopping:
            self._awake.clear()
            try:
                await self._replanning.catch_up(with_release=with_release, goes_on=lambda: not self._stopping)
                with_release = False
            except Exception:
                # The database may be away: what is behind stays marked, and the next look is never far.
                log.exception("replanner_stumbled")
            try:
                await asyncio.wait_for(self._awake.wait(), LONGEST_SLEEP_SECONDS)
            except TimeoutError:
                continue
