"""Who gets which notice when, by the rows of the procedure. The rulebook is the one that ships."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.app import read_rulebook
from bot.models.bookings import BookingKind, BookingState
from bot.models.notices import DeclarationKind, NoticeKind
from bot.models.roles import Part, Role
from bot.models.visits import StopKind, VisitState
from bot.procedure import leadtimes
from bot.procedure.calendar import Calendar
from bot.procedure.plan import Wanted, concerned, plan
from bot.procedure.rules import Rulebook
from bot.procedure.vocabulary import Anchor, To
from tests.classic import CLASSIC
from tests.pictures import ADMIN, DRIVER, GREETER, HOST, LEADER, NAMES, OFFICE, OTHER_ADMIN, SENIOR, Sketch

RULEBOOK = CLASSIC
Told = list[tuple[str, str]]
"""To whom and when, in the venue's zone, in that order."""


def planned(sketch: Sketch, rulebook: Rulebook = RULEBOOK) -> list[Wanted]:
    return plan(sketch.picture(), rulebook, Calendar(ZoneInfo(sketch.zone), sketch.country))


def told(sketch: Sketch, rule: str, kinds: Collection[NoticeKind] = tuple(NoticeKind), *, is_open: bool = True) -> Told:
    found = [w for w in planned(sketch) if w.rule == rule and w.kind in kinds and w.is_open is is_open]
    return sorted((NAMES[w.person_id or 0], f"{w.due_at.astimezone(ZoneInfo(sketch.zone)):%m-%d %H:%M}") for w in found)


@pytest.mark.parametrize(
    ("zone", "pickup", "travel", "due"),
    [
        # D1.2: an hour before the pick-up where the way is not known.
        ("Asia/Shanghai", "2026-03-05 14:30", None, "03-05 13:30"),
        # An hour before setting off where it is: travel time and the 20 minutes to be there early.
        ("Asia/Shanghai", "2026-03-05 14:30", 45, "03-05 12:25"),
        ("Asia/Shanghai", "2026-03-05 14:30", 0, "03-05 13:10"),
        ("Asia/Shanghai", "2026-03-05 00:30", 90, "03-04 21:40"),
        ("Asia/Shanghai", "2028-03-01 00:30", None, "02-29 23:30"),
        # The night the clocks skip an hour, and the one that has an hour twice.
        ("America/New_York", "2026-03-08 03:30", None, "03-08 01:30"),
        ("America/New_York", "2026-03-08 04:00", 40, "03-08 01:00"),
        ("America/New_York", "2026-11-01 02:15", None, "11-01 01:15"),
        ("Europe/Madrid", "2026-03-29 03:30", 40, "03-29 00:30"),
        ("Europe/Madrid", "2026-10-25 03:00", 40, "10-25 02:00"),
        ("America/Santiago", "2026-09-06 01:30", None, "09-05 23:30"),
        ("Pacific/Kiritimati", "2026-01-01 00:30", None, "12-31 23:30"),
        ("Pacific/Pago_Pago", "2026-01-01 00:30", 30, "12-31 22:40"),
    ],
)
def test_d1_2_pickup(zone: str, pickup: str, travel: int | None, due: str) -> None:
    sketch = Sketch(zone=zone, country="")
    sketch.stop(StopKind.PICKUP, pickup, travel=travel)
    assert told(sketch, "D1.2") == [("driver", due), ("greeter", due)]


@pytest.mark.parametrize(
    ("zone", "meal", "due"),
    [
        ("Asia/Shanghai", "2026-03-05 18:30", "03-05 14:30"),
        ("Asia/Shanghai", "2026-03-08 07:30", "03-08 03:30"),  # a Sunday, at night: to the minute all the same
        ("Asia/Shanghai", "2028-03-01 03:30", "02-29 23:30"),
        ("America/New_York", "2026-03-08 05:30", "03-08 00:30"),
        ("America/New_York", "2026-11-01 05:30", "11-01 01:30"),
        ("Europe/Madrid", "2026-03-29 07:30", "03-29 03:30"),
        ("America/Santiago", "2026-04-05 02:30", "04-04 23:30"),
        ("Pacific/Kiritimati", "2026-03-05 02:30", "03-04 22:30"),
        ("Pacific/Pago_Pago", "2026-03-05 02:30", "03-04 22:30"),
    ],
)
def test_d3_1_meal(zone: str, meal: str, due: str) -> None:
    sketch = Sketch(zone=zone, country="")
    sketch.stop(StopKind.MEAL, meal)
    assert told(sketch, "D3.1") == [(who, due) for who in ("host", "leader", "senior", "team")]


