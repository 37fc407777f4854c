"""Every duty of the procedure, the other stops' reminders, and what is due at once in one message."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from bot.app import read_rulebook
from bot.messages.blocks import Message
from bot.messages.notices import render
from bot.models.bookings import Booking, BookingKind
from bot.models.notices import Declaration, DeclarationKind, Notice, NoticeKind
from bot.models.visits import Background, Meal, Means, Stop, StopKind
from bot.procedure.bookings import asked_of
from bot.procedure.deputies import FOR
from bot.procedure.picture import Picture
from bot.procedure.rules import Rule
from bot.procedure.sayings import Say
from bot.procedure.vocabulary import About, Answer, To
from tests.samples import (
    ADMINISTRATION,
    DINNER,
    HOST,
    LUNCH,
    NOW,
    PICKUP,
    RULES,
    SEND_OFF,
    SOFIA,
    Scene,
    Typed,
    at,
    made_once,
    notice,
    reminder_to,
    stop_of,
)

Told = Iterator[tuple[str, Message]]
OWN_CAR, CHECK_IN, HOTEL_BREAKFAST, MEETING, TOUR, TRIP, CHECK_OUT = range(200, 207)
STOPS = {
    About.PICKUP: PICKUP,
    About.ARRIVAL: PICKUP,
    About.OWN_CAR: OWN_CAR,
    About.CHECK_IN: CHECK_IN,
    About.BREAKFAST: HOTEL_BREAKFAST,
    About.MEAL: DINNER,
    About.MEETING: MEETING,
    About.AT_HOUSE: MEETING,
    About.TOUR: TOUR,
    About.TRIP: TRIP,
    About.DRIVE: TRIP,
    About.CHECK_OUT: CHECK_OUT,
    About.DEPARTURE: SEND_OFF,
}


def duties(scene: Scene) -> Told:
    """What each row says to the first of those it tells, then with what they answered, and overtaken."""
    picture = whole(scene)
    rows = [rule for rule in read_rulebook().rules if rule.notice == NoticeKind.DUTY]
    for rule in rows:
        told = _duty(rule)
        yield f"{rule.id}: {rule.say}", render(scene.reading(picture, told.person_id, now=at(5, 9)), told)
    one = _duty(next(rule for rule in rows if rule.id == "D3.2"))
    done = Declaration(
        id=1, visit_id=1, key="D3.2", person_id=ADMINISTRATION, kind=DeclarationKind.DONE, declared_at=at(3, 11)
    )
    answered = whole(scene, declarations=[done])
    yield "done by one of them", render(scene.reading(answered, ADMINISTRATION), one)
    yield "overtaken", render(scene.reading(picture, ADMINISTRATION), one, is_outdated=True)
    check = _duty(next(rule for rule in rows if rule.say == Say.BACKGROUND_CHECK))
    checked = whole(scene, is_new_client=True, background=Background.CLEAR)
    yield "checked", render(scene.reading(checked, HOST), check)
    picture.workspace.food_rules = scene.typed.customs
    told = _duty(next(rule for rule in rows if rule.id == "D3.9"))
    yield "with the house's own rules", render(scene.reading(picture, SOFIA), told)


def stops(scene: Scene) -> Told:
    """Reminders of the stops the first walk did not know."""
    picture = whole(scene)
    for to, stop_id in (
        (To.LEADERS, MEETING),
        (To.TECHNICAL, MEETING),
        (To.LEADERS, HOTEL_BREAKFAST),
        (To.LEADERS, TOUR),
        (To.LEADERS, TRIP),
        (To.LEADERS, SEND_OFF),
        (To.DRIVER, SEND_OFF),
    ):
        told = reminder_to(to, Answer.NONE, SOFIA, stop_id)
        yield f"{to}, stop {stop_id}", render(scene.reading(picture, SOFIA, now=at(5, 20)), told)


def short_notices(scene: Scene) -> Told:
    """G4: several at once, late or as the visit is entered, and more than a message can hold."""
    picture, rules = whole(scene), read_rulebook()
    ids = ("D2.1", "D3.2", "D3.8", "D4.2")
    items = [_duty(rule, key=rule.id) for rule in rules.rules if rule.id in ids]
    items.append(notice(NoticeKind.VEHICLE_REQUEST, ADMINISTRATION, booking_id=1, stop_id=PICKUP, key="C1"))
    items.append(reminder_to(To.LEADERS, Answer.ATTENDANCE, ADMINISTRATION, LUNCH))
    asking = [rule for rule in rules.rules if rule.notice == NoticeKind.REQUEST and To.ADMINISTRATION in rule.to]
    bookings = [requested(scene, rule.id, STOPS[rule.about], id=n) for n, rule in enumerate(asking, 100)]
    requests = [request_to(ADMINISTRATION, booking, key=booking.rule) for booking in bookings]
    picture = whole(scene, bookings=[scene.booking(), *bookings])
    late = {"is_late": True}
    for name, why, told in (
        ("late", late, items),
        ("entered just now", {}, items[:2]),
        ("due at the same minute", {"is_due": True}, items[2:]),
        ("one is left", late, items[:1]),
        ("very many", late, items * 9),
        ("the requests of a visit", {}, requests),
    ):
        entered = picture.visit.opened_at if name == "entered just now" else NOW
        short = notice(NoticeKind.SHORT_NOTICE, ADMINISTRATION, payload=why, created_at=entered)
        reading = scene.reading(picture, ADMINISTRATION, now=at(5, 9), rulebook=rules)
        yield name, render(reading, short, merged=told)
    secret = whole(scene, bookings=[scene.booking(), *bookings], is_confidential=True)
    instead = notice(NoticeKind.SHORT_NOTICE, ADMINISTRATION, payload=late | {FOR: SOFIA}, created_at=NOW)
    reading = scene.reading(secret, ADMINISTRATION, now=at(5, 9), rulebook=rules)
    yield "very many, confidential, in a colleague's place", render(reading, instead, merged=items * 9)


def whole(scene: Scene, **more: Any) -> Picture:
    """A visit with a stop of every kind."""
    given: dict[str, Any] = {"stops": [*scene.stops(), *_others(scene.typed)], "other_stops": scene.typed.customs}
    return scene.picture(**given | more)


def requested(scene: Scene, rule_id: str, stop_id: int, **changes: Any) -> Booking:
    """A request of section C."""
    rule, picture = RULES.rule(rule_id), whole(scene)
    given: dict[str, Any] = {
        "id": 100,
        "rule": rule_id,
        "stop_id": stop_id,
        "asked": asked_of(picture, rule, stop_of(picture, stop_id)) if rule is not None else {},
        "answer_by": at(4, 14, 30),
    }
    return scene.booking(BookingKind.REQUEST, **given | changes)


def request_to(person: int, booking: Booking, **more: Any) -> Notice:
    """What a request says to whom it is put."""
    rule = RULES.rule(booking.rule)
    assert rule is not None
    payload = {"to": rule.to[0], "say": rule.say, "round": booking.round}
    about: dict[str, Any] = {"stop_id": booking.stop_id, "booking_id": booking.id, "rule": booking.rule}
    return notice(NoticeKind.REQUEST, person, payload=payload, **about | more)


@made_once
def _others(typed: Typed) -> Iterable[Stop]:
    """The kinds of stops that a visit has not as usual."""
    return (
        _stop(OWN_CAR, StopKind.OWN_CAR, at(5, 13), place=typed.airport, plate=typed.plate, route=typed.customs),
        _stop(CHECK_IN, StopKind.CHECK_IN, at(5, 16, 30), place=typed.restaurant),
        _stop(HOTEL_BREAKFAST, StopKind.BREAKFAST, at(6, 7, 30), place=typed.restaurant, meal=Meal.BREAKFAST),
        _stop(MEETING, StopKind.MEETING, at(6, 9), place=typed.airport, room=typed.car, subject=typed.customs),
        _stop(TOUR, StopKind.TOUR, at(6, 14), subject=typed.customs, room=typed.car),
        _stop(TRIP, StopKind.TRIP, at(6, 15), place=typed.airport, is_long=True, needs_car=True, travel_minutes=40),
        _stop(CHECK_OUT, StopKind.CHECK_OUT, at(6, 16, 30), place=typed.restaurant, means=Means.PLANE),
    )


def _duty(rule: Rule, **more: Any) -> Notice:
    to = rule.to[0]
    payload = {"to": to, "answer": rule.answer_of(to), "say": rule.say, "asks": rule.id}
    person = HOST if to == To.LEAD_HOST else ADMINISTRATION if to == To.ADMINISTRATION else SOFIA
    return notice(NoticeKind.DUTY, person, stop_id=STOPS[rule.about], rule=rule.id, payload=payload, **more)


def _stop(stop_id: int, kind: StopKind, starts_at: datetime, **more: Any) -> Stop:
    return Stop(id=stop_id, visit_id=1, kind=kind, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), **more)
