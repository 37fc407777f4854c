"""Stops of every kind: what is asked, what is found wrong, and what happens when they are added, copied and removed."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.errors import FormErrors, Problem
from bot.models.forms import StopForm
from bot.models.visits import StopKind
from bot.procedure.stops import StopFacts, check_stop

SHANGHAI, MADRID = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
STOP = StopForm(day=date(2026, 3, 5), starts=time(14, 30), place=" Gate 4 ", number="mu 5102", travel_minutes="45")


def stop_problems(kind: StopKind = StopKind.PICKUP, zone: ZoneInfo = SHANGHAI, **fields: Any) -> dict[str, Problem]:
    with pytest.raises(FormErrors) as refused:
        check_stop(replace(STOP, **fields), kind, zone, NOW)
    return dict(refused.value.problems)


def test_a_right_stop_becomes_facts() -> None:
    starts = datetime(2026, 3, 5, 14, 30, tzinfo=SHANGHAI)
    assert check_stop(STOP, StopKind.PICKUP, SHANGHAI, NOW) == StopFacts(
        starts_at=starts.astimezone(UTC),
        ends_at=(starts + timedelta(hours=1)).astimezone(UTC),
        place="Gate 4",
        number="MU5102",
        means="plane",
        travel_minutes=45,
        meal=None,
    )


@pytest.mark.parametrize(("meal", "minutes"), [("breakfast", 60), ("lunch", 90), ("dinner", 120)])
def test_a_meal_lasts_as_long_as_such_a_meal_and_has_no_flight(meal: str, minutes: int) -> None:
    facts = check_stop(replace(STOP, meal=meal, number="any"), StopKind.MEAL, SHANGHAI, NOW)
    assert facts.ends_at - facts.starts_at == timedelta(minutes=minutes)
    assert (facts.number, facts.means, facts.meal) == ("", None, meal)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"day": None}, {"day": Problem.DATE_MISSING}),
        ({"day": date(2026, 3, 1)}, {"day": Problem.IN_THE_PAST}),
        ({"day": date(2029, 3, 1)}, {"day": Problem.TOO_FAR}),
        ({"starts": None}, {"starts": Problem.MISSING}),
        ({"place": "P" * 201}, {"place": Problem.TOO_LONG}),
        ({"number": "fast"}, {"number": Problem.FLIGHT_NUMBER}),
        ({"number": "fast", "means": "train"}, {"number": Problem.TRAIN_NUMBER}),
        ({"travel_minutes": "601"}, {"travel_minutes": Problem.TRAVEL_TIME}),
        ({"day": None, "starts": None, "number": "?"},
         {"day": Problem.DATE_MISSING, "starts": Problem.MISSING, "number": Problem.FLIGHT_NUMBER}),
    ],
)  # fmt: skip
def test_each_slip_in_a_stop_is_found_at_its_field(typed: dict[str, Any], found: dict[str, Problem]) -> None:
    assert stop_problems(**typed) == found


def test_a_stop_at_a_time_that_the_clocks_skip_is_asked_for_again() -> None:
    found = stop_problems(zone=MADRID, day=date(2026, 3, 29), starts=time(2, 15))
    assert found == {"starts": Problem.TIME_DOES_NOT_EXIST}
