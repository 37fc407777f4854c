"""Turns: so many calls in a time, however many want to be made."""

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush


def alone() -> int:
    """For who shares with nobody."""
    return 1


class Pace:
    """Lets calls through once every `seconds` on the long run, `burst` of them at once after a rest.

    `sharers` says how many processes share what Slack allows: each keeps to its part.
    """

    def __init__(self, seconds: float, burst: int = 1, sharers: Callable[[], int] = alone) -> None:
        self._of_all = seconds
        self._burst = burst
        self._sharers = sharers
        self._due = 0.0
        """When the next call would come at an even pace."""
        self._paused_until = 0.0
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        """By urgency, then as they came."""
        self._came = 0

    @property
    def _seconds(self) -> float:
        return self._of_all * self._sharers()

    @property
    def _tolerance(self) -> float:
        return (max(self._burst // self._sharers(), 1) - 1) * self._seconds

    async def turn(self, urgency: float = 0.0, *, at_once: bool = False) -> None:
        """Returns when it is this caller's turn: the lower the `urgency`, the earlier among all who wait; those of the
        same in the order in which they come. `at_once`: before all who wait, unless Slack has asked to wait."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._due = max(self._due, now)
        wait = (self._paused_until if at_once else self._due - self._tolerance) - now
        self._due += self._seconds
        if wait <= 0:
            return
        if at_once:
            await asyncio.sleep(wait)
            return
        # Each who comes adds a turn at the end; whose it is will be found out when it comes.
        self._came += 1
        its_turn: asyncio.Future[None] = loop.create_future()
        heappush(self._waiting, (urgency, self._came, its_turn))
        loop.call_later(wait, self._next)
        await its_turn

    def _next(self) -> None:
        """It is the turn of the most urgent of those who still wait."""
        while self._waiting:
            _, _, its_turn = heappop(self._waiting)
            if not its_turn.done():
                its_turn.set_result(None)
                return

    def pause(self, seconds: float) -> None:
        """Slack asks to wait: everybody behind does."""
        now = asyncio.get_running_loop().time()
        self._paused_until = max(self._paused_until, now + seconds)
        self._due = max(self._due, self._paused_until + self._tolerance)

    @property
    def wait(self) -> float:
        """How many seconds the next call would have to wait."""
        return max(self._due - self._tolerance - asyncio.get_running_loop().time(), 0.0)

    @property
    def seconds_of_all(self) -> float:
        """How long the turns of those who wait take."""
        return len(self._waiting) * self._seconds

    def wait_of(self, urgency: float) -> float:
        """The same for one that goes before all who wait and are less urgent."""
        before_them = sum(waiting > urgency for waiting, _, _ in self._waiting) * self._seconds
        pause = self._paused_until - asyncio.get_running_loop().time()
        return max(self.wait - before_them, min(pause, self.wait), 0.0)

    @property
    def is_idle(self) -> bool:
        return self._due < asyncio.get_running_loop().time()
