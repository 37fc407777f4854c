"""The workspaces that use the bot."""

from dataclasses import dataclass

from babel.core import get_global
from sqlmodel import select

from bot.models.people import Workspace
from bot.models.ranks import Preset, ranks_of
from bot.services.office import Office
from bot.settings import Settings


@dataclass(frozen=True)
class Workspaces:
    """Finding them, and making those that are new."""

    office: Office

    async def ensure(self, workspace_id: str, name: str, *, zone: str, locale: str, country: str) -> Workspace:
        """The workspace, made with these defaults if it is new."""
        async with self.office.database.write() as session:
            workspace = await session.get(Workspace, workspace_id)
            if workspace is None:
                workspace = Workspace(id=workspace_id, name=name, zone=zone, locale=locale, country=country)
                workspace.planned_by = self.office.rulebook.fingerprint
                session.add(workspace)
                await session.flush()
                session.add_all(ranks_of(Preset.COMPANY, workspace_id))
            return workspace

    async def welcome(self, workspace_id: str, name: str, settings: Settings) -> Workspace:
        """The same, with the zone and the language that the environment names for new workspaces."""
        zone = settings.timezone.key
        country = get_global("zone_territories").get(zone, "")
        return await self.ensure(workspace_id, name, zone=zone, locale=settings.locale, country=country)

    async def known(self, workspace_id: str) -> Workspace:
        """The workspace; it was made when the bot came in."""
        async with self.office.database.read() as session:
            return (await session.exec(select(Workspace).where(Workspace.id == workspace_id))).one()
