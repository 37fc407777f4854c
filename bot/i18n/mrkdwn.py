"""Text in Slack's own markup, kept apart from plain text by its type.

`Mrkdwn` is no `str` on purpose: the type checker then refuses what people typed where markup is read, and markup
where Slack shows plain text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

_WORD_JOINER = "\N{WORD JOINER}"
# Slack has no escape for its marks. Between two letters or digits a mark formats nothing (`room_2`), so it stays.
_EMOJI_AT_START = re.compile(r"^(?::[a-z_]+:\s*)+")
_MARK = re.compile(r"[*_~`]")
_TO_ESCAPE = re.compile(r"[*_~`&<>]")
_QUOTE_AT_LINE_START = re.compile(r"^(\s*)(?=&gt;)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mrkdwn:
    """Text that is already safe where Slack reads markup."""

    text: str

    def __add__(self, other: "Mrkdwn") -> "Mrkdwn":
        return Mrkdwn(self.text + other.text)

    def __bool__(self) -> bool:
        return bool(self.text)


def escape_entities(value: str) -> str:
    """The three characters by which Slack recognises mentions, links and commands."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape(value: str) -> Mrkdwn:
    """What people typed, shown as they typed it.

    Marks that could open or close formatting get an invisible word joiner on both sides, because Slack formats only
    between a gap outside and a character inside; so does a `>` that would start a quotation. Emoji names such as
    `:car:` still become emoji, as they do when people write to each other.
    """
    if not _TO_ESCAPE.search(value):
        return Mrkdwn(value)
    calmed = _MARK.sub(lambda found: _calm(value, found.start()), value)
    return Mrkdwn(_QUOTE_AT_LINE_START.sub(rf"\1{_WORD_JOINER}", escape_entities(calmed)))


def _calm(value: str, at: int) -> str:
    inside_a_word = value[at - 1 : at].isalnum() and value[at + 1 : at + 2].isalnum()
    return value[at] if inside_a_word else f"{_WORD_JOINER}{value[at]}{_WORD_JOINER}"


def mention(user_id: str) -> Mrkdwn:
    return Mrkdwn(f"<@{user_id}>")


def channel_link(channel_id: str) -> Mrkdwn:
    return Mrkdwn(f"<#{channel_id}>")


def bold(value: Mrkdwn | str) -> Mrkdwn:
    return _wrap("*", value)


def strike(value: Mrkdwn | str) -> Mrkdwn:
    return _wrap("~", value)


def join(separator: str, parts: Iterable[Mrkdwn]) -> Mrkdwn:
    """The parts that are not empty, with the separator between them."""
    return Mrkdwn(escape_entities(separator).join(part.text for part in parts if part))


def as_mrkdwn(value: Mrkdwn | str) -> Mrkdwn:
    return value if isinstance(value, Mrkdwn) else escape(value)


def as_plain(value: Mrkdwn) -> str:
    """A sentence without markup, for where nobody reads it as such: no emoji in front, nothing escaped."""
    return unescape(_EMOJI_AT_START.sub("", value.text).replace(_WORD_JOINER, ""))


def _wrap(mark: str, value: Mrkdwn | str) -> Mrkdwn:
    """Line by line and without outer spaces: elsewhere Slack would show the marks themselves."""
    lines = (line.strip() for line in as_mrkdwn(value).text.split("\n"))
    return Mrkdwn("\n".join(f"{mark}{line}{mark}" if line else "" for line in lines))
