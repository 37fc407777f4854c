"""From a notice to its message: one builder for each kind, as it should read at this moment."""

from typing import TypeVar

from bot.errors import OutOfDate
from bot.i18n import escape
from bot.messages import blocks, cards, changes, reminders, requests, threads, words
from bot.messages.blocks import Message
from bot.messages.reading import Reading
from bot.models.bookings import Booking
from bot.models.notices import Notice, NoticeKind, Record
from bot.models.visits import Stop

Found = TypeVar("Found")


def render(reading: Reading, notice: Notice, *, record: Record | None = None, is_outdated: bool = False) -> Message:
    """The message of a notice now. `is_outdated`: it was sent, and what it told no longer holds.

    Raises OutOfDate where what the notice is about is gone.
    """
    picture = reading.picture
    match NoticeKind(notice.kind):
        case NoticeKind.REMINDER:
            return reminders.reminder(reading, notice, _there(picture.stop(notice.stop_id)), is_outdated=is_outdated)
        case NoticeKind.VEHICLE_REQUEST:
            return requests.vehicle_request(reading, notice, *_request(reading, notice))
        case NoticeKind.DRIVER_REQUEST:
            return requests.driver_request(reading, notice, *_request(reading, notice))
        case NoticeKind.LEADER_REQUEST:
            return requests.leader_request(reading, notice, *_request(reading, notice))
        case NoticeKind.VEHICLE_ANSWER | NoticeKind.LEADER_ANSWER:
            return requests.answer(reading, notice, _there(picture.booking(notice.booking_id)))
        case NoticeKind.DECLARATION:
            wanted = notice.payload["declaration"]
            declared = _there(next((d for d in picture.declarations if d.id == wanted), None))
            return reminders.declaration(reading, declared, _there(picture.stop(declared.stop_id)))
        case NoticeKind.CHANGE:
            return changes.change(reading, notice)
        case NoticeKind.UNDELIVERED:
            return undelivered(reading, notice)
        case NoticeKind.CARD:
            return cards.card(reading)
        case NoticeKind.THREAD:
            return threads.entry(reading, _there(record))


def undelivered(reading: Reading, notice: Notice) -> Message:
    """To the lead host: somebody could not be told, and what it was about."""
    t = reading.t
    stop = reading.picture.stop(notice.stop_id)
    name = reading.name(notice.payload["person"])
    title = t.pgettext("undelivered.header", "Couldn't reach {name}", name=name)
    body = t.rich.gettext("Please reach {name} another way: the message could not be delivered.", name=name)
    details = [
        (t.gettext("For"), escape(words.stop_name(t, stop) if stop else "")),
        (t.gettext("Time"), escape(reading.moment(stop.starts_at) if stop else "")),
        (t.gettext("Guests"), escape(words.guests(t, reading.picture.visit))),
        (t.gettext("Contact"), words.person(t, reading.person(notice.payload["person"]))),
    ]
    alone = t.gettext("{title}. {guests}", title=title, guests=words.guests(t, reading.picture.visit))
    return Message(alone, (blocks.header(title), *blocks.fields(details), blocks.section(body)))


def _request(reading: Reading, notice: Notice) -> tuple[Booking, Stop]:
    return _there(reading.picture.booking(notice.booking_id)), _there(reading.picture.stop(notice.stop_id))


def _there(found: Found | None) -> Found:
    if found is None:
        raise OutOfDate
    return found
