"""The plan of a visit as it is put before an approver, and changes of what was approved (B3, B4, B8)."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.models.people import Actor
from bot.models.types import Json, UtcDateTime
from bot.models.visits import Visit


class PlanState(StrEnum):
    """Where a revision of a plan stands."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    """With remarks: the lead host revises the plan and sends it again."""
    TAKEN_BACK = "taken_back"
    """The visit changed, or the lead host took it back, before anybody decided."""


class Plan(SQLModel, table=True):
    """One revision of a visit's plan, as the approver saw it; what was decided is never edited."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("visit_id", "revision"),)

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id")
    revision: int
    """1 for the first."""
    state: str = PlanState.SUBMITTED
    version: int = 1
    """Counts every change of state: buttons carry it, so that an old one is known as old."""
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """What the plan said: compared with the revision before, and with what the visit says later."""
    submitted_by_id: int = Field(foreign_key="person.id")
    submitted_at: datetime = Field(sa_type=UtcDateTime)
    answer_by: datetime = Field(sa_type=UtcDateTime)
    """Until when the approver is waited for; then the deputy is asked, then the next leader."""
    handed_to_id: int | None = Field(default=None, foreign_key="person.id")
    """Whom the approver handed the decision to."""
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remarks: str = ""

    @property
    def key(self) -> int:
        assert self.id is not None
        return self.id

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == PlanState.SUBMITTED

    def can_be_decided_by(self, actor: Actor, asked: Collection[int]) -> bool:
        """Whoever was asked until now, or stands in for one of them, as long as nobody has decided."""
        return self.is_open and any(actor.acts_for(person) for person in asked)


class ChangeState(StrEnum):
    """Where a change of an approved plan stands."""

    ASKED = "asked"
    """Waits for consent; nothing has changed."""
    GRANTED = "granted"
    REFUSED = "refused"
    """Nothing has changed; the reason says why."""
    MADE = "made"
    """Urgent: made at once by the host, and put before the approver the same minute."""
    SEEN = "seen"
    """An urgent change that the approver has taken note of."""
    TAKEN_BACK = "taken_back"
    """Whoever asked, or the lead host, did so no longer before anybody decided."""
    OVERTAKEN = "overtaken"
    """The visit changed meanwhile, so that it cannot be made any more as it was asked for."""


class Verb(StrEnum):
    """What can be done to a visit that may touch what was approved; each is carried out again once it is allowed."""

    CHANGE_VISIT = "visit.change"
    CHOOSE_LEVEL = "level.choose"
    ADD_STOP = "stop.add"
    CHANGE_STOP = "stop.change"
    COPY_STOP = "stop.copy"
    REMOVE_STOP = "stop.remove"
    ADD_GUEST = "guest.add"
    CHANGE_GUEST = "guest.change"
    REMOVE_GUEST = "guest.remove"
    ADD_GUESTS = "guest.list"
    DESCRIBE_PARTY = "party.describe"
    DELAY = "delay"
    """Never asked for: a late flight waits for nobody (E4)."""


class ChangeRequest(SQLModel, table=True):
    """A change of what was approved: asked for, or made at once on the day (B8)."""

    __tablename__ = "change_request"

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    state: str = ChangeState.ASKED
    version: int = 1
    verb: str
    """Which verb is carried out once it is granted."""
    arguments: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """What that verb is given, as it was typed."""
    differences: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """Old and new of what was approved."""
    touches: list[int] = Field(default_factory=list, sa_type=Json)
    """The people who will be told, by person id."""
    asked_by_id: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answer_by: datetime = Field(sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = ""

    @property
    def key(self) -> int:
        assert self.id is not None
        return self.id

    @property
    def is_open(self) -> bool:
        """Whether it waits for consent."""
        return self.state == ChangeState.ASKED

    def can_be_decided_by(self, actor: Actor, asked: Collection[int]) -> bool:
        """Whoever was asked until now, or stands in for one of them, as long as nobody has decided."""
        return self.is_open and any(actor.acts_for(person) for person in asked)

    def can_be_taken_back_by(self, actor: Actor, visit: Visit) -> bool:
        """Whoever asked, and those who may change the visit, as long as nobody has decided."""
        return self.is_open and visit.is_open and (actor.id == self.asked_by_id or visit.can_be_changed_by(actor))

    def can_be_noted_by(self, actor: Actor, asked: Collection[int]) -> bool:
        """An urgent change that was made: whoever was told of it takes note, or objects."""
        return self.state == ChangeState.MADE and any(actor.acts_for(person) for person in asked)
