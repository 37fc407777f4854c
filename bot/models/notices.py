"""A notice: one message to one person or channel, due at a moment; the only way anybody else is told."""

from datetime import datetime
from enum import StrEnum
from secrets import token_hex
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Index, UniqueConstraint, bindparam, text
from sqlmodel import Field, SQLModel

from bot.models.types import Json, UtcDateTime


class NoticeState(StrEnum):
    """Where a notice stands on its way."""

    PENDING = "pending"
    SENDING = "sending"
    """Claimed by a sender until `lease_until`."""
    SENT = "sent"
    MERGED = "merged"
    """Told by another message, `merged_into`, together with what else was due (G4)."""
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
    TOLD_ALREADY = "told already"
    ONE_BY_ONE = "told one by one"
    """Its parts could not be told in one message; of a part, that it was tried in one with others."""
    AWAY = "away"
    """Its recipient is away: the deputy is asked."""
    NO_CARD = "the card could not be posted"
    MAYBE_TWICE = "perhaps twice"
    """Sent again without knowing whether the first had arrived, because the scope to look is missing."""
    UNKNOWN_TWICE = "unknown twice"
    NOT_INSTALLED = "not installed"
    """Waits until the workspace installs the bot again, or until it is of no more use."""
    NOT_CONNECTED = "not connected"
    """Slack could not be reached."""
    NOT_THERE = "not there"
    """Somebody looked: no earlier try arrived. It waits for its turn, and need not be looked for again."""


UNKNOWN = "unknown outcome"
"""How the reason of a row begins that may have been sent without our knowing: it is looked for before it is sent."""
HELD_IN_DOUBT = f"{UNKNOWN}: {Reason.NOT_INSTALLED}"
"""The reason of a row that may have been sent before the workspace removed the bot, and waits until it is back."""
HELD = (Reason.NOT_INSTALLED, HELD_IN_DOUBT)
"""The reasons of rows that wait until the workspace has the bot, or a process the key to its token."""
OPEN_STATES = (NoticeState.PENDING, NoticeState.SENDING)


