"""A second change while word of the first is on its way, which is put off: whoever waits for it hears of both."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.models.forms import StopForm
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.visits import Meal, Stop, StopKind
from bot.services.delivery import Delivery
from bot.services.reading import Readers
from bot.slack import Slack
from tests.small_office import CATALOGS, EMMA, LINA, SHANGHAI, SOFIA, SmallOffice, small_office
from tests.test_deputies import name_deputy
from tests.test_sight import FORM, MONDAY, REMINDED

DAY = date(2026, 3, 5)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    """Sofia is about to read that the dinner is elsewhere: it was said a minute ago."""
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(replace(FORM, arrival_date=DAY, arrival_time=time(16)))
        small.clock.at = datetime.combine(DAY, time(15, 5), SHANGHAI)
        await small.settle()
        await move_dinner(small)
        await small.settle()
        small.clock.at += MINUTE + timedelta(seconds=1)
        yield small


async def move_dinner(small: SmallOffice) -> None:
    dinner = await stop(small, StopKind.MEAL)
    form = StopForm(day=DAY, starts=time(18, 30), place="Red Hall", meal=Meal.DINNER)
    await small.stops.change(await small.actor(LINA), dinner.key, form)


async def stop(small: SmallOffice, kind: StopKind) -> Stop:
    stops = await small.all(Stop, kind=kind, is_removed=False)
    found: Stop = next(stop for stop in stops if stop.starts_at.astimezone(SHANGHAI).date() == DAY)
    return found


async def another_gate(small: SmallOffice) -> None:
    pickup = await stop(small, StopKind.PICKUP)
    form = StopForm(day=DAY, starts=time(16), place="T1, Gate 9")
    await small.stops.change(await small.actor(LINA), pickup.key, form)


async def cancel(small: SmallOffice) -> None:
    await small.visits.cancel(await small.actor(LINA), 1, "the guests fell ill")


async def go_on(small: SmallOffice) -> None:
    for _ in range(20):
        small.clock.at += MINUTE
        await small.settle()


def heard(small: SmallOffice, before: int) -> str:
    """What Sofia reads; nothing of it twice."""
    posts = [post for post in small.slack.posts[before:] if post.channel == f"D{SOFIA}"]
    assert len({post.notice for post in posts}) == len(posts) > 0
    return " ".join(f"{post.text} {post.blocks}" for post in posts)


CHANGES = [(another_gate, "Gate 9"), (cancel, "canceled")]
Change = Callable[[SmallOffice], Awaitable[None]]


@pytest.mark.parametrize(("change", "says"), CHANGES)
@pytest.mark.parametrize("trouble", ["limited", "says internal_error", "unheard", "lost"])
async def test_what_changes_while_a_message_is_on_its_way_in_vain_is_told(
    small: SmallOffice, trouble: str, change: Change, says: str
) -> None:
    async def meanwhile() -> None:
        await change(small)
        small.slack.trouble = [trouble]
        was_on_its_way.append(True)

    was_on_its_way: list[bool] = []
    before = len(small.slack.posts)
    small.slack.awaited, small.slack.meanwhile = SOFIA, meanwhile
    await small.settle()
    assert was_on_its_way
    await go_on(small)
    assert says in heard(small, before)


async def test_what_changes_while_somebody_turns_out_to_be_unreachable_reaches_their_deputy(small: SmallOffice) -> None:
    """The deputy gets what was on its way, and what has changed meanwhile."""
    await name_deputy(small, SOFIA, EMMA)
    before = len(small.slack.posts)

    async def meanwhile() -> None:
        await another_gate(small)
        small.slack.refused = {SOFIA}

    small.slack.awaited, small.slack.meanwhile = SOFIA, meanwhile
    await small.settle()
    await go_on(small)
    read = " ".join(post.blocks for post in small.slack.posts[before:] if post.channel == f"D{EMMA}")
    assert "Red Hall" in read
    assert "Gate 9" in read


@pytest.mark.parametrize(("change", "says"), CHANGES)
async def test_what_changes_while_a_message_waits_for_its_turn_until_the_bot_ends_is_told(
    small: SmallOffice, change: Change, says: str
) -> None:
    before = len(small.slack.posts)
    line = Slack(small.slack, channel_seconds=0, workspace_seconds=10, workspace_burst=1)
    ends = Delivery(small.office, Readers(CATALOGS), line)
    await line.turn(SOFIA, 600.0)  # others have taken the next one
    assert await ends.start_due()
    await change(small)
    await ends.finish()
    await go_on(small)
    assert says in heard(small, before)
    assert not await small.all(Notice, kind=NoticeKind.CHANGE, state=NoticeState.SENDING)


async def test_what_slack_limits_for_longer_than_it_is_of_use_is_reported_when_it_is_not(database_url: str) -> None:
    """Five hours for the driver's reminder an hour before the plane lands: its host hears before the evening."""
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        small.clock.at = REMINDED - MINUTE
        await small.settle()
        small.clock.at = REMINDED
        small.slack.trouble, small.slack.retry_after = ["limited"], 5 * 3600
        await small.settle()
        (late,) = await small.all(Notice, kind=NoticeKind.REMINDER, rule="D1.2", state=NoticeState.PENDING)
        assert late.attempt_at == late.useful_until < REMINDED + timedelta(hours=5)
        small.clock.at = late.useful_until
        await small.settle()
        assert await small.all(Notice, kind=NoticeKind.UNDELIVERED, state=NoticeState.SENT)
