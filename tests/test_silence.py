"""Silence is noticed: who is asked once more, who instead, who hears of it; and how it all stops at an answer."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from bot.app import read_rulebook
from bot.errors import AlreadyAnswered, NotAllowed, OutOfDate
from bot.models.bookings import Booking, BookingKind
from bot.models.forms import AnswerForm, StopForm
from bot.models.notices import DeclarationKind, Notice, NoticeKind, NoticeState
from bot.models.people import Person
from bot.models.plans import Plan, PlanState
from bot.models.roles import Role
from bot.models.visits import Stop, StopKind, Visit
from bot.procedure import leadtimes
from bot.procedure.calendar import Calendar, calendar_of
from bot.procedure.chasing import Chase, Step, moments, steps_in_order
from bot.procedure.deputies import FOR
from bot.procedure.leadtimes import RulebookError
from bot.procedure.plan import Wanted, plan
from bot.procedure.silence import CHASED, SILENT, as_planned, asks_of, standing_in, steps_for
from bot.procedure.vocabulary import To
from bot.services.pictures import read_picture
from sandbox.hands import Hands
from tests.classic import only
from tests.reception import Reception, Shown, reception, seen, text_of
from tests.reference import DRIVER, HOST, Reference
from tests.small_office import LINA, LIU, ROLES, SOFIA, ZHANG, ZHOU, SmallOffice, small_office
from tests.test_commands import HERE, private
from tests.test_reconcile import FORM

SHIPPED = read_rulebook()
assert SHIPPED.chase is not None
CHASE: Chase = SHIPPED.chase
SHANGHAI, MADRID = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Madrid")
CHINA, SPAIN = Calendar(SHANGHAI, "CN"), Calendar(MADRID, "ES")
ALL = tuple(Step)


def ladder(asked: str, needed: str, calendar: Calendar = CHINA, steps: tuple[Step, ...] = ALL) -> list[str]:
    """The steps with the time of day at the venue; both moments are given there."""
    from_, until = (datetime.fromisoformat(text).replace(tzinfo=calendar.zone) for text in (asked, needed))
    found = moments(from_, until, steps, CHASE.pace, calendar)
    return [f"{step} {at.astimezone(calendar.zone):%d %H:%M}" for step, at in found]


@pytest.mark.parametrize(
    ("asked", "needed", "expected"),
    [
        ("2026-03-05 14:30", "2026-03-05 18:30", ["again 05 16:05", "deputy 05 16:50", "tell 05 17:30"]),
        # An hour, by day and by night: to the minute.
        ("2026-03-05 13:30", "2026-03-05 14:30", ["again 05 13:54", "deputy 05 14:06", "tell 05 14:15"]),
        ("2026-03-05 02:30", "2026-03-05 03:30", ["again 05 02:54", "deputy 05 03:06", "tell 05 03:15"]),
        # Minutes: only a word to those who can still do something, then nothing.
        ("2026-03-05 14:30", "2026-03-05 14:50", ["tell 05 14:45"]),
        ("2026-03-05 14:30", "2026-03-05 14:37", []),
        # Over night: in the evening before, nobody is woken.
        ("2026-03-04 18:00", "2026-03-05 07:30", ["again 04 19:20", "deputy 04 20:05", "tell 04 20:35"]),
        # A day and more: in office hours, not on the weekend, and within days however early it was asked.
        ("2026-03-03 14:00", "2026-03-04 14:00", ["again 03 17:35", "deputy 04 10:20", "tell 04 11:45"]),
        ("2026-03-06 17:00", "2026-03-09 14:00", ["again 09 10:20", "deputy 09 11:35", "tell 09 12:30"]),
        ("2026-03-02 09:00", "2026-03-30 09:00", ["again 03 10:45", "deputy 03 16:10", "tell 04 11:15"]),
        # Not in the Spring Festival, but on the Saturday that is worked before it.
        ("2026-02-13 17:00", "2026-02-25 09:30", ["again 14 15:45", "deputy 24 10:40", "tell 24 13:35"]),
        # From one day of the weekend to the other there are no office hours: by day.
        ("2026-03-07 10:00", "2026-03-08 20:00", ["again 07 19:35", "deputy 08 10:20", "tell 08 14:00"]),
    ],
)
def test_how_silence_is_chased(asked: str, needed: str, expected: list[str]) -> None:
    assert ladder(asked, needed) == expected


@pytest.mark.parametrize(
    ("asked", "needed", "expected"),
    [
        ("2026-03-28 20:00", "2026-03-29 07:45", ["again 28 20:40", "deputy 29 07:00", "tell 29 07:15"]),
        ("2026-03-29 01:30", "2026-03-29 03:30", ["again 29 01:54", "deputy 29 03:06", "tell 29 03:15"]),
        ("2026-10-24 18:00", "2026-10-25 07:30", ["again 24 19:20", "deputy 24 20:05", "tell 24 20:35"]),
    ],
)
def test_around_the_changes_of_the_clocks(asked: str, needed: str, expected: list[str]) -> None:
    assert ladder(asked, needed, SPAIN) == expected


@given(
    days=st.integers(0, 330),
    minute=st.integers(0, 24 * 60),
    minutes=st.integers(1, 60 * 24 * 20),
    steps=st.sets(st.sampled_from(ALL)),
    calendar=st.sampled_from([CHINA, SPAIN]),
)
@settings(max_examples=300, deadline=None)
def test_every_step_is_after_the_asking_before_the_need_and_apart(
    days: int, minute: int, minutes: int, steps: set[Step], calendar: Calendar
) -> None:
    from_ = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days, minutes=minute)
    until = from_ + timedelta(minutes=minutes)
    found = moments(from_, until, steps_in_order(steps), CHASE.pace, calendar)
    times = [from_, *(at for _, at in found)]
    assert all(after - before >= CHASE.pace.apart for before, after in pairwise(times[:-1]))
    assert all(before < after for before, after in pairwise([*times, until]))
    assert [step for step, _ in found] == sorted((step for step, _ in found), key=ALL.index)
    if Step.TELL in steps and timedelta(minutes=minutes) >= CHASE.pace.apart:
        assert found[-1][0] is Step.TELL, "whoever can do something hears of it in time"


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


CAR, DINNER = only("C1", chased=True), only("D3.1", chased=True)


def asking(office: Reception, who: Hands, action: str) -> list[Shown]:
    """The messages to somebody that carry this button now."""
    return [m for m in office.inbox(who) if action in str(m["blocks"])]


def silent(office: Reception, who: Hands) -> list[Shown]:
    """What somebody was told of answers that are missing, or were."""
    return [m for m in office.inbox(who) if m["text"].startswith(("未答复", "已答复", "Sin respuesta", "Respondido"))]


async def log_of(office: Reception) -> str:
    await office.lina.command("/visit log V-0001", channel=HERE)
    return private(office, "lina")


async def test_the_deputy_answers_and_nobody_else_is_told(database_url: str) -> None:
    async with reception(database_url, rulebook=CAR) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=march(4, 9))
        assert len(asking(office, office.liu, "assign_vehicle")) == 1
        await office.pass_time(until=march(4, 9, 10))
        first, again = asking(office, office.liu, "assign_vehicle")
        assert again["text"].startswith("请您答复：")
        assert not asking(office, office.zhou, "assign_vehicle"), "first the same person once more"
        await office.pass_time(until=march(4, 11))
        (asked,) = asking(office, office.zhou, "assign_vehicle")
        assert asked["text"].startswith("代刘芳")
        await office.zhou.press(asked, action_id="assign_vehicle")
        assert await office.zhou.submit() == {}
        await office.settle()
        assert not asking(office, office.liu, "assign_vehicle"), "both of hers show the answer"
        await office.liu.press(first, action_id="assign_vehicle", as_shown=True)
        assert office.liu.view() is None, "her button is out of date"
        await office.chen.press(office.last(office.chen), action_id="confirm_request")
        await office.pass_time(until=march(5, 12))
        assert not silent(office, office.lina)
        assert not silent(office, office.liu)


async def test_whoever_can_do_something_hears_of_silence_and_of_its_end(database_url: str) -> None:
    async with reception(database_url, rulebook=CAR) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=march(4, 12, 5))
        assert not silent(office, office.lina)
        await office.pass_time(until=march(4, 12, 20))
        (told,) = silent(office, office.lina)
        assert "+86 138 0013 8008" in text_of(told), "whom to call"
        assert "U09ZHOU" in text_of(told), "the deputy was asked, too"
        assert not silent(office, office.liu), "she knows that she has not answered"
        assert "已发送；未答复；已告知李娜无人答复" in await log_of(office)
        await office.liu.press(asking(office, office.liu, "assign_vehicle")[0], action_id="assign_vehicle")
        assert await office.liu.submit() == {}
        await office.settle()
        (told,) = silent(office, office.lina)
        assert told["text"].startswith("已答复")
        assert "刘芳" in text_of(told)
        assert "已告知李娜无人答复；刘芳 3月4日（周三）12:20 答复" in await log_of(office)


async def test_an_answer_to_the_second_message_answers_the_first(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA"], team=["U02CARLOS"])
        await office.pass_time(until=march(5, 16, 10))
        first, again = asking(office, office.sofia, "declare_attends")
        assert len(office.inbox(office.carlos)) == 1, "who is asked for a receipt only is not chased"
        await office.sofia.press(again, action_id="declare_attends")
        await office.settle()
        assert not asking(office, office.sofia, "declare_attends")
        assert not asking(office, office.sofia, "go_away")
        await office.sofia.press(first, action_id="declare_cannot_attend", as_shown=True)
        assert "Sofía Herrera" in office.sofia.dms()[-1]["text"], "answered already, by whom and when"
        await office.pass_time(until=march(5, 19))
        assert not silent(office, office.lina)


async def test_silence_about_a_meal_reaches_host_and_administration_in_one_message(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA", "U15XU"])
        await office.pass_time(until=march(5, 18, 29))
        for who in (office.lina, office.liu):
            (told,) = silent(office, who)
            assert "U06SOFIA" in text_of(told)
            assert "U15XU" in text_of(told)
        await office.pass_time(until=march(5, 20))
        assert len(silent(office, office.lina)) == 1


async def test_what_is_canceled_is_not_chased(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.pass_time(until=march(5, 15))
        await office.lina.command("/visit cancel V-0001")
        await office.lina.fill("reason", "航班取消")
        assert await office.lina.submit() == {}
        await office.pass_time(until=march(5, 19))
        assert len([m for m in office.inbox(office.sofia) if m["text"].startswith("Falta su respuesta")]) == 0
        assert not silent(office, office.lina)


async def test_whoever_is_asked_late_is_not_asked_twice_in_the_same_minute(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.pass_time(until=march(5, 17))
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="change_visit")
        await office.lina.choose(None, "leaders", ["U06SOFIA", "U15XU"])
        assert await office.lina.submit() == {}
        await office.settle()
        assert len(asking(office, office.xu, "declare_attends")) == 1
        await office.pass_time(until=march(5, 17, 35))
        assert len(asking(office, office.xu, "declare_attends")) == 1
        await office.pass_time(until=march(5, 17, 40))
        assert len(asking(office, office.xu, "declare_attends")) == 2


async def test_away_the_deputy_is_asked_at_once(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.pass_time(until=march(5, 16, 10))
        await office.sofia.press(office.last(office.sofia), action_id="go_away")
        await office.sofia.choose(None, "deputy", "U03EMMA")
        await office.sofia.choose(None, "back_on", "2026-03-05")
        assert set(await office.sofia.submit()) == {"back_on"}, "back today is not away"
        await office.sofia.choose(None, "back_on", "2026-03-07")
        assert await office.sofia.submit() == {}
        await office.settle()
        (asked,) = asking(office, office.emma, "declare_attends")
        assert asked["text"].startswith("For Sofía Herrera, away and back on")
        assert "Emma Clarke" in text_of(office.card())
        assert "go_away" not in str(seen(office.sofia.home())["blocks"]), "she is"
        before = len(office.inbox(office.sofia))
        await office.emma.press(asked, action_id="declare_attends")
        await office.pass_time(until=march(6, 9))
        assert len(office.inbox(office.sofia)) == before, "what asks goes to the deputy"
        assert "Emma Clarke（代 Sofía Herrera）" in text_of(office.card())
        assert len(asking(office, office.emma, "declare_attends")) == 1, "lunch of the next day, asked of Emma only"


async def test_whoever_comes_back_is_asked_what_is_still_open(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.sofia.command("/visit ausente")
        assert set(await office.sofia.submit()) == {"deputy"}
        await office.sofia.choose(None, "deputy", "U06SOFIA")
        assert set(await office.sofia.submit()) == {"deputy"}, "nobody stands in for themselves"
        await office.sofia.choose(None, "deputy", "U03EMMA")
        await office.sofia.choose(None, "back_on", "2026-03-09")
        assert await office.sofia.submit() == {}
        await office.pass_time(until=march(5, 15))
        assert len(asking(office, office.emma, "declare_attends")) == 1
        await office.emma.command("/visit away")
        await office.emma.choose(None, "deputy", "U06SOFIA")
        assert set(await office.emma.submit()) == {"deputy"}, "she is away as well"
        await office.emma.close()
        await office.sofia.open_home()
        await office.sofia.press(office.sofia.home(), action_id="come_back")
        await office.settle()
        assert len(asking(office, office.sofia, "declare_attends")) == 1
        await office.sofia.press(office.last(office.sofia), action_id="declare_attends")
        await office.settle()
        assert not asking(office, office.emma, "declare_attends")


async def test_only_whoever_was_asked_may_answer(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.pass_time(until=march(5, 16, 10))
        desk = office.visita.desk
        async with office.visita.database.read() as session:
            chase = (
                await session.exec(select(Notice).where(col(Notice.key).endswith(":chase"), Notice.state == "sent"))
            ).one()
        with pytest.raises(NotAllowed):
            await desk.declarations.declare(await office.actor("emma"), chase.id, DeclarationKind.ATTENDS)
        with pytest.raises(OutOfDate):
            await desk.declarations.declare(await office.actor("sofia"), chase.id, DeclarationKind.DONE)
        await desk.declarations.declare(await office.actor("sofia"), chase.id, DeclarationKind.ATTENDS)
        with pytest.raises(AlreadyAnswered):
            await desk.declarations.declare(await office.actor("sofia"), chase.id, DeclarationKind.ATTENDS)


def unanswered(wanted: Wanted) -> list[dict[str, Any]]:
    """The questions that a planned message says nobody answered."""
    silent = wanted.payload[SILENT]
    assert isinstance(silent, dict)
    return list(silent["unanswered"])


@pytest.mark.parametrize("ahead", [timedelta(days=14), timedelta(days=2), timedelta(hours=5)], ids=str)
def test_every_question_that_matters_ends_answered_or_told_before_its_moment(ahead: timedelta) -> None:
    reference = Reference(entered=ahead)
    picture, opened = reference.picture(), reference.opened_at

    def since(wanted: Wanted) -> datetime:
        return max(wanted.due_at, opened)

    planned = plan(picture, SHIPPED, reference.calendar, since)
    told = {(asks["asks"], w.due_at) for w in planned if w.kind == NoticeKind.SILENCE for asks in unanswered(w)}
    matter = [w for w in planned if w.answer_by is not None and Step.TELL in steps_for(w, SHIPPED, CHASE)]
    assert len(matter) > 20
    for wanted in matter:
        asked = max(since(wanted), wanted.answer_from or opened)
        if wanted.answer_by is not None and wanted.answer_by - asked >= CHASE.pace.apart:
            moments_told = [due for asks, due in told if asks == asks_of(wanted)]
            by_day = 7 <= wanted.answer_by.astimezone(reference.calendar.zone).hour < 21
            # Nobody is woken for what can still be done in the morning.
            latest = wanted.answer_by if by_day else wanted.useful_until
            assert any(asked < due < latest for due in moments_told), wanted.key


@pytest.mark.parametrize("ahead", [timedelta(days=2), timedelta(hours=5), timedelta(minutes=37)], ids=str)
def test_nothing_that_chases_an_answer_comes_when_it_is_of_no_use_any_more(ahead: timedelta) -> None:
    """An hour to answer is more than there is where the guests land in 37 minutes."""
    reference = Reference(entered=ahead)
    opened = reference.opened_at
    planned = plan(reference.picture(), SHIPPED, reference.calendar, lambda wanted: max(wanted.due_at, opened))
    follows = [w for w in planned if w.kind == NoticeKind.SILENCE or CHASED in w.payload]
    assert len(follows) > 20
    assert [(w.key, w.due_at, w.useful_until) for w in follows if w.due_at >= w.useful_until > opened] == []


def test_nobody_is_told_of_a_missing_driver_twice() -> None:
    """D1.3b and its like tell host and administration already."""
    reference = Reference()
    planned = plan(reference.picture(), SHIPPED, reference.calendar, as_planned)
    silent_rows = {w.rule for w in planned if w.kind == NoticeKind.SILENCE}
    assert silent_rows & {"D1.3", "D1.4", "D6.3", "D8.1"} == set()
    drivers = [w for w in planned if w.kind == NoticeKind.SILENCE and w.rule == "D1.2"]
    assert all(DRIVER not in asks["people"] for w in drivers for asks in unanswered(w))


@pytest.mark.parametrize("told", [False, True], ids=["never told", "told"])
def test_only_who_was_told_in_a_colleagues_place_stands_in_having_answered(told: bool) -> None:
    """Whoever answers for themselves may have been planned as somebody's deputy besides."""
    picture, moment = Reference().picture(), Reference().opened_at
    booking = next(b for b in picture.bookings if b.kind == BookingKind.REQUEST)
    colleague, deputy = HOST, DRIVER
    booking.answered_by_id = deputy
    row = Notice(
        id="asked",
        workspace_id="T1",
        key=f"{booking.rule}:booking{booking.id}:round0:asks{deputy}",
        kind=NoticeKind.REQUEST,
        person_id=deputy,
        stop_id=booking.stop_id,
        booking_id=booking.id,
        payload={FOR: colleague, CHASED: moment.isoformat()},
        due_at=moment,
        attempt_at=moment,
        useful_until=moment,
        created_at=moment,
        sent_at=moment if told else None,
    )
    stop = booking.stop_id or 0
    assert standing_in([row], [], {(colleague, stop)}, picture, moment) == ({(deputy, stop)} if told else set())


