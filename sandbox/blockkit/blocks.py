"""The blocks, and which of them each surface takes."""

from collections.abc import Mapping
from typing import Any

from sandbox.blockkit.composition import SLACK_FILE, plain, text
from sandbox.blockkit.elements import IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.rules import Check, Rule, Shape, array, boolean, by_type, exactly_one, one_of, string, url

_BLOCK_ID: Mapping[str, Rule] = {"block_id": string(255)}
_CELLS_LIMIT = 10_000


def _unique_action_ids(name: str) -> Rule:
    def rule(check: Check, path: str, block: Any) -> None:
        seen = set()
        for index, element in enumerate(block[name] if isinstance(block.get(name), list) else ()):
            action_id = element.get("action_id") if isinstance(element, dict) else None
            if action_id and str(action_id) in seen:
                check.object(f"{path}/{name}/{index}", f"`action_id` `{action_id}` already exists in this block")
            seen.add(str(action_id))

    return rule


def _text_or_fields(check: Check, path: str, block: Any) -> None:
    if "text" not in block and "fields" not in block:
        check.object(path, "missing required field: text")


def _markdown(check: Check, path: str, block: Any) -> None:
    if isinstance(block.get("text"), str):
        check.markdown_length += len(block["text"])
        if check.markdown_length > 12_000:
            check.object(f"{path}/text", "markdown blocks must be less than 12001 characters together")


def _one_table(check: Check, path: str, block: Any) -> None:
    check.tables += 1
    if check.tables > 1:
        check.object(path, "only one table allowed")
    if _characters(block.get("rows")) > _CELLS_LIMIT:
        check.object(path, f"table must be less than {_CELLS_LIMIT + 1} characters")


def _characters(node: Any) -> int:
    if isinstance(node, list):
        return sum(_characters(one) for one in node)
    if isinstance(node, dict):
        own = len(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(_characters(one) for name, one in node.items() if name != "text")
    return 0


_COLUMN = Shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
_CELL = by_type({"raw_text": Shape({"text": string(None, 1)}), "rich_text": RICH_TEXT})

COMMON: Mapping[str, Rule] = {
    "section": Shape(
        {},
        {
            **_BLOCK_ID,
            "text": text(3000),
            "fields": array(text(2000), 10, 1),
            "accessory": by_type(IN_SECTION),
            "expand": boolean,
        },
        (_text_or_fields,),
    ),
    "header": Shape({"text": plain(150)}, _BLOCK_ID),
    "divider": Shape({}, _BLOCK_ID),
    "context": Shape(
        {
            "elements": array(
                by_type({"image": IMAGE, "plain_text": text(2000), "mrkdwn": text(2000)}),
                10,
                1,
            )
        },
        _BLOCK_ID,
    ),
    "actions": Shape({"elements": array(by_type(IN_ACTIONS), 25, 1)}, _BLOCK_ID, (_unique_action_ids("elements"),)),
    "image": Shape(
        {"alt_text": string(2000, 1)},
        {**_BLOCK_ID, "image_url": url(), "slack_file": SLACK_FILE, "title": plain(2000)},
        (exactly_one("image_url", "slack_file"),),
    ),
    "input": Shape(
        {"label": plain(2000), "element": by_type(IN_INPUT)},
        {**_BLOCK_ID, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
}
IN_MESSAGES: Mapping[str, Rule] = {
    **COMMON,
    "markdown": Shape({"text": string(12_000, 1)}, _BLOCK_ID, (_markdown,)),
    "table": Shape(
        {"rows": array(array(_CELL, 20, 1), 100, 1)},
        {**_BLOCK_ID, "column_settings": array(_COLUMN, 20)},
        (_one_table,),
    ),
}
