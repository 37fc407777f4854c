"""The cars and rooms of a house before one request: what fits, what is free, who has what is taken. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.models.bookings import Vehicle
from bot.models.settings import Room


@dataclass(frozen=True)
class Taken:
    """A car, a driver or a room that is held by another request at that time."""

    reference: str
    """Of the visit that has it."""
    starts_at: datetime
    ends_at: datetime
    vehicle_id: int | None = None
    person_id: int | None = None
    room_id: int | None = None
    company: str = ""
    """Of the same visit; empty where that is confidential."""


@dataclass(frozen=True)
class Supply:
    """What a house has for a request, and what of it is taken."""

    vehicles: Sequence[Vehicle] = ()
    rooms: Sequence[Room] = ()
    taken: Sequence[Taken] = ()

    def taker(self, thing: Vehicle | Room) -> Taken | None:
        """Who has a car or a room."""
        column = "vehicle_id" if isinstance(thing, Vehicle) else "room_id"
        return next((taken for taken in self.taken if getattr(taken, column) == thing.key), None)

    def fits(self, thing: Vehicle | Room, party_size: int) -> bool:
        """Whether it is free and large enough."""
        return self.taker(thing) is None and places(thing) >= party_size

    def by_fitness(self, party_size: int) -> "Supply":
        """The same, what fits and is free first, the smallest of it at the top."""

        def order(thing: Vehicle | Room) -> tuple[bool, bool, int, int]:
            return self.taker(thing) is not None, places(thing) < party_size, places(thing), thing.key

        return Supply(sorted(self.vehicles, key=order), sorted(self.rooms, key=order), self.taken)

    def free(self, party_size: int) -> list[str]:
        """The names of what fits."""
        things: list[Vehicle | Room] = [*self.vehicles, *self.rooms]
        return [thing.name for thing in things if self.fits(thing, party_size)]


def places(thing: Vehicle | Room) -> int:
    """For how many guests it is."""
    return thing.seats if isinstance(thing, Vehicle) else thing.capacity
