"""What a reader is told: languages, texts, times, durations and lists."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from shutil import copytree
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import CatalogError, Catalogs, Language, Mrkdwn, ParameterError, Translator, language_of, mention, po
from tests.catalogs import forms

SHANGHAI, NEW_YORK, MADRID = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("Europe/Madrid")
THURSDAY = datetime(2026, 3, 5, 14, 30, tzinfo=SHANGHAI)
CATALOGS = Catalogs.load(strict=True)


def reader(code: str, zone: ZoneInfo = SHANGHAI) -> Translator:
    return CATALOGS.translator(code, zone)


@pytest.mark.parametrize(
    ("code", "language", "locale"),
    [
        ("en-US", Language.ENGLISH, "en_US"),
        ("en-AU", Language.ENGLISH, "en_US"),
        ("en-GB", Language.ENGLISH, "en_GB"),
        ("es-ES", Language.SPANISH, "es_ES"),
        ("es-LA", Language.SPANISH, "es_419"),
        ("es-MX", Language.SPANISH, "es_419"),
        ("es", Language.SPANISH, "es_419"),
        ("zh-CN", Language.CHINESE, "zh_Hans_CN"),
        ("zh-TW", Language.CHINESE, "zh_Hans_CN"),
        ("zh_CN", Language.CHINESE, "zh_Hans_CN"),
    ],
)
def test_a_slack_locale_chooses_the_texts_and_how_dates_look(code: str, language: Language, locale: str) -> None:
    t = reader(code)
    assert (language_of(code), t.language, str(t.locale)) == (language, language, locale)


@pytest.mark.parametrize("code", ["pt-BR", "fr-FR", "de-DE", "ja-JP", "", "enx"])
def test_a_language_without_a_catalog_is_left_to_the_caller(code: str) -> None:
    assert language_of(code) is None
    with pytest.raises(LookupError, match="language_of"):
        reader(code)


@pytest.mark.parametrize(
    ("code", "here", "elsewhere"),
    [
        ("en-US", "Thu, Mar 5, 14:30", "Thu, Mar 5, 14:30 (Shanghai time)"),
        ("en-GB", "Thu 5 Mar, 14:30", "Thu 5 Mar, 14:30 (Shanghai time)"),
        ("es-LA", "jueves 5 de marzo, 14:30\u00a0h", "jueves 5 de marzo, 14:30\u00a0h (hora de Shanghái)"),
        ("es-ES", "jueves 5 de marzo, 14:30\u00a0h", "jueves 5 de marzo, 14:30\u00a0h (hora de Shanghái)"),
        ("zh-CN", "3月5日（周四）14:30", "3月5日（周四）14:30（上海时间）"),
    ],
)
def test_a_moment_is_told_in_the_venues_zone_which_is_named_to_readers_elsewhere(
    code: str, here: str, elsewhere: str
) -> None:
    assert reader(code).moment(THURSDAY, SHANGHAI, now=THURSDAY) == here
    assert reader(code, NEW_YORK).moment(THURSDAY.astimezone(UTC), SHANGHAI, now=THURSDAY) == elsewhere


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("en-US", "Thu, Mar 5, 2026, 14:30"),
        ("es", "jueves 5 de marzo de 2026, 14:30\u00a0h"),
        ("zh-CN", "2026年3月5日（周四）14:30"),
    ],
)
def test_the_year_is_told_where_it_is_not_the_present_one(code: str, told: str) -> None:
    assert reader(code).moment(THURSDAY, SHANGHAI, now=datetime(2025, 12, 31, tzinfo=SHANGHAI)) == told


def test_the_present_year_is_that_of_the_venue() -> None:
    new_year = datetime(2026, 1, 1, 9, 0, tzinfo=SHANGHAI)
    now = datetime(2025, 12, 31, 12, 0, tzinfo=NEW_YORK)
    assert reader("en-US").moment(new_year, SHANGHAI, now=now) == "Thu, Jan 1, 09:00"


def test_a_zone_with_the_same_time_at_that_moment_is_not_named() -> None:
    singapore = ZoneInfo("Asia/Singapore")
    assert reader("en-US", singapore).time(THURSDAY, SHANGHAI) == "14:30"


def test_a_zone_is_named_only_while_its_time_differs() -> None:
    phoenix, denver = ZoneInfo("America/Phoenix"), ZoneInfo("America/Denver")
    t = reader("en-US", phoenix)
    assert t.time(datetime(2026, 1, 10, 9, 0, tzinfo=denver), denver) == "09:00"
    assert t.time(datetime(2026, 7, 10, 9, 0, tzinfo=denver), denver) == "09:00 (Denver time)"


@pytest.mark.parametrize(("code", "told"), [("en", "14:30"), ("es", "14:30\u00a0h"), ("zh-CN", "14:30")])
def test_a_time_and_the_bare_clock(code: str, told: str) -> None:
    assert reader(code).time(THURSDAY, SHANGHAI) == told
    assert reader(code, NEW_YORK).clock(THURSDAY, SHANGHAI) == "14:30"


@pytest.mark.parametrize(
    ("code", "one_day", "two_days"),
    [
        ("en", "Thu, Mar 5, 14:30–16:30", "Thu, Mar 5, 14:30 – Fri, Mar 6, 10:30"),
        (
            "es",
            "jueves 5 de marzo, de 14:30 a 16:30\u00a0h",
            "jueves 5 de marzo, 14:30\u00a0h – viernes 6 de marzo, 10:30\u00a0h",
        ),
        ("zh-CN", "3月5日（周四）14:30–16:30", "3月5日（周四）14:30 至 3月6日（周五）10:30"),
    ],
)
def test_a_span_says_its_day_once(code: str, one_day: str, two_days: str) -> None:
    assert reader(code).span(THURSDAY, THURSDAY + timedelta(hours=2), SHANGHAI) == one_day
    assert reader(code).span(THURSDAY, THURSDAY + timedelta(hours=20), SHANGHAI) == two_days


def test_whether_a_span_is_one_day_is_asked_at_the_venue() -> None:
    evening = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    told = reader("en", MADRID).span(evening, evening + timedelta(hours=1), SHANGHAI)
    assert told == "Fri, Mar 6, 07:30–08:30 (Shanghai time)"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        reader("en").time(THURSDAY.replace(tzinfo=None), SHANGHAI)


def test_a_day_has_a_year_only_in_another_year() -> None:
    assert reader("es").day(date(2026, 3, 5)) == "jueves 5 de marzo"
    assert reader("es").day(date(2026, 3, 5), today=date(2026, 1, 1)) == "jueves 5 de marzo"
    assert reader("es").day(date(2027, 3, 5), today=date(2026, 1, 1)) == "viernes 5 de marzo de 2027"


@pytest.mark.parametrize(
    ("zone", "english", "spanish", "chinese"),
    [
        ("Asia/Shanghai", "Shanghai time", "hora de Shanghái", "上海时间"),
        ("America/New_York", "New York time", "hora de Nueva York", "纽约时间"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time", "hora de Buenos Aires", "布宜诺斯艾利斯时间"),
        ("Asia/Kolkata", "Kolkata time", "hora de Calcuta", "加尔各答时间"),
        ("US/Eastern", "New York time", "hora de Nueva York", "纽约时间"),
        ("UTC", "UTC", "UTC", "UTC"),
        ("Etc/GMT+5", "UTC−5", "UTC−5", "UTC−5"),
    ],
)
def test_a_zone_is_called_by_its_city(zone: str, english: str, spanish: str, chinese: str) -> None:
    names = [reader(code).zone_name(ZoneInfo(zone), THURSDAY) for code in ("en", "es", "zh-CN")]
    assert names == [english, spanish, chinese]


@pytest.mark.parametrize(
    ("delta", "english", "spanish", "chinese"),
    [
        (timedelta(hours=1), "1 hour", "1 hora", "1 小时"),
        (timedelta(minutes=52), "52 minutes", "52 minutos", "52 分钟"),
        (timedelta(minutes=80), "1 hour 20 minutes", "1 hora y 20 minutos", "1 小时 20 分钟"),
        (timedelta(minutes=59, seconds=57), "1 hour", "1 hora", "1 小时"),
        (timedelta(minutes=59, seconds=29), "59 minutes", "59 minutos", "59 分钟"),
        (timedelta(days=2), "2 days", "2 días", "2 天"),
        (
            timedelta(days=1, hours=1, minutes=1),
            "1 day 1 hour 1 minute",
            "1 día, 1 hora y 1 minuto",
            "1 天 1 小时 1 分钟",
        ),
        (timedelta(seconds=20), "less than a minute", "menos de un minuto", "不到 1 分钟"),
    ],
)
def test_what_is_ahead_is_told_to_the_minute(delta: timedelta, english: str, spanish: str, chinese: str) -> None:
    assert [reader(code).ahead(delta) for code in ("en", "es", "zh-CN")] == [english, spanish, chinese]


@given(st.integers(min_value=30, max_value=10**7))
def test_what_is_ahead_is_never_more_than_half_a_minute_off(seconds: int) -> None:
    units = {"day": 86400, "hour": 3600, "minute": 60}
    words = reader("en").ahead(timedelta(seconds=seconds)).replace(",", "").split()
    told = sum(
        int(number) * units[unit.removesuffix("s")] for number, unit in zip(words[::2], words[1::2], strict=True)
    )
    assert abs(told - seconds) <= 30


def test_what_is_past_is_not_ahead() -> None:
    with pytest.raises(ValueError, match="past"):
        reader("en").ahead(timedelta(seconds=-1))


@pytest.mark.parametrize(
    ("items", "joined", "told"),
    [
        (["Luis", "Inés"], "and", "Luis e Inés"),
        (["Luis", "Íñigo"], "and", "Luis e Íñigo"),
        (["madre", "hija"], "and", "madre e hija"),
        (["agua", "hielo"], "and", "agua y hielo"),
        (["Luis", "*Inés*"], "and", "Luis e *Inés*"),
        (["Luis", "Ana", "Inés"], "and", "Luis, Ana e Inés"),
        (["Inés", "Luis"], "and", "Inés y Luis"),
        (["uno", "otro"], "or", "uno u otro"),
        (["7", "8"], "or", "7 u 8"),
        (["10", "11"], "or", "10 u 11"),
        (["100", "110"], "or", "100 o 110"),
        (["ayer", "hoy"], "or", "ayer u hoy"),
        (["Ana y Luis", "Eva o Paz"], "and", "Ana y Luis y Eva o Paz"),
        (["Ana"], "and", "Ana"),
        ([], "and", ""),
    ],
)
def test_spanish_conjunctions_follow_the_sound_of_what_comes_next(items: list[str], joined: str, told: str) -> None:
    t = reader("es")
    assert (t.list(items, "or") if joined == "or" else t.list(items)) == told


def test_lists_in_english_and_chinese() -> None:
    assert reader("en-US").list(["a", "b", "c"]) == "a, b, and c"
    assert reader("en-GB").list(["a", "b", "c"]) == "a, b and c"
    assert reader("zh-CN").list(["李娜", "王芳", "赵敏"]) == "李娜、王芳和赵敏"
    assert reader("zh-CN").list(["Ana", "Luis"]) == "Ana 和 Luis"
    assert reader("zh-CN").list(["Ana", "李娜"], "or") == "Ana 或李娜"


def test_conditions_that_hold_together_are_joined_as_such() -> None:
    two, three = ["a", "b"], ["重要", "境外来宾", "VIP"]
    assert [reader(code).list(two, "all") for code in ("en-US", "es-LA", "zh-CN")] == ["a and b", "a y b", "a 且 b"]
    assert reader("zh-CN").list(three, "all") == "重要、境外来宾且 VIP"
    assert reader("zh-CN").list(three) == "重要、境外来宾和 VIP"


def test_full_width_marks_have_their_own_room() -> None:
    """A reader elsewhere reads the zone in brackets; the sentence goes on right behind them."""
    at_home, elsewhere = (reader("zh-CN", zone) for zone in (SHANGHAI, MADRID))
    text = ":hourglass_flowing_sand: Sent {moment}, not answered yet."
    told = [t.pgettext("chase", text, moment=t.moment(THURSDAY, SHANGHAI)) for t in (at_home, elsewhere)]
    assert [one.partition(" ")[2] for one in told] == [
        "3月5日（周四）14:30 发出，尚未答复。",
        "3月5日（周四）14:30（上海时间）发出，尚未答复。",
    ]
    company = {"name": "飞翔（北京）", "leader": "（无）"}
    joined = "{name} confirmed that {leader} will take part."
    assert elsewhere.pgettext("record", joined, **company) == "飞翔（北京）确认（无）可以参加。"
    english = reader("en-US").pgettext("record", joined, **company)
    assert english == "飞翔（北京） confirmed that （无） will take part.", "elsewhere a space is a space"


def test_a_list_of_people_may_be_marked_up() -> None:
    assert reader("es").rich.list([mention("U1"), "Inés & co"]) == Mrkdwn("<@U1> e Inés &amp; co")


def test_numbers_are_written_as_in_the_readers_country() -> None:
    assert [reader(code).number(12345) for code in ("en-US", "es-ES", "es-LA")] == ["12,345", "12.345", "12,345"]


def test_languages_have_a_name_in_every_language_and_in_their_own() -> None:
    assert [reader("es").language_name(code) for code in ("en", "zh_CN", "fr", "pt-BR")] == [
        "inglés",
        "chino",
        "francés",
        "portugués de Brasil",
    ]
    assert [reader(code).own_language_name() for code in Language] == ["English", "Español", "中文"]
    with pytest.raises(LookupError, match="xx"):
        reader("es").language_name("xx")


def test_a_plural_text_takes_its_number_from_the_call() -> None:
    t = reader("es")
    hours = [t.npgettext("duration", "{hours} hour", "{hours} hours", n, hours=n) for n in (0, 1, 2, 1000)]
    assert hours == ["0 horas", "1 hora", "2 horas", "1,000 horas"]
    assert t.ngettext("{n} car", "{n} cars", 1) == "1 car"
    assert t.ngettext("{n} car", "{n} cars", 1200) == "1,200 cars"


def test_a_text_without_a_translation_shows_in_english() -> None:
    assert reader("zh-CN").gettext("Not in any catalog, {name}", name="Ana") == "Not in any catalog, Ana"


def test_a_missing_parameter_is_an_error() -> None:
    with pytest.raises(ParameterError, match=r"\['host'\] missing"):
        reader("en").gettext("Ask {host}")


def test_a_parameter_without_a_place_is_an_error_where_tests_ask_for_it() -> None:
    with pytest.raises(ParameterError, match="no place for"):
        reader("en").gettext("Ask the host", host="Ana")
    assert Catalogs.load().translator("en", SHANGHAI).gettext("Ask the host", host="Ana") == "Ask the host"


def test_braces_in_what_people_typed_are_left_alone() -> None:
    assert reader("en").gettext("Note: {note}", note="{host} {0} {") == "Note: {host} {0} {"


def test_rich_text_escapes_what_people_typed_and_keeps_what_is_safe() -> None:
    t = reader("en")
    told = t.rich.gettext("Q&A with {who} by {host} for {n}", who="<!channel> & co", host=mention("U1"), n=1200)
    assert told == Mrkdwn("Q&amp;A with &lt;!channel&gt; &amp; co by <@U1> for 1,200")


def test_rich_text_has_the_same_plurals_and_contexts() -> None:
    t = reader("es")
    assert t.rich.npgettext("duration", "{days} day", "{days} days", 2, days=2) == Mrkdwn("2 días")
    assert t.rich.pgettext("zone", "{city} time", city="A<B") == Mrkdwn("hora de A&lt;B")
    assert t.rich.ngettext("{n} car", "{n} cars", 2) == Mrkdwn("2 cars")


def test_markup_never_gets_into_plain_text() -> None:
    with pytest.raises(TypeError, match="Mrkdwn"):
        reader("en").gettext("Ask {host}", host=mention("U1"))  # type: ignore[arg-type]  # what mypy forbids


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    locales = Path(__file__).parent.parent / "locales"
    return Path(copytree(locales, tmp_path / "locales"))


def spoil(folder: Path, before: str, after: str) -> None:
    path = folder / "es" / "LC_MESSAGES" / "messages.po"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"hora de {city}"', '"hora de {ciudad}"'),
        ('"hora de {city}"', '"hora de {city"'),
        ('"hora de {city}"', '"hora de {city}'),
    ],
)
def test_a_broken_entry_stops_the_start_and_is_named(folder: Path, before: str, after: str) -> None:
    spoil(folder, before, after)
    with pytest.raises(CatalogError, match=r"es/LC_MESSAGES/messages.po: .*(city|hora de)"):
        Catalogs.load(folder)


def test_a_catalog_that_is_not_there_is_named(folder: Path) -> None:
    (folder / "es" / "LC_MESSAGES" / "messages.po").unlink()
    with pytest.raises(CatalogError, match=r"es/LC_MESSAGES/messages.po"):
        Catalogs.load(folder)


WRITTEN = r"""# a translator's note
msgid ""
msgstr ""
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: bot/somewhere.py
msgctxt "header"
msgid "Lunch \"to go\", {n}\tC:\\new"
msgstr ""
"Comida "
"«para \"llevar\"», {n}\t\\\n"
"y fin"

