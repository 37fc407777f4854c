"""Everything that falls due for one person at the same moment in one message, the most urgent first (G4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.errors import OutOfDate
from bot.i18n import Mrkdwn, bold, escape, join
from bot.messages import blocks, words
from bot.messages.blocks import Block, Message
from bot.messages.reading import Reading
from bot.models.notices import Notice, NoticeKind

_NEW = timedelta(minutes=5)
"""What comes later does not come with the visit, but with its approval or a change."""
_MOST_BLOCKS = 47
"""Of the 50 that Slack takes: that some are left out, in whose place it is read, and that it is secret may follow."""
_MOST_LETTERS = 12_500
"""Slack refuses messages whose blocks hold some 13,000 altogether."""
_CONDENSED = (NoticeKind.DUTY, NoticeKind.REMINDER, NoticeKind.REQUEST, NoticeKind.SILENCE)
"""Their facts stand in a line or two, without those that are read above anyway; of the others as they are."""


def short_notice(reading: Reading, notice: Notice, parts: Sequence[tuple[Notice, Message]]) -> Message:
    """What each of `parts` would say alone, shortened to title, facts, request and buttons; Slack takes 50 blocks.

    Raises OutOfDate where nothing is left to say.
    """
    if not parts:
        raise OutOfDate
    t, visit = reading.t, reading.picture.visit
    guests = words.guests(t, visit)
    if notice.payload.get("is_late"):
        title = t.pgettext("short.header", "Short notice: {company}", company=visit.company)
        text = t.rich.gettext("These are due already, the most urgent first.")
    elif notice.payload.get("is_due"):
        title = t.pgettext("short.header", "Your part: {company}", company=visit.company)
        text = t.rich.gettext("This is due now, the most urgent first.")
    else:
        is_new = notice.created_at < visit.opened_at + _NEW
        title = t.pgettext("short.header", "Your part: {company}", company=visit.company)
        if is_new:
            title = t.pgettext("short.header", "New visit: {company}", company=visit.company)
        text = t.rich.gettext("This is your part for now, the most urgent first.")
    stay = t.span(visit.arrives_at, visit.departs_at, reading.venue, now=reading.now)
    above = join(" · ", [words.one_line(guests, stay), _host(reading)])
    content: list[Block] = [blocks.header(title), blocks.section(text), blocks.context(above)]
    hidden = 0
    for part, message in sorted(parts, key=lambda pair: _urgency(reading, pair[0])):
        shown = _shortened(part, message, above)
        if len(content) + len(shown) > _MOST_BLOCKS or _letters([*content, *shown]) > _MOST_LETTERS:
            hidden += 1
        else:
            content += shown
    if hidden:
        more = t.rich.ngettext(
            "and {count} more: see the visit.", "and {count} more: see the visit.", hidden, count=hidden
        )
        content.append(blocks.context(more))
    alone = t.npgettext(
        "short.alone",
        "{title}, {count} thing to do. {guests}",
        "{title}, {count} things to do. {guests}",
        len(parts),
        title=title,
        count=len(parts),
        guests=guests,
    )
    return Message(alone, tuple(content))


def _letters(node: object) -> int:
    """How much text blocks hold."""
    if isinstance(node, dict):
        return sum(len(v) if name == "text" and isinstance(v, str) else _letters(v) for name, v in node.items())
    return sum(_letters(one) for one in node) if isinstance(node, list) else 0


def _urgency(reading: Reading, part: Notice) -> tuple[datetime, timedelta, str]:
    """Of what is of use until the same moment, the shorter lead is the more urgent, then what is said on opening."""
    rule = reading.rulebook.rule(part.rule)
    lead = timedelta.max
    if rule is not None and not rule.is_said_at_once:
        lead = timedelta(days=rule.lead.days, hours=rule.lead.hours, minutes=rule.lead.minutes)
    return part.useful_until, lead, part.key


def _host(reading: Reading) -> Mrkdwn:
    """Whom to call about any of it, unless that is oneself."""
    host = reading.picture.lead_host
    if reading.is_reader(host.id):
        return Mrkdwn("")
    who = words.person(reading.t, host)
    return reading.t.rich.pgettext("short", "{label}: {value}", label=reading.t.gettext("Lead host"), value=who)


def _shortened(item: Notice, message: Message, above: Mrkdwn) -> list[Block]:
    head, *rest = message.blocks
    title = bold(head["text"]["text"])
    if item.kind in _CONDENSED:
        facts = _facts(rest, known=(escape(head["text"]["text"]), above))
        title = join("\n", [title, facts])
        rest = [block for block in rest if "fields" not in block]
    if rest and rest[0]["type"] == "section" and "text" in rest[0]:
        title = join("\n", [title, Mrkdwn(rest.pop(0)["text"]["text"])])
    return [blocks.section(title), *rest]


def _facts(rest: Sequence[Block], known: Sequence[Mrkdwn]) -> Mrkdwn:
    """What stands neither in the title nor above: in one line, and lists below it. A bare number says nothing there."""
    in_line: list[Mrkdwn] = []
    lists: list[Mrkdwn] = []
    for cell in (cell["text"] for block in rest if "fields" in block for cell in block["fields"]):
        label, value = cell.split("\n", 1)
        if not value.isnumeric() and any(value in said.text for said in known):
            continue
        if "\n" in value:
            lists.append(Mrkdwn(cell))
        else:
            in_line.append(Mrkdwn(f"{label} {value}"))
    return join("\n", [join(" · ", in_line), *lists])