async def test_whoever_is_asked_after_the_word_was_given_is_told_of_as_well(database_url: str) -> None:
    async with reception(database_url, rulebook=DINNER) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.pass_time(until=march(5, 17, 31))
        assert len(silent(office, office.lina)) == 1
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="change_visit")
        await office.lina.choose(None, "leaders", ["U06SOFIA", "U15XU"])
        assert await office.lina.submit() == {}
        await office.pass_time(until=march(5, 18, 29))
        _, told = silent(office, office.lina)
        assert "U15XU" in text_of(told)


async def test_what_waits_is_listed_with_its_buttons_the_most_urgent_first(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C1", "D3.1", "D3.2", chased=True)) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.pass_time(until=march(5, 16, 10))
        await office.sofia.open_home()
        shown = text_of(office.sofia.home()).split("Hoy")[0]
        assert shown.count("Cena") == 1, "asked twice, listed once"
        assert "A más tardar el jueves 5 de marzo, 18:30" in shown
        await office.sofia.press(office.sofia.home(), action_id="declare_attends")
        await office.settle()
        assert "Cena" not in text_of(office.sofia.home()).split("Hoy")[0]
        assert not asking(office, office.sofia, "declare_attends"), "the messages show it, too"
        await office.liu.command("/visit 待办", channel="reception")
        listed = text_of(office.liu.ephemerals("reception")[-1])
        assert listed.index("待行政部安排") < listed.index("18:30"), "the car before the restaurant"
        await office.emma.command("/visit pending", channel="reception")
        assert "Nothing is waiting" in text_of(office.emma.ephemerals("reception")[-1])


async def test_the_window_of_a_visit_shows_who_was_asked_in_vain(database_url: str) -> None:
    async with reception(database_url, rulebook=CAR) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=march(4, 9, 0))
        await office.lina.press(office.card(), action_id="show_visit")
        assert "起已询问" not in text_of(office.lina.view())
        await office.lina.close(everything=True)
        await office.pass_time(until=march(4, 10, 55))
        await office.lina.press(office.card(), action_id="show_visit")
        assert "3月3日（周二）14:30 起已询问刘芳 2 次；也已询问周敏" in text_of(office.lina.view())


