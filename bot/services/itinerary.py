"""Bringing stops, people and requests of a visit in line with what its form says."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert
from sqlmodel import SQLModel, col, select

from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.forms import VisitForm
from bot.models.notices import Declaration
from bot.models.people import Person
from bot.models.roles import Part, Role
from bot.models.visits import Means, Participant, Stop, StopKind, Visit
from bot.procedure.intake import Intake
from bot.procedure.picture import Picture
from bot.services.office import Change

PICKUP_TAKES = timedelta(hours=1)
DEPARTURE_TAKES = timedelta(minutes=30)


async def write_form(change: Change, form: VisitForm, intake: Intake, named: Mapping[str, Person]) -> None:
    """Put what the form says into the visit, its people, its pick-up and its departure."""
    visit = change.visit
    visit.company, visit.guest_name = form.company.strip(), form.guest_name.strip()
    visit.guest_title, visit.guest_rank = form.guest_title.strip(), form.guest_rank
    visit.is_new_client, visit.purpose = form.is_new_client, form.purpose
    visit.guest_language, visit.party_size = form.guest_language, intake.party_size
    visit.contact_name, visit.contact_phone = form.contact_name.strip(), intake.contact_phone
    visit.arrives_at, visit.departs_at = intake.arrives_at, intake.departs_at
    visit.arrival_means, visit.departure_means = form.arrival_means, form.departure_means
    visit.arrival_number, visit.departure_number = intake.arrival_number, intake.departure_number
    visit.wants_hotel, visit.wants_tickets = form.wants_hotel, form.wants_tickets
    visit.food_notes, visit.customs_notes = form.food_notes.strip(), form.customs_notes.strip()
    visit.lead_host_id = named[form.lead_host].key
    change.session.add(visit)
    await _write_people(change, form, named)
    pickup = await _drive(change, StopKind.PICKUP, form.wants_pickup and form.arrival_means != Means.OWN_CAR)
    if pickup is not None:
        pickup.starts_at, pickup.ends_at = visit.arrives_at, visit.arrives_at + PICKUP_TAKES
        pickup.means, pickup.number = visit.arrival_means, visit.arrival_number
        pickup.place, pickup.travel_minutes = form.arrival_place.strip(), intake.travel_minutes
        change.session.add(pickup)
    departure = await _drive(change, StopKind.DEPARTURE, wanted=True)
    if departure is not None:
        departure.starts_at, departure.ends_at = visit.departs_at, visit.departs_at + DEPARTURE_TAKES
        departure.means, departure.number = visit.departure_means, visit.departure_number
        change.session.add(departure)
    await change.session.flush()


async def write_bookings(change: Change) -> None:
    """The requests that follow from the visit: a vehicle for the pick-up (C1), each senior leader's time (B6)."""
    picture = await change.picture()
    wanted = _wanted_bookings(picture)
    present = {(BookingKind(b.kind), b.leader_id or 0): b for b in picture.bookings if b.state != BookingState.RELEASED}
    for key, booking in present.items():
        if key not in wanted:
            booking.state, booking.changed_at = BookingState.RELEASED, change.now
            booking.version += 1
        else:
            _follow_driver(booking, picture, change.now)
            _follow_stop(booking, picture.stop(booking.stop_id), wanted[key], change.now)
        change.session.add(booking)
    for (kind, leader_id), stop in wanted.items():
        if (kind, leader_id) not in present:
            booking = Booking(visit_id=change.visit.key, kind=kind, stop_id=stop.key, changed_at=change.now)
            booking.leader_id = leader_id or None
            change.session.add(booking)
    await change.session.flush()


def follow(visit: Visit, stop: Stop) -> None:
    """The visit's arrival and departure are those of its pick-up and its departure stop."""
    if stop.kind == StopKind.PICKUP:
        visit.arrives_at, visit.arrival_number = stop.starts_at, stop.number
        visit.arrival_means = stop.means or visit.arrival_means
    elif stop.kind == StopKind.DEPARTURE:
        visit.departs_at, visit.departure_number = stop.starts_at, stop.number
        visit.departure_means = stop.means or visit.departure_means


