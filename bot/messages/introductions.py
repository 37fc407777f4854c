"""The introduction list (E2): hosts first, then guests, each from the highest rank down. Guests may read it."""

from bot.i18n import Mrkdwn, bold, escape, join
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.ids import ViewId
from bot.messages.reading import Reading
from bot.procedure.introductions import guests, hosts

_SHOWN = 30
"""Guests on a run sheet; the window has all of them."""
_SECTION = 2900
"""Characters."""


def window(reading: Reading) -> Block:
    """The list in a window of its own, with everybody on it."""
    t = reading.t
    parts: list[list[Mrkdwn]] = [[]]
    for line in _lines(reading, len(reading.picture.guests)):
        if sum(len(known.text) + 1 for known in parts[-1]) + len(line.text) > _SECTION:
            parts.append([])
        parts[-1].append(line)
    return blocks.modal(
        ViewId.NOTHING,
        t.pgettext("modal.title", "Introductions"),
        [blocks.section(join("\n", part)) for part in parts],
        close=t.pgettext("modal.close", "Close"),
    )


def text(reading: Reading) -> Mrkdwn:
    """Who is introduced in which order, and how a first meeting goes."""
    return join("\n", _lines(reading, _SHOWN))


def _lines(reading: Reading, most: int) -> list[Mrkdwn]:
    t, picture, visit = reading.t, reading.picture, reading.picture.visit
    named = [_titled(reading, guest.name, guest.title) for guest in guests(picture)]
    hidden = len(named[most:])
    lines = [
        bold(t.gettext("Introductions: hosts first, then guests")),
        *_numbered([_titled(reading, person.name, person.title) for person in hosts(picture)]),
        bold(visit.company),
        *_numbered(named[:most] or [_titled(reading, visit.guest_name, visit.guest_title)]),
        *(
            [t.rich.ngettext("and {count} more guest", "and {count} more guests", hidden, count=hidden)]
            if hidden
            else ()
        ),
        t.rich.gettext("{name} speaks first and states the subject.", name=picture.lead_host.name),
        t.rich.gettext("Order of a first meeting: film, showroom, presentation, talks."),
    ]
    if not visit.is_new_client:
        lines.append(t.rich.gettext("For guests who know everybody, introductions can be left out."))
    return lines


def _numbered(names: list[str]) -> list[Mrkdwn]:
    return [escape(f"{place}. {name}") for place, name in enumerate(names, 1)]


def _titled(reading: Reading, name: str, title: str) -> str:
    if not title:
        return name
    return reading.t.pgettext("guest.titled", "{guest}, {title}", guest=name, title=title)
