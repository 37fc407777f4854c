"""Requests and their answers: vehicle and driver (C1), a senior leader's time (B6). The first answer wins."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.errors import AlreadyAnswered, FormErrors, NotAllowed, OutOfDate, Problem, VehicleTaken, VisitIsOver, WhoMay
from bot.models.bookings import Booking, BookingKind, BookingState, Vehicle
from bot.models.notices import Notice, RecordKind
from bot.models.people import Actor, Person
from bot.models.roles import Part, Role
from bot.models.visits import Participant, Stop, StopParticipant, Visit, VisitState
from bot.procedure.journeys import BE_THERE_BEFORE
from bot.procedure.picture import Picture
from bot.services.itinerary import forget_answers
from bot.services.office import Change, Office
from bot.services.people import People

_NO_TRAVEL_TIME = timedelta(hours=1)
"""What a vehicle is held for before a pick-up whose travel time is not known."""


@dataclass(frozen=True)
class Bookings:
    """The verbs on requests. `version` is what the pressed button saw; anything else is out of date."""

    office: Office
    people: People

    async def assign(self, actor: Actor, booking_id: int, version: int, vehicle_id: int, driver: str) -> None:
        """Administration names vehicle and driver; the driver is asked."""
        known = await self.people.known(actor.person.workspace_id, [driver])
        if driver not in known or not known[driver].is_active:
            raise FormErrors({"driver": Problem.NOT_A_PERSON})
        async with self._answering(booking_id, version) as (change, booking):
            await self._check_owner(change, booking, actor)
            vehicle = await change.session.get(Vehicle, vehicle_id)
            if vehicle is None or vehicle.workspace_id != actor.person.workspace_id or not vehicle.is_active:
                raise FormErrors({"vehicle": Problem.MISSING})
            if vehicle.seats < change.visit.party_size:
                raise FormErrors({"vehicle": Problem.SEATS}, {"vehicle": str(vehicle.seats)})
            await _refuse_if_taken(change.session, booking, await change.picture(), vehicle, known[driver])
            booking.vehicle_id, booking.driver_id = vehicle.key, known[driver].key
            booking.round += 1
            booking.assigned_by_id, booking.answered_by_id, booking.reason = actor.id, None, ""
            _move(booking, BookingState.ASSIGNED, change.now)
            await _set_driver(change, known[driver].key)
            await change.record(actor.id, RecordKind.VEHICLE_ASSIGNED, driver=known[driver].key, vehicle=vehicle.key)

    async def confirm(self, actor: Actor, booking_id: int, version: int) -> None:
        """The driver takes the drive, or the executive office the leader's time."""
        async with self._answering(booking_id, version) as (change, booking):
            await self._check_answerer(change, booking, actor)
            booking.answered_by_id, booking.reason = actor.id, ""
            _move(booking, BookingState.CONFIRMED, change.now)
            kind = RecordKind.VEHICLE_CONFIRMED if booking.kind == BookingKind.VEHICLE else RecordKind.LEADER_CONFIRMED
            await change.record(actor.id, kind, leader=booking.leader_id)

    async def decline(self, actor: Actor, booking_id: int, version: int, reason: str) -> None:
        """Say no, with the reason. A driver's no goes back to administration; any other no goes to the lead host."""
        if not reason.strip():
            raise FormErrors({"reason": Problem.MISSING})
        async with self._answering(booking_id, version) as (change, booking):
            booking.reason = reason.strip()
            if booking.kind == BookingKind.VEHICLE and booking.state == BookingState.REQUESTED:
                await self._check_owner(change, booking, actor)
                kind, state = RecordKind.VEHICLE_DECLINED, BookingState.DECLINED
            else:
                await self._check_answerer(change, booking, actor)
                is_driver = booking.kind == BookingKind.VEHICLE
                kind = RecordKind.DRIVER_DECLINED if is_driver else RecordKind.LEADER_DECLINED
                state = BookingState.REQUESTED if is_driver else BookingState.DECLINED
            booking.answered_by_id = actor.id
            await self._take_out(change, booking)
            _move(booking, state, change.now)
            await change.record(actor.id, kind, reason=booking.reason, leader=booking.leader_id)

    async def answerable(self, actor: Actor, booking_id: int, version: int) -> Booking:
        """The request, if this person may answer it now: no is said before a form is opened, not after."""
        async with self._looking_at(booking_id, version) as (change, booking):
            if booking.kind == BookingKind.VEHICLE and booking.state != BookingState.ASSIGNED:
                await self._check_owner(change, booking, actor)
            else:
                await self._check_answerer(change, booking, actor)
            return booking

    async def assignable(self, actor: Actor, booking_id: int, version: int) -> Booking:
        """The vehicle request, if this person may assign it now, for the first time or anew."""
        async with self._looking_at(booking_id, version) as (change, booking):
            await self._check_owner(change, booking, actor)
            return booking

    @asynccontextmanager
    async def _looking_at(self, booking_id: int, version: int) -> AsyncIterator[tuple[Change, Booking]]:
        async with self.office.database.read() as session:
            booking = await session.get(Booking, booking_id)
            if booking is None:
                raise OutOfDate
            visit = (await session.exec(select(Visit).where(Visit.id == booking.visit_id))).one()
            if not visit.is_open:
                raise VisitIsOver(visit.reference)
            change = Change(session, visit, self.office.clock.now())
            if booking.version != version:
                await self._refuse_stale(change, booking)
            yield change, booking

    async def vehicles(self, actor: Actor) -> list[Vehicle]:
        """The cars of the house that are in service."""
        own = select(Vehicle).where(Vehicle.workspace_id == actor.person.workspace_id, col(Vehicle.is_active))
        async with self.office.database.read() as session:
            return list((await session.exec(own.order_by(col(Vehicle.seats), col(Vehicle.id)))).all())

    @asynccontextmanager
    async def _answering(self, booking_id: int, version: int) -> AsyncIterator[tuple[Change, Booking]]:
        async with self.office.database.read() as session:
            seen = await session.get(Booking, booking_id)
        if seen is None:
            raise OutOfDate
        async with self.office.changing(seen.visit_id) as change:
            booking = (
                await change.session.exec(select(Booking).where(Booking.id == booking_id).with_for_update())
            ).one()
            if booking.version != version:
                await self._refuse_stale(change, booking)
            yield change, booking
            change.session.add(booking)

    async def _refuse_stale(self, change: Change, booking: Booking) -> None:
        """Say who was faster where that is known; the button is old otherwise."""
        if booking.answered_by_id is None:
            raise OutOfDate
        person = await change.session.get(Person, booking.answered_by_id)
        raise AlreadyAnswered(person.name if person else "", booking.changed_at)

    async def _check_owner(self, change: Change, booking: Booking, actor: Actor) -> None:
        """Administration answers a vehicle request, the lead host where nobody fills that role."""
        picture = await change.picture()
        if not (booking.can_be_assigned_by(actor) or picture.stands_in_for(Role.ADMINISTRATION, actor.id)):
            raise NotAllowed(WhoMay.ADMINISTRATION)

    async def _check_answerer(self, change: Change, booking: Booking, actor: Actor) -> None:
        if booking.kind == BookingKind.VEHICLE:
            if not booking.can_be_confirmed_by(actor):
                raise NotAllowed(WhoMay.ADDRESSEE)
            return
        if booking.state != BookingState.REQUESTED:
            await self._refuse_stale(change, booking)
        picture = await change.picture()
        if not (booking.can_be_confirmed_by(actor) or picture.stands_in_for(Role.EXECUTIVE_OFFICE, actor.id)):
            raise NotAllowed(WhoMay.EXECUTIVE_OFFICE)

    async def _take_out(self, change: Change, booking: Booking) -> None:
        """Whoever cannot come takes no part any more: neither reminders nor changes reach them."""
        person_id = booking.driver_id if booking.kind == BookingKind.VEHICLE else booking.leader_id
        parts = [Part.DRIVER] if booking.kind == BookingKind.VEHICLE else [Part.LEADER, Part.GREETER]
        if person_id is not None:
            of_visit = col(Participant.visit_id) == booking.visit_id
            theirs = (col(Participant.person_id) == person_id) & col(Participant.part).in_(parts)
            await change.session.exec(delete(Participant).where(of_visit, theirs))
            if booking.kind == BookingKind.LEADER:
                at_stops = (col(StopParticipant.visit_id) == booking.visit_id) & (
                    col(StopParticipant.person_id) == person_id
                )
                await change.session.exec(delete(StopParticipant).where(at_stops))
            await forget_answers(change, [person_id])
        if booking.kind == BookingKind.VEHICLE:
            await self._knows_it_is_off(change, booking)
            booking.driver_id = booking.vehicle_id = None
            booking.round += 1

    async def _knows_it_is_off(self, change: Change, booking: Booking) -> None:
        """A driver who declined need not be told that the drive is somebody else's now."""
        if booking.driver_id is None or booking.driver_id != booking.answered_by_id:
            return
        told = select(Notice).where(
            Notice.visit_id == booking.visit_id,
            Notice.person_id == booking.driver_id,
            Notice.stop_id == booking.stop_id,
        )
        for notice in (await change.session.exec(told.with_for_update())).all():
            notice.told = dict.fromkeys(notice.told)
            change.session.add(notice)


