"""Who takes part in what on which day (E1): what each visit puts on run sheets and on the board of a day. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.models.notices import NoticeKind
from bot.models.roles import Part
from bot.models.visits import Stop, StopKind
from bot.procedure.calendar import Calendar
from bot.procedure.journeys import leaves, sets_off
from bot.procedure.picture import Picture
from bot.procedure.rules import Rule, Rulebook
from bot.procedure.vocabulary import About, Anchor, To

MEETINGS = (StopKind.MEETING, StopKind.TOUR)
_OWN_STOPS: Mapping[Part, Collection[StopKind]] = {
    Part.LEADER: (StopKind.OWN_CAR, StopKind.BREAKFAST, StopKind.MEAL, *MEETINGS, StopKind.TRIP, StopKind.DEPARTURE),
    Part.GREETER: (StopKind.PICKUP, StopKind.OWN_CAR),
    Part.TEAM: tuple(StopKind),
    Part.DRIVER: (StopKind.PICKUP, StopKind.MEAL, StopKind.DEPARTURE),
    Part.TECHNICAL: (StopKind.MEETING,),
    Part.INTERPRETER: (StopKind.PICKUP, StopKind.OWN_CAR, StopKind.MEAL, *MEETINGS, StopKind.TRIP),
    Part.PHOTOGRAPHER: (StopKind.MEAL, *MEETINGS, StopKind.TRIP),
    Part.GUIDE: (StopKind.TOUR,),
}
"""The stops that a part in the visit is about; whoever is named for a stop itself takes part in it anyway."""
_PARTS = {
    To.LEADERS: Part.LEADER,
    To.GREETERS: Part.GREETER,
    To.TEAM: Part.TEAM,
    To.DRIVER: Part.DRIVER,
    To.TECHNICAL: Part.TECHNICAL,
    To.INTERPRETER: Part.INTERPRETER,
    To.PHOTOGRAPHER: Part.PHOTOGRAPHER,
    To.GUIDE: Part.GUIDE,
}


@dataclass(frozen=True)
class OfDay:
    """What one visit puts on a message of a day: from when to when, and which stops."""

    key: str
    kind: NoticeKind
    rule: Rule
    day: date
    begins: datetime
    ends: datetime
    person_id: int | None = None
    channel: str | None = None
    stops: tuple[int, ...] = ()

    def as_payload(self) -> dict[str, Any]:
        return {"begins": self.begins.isoformat(), "ends": self.ends.isoformat(), "stops": list(self.stops)}


@dataclass(frozen=True)
class Span:
    """From the first to the last moment of what several visits put on a message."""

    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, visits: Mapping[str, Mapping[str, Any]]) -> Self:
        """Over what `OfDay.as_payload` wrote down, by visit; at least one."""
        begins = min(datetime.fromisoformat(part["begins"]) for part in visits.values())
        return cls(begins, max(datetime.fromisoformat(part["ends"]) for part in visits.values()))


def due_on(rule: Rule, begins: datetime, calendar: Calendar) -> datetime:
    """When a message about a day goes out that begins at this moment."""
    anchor = calendar.morning_of(begins) if rule.anchor is Anchor.MORNING else begins
    return rule.lead.before(anchor, calendar, in_office_hours=rule.keeps_office_hours)


def of_days(picture: Picture, rulebook: Rulebook, zone: ZoneInfo) -> dict[str, OfDay]:
    """What the visit puts on the messages of its days, by key; nothing where the rulebook has no row for it."""
    found: dict[str, OfDay] = {}
    for rule in day_rules(picture, rulebook):
        parts = _boards(picture, rule, zone) if rule.notice == NoticeKind.BOARD else _sheets(picture, rule, zone)
        found |= {part.key: part for part in parts}
    return found


def day_rules(picture: Picture, rulebook: Rulebook) -> list[Rule]:
    """The rows of the workspace's rulebook that are about a whole day."""
    return [rule for rule in rulebook.otherwise(picture.overrides).rules if rule.about == About.DAY]


