"""The party (A3): checking what was typed about guests, and what they must not or do not eat; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.errors import FormErrors, Problem
from bot.models.forms import GuestForm, PartyForm, PassportForm
from bot.models.guests import Guest
from bot.models.people import Workspace
from bot.models.visits import Means, Visit
from bot.procedure.names import folded

LARGEST_PARTY = 500
_MOST_PIECES = 2000
_PASSPORT_NUMBER = re.compile(r"[A-Z0-9]{5,15}")
_LIMITS = {"name": 120, "title": 120, "allergies": 300, "diet": 300, "customs": 300}


@dataclass(frozen=True)
class Need:
    """What one guest must not or does not eat."""

    guest: str
    text: str
    is_allergy: bool


def needs(guests: Iterable[Guest]) -> tuple[Need, ...]:
    """Allergies first, then diets, each in the order of the party."""
    party = tuple(guests)
    allergies = [Need(guest.name, guest.allergies, is_allergy=True) for guest in party if guest.allergies]
    return (*allergies, *(Need(guest.name, guest.diet, is_allergy=False) for guest in party if guest.diet))


def guest_form_of(guest: Guest, *, is_lead: bool) -> GuestForm:
    """A guest as they would stand in their form."""
    return GuestForm(
        name=guest.name,
        title=guest.title,
        rank=guest.rank,
        gender=guest.gender,
        allergies=guest.allergies,
        diet=guest.diet,
        customs=guest.customs,
        is_lead=is_lead,
        is_vip=guest.is_vip,
        by_own_car=guest.by_own_car,
    )


def party_form_of(visit: Visit) -> PartyForm:
    """What concerns the party as a whole, as it would stand in its form."""
    return PartyForm(
        party_size=str(visit.party_size),
        luggage="" if visit.luggage is None else str(visit.luggage),
        is_vip=visit.is_vip,
        has_agent=visit.has_agent,
        brings_interpreter=visit.brings_interpreter,
        hotel_payer=visit.hotel_payer,
        other_stops=visit.other_stops,
    )


def food_of(guests: Iterable[Guest], notes: str) -> str:
    """All dietary needs in one comparable text; the notes alone where no guest has any of their own."""
    lines = [f"{'⚠ ' if need.is_allergy else ''}{need.guest}: {need.text}" for need in needs(guests)]
    return "\n".join([*lines, notes] if notes else lines)


def party_size_after(size: int, named: int, removed: int = 0) -> int:
    """How many come: as many as are named, more where more are expected; who is taken off the list comes no more."""
    return max(size - removed, named, 1)


def arrives_elsewhere(workspace: Workspace, means: str, place: str) -> bool:
    """Whether the guests arrive at another airport or station than the one the house asks them to use (A10)."""
    preferred, named = folded(workspace.preferred_port), folded(place)
    return bool(preferred and named) and means != Means.OWN_CAR and preferred not in named


def check_guest(form: GuestForm) -> GuestForm:
    """The form as it is kept; FormErrors with every field that is wrong."""
    texts = {name: getattr(form, name).strip() for name in _LIMITS}
    problems = {name: Problem.TOO_LONG for name, longest in _LIMITS.items() if len(texts[name]) > longest}
    if not texts["name"]:
        problems["name"] = Problem.MISSING
    if problems:
        raise FormErrors(problems)
    return replace(form, **texts)


@dataclass(frozen=True)
class PartyFacts:
    """What concerns the party as a whole, found right."""

    party_size: int
    luggage: int | None


def check_party(form: PartyForm, named: int) -> PartyFacts:
    """FormErrors with every field that is wrong; `named`: how many guests are on the list."""
    problems, details = {}, {}
    size, luggage = _number(form.party_size), _number(form.luggage)
    if size is None or not 1 <= size <= LARGEST_PARTY:
        problems["party_size"] = Problem.PARTY_SIZE
    elif size < named:
        problems["party_size"], details["party_size"] = Problem.FEWER_THAN_NAMED, str(named)
    if form.luggage.strip() and (luggage is None or luggage > _MOST_PIECES):
        problems["luggage"] = Problem.NOT_A_NUMBER
    if problems or size is None:
        raise FormErrors(problems, details)
    return PartyFacts(size, luggage)


def check_passport(form: PassportForm) -> PassportForm:
    """Name and number as they are kept; FormErrors with every field that is wrong. Both empty: nothing is kept."""
    name, number = " ".join(form.name.split()), re.sub(r"[\s-]", "", form.number).upper()
    problems = {}
    if name or number:
        if not name:
            problems["passport_name"] = Problem.MISSING
        if not _PASSPORT_NUMBER.fullmatch(number):
            problems["passport_number"] = Problem.PASSPORT_NUMBER
    if problems:
        raise FormErrors(problems)
    return replace(form, name=name, number=number)


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 6 else None