#, python-brace-format, fuzzy
msgid "unsure"
msgstr "no seguro"

#| msgid "an earlier one"
msgctxt "count"
msgid "{n} car"
msgid_plural "{n} cars"
msgstr[0] "{n} coche"
msgstr[1] "{n} coches"

msgid "not translated yet"
msgstr ""
"""


def test_a_catalog_reads_as_its_tool_reads_it() -> None:
    catalog = read_po(BytesIO(WRITTEN.encode()), locale="es", abort_invalid=True)
    known = [
        (entry.context, forms(entry.id), forms(entry.string))
        for entry in catalog
        if entry.id and any(forms(entry.string)) and not entry.fuzzy
    ]
    head, *entries = po.read(WRITTEN)
    assert [tuple(entry) for entry in entries] == known
    assert len(known) == 2
    assert head.texts == ("Plural-Forms: nplurals=2; plural=(n != 1);\n",)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en-US", "Plan approved: Acme, Inc. Luis"),
        ("es-ES", "Plan approved: Acme, Inc. Luis"),
        ("zh-CN", "Plan approved: Acme, Inc.。Luis"),
    ],
)
def test_a_name_with_a_stop_of_its_own_ends_its_sentence(code: str, expected: str) -> None:
    assert reader(code).gettext("{title}. {guests}", title="Plan approved: Acme, Inc.", guests="Luis") == expected
