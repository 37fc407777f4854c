"""What changes between the reading of a notice and its turn, and while it is under way or being settled."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.database import Database
from bot.models.forms import StopForm, VisitForm
from bot.models.notices import Notice, NoticeKind, NoticeState, Reason
from bot.models.people import Person
from bot.models.visits import Stop, StopKind, Visit
from bot.procedure.picture import Picture
from bot.procedure.telling import tells
from bot.services.arrivals import Arrival, Arrivals
from bot.services.claims import HEAD_START
from bot.services.delivery import Delivery
from bot.services.office import Office
from bot.services.pictures import read_pictures
from bot.services.reading import Readers
from bot.services.sight import Fresh, Plans, Sight
from bot.slack import Posted, Slack, TurnFarOff
from tests.small_office import (
    CATALOGS,
    CHANNEL,
    CHEN,
    EMMA,
    LINA,
    MARTA,
    RULEBOOK,
    SHANGHAI,
    SOFIA,
    WANG,
    SmallOffice,
    small_office,
)

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
PICKUP = datetime(2026, 3, 5, 14, 30, tzinfo=SHANGHAI)
REMINDED = PICKUP - timedelta(hours=1)
FORM = VisitForm(
    company="Acme",
    guest_name="Luis",
    lead_host=LINA,
    greeters=(SOFIA, MARTA),
    leaders=(SOFIA,),
    driver=CHEN,
    arrival_date=PICKUP.date(),
    arrival_time=PICKUP.time(),
    departure_date=date(2026, 3, 6),
    departure_time=time(11, 0),
)
LATER = StopForm(day=PICKUP.date(), starts=time(14, 45))


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        small.clock.at = REMINDED - timedelta(minutes=1)
        await small.settle()
        yield small


class Meanwhile(Slack):
    """Something happens as soon as a message has been taken, before its answer is heard."""

    def __init__(self, small: SmallOffice, *happens: Callable[[], Awaitable[None]]) -> None:
        super().__init__(small.slack, channel_seconds=0, workspace_seconds=0)
        self._happens = list(happens)

    async def post(
        self,
        to: str,
        message: Mapping[str, Any],
        notice_id: str,
        thread_ts: str | None = None,
        *,
        told: Mapping[str, Any] | None = None,
        shows: str = "",
    ) -> Posted:
        posted = await super().post(to, message, notice_id, thread_ts, told=told, shows=shows)
        if self._happens:
            await self._happens.pop(0)()
        return posted


class OnTime(Slack):
    """Notes when by the bot's clock each message is posted."""

    def __init__(self, small: SmallOffice) -> None:
        super().__init__(small.slack, channel_seconds=0, workspace_seconds=0)
        self._clock = small.clock
        self.posted_at: list[datetime] = []

    async def post(
        self,
        to: str,
        message: Mapping[str, Any],
        notice_id: str,
        thread_ts: str | None = None,
        *,
        told: Mapping[str, Any] | None = None,
        shows: str = "",
    ) -> Posted:
        self.posted_at.append(self._clock.now())
        return await super().post(to, message, notice_id, thread_ts, told=told, shows=shows)


async def deliver(small: SmallOffice, slack: Slack) -> None:
    """One message at a time, several claimed and read ahead."""
    await Delivery(small.office, Readers(CATALOGS), slack, at_once=1).deliver_due()


async def reminders(small: SmallOffice, **where: Any) -> list[Notice]:
    rows: list[Notice] = await small.all(Notice, kind=NoticeKind.REMINDER, rule="D1.2", **where)
    return rows


async def move_pickup(small: SmallOffice, office: SmallOffice, form: StopForm = LATER) -> None:
    pickup, *_ = await small.all(Stop, kind=StopKind.PICKUP)
    await office.stops.change(await small.actor(LINA), pickup.key, form)


async def claimed(small: SmallOffice, sight: Sight) -> list[Fresh]:
    small.clock.at = REMINDED
    read = await sight.read(await small.delivery.claims.claim(10))
    return [fresh for fresh in read if isinstance(fresh, Fresh)]


async def arrival(small: SmallOffice, fresh: Fresh, number: int = 1) -> Arrival:
    posted = Posted("D1", f"{number}.0")
    return Arrival(fresh.notice, small.clock.now(), posted, tells(fresh.notice, fresh.picture), "as rendered")