REQUESTS = [
    # C1 and B6: two days before, in office hours, never later.
    ("Asia/Shanghai", "CN", "2026-03-05 14:30", "03-03 14:30"),
    ("Asia/Shanghai", "CN", "2026-03-05 06:00", "03-02 17:00"),
    ("Asia/Shanghai", "CN", "2026-03-09 10:00", "03-06 17:00"),
    ("Asia/Shanghai", "CN", "2026-02-16 10:00", "02-14 10:00"),  # a Saturday that is worked
    ("Asia/Shanghai", "CN", "2026-02-22 10:00", "02-14 17:00"),  # through the Spring Festival
    ("America/New_York", "US", "2026-03-09 10:00", "03-06 17:00"),
    ("America/New_York", "US", "2026-07-06 10:00", "07-02 17:00"),
    ("Europe/Madrid", "ES", "2026-03-30 10:00", "03-27 17:00"),
    ("Europe/Madrid", "ES", "2026-03-31 10:00", "03-27 17:00"),
    ("America/Santiago", "CL", "2026-09-08 10:00", "09-04 17:00"),
    ("Pacific/Kiritimati", "KI", "2026-03-05 14:30", "03-03 14:30"),
    ("Pacific/Pago_Pago", "AS", "2026-03-05 14:30", "03-03 14:30"),
]


@pytest.mark.parametrize(("zone", "country", "arrival", "due"), REQUESTS)
def test_c1_vehicle_request(zone: str, country: str, arrival: str, due: str) -> None:
    sketch = Sketch(zone=zone, country=country)
    sketch.booking(BookingKind.VEHICLE, sketch.stop(StopKind.PICKUP, arrival), "2026-01-01 10:00")
    assert told(sketch, "C1") == [("admin", due), ("other admin", due)]


@pytest.mark.parametrize(("zone", "country", "meal", "due"), REQUESTS)
def test_b6_leader_request(zone: str, country: str, meal: str, due: str) -> None:
    sketch = Sketch(zone=zone, country=country)
    sketch.booking(BookingKind.LEADER, sketch.stop(StopKind.MEAL, meal), "2026-01-01 10:00", leader_id=SENIOR)
    assert told(sketch, "B6") == [("office", due)]


@pytest.mark.parametrize(
    ("state", "answered_by", "driver", "expected"),
    [
        # What follows from the vehicle request (C1), told at once.
        (BookingState.REQUESTED, None, None, {}),
        (BookingState.ASSIGNED, None, DRIVER, {NoticeKind.DRIVER_REQUEST: ["driver"]}),
        (BookingState.CONFIRMED, DRIVER, DRIVER, {NoticeKind.VEHICLE_ANSWER: ["admin", "host", "other admin"]}),
        # The driver said no: the request itself goes out again, only the host needs news.
        (BookingState.REQUESTED, DRIVER, None, {NoticeKind.VEHICLE_ANSWER: ["host"]}),
        # Administration said no: whoever did knows it.
        (BookingState.DECLINED, ADMIN, None, {NoticeKind.VEHICLE_ANSWER: ["host", "other admin"]}),
        (BookingState.RELEASED, None, None, {}),
    ],
)
def test_c1_steps(
    state: BookingState, answered_by: int | None, driver: int | None, expected: dict[NoticeKind, list[str]]
) -> None:
    sketch = Sketch()
    pickup = sketch.stop(StopKind.PICKUP, "2026-03-05 14:30")
    sketch.booking(
        BookingKind.VEHICLE, pickup, "2026-03-04 08:15", state=state, answered_by_id=answered_by, driver_id=driver
    )
    news = (NoticeKind.DRIVER_REQUEST, NoticeKind.VEHICLE_ANSWER)
    found = {kind: told(sketch, "C1", [kind]) for kind in news if told(sketch, "C1", [kind])}
    assert found == {kind: [(who, "03-04 08:15") for who in people] for kind, people in expected.items()}


