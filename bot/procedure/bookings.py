"""The requests that follow from a visit and the rulebook: what is asked, until when, whether an answer holds. Pure.

What a request asks for is written down with it (`Booking.asked`): an answer holds as long as that does.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.models.bookings import GIVEN, Booking, BookingKind
from bot.models.notices import DeclarationKind
from bot.models.roles import Part, Role
from bot.models.visits import Means, Stop, StopKind, Visit
from bot.procedure.calendar import Calendar
from bot.procedure.conditions import applies
from bot.procedure.days import stops_with
from bot.procedure.journeys import BE_THERE_BEFORE, attended_from, leaves
from bot.procedure.levels import LEADER_RANK
from bot.procedure.party import food_of
from bot.procedure.picture import Picture
from bot.procedure.plan import begins_for, due_of, stops_of
from bot.procedure.rules import Rule, Rulebook
from bot.procedure.vocabulary import ASKING, About, Counter, Fact

Key = tuple[str, int]
"""What makes a request the same request: the entry of the rulebook (or the kind), and the stop or the leader."""

_OF_THE_WHOLE_VISIT = (About.ARRIVAL, About.AT_HOUSE)
_OWN_DRIVES = (StopKind.PICKUP, StopKind.DEPARTURE)
_MOVABLE = (StopKind.BREAKFAST, StopKind.MEAL, StopKind.MEETING, StopKind.TOUR, StopKind.TRIP)
_UNKNOWN_TRAVEL = timedelta(hours=1)
"""What a car is held for before a drive whose length is not known."""
_SHORTEST_ANSWER = timedelta(hours=1)
"""How long an answer is waited for at least."""


@dataclass(frozen=True)
class WantedBooking:
    """A request that ought to exist."""

    key: Key
    kind: BookingKind
    rule: Rule
    stops: tuple[Stop, ...]
    """What it is for, in order: a car for every drive, a leader for whatever they take part in."""
    leader_id: int | None = None

    @property
    def stop(self) -> Stop:
        """What it is asked for first."""
        return self.stops[0]

    def first_after(self, moment: datetime) -> Stop | None:
        """What of it begins after a moment."""
        return next((stop for stop in self.stops if stop.starts_at > moment), None)


def wanted_bookings(picture: Picture, rulebook: Rulebook, *, as_if_prepared: bool = False) -> list[WantedBooking]:
    """What has to be asked for, in the order of the rulebook; nothing before preparation begins (B4), unless
    `as_if_prepared`: then what would be asked for."""
    found: list[WantedBooking] = []
    for rule in rulebook.otherwise(picture.overrides).rules:
        waits = rule.waits_for_approval and picture.visit.prepared_from is None and not as_if_prepared
        if rule.notice in ASKING and not waits:
            found += _of_rule(picture, rule)
    return found


def _of_rule(picture: Picture, rule: Rule) -> Iterator[WantedBooking]:
    match rule.about:
        case About.VEHICLE:
            driven = drives(picture)
            if driven:
                yield WantedBooking((BookingKind.VEHICLE, 0), BookingKind.VEHICLE, rule, driven)
        case About.LEADER:
            for leader_id, stops in _leaders_asked(picture).items():
                yield WantedBooking((BookingKind.LEADER, leader_id), BookingKind.LEADER, rule, stops, leader_id)
        case _:
            for stop in stops_of(picture, rule.about):
                if applies(rule, picture, stop):
                    of_stop = 0 if rule.about in _OF_THE_WHOLE_VISIT else stop.key
                    yield WantedBooking((rule.id, of_stop), BookingKind.REQUEST, rule, (stop,))


def key_of(booking: Booking, rulebook: Rulebook) -> Key:
    """The key of a request that exists."""
    if booking.kind != BookingKind.REQUEST:
        return booking.kind, booking.leader_id or 0
    rule = rulebook.rule(booking.rule)
    is_whole = rule is not None and rule.about in _OF_THE_WHOLE_VISIT
    return booking.rule, 0 if is_whole else booking.stop_id or 0


def rule_of(booking: Booking, rulebook: Rulebook) -> Rule | None:
    """The entry of the rulebook that asks for it; None where it is there no longer."""
    if booking.rule:
        return rulebook.rule(booking.rule)
    return next((rule for rule in rulebook.rules if rule.about == booking.kind), None)


def drives(picture: Picture) -> tuple[Stop, ...]:
    """The stops that we drive the guests to, in order (C1)."""
    return tuple(
        stop
        for stop in picture.live_stops
        if stop.needs_car or (stop.kind in _OWN_DRIVES and stop.means != Means.OWN_CAR)
    )


def drives_of(picture: Picture, driver_id: int | None) -> tuple[Stop, ...]:
    """The drives that the visit's driver takes: those for which nobody else is named."""
    named = [(stop, _named_drivers(picture, stop)) for stop in drives(picture)]
    return tuple(stop for stop, people in named if not people or driver_id in people)


