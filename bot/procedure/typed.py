"""Reading single fields as they were typed: moments, numbers, phones, flights and trains."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import phonenumbers

from bot.errors import Problem
from bot.models.visits import Means
from bot.procedure.clocks import earliest, exists

FURTHEST_AHEAD = timedelta(days=2 * 366)
_LONGEST_AMOUNT = 9
"""Digits."""
_TO_BE_ANNOUNCED = {
    *("TBA", "TBC", "TBD", "N/A", "TOBEANNOUNCED", "TOBECONFIRMED", "UNKNOWN"),
    *("PORCONFIRMAR", "PORANUNCIAR", "PENDIENTE", "待定", "未定", "待确认", "未知", "暂无"),
}
_FLIGHT = re.compile(r"(?:[A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})\d{1,4}[A-Z]?")
_TRAIN = re.compile(r"[A-Z]{0,4}\d{1,5}")


def instant(day: date | None, at: time | None, zone: ZoneInfo) -> datetime | None:
    """The instant of a wall-clock time; None where a part is missing or the clocks skip it."""
    if day is None or at is None:
        return None
    local = datetime.combine(day, at, zone)
    return earliest(local).astimezone(UTC) if exists(local) else None


def whole_number(text: str, least: int, most: int) -> int | None:
    """The number, None if it is none or out of these bounds."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 6 and least <= int(text) <= most else None


def whole_amount(text: str) -> int | None:
    """An amount of money in whole units, rounded up, however its thousands are set off; None if it is none.

    One or two digits behind the last point or comma are a part of a unit: `1.234,50` is 1235.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    part = re.search(r"[.,](\d{1,2})$", plain)
    digits = re.sub(r"[\s,.'\u2019]", "", plain[: part.start()] if part else plain)
    if not digits.isdecimal() or len(digits) > _LONGEST_AMOUNT:
        return None
    return int(digits) + bool(part and int(part[1]))


def phone_number(text: str, country: str) -> str | None:
    """The number in international form, empty if none was given, None if it is no phone number."""
    if not text.strip():
        return ""
    try:
        read = phonenumbers.parse(text.replace("转", " ext. "), country or None)
    except phonenumbers.NumberParseException:
        return None
    # A local number without its area code, too, can be possible; nobody can dial it from elsewhere.
    if phonenumbers.is_possible_number_with_reason(read) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def plain_number(number: str) -> str:
    """The number of a flight or train as it is compared and shown; empty for one that is still to be announced."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", number)).upper()
    return "" if plain.rstrip(".") in _TO_BE_ANNOUNCED else plain


def number_problem(means: str, number: str) -> Problem | None:
    """A number that is not announced yet is no problem."""
    plain = plain_number(number)
    if not plain or means == Means.OWN_CAR:
        return None
    if means == Means.PLANE:
        return None if _FLIGHT.fullmatch(plain) else Problem.FLIGHT_NUMBER
    return None if _TRAIN.fullmatch(plain) else Problem.TRAIN_NUMBER
