"""Finding visits, and what waits for whom. A visit that somebody may not see does not exist for them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.errors import NotAllowed, OutOfDate, UnknownVisit
from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.guests import Guest
from bot.models.notices import Notice, Record
from bot.models.people import Actor, Workspace
from bot.models.visits import Participant, Stop, StopParticipant, Visit, VisitState
from bot.procedure.bookings import rule_of
from bot.procedure.calendar import calendar_of, day_of
from bot.procedure.conflicts import Surroundings
from bot.procedure.picture import Picture
from bot.procedure.plan import due_of
from bot.procedure.recipients import owners_of
from bot.procedure.rules import Rulebook
from bot.procedure.seeing import can_be_seen_by
from bot.services.office import Office
from bot.services.pictures import read_picture, read_pictures
from bot.services.surroundings import read_surroundings
from bot.services.today import OneDay, in_order

LONGEST_LIST = 40
AHEAD = timedelta(days=400)
"""How far ahead lists look."""
_REFERENCE = re.compile(r"(?:v\s*-?\s*)?0*(\d{1,6})", re.IGNORECASE)


@dataclass(frozen=True)
class Lookup:
    """Reads."""

    office: Office

    async def find(self, actor: Actor, reference: str) -> Picture:
        """The visit that people call `reference` (`V-0012`, `v12`, `12`); UnknownVisit if there is none."""
        match = _REFERENCE.fullmatch(reference.strip())
        if match is None:
            raise UnknownVisit(reference)
        own = select(Visit).where(Visit.workspace_id == actor.person.workspace_id)
        return await self._picture(own.where(Visit.number == int(match[1])), reference, actor)

    async def show(self, actor: Actor, visit_id: int) -> Picture:
        """The visit with this id."""
        own = select(Visit).where(Visit.workspace_id == actor.person.workspace_id)
        return await self._picture(own.where(Visit.id == visit_id), str(visit_id), actor)

    async def around(self, picture: Picture) -> Surroundings:
        """What else goes on at the house while a visit is there: what it may collide with."""
        async with self.office.database.read() as session:
            return await read_surroundings(session, picture)

    async def of_stop(self, actor: Actor, stop_id: int) -> Picture:
        """The visit that a stop belongs to."""
        async with self.office.database.read() as session:
            stop = await session.get(Stop, stop_id)
        if stop is None:
            raise OutOfDate
        return await self.show(actor, stop.visit_id)

    async def of_guest(self, actor: Actor, guest_id: int) -> Picture:
        """The visit that a guest comes with."""
        async with self.office.database.read() as session:
            guest = await session.get(Guest, guest_id)
        if guest is None:
            raise OutOfDate
        return await self.show(actor, guest.visit_id)

    async def of_booking(self, actor: Actor, booking_id: int) -> Picture:
        """The visit that a request belongs to."""
        async with self.office.database.read() as session:
            booking = await session.get(Booking, booking_id)
        if booking is None:
            raise OutOfDate
        return await self.show(actor, booking.visit_id)

    async def between(self, actor: Actor, start: datetime, end: datetime, *, mine: bool = False) -> list[Picture]:
        """Open visits under way in the span, in order of arrival; `mine`: those the person takes part in."""
        statement = (
            select(Visit)
            .where(Visit.workspace_id == actor.person.workspace_id, Visit.state == VisitState.OPEN)
            .where(Visit.departs_at >= start, Visit.arrives_at < end)
            .order_by(col(Visit.arrives_at), col(Visit.id))
            .limit(LONGEST_LIST)
        )
        if mine:
            parts = select(Participant.visit_id).where(Participant.person_id == actor.id)
            at_stops = select(StopParticipant.visit_id).where(StopParticipant.person_id == actor.id)
            hosted = or_(col(Visit.lead_host_id) == actor.id, col(Visit.opened_by_id) == actor.id)
            statement = statement.where(or_(hosted, col(Visit.id).in_(parts), col(Visit.id).in_(at_stops)))
        async with self.office.database.read() as session:
            visits = (await session.exec(statement)).all()
            found = (await read_pictures(session, visits)).values()
        return [picture for picture in found if can_be_seen_by(picture, self.office.rulebook, actor)]

    async def today(self, actor: Actor) -> OneDay:
        """The present day of the person's workspace, with all its visits."""
        async with self.office.database.read() as session:
            own = select(Workspace).where(Workspace.id == actor.person.workspace_id)
            workspace = (await session.exec(own)).one()
        zone = ZoneInfo(workspace.zone)
        start, end = day_of(self.office.clock.now(), zone)
        day = start.astimezone(zone).date()
        pictures = await self.between(actor, start, end)
        return OneDay(workspace, day, in_order(pictures, day, zone), actor.person)

    async def ledger(self, actor: Actor, picture: Picture) -> tuple[list[Notice], list[Record]]:
        """Every message of a visit by due time, and its record; for those who may change the visit."""
        if not picture.visit.can_be_changed_by(actor):
            raise NotAllowed(picture.visit.kept_by)
        statement = select(Notice).where(Notice.visit_id == picture.visit.key)
        async with self.office.database.read() as session:
            ordered = statement.order_by(col(Notice.due_at), col(Notice.created_at), col(Notice.key))
            notices = (await session.exec(ordered)).all()
            of_visit = select(Record).where(Record.visit_id == picture.visit.key).order_by(col(Record.id))
            return list(notices), list((await session.exec(of_visit)).all())

    async def waiting_for(self, actor: Actor) -> list[tuple[Picture, Booking]]:
        """The requests that wait for this person's answer, the most urgent first."""
        async with self.office.database.read() as session:
            open_requests = (
                select(Booking, Visit)
                .join(Visit, col(Visit.id) == Booking.visit_id)
                .where(Visit.workspace_id == actor.person.workspace_id, Visit.state == VisitState.OPEN)
                .where(col(Booking.state).in_([BookingState.REQUESTED, BookingState.ASSIGNED]))
                .where(Visit.departs_at >= self.office.clock.now())
                .order_by(col(Visit.arrives_at), col(Booking.id))
            )
            rows = (await session.exec(open_requests)).all()
            pictures = await read_pictures(session, {visit.key: visit for _, visit in rows}.values())
        found = [(pictures[visit.key], booking) for booking, visit in rows]
        rulebook, now = self.office.rulebook, self.office.clock.now()
        return [one for one in found if _waits_for(*one, actor, rulebook, now)]

    async def _picture(self, statement: SelectOfScalar[Visit], reference: str, actor: Actor) -> Picture:
        async with self.office.database.read() as session:
            visit = (await session.exec(statement)).one_or_none()
            if visit is None:
                raise UnknownVisit(reference)
            picture = await read_picture(session, visit)
        if not can_be_seen_by(picture, self.office.rulebook, actor):
            raise UnknownVisit(reference)
        return picture


def _waits_for(picture: Picture, booking: Booking, actor: Actor, rulebook: Rulebook, now: datetime) -> bool:
    """Whether it is this person's turn; what will be asked later does not wait yet."""
    if booking.state == BookingState.ASSIGNED:
        return booking.driver_id == actor.id
    rule, stop = rule_of(booking, rulebook.otherwise(picture.overrides)), picture.stop(booking.stop_id)
    is_first = booking.kind == BookingKind.REQUEST and not booking.round
    if is_first and rule is not None and stop is not None:
        due = due_of(picture, rule, stop, calendar_of(picture.workspace, picture.visit))
        return due <= now and owners_of(picture, rule, booking).include(actor)
    return owners_of(picture, rule, booking).include(actor)
