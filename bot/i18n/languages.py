"""Which languages there are, and which of them a Slack locale code asks for."""

from enum import StrEnum
from functools import cache

from babel import Locale


class Language(StrEnum):
    """A language with a catalog of its own; the value names the catalog's folder."""

    ENGLISH = "en"
    SPANISH = "es"
    CHINESE = "zh_CN"


# Babel knows neither es-LA nor a way from zh-CN to a catalog, so what Slack sends is looked up here: first the whole
# code, then its language. The locale decides how dates, numbers and lists look.
_BY_CODE = {
    "en": (Language.ENGLISH, "en_US"),
    "en-gb": (Language.ENGLISH, "en_GB"),
    "es": (Language.SPANISH, "es_419"),
    "es-es": (Language.SPANISH, "es_ES"),
    "zh": (Language.CHINESE, "zh_Hans_CN"),
}


def _entry(code: str) -> tuple[Language, str] | None:
    tag = code.strip().replace("_", "-").lower()
    return _BY_CODE.get(tag) or _BY_CODE.get(tag.partition("-")[0])


def language_of(code: str) -> Language | None:
    """The language for a Slack locale (`es-LA`) or a language's own code; None for one that Visita does not speak."""
    entry = _entry(code)
    return entry[0] if entry else None


def language_and_locale(code: str) -> tuple[Language, Locale]:
    """The language and how its dates, numbers and lists look; raises LookupError where `language_of` says None."""
    entry = _entry(code)
    if entry is None:
        raise LookupError(f"no catalog for the locale {code!r}: ask language_of first and fall back")
    return entry[0], _locale(entry[1])


@cache
def _locale(name: str) -> Locale:
    """Kept, for parsing its name takes as long as writing a good part of a message."""
    return Locale.parse(name)
