"""What random days found (`tests/test_properties.py`), each as a day of its own."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.app import read_rulebook
from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.forms import AnswerForm, StopForm, VisitForm
from bot.models.notices import DeclarationKind, Notice, NoticeKind, NoticeState, Reason
from bot.models.people import Actor, Person
from bot.models.plans import Plan
from bot.models.rearrangement import Rearrangement
from bot.models.roles import Role
from bot.models.visits import Stop, StopKind, Visit
from bot.procedure.deputies import FOR
from bot.procedure.intake import form_of
from bot.procedure.telling import WAS
from bot.services.pictures import read_picture
from tests.classic import only
from tests.small_office import (
    CHEN,
    EMMA,
    LINA,
    LIU,
    MARTA,
    ROLES,
    SHANGHAI,
    SOFIA,
    TEAM,
    ZHANG,
    SmallOffice,
    small_office,
)  # fmt: skip

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
PICKUP = datetime(2026, 3, 5, 14, 30, tzinfo=SHANGHAI)
DINNER = datetime(2026, 3, 5, 18, 30, tzinfo=SHANGHAI)
FORM = VisitForm(
    company="Acme",
    guest_name="Luis",
    lead_host=LINA,
    greeters=(SOFIA,),
    leaders=(SOFIA,),
    driver=CHEN,
    arrival_date=PICKUP.date(),
    arrival_time=PICKUP.time(),
    departure_date=date(2026, 3, 6),
    departure_time=time(11, 0),
)


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    async with small_office(database_url, MONDAY) as small:
        yield small


async def until(small: SmallOffice, moment: datetime) -> None:
    small.clock.at = max(small.clock.at, moment)
    await small.settle()


async def change(small: SmallOffice, host: str = LINA, **fields: Any) -> None:
    """The host changes the visit in its form; then what was gathered is told."""
    (visit,) = await small.all(Visit)
    async with small.database.read() as session:
        form = form_of(await read_picture(session, visit))
    await small.visits.change(await small.actor(host), visit.key, replace(form, **fields))
    await until(small, small.clock.at + timedelta(minutes=1, seconds=1))


async def received(small: SmallOffice, who: str, kind: NoticeKind) -> list[Notice]:
    """What reached somebody, oldest first."""
    (person,) = await small.all(Person, slack_id=who)
    rows = await small.all(Notice, person_id=person.key, kind=kind, state=NoticeState.SENT)
    return sorted(rows, key=lambda row: row.sent_at)


async def waiting(small: SmallOffice, kind: NoticeKind) -> list[Notice]:
    return await small.all(Notice, kind=kind, state=NoticeState.PENDING)


async def a_stop(small: SmallOffice, kind: StopKind) -> Stop:
    stops: list[Stop] = await small.all(Stop, kind=kind, is_removed=False)
    return stops[0]


async def host(small: SmallOffice) -> Actor:
    return await small.actor(LINA)


async def test_who_takes_part_no_longer_is_told_so(small: SmallOffice) -> None:
    await small.open_visit(replace(FORM, greeters=(MARTA,)))
    await until(small, PICKUP - timedelta(minutes=30))
    assert len(await received(small, MARTA, NoticeKind.REMINDER)) == 1
    await change(small, greeters=())
    assert [c["what"] for n in await received(small, MARTA, NoticeKind.CHANGE) for c in n.payload["changes"]] == [
        "released"
    ]


async def test_who_was_released_and_is_asked_back_is_reminded_again(small: SmallOffice) -> None:
    await small.open_visit(replace(FORM, leaders=(MARTA,)))
    await until(small, DINNER - timedelta(hours=3))
    (reminder,) = await received(small, MARTA, NoticeKind.REMINDER)
    await small.declarations.declare(await small.actor(MARTA), reminder.id, DeclarationKind.CANNOT_ATTEND)
    await change(small, leaders=())
    await change(small, leaders=(MARTA,))
    first, second = await received(small, MARTA, NoticeKind.REMINDER)
    assert first.id == reminder.id
    assert second.told == first.told
    # What was answered before counts no more: there is something to answer.
    await small.declarations.declare(await small.actor(MARTA), second.id, DeclarationKind.ATTENDS)


async def test_people_who_have_left_are_no_longer_told_and_nobody_hears_of_it_at_every_change(
    small: SmallOffice,
) -> None:
    await small.open_visit(FORM)
    await until(small, PICKUP - timedelta(minutes=50))
    await until(small, DINNER - timedelta(hours=3))
    small.directory.gone.add(SOFIA)
    await small.people.follow(TEAM, await small.directory.profile(TEAM, SOFIA))
    dinner = await a_stop(small, StopKind.MEAL)
    for starts in (time(19, 0), time(19, 15), time(19, 30)):
        form = StopForm(day=DINNER.date(), starts=starts, meal="dinner")
        await small.stops.change(await host(small), dinner.key, form)
        await until(small, small.clock.at + timedelta(minutes=2))
    assert await received(small, SOFIA, NoticeKind.CHANGE) == []
    assert await received(small, LINA, NoticeKind.UNDELIVERED) == []


async def test_who_returns_is_planned_for_again(small: SmallOffice) -> None:
    await small.open_visit(replace(FORM, leaders=(MARTA,)))
    await _leave_or_return(small, gone={MARTA})
    await _leave_or_return(small, gone=set())
    await until(small, DINNER - timedelta(hours=3))
    assert len(await received(small, MARTA, NoticeKind.REMINDER)) == 1


async def test_who_returns_hears_that_a_visit_was_called_off_meanwhile(small: SmallOffice) -> None:
    visit = await small.open_visit(replace(FORM, leaders=(MARTA,)))
    await until(small, DINNER - timedelta(hours=3))
    await _leave_or_return(small, gone={MARTA})
    await small.visits.cancel(await host(small), visit.key, "budget")
    await small.settle()
    assert await received(small, MARTA, NoticeKind.CHANGE) == []
    await _leave_or_return(small, gone=set())
    await small.settle()
    (told,) = await received(small, MARTA, NoticeKind.CHANGE)
    assert "canceled" in str(told.payload)


async def _leave_or_return(small: SmallOffice, gone: set[str]) -> None:
    small.directory.gone = gone
    await small.people.follow(TEAM, await small.directory.profile(TEAM, MARTA))


async def test_a_leader_whose_stop_is_off_is_asked_for_the_other_one_anew(small: SmallOffice) -> None:
    """The general manager's yes to the pick-up is none to the dinner."""
    await small.open_visit(replace(FORM, greeters=(ZHANG,), leaders=(ZHANG,)))
    await until(small, MONDAY + timedelta(days=1, hours=8))
    (booking,) = await small.all(Booking, kind=BookingKind.LEADER)
    await small.bookings.confirm(await small.actor("U9"), booking.key, booking.version)
    await change(small, wants_pickup=False)
    (booking,) = await small.all(Booking, kind=BookingKind.LEADER)
    dinner = await a_stop(small, StopKind.MEAL)
    assert (booking.state, booking.stop_id) == (BookingState.REQUESTED, dinner.key)
    first, last = await received(small, "U9", NoticeKind.LEADER_REQUEST)
    assert last.stop_id == dinner.key
    assert str(first.stop_id) not in last.told


