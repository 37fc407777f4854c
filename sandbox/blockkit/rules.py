"""The alphabet of the validation: a rule looks at one JSON value and says what Slack would object to.

Objections read as Slack's do and name the place: `must be less than 151 characters [json-pointer:/blocks/0/text]`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_URL = re.compile(r"(?:https?|slack)://[^\s/$.?#][^\s]*|mailto:[^\s@]+@[^\s@]+|tel:\+?[\d-]+", re.IGNORECASE)


@dataclass(slots=True)
class Check:
    """One validation under way: what was objected to, and what may occur only once."""

    surface: str
    objections: list[str] = field(default_factory=list)
    focused: list[str] = field(default_factory=list)
    markdown_length: int = 0
    tables: int = 0

    def object(self, path: str, reason: str) -> None:
        self.objections.append(f"{reason} [json-pointer:{path}]")


Rule = Callable[[Check, str, Any], None]


def string(most: int | None = None, least: int = 0) -> Rule:
    def rule(check: Check, path: str, value: Any) -> None:
        if not isinstance(value, str):
            check.object(path, "must provide a string")
        elif most is not None and len(value) > most:
            check.object(path, f"must be less than {most + 1} characters")
        elif len(value) < least:
            check.object(path, f"must be more than {least - 1} characters")

    return rule


def matching(pattern: str, reason: str) -> Rule:
    compiled = re.compile(pattern)

    def rule(check: Check, path: str, value: Any) -> None:
        if not isinstance(value, str):
            check.object(path, "must provide a string")
        elif not compiled.fullmatch(value):
            check.object(path, reason)

    return rule


def boolean(check: Check, path: str, value: Any) -> None:
    if not isinstance(value, bool):
        check.object(path, "must provide a boolean")


def integer(least: int, most: int) -> Rule:
    def rule(check: Check, path: str, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            check.object(path, "must provide an integer")
        elif not least <= value <= most:
            check.object(path, f"must be between {least} and {most}")

    return rule


def one_of(*allowed: str) -> Rule:
    def rule(check: Check, path: str, value: Any) -> None:
        if value not in allowed:
            check.object(path, "must be a valid enum value")

    return rule


def url(most: int = 3000) -> Rule:
    length = string(most, 1)

    def rule(check: Check, path: str, value: Any) -> None:
        length(check, path, value)
        if isinstance(value, str) and not _URL.fullmatch(value):
            check.object(path, "invalid url")

    return rule


def array(item: Rule, most: int | None = None, least: int = 0) -> Rule:
    def rule(check: Check, path: str, value: Any) -> None:
        if not isinstance(value, list):
            check.object(path, "must provide an array")
            return
        if most is not None and len(value) > most:
            check.object(path, f"no more than {most} items allowed")
        if len(value) < least:
            check.object(path, f"no fewer than {least} items allowed" if value else "must contain at least one item")
        for index, one in enumerate(value):
            item(check, f"{path}/{index}", one)

    return rule


def distinct(*names: str) -> Rule:
    """An array of strings without repetition, from the given names when there are any."""

    def rule(check: Check, path: str, value: Any) -> None:
        if not isinstance(value, list) or not value:
            check.object(path, "must provide a non-empty array")
            return
        for index, one in enumerate(value):
            if not isinstance(one, str) or (names and one not in names):
                check.object(f"{path}/{index}", "must be a valid enum value")
        if len({str(one) for one in value}) < len(value):
            check.object(path, "items must be unique")

    return rule


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: which properties it must and may have, a rule for each, and rules between them."""

    required: Mapping[str, Rule]
    optional: Mapping[str, Rule] = field(default_factory=dict)
    between: tuple[Rule, ...] = ()

    def __call__(self, check: Check, path: str, value: Any) -> None:
        if not isinstance(value, dict):
            check.object(path, "must provide an object")
            return
        for name in self.required:
            if name not in value:
                check.object(path, f"missing required field: {name}")
        for name, one in value.items():
            rule = self.required.get(name) or self.optional.get(name)
            if rule is not None:
                rule(check, f"{path}/{name}", one)
            elif name != "type":
                check.object(path, f"invalid additional property: {name}")
        for rule in self.between:
            rule(check, path, value)


def by_type(shapes: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which shape it has; other types do not belong in this place."""

    def rule(check: Check, path: str, value: Any) -> None:
        if not isinstance(value, dict):
            check.object(path, "must provide an object")
        elif "type" not in value:
            check.object(path, "missing required field: type")
        elif not isinstance(value["type"], str) or value["type"] not in shapes:
            check.object(path, f"unsupported type: {value['type']}")
        else:
            shapes[value["type"]](check, path, value)

    return rule


def exactly_one(*names: str) -> Rule:
    def rule(check: Check, path: str, value: Any) -> None:
        given = [name for name in names if name in value]
        if len(given) != 1:
            check.object(path, f"must define exactly one of: {', '.join(names)}")

    return rule
