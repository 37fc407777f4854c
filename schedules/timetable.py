"""What wakes the bot: APScheduler, armed on the next due time and never for long. It never holds the truth."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock, SystemClock
from bot.services.delivery import Delivery

LONGEST_SLEEP = timedelta(seconds=15)
"""However far off the next due time is: clocks step, machines are suspended, other replicas add notices."""
AFTER_STUMBLING = timedelta(seconds=5)
"""The database may be back long before the longest sleep is over."""
log = structlog.get_logger(__name__)


class Timetable:
    """Runs the delivery: at every due time, after every commit, and at least every 15 seconds."""

    def __init__(self, delivery: Delivery, clock: Clock) -> None:
        self._delivery = delivery
        self._clock = clock
        self._machine = SystemClock()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._awake = asyncio.Event()
        self._stopping = False
        self._rings_at: datetime | None = None
        """By the machine's clock."""
        self._longest: asyncio.TimerHandle | None = None
        """Rings by the loop's time, which nobody sets back: APScheduler would sleep as much longer as its clock was."""
        self.armed: Callable[[timedelta], None] = lambda wait: None
        """Told how long it is to the next look: where time jumps, APScheduler does not notice."""
        self._pump: asyncio.Task[None] | None = None
        delivery.freed = self.wake

    def start(self) -> None:
        """Begin to deliver, what is overdue first."""
        self._scheduler.start()
        self._pump = asyncio.create_task(self._run(), name="timetable")
        self.wake()

    def wake(self) -> None:
        """Look at once whether something is due."""
        self._awake.set()

    async def stop(self) -> None:
        """Begin nothing new; return when all that is on its way to Slack has ended."""
        self._stopping = True
        self.wake()
        if self._pump is not None:
            await self._pump
        self._scheduler.shutdown(wait=False)
        if self._longest is not None:
            self._longest.cancel()
        await self._delivery.finish()

    async def _run(self) -> None:
        while True:
            await self._awake.wait()
            if self._stopping:
                return
            self._awake.clear()
            try:
                while await self._delivery.start_due() and self._delivery.can_begin_more:
                    pass
                self._arm(await self._delivery.next_look())
            except Exception:
                # The database may be away: what is due stays due, and the next look is never far.
                log.exception("timetable_stumbled")
                self._arm(self._clock.now() + AFTER_STUMBLING)

    def _arm(self, due: datetime | None) -> None:
        """Wake at the due time as the machine's clock will show it, and not later than the longest sleep from now.

        What rings earlier than that anyway is left as it is: every commit comes by here.
        """
        wait = LONGEST_SLEEP if due is None else min(max(due - self._clock.now(), timedelta(0)), LONGEST_SLEEP)
        self.armed(wait)
        if self._longest is not None:
            self._longest.cancel()
        self._longest = asyncio.get_running_loop().call_later(LONGEST_SLEEP.total_seconds(), self.wake)
        now = self._machine.now()
        rings_at = now + max(wait, timedelta(milliseconds=5))
        if self._rings_at is not None and now < self._rings_at <= rings_at:
            return
        self._rings_at = rings_at
        self._scheduler.add_job(
            self._ring,
            "date",
            run_date=rings_at,
            id="next",
            replace_existing=True,
            misfire_grace_time=None,
            # On a busy machine it is due again before the scheduler has noticed that the last ring is over.
            max_instances=9,
        )

    async def _ring(self) -> None:
        self._rings_at = None
        self.wake()
