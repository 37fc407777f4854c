"""The page's modules for themselves: where marks stand, and the words in three languages."""

from typing import Any

import pytest

from tests.browser.conftest import NewPage
from tests.browser.lunch import Lunch

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARKS = [
    ("say *this* now", "say [bold] now"),
    ("(*this*), *that*.", "([bold]), [bold]."),
    ("共*三*人", "共*三*人"),
    ("*航班*：CA1", "*航班*：CA1"),
    ("*航班：* CA1", "[bold] CA1"),
    ("这是，*三*人", "这是，*三*人"),
    ("a*b*c * d* **e**", "a*b*c * d* **e**"),
    ("_one_ ~two~ `*three*`", "[italic] [strike] [code]"),
    ("*_both_*", "[bold]"),
    ("snake_case_name 12:30:45", "snake_case_name 12:30:45"),
    ("*two\nlines*", "*two\nlines*"),
    ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
    ("<https://a.example|*x*> <@U1> <#C1|c> <!here>", "[link] [user] [channel] [broadcast]"),
    (":wave: :no_such_thing:", "[emoji] :no_such_thing:"),
]


async def test_marks_stand_only_where_slack_lets_them(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at())
    script = """async (texts) => {
        const { parseInline } = await import("/js/mrkdwn.js");
        const shown = (node) => (node.type === "text" ? node.text : `[${node.type}]`);
        return texts.map((text) => parseInline(text).map(shown).join(""));
    }"""
    assert await page.evaluate(script, [text for text, _ in MARKS]) == [shown for _, shown in MARKS]


async def test_the_pages_words_are_complete_in_three_languages(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at())
    words: dict[str, dict[str, str]] = await page.evaluate("import('/js/words.js').then(({ WORDS }) => WORDS)")
    assert set(words) == {"en", "zh", "es"}
    placeholders = "[...t.matchAll(/\\{\\w+\\}/g)].map(String).sort().join()"
    script = f"(words) => Object.fromEntries(Object.entries(words).map(([k, t]) => [k, {placeholders}]))"
    shapes: list[Any] = [await page.evaluate(script, words[language]) for language in ("en", "zh", "es")]
    assert shapes[0] == shapes[1] == shapes[2]
    assert all(text.strip() for language in words.values() for text in language.values())
