"""Vehicles, the requests that somebody has to answer, and what they take up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, Index, SQLModel

from bot.models.notices import TAKEN_BACK
from bot.models.people import Actor
from bot.models.roles import Role
from bot.models.types import Json, UtcDateTime
from bot.models.visits import Visit


class Vehicle(SQLModel, table=True):
    """A car of the house."""

    __tablename__ = "vehicle"

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    name: str
    plate: str
    seats: int
    """For guests, without the driver."""
    is_active: bool = True

    @property
    def key(self) -> int:
        assert self.id is not None
        return self.id


class BookingKind(StrEnum):
    """What is asked for."""

    VEHICLE = "vehicle"
    """Car and driver for the visit's drives (C1)."""
    LEADER = "leader"
    """A senior leader's time (B6)."""
    REQUEST = "request"
    """What an entry of the rulebook asks for (section C)."""


class BookingState(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    """Waits for its owner."""
    ASSIGNED = "assigned"
    """Administration named vehicle and driver; the driver has not answered."""
    COUNTERED = "countered"
    """The owner proposed something else; the lead host takes it or does not."""
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    """Said no to; the lead host finds another way, or asks somebody else."""
    RELEASED = "released"
    """No longer needed."""


@dataclass(frozen=True)
class Owners:
    """Whom a request is put to: people, and the roles in whose name they are asked."""

    people: tuple[int, ...] = ()
    roles: frozenset[Role] = frozenset()

    def include(self, actor: Actor) -> bool:
        """Whether the person was asked, stands in for somebody who was, or holds the role as a deputy."""
        return any(actor.acts_for(person) for person in self.people) or bool(self.roles & actor.roles)


GIVEN = (BookingState.ASSIGNED, BookingState.CONFIRMED)
"""The states in which a request holds what it was given."""
NOBODY = Owners()
WAS = "was"
"""In `Booking.details`: what had been asked for before it was asked again."""
SEATED = "seated"
"""In `Booking.details`: for how many guests a car was assigned though it has fewer seats, as no free one had enough."""
STOPS, GIVEN_FOR = "stops", "given_for"
"""In `Booking.details` of a leader's time: the ids of the stops it is asked for, those of a yes once it is given; and
of those it had been given for, where it is asked for again."""
_NOT_SAID = (WAS, SEATED, STOPS, GIVEN_FOR, TAKEN_BACK)
_REASSIGNED = (BookingKind.REQUEST, BookingKind.VEHICLE)


class Booking(SQLModel, table=True):
    """A request with its answer: a vehicle with driver (C1), a senior leader's time (B6), what section C prepares."""

    __tablename__ = "booking"

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    kind: str
    state: str = BookingState.REQUESTED
    version: int = 1
    """Counts every change of state: buttons carry it, so that an old one is known as old."""
    round: int = 0
    """Counts how often it was asked again: whoever is asked anew gets a new request."""
    stop_id: int | None = Field(default=None, foreign_key="stop.id")
    leader_id: int | None = Field(default=None, foreign_key="person.id")
    vehicle_id: int | None = Field(default=None, foreign_key="vehicle.id", index=True)
    driver_id: int | None = Field(default=None, foreign_key="person.id")
    rule: str = ""
    """The entry of the rulebook that asks for it."""
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    """Whom it was reassigned to; None: those whom the rulebook names."""
    room_id: int | None = Field(default=None, foreign_key="room.id")
    answer_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until when an answer is waited for."""
    asked: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """What is asked for; what was asked for, once it is answered: a confirmation holds as long as this does (B8)."""
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """What the confirmation said: reference number, name of the room, plate."""
    cost: int | None = None
    """Whole units of the workspace's currency."""
    counter: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """What was proposed instead."""
    changed_at: datetime = Field(sa_type=UtcDateTime)
    assigned_by_id: int | None = Field(default=None, foreign_key="person.id")
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
    reason: str = ""

    @property
    def key(self) -> int:
        assert self.id is not None
        return self.id

    @property
    def is_live(self) -> bool:
        return self.state not in (BookingState.RELEASED, BookingState.DECLINED)

    @property
    def said(self) -> Mapping[str, Any]:
        """What the confirmation said, without what is or had been asked for."""
        return {name: value for name, value in self.details.items() if name not in _NOT_SAID}

    @property
    def is_taken_back(self) -> bool:
        """Whether the no that it stands at had been a yes before."""
        return TAKEN_BACK in self.details

    @property
    def proposed_start(self) -> datetime | None:
        """Another time that its owner proposed for the stop."""
        proposed = self.counter.get("starts_at")
        return datetime.fromisoformat(proposed) if proposed and self.state == BookingState.COUNTERED else None

    def can_be_assigned_by(self, actor: Actor, owners: Owners = NOBODY) -> bool:
        """Administration assigns vehicles (C1), or whom the request was put to instead."""
        return self.kind == BookingKind.VEHICLE and (actor.has(Role.ADMINISTRATION) or owners.include(actor))

    def can_be_confirmed_by(self, actor: Actor, owners: Owners) -> bool:
        """The driver who was named; else whoever was asked, while nobody has answered."""
        if self.kind == BookingKind.VEHICLE:
            return self.state == BookingState.ASSIGNED and actor.acts_for(self.driver_id)
        return self.state == BookingState.REQUESTED and owners.include(actor)

    def can_be_declined_by(self, actor: Actor, owners: Owners) -> bool:
        """Whoever may confirm; administration, where no car was assigned yet; and whoever has to take back a yes."""
        if self.kind == BookingKind.VEHICLE and self.state == BookingState.REQUESTED:
            return self.can_be_assigned_by(actor, owners)
        is_taken_back = self.kind == BookingKind.REQUEST and self.state == BookingState.CONFIRMED
        return self.can_be_confirmed_by(actor, owners) or (is_taken_back and owners.include(actor))

    def can_be_taken_back_by(self, actor: Actor, owners: Owners) -> bool:
        """Whoever said yes, or stands in for them: the driver, administration of the car that it gave, any owner."""
        if self.kind == BookingKind.VEHICLE:
            return self.is_driven_by(actor) or (self.state in GIVEN and self.can_be_assigned_by(actor, owners))
        is_yes = self.state == BookingState.CONFIRMED
        return is_yes and (owners.include(actor) or actor.id == self.answered_by_id)

    def is_driven_by(self, actor: Actor) -> bool:
        """Whether it is the person's own drive, confirmed by them or for them."""
        is_confirmed = self.kind == BookingKind.VEHICLE and self.state == BookingState.CONFIRMED
        return is_confirmed and (actor.acts_for(self.driver_id) or actor.id == self.answered_by_id)

    def can_be_countered_by(self, actor: Actor, owners: Owners) -> bool:
        """Whoever may confirm, where something else can be proposed; not for cars."""
        return self.kind != BookingKind.VEHICLE and self.can_be_confirmed_by(actor, owners)

    def counter_can_be_answered_by(self, actor: Actor, visit: Visit) -> bool:
        """The lead host, and who else may change the visit."""
        return self.state == BookingState.COUNTERED and visit.can_be_changed_by(actor)

    def can_be_reassigned_by(self, actor: Actor, visit: Visit) -> bool:
        """The lead host, and who else may change the visit, while there is no yes."""
        is_without = self.state in (BookingState.REQUESTED, BookingState.DECLINED)
        return is_without and self.kind in _REASSIGNED and visit.can_be_changed_by(actor)


class Hold(SQLModel, table=True):
    """A car, a driver or a room that is taken for a time; the database refuses a second hold on it."""

    __tablename__ = "hold"
    # What is over, nearly all there is after a year, is not looked at for what is free.
    __table_args__ = (Index("ix_hold_of_workspace", "workspace_id", "ends_at"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    visit_id: int = Field(foreign_key="visit.id", index=True)
    booking_id: int | None = Field(default=None, foreign_key="booking.id", index=True)
    """The request that takes it; None for drivers who are named for single stops."""
    vehicle_id: int | None = Field(default=None, foreign_key="vehicle.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    """A driver."""
    room_id: int | None = Field(default=None, foreign_key="room.id", index=True)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
