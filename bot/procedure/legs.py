"""Reading one line about a flight or a train, as travellers paste it, in any of three languages; pure.

`MU5102 5 Mar 14:30 T2`, `G7001 3月5日 下午2点30分`, `Vuelo IB3170, 5 de marzo de 2026, 10:20 – 14:30 h, terminal 1`.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.models.forms import VisitForm
from bot.models.visits import Means

_MONTHS = (
    *(("jan", "ene"), ("feb",), ("mar",), ("apr", "abr"), ("may",), ("jun",)),
    *(("jul",), ("aug", "ago"), ("sep", "set"), ("oct",), ("nov",), ("dec", "dic")),
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_MONTH = rf"(?P<month>{'|'.join(_MONTH_OF)})[a-z]*\.?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>20\d\d)\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})(?!\d)\s*[日号]?",
        r"(?<!\d)(?P<m>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]?",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|º)?[\s-]*(?:(?:de|of)\s+)?{_MONTH}"
        r"(?:[\s,-]*(?:del?\s+)?(?P<year>20\d\d)(?!\d))?",
        rf"(?<![a-z]){_MONTH}\s*(?P<day>\d{{1,2}})(?![\d:h点时])(?:st|nd|rd|th)?(?:,?\s+(?P<year>20\d\d)(?!\d))?",
        r"(?<!\d)(?P<day>\d{1,2})\.(?P<m>\d{1,2})\.(?:(?P<year>20\d\d)(?!\d)|(?!\d))",
        r"(?<!\d)(?P<one>\d{1,2})/(?P<other>\d{1,2})(?:/(?P<year>20\d\d)|/\d\d)?(?!\d)",
        r"(?<!\d)(?P<one>\d{1,2})-(?P<other>\d{1,2})-(?P<year>20\d\d)(?!\d)",
    )
)
_HALF = r"(?P<next>次日|翌日|第二天)?\s*(?P<half>上午|早上|清晨|中午|下午|午后|傍晚|晚上|今晚|晚|凌晨)?\s*"
_SPANISH = r"(?:\s*de\s+la\s+(?P<part>mañana|tarde|noche|madrugada))"
_TIMES = (
    re.compile(
        rf"{_HALF}(?<!\d)(?P<hour>\d{{1,2}})\s*(?:[:h]|[点时])\s*(?P<minute>\d{{2}}|半)\s*分?\s*(?:h\b\.?)?"
        rf"(?:\s*(?P<noon>[ap]\.?\s?m\.?)(?![a-z])|{_SPANISH})?\s*(?P<later>\(?\+\s?\d\)?)?",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\d.])(?P<hour>\d{1,2})\.(?P<minute>\d{2})\s*(?:h\b\.?|hrs\b|horas\b|uhr\b)", re.IGNORECASE),
    re.compile(rf"{_HALF}(?<!\d)(?P<hour>\d{{1,2}})\s*[点时]"),
    re.compile(
        rf"(?<!\d)(?P<hour>\d{{1,2}})(?:\s*(?P<noon>[ap]\.?\s?m\.?)(?![a-z])|\s*(?:h\b\.?)?{_SPANISH})",
        re.IGNORECASE,
    ),
)
_COMPACT = re.compile(r"(?<![\w:])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\s*h?(?![\w:])", re.IGNORECASE)
_TERMINAL = re.compile(
    r"(?:terminal|term\.?)\s*-?\s*(?P<a>\d[a-z]?)\b|(?<![a-z0-9])T\s?-?(?P<b>\d[a-z]?)(?![a-z0-9])(?:\s*航站楼)?"
    r"|(?P<c>\d)\s*号?\s*航站楼",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]{2}\d{2,4}[A-Za-z]?|[A-Za-z]\d[ -]?\d{2,4}|\d[A-Za-z][ -]?\d{2,4}|[A-Za-z]{3}\d{1,4}"
    r"|[A-Z]{2}[ -]\d{2,4}|AVE\s?\d{1,5}|[GDCZTKYSLgdcztk]\d{1,4})(?![A-Za-z0-9])"
)
_TRAIN = re.compile(r"[GDCZTKYSL]\d{1,4}|AVE\d{1,5}")
_EVENING = ("晚上", "今晚", "晚", "noche")
_AFTERNOON = ("下午", "午后", "傍晚", "tarde", *_EVENING)
_NIGHT = ("凌晨", "madrugada")
_NOON = "中午"


@dataclass(frozen=True)
class Leg:
    """What the line says; None and empty for what it does not say."""

    number: str
    day: date | None = None
    at: time | None = None
    terminal: str = ""


@dataclass(frozen=True)
class _At:
    """A time as it stands in the line."""

    position: int
    at: time
    days_later: int = 0


def read_leg(line: str, today: date, *, arriving: bool) -> Leg | None:
    """The flight or train of a line; None where the line names none, or nothing besides its number.

    Of two times or dates, departure and arrival, the one that is asked for counts, and of several flights the one it
    belongs to; without a year the next such day counts.
    """
    rest = unicodedata.normalize("NFKC", line).strip()
    terminals, rest = _taken(_TERMINAL, rest)
    days, rest = _days(rest, today)
    times, rest = _times(rest)
    numbers, rest = _taken(_NUMBER, rest)
    times = times or _compact_times(rest, today)
    if not numbers or not (terminals or days or times):
        return None
    which = -1 if arriving else 0
    number = _number_at(numbers, times, times[which]) if times else numbers[0]
    leg = Leg(re.sub(r"[\s-]", "", number[0]).upper(), terminal=_terminal(terminals, which))
    if times:
        leg = replace(leg, at=times[which].at)
        later = timedelta(days=times[which].days_later)
        days = [day + later for day in days] if arriving and len(days) == 1 else days
    return replace(leg, day=days[which]) if days else leg


def with_legs_read(form: VisitForm, today: date) -> tuple[VisitForm, frozenset[str]]:
    """The form with lines that were pasted into its number fields taken apart, and the fields that changed."""
    read: dict[str, date | time | str] = {}
    for field, arriving in (("arrival", True), ("departure", False)):
        leg = read_leg(getattr(form, f"{field}_number"), today, arriving=arriving)
        if leg is None:
            continue
        read |= {f"{field}_number": leg.number} | ({f"{field}_date": leg.day} if leg.day else {})
        read |= {f"{field}_time": leg.at} if leg.at else {}
        read |= {f"{field}_means": Means.TRAIN} if _TRAIN.fullmatch(leg.number) else {}
        if arriving and leg.terminal and leg.terminal not in form.arrival_place:
            read["arrival_place"] = ", ".join(filter(None, [leg.terminal, form.arrival_place]))
    return VisitForm.from_json(form.to_json() | {name: _plain(value) for name, value in read.items()}), frozenset(read)


def _plain(value: date | time | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _taken(pattern: re.Pattern[str], text: str) -> tuple[list[re.Match[str]], str]:
    """What the pattern finds, and the text without it."""
    return list(pattern.finditer(text)), pattern.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    """As long as what it stands for, so that the order of what stands in the line stays known."""
    return "|" * len(match[0])


def _number_at(numbers: list[re.Match[str]], times: list[_At], asked: _At) -> re.Match[str]:
    """The flight that the time belongs to: the one before it, of numbers that stand together the first; in a line that
    begins with a time, the one behind it."""
    if times[0].position < numbers[0].start():
        return next((number for number in numbers if number.start() > asked.position), numbers[-1])
    before = [number for number in numbers if number.start() < asked.position]
    while len(before) > 1 and not any(before[-2].start() < one.position < before[-1].start() for one in times):
        before.pop()
    return before[-1]


def _terminal(found: list[re.Match[str]], which: int) -> str:
    if not found:
        return ""
    named = found[which].groupdict()
    return "T" + next(value for value in named.values() if value).upper()


def _days(text: str, today: date) -> tuple[list[date], str]:
    found: list[tuple[int, date]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            day = _day(match.groupdict(), today)
            found += [(match.start(), day)] if day is not None else []
        # What is no day, or could be either of two, is not read as a time either.
        text = pattern.sub(_blank, text)
    return [day for _, day in sorted(found)], text


def _day(named: dict[str, str | None], today: date) -> date | None:
    """None where there is no such day, or where day and month could be either of two numbers."""
    if named.get("one"):
        one, other = int(named["one"] or 0), int(named["other"] or 0)
        if one != other and one <= 12 and other <= 12:
            return None
        month, day = (other, one) if one > 12 else (one, other)
    else:
        name = (named.get("month") or "").lower()
        month, day = int(named.get("m") or 0) or _MONTH_OF[name], int(named["day"] or 0)
    try:
        if named.get("year"):
            return date(int(named["year"] or 0), month, day)
        this = date(today.year, month, day)
        return this if this >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


def _times(text: str) -> tuple[list[_At], str]:
    """Times with the number of days later they are, in the order they stand in."""
    found: list[_At] = []
    for pattern in _TIMES:
        for match in pattern.finditer(text):
            named = match.groupdict()
            at = _time(named)
            if at is not None:
                days = int((named.get("later") or "0").strip("+ ()")) or bool(named.get("next"))
                found.append(_At(match.start("hour"), at, days))
                text = text[: match.start()] + _blank(match) + text[match.end() :]
    return sorted(found, key=lambda one: one.position), text


def _compact_times(text: str, today: date) -> list[_At]:
    """Times of four digits; what is the year is none."""
    years = {str(today.year), str(today.year + 1)}
    return [
        _At(found.start(), time(int(found["hour"]), int(found["minute"])))
        for found in _COMPACT.finditer(text)
        if found["hour"] + found["minute"] not in years
    ]


def _time(named: dict[str, str | None]) -> time | None:
    """None where there is no such time, and for twelve at night, which can be the end of either of two days."""
    hour, minute = int(named["hour"] or 0), named.get("minute") or "0"
    noon, half = (named.get("noon") or "").lower(), (named.get("half") or named.get("part") or "").lower()
    if hour == 12 and half in _EVENING:
        return None
    if hour < 12 and (half in _AFTERNOON or noon.startswith("p") or (half == _NOON and hour < 3)):
        hour += 12
    elif hour == 12 and (noon.startswith("a") or half in _NIGHT):
        hour = 0
    minutes = 30 if minute == "半" else int(minute)
    return time(hour, minutes) if hour < 24 and minutes < 60 else None