def _move(booking: Booking, state: BookingState, now: datetime) -> None:
    booking.state, booking.changed_at = state, now
    booking.version += 1


async def _set_driver(change: Change, person_id: int) -> None:
    drivers = (col(Participant.visit_id) == change.visit.key) & (col(Participant.part) == Part.DRIVER)
    await change.session.exec(delete(Participant).where(drivers))
    change.session.add(Participant(visit_id=change.visit.key, person_id=person_id, part=Part.DRIVER))


async def _refuse_if_taken(
    session: AsyncSession, booking: Booking, picture: Picture, vehicle: Vehicle, driver: Person
) -> None:
    """VehicleTaken if the car or the driver is on another visit's drive at that time."""
    stop = picture.stop(booking.stop_id)
    assert stop is not None
    others = (
        select(Booking, Stop, Visit)
        .join(Stop, col(Stop.id) == Booking.stop_id)
        .join(Visit, col(Visit.id) == Booking.visit_id)
        .where(Booking.id != booking.id, Visit.state == VisitState.OPEN, col(Stop.is_removed).is_(False))
        .where(col(Booking.state).in_([BookingState.ASSIGNED, BookingState.CONFIRMED]))
        .where((col(Booking.vehicle_id) == vehicle.key) | (col(Booking.driver_id) == driver.key))
        .where(Stop.starts_at < stop.ends_at + timedelta(days=1), Stop.ends_at > stop.starts_at - timedelta(days=1))
    )
    start = _sets_off(stop)
    for other, other_stop, visit in (await session.exec(others)).all():
        if start < other_stop.ends_at and _sets_off(other_stop) < stop.ends_at:
            resource = vehicle.name if other.vehicle_id == vehicle.key else driver.name
            raise VehicleTaken(resource, visit.reference_elsewhere, _sets_off(other_stop), other_stop.ends_at)


def _sets_off(stop: Stop) -> datetime:
    if stop.travel_minutes is None:
        return stop.starts_at - _NO_TRAVEL_TIME
    return stop.starts_at - timedelta(minutes=stop.travel_minutes) - BE_THERE_BEFORE
