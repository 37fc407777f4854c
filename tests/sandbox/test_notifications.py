"""What stands on the lock screen."""

import pytest

from sandbox.notifications import NOTHING_TO_SHOW, lock_screen_text, mentions

NAMES = {"U1": "Li Wei", "C1": "reception"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pick-up in *one hour*", "Pick-up in one hour"),
        ("_~both~_ and `code`", "both and code"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("<@U1> in <#C1|old-name>", "@Li Wei in #reception"),
        ("<@U9|ghost> and <@U9>", "@ghost and @U9"),
        ("<!here> <!date^1780000000^{date}|28 May>", "@here 28 May"),
        ("<https://example.com|the map> &amp; &lt;more&gt;", "the map & <more>"),
        ("<tel:+34600000000|+34 600 000 000>", "+34 600 000 000"),
        ("one\n\ntwo\nthree", "one\ntwo"),
        ("> quoted", "quoted"),
        (":warning: late", "⚠️ late"),
        ("司机 *张伟* 已确认", "司机 张伟 已确认"),
        ("", NOTHING_TO_SHOW),
    ],
)
def test_marks_and_entities_are_resolved(text: str, shown: str) -> None:
    assert lock_screen_text(text, NAMES.get) == shown


def test_long_texts_are_cut_with_a_sign_of_it() -> None:
    shown = lock_screen_text("word " * 100, NAMES.get)
    assert len(shown) <= 178
    assert shown.endswith("…")


def test_who_is_called_in_a_channel() -> None:
    assert mentions("<@U1> please", "U1")
    assert mentions("<!channel> please", "U2")
    assert not mentions("<@U1> please", "U2")
