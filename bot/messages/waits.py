"""What waits for a person's answer, with its buttons; and in a visit's window, who was asked in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.i18n import Mrkdwn, Translator, bold, escape, join
from bot.messages import blocks, ledger, requests, words
from bot.messages.answering import answering
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import VisitRef
from bot.messages.reading import Reading
from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.notices import Notice

SHOWN = 15


@dataclass(frozen=True)
class Item:
    """One question that waits for the reader: a notice or a request, and until when it is to be answered."""

    reading: Reading
    by: datetime
    notice: Notice | None = None
    booking: Booking | None = None


def items(t: Translator, waiting: Sequence[Item]) -> list[Block]:
    """Each with its deadline and its buttons, the most urgent first; or that there is nothing."""
    if not waiting:
        return [blocks.context(t.rich.gettext("Nothing is waiting for you."))]
    content = [block for item in waiting[:SHOWN] for block in _item(item)]
    hidden = len(waiting) - SHOWN
    if hidden > 0:
        more = t.rich.npgettext("open", "and {count} more", "and {count} more", hidden, count=hidden)
        content.append(blocks.context(more))
    return content


def message(t: Translator, waiting: Sequence[Item]) -> Message:
    """The same as the answer to a command."""
    title = t.pgettext("home.header", "Waiting for me")
    return Message(title, (blocks.header(title), *items(t, waiting)))


def _item(item: Item) -> list[Block]:
    reading, t = item.reading, item.reading.t
    guests = escape(words.guests(t, reading.picture.visit))
    deadline = t.rich.pgettext("waiting", "By {moment}", moment=reading.moment(item.by))
    details = t.pgettext("visit.button", "Details")
    button = blocks.button(details, Action.SHOW_VISIT, VisitRef(reading.picture.visit.key).pack())
    if item.booking is not None:
        what = requests.status(reading, item.booking)
        is_said = item.booking.kind == BookingKind.REQUEST and item.booking.state == BookingState.REQUESTED
        return [blocks.section(join("\n", [what, guests if is_said else join(" · ", [deadline, guests])]), button)]
    assert item.notice is not None, "a request or a notice"
    stop = reading.picture.stop(item.notice.stop_id)
    what = bold(ledger.subject(reading, item.notice))
    is_of_another_time = stop is not None and stop.starts_at != item.by
    moment = escape(reading.moment(stop.starts_at)) if stop is not None and is_of_another_time else Mrkdwn("")
    lines = [join(" · ", [part for part in (what, moment) if part]), join(" · ", [deadline, guests])]
    return [
        blocks.section(join("\n", lines), button),
        *(answering(reading, item.notice, stop) if stop is not None else []),
    ]


@dataclass(frozen=True)
class InVain:
    """A question that was asked more than once and is open: by which notice first, of whom, how often."""

    first: Notice
    people: Sequence[int]
    deputies: Sequence[int]
    times: int


def in_window(reading: Reading, silent: Sequence[InVain]) -> list[Block]:
    """A line for each question that was asked in vain so far."""
    lines = [_in_vain(reading, one) for one in silent[:SHOWN]]
    return [blocks.section(join("\n", lines))] if lines else []


def _in_vain(reading: Reading, silent: InVain) -> Mrkdwn:
    t = reading.t.rich
    since = reading.moment(silent.first.sent_at or silent.first.due_at)
    people = reading.t.list([reading.name(person) for person in silent.people])
    asked = t.npgettext(
        "silence",
        ":hourglass_flowing_sand: {what}: {people} asked {count} time since {moment}",
        ":hourglass_flowing_sand: {what}: {people} asked {count} times since {moment}",
        silent.times,
        what=ledger.subject(reading, silent.first),
        people=people,
        count=silent.times,
        moment=since,
    )
    if not silent.deputies:
        return asked
    deputies = reading.t.list([reading.name(person) for person in silent.deputies])
    return t.pgettext("silence", "{asked}; also asked: {deputies}", asked=asked, deputies=deputies)
