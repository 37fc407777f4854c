"""A language that shows where each piece of a text comes from.

What a catalog or the translator wrote stands in ⟦…⟧, what was put into it in ⟨…⟩, as deep as it goes. Text outside, and
text that was put in, must be data that the test knows; anything else was written in the code for nobody's language.
"""

import re
from collections.abc import Collection, Iterator
from html import unescape

from bot.i18n import Catalogs, Translator

_OWN = "⟦{}⟧"
_INSERTED = "⟨{}⟩"
_BRACKETS = re.compile("([⟦⟧⟨⟩])")
_CLOSES = {"⟧": "⟦", "⟩": "⟨"}
_MENTION = re.compile(r"<(?:@[UW]|#[CGD]|![a-z])[^>|^]*(?:\|[^>]*)?>")
_DATE = re.compile(r"<!date\^\d+\^([^|^>]*)(?:\^[^|>]*)?\|([^>]*)>")
_DATE_TOKEN = re.compile(r"\{[a-z_]+\}")
_LABELLED_LINK = re.compile(r"<[^>|]+\|([^>]*)>")
_EMOJI = re.compile(r":[a-z0-9_+-]*[a-z][a-z0-9_+-]*:")


class PseudoTranslator(Translator):
    """Writes as the real one does, and marks what it wrote."""

    def own(self, text: str) -> str:
        return _OWN.format(text)

    def inserted(self, value: str) -> str:
        return _INSERTED.format(value)


class PseudoCatalogs(Catalogs):
    """The real catalogs with translators that mark what they write."""

    translators = PseudoTranslator


def plain(text: str) -> str:
    """The text without the marks of where it comes from."""
    return _BRACKETS.sub("", text)


def unmarked(text: str, data: Collection[str]) -> list[str]:
    """The visible pieces that neither a catalog nor the known data accounts for; none is what a test wants.

    Mentions, channel links and emoji names account for themselves; a link or a date counts by what it shows.
    """
    known = sorted((piece for piece in data if piece.strip()), key=len, reverse=True)
    leftovers = (_leftover(_shown(piece), known) for piece in _outside_catalogs(_tokens_shown(text)))
    return [leftover for leftover in leftovers if leftover]


def _outside_catalogs(text: str) -> Iterator[str]:
    open_brackets: list[str] = []
    for piece in _BRACKETS.split(text):
        if piece in _CLOSES:
            if not open_brackets or open_brackets.pop() != _CLOSES[piece]:
                raise ValueError(f"a mark is closed that was not open, so the text was cut: {text!r}")
        elif piece in _CLOSES.values():
            open_brackets.append(piece)
        elif open_brackets[-1:] != ["⟦"]:
            yield piece
    if open_brackets:
        raise ValueError(f"a mark stays open, so the text was cut: {text!r}")


def _tokens_shown(text: str) -> str:
    """Slack's tokens as people see them; first of all, because what a link or a date shows may itself be marked."""
    dated = _DATE.sub(lambda token: f"{_DATE_TOKEN.sub('', token[1])} {token[2]}", text)
    return _LABELLED_LINK.sub(r"\1", _MENTION.sub("", dated))


def _shown(piece: str) -> str:
    return unescape(_EMOJI.sub("", piece)).replace("\N{WORD JOINER}", "")


def _leftover(piece: str, known: list[str]) -> str:
    for value in known:
        if value in piece:
            piece = re.sub(_whole(value), " ", piece)
    return " ".join(piece.split()) if any(letter.isalnum() for letter in piece) else ""


def _whole(value: str) -> str:
    """The value, not as a part of a longer word or number; Han characters need no gap around them."""
    before = r"(?<![A-Za-z0-9])" if value[0].isascii() and value[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if value[-1].isascii() and value[-1].isalnum() else ""
    return before + re.escape(value) + after
