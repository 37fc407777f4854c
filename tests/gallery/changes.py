"""What people hear when something they were told no longer holds, or could not be told."""

from collections.abc import Iterator
from typing import Any

from bot.messages.blocks import Message
from bot.messages.ledger import ledger
from bot.messages.notices import render
from bot.models.bookings import BookingKind, BookingState
from bot.models.notices import TAKEN_BACK, UNKNOWN, Notice, NoticeKind, NoticeState, Reason, Record, RecordKind
from bot.models.visits import Means, StopKind, VisitState
from bot.procedure.corrections import What
from bot.procedure.deputies import FOR, INSTEAD
from bot.procedure.picture import Picture
from bot.procedure.sayings import Say
from bot.procedure.silence import CHASED, SILENT
from tests.gallery.duties import requested
from tests.gallery.reminders import confirmed
from tests.samples import (
    DINNER,
    DRIVER,
    HOST,
    LUNCH,
    MADRID,
    OTHER_DRIVER,
    OTHER_HOST,
    PICKUP,
    RULES,
    SEND_OFF,
    SOFIA,
    Scene,
    at,
    notice,
    told_of,
    with_stop,
)

Told = Iterator[tuple[str, Message]]


_NOW_OF_KINDS = {"subject": "G7001", "room": "T1", "route": "G7002", "plate": "苏A 1"}
_OF_KINDS: dict[str, tuple[StopKind, dict[str, Any]]] = {
    "a meeting takes longer": (StopKind.MEETING, {"ends_at": at(5, 19).isoformat()}),
    "a meeting moves with its end": (
        StopKind.MEETING,
        {"starts_at": at(5, 15).isoformat(), "ends_at": at(5, 16, 30).isoformat()},
    ),
    "room and subject of a meeting": (StopKind.MEETING, {"room": "", "subject": "G7003"}),
    "the route of a tour": (StopKind.TOUR, {"route": "G7003"}),
    "plate and directions of guests in their own car": (StopKind.OWN_CAR, {"plate": "", "route": ""}),
}
"""What is special to a kind, as it was told before."""


