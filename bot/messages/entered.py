"""What stands in the fields of a form that Slack sent back: `values` of its state, by the names of the fields."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


_INITIAL = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
}


def as_opened(view: Mapping[str, Any]) -> Mapping[str, Any]:
    """The view as if nobody had typed anything into it yet."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    stood = {block["block_id"]: {block["element"]["action_id"]: _initial(block["element"])} for block in inputs}
    return {**view, "state": {"values": stood}}


def _initial(element: Mapping[str, Any]) -> dict[str, Any]:
    return {chosen: element[initial] for initial, chosen in _INITIAL.items() if initial in element}


def text(values: Values, name: str) -> str:
    """What was typed."""
    return str(_element(values, name).get("value") or "")


def choice(values: Values, name: str) -> str:
    """The value of the option that is chosen; empty for none."""
    return str((_element(values, name).get("selected_option") or {}).get("value", ""))


def choices(values: Values, name: str) -> tuple[str, ...]:
    """The values of the options that are ticked."""
    return tuple(option["value"] for option in _element(values, name).get("selected_options") or ())


def person(values: Values, name: str) -> str:
    """The Slack id of the person who is chosen; empty for nobody."""
    return str(_element(values, name).get("selected_user") or "")


def people(values: Values, name: str) -> tuple[str, ...]:
    """The Slack ids of those who are chosen."""
    return tuple(_element(values, name).get("selected_users") or ())


def day(values: Values, name: str) -> date | None:
    chosen = _element(values, name).get("selected_date")
    return date.fromisoformat(chosen) if chosen else None


def moment(values: Values, name: str) -> time | None:
    """A time of the day."""
    chosen = _element(values, name).get("selected_time")
    return time.fromisoformat(chosen) if chosen else None


def _element(values: Values, name: str) -> Mapping[str, Any]:
    return values.get(name, {}).get(name, {})
