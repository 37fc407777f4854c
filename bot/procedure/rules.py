"""The rulebook: one entry for each row of the procedure, read from `schedules/leadtimes.toml` and checked on load."""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self, TypeVar

from bot.models.notices import NoticeKind
from bot.procedure.leads import Lead

Read = TypeVar("Read")
Item = TypeVar("Item")
Choice = TypeVar("Choice", bound=StrEnum)


class RulebookError(ValueError):
    """The rulebook cannot be used; the text names file, line and field."""


class About(StrEnum):
    """What a rule hangs on: a kind of stop, or a kind of booking."""

    PICKUP = "pickup"
    MEAL = "meal"
    DEPARTURE = "departure"
    VEHICLE = "vehicle"
    LEADER = "leader"


class Anchor(StrEnum):
    """The moment a lead is counted back from."""

    START = "start"
    END = "end"
    SETTING_OFF = "setting_off"
    """Start less travel time and 20 minutes where the travel time is known, else the start (D1.2)."""


class To(StrEnum):
    """Whom a rule tells."""

    DRIVER = "driver"
    LEADERS = "leaders"
    GREETERS = "greeters"
    """Who meet the guests on arrival: those named for it, else the lead host."""
    TEAM = "team"
    LEAD_HOST = "lead_host"
    ADMINISTRATION = "administration"
    EXECUTIVE_OFFICE = "executive_office"


class Answer(StrEnum):
    """What a reminder's button lets the person declare."""

    NONE = "none"
    GOT_IT = "got_it"
    ON_MY_WAY = "on_my_way"
    ATTENDANCE = "attendance"


_NOTICES = {About.VEHICLE: NoticeKind.VEHICLE_REQUEST, About.LEADER: NoticeKind.LEADER_REQUEST}
"""What is said about a request; everything else is a reminder."""


@dataclass(frozen=True)
class Rule:
    """One row of the procedure."""

    id: str
    about: About
    anchor: Anchor
    lead: Lead
    to: tuple[To, ...]
    notice: NoticeKind
    answers: Mapping[To, Answer]
    """Who is asked for which answer; nobody who is not named."""

    def answer_of(self, to: To) -> Answer:
        return self.answers.get(to, Answer.NONE)


@dataclass(frozen=True)
class Rulebook:
    """All rules, and how long changes are gathered before people are told."""

    rules: tuple[Rule, ...]
    gather_changes: timedelta

    def rule(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    @classmethod
    def parse(cls, text: str, source: str = "leadtimes.toml") -> Self:
        """Read and check the file; RulebookError with line and field for the first thing that is wrong."""
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RulebookError(f"{source}: {error}") from error
        lines = text.splitlines()
        head = _Entry(source, data, lines, 1)
        head.refuse_unknown({"gather_changes", "rule"})
        gather = head.read("gather_changes", _lead)
        entries = head.read("rule", _list_of(dict))
        headings = [number for number, line in enumerate(lines, 1) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
        if len(headings) != len(entries):
            raise head.mistake("rule", "each rule begins with a line of its own: [[rule]]")
        rules: dict[str, Rule] = {}
        for values, line, end in zip(entries, headings, [*headings[1:], len(lines) + 1], strict=True):
            entry = _Entry(source, values, lines[line - 1 : end - 1], line)
            rule = _rule(entry)
            if rule.id in rules:
                raise entry.mistake("id", f"{rule.id!r} stands there twice")
            rules[rule.id] = rule
        return cls(tuple(rules.values()), timedelta(days=gather.days, hours=gather.hours, minutes=gather.minutes))


@dataclass(frozen=True)
class _Entry:
    """One table of the file with its lines, the first of which has the number `begins`."""

    source: str
    values: Mapping[str, Any]
    lines: Sequence[str]
    begins: int

    def mistake(self, name: str, why: object) -> RulebookError:
        """Points at the line of the field, or of the entry that lacks it."""
        written = re.compile(rf"\s*(\[+\s*)?{re.escape(name)}\s*[]=]")
        numbered = enumerate(self.lines, self.begins)
        line = next((number for number, text in numbered if written.match(text)), self.begins)
        return RulebookError(f"{self.source}, line {line}, field {name!r}: {why}")

    def refuse_unknown(self, known: Collection[str]) -> None:
        for name in self.values:
            if name not in known:
                raise self.mistake(name, f"is not known, only {', '.join(sorted(known))}")

    def read(self, name: str, reader: Callable[[Any], Read]) -> Read:
        if name not in self.values:
            raise self.mistake(name, "is missing")
        try:
            return reader(self.values[name])
        except ValueError as error:
            raise self.mistake(name, error) from error


def _rule(entry: _Entry) -> Rule:
    entry.refuse_unknown({"id", "about", "anchor", "lead", "to", "notice", "answer"})
    about, notice = entry.read("about", _one_of(About)), entry.read("notice", _one_of(NoticeKind))
    if notice != _NOTICES.get(about, NoticeKind.REMINDER):
        raise entry.mistake("notice", f"a rule about {about} says {_NOTICES.get(about, NoticeKind.REMINDER)}")
    to = entry.read("to", _people)
    answers = entry.read("answer", _answers) if "answer" in entry.values else {}
    if answers and notice != NoticeKind.REMINDER:
        raise entry.mistake("answer", "a request has buttons of its own")
    untold = [who for who in answers if who not in to]
    if untold:
        raise entry.mistake("answer", f"{untold[0]} is not told")
    return Rule(
        id=entry.read("id", _id),
        about=about,
        anchor=entry.read("anchor", _one_of(Anchor)),
        lead=entry.read("lead", _lead),
        to=to,
        notice=notice,
        answers=answers,
    )


def _one_of(choices: type[Choice]) -> Callable[[Any], Choice]:
    def read(value: Any) -> Choice:
        if value not in list(choices):
            raise ValueError(f"{value!r} is none of {', '.join(choices)}")
        return choices(value)

    return read


def _list_of(kind: type[Item]) -> Callable[[Any], list[Item]]:
    def read(value: Any) -> list[Item]:
        if not isinstance(value, list) or not value or not all(isinstance(item, kind) for item in value):
            raise ValueError("a list that is not empty is wanted")
        return value

    return read


def _people(value: Any) -> tuple[To, ...]:
    return tuple(dict.fromkeys(_one_of(To)(name) for name in _list_of(str)(value)))


def _answers(value: Any) -> dict[To, Answer]:
    if not isinstance(value, dict):
        raise ValueError('who is asked for what, such as { driver = "got_it" }')
    return {_one_of(To)(who): _one_of(Answer)(what) for who, what in value.items()}


def _lead(value: Any) -> Lead:
    return Lead.parse(str(value))


def _id(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]\d+(\.\d+)?[a-z]?", value):
        raise ValueError(f"a row of the procedure is wanted, such as 'D1.2', not {value!r}")
    return value
