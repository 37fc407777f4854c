"""By when an answer is asked for: at a sensible hour where there is time for it, to the minute where there is not."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import read_rulebook
from bot.models.visits import Stop, StopKind
from bot.procedure import leadtimes
from bot.procedure.bookings import deadline
from bot.procedure.calendar import Calendar
from bot.procedure.chasing import Chase, Step, by_day, moments
from bot.procedure.leadtimes import RulebookError
from bot.procedure.plan import due_of
from bot.procedure.rules import Rule
from bot.procedure.vocabulary import Anchor
from sandbox.hands import Hands
from tests.classic import only
from tests.reception import SHANGHAI, reception, text_of
from tests.reference import Reference

SHIPPED = read_rulebook()
assert SHIPPED.chase is not None
assert SHIPPED.answers_in_office_from is not None
CHASE: Chase = SHIPPED.chase
FROM: timedelta = SHIPPED.answers_in_office_from
CHINA, SPAIN = Calendar(SHANGHAI, "CN"), Calendar(ZoneInfo("Europe/Madrid"), "ES")
PICTURE = Reference().picture()
ASKED = [r for r in SHIPPED.rules if (r.answer_by or r.answer_within) and r.anchor is not Anchor.LEAVING]
ALL = tuple(Step)


def at(text: str, calendar: Calendar = CHINA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


def meeting(starts_at: datetime) -> Stop:
    return Stop(id=1, visit_id=1, kind=StopKind.MEETING, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))


def until(rule: Rule, stop: Stop, asked: datetime, calendar: Calendar, from_: timedelta | None) -> datetime:
    return deadline(PICTURE, rule, stop, calendar, asked, from_).astimezone(calendar.zone)


@pytest.mark.parametrize(
    ("rule_id", "starts", "asked", "expected"),
    [
        # Four hours before nine in the morning is five: an hour before the office closes on the day before.
        ("C7", "2026-03-05 09:00", "2026-03-03 09:00", "2026-03-04 17:00"),
        ("C7", "2026-03-05 09:00", "2026-03-04 15:00", "2026-03-04 17:00"),
        # Too little of the office's day is left: to the minute.
        ("C7", "2026-03-05 09:00", "2026-03-04 15:01", "2026-03-05 05:00"),
        ("C7", "2026-03-05 09:00", "2026-03-04 22:00", "2026-03-05 05:00"),
        # At a sensible hour it stays where it is.
        ("C7", "2026-03-05 14:00", "2026-03-03 09:00", "2026-03-05 10:00"),
        # For a Sunday it is asked on Friday at 17:00: not within the hour; a Saturday that is worked counts.
        ("C7", "2026-03-08 15:00", "2026-03-05 09:00", "2026-03-08 11:00"),
        ("C7", "2026-03-08 15:00", "2026-03-07 09:00", "2026-03-08 11:00"),
        ("C7", "2026-02-15 15:00", "2026-02-12 09:00", "2026-02-14 17:00"),
        # Twelve hours before a flight at noon is midnight.
        ("C14", "2026-03-05 12:00", "2026-03-03 09:00", "2026-03-04 17:00"),
        # Short notice: an hour, day and night.
        ("C7", "2026-03-05 05:00", "2026-03-05 03:00", "2026-03-05 04:00"),
    ],
)
def test_an_answer_is_due_at_a_sensible_hour(rule_id: str, starts: str, asked: str, expected: str) -> None:
    rule = SHIPPED.rule(rule_id)
    assert rule is not None
    assert until(rule, meeting(at(starts)), at(asked), CHINA, FROM) == at(expected)


MOMENTS = st.datetimes(
    min_value=datetime.fromisoformat("2025-06-01"),
    max_value=datetime.fromisoformat("2027-06-01"),
    timezones=st.just(UTC),
)


@given(st.sampled_from(ASKED), MOMENTS, st.integers(1, 20 * 24 * 60), st.sampled_from([CHINA, SPAIN]))
@settings(max_examples=400, deadline=None)
def test_never_later_and_in_office_hours_or_exact(
    rule: Rule, known: datetime, minutes: int, calendar: Calendar
) -> None:
    stop = meeting(known + timedelta(minutes=minutes))
    exact, found = (until(rule, stop, known, calendar, from_) for from_ in (None, FROM))
    asked = max(known, due_of(PICTURE, rule, stop, calendar))
    assert found <= exact
    if found != exact:
        assert calendar.is_working_day(found.date())
        assert calendar.opens <= found.time() <= calendar.closes
        assert calendar.office_time_after(asked, FROM) <= found, "there is time to answer"
    elif calendar.into_office_hours(exact) != exact:
        assert calendar.office_time_after(asked, FROM) > calendar.into_office_hours(exact), "there is none"


def chased(asked: str, needed: str, begins: str) -> str:
    found = by_day(at(asked), at(needed), at(begins), ALL, CHASE.pace, CHINA)
    return ", ".join(f"{moment.astimezone(SHANGHAI):%d %H:%M}" for _, moment in found)


@pytest.mark.parametrize(
    ("asked", "needed", "begins", "expected"),
    [
        # Asked late for nine in the morning: chased from seven on, not at half past twelve, two and three.
        ("2026-03-04 21:30", "2026-03-05 05:00", "2026-03-05 09:00", "05 07:45, 05 08:10, 05 08:30"),
        ("2026-03-04 20:50", "2026-03-05 05:00", "2026-03-05 09:00", "05 07:40, 05 08:05, 05 08:25"),
        # Asked in the afternoon: in the evening before, as it was.
        ("2026-03-04 16:30", "2026-03-05 05:00", "2026-03-05 09:00", "04 18:15, 04 19:10, 04 19:50"),
        # A pick-up at five, and one in an hour: whoever can still do something is woken.
        ("2026-03-04 23:00", "2026-03-05 04:00", "2026-03-05 05:00", "05 01:00, 05 02:00, 05 02:45"),
        ("2026-03-05 02:30", "2026-03-05 03:30", "2026-03-05 03:30", "05 02:54, 05 03:06, 05 03:15"),
    ],
)
def test_nobody_is_woken_for_what_can_wait_for_the_morning(asked: str, needed: str, begins: str, expected: str) -> None:
    assert chased(asked, needed, begins) == expected


@given(MOMENTS, st.integers(8, 3 * 24 * 60), st.integers(0, 24 * 60), st.sampled_from([CHINA, SPAIN]))
@settings(max_examples=400, deadline=None)
def test_steps_are_as_before_or_by_day(asked: datetime, minutes: int, more: int, calendar: Calendar) -> None:
    needed = asked + timedelta(minutes=minutes)
    begins = needed + timedelta(minutes=more)
    found = by_day(asked, needed, begins, ALL, CHASE.pace, calendar)
    if found != moments(asked, needed, ALL, CHASE.pace, calendar):
        assert all(time(7) <= moment.astimezone(calendar.zone).time() <= time(21) for _, moment in found)
    assert all(asked < moment < begins for _, moment in found)
    assert found[-1][0] is Step.TELL, "whoever can do something hears of it in time"


def test_the_file_says_from_when_on() -> None:
    head, rule = 'gather_changes = "1min"\n', '\n[[rule]]\nid = "A8"\n'
    rule += 'about = "arrival"\nanchor = "opened"\nlead = "0min"\n'
    rule += 'to = ["administration"]\nnotice = "duty"\nsay = "application"\n'
    assert leadtimes.parse(head + rule).answers_in_office_from is None, "every answer is due to the minute"
    assert leadtimes.parse(head + 'answers_in_office_from = "3h"' + rule).answers_in_office_from == timedelta(hours=3)
    with pytest.raises(RulebookError, match="line 2, field 'answers_in_office_from': a lead time looks like"):
        leadtimes.parse(head + 'answers_in_office_from = "soon"' + rule)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh-CN", "请于 *3月5日（周四）17:00* 前答复"),
        ("es-LA", "*jueves 5 de marzo, 17:00\u00a0h*"),
        ("en-US", "*Thu, Mar 5, 17:00*"),
    ],
)
async def test_whoever_is_asked_reads_a_sensible_hour(database_url: str, locale: str, said: str) -> None:
    async with reception(database_url, rulebook=only("C7")) as office:
        asked: Hands = office.liu
        await asked.change_profile(locale=locale)
        await office.open_visit()
        await office.pass_time(until=at("2026-03-05 10:00"))
        assert said in text_of(office.last(asked))
