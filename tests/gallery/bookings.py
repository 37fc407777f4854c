"""What section C asks for, in every state, and its answers as others hear them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.messages import boards, cards, visit_window
from bot.messages.blocks import Block, Message
from bot.messages.notices import render
from bot.messages.reading import Reading
from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.guests import Guest
from bot.models.notices import TAKEN_BACK, NoticeKind
from bot.models.people import Actor
from bot.models.plans import ChangeRequest, Verb
from bot.models.roles import Role
from bot.models.visits import MealStyle, Payer, Stop
from bot.procedure.picture import Picture
from bot.procedure.vocabulary import To
from tests.gallery.duties import MEETING, STOPS, request_to, requested, whole
from tests.gallery.reminders import confirmed
from tests.samples import (
    ADMINISTRATION,
    DINNER,
    DRIVER,
    EXECUTIVE_OFFICE,
    HOST,
    LEADER_REQUEST,
    MADRID,
    PICKUP,
    RULES,
    SOFIA,
    Scene,
    at,
    notice,
    stop_of,
    told_of,
)

Told = Iterator[tuple[str, Message]]


def requests(scene: Scene) -> Told:
    """What each row asks of the first of those it is put to, then in every state."""
    for rule in RULES.rules:
        if rule.notice == NoticeKind.REQUEST:
            asked = requested(scene, rule.id, STOPS[rule.about])
            person = HOST if rule.to[0] == To.LEAD_HOST else ADMINISTRATION
            yield f"{rule.id}: {rule.say}", _asked(scene, person, asked)
    for name, booking in states(scene).items():
        yield name, _asked(scene, ADMINISTRATION, booking)
    for name, booking in _void(scene).items():
        yield name, _asked(scene, ADMINISTRATION, booking)
    dinner = requested(scene, "C3", DINNER, round=1, details={"was": requested(scene, "C3", DINNER).asked})
    picture = whole(scene, bookings=[dinner])
    was = told_of(picture, DINNER, guests=40)
    told = request_to(ADMINISTRATION, dinner)
    told.payload = told.payload | {"was": was}
    yield "asked again, with what changed at the stop", render(_reading(scene, picture, ADMINISTRATION), told)
    old = request_to(ADMINISTRATION, requested(scene, "C3", DINNER))
    yield "an earlier round", render(_reading(scene, picture, ADMINISTRATION), old)
    leader = scene.booking(
        BookingKind.LEADER, stop_id=DINNER, rule="B6", state=BookingState.COUNTERED, **_proposal(scene)
    )
    asked_office = notice(NoticeKind.LEADER_REQUEST, EXECUTIVE_OFFICE, stop_id=DINNER, booking_id=LEADER_REQUEST)
    pictured = whole(scene, bookings=[leader])
    yield "another time for a leader", render(_reading(scene, pictured, EXECUTIVE_OFFICE), asked_office)


def states(scene: Scene) -> dict[str, Booking]:
    """The private dining room, as its request may stand."""
    typed = scene.typed
    by: dict[str, Any] = {"answered_by_id": ADMINISTRATION, "version": 2}
    details = {"room": typed.restaurant, "place": typed.airport, "reference": "8812-07"}
    return {
        "waiting": requested(scene, "C3", DINNER),
        "overdue": requested(scene, "C3", DINNER, answer_by=at(3, 8)),
        "confirmed": requested(scene, "C3", DINNER, state=BookingState.CONFIRMED, details=details, cost=1200, **by),
        "confirmed with a note": requested(
            scene, "C7", MEETING, state=BookingState.CONFIRMED, details={"note": typed.food}, **by
        ),
        "advance": requested(scene, "C8", PICKUP, state=BookingState.CONFIRMED, details={"amount": 5000}, **by),
        "countered": requested(scene, "C3", DINNER, state=BookingState.COUNTERED, **_proposal(scene), **by),
        "declined": requested(scene, "C3", DINNER, state=BookingState.DECLINED, reason=typed.reason, **by),
        "taken back": requested(scene, "C3", DINNER, state=BookingState.DECLINED, details={TAKEN_BACK: True}, **by),
        "taken back with the reason": requested(
            scene,
            "C3",
            DINNER,
            state=BookingState.DECLINED,
            reason=typed.reason,
            details={TAKEN_BACK: True},
            **by,
        ),
        "not like that": requested(scene, "C3", DINNER, reason=typed.reason, version=3),
        "released": requested(scene, "C3", DINNER, state=BookingState.RELEASED, **by),
        "nobody knows the rule any more": requested(scene, "C99", DINNER, asked={}),
    }


def answers(scene: Scene) -> Told:
    """To lead host, administration, and whoever made a suggestion."""
    found = states(scene)
    for name, reader in (
        ("confirmed", HOST),
        ("confirmed with a note", HOST),
        ("advance", HOST),
        ("declined", HOST),
        ("taken back", HOST),
        ("taken back with the reason", HOST),
        ("confirmed", ADMINISTRATION),
    ):
        yield f"{name}, to {reader}", _told(scene, found[name], reader, NoticeKind.REQUEST_ANSWER)
    asked_again = requested(scene, "C3", DINNER, version=9)
    answer = _news(found["declined"], HOST, NoticeKind.REQUEST_ANSWER)
    yield "declined, asked again since", render(_reading(scene, whole(scene, bookings=[asked_again]), HOST), answer)
    other = Stop(
        **stop_of(whole(scene), DINNER).model_dump() | {"id": 99, "starts_at": at(6, 18), "ends_at": at(6, 20)}
    )
    two = whole(scene, stops=[*scene.stops(), other], bookings=[found["confirmed"]])
    confirmed = _news(found["confirmed"], HOST, NoticeKind.REQUEST_ANSWER)
    yield "confirmed, one dinner of two", render(_reading(scene, two, HOST), confirmed)
    yield "suggested", _told(scene, found["countered"], HOST, NoticeKind.COUNTER)
    counter = _news(found["countered"], HOST, NoticeKind.COUNTER)
    taken = replace(whole(scene, bookings=[found["countered"]]), change_requests=(_moved(found["countered"]),))
    yield "suggested, taken, waits for consent", render(_reading(scene, taken, HOST), counter)
    yield "suggested, answered since", render(_reading(scene, whole(scene, bookings=[asked_again]), HOST), counter)


def _moved(suggested: Booking) -> ChangeRequest:
    """What the host asks for who takes a suggestion."""
    return ChangeRequest(
        id=1,
        visit_id=1,
        verb=Verb.CHANGE_STOP,
        differences={"stops": {str(DINNER): [{}, {"starts_at": suggested.counter["starts_at"]}]}},
        asked_by_id=HOST,
        asked_at=at(3, 9),
        answer_by=at(3, 13),
    )


def windows(scene: Scene) -> Iterator[tuple[str, Block]]:
    """The requests in a visit's window, before whom they were put to, the lead host and others."""
    picture = _many(scene)
    office = Actor(picture.people[ADMINISTRATION], frozenset({Role.ADMINISTRATION}))
    host = Actor(picture.people[HOST], frozenset())
    other = Actor(picture.people[SOFIA], frozenset())
    yield "administration", visit_window.window(_reading(scene, picture, ADMINISTRATION), office)
    yield "lead host", visit_window.window(_reading(scene, picture, HOST), host)
    yield "somebody else", visit_window.window(_reading(scene, picture, SOFIA), other)
    given = _given(scene)
    driver = Actor(given.people[DRIVER], frozenset())
    executive = Actor(given.people[EXECUTIVE_OFFICE], frozenset({Role.EXECUTIVE_OFFICE}))
    yield "what the driver may take back", visit_window.window(_reading(scene, given, DRIVER), driver)
    yield (
        "what the executive office may take back",
        visit_window.window(_reading(scene, given, EXECUTIVE_OFFICE), executive),
    )
    yield "what administration may take back", visit_window.window(_reading(scene, given, ADMINISTRATION), office)
    many = scene.picture(bookings=[requested(scene, "C3", DINNER, id=n) for n in range(100, 140)])
    yield "very many", visit_window.window(_reading(scene, many, SOFIA), other)


