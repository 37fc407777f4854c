"""Which of the messages that are out can read differently after a change.

Nearly every change of a visit is an answer. What is asked by a key of its own, or as a request, stands answered where
it was asked and where all that is open is listed; a step of a drive stands in every message about its stop. Whatever
else has changed may stand in any message of the visit.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import SQLModel

from bot.database import Written
from bot.models.bookings import Booking, BookingKind, BookingState, Hold
from bot.models.notices import Declaration, DeclarationKind, Notice, NoticeKind, Record
from bot.procedure.deputies import FOR
from bot.procedure.picture import Picture
from bot.procedure.sayings import Say
from bot.procedure.silence import SILENT
from bot.procedure.wanted import Wanted

EDITED = (
    NoticeKind.RUN_SHEET,
    NoticeKind.BOARD,
    NoticeKind.NUDGE,
    NoticeKind.CARD,
    NoticeKind.SHORT_NOTICE,
    NoticeKind.DUTY,
    NoticeKind.REMINDER,
    NoticeKind.VEHICLE_REQUEST,
    NoticeKind.DRIVER_REQUEST,
    NoticeKind.LEADER_REQUEST,
    NoticeKind.SILENCE,
    NoticeKind.PLAN_REQUEST,
    NoticeKind.PLAN_NEWS,
    NoticeKind.CHANGE_REQUEST,
    NoticeKind.REQUEST,
    NoticeKind.REQUEST_ANSWER,
    NoticeKind.COUNTER,
    NoticeKind.DRIVER_UNNAMED,
    NoticeKind.LEFT,
)
"""Messages that always show the present state; news stay as they were told."""


_ANSWERS_A_QUESTION = (
    DeclarationKind.GOT_IT,
    DeclarationKind.DONE,
    DeclarationKind.ATTENDS,
    DeclarationKind.CANNOT_ATTEND,
)
"""Declarations that messages look up by what they ask, and none by its stop: those about a drive."""
_OF_AN_ANSWER = {
    *("state", "version", "changed_at", "answered_by_id", "answer_by"),
    *("room_id", "details", "cost", "reason"),
}
"""What an answer changes of a request; whoever is asked, and about which stop, stays the same."""


_OF_EVERY_DRIVE = (NoticeKind.VEHICLE_REQUEST, NoticeKind.DRIVER_REQUEST)
"""A yes to all drives of a visit together: it can be taken back until the last of them."""


@dataclass
class Answers:
    """What somebody answered, where nothing else has changed."""

    stops: set[int] = field(default_factory=set)
    """What the answers are about."""
    asked: set[str] = field(default_factory=set)
    """The questions that were answered by a declaration, by its key."""
    requests: set[int] = field(default_factory=set)
    """That were answered, by id."""
    can_end_a_point: bool = False
    """Whether anything that is listed as open can have ended or begun."""
    is_of_stops: bool = False
    """Whether it may stand in any message about these stops."""

    def is_asked_in(self, notice: Notice | Wanted) -> bool:
        """Whether the notice asks what was answered, or tells that nobody answers it."""
        if notice.booking_id in self.requests or notice.payload.get("asks") in self.asked:
            return True
        payload: Mapping[str, Any] = notice.payload
        return any(found["asks"] in self.asked for found in payload.get(SILENT, {}).get("unanswered", ()))

    def about(self, stops: Iterable[int]) -> "Answers":
        """The same, with more stops."""
        return Answers({*self.stops, *stops}, self.asked, self.requests, self.can_end_a_point, self.is_of_stops)

    def _add(self, row: SQLModel, written: Written) -> bool:
        """Says whether this row is an answer."""
        match row:
            case Declaration() if row.stop_id is not None:
                self.stops.add(row.stop_id)
                if row.kind in _ANSWERS_A_QUESTION:
                    self.asked.add(row.key)
                    self.can_end_a_point |= row.kind == DeclarationKind.DONE
                else:
                    self.is_of_stops = self.can_end_a_point = True
            case Booking() if row.kind == BookingKind.REQUEST and row.stop_id is not None:
                columns = written.columns.get(id(row), set())
                if "stop_id" in columns:
                    return False
                self.stops.add(row.stop_id)
                self.requests.add(row.key)
                self.can_end_a_point = True
                is_off = row.state == BookingState.RELEASED or bool(row.counter)
                self.is_of_stops |= is_off or not columns or not columns <= _OF_AN_ANSWER
            case _:
                return False
        return True


def answers_in(written: Written) -> Answers | None:
    """What was answered, where nothing else has changed; None where anything else has."""
    if not written.tables <= {Notice.__tablename__}:
        return None
    answers = Answers()
    told = [row for row in written.rows if not _is_shown_nowhere(row)]
    return answers if told and all(answers._add(row, written) for row in told) else None


def _is_shown_nowhere(row: SQLModel) -> bool:
    """A message tells what its own row and record say, whatever becomes of others; and of what is held for a request
    what the request says."""
    return isinstance(row, (Notice, Record)) or (isinstance(row, Hold) and row.booking_id is not None)


def can_show(notice: Notice, answers: Answers | None) -> bool:
    """Whether what was answered, or has changed in whatever way, can stand in this message."""
    if answers is None or answers.is_asked_in(notice):
        return True
    if notice.payload.get("say") == Say.DOUBLE_CHECK:
        return answers.can_end_a_point
    if notice.stop_id is None or (answers.is_of_stops and notice.kind in _OF_EVERY_DRIVE):
        return True
    # Whether a deputy still stands in for somebody hangs on what either has answered about the stop.
    return (answers.is_of_stops or FOR in notice.payload) and notice.stop_id in answers.stops


def owners_of_points(
    answers: Answers, rows: Iterable[Notice], wanted: Iterable[Wanted], picture: Picture
) -> Collection[int | None]:
    """For whom an answer can end or begin something to do: a nudge lists only what its reader has."""
    if not answers.can_end_a_point:
        return ()

    # Who else is asked the same after a silence is worked out for the message only: whoever has to do with the stop.
    is_wide = answers.is_of_stops or bool(answers.requests)

    def is_meant(notice: Notice | Wanted) -> bool:
        return answers.is_asked_in(notice) or (is_wide and notice.stop_id in answers.stops)

    owners = {row.person_id for row in rows if is_meant(row)} | {one.person_id for one in wanted if is_meant(one)}
    if is_wide:
        owners |= {picture.visit.lead_host_id, *(booking.driver_id for booking in picture.bookings)}
    return owners


def doing(wanted: Iterable[Wanted], answers: Answers) -> Collection[int]:
    """Who has something to do that was answered: on their run sheets it stands as long as it is not done."""
    duties = [w for w in wanted if w.kind == NoticeKind.DUTY and w.person_id is not None]
    return {w.person_id or 0 for w in duties if answers.is_asked_in(w) or _hangs_on(w, answers)}


def _hangs_on(wanted: Wanted, answers: Answers) -> bool:
    return answers.is_of_stops and wanted.stop_id in answers.stops
