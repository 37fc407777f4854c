"""What `/visit log` says of messages that are not out yet: why, and nothing that did not happen."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.messages import ledger
from bot.models.notices import HELD, Notice, NoticeKind, NoticeState
from bot.models.visits import Visit
from bot.services.delivery import Delivery
from bot.services.pictures import read_picture
from bot.services.reading import Readers
from tests.small_office import CATALOGS, LINA, LIU, SmallOffice, small_office
from tests.test_queue import Removed, Slow
from tests.test_together import DUE, FORM, MONDAY, PREPARED
from tests.visible import visible

DONE, WAITS, TOGETHER = ":white_check_mark:", ":hourglass_flowing_sand:", "in one message with others"


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    """All that was due before is out; then it is nine, and several things are due."""
    async with small_office(database_url, MONDAY, rulebook=PREPARED) as small:
        await small.open_visit(FORM)
        await small.settle()
        small.clock.at = DUE - timedelta(minutes=1)
        await small.settle()
        small.clock.at = DUE
        yield small


async def lines(small: SmallOffice) -> list[str]:
    """What the log says of what fell due at nine."""
    (visit,) = await small.all(Visit)
    async with small.database.read() as session:
        picture = await read_picture(session, visit)
    reading = Readers(CATALOGS).reading(picture, (await small.actor(LIU)).person, small.clock.at)
    rows = [row for row in await small.all(Notice) if row.due_at >= DUE]
    shown = visible(ledger.ledger(reading, rows, []).as_arguments())
    return [line for text in shown for line in text.splitlines() if line.startswith(":")]


async def test_nothing_is_shown_as_sent_while_slack_is_away(small: SmallOffice) -> None:
    small.slack.trouble = ["unheard"] * 1000
    for _ in range(5):
        await small.delivery.deliver_due()
        small.clock.at += timedelta(minutes=1)
    assert await small.all(Notice, state=NoticeState.MERGED)

    said = await lines(small)

    assert not [line for line in said if DONE in line]
    parts = [line for line in said if TOGETHER in line]
    assert parts
    for part in parts:
        assert part.startswith(WAITS)
        assert f"{TOGETHER}, not out yet: Slack did not say whether it arrived" in part


async def test_slack_says_nothing_where_it_cannot_be_reached(small: SmallOffice) -> None:
    small.slack.trouble = ["unreachable"] * 1000
    await small.delivery.deliver_due()

    said = await lines(small)

    assert any("not out yet: Slack could not be reached" in line for line in said)
    assert not [line for line in said if "Slack says" in line]


async def test_what_is_due_and_was_not_tried_waits_for_its_turn(small: SmallOffice) -> None:
    small.clock.at += timedelta(minutes=2)
    said = await lines(small)
    assert said
    assert all(line.startswith(WAITS) and line.endswith("not out yet: it waits for its turn") for line in said)


async def test_what_slack_takes_no_more_of_waits_for_its_turn(small: SmallOffice) -> None:
    await Delivery(small.office, Readers(CATALOGS), Slow(small), at_once=1).deliver_due()
    small.clock.at += timedelta(minutes=2)

    said = await lines(small)

    assert [line for line in said if DONE in line], "one was taken"
    assert any(f"{TOGETHER}, not out yet: it waits for its turn" in line for line in said)
    assert not [line for line in said if "Slack says" in line]


async def test_what_is_held_says_that_the_bot_is_not_there(small: SmallOffice) -> None:
    await Delivery(small.office, Readers(CATALOGS), Removed(), at_once=1).deliver_due()
    assert [row for row in await small.all(Notice) if row.reason in HELD]
    assert all("not out yet: Visita was not installed" in line for line in await lines(small))


async def test_what_arrived_together_is_shown_as_sent(small: SmallOffice) -> None:
    await small.settle()
    (lina,) = await small.all(Notice, person_id=(await small.actor(LINA)).id, kind=NoticeKind.SHORT_NOTICE)
    said = await lines(small)
    assert lina.state == NoticeState.SENT
    assert all(line.startswith(DONE) for line in said if TOGETHER in line)
    assert [line for line in said if TOGETHER in line]
