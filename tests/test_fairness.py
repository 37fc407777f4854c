"""Workspaces that share a process: what waits for its pace in one of them holds up nobody in another."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.metrics import Metrics
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.people import Workspace
from bot.services.claims import HEAD_START
from bot.services.delivery import EDITS_EVERY, SHARE, Delivery
from bot.services.health import Watch
from bot.services.reading import Readers
from bot.services.showing import EDITED
from bot.slack import Slack
from tests.classic import only
from tests.small_office import CATALOGS, LINA, TEAM, SmallOffice, small_office
from tests.test_reconcile import FORM, MONDAY

BOOK = only("A7", "C1", "B6", "D1.2", "D3.1")
OTHER, ITS_CHANNEL = "T2", "C2"
CROWD = 12


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    """A house with more to tell than its pace allows, and another with one visit, less urgent."""
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        for _ in range(CROWD):
            await small.open_visit(FORM)
        async with small.database.write() as session:
            other = Workspace(id=OTHER, name="Other", zone="Asia/Shanghai", locale="en-US", country="CN")
            other.reception_channel = ITS_CHANNEL
            session.add(other)
        small.clock.at += timedelta(minutes=1)
        host = await small.people.actor(OTHER, LINA)
        draft, _ = await small.drafts.begin(host, FORM)
        await small.drafts.keep(host, draft.id, FORM)
        await small.visits.open(host, draft.id)
        yield small


class TwoLines:
    """A line for each house: the busy one takes a message a minute."""

    are_several = True

    def __init__(self, small: SmallOffice) -> None:
        self.busy = Slack(small.slack, channel_seconds=0, workspace_seconds=60, workspace_burst=1)
        self._lines = {TEAM: self.busy, OTHER: Slack(small.slack, channel_seconds=0, workspace_seconds=0)}

    async def to(self, workspace_id: str) -> Slack:
        return self._lines[workspace_id]


async def test_what_a_busy_workspace_cannot_take_is_not_claimed_again_and_again(small: SmallOffice) -> None:
    await Delivery(small.office, Readers(CATALOGS), TwoLines(small), at_once=1).deliver_due()

    waiting = await small.all(Notice, workspace_id=TEAM, state=NoticeState.PENDING)
    due = [notice for notice in waiting if notice.due_at <= small.clock.at]
    put_off = [notice for notice in due if notice.reason]
    assert len(due) > CROWD
    assert 0 < len(put_off) <= 2 * SHARE, "claimed once before it was known; the others stay as they are"
    assert [post for post in small.slack.posts if post.channel == ITS_CHANNEL], "and the other house is served"


async def test_waiting_as_long_as_slack_asks_is_no_reason_to_be_restarted(small: SmallOffice) -> None:
    small.slack.trouble, small.slack.retry_after = ["limited"] * 2, 600
    lines, metrics = TwoLines(small), Metrics()
    await Delivery(small.office, Readers(CATALOGS), lines, at_once=1, metrics=metrics).deliver_due()
    small.clock.at += timedelta(minutes=3)

    await Delivery(small.office, Readers(CATALOGS), lines, at_once=1, metrics=metrics).deliver_due()

    health = await Watch(small.office, metrics).health()
    assert health.oldest_due_seconds >= 120
    assert health.problems == ()


async def test_the_bot_wakes_in_time_for_one_workspace_while_another_is_busy(small: SmallOffice) -> None:
    delivery = Delivery(small.office, Readers(CATALOGS), TwoLines(small), at_once=1)
    await delivery.deliver_due()
    reminders = await small.all(Notice, workspace_id=OTHER, kind=NoticeKind.REMINDER, state=NoticeState.PENDING)
    due = min(notice.due_at for notice in reminders)
    small.clock.at = due - timedelta(seconds=5)
    await delivery.deliver_due()

    look = await delivery.next_look()

    assert look is not None
    assert due - HEAD_START <= look < due


async def test_edits_that_wait_in_a_busy_workspace_leave_room_for_those_of_another(small: SmallOffice) -> None:
    await small.settle()
    small.clock.at += EDITS_EVERY
    async with small.database.write() as session:
        sent = update(Notice).where(col(Notice.state) == NoticeState.SENT, col(Notice.kind).in_(EDITED))
        await session.exec(sent.values(stale_since=small.clock.now(), rendered="otherwise"))
        # Where people look are the newest: they are looked at first.
        busy = sent.where(col(Notice.workspace_id) == TEAM)
        await session.exec(busy.values(sent_at=small.clock.now()))
    small.slack.edits.clear()
    (card,) = await small.all(Notice, kind=NoticeKind.CARD, workspace_id=OTHER)
    lines = TwoLines(small)
    before_us = [asyncio.create_task(lines.busy.edit_turn()) for _ in range(60)]
    await asyncio.sleep(0)  # they take their places in the line
    delivery = Delivery(small.office, Readers(CATALOGS), lines, at_once=8)

    for _ in range(100):
        await delivery.start_due()
        await asyncio.sleep(0)
        if card.slack_ts in small.slack.edits:
            break
    await delivery.finish()

    assert card.slack_ts in small.slack.edits
    for waiting in before_us:
        waiting.cancel()
