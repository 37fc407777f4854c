"""The small forms of what a house has: a room, a car, a rank, somebody's rank."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import FormErrors, Problem
from bot.i18n import Language, Translator
from bot.messages import blocks, entered, words
from bot.messages.blocks import Block, Option
from bot.messages.ids import ViewId
from bot.messages.payloads import RankRef
from bot.models.settings import Rank, RoomKind

_NO_RANK = "0"


def room(t: Translator) -> Block:
    """A room more."""
    kinds = [Option(words.room_kind(t, kind), kind) for kind in RoomKind]
    return blocks.modal(
        ViewId.ROOM,
        t.pgettext("modal.title", "Add a room"),
        [
            blocks.field_input("name", t.gettext("Name of the room"), blocks.text_input(longest=60)),
            blocks.field_input("kind", t.gettext("Used for"), blocks.select(kinds, RoomKind.MEETING, radio=True)),
            blocks.field_input("capacity", t.gettext("Seats"), blocks.text_input(longest=4)),
        ],
        submit=t.pgettext("modal.submit", "Add"),
        close=t.pgettext("modal.close", "Back"),
    )


def vehicle(t: Translator) -> Block:
    """A car more."""
    return blocks.modal(
        ViewId.VEHICLE,
        t.pgettext("modal.title", "Add a car"),
        [
            blocks.field_input("name", t.gettext("Name of the car"), blocks.text_input(longest=60)),
            blocks.field_input("plate", t.gettext("License plate"), blocks.text_input(longest=20)),
            blocks.field_input("seats", t.gettext("Seats for guests"), blocks.text_input(longest=3)),
        ],
        submit=t.pgettext("modal.submit", "Add"),
        close=t.pgettext("modal.close", "Back"),
    )


def rank(t: Translator, found: Rank | None) -> Block:
    """A rank: its number and its titles in the three languages."""
    titles = found.titles if found else {}
    labels = {
        Language.ENGLISH: t.gettext("Title in English"),
        Language.SPANISH: t.gettext("Title in Spanish"),
        Language.CHINESE: t.gettext("Title in Chinese"),
    }
    return blocks.modal(
        ViewId.RANK,
        t.pgettext("modal.title", "Rank"),
        [
            blocks.field_input(
                "value",
                t.gettext("Number"),
                blocks.text_input(str(found.value) if found else "", longest=3),
                hint=t.gettext("From 1 to 100: the higher, the more senior."),
            ),
            *(
                blocks.field_input(
                    language, labels[language], blocks.text_input(titles.get(language, ""), longest=75), optional=True
                )
                for language in Language
            ),
        ],
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
        metadata=RankRef((found.id or 0) if found else 0).pack(),
    )


def read_rank(view: Mapping[str, Any]) -> tuple[int, dict[str, str]]:
    """Number and titles; FormErrors where the number is none or no language has a title."""
    values = view["state"]["values"]
    value = entered.text(values, "value").strip()
    if not value.isdecimal() or not 1 <= int(value) <= 100:
        raise FormErrors({"value": Problem.RANK})
    titles = {language.value: entered.text(values, language).strip() for language in Language}
    titles = {language: title for language, title in titles.items() if title}
    if not titles:
        raise FormErrors({Language.ENGLISH: Problem.MISSING})
    return int(value), titles


def persons_rank(t: Translator, ranks: Sequence[Rank]) -> Block:
    """Who holds which rank."""
    none = Option(t.pgettext("rank.option", "None"), _NO_RANK)
    options = [none, *(Option(title, value) for value, title in words.rank_options(t, ranks))]
    placeholder = t.pgettext("people.placeholder", "Choose a person")
    return blocks.modal(
        ViewId.PERSONS_RANK,
        t.pgettext("modal.title", "A person's rank"),
        [
            blocks.field_input("person", t.gettext("Person"), blocks.user_select("", placeholder)),
            blocks.field_input("rank", t.gettext("Rank"), blocks.select(options, _NO_RANK)),
        ],
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
    )


def read_persons_rank(view: Mapping[str, Any]) -> tuple[str, int | None]:
    """The person's Slack id and the rank's number."""
    values = view["state"]["values"]
    rank = int(entered.choice(values, "rank"))
    return entered.person(values, "person"), rank or None
