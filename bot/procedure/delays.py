"""What became of a delay of the guests' arrival (E4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.models.visits import Stop


@dataclass(frozen=True)
class Moved:
    """What a delay has moved, for whoever told of it."""

    by: timedelta
    """Negative: the guests come earlier."""
    stops: tuple[tuple[Stop, datetime], ...]
    """Each stop as it is now, and when it was to begin before; the arrival first."""
    asked_again: tuple[int, ...] = ()
    """The requests whose answer does not hold any more."""
