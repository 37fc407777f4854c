"""What waits for whose answer: for one person over all visits, and in one visit who has been asked in vain."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from bot.models.bookings import Booking
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.people import Actor
from bot.models.visits import Visit, VisitState
from bot.procedure.calendar import calendar_of
from bot.procedure.deputies import FOR
from bot.procedure.picture import Picture
from bot.procedure.plan import Wanted, plan, planned_key
from bot.procedure.silence import CHASED, answer_to, asks_of
from bot.procedure.vocabulary import Answer
from bot.services.lookup import Lookup
from bot.services.office import Office
from bot.services.pictures import read_pictures

_ARRIVED = (NoticeState.SENT, NoticeState.MERGED)
_ASKING = (NoticeKind.REMINDER, NoticeKind.DUTY)
"""What asks by a button of its own; requests are looked for among the requests."""


@dataclass(frozen=True)
class Waiting:
    """A question that waits for one person's answer: a notice with its buttons, or a request."""

    picture: Picture
    by: datetime
    """Until when it is to be answered."""
    notice: Notice | None = None
    booking: Booking | None = None


@dataclass(frozen=True)
class Unanswered:
    """A question of a visit that was asked more than once, and that nobody has answered."""

    first: Notice
    people: Sequence[int]
    deputies: Sequence[int]
    times: int


@dataclass(frozen=True)
class Waits:
    """Reads."""

    office: Office
    lookup: Lookup

    async def of(self, actor: Actor) -> list[Waiting]:
        """Everything that waits for a person's answer, the most urgent first."""
        found = [
            Waiting(picture, booking.answer_by or _begins(picture, booking), booking=booking)
            for picture, booking in await self.lookup.waiting_for(actor)
        ]
        found += await self._asked(actor)
        return sorted(found, key=lambda waiting: waiting.by)

    async def in_visit(self, picture: Picture) -> list[Unanswered]:
        """The questions of a visit that have been chased and are still open, in the order they were asked."""
        arrived = (
            select(Notice)
            .where(Notice.visit_id == picture.visit.key, col(Notice.state).in_(_ARRIVED))
            .where(col(Notice.sent_at).is_not(None))
            .order_by(col(Notice.sent_at), col(Notice.key))
        )
        async with self.office.database.read() as session:
            rows = (await session.exec(arrived)).all()
        planned = self._planned(picture) if any(CHASED in row.payload for row in rows) else {}
        questions: dict[str, list[Notice]] = {}
        for row in rows:
            wanted = planned.get(planned_key(row.key))
            if wanted is not None and _is_open(picture, row, wanted) and row.kind != NoticeKind.SILENCE:
                questions.setdefault(asks_of(wanted), []).append(row)
        return [_unanswered(asked) for asked in questions.values() if any(CHASED in row.payload for row in asked)]

    async def _asked(self, actor: Actor) -> list[Waiting]:
        """By notices that reached the person, each question once."""
        now = self.office.clock.now()
        statement = (
            select(Notice, Visit)
            .join(Visit, col(Visit.id) == Notice.visit_id)
            .where(Notice.person_id == actor.id, col(Notice.state).in_(_ARRIVED), col(Notice.kind).in_(_ASKING))
            .where(col(Notice.sent_at).is_not(None), Notice.useful_until > now)
            .where(Visit.state == VisitState.OPEN, Visit.workspace_id == actor.person.workspace_id)
            .order_by(col(Notice.sent_at), col(Notice.key))
        )
        async with self.office.database.read() as session:
            rows = [(n, v) for n, v in (await session.exec(statement)).all() if _asks(n)]
            pictures = await read_pictures(session, {visit.key: visit for _, visit in rows}.values())
        rows = [(notice, visit) for notice, visit in rows if _is_unanswered(pictures[visit.key], notice)]
        planned = {visit.key: self._planned(pictures[visit.key]) for visit in {v.key: v for _, v in rows}.values()}
        found: dict[tuple[int, str], Waiting] = {}
        for notice, visit in rows:
            wanted = planned[visit.key].get(planned_key(notice.key))
            if wanted is not None and wanted.is_open and now < wanted.useful_until:
                by = wanted.answer_by or wanted.useful_until
                found.setdefault((visit.key, asks_of(wanted)), Waiting(pictures[visit.key], by, notice=notice))
        return list(found.values())

    def _planned(self, picture: Picture) -> Mapping[str, Wanted]:
        calendar = calendar_of(picture.workspace, picture.visit)
        return {wanted.key: wanted for wanted in plan(picture, self.office.rulebook, calendar)}


def _asks(notice: Notice) -> bool:
    return Answer(notice.payload.get("answer", Answer.NONE)) is not Answer.NONE


def _is_unanswered(picture: Picture, notice: Notice) -> bool:
    return answer_to(picture, notice.payload, picture.stop(notice.stop_id), None) is None


def _is_open(picture: Picture, row: Notice, wanted: Wanted) -> bool:
    booking = picture.booking(row.booking_id)
    asks = wanted.answer_by is not None or CHASED in row.payload
    return asks and wanted.is_open and answer_to(picture, row.payload, picture.stop(row.stop_id), booking) is None


def _unanswered(asked: Iterable[Notice]) -> Unanswered:
    rows = list(asked)
    instead = [row for row in rows if CHASED in row.payload and FOR in row.payload]
    own = [row for row in rows if row not in instead]
    people = dict.fromkeys(row.person_id for row in own if row.person_id is not None)
    deputies = dict.fromkeys(row.person_id for row in instead if row.person_id is not None)
    times = max((sum(row.person_id == person for row in own) for person in people), default=0)
    return Unanswered((own or rows)[0], tuple(people), tuple(deputies), times)


def _begins(picture: Picture, booking: Booking) -> datetime:
    stop = picture.stop(booking.stop_id)
    return stop.starts_at if stop is not None else picture.visit.departs_at
