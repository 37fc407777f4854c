"""On the road: the driver's card at every step, what others hear, what is noted, and the windows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.messages import delays, driving, road_forms
from bot.messages.blocks import Block, Message
from bot.messages.notices import render
from bot.models.bookings import BookingKind
from bot.models.notices import Declaration, DeclarationKind, Notice, NoticeKind
from bot.models.remarks import Remark, RemarkKind
from bot.models.roles import Part
from bot.models.visits import Stop, StopKind
from bot.procedure.delays import Moved
from bot.procedure.picture import Picture
from bot.procedure.sayings import Say
from bot.procedure.vocabulary import Answer, To
from tests.gallery.duties import requested
from tests.gallery.reminders import confirmed
from tests.samples import (
    ARRIVAL,
    DINNER,
    DRIVER,
    HOST,
    MADRID,
    OTHER_DRIVER,
    PICKUP,
    RULES,
    SEND_OFF,
    SOFIA,
    Scene,
    at,
    notice,
    stop_of,
)

Pieces = Iterator[tuple[str, Message | Block]]
STEPS: tuple[tuple[DeclarationKind, datetime, dict[str, int]], ...] = (
    (DeclarationKind.ON_MY_WAY, at(5, 13, 5), {}),
    (DeclarationKind.LATE, at(5, 13, 50), {"minutes": 15}),
    (DeclarationKind.IN_PLACE, at(5, 14, 12), {}),
    (DeclarationKind.ABOARD, at(5, 14, 52), {"guests": 4, "luggage": 6}),
    (DeclarationKind.ARRIVED, at(5, 15, 50), {}),
)


def road(scene: Scene) -> Pieces:
    """Card, news, notes and windows."""
    for count in range(len(STEPS) + 1):
        yield f"driver, after {count} steps", _seen(scene, _picture(scene, count), _card(To.DRIVER))
    yield "who meets the guests", _seen(scene, _picture(scene, 3), _card(To.GREETERS))
    yield "departure", _seen(scene, _picture(scene, 0), _card(To.DRIVER, SEND_OFF, Say.CAR_AT_DOOR))
    missing = notice(
        NoticeKind.DUTY,
        HOST,
        stop_id=PICKUP,
        payload={"to": To.LEAD_HOST, "answer": Answer.NONE, "say": Say.DRIVER_MISSING},
    )
    for count in (0, 2, 3):
        yield f"driver missing, after {count} steps", _seen(scene, _picture(scene, count), missing)
    yield from _news(scene)
    yield from _gate(scene)
    yield from _remarks(scene)
    yield from _unnamed(scene)
    reading, boarded = scene.reading(scene.picture(), DRIVER), _declared(scene.picture(), 3, PICKUP)
    yield "window: who is aboard", road_forms.aboard(reading, boarded, "8f6c")
    yield "window: note", road_forms.note(reading)
    yield "window: delay", road_forms.delay(reading)
    yield "noted with a command", driving.kept(scene.t())
    yield from _delays(scene)


def _news(scene: Scene) -> Pieces:
    for number, (kind, when, _) in enumerate(STEPS[1:], 1):
        for stop_id in (PICKUP, SEND_OFF):
            picture = scene.picture(declarations=[_declared(scene.picture(), number, stop_id)])
            told = notice(NoticeKind.DECLARATION, HOST, payload={"declaration": number})
            yield f"{kind}, stop {stop_id}", render(scene.reading(picture, HOST, now=when), told)
    uncounted = _declared(scene.picture(), 3, PICKUP)
    uncounted.details = {"guests": 1}
    told = notice(NoticeKind.DECLARATION, HOST, payload={"declaration": 3})
    yield "aboard, no luggage", render(scene.reading(scene.picture(declarations=[uncounted]), HOST), told)


def _gate(scene: Scene) -> Pieces:
    asks = {"to": To.GATE, "answer": Answer.HERE, "say": Say.GATE_SOON, "asks": "here"}
    asked = notice(NoticeKind.DUTY, SOFIA, stop_id=PICKUP, payload=asks)
    yield "gate, before they are here", _seen(scene, scene.picture(), asked)
    here = _declared(scene.picture(), 0, PICKUP)
    here.kind, here.key = DeclarationKind.HERE, "here"
    picture = scene.picture(declarations=[here])
    yield "gate, they are here", _seen(scene, picture, asked)
    yield "driver, the guests are at the gate", _seen(scene, picture, _card(To.DRIVER))
    told = notice(NoticeKind.DECLARATION, HOST, payload={"declaration": 0})
    yield "the lead host hears they are here", render(scene.reading(picture, HOST, now=ARRIVAL), told)


def _remarks(scene: Scene) -> Pieces:
    for number, kind in enumerate(RemarkKind):
        noted = Remark(
            id=number, visit_id=1, kind=kind, text=scene.typed.customs, noted_by_id=SOFIA, noted_at=at(5, 15)
        )
        picture = scene.picture(remarks=[noted])
        told = notice(NoticeKind.REMARK, HOST, payload={"remark": number})
        yield f"note: {kind}", render(scene.reading(picture, HOST, now=at(5, 15)), told)


def _unnamed(scene: Scene) -> Pieces:
    """To the lead host: somebody who was named to drive to the dinner drives elsewhere by then (E4)."""
    taken = {
        "driver": OTHER_DRIVER,
        "road": [at(5, 17, 30).isoformat(), at(5, 20).isoformat()],
        "held": [at(5, 18).isoformat(), at(5, 21).isoformat()],
    }
    open_visit = taken | {"reference": "V-0011", "company": scene.typed.company}
    told = notice(NoticeKind.DRIVER_UNNAMED, HOST, stop_id=DINNER, payload=open_visit)
    yield "a driver drives elsewhere", _seen(scene, scene.picture(), told)
    yield "nobody else drives", _seen(scene, scene.picture(parts={}), told)
    named = replace(scene.picture(), stop_parts={(DINNER, Part.DRIVER): (DRIVER,)})
    yield "somebody else was named", _seen(scene, named, told)
    told = notice(
        NoticeKind.DRIVER_UNNAMED, HOST, stop_id=DINNER, payload=taken | {"reference": "V-····", "company": ""}
    )
    yield "for a confidential visit", _seen(scene, scene.picture(), told)


def _delays(scene: Scene) -> Pieces:
    """To whoever told of a delay with a command (E4)."""
    check_in = Stop(id=50, visit_id=1, kind=StopKind.CHECK_IN, starts_at=at(5, 16), ends_at=at(5, 16, 30))
    before = _delayed(scene, check_in, timedelta(0))
    for name, by, stops, asked_again in (
        ("later, with the check-in", timedelta(minutes=90), (PICKUP, 50), ()),
        ("earlier", timedelta(minutes=-15), (PICKUP,), ()),
        ("beyond midnight", timedelta(hours=10), (PICKUP, 50), ()),
        ("answers that do not hold", timedelta(minutes=90), (PICKUP,), (100, 1, 2)),
        ("many that do not hold", timedelta(minutes=90), (PICKUP,), (100, 1, 2, 100, 1)),
    ):
        picture = _delayed(scene, check_in, by)
        moved = _moved(picture, by, stops, asked_again)
        yield f"delay: {name}", delays.moved(scene.reading(picture, HOST, rulebook=RULES), moved, before)
    picture, by = _delayed(scene, check_in, timedelta(minutes=90)), timedelta(minutes=90)
    elsewhere = scene.reading(picture, HOST, zone=MADRID)
    yield "delay: read elsewhere", delays.moved(elsewhere, _moved(picture, by, (PICKUP, 50)), before)
    secret = _delayed(scene, check_in, by, is_confidential=True)
    yield "delay: confidential", delays.moved(scene.reading(secret, HOST), _moved(secret, by, (PICKUP,)), before)


def _delayed(scene: Scene, check_in: Stop, by: timedelta, **visit: Any) -> Picture:
    """The visit once its pick-up and its check-in have moved."""
    stops = [
        Stop(**stop.model_dump() | {"starts_at": stop.starts_at + by, "ends_at": stop.ends_at + by})
        for stop in (scene.stops()[0], check_in)
    ]
    requests = [requested(scene, "C3", DINNER), scene.booking(), scene.booking(BookingKind.LEADER)]
    return scene.picture(stops=[*stops, *scene.stops()[1:]], bookings=requests, **visit)


def _moved(picture: Picture, by: timedelta, stops: Iterable[int], asked_again: tuple[int, ...] = ()) -> Moved:
    moved = [stop_of(picture, key) for key in stops]
    return Moved(by, tuple((stop, stop.starts_at - by) for stop in moved), asked_again)


def _picture(scene: Scene, count: int) -> Picture:
    said = [_declared(scene.picture(), number, PICKUP) for number in range(count)]
    return scene.picture(bookings=[confirmed(scene)], declarations=said)


def _declared(picture: Picture, number: int, stop_id: int) -> Declaration:
    kind, when, details = STEPS[number]
    facts: dict[str, Any] = dict(details)
    return Declaration(
        id=number,
        visit_id=1,
        key=f"{kind}",
        stop_id=stop_id,
        person_id=DRIVER,
        stop_starts_at=stop_of(picture, stop_id).starts_at,
        kind=kind,
        declared_at=when,
        details=facts,
    )


def _card(to: To, stop_id: int = PICKUP, say: Say = Say.IN_PLACE) -> Notice:
    payload = {"to": to, "answer": Answer.DRIVE, "say": say}
    return notice(NoticeKind.DUTY, DRIVER if to == To.DRIVER else SOFIA, stop_id=stop_id, payload=payload)


def _seen(scene: Scene, picture: Picture, told: Notice) -> Message:
    return render(scene.reading(picture, told.person_id, now=at(5, 14, 10)), told)
