"""The rulebook: one entry for each row of the procedure, read from `schedules/leadtimes.toml` and checked on load."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

from bot.models.notices import NoticeKind
from bot.procedure.leads import Lead


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
        unknown = set(data) - {"rule", "gather_changes"}
        if unknown:
            raise RulebookError(f"{source}: unknown entry {sorted(unknown)[0]!r}")
        lines = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
        rules = tuple(
            _rule(entry, f"{source}, rule at line {line}") for entry, line in zip(data["rule"], lines, strict=True)
        )
        twice = {rule.id for rule in rules if sum(other.id == rule.id for other in rules) > 1}
        if twice:
            raise RulebookError(f"{source}: rule {sorted(twice)[0]!r} stands there twice")
        gather = _field(data, "gather_changes", source, Lead.parse)
        return cls(rules, timedelta(days=gather.days, hours=gather.hours, minutes=gather.minutes))


def _rule(entry: Mapping[str, Any], where: str) -> Rule:
    unknown = set(entry) - {"id", "about", "anchor", "lead", "to", "notice", "answer"}
    if unknown:
        raise RulebookError(f"{where}: unknown field {sorted(unknown)[0]!r}")
    to = _field(entry, "to", where, lambda names: tuple(To(name) for name in names))
    answers = _field(
        {"answer": {}, **entry},
        "answer",
        where,
        lambda table: {To(who): Answer(what) for who, what in table.items()},
    )
    if set(answers) - set(to):
        raise RulebookError(f"{where}, field 'answer': {sorted(set(answers) - set(to))[0]} is not told")
    return Rule(
        id=_field(entry, "id", where, str),
        about=_field(entry, "about", where, About),
        anchor=_field(entry, "anchor", where, Anchor),
        lead=_field(entry, "lead", where, Lead.parse),
        to=to,
        notice=_field(entry, "notice", where, NoticeKind),
        answers=answers,
    )


def _field(entry: Mapping[str, Any], name: str, where: str, read: Any) -> Any:
    if name not in entry:
        raise RulebookError(f"{where}: field {name!r} is missing")
    try:
        return read(entry[name])
    except (ValueError, TypeError, AttributeError) as error:
        raise RulebookError(f"{where}, field {name!r}: {error}") from error