async def test_what_is_withdrawn_while_it_waits_for_its_turn_is_not_sent(small: SmallOffice) -> None:
    async def cancel() -> None:
        (visit,) = await small.all(Visit)
        await small.visits.cancel(await small.actor(LINA), visit.key, "the guests fell ill")

    assert len(await reminders(small, state=NoticeState.PENDING)) > 2
    small.clock.at = REMINDED
    await deliver(small, Meanwhile(small, cancel))
    assert len(await reminders(small, state=NoticeState.SENT)) == 1
    others = await reminders(small, state=NoticeState.WITHDRAWN)
    assert {row.reason for row in others} == {Reason.NOT_PLANNED}
    assert {row.id for row in others}.isdisjoint(post.notice for post in small.slack.posts)


async def test_what_changes_while_it_waits_for_its_turn_is_told_as_it_is_then(small: SmallOffice) -> None:
    small.clock.at = REMINDED
    before = len(small.slack.posts)
    await deliver(small, Meanwhile(small, lambda: move_pickup(small, small)))
    texts = [post.text for post in small.slack.posts[before:] if post.channel.startswith("D")]
    assert "14:30" in texts[0]
    assert len(texts) > 2
    assert all("14:45" in text for text in texts[1:]), texts


async def test_a_second_change_while_the_first_is_being_told_is_told_as_well(small: SmallOffice) -> None:
    small.clock.at = REMINDED
    await small.settle()
    await move_pickup(small, small)
    small.clock.at += timedelta(minutes=2)
    again = replace(LATER, starts=time(15, 0))
    await deliver(small, Meanwhile(small, lambda: move_pickup(small, small, again)))
    small.clock.at += timedelta(minutes=2)
    await small.settle()
    for row in await reminders(small, state=NoticeState.SENT):
        (person,) = await small.all(Person, id=row.person_id)
        last = [post for post in small.slack.posts if post.channel == f"D{person.slack_id}"][-1]
        assert "15:00" in last.text, (person.slack_id, last.text)


async def test_a_change_made_by_another_replica_is_seen(small: SmallOffice, database_url: str) -> None:
    sight = Sight(small.office, lasts=0)
    before = await claimed(small, sight)
    assert len(before) > 1
    assert all([await sight.holds(fresh) for fresh in before])
    other = Database(database_url)
    stops = replace(small.stops, office=Office(other, small.clock, RULEBOOK))
    await move_pickup(small, replace(small, stops=stops))
    await other.close()
    assert not any([await sight.holds(fresh) for fresh in before])
    again = [await sight.read_again(fresh.notice) for fresh in before]
    assert {
        fresh.picture.pickup.starts_at - PICKUP for fresh in again if isinstance(fresh, Fresh) and fresh.picture.pickup
    } == {timedelta(minutes=15)}


async def test_a_notice_that_somebody_else_has_claimed_since_is_left_to_them(small: SmallOffice) -> None:
    sight = Sight(small.office, lasts=0)
    first = await claimed(small, sight)
    small.clock.at += timedelta(minutes=1)
    second = await small.delivery.claims.claim(10)
    assert {notice.id for notice in second} == {fresh.notice.id for fresh in first}
    assert not await sight.holds(first[0])
    assert await sight.read_again(first[0].notice) is None


async def test_those_that_arrive_together_are_settled_together(small: SmallOffice) -> None:
    arrivals, sight = Arrivals(small.office, small.delivery.outbox.metrics), Sight(small.office)
    sent = await claimed(small, sight)
    together = [arrivals.settle(await arrival(small, fresh, n), others_follow=True) for n, fresh in enumerate(sent)]
    await asyncio.gather(*together)
    rows = await reminders(small, state=NoticeState.SENT)
    assert {row.slack_ts for row in rows} == {f"{n}.0" for n in range(len(sent))}
    assert all(row.told and row.rendered == "as rendered" for row in rows)


