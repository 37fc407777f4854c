"""The modals that people fill in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time

from bot.errors import FormErrors
from bot.messages import booking_forms, forms, stop_form, visit_form
from bot.messages.blocks import Block
from bot.messages.payloads import BookingRef
from bot.models.forms import VisitForm
from bot.models.ranks import Preset, ranks_of
from bot.models.roles import Part
from bot.models.settings import Room, RoomKind
from bot.models.visits import MealStyle, Means, StopKind
from bot.procedure.intake import check_visit, form_of
from bot.procedure.proposal import offered, proposed_stops, wanted_stops
from bot.procedure.stops import fresh_stop_form
from bot.procedure.supply import Supply, Taken
from tests.gallery.duties import MEETING, requested, whole
from tests.gallery.requests import assigned
from tests.samples import (
    ADMINISTRATION,
    BREAKFAST,
    DINNER,
    HOST,
    NOW,
    OTHER_DRIVER,
    OTHER_HOST,
    PICKUP,
    RULES,
    SEND_OFF,
    SHANGHAI,
    SOFIA,
    Scene,
    at,
    stop_of,
    with_stop,
)

Views = Iterator[tuple[str, Block]]
RANKS = ranks_of(Preset.COMPANY, "T01")
_DRAFT = "8f6c0d6f5c5d4f7f8a5b0c1d2e3f4a5b"


def visit_forms(scene: Scene) -> Views:
    """The form for a new visit and for an open one."""
    t = scene.t()
    arrival = at(5, 14, 30)
    fresh = VisitForm(
        arrival_date=arrival.date(),
        arrival_time=arrival.time(),
        departure_date=at(6, 17).date(),
        departure_time=time(17),
        lead_host="U01LINA",
    )
    house = scene.picture().workspace
    stops = proposed_stops(fresh, house)
    fresh = fresh.with_stops_offered(offered(stops))
    yield "fresh", visit_form.new_visit(t, fresh, stops, SHANGHAI, _DRAFT, ranks=RANKS, unfinished=False)
    filled = _filled(scene)
    stops = proposed_stops(filled, house)
    yield "unfinished", visit_form.new_visit(t, filled, stops, SHANGHAI, _DRAFT, ranks=RANKS, unfinished=True)
    undated = replace(filled, departure_date=None)
    yield (
        "no stops while the dates make no sense",
        visit_form.new_visit(t, undated, [], SHANGHAI, _DRAFT, ranks=RANKS, unfinished=False),
    )
    yield "of an open visit", visit_form.change_visit(t, filled, SHANGHAI, 1, ranks=RANKS)


def read_backs(scene: Scene) -> Views:
    """Everything once more before it counts."""
    filled = _filled(scene)
    yield "everything is known", _read_back(scene, filled)
    bare = replace(
        filled,
        guest_title="",
        party_size="1",
        contact_name="",
        contact_phone="",
        arrival_means=Means.TRAIN,
        arrival_number="",
        arrival_place="",
        departure_means=Means.OWN_CAR,
        driver="",
        greeters=(),
        leaders=(),
        stops=(),
    )
    yield "little is known", _read_back(scene, bare)


def stop_forms(scene: Scene) -> Views:
    """One stop of an open visit, one stop more of every kind, a copy, and whether a stop really goes."""
    t, picture = scene.t(), scene.picture()
    reading = scene.reading(picture)
    for name, stop_id in (("pick-up", PICKUP), ("departure", SEND_OFF), ("dinner", DINNER), ("breakfast", BREAKFAST)):
        yield name, stop_form.change(reading, stop_of(picture, stop_id))
    train = scene.picture(stops=with_stop(scene.stops(), PICKUP, means=Means.TRAIN, number="G7001"))
    yield "pick-up, by train", stop_form.change(scene.reading(train), stop_of(train, PICKUP))
    people = {(DINNER, Part.LEADER): (SOFIA,), (DINNER, Part.DRIVER): (OTHER_DRIVER,)}
    special = replace(
        scene.picture(stops=with_stop(scene.stops(), DINNER, room="3", style=MealStyle.BANQUET, is_important=True)),
        stop_parts=people,
    )
    yield "a banquet with other people", stop_form.change(scene.reading(special), stop_of(special, DINNER))
    yield "which kind", stop_form.choose_kind(t, 1)
    for kind in StopKind:
        fresh = fresh_stop_form(picture.visit, kind, NOW)
        yield f"one more: {kind}", stop_form.add(t, 1, kind, fresh, SHANGHAI)
    yield "copy", stop_form.copy(reading, stop_of(picture, DINNER))
    yield "remove", stop_form.remove(reading, stop_of(picture, DINNER))


def answer_forms(scene: Scene) -> Views:
    """What a button asks before it counts: car and driver, the reason."""
    booking = scene.booking()
    cars = Supply(vehicles=scene.vehicles())
    taken = replace(cars, taken=[Taken("V-0011", at(5, 13), at(5, 16), vehicle_id=1)])
    yield "assign a vehicle", booking_forms.assign_vehicle(scene.reading(reader=ADMINISTRATION), booking, cars)
    yield "assign a vehicle, one is taken", booking_forms.assign_vehicle(scene.reading(), booking, taken)
    again = scene.picture(bookings=[assigned(scene)], parts={}, party_size=40)
    yield "assign a vehicle, none is big enough", booking_forms.assign_vehicle(scene.reading(again), booking, cars)
    yield "assign a vehicle, there are none", booking_forms.assign_vehicle(scene.reading(), booking, Supply())
    yield "decline", booking_forms.reason(scene.t(), BookingRef(1, 1), booking)
    yield "decline, as the driver", booking_forms.reason(scene.t(), BookingRef(1, 2), assigned(scene))
    yield from _of_requests(scene)
    yield "cancel the visit", forms.cancel(scene.reading(reader=HOST))


def _of_requests(scene: Scene) -> Views:
    """Yes with what there is to say, no, something else, somebody else."""
    rooms = [
        Room(id=1, workspace_id="T01", name=scene.typed.restaurant, kind=RoomKind.DINING, capacity=12),
        Room(id=2, workspace_id="T01", name=scene.typed.car, kind=RoomKind.DINING, capacity=20),
    ]
    supply = Supply(rooms=rooms, taken=[Taken("V-0011", at(5, 18), at(5, 20), room_id=2)])
    for rule_id, stop_id in (("C2", PICKUP), ("C3", DINNER), ("C4", MEETING), ("C8", PICKUP), ("C14", SEND_OFF)):
        asked = requested(scene, rule_id, stop_id)
        picture = whole(scene, bookings=[asked])
        reading, stop = scene.reading(picture, ADMINISTRATION, rulebook=RULES), stop_of(picture, stop_id)
        yield f"confirm {rule_id}", booking_forms.confirm(reading, asked, stop, supply)
        yield f"suggest a change of {rule_id}", booking_forms.propose(reading, asked, stop, supply)
        if rule_id == "C4":
            yield "confirm, no rooms of the house", booking_forms.confirm(reading, asked, stop, Supply())
    yield "ask somebody else", booking_forms.reassign(reading, asked)
    yield "not like that", booking_forms.reject(scene.t(), BookingRef(1, 1))


def languages(scene: Scene) -> Views:
    """Own language and zone."""
    person = scene.people()[OTHER_HOST]
    yield "as in Slack", forms.language(scene.t(), person, "", NOW)
    person.chosen_language, person.chosen_zone = "es-LA", "Atlantic/Canary"
    yield "chosen", forms.language(scene.t(), person, "U06SOFIA", NOW)


def _filled(scene: Scene) -> VisitForm:
    people = scene.people()
    everybody = tuple(person.slack_id for person in people.values())
    form = form_of(scene.picture(customs_notes=scene.typed.customs, guest_rank=65, is_new_client=True))
    form = replace(form, contact_phone="+34 612 345 699", team=everybody[1:2], departure_time=time(19))
    return form.with_stops_offered(offered(proposed_stops(form, scene.picture().workspace)))


def _read_back(scene: Scene, form: VisitForm) -> Block:
    try:
        intake = check_visit(form, SHANGHAI, "CN", NOW)
        stops = wanted_stops(form, scene.picture().workspace)
    except FormErrors as wrong:
        raise AssertionError(f"the sample does not pass the form: {wrong.problems}") from wrong
    return forms.read_back(scene.t(), form, intake, stops, SHANGHAI, NOW, _DRAFT)
