"""Files that are put together for somebody and sent to their direct message, once for each state of what they show."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.models.types import UtcDateTime


class HandoutKind(StrEnum):
    """What the files are."""

    HISTORY = "history"
    """The record of a visit as a table (G5)."""
    ITINERARY = "itinerary"
    """For the guests, as text, document and calendar file (B5)."""
    CALLED_OFF = "called_off"
    """That the visit is off, as text and as a file that takes it off the guests' calendars."""
    LETTER = "letter"
    """The invitation letter (A5)."""


class Handout(SQLModel, table=True):
    """One handout to one person: claimed before it is sent, so that a second press sends nothing."""

    __tablename__ = "handout"
    __table_args__ = (UniqueConstraint("visit_id", "person_id", "kind", "shows"),)

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id")
    person_id: int = Field(foreign_key="person.id")
    kind: str
    shows: str = Field(max_length=64)
    """Fingerprint of what the files say: when that changes, they may be sent again."""
    claimed_until: datetime = Field(sa_type=UtcDateTime)
    """Who sends it has until then; afterwards it counts as not sent."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def key(self) -> int:
        assert self.id is not None
        return self.id
