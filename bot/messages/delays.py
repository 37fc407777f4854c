"""What whoever told of a delay of the guests' arrival is answered (E4)."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.i18n import Mrkdwn, join
from bot.messages import blocks, bookings, cards, confidential, feasibility, words
from bot.messages.blocks import Message
from bot.messages.reading import Reading
from bot.models.visits import Stop
from bot.procedure.delays import Moved
from bot.procedure.picture import Picture


def moved(reading: Reading, delay: Moved, before: Picture) -> Message:
    """What has moved and what does not fit any more, and nothing of the rest: that stands behind "Details".

    `before`: the visit as it was without the delay.
    """
    t, (arrival, was) = reading.t, delay.stops[0]
    title = _title(reading, delay.by)
    content = [blocks.header(title), *([confidential.mark(t)] if reading.picture.visit.is_confidential else [])]
    content.append(blocks.section(join("\n", [_stop(reading, *stop) for stop in delay.stops])))
    if delay.asked_again:
        what = bookings.names(reading, delay.asked_again)
        text = t.rich.pgettext("delay", "These answers no longer hold and are asked for again: {what}", what=what)
        content.append(blocks.section(text))
    arising = feasibility.arising_in(replace(reading, picture=before), reading.picture)
    if arising:
        content.append(blocks.section(join("\n", arising)))
    name, (old, new) = words.stop_name(t, arrival), _times(reading, arrival, was)
    alone = t.pgettext("delay.alone", "{title}. {stop}: {old} → {new}", title=title, stop=name, old=old, new=new)
    return Message(alone, (*content, blocks.actions(cards.details(reading))))


def _title(reading: Reading, by: timedelta) -> str:
    """Which visit it is, and by how much it moved."""
    t, visit = reading.t, reading.picture.visit
    reference, company, duration = visit.reference, visit.company, t.ahead(abs(by))
    if by < timedelta(0):
        return t.pgettext(
            "delay.header",
            "{reference} {company}: {duration} earlier",
            reference=reference,
            company=company,
            duration=duration,
        )
    return t.pgettext(
        "delay.header",
        "{reference} {company}: {duration} later",
        reference=reference,
        company=company,
        duration=duration,
    )


def _stop(reading: Reading, stop: Stop, was: datetime) -> Mrkdwn:
    old, new = _times(reading, stop, was)
    icon, name = Mrkdwn(words.stop_icon(stop)), words.stop_name(reading.t, stop)
    return reading.t.rich.pgettext("delay", "{icon} *{name}*: {old} → *{new}*", icon=icon, name=name, old=old, new=new)


def _times(reading: Reading, stop: Stop, was: datetime) -> tuple[str, str]:
    """When a stop was to begin and when it does; the day is said once where it stays the same at the venue."""
    days = {moment.astimezone(reading.venue).date() for moment in (was, stop.starts_at)}
    new = reading.t.time(stop.starts_at, reading.venue) if len(days) == 1 else reading.moment(stop.starts_at)
    return reading.plain_moment(was), new
