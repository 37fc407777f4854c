"""What is asked of each kind of stop, and the facts that follow from what was typed; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import FormErrors, Problem
from bot.models.forms import StopForm
from bot.models.roles import Part
from bot.models.visits import Meal, MealStyle, Means, Stop, StopKind, Visit
from bot.procedure.picture import Picture
from bot.procedure.typed import FURTHEST_AHEAD, instant, number_problem, plain_number, whole_number

ARRIVALS = (StopKind.PICKUP, StopKind.OWN_CAR)
LONGEST_STOP = timedelta(hours=14)
"""An end that is earlier by the clock is on the next day, unless the stop would take longer than this."""
MEAL_TIMES = {
    Meal.BREAKFAST: (time(7, 30), time(8, 30)),
    Meal.LUNCH: (time(12, 0), time(13, 30)),
    Meal.DINNER: (time(18, 30), time(20, 30)),
}
LENGTHS = {
    StopKind.PICKUP: timedelta(hours=1),
    StopKind.OWN_CAR: timedelta(minutes=30),
    StopKind.CHECK_IN: timedelta(minutes=30),
    StopKind.BREAKFAST: timedelta(hours=1),
    StopKind.MEETING: timedelta(minutes=90),
    StopKind.TOUR: timedelta(hours=1),
    StopKind.TRIP: timedelta(hours=3),
    StopKind.CHECK_OUT: timedelta(minutes=30),
    StopKind.DEPARTURE: timedelta(minutes=30),
}
"""How long a stop takes where nobody said so; a meal as long as such a meal."""
FIELDS: Mapping[StopKind, tuple[str, ...]] = {
    StopKind.PICKUP: ("means", "number", "place", "travel_minutes"),
    StopKind.OWN_CAR: ("place", "plate", "route"),
    StopKind.CHECK_IN: ("place", "travel_minutes", "needs_car"),
    StopKind.BREAKFAST: ("place",),
    StopKind.MEAL: ("meal", "style", "place", "room", "travel_minutes", "is_important", "needs_car"),
    StopKind.MEETING: ("subject", "place", "room", "travel_minutes", "is_important", "needs_car"),
    StopKind.TOUR: ("subject", "place", "route", "travel_minutes", "is_important", "needs_car"),
    StopKind.TRIP: ("subject", "place", "route", "travel_minutes", "is_long", "needs_car"),
    StopKind.CHECK_OUT: ("place",),
    StopKind.DEPARTURE: ("means", "number", "place", "travel_minutes", "is_international"),
}
"""What is special to a kind, in the order in which it is asked."""
PARTS: Mapping[StopKind, tuple[Part, ...]] = {
    StopKind.PICKUP: (Part.GREETER,),
    StopKind.OWN_CAR: (Part.LEADER, Part.TEAM),
    StopKind.CHECK_IN: (Part.TEAM, Part.DRIVER),
    StopKind.BREAKFAST: (Part.LEADER,),
    StopKind.MEAL: (Part.LEADER, Part.TEAM, Part.INTERPRETER, Part.PHOTOGRAPHER, Part.DRIVER),
    StopKind.MEETING: (Part.LEADER, Part.TEAM, Part.TECHNICAL, Part.INTERPRETER, Part.PHOTOGRAPHER),
    StopKind.TOUR: (Part.GUIDE, Part.LEADER, Part.TEAM, Part.INTERPRETER, Part.PHOTOGRAPHER),
    StopKind.TRIP: (Part.LEADER, Part.TEAM, Part.DRIVER, Part.PHOTOGRAPHER),
    StopKind.CHECK_OUT: (Part.TEAM,),
    StopKind.DEPARTURE: (Part.LEADER, Part.TEAM, Part.DRIVER),
}
"""Whose part can be taken by somebody else at a stop. The pick-up's driver is assigned by administration (C1)."""
LONGEST_TEXTS = {"place": 200, "subject": 200, "room": 100, "route": 500, "plate": 40}