class NoticeKind(StrEnum):
    """What a notice says; each has its builder in `bot.messages.notices`."""

    REMINDER = "reminder"
    VEHICLE_REQUEST = "vehicle_request"
    DRIVER_REQUEST = "driver_request"
    LEADER_REQUEST = "leader_request"
    REQUEST = "request"
    """What an entry of the rulebook asks of its owner (section C)."""
    REQUEST_ANSWER = "request_answer"
    """What became of it, for those who wait for it."""
    DRIVER_UNNAMED = "driver_unnamed"
    """To the lead host: somebody who was to drive to a stop drives elsewhere at the time that it has now (E4)."""
    LEFT = "left"
    """To the lead host: somebody who had something to do in the visit has left the workspace (G1)."""
    COUNTER = "counter"
    """What its owner proposes instead, for the lead host."""
    VEHICLE_ANSWER = "vehicle_answer"
    LEADER_ANSWER = "leader_answer"
    DECLARATION = "declaration"
    REMARK = "remark"
    """A wish, an unplanned meal or a shortcoming that somebody noted (E3, E6, E7)."""
    CHANGE = "change"
    CALLED_OFF = "called_off"
    """To the lead host of a canceled visit: what to forward to guests who have papers of it."""
    UNDELIVERED = "undelivered"
    SHORT_NOTICE = "short_notice"
    """What falls due for one person at the same moment, in one message (G4); made when its parts are claimed."""
    DUTY = "duty"
    """Something to do or to mind: its words are named by the rule (`say`)."""
    NUDGE = "nudge"
    """What waits for somebody, once more, because lead host or administration pressed for it (C16)."""
    SILENCE = "silence"
    """To administration and the lead host: who has not answered what, since when."""
    HANDOVER = "handover"
    """What somebody takes over from somebody else, in one message; and to that one, who did (G1)."""
    RUN_SHEET = "run_sheet"
    """A person's day, over all visits (E1)."""
    BOARD = "board"
    """All visits of a day in the reception channel, always as they stand."""
    PLAN_REQUEST = "plan_request"
    """A plan that wants approval (B4)."""
    PLAN_NEWS = "plan_news"
    """What became of a plan, and who is asked now."""
    CHANGE_REQUEST = "change_request"
    """A change of what was approved that wants consent, or was made at once and wants to be noted (B8)."""
    CHANGE_NEWS = "change_news"
    """What became of such a change, and who is asked now."""
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
        # What is tried at another moment than it is due: little, while nearly all that is open is still to come; and
        # without what is being sent, or each claim would have to write one index more.
        Index(
            "ix_notice_put_off",
            "due_at",
            sqlite_where=text("state = 'pending' AND attempt_at <> due_at"),
            postgresql_where=text("state = 'pending' AND attempt_at <> due_at"),
        ),
        Index(
            "ix_notice_stale",
            "stale_since",
            sqlite_where=text("stale_since IS NOT NULL"),
            postgresql_where=text("stale_since IS NOT NULL"),
        ),
        Index(
            "ix_notice_of_workspace",
            "workspace_id",
            "key",
            unique=True,
            sqlite_where=text("visit_id IS NULL"),
            postgresql_where=text("visit_id IS NULL"),
        ),
        Index(
            "ix_notice_of_day",
            "workspace_id",
            "useful_until",
            sqlite_where=text("visit_id IS NULL"),
            postgresql_where=text("visit_id IS NULL"),
        ),
        Index("ix_notice_person", "person_id", "state"),
        # Whom a visit has something for, without reading what it is.
        Index("ix_notice_of_visit", "visit_id", "person_id"),
        Index(
            "ix_notice_merged",
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=32)
    workspace_id: str = Field(foreign_key="workspace.id")
    visit_id: int | None = Field(default=None, foreign_key="visit.id")
    """None for what is about all visits of a day: a run sheet, the board."""
    key: str
    """What makes this notice this notice; derived by the planner, unique in the visit (in the workspace, where it is
    about no single visit): nobody is told twice."""
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
    first_tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was claimed first: it was not posted before. None in rows that were tried before this was kept."""
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
    merged_into: str | None = Field(default=None, max_length=32)
    """The id of the message that tells this too."""

    @property
    def visit_key(self) -> int:
        """The visit of a notice that is about one."""
        assert self.visit_id is not None
        return self.visit_id


_STATE = SQLModel.metadata.tables["notice"].c.state


def new_ids(now: datetime, how_many: int) -> list[str]:
    """Each begins with the moment, to the millisecond, and goes on at random.

    What is written together stands together in the index of the ids: by chance alone, each row of a visit would have
    its own page of the index changed, and written to the disk with the commit.
    """
    begins, at_random = f"{int(now.timestamp() * 1000):012x}", token_hex(10 * how_many)
    return [begins + at_random[place : place + 20] for place in range(0, len(at_random), 20)]


def new_id(now: datetime) -> str:
    """For a single notice."""
    return new_ids(now, 1)[0]


def is_open() -> ColumnElement[bool]:
    """The rows that are still to be sent, in the words of the index over them.

    The states stand in the statement itself: SQLite takes no partial index for values that are bound to it later, and
    reads the whole table instead.
    """
    states: BindParameter[str] = bindparam("open_states", list(OPEN_STATES), expanding=True, literal_execute=True)
    return _STATE.in_(states)


def goes_before() -> ColumnElement[bool]:
    """The rows that were neither tried nor put off, and are of use until before the parameter `before`."""
    of = SQLModel.metadata.tables["notice"].c
    return (of.attempts == 0) & (of.attempt_at == of.due_at) & (of.useful_until < bindparam("before"))


def in_doubt() -> ColumnElement[bool]:
    """The rows that may have arrived at an earlier try: they are looked for first."""
    return SQLModel.metadata.tables["notice"].c.reason.startswith(UNKNOWN, autoescape=True)


class DeclarationKind(StrEnum):
    """What a person declares by pressing a button."""

    ON_MY_WAY = "on_my_way"
    IN_PLACE = "in_place"
    ABOARD = "aboard"
    """The guests are in the car (D1.4)."""
    ARRIVED = "arrived"
    LATE = "late"
    """Whoever drives will be late by some minutes."""
    HERE = "here"
    """The guests are at the gate (C11)."""
    ATTENDS = "attends"
    CANNOT_ATTEND = "cannot_attend"
    GOT_IT = "got_it"
    DONE = "done"
    """One of those who were asked has done it: it is done for all of them."""


TAKEN_BACK = "taken_back"
"""In what is kept of an answer: that it was a yes before, and was taken back."""
AFTER_ALL = "after_all"
"""In what is kept of an answer: that it was a no before."""


class Declaration(SQLModel, table=True):
    """What somebody declared about a stop as it stood then, or about the visit; a stop that moves is declared anew."""

    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("visit_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    key: str
    """What was asked, see `declaration_key`: nobody answers the same twice."""
    stop_id: int | None = Field(default=None, foreign_key="stop.id")
    person_id: int = Field(foreign_key="person.id")
    stop_starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    kind: str
    rule: str = ""
    """The row of the procedure that asked."""
    declared_at: datetime = Field(sa_type=UtcDateTime)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """Numbers that came with it: guests and luggage aboard, minutes late; and when a yes was given that was taken back
    (`TAKEN_BACK`), or a no before the yes (`AFTER_ALL`)."""

    @property
    def is_after_all(self) -> bool:
        """Whether they had said no before."""
        return AFTER_ALL in self.details

    @property
    def told_again_at(self) -> str:
        """When it became something else than had been told before (ISO); empty where it has not."""
        return str(self.details.get("counted_at") or self.details.get("again_at") or "")

    @property
    def is_taken_back(self) -> bool:
        """Whether they had said yes before."""
        return TAKEN_BACK in self.details


def declaration_key(topic: str, stop_id: int | None, starts_at: datetime | None, person_id: int | None = None) -> str:
    """What a declaration answers: a topic (attendance, way, a rule's id) of a stop as it stands, or of the visit
    (None), by one person, or by whoever is first (None)."""
    about = "visit" if stop_id is None else f"stop{stop_id}:{starts_at:%Y%m%dT%H%M%S}"
    return f"{topic}:{about}" + (f":person{person_id}" if person_id is not None else "")


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
    REQUEST_CONFIRMED = "request_confirmed"
    REQUEST_DECLINED = "request_declined"
    REQUEST_COUNTERED = "request_countered"
    COUNTER_ACCEPTED = "counter_accepted"
    COUNTER_REJECTED = "counter_rejected"
    REQUEST_REASSIGNED = "request_reassigned"
    REQUESTS_ASKED_AGAIN = "requests_asked_again"
    """Their answers did not hold any more after a change (B8)."""
    REQUESTS_RELEASED = "requests_released"
    """They are not wanted any more, though nobody changed the visit: other rules or settings did."""
    DRIVER_UNNAMED = "driver_unnamed"
    """Somebody who was to drive to a stop drives elsewhere at the time that it has now."""
    LEFT = "left"
    """Somebody who had something to do has left the workspace."""
    DECLARED = "declared"
    DONE = "done"
    NUDGED = "nudged"
    LEVEL_CHOSEN = "level_chosen"
    BACKGROUND_CHECKED = "background_checked"
    PARTY_CHANGED = "party_changed"
    CLIENT_CHANGED = "client_changed"
    PASSPORT_KEPT = "passport_kept"
    """That it was, and for whom; never what it says."""
    PAPERS_CHANGED = "papers_changed"
    LETTER_ISSUED = "letter_issued"
    NOTED = "noted"
    DELAYED = "delayed"
    ITINERARY_SENT = "itinerary_sent"
    CALLED_OFF = "called_off"
    """The cancellation was made for the guests."""
    GUESTS_AGREED = "guests_agreed"
    PLAN_SENT = "plan_sent"
    PLAN_APPROVED = "plan_approved"
    PLAN_RETURNED = "plan_returned"
    PLAN_HANDED = "plan_handed"
    """The approver handed the decision to somebody."""
    PLAN_TAKEN_BACK = "plan_taken_back"
    CHANGE_ASKED = "change_asked"
    CHANGE_MADE = "change_made"
    """An urgent one, made at once."""
    CHANGE_GRANTED = "change_granted"
    CHANGE_REFUSED = "change_refused"
    CHANGE_TAKEN_BACK = "change_taken_back"
    CHANGE_OVERTAKEN = "change_overtaken"
    CHANGE_SEEN = "change_seen"
    HANDED_OVER = "handed_over"
    """The visit, or everything somebody had to do with it, is somebody else's now (G1)."""


class Record(SQLModel, table=True):
    """Who did what, when; append-only (G5)."""

    __tablename__ = "record"

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
