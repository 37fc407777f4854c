"""What of a payload people can see, read or press."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.messages.blocks import Block, Message
from sandbox.blockkit.values import elements

_TEXT_OBJECTS = ("plain_text", "mrkdwn")


def blocks_of(built: Message | Block) -> list[Block]:
    """The blocks of a message or a view."""
    return list(built.blocks) if isinstance(built, Message) else list(built["blocks"])


def buttons(built: Message | Block) -> Iterator[str]:
    """What stands on every button, those of confirm dialogs too."""
    for _, element in elements(blocks_of(built)):
        if element["type"] == "button":
            yield element["text"]["text"]
            yield from (element["confirm"][part]["text"] for part in ("confirm", "deny") if "confirm" in element)
