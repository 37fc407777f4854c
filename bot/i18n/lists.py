"""Enumerations as each language writes them: «Luis e Inés», "a, b, and c", 「李娜、Ana 和王芳」."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from babel import Locale

Joined = Literal["and", "or", "all"]
"""`all`: what holds together, such as conditions."""

_CLDR_STYLE = {"and": "standard", "or": "or", "all": "standard"}
# «y» gives way before the sound i (not before «hielo», where it is a consonant), «o» before the sound o.
_SOUNDS_LIKE_I = re.compile(r"h?(í|i(?![aeouáéóú]))", re.IGNORECASE)
_SOUNDS_LIKE_O = re.compile(r"h?[oó]|8|11(?!\d)", re.IGNORECASE)
_UNSPOKEN = re.compile(r"^\W+")
_HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")


def enumerate_items(items: Sequence[str], joined: Joined, locale: Locale) -> str:
    if len(items) < 2:
        return "".join(items)
    patterns = _patterns(joined, locale)
    text = items[0]
    for item in items[1:-1]:
        text = patterns["middle"].format(text, item)
    last = patterns["2" if len(items) == 2 else "end"]
    return _fitted(last, text, items[-1], locale.language).format(text, items[-1])


def _patterns(joined: Joined, locale: Locale) -> Mapping[str, str]:
    patterns = dict(locale.list_patterns[_CLDR_STYLE[joined]])
    if joined == "all" and locale.language == "zh":
        # 和 joins things; what is said of something is joined by 且.
        return {place: pattern.replace("和", "且") for place, pattern in patterns.items()}
    return patterns


def _fitted(pattern: str, before: str, after: str, language: str) -> str:
    if language == "es":
        return _spanish(pattern, after)
    return _chinese(pattern, before, after) if language == "zh" else pattern


def _spanish(pattern: str, after: str) -> str:
    spoken = _UNSPOKEN.sub("", after)
    if _SOUNDS_LIKE_I.match(spoken):
        return pattern.replace(" y ", " e ")
    return pattern.replace(" o ", " u ") if _SOUNDS_LIKE_O.match(spoken) else pattern


def _chinese(pattern: str, before: str, after: str) -> str:
    """A half-width space between the conjunction and what is not written in Han characters."""
    conjunction = pattern.removeprefix("{0}").removesuffix("{1}")
    left = "" if _HAN.match(before[-1:]) else " "
    right = "" if _HAN.match(after[:1]) else " "
    return f"{{0}}{left}{conjunction}{right}{{1}}"
