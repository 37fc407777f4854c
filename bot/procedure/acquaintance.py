"""What the house knows of a client when the company's name is typed (A6)."""

from dataclasses import dataclass

from bot.models.guests import Client
from bot.models.visits import Visit


@dataclass(frozen=True)
class Acquaintance:
    """A client who has been here, or whose profile was written."""

    client: Client
    visits: tuple[Visit, ...]
    """Earlier visits, the newest first."""
    coming: tuple[Visit, ...] = ()
    """Visits that are still to come, the furthest first."""
