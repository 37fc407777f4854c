"""Who is asked for consent, and from when on: the approver, a deputy, the next leader (B4, B8). Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.models.plans import ChangeRequest, ChangeState, Plan
from bot.procedure.calendar import Calendar
from bot.procedure.levels import level_of
from bot.procedure.picture import Picture
from bot.procedure.recipients import APPROVERS

PATIENCE = timedelta(hours=4)
"""Of office time: half a working day, so that what is sent in the morning is decided the same day."""
NEAR = timedelta(days=2)
"""Before the visit begins: then section C's first requests are due."""
PATIENCE_WHEN_NEAR = timedelta(hours=1)
"""Of office time."""
AT_HAND = timedelta(days=1)
"""Before the visit begins, and while it is under way: nobody waits for the office to open, and what changes within this
time is made at once (B8)."""
PATIENCE_AT_HAND = timedelta(minutes=30)


class Standing(StrEnum):
    """Why somebody is asked."""

    APPROVER = "approver"
    HANDED = "handed"
    """The approver handed the decision to them."""
    DEPUTY = "stand_in"
    """The approver has not answered in time, or is away."""
    NEXT = "next"
    """Approver of the next higher level: nobody has answered. Without people: there is nobody else to ask."""


@dataclass(frozen=True)
class Rung:
    """Some people who are asked from a moment on."""

    standing: Standing
    people: tuple[int, ...]
    since: datetime


def is_approved_here(picture: Picture) -> bool:
    """Whether anybody of the workspace approves plans."""
    return any(picture.holders(role) for role in APPROVERS.values())


def approvers(picture: Picture) -> tuple[int, ...]:
    """Who approves this visit's plan: those of its level, else of the next higher one, else of the next lower."""
    return next((people for _, people in _by_level(picture)), ())


def deputies(picture: Picture) -> tuple[int, ...]:
    """Whom the approvers named to stand in for them, and those who stand in for their role."""
    level = next((level for level, _ in _by_level(picture)), level_of(picture))
    first = approvers(picture)
    named = [picture.deputy_of(person) for person in first]
    found = dict.fromkeys([*(p for p in named if p is not None), *picture.deputies(APPROVERS[level])])
    return tuple(person for person in found if person not in first)


def consenting(picture: Picture) -> set[int]:
    """Everybody who is asked for consent to this visit, or was; the next leader while nobody has answered."""
    asked = {*approvers(picture), *deputies(picture)}
    waits = any(plan.is_open for plan in picture.plans) or any(r.is_open for r in picture.change_requests)
    if waits:
        asked |= set(_next_higher(picture))
    plans = {person for plan in picture.plans for person in (plan.handed_to_id, plan.decided_by_id) if person}
    return asked | plans


def _by_level(picture: Picture) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The levels in whose name somebody approves, this visit's first, then the higher ones."""
    own = level_of(picture)
    for level in (*range(own, 0, -1), *range(own + 1, len(APPROVERS) + 1)):
        people = picture.holders(APPROVERS[level])
        if people:
            yield level, people


def _next_higher(picture: Picture) -> tuple[int, ...]:
    first, *others = [*_by_level(picture), (0, ())]
    return next((people for level, people in others if level < first[0]), ())


def answer_by(picture: Picture, asked_at: datetime, calendar: Calendar) -> datetime:
    """Until when an answer is waited for that was asked for at a moment: the nearer the visit, the shorter."""
    ahead = picture.visit.arrives_at - asked_at
    if ahead <= AT_HAND:
        return asked_at + PATIENCE_AT_HAND
    return calendar.office_time_after(asked_at, PATIENCE_WHEN_NEAR if ahead <= NEAR else PATIENCE)


def ladder(picture: Picture, asked: Plan | ChangeRequest, calendar: Calendar) -> tuple[Rung, ...]:
    """Everybody who is asked, from whenever they are; nobody twice."""
    at = asked.submitted_at if isinstance(asked, Plan) else asked.asked_at
    first, instead = approvers(picture), deputies(picture)
    handed_to = asked.handed_to_id if isinstance(asked, Plan) else None
    rungs = [Rung(Standing.APPROVER, first, at)]
    if handed_to is not None:
        rungs.append(Rung(Standing.HANDED, (handed_to,), at))
    if isinstance(asked, ChangeRequest) and asked.state in (ChangeState.MADE, ChangeState.SEEN):
        return tuple(rungs)  # it is made: whoever approves takes note of it when they can
    deadline = asked.answer_by
    if instead:
        are_away = all(_is_away(picture, person, at) for person in first)
        rungs.append(Rung(Standing.DEPUTY, instead, at if are_away else deadline))
        deadline = deadline if are_away else answer_by(picture, deadline, calendar)
    rungs.append(Rung(Standing.NEXT, _next_higher(picture), deadline))
    return tuple(_each_once(rungs))


def asked_until(rungs: Iterable[Rung], now: datetime) -> tuple[int, ...]:
    """Everybody who has been asked by now."""
    return tuple(person for rung in rungs if rung.since <= now for person in rung.people)


def _is_away(picture: Picture, person_id: int, at: datetime) -> bool:
    until = picture.people[person_id].away_until
    return until is not None and until > at


def _each_once(rungs: Iterable[Rung]) -> Iterator[Rung]:
    seen: set[int] = set()
    for rung in rungs:
        people = tuple(person for person in rung.people if person not in seen)
        seen.update(people)
        if people or rung.standing is Standing.NEXT:
            yield Rung(rung.standing, people, rung.since)
