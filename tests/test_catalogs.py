"""The catalogs: up to date with the code, complete, and written by the house's rules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from bot.i18n import Language, placeholders
from tests import catalogs
from tests.typography import complaints

TRANSLATIONS = [Language.SPANISH, Language.CHINESE]
PLURALS = {
    Language.ENGLISH: "nplurals=2; plural=(n != 1);",
    Language.SPANISH: "nplurals=2; plural=(n != 1);",
    Language.CHINESE: "nplurals=1; plural=0;",
}
# Where the texts stand among the arguments of each call; what is before them is the context.
TEXTS = {"gettext": slice(0, 1), "ngettext": slice(0, 2), "pgettext": slice(1, 2), "npgettext": slice(1, 3)}


def entries(language: Language) -> list[Message]:
    return [entry for entry in catalogs.read(catalogs.catalog_path(language), language) if entry.id]


def pairs(entry: Message, language: Language) -> Iterator[tuple[str, str]]:
    """Each form of an entry with the source it answers to: the singular for the first of two forms, else the plural."""
    sources = catalogs.forms(entry.id)
    texts = sources if language is Language.ENGLISH else catalogs.forms(entry.string)
    for position, text in enumerate(texts):
        yield sources[0 if position == 0 and len(texts) == len(sources) else -1], text


def told(entry: Message, complaint: str) -> str:
    context = f"{entry.context}: " if entry.context else ""
    return f"{context}{catalogs.forms(entry.id)[0]!r} {complaint}"


def test_the_template_holds_the_texts_of_the_code() -> None:
    kept = catalogs.template_path().read_text(encoding="utf-8")
    assert kept == catalogs.written(catalogs.template()), "run `make catalogs`"


@pytest.mark.parametrize("language", Language)
def test_each_catalog_is_as_the_tool_writes_it_without_obsolete_entries(language: Language) -> None:
    path = catalogs.catalog_path(language)
    carried = catalogs.carried(catalogs.template(), catalogs.read(path, language), language)
    assert path.read_text(encoding="utf-8") == catalogs.written(carried), "run `make catalogs`"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_everything_is_translated(language: Language) -> None:
    catalog = catalogs.read(catalogs.catalog_path(language), language)
    assert [told(entry, "waits for a translation") for entry in catalogs.missing(catalog)] == []


def test_english_is_said_in_the_code_alone() -> None:
    assert [entry.id for entry in entries(Language.ENGLISH) if any(catalogs.forms(entry.string))] == []


@pytest.mark.parametrize("language", Language)
def test_no_translation_is_a_guess(language: Language) -> None:
    assert [told(entry, "is fuzzy") for entry in entries(language) if entry.fuzzy] == []


@pytest.mark.parametrize("language", Language)
def test_plural_forms_are_those_of_the_language(language: Language) -> None:
    assert f'"Plural-Forms: {PLURALS[language]}\\n"' in catalogs.catalog_path(language).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", Language)
def test_every_text_follows_the_rules_of_its_language(language: Language) -> None:
    wrong = [
        told(entry, f"{complaint} in {text!r}")
        for entry in entries(language)
        for source, text in pairs(entry, language)
        if text
        for complaint in complaints(language, entry.context or "", source, text)
    ]
    assert wrong == []


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Every gettext call in the code, with where it is; the translator's own plumbing hands on what it was given."""
    for path in catalogs.source_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in TEXTS and path != catalogs.ROOT / "bot/i18n/texts.py":
                yield f"{path.relative_to(catalogs.ROOT)}:{node.lineno}", node, node.func.attr


def literals(call: ast.Call, name: str) -> list[str] | None:
    """The context, text and plural as they stand in the code, or None where one is worked out."""
    literal = [argument.value for argument in call.args[: TEXTS[name].stop] if isinstance(argument, ast.Constant)]
    texts = [value for value in literal if isinstance(value, str)]
    return texts if len(texts) == TEXTS[name].stop else None


def test_every_text_stands_literally_in_the_code() -> None:
    worked_out = [place for place, call, name in calls() if literals(call, name) is None]
    assert worked_out == [], "a text that is worked out is in no catalog"


def test_every_call_gives_what_its_text_names() -> None:
    wrong = []
    for place, call, name in calls():
        named = frozenset[str]().union(*map(placeholders, (literals(call, name) or [])[TEXTS[name]]))
        given = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
        whole = all(keyword.arg is not None for keyword in call.keywords)
        automatic = {"n"} if name in {"ngettext", "npgettext"} else set()
        if given - named or (whole and named - given - automatic):
            wrong.append(f"{place}: names {sorted(named)}, is given {sorted(given)}")
    assert wrong == []


