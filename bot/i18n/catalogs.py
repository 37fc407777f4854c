"""The catalogs, compiled from their .po files when the bot starts: no build step, nothing stale."""

import gettext
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Self
from zoneinfo import ZoneInfo

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from bot.i18n.languages import Language, language_and_locale
from bot.i18n.texts import ParameterError, placeholders
from bot.i18n.translator import Translator


class CatalogError(Exception):
    """A catalog cannot be used; the message names the file and the entry to mend."""


class Catalogs:
    """One compiled catalog for each language; makes the translator of each recipient."""

    translators: type[Translator] = Translator

    def __init__(self, compiled: dict[Language, gettext.NullTranslations], *, strict: bool = False) -> None:
        self._compiled = compiled
        self._strict = strict

    @classmethod
    def load(cls, folder: Traversable | None = None, *, strict: bool = False) -> Self:
        """Reads and checks every catalog; what is not translated yet shows in English."""
        root = folder or resources.files("locales")
        return cls({language: _compiled(read_catalog(root, language)) for language in Language}, strict=strict)

    def translator(self, code: str, zone: ZoneInfo) -> Translator:
        """For a Language or a Slack locale; raises LookupError for a language that Visita does not speak."""
        language, locale = language_and_locale(code)
        return self.translators(language, locale, zone, self._compiled[language], strict=self._strict)


def read_catalog(root: Traversable, language: Language) -> Catalog:
    """One catalog as it is in its file, checked for what would fail while a message is written."""
    path = f"{language}/LC_MESSAGES/messages.po"
    try:
        with root.joinpath(path).open("rb") as file:
            catalog = read_po(file, locale=language.value, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise CatalogError(f"{path}: {error}") from error
    for message in catalog:
        _check(message, catalog, path)
    return catalog


def _check(message: Message, catalog: Catalog, path: str) -> None:
    sources, texts = _forms(message.id), _forms(message.string)
    if not message.id or not any(texts):
        return
    if message.pluralizable and len(texts) != catalog.num_plurals:
        raise CatalogError(f"{path}: {sources[0]!r} has {len(texts)} plural forms, not {catalog.num_plurals}")
    try:
        known = frozenset[str]().union(*map(placeholders, sources))
        unknown = frozenset[str]().union(*map(placeholders, texts)) - known
    except ParameterError as error:
        raise CatalogError(f"{path}: {sources[0]!r}: {error}") from error
    if unknown:
        raise CatalogError(f"{path}: {sources[0]!r} has no {sorted(unknown)} that its translation names")


def _forms(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _compiled(catalog: Catalog) -> gettext.GNUTranslations:
    file = BytesIO()
    write_mo(file, catalog)
    file.seek(0)
    return gettext.GNUTranslations(file)
