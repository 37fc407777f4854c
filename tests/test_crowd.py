"""Many workspaces with more to tell than they can take at once, and what is due in another one beside them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import col

from bot.models.notices import UNKNOWN, Notice, NoticeKind, NoticeState
from bot.models.people import Workspace
from bot.models.visits import Visit
from bot.services.delivery import AHEAD, Delivery
from bot.services.outbox import any_update
from bot.services.reading import Readers
from bot.services.rows import add_rows, new_row
from bot.slack import Slack, TurnFarOff
from tests.classic import only
from tests.small_office import CATALOGS, LINA, SmallOffice, small_office
from tests.test_reconcile import FORM, MONDAY

BOOK = only("A7", "C1", "B6", "D1.2", "D3.1")
BUSY = [f"B{number}" for number in range(5)]
QUIET = "Q"
DOUBTFUL = 40
PATIENCE = 20
"""Seconds."""


class Standing(Slack):
    """Lets nobody through before its time."""

    opens: asyncio.Event

    async def turn(self, to: str, within: float, urgency: float = 0.0) -> None:
        await self.opens.wait()


class Lines:
    """Of each workspace its own; in the busy ones everybody waits."""

    are_several = True

    def __init__(self, small: SmallOffice) -> None:
        self.busy = Standing(small.slack, channel_seconds=0, workspace_seconds=0)
        self.busy.opens = asyncio.Event()
        self._quiet = Slack(small.slack, channel_seconds=0, workspace_seconds=0)

    async def to(self, workspace_id: str) -> Slack:
        return self._quiet if workspace_id == QUIET else self.busy


class Unlooking(Slack):
    """So many are looked for already that nobody else's turn comes in time."""

    async def look_turn(self, within: float) -> None:
        raise TurnFarOff(30)


class OneLine:
    """Of all workspaces."""

    are_several = True

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def to(self, workspace_id: str) -> Slack:
        return self._slack


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        async with small.database.write() as session:
            for workspace in (*BUSY, QUIET):
                house = Workspace(id=workspace, name=workspace, zone="Asia/Shanghai", locale="en-US", country="CN")
                house.reception_channel = f"C{workspace}"
                session.add(house)
        yield small


async def open_visit(small: SmallOffice, workspace: str) -> None:
    host = await small.people.actor(workspace, LINA)
    draft, _ = await small.drafts.begin(host, FORM)
    await small.drafts.keep(host, draft.id, FORM)
    await small.visits.open(host, draft.id)


async def look(delivery: Delivery) -> None:
    """As the timetable does."""
    while await delivery.start_due() and delivery.can_begin_more:
        pass


async def test_what_waits_in_many_workspaces_leaves_room_for_another(small: SmallOffice) -> None:
    for workspace in BUSY * 2:
        await open_visit(small, workspace)
    lines = Lines(small)
    delivery = Delivery(small.office, Readers(CATALOGS), lines, at_once=1)
    await look(delivery)
    waiting = await small.all(Notice, state=NoticeState.SENDING)
    assert len(waiting) >= AHEAD - 1, "as much as there is room for"

    await open_visit(small, QUIET)
    await look(delivery)
    try:
        async with asyncio.timeout(PATIENCE):
            while not small.slack.posts:
                await delivery.finish_one()
    finally:
        lines.busy.opens.set()
        await delivery.finish()


async def test_what_is_more_urgent_than_all_that_waits_in_a_full_workspace_is_claimed_at_once(
    small: SmallOffice,
) -> None:
    """Of those who wait there it goes first: it must not wait in the table until some of them have left."""
    (busy, *_) = BUSY
    for _ in range(4):
        await open_visit(small, busy)
    lines = Lines(small)
    delivery = Delivery(small.office, Readers(CATALOGS), lines, at_once=1)
    await look(delivery)
    waiting = await small.all(Notice, state=NoticeState.SENDING)
    left = await small.all(Notice, state=NoticeState.PENDING, attempts=0)
    other, *_ = (notice for notice in left if notice.due_at <= small.clock.at)
    until = max(notice.useful_until for notice in waiting)
    async with small.database.write() as session:
        urgent = any_update().where(col(Notice.id) == other.id)
        now = small.clock.now()
        await session.exec(urgent.values(due_at=now, attempt_at=now, useful_until=until - timedelta(minutes=1)))
    await look(delivery)
    (claimed,) = await small.all(Notice, id=other.id)
    lines.busy.opens.set()
    await delivery.finish()
    assert claimed.state == NoticeState.SENDING
    assert len(waiting) < 8, "and the others wait in the table"


async def test_what_has_to_be_looked_for_is_not_claimed_while_the_line_for_looks_is_full(small: SmallOffice) -> None:
    """Thousands that may have arrived were claimed and put back one by one, before whatever is of use for longer."""
    (busy, *_) = BUSY
    await open_visit(small, busy)
    (visit,) = await small.all(Visit)
    now = small.clock.now()
    shared = new_row(visit, key="", kind=NoticeKind.CARD, now=now) | {"attempts": 1, "reason": UNKNOWN}
    async with small.database.write() as session:
        doubtful = ({"id": f"doubt{n}", "key": f"doubt{n}", "channel": f"C{n}"} for n in range(DOUBTFUL))
        await add_rows(session, [shared | row | {"useful_until": now + timedelta(minutes=9)} for row in doubtful])
    lines = OneLine(Unlooking(small.slack, channel_seconds=0, workspace_seconds=0))
    delivery = Delivery(small.office, Readers(CATALOGS), lines, at_once=1)

    await delivery.deliver_due()

    in_doubt = [notice for notice in await small.all(Notice) if notice.reason.startswith(UNKNOWN)]
    put_off = [notice for notice in in_doubt if notice.attempt_at > now]
    assert len(in_doubt) == DOUBTFUL
    assert 0 < len(put_off) <= AHEAD, "claimed once before it was known; the others stay as they are"
    assert [post for post in small.slack.posts if post.channel == f"C{busy}"], "what need not be looked for goes out"
    look_at = await delivery.next_look()
    assert look_at is not None
    assert look_at > small.clock.at, "and nobody looks again and again for what stays there"
