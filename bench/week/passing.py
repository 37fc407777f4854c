"""Time that passes as fast as the machine can follow: waiting is skipped, working is not.

Everything of a simulated week runs in one event loop, with Slack's end of the line. Whenever nothing happens in it for
a moment, all that is left is waiting, for the pace of messages for instance, and the loop's time goes on to the next
timer at once. Work takes as long as it takes: what is measured as lateness is at most longer than it would be.
"""

import asyncio
import selectors
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Pool, event

from sandbox.clock import TimeSource, WorkspaceClock

QUIET = 0.0005
"""Seconds without any event after which nothing can be under way: all ends of all lines are in this loop, but for the
database's, and while somebody holds a connection to that no time is skipped."""


class PassingLoop(asyncio.SelectorEventLoop):
    """An event loop whose time can be moved; while it `hurries` it moves itself to the next timer when it is idle."""

    def __init__(self) -> None:
        self.ahead = 0.0
        """Seconds that were skipped so far."""
        self.hurries = False
        self.asking = 0
        """How many connections to the database are in use."""
        super().__init__(_Impatient(self))

    def time(self) -> float:
        return super().time() + self.ahead

    @contextmanager
    def minding_databases(self) -> Iterator[None]:
        """Until the block ends, what is asked of any database counts as work."""

        def taken(*_: Any) -> None:
            self.asking += 1

        def given_back(*_: Any) -> None:
            self.asking -= 1

        event.listen(Pool, "checkout", taken)
        event.listen(Pool, "checkin", given_back)
        try:
            yield
        finally:
            event.remove(Pool, "checkout", taken)
            event.remove(Pool, "checkin", given_back)


class _Impatient(selectors.SelectSelector):
    def __init__(self, loop: PassingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not self._loop.hurries or self._loop.asking or timeout is None or timeout <= QUIET:
            return super().select(timeout)
        ready = super().select(QUIET)
        if not ready:
            self._loop.ahead += timeout - QUIET
        return ready


class PassingTime:
    """The machine's clocks, as far ahead as the loop is (a `sandbox.clock.TimeSource`)."""

    def __init__(self, loop: PassingLoop, machine: TimeSource) -> None:
        self._loop = loop
        self._machine = machine

    def wall(self) -> float:
        return self._machine.wall() + self._loop.ahead

    def monotonic(self) -> float:
        return self._loop.time()


def pass_to(clock: WorkspaceClock, moment: datetime) -> None:
    """It is that moment now, for everybody; one that is past already leaves everything as it is."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, PassingLoop)
    loop.ahead += max((moment - clock.now()).total_seconds(), 0.0)
