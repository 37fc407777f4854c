"""Text in Slack's markup: what people typed shows as they typed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Mrkdwn, bold, channel_link, escape, join, mention, strike

JOINER = "\N{WORD JOINER}"


def test_mentions_links_and_commands_cannot_be_typed() -> None:
    assert escape("<!channel> & <@U1>") == Mrkdwn("&lt;!channel&gt; &amp; &lt;@U1&gt;")


@pytest.mark.parametrize("typed", ["snake_case_name", "2*3*4", "a`b", "苏A_12345_号", "Hotel 5 Estrellas"])
def test_marks_inside_words_format_nothing_and_stay(typed: str) -> None:
    assert escape(typed) == Mrkdwn(typed)


@pytest.mark.parametrize("mark", "*_~`")
def test_marks_around_words_are_kept_from_formatting(mark: str) -> None:
    calm = f"{JOINER}{mark}{JOINER}"
    assert escape(f"so {mark}said{mark}.") == Mrkdwn(f"so {calm}said{calm}.")


def test_a_typed_quotation_stays_a_greater_than_sign() -> None:
    assert escape("a > b\n> c") == Mrkdwn(f"a &gt; b\n{JOINER}&gt; c")


@given(st.text(alphabet="ab1 *_~`<>&\n我"))
def test_escaping_changes_nothing_that_is_read(typed: str) -> None:
    shown = escape(typed).text.replace(JOINER, "")
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == typed


@given(st.text(alphabet="ab1 *_~`<>&\n我"))
def test_escaped_text_has_no_bare_angle_and_no_mark_next_to_a_gap(typed: str) -> None:
    shown = f" {escape(typed).text} "
    assert not set("<>") & set(shown)
    assert not any(
        mark in "*_~`" and (shown[at - 1].isspace() or shown[at + 1].isspace()) for at, mark in enumerate(shown)
    )


def test_bold_and_strike_escape_strings_and_keep_markup() -> None:
    assert bold("a & b") == Mrkdwn("*a &amp; b*")
    assert bold(mention("U1")) == Mrkdwn("*<@U1>*")
    assert strike("14:30") == Mrkdwn("~14:30~")


def test_bold_goes_line_by_line_and_leaves_no_space_inside() -> None:
    assert bold(" one \n\ntwo") == Mrkdwn("*one*\n\n*two*")
    assert bold("") == Mrkdwn("")


def test_parts_are_joined_without_the_empty_ones() -> None:
    parts = [mention("U1"), Mrkdwn(""), channel_link("C1")]
    assert join(" · ", parts) == Mrkdwn("<@U1> · <#C1>")
    assert mention("U1") + escape(" & co") == Mrkdwn("<@U1> &amp; co")