async def test_a_request_that_came_too_late_is_made_when_the_pickup_moves_on(small: SmallOffice) -> None:
    await small.open_visit(FORM)
    small.clock.at = PICKUP + timedelta(minutes=1)  # the machine was off until now
    await small.settle()
    assert await received(small, LIU, NoticeKind.VEHICLE_REQUEST) == []
    pickup = await a_stop(small, StopKind.PICKUP)
    later = StopForm(day=PICKUP.date(), starts=time(20, 0))
    await small.stops.change(await host(small), pickup.key, later)
    await small.settle()
    assert len(await received(small, LIU, NoticeKind.VEHICLE_REQUEST)) == 1


async def test_a_waiting_reminder_follows_the_part_its_reader_takes(small: SmallOffice) -> None:
    """Emma belongs to the team; then the visit is handed to her, and with the lead host's reminder come other words."""
    await small.open_visit(replace(FORM, team=(EMMA,)))
    (emma,) = await small.all(Person, slack_id=EMMA)
    assert {n.payload["to"] for n in await waiting(small, NoticeKind.REMINDER) if n.person_id == emma.key} == {"team"}
    await change(small, lead_host=EMMA)
    rows = [n for n in await waiting(small, NoticeKind.REMINDER) if n.person_id == emma.key]
    assert {n.payload["to"] for n in rows} == {"lead_host"}


