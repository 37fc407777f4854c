"""What the blocks of a message may be, a row a rule: (what is tried, the objection or None)."""

from typing import Any

import pytest

from sandbox.blockkit.surfaces import objections_to_message
from tests.sandbox.standins import actions, button, field, mrkdwn, option, plain, section, select, text_input

Row = tuple[str, Any, str | None]


def image(**more: Any) -> dict[str, Any]:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a", **more}


def context(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "context", "elements": list(elements)}


def confirm(**more: Any) -> dict[str, Any]:
    return {"title": plain(), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No"), **more}


def overflow(count: int) -> dict[str, Any]:
    return {"type": "overflow", "action_id": "more", "options": [option(str(n)) for n in range(count)]}


def group(kind: str, count: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "g", "options": [option(str(n)) for n in range(count)], **more}


def rich(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


TEXTS: list[Row] = [
    ("section at its limit", [section("x" * 3000)], None),
    ("section over it", [section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ("empty section", [section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ("section without text", [{"type": "section"}], "missing required field: text [json-pointer:/blocks/0]"),
    ("fields alone", [{"type": "section", "fields": [mrkdwn("x" * 2000)]}], None),
    (
        "field too long",
        [{"type": "section", "fields": [mrkdwn("x" * 2001)]}],
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        "eleven fields",
        [{"type": "section", "fields": [mrkdwn()] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    ("header at its limit", [{"type": "header", "text": plain("x" * 150)}], None),
    (
        "header over it",
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        "header in mrkdwn",
        [{"type": "header", "text": mrkdwn()}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text]",
    ),
    (
        "emoji in mrkdwn",
        [{"type": "section", "text": {**mrkdwn(), "emoji": True}}],
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    (
        "text given as a string",
        [{"type": "section", "text": "x"}],
        "must provide an object [json-pointer:/blocks/0/text]",
    ),
    ("text as a number", [{"type": "section", "text": {"type": "mrkdwn", "text": 3}}], "must provide a string"),
]

BLOCKS: list[Row] = [
    ("no array", {"type": "divider"}, "must provide an array [json-pointer:/blocks]"),
    ("fifty blocks", [{"type": "divider"}] * 50, None),
    ("fifty-one", [{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ("unknown type", [{"type": "carrousel"}], "unsupported type: carrousel [json-pointer:/blocks/0]"),
    ("no type", [{}], "missing required field: type [json-pointer:/blocks/0]"),
    ("no object", ["divider"], "must provide an object [json-pointer:/blocks/0]"),
    (
        "unknown property",
        [{"type": "divider", "colour": "red"}],
        "invalid additional property: colour [json-pointer:/blocks/0]",
    ),
    ("block_id too long", [{"type": "divider", "block_id": "x" * 256}], "must be less than 256 characters"),
    (
        "block_id twice",
        [section(block_id="a"), section(block_id="a")],
        "`block_id` `a` already exists [json-pointer:/blocks/1/block_id]",
    ),
    ("context with ten", [context(*[mrkdwn()] * 10)], None),
    ("context with eleven", [context(*[mrkdwn()] * 11)], "no more than 10 items allowed"),
    ("empty context", [context()], "must contain at least one item"),
    ("button in a context", [context(button())], "unsupported type: button [json-pointer:/blocks/0/elements/0]"),
    ("image", [image()], None),
    (
        "image without alt_text",
        [{"type": "image", "image_url": "https://example.com/a"}],
        "missing required field: alt_text",
    ),
    ("image with a strange address", [image(image_url="file:///etc/passwd")], "invalid url"),
    ("image without any source", [{"type": "image", "alt_text": "a"}], "must define exactly one of"),
    ("input in a message", [field(text_input())], None),
    ("markdown", [{"type": "markdown", "text": "# hi"}], None),
    (
        "markdown too long together",
        [{"type": "markdown", "text": "x" * 7000}] * 2,
        "less than 12001 characters together",
    ),
    ("table", [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}], None),
    ("two tables", [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}] * 2, "only one table allowed"),
    (
        "table with 21 columns",
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]}],
        "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
    ),
    (
        "rich text",
        [rich({"type": "text", "text": "a", "style": {"bold": True}}, {"type": "user", "user_id": "U1"})],
        None,
    ),
    (
        "rich text with an odd style",
        [rich({"type": "text", "text": "a", "style": {"loud": True}})],
        "additional property: loud",
    ),
    ("rich text with an odd part", [rich({"type": "marquee"})], "unsupported type: marquee"),
]

ELEMENTS: list[Row] = [
    ("twenty-five buttons", [actions(*[button(action_id=str(n)) for n in range(25)])], None),
    ("twenty-six", [actions(*[button(action_id=str(n)) for n in range(26)])], "no more than 25 items allowed"),
    ("no element", [actions()], "must contain at least one item"),
    (
        "action_id twice in a block",
        [actions(button(), button())],
        "`action_id` `go` already exists in this block [json-pointer:/blocks/0/elements/1]",
    ),
    ("action_id twice in two blocks", [actions(button()), actions(button())], None),
    ("action_id too long", [actions(button(action_id="x" * 256))], "must be less than 256 characters"),
    ("button text at its limit", [actions(button("x" * 75))], None),
    (
        "button text over it",
        [actions(button("x" * 76))],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    ("button in mrkdwn", [actions({**button(), "text": mrkdwn()})], "unsupported type: mrkdwn"),
    ("button value", [actions(button(value="x" * 2001))], "must be less than 2001 characters"),
    ("button style", [actions(button(style="primary"))], None),
    ("button style unknown", [actions(button(style="default"))], "must be a valid enum value"),
    ("button address", [actions(button(url="not an url"))], "invalid url"),
    ("confirm", [actions(button(confirm=confirm()))], None),
    ("confirm title", [actions(button(confirm=confirm(title=plain("x" * 101))))], "must be less than 101 characters"),
    ("confirm text", [actions(button(confirm=confirm(text=plain("x" * 301))))], "must be less than 301 characters"),
    ("confirm button", [actions(button(confirm=confirm(confirm=plain("x" * 31))))], "must be less than 31 characters"),
    (
        "confirm without deny",
        [actions(button(confirm={"title": plain(), "text": plain(), "confirm": plain()}))],
        "missing required field: deny",
    ),
    ("overflow with one", [actions(overflow(1))], "no fewer than 2 items allowed"),
    ("overflow with two", [actions(overflow(2))], None),
    ("overflow with six", [actions(overflow(6))], "no more than 5 items allowed"),
    ("text input in actions", [actions(text_input())], "unsupported type: plain_text_input"),
    ("image as accessory", [section(accessory=image())], None),
    (
        "datetimepicker as accessory",
        [section(accessory={"type": "datetimepicker"})],
        "unsupported type: datetimepicker",
    ),
]

CHOICES: list[Row] = [
    ("a hundred options", [actions(select(*(str(n) for n in range(100))))], None),
    ("a hundred and one", [actions(select(*(str(n) for n in range(101))))], "no more than 100 items allowed"),
    ("no options", [actions(select())], "must contain at least one item"),
    ("option value twice", [actions(select("a", "A"))], "option value `a` is not unique"),
    ("option text", [actions(select("x" * 76))], "must be less than 76 characters"),
    (
        "option value",
        [actions({**select("a"), "options": [option("a", "x" * 151)]})],
        "must be less than 151 characters",
    ),
    (
        "option in mrkdwn",
        [actions({**select("a"), "options": [{"text": mrkdwn(), "value": "a"}]})],
        "unsupported type: mrkdwn",
    ),
    ("initial option on offer", [actions(select("A", "B", initial_option=option("B")))], None),
    (
        "initial option not on offer",
        [actions(select("A", "B", initial_option=option("C")))],
        "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        "initial option with another text",
        [actions(select("A", initial_option=option("Other", "a")))],
        "must be one of the provided options",
    ),
    (
        "options and groups",
        [actions(select("A", option_groups=[{"label": plain(), "options": [option("B")]}]))],
        "must define exactly one of",
    ),
    ("placeholder", [actions(select("A", placeholder=plain("x" * 151)))], "must be less than 151 characters"),
    ("checkboxes in mrkdwn", [actions(group("checkboxes", 1) | {"options": [{"text": mrkdwn(), "value": "a"}]})], None),
    ("eleven checkboxes", [actions(group("checkboxes", 11))], "no more than 10 items allowed"),
    ("eleven radio buttons", [actions(group("radio_buttons", 11))], "no more than 10 items allowed"),
    ("date", [actions({"type": "datepicker", "initial_date": "2026-02-28"})], None),
    ("date in another order", [actions({"type": "datepicker", "initial_date": "28-02-2026"})], "format YYYY-MM-DD"),
    ("time", [actions({"type": "timepicker", "initial_time": "09:30", "timezone": "Asia/Shanghai"})], None),
    ("time of 25 hours", [actions({"type": "timepicker", "initial_time": "25:00"})], "format HH:mm"),
    ("moment", [actions({"type": "datetimepicker", "initial_date_time": 1_780_000_000})], None),
    (
        "moment in milliseconds",
        [actions({"type": "datetimepicker", "initial_date_time": 1_780_000_000_000})],
        "must be between",
    ),
]


@pytest.mark.parametrize(
    ("blocks", "objection"), [pytest.param(row[1], row[2], id=row[0]) for row in TEXTS + BLOCKS + ELEMENTS + CHOICES]
)
def test_a_message_takes_what_slack_takes(blocks: Any, objection: str | None) -> None:
    found = objections_to_message(blocks)
    if objection is None:
        assert found == []
    else:
        assert any(objection in one for one in found), found
