"""What cannot work as it is planned, or should not: found when planning, each with a way out. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from itertools import combinations, pairwise

from bot.models.roles import Part, Role
from bot.models.visits import Purpose, Stop, StopKind
from bot.procedure.calendar import Calendar
from bot.procedure.journeys import leaves, sets_off
from bot.procedure.picture import Picture
from bot.procedure.stops import ARRIVALS, PARTS

LONG_GAP = timedelta(hours=3)
"""Without anything planned by day, for foreign guests (B5)."""
LUGGAGE = timedelta(minutes=40)
"""From landing to the car."""
REST = timedelta(hours=3)
"""What follows the check-in may take its time."""
_IN_OFFICE = (StopKind.MEETING, StopKind.TOUR)
_TALKS = (StopKind.MEETING,)
_ONE_AT_A_TIME = (Part.LEADER, Part.GREETER, Part.DRIVER, Part.GUIDE, Part.INTERPRETER, Part.TECHNICAL)
_OWN_DRIVE = (StopKind.PICKUP, StopKind.DEPARTURE)
_NEEDED = {kind: frozenset(_ONE_AT_A_TIME) & frozenset(PARTS[kind]) for kind in StopKind}
"""The parts in which people are needed at such stops and can be nowhere else."""


class Trouble(StrEnum):
    """What is wrong."""

    OVERLAP = "overlap"
    """Two stops of the visit at the same time."""
    TRAVEL = "travel"
    """Too little time for the drive."""
    NOT_THERE_YET = "not_there_yet"
    """It begins before the guests are there."""
    GONE = "gone"
    """It ends after they have to leave."""
    PERSON_TWICE = "person_twice"
    CAR_TWICE = "car_twice"
    ROOM_TWICE = "room_twice"
    SEATS = "seats"
    """More guests than the car has seats."""
    CARS_SMALL = "cars_small"
    """More guests than any car of the house has seats, and none is assigned yet."""
    ROOM_SMALL = "room_small"
    OFFICE_CLOSED = "office_closed"
    GAP = "gap"
    FINAL_TALKS = "final_talks"
    """A senior leader sits in project talks (E5)."""
    NO_INTERPRETER = "no_interpreter"
    """Nobody interprets for our side (E8)."""


@dataclass(frozen=True)
class Conflict:
    """One thing that does not fit. `at`: when it would; `resource`: the car or room; `reference`: the other visit."""

    trouble: Trouble
    stop: Stop
    other: Stop | None = None
    person_id: int | None = None
    at: datetime | None = None
    resource: str = ""
    reference: str = ""
    count: int = 0

    @property
    def of(self) -> tuple[object, ...]:
        """What does not fit with what, wherever it stands: the same before and after a change."""
        stops = frozenset(stop.id for stop in (self.stop, self.other) if stop)
        return self.trouble, stops, self.person_id, self.resource, self.reference


@dataclass(frozen=True)
class Engagement:
    """A stop with whom and what it takes up, from when to when."""

    stop: Stop
    starts_at: datetime
    ends_at: datetime
    people: frozenset[int] = frozenset()
    vehicle_id: int | None = None
    room: str = ""
    reference: str = ""
    """Of the visit."""

    def overlaps(self, other: "Engagement") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def shares(self, other: "Engagement") -> bool:
        """Whether both need the same at the same time."""
        if not self.overlaps(other):
            return False
        same_car = self.vehicle_id is not None and self.vehicle_id == other.vehicle_id
        return same_car or bool(self.room and self.room == other.room) or not self.people.isdisjoint(other.people)


@dataclass(frozen=True)
class Surroundings:
    """What else goes on at the house."""

    engagements: Sequence[Engagement] = ()
    """Of other visits at the time."""
    seats: Mapping[str, int] = field(default_factory=dict)
    """Of the house's rooms, by name as `folded`."""
    largest_car: int | None = None
    """For how many guests the largest car of the house is; None where it has none."""


def conflicts(picture: Picture, around: Surroundings, calendar: Calendar, now: datetime) -> list[Conflict]:
    """Everything that does not fit in what is still to come, in order of the stops, each once."""
    found: dict[tuple[Trouble, int, int | None, int | None, str], Conflict] = {}
    for look in _LOOKS:
        for conflict in look(picture, around, calendar):
            other = conflict.other.id if conflict.other else None
            key = (conflict.trouble, conflict.stop.key, other, conflict.person_id, conflict.reference)
            if conflict.stop.ends_at > now:
                found.setdefault(key, conflict)
    return sorted(found.values(), key=lambda c: (c.stop.starts_at, c.stop.key))


