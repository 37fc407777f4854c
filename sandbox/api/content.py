"""The content of messages as apps send it: text, blocks, attachments, metadata."""

import json
from typing import Any

from sandbox.api.call import Call
from sandbox.blockkit.normal import normal_blocks
from sandbox.blockkit.surfaces import objections_to_message
from sandbox.errors import SlackError

TEXT_LIMIT = 40_000
UPDATE_TEXT_LIMIT = 4_000
METADATA_LIMIT = 16_000
BLOCKS_LIMIT = 13_200  # not documented; what apps report of `msg_blocks_too_long`
CONTENT = "text blocks attachments metadata mrkdwn parse link_names unfurl_links unfurl_media markdown_text"


def checked_blocks(blocks: Any) -> list[dict[str, Any]]:
    """Valid blocks as Slack keeps them; refuses the others with a pointer to what is wrong."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    objections = objections_to_message(blocks)
    if objections:
        raise SlackError("invalid_blocks", objections)
    if _letters(blocks) > BLOCKS_LIMIT:
        raise SlackError("msg_blocks_too_long")
    return normal_blocks(blocks)


def _letters(node: Any) -> int:
    """How much text blocks hold altogether."""
    if isinstance(node, dict):
        return sum(len(one) if name == "text" and isinstance(one, str) else _letters(one) for name, one in node.items())
    return sum(_letters(one) for one in node) if isinstance(node, list) else 0


def checked_metadata(metadata: Any) -> dict[str, Any]:
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    if metadata.keys() - {"event_type", "event_payload", "entities"}:
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_LIMIT:
        raise SlackError("metadata_too_large")
    return metadata


def content_of(call: Call, *, text_limit: int | None = None) -> dict[str, Any]:
    """What a message shall hold, checked; refuses an empty one. Text over Slack's limit is cut, or refused
    where `text_limit` says so."""
    if call.has("markdown_text") and (call.has("text") or call.has("blocks")):
        raise SlackError("markdown_text_conflict")
    text = call.text("text") or call.text("markdown_text")
    if text_limit is not None and len(text) > text_limit:
        raise SlackError("msg_too_long")
    content: dict[str, Any] = {"text": text[:TEXT_LIMIT]}
    blocks = call.json("blocks", "invalid_blocks_format")
    if blocks is not None:
        content["blocks"] = checked_blocks(blocks)
    attachments = call.json("attachments")
    if attachments is not None:
        content["attachments"] = _checked_attachments(attachments)
    if not text and not content.get("blocks") and not content.get("attachments"):
        raise SlackError("no_text")
    metadata = call.json("metadata", "invalid_metadata_format")
    if metadata:
        content["metadata"] = checked_metadata(metadata)
    return content


def _checked_attachments(attachments: Any) -> list[dict[str, Any]]:
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    numbered = []
    for number, attachment in enumerate(attachments, start=1):
        blocks = {"blocks": checked_blocks(attachment["blocks"])} if "blocks" in attachment else {}
        numbered.append({"id": number, "fallback": "[no preview available]", **attachment, **blocks})
    return numbered