def taking_part(picture: Picture, rule: Rule) -> Iterator[tuple[int, Stop]]:
    """(person, stop): who of those the rule tells takes part in which stop."""
    for stop in picture.live_stops:
        people = dict.fromkeys(person for to in rule.to for person in _who(picture, to, stop))
        yield from ((person, stop) for person in people)


def parts_of(picture: Picture, stop: Stop, person_id: int) -> tuple[Part, ...]:
    """Which parts the person takes at a stop; the lead host may take none of them."""
    return tuple(part for to, part in _PARTS.items() if person_id in _who(picture, to, stop))


def stops_with(picture: Picture, person_id: int) -> list[Stop]:
    """What the person takes part in, in order."""
    return [stop for stop in picture.live_stops if parts_of(picture, stop, person_id)]


def begins(picture: Picture, stop: Stop) -> datetime:
    """When a stop begins for us: with setting off, where somebody drives."""
    if stop.kind == StopKind.PICKUP:
        return sets_off(stop)
    return leaves(stop, picture.workspace)


def day_of_stop(stop: Stop, zone: ZoneInfo) -> date:
    return stop.starts_at.astimezone(zone).date()


def stops_on(picture: Picture, day: date, zone: ZoneInfo) -> tuple[Stop, ...]:
    """The stops of a day, in order."""
    return tuple(stop for stop in picture.live_stops if day_of_stop(stop, zone) == day)


def own_stops_on(picture: Picture, rulebook: Rulebook, person_id: int, day: date, zone: ZoneInfo) -> list[Stop]:
    """The person's stops of a day, in order (E1)."""
    rules = [rule for rule in day_rules(picture, rulebook) if rule.notice == NoticeKind.RUN_SHEET]
    own = {stop.key for rule in rules for person, stop in taking_part(picture, rule) if person == person_id}
    return [stop for stop in stops_on(picture, day, zone) if stop.key in own]


def _who(picture: Picture, to: To, stop: Stop) -> tuple[int, ...]:
    if to == To.LEAD_HOST:
        return (picture.visit.lead_host_id,) if picture.lead_host.is_active else ()
    part = _PARTS.get(to)
    if part is None:
        return ()
    is_theirs = stop.kind in _OWN_STOPS[part] or (part == Part.DRIVER and stop.needs_car)
    is_named = (stop.key, part) in picture.stop_parts
    return picture.active(part, stop) if is_theirs or is_named else ()


def _sheets(picture: Picture, rule: Rule, zone: ZoneInfo) -> Iterator[OfDay]:
    by_day: dict[tuple[int, date], list[Stop]] = {}
    for person, stop in taking_part(picture, rule):
        by_day.setdefault((person, day_of_stop(stop, zone)), []).append(stop)
    for (person, day), stops in by_day.items():
        yield OfDay(
            key=f"sheet:person{person}:{day:%Y%m%d}",
            kind=NoticeKind.RUN_SHEET,
            rule=rule,
            day=day,
            begins=min(begins(picture, stop) for stop in stops),
            ends=max(stop.ends_at for stop in stops),
            person_id=person,
            stops=tuple(stop.key for stop in stops),
        )


def _boards(picture: Picture, rule: Rule, zone: ZoneInfo) -> Iterator[OfDay]:
    """One a day from the first stop to the last, also on a day without any."""
    channel, stops = picture.workspace.reception_channel, picture.live_stops
    if channel is None or not stops:
        return
    first, last = (day_of_stop(stop, zone) for stop in (stops[0], max(stops, key=lambda stop: stop.starts_at)))
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        midday, night = (datetime(day.year, day.month, day.day, hour, tzinfo=zone) for hour in (12, 23))
        of_day = stops_on(picture, day, zone)
        yield OfDay(
            key=f"board:{day:%Y%m%d}:{channel}",
            kind=NoticeKind.BOARD,
            rule=rule,
            day=day,
            begins=min([begins(picture, stop) for stop in of_day], default=midday),
            ends=max([night, *(stop.ends_at for stop in of_day)]),
            channel=channel,
            stops=tuple(stop.key for stop in of_day),
        )
