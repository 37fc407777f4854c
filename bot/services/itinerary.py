"""Bringing stops and people of a visit in line with what its form says."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from bot.models.forms import VisitForm
from bot.models.notices import Declaration
from bot.models.people import Person
from bot.models.roles import Part
from bot.models.visits import Foreign, Means, Participant, Stop, StopKind
from bot.procedure.intake import Intake
from bot.procedure.proposal import ProposedStop
from bot.procedure.stops import ARRIVALS, LENGTHS
from bot.services.clients import client_of
from bot.services.office import Change
from bot.services.party import party_of, write_lead

_FOREIGN: Mapping[Foreign | None, tuple[bool, bool | None]] = {
    None: (False, None),
    Foreign.NO: (False, False),
    Foreign.UNDECIDED: (True, None),
    Foreign.WITH_LETTER: (True, True),
    Foreign.WITHOUT_LETTER: (True, False),
}
"""Whether guests come from abroad, and whether they need an invitation letter."""
_AS_NEW = {name: field.default for name, field in Stop.model_fields.items() if name != "id" and not field.is_required()}
"""What a stop has in its columns where nothing was said."""


async def write_form(
    change: Change,
    form: VisitForm,
    intake: Intake,
    named: Mapping[str, Person],
    proposed: Iterable[ProposedStop] = (),
) -> None:
    """Put what the form says into the visit, its people, its pick-up and its departure.

    `proposed`: the stops that were proposed for a visit that is only being opened, and are wanted.
    """
    visit, is_new = change.visit, change.is_new
    stops = [] if is_new else await _live_stops(change)
    came_by_car = visit.arrival_means == Means.OWN_CAR
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
    visit.is_confidential = form.is_confidential
    visit.lead_host_id = named[form.lead_host].key
    visit.is_foreign, visit.needs_letter = _FOREIGN[Foreign(form.foreign) if form.foreign else None]
    with change.session.no_autoflush:  # all of it goes in at once
        await client_of(change)
        change.session.add(visit)
        if is_new:
            await change.session.flush()
        write_lead(change, [] if is_new else await party_of(change.session, visit.key))
        await _write_people(change, form, named, [] if is_new else await _participants(change))
    drives = list(_arrival(change, stops, form, intake, came_by_car=came_by_car))
    departure = _drive(change, stops, StopKind.DEPARTURE, wanted=True)
    if departure is not None and (not stops or departure.id is not None):
        _move(departure, visit.departs_at)
        departure.means, departure.number = visit.departure_means, visit.departure_number
        drives.append(departure)
    if is_new:
        made = [drive.model_dump(exclude={"id"}) for drive in drives]
        await change.insert(Stop, [*made, *(_AS_NEW | {"visit_id": visit.key, **stop.columns} for stop in proposed)])
    else:
        change.session.add_all(drives)


def _arrival(
    change: Change, stops: Sequence[Stop], form: VisitForm, intake: Intake, *, came_by_car: bool
) -> Iterator[Stop]:
    """The pick-up, or the arrival by own car (B9). One that was added for some of the guests stays as it is."""
    visit, by_car = change.visit, form.arrival_means == Means.OWN_CAR
    pickup = _drive(change, stops, StopKind.PICKUP, form.wants_pickup and not by_car)
    if pickup is not None:
        _move(pickup, visit.arrives_at)
        pickup.means, pickup.number = visit.arrival_means, visit.arrival_number
        pickup.place, pickup.travel_minutes = form.arrival_place.strip(), intake.travel_minutes
        yield pickup
    if by_car or came_by_car:
        own_car = _drive(change, stops, StopKind.OWN_CAR, by_car)
        if own_car is not None:
            _move(own_car, visit.arrives_at)
            own_car.place = form.arrival_place.strip()
            yield own_car


async def follow(change: Change) -> None:
    """The visit's arrival is its first pick-up, or arrival by own car; its departure the last departure there is."""
    visit, stops = change.visit, await _live_stops(change)
    arrival = next((s for kind in ARRIVALS for s in stops if s.kind == kind), None)
    if arrival is not None:
        visit.arrives_at, visit.arrival_number = arrival.starts_at, arrival.number
        visit.arrival_means = arrival.means or Means.OWN_CAR
    departure = next((s for s in reversed(stops) if s.kind == StopKind.DEPARTURE), None)
    if departure is not None:
        visit.departs_at, visit.departure_number = departure.starts_at, departure.number
        visit.departure_means = departure.means or visit.departure_means
    change.session.add(visit)


async def _live_stops(change: Change) -> Sequence[Stop]:
    """Those that take place, in order of time."""
    await change.session.flush()
    live = select(Stop).where(Stop.visit_id == change.visit.key, col(Stop.is_removed).is_(False))
    return (await change.session.exec(live.order_by(col(Stop.starts_at), col(Stop.id)))).all()


async def _participants(change: Change) -> Sequence[Participant]:
    return (await change.session.exec(select(Participant).where(Participant.visit_id == change.visit.key))).all()


async def _write_people(
    change: Change, form: VisitForm, named: Mapping[str, Person], before: Iterable[Participant]
) -> None:
    parts: dict[Part, Sequence[str]] = {
        Part.GREETER: form.greeters,
        Part.LEADER: form.leaders,
        Part.TEAM: form.team,
        Part.DRIVER: [form.driver] if form.driver else [],
    }
    wanted = dict.fromkeys((part, named[slack_id].key) for part, ids in parts.items() for slack_id in ids)
    present = {(Part(p.part), p.person_id): p for p in before}
    await forget_answers(change, {person for _, person in present} - {person for _, person in wanted})
    for pair, participant in present.items():
        if pair not in wanted:
            await change.session.delete(participant)
    missing = [pair for pair in wanted if pair not in present]
    new = [{"visit_id": change.visit.key, "person_id": person_id, "part": part} for part, person_id in missing]
    await change.insert(Participant, new)


async def forget_answers(change: Change, people: Collection[int], stop_id: int | None = None) -> None:
    """What people declared who take no part any more, in the visit or in one stop: if they are asked back, they are
    asked anew."""
    if not people:
        return
    theirs = (col(Declaration.visit_id) == change.visit.key) & col(Declaration.person_id).in_(people)
    if stop_id is not None:
        theirs &= col(Declaration.stop_id) == stop_id
    await change.session.exec(delete(Declaration).where(theirs))


def _drive(change: Change, stops: Sequence[Stop], kind: StopKind, wanted: bool) -> Stop | None:
    """The stop with which the guests arrive or leave: made if it is wanted and missing, removed if it is not wanted."""
    found = [stop for stop in stops if stop.kind == kind]
    stop = next(iter(reversed(found) if kind == StopKind.DEPARTURE else found), None)
    if wanted:
        made = Stop(visit_id=change.visit.key, kind=kind, starts_at=change.now, ends_at=change.now + LENGTHS[kind])
        return stop or made
    if stop is not None:
        stop.is_removed = True
        change.session.add(stop)
    return None


def _move(stop: Stop, starts_at: datetime) -> None:
    """The end moves along."""
    stop.starts_at, stop.ends_at = starts_at, starts_at + (stop.ends_at - stop.starts_at)
