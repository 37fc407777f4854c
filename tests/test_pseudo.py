"""The language that shows where each piece of a text comes from."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.i18n import Language, Mrkdwn, Translator, bold, escape, mention
from tests.pseudo import PseudoCatalogs, plain, unmarked

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
AT = datetime(2026, 3, 5, 14, 30, tzinfo=SHANGHAI)
CATALOGS = PseudoCatalogs.load(strict=True)


def reader(language: Language = Language.ENGLISH) -> Translator:
    return CATALOGS.translator(language, NEW_YORK)


def test_texts_and_parameters_are_marked_as_deep_as_they_go() -> None:
    t = reader()
    assert t.gettext("Ask {host}", host="Ana") == "⟦Ask ⟨Ana⟩⟧"
    assert t.gettext("In {ahead}", ahead=t.ahead(timedelta(hours=1))) == "⟦In ⟨⟦⟨⟦1⟧⟩ hour⟧⟩⟧"
    assert t.rich.gettext("Ask {host}", host=mention("U1")) == Mrkdwn("⟦Ask ⟨<@U1>⟩⟧")
    assert t.list(["Ana", "Luis"]) == "⟦⟨Ana⟩ and ⟨Luis⟩⟧"


@pytest.mark.parametrize("language", Language)
def test_everything_that_a_translator_writes_is_accounted_for(language: Language) -> None:
    t = reader(language)
    told = [
        t.moment(AT, SHANGHAI, now=AT),
        t.time(AT, SHANGHAI),
        t.span(AT, AT + timedelta(hours=30), SHANGHAI),
        t.day(AT.date()),
        t.ahead(timedelta(days=1, hours=2, minutes=3)),
        t.number(12345),
        t.language_name("es"),
        t.own_language_name(),
        t.zone_name(ZoneInfo("Etc/GMT+5"), AT),
    ]
    assert [unmarked(text, []) for text in told] == [[]] * len(told)


def test_the_marks_can_be_taken_off() -> None:
    assert plain(reader().moment(AT, SHANGHAI)) == "Thu, Mar 5, 14:30 (Shanghai time)"


def test_a_text_for_nobodys_language_is_found() -> None:
    assert unmarked("Approved", []) == ["Approved"]
    assert unmarked("⟦Status⟧: approved", []) == [": approved"]


def test_a_text_put_into_another_must_be_known_data() -> None:
    text = reader().gettext("Ask {host} about {what}", host="Ana García", what="the car")
    assert unmarked(text, ["Ana García"]) == ["the car"]


def test_data_may_stand_beside_texts_with_signs_between() -> None:
    text = f"V-0012 · {reader().gettext('Visit')} · 华为公司 (Ana)"
    assert unmarked(text, ["V-0012", "Ana", "华为"]) == ["· 公司 ( )"]
    assert unmarked(text, ["V-0012", "Ana", "华为公司"]) == []


def test_data_does_not_account_for_a_part_of_a_word() -> None:
    assert unmarked("Anabel", ["Ana"]) == ["Anabel"]
    assert unmarked("Ana", ["", "Ana"]) == []


def test_escaped_and_formatted_data_is_recognised() -> None:
    assert unmarked(bold(escape("A & *B*")).text, ["A & *B*"]) == []


def test_mentions_and_emoji_account_for_themselves_but_labels_do_not() -> None:
    assert unmarked("<@U123> <#C123> <!channel> :car:", []) == []
    assert unmarked("<https://example.org/x|the page>", []) == ["the page"]
    assert unmarked("<https://example.org/x|⟦the page⟧>", []) == []


def test_a_date_token_is_judged_by_what_it_shows() -> None:
    assert unmarked("<!date^1772692200^{date_short} {time}|⟦14:30⟧>", []) == []
    assert unmarked("<!date^1772692200^{date_short} at {time}|⟦14:30⟧>", []) == ["at"]


@pytest.mark.parametrize("cut", ["⟦Ask ⟨An", "ask⟩⟧"])
def test_a_text_that_was_cut_is_reported(cut: str) -> None:
    with pytest.raises(ValueError, match="was cut"):
        unmarked(cut, [])
