"""A whole itinerary from arrival, departure, purpose and rank, for the host to adjust instead of typing; pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.models.forms import VisitForm
from bot.models.people import Workspace
from bot.models.visits import Foreign, Meal, MealStyle, Means, Purpose, Stop, StopKind
from bot.procedure.clocks import earliest
from bot.procedure.journeys import leaves
from bot.procedure.levels import LEADER_RANK, proposed_level
from bot.procedure.stops import LENGTHS, MEAL_TIMES
from bot.procedure.typed import instant, whole_number

LONGEST_STAY = timedelta(days=30)
AFTER_LANDING = timedelta(minutes=90)
"""Until the guests are in town, where nobody said how long the drive takes."""
LUGGAGE = timedelta(minutes=40)
"""Until they have their luggage, before the drive."""
REST = timedelta(hours=2)
"""At the hotel, after a long flight."""
LATEST_DINNER = time(20, 0)
"""Guests who are free too late for the usual time dine later, up to this; whoever comes later eats on their own."""
SEND_OFF = timedelta(minutes=30)
"""Between the last thing that is planned and setting off."""
_ROOM_FROM = time(12, 0)
"""Guests who come earlier see us first, and their hotel when the day is over."""
_BETWEEN = timedelta(minutes=15)
_LUNCH_ENDS, _DINNER_BEGINS = MEAL_TIMES[Meal.LUNCH][1], MEAL_TIMES[Meal.DINNER][0]


@dataclass(frozen=True)
class Stay:
    """What is known of the guests before anything is planned."""

    arrives_at: datetime
    departs_at: datetime
    zone: ZoneInfo
    purpose: Purpose = Purpose.NEGOTIATION
    level: int = 3
    wants_hotel: bool = True
    by_own_car: bool = False
    from_afar: bool = False
    """By plane from another country: they rest before anything else."""
    travel_minutes: int | None = None
    leaves_at: datetime | None = None
    """When they set off for the airport or station (D6.4); None: at their departure."""
    are_leaders: bool = False
    """Of leader rank, or VIPs: breakfast in company (D2.3)."""
    opens: time = time(9, 0)
    closes: time = time(18, 0)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def at(self, day: date, clock: time) -> datetime:
        return earliest(datetime.combine(day, clock, self.zone)).astimezone(UTC)

    @property
    def days(self) -> list[date]:
        """Every day of the stay, by the venue's calendar."""
        first, last = self.local(self.arrives_at).date(), self.local(self.departs_at).date()
        longest = min((last - first).days, LONGEST_STAY.days)
        return [first + timedelta(days=n) for n in range(longest + 1)]

    @property
    def stays_over(self) -> bool:
        return len(self.days) > 1

    @property
    def ready_at(self) -> datetime:
        """When the guests are in town."""
        if self.by_own_car:
            return self.arrives_at
        if self.travel_minutes is None:
            return self.arrives_at + AFTER_LANDING
        return self.arrives_at + LUGGAGE + timedelta(minutes=self.travel_minutes)

    @property
    def free_until(self) -> datetime:
        """When the last thing that is planned must be over."""
        return (self.leaves_at or self.departs_at) - SEND_OFF


@dataclass(frozen=True)
class ProposedStop:
    """A stop that could be; `is_wanted`: it is proposed, not only offered."""

    kind: StopKind
    day: date
    starts_at: datetime
    ends_at: datetime
    meal: Meal | None = None
    style: MealStyle | None = None
    is_important: bool = False
    is_wanted: bool = True

    @property
    def key(self) -> str:
        """The same for what is the same to the host, whatever its time: `2026-03-05/dinner`."""
        return f"{self.day.isoformat()}/{self.meal or self.kind}"

    @property
    def columns(self) -> dict[str, Any]:
        """What it says of the stop that it would be."""
        names = ("kind", "starts_at", "ends_at", "meal", "style", "is_important")
        return {name: getattr(self, name) for name in names}

    def as_stop(self) -> Stop:
        """As it would be in a visit, to be spoken of."""
        return Stop(visit_id=0, **self.columns)


def proposal(stay: Stay) -> list[ProposedStop]:
    """Everything there is time for between arrival and departure, in order of time; the journeys themselves follow
    from what the form says of them."""
    found = [*_hotel(stay), *_meals(stay)]
    found += _talks(stay, found)
    return sorted(found, key=lambda stop: (stop.starts_at, stop.ends_at))


