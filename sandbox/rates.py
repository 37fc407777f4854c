"""Slack's rate limits: buckets that fill at a steady pace and hold a short burst."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` calls on the long run, `burst` of them at once."""

    per_second: float
    burst: float


def _per_minute(count: int) -> Rate:
    return Rate(count / 60, count)


@dataclass(slots=True)
class Rates:
    """What Slack documents. None lifts a limit; a benchmark may put others in.

    Slack tolerates short bursts without saying how long they may be; here a channel takes five messages at once
    and the workspace a hundred.
    """

    post_per_channel: Rate | None = field(default_factory=lambda: Rate(1, 5))
    post_per_workspace: Rate | None = field(default_factory=lambda: Rate(5, 100))
    tiers: dict[int, Rate | None] = field(
        default_factory=lambda: {1: Rate(1 / 60, 5), 2: _per_minute(20), 3: _per_minute(50), 4: _per_minute(100)}
    )

    @classmethod
    def unlimited(cls) -> "Rates":
        return cls(None, None, {})


class Limiter:
    """Counts calls by key and says how long a caller has to wait."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._free_at: dict[tuple[str, ...], float] = {}

    def wait(self, limits: Sequence[tuple[tuple[str, ...], Rate]]) -> int:
        """Whole seconds until the call fits all limits; 0 takes the call into account."""
        now = self._monotonic()
        due = []
        for key, rate in limits:
            free_at = max(self._free_at.get(key, 0.0), now)
            late = free_at - now - (rate.burst - 1) / rate.per_second
            if late > 1e-9:
                return max(1, math.ceil(late))
            due.append((key, free_at + 1 / rate.per_second))
        self._free_at.update(due)
        return 0
