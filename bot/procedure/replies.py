"""What became of a message after it was sent: who answered what it asks, and who heard that nobody did. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.models.notices import TAKEN_BACK, Declaration, DeclarationKind, Notice, NoticeKind, Record, RecordKind
from bot.procedure.journeys import DRIVEN
from bot.procedure.picture import Picture
from bot.procedure.silence import SILENT
from bot.procedure.vocabulary import Answer

_ON_RECORD: Mapping[str, tuple[RecordKind, ...]] = {
    NoticeKind.REQUEST: (RecordKind.REQUEST_CONFIRMED, RecordKind.REQUEST_DECLINED, RecordKind.REQUEST_COUNTERED),
    NoticeKind.VEHICLE_REQUEST: (RecordKind.VEHICLE_ASSIGNED, RecordKind.VEHICLE_DECLINED),
    NoticeKind.DRIVER_REQUEST: (RecordKind.VEHICLE_CONFIRMED, RecordKind.DRIVER_DECLINED),
    NoticeKind.LEADER_REQUEST: (RecordKind.LEADER_CONFIRMED, RecordKind.LEADER_DECLINED),
    NoticeKind.PLAN_REQUEST: (RecordKind.PLAN_APPROVED, RecordKind.PLAN_RETURNED),
    NoticeKind.CHANGE_REQUEST: (RecordKind.CHANGE_GRANTED, RecordKind.CHANGE_REFUSED),
}
"""What answers messages whose answers stand in the record."""
_DECLARED = (Answer.GOT_IT, Answer.ON_MY_WAY, Answer.ATTENDANCE, Answer.DONE, Answer.HERE, Answer.DRIVE)
"""What is answered by a declaration."""


@dataclass(frozen=True)
class Reply:
    """Who answered, and when."""

    person_id: int
    at: datetime


def is_asking(notice: Notice) -> bool:
    """Whether somebody is to answer this message."""
    return notice.kind in _ON_RECORD or notice.payload.get("answer") in _DECLARED


def reply_to(notice: Notice, picture: Picture, records: Iterable[Record]) -> Reply | None:
    """The first answer, whoever of those who were asked gave it; `records`: of the visit, the oldest first."""
    if notice.kind in _ON_RECORD:
        since = notice.sent_at or notice.due_at
        about = (r for r in records if r.kind in _ON_RECORD[notice.kind] and _is_about(r, notice, picture))
        return next((Reply(record.person_id, record.at) for record in about if record.at >= since), None)
    said = _declared(notice, picture)
    if said is not None and said.is_taken_back:
        return Reply(said.person_id, datetime.fromisoformat(said.details[TAKEN_BACK]))
    stop = picture.stop(notice.stop_id)
    if said is None and stop is not None and notice.payload.get("answer") == Answer.DRIVE:
        said = min(
            picture.declared_of(stop, (*DRIVEN, DeclarationKind.LATE)), key=lambda one: one.declared_at, default=None
        )
    return Reply(said.person_id, said.declared_at) if said is not None else None


def taken_back(notice: Notice, picture: Picture, records: Iterable[Record]) -> Reply | None:
    """Who has said since that they can't after all; the last who did."""
    if notice.kind in _ON_RECORD:
        since = notice.sent_at or notice.due_at
        about = [r for r in records if r.kind in _ON_RECORD[notice.kind] and _is_about(r, notice, picture)]
        found = [r for r in about if r.details.get(TAKEN_BACK) and r.at >= since]
        return Reply(found[-1].person_id, found[-1].at) if found else None
    said = _declared(notice, picture)
    return Reply(said.person_id, said.declared_at) if said is not None and said.is_taken_back else None


def _declared(notice: Notice, picture: Picture) -> Declaration | None:
    return picture.declared(str(notice.payload.get("asks", "")))


def heard_of_silence(notices: Iterable[Notice]) -> Mapping[str, tuple[int, ...]]:
    """By question (`asks_of`): who was told that nobody answers it."""
    heard: dict[str, tuple[int, ...]] = {}
    for notice in notices:
        if notice.kind == NoticeKind.SILENCE and notice.sent_at is not None and notice.person_id is not None:
            for found in notice.payload[SILENT]["unanswered"]:
                heard[found["asks"]] = (*heard.get(found["asks"], ()), notice.person_id)
    return heard


def _is_about(record: Record, notice: Notice, picture: Picture) -> bool:
    booking = picture.booking(notice.booking_id)
    match NoticeKind(notice.kind):
        case NoticeKind.REQUEST:
            return record.details.get("booking") == notice.booking_id
        case NoticeKind.LEADER_REQUEST:
            return booking is not None and record.details.get("leader") == booking.leader_id
        case _:
            return True
