"""Sending files to the person who asked for them, in their direct message; no transaction is open meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.errors import AlreadySent, BeingSent, NotSent
from bot.models.handouts import Handout, HandoutKind
from bot.models.people import Actor
from bot.models.visits import Visit
from bot.services.office import Office
from bot.slack import File, MissingScope, NotInstalled, TryLater, Undeliverable, UnknownOutcome
from bot.switchboard import Switchboard

TAKES = timedelta(minutes=2)
"""How long sending may take; a claim that is older belongs to a process that is no more."""


@dataclass(frozen=True)
class Handouts:
    """Claim, send, settle. What was claimed and not settled may be claimed again after a while: files may then come
    twice, but never not at all."""

    office: Office
    lines: Switchboard

    async def claim(self, actor: Actor, visit_id: int, kind: HandoutKind, shows: str) -> int:
        """Take it upon oneself to send this state; AlreadySent or BeingSent where that is done or under way."""
        now = self.office.clock.now()
        async with self.office.database.write() as session:
            # The lock on the visit makes two who press at once come one after the other.
            await session.exec(select(Visit.id).where(Visit.id == visit_id).with_for_update())
            same = select(Handout).where(Handout.visit_id == visit_id, Handout.person_id == actor.id)
            same = same.where(Handout.kind == kind, Handout.shows == shows)
            found = (await session.exec(same)).one_or_none()
            if found is not None and found.sent_at is not None:
                raise AlreadySent(found.sent_at)
            if found is not None and found.claimed_until > now:
                raise BeingSent
            handout = found or Handout(visit_id=visit_id, person_id=actor.id, kind=kind, shows=shows, claimed_until=now)
            handout.claimed_until = now + TAKES
            session.add(handout)
            await session.flush()
            return handout.key

    async def send(self, actor: Actor, handout_id: int, files: Sequence[File], comment: str) -> None:
        """Send what was claimed, and keep that it was sent."""
        await self.upload(actor, handout_id, files, comment)
        async with self.office.database.write() as session:
            await self._settle(session, handout_id, sent_at=self.office.clock.now())

    async def upload(self, actor: Actor, handout_id: int, files: Sequence[File], comment: str) -> None:
        """Send what was claimed; NotSent where Slack does not take it, and it may be claimed again at once. Whoever
        asks for this keeps that it was sent."""
        try:
            line = await self.lines.to(actor.person.workspace_id)
            await line.send_files(actor.person.slack_id, files, comment)
        except (TryLater, MissingScope, Undeliverable, NotInstalled, UnknownOutcome) as refused:
            async with self.office.database.write() as session:
                await self._settle(session, handout_id, claimed_until=self.office.clock.now())
            raise NotSent from refused

    async def _settle(self, session: AsyncSession, handout_id: int, **values: object) -> None:
        await session.exec(update(Handout).where(col(Handout.id) == handout_id).values(**values))