def card(scene: Scene) -> Told:
    """The card with what is being prepared."""
    yield "in preparation", cards.card(_reading(scene, _many(scene), None))


def board(scene: Scene) -> Told:
    """The board with stops whose preparation needs somebody."""
    picture = _many(scene)
    reading = _reading(scene, picture, now=at(5, 9))
    yield "requests that need somebody", boards.board(boards.Day(scene.t(), at(5, 0).date(), [reading]))


def _many(scene: Scene) -> Picture:
    bookings = [Booking(**booking.model_dump() | {"id": n}) for n, booking in enumerate(states(scene).values(), 100)]
    return whole(scene, bookings=[scene.booking(), *bookings])


def _given(scene: Scene) -> Picture:
    """Everything was said yes to."""
    office = {"state": BookingState.CONFIRMED, "version": 2, "answered_by_id": EXECUTIVE_OFFICE}
    return whole(scene, bookings=[confirmed(scene), scene.booking(BookingKind.LEADER, **office)])


def _void(scene: Scene) -> dict[str, Booking]:
    """Confirmed for something else: asked again."""
    dinner, hotel = requested(scene, "C3", DINNER).asked, requested(scene, "C2", PICKUP).asked
    welcome, tickets = requested(scene, "C9", MEETING).asked, requested(scene, "C14", STOPS[_departure()]).asked
    earlier = [at(5, 17).isoformat(), at(5, 18).isoformat()]
    again: dict[str, Any] = {"round": 1, "version": 3}
    return {
        "meal otherwise": requested(
            scene,
            "C3",
            DINNER,
            details={"was": dinner | {"time": earlier, "guests": 2, "style": MealStyle.BANQUET, "diets": ""}},
            **again,
        ),
        "stay otherwise": requested(
            scene,
            "C2",
            PICKUP,
            details={"was": hotel | {"stay": ["2026-03-04", "2026-03-05"], "rooms": [1, 1]}},
            **again,
        ),
        "welcome otherwise": requested(
            scene,
            "C9",
            MEETING,
            details={"was": welcome | {"day": "2026-03-05", "language": "en", "names": [scene.typed.contact]}},
            **again,
        ),
        "tickets otherwise": requested(
            scene, "C14", STOPS[_departure()], details={"was": tickets | {"number": ""}}, **again
        ),
    }


