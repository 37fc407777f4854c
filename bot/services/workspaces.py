"""Workspaces and what their administrators decide: roles, reception channel, zone, vehicles."""

from dataclasses import dataclass

from babel.core import get_global
from sqlalchemy import delete, update
from sqlmodel import col, select

from bot.errors import NotAllowed, WhoMay
from bot.models.bookings import Vehicle
from bot.models.people import Actor, Person, RoleHolder, Workspace
from bot.models.roles import Role
from bot.models.visits import Visit, VisitState
from bot.services.office import Change, Office
from bot.settings import Settings as Environment


@dataclass(frozen=True)
class Settings:
    """What a workspace's administrators decide."""

    workspace: Workspace
    holders: dict[Role, tuple[Person, ...]]
    vehicles: tuple[Vehicle, ...]


@dataclass(frozen=True)
class Workspaces:
    """The workspaces that use the bot, and their settings."""

    office: Office

    async def ensure(self, workspace_id: str, name: str, *, zone: str, locale: str, country: str) -> Workspace:
        """The workspace, made with these defaults if it is new."""
        async with self.office.database.write() as session:
            workspace = await session.get(Workspace, workspace_id)
            if workspace is None:
                workspace = Workspace(id=workspace_id, name=name, zone=zone, locale=locale, country=country)
                session.add(workspace)
            return workspace

    async def welcome(self, workspace_id: str, name: str, settings: Environment) -> Workspace:
        """The same, with the zone and the language that the environment names for new workspaces."""
        zone = settings.timezone.key
        country = get_global("zone_territories").get(zone, "")
        return await self.ensure(workspace_id, name, zone=zone, locale=settings.locale, country=country)

    async def known(self, workspace_id: str) -> Workspace:
        """The workspace; it was made when the bot came in."""
        async with self.office.database.read() as session:
            return (await session.exec(select(Workspace).where(Workspace.id == workspace_id))).one()

    async def settings(self, workspace_id: str) -> Settings:
        async with self.office.database.read() as session:
            workspace = (await session.exec(select(Workspace).where(Workspace.id == workspace_id))).one()
            rows = await session.exec(
                select(RoleHolder.role, Person)
                .join(Person, col(Person.id) == RoleHolder.person_id)
                .where(RoleHolder.workspace_id == workspace_id, col(RoleHolder.is_deputy).is_(False))
                .order_by(col(RoleHolder.id))
            )
            holders: dict[Role, tuple[Person, ...]] = {}
            for role, person in rows.all():
                holders[Role(role)] = (*holders.get(Role(role), ()), person)
            vehicles = select(Vehicle).where(Vehicle.workspace_id == workspace_id, col(Vehicle.is_active))
            return Settings(workspace, holders, tuple((await session.exec(vehicles.order_by(col(Vehicle.id)))).all()))

    async def arrange(self, actor: Actor, *, channel: str | None, zone: str, roles: dict[Role, list[Person]]) -> None:
        """Change who fills which role, where the cards go and the venue's zone; open visits are planned anew."""
        if not actor.can_change_settings:
            raise NotAllowed(WhoMay.WORKSPACE_ADMIN)
        workspace_id, now = actor.person.workspace_id, self.office.clock.now()
        async with self.office.database.write() as session:
            workspace = await session.get(Workspace, workspace_id)
            assert workspace is not None
            workspace.reception_channel, workspace.zone = channel, zone
            session.add(workspace)
            own = col(RoleHolder.workspace_id) == workspace_id
            filled = col(RoleHolder.role).in_(list(roles))
            await session.exec(delete(RoleHolder).where(own, filled, col(RoleHolder.is_deputy).is_(False)))
            for role, people in roles.items():
                session.add_all(RoleHolder(workspace_id=workspace_id, role=role, person_id=p.key) for p in people)
            await session.flush()
            open_visits = select(Visit).where(Visit.workspace_id == workspace_id, Visit.state == VisitState.OPEN)
            for visit in (await session.exec(open_visits.order_by(col(Visit.id)).with_for_update())).all():
                await self.office.settle(Change(session, visit, now))

    async def add_vehicle(self, actor: Actor, *, name: str, plate: str, seats: int) -> None:
        """A car more (administration and Slack administrators)."""
        if not (actor.can_change_settings or actor.has(Role.ADMINISTRATION)):
            raise NotAllowed(WhoMay.ADMINISTRATION)
        async with self.office.database.write() as session:
            session.add(Vehicle(workspace_id=actor.person.workspace_id, name=name, plate=plate, seats=seats))

    async def retire_vehicle(self, actor: Actor, vehicle_id: int) -> None:
        """Take a car out of service; visits it is assigned to keep it."""
        if not (actor.can_change_settings or actor.has(Role.ADMINISTRATION)):
            raise NotAllowed(WhoMay.ADMINISTRATION)
        async with self.office.database.write() as session:
            own = (col(Vehicle.id) == vehicle_id) & (col(Vehicle.workspace_id) == actor.person.workspace_id)
            await session.exec(update(Vehicle).where(own).values(is_active=False))