SOURCE = """
def texts(t):
    t.gettext("Plain")
    t.rich.npgettext("a.button", "{count} car", "{count} cars", 2, count=2)
    # Translators: said by the driver
    t.pgettext("b", "Late")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "bot").mkdir()
    (tmp_path / "locales").mkdir()
    (tmp_path / "bot" / "texts.py").write_text(SOURCE, encoding="utf-8")
    catalogs.update(tmp_path)
    return tmp_path


def spanish(project: Path) -> Catalog:
    return catalogs.read(catalogs.catalog_path(Language.SPANISH, project), Language.SPANISH)


def translate(project: Path, text: str, context: str | None, translation: str | tuple[str, ...]) -> None:
    catalog = spanish(project)
    entry = catalog.get(text, context)
    assert entry is not None
    entry.string = translation
    catalogs.catalog_path(Language.SPANISH, project).write_text(catalogs.written(catalog), encoding="utf-8")


def test_update_finds_contexts_plurals_and_notes_for_translators(project: Path) -> None:
    found = {(entry.context, entry.id): entry.auto_comments for entry in spanish(project) if entry.id}
    assert found == {
        (None, "Plain"): [],
        ("a.button", ("{count} car", "{count} cars")): [],
        ("b", "Late"): ["Translators: said by the driver"],
    }


def test_update_keeps_translations_while_code_moves_and_drops_them_with_their_text(project: Path) -> None:
    translate(project, "Late", "b", "Tarde")
    translate(project, "Plain", None, "Llano")
    (project / "bot" / "texts.py").write_text("\n\n" + SOURCE.replace('t.gettext("Plain")', "..."), encoding="utf-8")
    catalogs.update(project)
    late = spanish(project).get("Late", "b")
    assert late is not None
    assert late.string == "Tarde"
    assert "Llano" not in catalogs.catalog_path(Language.SPANISH, project).read_text(encoding="utf-8")


def test_update_never_guesses_a_changed_text(project: Path) -> None:
    translate(project, "Late", "b", "Tarde")
    (project / "bot" / "texts.py").write_text(SOURCE.replace('"Late"', '"Later"'), encoding="utf-8")
    catalogs.update(project)
    assert "Later" in [entry.id for entry in catalogs.missing(spanish(project))]


def test_update_twice_changes_nothing(project: Path) -> None:
    files = sorted((project / "locales").rglob("messages.po*"))
    before = [file.read_text(encoding="utf-8") for file in files]
    catalogs.update(project)
    assert [file.read_text(encoding="utf-8") for file in files] == before
    assert len(files) == 4


def test_a_text_with_two_plurals_is_refused(project: Path) -> None:
    (project / "bot" / "other.py").write_text('t.pgettext("a.button", "{count} car", count=1)', encoding="utf-8")
    with pytest.raises(catalogs.ConflictError, match="car"):
        catalogs.template(project)


@pytest.mark.parametrize(
    ("language", "context", "source", "text", "complaint"),
    [
        ("es", "", "Is it so?", "Es así?", "not in pairs"),
        ("es", "", "Check the list.", "Revisa la lista.", "as tú"),
        ("es", "", "Your visit.", "Tu visita.", "as tú"),
        ("es", "", "The visit.", "La visita", "ends with no mark"),
        ("es", "", "Floor 2", "Planta 2ª", "ordinal"),
        ("es", "", "At {time}", "A la {time}", "«a la»"),
        ("es", "", "Welcome", "Bienvenido", "gender"),
        ("es", "", "By {host}", "De {hots}", "placeholders"),
        ("es", "", "Time: ", "Hora:", "same space"),
        ("es", "modal.title", "Dietary needs", "Restricciones alimentarias", "26 characters where 24"),
        ("es", "car.button", "Assign vehicle", "Asignar Vehículo", "capital"),
        ("zh_CN", "", "Guests: {n}", "来宾: {n}", "half-width mark"),
        ("zh_CN", "", "Terminal {n}", "航站楼 {n}号门", "between Han"),
        ("zh_CN", "", "Flight MU5102", "航班MU5102", "between Han"),
        ("zh_CN", "", "Done!", "完成！", "exclamation"),
        ("zh_CN", "", "Wait, please, and reply.", "请稍候，请回复。", "twice"),
        ("zh_CN", "", "Your visit", "你的来访", "您"),
        ("zh_CN", "", "Now *{time}* (was {old}).", "时间*{time}*（原定 {old}）。", "no space around"),
        ("zh_CN", "", "{company} (new)", "{company}(新)", "half-width"),
        ("en", "visit.status", "Cancelled", "Cancelled", "as in the US"),
        ("en", "a.button", "Assign Vehicle", "Assign Vehicle", "capital"),
    ],
)
def test_what_the_rules_are_there_for_is_found(
    language: str, context: str, source: str, text: str, complaint: str
) -> None:
    assert any(complaint in found for found in complaints(Language(language), context, source, text))


@pytest.mark.parametrize(
    ("language", "context", "source", "text"),
    [
        ("es", "modal.title", "Cancel this visit?", "¿Cancelar esta visita?"),
        ("es", "", "{requester} has submitted the plan.", "{requester} le envía el plan de la visita."),
        ("es", "", "Will you come?", "¿Confirma su asistencia?"),
        ("es", "", "New time: *{new}* (was {old}).", "Nueva hora: *{new}* (antes, {old})."),
        ("es", "letter.male", "Dear Mr. {family_name},", "Estimado Sr. {family_name}:"),
        ("zh_CN", "", "New time: *{new}* (was {old}).", "时间调整为 *{new}* （原定 {old}）。"),
        ("zh_CN", "", "Please be early. Confirm.", "请提前 15 分钟到达；出发时请确认。"),
        ("zh_CN", "", "Airport pickup in {ahead}", "接机提醒：{ahead}后"),
        ("zh_CN", "letter.male", "Dear Mr. {family_name},", "尊敬的{family_name}先生："),
        ("zh_CN", "letter.end", "Best wishes!", "顺颂商祺！"),
        ("zh_CN", "", ":car: Vehicle", ":car: 车辆"),
        ("en", "vehicle.button", "I can't", "I can't"),
        ("en", "booking.header", "Booking confirmed: {resource}", "Booking confirmed: {resource}"),
    ],
)
def test_what_the_model_texts_do_is_right(language: str, context: str, source: str, text: str) -> None:
    assert list(complaints(Language(language), context, source, text)) == []
