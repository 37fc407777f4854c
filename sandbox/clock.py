"""The workspace's time: the machine's own, moved by an offset. Nothing else in the package reads a clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

Listener = Callable[[], None]


class TimeSource(Protocol):
    """Where real time comes from; a test hands in one that it moves itself."""

    def wall(self) -> float:
        """Seconds since the epoch."""

    def monotonic(self) -> float:
        """Seconds that never go backward."""


class MachineTime:
    """The machine's own clocks."""

    def wall(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()


class WorkspaceClock:
    """What time it is in the workspace.

    People may move it, so `now()` serves whatever people see: message timestamps, dates, the bot's idea of today.
    Handshakes between machines (trigger ids, rate limits, request signatures) follow `wall()` and `monotonic()`,
    which nobody moves; so a jump by a day breaks no request under way.
    """

    def __init__(self, source: TimeSource | None = None, offset: timedelta = timedelta(0)) -> None:
        self._source = source or MachineTime()
        self._offset = offset
        self._listeners: list[Listener] = []

    @property
    def offset(self) -> timedelta:
        return self._offset

    def now(self) -> datetime:
        """The workspace's time, aware, in UTC."""
        return datetime.fromtimestamp(self._source.wall(), UTC) + self._offset

    def wall(self) -> float:
        """Real seconds since the epoch, untouched by jumps."""
        return self._source.wall()

    def monotonic(self) -> float:
        return self._source.monotonic()

    def forward(self, delta: timedelta) -> None:
        if delta < timedelta(0):
            raise ValueError("the clock moves forward; shift() is there for going back on purpose")
        self.shift(delta)

    def to(self, moment: datetime) -> None:
        """Moves to a moment that is not past yet; one that is past leaves the clock where it is."""
        self.shift(max(moment - self.now(), timedelta(0)))

    def shift(self, delta: timedelta) -> None:
        self._offset += delta
        for listener in list(self._listeners):
            listener()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` after every move; answers with what ends the subscription."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
