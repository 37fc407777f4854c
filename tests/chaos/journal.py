"""What was done to the bot and when, in true time; from it follows when each notice should have left."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import SystemClock

Seconds = float


@dataclass(frozen=True)
class Episode:
    """Something that can make a notice late between `begin` and `end`, what follows from it included."""

    what: str
    begin: Seconds
    end: Seconds


@dataclass
class Journal:
    """Kept by whoever causes trouble. Times are seconds since the epoch by the true clock, which is also Slack's."""

    episodes: list[Episode] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    _steps: list[tuple[Seconds, float]] = field(default_factory=lambda: [(-math.inf, 0.0)])

    def now(self) -> Seconds:
        return SystemClock().now().timestamp()

    def happened(self, what: str, begin: Seconds, aftermath: timedelta = timedelta(0)) -> None:
        """From `begin` until now, and what follows from it for a while."""
        self.episodes.append(Episode(what, begin, self.now() + aftermath.total_seconds()))
        self.counts[what] = self.counts.get(what, 0) + 1

    def stepped(self, offset: float) -> None:
        """From now on the bot's clock is this many seconds ahead."""
        self._steps.append((self.now(), offset))

    def shown_at(self, due: datetime) -> Seconds:
        """When the bot's clock first showed this moment; infinity if it never did."""
        for begin, end, offset in self._clocks():
            shown = max(begin, due.timestamp() - offset)
            if shown < end:
                return shown
        return math.inf

    def reasons(self, begin: Seconds, end: Seconds) -> list[str]:
        """What was going on at any time between these two."""
        return sorted({one.what for one in self.episodes if one.begin <= end and one.end >= begin})

    def _clocks(self) -> Iterator[tuple[Seconds, Seconds, float]]:
        ends = [begin for begin, _ in self._steps[1:]] + [math.inf]
        for (begin, offset), end in zip(self._steps, ends, strict=True):
            yield begin, end, offset
