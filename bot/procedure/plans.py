"""What the plan of a visit says, comparable: what an approver sees and consents to (B3, B4, B8). Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.models.bookings import BookingState
from bot.models.roles import Part
from bot.models.visits import Stop, StopKind, Visit
from bot.procedure.levels import level_of
from bot.procedure.picture import Picture
from bot.procedure.stops import ARRIVALS

Facts = Mapping[str, Any]
Differences = Mapping[str, Any]
"""Old and new by what they are of; under `stops` those of each stop, None where it was not or is no more."""
STOPS = "stops"
NEW = "new"
PARTS = tuple(part for part in Part if part is not Part.DRIVER)
"""Whose parts are approved; administration assigns the drivers (C1)."""
_MOMENTS = ("arrives_at", "departs_at")
_OPEN_TEXTS = ("place", "subject")
"""What a plan may leave open: filling it in is preparation, changing it is a change."""


def plan_facts(picture: Picture) -> dict[str, Any]:
    """Who comes, how high they are received, the itinerary with its people, what is ordered, what it costs.

    Not what is found out or assigned on the way and is no decision: phone numbers, flight numbers, names on the guest
    list, diets, luggage, rooms, drivers, answers to requests; nor who is lead host, who may be handed over (G1).
    """
    visit, kinds = picture.visit, {stop.kind for stop in picture.live_stops}
    facts: dict[str, Any] = {
        "company": visit.company,
        "guest_name": visit.guest_name,
        "party_size": visit.party_size,
        "purpose": visit.purpose,
        "level": level_of(picture),
        "wants_hotel": visit.wants_hotel,
        "hotel_payer": visit.hotel_payer,
        "wants_tickets": visit.wants_tickets,
        "estimated_cost": visit.estimated_cost,
    }
    if not kinds.intersection(ARRIVALS):
        facts["arrives_at"] = _moment(visit.arrives_at)
    if StopKind.DEPARTURE not in kinds:
        facts["departs_at"] = _moment(visit.departs_at)
    facts |= {str(part): sorted(picture.parts.get(part, ())) for part in PARTS}
    return facts | {STOPS: {str(stop.key): _of_stop(picture, stop) for stop in picture.live_stops}}


def _of_stop(picture: Picture, stop: Stop) -> dict[str, Any]:
    named = {part: picture.stop_parts.get((stop.key, part), ()) for part in PARTS}
    return {
        "kind": str(stop.kind),
        "starts_at": _moment(stop.starts_at),
        "ends_at": _moment(stop.ends_at),
        "place": stop.place,
        "subject": stop.subject,
        "means": stop.means,
        "meal": stop.meal,
        "style": stop.style,
        "people": {str(part): sorted(people) for part, people in named.items() if people},
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def differences(old: Facts, new: Facts) -> dict[str, Any]:
    """What is otherwise, as `[old, new]`. A stop that is added is `new1`, `new2`: it has no number yet that lasts."""
    changed: dict[str, Any] = {
        name: [old.get(name), new.get(name)]
        for name in dict.fromkeys([*old, *new])
        if name != STOPS and old.get(name) != new.get(name)
    }
    before, after = old[STOPS], new[STOPS]
    stops = {key: [told, after.get(key)] for key, told in before.items() if told != after.get(key)}
    added = sorted((stop for key, stop in after.items() if key not in before), key=_by_time)
    stops |= {f"{NEW}{place}": [None, stop] for place, stop in enumerate(added, 1)}
    return changed | ({STOPS: stops} if stops else {})


def _by_time(stop: Mapping[str, Any]) -> tuple[str, str, str]:
    return stop["starts_at"], stop["kind"], stop["place"]


def decided_anew(found: Differences) -> dict[str, Any]:
    """Of these differences those that want consent: not what the plan left open and is filled in now (B8)."""
    stops = {key: pair for key, pair in found.get(STOPS, {}).items() if not _is_filled_in(*pair)}
    return {name: pair for name, pair in found.items() if name != STOPS} | ({STOPS: stops} if stops else {})


def _is_filled_in(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> bool:
    if old is None or new is None:
        return False
    changed = [name for name in new if old.get(name) != new[name]]
    return all(name in _OPEN_TEXTS and not old.get(name) for name in changed)


def stop_from(key: str, facts: Mapping[str, Any]) -> Stop:
    """A stop as a plan describes it, to be spoken of: it is not in the database, or not so."""
    return Stop(
        id=int(key) if key.isdecimal() else None,
        visit_id=0,
        kind=facts["kind"],
        starts_at=datetime.fromisoformat(facts["starts_at"]),
        ends_at=datetime.fromisoformat(facts["ends_at"]),
        place=facts["place"],
        subject=facts["subject"],
        means=facts["means"],
        meal=facts["meal"],
        style=facts["style"],
    )


def as_it_would_be(picture: Picture, found: Differences) -> Picture:
    """The visit as a change that is asked for would make it, to look at what that would lead to. Not to be stored."""
    of_visit: dict[Part, tuple[int, ...]] = {part: tuple(found[part][1]) for part in PARTS if part in found}
    stops, parts = {stop.key: stop for stop in picture.stops}, dict(picture.stop_parts)
    for place, (key, (_, new)) in enumerate(found.get(STOPS, {}).items(), 1):
        known = stops.pop(int(key), None) if key.isdecimal() else None
        if new is None:
            continue
        number = known.key if known else -place
        described = stop_from(key, new).model_dump(exclude_unset=True)
        kept = known.model_dump() if known else {}
        stops[number] = Stop(**{**kept, **described, "id": number, "visit_id": picture.visit.key})
        parts = {of: people for of, people in parts.items() if of[0] != number}
        parts |= {(number, part): tuple(new["people"][part]) for part in PARTS if part in new["people"]}
    return replace(
        picture,
        visit=_visit_as_it_would_be(picture.visit, found),
        parts={**picture.parts, **of_visit},
        stops=tuple(sorted(stops.values(), key=lambda stop: stop.starts_at)),
        stop_parts=parts,
    )


def _visit_as_it_would_be(visit: Visit, found: Differences) -> Visit:
    changed = {name: pair[1] for name, pair in found.items() if name not in (STOPS, *PARTS)}
    moments = {name: datetime.fromisoformat(changed[name]) for name in _MOMENTS if changed.get(name)}
    return Visit(**visit.model_dump() | changed | moments)


def people_of(facts: Facts) -> set[int]:
    """Everybody whom a plan names."""
    stops = [person for stop in facts[STOPS].values() for ids in stop["people"].values() for person in ids]
    return {person for part in PARTS for person in facts.get(part, ())} | set(stops)


def people_in(found: Differences) -> set[int]:
    """Who takes a part now that they did not take before, or takes it no more."""
    people: set[int] = set()
    for part in PARTS:
        old, new = found.get(part, ((), ()))
        people |= set(old) ^ set(new)
    for pair in found.get(STOPS, {}).values():
        old, new = ({person for ids in (stop or {}).get("people", {}).values() for person in ids} for stop in pair)
        people |= old ^ new
    return people


def confirmed_cost(picture: Picture) -> int:
    """What the confirmed requests cost together, in whole units of the workspace's currency."""
    return sum(b.cost or 0 for b in picture.bookings if b.state == BookingState.CONFIRMED)
