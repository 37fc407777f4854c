"""Messages in doubt that wait for their turn: once somebody has looked in vain, they are not looked for again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.models.notices import Notice, NoticeState, Reason
from bot.services.delivery import Delivery
from bot.services.reading import Readers
from bot.slack import Slack
from tests.small_office import CATALOGS, CHEN, SmallOffice, small_office
from tests.test_found import Dies, cancel, reminder_of, told
from tests.test_sight import FORM, MONDAY, REMINDED

SOON = timedelta(minutes=1)


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    """What was to tell people of their drive went into the dark: nobody heard of it."""
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        small.clock.at = REMINDED - SOON
        await small.settle()
        small.clock.at = REMINDED
        small.slack.trouble = ["unheard"] * 20
        await small.delivery.deliver_due()
        small.slack.trouble.clear()
        small.clock.at += SOON
        yield small


def full_line(small: SmallOffice) -> Delivery:
    """Nobody's turn comes within a claim: others have taken the next ones, a minute each."""
    return Delivery(small.office, Readers(CATALOGS), Slack(small.slack, channel_seconds=60, workspace_seconds=0))


async def fill(delivery: Delivery) -> None:
    slack = await delivery.lines.to("")
    assert isinstance(slack, Slack)
    for _ in range(3):
        await slack.turn(CHEN, 1.0)


async def test_what_was_looked_for_in_vain_is_sent_in_its_turn_without_another_look(small: SmallOffice) -> None:
    line = full_line(small)
    await fill(line)
    await line.deliver_due()
    waits = await reminder_of(small, CHEN)
    assert (waits.state, waits.reason) == (NoticeState.PENDING, Reason.NOT_THERE)
    small.slack.looks = 0
    before = len(told(small, CHEN))
    small.clock.at = waits.attempt_at
    await small.settle()
    assert not small.slack.looks
    assert len(told(small, CHEN)) == before + 1
    assert (await reminder_of(small, CHEN)).state == NoticeState.SENT


async def test_what_was_looked_for_in_vain_is_withdrawn_at_once_where_it_is_not_wanted(small: SmallOffice) -> None:
    line = full_line(small)
    await fill(line)
    await line.deliver_due()
    await cancel(small)
    assert (await reminder_of(small, CHEN)).state == NoticeState.WITHDRAWN


@pytest.mark.parametrize("line_of", [Slack, Dies])
async def test_what_is_in_doubt_once_more_is_looked_for_once_more(small: SmallOffice, line_of: type[Slack]) -> None:
    """The message is taken, and nobody hears of it: its answer is lost, or whoever sent it dies."""
    line = full_line(small)
    await fill(line)
    await line.deliver_due()
    waits = await reminder_of(small, CHEN)
    small.clock.at, small.slack.looks = waits.attempt_at, 0
    small.slack.trouble = ["lost"] * 20
    await Delivery(small.office, Readers(CATALOGS), line_of(small.slack, channel_seconds=0)).deliver_due()
    small.slack.trouble.clear()
    posted = [post for post in small.slack.posts if post.notice == waits.id]
    assert len(posted) == 1
    for _ in range(4):
        small.clock.at += SOON
        await small.settle()
    assert small.slack.looks
    assert [post for post in small.slack.posts if post.notice == waits.id] == posted, "nobody is told twice"
    assert [row.state for row in await small.all(Notice, id=waits.id)] == [NoticeState.SENT]


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_conversation_is_read_from_the_first_try_and_not_from_when_it_was_planned(
    database_url: str, is_known: bool
) -> None:
    """The visit was opened three months before; of what was tried before the moment was kept only that is known."""
    later = timedelta(days=91)
    arrival = REMINDED.date() + later
    form = replace(FORM, arrival_date=arrival, departure_date=arrival + timedelta(days=1))
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(form)
        small.clock.at = REMINDED + later - SOON
        await small.settle()
        small.clock.at += SOON
        small.slack.trouble = ["lost"] * 20
        await small.delivery.deliver_due()
        small.slack.trouble.clear()
        if not is_known:
            async with small.database.write() as session:
                await session.exec(update(Notice).values(first_tried_at=None))
        small.clock.at += SOON
        await small.settle()
        assert small.slack.looked_from
        reach = min(small.slack.looked_from) - MONDAY
        assert reach > later - timedelta(days=1) if is_known else reach < timedelta(0)
        assert (await reminder_of(small, CHEN)).state == NoticeState.SENT
