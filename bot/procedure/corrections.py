"""Who was told something that no longer holds, and what they must hear now. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.procedure.picture import Picture, facts, moment_of
from bot.procedure.wanted import NEWS_LASTS

Told = Mapping[tuple[int, int], Mapping[str, Any] | None]
"""By (person, stop): the facts the person was last told, None where they were told that it is off."""

VISIT = 0
"""In place of a stop, where all that somebody knows is that the visit takes place: they hear when it does not."""

URGENT_WITHIN = timedelta(hours=2)
"""A change of what happens within this time is told at once instead of being gathered with others."""
WORTH_A_TRY = timedelta(minutes=5)
"""So long word of a change is tried at least, however soon what it is about begins."""


class What(StrEnum):
    """What became of a stop somebody had been told about."""

    CHANGED = "changed"
    REMOVED = "removed"
    RELEASED = "released"
    """It takes place, but without this person."""
    CANCELED = "canceled"
    """The whole visit is off."""


@dataclass(frozen=True)
class Correction:
    """One stop that one person knows wrongly."""

    person_id: int
    stop_id: int
    what: What
    old: Mapping[str, Any]

    def as_payload(self) -> dict[str, Any]:
        return {"stop": self.stop_id, "what": self.what, "old": dict(self.old)}


def corrections(picture: Picture, told: Told, concerned: set[tuple[int, int]], now: datetime) -> list[Correction]:
    """What has to be put right, in order of the stops.

    Nothing about what is over, nor to people who have left, nor of the end to whoever canceled the visit.
    """
    found, canceled_by = [], picture.visit.canceled_by_id
    for (person, stop_id), old in told.items():
        stop = picture.stop(stop_id)
        if old is None or not picture.people[person].is_active or person == canceled_by:
            continue
        if stop_id == VISIT and not picture.visit.is_open and now <= picture.visit.departs_at:
            found.append(Correction(person, VISIT, What.CANCELED, old))
        if stop is None:
            continue
        if now > over_at(picture, stop_id, old):
            continue
        if not picture.visit.is_open:
            what = What.CANCELED
        elif stop.is_removed:
            what = What.REMOVED
        elif (person, stop_id) not in concerned:
            what = What.RELEASED
        elif still_holds(of_concern(person, old, picture), facts(picture, stop)):
            continue
        else:
            what = What.CHANGED
        found.append(Correction(person, stop_id, what, old))
    return sorted(found, key=lambda c: (c.person_id, moment_of(c.old) if c.stop_id else now, c.stop_id))


def over_at(picture: Picture, stop_id: int, old: Mapping[str, Any]) -> datetime:
    """From when on word of a change of it is of no use: it has begun, be it as it was told or as it is now."""
    if stop_id == VISIT:
        return picture.visit.departs_at
    stop = picture.stop(stop_id)
    return max(moment_of(old), stop.starts_at) if stop is not None else moment_of(old)


def of_use_until(picture: Picture, wrong: Iterable[Correction], since: datetime, now: datetime) -> datetime:
    """Until when one message about all of these is of use as a whole: what is left of it then is told anew."""
    over = min(over_at(picture, correction.stop_id, correction.old) for correction in wrong)
    return max(min(over, since + NEWS_LASTS), now + WORTH_A_TRY)


def of_concern(person: int, old: Mapping[str, Any], picture: Picture) -> Mapping[str, Any]:
    """What was told, without the lead host for those who handed the visit over or have it now: they know (G1)."""
    knows = person in (old.get("host"), picture.visit.lead_host_id)
    return {name: value for name, value in old.items() if name != "host"} if knows else old


def still_holds(old: Mapping[str, Any], present: Mapping[str, Any]) -> bool:
    """Whether everything that was told is as it was told; what was not told does not count."""
    return all(present.get(name) == value for name, value in old.items())


def is_urgent(picture: Picture, correction: Correction, now: datetime) -> bool:
    """Whether the earlier of the old and the new moment is near, or there is nothing to gather any more."""
    if correction.what == What.CANCELED:
        return True
    stop = picture.stop(correction.stop_id)
    moments = [moment_of(correction.old)] + ([stop.starts_at] if stop else [])
    return min(moments) - now <= URGENT_WITHIN