def changes(scene: Scene) -> Told:
    """Each fact by itself, all together, removed, released, several stops."""
    picture = scene.picture(bookings=[confirmed(scene)])
    before: dict[str, tuple[int, dict[str, Any]]] = {
        "time": (PICKUP, {"starts_at": at(5, 16).isoformat()}),
        "day": (DINNER, {"starts_at": at(6, 18, 30).isoformat()}),
        "place": (PICKUP, {"place": "T1, Gate 2"}),
        "place, not known before": (DINNER, {"place": ""}),
        "flight": (PICKUP, {"number": "MU5100"}),
        "driver": (PICKUP, {"driver": OTHER_DRIVER}),
        "driver and car, not known before": (PICKUP, {"driver": None, "plate": None}),
        "contact": (PICKUP, {"contact": "+34 600 11 22 33"}),
        "number of guests": (DINNER, {"guests": 3}),
        "diets": (DINNER, {"food": "No seafood."}),
    }
    for name, (stop_id, old) in before.items():
        yield name, _heard(scene, picture, (stop_id, What.CHANGED, old))
    train = scene.picture(stops=with_stop(scene.stops(), PICKUP, means=Means.TRAIN, number="G7001"))
    yield "train", _heard(scene, train, (PICKUP, What.CHANGED, {"number": "G7003"}))
    unknown = scene.picture(contact_phone="", bookings=[], parts={})
    lost = {"driver": DRIVER, "plate": "苏A 12345", "contact": "+34 600 11 22 33"}
    yield "driver, car and contact, not known any more", _heard(scene, unknown, (PICKUP, What.CHANGED, lost))
    for name, (kind, told) in _OF_KINDS.items():
        own = scene.picture(stops=with_stop(scene.stops(), DINNER, kind=kind, meal=None, **_NOW_OF_KINDS))
        yield name, _heard(scene, own, (DINNER, What.CHANGED, told))
    leaving = {"leaves": at(6, 16).isoformat()}
    yield "when the party sets off for home", _heard(scene, picture, (SEND_OFF, What.CHANGED, leaving))
    everything = {"starts_at": at(5, 16).isoformat(), "place": "T1", "number": "MU5100", "driver": OTHER_DRIVER}
    everything |= {"plate": "苏A 67890", "contact": "+34 600 11 22 33", "guests": 3}
    yield "everything about a pick-up", _heard(scene, picture, (PICKUP, What.CHANGED, everything))
    led = {"host": OTHER_HOST}
    yield "another lead host", _heard(scene, picture, (PICKUP, What.CHANGED, led), (DINNER, What.CHANGED, led))
    moved = (PICKUP, What.CHANGED, before["time"][1] | led)
    yield "another lead host, and a new time", _heard(scene, picture, moved, (DINNER, What.CHANGED, led))
    yield "removed", _heard(scene, picture, (LUNCH, What.REMOVED, {}))
    yield "released", _heard(scene, picture, (PICKUP, What.RELEASED, {}))
    by_them = {"state": BookingState.RELEASED, "answered_by_id": SOFIA}
    asked = [scene.booking(BookingKind.LEADER, **by_them), requested(scene, "C4", PICKUP, **by_them)]
    unasked = scene.picture(bookings=asked)
    yield "released, who arranged it", _heard(scene, unasked, (PICKUP, What.RELEASED, {}), rulebook=RULES)
    several = [(stop_id, What.CHANGED, old) for stop_id, old in (before["time"], before["place, not known before"])]
    yield "several stops", _heard(scene, picture, *several, (LUNCH, What.REMOVED, {}))
    yield "time, read elsewhere", _heard(scene, picture, (PICKUP, What.CHANGED, before["time"][1]), zone=MADRID)


def cancellations(scene: Scene) -> Told:
    """The whole visit is off."""
    off: dict[str, Any] = {"state": VisitState.CANCELED, "canceled_by_id": HOST, "canceled_at": at(4, 9)}
    picture = scene.picture(**off, cancel_reason=scene.typed.reason)
    yield "canceled", _heard(scene, picture, (PICKUP, What.CANCELED, {}), (DINNER, What.CANCELED, {}))
    ended = scene.picture(**off, cancel_reason=f"{scene.typed.reason}.")
    yield "canceled, the reason ends with a full stop", _heard(scene, ended, (PICKUP, What.CANCELED, {}))


def undelivered(scene: Scene) -> Told:
    """Somebody could not be told."""
    picture = scene.picture()
    whole: dict[str, Any] = {"person": SOFIA, "stop": None, "late": False}
    entries: dict[str, dict[str, Any]] = {
        "a reminder": {"person": DRIVER, "stop": PICKUP, "late": False, "kind": NoticeKind.REMINDER},
        "a change that came too late": {"person": DRIVER, "stop": PICKUP, "late": True, "kind": NoticeKind.CHANGE},
        "a cancellation": {**whole, "kind": NoticeKind.CHANGE, "canceled": True},
        "a duty of the whole visit": {**whole, "kind": NoticeKind.DUTY, "say": Say.HOTEL},
        "of an earlier release": whole,
    }
    for description, entry in entries.items():
        yield description, render(scene.reading(picture, HOST), _report(entry))
    yield "several", render(scene.reading(picture, HOST, zone=MADRID), _report(*entries.values()))
    yield "several, in the channel", render(scene.reading(picture, None), _report(*entries.values()))
    many = [entries["a reminder"] | {"person": SOFIA if number % 2 else DRIVER} for number in range(73)]
    yield "more than one message takes", render(scene.reading(picture, HOST), _report(*many))
    card: dict[str, Any] = {
        "person": None,
        "stop": None,
        "late": False,
        "channel": "C01RECEPTION",
        "day": None,
        "closed": True,
    }
    board = card | {"day": at(5, 8).date().isoformat()}
    yield "the card", render(scene.reading(picture, HOST), _report(card))
    other = card | {"closed": False, "kind": NoticeKind.CARD}
    yield "the card, for another reason", render(scene.reading(picture, HOST), _report(other))
    yield "the board", render(scene.reading(picture, HOST), _report(board))
    yield "the card, and a reminder", render(scene.reading(picture, HOST), _report(card, entries["a reminder"]))
    instead = _report(entries["a reminder"])
    instead.payload = instead.payload | {FOR: HOST}
    yield "to the deputy of the host", render(scene.reading(picture, SOFIA), instead)


