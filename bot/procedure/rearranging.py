"""The settings as they stand, and what others would change: a visit as it would be, what becomes of its messages."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.models.bookings import Vehicle
from bot.models.people import Person, Workspace
from bot.models.rearrangement import Rearrangement
from bot.models.roles import Part, Role
from bot.models.settings import Rank, Room, RuleOverride
from bot.procedure.conditions import applies
from bot.procedure.levels import level_of
from bot.procedure.picture import Picture
from bot.procedure.plan import APPROVERS, ROLES, Wanted, stops_of
from bot.procedure.rules import Rule, Rulebook
from bot.procedure.vocabulary import About, To

Filled = Mapping[Role, tuple[Person, ...]]


@dataclass(frozen=True)
class Arrangement:
    """What a workspace's administrators decide, as it stands."""

    workspace: Workspace
    holders: Filled
    deputies: Filled
    vehicles: tuple[Vehicle, ...]
    rooms: tuple[Room, ...]
    ranks: tuple[Rank, ...]
    """The most senior first."""
    overrides: tuple[RuleOverride, ...]
    rulebook: Rulebook
    """As it comes with this release."""

    @property
    def vacant(self) -> list[Role]:
        """The roles that the workspace's rules are addressed to and nobody fills."""
        told = addressed(self.rulebook.otherwise(self.overrides))
        return [role for role in Role if role in told and not self.filled(role)]

    def filled(self, role: Role) -> tuple[Person, ...]:
        """Who answers for a role: its holders, or its deputies where there are none."""
        people = (*self.holders.get(role, ()), *self.deputies.get(role, ()))
        return tuple(person for person in people if person.is_active)


@dataclass(frozen=True)
class Effect:
    """What a change of the settings does to open visits."""

    visits: int = 0
    """How many it changes anything for."""
    moved: int = 0
    added: int = 0
    dropped: int = 0
    at_once: int = 0
    """How many of the moved and added ones are due already."""

    def __bool__(self) -> bool:
        return bool(self.visits)

    def __add__(self, other: "Effect") -> "Effect":
        return Effect(
            self.visits + other.visits,
            self.moved + other.moved,
            self.added + other.added,
            self.dropped + other.dropped,
            self.at_once + other.at_once,
        )


def otherwise(picture: Picture, wanted: Rearrangement, people: Mapping[int, Person]) -> Picture:
    """The visit as it would stand; `people` are those the new settings name."""
    overrides = picture.overrides
    if wanted.rule is not None:
        overrides = tuple(o for o in overrides if o.rule_id != wanted.rule.rule_id)
        if not wanted.rule.is_default:
            overrides += (wanted.rule.as_override(picture.workspace.id),)
    return replace(
        picture,
        workspace=Workspace(**picture.workspace.model_dump() | dict(wanted.site)),
        roles=dict(picture.roles) | dict(wanted.holders),
        role_deputies=dict(picture.role_deputies) | dict(wanted.deputies),
        people=dict(picture.people) | dict(people),
        overrides=overrides,
    )


def effect(before: Iterable[Wanted], after: Iterable[Wanted], told: Collection[str], now: datetime) -> Effect:
    """What becomes of one visit's messages that are still to come; `told` are the keys of those that went out."""
    was = {w.key: w for w in before if w.is_open and now < w.due_at and w.key not in told}
    planned = {w.key: w for w in after if w.is_open and now < w.useful_until and w.key not in told}
    known = {w.key for w in before}
    added = [w for key, w in planned.items() if key not in known]
    moved = [w for key, w in planned.items() if key in was and w.due_at != was[key].due_at]
    dropped = len(was.keys() - planned.keys())
    at_once = sum(w.due_at <= now for w in (*added, *moved))
    return Effect(int(bool(added or moved or dropped)), len(moved), len(added), dropped, at_once)


def addressed(rulebook: Rulebook) -> set[Role]:
    """The roles that the rules have something to tell."""
    told = {to for rule in rulebook.rules for to in rule.to}
    return {ROLES[to] for to in told if to in ROLES} | (set(APPROVERS.values()) if To.APPROVER in told else set())


def vacant(picture: Picture, rulebook: Rulebook) -> list[Role]:
    """The roles that the visit's rules would address and nobody fills."""
    found: set[Role] = set()
    for rule in rulebook.otherwise(picture.overrides).rules:
        for to in rule.to:
            role = APPROVERS[level_of(picture)] if to is To.APPROVER else ROLES.get(to)
            if role is not None and role not in found and not picture.holders(role) and _is_told(picture, rule, to):
                found.add(role)
    return [role for role in Role if role in found]


def _is_told(picture: Picture, rule: Rule, to: To) -> bool:
    if rule.about in (About.VEHICLE, About.LEADER):
        return any(booking.kind == rule.about and booking.is_live for booking in picture.bookings)
    stops = [stop for stop in stops_of(picture, rule.about) if applies(rule, picture, stop)]
    if to is To.TECHNICAL:
        stops = [stop for stop in stops if not picture.active(Part.TECHNICAL, stop)]
    return bool(stops)
