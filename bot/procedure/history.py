"""What a change changed, for the record (G5): facts before and after, and where they differ. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.models.guests import Guest
from bot.models.roles import Part
from bot.models.visits import Stop, Visit
from bot.procedure.levels import level_of
from bot.procedure.picture import Picture

Facts = dict[str, Any]
"""Plain values by name; moments as ISO 8601, people by id."""
Changes = dict[str, list[Any]]
"""Old and new by name; an empty list for what changed and is not quoted."""

QUIET = frozenset({"food_notes", "customs_notes", "allergies", "diet", "customs", "background_notes"})
"""Health, faith and doubts: that they changed stays on record for ever, what they say does not."""
PEOPLE = frozenset({"lead_host", *Part})
MOMENTS = frozenset({"arrives_at", "departs_at", "starts_at", "ends_at"})
_OF_VISIT = (
    *("company", "purpose", "is_new_client", "guest_name", "guest_title", "party_size", "guest_language"),
    *("contact_name", "contact_phone", "arrives_at", "arrival_means", "arrival_number", "departs_at"),
    *("departure_means", "departure_number", "wants_hotel", "wants_tickets", "hotel_payer", "luggage", "is_vip"),
    *("has_agent", "brings_interpreter", "other_stops", "is_confidential", "food_notes", "customs_notes"),
    *("background", "background_notes", "foreign"),
)
_OF_STOP = (
    *("starts_at", "ends_at", "place", "room", "number", "means", "travel_minutes", "meal", "style", "subject"),
    *("route", "plate", "is_important", "is_international", "is_long", "needs_car"),
)
_MOVED_ALONG = ("starts_at", "ends_at", "number", "means")
_OF_GUEST = ("name", "title", "gender", "allergies", "diet", "customs", "is_vip", "by_own_car")
"""Never a passport."""


def of_visit(picture: Picture) -> Facts:
    """What a visit's forms say, with its level and the people who take part in all of it."""
    people = {part.value: list(picture.parts.get(part, ())) for part in Part}
    return _read(picture.visit, _OF_VISIT) | {
        "level": level_of(picture),
        "lead_host": [picture.visit.lead_host_id],
        **people,
    }


def of_party(visit: Visit) -> Facts:
    """What the list of guests says of all of them: who leads them, and how many are expected."""
    return _read(visit, ("guest_name", "guest_title", "party_size"))


def of_stop(picture: Picture, stop: Stop) -> Facts:
    """What a stop's form says, with the people who are named for this stop."""
    people = {part.value: list(picture.stop_parts.get((stop.key, part), ())) for part in Part}
    return _read(stop, _OF_STOP) | people


def of_stops(picture: Picture) -> dict[int, Facts]:
    """The same of every stop that takes place."""
    return {stop.key: of_stop(picture, stop) for stop in picture.live_stops}


def of_guest(guest: Guest) -> Facts:
    """What the list of guests says of one of them."""
    return _read(guest, _OF_GUEST)


def differences(before: Facts, after: Facts) -> Changes:
    """Old and new of what is not as it was; the order of people does not count."""
    return {
        name: [] if name in QUIET else [old, after[name]]
        for name, old in before.items()
        if name in after and _comparable(old) != _comparable(after[name])
    }


def stops_besides(before: Mapping[int, Facts], after: Mapping[int, Facts]) -> Iterator[dict[str, Any]]:
    """What the visit's form did to its stops and its own facts do not say: arrival and departure move along."""
    yield from ({"stop": stop, "removed": True} for stop in before.keys() - after.keys())
    for stop, facts in after.items():
        if stop not in before:
            yield {"stop": stop, "added": True}
            continue
        changes = differences(before[stop], facts)
        besides = {name: pair for name, pair in changes.items() if name not in _MOVED_ALONG}
        if besides:
            yield {"stop": stop, "changes": besides}


def named(changes: Mapping[str, Any]) -> set[int]:
    """The ids of the people that changes speak of."""
    return {person for name in PEOPLE & changes.keys() for people in changes[name] for person in people}


def _read(row: object, names: tuple[str, ...]) -> Facts:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _comparable(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value
