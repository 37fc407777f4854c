"""The office's hours, weekends, public holidays and made-up working days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.procedure.calendar import Calendar, day_of

ZONES = {
    "CN": "Asia/Shanghai",
    "US": "America/New_York",
    "ES": "Europe/Madrid",
    "CL": "America/Santiago",
    "SA": "Asia/Riyadh",
    "KI": "Pacific/Kiritimati",
    "AS": "Pacific/Pago_Pago",
    "": "UTC",
}


def office(country: str) -> Calendar:
    return Calendar(ZoneInfo(ZONES[country]), country)


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        ("CN", date(2026, 2, 13), True),
        ("CN", date(2026, 2, 14), True),  # a Saturday, worked for the Spring Festival
        ("CN", date(2026, 2, 15), False),  # an ordinary Sunday
        ("CN", date(2026, 2, 17), False),  # Chinese New Year
        ("CN", date(2026, 2, 23), False),  # a Monday off, for the worked Saturday that follows
        ("CN", date(2026, 2, 28), True),
        ("CN", date(2026, 10, 10), True),
        ("CN", date(2026, 10, 7), False),
        ("ES", date(2026, 12, 8), False),
        ("US", date(2026, 7, 3), False),  # Independence Day falls on a Saturday and is kept on Friday
        ("CL", date(2026, 9, 18), False),
        ("SA", date(2026, 3, 6), False),  # the weekend is Friday and Saturday
        ("SA", date(2026, 3, 8), True),
        ("", date(2026, 1, 1), True),  # an unknown country: only weekends are known
        ("", date(2026, 1, 3), False),
    ],
)
def test_the_days_an_office_works(country: str, day: date, works: bool) -> None:
    assert office(country).is_working_day(day) is works


@pytest.mark.parametrize(
    ("country", "moment", "brought_to"),
    [
        # Within office hours, edges included, nothing moves.
        ("CN", "2026-03-04 09:00", "2026-03-04 09:00"),
        ("CN", "2026-03-04 12:34", "2026-03-04 12:34"),
        ("CN", "2026-03-04 18:00", "2026-03-04 18:00"),
        # A moment before opening belongs to the evening before, one after closing to the same day.
        ("CN", "2026-03-04 08:59:59", "2026-03-03 17:00"),
        ("CN", "2026-03-04 18:00:01", "2026-03-04 17:00"),
        ("CN", "2026-03-04 00:00", "2026-03-03 17:00"),
        ("CN", "2026-03-04 23:59", "2026-03-04 17:00"),
        # A weekend, and the Monday morning after it.
        ("CN", "2026-03-07 11:00", "2026-03-06 17:00"),
        ("CN", "2026-03-08 22:00", "2026-03-06 17:00"),
        ("CN", "2026-03-09 07:00", "2026-03-06 17:00"),
        # The Spring Festival ends the Saturday before it, which is worked.
        ("CN", "2026-02-20 10:00", "2026-02-14 17:00"),
        ("CN", "2026-02-24 08:00", "2026-02-14 17:00"),
        ("CN", "2026-02-28 15:00", "2026-02-28 15:00"),
        # Thanksgiving.
        ("US", "2026-11-26 10:00", "2026-11-25 17:00"),
        # Sunday works where Friday does not.
        ("SA", "2026-03-07 10:00", "2026-03-05 17:00"),
        ("SA", "2026-03-08 10:00", "2026-03-08 10:00"),
        # The nights in which the clocks change.
        ("US", "2026-03-08 03:30", "2026-03-06 17:00"),
        ("US", "2026-11-01 01:30", "2026-10-30 17:00"),
        ("ES", "2026-03-29 03:30", "2026-03-27 17:00"),
        ("CL", "2026-09-06 01:30", "2026-09-04 17:00"),
        ("KI", "2026-03-04 07:00", "2026-03-03 17:00"),
        ("AS", "2026-03-04 07:00", "2026-03-03 17:00"),
    ],
)
def test_a_moment_outside_office_hours_is_brought_forward(country: str, moment: str, brought_to: str) -> None:
    calendar = office(country)
    before, after = (datetime.fromisoformat(text).replace(tzinfo=calendar.zone) for text in (moment, brought_to))
    assert calendar.into_office_hours(before.astimezone(UTC)) == after.astimezone(UTC)


def test_the_answer_comes_in_the_zone_of_the_question() -> None:
    moment = datetime(2026, 3, 7, 3, 0, tzinfo=UTC)
    assert office("CN").into_office_hours(moment).tzinfo is UTC


def test_other_hours_of_an_office_count() -> None:
    early = Calendar(ZoneInfo("Europe/Madrid"), "ES", opens=time(7, 0), closes=time(15, 0))
    afternoon = datetime(2026, 3, 4, 16, 0, tzinfo=early.zone)
    assert early.into_office_hours(afternoon) == datetime(2026, 3, 4, 14, 0, tzinfo=early.zone)


@given(
    st.sampled_from(sorted(ZONES)),
    st.datetimes(
        min_value=datetime.fromisoformat("2024-01-01"),
        max_value=datetime.fromisoformat("2027-12-31"),
        timezones=st.just(UTC),
    ),
)
def test_office_hours_are_never_later_and_never_found_twice(country: str, moment: datetime) -> None:
    calendar = office(country)
    brought = calendar.into_office_hours(moment)
    local = brought.astimezone(calendar.zone)
    assert brought <= moment
    assert calendar.is_working_day(local.date())
    assert calendar.opens <= local.time() <= calendar.closes
    assert calendar.into_office_hours(brought) == brought


@pytest.mark.parametrize(
    ("zone", "now", "hours"),
    [
        ("Asia/Shanghai", "2026-03-04 12:00", 24),
        ("America/New_York", "2026-03-08 12:00", 23),
        ("America/New_York", "2026-11-01 12:00", 25),
        ("Europe/Madrid", "2026-03-29 00:30", 23),
        ("Europe/Madrid", "2026-10-25 23:30", 25),
        ("America/Santiago", "2026-04-04 12:00", 25),
        ("America/Santiago", "2026-09-06 12:00", 23),  # this day has no midnight
        ("Pacific/Kiritimati", "2026-01-01 00:00", 24),
    ],
)
def test_a_day_of_the_venue_is_as_long_as_its_clocks_make_it(zone: str, now: str, hours: int) -> None:
    local = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
    first, last = day_of(local.astimezone(UTC), ZoneInfo(zone))
    assert last - first == timedelta(hours=hours)
    assert first <= local.astimezone(UTC) < last
