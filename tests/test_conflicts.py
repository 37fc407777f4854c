"""What does not fit in a plan: every kind of trouble once there, and once not."""

from dataclasses import replace
from typing import Any

import pytest

from bot.models.bookings import BookingKind, BookingState, Vehicle
from bot.models.guests import Guest
from bot.models.roles import Part
from bot.models.visits import Purpose, Stop, StopKind
from bot.procedure.calendar import calendar_of
from bot.procedure.conflicts import Engagement, Surroundings, Trouble, conflicts, engagements
from bot.procedure.picture import Picture
from tests.pictures import DRIVER, GREETER, LEADER, SENIOR, TEAM, Sketch

CAR = Vehicle(id=1, workspace_id="T1", name="Van", plate="1", seats=3)
Placed = tuple[StopKind, str, str, dict[str, Any]]
"""A stop: kind, start, end, and what else is known of it."""


def plan_of(*stops: Placed, **visit: Any) -> Picture:
    """A visit of Thursday, 5 March, with these stops."""
    sketch = Sketch()
    for kind, starts, ends, more in stops:
        stop = sketch.stop(kind, f"2026-03-{starts}")
        stop.ends_at = sketch.at(f"2026-03-{ends}")
        stop.sqlmodel_update(more)
    first = next(stop for stop in sketch.stops)
    sketch.booking(BookingKind.VEHICLE, first, "2026-03-01 10:00", state=BookingState.CONFIRMED, vehicle_id=1)
    sketch.stops.sort(key=lambda stop: stop.starts_at)
    picture = replace(sketch.picture(), vehicles={1: CAR})
    picture.visit.sqlmodel_update(visit)
    return picture


def found(picture: Picture, around: Surroundings | None = None) -> list[Trouble]:
    calendar = calendar_of(picture.workspace, picture.visit)
    start = min(stop.starts_at for stop in picture.stops)
    return [c.trouble for c in conflicts(picture, around or Surroundings(), calendar, start)]


PICKUP: Placed = (StopKind.PICKUP, "05 09:30", "05 10:30", {"travel_minutes": 30})
LUNCH: Placed = (StopKind.MEAL, "05 12:00", "05 13:30", {})
MEETING: Placed = (StopKind.MEETING, "05 14:00", "05 16:00", {})
DEPARTURE: Placed = (StopKind.DEPARTURE, "05 19:00", "05 19:30", {"travel_minutes": 60})
QUIET = {"guest_language": "en", "purpose": Purpose.PLANT_VISIT}


def moved(stop: Placed, starts: str, ends: str, **more: Any) -> Placed:
    return (stop[0], starts, ends, stop[3] | more)


@pytest.mark.parametrize(
    ("stops", "visit", "troubles"),
    [
        ([PICKUP, LUNCH, MEETING, DEPARTURE], {}, []),
        ([PICKUP, LUNCH, moved(MEETING, "05 13:00", "05 15:00"), DEPARTURE], {}, [Trouble.OVERLAP]),
        # Half an hour to the restaurant, and the talks end as lunch begins.
        ([moved(MEETING, "05 10:00", "05 12:00"), moved(LUNCH, "05 12:00", "05 13:00", travel_minutes=30)], {},
         [Trouble.TRAVEL]),
        ([moved(MEETING, "05 10:00", "05 12:00"), moved(LUNCH, "05 12:30", "05 13:00", travel_minutes=30)], {}, []),
        # Landing at 11:50: 40 minutes for the luggage and 30 for the drive.
        ([moved(PICKUP, "05 11:50", "05 12:00"), LUNCH], {}, [Trouble.NOT_THERE_YET]),
        ([moved(PICKUP, "05 12:10", "05 12:40"), LUNCH], {}, [Trouble.NOT_THERE_YET]),
        ([(StopKind.OWN_CAR, "05 11:50", "05 12:00", {}), LUNCH], {}, []),
        # The party leaves at 17:00 for a flight at 19:00.
        ([moved(MEETING, "05 16:00", "05 17:30"), DEPARTURE], {}, [Trouble.GONE]),
        ([PICKUP, LUNCH], {"party_size": 4}, [Trouble.SEATS]),
        ([moved(MEETING, "05 17:30", "05 19:00")], {}, [Trouble.OFFICE_CLOSED]),
        ([moved(MEETING, "07 10:00", "07 11:00")], {}, [Trouble.OFFICE_CLOSED]),
        ([moved(LUNCH, "07 18:00", "07 21:00")], {}, []),
        # B5: only foreign guests are in a hurry.
        ([moved(MEETING, "05 09:00", "05 10:00"), moved(LUNCH, "05 13:00", "05 14:00")], {"is_foreign": True},
         [Trouble.GAP]),
        ([moved(MEETING, "05 09:00", "05 10:00"), moved(LUNCH, "05 13:00", "05 14:00")], {}, []),
        ([moved(MEETING, "05 09:00", "05 10:00"), moved(LUNCH, "06 13:00", "06 14:00")], {"is_foreign": True}, []),
        # E5: the senior leader of the visit sits in the talks.
        ([MEETING], {"purpose": Purpose.NEGOTIATION}, [Trouble.FINAL_TALKS]),
        ([LUNCH], {"purpose": Purpose.NEGOTIATION}, []),
    ],
)  # fmt: skip
def test_what_does_not_fit(stops: list[Placed], visit: dict[str, Any], troubles: list[Trouble]) -> None:
    assert found(plan_of(*stops, **QUIET | visit)) == troubles


