"""Everything that falls due for one person at the same moment in one message, the most urgent first (G4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.errors import OutOfDate
from bot.i18n import Mrkdwn, bold
from bot.messages import blocks, words
from bot.messages.blocks import Block, Message
from bot.messages.reading import Reading
from bot.models.notices import Notice, NoticeKind

_NEW = timedelta(minutes=5)
"""What comes later does not come with the visit, but with its approval or a change."""
_MOST_BLOCKS = 48
_MOST_LETTERS = 12_500
"""Slack refuses messages whose blocks hold some 13,000 altogether."""
_WITHOUT_FIELDS = (NoticeKind.DUTY, NoticeKind.REMINDER, NoticeKind.SILENCE)
"""Their title says when, and the visit stands above."""


def short_notice(reading: Reading, notice: Notice, parts: Sequence[tuple[Notice, Message]]) -> Message:
    """What each of `parts` would say alone, shortened to title, request and buttons; Slack takes 50 blocks.

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
    content: list[Block] = [blocks.header(title), blocks.section(text), blocks.context(words.one_line(guests, stay))]
    hidden = 0
    for part, message in sorted(parts, key=lambda pair: _urgency(reading, pair[0])):
        shown = _shortened(part, message)
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


def _shortened(item: Notice, message: Message) -> list[Block]:
    head, *rest = message.blocks
    if item.kind == NoticeKind.REQUEST:
        rest = _without_title_facts(rest)
    kept = [block for block in rest if item.kind not in _WITHOUT_FIELDS or "fields" not in block]
    title = bold(head["text"]["text"])
    if kept and kept[0]["type"] == "section" and "text" in kept[0]:
        title += Mrkdwn("\n") + Mrkdwn(kept.pop(0)["text"]["text"])
    return [blocks.section(title), *kept]


def _without_title_facts(rest: Sequence[Block]) -> list[Block]:
    """Of a request's facts those that stand neither in its title nor above: in one line, right behind the title."""
    facts = [block for block in rest if "fields" in block][1:]
    line = " · ".join(" ".join(cell["text"].split("\n")) for block in facts for cell in block["fields"])
    texts = [block for block in rest if "fields" not in block]
    if not line or not texts or texts[0]["type"] != "section":
        return texts
    return [blocks.section(Mrkdwn(line + "\n" + texts[0]["text"]["text"])), *texts[1:]]