async def test_a_reminder_that_leaves_right_now_says_what_changed_and_no_second_message_does(
    small: SmallOffice,
) -> None:
    """Twice: before the first word of it has left, the pick-up moves once more."""
    await small.open_visit(FORM)
    await until(small, PICKUP - timedelta(minutes=50))
    pickup, sent = await a_stop(small, StopKind.PICKUP), len(small.slack.posts)
    for starts in (time(14, 45), time(14, 40)):
        form = StopForm(day=PICKUP.date(), starts=starts)
        await small.stops.change(await host(small), pickup.key, form)
    await until(small, small.clock.at + timedelta(minutes=2))
    assert await received(small, CHEN, NoticeKind.CHANGE) == []
    last = (await received(small, CHEN, NoticeKind.REMINDER))[-1]
    assert last.payload["was"]["starts_at"] == pickup.starts_at.isoformat()
    to_chen = [post for post in small.slack.posts[sent:] if post.channel == f"D{CHEN}"]
    assert len(to_chen) == 1


async def test_what_a_reminder_was_to_say_of_a_change_is_said_though_it_comes_too_late(small: SmallOffice) -> None:
    """Slack takes nothing until the pick-up that was brought forward has begun."""
    await small.open_visit(FORM)
    await until(small, PICKUP - timedelta(minutes=50))
    pickup = await a_stop(small, StopKind.PICKUP)
    small.slack.trouble.extend(["limited"] * 9)
    form = StopForm(day=PICKUP.date(), starts=time(13, 45))
    await small.stops.change(await host(small), pickup.key, form)
    await until(small, PICKUP - timedelta(minutes=40))
    small.slack.trouble.clear()
    await until(small, PICKUP - timedelta(minutes=35))
    (told,) = await received(small, CHEN, NoticeKind.CHANGE)
    assert [entry["what"] for entry in told.payload["changes"]] == ["changed"]


async def test_what_is_put_forward_to_just_now_is_told_though_no_reminder_can_say_so(database_url: str) -> None:
    """The second question about a meeting waits, is of the same day, and would be too late."""
    async with small_office(database_url, MONDAY, rulebook=only("D4.1", chased=True)) as small:
        visit = await small.open_visit(replace(FORM, departure_time=time(20, 0)))
        day, lina = FORM.departure_date, await host(small)
        assert day is not None
        await until(small, datetime.combine(day, time(9, 0), SHANGHAI))
        await small.stops.add(lina, visit.key, StopKind.MEETING, StopForm(day=day, starts=time(13, 30)))
        await small.settle()
        await until(small, datetime.combine(day, time(10, 30, 3), SHANGHAI))
        assert len(await received(small, SOFIA, NoticeKind.REMINDER)) == 1
        _, meeting = await small.all(Stop, kind=StopKind.MEETING)
        await small.stops.change(lina, meeting.key, StopForm(day=day, starts=time(10, 30)))
        await until(small, small.clock.at + timedelta(minutes=2))
        assert len(await received(small, SOFIA, NoticeKind.CHANGE)) == 1


async def test_whoever_is_asked_back_hears_all_of_it_again_though_not_all_at_once(database_url: str) -> None:
    """Marta joins administration, leaves, joins again: what is due later is not given up for what is told at once."""
    async with small_office(database_url, MONDAY, rulebook=only("A8", "D1.1")) as small:
        await small.open_visit(FORM)
        with_marta, without = [dict(ROLES) | {Role.ADMINISTRATION: who} for who in ((LIU, MARTA), (LIU,))]
        await small.arrange(with_marta, "Asia/Shanghai")
        await until(small, PICKUP - timedelta(hours=24))
        told = await rules_told(small, MARTA)
        assert told
        await small.arrange(without, "Asia/Shanghai")
        await until(small, small.clock.at + timedelta(minutes=2))
        await change(small, arrival_time=time(15, 30))
        await small.arrange(with_marta, "Asia/Shanghai")
        await small.settle()
        await change(small, party_size="3")
        await until(small, PICKUP - timedelta(hours=1))
        assert await rules_told(small, MARTA) == sorted(told * 2)


async def rules_told(small: SmallOffice, who: str) -> list[str]:
    """Of which rules duties reached somebody, be it in one message."""
    (person,) = await small.all(Person, slack_id=who)
    return sorted(
        row.rule for row in await small.all(Notice, person_id=person.key, kind=NoticeKind.DUTY) if row.sent_at
    )


