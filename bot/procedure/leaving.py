"""What somebody who leaves the workspace leaves behind in a visit, and who can find another. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.models.bookings import GIVEN, Booking, BookingKind, BookingState
from bot.models.people import Actor, Person
from bot.models.roles import Part, Role
from bot.models.visits import Stop
from bot.procedure.days import parts_of
from bot.procedure.ladder import approvers
from bot.procedure.lights import is_drive
from bot.procedure.picture import Picture
from bot.procedure.recipients import receiving


@dataclass(frozen=True)
class Place:
    """A part that somebody took at a stop."""

    stop: Stop
    part: Part

    def is_of_the_car(self, picture: Picture) -> bool:
        """Whether it is a drive of the visit's car, for which administration finds the driver (C1)."""
        return self.part is Part.DRIVER and (self.stop.key, Part.DRIVER) not in picture.stop_parts


@dataclass(frozen=True)
class Behind:
    """What is somebody else's to do, now that a person has left."""

    places: tuple[Place, ...] = ()
    requests: tuple[Booking, ...] = ()
    """Put to that person alone, and not answered."""
    is_host: bool = False
    """Whether nobody answers for the visit (G1): the person did, or was the last who was told that nobody does."""

    def __bool__(self) -> bool:
        return bool(self.places or self.requests or self.is_host)

    def is_asked_of(self, picture: Picture, person_id: int) -> bool:
        """Whether the person is asked for all of it anyway: administration, for another driver."""
        car = picture.vehicle_booking
        asked = (car.owner_id,) if car and car.owner_id is not None else picture.holders(Role.ADMINISTRATION)
        of_car = all(place.is_of_the_car(picture) for place in self.places)
        return of_car and not (self.requests or self.is_host) and person_id in asked


def left_behind(picture: Picture, person_id: int, now: datetime) -> Behind:
    """What is not over and was to be done by the person, or by them in the place of others who left before."""
    if not picture.visit.is_open or picture.visit.departs_at <= now:
        return Behind()
    before = _with(picture, person_id)
    places = tuple(
        Place(stop, part)
        for stop in picture.live_stops
        if stop.ends_at > now
        for part in parts_of(before, stop, person_id)
        if part is not Part.DRIVER or is_drive(stop)
    )
    return Behind(places, tuple(_asked_of(picture, person_id, now)), is_host=_leads(picture, before, person_id))


def is_without_driver(picture: Picture, booking: Booking, now: datetime) -> bool:
    """Whether whoever was assigned to drive has left, with nobody in their place, before all of it is driven."""
    driver = picture.people.get(booking.driver_id or 0)
    if booking.kind != BookingKind.VEHICLE or booking.state not in GIVEN or driver is None or driver.is_active:
        return False
    is_to_come = any(is_drive(stop) and stop.ends_at > now for stop in picture.live_stops)
    return picture.deputy_of(driver.key) is None and is_to_come


def can_hand_over(picture: Picture, actor: Actor) -> bool:
    """Whether the person may give the visit another lead host (G1): those who always may; once the lead host has left,
    those who are told to, and who reads it in their place."""
    visit = picture.visit
    is_asked = not picture.lead_host.is_active and any(map(actor.acts_for, whom_to_tell(picture)))
    return (is_asked and visit.belongs_to(actor)) or visit.can_be_handed_over_by(actor)


def whom_to_tell(picture: Picture) -> tuple[int, ...]:
    """Who can name others: the lead host; once they have left, whoever can hand the visit over. A confidential one is
    known to few: whoever opened it, else whoever approves it, else the leaders who take part in it."""
    visit = picture.visit
    if picture.lead_host.is_active:
        return (visit.lead_host_id,)
    deputy, opener = picture.deputy_of(visit.lead_host_id), picture.people.get(visit.opened_by_id)
    if deputy is not None:
        return (deputy,)
    if visit.is_confidential:
        if opener is not None and opener.is_active:
            return (opener.key,)
        return approvers(picture) or _leaders(picture)
    return picture.holders(Role.ADMINISTRATION)


def _leaders(picture: Picture) -> tuple[int, ...]:
    stops = (None, *picture.live_stops)
    return tuple(dict.fromkeys(person for stop in stops for person in receiving(picture, stop)))


def _with(picture: Picture, person_id: int) -> Picture:
    """The visit as it was while they were here."""
    back = Person(**picture.people[person_id].model_dump() | {"is_active": True})
    return replace(picture, people={**picture.people, person_id: back})


def _leads(picture: Picture, before: Picture, person_id: int) -> bool:
    if before.lead_host.is_active:
        return before.lead_host.key == person_id
    told = whom_to_tell(before)
    return person_id in told and set(told).isdisjoint(whom_to_tell(picture))


def _asked_of(picture: Picture, person_id: int, now: datetime) -> Iterator[Booking]:
    for booking in picture.bookings:
        stop = picture.stop(booking.stop_id)
        is_to_come = stop is not None and not stop.is_removed and stop.ends_at > now
        if booking.owner_id == person_id and booking.state == BookingState.REQUESTED and is_to_come:
            yield booking
