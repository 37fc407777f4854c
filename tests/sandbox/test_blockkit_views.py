"""What modals and Home tabs may hold, a row a rule."""

from typing import Any

import pytest

from sandbox.blockkit.normal import normal_blocks
from sandbox.blockkit.surfaces import objections_to_view
from tests.sandbox.standins import actions, button, field, home, modal, mrkdwn, plain, section, text_input

Row = tuple[str, str, Any, str | None]


def number(**more: Any) -> dict[str, Any]:
    return {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, **more}


def typed(**more: Any) -> dict[str, Any]:
    return modal(field(text_input(**more)))


TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
NO_SUBMIT = {"type": "modal", "title": plain(), "blocks": [field(text_input())]}

ROWS: list[Row] = [
    ("plain modal", "modal", modal(section()), None),
    ("no title", "modal", {"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    ("title at its limit", "modal", modal(title=plain("x" * 24)), None),
    ("title over it", "modal", modal(title=plain("x" * 25)), "less than 25 characters [json-pointer:/view/title/text]"),
    ("submit over it", "modal", modal(submit=plain("x" * 25)), "json-pointer:/view/submit/text"),
    ("close over it", "modal", modal(close=plain("x" * 25)), "json-pointer:/view/close/text"),
    ("title in mrkdwn", "modal", modal(title=mrkdwn()), "unsupported type: mrkdwn [json-pointer:/view/title]"),
    ("input without submit", "modal", NO_SUBMIT, "missing required field: submit [json-pointer:/view]"),
    ("no input, no submit", "modal", {"type": "modal", "title": plain(), "blocks": [section()]}, None),
    ("a hundred blocks", "modal", modal(*[{"type": "divider"}] * 100), None),
    ("a hundred and one", "modal", modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed"),
    ("metadata over 3000", "modal", modal(private_metadata="x" * 3001), "json-pointer:/view/private_metadata"),
    ("callback_id over 255", "modal", modal(callback_id="x" * 256), "json-pointer:/view/callback_id"),
    ("unknown property", "modal", modal(submit_disabled=True), "invalid additional property: submit_disabled"),
    ("table in a modal", "modal", modal(TABLE), "unsupported type: table"),
    ("markdown in a modal", "modal", modal({"type": "markdown", "text": "a"}), "unsupported type: markdown"),
    ("home as a modal", "modal", home(), "unsupported type: home"),
    ("no object", "modal", "x", "must provide an object [json-pointer:/view]"),
    ("label over 2000", "modal", modal(field(text_input(), "x" * 2001)), "less than 2001 characters"),
    ("hint in mrkdwn", "modal", modal(field(text_input(), hint=mrkdwn())), "unsupported type: mrkdwn"),
    ("button as input", "modal", modal(field(button())), "unsupported type: button"),
    ("email", "modal", modal(field({"type": "email_text_input"})), None),
    ("max_length over 3000", "modal", typed(max_length=3001), "must be between 1 and 3000"),
    ("min over max", "modal", typed(min_length=5, max_length=4), "min_length must not be greater than max_length"),
    ("initial over max", "modal", typed(initial_value="12345", max_length=4), "must be less than 5 characters"),
    ("number as text", "modal", modal(field(number(initial_value="12"))), None),
    ("number as number", "modal", modal(field(number(initial_value=12))), "must provide a string"),
    (
        "number without decimals rule",
        "modal",
        modal(field({"type": "number_input"})),
        "missing required field: is_decimal",
    ),
    (
        "dispatch on character",
        "modal",
        typed(dispatch_action_config={"trigger_actions_on": ["on_character_entered"]}),
        None,
    ),
    (
        "dispatch on what",
        "modal",
        typed(dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
        "valid enum value",
    ),
    (
        "focus twice",
        "modal",
        modal(field(text_input(focus_on_load=True)), field(text_input(focus_on_load=True))),
        "focus_on_load can be set on one element only [json-pointer:/view/blocks/1/element/focus_on_load]",
    ),
    ("block_id twice", "modal", modal(section(block_id="a"), section(block_id="a")), "`block_id` `a` already exists"),
    ("home", "home", home(section(), actions(button())), None),
    ("home with a title", "home", home(title=plain()), "invalid additional property: title"),
    ("home with an input", "home", home(field(text_input())), None),
]


@pytest.mark.parametrize(("kind", "view", "objection"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_a_view_takes_what_slack_takes(kind: str, view: Any, objection: str | None) -> None:
    found = objections_to_view(view, kind)
    if objection is None:
        assert found == []
    else:
        assert any(objection in one for one in found), found


def test_what_was_left_out_is_filled_in_as_slack_does() -> None:
    given = [section(accessory={"type": "button", "text": plain("Go")})]
    (kept,) = normal_blocks(given)
    assert kept["block_id"]
    assert kept["accessory"]["action_id"]
    assert kept["accessory"]["text"]["emoji"] is True
    assert kept["text"]["verbatim"] is False
    assert "block_id" not in given[0], "the app's own blocks stay as they are"