async def test_a_change_that_is_taken_back_before_it_was_told_is_not_told(small: SmallOffice) -> None:
    await small.open_visit(FORM)
    await until(small, DINNER - timedelta(hours=3, minutes=59))
    dinner, sent = await a_stop(small, StopKind.MEAL), len(small.slack.posts)
    for starts in (time(19, 0), time(18, 30)):
        form = StopForm(day=DINNER.date(), starts=starts, meal="dinner")
        await small.stops.change(await host(small), dinner.key, form)
    await until(small, small.clock.at + timedelta(minutes=10))
    assert [post for post in small.slack.posts[sent:] if post.channel.startswith("D")] == []


@pytest.mark.parametrize(
    ("then", "why"),
    [(time(18, 30), Reason.CHANGED_BACK), (time(18, 0), Reason.TOLD_ALREADY)],
)
async def test_the_log_says_why_word_of_a_change_did_not_go_out(database_url: str, then: time, why: Reason) -> None:
    """The dinner goes back to its hour, or comes so near that its reminder says what changed."""
    async with small_office(database_url, MONDAY, rulebook=read_rulebook()) as small:
        await small.open_visit(FORM)
        await until(small, DINNER - timedelta(hours=4, minutes=25))
        dinner, lina = await a_stop(small, StopKind.MEAL), await host(small)
        for starts in (time(19, 0), then):
            await small.stops.change(lina, dinner.key, StopForm(day=DINNER.date(), starts=starts, meal="dinner"))
        await until(small, small.clock.at + timedelta(minutes=10))
        rows = await small.all(Notice, kind=NoticeKind.CHANGE, state=NoticeState.WITHDRAWN)
        assert {row.reason for row in rows} == {why}


async def test_settings_that_go_back_and_forth_leave_nobody_out(small: SmallOffice) -> None:
    """Marta joins administration, leaves it and joins again: the request that is still open reaches her twice."""
    await small.open_visit(FORM)
    await until(small, MONDAY + timedelta(days=2))
    for administration in ((LIU, MARTA), (LIU,), (LIU, MARTA)):
        await small.arrange(dict(ROLES) | {Role.ADMINISTRATION: administration}, "Asia/Shanghai")
        await until(small, small.clock.at + timedelta(minutes=2))
    assert len(await received(small, MARTA, NoticeKind.VEHICLE_REQUEST)) == 2
    assert len(await received(small, LIU, NoticeKind.VEHICLE_REQUEST)) == 1


async def test_a_duty_that_falls_due_with_a_change_says_what_changed(database_url: str) -> None:
    """Its recipient knows the new time from it: a message about the change besides would be withdrawn or tell twice."""
    async with small_office(database_url, MONDAY, rulebook=read_rulebook()) as small:
        await small.open_visit(FORM)
        await until(small, datetime(2026, 3, 6, 5, 0, tzinfo=SHANGHAI))
        departure = await a_stop(small, StopKind.DEPARTURE)
        before = departure.starts_at

        await change(small, departure_time=time(8, 0))

        told = {row.rule: row.payload for row in await received(small, LIU, NoticeKind.REQUEST)}
        assert told["C15"]["was"]["starts_at"] == before.isoformat()
        assert await received(small, LIU, NoticeKind.CHANGE) == []
        assert await waiting(small, NoticeKind.CHANGE) == []


async def test_whoever_is_asked_because_a_stop_moved_is_not_said_to_be_silent_at_once(database_url: str) -> None:
    """Two hours before the party leaves is an hour ago by then: the question is as old as its message."""
    async with small_office(database_url, MONDAY, rulebook=read_rulebook()) as small:
        await small.open_visit(FORM)
        await until(small, datetime(2026, 3, 6, 5, 0, tzinfo=SHANGHAI))

        await change(small, departure_time=time(8, 0))

        rows = [row for row in await small.all(Notice, rule="C15") if row.sent_at is not None]
        assert [(row.kind, row.key.endswith(":chase")) for row in rows] == [(NoticeKind.REQUEST, False)]
        await until(small, small.clock.at + timedelta(minutes=50))
        assert NoticeKind.SILENCE in {
            row.kind for row in await small.all(Notice, rule="C15") if row.sent_at is not None
        }


