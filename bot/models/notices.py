"""A notice: one message to one person or channel, due at a moment; the only way anybody else is told."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Index, UniqueConstraint, bindparam, text
from sqlmodel import Field, SQLModel, col

from bot.models.types import Json, UtcDateTime


class NoticeState(StrEnum):
    """Where a notice stands on its way."""

    PENDING = "pending"
    SENDING = "sending"
    """Claimed by a sender until `lease_until`."""
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    """No longer wanted before it went out; `reason` says why."""
    EXPIRED = "expired"
    """Its moment passed before it could be sent; the host is told."""
    FAILED = "failed"
    """Could not be delivered; the host is told another way."""


class Reason(StrEnum):
    """Why a notice did not go out; Slack's own word stands where Slack refused it."""

    ANSWERED = "answered"
    NOT_PLANNED = "no longer planned"
    CHANGED_BACK = "changed back"
    TOO_LATE = "too late to be of use"
    GONE = "gone"
    NO_CARD = "the card could not be posted"


OPEN_STATES = (NoticeState.PENDING, NoticeState.SENDING)


class NoticeKind(StrEnum):
    """What a notice says; each has its builder in `bot.messages.notices`."""

    REMINDER = "reminder"
    VEHICLE_REQUEST = "vehicle_request"
    DRIVER_REQUEST = "driver_request"
    LEADER_REQUEST = "leader_request"
    VEHICLE_ANSWER = "vehicle_answer"
    LEADER_ANSWER = "leader_answer"
    DECLARATION = "declaration"
    CHANGE = "change"
    UNDELIVERED = "undelivered"
    CARD = "card"
    THREAD = "thread"


class Notice(SQLModel, table=True):
    """One message that has to reach one recipient, and its history."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("visit_id", "key"),
        Index(
            "ix_notice_open",
            "attempt_at",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index(
            "ix_notice_stale",
            "stale_since",
            sqlite_where=text("stale_since IS NOT NULL"),
            postgresql_where=text("stale_since IS NOT NULL"),
        ),
        Index("ix_notice_person", "person_id", "state"),
    )

    id: str = Field(primary_key=True, max_length=32)
    workspace_id: str = Field(foreign_key="workspace.id")
    visit_id: int = Field(foreign_key="visit.id")
    key: str
    """What makes this notice this notice; derived by the planner, unique in the visit: nobody is told twice."""
    kind: str
    rule: str = ""
    """The procedure's id of the row it carries out (D1.2)."""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    channel: str | None = None
    """The channel it is posted in, for those that go to no person."""
    stop_id: int | None = Field(default=None, foreign_key="stop.id")
    booking_id: int | None = Field(default=None, foreign_key="booking.id")
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    due_at: datetime = Field(sa_type=UtcDateTime)
    useful_until: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    state: str = NoticeState.PENDING
    attempt_at: datetime = Field(sa_type=UtcDateTime)
    """When it is to be tried next: the due time, a later try, or the end of a sender's lease."""
    attempts: int = 0
    lease: str = ""
    """Who is sending it; changes with each claim."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    slack_channel: str | None = None
    slack_ts: str | None = None
    told: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """What the recipient was told, stop by stop: what a later change is compared with."""
    stale_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Set when the message that was sent no longer shows the present state and must be edited."""
    rendered: str = ""
    """Fingerprint of the message as it stands in Slack: an edit that changes nothing is not made."""
    reason: str = ""


def is_open() -> ColumnElement[bool]:
    """The rows that are still to be sent, in the words of the index over them.

    The states stand in the statement itself: SQLite takes no partial index for values that are bound to it later, and
    reads the whole table instead.
    """
    states: BindParameter[str] = bindparam("open_states", list(OPEN_STATES), expanding=True, literal_execute=True)
    return col(Notice.state).in_(states)


class DeclarationKind(StrEnum):
    """What a person declares by pressing a reminder's button."""

    ON_MY_WAY = "on_my_way"
    ATTENDS = "attends"
    CANNOT_ATTEND = "cannot_attend"
    GOT_IT = "got_it"


class Declaration(SQLModel, table=True):
    """What somebody declared about a stop as it stood then; a stop that moves is declared anew."""

    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("stop_id", "person_id", "stop_starts_at"),)

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    stop_id: int = Field(foreign_key="stop.id")
    person_id: int = Field(foreign_key="person.id")
    stop_starts_at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    declared_at: datetime = Field(sa_type=UtcDateTime)


class RecordKind(StrEnum):
    """What the record of a visit keeps (G5)."""

    OPENED = "opened"
    CHANGED = "changed"
    CANCELED = "canceled"
    VEHICLE_ASSIGNED = "vehicle_assigned"
    VEHICLE_CONFIRMED = "vehicle_confirmed"
    VEHICLE_DECLINED = "vehicle_declined"
    DRIVER_DECLINED = "driver_declined"
    LEADER_CONFIRMED = "leader_confirmed"
    LEADER_DECLINED = "leader_declined"
    DECLARED = "declared"


class Record(SQLModel, table=True):
    """Who did what, when; append-only (G5)."""

    __tablename__ = "record"

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