def _departure() -> Any:
    rule = RULES.rule("C14")
    assert rule is not None
    return rule.about


def _proposal(scene: Scene) -> dict[str, Any]:
    details = {"room": scene.typed.restaurant}
    return {"counter": {"starts_at": at(5, 19).isoformat(), "note": scene.typed.reason, "details": details}}


def _asked(scene: Scene, person: int, booking: Booking) -> Message:
    guest = Guest(id=1, visit_id=1, name=scene.typed.guest, rank=90, is_vip=True)
    picture = whole(scene, bookings=[booking], party_size=7, hotel_payer=Payer.HOUSE)
    zone = MADRID if booking.rule == "C13" else picture.visit.venue
    reading = _reading(scene, picture, person, zone=zone)
    object.__setattr__(reading.picture, "guests", (guest,) if booking.round else ())
    payload = (
        request_to(person, booking) if RULES.rule(booking.rule) else request_to(person, requested(scene, "C3", DINNER))
    )
    return render(reading, payload)


def _news(booking: Booking, person: int, kind: NoticeKind) -> Any:
    payload = {
        "state": booking.state,
        "by": booking.answered_by_id,
        "reason": booking.reason,
        "version": booking.version,
    } | ({TAKEN_BACK: True} if booking.is_taken_back else {})
    return notice(kind, person, stop_id=booking.stop_id, booking_id=booking.id, payload=payload)


def _told(scene: Scene, booking: Booking, person: int, kind: NoticeKind) -> Message:
    return render(_reading(scene, whole(scene, bookings=[booking]), person), _news(booking, person, kind))


def _reading(scene: Scene, picture: Picture, reader: int | None = None, **more: Any) -> Reading:
    return scene.reading(picture, reader, rulebook=RULES, **more)