def engagements(picture: Picture) -> list[Engagement]:
    """Whom and what each stop of a visit takes up."""
    visit = picture.visit
    return [
        Engagement(
            stop=stop,
            starts_at=_begins(picture, stop),
            ends_at=stop.starts_at if stop.kind == StopKind.DEPARTURE else stop.ends_at,
            people=_needed(picture, stop),
            vehicle_id=_car(picture, stop),
            room=folded(stop.room),
            reference=visit.reference_elsewhere,
        )
        for stop in picture.live_stops
    ]


def folded(room: str) -> str:
    """A room's name as it is compared."""
    return " ".join(room.casefold().split())


def _begins(picture: Picture, stop: Stop) -> datetime:
    if stop.kind == StopKind.PICKUP:
        return sets_off(stop)
    return leaves(stop, picture.workspace) if stop.needs_car or stop.kind == StopKind.DEPARTURE else stop.starts_at


def _car(picture: Picture, stop: Stop) -> int | None:
    """The car that the stop takes up."""
    car = picture.vehicle_at(stop) if stop.needs_car or stop.kind in _OWN_DRIVE else None
    return car.id if car else None


def _needed(picture: Picture, stop: Stop) -> frozenset[int]:
    """Who must be there and can be nowhere else: by their part in the visit, where such stops need it."""
    parts = _NEEDED[StopKind(stop.kind)]
    if not (stop.needs_car or stop.kind in _OWN_DRIVE):
        parts = parts - {Part.DRIVER}
    elif stop.kind == StopKind.PICKUP:
        parts = parts | {Part.DRIVER}
    return frozenset(person for part in parts for person in picture.active(part, stop))


