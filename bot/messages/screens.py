"""What the root command and the App Home show: menu, help, lists, home."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.i18n import Translator, escape, join
from bot.messages import blocks, boards, cards, settings_pages, typed_answers, waits
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import Nothing, VisitRef
from bot.messages.reading import Reading
from bot.messages.typed_answers import Waiting
from bot.models.plans import ChangeRequest, Plan
from bot.models.roles import Role
from bot.models.visits import Stop

SHOWN = 15


def menu(t: Translator) -> Message:
    """What the bare command opens."""
    text = t.rich.gettext("*What would you like to do?*")
    nothing = Nothing().pack()
    buttons = blocks.actions(
        blocks.button(t.pgettext("menu.button", "New visit"), Action.NEW_VISIT, nothing, style="primary"),
        blocks.button(t.pgettext("menu.button", "Today"), Action.SHOW_TODAY, nothing),
        blocks.button(t.pgettext("menu.button", "List visits"), Action.LIST_VISITS, nothing),
        blocks.button(t.pgettext("menu.button", "Language and zone"), Action.CHOOSE_LANGUAGE, nothing),
        blocks.button(t.pgettext("menu.button", "Help"), Action.SHOW_HELP, nothing),
    )
    return Message(t.gettext("What would you like to do?"), (blocks.section(text), buttons))


def help_text(t: Translator, unknown: str = "") -> Message:
    """The sub-commands in the reader's language; every language's words work for everybody."""
    lines = [
        t.rich.gettext("`/visit create` opens the form for a new visit"),
        t.rich.gettext("`/visit today` shows who is here today"),
        t.rich.gettext("`/visit waiting` shows what waits for your answer"),
        t.rich.gettext("`/visit list` shows the coming visits"),
        t.rich.gettext("`/visit show V-0012` shows one visit; press Details to change it"),
        t.rich.gettext("`/visit plan V-0012` shows its plan, and sends it for approval"),
        t.rich.gettext("`/visit cancel V-0012` cancels a visit and tells everybody concerned"),
        t.rich.gettext("`/visit delay V-0012 90` moves a late arrival by 90 minutes and tells those concerned"),
        t.rich.gettext("`/visit note V-0012 …` passes on what the guests wish"),
        t.rich.gettext("`/visit copy V-0012` begins a new visit like an earlier one"),
        t.rich.gettext("`/visit log V-0012` shows every message of a visit and what became of it"),
        t.rich.gettext("`/visit history V-0012` shows who did what, when"),
        t.rich.gettext("`/visit language` sets your language and time zone"),
        t.rich.gettext("`/visit handover V-0012` gives a visit to another lead host"),
        t.rich.gettext("`/visit takeover @name` makes everything of a colleague yours"),
        t.rich.gettext("`/visit away` names who answers for you while you are away"),
        t.rich.gettext("`/visit settings` sets roles, ranks, the site and lead times (administrators)"),
    ]
    intro = t.rich.gettext("*Commands*, in English, Spanish or Chinese alike:")
    if unknown:
        word = blocks.shortened(unknown, 60)
        intro = t.rich.gettext('I don\'t know "{word}". These are the commands:', word=word)
    content = (blocks.section(intro), blocks.section(join("\n", lines)))
    return Message(t.gettext("How to use /visit"), content)


def visits(t: Translator, title: str, readings: Sequence[Reading], nothing: str) -> Message:
    """A list of visits, each with a button for its details."""
    content: list[Block] = [blocks.header(title), *_visits(t, readings)]
    if not readings:
        content.append(blocks.section(escape(nothing)))
    alone = t.ngettext(
        "{title}: {count} visit", "{title}: {count} visits", len(readings), title=title, count=len(readings)
    )
    return Message(alone, tuple(content))


@dataclass(frozen=True)
class Home:
    """What the App Home shows to one person."""

    today: Sequence[tuple[Reading, Sequence[Stop]]]
    waiting: Sequence[waits.Item]
    mine: Sequence[Reading]
    language: str
    zone: str
    may_change_settings: bool
    away: Sequence[Block] = ()
    """That the person is away, where they are."""
    vacant: Sequence[Role] = ()
    """The roles that nobody fills, for those who may change that."""
    undecided: Sequence[Waiting] = ()
    """Plans and changes that wait for this person's consent (B4, B8)."""
    board: boards.Day | None = None
    """Every visit of today, for those who watch over the house: administration and front desk."""