CHASE_TABLE = """\
gather_changes = "1min"

[chase]
again = "40%"
deputy = "60%"
tell = "75%"
apart = "8min"
longest = "3d"
office_hours_from = "1d"
no_nights_from = "2h"
awake = "07:00-21:00"
steps = { attendance = ["again", "tell"] }

[[rule]]
id = "D3.1"
about = "meal"
anchor = "start"
lead = "4h"
to = ["leaders"]
notice = "reminder"
answer = { leaders = "attendance" }
chase = ["tell", "again"]
"""


@pytest.mark.parametrize(
    ("written", "wrong", "line", "field"),
    [
        ('again = "40%"', "again = 40", 4, "again"),
        ('deputy = "60%"', 'deputy = "30%"', 6, "tell"),
        ('longest = "3d"', 'longest = "5h"', 8, "longest"),
        ('awake = "07:00-21:00"', 'awake = "21:00-07:00"', 11, "awake"),
        ('{ attendance = ["again", "tell"] }', '{ attended = ["again"] }', 12, "steps"),
        ('apart = "8min"', 'nearby = "8min"', 7, "nearby"),
        ('chase = ["tell", "again"]', 'chase = ["shout"]', 22, "chase"),
        ('chase = ["tell", "again"]', 'chase = { driver = ["again"] }', 22, "chase"),
    ],
)
def test_a_mistake_in_how_silence_is_chased_is_pointed_at(written: str, wrong: str, line: int, field: str) -> None:
    with pytest.raises(RulebookError, match=f"line {line}, field '{field}'"):
        leadtimes.parse(CHASE_TABLE.replace(written, wrong))


