"""Whose turn it is: to be edited, where somebody pressed before others; to be sent, in lines that are full; and
nobody's any more when the bot ends."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import update
from sqlmodel import col

from bench.week.passing import PassingLoop
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.services.delivery import EDITS_EVERY, Delivery
from bot.services.pressed import REMEMBERED, Pressed
from bot.services.reading import Readers
from bot.services.showing import EDITED
from bot.slack import Posted, Slack, TurnFarOff
from tests.classic import only
from tests.reception import reception
from tests.small_office import CATALOGS, SmallOffice, small_office
from tests.test_metrics import statements
from tests.test_reconcile import FORM, MONDAY, PICKUP, until

BOOK = only("A7", "C1", "B6", "D1.2", "D3.1")
SOON = PICKUP.date() - timedelta(days=1)
EVERYWHERE = col(Notice.state) == NoticeState.SENT, col(Notice.kind).in_(EDITED)


async def test_what_was_pressed_is_edited_first_and_the_rest_is_left_when_the_bot_ends(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(FORM)
        await until(small, MONDAY + timedelta(hours=1))
        await mark_stale(small, rendered="")
        sent = [n for n in await small.all(Notice, state=NoticeState.SENT) if n.stale_since is not None]
        oldest = min(sent, key=lambda notice: notice.sent_at)
        assert len(sent) > 1
        line, pressed = Slack(small.slack, channel_seconds=0, workspace_seconds=1), Pressed()
        delivery = Delivery(small.office, Readers(CATALOGS), line, pressed=pressed)
        before_us = [asyncio.create_task(line.edit_turn()) for _ in range(30)]
        await asyncio.sleep(0)  # they take their places in the line
        small.slack.edits.clear()
        pressed.note("T1:U1", Posted(oldest.slack_channel, oldest.slack_ts))

        await delivery.start_due()
        while not small.slack.edits:
            await delivery.finish_one()
        await delivery.finish()

        assert small.slack.edits == {oldest.slack_ts: 1}
        left = [n for n in await small.all(Notice, state=NoticeState.SENT) if n.stale_since is not None]
        assert {n.id for n in left} == {n.id for n in sent} - {oldest.id}
        assert not list(pressed.messages), "the next press counts anew"
        for waiting in before_us:
            waiting.cancel()


async def test_messages_that_read_as_before_are_written_down_together(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(FORM)
        await until(small, MONDAY + timedelta(hours=1))
        sent = [n for n in await small.all(Notice, state=NoticeState.SENT) if n.kind in EDITED]
        assert len(sent) > 1
        small.clock.at += EDITS_EVERY
        await mark_stale(small)
        small.slack.edits.clear()
        with statements() as asked:
            await Delivery(small.office, Readers(CATALOGS), Slack(small.slack)).deliver_due()

        assert not small.slack.edits
        assert not [n for n in await small.all(Notice, state=NoticeState.SENT) if n.stale_since is not None]
        assert len([sql for sql, _ in asked if sql.startswith("UPDATE notice SET") and "stale_since" in sql]) == 1


async def test_all_that_changed_is_shown_also_where_it_is_more_than_is_edited_at_once(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(FORM)
        await until(small, MONDAY + timedelta(hours=1))
        sent = [n for n in await small.all(Notice, state=NoticeState.SENT) if n.kind in EDITED]
        at_once = 1
        assert len(sent) > at_once
        small.clock.at += EDITS_EVERY
        await mark_stale(small, rendered="")
        small.slack.edits.clear()
        line = Slack(small.slack, channel_seconds=0, workspace_seconds=0)

        await Delivery(small.office, Readers(CATALOGS), line, at_once=at_once).deliver_due()

        assert small.slack.edits == {n.slack_ts: 1 for n in sent}


async def test_what_was_just_looked_at_is_left_for_a_second_and_the_bot_sleeps_until_then(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(FORM)
        await until(small, MONDAY + timedelta(hours=1))
        delivery = Delivery(small.office, Readers(CATALOGS), Slack(small.slack))
        await delivery.deliver_due()
        looked_at = small.clock.at
        small.clock.at += EDITS_EVERY / 4
        async with small.database.write(announced=False) as session:
            await session.exec(update(Notice).where(*EVERYWHERE).values(stale_since=small.clock.now()))

        assert not await delivery.start_due()
        look = await delivery.next_look()
        assert look is not None
        assert abs(look - (looked_at + EDITS_EVERY)) < timedelta(milliseconds=1)
        small.clock.at = look + timedelta(milliseconds=1)
        assert await delivery.start_due()
        await delivery.finish()


def test_who_waited_for_others_in_the_workspace_keeps_a_second_in_their_own_conversation() -> None:
    """Their turns in the conversation came one by one; all of them stood in the line of the workspace meanwhile."""

    async def moments() -> list[float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, PassingLoop)
        begin, left, loop.hurries = loop.time(), list[float](), True
        line = Slack(AsyncWebClient(), channel_seconds=1, workspace_seconds=0.2, workspace_burst=1)

        async def of_chen() -> None:
            await line.turn("U04CHEN", 600)
            left.append(loop.time() - begin)

        crowd = [line.turn(f"U{number}", 600) for number in range(100)]
        await asyncio.gather(*crowd, *(of_chen() for _ in range(10)))
        return left

    with asyncio.Runner(loop_factory=PassingLoop) as runner:
        left = runner.run(moments())
    assert 19 < left[0] < 21, "behind a hundred others"
    at_once = 3
    for place, moment in enumerate(left[at_once:], at_once):
        assert moment >= left[0] + place - at_once + 1 - 0.01, left
    assert left[-1] < left[0] + 10, "and no later than that takes"


def test_who_has_less_time_goes_before_all_who_wait_for_the_workspace() -> None:
    """What is of use for a day never holds up what is of use for ten minutes, however much of it came before."""

    async def order() -> list[str]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, PassingLoop)
        left, loop.hurries = list[str](), True
        line = Slack(AsyncWebClient(), channel_seconds=1, workspace_seconds=0.2, workspace_burst=1)

        async def leaves(to: str, urgency: float) -> None:
            await line.turn(to, 600 if urgency else 1, urgency)
            left.append(to)

        crowd = [asyncio.create_task(leaves(f"U{number}", 86_400.0)) for number in range(50)]
        await crowd[4]
        await asyncio.gather(leaves("U04CHEN", 0.0), *crowd)
        return left

    with asyncio.Runner(loop_factory=PassingLoop) as runner:
        left = runner.run(order())
    assert left.index("U04CHEN") < 8, "after those that had left when it came"
    left.remove("U04CHEN")
    assert left == [f"U{number}" for number in range(50)], "the others in the order in which they came"


LASTS = 20.0
"""Seconds that a claim leaves for waiting."""


@dataclass
class Office:
    """Sends as `Sending` does: claims, waits for its turn, begins anew where that does not come in time."""

    slow: tuple[float, float] = (0.0, 0.0)
    """From when to when Slack answers nothing."""
    sent: list[tuple[float, str]] = field(default_factory=list)
    line: Slack = field(default_factory=lambda: Slack(AsyncWebClient()))
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(16))

    def live(self, *waiting: tuple[str, float, float], seconds: float) -> list[tuple[float, str]]:
        """`waiting`: to whom, by when it is of use, from when on. What was sent within so many seconds, and when."""

        async def everybody() -> None:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, PassingLoop)
            loop.hurries, self.begins = True, loop.time()
            tasks = [asyncio.create_task(self._send(*one)) for one in waiting]
            await asyncio.sleep(seconds)
            for task in tasks:
                task.cancel()

        with asyncio.Runner(loop_factory=PassingLoop) as runner:
            runner.run(everybody())
        return self.sent

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time() - self.begins

    async def _send(self, to: str, urgency: float, since: float) -> None:
        await asyncio.sleep(since)
        while True:
            until = self.now + LASTS
            try:
                await self.line.turn(to, LASTS, urgency)
                async with self.places:
                    await self.line.leave(until - self.now)
                    if self.now > until:
                        continue
                    begin, end = self.slow
                    await asyncio.sleep(end - self.now if begin <= self.now < end else 0.1)
                self.sent.append((self.now, to))
                return
            except TurnFarOff as far:
                await asyncio.sleep(far.seconds)


def test_a_crowd_elsewhere_leaves_nobody_without_a_turn_for_good() -> None:
    """Two hundred wait for one person, and once sixty that are more urgent go to others: those waited longer behind
    each other than their claims lasted, all of them took their turns in vain, and none went out any more."""
    of_chen = [("U04CHEN", 86_400.0, 0.0)] * 200
    others = [(f"U{number}", 0.0, 5.0) for number in range(60)]
    sent = Office().live(*of_chen, *others, seconds=240)
    moments = [at for at, to in sent if to == "U04CHEN"]
    assert len(moments) == len(of_chen)
    assert moments[-1] < 215, "one a second, but for the time of the others"


def test_after_slack_was_slow_a_long_line_moves_on() -> None:
    """A thousand wait for a workspace whose Slack answers nothing for half a minute: who was in a place when it ended
    was late, and so were all who came after them."""
    waiting = [(f"U{number}", 86_400.0, 0.0) for number in range(1_000)]
    sent = Office(slow=(20.0, 50.0)).live(*waiting, seconds=280)
    assert len(sent) == len(waiting)


async def test_what_is_of_use_for_a_shorter_time_leaves_before_what_was_claimed_already(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        for _ in range(12):
            await small.open_visit(FORM)
        line = Slack(small.slack, channel_seconds=0, workspace_seconds=0.03, workspace_burst=1)
        delivery = Delivery(small.office, Readers(CATALOGS), line, at_once=16)
        assert await delivery.start_due()
        urgent = await small.open_visit(replace(FORM, arrival_date=SOON, departure_date=FORM.arrival_date))
        await delivery.deliver_due()

        (card,) = await small.all(Notice, visit_id=urgent.key, kind=NoticeKind.CARD)
        sent = {notice.id: notice for notice in await small.all(Notice, state=NoticeState.SENT)}
        order = [post.notice for post in small.slack.posts]
        behind = [sent[notice] for notice in order[order.index(card.id) + 1 :]]
        assert len(behind) > 10, "though all of these came before it"
        assert all(notice.useful_until >= card.useful_until for notice in behind)


async def mark_stale(small: SmallOffice, **otherwise: str) -> None:
    """Every message that shows the present state may show something else now."""
    async with small.database.write() as session:
        await session.exec(update(Notice).where(*EVERYWHERE).values(stale_since=small.clock.now(), **otherwise))


async def test_a_press_is_known_to_the_delivery(database_url: str) -> None:
    """A button that only opens a window: the message is remembered until it is edited."""
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        card = office.card()
        await office.lina.press(card, action_id="show_visit")
        assert [message.ts for message in office.visita.desk.pressed.messages] == [card["ts"]]


def test_only_so_many_are_remembered() -> None:
    pressed = Pressed()
    for number in range(REMEMBERED + 1):
        pressed.note(f"T1:U{number}", Posted("D1", str(number)))
    assert len(pressed.messages) == REMEMBERED
    assert Posted("D1", "0") not in pressed
    assert Posted("D1", "1") in pressed
