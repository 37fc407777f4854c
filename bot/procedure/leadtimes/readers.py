"""What may stand in a field: each reader gives the value, or a ValueError that says what is wanted."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from bot.procedure.leads import Lead

Item = TypeVar("Item")
Choice = TypeVar("Choice", bound=StrEnum)


def one_of(choices: type[Choice]) -> Callable[[Any], Choice]:
    def read(value: Any) -> Choice:
        if value not in list(choices):
            raise ValueError(f"{value!r} is none of {', '.join(choices)}")
        return choices(value)

    return read


def list_of(kind: type[Item]) -> Callable[[Any], list[Item]]:
    def read(value: Any) -> list[Item]:
        if not isinstance(value, list) or not value or not all(isinstance(item, kind) for item in value):
            raise ValueError("a list that is not empty is wanted")
        return value

    return read


def yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is wanted")
    return value


def lead(value: Any) -> Lead:
    return Lead.parse(str(value))


def span(value: Any) -> timedelta:
    """A time that is not counted back from anything, written as a lead."""
    read = lead(value)
    return timedelta(days=read.days, hours=read.hours, minutes=read.minutes)


def days(value: Any) -> timedelta:
    read = lead(value)
    if not read.days or read.hours or read.minutes:
        raise ValueError(f"whole days are wanted, such as '3d', not {value!r}")
    return span(value)


def share(value: Any) -> float:
    match = re.fullmatch(r"(\d{1,2})\s*%", str(value))
    if match is None or not int(match[1]):
        raise ValueError(f"a share of the time left is wanted, such as '40%', not {value!r}")
    return int(match[1]) / 100


def hours(value: Any) -> tuple[time, time]:
    match = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", str(value))
    if match is None or time.fromisoformat(match[1]) >= time.fromisoformat(match[2]):
        raise ValueError(f"hours of the day are wanted, such as '07:00-21:00', not {value!r}")
    return time.fromisoformat(match[1]), time.fromisoformat(match[2])


def row(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]\d+(\.\d+)?[a-z]?", value):
        raise ValueError(f"a row of the procedure is wanted, such as 'D1.2', not {value!r}")
    return value
