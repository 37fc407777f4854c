"""What falls due for one person at the same minute is one message, made when it is claimed; and what becomes of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.database import Database
from bot.metrics import Metrics
from bot.models.bookings import Booking
from bot.models.forms import StopForm, VisitForm
from bot.models.notices import UNKNOWN, Notice, NoticeKind, NoticeState, Reason
from bot.models.visits import Stop, StopKind, Visit
from bot.services.claims import LEASE, Claims
from tests.classic import only
from tests.small_office import LINA, LIU, MARTA, SHANGHAI, SOFIA, Post, SmallOffice, small_office
from tests.test_replicas import ON_POSTGRES

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
DUE = datetime(2026, 3, 5, 9, 0, tzinfo=SHANGHAI)
"""A day before the talks: several things to prepare for the lead host, and for administration."""
PREPARED = only("C4b", "C7", "C9", "C12", "C13", "C17", "C19", "C16", "D1.2")
FORM = VisitForm(
    company="Acme",
    guest_name="Luis",
    lead_host=LINA,
    greeters=(SOFIA,),
    leaders=(SOFIA,),
    driver="U3",
    arrival_date=date(2026, 3, 5),
    arrival_time=time(14, 30),
    departure_date=date(2026, 3, 6),
    departure_time=time(19, 0),
)


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    async with small_office(database_url, MONDAY, rulebook=PREPARED) as small:
        await small.open_visit(FORM)
        await small.settle()
        small.clock.at = DUE - timedelta(minutes=1)
        await small.settle()
        small.slack.posts.clear()
        yield small


async def of(small: SmallOffice, who: str, **where: object) -> list[Notice]:
    return await small.all(Notice, person_id=(await small.actor(who)).id, **where)


def told(small: SmallOffice, who: str) -> list[Post]:
    return [post for post in small.slack.posts if post.channel == f"D{who}"]


async def due(small: SmallOffice, *, later: timedelta = timedelta(0)) -> None:
    small.clock.at = DUE + later
    await small.settle()


async def once(small: SmallOffice) -> None:
    """Everybody's first try, and nothing after it."""
    small.clock.at = DUE
    await small.delivery.deliver_due()


async def test_each_person_gets_one_message(small: SmallOffice) -> None:
    await due(small)
    for who in (LINA, LIU):
        (post,) = told(small, who)
        assert post.text.startswith("Your part: Acme, ")
        (carrier,) = await of(small, who, kind=NoticeKind.SHORT_NOTICE)
        assert (carrier.id, carrier.state) == (post.notice, NoticeState.SENT)
        parts = await of(small, who, merged_into=carrier.id)
        assert len(parts) >= 2
        assert {(part.state, part.sent_at) for part in parts} == {(NoticeState.MERGED, carrier.sent_at)}


async def test_what_the_driver_and_whoever_meets_the_guests_must_act_on_stands_alone(small: SmallOffice) -> None:
    await due(small)
    before = len(small.slack.posts)
    small.clock.at = datetime(2026, 3, 5, 13, 30, tzinfo=SHANGHAI)
    await small.settle()
    assert {post.channel for post in small.slack.posts[before:]} >= {f"D{SOFIA}", "DU3"}
    assert not [n for n in await small.all(Notice, rule="D1.2") if n.merged_into]


async def test_what_is_moved_before_it_is_due_is_claimed_with_what_is_due_then(small: SmallOffice) -> None:
    (talks,) = await small.all(Stop, kind=StopKind.MEETING)
    later = StopForm(day=date(2026, 3, 6), starts=time(9, 30), ends=time(11, 0))
    await small.stops.change(await small.actor(LINA), talks.key, later)
    await due(small)
    assert not await small.all(Notice, kind=NoticeKind.SHORT_NOTICE)
    await due(small, later=timedelta(minutes=30))
    (carrier,) = await of(small, LINA, kind=NoticeKind.SHORT_NOTICE)
    assert len(await of(small, LINA, merged_into=carrier.id)) == 4


async def test_a_lost_answer_and_a_limit_cost_nobody_a_second_message(small: SmallOffice) -> None:
    small.slack.trouble = ["lost", "limited", "unheard"]
    await due(small)
    for minutes in range(1, 20):
        await due(small, later=timedelta(minutes=minutes))
    for who in (LINA, LIU):
        assert len(told(small, who)) == 1
        assert not await of(small, who, state=NoticeState.PENDING, rule="C7")


async def test_after_a_clear_refusal_nobody_looks_for_the_message(small: SmallOffice) -> None:
    small.slack.trouble = ["limited", "limited"]
    await due(small)
    await due(small, later=timedelta(minutes=5))
    assert told(small, LINA)
    assert not small.slack.looks


async def test_a_limit_while_looking_does_not_forget_that_there_is_something_to_look_for(small: SmallOffice) -> None:
    small.slack.trouble = ["lost"] * 2
    await once(small)
    small.slack.looks_limited = 3
    for minutes in range(1, 20):
        await due(small, later=timedelta(minutes=minutes))
    assert small.slack.looks_limited == 0
    assert [len(told(small, who)) for who in (LINA, LIU)] == [1, 1]


async def test_what_a_dead_sender_may_have_sent_is_looked_for(small: SmallOffice) -> None:
    small.clock.at = DUE
    died = await Claims(small.office, Metrics()).claim(50)
    assert sum(one.kind == NoticeKind.SHORT_NOTICE for one in died) == 2
    await due(small, later=LEASE + timedelta(seconds=1))
    assert small.slack.looks >= 2
    assert [len(told(small, who)) for who in (LINA, LIU)] == [1, 1]
    again = list(await small.all(Notice, kind=NoticeKind.SHORT_NOTICE))
    assert {n.id for n in again} == {n.id for n in died if n.kind == NoticeKind.SHORT_NOTICE}


