"""Where the bot is installed: the grant of each workspace, sealed; and that what is due there waits while it is not."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.installations import Installation
from bot.models.notices import HELD, Notice, NoticeState, is_open
from bot.models.people import Workspace
from bot.scopes import granted, missing
from bot.services.office import Office
from bot.switchboard import Grant
from bot.vault import Vault

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Installations:
    """The workspaces that let the bot in, and those that have let it go."""

    office: Office
    vault: Vault

    async def begin(self, workspace_id: str, grant: Grant, *, app_id: str = "", installed_by: str = "") -> None:
        """The workspace, which is known, has installed the bot: what has been waiting for that goes out now.

        A grant without a token is noted for a bot whose only token comes from its settings.
        """
        now = self.office.clock.now()
        async with self.office.database.write() as session:
            found = await session.get(Installation, workspace_id)
            row = found or Installation(
                workspace_id=workspace_id, bot_token="", bot_user_id=grant.bot_user_id, installed_at=now
            )
            if grant.token or row.revoked_at is not None:
                row.installed_at = now
            if grant.token:
                row.bot_token = self.vault.seal(grant.token)
            row.bot_user_id, row.scopes, row.revoked_at = grant.bot_user_id, grant.scopes, None
            row.app_id, row.installed_by = app_id or row.app_id, installed_by or row.installed_by
            session.add(row)
            await _let_go_on(session, workspace_id, now)

    async def end(self, workspace_id: str, at: datetime) -> None:
        """The workspace removed the bot at this moment; an installation made since stands. Its token is dropped."""
        async with self.office.database.write() as session:
            row = await session.get(Installation, workspace_id)
            if row is not None and row.is_live and row.installed_at <= at:
                row.bot_token, row.revoked_at = "", self.office.clock.now()
                session.add(row)

    async def grant(self, workspace_id: str) -> Grant | None:
        """What the workspace granted; None where the bot is not installed. Raises what `Vault.open` raises."""
        async with self.office.database.read() as session:
            row = await session.get(Installation, workspace_id)
        if row is None or not row.is_live or not row.bot_token:
            return None
        return Grant(self.vault.open(row.bot_token), row.bot_user_id, row.scopes)

    async def refused(self, workspace_id: str, token: str) -> None:
        """Slack takes this token no more: dropped, unless the workspace has a newer one."""
        grant = await self.grant(workspace_id)
        if grant is not None and grant.token == token:
            log.warning("workspace_went_away", workspace=workspace_id, how="token refused")
            await self.end(workspace_id, self.office.clock.now())

    async def all(self) -> list[tuple[Workspace, Installation]]:
        """Every workspace that ever installed the bot, by name."""
        statement = select(Workspace, Installation).join(Installation).order_by(col(Workspace.name))
        async with self.office.database.read() as session:
            return list((await session.exec(statement)).all())

    async def lacking(self, workspace_id: str) -> list[str]:
        """The scopes that the bot asks for and this workspace has not granted, as far as Slack said."""
        async with self.office.database.read() as session:
            row = await session.get(Installation, workspace_id)
        return missing(granted(row.scopes)) if row is not None and row.scopes else []


async def _let_go_on(session: AsyncSession, workspace_id: str, now: datetime) -> None:
    """What was held back because nobody could be told is due again, and so is what could not be put right."""
    held = (
        (col(Notice.workspace_id) == workspace_id)
        & is_open()
        & (col(Notice.state) == NoticeState.PENDING)
        & col(Notice.reason).in_(HELD)
        & (col(Notice.due_at) <= now)
    )
    await session.exec(update(Notice).where(held).values(attempt_at=now))
    unseen = (
        (col(Notice.workspace_id) == workspace_id)
        & (col(Notice.state) == NoticeState.SENT)
        & (col(Notice.stale_since) > now)
    )
    await session.exec(update(Notice).where(unseen).values(stale_since=now))