@pytest.mark.parametrize(
    ("language", "parts", "troubles"),
    [
        ("es", {Part.LEADER: (LEADER,)}, [Trouble.NO_INTERPRETER]),
        ("es", {Part.LEADER: (LEADER,), Part.TEAM: (TEAM,)}, []),
        ("es", {Part.INTERPRETER: (TEAM,)}, []),
        ("en", {Part.LEADER: (LEADER,)}, []),
    ],
)
def test_e8_somebody_interprets_for_our_side(language: str, parts: dict[Part, Any], troubles: list[Trouble]) -> None:
    picture = replace(plan_of(MEETING, **QUIET | {"guest_language": language}), parts=parts)
    assert found(picture) == troubles


def elsewhere(stop: Placed, **taken: Any) -> Surroundings:
    """Another visit, with one stop that takes these up."""
    other = plan_of(stop, **QUIET).stops[0]
    own = Engagement(Stop(**other.model_dump() | {"id": 99}), other.starts_at, other.ends_at, reference="V-0002")
    return Surroundings([replace(own, **taken)], {"peony": 2})


@pytest.mark.parametrize(
    ("taken", "troubles"),
    [
        ({"people": frozenset({LEADER})}, [Trouble.PERSON_TWICE]),
        ({"people": frozenset({DRIVER, TEAM})}, []),
        ({"room": "peony"}, [Trouble.ROOM_TWICE]),
        ({"vehicle_id": 1}, []),
        ({}, []),
    ],
)
def test_the_same_leader_or_room_in_two_visits(taken: dict[str, Any], troubles: list[Trouble]) -> None:
    picture = plan_of(moved(MEETING, "05 14:00", "05 16:00", room=" Peony"), **QUIET)
    assert found(picture, elsewhere(moved(MEETING, "05 15:00", "05 17:00"), **taken)) == troubles
    assert found(picture, elsewhere(moved(MEETING, "05 16:00", "05 17:00"), **taken)) == []


@pytest.mark.parametrize(
    ("taken", "troubles"),
    [
        ({"people": frozenset({DRIVER})}, [Trouble.PERSON_TWICE]),
        ({"people": frozenset({GREETER})}, [Trouble.PERSON_TWICE]),
        ({"people": frozenset({SENIOR})}, []),
        ({"vehicle_id": 1}, [Trouble.CAR_TWICE]),
    ],
)
def test_the_same_driver_or_car_in_two_visits(taken: dict[str, Any], troubles: list[Trouble]) -> None:
    """They set off 50 minutes before the guests land."""
    picture = plan_of(PICKUP, **QUIET)
    assert found(picture, elsewhere(moved(MEETING, "05 08:00", "05 08:41"), **taken)) == troubles
    assert found(picture, elsewhere(moved(MEETING, "05 08:00", "05 08:40"), **taken)) == []


def test_a_room_that_is_too_small() -> None:
    picture = plan_of(moved(MEETING, "05 14:00", "05 16:00", room="Peony"), **QUIET | {"party_size": 3})
    assert found(picture, Surroundings(seats={"peony": 2})) == [Trouble.ROOM_SMALL]
    assert found(picture, Surroundings(seats={"peony": 3})) == []


def test_a_car_is_for_those_who_do_not_come_by_their_own() -> None:
    picture = plan_of(PICKUP, LUNCH, **QUIET, party_size=4)
    assert found(picture) == [Trouble.SEATS]
    alone = Guest(visit_id=1, name="Ana", by_own_car=True)
    assert found(replace(picture, guests=(alone,))) == []


def test_where_no_car_of_the_house_takes_so_many_it_is_said_when_planning() -> None:
    picture = replace(plan_of(PICKUP, LUNCH, **QUIET, party_size=35), bookings=())
    assert found(picture, Surroundings(largest_car=18)) == [Trouble.CARS_SMALL]
    assert found(picture, Surroundings(largest_car=35)) == []
    assert found(picture) == [], "a house without cars asks elsewhere anyway"


def test_a_leader_at_the_airport_cannot_be_at_table() -> None:
    picture = replace(
        plan_of(moved(LUNCH, "05 09:00", "05 10:00"), PICKUP, **QUIET),
        parts={Part.GREETER: (LEADER,), Part.LEADER: (LEADER,)},
    )
    assert Trouble.PERSON_TWICE in found(picture)


def test_what_is_over_is_no_trouble_any_more() -> None:
    picture = plan_of(moved(MEETING, "05 17:30", "05 19:00"), **QUIET)
    calendar = calendar_of(picture.workspace, picture.visit)
    assert conflicts(picture, Surroundings(), calendar, picture.stops[0].ends_at) == []
    assert [taken.reference for taken in engagements(picture)] == ["V-0001"]
