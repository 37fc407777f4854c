"""Requests under an actor's eyes: found, locked, refused to whoever may not act on them now."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Never

from sqlmodel import select

from bot.errors import AlreadyAnswered, HasBegun, NotAllowed, OutOfDate, SomebodyElseDrives, VisitIsOver, WhoMay
from bot.models.bookings import GIVEN, Booking, BookingKind, BookingState, Owners
from bot.models.people import Actor, Person
from bot.models.roles import Role
from bot.models.visits import Stop, Visit
from bot.procedure.bookings import rule_of
from bot.procedure.picture import Picture
from bot.procedure.recipients import owners_of
from bot.procedure.rules import Rule
from bot.services.office import Change, Office
from bot.services.pictures import read_picture


@dataclass(frozen=True)
class Asked:
    """A request under an actor's eyes: with its visit, its entry of the rulebook, and whom it was put to."""

    change: Change
    picture: Picture
    booking: Booking
    rule: Rule | None
    owners: Owners

    @property
    def stop(self) -> Stop:
        stop = self.picture.stop(self.booking.stop_id)
        if stop is None or stop.is_removed:
            raise OutOfDate
        return stop


@dataclass(frozen=True)
class Asking:
    """Finds requests. `version` is what the pressed button saw; anything else is out of date."""

    office: Office

    @asynccontextmanager
    async def looking_at(self, booking_id: int, version: int) -> AsyncIterator[Asked]:
        async with self.office.database.read() as session:
            booking = await session.get(Booking, booking_id)
            if booking is None:
                raise OutOfDate
            visit = (await session.exec(select(Visit).where(Visit.id == booking.visit_id))).one()
            if not visit.is_open:
                raise VisitIsOver(visit.reference)
            change = Change(session, visit, self.office.clock.now())
            asked = self._asked(change, await read_picture(session, visit), booking)
            if booking.version != version:
                await refuse_stale(asked)
            yield asked

    @asynccontextmanager
    async def answering(
        self, booking_id: int, version: int, given_back_by: Actor | None = None
    ) -> AsyncIterator[Asked]:
        """A change in answer to a request. `given_back_by`: who takes a yes back, where that is what it is."""
        async with self.office.database.read() as session:
            seen = await session.get(Booking, booking_id)
        if seen is None:
            raise OutOfDate
        async with self.office.changing(seen.visit_id) as change:
            locked = select(Booking).where(Booking.id == booking_id).with_for_update()
            booking = (await change.session.exec(locked)).one()
            asked = self._asked(change, await change.picture(), booking)
            if booking.version != version:
                if given_back_by is not None:
                    refuse_replaced(asked, given_back_by)
                await refuse_stale(asked)
            yield asked
            change.session.add(booking)

    def _asked(self, change: Change, picture: Picture, booking: Booking) -> Asked:
        rule = rule_of(booking, self.office.rulebook.otherwise(picture.overrides))
        return Asked(change, picture, booking, rule, owners_of(picture, rule, booking))


async def refuse_stale(asked: Asked) -> None:
    """Say who was faster where that is known; the button is old otherwise."""
    booking = asked.booking
    if booking.answered_by_id is None:
        raise OutOfDate
    person = await asked.change.session.get(Person, booking.answered_by_id)
    raise AlreadyAnswered(person.name if person else "", booking.changed_at)


def refuse_replaced(asked: Asked, actor: Actor) -> None:
    """Say who drives by now to whoever had the drive before."""
    booking = asked.booking
    driver = asked.picture.people.get(booking.driver_id or 0)
    is_theirs = actor.acts_for(booking.driver_id) or booking.can_be_assigned_by(actor, asked.owners)
    if booking.kind == BookingKind.VEHICLE and driver is not None and not is_theirs:
        raise SomebodyElseDrives(driver.name)


async def refuse_unless(asked: Asked, actor: Actor, *, may: bool) -> None:
    """Whoever was asked, and nobody else; the lead host answers for a role that nobody fills."""
    if may:
        return
    booking = asked.booking
    if booking.kind == BookingKind.VEHICLE:
        raise NotAllowed(WhoMay.ADDRESSEE if booking.state == BookingState.ASSIGNED else WhoMay.ADMINISTRATION)
    who = WhoMay.EXECUTIVE_OFFICE if booking.kind == BookingKind.LEADER else WhoMay.OWNER
    await refuse(asked, who, may=asked.owners.include(actor))


async def refuse(asked: Asked, who: WhoMay, *, may: bool) -> None:
    """`may`: it is not the person but the state that forbids it."""
    if not may:
        raise NotAllowed(who)
    await refuse_stale(asked)


def refuse_unless_assigner(asked: Asked, actor: Actor) -> None:
    """Administration answers a vehicle request, the lead host where nobody fills that role."""
    may = asked.booking.can_be_assigned_by(actor, asked.owners)
    if not (may or asked.picture.stands_in_for(Role.ADMINISTRATION, actor.id)):
        raise NotAllowed(WhoMay.ADMINISTRATION)


async def refuse_unless_given(asked: Asked, actor: Actor) -> None:
    """Whoever said yes may take it back, or whoever stands in for them; administration the car that it gave."""
    booking, picture = asked.booking, asked.picture
    is_car = booking.kind == BookingKind.VEHICLE
    stands_in = is_car and booking.state in GIVEN and picture.stands_in_for(Role.ADMINISTRATION, actor.id)
    if booking.can_be_taken_back_by(actor, asked.owners) or stands_in:
        return
    if is_car:
        raise NotAllowed(WhoMay.ADDRESSEE)
    await refuse_unless(asked, actor, may=False)


def refuse_begun(picture: Picture, actor: Actor) -> Never:
    """Too late for a button: the lead host is called, unless it is the lead host who presses."""
    host = picture.lead_host
    raise HasBegun() if host.id == actor.id else HasBegun(host.name, host.phone)


def refuse_unless_host(asked: Asked, actor: Actor) -> None:
    if not asked.change.visit.can_be_changed_by(actor):
        raise NotAllowed(asked.change.visit.kept_by)
    if not asked.booking.counter_can_be_answered_by(actor, asked.change.visit):
        raise OutOfDate
