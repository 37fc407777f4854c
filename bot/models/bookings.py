"""Vehicles, and the requests that somebody has to answer."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from bot.models.people import Actor
from bot.models.roles import Role
from bot.models.types import Json, UtcDateTime


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
    LEADER = "leader"


class BookingState(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    """Waits for its owner: administration, or the executive office."""
    ASSIGNED = "assigned"
    """Administration named vehicle and driver; the driver has not answered."""
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    """Said no to by administration or the executive office; the lead host finds another way."""
    RELEASED = "released"
    """No longer needed."""


class Booking(SQLModel, table=True):
    """A request with its answer: a vehicle with driver (C1), or a senior leader's time (B6)."""

    __tablename__ = "booking"

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    kind: str
    state: str = BookingState.REQUESTED
    version: int = 1
    """Counts every change of state: buttons carry it, so that an old one is known as old."""
    round: int = 0
    """Counts the assignments: a driver who is asked anew gets a new request."""
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
    """What was asked for when it was answered: a confirmation holds as long as this does (B8)."""
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

    def can_be_assigned_by(self, actor: Actor) -> bool:
        """Administration assigns vehicles (C1)."""
        return self.kind == BookingKind.VEHICLE and actor.has(Role.ADMINISTRATION)

    def can_be_confirmed_by(self, actor: Actor) -> bool:
        """The driver who was named, or the executive office for a leader's time (B6)."""
        if self.kind == BookingKind.VEHICLE:
            return self.state == BookingState.ASSIGNED and actor.acts_for(self.driver_id)
        return actor.has(Role.EXECUTIVE_OFFICE)


class Hold(SQLModel, table=True):
    """A car, a driver or a room that is taken for a time by a request; the database refuses a second hold on it."""

    __tablename__ = "hold"

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    visit_id: int = Field(foreign_key="visit.id", index=True)
    booking_id: int = Field(foreign_key="booking.id", index=True)
    vehicle_id: int | None = Field(default=None, foreign_key="vehicle.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    """A driver."""
    room_id: int | None = Field(default=None, foreign_key="room.id", index=True)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
