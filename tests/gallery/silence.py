"""Silence and absence: what is asked once more, what deputies are asked, who hears that nobody answers."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.messages import absences, cards, handovers, waits
from bot.messages.blocks import Block, Message
from bot.messages.notices import render
from bot.models.bookings import BookingKind, BookingState
from bot.models.notices import TAKEN_BACK, Declaration, DeclarationKind, Notice, NoticeKind
from bot.models.roles import Part
from bot.procedure.deputies import FOR
from bot.procedure.picture import Picture
from bot.procedure.sayings import Say
from bot.procedure.silence import AWAY, CHASED, SILENT, VERSION
from bot.procedure.vocabulary import Answer, To
from tests.samples import (
    ADMINISTRATION,
    DINNER,
    EXECUTIVE_OFFICE,
    GENERAL_MANAGER,
    HOST,
    MADRID,
    OTHER_HOST,
    PICKUP,
    SHANGHAI,
    SOFIA,
    VEHICLE_REQUEST,
    Scene,
    at,
    declared,
    notice,
    reminder_to,
    stop_of,
)

Told = Iterator[tuple[str, Message]]
SINCE, NOW = at(5, 14, 30), at(5, 16, 5)


def chases(scene: Scene) -> Told:
    """The same once more, to the same person or to a deputy; open and answered."""
    picture = scene.picture()
    again = _again(SOFIA)
    yield "the same person once more", _seen(scene, picture, again)
    yield "read elsewhere", render(scene.reading(picture, SOFIA, now=NOW, zone=MADRID), again)
    deputy = _again(OTHER_HOST, **{FOR: SOFIA})
    yield "a deputy of somebody silent", _seen(scene, picture, deputy)
    away = reminder_to(To.LEADERS, Answer.ATTENDANCE, OTHER_HOST, DINNER)
    away.payload = away.payload | {FOR: SOFIA, AWAY: at(9, 0).isoformat()}
    yield "a deputy of somebody away", _seen(scene, picture, away)
    reading = scene.reading(picture, OTHER_HOST, now=NOW)
    yield "a deputy of somebody who is back", render(reading, away, relieved=[away.id])
    carrier = notice(NoticeKind.SHORT_NOTICE, OTHER_HOST, payload={FOR: SOFIA}, created_at=NOW, id="all")
    yield "the same among others", render(reading, carrier, merged=[away], relieved=[away.id])
    for kind in (
        DeclarationKind.ATTENDS,
        DeclarationKind.CANNOT_ATTEND,
        DeclarationKind.GOT_IT,
        DeclarationKind.ON_MY_WAY,
    ):
        heard = scene.picture(declarations=[_by_deputy(picture, kind)])
        yield f"the deputy answered {kind}, to the person", _seen(scene, heard, again)
        yield f"the deputy answered {kind}, to the deputy", _seen(scene, heard, deputy)
    back = _by_deputy(picture, DeclarationKind.CANNOT_ATTEND)
    back.details = back.details | {TAKEN_BACK: at(5, 14, 50).isoformat()}
    yield "the deputy took it back, to the person", _seen(scene, scene.picture(declarations=[back]), again)
    said = declared(DeclarationKind.ATTENDS, SOFIA, stop_of(picture, DINNER), at(5, 15, 10))
    yield "the person answered, to the deputy", _seen(scene, scene.picture(declarations=[said]), deputy)
    asked = notice(
        NoticeKind.VEHICLE_REQUEST,
        ADMINISTRATION,
        stop_id=PICKUP,
        booking_id=VEHICLE_REQUEST,
        payload={"to": To.ADMINISTRATION, CHASED: SINCE.isoformat(), VERSION: 1},
    )
    yield "a request once more", _seen(scene, picture, asked)
    say = {"to": To.LEAD_HOST, "answer": Answer.DONE, "say": Say.OUR_CONTACT, "asks": "contact"}
    duty = notice(NoticeKind.DUTY, HOST, stop_id=PICKUP, payload=say | {CHASED: SINCE.isoformat()})
    yield "a duty that is not done, once more", _seen(scene, picture, duty)
    yield "a request, answered", _seen(scene, scene.picture(bookings=[scene.booking(version=2)]), asked)


def silences(scene: Scene) -> Told:
    """To the lead host: one is silent, two with a deputy, all have answered; a request, a duty."""
    picture = scene.picture()
    yield "one person", _seen(scene, picture, _silence(SOFIA))
    two = _silence(SOFIA, GENERAL_MANAGER, deputies=[OTHER_HOST])
    yield "two, one with a deputy", _seen(scene, picture, two)
    yield "read elsewhere", render(scene.reading(picture, HOST, now=NOW, zone=MADRID), two)
    said = [_by_deputy(picture, DeclarationKind.ATTENDS)]
    yield "one has answered", _seen(scene, scene.picture(declarations=said), two)
    yield "all have answered", _seen(scene, scene.picture(declarations=said), _silence(SOFIA))
    duty = _silence(GENERAL_MANAGER, kind=NoticeKind.DUTY, say="trip_plan")
    yield "a duty", _seen(scene, picture, duty)
    for kind, booking in (
        (NoticeKind.VEHICLE_REQUEST, scene.booking()),
        (NoticeKind.LEADER_REQUEST, scene.booking(BookingKind.LEADER)),
    ):
        request = _silence(EXECUTIVE_OFFICE, kind=kind)
        request.booking_id, request.stop_id = booking.key, PICKUP
        request.payload[SILENT]["unanswered"][0][VERSION] = 1
        yield f"{kind}", _seen(scene, scene.picture(bookings=[booking]), request)
        for state in (BookingState.REQUESTED, BookingState.RELEASED):
            later = booking.model_copy(update={"version": 2, "state": state, "answered_by_id": None})
            yield f"{kind}, {state} since", _seen(scene, scene.picture(bookings=[later]), request)


def away(scene: Scene) -> Iterator[tuple[str, Message | Block]]:
    """The form, and how host and Home show who is away."""
    yield "the form", absences.form(scene.t(), "", date(2026, 3, 6))
    yield "the form, with a deputy", absences.form(scene.t(), "U02CARLOS", date(2026, 3, 6))
    picture = scene.picture()
    sofia = picture.people[SOFIA]
    sofia.deputy_id, sofia.away_until = OTHER_HOST, at(9, 0)
    yield "the card", cards.card(scene.reading(picture, HOST, now=NOW))
    deputy = picture.people[OTHER_HOST].name
    shown = absences.of_oneself(scene.t(), sofia, deputy, SHANGHAI, NOW.date())
    yield "on the Home tab", {"type": "home", "blocks": shown}


def _again(person: int, **more: Any) -> Notice:
    """The reminder of the dinner once more: what Sofía is asked."""
    asked = reminder_to(To.LEADERS, Answer.ATTENDANCE, SOFIA, DINNER)
    asked.person_id, asked.payload = person, asked.payload | {CHASED: SINCE.isoformat()} | more
    return asked


def _by_deputy(picture: Picture, kind: DeclarationKind) -> Declaration:
    said = declared(DeclarationKind.ATTENDS, SOFIA, stop_of(picture, DINNER), at(5, 15, 10))
    return Declaration(**said.model_dump() | {"person_id": OTHER_HOST, "kind": kind, "details": {"for": SOFIA}})


def _silence(*people: int, deputies: list[int] | None = None, **told: Any) -> Notice:
    unanswered = []
    for number, person in enumerate(people):
        asked = reminder_to(To.LEADERS, Answer.ATTENDANCE, person, DINNER)
        asks = {"asks": asked.payload["asks"], "people": [person], "since": SINCE.isoformat()}
        unanswered.append(asks | {"deputies": (deputies or []) if number else []})
    payload = {SILENT: {"kind": NoticeKind.REMINDER, "answer": Answer.ATTENDANCE, "unanswered": unanswered} | told}
    return notice(NoticeKind.SILENCE, HOST, stop_id=DINNER, payload=payload)


def _seen(scene: Scene, picture: Picture, told: Notice) -> Message:
    return render(scene.reading(picture, told.person_id, now=NOW), told)


def handovers_(scene: Scene) -> Iterator[tuple[str, Message | Block]]:
    """The forms, and what the new and the old owner read."""
    picture, t = scene.picture(), scene.t()
    reading = scene.reading(picture, HOST, now=NOW)
    yield "one visit, the form", handovers.hand_over_form(reading)
    yield "a colleague, the form", handovers.take_over_form(t, "U02CARLOS")
    for count in (0, 1, 25):
        yield f"a colleague, {count} visits", handovers.what_comes(t, picture.people[SOFIA], [picture.visit] * count)
        yield f"done, {count} visits", handovers.taken_over(t, count)
    for count in (1, 25):
        for person in (OTHER_HOST, HOST):
            told = _handed_over(scene, person, count, by=ADMINISTRATION if count == 1 else OTHER_HOST)
            yield f"{count} visits, to person {person}", render(scene.reading(picture, person, now=at(3, 9)), told)
    whole = _handed_over(scene, OTHER_HOST, 2, by=OTHER_HOST)
    whole.payload = whole.payload | {"is_everything": True}
    yield "everything of a colleague", _seen(scene, picture, whole)
    here = _handed_over(scene, OTHER_HOST, 1, by=OTHER_HOST)
    yield "the guests are here", render(scene.reading(picture, OTHER_HOST, now=NOW), here)


def _handed_over(scene: Scene, person: int, count: int, *, by: int) -> Notice:
    visit = scene.visit()
    told = {
        "visit": visit.key,
        "reference": visit.reference,
        "company": visit.company,
        "is_confidential": False,
        "arrives_at": visit.arrives_at.isoformat(),
        "departs_at": visit.departs_at.isoformat(),
        "is_host": True,
        "parts": [Part.LEADER, Part.TEAM],
        "stops": count,
        "open": count,
    }
    payload = {"from": HOST, "to": OTHER_HOST, "by": by, "taken": [told] * count}
    return notice(NoticeKind.HANDOVER, person, payload=payload)


def waits_(scene: Scene) -> Iterator[tuple[str, Message | Block]]:
    """What waits for somebody, and in a visit's window who was asked in vain."""
    picture, t = scene.picture(), scene.t()
    reading = scene.reading(picture, SOFIA, now=NOW)
    asked = waits.Item(reading, at(5, 18, 30), notice=reminder_to(To.LEADERS, Answer.ATTENDANCE, SOFIA, DINNER))
    request = waits.Item(reading, at(5, 14, 30), booking=scene.booking())
    yield "by command", waits.message(t, [request, asked])
    yield "more than fit", waits.message(t, [asked] * (waits.SHOWN + 3))
    yield "nothing", waits.message(t, [])
    first = reminder_to(To.LEADERS, Answer.ATTENDANCE, SOFIA, DINNER)
    first.sent_at = SINCE
    silent = [
        waits.InVain(first, [SOFIA], [], 1),
        waits.InVain(first, [SOFIA, GENERAL_MANAGER], [OTHER_HOST], 2),
    ]
    yield "in a window", {"type": "home", "blocks": waits.in_window(reading, silent)}
