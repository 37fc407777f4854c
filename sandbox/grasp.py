"""Finding in blocks what a person sees: a button by its label, a field by its name, an option by what stands on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sandbox.blockkit.values import HOLDS, Block, Element, elements
from sandbox.errors import Refusal

Option = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pressable:
    """A button, or one option of an overflow menu."""

    block: Block
    element: Element
    option: Option | None = None

    @property
    def label(self) -> str:
        return label_of(self.option or self.element)

    @property
    def value(self) -> Any:
        return (self.option or self.element).get("value")

    def as_action(self) -> dict[str, Any]:
        chosen = {"selected_option": {"value": self.value}} if self.option else {}
        named = {"block_id": self.block["block_id"], "action_id": self.element["action_id"]}
        return {**named, "type": self.element["type"], **chosen}


def label_of(thing: dict[str, Any]) -> str:
    return str((thing.get("text") or {}).get("text", ""))


def pressables(blocks: list[Block]) -> list[Pressable]:
    found = []
    for block, element in elements(blocks):
        if element["type"] == "button":
            found.append(Pressable(block, element))
        elif element["type"] == "overflow":
            found.extend(Pressable(block, element, option) for option in element["options"])
    return found


def find_pressable(
    blocks: list[Block], *, text: str | None = None, action_id: str | None = None, value: str | None = None
) -> Pressable:
    """The one thing that can be pressed and matches everything given."""
    if text is None and action_id is None and value is None:
        raise ValueError("say what to press: text, action_id or value")
    on_offer = pressables(blocks)
    found = [
        one
        for one in on_offer
        if text in (None, one.label) and action_id in (None, one.element["action_id"]) and value in (None, one.value)
    ]
    if len(found) == 1:
        return found[0]
    wanted = ", ".join(repr(one) for one in (text, action_id, value) if one is not None)
    listed = "; ".join(f"{one.label!r} ({one.element['action_id']}, {one.value!r})" for one in on_offer) or "nothing"
    many = "several things match" if found else "nothing matches"
    raise Refusal("no_such_element", f"{many} {wanted}; here one can press: {listed}")


def names_of(block: Block, element: Element) -> list[str]:
    """Everything by which a person or a program may call a field."""
    shown = [block.get("label"), block.get("text"), element.get("placeholder")]
    texts = [str(one["text"]) for one in shown if isinstance(one, dict)]
    return [block["block_id"], element["action_id"], *texts]


def find_field(blocks: list[Block], what: str) -> tuple[Block, Element]:
    """The one input, select or picker called `what`."""
    fields = [(block, element) for block, element in elements(blocks) if element["type"] in HOLDS]
    found = [pair for pair in fields if what in names_of(*pair)]
    if len(found) == 1:
        return found[0]
    listed = "; ".join(" / ".join(names_of(*pair)) for pair in fields) or "none"
    many = "several fields are" if found else "no field is"
    raise Refusal("no_such_element", f"{many} called {what!r}; the fields here: {listed}")


def find_option(options: list[Option], wanted: Any) -> Option:
    """An option by its value or by what stands on it."""
    for option in options:
        if wanted in (option.get("value"), label_of(option)):
            return {"value": option.get("value")}
    listed = ", ".join(f"{label_of(one)!r} ({one.get('value')})" for one in options) or "none"
    raise Refusal("no_such_option", f"{wanted!r} is not on offer; the options: {listed}")


def one_value(element: Element, wanted: Any, options: list[Option], known_id: Callable[[str], str]) -> Any:
    """One choice in the form in which a payload holds it; `known_id` turns names of people and channels into ids."""
    kind = element["type"]
    holding = HOLDS[kind].value
    if holding.startswith("selected_option"):
        return find_option(options, wanted)
    if holding.rstrip("s") in ("selected_user", "selected_channel", "selected_conversation"):
        return known_id(wanted)
    match wanted:
        case datetime():
            return int(wanted.timestamp()) if kind == "datetimepicker" else wanted.isoformat()
        case date():
            return wanted.isoformat()
        case time():
            return wanted.strftime("%H:%M")
    return wanted