def proposed_stops(form: VisitForm, workspace: Workspace) -> list[ProposedStop]:
    """What to offer for the form as it stands; nothing while its dates make no sense."""
    zone = ZoneInfo(workspace.zone)
    arrives_at = instant(form.arrival_date, form.arrival_time, zone)
    departs_at = instant(form.departure_date, form.departure_time, zone)
    if arrives_at is None or departs_at is None or departs_at <= arrives_at:
        return []
    speaks_otherwise = form.guest_language.partition("_")[0] != workspace.locale.partition("-")[0]
    is_foreign = form.foreign != Foreign.NO if form.foreign else speaks_otherwise
    home = Stop(visit_id=0, kind=StopKind.DEPARTURE, starts_at=departs_at, ends_at=departs_at)
    home.means, home.is_international = form.departure_means, is_foreign
    stay = Stay(
        arrives_at=arrives_at,
        departs_at=departs_at,
        zone=zone,
        purpose=Purpose(form.purpose),
        level=proposed_level(form.guest_rank, is_vip=False),
        wants_hotel=form.wants_hotel,
        by_own_car=form.arrival_means == Means.OWN_CAR,
        from_afar=is_foreign and form.arrival_means == Means.PLANE,
        travel_minutes=whole_number(form.travel_minutes, 0, 600),
        leaves_at=leaves(home, workspace),
        are_leaders=(form.guest_rank or 0) >= LEADER_RANK,
        opens=time.fromisoformat(workspace.opens),
        closes=time.fromisoformat(workspace.closes),
    )
    return proposal(stay)


def wanted_stops(form: VisitForm, workspace: Workspace) -> list[ProposedStop]:
    """What was ticked; what only became possible by what was typed last is wanted where it is proposed."""
    return [
        stop
        for stop in proposed_stops(form, workspace)
        if stop.key in form.stops or (stop.is_wanted and stop.key not in form.offered_stops)
    ]


def offered(stops: Iterable[ProposedStop]) -> dict[str, bool]:
    """By key, whether each stop is proposed."""
    return {stop.key: stop.is_wanted for stop in stops}


def _check_in(stay: Stay) -> datetime | None:
    """When the guests are at their hotel for the first time."""
    if not (stay.wants_hotel and stay.stays_over) or stay.ready_at + LENGTHS[StopKind.CHECK_IN] > stay.free_until:
        return None
    ready = stay.local(stay.ready_at)
    if stay.from_afar or ready.time() >= _ROOM_FROM or ready.date() > stay.days[0]:
        return stay.ready_at
    return stay.at(stay.days[0], stay.closes) - LENGTHS[StopKind.CHECK_IN]


def _free_from(stay: Stay) -> datetime:
    """When the guests can be asked to something for the first time."""
    check_in = _check_in(stay)
    if check_in is None or check_in != stay.ready_at:
        return stay.ready_at
    rest = REST if stay.from_afar else timedelta(0)
    return check_in + LENGTHS[StopKind.CHECK_IN] + rest


def _hotel(stay: Stay) -> Iterator[ProposedStop]:
    """Check-in, breakfast in the mornings, check-out before the last day's first stop."""
    check_in = _check_in(stay)
    if check_in is None:
        return
    day = stay.local(check_in).date()
    yield ProposedStop(StopKind.CHECK_IN, day, check_in, check_in + LENGTHS[StopKind.CHECK_IN])
    for morning in stay.days[1:]:
        starts_at, ends_at = (stay.at(morning, clock) for clock in MEAL_TIMES[Meal.BREAKFAST])
        if starts_at > check_in and ends_at <= stay.free_until:
            yield ProposedStop(
                StopKind.BREAKFAST, morning, starts_at, ends_at, meal=Meal.BREAKFAST, is_wanted=stay.are_leaders
            )
    out = min(stay.at(stay.days[-1], MEAL_TIMES[Meal.BREAKFAST][1]), stay.free_until)
    if out >= check_in + LENGTHS[StopKind.CHECK_IN]:
        yield ProposedStop(StopKind.CHECK_OUT, stay.days[-1], out, out + LENGTHS[StopKind.CHECK_OUT])