async def test_a_change_that_comes_while_a_group_is_being_settled_is_told(small: SmallOffice) -> None:
    arrivals, sight = Arrivals(small.office, small.delivery.outbox.metrics), Sight(small.office)
    sent = await claimed(small, sight)
    (visit,) = await small.all(Visit)
    async with small.office.changing(visit.key) as change:
        pickup = (await change.picture()).pickup
        assert pickup is not None
        pickup.starts_at += timedelta(minutes=15)
        change.session.add(pickup)
        together = [
            asyncio.create_task(arrivals.settle(await arrival(small, fresh, n), others_follow=True))
            for n, fresh in enumerate(sent)
        ]
        # As far as they come beside the change.
        await asyncio.wait(together, timeout=0.1)
    await asyncio.gather(*together)
    assert len(await reminders(small, state=NoticeState.SENT)) == len(sent)
    small.clock.at += timedelta(minutes=2)
    await small.settle()
    told_again = await small.all(Notice, kind=NoticeKind.CHANGE, state=NoticeState.SENT)
    assert {row.person_id for row in told_again} >= {fresh.notice.person_id for fresh in sent}


async def test_after_a_lost_lease_nothing_is_touched(small: SmallOffice) -> None:
    arrivals, sight = Arrivals(small.office, small.delivery.outbox.metrics), Sight(small.office)
    sent = await claimed(small, sight)
    small.clock.at += timedelta(minutes=1)
    await small.delivery.claims.claim(10)
    before = await reminders(small)
    await asyncio.gather(
        *[arrivals.settle(await arrival(small, fresh, n), others_follow=True) for n, fresh in enumerate(sent)]
    )
    assert [row.model_dump() for row in await reminders(small)] == [row.model_dump() for row in before]


async def test_whose_turn_is_far_off_takes_no_turn(small: SmallOffice) -> None:
    slack = Slack(small.slack, channel_seconds=60, workspace_seconds=0)
    for _ in range(3):
        await slack.turn("C1", within=1)
    for _ in range(2):
        with pytest.raises(TurnFarOff) as far:
            await slack.turn("C1", within=1)
        assert 59 < far.value.seconds <= 60, "asking did not push it back"
    await slack.turn("C2", within=1)


async def test_what_a_slow_channel_cannot_take_now_comes_back_as_if_it_had_not_been_tried(small: SmallOffice) -> None:
    for _ in range(5):
        await small.open_visit(FORM)
    await deliver(small, Slack(small.slack, channel_seconds=60, workspace_seconds=0))
    waiting = await small.all(Notice, kind=NoticeKind.CARD, channel=CHANNEL, state=NoticeState.PENDING)
    assert len(waiting) == 2
    assert {row.attempts for row in waiting} == {0}
    assert all(timedelta(seconds=30) < row.attempt_at - small.clock.at <= timedelta(seconds=60) for row in waiting)


class Slow(OnTime):
    """Takes its time with the first message, until it may go on."""

    def __init__(self, small: SmallOffice) -> None:
        super().__init__(small)
        self.begun, self.may_go_on = asyncio.Event(), asyncio.Event()

    async def post(self, to: str, message: Mapping[str, Any], notice_id: str, *more: Any, **told: Any) -> Posted:
        self.begun.set()
        posted = await super().post(to, message, notice_id, *more, **told)
        await self.may_go_on.wait()
        return posted


async def test_whoever_ends_begins_no_message_that_waits_behind_a_slow_one(small: SmallOffice) -> None:
    small.clock.at = REMINDED
    line = Slow(small)
    delivery = Delivery(small.office, Readers(CATALOGS), line, at_once=1)
    assert await delivery.start_due()
    await line.begun.wait()
    for _ in range(20):
        await asyncio.sleep(0)  # the others come as far as they can
    end = asyncio.create_task(delivery.finish())
    await asyncio.sleep(0)
    line.may_go_on.set()
    await end

    assert len(line.posted_at) == 1
    assert await reminders(small, state=NoticeState.SENDING) == []
    assert {row.attempts for row in await reminders(small, state=NoticeState.PENDING)} == {0}


async def test_what_is_due_in_a_moment_is_prepared_and_leaves_when_it_is_due(small: SmallOffice) -> None:
    small.clock.at = REMINDED - HEAD_START
    line = OnTime(small)
    delivery = Delivery(small.office, Readers(CATALOGS), line)
    assert await delivery.start_due(), "claimed, read and written ahead"
    assert not line.posted_at
    small.clock.at = REMINDED
    await delivery.deliver_due()
    assert len(await reminders(small, state=NoticeState.SENT)) == len(line.posted_at) > 2
    assert min(line.posted_at) >= REMINDED
    assert any("in 1 hour" in post.text for post in small.slack.posts), "what is true as it leaves"


