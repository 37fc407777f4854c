"""Reminders in every state, and what the lead host hears of their answers."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.messages.blocks import Message
from bot.messages.notices import render
from bot.models.bookings import Booking, BookingState
from bot.models.notices import AFTER_ALL, TAKEN_BACK, Declaration, DeclarationKind, Notice, NoticeKind
from bot.models.visits import Means
from bot.procedure.picture import Picture
from bot.procedure.vocabulary import Answer, To
from tests.samples import (
    ARRIVAL,
    BREAKFAST,
    DEPARTURE,
    DINNER,
    DRIVER,
    HOST,
    LUNCH,
    MADRID,
    OTHER_DRIVER,
    PICKUP,
    SEND_OFF,
    SHANGHAI,
    SOFIA,
    Scene,
    at,
    declared,
    notice,
    reminder_to,
    stop_of,
    told_of,
    with_stop,
)

Told = Iterator[tuple[str, Message]]
HOUR = timedelta(hours=1)


def pickups(scene: Scene) -> Told:
    """To driver and greeter, at every distance, by plane and train, answered and overtaken."""
    picture = scene.picture(bookings=[confirmed(scene)])
    driver = reminder_to(To.DRIVER, Answer.ON_MY_WAY, DRIVER, PICKUP)
    greeter = reminder_to(To.GREETERS, Answer.ON_MY_WAY, SOFIA, PICKUP)
    for name, ahead in (
        ("1 hour", HOUR),
        ("2 hours 20 minutes", timedelta(minutes=140)),
        ("35 minutes", timedelta(minutes=35)),
        ("1 day", timedelta(days=1)),
        ("1 day 2 hours 3 minutes", timedelta(days=1, hours=2, minutes=3)),
        ("nothing: it is time", timedelta(0)),
    ):
        yield f"driver, ahead {name}", _seen(scene, picture, driver, ARRIVAL - ahead)
    yield "greeter, 1 hour ahead", _seen(scene, picture, greeter, ARRIVAL - HOUR)
    reading = scene.reading(picture, SOFIA, now=ARRIVAL - HOUR, zone=MADRID)
    yield "greeter whose clock shows another time", render(reading, greeter)
    yield "the lead host meets the guests", _seen(scene, picture, _to_host(), ARRIVAL - HOUR)
    train = _by_train(scene)
    yield "driver, to the station, 1 hour ahead", _seen(scene, train, driver, ARRIVAL - HOUR)
    yield "driver, to the station, now", _seen(scene, train, driver, ARRIVAL)
    yield "greeter, told very late", _seen(scene, picture, greeter, ARRIVAL - timedelta(minutes=5))
    yield "greeter, little is known", _seen(scene, _bare(scene), greeter, ARRIVAL - HOUR)
    answer = declared(DeclarationKind.ON_MY_WAY, DRIVER, stop_of(picture, PICKUP), at(5, 13, 32))
    answered = scene.picture(bookings=[confirmed(scene)], declarations=[answer])
    yield "driver, answered", _seen(scene, answered, driver, ARRIVAL - HOUR)
    was = told_of(picture, PICKUP, starts_at=at(5, 16).isoformat(), number="MU5100", driver=OTHER_DRIVER)
    changed = reminder_to(To.GREETERS, Answer.ON_MY_WAY, SOFIA, PICKUP, was)
    yield "greeter, carries what changed", _seen(scene, picture, changed, ARRIVAL - HOUR)
    since = reminder_to(To.DRIVER, Answer.ON_MY_WAY, DRIVER, PICKUP)
    since.told = {str(PICKUP): told_of(picture, PICKUP, place="T1", contact="")}
    yield "driver, what changed since it was sent", _seen(scene, picture, since, ARRIVAL - HOUR)
    yield "driver, overtaken", render(scene.reading(picture, DRIVER, now=ARRIVAL - HOUR), driver, is_outdated=True)


def meals(scene: Scene) -> Told:
    """To leaders, host team and lead host, each meal, today and another day, answered and overtaken."""
    picture = scene.picture()
    early = at(5, 14, 30)
    leader = reminder_to(To.LEADERS, Answer.ATTENDANCE, SOFIA, DINNER)
    yield "leader, dinner today", _seen(scene, picture, leader, early)
    yield "leader whose clock shows another time", render(scene.reading(picture, SOFIA, now=early, zone=MADRID), leader)
    for name, stop in (("breakfast", BREAKFAST), ("lunch", LUNCH)):
        to_leader = reminder_to(To.LEADERS, Answer.ATTENDANCE, SOFIA, stop)
        yield f"leader, {name} tomorrow", _seen(scene, picture, to_leader, at(5, 20))
        yield f"leader, {name} today, no restaurant yet", _seen(scene, picture, to_leader, at(6, 6))
    yield "leader, dinner another day", _seen(scene, picture, leader, at(4, 9))
    yield "host team", _seen(scene, picture, reminder_to(To.TEAM, Answer.GOT_IT, SOFIA, DINNER), early)
    host = reminder_to(To.LEAD_HOST, Answer.NONE, HOST, DINNER)
    for code in ("es", "en", "zh_CN"):
        guests = scene.picture(guest_language=code)
        yield f"lead host, to be forwarded, the guests read {code}", _seen(scene, guests, host, early)
    for name, stop in (("breakfast", BREAKFAST), ("lunch", LUNCH)):
        to_host = reminder_to(To.LEAD_HOST, Answer.NONE, HOST, stop)
        yield f"lead host, {name}, no restaurant yet", _seen(scene, picture, to_host, at(6, 6))
    for kind in (DeclarationKind.ATTENDS, DeclarationKind.CANNOT_ATTEND):
        answered = scene.picture(declarations=[_said(picture, kind)])
        yield f"leader, answered: {kind}", _seen(scene, answered, leader, early)
    back = scene.picture(declarations=[_taken_back(_said(picture, DeclarationKind.CANNOT_ATTEND))])
    yield "leader, taken back", _seen(scene, back, leader, early)
    late = scene.picture(declarations=[_said(picture, DeclarationKind.ATTENDS)])
    yield "leader, answered, dinner has begun", _seen(scene, late, leader, at(5, 18, 30))
    absent = scene.picture(declarations=[_said(picture, DeclarationKind.CANNOT_ATTEND)])
    yield "leader, answered no, dinner is over", _seen(scene, absent, leader, stop_of(picture, DINNER).ends_at)
    got_it = scene.picture(declarations=[_said(picture, DeclarationKind.GOT_IT)])
    told_late = reminder_to(To.TEAM, Answer.GOT_IT, SOFIA, DINNER)
    yield "host team, told very late", _seen(scene, picture, told_late, at(5, 18, 25))
    yield "host team, answered", _seen(scene, got_it, reminder_to(To.TEAM, Answer.GOT_IT, SOFIA, DINNER), early)
    was = told_of(picture, DINNER, starts_at=at(5, 19).isoformat(), place="", food="")
    changed = reminder_to(To.LEADERS, Answer.ATTENDANCE, SOFIA, DINNER, was)
    yield "leader, carries what changed", _seen(scene, picture, changed, early)
    yield "leader, overtaken", render(scene.reading(picture, SOFIA, now=early), leader, is_outdated=True)


def departures(scene: Scene) -> Told:
    """To those who see the guests off."""
    picture, leaves = scene.picture(), stop_of(scene.picture(), SEND_OFF).starts_at
    leader = reminder_to(To.LEADERS, Answer.GOT_IT, SOFIA, SEND_OFF)
    yield "leader, 2 hours ahead", _seen(scene, picture, leader, leaves - 2 * HOUR)
    yield "leader, now", _seen(scene, picture, leader, leaves)
    yield "leader, 3 hours ahead", _seen(scene, picture, leader, leaves - 3 * HOUR)
    driver = reminder_to(To.DRIVER, Answer.ON_MY_WAY, DRIVER, SEND_OFF)
    yield "driver, told very late", _seen(scene, picture, driver, leaves - 2 * HOUR)
    by_train = scene.picture(stops=with_stop(scene.stops(), SEND_OFF, means=Means.TRAIN, number="G7002"))
    yield "leader, by train, 1 hour ahead", _seen(scene, by_train, leader, leaves - HOUR)
    said = declared(DeclarationKind.GOT_IT, SOFIA, stop_of(picture, SEND_OFF), DEPARTURE - HOUR)
    yield "leader, answered", _seen(scene, scene.picture(declarations=[said]), leader, leaves - 2 * HOUR)


def declarations(scene: Scene) -> Told:
    """What the lead host hears."""
    picture = scene.picture()
    for kind, person, stop_id, when in (
        (DeclarationKind.ON_MY_WAY, DRIVER, PICKUP, at(5, 13, 32)),
        (DeclarationKind.CANNOT_ATTEND, SOFIA, DINNER, at(5, 15, 10)),
    ):
        said = declared(kind, person, stop_of(picture, stop_id), when)
        heard = scene.picture(declarations=[said])
        told = notice(NoticeKind.DECLARATION, HOST, payload={"declaration": person})
        for name, zone in (("at the venue", SHANGHAI), ("elsewhere", MADRID)):
            yield f"{kind}, the lead host is {name}", render(scene.reading(heard, HOST, now=when, zone=zone), told)
    said = _taken_back(declared(DeclarationKind.CANNOT_ATTEND, SOFIA, stop_of(picture, DINNER), at(5, 17, 40)))
    heard, now = scene.picture(declarations=[said]), said.declared_at
    told = notice(NoticeKind.DECLARATION, HOST, payload={"declaration": SOFIA})
    yield "taken back", render(scene.reading(heard, HOST, now=now), told)
    said = declared(DeclarationKind.ATTENDS, SOFIA, stop_of(picture, DINNER), at(5, 17, 50))
    said.details = {AFTER_ALL: at(5, 15, 10).isoformat()}
    heard = scene.picture(declarations=[said])
    yield "attends after all", render(scene.reading(heard, HOST, now=said.declared_at), told)


def confirmed(scene: Scene) -> Booking:
    """The vehicle request with car and driver."""
    return scene.booking(
        state=BookingState.CONFIRMED, version=3, round=1, vehicle_id=1, driver_id=DRIVER, answered_by_id=DRIVER
    )


def _seen(scene: Scene, picture: Picture, told: Notice, now: datetime) -> Message:
    return render(scene.reading(picture, told.person_id, now=now), told)


def _to_host() -> Notice:
    return reminder_to(To.GREETERS, Answer.ON_MY_WAY, HOST, PICKUP)


def _taken_back(said: Declaration) -> Declaration:
    said.details = {TAKEN_BACK: at(5, 14, 50).isoformat()}
    return said


def _said(picture: Picture, kind: DeclarationKind) -> Declaration:
    return declared(kind, SOFIA, stop_of(picture, DINNER), at(5, 15, 10))


def _by_train(scene: Scene) -> Picture:
    stops = with_stop(scene.stops(), PICKUP, means=Means.TRAIN, number="G7001")
    return scene.picture(stops=stops, bookings=[confirmed(scene)])


def _bare(scene: Scene) -> Picture:
    stops = with_stop(scene.stops(), PICKUP, number="", place="")
    return scene.picture(
        stops=stops, bookings=[], parts={}, guest_title="", party_size=1, contact_name="", contact_phone=""
    )
