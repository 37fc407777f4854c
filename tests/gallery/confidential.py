"""Confidential visits: what a channel, a lock screen and the board say of them."""

from collections.abc import Iterator

from bot.messages import boards
from bot.messages.blocks import Message
from bot.messages.boards import Day
from bot.messages.notices import render
from bot.models.notices import NoticeKind, Record, RecordKind
from bot.procedure.vocabulary import Answer, To
from tests.samples import DRIVER, HOST, PICKUP, Scene, at, notice, reminder_to


def confidential(scene: Scene) -> Iterator[tuple[str, Message]]:
    """In the channel, in somebody's messages, on the board."""
    picture = scene.picture(is_confidential=True)
    channel, driver = scene.reading(picture, None), scene.reading(picture, DRIVER, now=at(5, 13))
    yield "card", render(channel, notice(NoticeKind.CARD, None))
    record = Record(id=1, visit_id=1, person_id=HOST, at=at(3, 9), kind=RecordKind.CHANGED)
    yield "thread", render(channel, notice(NoticeKind.THREAD, None), record=record)
    yield "reminder", render(driver, reminder_to(To.DRIVER, Answer.ON_MY_WAY, DRIVER, PICKUP))
    for count in (1, boards.WHOLE + 2):
        readings = [scene.reading(picture, None, now=at(5, 9))] * count
        yield f"board, {count}", boards.board(Day(scene.t(), at(5, 0).date(), readings))
    yield "board of somebody who is named", boards.board(Day(scene.t(), at(5, 0).date(), [driver]))