def _same_time(picture: Picture, around: Surroundings, calendar: Calendar) -> Iterator[Conflict]:
    """Two stops at once, with the same guests."""
    stops = [s for s in picture.live_stops if s.kind not in ARRIVALS and s.kind != StopKind.DEPARTURE]
    for one, other in combinations(stops, 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            yield Conflict(Trouble.OVERLAP, other, one, at=one.ends_at)


def _drives(picture: Picture, around: Surroundings, calendar: Calendar) -> Iterator[Conflict]:
    """Too little time from one stop to the next."""
    for one, other in pairwise(picture.live_stops):
        if one.kind in ARRIVALS or other.kind in (*ARRIVALS, StopKind.DEPARTURE) or not other.travel_minutes:
            continue
        there = one.ends_at + timedelta(minutes=other.travel_minutes)
        if one.ends_at <= other.starts_at < there:
            yield Conflict(Trouble.TRAVEL, other, one, at=there, count=other.travel_minutes)


def _journey(picture: Picture, around: Surroundings, calendar: Calendar) -> Iterator[Conflict]:
    """What begins before the guests are there, or ends after they must leave."""
    stops = picture.live_stops
    arrival = next((s for kind in ARRIVALS for s in stops if s.kind == kind), None)
    departure = next((s for s in reversed(stops) if s.kind == StopKind.DEPARTURE), None)
    for stop in stops:
        if stop.kind in ARRIVALS or stop.kind == StopKind.DEPARTURE:
            continue
        if arrival is not None and stop.starts_at < (there := _is_there(arrival)):
            yield Conflict(Trouble.NOT_THERE_YET, stop, arrival, at=there)
        if departure is not None and stop.ends_at > (leaving := leaves(departure, picture.workspace)):
            yield Conflict(Trouble.GONE, stop, departure, at=leaving)


def _is_there(arrival: Stop) -> datetime:
    """When the guests can be at their first stop."""
    if arrival.kind == StopKind.OWN_CAR:
        return arrival.starts_at
    return arrival.starts_at + LUGGAGE + timedelta(minutes=arrival.travel_minutes or 0)


def _twice(picture: Picture, around: Surroundings, calendar: Calendar) -> Iterator[Conflict]:
    """The same person, car or room in two places."""
    own = engagements(picture)
    for one, other in combinations(own, 2):
        if one.overlaps(other) and StopKind.PICKUP in (one.stop.kind, other.stop.kind):
            yield from _shared(picture, other, one, "")
    for one in own:
        for other in around.engagements:
            if one.overlaps(other):
                yield from _shared(picture, one, other, other.reference)


def _shared(picture: Picture, one: Engagement, other: Engagement, reference: str) -> Iterator[Conflict]:
    """What two engagements at the same time both need; they may share a room where they are of one visit."""
    found = partial(Conflict, stop=one.stop, other=other.stop, at=other.ends_at, reference=reference)
    for person in sorted(one.people & other.people):
        yield found(Trouble.PERSON_TWICE, person_id=person)
    if picture.vehicle is not None and one.vehicle_id is not None and one.vehicle_id == other.vehicle_id:
        yield found(Trouble.CAR_TWICE, resource=picture.vehicle.name)
    if reference and one.room and one.room == other.room:
        yield found(Trouble.ROOM_TWICE, resource=one.stop.room)


def _room_for_all(picture: Picture, around: Surroundings, calendar: Calendar) -> Iterator[Conflict]:
    """More guests than seats."""
    car, party, pickup = picture.vehicle, picture.visit.party_size, picture.pickup
    if car is not None and pickup is not None and car.seats < picture.passengers:
        yield Conflict(Trouble.SEATS, pickup, resource=car.name, count=car.seats)
    largest = around.largest_car
    if car is None and pickup is not None and largest is not None and largest < picture.passengers:
        yield Conflict(Trouble.CARS_SMALL, pickup, count=largest)
    for stop in picture.live_stops:
        seats = around.seats.get(folded(stop.room))
        if stop.room and seats is not None and seats < party:
            yield Conflict(Trouble.ROOM_SMALL, stop, resource=stop.room, count=seats)


def _office(picture: Picture, around: Surroundings, calendar: Calendar) -> Iterator[Conflict]:
    """Meetings and tours when nobody works."""
    for stop in picture.live_stops:
        if stop.kind not in _IN_OFFICE:
            continue
        starts, ends = (moment.astimezone(calendar.zone) for moment in (stop.starts_at, stop.ends_at))
        is_open = calendar.is_working_day(starts.date()) and starts.date() == ends.date()
        if not (is_open and calendar.opens <= starts.time() and ends.time() <= calendar.closes):
            yield Conflict(Trouble.OFFICE_CLOSED, stop)


def _gaps(picture: Picture, around: Surroundings, calendar: Calendar) -> Iterator[Conflict]:
    """Long hours without anything, for foreign guests (B5)."""
    if not picture.visit.is_foreign:
        return
    for one, other in pairwise(picture.live_stops):
        free_from = one.ends_at + (REST if one.kind == StopKind.CHECK_IN else timedelta(0))
        until = leaves(other, picture.workspace) if other.kind == StopKind.DEPARTURE else other.starts_at
        is_same_day = one.ends_at.astimezone(calendar.zone).date() == until.astimezone(calendar.zone).date()
        if is_same_day and until - free_from >= LONG_GAP:
            yield Conflict(Trouble.GAP, other, one, at=until)


def _talks(picture: Picture, around: Surroundings, calendar: Calendar) -> Iterator[Conflict]:
    """Who sits in the talks, and who interprets."""
    visit, seniors = picture.visit, set(picture.holders(Role.SENIOR_LEADER))
    theirs, ours = visit.guest_language.partition("_")[0], picture.workspace.locale.partition("-")[0]
    for stop in picture.live_stops:
        if stop.kind not in _TALKS:
            continue
        if visit.purpose == Purpose.NEGOTIATION:
            for person in picture.active(Part.LEADER, stop):
                if person in seniors:
                    yield Conflict(Trouble.FINAL_TALKS, stop, person_id=person)
        interprets = picture.active(Part.INTERPRETER, stop) or picture.active(Part.TEAM, stop)
        if theirs != ours and not interprets:
            yield Conflict(Trouble.NO_INTERPRETER, stop)


Look = Callable[[Picture, Surroundings, Calendar], Iterator[Conflict]]
_LOOKS: tuple[Look, ...] = (_journey, _same_time, _drives, _twice, _room_for_all, _office, _gaps, _talks)
