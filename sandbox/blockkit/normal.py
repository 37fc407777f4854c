"""Blocks as Slack keeps and returns them: ids given to what has none, text objects completed."""

import secrets
from typing import Any

_TEXT_TYPES = frozenset({"plain_text", "mrkdwn"})
_IDENTIFIED = frozenset(
    {
        "button",
        "overflow",
        "checkboxes",
        "radio_buttons",
        "datepicker",
        "timepicker",
        "datetimepicker",
        "plain_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "static_select",
        "external_select",
        "users_select",
        "channels_select",
        "conversations_select",
        "multi_static_select",
        "multi_external_select",
        "multi_users_select",
        "multi_channels_select",
        "multi_conversations_select",
    }
)


def normal_blocks(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A copy of valid blocks with block and action ids and the defaults of texts filled in."""
    return [{**_copy(block), "block_id": block.get("block_id") or secrets.token_urlsafe(4)} for block in blocks]


def normal_text(given: Any) -> Any:
    return _copy(given) if isinstance(given, dict) else given


def _copy(node: Any) -> Any:
    if isinstance(node, list):
        return [_copy(one) for one in node]
    if not isinstance(node, dict):
        return node
    copied = {name: _copy(one) for name, one in node.items()}
    kind = copied.get("type")
    if kind in _TEXT_TYPES:
        copied.setdefault("emoji" if kind == "plain_text" else "verbatim", kind == "plain_text")
    elif kind in _IDENTIFIED and not copied.get("action_id"):
        copied["action_id"] = secrets.token_urlsafe(4)
    return copied
