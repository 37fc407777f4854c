"""A driver who was named for one stop and is needed elsewhere at its new time: what the lead host reads."""

from collections.abc import Sequence
from datetime import datetime

from bot.errors import OutOfDate
from bot.i18n import Mrkdwn, bold, escape
from bot.messages import blocks, words
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import StopRef
from bot.messages.reading import Reading
from bot.models.notices import Notice
from bot.models.roles import Part
from bot.models.visits import Stop


def unnamed(reading: Reading, notice: Notice, stop: Stop) -> Message:
    """Who was taken off, which stop, why, and who drives now; with a way to name somebody else.

    OutOfDate where the stop no longer takes place.
    """
    t, told = reading.t, notice.payload
    if stop.is_removed or not reading.picture.visit.is_open:
        raise OutOfDate
    guests, moment = words.guests(t, reading.picture.visit), reading.moment(stop.starts_at)
    title = t.pgettext(
        "driver.header",
        "{driver} can't drive: {item}",
        driver=reading.name(told["driver"]),
        item=words.stop_inline(t, stop),
    )
    text = t.rich.gettext(
        "{driver} was to drive the guests, but drives for another visit at the new time and was taken off this stop.",
        driver=reading.name(told["driver"]),
    )
    elsewhere = words.one_line(told["reference"], told["company"], _span(reading, told["held"]))
    pairs = [
        (t.gettext("For"), bold(words.stop_name(t, stop))),
        (t.gettext("Time"), escape(moment)),
        (t.gettext("On the road"), escape(_span(reading, told["road"]))),
        (t.gettext("Drives instead for"), elsewhere),
        (t.gettext("Guests"), escape(guests)),
    ]
    content = (blocks.header(title), blocks.section(text), *blocks.fields(pairs), *_who_drives_now(reading, stop))
    alone = t.pgettext("driver.alone", "{title}, {moment}. {guests}", title=title, moment=moment, guests=guests)
    return Message(alone, content)


def _span(reading: Reading, moments: Sequence[str]) -> str:
    begins, ends = (datetime.fromisoformat(moment) for moment in moments)
    return reading.t.span(begins, ends, reading.venue, now=reading.now)


def _who_drives_now(reading: Reading, stop: Stop) -> list[Block]:
    """Whoever has been named meanwhile; else the visit's own driver, unless another is named."""
    t, driver = reading.t, reading.picture.driver_at(stop)
    if driver is not None and reading.picture.stop_parts.get((stop.key, Part.DRIVER)):
        return [blocks.context(t.rich.gettext(":white_check_mark: {name} drives now.", name=driver.name))]
    if driver is None:
        text: Mrkdwn = t.rich.gettext("Nobody is named to drive now. Please name somebody.")
    else:
        text = t.rich.gettext(
            "{name}, the driver of this visit, drives now unless you name somebody else.", name=driver.name
        )
    label = t.pgettext("driver.button", "Name another driver")
    press = blocks.button(label, Action.NAME_DRIVER, StopRef(stop.key).pack(), style="primary")
    return [blocks.section(text), blocks.actions(press)]
