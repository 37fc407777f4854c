"""The itinerary that is proposed: what there is time for, how meals are held, and what the guests come for."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.forms import VisitForm
from bot.models.people import Workspace
from bot.models.visits import Purpose, StopKind
from bot.procedure.proposal import Stay, offered, proposal, proposed_stops, wanted_stops

SHANGHAI, MADRID, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")
KIRITIMATI, PAGO_PAGO = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")
HOUSE = Workspace(id="T1", name="House", zone="Asia/Shanghai", locale="zh-CN")
FORM = VisitForm(
    arrival_date=date(2026, 3, 5),
    arrival_time=time(14, 30),
    departure_date=date(2026, 3, 6),
    departure_time=time(19, 0),
    guest_language="zh_CN",
)


def stay(arrives: str, departs: str, zone: ZoneInfo = SHANGHAI, **known: Any) -> Stay:
    start, end = (datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC) for text in (arrives, departs))
    return Stay(start, end, zone, **{"leaves_at": end - timedelta(hours=2)} | known)


def meals(known: Stay) -> list[str]:
    return [f"{stop.day.day}/{stop.meal} {stop.style}" for stop in proposal(known) if stop.kind == StopKind.MEAL]


def planned(known: Stay) -> list[str]:
    return [
        f"{known.local(stop.starts_at):%d %H:%M} {stop.meal or stop.kind}" for stop in proposal(known) if stop.is_wanted
    ]


@pytest.mark.parametrize(
    ("known", "found"),
    [
        # D3.7: leaving the same day, a full lunch; staying over, a simple lunch and a hosted dinner.
        (stay("2026-03-05 09:00", "2026-03-05 17:00"), ["5/lunch full"]),
        (stay("2026-03-05 14:30", "2026-03-05 17:00"), []),
        (stay("2026-03-05 09:00", "2026-03-06 12:00"), ["5/lunch simple", "5/dinner full"]),
        # The lunch after which they leave is the full one.
        (stay("2026-03-05 14:30", "2026-03-06 17:00"), ["5/dinner full", "6/lunch full"]),
        (stay("2026-03-05 14:30", "2026-03-06 23:30"), ["5/dinner full", "6/lunch simple", "6/dinner full"]),
        (stay("2026-03-05 14:30", "2026-03-06 12:00", level=1), ["5/dinner banquet"]),
        # Who is free too late for the usual time, after a long flight and two hours of rest, dines later.
        (stay("2026-03-05 14:40", "2026-03-06 12:00", from_afar=True), ["5/dinner full"]),
        (stay("2026-03-05 16:00", "2026-03-06 12:00", from_afar=True), ["5/dinner full"]),
        (stay("2026-03-05 16:01", "2026-03-06 12:00", from_afar=True), []),
        # An hour and a half from the airport, two and a half back to it: to the minute.
        (stay("2026-03-05 10:30", "2026-03-05 16:00"), ["5/lunch full"]),
        (stay("2026-03-05 10:31", "2026-03-05 16:00"), []),
        (stay("2026-03-05 10:30", "2026-03-05 15:59"), []),
        (stay("2026-03-05 10:30", "2026-03-05 16:00", travel_minutes=60), []),
        (stay("2026-03-05 11:55", "2026-03-05 16:00", by_own_car=True), ["5/lunch full"]),
        # Around clock changes the way takes its time, whatever the clocks on the wall say.
        (stay("2026-03-29 01:30", "2026-03-29 23:00", MADRID), ["29/lunch simple", "29/dinner full"]),
        (stay("2026-03-05 14:30", "2026-03-06 12:00", KIRITIMATI), ["5/dinner full"]),
        (stay("2026-03-05 14:30", "2026-03-06 12:00", PAGO_PAGO), ["5/dinner full"]),
    ],
)  # fmt: skip
def test_d3_7_meals(known: Stay, found: list[str]) -> None:
    assert meals(known) == found


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (
            stay("2026-03-05 14:30", "2026-03-06 19:00"),
            ["05 16:00 check_in", "05 18:30 dinner", "06 08:30 check_out", "06 09:00 meeting", "06 12:00 lunch",
             "06 13:30 tour"],
        ),
        # After a long flight the guests rest before anything else.
        (
            stay("2026-03-05 08:00", "2026-03-06 12:00", from_afar=True),
            ["05 09:30 check_in", "05 12:00 lunch", "05 13:30 meeting", "05 15:45 tour", "05 18:30 dinner",
             "06 08:30 check_out"],
        ),
        (
            stay("2026-03-05 14:40", "2026-03-06 12:00", from_afar=True),
            ["05 16:10 check_in", "05 18:45 dinner", "06 08:30 check_out"],
        ),
        # From nearer they see us first, and the hotel when the day is over.
        (
            stay("2026-03-05 08:00", "2026-03-06 12:00", purpose=Purpose.COURTESY, wants_hotel=False),
            ["05 09:30 meeting", "05 10:45 tour", "05 12:00 lunch", "05 18:30 dinner"],
        ),
        # Leaders have breakfast in company (D2.3).
        (
            stay("2026-03-05 19:30", "2026-03-06 11:00", are_leaders=True),
            ["05 21:00 check_in", "06 07:30 breakfast", "06 08:30 check_out"],
        ),
        (stay("2026-03-05 10:00", "2026-03-05 13:00"), []),
    ],
)  # fmt: skip
def test_the_whole_itinerary(known: Stay, found: list[str]) -> None:
    assert planned(known) == found


@pytest.mark.parametrize(
    ("purpose", "kinds"),
    [
        (Purpose.PLANT_VISIT, ["tour", "meeting"]),
        (Purpose.NEGOTIATION, ["meeting", "tour"]),
        (Purpose.GOODS_INSPECTION, ["tour", "meeting"]),
        (Purpose.COMPLAINT, ["meeting", "tour"]),
        (Purpose.COURTESY, ["meeting", "tour"]),
    ],
)
def test_a1_the_purpose_says_what_the_guests_come_for(purpose: Purpose, kinds: list[str]) -> None:
    known = stay("2026-03-05 07:00", "2026-03-05 21:00", purpose=purpose)
    assert [stop.kind for stop in proposal(known) if stop.meal is None] == kinds


@given(
    st.sampled_from([SHANGHAI, MADRID, NEW_YORK, KIRITIMATI, PAGO_PAGO]),
    st.integers(0, 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=30)),
    st.sampled_from(Purpose),
    st.booleans(),
)
def test_whatever_the_stay_nothing_collides_and_everything_lies_within_it(
    zone: ZoneInfo, arrives: datetime, length: timedelta, purpose: Purpose, afar: bool
) -> None:
    known = Stay(arrives, arrives + length, zone, purpose=purpose, from_afar=afar, leaves_at=arrives + length)
    found = proposal(known)
    assert len({stop.key for stop in found}) == len(found)
    assert all(arrives < stop.starts_at < stop.ends_at <= arrives + length for stop in found)
    in_order = [stop for stop in found if stop.kind not in (StopKind.BREAKFAST, StopKind.TRIP)]
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(in_order))


def test_nothing_is_offered_while_the_dates_make_no_sense() -> None:
    for wrong in ({"arrival_date": None}, {"departure_time": None}, {"departure_date": date(2026, 3, 4)}):
        assert proposed_stops(replace(FORM, **wrong), HOUSE) == []


@pytest.mark.parametrize(
    ("ticked", "seen", "kept"),
    [
        # Nothing was offered yet: everything as proposed.
        ((), (), ["check_in", "dinner", "check_out", "meeting", "lunch", "tour"]),
        # Offered and not ticked: not wanted.
        ((), tuple(offered(proposed_stops(FORM, HOUSE))), []),
        (("2026-03-06/breakfast",), tuple(offered(proposed_stops(FORM, HOUSE))), ["breakfast"]),
        # Changed last: what could not be offered is proposed, what is no longer possible is gone.
        (("2026-03-04/dinner",), ("2026-03-04/dinner", "2026-03-05/dinner", "2026-03-05/check_in"),
         ["check_out", "meeting", "lunch", "tour"]),
    ],
)  # fmt: skip
def test_the_stops_that_take_place(ticked: tuple[str, ...], seen: tuple[str, ...], kept: list[str]) -> None:
    form = replace(FORM, stops=ticked, offered_stops=seen)
    assert [stop.key.partition("/")[2] for stop in wanted_stops(form, HOUSE)] == kept
