"""What could not be delivered: its row says why, and somebody hears of it, a deputy or whoever can find another way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.metrics import Metrics, Outcome
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.visits import Visit
from bot.procedure.deputies import FOR, INSTEAD, is_told_anyway
from bot.procedure.telling import WAS
from bot.procedure.wanted import deputy_key
from bot.services.office import Change, Office
from bot.services.outbox import any_update, locked_visit
from bot.services.rows import new_row
from bot.services.saying import IN_CHANNEL, Instead

_TABLE = SQLModel.metadata.tables["notice"]
GATHER = timedelta(seconds=2)
"""How long a report waits for others of the same kind."""


@dataclass(frozen=True)
class Misses:
    """The verbs on what did not arrive."""

    office: Office
    metrics: Metrics

    async def give_up(
        self,
        claimed: Notice,
        state: NoticeState,
        reason: str,
        instead: Instead,
        *,
        parts: Sequence[Notice],
        deputies: Mapping[str, int],
    ) -> None:
        """It will not arrive: the rows say why; deputies are told instead, or somebody finds another way.

        `parts`: what the message tells, itself where it tells but one. `deputies`: by part; who is told anyway is not
        told again.
        """
        about = claimed.visit_id or instead.visit_id
        async with self.office.database.write() as session:
            visit = await locked_visit(session, about) if about is not None else None
            own = (col(Notice.id) == claimed.id) & (col(Notice.lease) == claimed.lease)
            gone = {"state": state, "reason": reason, "stale_since": None}
            if not (await session.exec(any_update().where(own).values(**gone))).rowcount:
                return
            others = [part.id for part in parts if part.id != claimed.id]
            await session.exec(any_update().where(col(Notice.id).in_(others)).values(state=state, reason=reason))
            if visit is not None:
                await self._hand_over(session, visit, [(p, deputies[p.id]) for p in parts if p.id in deputies])
                missed = [entry for part in parts if part.id not in deputies for entry in _missed(part, state)]
                for person in instead.people if missed else ():
                    await self._report(session, visit, claimed, missed, person=person)
                if instead.channel is not None and missed:
                    await self._report(session, visit, claimed, missed, channel=instead.channel)
                if state == NoticeState.EXPIRED and any(WAS in part.payload for part in parts):
                    # A reminder of what has begun is of no use; that it was to be at another time still is.
                    await self.office.settle(Change(session, visit, self.office.clock.now()))
        self.metrics.settled(claimed.kind, Outcome(state), self.office.clock.now())

    async def _hand_over(self, session: AsyncSession, visit: Visit, parts: Sequence[tuple[Notice, int]]) -> None:
        """The rows say who is told instead of their recipient."""
        rows = (await session.exec(select(Notice).where(Notice.visit_id == visit.key))).all() if parts else ()
        for part, deputy in parts:
            told = any_update().where(col(Notice.id) == part.id).values(payload=dict(part.payload) | {INSTEAD: deputy})
            await session.exec(told)
            if not is_told_anyway(part, deputy, rows):
                await session.exec(insert(_TABLE), params=[_to_deputy(visit, part, deputy, self.office.clock.now())])

    async def _report(
        self,
        session: AsyncSession,
        visit: Visit,
        claimed: Notice,
        missed: Sequence[dict[str, Any]],
        *,
        person: int | None = None,
        channel: str | None = None,
    ) -> None:
        """One report a person or channel, however many messages did not arrive within moments of each other."""
        now = self.office.clock.now()
        waiting = select(Notice).where(
            Notice.visit_id == visit.key,
            Notice.person_id == person,
            Notice.channel == channel,
            Notice.kind == NoticeKind.UNDELIVERED,
            Notice.state == NoticeState.PENDING,
        )
        report = (await session.exec(waiting.with_for_update())).first()
        if report is not None:
            known = report.payload["missed"]
            # Reports to several people that did not arrive say the same.
            added = [entry for entry in missed if channel is None or entry not in known]
            report.payload = dict(report.payload) | {"missed": [*known, *added]}
            session.add(report)
            return
        key = f"undelivered:{claimed.id}:{channel or f'person{person}'}"
        row = new_row(visit, key=key, kind=NoticeKind.UNDELIVERED, now=now, due_at=now + GATHER)
        to = {"person_id": person, "channel": channel, "payload": {"missed": list(missed)}}
        await session.exec(insert(_TABLE), params=[row | to])


def _missed(notice: Notice, state: NoticeState) -> list[dict[str, Any]]:
    """What a report says of a notice that did not arrive; of a report that did not, what it was to say, too."""
    late = state == NoticeState.EXPIRED
    entry: dict[str, Any] = {"person": notice.person_id, "stop": notice.stop_id, "late": late, "kind": notice.kind}
    if "say" in notice.payload:
        entry["say"] = notice.payload["say"]
    if notice.kind in IN_CHANNEL:
        entry |= {"channel": notice.channel, "day": notice.payload.get("day")}
    return [*notice.payload.get("missed", ()), entry]


def _to_deputy(visit: Visit, missed: Notice, deputy: int, now: datetime) -> dict[str, Any]:
    row = new_row(visit, key=deputy_key(missed.key, deputy), kind=NoticeKind(missed.kind), now=now)
    return row | {
        "rule": missed.rule,
        "person_id": deputy,
        "stop_id": missed.stop_id,
        "booking_id": missed.booking_id,
        "useful_until": missed.useful_until,
        "payload": dict(missed.payload) | {FOR: missed.person_id},
    }
