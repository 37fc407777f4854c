"""The itinerary as the guests know it (B5): what was sent to them, whether that still holds, where it has long gaps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.models.notices import NoticeKind
from bot.models.visits import Stop, StopKind
from bot.procedure.corrections import WORTH_A_TRY
from bot.procedure.journeys import attended_from, leaves
from bot.procedure.picture import Picture
from bot.procedure.wanted import Wanted

LONG_GAP = timedelta(hours=2)
"""Longer than this between two stops of a day is pointed out for foreign guests, whose program is to be compact."""
_TOLD = ("kind", "place", "room", "number", "means", "meal", "subject")
_SPECIAL = {StopKind.OWN_CAR: ("route",), StopKind.MEETING: ("ends_at",), StopKind.TOUR: ("ends_at",)}


def for_guests(picture: Picture) -> dict[str, Any]:
    """What the itinerary tells the guests, comparable: nothing of it is for our eyes only."""
    host = picture.lead_host
    return {
        "contact": [host.name, host.phone],
        "language": picture.visit.guest_language,
        "stops": {str(stop.key): _of_stop(picture, stop) for stop in picture.live_stops},
    }


def _of_stop(picture: Picture, stop: Stop) -> dict[str, Any]:
    names = (*_TOLD, *_SPECIAL.get(StopKind(stop.kind), ()))
    told = {name: getattr(stop, name) for name in names}
    told |= {"starts_at": stop.starts_at}
    if stop.kind == StopKind.DEPARTURE:
        told["leaves"] = leaves(stop, picture.workspace)
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}


def version_sent(picture: Picture) -> int:
    """How often an itinerary was made for the guests; 0: they have none."""
    return int(picture.visit.guest_itinerary.get("version", 0))


def is_current(picture: Picture) -> bool:
    """Whether the guests have the itinerary as it is now."""
    sent = {name: value for name, value in picture.visit.guest_itinerary.items() if name not in ("version", "gone")}
    return bool(sent) and sent == for_guests(picture)


def guests_agreed(picture: Picture) -> bool:
    """Whether the guests agreed with the itinerary as it is now: a change makes it void until they agree again."""
    return picture.visit.guest_confirmed_at is not None and is_current(picture)


def next_sent(picture: Picture) -> dict[str, Any]:
    """What is kept once the itinerary as it is now was sent; `gone`: stops that guests knew and that are off."""
    before: Mapping[str, Any] = picture.visit.guest_itinerary
    now = for_guests(picture)
    known = {**before.get("gone", {}), **before.get("stops", {})}
    gone = {stop: told for stop, told in known.items() if stop not in now["stops"]}
    return now | {"gone": gone, "version": version_sent(picture) + (0 if is_current(picture) else 1)}


def called_off(picture: Picture) -> Iterator[Wanted]:
    """Guests who have papers of a visit that is canceled before it is over are told by its lead host."""
    visit = picture.visit
    if visit.canceled_at is None or visit.canceled_at >= visit.departs_at or not have_papers(picture):
        return
    yield Wanted(
        key=f"called_off:person{visit.lead_host_id}",
        kind=NoticeKind.CALLED_OFF,
        due_at=visit.canceled_at,
        useful_until=max(visit.departs_at, visit.canceled_at + WORTH_A_TRY),
        person_id=visit.lead_host_id,
        rule="B5",
    )


def have_papers(picture: Picture) -> bool:
    """Whether anything was made for the guests: an itinerary, the invitation letter."""
    return version_sent(picture) > 0 or picture.visit.letter_issued_at is not None


@dataclass(frozen=True)
class Gap:
    """Time between two stops of a day in which nothing is planned."""

    after: Stop
    before: Stop
    until: datetime
    """When it goes on: with setting off, where the guests leave for home."""

    @property
    def length(self) -> timedelta:
        return self.until - self.after.ends_at


def long_gaps(picture: Picture) -> list[Gap]:
    """Where foreign guests would wait for long (B5)."""
    if not picture.visit.is_foreign:
        return []
    zone, stops = picture.visit.venue, picture.live_stops
    gaps = [Gap(one, other, attended_from(other, picture.workspace)) for one, other in pairwise(stops)]
    return [
        gap
        for gap in gaps
        if gap.length > LONG_GAP
        and gap.after.ends_at.astimezone(zone).date() == gap.before.starts_at.astimezone(zone).date()
    ]