async def test_who_knew_only_from_the_run_sheet_hears_of_several_removals(database_url: str) -> None:
    """They take the visit off the sheet; what is changed next must still find what the sheet had told."""
    async with small_office(database_url, MONDAY, rulebook=read_rulebook()) as small:
        today = replace(FORM, arrival_date=MONDAY.date(), departure_date=MONDAY.date(), departure_time=time(18, 0))
        await small.open_visit(replace(today, wants_hotel=False))
        await small.settle()

        for kind in (StopKind.PICKUP, StopKind.DEPARTURE):
            await small.stops.remove(await host(small), (await a_stop(small, kind)).key)
        (visit,) = await small.all(Visit)
        async with small.office.changing(visit.key):
            """Whatever is changed next."""
        await until(small, small.clock.at + timedelta(minutes=1, seconds=1))

        (told,) = await received(small, CHEN, NoticeKind.CHANGE)
        assert [entry["what"] for entry in told.payload["changes"]] == ["removed", "removed"]


async def test_who_has_it_back_is_chased_from_then_on(database_url: str) -> None:
    """Asked again, their question is as old as the new message; planning once more finds nothing to change."""
    async with small_office(database_url, MONDAY, rulebook=read_rulebook()) as small:
        visit = await small.open_visit(FORM)
        for to in (EMMA, LINA):
            (present,) = await small.all(Visit)
            await small.settle()
            await small.handovers.hand_over(await small.actor(LIU), visit.key, present.lead_host_id, to)
        before = {row.id: (row.due_at, row.payload) for row in await small.all(Notice, state=NoticeState.PENDING)}

        async with small.office.changing(visit.key):
            """Nothing."""
        assert {
            row.id: (row.due_at, row.payload) for row in await small.all(Notice, state=NoticeState.PENDING)
        } == before


async def test_whoever_is_asked_right_now_in_a_colleagues_place_is_not_told_that_it_is_off(database_url: str) -> None:
    """They were asked with the colleague, who has been silent since; from now on they are no more than the deputy."""
    async with small_office(database_url, MONDAY, rulebook=only("C7", chased=True)) as small:
        known = await small.people.known(TEAM, [LIU, MARTA])
        liu, marta = await small.actor(LIU), known[MARTA].key
        await small.people.choose(liu, language=None, zone=None, deputy=MARTA)
        await small.arrangements.arrange(liu, Rearrangement(holders={Role.ADMINISTRATION: (liu.id, marta)}))
        await small.open_visit(FORM)
        await until(small, min(request.due_at for request in await waiting(small, NoticeKind.REQUEST)))
        await until(small, PICKUP - timedelta(hours=5))

        await small.arrangements.arrange(liu, Rearrangement(holders={Role.ADMINISTRATION: (liu.id,)}))

        assert await waiting(small, NoticeKind.CHANGE) == []
        await small.settle()
        told = await received(small, MARTA, NoticeKind.REQUEST)
        assert [row.payload.get(FOR) for row in told if row.due_at > PICKUP - timedelta(hours=6)] == [liu.id]


async def test_a_deputy_who_answered_unasked_keeps_what_they_are_told_of_it(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("C7")) as small:
        await small.people.choose(await small.actor(LIU), language=None, zone=None, deputy=MARTA)
        visit = await small.open_visit(FORM)
        (request,) = await small.all(Booking)
        proposed = AnswerForm(note="Tea, no coffee.")
        await small.bookings.propose(await small.actor(MARTA), request.key, request.version, proposed)
        (request,) = await small.all(Booking)
        await small.bookings.accept(await host(small), request.key, request.version)
        await small.settle()
        (taken,) = await received(small, MARTA, NoticeKind.REQUEST_ANSWER)
        assert taken.told

        async with small.office.changing(visit.key):
            """Whatever is changed next."""
        assert await waiting(small, NoticeKind.CHANGE) == []


async def test_whoever_changes_it_knows_it(small: SmallOffice) -> None:
    """The lead host, who meets the guests, puts the pick-up off and is not told so; what another puts right then is
    told them from there on."""
    await small.open_visit(replace(FORM, greeters=(LINA,)))
    await until(small, PICKUP - timedelta(minutes=50))
    (told,) = await received(small, LINA, NoticeKind.REMINDER)
    pickup = await a_stop(small, StopKind.PICKUP)
    (visit,) = await small.all(Visit)

    await small.delays.delay(await host(small), visit.key, "45")
    await until(small, small.clock.at + timedelta(minutes=2))
    assert await received(small, LINA, NoticeKind.CHANGE) == []
    assert len(await received(small, CHEN, NoticeKind.CHANGE)) == 1
    (same,) = await small.all(Notice, id=told.id)
    later = (pickup.starts_at + timedelta(minutes=45)).isoformat()
    assert same.told[str(pickup.key)]["starts_at"] == later
    assert small.slack.edits[same.slack_ts] == 1, "the reminder shows the new time"

    await small.delays.delay(await small.actor(LIU), visit.key, "15")
    await until(small, small.clock.at + timedelta(minutes=2))
    (change,) = await received(small, LINA, NoticeKind.CHANGE)
    assert [entry["old"]["starts_at"] for entry in change.payload["changes"]] == [later]


