"""Preparation (section C): the requests that follow from a visit, kept right at the end of every change of it.

Asked again is what was answered for something else: the round counts it, and what was asked before stays with it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.bookings import GIVEN, GIVEN_FOR, SEATED, STOPS, WAS, Booking, BookingKind, BookingState
from bot.models.notices import DeclarationKind
from bot.models.visits import Stop
from bot.procedure.bookings import WantedBooking, asked_of, deadline, key_of, spans_of, wanted_bookings
from bot.procedure.calendar import calendar_of
from bot.procedure.days import stops_with
from bot.procedure.leaving import is_without_driver
from bot.procedure.picture import Picture
from bot.procedure.rules import Rulebook
from bot.services.holds import hold, holds_just, is_free, release
from bot.services.places import write_place

_WAITING = (BookingState.REQUESTED, BookingState.ASSIGNED)
_ANSWERED = (BookingState.CONFIRMED, BookingState.DECLINED, BookingState.COUNTERED)


@dataclass(frozen=True)
class Preparation:
    """One visit's requests, inside the transaction that changes the visit."""

    session: AsyncSession
    now: datetime
    picture: Picture
    rulebook: Rulebook
    asked_again: list[int] = field(default_factory=list)
    """The requests whose answer did not hold any more."""
    released: list[int] = field(default_factory=list)
    """Those that nothing asks for any more."""

    async def keep(self) -> Picture:
        """Make, follow, void and release requests; the picture with them as they are now."""
        rulebook = self.rulebook
        wanted = {want.key: want for want in wanted_bookings(self.picture, rulebook)}
        live = [b for b in self.picture.bookings if b.state != BookingState.RELEASED]
        present = {key_of(booking, rulebook): booking for booking in live}
        for key, booking in present.items():
            if key in wanted:
                await self._follow(booking, wanted[key])
            elif not self._stands_anyway(booking):
                await self._release(booking)
        made = [self._made(want) for key, want in wanted.items() if key not in present]
        self.session.add_all(made)
        await self.session.flush()
        return replace(self.picture, bookings=(*self.picture.bookings, *made)) if made else self.picture

    def _stands_anyway(self, booking: Booking) -> bool:
        """A no to a visit that was canceled since, or for a leader, who takes no part any more because of it."""
        is_moot = booking.kind == BookingKind.LEADER or not self.picture.visit.is_open
        return booking.state == BookingState.DECLINED and is_moot

    def _made(self, want: WantedBooking) -> Booking:
        booking = Booking(
            visit_id=self.picture.visit.key,
            kind=want.kind,
            rule=want.rule.id,
            leader_id=want.leader_id,
            state=BookingState.REQUESTED,
            changed_at=self.now,
        )
        self._put(booking, want, want.stop)
        done = self._done_before(want)
        if done is not None:
            booking.state, booking.answered_by_id = BookingState.CONFIRMED, done
        return booking

    def _done_before(self, want: WantedBooking) -> int | None:
        """Who has done it in a release that kept it as a duty: they are not asked again."""
        key = f"{want.rule.id}:stop{want.stop.id}:"
        done = (d for d in self.picture.declarations if d.kind == DeclarationKind.DONE and d.key.startswith(key))
        return next((declared.person_id for declared in done), None)

    async def _follow(self, booking: Booking, want: WantedBooking) -> None:
        stop, is_another = self._stop_of(booking, want)
        # An earlier release knew neither of rules nor of what an answer hangs on.
        is_of_before = not booking.rule
        _write(booking, rule=want.rule.id, stop_id=stop.key)
        asked = asked_of(self.picture, want.rule, stop)
        if booking.proposed_start == stop.starts_at:
            accept(booking, self.now)
            write_place(self.session, self.picture, stop, want.rule, booking.details)
        elif is_another or self._driver_is_another(booking) or self._is_named_again(booking):
            await self._ask_again(booking)
        elif (asked != booking.asked and not is_of_before) or self._waits_for_more(booking):
            await self._put_otherwise(booking)
        if booking.state == BookingState.CONFIRMED and self._is_for_more(booking):
            await self._ask_again(booking)
        if booking.state in GIVEN and not await self._still_fits(booking):
            await self._ask_again(booking)
        self._put(booking, want, stop)

    def _put(self, booking: Booking, want: WantedBooking, stop: Stop) -> None:
        """What it asks for, and until when; what had begun when it was asked for is not waited for any more."""
        if booking.state in _WAITING and stop.starts_at <= booking.changed_at:
            stop = want.first_after(booking.changed_at) or stop
        _write(booking, stop_id=stop.key, asked=asked_of(self.picture, want.rule, stop))
        if booking.kind == BookingKind.LEADER:
            _write(booking, details=dict(booking.details) | {STOPS: self._stops_asked_for(booking)})
        if booking.answer_by is None or booking.state == BookingState.REQUESTED:
            _write(booking, answer_by=self._deadline(want, stop, booking.changed_at))

    def _stop_of(self, booking: Booking, want: WantedBooking) -> tuple[Stop, bool]:
        """The stop the request is about now, and whether that is something else than before.

        What a leader or a car was asked for first stays that, as long as it takes place.
        """
        if booking.kind == BookingKind.REQUEST:
            return want.stop, False
        present = self.picture.stop(booking.stop_id)
        if present is None or present.is_removed:
            return want.stop, True
        is_another = present.kind != want.stop.kind and want.stop.starts_at > booking.changed_at
        return (want.stop, True) if is_another else (present, False)

    def _driver_is_another(self, booking: Booking) -> bool:
        """The lead host asked for another driver than the one who was assigned, or that one has left."""
        if booking.kind != BookingKind.VEHICLE or booking.state not in GIVEN:
            return False
        is_asked_for = self.picture.driver is not None and self.picture.driver.id == booking.driver_id
        return not is_asked_for or is_without_driver(self.picture, booking, self.now)

    def _is_named_again(self, booking: Booking) -> bool:
        """A leader whose time was declined took no part from then on: the lead host has named them once more."""
        return booking.kind == BookingKind.LEADER and booking.state == BookingState.DECLINED

    def _stops_asked_for(self, booking: Booking) -> list[int]:
        """All that the leader takes part in; of what is answered, as far as that was asked for."""
        stops = [stop.key for stop in self._stops_of_leader(booking)]
        known = booking.details.get(STOPS)
        return stops if booking.state in _WAITING or known is None else [key for key in stops if key in known]

    def _stops_of_leader(self, booking: Booking) -> list[Stop]:
        return stops_with(self.picture, booking.leader_id) if booking.leader_id is not None else []

    def _is_for_more(self, booking: Booking) -> bool:
        """Whether a leader takes part in something to come that their time was not asked for (B6). An earlier release
        did not keep for what it was."""
        known = booking.details.get(STOPS)
        coming = (stop.key for stop in self._stops_of_leader(booking) if stop.starts_at > self.now)
        return booking.kind == BookingKind.LEADER and known is not None and not {*known}.issuperset(coming)

    def _waits_for_more(self, booking: Booking) -> bool:
        """Whoever says yes now must have read for what."""
        return booking.state == BookingState.REQUESTED and self._is_for_more(booking)

    async def _put_otherwise(self, booking: Booking) -> None:
        """Something else is asked for than before: an answer is void, and a button that showed it is old."""
        if booking.state in _ANSWERED:
            await self._ask_again(booking)
        else:
            booking.version += 1

    async def _still_fits(self, booking: Booking) -> bool:
        """Whether what was given can be kept as the visit stands now; then it is held for just that."""
        car = self.picture.vehicles.get(booking.vehicle_id) if booking.vehicle_id is not None else None
        party = self.picture.passengers
        if car is not None and car.seats < party and party > booking.details.get(SEATED, 0):
            return False
        spans = spans_of(self.picture, booking)
        if holds_just(self.picture, booking, spans):
            return True
        if not await is_free(self.session, booking, spans):
            return False
        await hold(self.session, self.picture.workspace.id, booking, spans)
        return True

    async def _ask_again(self, booking: Booking) -> None:
        """What was answered does not fit any more; whoever is asked reads what was asked before."""
        self.asked_again.append(booking.key)
        await self._give_back(booking)
        was = booking.asked if booking.state != BookingState.DECLINED else {}
        given = {GIVEN_FOR: booking.details[STOPS]} if was and STOPS in booking.details else {}
        reopen(booking, self.now, was)
        booking.details = booking.details | given

    async def _release(self, booking: Booking) -> None:
        self.released.append(booking.key)
        await self._give_back(booking)
        turn(booking, BookingState.RELEASED, self.now)

    async def _give_back(self, booking: Booking) -> None:
        if any(held.booking_id == booking.key for held in self.picture.holds):
            await release(self.session, [booking.key])

    def _deadline(self, want: WantedBooking, stop: Stop, asked_at: datetime) -> datetime:
        calendar = calendar_of(self.picture.workspace, self.picture.visit)
        return deadline(self.picture, want.rule, stop, calendar, asked_at, self.rulebook.answers_in_office_from)


