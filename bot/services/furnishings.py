"""What a house has: cars, rooms, ranks with their titles, and who holds which rank. Plans do not hang on any of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlmodel import col, select

from bot.errors import FormErrors, NotAllowed, OutOfDate, Problem, WhoMay
from bot.models.bookings import Vehicle
from bot.models.people import Actor, Person
from bot.models.ranks import Preset, ranks_of
from bot.models.roles import Role
from bot.models.settings import Rank, Room, RoomKind
from bot.services.arrangements import ranks, refuse_unless_administrator
from bot.services.office import Office


@dataclass(frozen=True)
class Furnishings:
    """Adding, changing and retiring."""

    office: Office

    async def ranks(self, workspace_id: str) -> tuple[Rank, ...]:
        """The house's ranks, the most senior first."""
        async with self.office.database.read() as session:
            return await ranks(session, workspace_id)

    async def use_preset(self, actor: Actor, preset: Preset) -> None:
        """The ranks of a preset instead of those the house has."""
        refuse_unless_administrator(actor)
        workspace_id = actor.person.workspace_id
        async with self.office.database.write() as session:
            await session.exec(delete(Rank).where(col(Rank.workspace_id) == workspace_id))
            session.add_all(ranks_of(preset, workspace_id))

    async def set_rank(self, actor: Actor, rank_id: int | None, *, value: int, titles: Mapping[str, str]) -> None:
        """A rank more (None), or another number and other titles for one; FormErrors where the number is taken."""
        refuse_unless_administrator(actor)
        workspace_id = actor.person.workspace_id
        async with self.office.database.write() as session:
            taken = select(Rank).where(Rank.workspace_id == workspace_id, Rank.value == value)
            same = (await session.exec(taken)).one_or_none()
            if same is not None and same.id != rank_id:
                raise FormErrors({"value": Problem.RANK_TAKEN})
            rank = Rank(workspace_id=workspace_id, value=value) if rank_id is None else await session.get(Rank, rank_id)
            if rank is None or rank.workspace_id != workspace_id:
                raise OutOfDate
            rank.value, rank.titles = value, dict(titles)
            session.add(rank)

    async def remove_rank(self, actor: Actor, rank_id: int) -> None:
        """Take a rank off the scale; whoever holds it is called by the next one below."""
        refuse_unless_administrator(actor)
        own = (col(Rank.id) == rank_id) & (col(Rank.workspace_id) == actor.person.workspace_id)
        async with self.office.database.write() as session:
            await session.exec(delete(Rank).where(own))

    async def give_rank(self, actor: Actor, person: Person, value: int | None) -> None:
        """What rank somebody of the house holds (B1)."""
        refuse_unless_administrator(actor)
        async with self.office.database.write() as session:
            own = (col(Person.id) == person.key) & (col(Person.workspace_id) == actor.person.workspace_id)
            await session.exec(update(Person).where(own).values(rank=value))

    async def people_of_rank(self, actor: Actor) -> list[Person]:
        """Everybody whose rank is known, the most senior first."""
        own = select(Person).where(Person.workspace_id == actor.person.workspace_id, col(Person.rank).is_not(None))
        async with self.office.database.read() as session:
            ordered = own.where(col(Person.is_active)).order_by(col(Person.rank).desc(), col(Person.id))
            return list((await session.exec(ordered)).all())

    async def add_vehicle(self, actor: Actor, *, name: str, plate: str, seats: int) -> None:
        """A car more (administration and Slack administrators)."""
        _refuse_unless_furnisher(actor)
        async with self.office.database.write() as session:
            session.add(Vehicle(workspace_id=actor.person.workspace_id, name=name, plate=plate, seats=seats))

    async def retire_vehicle(self, actor: Actor, vehicle_id: int) -> None:
        """Take a car out of service; visits it is assigned to keep it."""
        _refuse_unless_furnisher(actor)
        async with self.office.database.write() as session:
            own = (col(Vehicle.id) == vehicle_id) & (col(Vehicle.workspace_id) == actor.person.workspace_id)
            await session.exec(update(Vehicle).where(own).values(is_active=False))

    async def add_room(self, actor: Actor, *, name: str, kind: RoomKind, capacity: int) -> None:
        """A room more (administration and Slack administrators)."""
        _refuse_unless_furnisher(actor)
        async with self.office.database.write() as session:
            session.add(Room(workspace_id=actor.person.workspace_id, name=name, kind=kind, capacity=capacity))

    async def retire_room(self, actor: Actor, room_id: int) -> None:
        """A room can no longer be chosen; visits that are to use it keep it."""
        _refuse_unless_furnisher(actor)
        async with self.office.database.write() as session:
            own = (col(Room.id) == room_id) & (col(Room.workspace_id) == actor.person.workspace_id)
            await session.exec(update(Room).where(own).values(is_active=False))


def _refuse_unless_furnisher(actor: Actor) -> None:
    if not (actor.can_change_settings or actor.has(Role.ADMINISTRATION)):
        raise NotAllowed(WhoMay.ADMINISTRATION)