def home(t: Translator, shown: Home) -> Block:
    """Today, what waits for me, my visits, language and time zone."""
    nothing = Nothing().pack()
    content: list[Block] = [
        blocks.actions(
            blocks.button(t.pgettext("home.button", "New visit"), Action.NEW_VISIT, nothing, style="primary"),
            blocks.button(t.pgettext("home.button", "Language and zone"), Action.CHOOSE_LANGUAGE, nothing),
            *([] if shown.away else [blocks.button(t.pgettext("away.button", "I'm away"), Action.GO_AWAY, nothing)]),
            *(
                [blocks.button(t.pgettext("home.button", "Settings"), Action.OPEN_SETTINGS, nothing)]
                if shown.may_change_settings
                else []
            ),
        ),
    ]
    content += shown.away
    if shown.vacant:
        content.append(blocks.section(settings_pages.vacancies(t, shown.vacant)))
    content.append(blocks.header(t.pgettext("home.header", "Waiting for me")))
    content += [_undecided(reading, asked) for reading, asked in shown.undecided[:SHOWN]]
    if shown.waiting or not shown.undecided:
        content += waits.items(t, shown.waiting)
    content.append(blocks.header(t.pgettext("home.header", "Today")))
    if shown.board is not None:
        content += boards.content(shown.board)
    for reading, stops in shown.today[:SHOWN] if shown.board is None else ():
        lines = [cards.line(reading), *(cards.stop_line(reading, stop) for stop in stops)]
        content.append(blocks.section(join("\n", lines), cards.details(reading)))
    if not (shown.board.readings if shown.board else shown.today):
        content.append(blocks.context(t.rich.gettext("Nothing scheduled for today.")))
    content.append(blocks.header(t.pgettext("home.header", "My visits")))
    content += _visits(t, shown.mine)
    if not shown.mine:
        content.append(blocks.context(t.rich.gettext("You have no upcoming visits.")))
    setting = t.rich.gettext("Language: {language} · Time zone: {zone}", language=shown.language, zone=shown.zone)
    content += [blocks.divider(), blocks.context(setting)]
    return {"type": "home", "blocks": content}


def notice(t: Translator, text: str) -> Block:
    """A window that only says something."""
    return blocks.modal(
        ViewId.NOTHING,
        t.pgettext("modal.title", "Visita"),
        [blocks.section(escape(text))],
        close=t.pgettext("modal.close", "Close"),
    )


def with_word(window: Block, text: str) -> Block:
    """A window that says something besides, on top."""
    return window | {"blocks": [blocks.context(escape(text)), *window["blocks"]]}


def _visits(t: Translator, readings: Sequence[Reading]) -> list[Block]:
    content = [blocks.section(cards.line(reading), cards.details(reading)) for reading in readings[:SHOWN]]
    hidden = len(readings) - SHOWN
    if hidden > 0:
        content.append(
            blocks.context(t.rich.ngettext("and {count} more visit", "and {count} more visits", hidden, count=hidden))
        )
    return content


def _undecided(reading: Reading, asked: Plan | ChangeRequest) -> Block:
    """With the door to the whole plan; it is decided in the message that asks."""
    value = VisitRef(reading.picture.visit.key).pack()
    review = blocks.button(reading.t.pgettext("approval.button", "Review plan"), Action.SHOW_PLAN, value)
    return blocks.section(typed_answers.name(reading, asked), review)