def drivers_of_stops(picture: Picture) -> dict[int, tuple[Stop, ...]]:
    """Whoever is named to drive single stops, with those stops."""
    found: dict[int, tuple[Stop, ...]] = {}
    for stop in drives(picture):
        for person in _named_drivers(picture, stop):
            found[person] = (*found.get(person, ()), stop)
    return found


def _named_drivers(picture: Picture, stop: Stop) -> tuple[int, ...]:
    """Who drives this stop instead of the visit's driver."""
    return picture.active(Part.DRIVER, stop) if (stop.key, Part.DRIVER) in picture.stop_parts else ()


def on_the_road(picture: Picture, stop: Stop) -> tuple[datetime, datetime]:
    """From when to when a drive takes up car and driver."""
    if stop.kind == StopKind.PICKUP:
        travel = _UNKNOWN_TRAVEL if stop.travel_minutes is None else timedelta(minutes=stop.travel_minutes)
        early = BE_THERE_BEFORE if stop.travel_minutes is not None else timedelta(0)
        return stop.starts_at - travel - early, stop.ends_at
    until = stop.starts_at if stop.kind == StopKind.DEPARTURE else stop.ends_at
    begins = leaves(stop, picture.workspace)
    return (begins if begins < until else until - _UNKNOWN_TRAVEL), until


def is_ahead(picture: Picture, booking: Booking, rule: Rule | None, now: datetime) -> bool:
    """Whether what was said yes to is still to come, so that somebody else can be found for it.

    Not while the guests are being driven: whoever drives them calls, and gives back the other drives afterwards.
    """
    match BookingKind(booking.kind):
        case BookingKind.VEHICLE:
            left = [stop for stop in drives_of(picture, booking.driver_id) if not _is_over(picture, stop, now)]
            return bool(left) and not any(_has_begun(picture, stop, now) for stop in left)
        case BookingKind.LEADER if booking.leader_id is not None:
            stops = stops_with(picture, booking.leader_id)
            return any(attended_from(stop, picture.workspace) > now for stop in stops)
        case _:
            stop = picture.stop(booking.stop_id)
            if stop is None or stop.is_removed:
                return False
            return (begins_for(picture, rule, stop) if rule is not None else stop.starts_at) > now


def _is_over(picture: Picture, stop: Stop, now: datetime) -> bool:
    """Whether a drive has been made."""
    return on_the_road(picture, stop)[1] <= now or bool(picture.declared_of(stop, {DeclarationKind.ARRIVED}))


def _has_begun(picture: Picture, stop: Stop, now: datetime) -> bool:
    """Whether the guests are waiting for the car, or sit in it."""
    begins = stop.starts_at if stop.kind == StopKind.PICKUP else on_the_road(picture, stop)[0]
    return begins <= now or bool(picture.declared_of(stop, {DeclarationKind.ABOARD}))


def _leaders_asked(picture: Picture) -> dict[int, tuple[Stop, ...]]:
    """Each senior leader who receives or accompanies the guests (B6), with the stops they do it at."""
    pickup, stops = picture.pickup, picture.live_stops
    first_meal = next((number for number, stop in enumerate(stops) if stop.kind == StopKind.MEAL), 0)
    of_part = {Part.GREETER: (pickup,) if pickup else (), Part.LEADER: stops[first_meal:]}
    parts = [(picture.parts.get(part, ()), of) for part, of in of_part.items()]
    parts += [(picture.stop_parts.get((stop.key, part), ()), (stop,)) for stop in stops for part in of_part]
    asked: dict[int, tuple[Stop, ...]] = {}
    for people, of in parts:
        for person_id in set(people).intersection(picture.holders(Role.SENIOR_LEADER)):
            asked[person_id] = (*asked.get(person_id, ()), *of)
    return {person_id: of for person_id, of in asked.items() if of}


def asked_of(picture: Picture, rule: Rule, stop: Stop) -> dict[str, Any]:
    """What a request of this rule asks for, comparable."""
    return {fact: _fact(picture, stop, fact) for fact in rule.minds}