def test_a_row_says_how_it_is_chased_otherwise() -> None:
    book = leadtimes.parse(CHASE_TABLE)
    rule = book.rule("D3.1")
    assert rule is not None
    assert rule.chase == {To.LEADERS: (Step.AGAIN, Step.TELL)}, "in their order"
    quiet = leadtimes.parse(CHASE_TABLE.replace('chase = ["tell", "again"]', "chase = false")).rule("D3.1")
    assert quiet is not None
    assert quiet.chase == {}


async def test_what_chases_a_request_follows_it_to_another_stop(database_url: str) -> None:
    """The request hangs on the first stop at our house, or on the first of all; that one is removed."""
    async with small_office(database_url, march(2, 9), rulebook=only("C19", chased=True)) as small:
        visit = await small.open_visit(FORM)
        (before,) = await small.all(Booking, visit_id=visit.key)
        await small.stops.remove(await small.actor(LINA), before.stop_id)
        (after,) = await small.all(Booking, visit_id=visit.key)
        waiting = await small.all(Notice, visit_id=visit.key, state=NoticeState.PENDING)
        about = {notice.stop_id for notice in waiting if notice.booking_id == after.id}
        assert after.stop_id != before.stop_id
        assert about == {after.stop_id}


async def test_whoever_was_asked_about_a_stop_that_is_removed_is_asked_about_the_other_one(database_url: str) -> None:
    """They hear that the first one is off, and that nothing is asked of them would be wrong."""
    async with small_office(database_url, march(2, 9), rulebook=only("C19", chased=True)) as small:
        visit = await small.open_visit(FORM)
        small.clock.at = march(5, 9)
        await small.settle()
        (booking,) = await small.all(Booking, visit_id=visit.key)
        await small.stops.remove(await small.actor(LINA), booking.stop_id)
        await small.settle()
        (booking,) = await small.all(Booking, visit_id=visit.key)
        asked = [row for row in await small.all(Notice, booking_id=booking.key) if row.sent_at]
        assert max(asked, key=lambda row: row.sent_at).stop_id == booking.stop_id
        before = dict(small.slack.edits)
        await small.bookings.confirm(await small.actor(LINA), booking.key, booking.version, AnswerForm())
        await small.settle()
        messages = {row.slack_ts for row in asked if row.slack_ts}
        assert {ts for ts in messages if small.slack.edits[ts] > before.get(ts, 0)} == messages, "nothing to press"


