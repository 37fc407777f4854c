"""Confidential visits: what a lock screen and a channel say of them, which is when, and nothing of who comes."""

from collections.abc import Callable
from dataclasses import replace

from bot.i18n import Mrkdwn, Translator, escape
from bot.messages import blocks
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import VisitRef
from bot.messages.reading import Reading
from bot.models.visits import Stop, Visit


def in_channel(reading: Reading) -> Message:
    """All that a channel is told: that there is such a visit, and a door for those who are named in it."""
    t, visit = reading.t, reading.picture.visit
    today = reading.now.astimezone(reading.venue).date()
    first = t.day(visit.arrives_at.astimezone(reading.venue).date(), today=today)
    title = t.pgettext("card.header", "Confidential visit, {date}", date=first)
    door = blocks.button(t.pgettext("visit.button", "Details"), Action.SHOW_VISIT, VisitRef(visit.key).pack())
    text = t.gettext("Only those who are named in it see more.")
    return Message(title, (blocks.header(title), blocks.context(escape(text)), blocks.actions(door)))


def mark(t: Translator) -> Block:
    """For whoever is named in it: that others are not to hear of it."""
    return blocks.context(
        t.rich.gettext(":lock: Confidential: please speak of this visit only with those who take part in it.")
    )


def marked(visit: Visit, title: Mrkdwn) -> Mrkdwn:
    """A line among others, with a sign where others are not to hear of this one."""
    return Mrkdwn(":lock: ") + title if visit.is_confidential else title


def on_lock_screen(reading: Reading, message: Message, build: Callable[[Reading], Message]) -> Message:
    """The message, with a line for the lock screen that names nobody; `build` makes it for another reading."""
    t, visit = reading.t, reading.picture.visit
    nameless = build(_without_names(reading))
    title = next((block["text"]["text"] for block in nameless.blocks if block["type"] == "header"), nameless.text)
    alone = t.gettext("{title} (confidential visit {reference})", title=title, reference=visit.reference)
    after = next((number for number, block in enumerate(message.blocks, 1) if block["type"] == "header"), 0)
    return Message(alone, (*message.blocks[:after], mark(t), *message.blocks[after:]))


def _without_names(reading: Reading) -> Reading:
    """The same before a visit of which nothing is known but when it is."""
    picture, nameless = reading.picture, reading.t.gettext("confidential visit")
    names = {"company": nameless, "guest_name": nameless, "guest_title": "", "contact_name": "", "contact_phone": ""}
    visit = Visit(**picture.visit.model_dump() | names | {"is_confidential": False})
    blank = {"place": "", "room": "", "subject": "", "route": "", "plate": ""}
    stops = tuple(Stop(**stop.model_dump() | blank) for stop in picture.stops)
    return replace(reading, picture=replace(picture, visit=visit, stops=stops, guests=(), client=None))
