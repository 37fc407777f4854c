"""`python -m tests.catalogs update`: collects the texts from the code and carries them into every catalog.

What it writes depends on nothing but the texts: no dates, no line numbers, one order. So the tests can ask for more
than "up to date": each file is exactly what this tool would write.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from bot.i18n import Language

ROOT = Path(__file__).parent.parent
SOURCES = ("bot", "handlers", "schedules")
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
COMMENT_TAG = "Translators:"


class ConflictError(Exception):
    """One text is used once with and once without a plural, or with two plurals; give one of them a context."""


def template_path(root: Path = ROOT) -> Path:
    return root / "locales" / "messages.pot"


def catalog_path(language: Language, root: Path = ROOT) -> Path:
    return root / "locales" / language / "LC_MESSAGES" / "messages.po"


def source_files(root: Path = ROOT) -> list[Path]:
    return sorted(path for folder in SOURCES for path in (root / folder).rglob("*.py"))


def template(root: Path = ROOT) -> Catalog:
    """Every text in the code, by file and then by context and text, so that moving code within a file moves nothing."""
    collected = Catalog()
    for path in source_files(root):
        for context, text, comments in sorted(_texts(path), key=_order):
            known = collected.get(text, context)
            if known is not None and known.id != text:
                raise ConflictError(f"{path.relative_to(root)}: {text!r} is also used as {known.id!r}")
            collected.add(
                text, locations=[(path.relative_to(root).as_posix(), 0)], auto_comments=comments, context=context
            )
    return collected


def carried(texts: Catalog, translated: Catalog, language: Language) -> Catalog:
    """The texts of the code with what is translated of them; a text that changed waits for a new translation."""
    carried = Catalog(locale=language.value)
    for message in _entries(texts):
        found = translated.get(message.id, message.context)
        old = found if found is not None and found.id == message.id else Message(message.id)
        carried.add(
            message.id,
            old.string,
            locations=message.locations,
            flags=old.flags,
            auto_comments=message.auto_comments,
            user_comments=old.user_comments,
            context=message.context,
        )
    return carried


def written(catalog: Catalog) -> str:
    """The file as it is kept: one line for each text, so that a difference shows the text and not its wrapping."""
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, include_lineno=False)
    return _header(catalog) + body.getvalue().decode()


def read(path: Path, language: Language) -> Catalog:
    if not path.exists():
        return Catalog(locale=language.value)
    with path.open("rb") as file:
        return read_po(file, locale=language.value, abort_invalid=True)


def update(root: Path = ROOT) -> None:
    texts = template(root)
    template_path(root).write_text(written(texts), encoding="utf-8")
    for language in Language:
        path = catalog_path(language, root)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(carried(texts, read(path, language), language)), encoding="utf-8")


def missing(catalog: Catalog) -> list[Message]:
    """The entries without a translation, or with a plural form that lacks one."""
    return [message for message in _entries(catalog) if not all(forms(message.string))]


def forms(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """The forms of a text: one, or as many as it has plurals."""
    return (value or "",) if isinstance(value, str | None) else tuple(value)


def _texts(path: Path) -> Iterator[tuple[str | None, str | tuple[str, ...], list[str]]]:
    for _, text, comments, context in extract_from_file("python", path, KEYWORDS, [COMMENT_TAG]):
        yield context, text, comments


def _order(found: tuple[str | None, str | tuple[str, ...], list[str]]) -> tuple[str, tuple[str, ...]]:
    return found[0] or "", forms(found[1])


def _entries(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _header(catalog: Catalog) -> str:
    fields = ["Project-Id-Version: Visita"]
    if catalog.locale is not None:
        fields += [f"Language: {catalog.locale_identifier}", f"Plural-Forms: {catalog.plural_forms}"]
    fields += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{field}\\n"\n' for field in fields) + "\n"


def main(arguments: list[str]) -> int:
    if arguments != ["update"]:
        print("usage: python -m tests.catalogs update", file=sys.stderr)
        return 2
    update()
    for language in (Language.SPANISH, Language.CHINESE):
        print(f"{language}: {len(missing(read(catalog_path(language), language)))} texts wait for a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