async def test_a_reception_notice_that_says_what_changed_is_word_of_it(database_url: str) -> None:
    """The guests come a day later: whoever knows them from the run sheet reads it on the new notice, and only there."""
    roles = ROLES | dict.fromkeys((Role.APPROVER_1, Role.APPROVER_2, Role.APPROVER_3), (EMMA,))
    async with small_office(database_url, MONDAY, rulebook=only("B7", "D1.2", "E1"), roles=roles) as small:
        today, tomorrow = MONDAY.date(), MONDAY.date() + timedelta(days=1)
        form = replace(FORM, arrival_date=today, departure_date=today, departure_time=time(18, 0))
        visit, emma = await small.open_visit(form), await small.actor(EMMA)
        await small.plans.submit(await host(small), visit.key, "")
        (plan,) = await small.all(Plan)
        await small.plans.approve(emma, plan.key, plan.version)
        await until(small, MONDAY + timedelta(minutes=2))

        await change(small, arrival_date=tomorrow, departure_date=tomorrow)

        pickup = await a_stop(small, StopKind.PICKUP)
        (notice,) = [row for row in await received(small, SOFIA, NoticeKind.DUTY) if WAS in row.payload]
        assert notice.told[str(pickup.key)]["starts_at"] == pickup.starts_at.isoformat()
        async with small.office.changing(visit.key):
            """Whatever is changed next."""
        sofia = await small.actor(SOFIA)
        assert sofia.id not in [row.person_id for row in await waiting(small, NoticeKind.CHANGE)]


async def test_who_is_asked_after_all_is_chased_from_then_on(database_url: str) -> None:
    """Withdrawn before it was sent, and wanted again when it was due already: planning once more finds nothing to
    change."""
    async with small_office(database_url, MONDAY, rulebook=only("D1.1", chased=True)) as small:
        visit = await small.open_visit(FORM)
        for moment, administration in (
            (MONDAY + timedelta(hours=1), (LIU, MARTA)),
            (MONDAY + timedelta(hours=2), (LIU,)),
            (PICKUP - timedelta(hours=20), (LIU, MARTA)),
        ):
            await until(small, moment.astimezone(UTC))
            await small.arrange(dict(ROLES) | {Role.ADMINISTRATION: administration}, "Asia/Shanghai")
        before = {row.id: (row.due_at, row.payload) for row in await small.all(Notice, state=NoticeState.PENDING)}
        assert any(row.key.endswith(":chase") for row in await small.all(Notice, state=NoticeState.PENDING))

        async with small.office.changing(visit.key):
            """Nothing."""
        assert {
            row.id: (row.due_at, row.payload) for row in await small.all(Notice, state=NoticeState.PENDING)
        } == before


async def test_whoever_says_that_they_are_on_their_way_still_hears_what_could_not_be_told(small: SmallOffice) -> None:
    """Slack refused the word of the new place; the driver presses a button of the card with the old one."""
    await small.open_visit(FORM)
    await until(small, PICKUP - timedelta(minutes=50))
    card = (await received(small, CHEN, NoticeKind.REMINDER))[-1]
    pickup = await a_stop(small, StopKind.PICKUP)
    small.slack.refused.add(CHEN)
    elsewhere = StopForm(day=PICKUP.date(), starts=PICKUP.time(), place="Gate 9")
    await small.stops.change(await host(small), pickup.key, elsewhere)
    await until(small, small.clock.at + timedelta(minutes=2))
    assert await received(small, CHEN, NoticeKind.CHANGE) == []
    small.slack.refused.clear()

    await small.declarations.declare(await small.actor(CHEN), card.id, DeclarationKind.ON_MY_WAY)
    await until(small, small.clock.at + timedelta(minutes=2))
    assert len(await received(small, CHEN, NoticeKind.CHANGE)) == 1
