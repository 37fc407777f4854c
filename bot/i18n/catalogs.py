"""The catalogs, read from their .po files when the bot starts: no build step, nothing stale."""

import re
from collections.abc import Callable
from gettext import NullTranslations, c2py
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Self
from zoneinfo import ZoneInfo

from bot.i18n import po
from bot.i18n.languages import Language, language_and_locale
from bot.i18n.po import Entry, PoError
from bot.i18n.texts import ParameterError, placeholders
from bot.i18n.translator import Translator

_PLURALS = re.compile(r"^Plural-Forms: nplurals=(\d); plural=(.+);$", re.MULTILINE)


class CatalogError(Exception):
    """A catalog cannot be used; the message names the file and the entry to mend."""


class Catalogs:
    """One catalog for each language; makes the translator of each recipient."""

    translators: type[Translator] = Translator

    def __init__(self, catalogs: dict[Language, NullTranslations], *, strict: bool = False) -> None:
        self._catalogs = catalogs
        self._strict = strict

    @classmethod
    def load(cls, folder: Traversable | None = None, *, strict: bool = False) -> Self:
        """Reads and checks every catalog; what is not translated yet shows in English."""
        root = folder or resources.files("locales")
        return cls({language: _read(root, language) for language in Language}, strict=strict)

    def translator(self, code: str, zone: ZoneInfo) -> Translator:
        """For a Language or a Slack locale; raises LookupError for a language that Visita does not speak."""
        language, locale = language_and_locale(code)
        return self.translators(language, locale, zone, self._catalogs[language], strict=self._strict)


class _Translations(NullTranslations):
    """The texts of one language, by context and source."""

    def __init__(self, plural_of: Callable[[int], int]) -> None:
        super().__init__()
        self._plural_of = plural_of
        self._texts: dict[tuple[str | None, str], str] = {}
        self._forms: dict[tuple[str | None, str], tuple[str, ...]] = {}

    def add(self, entry: Entry) -> None:
        if len(entry.sources) == 1:
            self._texts[entry.context, entry.sources[0]] = entry.texts[0]
        else:
            self._forms[entry.context, entry.sources[0]] = entry.texts

    def gettext(self, message: str) -> str:
        return self._texts.get((None, message), message)

    def pgettext(self, context: str, message: str) -> str:
        return self._texts.get((context, message), message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._counted(None, msgid1, msgid2, n)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self._counted(context, msgid1, msgid2, n)

    def _counted(self, context: str | None, singular: str, plural: str, n: int) -> str:
        forms = self._forms.get((context, singular))
        if forms is None:
            return singular if n == 1 else plural
        return forms[self._plural_of(n)]


def _read(root: Traversable, language: Language) -> NullTranslations:
    """One catalog as it is in its file, checked for what would fail while a message is written."""
    path = f"{language}/LC_MESSAGES/messages.po"
    try:
        head, *entries = po.read(root.joinpath(path).read_text(encoding="utf-8"))
        count, rule = _plurals(head)
        translations = _Translations(c2py(rule))
        for entry in entries:
            _check(entry, count)
            translations.add(entry)
    except (OSError, ValueError) as error:
        raise CatalogError(f"{path}: {error}") from error
    return translations


def _plurals(head: Entry) -> tuple[int, str]:
    """How many plural forms the language has, and which it takes for `n`, as gettext writes it."""
    found = _PLURALS.search(head.texts[0]) if not head.sources[0] else None
    if found is None:
        raise PoError("says nothing of its plural forms")
    return int(found[1]), found[2]


def _check(entry: Entry, plurals: int) -> None:
    source = entry.sources[0]
    if len(entry.sources) > 1 and len(entry.texts) != plurals:
        raise PoError(f"{source!r} has {len(entry.texts)} plural forms, not {plurals}")
    try:
        known = frozenset[str]().union(*map(placeholders, entry.sources))
        unknown = frozenset[str]().union(*map(placeholders, entry.texts)) - known
    except ParameterError as error:
        raise PoError(f"{source!r}: {error}") from error
    if unknown:
        raise PoError(f"{source!r} has no {sorted(unknown)} that its translation names")
