"""What the bot says to an answer that was typed instead of pressed: a plan or a change waits for it (B4, B8)."""

from collections.abc import Sequence

from bot.i18n import Mrkdwn, Translator, escape, join
from bot.messages import blocks, consents, plans, words
from bot.messages.blocks import Block, Message
from bot.messages.reading import Reading
from bot.models.plans import ChangeRequest, Plan

Waiting = tuple[Reading, Plan | ChangeRequest]


def given(t: Translator, waiting: Waiting) -> Message:
    """The yes counts for the one that waited. Of a confidential visit a lock screen shows the reference alone."""
    reading, asked = waiting
    visit = reading.picture.visit
    shown = _given(t, asked, words.guests(t, visit))
    text = _given(t, asked, visit.reference) if visit.is_confidential else shown
    return Message(text, (blocks.section(join(" ", [Mrkdwn(":white_check_mark:"), escape(shown)])),))


def _given(t: Translator, asked: Plan | ChangeRequest, guests: str) -> str:
    if isinstance(asked, Plan):
        return t.gettext("Approved: {guests}", guests=guests)
    return t.gettext("Change allowed: {guests}", guests=guests)


def choose(t: Translator, waiting: Sequence[Waiting], *, yes: bool | None) -> Message:
    """Which of several, that a no wants its reason, or that what was typed is neither yes nor no."""
    if yes is None:
        text = t.gettext("That is not clear enough to count as an answer. Please press a button.")
    elif yes:
        text = t.gettext("Several things wait for your answer. Which one do you mean?")
    else:
        text = t.gettext("To say no, please press the button: those who wait need to know why.")
    content: list[Block] = [blocks.section(escape(text))]
    for reading, asked in waiting:
        content.append(blocks.section(name(reading, asked)))
        content.append(plans.decide(reading, asked) if isinstance(asked, Plan) else consents.decide(reading, asked))
    return Message(text, tuple(content))


def name(reading: Reading, asked: Plan | ChangeRequest) -> Mrkdwn:
    """What waits, in one line."""
    t, visit = reading.t.rich, reading.picture.visit
    guests = words.guests(reading.t, visit)
    if isinstance(asked, Plan):
        return t.pgettext("typed", "*{reference}* {guests}: the plan", reference=visit.reference, guests=guests)
    return t.pgettext("typed", "*{reference}* {guests}: a change", reference=visit.reference, guests=guests)