def _write(booking: Booking, **values: Any) -> None:
    """Whatever is set is looked at once more when the session writes, though it is the same."""
    for name, value in values.items():
        if getattr(booking, name) != value:
            setattr(booking, name, value)


def reopen(booking: Booking, now: datetime, was: dict[str, Any]) -> None:
    """Nobody has answered; what was given goes back. `was`: what was asked for before."""
    booking.driver_id = booking.vehicle_id = booking.room_id = booking.answered_by_id = booking.cost = None
    booking.counter, booking.reason = {}, ""
    booking.details = {WAS: was} if was else {}
    booking.round += 1
    turn(booking, BookingState.REQUESTED, now)


def accept(booking: Booking, now: datetime) -> None:
    """What its owner proposed counts as confirmed, with what they said about it."""
    proposed = booking.counter
    asked_for = {name: value for name, value in booking.details.items() if name == STOPS}
    booking.details = dict(proposed.get("details", {})) | asked_for
    if proposed.get("note"):
        booking.details |= {"note": proposed["note"]}
    booking.room_id, booking.cost = proposed.get("room_id"), proposed.get("cost")
    turn(booking, BookingState.CONFIRMED, now)


def turn(booking: Booking, state: BookingState, now: datetime) -> None:
    booking.state, booking.changed_at = state, now
    booking.version += 1
