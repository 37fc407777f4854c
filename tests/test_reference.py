"""The reference visit over holidays, over the changes of the clocks, and entered late (G3, G4)."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.app import read_rulebook
from bot.database import Database
from bot.i18n import Catalogs
from bot.messages.notices import render
from bot.messages.reading import Reading
from bot.metrics import Metrics
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.people import RoleHolder
from bot.models.visits import Participant, StopParticipant
from bot.procedure.calendar import Calendar
from bot.procedure.plan import plan
from bot.procedure.together import TOGETHER
from bot.procedure.vocabulary import Anchor
from bot.services.claims import Claims
from bot.services.office import Office
from tests.reference import (
    ADMINISTRATION,
    DESK,
    DINNER,
    DRIVER,
    FINANCE,
    FLIGHT_HOME,
    HOST,
    LONG_TRIP,
    LUNCH,
    NAMED,
    PARTS,
    PICKUP,
    ROLES,
    SHORT_TRIP,
    Reference,
)
from tests.small_office import HandClock

RULEBOOK = replace(read_rulebook(), chase=None)
"""Without what follows from silence: that is proved in `tests/test_silence.py`."""


def told(reference: Reference, rule: str, stop: int) -> str:
    """When a row tells of a stop, by the clock at the venue."""
    planned = plan(reference.picture(), RULEBOOK, reference.calendar)
    (due,) = {wanted.due_at for wanted in planned if wanted.rule == rule and wanted.stop_id == stop}
    return f"{due.astimezone(ZoneInfo(reference.zone)):%a %m-%d %H:%M}"


@pytest.mark.parametrize(
    ("first_day", "rule", "stop", "due"),
    [
        # 1 to 7 October 2026 are off, 20 September (a Sunday) and 10 October (a Saturday) are worked instead.
        (date(2026, 10, 8), "C1", PICKUP, "Wed 09-30 17:00"),
        (date(2026, 10, 8), "C8", PICKUP, "Wed 09-30 17:00"),
        (date(2026, 10, 8), "A4b", PICKUP, "Wed 09-30 17:00"),
        (date(2026, 10, 8), "D1.1", PICKUP, "Wed 09-30 17:00"),
        (date(2026, 10, 8), "B6", LUNCH, "Wed 09-30 17:00"),
        (date(2026, 10, 8), "D5.1", SHORT_TRIP, "Wed 09-30 17:00"),
        (date(2026, 10, 8), "D5.1", LONG_TRIP, "Wed 09-30 17:00"),
        (date(2026, 10, 8), "C14", FLIGHT_HOME, "Fri 10-09 17:00"),
        # Leads of hours are exact, on a day off and at night, too.
        (date(2026, 10, 8), "C16b", PICKUP, "Wed 10-07 22:30"),
        (date(2026, 10, 3), "D1.2", PICKUP, "Sat 10-03 08:10"),
        (date(2026, 10, 3), "D3.1", DINNER, "Sat 10-03 15:00"),
        (date(2026, 10, 3), "D5.3", LONG_TRIP, "Mon 10-05 04:30"),
        # The made-up working days are worked.
        (date(2026, 10, 11), "D1.1", PICKUP, "Sat 10-10 10:30"),
        (date(2026, 10, 11), "C1", PICKUP, "Fri 10-09 10:30"),
        (date(2026, 9, 21), "D1.1", PICKUP, "Sun 09-20 10:30"),
        (date(2026, 9, 21), "C1", PICKUP, "Fri 09-18 17:00"),
        # Mid-autumn, a Friday, makes a long weekend.
        (date(2026, 9, 28), "D1.1", PICKUP, "Thu 09-24 17:00"),
        (date(2026, 10, 1), "D1.1", PICKUP, "Wed 09-30 10:30"),
        (date(2026, 9, 30), "C14", FLIGHT_HOME, "Wed 09-30 17:00"),
    ],
)
def test_days_are_brought_forward_over_a_national_day(first_day: date, rule: str, stop: int, due: str) -> None:
    assert told(Reference(first_day), rule, stop) == due


@pytest.mark.parametrize(
    ("zone", "first_day", "rule", "stop", "due"),
    [
        # Twelve hours on the stopwatch over the night that skips an hour, and over the one that has an hour twice.
        ("Europe/Madrid", date(2026, 3, 29), "C16b", PICKUP, "Sat 03-28 21:30"),
        ("Europe/Madrid", date(2026, 10, 25), "C16b", PICKUP, "Sat 10-24 23:30"),
        ("America/New_York", date(2026, 3, 8), "C16b", PICKUP, "Sat 03-07 21:30"),
        ("America/New_York", date(2026, 11, 1), "C16b", PICKUP, "Sat 10-31 23:30"),
        # Days on the wall clock.
        ("Europe/Madrid", date(2026, 3, 30), "A4", PICKUP, "Fri 03-27 10:30"),
        ("Europe/Madrid", date(2026, 10, 26), "A4", PICKUP, "Fri 10-23 10:30"),
        ("America/New_York", date(2026, 3, 9), "A4", PICKUP, "Fri 03-06 10:30"),
        ("America/New_York", date(2026, 11, 2), "A4", PICKUP, "Fri 10-30 10:30"),
        ("Europe/Madrid", date(2026, 3, 30), "C1", PICKUP, "Fri 03-27 17:00"),
        ("America/New_York", date(2026, 11, 2), "C1", PICKUP, "Fri 10-30 17:00"),
        # On the day itself nothing is an hour off.
        ("Europe/Madrid", date(2026, 3, 29), "D1.2", PICKUP, "Sun 03-29 08:10"),
        ("Europe/Madrid", date(2026, 10, 25), "D3.1", DINNER, "Sun 10-25 15:00"),
        ("America/New_York", date(2026, 3, 6), "D5.3", LONG_TRIP, "Sun 03-08 04:30"),
        ("America/New_York", date(2026, 10, 30), "D5.3", LONG_TRIP, "Sun 11-01 04:30"),
    ],
)
def test_the_clocks_change_during_a_visit(zone: str, first_day: date, rule: str, stop: int, due: str) -> None:
    country = {"Europe/Madrid": "ES", "America/New_York": "US"}[zone]
    assert told(Reference(first_day, zone, country), rule, stop) == due


@pytest.mark.parametrize(
    ("zone", "country", "first_day"),
    [
        ("Asia/Shanghai", "CN", date(2026, 10, 1)),
        ("Asia/Shanghai", "CN", date(2026, 10, 8)),
        ("Europe/Madrid", "ES", date(2026, 3, 28)),
        ("Europe/Madrid", "ES", date(2026, 10, 24)),
        ("America/New_York", "US", date(2026, 3, 7)),
        ("America/New_York", "US", date(2026, 10, 31)),
    ],
)
def test_nothing_is_later_than_its_lead_and_days_keep_to_office_hours(zone: str, country: str, first_day: date) -> None:
    reference = Reference(first_day, zone, country)
    always = Calendar(ZoneInfo(zone))
    stops = {stop.key: stop for stop in reference.stops()}
    planned = [w for w in plan(reference.picture(), RULEBOOK, reference.calendar) if w.stop_id is not None]
    assert len(planned) > 150
    for wanted in planned:
        rule = RULEBOOK.rule(wanted.rule)
        assert rule is not None
        if rule.anchor is Anchor.START and wanted.stop_id is not None:
            lead = rule.lead.before(stops[wanted.stop_id].starts_at, always, in_office_hours=False)
            assert wanted.due_at <= lead, wanted.key
            assert wanted.due_at == lead or rule.keeps_office_hours, wanted.key
        if rule.keeps_office_hours:
            local = wanted.due_at.astimezone(ZoneInfo(zone))
            assert reference.calendar.is_working_day(local.date()), wanted.key
            assert reference.calendar.opens <= local.time() <= reference.calendar.closes, wanted.key


@asynccontextmanager
async def entered(database_url: str, reference: Reference) -> AsyncIterator[list[Notice]]:
    """The notices of the visit in a database, right after it was entered."""
    database = Database(database_url)
    try:
        async with database.write() as session:
            for rows in (
                [reference.workspace()],
                reference.people(),
                [RoleHolder(workspace_id="T1", role=role, person_id=p) for role, held in ROLES.items() for p in held],
                reference.vehicles(),
                [reference.visit()],
                reference.stops(),
                reference.guests(),
                [Participant(visit_id=1, person_id=p, part=part) for part, people in PARTS.items() for p in people],
                [
                    StopParticipant(visit_id=1, stop_id=stop, person_id=p, part=part)
                    for (stop, part), people in NAMED.items()
                    for p in people
                ],
            ):
                session.add_all(rows)
                await session.flush()
        office = Office(database, HandClock(reference.opened_at), RULEBOOK)
        async with office.changing(1):
            pass
        while await Claims(office, Metrics()).claim(3):
            pass
        async with database.read() as session:
            yield list((await session.exec(select(Notice).where(Notice.visit_id == 1))).all())
    finally:
        await database.close()


LATE = [timedelta(days=2), timedelta(hours=5), timedelta(minutes=10)]


@pytest.mark.parametrize("ahead", LATE, ids=str)
async def test_who_enters_a_visit_late_sends_everybody_one_message(database_url: str, ahead: timedelta) -> None:
    reference = Reference(entered=ahead)
    async with entered(database_url, reference) as notices:
        now = reference.opened_at + timedelta(seconds=1)
        at_once = [n for n in notices if n.state == NoticeState.SENDING and n.visit_id and n.person_id is not None]
        parts = Counter(n.person_id for n in notices if n.state == NoticeState.MERGED)
        for person, messages in Counter(n.person_id for n in at_once).items():
            assert messages == (1 if parts[person] <= 18 else 2), "one message a person, as far as Slack's limit goes"
        assert all(n.useful_until > now for n in notices), "nothing that is of no use any more"
        due = {
            w.key for w in plan(reference.picture(), RULEBOOK, reference.calendar) if w.due_at <= now < w.useful_until
        }
        assert {n.key for n in notices if n.kind in TOGETHER and n.due_at <= now} == due, "and nothing is left out"


def test_what_is_said_twice_at_one_moment_is_said_once() -> None:
    """Over a holiday both questions for the flight number (A4) come forward to the same last working hour."""
    reference = Reference(date(2026, 10, 8))
    asked = [
        w for w in plan(reference.picture(), RULEBOOK, reference.calendar) if w.payload.get("say") == "announce_number"
    ]
    assert sorted(w.person_id or 0 for w in asked) == [HOST, ADMINISTRATION]


@pytest.mark.parametrize(
    ("ahead", "person", "rules"),
    [
        (timedelta(days=2), HOST, "C16 A4b A2 A5 A7 A9 B5 C12 C13 C17 C18 C19 D7.1 D7.1"),
        (timedelta(hours=5), HOST, "C16b A4b A2 A5 A7 A9 B5 C12 C13 C17 C18 C19 D7.1 D7.1"),
        (timedelta(minutes=10), HOST, "D1.3b C16b A4b A2 A5 A7 A9 B5 C12 C13 C17 C18 C19 D7.1 D3.1 D7.1"),
        (timedelta(days=2), DRIVER, ""),
        (timedelta(hours=5), DRIVER, ""),
        (timedelta(minutes=10), DRIVER, "D1.3 D1.2"),
        (timedelta(hours=5), FINANCE, "C8"),
        (timedelta(minutes=10), DESK, "C11"),
    ],
)
async def test_what_is_due_at_once_stands_in_order_of_urgency(
    database_url: str, ahead: timedelta, person: int, rules: str
) -> None:
    reference = Reference(entered=ahead)
    async with entered(database_url, reference) as notices:
        now = reference.opened_at + timedelta(seconds=1)
        due = [n for n in notices if n.person_id == person and n.kind in TOGETHER and n.due_at <= now]
        if len(due) < 2:
            assert " ".join(n.rule for n in due) == rules
            return
        (short,) = (n for n in notices if n.person_id == person and n.kind == NoticeKind.SHORT_NOTICE)
        assert {n.merged_into for n in due} == {short.id}
        assert short.payload["is_late"]
        picture = reference.picture()
        t = Catalogs.load().translator("en-US", ZoneInfo(reference.zone))
        reading = Reading(t, picture, now, picture.people[person], lambda _: t, RULEBOOK)
        titles = {render(reading, n).blocks[0]["text"]["text"]: n.rule for n in due}
        shown = [
            block["text"]["text"].splitlines()[0].strip("*")
            for block in render(reading, short, merged=due).blocks[2:]
            if "text" in block
        ]
        assert [titles[text] for text in shown if text in titles] == rules.split()
