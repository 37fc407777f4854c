"""A flight or a train in one line, as travellers paste it."""

from datetime import date, time

import pytest

from bot.procedure.legs import Leg, read_leg

TODAY = date(2026, 3, 2)
THURSDAY = date(2026, 3, 5)
HALF_PAST_TWO = time(14, 30)


@pytest.mark.parametrize(
    ("line", "leg"),
    [
        ("MU5102 5 Mar 14:30 T2", Leg("MU5102", THURSDAY, HALF_PAST_TWO, "T2")),
        ("G7001 3月5日 14:30", Leg("G7001", THURSDAY, HALF_PAST_TWO)),
        ("IB3170, 5 de marzo de 2026, 14:30 h, terminal 1", Leg("IB3170", THURSDAY, HALF_PAST_TWO, "T1")),
        ("Flight MU 5102 on March 5, 2026 arriving 2:30 pm, Terminal 2", Leg("MU5102", THURSDAY, HALF_PAST_TWO, "T2")),
        ("航班MU5102，2026年3月5日下午2点30分到达，2号航站楼", Leg("MU5102", THURSDAY, HALF_PAST_TWO, "T2")),
        ("3月5日 G7001次 下午两点", Leg("G7001", THURSDAY)),
        ("G7001次列车 3月5号 下午2点半", Leg("G7001", THURSDAY, HALF_PAST_TWO)),
        ("Vuelo ua857 el 05MAR 14h30", Leg("UA857", THURSDAY, HALF_PAST_TWO)),
        ("2026-03-05 14:30 3U8888", Leg("3U8888", THURSDAY, HALF_PAST_TWO)),
        ("CZ3101 1430 5 Mar T3", Leg("CZ3101", THURSDAY, HALF_PAST_TWO, "T3")),
        ("AVE 3081 5 mar. 14:30", Leg("AVE3081", THURSDAY, HALF_PAST_TWO)),
        ("ＭＵ５１０２　３月５日　１４：３０", Leg("MU5102", THURSDAY, HALF_PAST_TWO)),
        ("MU5102 T2", Leg("MU5102", terminal="T2")),
        ("MU5102 14:30", Leg("MU5102", at=HALF_PAST_TWO)),
        ("MU5102 12:10 am", Leg("MU5102", at=time(0, 10))),
        ("MU5102 13/3 14:30", Leg("MU5102", date(2026, 3, 13), HALF_PAST_TWO)),
        ("MU 5102 3月5日 14:30 PVG-PEK", Leg("MU5102", THURSDAY, HALF_PAST_TWO)),
        ("MU5102 5.3.2026 14.30 h", Leg("MU5102", THURSDAY, HALF_PAST_TWO)),
        ("MU5102 5.3. 14:30", Leg("MU5102", THURSDAY, HALF_PAST_TWO)),
        ("MU5102 13-03-2026 14:30", Leg("MU5102", date(2026, 3, 13), HALF_PAST_TWO)),
        ("3U 8888 5th of March 2026 2:30 pm", Leg("3U8888", THURSDAY, HALF_PAST_TWO)),
        ("MU5102 a las 2:30 de la tarde", Leg("MU5102", at=HALF_PAST_TWO)),
        ("MU5102 8 de la mañana del 5 de marzo", Leg("MU5102", THURSDAY, time(8))),
        ("MU5102 3月5日 晚8点", Leg("MU5102", THURSDAY, time(20))),
        ("MU5102 3月5日 上午8时", Leg("MU5102", THURSDAY, time(8))),
        ("MU5102 中午1点", Leg("MU5102", at=time(13))),
    ],
)
def test_a_line_tells_number_day_time_and_terminal(line: str, leg: Leg) -> None:
    assert read_leg(line, TODAY, arriving=True) == leg


@pytest.mark.parametrize("line", ["MU5102", "G7001", "", "to be announced", "待定", "5 Mar 14:30", "por confirmar"])
def test_a_number_alone_or_no_number_is_no_line(line: str) -> None:
    assert read_leg(line, TODAY, arriving=True) is None


def test_of_departure_and_arrival_the_one_that_is_asked_for_counts() -> None:
    line = "LH728 4 Mar 22:45 - 5 Mar 16:10 T1/T2"
    assert read_leg(line, TODAY, arriving=True) == Leg("LH728", THURSDAY, time(16, 10), "T2")
    assert read_leg(line, TODAY, arriving=False) == Leg("LH728", date(2026, 3, 4), time(22, 45), "T1")


def test_an_arrival_a_day_later_is_a_day_later() -> None:
    line = "LH728 4 Mar 22:45 16:10+1"
    assert read_leg(line, TODAY, arriving=True) == Leg("LH728", THURSDAY, time(16, 10))
    assert read_leg(line, TODAY, arriving=False) == Leg("LH728", date(2026, 3, 4), time(22, 45))


@pytest.mark.parametrize("line", ["LH728 4 Mar 22:45 (+1) 16:10 (+1)", "LH728 3月4日 22:45—次日16:10"])
def test_a_day_later_can_be_written_otherwise(line: str) -> None:
    assert read_leg(line, TODAY, arriving=True) == Leg("LH728", THURSDAY, time(16, 10))


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("IB6830 4 Mar 13:40 08:00+1 / MU5102 5 Mar 10:00 12:20", "IB6830", "MU5102"),
        ("4 Mar 08:00 IB6830, 5 Mar 12:20 MU5102", "IB6830", "MU5102"),
        ("MU5102 / AF8321 5 Mar 14:30", "MU5102", "MU5102"),
    ],
)
def test_of_several_flights_it_is_the_one_whose_time_counts(line: str, first: str, last: str) -> None:
    read = [read_leg(line, TODAY, arriving=arriving) for arriving in (False, True)]
    assert [leg and leg.number for leg in read] == [first, last]


def test_without_a_year_it_is_the_next_such_day() -> None:
    assert read_leg("MU5102 1 Mar 14:30", TODAY, arriving=True) == Leg("MU5102", date(2027, 3, 1), HALF_PAST_TWO)
    assert read_leg("MU5102 2 Mar 14:30", TODAY, arriving=True) == Leg("MU5102", TODAY, HALF_PAST_TWO)


def test_what_could_be_either_of_two_days_is_not_guessed() -> None:
    assert read_leg("MU5102 5/3 14:30", TODAY, arriving=True) == Leg("MU5102", None, HALF_PAST_TWO)
    assert read_leg("MU5102 31 Feb 14:30", TODAY, arriving=True) == Leg("MU5102", None, HALF_PAST_TWO)
    assert read_leg("MU5102 5-3-2026 14:30", TODAY, arriving=True) == Leg("MU5102", None, HALF_PAST_TWO)


@pytest.mark.parametrize(
    "line", ["MU5102 5/3/2026 T2", "MU5102 2026 T2", "MU5102 晚上12点 T2", "MU5102 12:30 de la noche, T2"]
)
def test_a_year_is_no_time_and_midnight_is_not_guessed(line: str) -> None:
    assert read_leg(line, TODAY, arriving=True) == Leg("MU5102", terminal="T2")