async def test_what_the_clock_takes_back_waits_for_its_time_again(small: SmallOffice) -> None:
    small.clock.at = REMINDED - HEAD_START
    line = OnTime(small)
    delivery = Delivery(small.office, Readers(CATALOGS), line)
    assert await delivery.start_due()
    small.clock.at = REMINDED - timedelta(hours=1)
    await delivery.deliver_due()
    waiting = await reminders(small, state=NoticeState.PENDING)
    assert not line.posted_at
    assert {row.attempts for row in waiting} == {0}
    assert all(timedelta(0) <= row.attempt_at - REMINDED < timedelta(seconds=1) for row in waiting)


async def test_what_was_put_off_is_not_claimed_before_its_time(small: SmallOffice) -> None:
    small.clock.at = REMINDED
    claims, until = small.delivery.claims, REMINDED + timedelta(minutes=1)
    for notice in await claims.claim(100):
        await small.delivery.outbox.put_off(notice, until, "ratelimited")
    small.clock.at = until - HEAD_START / 2
    assert await claims.claim(100) == []
    small.clock.at = until
    assert await claims.claim(100)


async def test_a_visit_is_planned_anew_only_where_it_reads_otherwise(small: SmallOffice) -> None:
    plans = Plans(small.office.rulebook)
    (visit,) = await small.all(Visit)
    first = plans.of(await read(small, visit))
    assert plans.of(await read(small, visit)) is first

    other = await small.open_visit(replace(FORM, driver=WANG, greeters=(EMMA,)))
    async with small.database.write() as session:
        for person in (await session.exec(select(Person))).all():
            person.read_from_slack_at = small.clock.at
            session.add(person)
    beside = await read(small, visit, other)
    assert set(beside.people) > set(first.picture.people)
    assert plans.of(beside) is first, "what is read besides, and when people were last seen, changes nothing"

    await move_pickup(small, small)
    moved = plans.of(await read(small, visit))
    assert moved is not first
    assert moved.notices != first.notices
    assert plans.of(await read(small, visit)) is moved


async def test_what_a_visit_collides_with_stands_in_the_question_alone(small: SmallOffice) -> None:
    """The card is the same whatever is read beside it."""
    (card,) = await small.all(Notice, kind=NoticeKind.CARD)
    question = Notice(**card.model_dump() | {"id": "asked", "kind": NoticeKind.PLAN_REQUEST})
    beside, asked = [one for one in await Sight(small.office).read([card, question]) if isinstance(one, Fresh)]
    assert (beside.around is None, asked.around is None) == (True, False)


async def test_only_the_plans_asked_for_last_are_kept(small: SmallOffice) -> None:
    plans = Plans(small.office.rulebook, kept=1)
    (visit,) = await small.all(Visit)
    other = await small.open_visit(FORM)
    first = plans.of(await read(small, visit))
    plans.of(await read(small, other))
    assert plans.of(await read(small, visit)) is not first


async def read(small: SmallOffice, visit: Visit, *others: Visit) -> Picture:
    """The first of visits that are read at once."""
    async with small.database.read() as session:
        visits = [await session.get_one(Visit, one.key) for one in (visit, *others)]
        return (await read_pictures(session, visits))[visit.key]


async def test_the_timetable_is_woken_a_moment_ahead(small: SmallOffice) -> None:
    due = await small.delivery.outbox.next_due()
    assert due is not None
    assert await small.delivery.next_look() == due - HEAD_START
    small.clock.at = due - HEAD_START / 2
    assert await small.delivery.next_look() == due, "what is not prepared ahead is looked for on time"


async def test_a_workspace_that_has_its_share_is_passed_over(small: SmallOffice) -> None:
    small.clock.at = REMINDED
    (notice, *_) = await reminders(small)
    assert await small.delivery.claims.claim(10, full=[notice.workspace_id]) == []
    assert await small.delivery.claims.claim(10, full=["another"])