def ledgers(scene: Scene) -> Told:
    """What became of every message."""
    reading = scene.reading(scene.picture(), HOST)
    kinds = [
        notice(
            kind,
            DRIVER,
            stop_id=PICKUP,
            rule="D1.2",
            state=NoticeState.SENT,
            sent_at=at(5, 13, 30),
            payload={"say": Say.HOTEL, SILENT: {"unanswered": []}},
        )
        for kind in NoticeKind
    ]
    states = [
        notice(NoticeKind.REMINDER, DRIVER, stop_id=PICKUP, rule="D1.2", state=state, reason=reason)
        for state, reason in (
            (NoticeState.PENDING, ""),
            (NoticeState.MERGED, ""),
            *((NoticeState.WITHDRAWN, reason) for reason in Reason),
            (NoticeState.FAILED, "account_inactive"),
            (NoticeState.EXPIRED, Reason.TOO_LATE),
        )
    ]
    doubtful = {"stop_id": PICKUP, "rule": "D1.2", "sent_at": at(5, 13, 30), "reason": Reason.MAYBE_TWICE}
    instead = {"stop_id": PICKUP, "rule": "D1.2", "reason": "user_not_found", "payload": {INSTEAD: SOFIA}}
    states += [
        notice(NoticeKind.REMINDER, DRIVER, state=NoticeState.SENT, **doubtful),
        notice(NoticeKind.REMINDER, DRIVER, state=NoticeState.FAILED, **instead),
    ]
    kinds.append(notice(NoticeKind.DUTY, DRIVER, payload={"say": Say.HOTEL, CHASED: at(5, 9).isoformat()}))
    late = {"stop_id": PICKUP, "rule": "D1.2", "state": NoticeState.SENT, "sent_at": at(5, 13, 50)}
    put_off = {"state": NoticeState.PENDING, "attempts": 1, "reason": f"{UNKNOWN}: timeout"}
    in_channel = notice(NoticeKind.CARD, None, state=NoticeState.SENT, sent_at=at(5, 9))
    in_channel.channel = "C01RECEPTION"
    asked = {
        "rule": "C2",
        "booking_id": 7,
        "state": NoticeState.SENT,
        "sent_at": at(4, 9),
        "payload": {"say": Say.HOTEL},
    }
    answered = Record(
        visit_id=1, person_id=SOFIA, at=at(4, 10), kind=RecordKind.REQUEST_CONFIRMED, details={"booking": 7}
    )
    back = Record(
        visit_id=1,
        person_id=SOFIA,
        at=at(4, 11),
        kind=RecordKind.REQUEST_DECLINED,
        details={"booking": 9, TAKEN_BACK: True},
    )
    yes = Record(visit_id=1, person_id=SOFIA, at=at(4, 10), kind=RecordKind.REQUEST_CONFIRMED, details={"booking": 9})
    silent = {"kind": NoticeKind.REQUEST, "say": Say.HOTEL, "unanswered": [_unanswered("C2:booking8")]}
    became = [
        notice(NoticeKind.REMINDER, DRIVER, **late | {"due_at": at(5, 13, 50)}),
        notice(NoticeKind.REMINDER, DRIVER, **late),
        notice(NoticeKind.REMINDER, DRIVER, **late | {"state": NoticeState.MERGED}),
        notice(NoticeKind.REMINDER, DRIVER, stop_id=PICKUP, **put_off),
        in_channel,
        notice(NoticeKind.REQUEST, SOFIA, **asked),
        notice(
            NoticeKind.REQUEST, SOFIA, **asked | {"booking_id": 8, "payload": {"say": Say.HOTEL, "asks": "C2:booking8"}}
        ),
        notice(NoticeKind.REQUEST, SOFIA, **asked | {"payload": {"say": Say.HOTEL, FOR: DRIVER}}),
        notice(NoticeKind.REQUEST, SOFIA, **asked | {"booking_id": 9}),
        notice(NoticeKind.SILENCE, HOST, state=NoticeState.SENT, sent_at=at(4, 12), payload={SILENT: silent}),
    ]
    waits = {"due_at": at(2, 9), "stop_id": PICKUP, "rule": "D1.2"}
    states_of_carriers: list[dict[str, Any]] = [
        {"state": NoticeState.SENDING, "attempts": 1},
        {"attempts": 4, "reason": Reason.NOT_CONNECTED},
        {"reason": Reason.NOT_INSTALLED},
        {},
    ]
    carriers = [
        notice(NoticeKind.SHORT_NOTICE, DRIVER, id=f"carrier {number}", due_at=at(2, 9), **state)
        for number, state in enumerate(states_of_carriers)
    ]
    parts = [
        notice(NoticeKind.REMINDER, DRIVER, state=NoticeState.MERGED, merged_into=carrier.id, **waits)
        for carrier in carriers
    ]
    waiting = [notice(NoticeKind.REMINDER, DRIVER, **waits), *carriers, *parts]
    yield "what is late", ledger(reading, waiting, [])
    yield "every kind", ledger(reading, kinds, [])
    yield "every outcome", ledger(reading, [*states, notice(NoticeKind.REMINDER, None)], [])
    yield "what became of them", ledger(reading, became, [answered, yes, back])
    yield "many", ledger(reading, states * 10, [])
    yield "many, the second page", ledger(reading, states * 10, [], page=2)
    later = [notice(NoticeKind.REMINDER, DRIVER, stop_id=PICKUP, rule="D1.2", due_at=at(6, 9)) for _ in range(45)]
    again = {"due_at": at(6, 8), "payload": {"say": Say.HOTEL, CHASED: at(5, 9).isoformat(), FOR: DRIVER}}
    gone = {"due_at": at(6, 8), "state": NoticeState.WITHDRAWN, "reason": Reason.ANSWERED}
    to_come = [
        notice(NoticeKind.REQUEST, SOFIA, rule="C2", **again),
        notice(NoticeKind.REMINDER, SOFIA, stop_id=PICKUP, **gone),
        *later,
    ]
    yield "some are still to come", ledger(reading, [*became[:2], *to_come], [])
    yield "what is still to come", ledger(reading, [*became[:2], *to_come], [], is_ahead=True)
    yield "what is still to come, the second page", ledger(reading, to_come, [], page=2, is_ahead=True)
    yield "nothing yet", ledger(reading, [], [])
    yield "nothing to come", ledger(reading, became[:2], [], is_ahead=True)


def _unanswered(asks: str) -> dict[str, object]:
    return {"asks": asks, "people": [SOFIA], "deputies": [], "since": at(4, 9).isoformat()}


def _report(*missed: dict[str, Any]) -> Notice:
    return notice(NoticeKind.UNDELIVERED, HOST, payload={"missed": list(missed)})


def _heard(scene: Scene, picture: Picture, *found: tuple[int, What, dict[str, Any]], **reading: Any) -> Message:
    entries = [
        {"stop": stop_id, "what": what, "old": told_of(picture, stop_id, **differently)}
        for stop_id, what, differently in found
    ]
    told = notice(NoticeKind.CHANGE, SOFIA, payload={"changes": entries})
    return render(scene.reading(picture, SOFIA, **reading), told)
