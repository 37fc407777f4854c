"""What a workspace's administrators set besides roles: ranks and titles, rooms, lead times of their own."""

from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.models.types import Json


class Rank(SQLModel, table=True):
    """A rank of the house (B1): the number is compared, the titles are read."""

    __tablename__ = "rank"
    __table_args__ = (UniqueConstraint("workspace_id", "value"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    value: int
    """The higher, the more senior; from 1 to 100."""
    titles: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    """By language code of a catalog: en, es, zh_CN."""


class RoomKind(StrEnum):
    """What a room is for."""

    MEETING = "meeting"
    SHOWROOM = "showroom"
    DINING = "dining"


class Room(SQLModel, table=True):
    """A room of the house (C4)."""

    __tablename__ = "room"

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    name: str
    kind: str = RoomKind.MEETING
    capacity: int
    is_active: bool = True

    @property
    def key(self) -> int:
        assert self.id is not None
        return self.id


class RuleOverride(SQLModel, table=True):
    """What a workspace has otherwise than the rulebook says, for one entry of it."""

    __tablename__ = "rule_override"
    __table_args__ = (UniqueConstraint("workspace_id", "rule_id"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    rule_id: str
    lead: str | None = None
    """As in the rulebook: `2d`, `4h`; None: the rulebook's."""
    keeps_office_hours: bool | None = None
    """Whether it is brought forward into office hours (G3); None: the rulebook's."""
    is_on: bool = True
