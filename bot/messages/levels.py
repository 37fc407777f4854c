"""Level and parity in words (B1, B2). Internal: nothing of this stands in a text that guests read."""

from collections.abc import Sequence

from bot.i18n import Mrkdwn, Translator, escape
from bot.messages import blocks, words
from bot.messages.blocks import Block, Option
from bot.messages.ids import ViewId
from bot.messages.payloads import VisitRef
from bot.messages.reading import Reading
from bot.models.ranks import Preset, ranks_of
from bot.models.settings import Rank
from bot.procedure.levels import EXTRAS, HOST_RANK, Extra, Parity, leading_host, level_of, parity_of, proposed_of


def fact(reading: Reading) -> Mrkdwn:
    """The level, and how the host's rank compares with the guest's, as they stand on the card."""
    t, compared = reading.t, parity_of(reading.picture)
    level = name(t, level_of(reading.picture))
    return escape(level) if compared is None else words.pair(t, escape(level), parity(t, compared))


def form(reading: Reading) -> Block:
    """Choose the level: what each means, what is proposed, and a reason for an exception."""
    t, picture = reading.t, reading.picture
    options = [Option(name(t, level), str(level)) for level in HOST_RANK]
    proposed = name(t, proposed_of(picture))
    lines = [t.rich.gettext("Proposed for these guests: *{level}*", level=proposed), *_host(reading)]
    return blocks.modal(
        ViewId.LEVEL,
        t.pgettext("modal.title", "Protocol level"),
        [
            *(blocks.section(line) for line in lines),
            blocks.context(*(meaning(reading, level) for level in HOST_RANK)),
            blocks.field_input(
                "level", t.gettext("Protocol level"), blocks.select(options, str(level_of(picture)), radio=True)
            ),
            blocks.field_input(
                "reason",
                t.gettext("Reason for an exception"),
                blocks.text_input(picture.visit.level_reason, longest=300, multiline=True),
                optional=True,
                hint=t.gettext("Wanted where level or host differ from what is proposed. Guests never see it."),
            ),
        ],
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
        metadata=VisitRef(picture.visit.key).pack(),
    )


def name(t: Translator, level: int) -> str:
    """A level with what it is called."""
    return {
        1: t.pgettext("level", "Level 1 (general management)"),
        2: t.pgettext("level", "Level 2 (deputy general management)"),
        3: t.pgettext("level", "Level 3 (department)"),
    }[level]


def meaning(reading: Reading, level: int) -> Mrkdwn:
    """Who receives, where, and what else a level brings."""
    t = reading.t
    extras = [_extra(t, extra) for extra in EXTRAS[level]]
    return t.rich.pgettext(
        "level",
        "*{level}*: led by {rank} or higher; {extras}",
        level=name(t, level),
        rank=words.rank(t, _ranks(reading), HOST_RANK[level]),
        extras=t.list(extras),
    )


def _ranks(reading: Reading) -> Sequence[Rank]:
    """The house's own, or those of a company."""
    return reading.picture.ranks or ranks_of(Preset.COMPANY, reading.picture.workspace.id)


def parity(t: Translator, value: Parity) -> str:
    """How the leading host's rank compares with the lead guest's."""
    return {
        Parity.EQUAL: t.pgettext("parity", "peer-rank host"),
        Parity.HIGHER: t.pgettext("parity", "higher-rank host"),
        Parity.LOWER: t.pgettext("parity", "lower-rank host"),
    }[value]


def _host(reading: Reading) -> list[Mrkdwn]:
    t, host, compared = reading.t.rich, leading_host(reading.picture), parity_of(reading.picture)
    if host is None or compared is None:
        return [t.gettext("The ranks of guest and leaders are not known yet: parity cannot be worked out.")]
    return [t.gettext("{name} leads: {parity}", name=host.name, parity=parity(reading.t, compared))]


def _extra(t: Translator, extra: Extra) -> str:
    return {
        Extra.LOBBY: t.pgettext("level", "reception in the lobby"),
        Extra.WELCOME_SCREEN: t.pgettext("level", "welcome screen"),
        Extra.FLOWERS: t.pgettext("level", "flowers"),
        Extra.PHOTOGRAPHER: t.pgettext("level", "photographer"),
    }[extra]
