"""The introduction list (E2): hosts first, then guests, each from the highest rank down. Guests may read it."""

from bot.i18n import Mrkdwn, bold, escape, join
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.ids import ViewId
from bot.messages.reading import Reading
from bot.procedure.introductions import guests, hosts

_SHOWN = 30


def window(reading: Reading) -> Block:
    """The list in a window of its own."""
    t = reading.t
    return blocks.modal(
        ViewId.NOTHING,
        t.pgettext("modal.title", "Introductions"),
        [blocks.section(text(reading))],
        close=t.pgettext("modal.close", "Close"),
    )


def text(reading: Reading) -> Mrkdwn:
    """Who is introduced in which order, and how a first meeting goes."""
    t, picture, visit = reading.t, reading.picture, reading.picture.visit
    named = [_titled(reading, guest.name, guest.title) for guest in guests(picture)[:_SHOWN]]
    lines = [
        bold(t.gettext("Introductions: hosts first, then guests")),
        *_numbered([_titled(reading, person.name, person.title) for person in hosts(picture)[:_SHOWN]]),
        bold(visit.company),
        *_numbered(named or [_titled(reading, visit.guest_name, visit.guest_title)]),
        t.rich.gettext("{name} speaks first and states the subject.", name=picture.lead_host.name),
        t.rich.gettext("Order of a first meeting: film, showroom, presentation, talks."),
    ]
    if not visit.is_new_client:
        lines.append(t.rich.gettext("For guests who know everybody, introductions can be left out."))
    return join("\n", lines)


def _numbered(names: list[str]) -> list[Mrkdwn]:
    return [escape(f"{place}. {name}") for place, name in enumerate(names, 1)]


def _titled(reading: Reading, name: str, title: str) -> str:
    if not title:
        return name
    return reading.t.pgettext("guest.titled", "{guest}, {title}", guest=name, title=title)
