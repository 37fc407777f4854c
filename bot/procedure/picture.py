"""Everything the planner and the messages need to know of one visit, read once and then only looked at."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache, cached_property

from sqlmodel import SQLModel

from bot.models.bookings import Booking, BookingKind, BookingState, Hold, Vehicle
from bot.models.guests import Client, Guest
from bot.models.notices import Declaration
from bot.models.people import Person, Workspace
from bot.models.plans import ChangeRequest, Plan
from bot.models.remarks import Remark
from bot.models.roles import Part, Role
from bot.models.settings import Rank, RuleOverride
from bot.models.visits import Stop, StopKind, Visit
from bot.procedure.journeys import leaves
from bot.procedure.party import food_of

_WITH_END = (StopKind.MEETING, StopKind.TOUR, StopKind.TRIP)
"""Stops of which people are told how long they take."""
_SPECIAL: Mapping[StopKind, tuple[str, ...]] = {
    StopKind.OWN_CAR: ("route",),
    StopKind.MEAL: ("room",),
    StopKind.MEETING: ("subject", "room"),
    StopKind.TOUR: ("subject", "route"),
    StopKind.TRIP: ("subject", "route"),
}
"""What people are told of a stop of this kind besides."""
_AT_HOUSE = (StopKind.OWN_CAR, StopKind.MEETING, StopKind.TOUR)
_READ_TOGETHER = ("people", "vehicles")
"""Of several visits that are read at once, each has those of all."""
_TELLS_NOTHING = ("read_from_slack_at", "visits_opened")
"""Columns that change all the time and stand in nothing that anybody reads."""


@dataclass(frozen=True)
class Picture:
    """A visit with all that belongs to it, at one moment."""

    workspace: Workspace
    visit: Visit
    stops: tuple[Stop, ...]
    """All stops, the removed ones too, in order of time."""
    parts: Mapping[Part, tuple[int, ...]]
    bookings: tuple[Booking, ...]
    declarations: tuple[Declaration, ...]
    roles: Mapping[Role, tuple[int, ...]]
    people: Mapping[int, Person]
    vehicles: Mapping[int, Vehicle]
    role_deputies: Mapping[Role, tuple[int, ...]] = field(default_factory=dict)
    guests: tuple[Guest, ...] = ()
    """The party as far as it is known by name, in the order it was named in."""
    stop_parts: Mapping[tuple[int, Part], tuple[int, ...]] = field(default_factory=dict)
    """By stop and part: who takes it there instead of those who take it in the visit."""
    overrides: tuple[RuleOverride, ...] = ()
    """What the workspace has otherwise than the rulebook."""
    holds: tuple[Hold, ...] = ()
    """Cars, drivers and rooms that are taken up for the visit; without a request, drivers named for single stops."""
    remarks: tuple[Remark, ...] = ()
    ranks: tuple[Rank, ...] = ()
    """The house's ranks, the most senior first."""
    client: Client | None = None
    plans: tuple[Plan, ...] = ()
    """Every revision that was put before an approver, the first one first (B4)."""
    change_requests: tuple[ChangeRequest, ...] = ()
    """Changes of what was approved, in the order they were asked for (B8)."""

    def reads_as(self, other: "Picture") -> bool:
        """Whether the other one, read at another moment, shows just the same."""
        both = ((one.name, getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return all(_alike_in_both(a, b) if name in _READ_TOGETHER else _alike(a, b) for name, a, b in both)

    @property
    def live_stops(self) -> tuple[Stop, ...]:
        """The stops that take place."""
        return tuple(stop for stop in self.stops if not stop.is_removed) if self.visit.is_open else ()

    def stop(self, stop_id: int | None) -> Stop | None:
        return self._stops.get(stop_id)

    @cached_property
    def _stops(self) -> Mapping[int | None, Stop]:
        return {stop.id: stop for stop in self.stops}

    def booking(self, booking_id: int | None) -> Booking | None:
        return self._bookings.get(booking_id)

    @cached_property
    def _bookings(self) -> Mapping[int | None, Booking]:
        return {booking.id: booking for booking in self.bookings}

    def guest(self, guest_id: int) -> Guest | None:
        return next((guest for guest in self.guests if guest.id == guest_id), None)

    @property
    def last_plan(self) -> Plan | None:
        """The revision that was sent last."""
        return self.plans[-1] if self.plans else None

    def plan(self, plan_id: int) -> Plan | None:
        return next((plan for plan in self.plans if plan.id == plan_id), None)

    def change_request(self, request_id: int) -> ChangeRequest | None:
        return next((request for request in self.change_requests if request.id == request_id), None)

    def active(self, part: Part, stop: Stop | None = None) -> tuple[int, ...]:
        """Who takes this part in the visit, or at one of its stops; people who have left do not."""
        named = self.stop_parts.get((stop.key, part), ()) if stop is not None and self.stop_parts else ()
        return self._active(named or self.parts.get(part, ()))

    def holders(self, role: Role) -> tuple[int, ...]:
        """Who fills a role of the workspace: its holders, or its deputies once every holder has left."""
        return self._active(self.roles.get(role, ())) or self.deputies(role)

    def deputies(self, role: Role) -> tuple[int, ...]:
        """Who stands in for the holders of a role."""
        return self._active(self.role_deputies.get(role, ()))

    def deputy_of(self, person_id: int) -> int | None:
        """Whom the person named to stand in for them, unless that one has left as well."""
        deputy = self.people.get(self.people[person_id].deputy_id or 0)
        return deputy.key if deputy is not None and deputy.is_active else None

    def _active(self, people: Iterable[int]) -> tuple[int, ...]:
        """Those who are here, then those whom people who have left named for themselves."""
        named = tuple(people)
        here = [person for person in named if self.people[person].is_active]
        if len(here) == len(named):
            return tuple(dict.fromkeys(here))
        deputies = [self.deputy_of(person) for person in named if not self.people[person].is_active]
        return tuple(dict.fromkeys([*here, *(deputy for deputy in deputies if deputy is not None)]))

    def left_to(self, person_id: int) -> tuple[int, ...]:
        """Whose place somebody takes in this visit, who has no part of their own in it."""
        groups = (*self.parts.values(), *self.stop_parts.values(), *self.roles.values(), (self.visit.lead_host_id,))
        named = dict.fromkeys(person for group in groups for person in group)
        if person_id in named:
            return ()
        return tuple(p for p in named if not self.people[p].is_active and self.deputy_of(p) == person_id)

    def stands_in_for(self, role: Role, person_id: int) -> bool:
        """Whether the person answers for a role that nobody fills: the lead host does."""
        return not self.holders(role) and person_id == self.visit.lead_host_id

    @property
    def first_stop(self) -> Stop | None:
        """Where the visit begins."""
        return next(iter(self.live_stops), None)

    @property
    def first_at_house(self) -> Stop | None:
        """The first stop on our premises; where there is none, the first of the visit."""
        return next((stop for stop in self.live_stops if stop.kind in _AT_HOUSE), self.first_stop)

    @property
    def pickup(self) -> Stop | None:
        return next((stop for stop in self.live_stops if stop.kind == StopKind.PICKUP), None)

    @property
    def vehicle_booking(self) -> Booking | None:
        """The live request for vehicle and driver."""
        return next((b for b in self.bookings if b.kind == BookingKind.VEHICLE and b.is_live), None)

    @property
    def vehicle(self) -> Vehicle | None:
        booking = self.vehicle_booking
        return self.vehicles.get(booking.vehicle_id) if booking and booking.vehicle_id is not None else None

    @property
    def passengers(self) -> int:
        """How many guests our cars take: those who come by their own need no seat."""
        return max(self.visit.party_size - sum(guest.by_own_car for guest in self.guests), 0)

    @property
    def cost(self) -> int:
        """What the confirmed requests cost, in whole units of the workspace's currency."""
        return sum(booking.cost or 0 for booking in self.bookings if booking.state == BookingState.CONFIRMED)

    @property
    def driver(self) -> Person | None:
        """Who drives: the one named by administration, else the one the lead host asked for."""
        drivers = self.parts.get(Part.DRIVER, ())
        return self.people[drivers[0]] if drivers else None

    def driver_at(self, stop: Stop) -> Person | None:
        """Who drives to this stop: whoever is named for it, else the visit's driver."""
        named = self.stop_parts.get((stop.key, Part.DRIVER), ())
        return self.people[named[0]] if named else self.driver

    def vehicle_at(self, stop: Stop) -> Vehicle | None:
        """The car of the visit, unless somebody else drives here."""
        return self.vehicle if self.driver_at(stop) == self.driver else None

    @property
    def lead_host(self) -> Person:
        return self.people[self.visit.lead_host_id]

    def declared(self, key: str) -> Declaration | None:
        """What was declared under this key (`declaration_key`)."""
        return self._declarations.get(key)

    @cached_property
    def _declarations(self) -> Mapping[str, Declaration]:
        """By key, the first one of each."""
        return {declaration.key: declaration for declaration in reversed(self.declarations)}

    def declared_of(self, stop: Stop, kinds: Collection[str]) -> tuple[Declaration, ...]:
        """What anybody declared about a stop as it stands now, of these kinds."""
        return tuple(
            d
            for d in self.declarations
            if d.stop_id == stop.id and d.kind in kinds and d.stop_starts_at == stop.starts_at
        )


def facts(picture: Picture, stop: Stop) -> dict[str, str | int | None]:
    """What people are told of a stop, comparable: a change of any of these is told to those who knew it otherwise."""
    visit = picture.visit
    told: dict[str, str | int | None] = {
        "starts_at": stop.starts_at.isoformat(),
        "place": stop.place,
        "guests": visit.party_size,
        "host": visit.lead_host_id,
    }
    if stop.kind in (StopKind.PICKUP, StopKind.DEPARTURE):
        driver, vehicle = picture.driver_at(stop), picture.vehicle_at(stop)
        told |= {
            "number": stop.number,
            "means": stop.means,
            "driver": driver.id if driver else None,
            "plate": vehicle.plate if vehicle else None,
            "contact": visit.contact_phone,
        }
    elif stop.kind == StopKind.OWN_CAR:
        told |= {"plate": stop.plate, "contact": visit.contact_phone}
    else:
        told |= {"food": food_of(picture.guests, visit.food_notes)}
    if stop.kind == StopKind.DEPARTURE:
        told["leaves"] = leaves(stop, picture.workspace).isoformat()
    if stop.kind in _WITH_END:
        told["ends_at"] = stop.ends_at.isoformat()
    return told | {name: getattr(stop, name) for name in _SPECIAL.get(StopKind(stop.kind), ())}


def moment_of(told: Mapping[str, object]) -> datetime:
    """The start that `facts` wrote down."""
    return datetime.fromisoformat(str(told["starts_at"]))


def _alike_in_both(mine: Mapping[int, SQLModel], theirs: Mapping[int, SQLModel]) -> bool:
    """Those that stand in both: whatever else was read belongs to other visits."""
    return all(_alike(row, theirs[key]) for key, row in mine.items() if key in theirs)


def _alike(mine: object, theirs: object) -> bool:
    """Rows by their columns, whatever else hangs on them; rows in a row or by a key one by one, in the same order."""
    if isinstance(mine, SQLModel) and isinstance(theirs, SQLModel):
        here, there = vars(mine), vars(theirs)
        return here == there or all(here.get(name) == there.get(name) for name in _telling(type(mine)))
    if isinstance(mine, Mapping):
        assert isinstance(theirs, Mapping)
        return list(mine) == list(theirs) and all(_alike(value, theirs[key]) for key, value in mine.items())
    if isinstance(mine, tuple):
        assert isinstance(theirs, tuple)
        return len(mine) == len(theirs) and all(map(_alike, mine, theirs))
    return mine == theirs


@cache
def _telling(model: type[SQLModel]) -> tuple[str, ...]:
    """The columns of a row that stand somewhere."""
    return tuple(name for name in model.model_fields if name not in _TELLS_NOTHING)
