"""The card of a visit, its thread, and the window with its buttons."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.messages import blocks, feasibility, levels, visit_window
from bot.messages.blocks import Block, Message
from bot.messages.notices import render
from bot.messages.reading import Reading
from bot.models.bookings import BookingKind, BookingState
from bot.models.notices import AFTER_ALL, TAKEN_BACK, DeclarationKind, NoticeKind, Record, RecordKind
from bot.models.people import Actor
from bot.models.roles import Part
from bot.models.visits import Approval, Purpose, Stop, StopKind, VisitState
from bot.procedure.conflicts import Conflict, Trouble
from bot.procedure.picture import Picture
from bot.procedure.sayings import Say
from tests.gallery.duties import requested, whole
from tests.gallery.reminders import confirmed
from tests.gallery.requests import assigned, declined
from tests.samples import (
    DINNER,
    DRIVER,
    EXECUTIVE_OFFICE,
    GENERAL_MANAGER,
    HOST,
    MADRID,
    OTHER_HOST,
    PICKUP,
    RULES,
    SEND_OFF,
    SOFIA,
    Scene,
    at,
    declared,
    notice,
    stop_of,
    with_stop,
)

_RECORDED = (DeclarationKind.ON_MY_WAY, DeclarationKind.ATTENDS, DeclarationKind.CANNOT_ATTEND)
_DRIVEN = (
    DeclarationKind.IN_PLACE,
    DeclarationKind.ABOARD,
    DeclarationKind.ARRIVED,
    DeclarationKind.LATE,
    DeclarationKind.HERE,
)


def cards_(scene: Scene) -> Iterator[tuple[str, Message]]:
    """In the reception channel."""
    shown = notice(NoticeKind.CARD, None)
    for name, picture in _pictures(scene).items():
        yield name, render(scene.reading(picture, None), shown)
    yield "after the guests have left", render(scene.reading(_pictures(scene)["with gaps"], None, now=at(8, 9)), shown)


def feasibilities(scene: Scene) -> Iterator[tuple[str, Message]]:
    """Everything that does not fit, with a way out."""
    picture = scene.picture(bookings=[confirmed(scene)])
    pickup, dinner = stop_of(picture, PICKUP), stop_of(picture, DINNER)
    reading = scene.reading(picture, HOST)
    for trouble in Trouble:
        conflict = Conflict(
            trouble,
            dinner,
            other=pickup,
            person_id=GENERAL_MANAGER,
            at=at(5, 19, 10),
            resource=scene.typed.car,
            count=3,
        )
        yield trouble, _warned(reading, conflict)
        if trouble in (Trouble.PERSON_TWICE, Trouble.CAR_TWICE, Trouble.ROOM_TWICE):
            elsewhere = replace(conflict, reference="V-0011")
            yield f"{trouble}, by another visit", _warned(reading, elsewhere)


def _warned(reading: Reading, conflict: Conflict) -> Message:
    return Message(reading.t.gettext("Itinerary"), (blocks.section(feasibility.warning(reading, conflict)),))


def level_forms(scene: Scene) -> Iterator[tuple[str, Block]]:
    """Level and parity, as far as ranks are known."""
    yield "ranks are not known", levels.form(scene.reading(scene.picture(), HOST))
    for name, rank in (("equal", 65), ("higher", 85), ("lower", 50)):
        picture = scene.picture(guest_rank=65, level=1, level_reason=scene.typed.reason)
        picture.people[SOFIA].rank = rank
        yield f"a host of {name} rank", levels.form(scene.reading(picture, HOST))


def windows(scene: Scene) -> Iterator[tuple[str, Block]]:
    """The same with buttons, as lead host and as somebody else."""
    people = scene.people()
    host, guest = (Actor(people[person], frozenset()) for person in (HOST, OTHER_HOST))
    pictures = _pictures(scene)
    for name in ("open", "everything is answered", "a draft", "canceled"):
        yield f"{name}, seen by the lead host", visit_window.window(scene.reading(pictures[name], HOST), host)
    secret = scene.reading(scene.picture(is_confidential=True), HOST)
    yield "confidential, seen by the lead host", visit_window.window(secret, host)
    elsewhere = scene.reading(pictures["open"], OTHER_HOST, zone=MADRID)
    yield "open, seen by somebody elsewhere who may not change it", visit_window.window(elsewhere, guest)


_ON_REQUESTS = (
    RecordKind.REQUEST_CONFIRMED,
    RecordKind.REQUEST_DECLINED,
    RecordKind.REQUEST_COUNTERED,
    RecordKind.COUNTER_ACCEPTED,
    RecordKind.COUNTER_REJECTED,
    RecordKind.REQUEST_REASSIGNED,
)
_OF_A_REQUEST = {"booking": 100, "rule": "C3", "stop": DINNER, "owner": OTHER_HOST, "before": None}


def threads(scene: Scene) -> Iterator[tuple[str, Message]]:
    """Every line that the thread under a card can have."""
    reason = scene.typed.reason
    entries: list[tuple[str, int, RecordKind, dict[str, Any]]] = [
        ("opened", HOST, RecordKind.OPENED, {}),
        ("changed", HOST, RecordKind.CHANGED, {}),
        ("a stop was changed", HOST, RecordKind.CHANGED, {"stop": PICKUP}),
        ("a stop was added", HOST, RecordKind.CHANGED, {"stop": DINNER, "added": True}),
        ("a stop was removed", HOST, RecordKind.CHANGED, {"stop": DINNER, "removed": True}),
        ("the departure was changed", HOST, RecordKind.CHANGED, {"stop": SEND_OFF}),
        ("canceled", HOST, RecordKind.CANCELED, {"reason": reason}),
        ("car and driver assigned", HOST, RecordKind.VEHICLE_ASSIGNED, {"driver": DRIVER, "vehicle": 1}),
        ("driver assigned", HOST, RecordKind.VEHICLE_ASSIGNED, {"driver": DRIVER, "vehicle": 99}),
        ("drive confirmed", DRIVER, RecordKind.VEHICLE_CONFIRMED, {"leader": None}),
        ("no car", HOST, RecordKind.VEHICLE_DECLINED, {"reason": reason}),
        ("the driver can't", DRIVER, RecordKind.DRIVER_DECLINED, {"reason": reason}),
        ("a leader comes", EXECUTIVE_OFFICE, RecordKind.LEADER_CONFIRMED, {"leader": GENERAL_MANAGER}),
        ("a leader can't", EXECUTIVE_OFFICE, RecordKind.LEADER_DECLINED, {"leader": GENERAL_MANAGER, "reason": reason}),
        ("the driver can't after all", DRIVER, RecordKind.DRIVER_DECLINED, {"reason": "", TAKEN_BACK: True}),
        ("no car after all", HOST, RecordKind.VEHICLE_DECLINED, {"reason": "", TAKEN_BACK: True}),
        (
            "a leader can't after all",
            EXECUTIVE_OFFICE,
            RecordKind.LEADER_DECLINED,
            {"leader": GENERAL_MANAGER, "reason": "", TAKEN_BACK: True},
        ),
        *(
            (
                f"taken back: {why}",
                SOFIA,
                RecordKind.REQUEST_DECLINED,
                _OF_A_REQUEST | {"reason": why, TAKEN_BACK: True},
            )
            for why in ("", reason)
        ),
        (
            "can't attend after all",
            SOFIA,
            RecordKind.DECLARED,
            {"stop": PICKUP, "what": DeclarationKind.CANNOT_ATTEND, TAKEN_BACK: True},
        ),
        (
            "will attend after all",
            SOFIA,
            RecordKind.DECLARED,
            {"stop": PICKUP, "what": DeclarationKind.ATTENDS, AFTER_ALL: True},
        ),
        ("a duty is done", SOFIA, RecordKind.DONE, {"say": Say.HOTEL, "stop": PICKUP}),
        *((f"request: {kind}", SOFIA, kind, _OF_A_REQUEST | {"reason": reason}) for kind in _ON_REQUESTS),
        ("a request that is gone", SOFIA, RecordKind.REQUEST_CONFIRMED, {"booking": 999}),
        ("nudged", HOST, RecordKind.NUDGED, {"people": [DRIVER, SOFIA]}),
        ("level", HOST, RecordKind.LEVEL_CHOSEN, {"level": 1}),
        ("background", HOST, RecordKind.BACKGROUND_CHECKED, {}),
        ("guests", HOST, RecordKind.PARTY_CHANGED, {}),
        ("client", HOST, RecordKind.CLIENT_CHANGED, {}),
        ("passport", HOST, RecordKind.PASSPORT_KEPT, {}),
        ("papers", HOST, RecordKind.PAPERS_CHANGED, {}),
        ("letter", HOST, RecordKind.LETTER_ISSUED, {}),
        ("itinerary sent", HOST, RecordKind.ITINERARY_SENT, {"version": 1}),
        ("guests agreed", HOST, RecordKind.GUESTS_AGREED, {}),
        ("called off", HOST, RecordKind.CALLED_OFF, {}),
        ("plan sent", HOST, RecordKind.PLAN_SENT, {}),
        ("plan approved", SOFIA, RecordKind.PLAN_APPROVED, {}),
        ("plan returned", SOFIA, RecordKind.PLAN_RETURNED, {}),
        ("plan taken back", HOST, RecordKind.PLAN_TAKEN_BACK, {}),
        ("change asked", HOST, RecordKind.CHANGE_ASKED, {}),
        ("change made", HOST, RecordKind.CHANGE_MADE, {}),
        ("change allowed", SOFIA, RecordKind.CHANGE_GRANTED, {}),
        ("change refused", SOFIA, RecordKind.CHANGE_REFUSED, {}),
        ("change taken back", HOST, RecordKind.CHANGE_TAKEN_BACK, {}),
        ("change overtaken", SOFIA, RecordKind.CHANGE_OVERTAKEN, {}),
        ("change noted", SOFIA, RecordKind.CHANGE_SEEN, {}),
        ("plan handed on", SOFIA, RecordKind.PLAN_HANDED, {}),
        ("handed over", HOST, RecordKind.HANDED_OVER, {"people": [HOST, SOFIA], "is_whole_visit": True}),
        ("parts handed over", SOFIA, RecordKind.HANDED_OVER, {"people": [HOST, SOFIA], "is_whole_visit": False}),
        ("noted", SOFIA, RecordKind.NOTED, {"text": reason}),
        ("delayed", SOFIA, RecordKind.DELAYED, {"item": "MU5102", "moment": at(5, 16).isoformat()}),
        *((f"driven: {kind}", DRIVER, RecordKind.DECLARED, {"stop": PICKUP, "what": kind}) for kind in _DRIVEN),
        *((f"declared: {kind}", SOFIA, RecordKind.DECLARED, {"stop": PICKUP, "what": kind}) for kind in _RECORDED),
    ]
    bookings = [requested(scene, "C3", DINNER), scene.booking(), scene.booking(BookingKind.LEADER)]
    ids = [booking.id for booking in bookings]
    entries += [
        ("answers that do not hold", HOST, RecordKind.REQUESTS_ASKED_AGAIN, {"bookings": ids}),
        ("not needed any more", HOST, RecordKind.REQUESTS_RELEASED, {"bookings": ids}),
        ("left", DRIVER, RecordKind.LEFT, {}),
        (
            "answers that do not hold, as the driver left",
            DRIVER,
            RecordKind.REQUESTS_ASKED_AGAIN,
            {"bookings": ids[1:2], "left": True},
        ),
        ("many that do not hold", HOST, RecordKind.REQUESTS_ASKED_AGAIN, {"bookings": [*ids, *ids]}),
        (
            "drives elsewhere",
            HOST,
            RecordKind.DRIVER_UNNAMED,
            {"driver": DRIVER, "stop": DINNER, "reference": "V-0011"},
        ),
    ]
    reading = scene.reading(whole(scene, bookings=bookings), reader=None, rulebook=RULES)
    for name, person, kind, details in entries:
        record = Record(id=1, visit_id=1, person_id=person, at=at(3, 9), kind=kind, details=details)
        yield name, render(reading, notice(NoticeKind.THREAD, None), record=record)


def _pictures(scene: Scene) -> dict[str, Picture]:
    leader = scene.booking(BookingKind.LEADER)
    agreed = scene.booking(BookingKind.LEADER, state=BookingState.CONFIRMED, answered_by_id=EXECUTIVE_OFFICE)
    open_ = scene.picture(bookings=[scene.booking(), leader], wants_tickets=True, customs_notes=scene.typed.customs)
    said = [
        declared(DeclarationKind.ON_MY_WAY, DRIVER, stop_of(open_, PICKUP), at(5, 13, 32)),
        declared(DeclarationKind.ATTENDS, SOFIA, stop_of(open_, DINNER), at(5, 15)),
        declared(DeclarationKind.CANNOT_ATTEND, GENERAL_MANAGER, stop_of(open_, DINNER), at(5, 15)),
    ]
    off: dict[str, Any] = {"state": VisitState.CANCELED, "canceled_by_id": HOST, "cancel_reason": scene.typed.reason}
    left = scene.picture(bookings=[confirmed(scene), agreed])
    left.people[DRIVER].is_active = left.people[SOFIA].is_active = False
    talks = scene.stops()[1]
    nights = [
        Stop(
            **talks.model_dump() | {"id": n, "kind": StopKind.MEETING, "starts_at": at(5, 18, n), "ends_at": at(5, 23)}
        )
        for n in range(50, 55)
    ]
    lower = scene.picture(guest_rank=90)
    lower.people[SOFIA].rank = 50
    nothing_known = with_stop(scene.stops(), PICKUP, number="", place="")
    return {
        "open": open_,
        "the driver is asked": scene.picture(bookings=[assigned(scene), declined(scene, BookingKind.LEADER)]),
        "everything is answered": scene.picture(bookings=[confirmed(scene), agreed], declarations=said),
        "no car": scene.picture(bookings=[declined(scene)], purpose=Purpose.COMPLAINT),
        "a draft": scene.picture(approval=Approval.DRAFT),
        "with gaps": scene.picture(
            stops=nothing_known,
            bookings=[scene.booking(), leader],
            roles={},
            parts={Part.DRIVER: (DRIVER,)},
            is_new_client=True,
            contact_phone="",
            wants_hotel=False,
            purpose=Purpose.PLANT_VISIT,
        ),
        "two people have left the company": left,
        "a month of meals": scene.picture(stops=scene.stops() * 10),
        "a host of lower rank, without a reason": lower,
        "talks at night": scene.picture(stops=nights),
        "canceled": scene.picture(**off),
    }
