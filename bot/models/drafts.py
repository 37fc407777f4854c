"""Forms that somebody is still filling in."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.models.types import Json, UtcDateTime


class Draft(SQLModel, table=True):
    """What somebody typed into the form for a new visit, kept until the visit is open: nothing typed is lost."""

    __tablename__ = "draft"

    id: str = Field(primary_key=True, max_length=32)
    workspace_id: str = Field(foreign_key="workspace.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    form: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    copied_from_id: int | None = Field(default=None, foreign_key="visit.id")
    """The visit whose guests and stops the new one takes over."""
    visit_id: int | None = Field(default=None, foreign_key="visit.id")
    """Set once, when the visit is opened: a second press opens nothing."""