@pytest.mark.parametrize("steps", [timedelta(minutes=20), timedelta(hours=4)], ids=["only a word is left", "all steps"])
async def test_whatever_is_planned_to_be_said_can_be_said_when_it_is_due(database_url: str, steps: timedelta) -> None:
    """Whoever sends asks only what there is to say, not when: somebody who is back, or was never asked, hears it."""
    book = only("D3.1", chased=True)
    async with small_office(database_url, march(2, 9), rulebook=book) as small:
        visit = await small.open_visit(FORM)
        async with small.database.write() as session:
            everybody = {person.slack_id: person for person in (await session.exec(select(Person))).all()}
            for away in (LIU, SOFIA):
                everybody[away].deputy_id = everybody[LINA if away == LIU else LIU].id
                everybody[away].away_until = march(4, 9)
                session.add(everybody[away])
        async with small.database.read() as session:
            picture = await read_picture(session, (await session.exec(select(Visit).where(Visit.id == visit.id))).one())
        calendar = calendar_of(picture.workspace, picture.visit)
        needed = {w.key: w.answer_by for w in plan(picture, book, calendar) if w.answer_by is not None}

        def asked_late(wanted: Wanted) -> datetime:
            return needed[wanted.key] - steps

        timed = {w.key for w in plan(picture, book, calendar, asked_late)}
        assert [key for key in timed if key.startswith("silence:")]
        assert timed <= {w.key for w in plan(picture, book, calendar)}


