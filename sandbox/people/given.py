"""What a request to the people API holds, read with a refusal by name where something is missing or odd."""

from dataclasses import dataclass
from typing import Any

from sandbox.blockkit.values import Values
from sandbox.errors import Refusal


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of a request, or an object among them."""

    all: dict[str, Any]

    @property
    def who(self) -> str:
        """The acting person's id."""
        return self.text("as")

    def text(self, name: str, default: str | None = None) -> str:
        value = self.all.get(name, default)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise Refusal("invalid_arguments", f"{name} is missing" if value is None else f"{name} is a text")
        return value

    def texts(self, name: str) -> list[str]:
        value = self.all.get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Refusal("invalid_arguments", f"{name} is a list of texts")
        return value

    def part(self, name: str) -> "Given":
        value = self.all.get(name)
        if not isinstance(value, dict):
            raise Refusal("invalid_arguments", f"{name} is an object")
        return Given(value)

    def values(self) -> Values:
        """`values` of a view or a message: by block id, by action id, an object."""
        found = self.all.get("values") or {}
        held = found.values() if isinstance(found, dict) else [None]
        for block in held:
            if not isinstance(block, dict) or not all(isinstance(one, dict) for one in block.values()):
                raise Refusal("invalid_arguments", "values are objects by block id and action id")
        return dict(found)

    def place(self) -> dict[str, Any]:
        """`message` or `view`, whichever is there."""
        if "message" in self.all:
            message = self.part("message")
            where = {"channel": message.text("channel"), "ts": message.text("ts"), "values": message.values()}
            return {"message": where}
        view = self.part("view")
        return {"view": {"id": view.text("id"), "values": view.values()}}
