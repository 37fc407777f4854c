"""A notice that ought to exist, and its key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from bot.models.notices import NoticeKind

NEWS_LASTS = timedelta(days=2)
"""How long an answer is still worth passing on after it was given."""
SETTLED_AFTER = timedelta(days=30)
"""So long after the guests have left nothing of their visit is said or asked any more: it need not be planned anew."""
_AGAIN = ":again"
_DEPUTY = ":deputy"


@dataclass(frozen=True)
class Wanted:
    """A notice that ought to exist. `is_open` is false where nothing is left to say: what is pending is withdrawn."""

    key: str
    kind: NoticeKind
    due_at: datetime
    useful_until: datetime
    person_id: int | None = None
    rule: str = ""
    stop_id: int | None = None
    booking_id: int | None = None
    channel: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict)
    is_open: bool = True
    answer_by: datetime | None = None
    """Until when what it asks is to be answered; None: it asks for nothing."""
    answer_from: datetime | None = None
    """From when it can be answered, where that is later than it is said."""

    def but(self, **fields: Any) -> Self:
        """The same with these fields otherwise, as `dataclasses.replace` has it in five times the time: planning is
        little else."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, **fields)
        return other


def again(key: str, times: int) -> str:
    """The key of a notice that goes out once more, to somebody who was told meanwhile that it is off."""
    return f"{key}{_AGAIN}{times}" if times else key


def deputy_key(key: str, deputy: int) -> str:
    """The key of a notice that goes to somebody's deputy."""
    return f"{key}{_DEPUTY}{deputy}"


def own_key(key: str) -> str:
    """The key of the notice that a deputy gets in somebody's place; any other is its own."""
    return key.partition(_DEPUTY)[0]


def planned_key(key: str) -> str:
    """The planner's key of a notice, whether it goes out for the first time or again, or to a deputy."""
    return own_key(key).partition(_AGAIN)[0]
