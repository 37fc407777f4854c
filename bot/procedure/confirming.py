"""Checking what somebody says who confirms a request or proposes something else; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.errors import FormErrors, Problem
from bot.models.forms import AnswerForm
from bot.models.settings import Room
from bot.models.visits import Stop, StopKind
from bot.procedure.picture import Picture
from bot.procedure.rules import Rule
from bot.procedure.stops import check_stop, stop_form_of
from bot.procedure.typed import whole_amount
from bot.procedure.vocabulary import Particular

_LIMITS = {"room_name": 100, "place": 200, "reference": 100, "note": 500}


@dataclass(frozen=True)
class Answered:
    """What an answer says, checked."""

    details: Mapping[str, Any] = field(default_factory=dict)
    room: Room | None = None
    cost: int | None = None
    starts_at: datetime | None = None
    """Another time for the stop."""


def check_confirmation(form: AnswerForm, rule: Rule | None, rooms: Sequence[Room], party_size: int) -> Answered:
    """What the confirmation says; FormErrors for what is missing or cannot be."""
    problems: dict[str, Problem] = {}
    answered = _said(form, rule, rooms, problems)
    said = {*answered.details, *(["cost"] if answered.cost is not None else [])}
    for particular, is_needed in rule.confirm if rule else ():
        if is_needed and particular not in said and particular not in problems:
            problems[particular] = Problem.MISSING
    _refuse_if_wrong(answered, problems, party_size)
    return answered


def check_counter(
    form: AnswerForm, rule: Rule | None, rooms: Sequence[Room], picture: Picture, stop: Stop, now: datetime
) -> Answered:
    """Another time, which has to be one, or something in words; FormErrors where it is neither."""
    problems: dict[str, Problem] = {}
    answered = _said(form, rule, rooms, problems)
    _refuse_if_wrong(answered, problems, picture.visit.party_size)
    as_it_is = stop_form_of(picture, stop)
    is_moved = form.starts is not None and (form.day, form.starts) != (as_it_is.day, as_it_is.starts)
    if not is_moved:
        if not form.note.strip():
            raise FormErrors({"note": Problem.MISSING})
        return answered
    visit = picture.visit
    moved = replace(as_it_is, day=form.day, starts=form.starts)
    facts = check_stop(moved, StopKind(stop.kind), visit.venue, now, visit=visit, was=stop)
    return replace(answered, starts_at=facts.starts_at)


def _said(form: AnswerForm, rule: Rule | None, rooms: Sequence[Room], problems: dict[str, Problem]) -> Answered:
    wanted = {particular for particular, _ in rule.confirm} if rule else set()
    texts = {name: getattr(form, name).strip() for name in _LIMITS}
    problems |= {name: Problem.TOO_LONG for name, longest in _LIMITS.items() if len(texts[name]) > longest}
    room = next((room for room in rooms if str(room.key) == form.room), None)
    if form.room and room is None:
        problems["room"] = Problem.MISSING
    details: dict[str, Any] = {
        Particular.ROOM: room.name if room else texts["room_name"],
        Particular.PLACE: texts["place"],
        Particular.REFERENCE: texts["reference"],
        Particular.AMOUNT: _money(form.amount, "amount", problems),
    }
    said = {name: value for name, value in details.items() if name in wanted and value not in ("", None)}
    cost = _money(form.cost, "cost", problems) if Particular.COST in wanted else None
    return Answered(said | ({"note": texts["note"]} if texts["note"] else {}), room, cost)


def _money(text: str, name: str, problems: dict[str, Problem]) -> int | None:
    """Whole units."""
    amount = whole_amount(text)
    if text.strip() and amount is None:
        problems[name] = Problem.NOT_A_NUMBER
    return amount


def _refuse_if_wrong(answered: Answered, problems: dict[str, Problem], party_size: int) -> None:
    """FormErrors for what was found, and for a room that is too small for the guests."""
    room, details = answered.room, {}
    if room is not None and room.capacity < party_size:
        problems["room"], details["room"] = Problem.ROOM_SEATS, str(room.capacity)
    if problems:
        raise FormErrors(problems, details)
