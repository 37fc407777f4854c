"""Whose turn it is to be edited: where somebody pressed before others; nobody's any more when the bot ends."""

import asyncio
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from bot.models.notices import Notice, NoticeState
from bot.services.delivery import Delivery
from bot.services.pressed import REMEMBERED, Pressed
from bot.services.reading import Readers
from bot.services.reconcile import EDITED
from bot.slack import Posted, Slack
from tests.classic import only
from tests.reception import reception
from tests.small_office import CATALOGS, small_office
from tests.test_reconcile import FORM, MONDAY, until

BOOK = only("A7", "C1", "B6", "D1.2", "D3.1")


async def test_what_was_pressed_is_edited_first_and_the_rest_is_left_when_the_bot_ends(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(FORM)
        await until(small, MONDAY + timedelta(hours=1))
        everywhere = col(Notice.state) == NoticeState.SENT, col(Notice.kind).in_(EDITED)
        async with small.database.write() as session:
            await session.exec(update(Notice).where(*everywhere).values(stale_since=small.clock.now(), rendered=""))
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