async def test_what_is_claimed_a_few_at_a_time_is_one_message_all_the_same(small: SmallOffice) -> None:
    small.clock.at = DUE
    claims, carriers = Claims(small.office, Metrics()), []
    while claimed := await claims.claim(2):
        carriers += [one for one in claimed if one.kind == NoticeKind.SHORT_NOTICE]
    assert len(carriers) == len({one.person_id for one in carriers}) == 2


@ON_POSTGRES
async def test_replicas_that_claim_at_once_make_one_message_of_it(small: SmallOffice, database_url: str) -> None:
    for number in range(4):
        await small.open_visit(replace(FORM, company=f"Company {number}"))
    small.clock.at = DUE
    databases = [Database(database_url) for _ in range(3)]
    try:
        replicas = [Claims(replace(small.office, database=database), Metrics()) for database in databases]
        claimed: list[Notice] = []
        while len({n.visit_id for n in claimed if n.kind == NoticeKind.SHORT_NOTICE}) < 5:
            for some in await asyncio.gather(*(replica.claim(2) for replica in replicas for _ in range(2))):
                claimed += some
    finally:
        for database in databases:
            await database.close()
    carriers = [(n.visit_id, n.person_id) for n in claimed if n.kind == NoticeKind.SHORT_NOTICE]
    assert len(carriers) == len(set(carriers))
    assert len({n.id for n in claimed}) == len(claimed), "each claimed once"


async def test_a_message_that_slack_takes_for_bad_is_told_part_by_part(small: SmallOffice) -> None:
    small.slack.trouble = ["malformed", "malformed"]
    await due(small)
    assert len(told(small, LINA)) >= 3
    (carrier,) = await of(small, LINA, kind=NoticeKind.SHORT_NOTICE)
    assert (carrier.state, carrier.reason) == (NoticeState.WITHDRAWN, Reason.ONE_BY_ONE)
    assert not small.slack.looks, "nobody ever sent them"


async def test_an_unreachable_persons_parts_go_to_the_deputy_in_one_message(small: SmallOffice) -> None:
    await small.people.choose(await small.actor(LIU), language=None, zone=None, deputy=MARTA)
    small.slack.refused.add(LIU)
    await due(small)
    (post,) = told(small, MARTA)
    assert f"For Name of {LIU}" in post.text
    missed = await of(small, LIU, state=NoticeState.FAILED)
    assert {n.reason for n in missed} == {"user_not_found"}
    assert len(missed) == 1 + len(await of(small, MARTA, state=NoticeState.MERGED))
    assert not await small.all(Notice, kind=NoticeKind.UNDELIVERED), "somebody was told"


async def test_without_a_deputy_the_host_hears_of_every_part(small: SmallOffice) -> None:
    small.slack.refused.add(LIU)
    await due(small)
    (report,) = await small.all(Notice, kind=NoticeKind.UNDELIVERED)
    assert len(report.payload["missed"]) == len(await of(small, LIU, state=NoticeState.FAILED)) - 1


async def test_what_is_no_longer_of_use_is_reported_and_the_rest_is_told_together(small: SmallOffice) -> None:
    small.slack.trouble = ["limited"] * 2
    await once(small)
    some = next(iter(await of(small, LINA, state=NoticeState.MERGED)))
    (carrier,) = await of(small, LINA, kind=NoticeKind.SHORT_NOTICE)
    over = DUE + timedelta(minutes=10)
    async with small.database.write() as session:
        for row in (some, carrier):
            row.useful_until = over
            session.add(row)
    await due(small, later=timedelta(minutes=11))
    rows = {n.id: n for n in await of(small, LINA)}
    assert rows[some.id].state == NoticeState.EXPIRED
    assert len(told(small, LINA)) == 1
    assert rows[carrier.id].reason == Reason.ONE_BY_ONE


async def test_a_part_that_is_done_before_it_is_told_is_left_out(small: SmallOffice) -> None:
    small.slack.trouble = ["limited", "limited"]
    await once(small)
    parts = await of(small, LINA, state=NoticeState.MERGED)
    part = next(n for n in parts if n.kind == NoticeKind.REQUEST)
    (booking,) = await small.all(Booking, id=part.booking_id)
    await small.bookings.confirm(await small.actor(LINA), booking.key, booking.version)
    await due(small, later=timedelta(minutes=5))
    (post,) = told(small, LINA)
    assert f"{len(parts) - 1} things" in post.text
    (left_out,) = await small.all(Notice, id=part.id)
    assert (left_out.state, left_out.reason) == (NoticeState.WITHDRAWN, Reason.ANSWERED)


async def test_a_canceled_visit_takes_the_message_with_it(small: SmallOffice) -> None:
    small.slack.trouble = ["limited", "limited"]
    await once(small)
    (visit,) = await small.all(Visit)
    await small.visits.cancel(await small.actor(LINA), visit.key, "the guests fell ill")
    await due(small, later=timedelta(minutes=5))
    assert not [post for post in small.slack.posts if post.text.startswith("Your part")]
    rows = await small.all(Notice, kind=NoticeKind.SHORT_NOTICE)
    assert {row.state for row in rows} == {NoticeState.WITHDRAWN}


async def test_what_was_late_says_so_and_what_is_in_time_does_not(small: SmallOffice) -> None:
    small.clock.at = DUE + timedelta(hours=2)
    await small.open_visit(replace(FORM, company="Late"))
    await small.settle()
    assert [post.text for post in told(small, LINA) if "Short notice: Late" in post.text]
    assert not [row for row in await small.all(Notice) if row.reason.startswith(UNKNOWN)]