@pytest.mark.parametrize(
    ("state", "answered_by", "expected"),
    [
        (BookingState.REQUESTED, None, []),
        (BookingState.CONFIRMED, OFFICE, ["host"]),
        (BookingState.DECLINED, OFFICE, ["host"]),
        (BookingState.DECLINED, HOST, ["office"]),
        (BookingState.RELEASED, None, []),
    ],
)
def test_b6_steps(state: BookingState, answered_by: int | None, expected: list[str]) -> None:
    sketch = Sketch()
    dinner = sketch.stop(StopKind.MEAL, "2026-03-05 18:30")
    sketch.booking(
        BookingKind.LEADER, dinner, "2026-03-04 08:15", state=state, answered_by_id=answered_by, leader_id=SENIOR
    )
    assert told(sketch, "B6", [NoticeKind.LEADER_ANSWER]) == [(who, "03-04 08:15") for who in expected]


@pytest.mark.parametrize("state", [BookingState.ASSIGNED, BookingState.CONFIRMED, BookingState.DECLINED])
def test_a_request_that_was_answered_is_not_to_be_sent_any_more(state: BookingState) -> None:
    sketch = Sketch()
    sketch.booking(
        BookingKind.VEHICLE, sketch.stop(StopKind.PICKUP, "2026-03-05 14:30"), "2026-03-01 09:00", state=state
    )
    request = [NoticeKind.VEHICLE_REQUEST]
    assert told(sketch, "C1", request) == []
    assert [who for who, _ in told(sketch, "C1", request, is_open=False)] == ["admin", "other admin"]


def test_who_asks_for_an_answer_anew_gets_a_new_request() -> None:
    sketch = Sketch()
    pickup = sketch.stop(StopKind.PICKUP, "2026-03-05 14:30")
    booking = sketch.booking(BookingKind.VEHICLE, pickup, "2026-03-01 09:00")
    first = {w.key for w in planned(sketch) if w.kind == NoticeKind.VEHICLE_REQUEST}
    booking.round = 1
    assert first.isdisjoint(w.key for w in planned(sketch))


@pytest.mark.parametrize(
    ("parts", "roles", "gone", "rule", "expected"),
    [
        # Nobody is told in vain, and no request goes to nobody.
        ({Part.DRIVER: (DRIVER,)}, {}, (), "D1.2", ["driver", "host"]),
        ({Part.GREETER: (GREETER,)}, {}, (), "D1.2", ["greeter"]),
        ({Part.GREETER: (GREETER,)}, {}, (GREETER,), "D1.2", ["host"]),
        ({Part.DRIVER: (DRIVER,)}, {}, (DRIVER,), "D1.2", ["host"]),
        ({}, {}, (), "D3.1", ["host"]),
        ({Part.LEADER: (LEADER, SENIOR)}, {}, (SENIOR,), "D3.1", ["host", "leader"]),
        # Somebody with two parts is told once.
        ({Part.LEADER: (LEADER, HOST), Part.TEAM: (LEADER,)}, {}, (), "D3.1", ["host", "leader"]),
        ({Part.DRIVER: (DRIVER,), Part.GREETER: (DRIVER,)}, {}, (), "D1.2", ["driver"]),
        ({}, {}, (), "C1", ["host"]),
        ({}, {Role.ADMINISTRATION: (ADMIN,)}, (), "C1", ["admin"]),
        ({}, {Role.ADMINISTRATION: (ADMIN,)}, (ADMIN,), "C1", ["host"]),
        ({}, {}, (), "B6", ["host"]),
        ({}, {Role.EXECUTIVE_OFFICE: (OFFICE,)}, (), "B6", ["office"]),
    ],
)
def test_a_part_that_nobody_fills(
    parts: dict[Part, tuple[int, ...]],
    roles: dict[Role, tuple[int, ...]],
    gone: tuple[int, ...],
    rule: str,
    expected: list[str],
) -> None:
    sketch = Sketch(parts=parts, roles=roles, gone=gone)
    pickup, dinner = sketch.stop(StopKind.PICKUP, "2026-03-05 14:30"), sketch.stop(StopKind.MEAL, "2026-03-05 18:30")
    sketch.booking(BookingKind.VEHICLE, pickup, "2026-03-01 09:00")
    sketch.booking(BookingKind.LEADER, dinner, "2026-03-01 09:00", leader_id=SENIOR)
    assert [who for who, _ in told(sketch, rule)] == expected


