"""Which of the messages that are out can read differently after a change.

Nearly every change of a visit is an answer about one stop: only what tells of that stop, or of several, is written
anew. Whatever else has changed may stand in any message of the visit.
"""

from collections.abc import Collection, Iterable

from sqlmodel import SQLModel

from bot.database import Written
from bot.models.bookings import Booking, BookingKind, Hold
from bot.models.notices import Declaration, Notice, NoticeKind, Record
from bot.procedure.sayings import Say
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


def stops_answered(written: Written) -> Collection[int] | None:
    """The stops about which somebody answered, where nothing else has changed; None where anything else has."""
    if not written.tables <= {Notice.__tablename__}:
        return None
    stops = {_stop_of(row, written) for row in written.rows if not _is_shown_nowhere(row)}
    return None if None in stops or not stops else {stop for stop in stops if stop is not None}


def _is_shown_nowhere(row: SQLModel) -> bool:
    """A message tells what its own row and record say, whatever becomes of others; and of what is held for a request
    what the request says."""
    return isinstance(row, (Notice, Record)) or (isinstance(row, Hold) and row.booking_id is not None)


def _stop_of(row: SQLModel, written: Written) -> int | None:
    """The stop about which this row is an answer."""
    match row:
        case Declaration():
            return row.stop_id
        case Booking() if row.kind == BookingKind.REQUEST and "stop_id" not in written.columns.get(id(row), ()):
            return row.stop_id
        case _:
            return None


def can_show(notice: Notice, stops: Collection[int] | None) -> bool:
    """Whether what has changed about these stops, or about anything, can stand in this message."""
    if stops is None or notice.stop_id is None or notice.stop_id in stops:
        return True
    return notice.payload.get("say") == Say.DOUBLE_CHECK


def doing(wanted: Iterable[Wanted], stops: Collection[int]) -> Collection[int]:
    """Who has something to do about these stops: on their run sheets it stands as long as it is not done."""
    return {w.person_id for w in wanted if w.kind == NoticeKind.DUTY and w.stop_id in stops and w.person_id is not None}
