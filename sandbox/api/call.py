"""One call of a Web API method: who calls, with which arguments."""

import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from sandbox.errors import SlackError
from sandbox.model.apps import App

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

Answer = dict[str, Any]
Caller = Literal["bot", "app", "anyone"]


@dataclass(slots=True)
class Call:
    """Arguments arrive as text (query, form) or as JSON values (JSON body); the readers below take both."""

    workspace: "Workspace"
    app: App
    arguments: dict[str, Any]

    def has(self, name: str) -> bool:
        return self.arguments.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        value = self.arguments.get(name)
        if value is None:
            return default
        if isinstance(value, (dict, list)):
            raise SlackError("invalid_arguments", [f"must provide a string [json-pointer:/{name}]"])
        return str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.arguments.get(name)
        if value is None:
            return default
        return value is True or str(value).lower() in ("true", "1")

    def number(self, name: str, default: int, most: int) -> int:
        value = self.arguments.get(name)
        if value in (None, ""):
            return default
        try:
            number = int(str(value))
        except ValueError as error:
            raise SlackError("invalid_arguments", [f"must provide an integer [json-pointer:/{name}]"]) from error
        if number <= 0:
            raise SlackError("invalid_limit")
        return min(number, most)

    def json(self, name: str, error: str = "invalid_arguments") -> Any:
        """A structure, given as such or as JSON text; None when it is missing."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as problem:
            raise SlackError(error, [f"must provide valid JSON [json-pointer:/{name}]"]) from problem

    def several(self, name: str) -> list[str]:
        """A list given as such or separated by commas."""
        value = self.arguments.get(name)
        if isinstance(value, list):
            return [str(one) for one in value]
        return [one.strip() for one in str(value or "").split(",") if one.strip()]


@dataclass(frozen=True, slots=True)
class Method:
    """How a method is called: `scopes` of which one is enough, the arguments it knows, and its rate tier.

    Tier 0 has no limit of its own; `chat.postMessage` counts by channel and workspace.
    """

    run: Callable[[Call], Coroutine[Any, Any, Answer]]
    arguments: frozenset[str]
    scopes: tuple[str, ...] = ()
    tier: int = 3
    caller: Caller = "bot"
    rate_key: Callable[[Call], str | None] | None = field(default=None)


def takes(names: str) -> frozenset[str]:
    """The arguments a method knows, besides those that every method takes."""
    return frozenset(names.split()) | {"token", "team_id"}


def page(items: list[Any], call: Call, default: int, most: int) -> tuple[list[Any], str]:
    """One page of a list, and the cursor of the next (empty at the end)."""
    limit = call.number("limit", default, most)
    start = 0
    if call.text("cursor"):
        try:
            start = int(call.text("cursor").removeprefix("after:").rstrip("="))
        except ValueError as error:
            raise SlackError("invalid_cursor") from error
    following = f"after:{start + limit}=" if start + limit < len(items) else ""
    return items[start : start + limit], following