def _fact(picture: Picture, stop: Stop, fact: Fact) -> Any:
    visit = picture.visit
    match fact:
        case Fact.TIME:
            return [stop.starts_at.astimezone(UTC).isoformat(), stop.ends_at.astimezone(UTC).isoformat()]
        case Fact.DAY:
            return _day(visit, stop.starts_at)
        case Fact.STAY:
            return [_day(visit, visit.arrives_at), _day(visit, visit.departs_at)]
        case Fact.GUESTS:
            return visit.party_size
        case Fact.ROOMS:
            return list(hotel_rooms(picture))
        case Fact.STYLE:
            return stop.style or ""
        case Fact.DIETS:
            return food_of(picture.guests, visit.food_notes)
        case Fact.NUMBER:
            return stop.number
        case Fact.LANGUAGE:
            return visit.guest_language
        case Fact.NAMES:
            return [visit.guest_name, visit.company]


def _day(visit: Visit, moment: datetime) -> str:
    return moment.astimezone(visit.venue).date().isoformat()


def hotel_rooms(picture: Picture) -> tuple[int, int]:
    """(suites, standard rooms): suites for guests from deputy department head up and for VIPs (C2)."""
    visit = picture.visit
    suites = sum(guest.is_vip or (guest.rank or 0) >= LEADER_RANK for guest in picture.guests)
    if not picture.guests:
        suites = int(visit.is_vip or (visit.guest_rank or 0) >= LEADER_RANK)
    return suites, max(visit.party_size - suites, 0)


def changed(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Of what was asked for before, what is otherwise now."""
    return {name: value for name, value in was.items() if name in now and now[name] != value}


def counter_of(rule: Rule | None, stop: Stop) -> Counter | None:
    """What may be proposed instead; flights and trains cannot be moved."""
    if rule is None or rule.counter is None:
        return None
    return rule.counter if stop.kind in _MOVABLE else Counter.NOTE


def deadline(
    picture: Picture,
    rule: Rule,
    stop: Stop,
    calendar: Calendar,
    asked_at: datetime,
    in_office_from: timedelta | None = None,
) -> datetime:
    """Until when an answer to a request is waited for that is asked at this moment, or when it is due after that.

    `in_office_from`: see `Rulebook.answers_in_office_from`.
    """
    asked = max(asked_at, due_of(picture, rule, stop, calendar))
    if rule.answer_within is not None:
        within = rule.answer_within
        until = asked + timedelta(days=within.days, hours=within.hours, minutes=within.minutes)
        in_hours = calendar.into_office_hours(until)
        until = in_hours if within.days and in_hours >= asked + _SHORTEST_ANSWER else until
    else:
        assert rule.answer_by is not None, "the rulebook has one of both"
        until = rule.answer_by.before(begins_for(picture, rule, stop), calendar)
    shortest = asked + _SHORTEST_ANSWER
    exact = min(max(until, shortest), max(begins_for(picture, rule, stop), shortest))
    return _at_a_sensible_hour(exact, asked, calendar, in_office_from)


def _at_a_sensible_hour(
    exact: datetime, asked: datetime, calendar: Calendar, in_office_from: timedelta | None
) -> datetime:
    """Brought forward into office hours, where the office works for so long between the asking and then; else exact,
    day or night: what is asked late cannot wait for the office."""
    brought = calendar.into_office_hours(exact)
    if brought == exact or in_office_from is None:
        return exact
    return brought if calendar.office_time_after(asked, in_office_from) <= brought else exact


def spans_of(picture: Picture, booking: Booking) -> tuple[tuple[datetime, datetime], ...]:
    """From when to when a request takes up what it was given."""
    stop = picture.stop(booking.stop_id)
    is_off = booking.kind != BookingKind.VEHICLE and (booking.room_id is None or stop is None or stop.is_removed)
    return () if booking.state not in GIVEN or is_off else spans_from(picture, booking, booking.changed_at)


def spans_from(picture: Picture, booking: Booking, given_at: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """From when to when it takes up what it is given at a moment: a car for each drive that is not over by then,
    a room for its stop."""
    if booking.kind == BookingKind.VEHICLE:
        spans = [on_the_road(picture, stop) for stop in drives_of(picture, booking.driver_id)]
        return merged((begins, ends) for begins, ends in spans if ends > given_at)
    stop = picture.stop(booking.stop_id)
    return ((stop.starts_at, stop.ends_at),) if stop is not None else ()


def merged(spans: Iterable[tuple[datetime, datetime]]) -> tuple[tuple[datetime, datetime], ...]:
    """The same without overlaps: the car of a visit is with it all the while."""
    whole: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted(spans):
        if whole and begins < whole[-1][1]:
            whole[-1] = whole[-1][0], max(whole[-1][1], ends)
        else:
            whole.append((begins, ends))
    return tuple(whole)
