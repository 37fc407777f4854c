"""What is noted from the phone during a visit."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from bot.models.types import UtcDateTime


class RemarkKind(StrEnum):
    """What somebody noted from the phone during a visit."""

    WISH = "wish"
    """Of the guests (E3)."""
    UNPLANNED_MEAL = "unplanned_meal"
    """Of the guests (E6)."""
    SHORTCOMING = "shortcoming"
    """Noted by whoever receives them (E7)."""


class Remark(SQLModel, table=True):
    """A wish of the guests, an unplanned meal, a shortcoming: noted in seconds, passed on at once (E3, E6, E7)."""

    __tablename__ = "remark"

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    kind: str
    text: str
    noted_by_id: int = Field(foreign_key="person.id")
    noted_at: datetime = Field(sa_type=UtcDateTime)
    about_id: int | None = Field(default=None, foreign_key="person.id")
    """Whom a shortcoming concerns."""
    stop_id: int | None = Field(default=None, foreign_key="stop.id")

    @property
    def key(self) -> int:
        assert self.id is not None
        return self.id
