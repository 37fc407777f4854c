"""Every text that people read: kept as files, within Slack's limits with the longest data, and never markup by
accident."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.i18n import Catalogs, Language, Translator
from bot.i18n.texts import Found
from bot.messages.blocks import Block, Message
from handlers.words import Word, understand
from sandbox.api.content import UPDATE_TEXT_LIMIT, checked_blocks
from sandbox.blockkit.surfaces import objections_to_view
from sandbox.errors import SlackError
from tests.catalogs import forms, template
from tests.gallery import KINDS, pieces
from tests.samples import Scene, Typed
from tests.snapshots import FOLDER, file_of, snapshot
from tests.visible import blocks_of, buttons, visible

CATALOGS = Catalogs.load(strict=True)
JOINER = "\N{WORD JOINER}"
HOSTILE = "<!channel> & *bold* _x_ ~y~ `code` <@U123> https://evil"
_TOKEN = re.compile(r"<[^<>]*>")
_MENTION = re.compile(r"<[@#][UC]\d\d[A-Z]+>")


def filled(text: str, length: int) -> str:
    """The text again and again, up to a length."""
    return (f"{text} " * (length // len(text) + 1))[:length].strip()


def typed_as(text: str, days: int) -> Typed:
    """Everything as long as the forms let it be, made of one text."""
    name = filled(text, 120)
    return Typed(
        company=name,
        guest=name,
        guest_title=name,
        party_size=500,
        contact=name,
        phone="+34 612 345 678 901 234 567 ext. 1234567"[:40],
        airport=filled(text, 200),
        restaurant=filled(text, 200),
        food=filled(text, 1000),
        customs=filled(text, 1000),
        reason=filled(text, 300),
        car=filled(text, 60),
        plate=filled(text, 20),
        name=filled(text, 80),
        days=days,
    )


TYPED = {
    "as usual": Typed(),
    "long": typed_as("Excelentísima Señora Doña", 14),
    "long, for thirty days": typed_as("尊敬的董事长先生", 29),
    "hostile": typed_as(HOSTILE, 14),
    "notes that grow when they are escaped": Typed(
        food=filled("&<>*", 1000), customs=filled("&<>*", 1000), reason=filled("&<>*", 300)
    ),
    "many lines": Typed(food="No pork.\n\n> No nuts.\n", customs="Tea.\nNo 4.", reason="The car is\nin the workshop."),
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", KINDS)
def test_what_people_read_is_as_it_was_read_and_approved(language: Language, kind: str) -> None:
    kept = file_of(language, kind)
    assert kept.exists(), "python -m tests.snapshots update"
    assert snapshot(CATALOGS, language, kind) == kept.read_text(encoding="utf-8"), (
        "if this is how it shall read: python -m tests.snapshots update"
    )


def test_nothing_is_kept_that_nobody_reads() -> None:
    expected = {file_of(language, kind) for language in Language for kind in KINDS}
    assert set(FOLDER.glob("*/*.txt")) == expected


def test_every_text_of_the_house_is_shown_somewhere() -> None:
    """What is kept as files, measured and read here is all there is."""
    shown: set[tuple[str | None, str]] = set()

    class Noting(Translator):
        def found(self, message: str, context: str | None = None) -> Found:
            shown.add((context, message))
            return super().found(message, context)

        def found_plural(self, singular: str, plural: str, n: int, context: str | None = None) -> Found:
            shown.add((context, singular))
            return super().found_plural(singular, plural, n, context)

    class NotingCatalogs(Catalogs):
        translators = Noting

    for _ in pieces(Scene(NotingCatalogs.load(), Language.ENGLISH)):
        continue
    texts = {
        (message.context, forms(message.id)[0])
        for message in template()
        if any(file.startswith(("bot/messages", "handlers")) for file, _ in message.locations)
    }
    assert texts - shown == set()


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize("language", Language)
def test_slack_takes_everything_with_the_longest_data(language: Language, typed: Typed) -> None:
    refused = [
        f"{kind}, {description}: {objection}"
        for kind, description, built in pieces(Scene(CATALOGS, language, typed))
        for objection in objections(built)
    ]
    assert refused == []


@pytest.mark.parametrize("language", Language)
def test_a_button_can_be_read_whole(language: Language) -> None:
    """Slack cuts labels on the screen from about thirty characters."""
    labels = {
        label
        for _, _, built in pieces(Scene(CATALOGS, language))
        if not isinstance(built, str)
        for label in buttons(built)
    }
    assert {label for label in labels if len(label) > 30} == set()
    assert len(labels) > 20


@pytest.mark.parametrize("language", Language)
def test_what_people_type_is_never_markup(language: Language) -> None:
    found = [
        f"{kind}, {description}: {live}"
        for kind, description, built in pieces(Scene(CATALOGS, language, TYPED["hostile"]))
        if not isinstance(built, str)
        for text in marked_texts(built)
        for live in live_markup(text)
    ]
    assert found == []


@pytest.mark.parametrize("language", Language)
def test_bold_marks_stand_around_one_line(language: Language) -> None:
    """Slack shows the asterisks themselves where a line ends between them."""
    open_marks = [
        f"{kind}, {description}: {line}"
        for kind, description, built in pieces(Scene(CATALOGS, language, TYPED["many lines"]))
        if not isinstance(built, str)
        for text in marked_texts(built)
        for line in text.split("\n")
        if line.replace(f"{JOINER}*{JOINER}", "").count("*") % 2
    ]
    assert open_marks == []


@pytest.mark.parametrize("language", Language)
def test_every_command_that_people_are_told_of_is_understood(language: Language) -> None:
    told = {
        command
        for _, _, built in pieces(Scene(CATALOGS, language))
        for text in ([built] if isinstance(built, str) else visible(blocks_of(built)))
        for command in re.findall(r"/visit (\w+)", text)
    }
    assert len(told) >= 7
    assert {command for command in told if understand(command)[0] in (None, Word.MENU)} == set()


def objections(built: Message | Block | str) -> list[str]:
    """What Slack would refuse about a message or a view, or cut off."""
    if isinstance(built, str):
        return [] if 0 < len(built) <= 2000 else [f"{len(built)} characters"]
    if isinstance(built, Message):
        sent = built.as_arguments()
        too_long = [] if 0 < len(sent["text"]) <= UPDATE_TEXT_LIMIT else [f"text of {len(sent['text'])} characters"]
        try:
            checked_blocks(sent["blocks"])
        except SlackError as refused:
            return [*too_long, f"{refused} {refused.messages}"]
        return too_long
    return objections_to_view(built, built["type"])


def marked_texts(built: Message | Block) -> Iterator[str]:
    """Every text that Slack reads as markup: mrkdwn objects, and the text of a message itself."""
    if isinstance(built, Message):
        yield built.as_arguments()["text"]
    yield from _mrkdwn(built.as_arguments() if isinstance(built, Message) else built)


def _mrkdwn(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values():
            yield from _mrkdwn(value)
    elif isinstance(node, list):
        for item in node:
            yield from _mrkdwn(item)


def live_markup(text: str) -> Iterator[str]:
    """What was typed and would have an effect: anything in angle brackets but our own mentions, and marks."""
    for token in _TOKEN.findall(text):
        if not _MENTION.fullmatch(token):
            yield token
    yield from (mark for mark in ("*bold*", "_x_", "~y~", "`code`", "& ") if mark in text)
