"""What of a payload people can see, read or press."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.messages.blocks import Block, Message
from sandbox.blockkit.values import elements
from sandbox.record import ApiCall
from sandbox.workspace import Workspace

_SAYING = ("chat.postMessage", "chat.update", "chat.postEphemeral", "response_url")
_SHOWING = ("views.open", "views.push", "views.update", "views.publish")
_BUTTON, _TITLE, _HEADER, _OPTION = 30, 24, 150, 75
_LIMITED = {"title": _TITLE, "submit": _TITLE, "close": _TITLE}


@dataclass(frozen=True)
class Sent:
    """A message or view that reached the workspace, with how it came there."""

    how: str
    payload: Mapping[str, Any]


def sent_to(workspace: Workspace) -> Iterator[Sent]:
    """Every message, update, private answer and view, from the workspace's record; what was refused as well."""
    for entry in workspace.record.entries:
        if isinstance(entry, ApiCall):
            if entry.method in _SAYING:
                yield Sent(entry.method, _decoded(entry.arguments))
            elif entry.method in _SHOWING:
                yield Sent(entry.method, _decoded(entry.arguments)["view"])
        elif isinstance(entry.answer, dict):
            answer = entry.answer
            yield Sent(f"answer to {entry.kind}", answer.get("view") or answer)


def typed_into(workspace: Workspace) -> Iterator[str]:
    """What people typed: commands, messages, and the text fields of the forms they sent."""
    for delivered in workspace.record.deliveries:
        payload = delivered.payload
        command = payload.get("text") or ""
        yield from (command, command.partition(" ")[2])
        yield (payload.get("event") or {}).get("text") or ""
        values = ((payload.get("view") or {}).get("state") or {}).get("values") or {}
        yield from (field.get("value") or "" for block in values.values() for field in block.values())


def visible(node: Any) -> Iterator[str]:
    """Every text that somebody can read: texts, what stands in fields, errors beside them."""
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name in ("text", "initial_value") and isinstance(value, str):
                yield value
            elif name == "errors":
                yield from value.values()
            else:
                yield from visible(value)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from visible(item)


def measured(payload: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Texts for which there is little room, with how many characters there is room for."""
    for name, most in _LIMITED.items():
        if name in payload:
            yield payload[name]["text"], most
    for block in payload.get("blocks") or ():
        if block["type"] == "header":
            yield block["text"]["text"], _HEADER
    for _, element in elements(payload.get("blocks") or []):
        yield from ((option["text"]["text"], _OPTION) for option in element.get("options") or ())
    yield from ((label, _BUTTON) for label in buttons(payload))


def blocks_of(built: Message | Mapping[str, Any]) -> list[Block]:
    """The blocks of a message or a view."""
    return list(built.blocks if isinstance(built, Message) else built.get("blocks") or ())


def buttons(built: Message | Mapping[str, Any]) -> Iterator[str]:
    """What stands on every button, those of confirm dialogs too."""
    for _, element in elements(blocks_of(built)):
        if element["type"] == "button":
            yield element["text"]["text"]
            yield from (element["confirm"][part]["text"] for part in ("confirm", "deny") if "confirm" in element)


def _decoded(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A call's arguments with what was handed over as JSON text."""
    structured = ("blocks", "view", "metadata")
    return {
        name: json.loads(value) if name in structured and isinstance(value, str) else value
        for name, value in arguments.items()
    }
