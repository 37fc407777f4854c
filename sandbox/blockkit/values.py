"""What a person can choose or type in an element, and how Slack writes it down."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sandbox.blockkit.composition import offered
from sandbox.errors import Refusal

Block = dict[str, Any]
Element = dict[str, Any]
Values = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Holding:
    """Where an element's value stands in a payload, and where its initial value stands in the block."""

    value: str
    initial: str
    many: bool = False


_TEXT = Holding("value", "initial_value")
_OPTION = Holding("selected_option", "initial_option")
_OPTIONS = Holding("selected_options", "initial_options", many=True)

HOLDS: dict[str, Holding] = {
    "plain_text_input": _TEXT,
    "email_text_input": _TEXT,
    "url_text_input": _TEXT,
    "number_input": _TEXT,
    "static_select": _OPTION,
    "external_select": _OPTION,
    "radio_buttons": _OPTION,
    "multi_static_select": _OPTIONS,
    "multi_external_select": _OPTIONS,
    "checkboxes": _OPTIONS,
    "users_select": Holding("selected_user", "initial_user"),
    "multi_users_select": Holding("selected_users", "initial_users", many=True),
    "channels_select": Holding("selected_channel", "initial_channel"),
    "multi_channels_select": Holding("selected_channels", "initial_channels", many=True),
    "conversations_select": Holding("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Holding("selected_conversations", "initial_conversations", many=True),
    "datepicker": Holding("selected_date", "initial_date"),
    "timepicker": Holding("selected_time", "initial_time"),
    "datetimepicker": Holding("selected_date_time", "initial_date_time"),
}
TYPED = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
EXTERNAL = frozenset({"external_select", "multi_external_select"})


def elements(blocks: list[Block]) -> Iterator[tuple[Block, Element]]:
    """Every element that a person can use, with the block it stands in."""
    for block in blocks:
        for element in [block.get("element"), block.get("accessory"), *(block.get("elements") or ())]:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def find(blocks: list[Block], block_id: str, action_id: str) -> tuple[Block, Element]:
    for block, element in elements(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    raise Refusal("no_such_element", f"nothing here has block_id {block_id!r} and action_id {action_id!r}")


def is_empty(value: Any) -> bool:
    return value is None or value in ("", [])


def initial(element: Element) -> dict[str, Any]:
    """The element's part of `view.state.values` while nobody has touched it."""
    holding = HOLDS[element["type"]]
    found: Any = element.get(holding.initial)
    if found is None and holding.many:
        found = []
    return _written(element, found)


def state(blocks: list[Block], given: Values, known: "Known") -> Values:
    """`view.state.values` for what a person sees; elements missing in `given` hold their initial value."""
    values: Values = {}
    for block, element in elements(blocks):
        if element["type"] not in HOLDS:
            continue
        typed = given.get(block["block_id"], {}).get(element["action_id"])
        value = initial(element) if typed is None else _written(element, chosen(block, element, typed, known))
        values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def _written(element: Element, value: Any) -> dict[str, Any]:
    written = {"type": element["type"], HOLDS[element["type"]].value: value}
    if element["type"] == "timepicker" and "timezone" in element:
        written["timezone"] = element["timezone"]
    return written


@dataclass(frozen=True, slots=True)
class Known:
    """What exists outside of the blocks: people, conversations, and options an app offered while one typed."""

    is_user: Callable[[str], bool]
    is_channel: Callable[[str], bool]
    offered: Callable[[str, str], list[dict[str, Any]]]


def chosen(block: Block, element: Element, given: dict[str, Any], known: Known) -> Any:
    """The value a person gives to an element, completed from the block; refuses what is not on offer."""
    kind, holding = element["type"], HOLDS[element["type"]]
    value = given.get(holding.value)
    if is_empty(value):
        return [] if holding.many else None
    if kind in TYPED:
        return _typed(element, value)
    if holding.many:
        return _several(block, element, value, known)
    return _one(block, element, value, known)


def _several(block: Block, element: Element, value: Any, known: Known) -> list[Any]:
    if not isinstance(value, list):
        raise Refusal("invalid_value", f"{element['action_id']} takes a list")
    most = element.get("max_selected_items")
    if most is not None and len(value) > most:
        raise Refusal("too_many_selected", f"{element['action_id']} takes {most} at most")
    return [_one(block, element, one, known) for one in value]


def _one(block: Block, element: Element, value: Any, known: Known) -> Any:
    kind = element["type"]
    if HOLDS[kind] in (_OPTION, _OPTIONS):
        return _option(block, element, value, known)
    if kind.endswith("users_select"):
        return _existing(value, known.is_user)
    if kind.endswith(("channels_select", "conversations_select")):
        return _existing(value, known.is_channel)
    return _moment(kind, value)


def _existing(value: Any, exists: Callable[[str], bool]) -> str:
    if not isinstance(value, str) or not exists(value):
        raise Refusal("no_such_option", f"{value!r} does not exist")
    return value


def options_of(block: Block, element: Element, known: Known) -> list[dict[str, Any]]:
    """All options on offer; for an external select those the app answered with, and the initial ones."""
    options = offered(element)
    if element["type"] in EXTERNAL:
        options = list(known.offered(block["block_id"], element["action_id"]))
        first = element.get(HOLDS[element["type"]].initial) or []
        options.extend(first if isinstance(first, list) else [first])
    return options


def _option(block: Block, element: Element, value: Any, known: Known) -> dict[str, Any]:
    wanted = value.get("value") if isinstance(value, dict) else value
    options = options_of(block, element, known)
    for option in options:
        if option.get("value") == wanted:
            return option
    on_offer = [option.get("value") for option in options]
    raise Refusal("no_such_option", f"{wanted!r} is not among {on_offer}")


def overflow_option(element: Element, given: dict[str, Any]) -> dict[str, Any]:
    for option in element["options"]:
        if option.get("value") == (given.get("selected_option") or {}).get("value"):
            return dict(option)
    raise Refusal("no_such_option", f"the menu has no {given.get('selected_option')!r}")


def _typed(element: Element, value: Any) -> str:
    if not isinstance(value, str):
        raise Refusal("invalid_value", f"{element['action_id']} takes text")
    most = element.get("max_length", 3000)
    if len(value) > most:
        raise Refusal("too_long", f"{element['action_id']} takes {most} characters at most")
    return value


def _moment(kind: str, value: Any) -> Any:
    try:
        if kind == "datepicker" and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return date.fromisoformat(value).isoformat()
        if kind == "timepicker" and re.fullmatch(r"\d\d:\d\d", value):
            return time.fromisoformat(value).strftime("%H:%M")
    except (TypeError, ValueError) as error:
        raise Refusal("invalid_value", f"{value!r} does not fit a {kind}") from error
    if kind == "datetimepicker" and isinstance(value, int) and 10**9 <= value < 10**10:
        return value
    raise Refusal("invalid_value", f"{value!r} does not fit a {kind}")
