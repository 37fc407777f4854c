"""How a stop stands at a glance: confirmed, open, or in need of somebody's attention, and why. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.models.bookings import BookingKind, BookingState
from bot.models.notices import Declaration, DeclarationKind
from bot.models.visits import Means, Stop, StopKind
from bot.procedure.picture import Picture

IN_PLACE_BEFORE = timedelta(minutes=10)
"""Whoever fetches the guests and has not said by then that they are in place is missed (D1.3)."""
_WITH_PLACE = (StopKind.MEAL, StopKind.MEETING, StopKind.BREAKFAST)


class Light(StrEnum):
    """The colour of a stop; it always stands beside words."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    OVER = "over"


class Word(StrEnum):
    """What there is to say of a stop; the words are in `bot.messages.boards`."""

    NO_CAR = "no_car"
    DRIVER_MISSING = "driver_missing"
    CANNOT_ATTEND = "cannot_attend"
    LEADER_DECLINED = "leader_declined"
    LATE = "late"
    REQUEST_DECLINED = "request_declined"
    REQUEST_COUNTERED = "request_countered"
    REQUEST_OVERDUE = "request_overdue"
    CAR_REQUESTED = "car_requested"
    DRIVER_ASKED = "driver_asked"
    LEADER_ASKED = "leader_asked"
    NUMBER_MISSING = "number_missing"
    PLACE_MISSING = "place_missing"
    CAR_CONFIRMED = "car_confirmed"
    ATTENDS = "attends"
    ON_MY_WAY = "on_my_way"
    IN_PLACE = "in_place"
    ABOARD = "aboard"
    ARRIVED = "arrived"


RED = {Word.NO_CAR, Word.DRIVER_MISSING, Word.CANNOT_ATTEND, Word.LEADER_DECLINED, Word.LATE}
RED |= {Word.REQUEST_DECLINED}
YELLOW = {Word.REQUEST_COUNTERED, Word.REQUEST_OVERDUE}
YELLOW |= {Word.CAR_REQUESTED, Word.DRIVER_ASKED, Word.LEADER_ASKED, Word.NUMBER_MISSING, Word.PLACE_MISSING}
_SAID = {
    DeclarationKind.CANNOT_ATTEND: Word.CANNOT_ATTEND,
    DeclarationKind.LATE: Word.LATE,
    DeclarationKind.ATTENDS: Word.ATTENDS,
}
_ON_THE_ROAD = {
    DeclarationKind.ARRIVED: Word.ARRIVED,
    DeclarationKind.ABOARD: Word.ABOARD,
    DeclarationKind.IN_PLACE: Word.IN_PLACE,
    DeclarationKind.ON_MY_WAY: Word.ON_MY_WAY,
}
"""The last of these that somebody said is what counts."""


@dataclass(frozen=True)
class Finding:
    """One thing to say of a stop, and of whom."""

    word: Word
    people: tuple[int, ...] = ()


@dataclass(frozen=True)
class Standing:
    """A stop's colour, and what there is to say, the gravest first."""

    light: Light
    findings: tuple[Finding, ...]


def standing(picture: Picture, stop: Stop, now: datetime) -> Standing:
    """How a stop stands at this moment."""
    findings = sorted(_findings(picture, stop, now), key=lambda found: list(Word).index(found.word))
    said = {found.word for found in findings}
    if now >= stop.ends_at or Word.ARRIVED in said:
        light = Light.OVER
    elif said & RED:
        light = Light.RED
    else:
        light = Light.YELLOW if said & YELLOW else Light.GREEN
    return Standing(light, tuple(findings))


def next_turn(stops: Iterable[Stop], now: datetime) -> datetime | None:
    """When one of the stops will stand differently without anybody doing anything."""
    moments = (moment for stop in stops for moment in (stop.starts_at - IN_PLACE_BEFORE, stop.ends_at))
    return min((moment for moment in moments if moment > now), default=None)


def is_drive(stop: Stop) -> bool:
    """Whether we drive the guests."""
    return stop.needs_car or (stop.kind in (StopKind.PICKUP, StopKind.DEPARTURE) and stop.means != Means.OWN_CAR)


def _findings(picture: Picture, stop: Stop, now: datetime) -> Iterator[Finding]:
    yield from _of_requests(picture, stop)
    yield from _of_preparation(picture, stop, now)
    declared = picture.declared_of(stop, set(DeclarationKind))
    for kind, word in _SAID.items():
        people = _by(declared, kind)
        if people:
            yield Finding(word, people)
    latest = next((kind for kind in _ON_THE_ROAD if _by(declared, kind)), None)
    if latest is not None:
        yield Finding(_ON_THE_ROAD[latest], _by(declared, latest))
    is_missed = stop.kind == StopKind.PICKUP and stop.starts_at - IN_PLACE_BEFORE <= now < stop.ends_at
    if is_missed and latest in (None, DeclarationKind.ON_MY_WAY):
        yield Finding(Word.DRIVER_MISSING)
    if stop.kind in (StopKind.PICKUP, StopKind.DEPARTURE) and stop.means != Means.OWN_CAR and not stop.number:
        yield Finding(Word.NUMBER_MISSING)
    if stop.kind in _WITH_PLACE and not stop.place and not stop.room:
        yield Finding(Word.PLACE_MISSING)


def _of_requests(picture: Picture, stop: Stop) -> Iterator[Finding]:
    if is_drive(stop):
        yield from _of_car(picture)
    for booking in picture.bookings:
        if booking.kind == BookingKind.LEADER and booking.stop_id == stop.id and booking.leader_id is not None:
            if booking.state == BookingState.DECLINED:
                yield Finding(Word.LEADER_DECLINED, (booking.leader_id,))
            elif booking.state == BookingState.REQUESTED:
                yield Finding(Word.LEADER_ASKED, (booking.leader_id,))


def _of_preparation(picture: Picture, stop: Stop, now: datetime) -> Iterator[Finding]:
    """Requests that need somebody; one that is waited for within its time does not."""
    of_stop = [b for b in picture.bookings if b.kind == BookingKind.REQUEST and b.stop_id == stop.id]
    states = {b.state for b in of_stop}
    if BookingState.DECLINED in states:
        yield Finding(Word.REQUEST_DECLINED)
    if BookingState.COUNTERED in states:
        yield Finding(Word.REQUEST_COUNTERED)
    if any(b.state == BookingState.REQUESTED and b.answer_by is not None and b.answer_by <= now for b in of_stop):
        yield Finding(Word.REQUEST_OVERDUE)


def _of_car(picture: Picture) -> Iterator[Finding]:
    booking = picture.vehicle_booking
    if booking is None:
        if any(b.kind == BookingKind.VEHICLE and b.state == BookingState.DECLINED for b in picture.bookings):
            yield Finding(Word.NO_CAR)
    elif booking.state == BookingState.CONFIRMED:
        yield Finding(Word.CAR_CONFIRMED, (booking.driver_id,) if booking.driver_id else ())
    elif booking.state == BookingState.ASSIGNED and booking.driver_id:
        yield Finding(Word.DRIVER_ASKED, (booking.driver_id,))
    else:
        yield Finding(Word.CAR_REQUESTED)


def _by(declared: Iterable[Declaration], kind: DeclarationKind) -> tuple[int, ...]:
    return tuple(d.person_id for d in declared if d.kind == kind)
