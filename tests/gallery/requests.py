"""Requests in every state, and their answers as others hear them."""

from collections.abc import Iterator
from datetime import timedelta

from bot.messages.blocks import Message
from bot.messages.notices import render
from bot.models.bookings import GIVEN_FOR, WAS, Booking, BookingKind, BookingState
from bot.models.notices import TAKEN_BACK, NoticeKind
from bot.models.visits import Means
from tests.gallery.reminders import confirmed
from tests.samples import (
    ADMINISTRATION,
    ARRIVAL,
    DRIVER,
    EXECUTIVE_OFFICE,
    HOST,
    LEADER_REQUEST,
    MADRID,
    OTHER_DRIVER,
    PICKUP,
    VEHICLE_REQUEST,
    Scene,
    notice,
    with_stop,
)

Told = Iterator[tuple[str, Message]]


def vehicle_requests(scene: Scene) -> Told:
    """To administration."""
    reason = scene.typed.reason
    states = {
        "open": scene.booking(),
        "a driver declined": scene.booking(version=3, round=2, answered_by_id=DRIVER, reason=reason),
        "assigned": assigned(scene),
        "confirmed": confirmed(scene),
        "declined by administration": declined(scene),
        "the driver takes it back": taken_back(scene),
        "administration takes it back": no_longer(declined(scene)),
        "released": scene.booking(state=BookingState.RELEASED, version=4),
    }
    asked = notice(NoticeKind.VEHICLE_REQUEST, ADMINISTRATION, stop_id=PICKUP, booking_id=VEHICLE_REQUEST)
    for name, booking in states.items():
        yield name, render(scene.reading(scene.picture(bookings=[booking]), ADMINISTRATION), asked)
    left = scene.picture()
    left.people[DRIVER].is_active = False
    yield "open, the driver has left", render(scene.reading(left, ADMINISTRATION), asked)
    yield "open, no driver asked for", render(scene.reading(scene.picture(parts={}), ADMINISTRATION), asked)
    at_the_airport = scene.picture(bookings=[confirmed(scene)])
    reading = scene.reading(at_the_airport, ADMINISTRATION, now=ARRIVAL + timedelta(minutes=5))
    yield "confirmed, the guests wait", render(reading, asked)
    train = scene.picture(stops=with_stop(scene.stops(), PICKUP, means=Means.TRAIN, number="G7001"), party_size=1)
    yield "open, one guest, by train, read elsewhere", render(scene.reading(train, ADMINISTRATION, zone=MADRID), asked)


def driver_requests(scene: Scene) -> Told:
    """To the driver who was assigned."""
    states = {
        "open": assigned(scene),
        "confirmed": confirmed(scene),
        "somebody else drives now": assigned(scene, driver_id=OTHER_DRIVER),
        "taken back": taken_back(scene),
        "released": scene.booking(state=BookingState.RELEASED, version=4, driver_id=DRIVER),
    }
    asked = notice(NoticeKind.DRIVER_REQUEST, DRIVER, stop_id=PICKUP, booking_id=VEHICLE_REQUEST)
    for name, booking in states.items():
        yield name, render(scene.reading(scene.picture(bookings=[booking]), DRIVER), asked)


def leader_requests(scene: Scene) -> Told:
    """To the executive office."""
    office = EXECUTIVE_OFFICE
    states = {
        "open": scene.booking(BookingKind.LEADER),
        "confirmed": scene.booking(BookingKind.LEADER, state=BookingState.CONFIRMED, version=2, answered_by_id=office),
        "declined": declined(scene, BookingKind.LEADER),
        "taken back": no_longer(declined(scene, BookingKind.LEADER)),
        "released": scene.booking(BookingKind.LEADER, state=BookingState.RELEASED, version=2),
    }
    asked = notice(NoticeKind.LEADER_REQUEST, EXECUTIVE_OFFICE, stop_id=PICKUP, booking_id=LEADER_REQUEST)
    for name, booking in states.items():
        yield name, render(scene.reading(scene.picture(bookings=[booking]), office), asked)
    picture = scene.picture(bookings=[scene.booking(BookingKind.LEADER)])
    yield "open, read elsewhere", render(scene.reading(picture, office, zone=MADRID), asked)
    given = {WAS: {"time": []}, GIVEN_FOR: [PICKUP]}
    more = scene.booking(BookingKind.LEADER, version=3, round=1, details=given)
    yield "wanted for more than was confirmed", render(scene.reading(scene.picture(bookings=[more]), office), asked)


def answers(scene: Scene) -> Told:
    """To the lead host and the owners of a request."""
    reason = scene.typed.reason
    for name, kind, booking, by in (
        ("car and driver confirmed", BookingKind.VEHICLE, confirmed(scene), DRIVER),
        ("no car", BookingKind.VEHICLE, declined(scene), ADMINISTRATION),
        ("the driver can't", BookingKind.VEHICLE, scene.booking(answered_by_id=DRIVER, reason=reason), DRIVER),
        (
            "the leader comes",
            BookingKind.LEADER,
            scene.booking(BookingKind.LEADER, state=BookingState.CONFIRMED),
            EXECUTIVE_OFFICE,
        ),
        ("the leader can't", BookingKind.LEADER, declined(scene, BookingKind.LEADER), EXECUTIVE_OFFICE),
        ("the driver takes it back", BookingKind.VEHICLE, taken_back(scene), DRIVER),
        ("the car is taken back", BookingKind.VEHICLE, no_longer(declined(scene)), ADMINISTRATION),
        (
            "the leader's time is taken back",
            BookingKind.LEADER,
            no_longer(declined(scene, BookingKind.LEADER)),
            EXECUTIVE_OFFICE,
        ),
    ):
        told = NoticeKind.VEHICLE_ANSWER if kind == BookingKind.VEHICLE else NoticeKind.LEADER_ANSWER
        payload = {"state": booking.state, "by": by, "reason": booking.reason, **booking.details}
        answer = notice(told, HOST, booking_id=booking.id, payload=payload)
        now = booking.changed_at + timedelta(seconds=1)
        yield name, render(scene.reading(scene.picture(bookings=[booking]), HOST, now=now), answer)


def assigned(scene: Scene, driver_id: int = DRIVER) -> Booking:
    """The vehicle request, waiting for its driver."""
    who = {"driver_id": driver_id, "assigned_by_id": ADMINISTRATION}
    return scene.booking(state=BookingState.ASSIGNED, version=2, round=1, vehicle_id=1, **who)


def declined(scene: Scene, kind: BookingKind = BookingKind.VEHICLE) -> Booking:
    """A request that was said no to."""
    by = ADMINISTRATION if kind == BookingKind.VEHICLE else EXECUTIVE_OFFICE
    return scene.booking(kind, state=BookingState.DECLINED, version=2, answered_by_id=by, reason=scene.typed.reason)


def taken_back(scene: Scene) -> Booking:
    """The vehicle request after its driver took the confirmation back."""
    return no_longer(scene.booking(version=4, round=2, answered_by_id=DRIVER))


def no_longer(booking: Booking) -> Booking:
    """What had been said yes to before."""
    booking.details, booking.reason = {TAKEN_BACK: True}, ""
    return booking
