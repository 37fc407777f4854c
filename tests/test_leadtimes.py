"""How long before: on the wall clock for days, on the stopwatch for hours, never later than said."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.procedure.calendar import Calendar
from bot.procedure.clocks import earliest, exists
from bot.procedure.leads import Lead

NEW_YORK, MADRID, SANTIAGO = "America/New_York", "Europe/Madrid", "America/Santiago"
SHANGHAI, KIRITIMATI, PAGO_PAGO = "Asia/Shanghai", "Pacific/Kiritimati", "Pacific/Pago_Pago"
LORD_HOWE, APIA = "Australia/Lord_Howe", "Pacific/Apia"
COUNTRIES = {NEW_YORK: "US", MADRID: "ES", SANTIAGO: "CL", SHANGHAI: "CN"}
moments = st.datetimes(
    min_value=datetime.fromisoformat("2024-01-01"),
    max_value=datetime.fromisoformat("2027-12-31"),
    timezones=st.just(UTC),
)
zones = st.sampled_from([NEW_YORK, MADRID, SANTIAGO, SHANGHAI, KIRITIMATI, PAGO_PAGO, LORD_HOWE])


def at(zone: str, text: str) -> datetime:
    """A wall-clock time of a zone; `*` marks the second of two that read the same."""
    return datetime.fromisoformat(text.rstrip("*")).replace(tzinfo=ZoneInfo(zone), fold=text.endswith("*"))


def calendar(zone: str) -> Calendar:
    """The calendar of an office there."""
    return Calendar(ZoneInfo(zone), COUNTRIES.get(zone, ""))


@pytest.mark.parametrize(
    ("text", "lead", "written"),
    [
        ("2d", Lead(days=2), "2d"),
        ("4h", Lead(hours=4), "4h"),
        ("30min", Lead(minutes=30), "30min"),
        ("1h 20min", Lead(hours=1, minutes=20), "1h 20min"),
        ("1d2h3min", Lead(1, 2, 3), "1d 2h 3min"),
        (" 10 min ", Lead(minutes=10), "10min"),
        ("0min", Lead(), "0min"),
        ("90min", Lead(minutes=90), "90min"),
    ],
)
def test_leads_are_read_and_written(text: str, lead: Lead, written: str) -> None:
    assert Lead.parse(text) == lead
    assert str(lead) == written
    assert Lead.parse(str(lead)) == lead


@pytest.mark.parametrize(
    "text", ["", "  ", "2", "-2h", "2 days", "1.5h", "20min 1h", "h", "2d!", "1w", "1h1h", "10000d"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="2d"):
        Lead.parse(text)


STOPWATCH = [
    # An ordinary day, a month's end, the leap day.
    (SHANGHAI, "1h", "2026-03-05 14:30", "2026-03-05 13:30"),
    (SHANGHAI, "4h", "2026-03-05 02:00", "2026-03-04 22:00"),
    (SHANGHAI, "4h", "2028-03-01 02:00", "2028-02-29 22:00"),
    (SHANGHAI, "4h", "2027-03-01 02:00", "2027-02-28 22:00"),
    (SHANGHAI, "30min", "2026-01-01 00:10", "2025-12-31 23:40"),
    # Clocks go forward: an hour is missing between lead and moment.
    (NEW_YORK, "1h", "2026-03-08 03:30", "2026-03-08 01:30"),
    (NEW_YORK, "4h", "2026-03-08 05:00", "2026-03-08 00:00"),
    (MADRID, "1h", "2026-03-29 03:00", "2026-03-29 01:00"),
    (MADRID, "4h", "2026-03-29 06:30", "2026-03-29 01:30"),
    (SANTIAGO, "1h", "2026-09-06 01:30", "2026-09-05 23:30"),
    (SANTIAGO, "4h", "2026-09-06 04:00", "2026-09-05 23:00"),
    (LORD_HOWE, "1h", "2026-10-04 02:45", "2026-10-04 01:15"),
    # Clocks go back: an hour comes twice.
    (NEW_YORK, "1h", "2026-11-01 01:30*", "2026-11-01 01:30"),
    (NEW_YORK, "1h", "2026-11-01 02:00", "2026-11-01 01:00*"),
    (NEW_YORK, "4h", "2026-11-01 05:00", "2026-11-01 01:00*"),
    (NEW_YORK, "4h", "2026-11-01 04:30", "2026-11-01 01:30"),
    (MADRID, "1h", "2026-10-25 02:15*", "2026-10-25 02:15"),
    (MADRID, "4h", "2026-10-25 05:30", "2026-10-25 02:30"),
    (SANTIAGO, "1h", "2026-04-04 23:30*", "2026-04-04 23:30"),
    (SANTIAGO, "4h", "2026-04-05 02:00", "2026-04-04 23:00"),
    # The first and the last places to begin a day.
    (KIRITIMATI, "1h", "2026-01-01 00:30", "2025-12-31 23:30"),
    (PAGO_PAGO, "4h", "2026-01-01 01:00", "2025-12-31 21:00"),
]


@pytest.mark.parametrize(("zone", "lead", "moment", "due"), STOPWATCH)
def test_hours_and_minutes_run_on_the_stopwatch_day_and_night(zone: str, lead: str, moment: str, due: str) -> None:
    assert Lead.parse(lead).before(at(zone, moment), calendar(zone)) == at(zone, due).astimezone(UTC)


DAYS = [
    # Two working days before, the same time of day.
    (SHANGHAI, "2d", "2026-03-05 14:30", "2026-03-03 14:30"),
    (SHANGHAI, "1d", "2026-03-05 09:00", "2026-03-04 09:00"),
    (SHANGHAI, "1d", "2026-03-05 18:00", "2026-03-04 18:00"),
    # Outside office hours: an hour before the last closing.
    (SHANGHAI, "2d", "2026-03-05 08:59", "2026-03-02 17:00"),
    (SHANGHAI, "2d", "2026-03-05 22:00", "2026-03-03 17:00"),
    (SHANGHAI, "1d", "2026-03-05 18:01", "2026-03-04 17:00"),
    # Weekends, one of which is worked; the Spring Festival; the October holidays.
    (SHANGHAI, "2d", "2026-03-10 10:00", "2026-03-06 17:00"),
    (SHANGHAI, "2d", "2026-02-16 10:00", "2026-02-14 10:00"),
    (SHANGHAI, "2d", "2026-02-24 10:00", "2026-02-14 17:00"),
    (SHANGHAI, "2d", "2026-10-09 10:00", "2026-09-30 17:00"),
    (SHANGHAI, "2d", "2026-10-12 10:00", "2026-10-10 10:00"),
    # The leap day, and a year without one.
    (SHANGHAI, "1d", "2028-03-01 10:00", "2028-02-29 10:00"),
    (SHANGHAI, "2d", "2027-03-02 10:00", "2027-02-26 17:00"),
    (MADRID, "2d", "2028-03-02 10:00", "2028-02-29 10:00"),
    # Over a clock change the wall clock counts, not the hours.
    (NEW_YORK, "2d", "2026-03-09 14:30", "2026-03-06 17:00"),
    (NEW_YORK, "3d", "2026-03-09 14:30", "2026-03-06 14:30"),
    (NEW_YORK, "3d", "2026-11-02 14:30", "2026-10-30 14:30"),
    (MADRID, "3d", "2026-03-30 10:00", "2026-03-27 10:00"),
    (MADRID, "3d", "2026-10-26 10:00", "2026-10-23 10:00"),
    (SANTIAGO, "3d", "2026-04-06 10:00", "2026-04-02 17:00"),  # the third day before is Good Friday
    (SANTIAGO, "3d", "2026-09-07 10:00", "2026-09-04 10:00"),
    # Days and hours together: days first.
    (SHANGHAI, "1d 2h", "2026-03-05 15:00", "2026-03-04 13:00"),
    (SHANGHAI, "1d 2h", "2026-03-05 10:00", "2026-03-03 17:00"),
    # Offices a day apart.
    (KIRITIMATI, "2d", "2026-03-05 14:30", "2026-03-03 14:30"),
    (PAGO_PAGO, "2d", "2026-03-05 14:30", "2026-03-03 14:30"),
    (KIRITIMATI, "1d", "2026-03-09 14:30", "2026-03-06 17:00"),
    (PAGO_PAGO, "1d", "2026-03-09 14:30", "2026-03-06 17:00"),
]


@pytest.mark.parametrize(("zone", "lead", "moment", "due"), DAYS)
def test_days_run_on_the_wall_clock_and_keep_to_office_hours(zone: str, lead: str, moment: str, due: str) -> None:
    assert Lead.parse(lead).before(at(zone, moment), calendar(zone)) == at(zone, due).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "due"),
    [
        # The day before skips this hour: the wall clock's time on either side of the gap is meant, the earlier counts.
        (NEW_YORK, "2026-03-09 02:30", "2026-03-08 01:30"),
        (MADRID, "2026-03-30 02:30", "2026-03-29 01:30"),
        (SANTIAGO, "2026-09-07 00:30", "2026-09-05 23:30"),
        (LORD_HOWE, "2026-10-05 02:15", "2026-10-04 01:45"),
        # The day before has this hour twice: the first.
        (NEW_YORK, "2026-11-02 01:30", "2026-11-01 01:30"),
        (MADRID, "2026-10-26 02:30", "2026-10-25 02:30"),
        (SANTIAGO, "2026-04-05 23:30", "2026-04-04 23:30"),
        # The moment itself is the second of two, or the first after a gap.
        (NEW_YORK, "2026-11-01 01:30*", "2026-10-31 01:30"),
        (NEW_YORK, "2026-03-08 03:00", "2026-03-07 03:00"),
        # Samoa had no 30 December 2011.
        (APIA, "2011-12-31 10:00", "2011-12-29 10:00"),
    ],
)
def test_a_day_lead_into_a_skipped_or_doubled_hour_takes_the_earlier_reading(zone: str, moment: str, due: str) -> None:
    anchor = at(zone, moment)
    day_before = datetime.combine(anchor.date() - timedelta(days=1), anchor.time(), anchor.tzinfo)
    expected = at(zone, due).astimezone(UTC)
    assert earliest(day_before) == expected
    open_all_day = Calendar(ZoneInfo(zone), opens=time.min, closes=time.max)
    found = Lead(days=1).before(anchor, open_all_day)
    assert found == expected if open_all_day.is_working_day(at(zone, due).date()) else found < expected


@pytest.mark.parametrize(
    ("zone", "text", "is_there"),
    [
        (NEW_YORK, "2026-03-08 01:59", True),
        (NEW_YORK, "2026-03-08 02:00", False),
        (NEW_YORK, "2026-03-08 02:59", False),
        (NEW_YORK, "2026-03-08 03:00", True),
        (NEW_YORK, "2026-11-01 01:30", True),
        (NEW_YORK, "2026-11-01 01:30*", True),
        (MADRID, "2026-03-29 02:30", False),
        (MADRID, "2026-10-25 02:30", True),
        (SANTIAGO, "2026-09-06 00:00", False),
        (SANTIAGO, "2026-09-06 01:00", True),
        (SANTIAGO, "2026-04-04 23:30", True),
        (LORD_HOWE, "2026-10-04 02:15", False),
        (LORD_HOWE, "2026-10-04 02:30", True),
        (APIA, "2011-12-30 12:00", False),
        (SHANGHAI, "2028-02-29 00:00", True),
        (KIRITIMATI, "2026-01-01 00:00", True),
    ],
)
def test_a_time_exists_that_a_clock_there_shows(zone: str, text: str, is_there: bool) -> None:
    assert exists(at(zone, text)) is is_there


@given(
    zones,
    st.datetimes(min_value=datetime.fromisoformat("2024-01-01"), max_value=datetime.fromisoformat("2027-12-31")),
    st.booleans(),
)
def test_what_exists_is_what_an_instant_can_look_like(zone: str, wall: datetime, fold: bool) -> None:
    local = wall.replace(tzinfo=ZoneInfo(zone), fold=fold)
    shown = earliest(local).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    assert exists(local) == (shown == wall)
    assert earliest(local) <= local.astimezone(UTC)


@given(
    st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})),
    moments,
    st.integers(0, 5),
    st.integers(0, 60),
    st.integers(0, 90),
)
def test_no_lead_is_later_than_it_says_in_any_zone(zone: str, moment: datetime, d: int, h: int, m: int) -> None:
    venue, lead = calendar(zone), Lead(d, h, m)
    due = lead.before(moment, venue)
    anchor = moment.astimezone(venue.zone)
    wall = due.astimezone(venue.zone).replace(tzinfo=None) + timedelta(days=d, hours=h, minutes=m)
    latest_change = timedelta(hours=2)  # what a clock change can add to or take from the wall clock on the way
    assert wall <= anchor.replace(tzinfo=None) + latest_change
    if not d:
        assert moment - due == timedelta(hours=h, minutes=m)
    else:
        local = due.astimezone(venue.zone)
        assert venue.is_working_day(local.date())
        assert venue.opens <= local.time() <= venue.closes
        assert local.date() <= anchor.date() - timedelta(days=d)


@given(zones, moments, moments, st.integers(0, 5))
def test_what_comes_first_is_told_first(zone: str, one: datetime, other: datetime, days: int) -> None:
    first, second = sorted((one, other))
    if days and second - first < timedelta(hours=3):
        second += timedelta(hours=3)  # within a doubled hour the wall clock runs back
    venue, lead = calendar(zone), Lead(days=days, hours=0 if days else 4)
    assert lead.before(first, venue) <= lead.before(second, venue) + timedelta(hours=1)
