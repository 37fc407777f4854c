"""Delays of the guests' arrival (E4): one press moves the stop and what hangs on it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import FormErrors, NotAllowed, OutOfDate, Problem
from bot.models.notices import RecordKind
from bot.models.people import Actor
from bot.models.plans import Verb
from bot.models.roles import Part
from bot.models.visits import Stop, StopKind
from bot.procedure.delays import Moved
from bot.procedure.picture import Picture
from bot.services.consenting import Asked, changing_plan
from bot.services.itinerary import follow
from bot.services.office import Office

_MEETING = (Part.DRIVER, Part.GREETER)
_ARRIVING = (StopKind.PICKUP, StopKind.OWN_CAR)
_FOLLOWS_WITHIN = timedelta(hours=4)
"""A check-in this soon after the arrival moves along with it."""
_MOST_MINUTES = 48 * 60
_SPAN = re.compile(
    r"(?P<sign>[+-]?)\s*(?:(?P<hours>\d{1,2})\s*(?:hrs?|hours?|horas?|h|个?小时|:))?"
    r"\s*(?:(?P<minutes>\d{1,5})\s*(?:minutes?|minutos?|mins?|m|分钟?|')?\.?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Delays:
    """The verb on a late arrival."""

    office: Office

    async def delay(self, actor: Actor, visit_id: int, minutes: str) -> Moved:
        """Move the arrival by this many minutes (negative: earlier), and the check-in that follows it.

        The lead host, administration, and those who meet the guests may; FormErrors for what is no number of minutes,
        OutOfDate where nobody arrives any more.
        """
        by = _span(minutes)
        asked = Asked(Verb.DELAY, lambda _: {"visit": visit_id, "minutes": minutes})
        async with changing_plan(self.office, actor, visit_id, asked, at_once=True) as change:
            picture = await change.picture()
            self.refuse_unless_concerned(picture, actor)
            arrival = _arriving(picture, by, change.now)
            before = arrival.starts_at
            if arrival.starts_at + by >= picture.visit.departs_at:
                raise FormErrors({"minutes": Problem.DEPARTURE_BEFORE_ARRIVAL})
            stops = [(stop, stop.starts_at) for stop in (arrival, *_following(picture, arrival))]
            for stop, _ in stops:
                stop.starts_at, stop.ends_at = stop.starts_at + by, stop.ends_at + by
                change.session.add(stop)
            await follow(change)
            await change.record(
                actor.id,
                RecordKind.DELAYED,
                stop=arrival.key,
                item=arrival.number or picture.visit.company,
                moment=arrival.starts_at.isoformat(),
                changes={"starts_at": [before.isoformat(), arrival.starts_at.isoformat()]},
            )
        return Moved(by, tuple(stops), tuple(change.asked_again))

    def refuse_unless_concerned(self, picture: Picture, actor: Actor) -> None:
        """Those who may change the visit, and those who stand at the airport and see the board."""
        arrivals = [None, *(stop for stop in picture.live_stops if stop.kind in _ARRIVING)]
        meets = {one for stop in arrivals for part in _MEETING for one in picture.active(part, stop)}
        if not (picture.visit.can_be_changed_by(actor) or actor.id in meets):
            raise NotAllowed(picture.visit.kept_by)


def _following(picture: Picture, arrival: Stop) -> list[Stop]:
    latest = arrival.starts_at + _FOLLOWS_WITHIN
    return [s for s in picture.live_stops if s.kind == StopKind.CHECK_IN and arrival.starts_at <= s.starts_at <= latest]


def _arriving(picture: Picture, by: timedelta, now: datetime) -> Stop:
    """The arrival that is late: the next one, or the last whose time is over already, where it would not be then."""
    arrivals = [stop for stop in picture.live_stops if stop.kind in _ARRIVING]
    coming = next((stop for stop in arrivals if stop.ends_at > now), None)
    found = coming or next((stop for stop in reversed(arrivals) if stop.ends_at + by > now), None)
    if found is None:
        raise OutOfDate
    return found


def _span(minutes: str) -> timedelta:
    """Minutes as people write them: 90, 90 min, 1h30, -15."""
    match = _SPAN.fullmatch(unicodedata.normalize("NFKC", minutes).strip().replace("\N{MINUS SIGN}", "-"))
    found = int(match["hours"] or 0) * 60 + int(match["minutes"] or 0) if match else 0
    if match is None or not 0 < found <= _MOST_MINUTES:
        raise FormErrors({"minutes": Problem.DELAY})
    return timedelta(minutes=-found if match["sign"] == "-" else found)
