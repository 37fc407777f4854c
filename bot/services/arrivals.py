"""What arrived is settled, many messages in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import bindparam, update
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import among
from bot.metrics import Metrics
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.visits import Visit
from bot.services.gathering import GATHER_SECONDS, Gathering
from bot.services.office import Change, Office
from bot.services.outbox import locked_visits
from bot.slack import Posted

log = structlog.get_logger(__name__)
_UNTOUCHED = (
    select(Notice.id, Notice.lease)
    .where(among(col(Notice.id), "ids"))
    .where(Notice.state == NoticeState.SENDING, col(Notice.stale_since).is_(None))
    # A row that somebody holds belongs to a visit that is being changed: it is settled behind that change.
    .with_for_update(skip_locked=True)
)
_AT_REST = (
    select(Visit.id)
    .where(col(Visit.id).in_(bindparam("visits", expanding=True)))
    .with_for_update(skip_locked=True, key_share=True)
)
"""Visits that nobody is changing."""
_TABLE = SQLModel.metadata.tables["notice"]
_SETTLE = update(_TABLE).where(_TABLE.c.id == bindparam("own_id"))
_TOLD_TOO = (
    update(_TABLE)
    .where(_TABLE.c.merged_into == bindparam("carrier"), _TABLE.c.state == NoticeState.MERGED)
    .values(sent_at=bindparam("at"))
)


@dataclass(frozen=True)
class Arrival:
    """A notice that arrived: when and where, and what its recipient knows since."""

    notice: Notice
    at: datetime
    posted: Posted
    told: Mapping[str, Any]
    rendered: str
    reason: str = ""
    turns: datetime | None = None
    """When it is to be looked at again although nothing has changed."""
    was_found: bool = False
    """It arrived long since: what it told may not hold any more."""
    asks_late: bool = False
    """Its recipient has from now on to answer: what follows where nobody does moves along."""

    @property
    def tells_others(self) -> bool:
        """Whether other rows are told by it as well (G4)."""
        return self.notice.kind == NoticeKind.SHORT_NOTICE

    @property
    def moves_others(self) -> bool:
        """Whether the visit is to be planned anew when it is settled."""
        return self.was_found or self.asks_late

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "state": NoticeState.SENT,
            "sent_at": self.at,
            "slack_channel": self.posted.channel,
            "slack_ts": self.posted.ts,
            "told": self.told,
            "rendered": self.rendered,
            "reason": self.reason,
            "stale_since": self.turns,
        }


class Arrivals:
    """Settles notices that arrived, each under the lease with which it was sent; a lost lease touches nothing."""

    def __init__(self, office: Office, metrics: Metrics) -> None:
        self._office = office
        self._metrics = metrics
        self._arrived = Gathering(self._settle)

    async def settle(self, arrival: Arrival, *, others_follow: bool) -> None:
        """Returns when it is settled. `others_follow`: it may wait a moment, to be written together with them."""
        gather_seconds = GATHER_SECONDS if others_follow else 0
        if arrival.moves_others or not await self._arrived.add(arrival, gather_seconds=gather_seconds):
            await self._amid_change(arrival)

    async def _settle(self, arrivals: Sequence[Arrival]) -> Sequence[bool]:
        """Of each whether it is settled; the others go on alone: one that cannot be written holds up no other."""
        try:
            settled = await self._untouched(arrivals)
        except Exception:
            log.warning("group_not_settled", notices=len(arrivals), exc_info=True)
            settled = set()
        return [arrival.notice.id in settled for arrival in arrivals]

    async def _untouched(self, arrivals: Sequence[Arrival]) -> set[str]:
        """Settles those whose visit has not changed since they were claimed, and says which."""
        async with self._office.database.write(announced=False) as session:
            arrivals = await _at_rest(session, arrivals)
            leases = {arrival.notice.id: arrival.notice.lease for arrival in arrivals}
            found = (await session.exec(_UNTOUCHED, params={"ids": list(leases)})).all()
            own = {notice_id for notice_id, lease in found if leases[notice_id] == lease}
            rows = [{"own_id": a.notice.id, **a.columns} for a in arrivals if a.notice.id in own]
            if rows:
                await (await session.connection()).execute(_SETTLE, rows)
            await _told_too(session, {a.notice.id: a.at for a in arrivals if a.notice.id in own and a.tells_others})
        for arrival in arrivals:
            if arrival.notice.id in own:
                self._metrics.sent(arrival.notice.kind, arrival.notice.due_at, arrival.at)
        return own

    async def _amid_change(self, arrival: Arrival) -> None:
        """Settles one and puts right, in the same transaction, what changed while it was under way."""
        sent = arrival.notice
        async with self._office.database.write() as session:
            visits = await locked_visits(session, sent)
            own = select(Notice).where(Notice.id == sent.id, Notice.lease == sent.lease)
            still_sending = own.where(Notice.state == NoticeState.SENDING).with_for_update()
            notice = (await session.exec(still_sending)).one_or_none()
            if notice is None:
                return
            stale_since = notice.stale_since
            for name, value in arrival.columns.items():
                setattr(notice, name, value)
            notice.stale_since = stale_since or arrival.turns
            session.add(notice)
            if arrival.tells_others:
                await _told_too(session, {notice.id: arrival.at})
            for visit in visits if arrival.moves_others or stale_since is not None else ():
                await self._office.settle(Change(session, visit, self._office.clock.now()))
        self._metrics.sent(sent.kind, sent.due_at, arrival.at)


async def _at_rest(session: AsyncSession, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """Without those that tell others and whose visit is being changed: the rows of those others may be locked, and are
    not to be waited for with rows in one's hands."""
    visits = {arrival.notice.visit_id for arrival in arrivals if arrival.tells_others}
    if not visits:
        return arrivals
    free = set((await session.exec(_AT_REST, params={"visits": list(visits)})).all())
    return [arrival for arrival in arrivals if not arrival.tells_others or arrival.notice.visit_id in free]


async def _told_too(session: AsyncSession, carriers: Mapping[str, datetime]) -> None:
    """What messages told besides is told as well, when they were (G4)."""
    if carriers:
        told = [{"carrier": carrier, "at": at} for carrier, at in carriers.items()]
        await (await session.connection()).execute(_TOLD_TOO, told)