@dataclass(frozen=True)
class StopFacts:
    """A stop form that was found right: the columns of a stop."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    number: str = ""
    means: str | None = None
    travel_minutes: int | None = None
    meal: str | None = None
    style: str | None = None
    subject: str = ""
    room: str = ""
    route: str = ""
    plate: str = ""
    is_important: bool = False
    is_international: bool = False
    is_long: bool = False
    needs_car: bool = False


def check_stop(
    form: StopForm,
    kind: StopKind,
    zone: ZoneInfo,
    now: datetime,
    *,
    visit: Visit | None = None,
    was: Stop | None = None,
) -> StopFacts:
    """The facts of a stop; FormErrors with every field that is wrong.

    `visit`: the guests must be there. `was`: the stop that is changed, whose end moves along with its start.
    """
    problems: dict[str, Problem] = {}
    starts_at = _check_start(form, zone, now, problems)
    ends_at = _check_end(form, kind, zone, starts_at, was, problems) if starts_at else None
    asked = FIELDS[kind]
    typed = {name: getattr(form, name).strip() for name in LONGEST_TEXTS if name in asked}
    problems |= {name: Problem.TOO_LONG for name, text in typed.items() if len(text) > LONGEST_TEXTS[name]}
    flight = number_problem(form.means, form.number) if "number" in asked else None
    if flight:
        problems["number"] = flight
    travel = whole_number(form.travel_minutes, 0, 600) if "travel_minutes" in asked else None
    if "travel_minutes" in asked and form.travel_minutes.strip() and travel is None:
        problems["travel_minutes"] = Problem.TRAVEL_TIME
    if visit and starts_at and ends_at and "day" not in problems:
        problems |= _check_stay(kind, starts_at, ends_at, visit)
    if problems or starts_at is None or ends_at is None:
        raise FormErrors(problems)
    return StopFacts(
        starts_at=starts_at,
        ends_at=ends_at,
        travel_minutes=travel,
        number=plain_number(form.number) if "number" in asked else "",
        means=form.means if "means" in asked else None,
        meal=_meal(form, kind),
        style=form.style or None if "style" in asked else None,
        **typed,
        **{name: getattr(form, name) for name in asked if name.startswith(("is_", "needs_"))},
    )


def _check_start(form: StopForm, zone: ZoneInfo, now: datetime, problems: dict[str, Problem]) -> datetime | None:
    if form.day is None:
        problems["day"] = Problem.DATE_MISSING
    elif form.day < now.astimezone(zone).date():
        problems["day"] = Problem.IN_THE_PAST
    if form.starts is None:
        problems["starts"] = Problem.MISSING
    starts_at = instant(form.day, form.starts, zone)
    if form.day is not None and form.starts is not None and starts_at is None:
        problems["starts"] = Problem.TIME_DOES_NOT_EXIST
    if starts_at and starts_at - now > FURTHEST_AHEAD:
        problems["day"] = Problem.TOO_FAR
    return starts_at


def _check_end(
    form: StopForm, kind: StopKind, zone: ZoneInfo, starts_at: datetime, was: Stop | None, problems: dict[str, Problem]
) -> datetime | None:
    assert form.day is not None
    if was is not None and form.ends == was.ends_at.astimezone(zone).time().replace(second=0, microsecond=0):
        return starts_at + (was.ends_at - was.starts_at)
    if form.ends is None:
        return starts_at + length_of(kind, form.meal)
    for day in (form.day, form.day + timedelta(days=1)):
        ends_at = instant(day, form.ends, zone)
        if ends_at is None:
            problems["ends"] = Problem.TIME_DOES_NOT_EXIST
            return None
        if starts_at < ends_at <= starts_at + LONGEST_STOP:
            return ends_at
    problems["ends"] = Problem.END_BEFORE_START
    return None


def _check_stay(kind: StopKind, starts_at: datetime, ends_at: datetime, visit: Visit) -> dict[str, Problem]:
    """Guests leave after they came, and what is planned for them is while they are here."""
    if kind in ARRIVALS:
        return {"day": Problem.DEPARTURE_BEFORE_ARRIVAL} if starts_at >= visit.departs_at else {}
    if kind == StopKind.DEPARTURE:
        return {"day": Problem.DEPARTURE_BEFORE_ARRIVAL} if starts_at <= visit.arrives_at else {}
    is_outside = ends_at < visit.arrives_at or starts_at > visit.departs_at
    return {"day": Problem.OUTSIDE_STAY} if is_outside else {}


def _meal(form: StopForm, kind: StopKind) -> str | None:
    if kind == StopKind.BREAKFAST:
        return Meal.BREAKFAST
    return form.meal or Meal.LUNCH if kind == StopKind.MEAL else None


def length_of(kind: StopKind, meal: str = "") -> timedelta:
    """How long a stop takes where nobody said so."""
    if kind != StopKind.MEAL:
        return LENGTHS[kind]
    start, end = (datetime.combine(date.min, clock) for clock in MEAL_TIMES[Meal(meal or Meal.LUNCH)])
    return end - start


def stop_form_of(picture: Picture, stop: Stop) -> StopForm:
    """A stop as it would stand in its form."""
    zone = picture.visit.venue
    starts, ends = stop.starts_at.astimezone(zone), stop.ends_at.astimezone(zone)
    named = {part: people for (of, part), people in picture.stop_parts.items() if of == stop.key}
    return StopForm(
        day=starts.date(),
        starts=starts.time(),
        ends=ends.time().replace(second=0, microsecond=0),
        place=stop.place,
        number=stop.number,
        means=stop.means or Means.PLANE,
        travel_minutes="" if stop.travel_minutes is None else str(stop.travel_minutes),
        meal=stop.meal or "",
        style=stop.style or "",
        subject=stop.subject,
        room=stop.room,
        route=stop.route,
        plate=stop.plate,
        is_important=stop.is_important,
        is_international=stop.is_international,
        is_long=stop.is_long,
        needs_car=stop.needs_car,
        people={part: tuple(picture.people[person].slack_id for person in ids) for part, ids in named.items()},
    )


def fresh_stop_form(visit: Visit, kind: StopKind, now: datetime) -> StopForm:
    """What stands in the form for one stop more: a day on which the guests are here, a time that is usual."""
    day = max(visit.arrives_at, now).astimezone(visit.venue).date()
    match kind:
        case StopKind.MEAL:
            return StopForm(day=day, meal=Meal.DINNER, starts=MEAL_TIMES[Meal.DINNER][0], style=MealStyle.FULL)
        case StopKind.BREAKFAST:
            return StopForm(day=visit.departs_at.astimezone(visit.venue).date(), starts=MEAL_TIMES[Meal.BREAKFAST][0])
        case StopKind.PICKUP | StopKind.OWN_CAR:
            arrival = visit.arrives_at.astimezone(visit.venue)
            return StopForm(day=arrival.date(), starts=arrival.time(), means=visit.arrival_means)
        case StopKind.CHECK_OUT | StopKind.DEPARTURE:
            departure = visit.departs_at.astimezone(visit.venue)
            starts = departure.time() if kind == StopKind.DEPARTURE else None
            return StopForm(day=departure.date(), starts=starts, means=visit.departure_means)
        case _:
            return StopForm(day=day)
