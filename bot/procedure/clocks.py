"""Wall-clock times around the changes of the clocks."""

from datetime import UTC, datetime


def earliest(local: datetime) -> datetime:
    """The instant (UTC) of a wall-clock time; of the two that a clock change makes possible, the earlier one."""
    return min(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def exists(local: datetime) -> bool:
    """Whether a wall-clock time is really shown by a clock of its zone: not skipped by daylight saving."""
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)