def _wanted_bookings(picture: Picture) -> dict[tuple[BookingKind, int], Stop]:
    """By kind and leader: the stop each request is for."""
    pickup = picture.pickup
    first_meal = next((stop for stop in picture.live_stops if stop.kind == StopKind.MEAL), None)
    wanted = {(BookingKind.VEHICLE, 0): pickup} if pickup else {}
    for part, first in ((Part.GREETER, pickup), (Part.LEADER, first_meal)):
        for person_id in picture.parts.get(part, ()):
            if person_id in picture.holders(Role.SENIOR_LEADER):
                wanted.setdefault((BookingKind.LEADER, person_id), first or picture.live_stops[0])
    return wanted


def _follow_driver(booking: Booking, picture: Picture, now: datetime) -> None:
    """The lead host asked for another driver than the one who was assigned: administration is asked again."""
    driver = picture.driver
    named = booking.state in (BookingState.ASSIGNED, BookingState.CONFIRMED) and booking.kind == BookingKind.VEHICLE
    if named and (driver is None or driver.id != booking.driver_id):
        booking.state, booking.changed_at = BookingState.REQUESTED, now
        booking.driver_id = booking.vehicle_id = booking.answered_by_id = None
        booking.version += 1
        booking.round += 1


def _follow_stop(booking: Booking, present: Stop | None, wanted: Stop, now: datetime) -> None:
    """What was asked for is off, and it is something else now: an answer to the one is none to the other."""
    if present is None or present.is_removed or present.kind != wanted.kind:
        booking.stop_id, booking.state, booking.changed_at = wanted.key, BookingState.REQUESTED, now
        booking.answered_by_id, booking.reason = None, ""
        booking.version += 1
        booking.round += 1


async def _write_people(change: Change, form: VisitForm, named: Mapping[str, Person]) -> None:
    parts: dict[Part, Sequence[str]] = {
        Part.GREETER: form.greeters,
        Part.LEADER: form.leaders,
        Part.TEAM: form.team,
        Part.DRIVER: [form.driver] if form.driver else [],
    }
    wanted = dict.fromkeys((part, named[slack_id].key) for part, ids in parts.items() for slack_id in ids)
    statement = select(Participant).where(Participant.visit_id == change.visit.key)
    present = {(Part(p.part), p.person_id): p for p in (await change.session.exec(statement)).all()}
    await forget_answers(change, {person for _, person in present} - {person for _, person in wanted})
    for pair, participant in present.items():
        if pair not in wanted:
            await change.session.delete(participant)
    missing = [pair for pair in wanted if pair not in present]
    new = [{"visit_id": change.visit.key, "person_id": person_id, "part": part} for part, person_id in missing]
    if new:
        # One statement: as objects each would be inserted alone, for an id that nobody asks for.
        await change.session.exec(insert(SQLModel.metadata.tables["participant"]), params=new)


async def forget_answers(change: Change, people: Collection[int]) -> None:
    """What people declared who take no part any more: if they are asked back, they are asked anew."""
    theirs = (col(Declaration.visit_id) == change.visit.key) & col(Declaration.person_id).in_(people)
    await change.session.exec(delete(Declaration).where(theirs))


async def _drive(change: Change, kind: StopKind, wanted: bool) -> Stop | None:
    """The live pick-up or departure of the visit: made if it is wanted and missing, removed if it is not wanted."""
    statement = select(Stop).where(
        Stop.visit_id == change.visit.key, Stop.kind == kind, col(Stop.is_removed).is_(False)
    )
    stop = (await change.session.exec(statement)).first()
    if wanted:
        return stop or Stop(visit_id=change.visit.key, kind=kind, starts_at=change.now, ends_at=change.now)
    if stop is not None:
        stop.is_removed = True
        change.session.add(stop)
    return None
