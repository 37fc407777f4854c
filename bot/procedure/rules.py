"""A rule, one row of the procedure, and the rulebook of all of them, as a workspace has it."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from bot.models.notices import NoticeKind
from bot.models.settings import RoomKind, RuleOverride
from bot.procedure.chasing import Chase, Step
from bot.procedure.leads import Lead
from bot.procedure.sayings import Say
from bot.procedure.vocabulary import About, Anchor, Answer, Condition, Counter, Fact, Moot, Particular, To


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
    say: Say | None = None
    """What a duty says; a reminder has words of its own."""
    when: tuple[tuple[Condition, bool], ...] = ()
    """Conditions, all of which must be as they stand here."""
    unless: tuple[Moot, ...] = ()
    keeps_office_hours: bool = False
    """Brought forward into office hours (G3)."""
    chase: Mapping[To, tuple[Step, ...]] | None = None
    """What is done about whom if they do not answer; None: as about every question of this kind."""
    minds: tuple[Fact, ...] = ()
    """What a confirmation of this request hangs on."""
    confirm: tuple[tuple[Particular, bool], ...] = ()
    """What it has to say, and whether that may not be left open."""
    counter: Counter | None = None
    room: RoomKind | None = None
    """Which rooms of the house are proposed."""
    answer_by: Lead | None = None
    """Until how long before the stop an answer is waited for."""
    answer_within: Lead | None = None
    """The same, from the moment it was asked."""

    def answer_of(self, to: To) -> Answer:
        return self.answers.get(to, Answer.NONE)

    @property
    def row(self) -> str:
        """The row of the procedure: D3.2 for the entry D3.2b."""
        return self.id.rstrip("abcdefghijklmnopqrstuvwxyz")

    @property
    def waits_for_approval(self) -> bool:
        """Preparation starts with the plan's approval (B4); the double check looks at what is open before, too."""
        is_of_section_c = self.row.startswith("C") and self.row != "C16"
        return (
            self.notice in (NoticeKind.VEHICLE_REQUEST, NoticeKind.LEADER_REQUEST)
            or is_of_section_c
            or self.anchor is Anchor.APPROVED
        )

    @property
    def is_said_at_once(self) -> bool:
        """Said as soon as something is known or decided, not counted back from anything: it cannot be late."""
        return self.anchor in (Anchor.OPENED, Anchor.APPROVED)

    @property
    def stands_alone(self) -> bool:
        """Acted on within the hour, or on the road: nobody is to look for it in a longer message."""
        on_the_road = (Answer.DRIVE, Answer.ON_MY_WAY, Answer.HERE)
        within_the_hour = not self.is_of_the_day and self.lead.hours == 0
        return within_the_hour or any(answer in on_the_road for answer in self.answers.values())

    @property
    def is_of_the_day(self) -> bool:
        """Whether it holds for a day rather than for a minute: a stop that moves within its day asks nobody anew."""
        of_a_day = (Anchor.MORNING, Anchor.EVENING_BEFORE)
        return self.lead.days > 0 or self.is_said_at_once or self.anchor in of_a_day

    def otherwise(self, override: RuleOverride) -> "Rule":
        """The rule as a workspace has it."""
        lead = Lead.parse(override.lead) if override.lead else self.lead
        keeps = self.keeps_office_hours if override.keeps_office_hours is None else override.keeps_office_hours
        return replace(self, lead=lead, keeps_office_hours=keeps)


@dataclass(frozen=True)
class Rulebook:
    """All rules, and how long changes are gathered before people are told."""

    rules: tuple[Rule, ...]
    gather_changes: timedelta
    chase: Chase | None = None
    """How silence is chased; None: nobody is."""
    answers_in_office_from: timedelta | None = None
    """An answer that would be due outside office hours is due before that, an hour before the office closes, where the
    office works for so long from the asking to then; None: every answer is due to the minute."""

    def rule(self, rule_id: str) -> Rule | None:
        return self._by_id.get(rule_id)

    @cached_property
    def _by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def otherwise(self, overrides: Collection[RuleOverride]) -> "Rulebook":
        """The rulebook as a workspace has it: other leads, other office-hour policies, rows switched off."""
        if not overrides:
            return self
        by_id = {override.rule_id: override for override in overrides}
        rules = [rule.otherwise(by_id[rule.id]) if rule.id in by_id else rule for rule in self.rules]
        return replace(self, rules=tuple(r for r in rules if r.id not in by_id or by_id[r.id].is_on))

    @cached_property
    def fingerprint(self) -> str:
        """The same for rulebooks that plan the same."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


NO_RULES = Rulebook((), timedelta(minutes=1))
