"""Time that a test moves by hand, and short ways to write blocks."""

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError


class HandTime:
    """Stands still until it is told to go on."""

    def __init__(self, start: float = 1_780_000_000.0) -> None:
        self.seconds = start

    def wall(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds

    def pass_(self, seconds: float) -> None:
        self.seconds += seconds


def plain(text: str = "text") -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "text") -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "text", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(text: str = "Go", action_id: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def option(text: str, value: str | None = None) -> dict[str, Any]:
    return {"text": plain(text), "value": text.lower() if value is None else value}


def select(*options: str, **more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "pick", "options": [option(one) for one in options], **more}


def text_input(**more: Any) -> dict[str, Any]:
    return {"type": "plain_text_input", "action_id": "typed", **more}


def field(element: dict[str, Any], label: str = "Label", **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": plain(label), "element": element, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": list(blocks), **more}


def home(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks), **more}


async def refusal(call: Awaitable[Any]) -> dict[str, Any]:
    """The answer to a Web API call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer: dict[str, Any] = caught.value.response.data
    return answer


async def code(call: Awaitable[Any]) -> str:
    return str((await refusal(call))["error"])