def test_a_role_has_deputies_who_fill_it_once_every_holder_has_left() -> None:
    sketch = Sketch(roles={Role.ADMINISTRATION: (ADMIN,)})
    sketch.stop(StopKind.PICKUP, "2026-03-05 14:30")
    deputies = {Role.ADMINISTRATION: (OTHER_ADMIN, OFFICE)}

    def roles(*gone: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        sketch.gone = gone
        picture = replace(sketch.picture(), role_deputies=deputies)
        return picture.holders(Role.ADMINISTRATION), picture.deputies(Role.ADMINISTRATION)

    assert roles() == ((ADMIN,), (OTHER_ADMIN, OFFICE))
    assert roles(ADMIN) == ((OTHER_ADMIN, OFFICE), (OTHER_ADMIN, OFFICE))
    assert roles(OTHER_ADMIN) == ((ADMIN,), (OFFICE,))
    assert roles(ADMIN, OTHER_ADMIN, OFFICE) == ((), ())


def test_a_deputy_who_has_left_stands_in_for_nobody() -> None:
    sketch = Sketch()
    sketch.stop(StopKind.PICKUP, "2026-03-05 14:30")
    picture = sketch.picture()
    picture.people[DRIVER].deputy_id = GREETER

    assert (picture.deputy_of(DRIVER), picture.deputy_of(GREETER)) == (GREETER, None)
    picture.people[GREETER].is_active = False
    assert picture.deputy_of(DRIVER) is None


def test_what_is_off_is_not_planned() -> None:
    sketch = Sketch()
    pickup = sketch.stop(StopKind.PICKUP, "2026-03-05 14:30", removed=True)
    sketch.booking(BookingKind.VEHICLE, pickup, "2026-03-01 09:00", state=BookingState.CONFIRMED, driver_id=DRIVER)
    assert planned(sketch) == []

    sketch = Sketch(state=VisitState.CANCELED)
    sketch.stop(StopKind.MEAL, "2026-03-05 18:30")
    assert planned(sketch) == []
    assert concerned(sketch.picture(), RULEBOOK) == set()


@pytest.mark.parametrize(
    ("kind", "who", "news"),
    [
        # The lead host hears who is on the way and who cannot come.
        (DeclarationKind.ON_MY_WAY, DRIVER, ["host"]),
        (DeclarationKind.CANNOT_ATTEND, LEADER, ["host"]),
        (DeclarationKind.ATTENDS, LEADER, []),
        (DeclarationKind.GOT_IT, LEADER, []),
        (DeclarationKind.ON_MY_WAY, HOST, []),
    ],
)
def test_declarations(kind: DeclarationKind, who: int, news: list[str]) -> None:
    sketch = Sketch()
    dinner = sketch.stop(StopKind.MEAL, "2026-03-05 18:30")
    sketch.declare(dinner, who, kind, "2026-03-05 15:00")
    assert told(sketch, "", [NoticeKind.DECLARATION]) == [(name, "03-05 15:00") for name in news]


def test_whoever_answered_a_reminder_is_not_reminded_until_the_stop_moves() -> None:
    sketch = Sketch()
    dinner = sketch.stop(StopKind.MEAL, "2026-03-05 18:30")
    sketch.declare(dinner, LEADER, DeclarationKind.ATTENDS, "2026-03-05 15:00")
    assert [who for who, _ in told(sketch, "D3.1")] == ["host", "senior", "team"]
    dinner.starts_at += timedelta(minutes=30)
    assert [who for who, _ in told(sketch, "D3.1")] == ["host", "leader", "senior", "team"]


def test_a_reminder_is_of_use_until_what_it_reminds_of() -> None:
    """Until the stop begins; what is counted back from its end (D3.6), until that."""
    sketch = Sketch()
    dinner = sketch.stop(StopKind.MEAL, "2026-03-05 18:30")
    assert {w.useful_until for w in planned(sketch)} == {dinner.starts_at}
    bill = leadtimes.parse(
        'gather_changes = "1min"\n[[rule]]\nid = "D3.6"\nabout = "meal"\nanchor = "end"\nlead = "10min"\n'
        'to = ["team", "driver"]\nnotice = "reminder"\n'
    )
    assert {(w.due_at, w.useful_until) for w in planned(sketch, bill)} == {
        (dinner.ends_at - timedelta(minutes=10), dinner.ends_at)
    }


def test_everybody_with_a_notice_about_a_stop_hears_of_its_changes_and_nobody_else() -> None:
    sketch = Sketch()
    pickup, dinner = sketch.stop(StopKind.PICKUP, "2026-03-05 14:30"), sketch.stop(StopKind.MEAL, "2026-03-05 18:30")
    sketch.booking(BookingKind.VEHICLE, pickup, "2026-03-01 09:00", state=BookingState.ASSIGNED, driver_id=DRIVER)
    sketch.booking(BookingKind.LEADER, dinner, "2026-03-01 09:00", leader_id=SENIOR)
    departure = sketch.stop(StopKind.DEPARTURE, "2026-03-06 19:00")
    about = {(w.person_id, w.stop_id) for w in planned(sketch) if w.stop_id is not None}
    # Who is asked for the drive, or for a leader's time, is asked for the way back in the same message.
    assert concerned(sketch.picture(), RULEBOOK) == about | {(DRIVER, departure.id), (OFFICE, departure.id)}


def test_the_reception_notice_makes_nobody_concerned() -> None:
    """It goes to those who have something to do (B7): a lead host of yesterday, in the office it is put to, has not."""
    sketch = Sketch(roles={Role.EXECUTIVE_OFFICE: (OFFICE,)})
    sketch.stop(StopKind.PICKUP, "2026-03-05 14:30")
    assert OFFICE not in {person for person, _ in concerned(sketch.picture(), read_rulebook())}


def test_keys_are_unique_and_name_the_row_of_the_procedure() -> None:
    sketch = Sketch()
    pickup, _ = sketch.stop(StopKind.PICKUP, "2026-03-05 14:30"), sketch.stop(StopKind.MEAL, "2026-03-05 18:30")
    sketch.booking(BookingKind.VEHICLE, pickup, "2026-03-01 09:00", state=BookingState.CONFIRMED, driver_id=DRIVER)
    found = planned(sketch)
    assert len({w.key for w in found}) == len(found)
    assert {w.rule for w in found} == {"C1", "D1.2", "D3.1"}
    assert all(RULEBOOK.rule(w.rule) for w in found)


def test_the_anchors_and_addressees_of_the_classic_rules_are_all_in_use_here() -> None:
    """What the tables above cover: a new kind of rule needs a table of its own."""
    assert {rule.anchor for rule in RULEBOOK.rules} <= {Anchor.START, Anchor.SETTING_OFF}
    known = {To.DRIVER, To.GREETERS, To.LEADERS, To.TEAM, To.LEAD_HOST, To.ADMINISTRATION, To.EXECUTIVE_OFFICE}
    assert {to for rule in RULEBOOK.rules for to in rule.to} <= known
