"""Texts from one catalog, filled with parameters: plain for titles and buttons, marked up for everything else."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_decimal

from bot.i18n.languages import Language
from bot.i18n.lists import Joined, enumerate_items
from bot.i18n.mrkdwn import Mrkdwn, as_mrkdwn, escape_entities

# A text as the catalog has it, and the parameters that its source text has a place for.
Found = tuple[str, frozenset[str]]

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_WIDE_MARKS = frozenset("（）、，。：；！？《》「」")
_SLACKS = frozenset("*_~`")
_HAN = re.compile(r"[\u3400-\u9fff]")


class ParameterError(ValueError):
    """A text and the parameters it was given do not go together; mend the call that the message names."""


@cache
def placeholders(text: str) -> frozenset[str]:
    """The names in `{braces}`; raises ParameterError for a brace that is no placeholder."""
    found = _PLACEHOLDER.findall(text)
    if not text.count("{") == text.count("}") == len(found):
        raise ParameterError(f"only {{simple_names}} in lower case may stand in braces: {text!r}")
    return frozenset(found)


@lru_cache(maxsize=4096)
def _written(value: int | float, locale: Locale) -> str:
    return str(format_decimal(value, locale=locale))


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[str, ...]:
    """What stands around the placeholders, and their names, in turn."""
    return tuple(_PLACEHOLDER.split(text))


class Texts:
    """The four gettext calls, numbers and lists.

    A parameter that is an int is written as a number; plural calls also offer `{n}`. With `strict` a parameter
    for which the text has no place is an error too: tests want that, people do not.
    """

    def __init__(
        self, language: Language, locale: Locale, zone: ZoneInfo, catalog: NullTranslations, *, strict: bool = False
    ) -> None:
        self.language = language
        self.locale = locale
        self.zone = zone
        self.rich = RichTexts(self)
        self._catalog = catalog
        self._strict = strict

    def gettext(self, message: str, /, **params: str | int) -> str:
        return self.fill(self.found(message), params, self.plain)

    def ngettext(self, singular: str, plural: str, n: int, /, **params: str | int) -> str:
        return self.fill(self.found_plural(singular, plural, n), {"n": n, **params}, self.plain)

    def pgettext(self, context: str, message: str, /, **params: str | int) -> str:
        return self.fill(self.found(message, context), params, self.plain)

    def npgettext(self, context: str, singular: str, plural: str, n: int, /, **params: str | int) -> str:
        return self.fill(self.found_plural(singular, plural, n, context), {"n": n, **params}, self.plain)

    def number(self, value: int | float) -> str:
        return self.own(_written(value, self.locale))

    def list(self, items: Sequence[str], joined: Joined = "and") -> str:
        """The items as an enumeration: "a, b, and c", «Luis e Inés»; with "or", «uno u otro»."""
        return self.own(enumerate_items([self.inserted(item) for item in items], joined, self.locale))

    def own(self, text: str) -> str:
        """Everything this translator writes passes here; the pseudo language of the tests marks it."""
        return text

    def inserted(self, value: str) -> str:
        """Every parameter passes here on its way into a text; the pseudo language of the tests marks it."""
        return value

    def found(self, message: str, context: str | None = None) -> Found:
        text = self._catalog.pgettext(context, message) if context else self._catalog.gettext(message)
        return text, placeholders(message)

    def found_plural(self, singular: str, plural: str, n: int, context: str | None = None) -> Found:
        if context:
            text = self._catalog.npgettext(context, singular, plural, n)
        else:
            text = self._catalog.ngettext(singular, plural, n)
        return text, placeholders(singular) | placeholders(plural) | {"n"}

    def plain(self, value: object) -> str:
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, str):
            return value
        raise TypeError(f"plain text takes str and int, not {type(value).__name__}")

    def fill(self, found: Found, params: Mapping[str, object], write: Callable[[object], str]) -> str:
        text, known = found
        if self._strict and (unused := params.keys() - known):
            raise ParameterError(f"no place for {sorted(unused)} in {text!r}")
        needed = placeholders(text)
        if not needed:
            return self.own(text)
        if missing := needed - params.keys():
            raise ParameterError(f"{sorted(missing)} missing for {text!r}")
        return self.own(self._filled(text, lambda name: self.inserted(write(params[name]))))

    def _filled(self, text: str, value: Callable[[str], str]) -> str:
        """The text with its parameters, as the language sets them."""
        parts = [value(piece) if number % 2 else piece for number, piece in enumerate(_pieces(text))]
        return "".join(_set_in_chinese(parts) if self.locale.language == "zh" else _with_one_stop(parts))


def _with_one_stop(parts: list[str]) -> list[str]:
    """A name that ends with the stop of its abbreviation (`S.A.`, `Co., Ltd.`) ends its sentence with it, too."""
    for place in range(1, len(parts), 2):
        if parts[place].endswith(".") and parts[place + 1].startswith("."):
            parts[place + 1] = parts[place + 1][1:]
    return parts


def _set_in_chinese(parts: list[str]) -> list[str]:
    """Without the catalog's space where a parameter meets Chinese in Chinese, or a full-width mark, which has its own
    room: the space is there for names in other letters.

    Slack's own marks keep the space, for they only count after one.
    """
    for place in range(1, len(parts), 2):
        before, told, after = parts[place - 1 : place + 2]
        if after[:1] == " " and _needs_no_space(told[-1:], after[1:2]):
            parts[place + 1] = after[1:]
        if before[-1:] == " " and _needs_no_space(told[:1], before[-2:-1]):
            parts[place - 1] = before[:-1]
    return parts


def _needs_no_space(told: str, beside: str) -> bool:
    """Between the edge of a parameter and what the text has beyond the space."""
    if told in _WIDE_MARKS:
        return beside not in _SLACKS
    return bool(_HAN.match(told)) and (bool(_HAN.match(beside)) or beside in _WIDE_MARKS)


class RichTexts:
    """The same calls for text that Slack reads as markup: str parameters are escaped, Mrkdwn passes as it is.

    The catalog's text may hold marks (`*{time}*`); its `&`, `<` and `>` are escaped like everybody's.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def gettext(self, message: str, /, **params: str | int | Mrkdwn) -> Mrkdwn:
        return self._fill(self._texts.found(message), params)

    def ngettext(self, singular: str, plural: str, n: int, /, **params: str | int | Mrkdwn) -> Mrkdwn:
        return self._fill(self._texts.found_plural(singular, plural, n), {"n": n, **params})

    def pgettext(self, context: str, message: str, /, **params: str | int | Mrkdwn) -> Mrkdwn:
        return self._fill(self._texts.found(message, context), params)

    def npgettext(self, context: str, singular: str, plural: str, n: int, /, **params: str | int | Mrkdwn) -> Mrkdwn:
        return self._fill(self._texts.found_plural(singular, plural, n, context), {"n": n, **params})

    def list(self, items: Sequence[str | Mrkdwn], joined: Joined = "and") -> Mrkdwn:
        return Mrkdwn(self._texts.list([as_mrkdwn(item).text for item in items], joined))

    def _fill(self, found: Found, params: Mapping[str, object]) -> Mrkdwn:
        text, known = found
        return Mrkdwn(self._texts.fill((escape_entities(text), known), params, self._write))

    def _write(self, value: object) -> str:
        return value.text if isinstance(value, Mrkdwn) else as_mrkdwn(self._texts.plain(value)).text