async def test_what_has_begun_unanswered_is_chased_until_it_is_over(database_url: str) -> None:
    """The lead host enters that the guests came an hour ago: whoever was asked for cash is silent all the same."""
    today = replace(FORM, arrival_date=date(2026, 3, 2), departure_date=date(2026, 3, 2))
    form = replace(today, arrival_time=time(10, 30), departure_time=time(18, 0))
    async with small_office(database_url, march(2, 9), rulebook=only("C8", chased=True)) as small:
        await small.open_visit(form)
        small.clock.at = march(2, 9, 2)
        await small.settle()
        (pickup,) = await small.all(Stop, kind=StopKind.PICKUP)
        begun = StopForm(day=date(2026, 3, 2), starts=time(8, 0), ends=time(12, 0))
        await small.stops.change(await small.actor(LINA), pickup.key, begun)

        small.clock.at = march(2, 10)
        await small.settle()
        asked = await small.all(Notice, kind=NoticeKind.REQUEST, rule="C8")
        assert len([row for row in asked if row.sent_at and CHASED in row.payload]) == 1


async def test_what_has_begun_is_asked_for_until_it_is_over(database_url: str) -> None:
    """The plan is approved when the guests are already there: what is to be arranged for them is asked for at once."""
    async with small_office(database_url, march(5, 15), rulebook=only("C8")) as small:
        await small.open_visit(FORM)
        await small.settle()
        asked = await small.all(Notice, kind=NoticeKind.REQUEST, rule="C8")
        assert [row.state for row in asked] == [NoticeState.SENT]


@pytest.mark.parametrize(("approver", "hears"), [(ZHANG, ZHANG), (LIU, ZHOU)])
async def test_where_administration_leads_the_visit_somebody_hears_of_its_silence(
    database_url: str, approver: str, hears: str
) -> None:
    """There is no lead host besides: then whoever approves, and where that is the same person, the executive office."""
    roles = ROLES | {Role.APPROVER_1: (approver,), Role.APPROVER_2: (approver,), Role.APPROVER_3: (approver,)}
    async with small_office(database_url, march(2, 9), rulebook=CAR, roles=roles) as small:
        visit = await small.open_visit(replace(FORM, lead_host=LIU))
        await small.plans.submit(await small.actor(LIU), visit.key)
        for plan in await small.all(Plan, state=PlanState.SUBMITTED):
            await small.plans.approve(await small.actor(approver), plan.key, plan.version)
        while small.clock.at < march(5, 14):
            small.clock.at += timedelta(minutes=30)
            await small.settle()
        told = await small.all(Notice, kind=NoticeKind.SILENCE, state=NoticeState.SENT)
        people = {person.key: person.slack_id for person in await small.all(Person)}
        assert [people[row.person_id] for row in told] == [hears]


async def test_of_several_stops_alike_it_is_said_which(database_url: str) -> None:
    """On the lock screen, among others in one message, in the log, in warnings and in where requests stand."""
    async with reception(database_url, rulebook=only("C3", "G4", chased=True)) as office:
        await office.open_visit(departure_date="2026-03-07")
        await office.pass_time(days=3)
        told = office.last(office.lina)
        assert "未答复：预订包间，3月6日（周五）12:00" in text_of(told)
        assert "未答复：预订包间，3月7日（周六）12:00" in text_of(told)
        log = await log_of(office)
        assert "（C3，午餐，3月6日（周五））" in log
        assert "（C3，午餐，3月7日（周六））" in log
        await office.lina.command("/visit show V-0001", channel=HERE)
        card = private(office, "lina")
        assert "预订包间（3月6日（周五）午餐）" in card
        assert "预订包间（3月7日（周六）午餐）" in card
        assert "“3月7日（周六）会谈”不在办公时间内" in card