def _meals(stay: Stay) -> Iterator[ProposedStop]:
    """D3.7: who leaves the same day has a full lunch; who stays over a simple lunch and a hosted dinner; the lunch
    before leaving is the full one."""
    free_from, last = _free_from(stay), stay.days[-1]
    for day in stay.days:
        fitting = {}
        for meal in (Meal.LUNCH, Meal.DINNER):
            starts_at, ends_at = (stay.at(day, clock) for clock in MEAL_TIMES[meal])
            if meal == Meal.DINNER and starts_at < free_from <= stay.at(day, LATEST_DINNER):
                starts_at, ends_at = (moment + (_quarter(free_from) - starts_at) for moment in (starts_at, ends_at))
            if starts_at >= free_from and ends_at <= stay.free_until:
                fitting[meal] = (starts_at, ends_at)
        for meal, (starts_at, ends_at) in fitting.items():
            is_hosted = meal == Meal.DINNER or (day == last and Meal.DINNER not in fitting)
            is_first_dinner = meal == Meal.DINNER and day == stay.days[0]
            style = MealStyle.FULL if is_hosted else MealStyle.SIMPLE
            if is_first_dinner and stay.level == 1:
                style = MealStyle.BANQUET
            important = is_hosted and stay.level <= 2
            yield ProposedStop(StopKind.MEAL, day, starts_at, ends_at, meal=meal, style=style, is_important=important)


def _quarter(moment: datetime) -> datetime:
    """The next quarter of an hour; every zone's offset is a multiple of it."""
    return moment + (datetime.min.replace(tzinfo=UTC) - moment) % timedelta(minutes=15)


_PROGRAMME: Mapping[Purpose, tuple[tuple[StopKind, int], ...]] = {
    Purpose.PLANT_VISIT: ((StopKind.TOUR, 120), (StopKind.MEETING, 90)),
    Purpose.NEGOTIATION: ((StopKind.MEETING, 120), (StopKind.TOUR, 60)),
    Purpose.GOODS_INSPECTION: ((StopKind.TOUR, 120), (StopKind.MEETING, 60)),
    Purpose.COMPLAINT: ((StopKind.MEETING, 90), (StopKind.TOUR, 60)),
    Purpose.COURTESY: ((StopKind.MEETING, 60), (StopKind.TOUR, 60)),
}
"""What the guests come for, in order, with minutes (A1, E2)."""
_EVERY_DAY = {Purpose.NEGOTIATION: (StopKind.MEETING, 120)}
"""What goes on for as long as they are here."""
_TRIP = timedelta(hours=3)


def _talks(stay: Stay, planned: list[ProposedStop]) -> Iterator[ProposedStop]:
    """What the guests come for, in the free hours of the office; a trip where there is a free half-day left."""
    left = list(_PROGRAMME[stay.purpose])
    for day in stay.days:
        free = list(_free_hours(stay, day, planned))
        today = left or ([_EVERY_DAY[stay.purpose]] if stay.purpose in _EVERY_DAY and free else [])
        left = []
        for kind, minutes in today:
            length = timedelta(minutes=minutes)
            slot = next((n for n, (start, end) in enumerate(free) if end - start >= length), None)
            if slot is None or left:  # in this order, or on the next day
                left.append((kind, minutes))
                continue
            start, end = free[slot]
            free[slot] = (start + length + _BETWEEN, end)
            important = kind == StopKind.MEETING and (stay.level <= 2 or stay.purpose == Purpose.COMPLAINT)
            yield ProposedStop(kind, day, start, start + length, is_important=important)
        roomy = next((start for start, end in free if end - start >= _TRIP and day != stay.days[0]), None)
        if roomy is not None:
            yield ProposedStop(StopKind.TRIP, day, roomy, roomy + _TRIP, is_wanted=False)


def _free_hours(stay: Stay, day: date, planned: list[ProposedStop]) -> Iterator[tuple[datetime, datetime]]:
    """Morning and afternoon of the office, as far as the guests are there and free."""
    noon, evening = stay.at(day, MEAL_TIMES[Meal.LUNCH][0]), stay.at(day, _DINNER_BEGINS)
    morning = (stay.at(day, stay.opens), noon)
    afternoon = (stay.at(day, _LUNCH_ENDS), min(stay.at(day, stay.closes), evening))
    for start, end in (morning, afternoon):
        start, end = max(start, _free_from(stay)), min(end, stay.free_until)
        for stop in planned:
            if stop.kind == StopKind.CHECK_IN and start < stop.ends_at and stop.starts_at < end:
                end = stop.starts_at
            if stop.kind == StopKind.CHECK_OUT and start < stop.ends_at and stop.starts_at <= start:
                start = stop.ends_at
        if start < end:
            yield start, end