async def test_silence_about_a_send_off_says_when_the_guests_set_off(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C15", "D6.2", chased=True)) as office:
        await office.open_visit(office.emma)
        await office.pass_time(until=march(6, 16, 45))
        gift, farewell = [m for m in office.inbox(office.emma) if m["text"].startswith("No answer")]
        for told in (gift, farewell):
            assert "Fri 6 Mar, 17:00" in told["text"]
            assert "*Setting off*\nFri 6 Mar, 17:00" in text_of(told)
            assert "19:00" not in text_of(told), "then they fly"


async def test_what_is_asked_anew_was_answered_by_nobody(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C3", chased=True)) as office:
        await office.open_visit(office.emma)
        await office.pass_time(days=1)
        silence = "Book a private dining room, Thu 5 Mar"
        (told,) = [m for m in office.inbox(office.emma) if f"No answer: {silence}, 18:30" in text_of(m)]
        await office.emma.press(office.card(), action_id="show_visit")
        await office.emma.press(action_id="stop_menu", value="1~change~4")
        await office.emma.choose(None, "starts", "19:15")
        assert await office.emma.submit() == {}
        await office.emma.close(everything=True)
        await office.pass_time(minutes=2)
        (same,) = [m for m in office.inbox(office.emma) if m["ts"] == told["ts"]]
        assert "answered" not in text_of(same)
        assert f"Asked anew: {silence}, 19:15" in text_of(same)
        await office.emma.press(office.card(), action_id="show_visit")
        await office.emma.press(action_id="stop_menu", value="1~remove~4")
        assert await office.emma.submit() == {}
        await office.emma.close(everything=True)
        await office.pass_time(minutes=2)
        (same,) = [m for m in office.inbox(office.emma) if m["ts"] == told["ts"]]
        assert f"No longer needed: {silence}, 19:15" in text_of(same)


OF_CAR = "No answer: Vehicle request"


def heard(office: Reception, who: Hands, begins: str) -> list[str]:
    """When somebody was told what begins like this, by the clock at the venue."""
    found = [m for m in office.inbox(who) if m["text"].startswith(begins)]
    return [f"{datetime.fromtimestamp(float(m['ts']), SHANGHAI):%d %H:%M}" for m in found]


@pytest.mark.parametrize(
    ("back", "asked_again", "deputy", "told"),
    [
        (march(4, 16), ["05 07:00"], ["05 09:30"], ["05 11:20"]),
        # The car is needed in 40 minutes: the steps that there is time for, as for a visit that is entered then.
        (march(5, 13, 50), ["05 14:06"], [], ["05 14:20"]),
        (march(5, 14, 23), [], [], []),
    ],
    ids=["a day before", "in 40 minutes", "in 7 minutes"],
)
async def test_whoever_could_not_be_asked_is_not_said_to_be_silent(
    database_url: str, back: datetime, asked_again: list[str], deputy: list[str], told: list[str]
) -> None:
    """The bot is away when the question is due, and long after."""
    async with reception(database_url, rulebook=CAR) as office:
        await office.open_visit(office.emma, driver="U04CHEN")
        await office.settle()
        office.workspace.clock.to(back)
        await office.settle()
        (asked,) = asking(office, office.liu, "assign_vehicle")
        assert "发出，尚未答复" not in text_of(asked), "asked for the first time"
        assert text_of(asked).count("申请用车") == 1
        assert not office.inbox(office.zhou)
        assert not heard(office, office.emma, OF_CAR)

        await office.pass_time(until=march(5, 14, 30))
        assert heard(office, office.liu, "请您答复") == asked_again
        assert heard(office, office.zhou, "代刘芳") == deputy
        assert heard(office, office.emma, OF_CAR) == told
        for who, said in (
            (
                office.liu,
                f"{back.month}月{back.day}日（周{'一二三四五六日'[back.weekday()]}）{back:%H:%M} 发出，尚未答复",
            ),
            (office.emma, f"no answer since {back:%a} {back.day} {back:%b}, {back:%H:%M}"),
        ):
            assert all(said in text_of(m) for m in office.inbox(who) if "尚未答复" in text_of(m) or OF_CAR in m["text"])


def messages(small: SmallOffice, who: str, since: datetime) -> list[str]:
    """What reached somebody, with its time of day at the venue."""
    found = [post for post in small.slack.posts if post.channel == f"D{who}" and post.at >= since]
    return [f"{post.at.astimezone(SHANGHAI):%H:%M} {post.text}" for post in found]


async def go_on(small: SmallOffice, until: datetime) -> None:
    """Minute by minute."""
    while small.clock.at < until:
        small.clock.at += timedelta(minutes=1)
        await small.settle()


@pytest.mark.parametrize("back", [march(5, 16), march(5, 17, 58)])
async def test_hours_without_slack_are_no_time_to_answer(database_url: str, back: datetime) -> None:
    async with small_office(database_url, march(2, 9), rulebook=DINNER) as small:
        await small.open_visit(FORM)
        small.clock.at = march(5, 14, 20)
        await small.settle()
        while small.clock.at < back:
            small.slack.trouble = ["unheard"] * 100
            await small.delivery.deliver_due()
            small.clock.at += timedelta(minutes=1)
        small.slack.trouble.clear()
        await go_on(small, back + timedelta(minutes=6))
        assert [text[6:] for text in messages(small, SOFIA, march(5, 14))] == ["Dinner with Acme today at 18:30"]
        assert messages(small, LIU, march(5, 14)) == []
        (question,) = [row for row in await small.all(Notice, rule="D3.1") if row.sent_at and row.payload.get("asks")]

        await go_on(small, march(5, 18, 29))
        (said,) = messages(small, LIU, march(5, 14))
        assert said[6:] == "No answer: Dinner, Thu, Mar 5, 18:30, Name of U5. Luis (Acme)"
        (silence, *_) = await small.all(Notice, kind=NoticeKind.SILENCE, state=NoticeState.SENT)
        (found,) = silence.payload[SILENT]["unanswered"]
        assert datetime.fromisoformat(found["since"]) == question.sent_at


async def test_what_follows_from_a_question_that_came_promptly_does_not_move(database_url: str) -> None:
    async with small_office(database_url, march(2, 9), rulebook=CAR) as small:
        await small.open_visit(FORM)
        await small.settle()

        async def follows() -> dict[str, tuple[datetime, object]]:
            rows = await small.all(Notice, state=NoticeState.PENDING)
            return {
                row.key: (row.due_at, row.payload) for row in rows if row.key.count("chase") or SILENT in row.payload
            }

        before = await follows()
        (asked,) = await small.all(Notice, kind=NoticeKind.VEHICLE_REQUEST, key="C1:booking1:round0:person1")
        small.clock.at = asked.due_at + timedelta(seconds=50)
        await small.settle()
        assert messages(small, LIU, asked.due_at)
        assert len(before) == 2
        assert await follows() == before
        async with small.office.changing(asked.visit_key):
            pass
        assert await follows() == before, "nor when the visit is planned anew"


async def test_whoever_cannot_be_reached_after_an_outage_is_chased_from_then_on(database_url: str) -> None:
    """The lead host hears at once that nothing reaches them, and of their silence when there was time to find a way."""
    async with small_office(database_url, march(2, 9), rulebook=CAR) as small:
        await small.open_visit(FORM)
        await small.settle()
        small.slack.refused.add(LIU)
        small.clock.at = march(5, 10)
        await small.settle()
        first = messages(small, LINA, march(5, 9))
        assert [text for text in first if "No answer" in text] == []
        assert [text for text in first if "Couldn't reach" in text]
        await go_on(small, march(5, 14, 29))
        (said,) = [text for text in messages(small, LINA, march(5, 9)) if "No answer" in text]
        assert "11:30" < said[:5] < "14:00"


async def test_whoever_was_asked_before_the_outage_is_silent_after_it(database_url: str) -> None:
    """The question arrived, and nobody heard it: it is found when the bot is back."""
    async with small_office(database_url, march(2, 9), rulebook=CAR) as small:
        await small.open_visit(FORM)
        await small.settle()
        small.clock.at = march(3, 14, 30)
        small.slack.trouble = ["lost"]
        await small.delivery.deliver_due()
        assert len(messages(small, LIU, march(3, 14))) == 1
        small.clock.at = march(5, 10)
        await small.settle()
        assert len(messages(small, LIU, march(5, 10))) == 1, "once more"
        (said,) = messages(small, LINA, march(5, 10))
        assert "No answer: Vehicle request" in said
        (silence,) = await small.all(Notice, kind=NoticeKind.SILENCE, state=NoticeState.SENT)
        (found,) = silence.payload[SILENT]["unanswered"]
        assert datetime.fromisoformat(found["since"]) == march(3, 14, 30)


async def test_of_many_questions_at_once_after_an_outage_each_is_asked_once(database_url: str) -> None:
    """What is due for one person is one message (G4); what would have chased some of it is none of it."""
    book = only("C1", "C4b", "C7", "C12", "C13", "C19", "B6", chased=True)
    async with small_office(database_url, march(2, 9), rulebook=book) as small:
        await small.open_visit(FORM)
        await small.settle()
        before = len(small.slack.posts)
        planned = {row.key for row in await small.all(Notice, state=NoticeState.PENDING) if row.due_at < march(5, 10)}
        assert [key for key in planned if key.endswith(":chase")]
        assert [key for key in planned if key.startswith("silence:")]
        small.clock.at = march(5, 10)
        await small.settle()
        to = [post.channel for post in small.slack.posts[before:] if post.channel.startswith("D")]
        assert len(to) == len(set(to)), "one message a person"
        arrived = [row for row in await small.all(Notice) if row.sent_at and row.sent_at >= march(5, 10)]
        questions = [row for row in arrived if row.state == NoticeState.MERGED]
        assert len(questions) > 2
        assert not [row for row in arrived if CHASED in row.payload or SILENT in row.payload]
        await go_on(small, march(5, 14, 29))
        asked = {row.key for row in questions}
        rows = await small.all(Notice)
        chased = {row.key.removesuffix(":chase") for row in rows if row.sent_at and row.key.endswith(":chase")}
        assert chased & asked, "then they are chased as ever"
        said = [row for row in rows if row.kind == NoticeKind.SILENCE and row.sent_at]
        assert min(row.sent_at for row in said) > march(5, 10, 10)
