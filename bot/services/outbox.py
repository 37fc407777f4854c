"""The rows behind delivery: claim what is due, settle what became of it. Every transaction here is short."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.metrics import Metrics, Outcome
from bot.models.notices import Notice, NoticeKind, NoticeState, Record, is_open
from bot.models.people import Person
from bot.models.visits import Visit
from bot.procedure.picture import Picture
from bot.services.office import Change, Office
from bot.services.pictures import read_picture
from bot.services.reconcile import new_row
from bot.slack import Posted

LEASE = timedelta(seconds=30)
"""How long a claim holds; a sender that dies loses its claims after this, and what they were is tried again."""

GATHER = timedelta(seconds=2)
"""How long a report waits for others of the same kind."""


@dataclass(frozen=True)
class Fresh:
    """A notice as it stands right before it is sent, with all that its message needs."""

    notice: Notice
    picture: Picture
    record: Record | None
    card: Notice | None
    merged: tuple[Notice, ...] = ()
    """What this message tells as well (G4)."""


@dataclass(frozen=True)
class Outbox:
    """Reads and short writes on notices."""

    office: Office
    metrics: Metrics

    async def claim(self, limit: int, busy: Collection[str]) -> list[Notice]:
        """Up to `limit` due notices, now leased to the caller, those about the nearest moment first."""
        now = self.office.clock.now()
        due = (
            select(Notice.id, Notice.state)
            .where(is_open(), Notice.attempt_at <= now, col(Notice.id).not_in(busy))
            .order_by(col(Notice.useful_until), col(Notice.created_at), col(Notice.key))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        async with self.office.database.read() as session:
            any_due = (await session.exec(self._any_due(now, busy))).first() is not None
        self.metrics.looked(now)
        if not any_due:
            return []
        async with self.office.database.write() as session:
            states = dict((await session.exec(due)).all())
            ids = list(states)
            if not ids:
                return []
            leased = {
                "state": NoticeState.SENDING,
                "lease": uuid.uuid4().hex,
                "attempt_at": now + LEASE,
                "attempts": Notice.attempts + 1,
            }
            await session.exec(update(Notice).where(col(Notice.id).in_(ids)).values(**leased))
            found = {n.id: n for n in (await session.exec(select(Notice).where(col(Notice.id).in_(ids)))).all()}
        self.metrics.reclaimed(list(states.values()).count(NoticeState.SENDING))
        return [found[notice_id] for notice_id in ids]

    async def stale(self, limit: int, busy: Collection[str]) -> list[Notice]:
        """Up to `limit` messages that may have to be edited."""
        now = self.office.clock.now()
        statement = (
            select(Notice)
            .where(col(Notice.stale_since).is_not(None), col(Notice.stale_since) <= now)
            .where(Notice.state == NoticeState.SENT, col(Notice.id).not_in(busy))
            .order_by(col(Notice.stale_since))
            .limit(limit)
        )
        async with self.office.database.read() as session:
            return list((await session.exec(statement)).all())

    async def next_due(self) -> datetime | None:
        """When something is to be done next; None if nothing is waiting."""
        async with self.office.database.read() as session:
            attempt = select(func.min(Notice.attempt_at)).where(is_open())
            edit = select(func.min(Notice.stale_since)).where(
                col(Notice.stale_since).is_not(None), Notice.state == NoticeState.SENT
            )
            moments = [(await session.exec(attempt)).one(), (await session.exec(edit)).one()]
        return min((moment for moment in moments if moment is not None), default=None)

    async def upcoming(self) -> tuple[Notice, str] | None:
        """The next notice that is not out yet, what is overdue or under way first, and whom it goes to."""
        statement = (
            select(Notice, Person)
            .join(Person, col(Person.id) == Notice.person_id, isouter=True)
            .where(is_open())
            .order_by(col(Notice.due_at), col(Notice.key))
            .limit(1)
        )
        async with self.office.database.read() as session:
            row = (await session.exec(statement)).first()
        if row is None:
            return None
        notice, person = row
        return notice, getattr(person, "name", "")

    async def fresh(self, notice_id: str) -> Fresh:
        """The notice and its visit as they stand now."""
        async with self.office.database.read() as session:
            notice = (await session.exec(select(Notice).where(Notice.id == notice_id))).one()
            visit = (await session.exec(select(Visit).where(Visit.id == notice.visit_id))).one()
            picture = await read_picture(session, visit)
            record = await session.get(Record, notice.payload["record"]) if "record" in notice.payload else None
            card = None
            if notice.kind == NoticeKind.THREAD:
                of_visit = select(Notice).where(Notice.visit_id == visit.key, Notice.key == f"card:{notice.channel}")
                card = (await session.exec(of_visit)).first()
            merged: Sequence[Notice] = ()
            if notice.kind == NoticeKind.SHORT_NOTICE:
                told = (Notice.merged_into == notice.id) & (Notice.state == NoticeState.MERGED)
                merged = (await session.exec(select(Notice).where(told))).all()
            return Fresh(notice, picture, record, card, tuple(merged))

    async def sent(self, claimed: Notice, posted: Posted, told: dict[str, Any], rendered: str) -> None:
        """It arrived. What changed while it was under way is put right in the same transaction."""
        async with self.office.database.write() as session:
            visit = await _locked(session, claimed.visit_key)
            notice = (await session.exec(select(Notice).where(Notice.id == claimed.id).with_for_update())).one()
            now = self.office.clock.now()
            notice.state, notice.sent_at = NoticeState.SENT, now
            notice.slack_channel, notice.slack_ts = posted.channel, posted.ts
            notice.told, notice.rendered, notice.reason = told, rendered, ""
            session.add(notice)
            if notice.kind == NoticeKind.SHORT_NOTICE:
                told_too = (col(Notice.merged_into) == notice.id) & (col(Notice.state) == NoticeState.MERGED)
                await session.exec(update(Notice).where(told_too).values(sent_at=now))
            if notice.stale_since is not None:
                await self.office.settle(Change(session, visit, now))
        self.metrics.sent(claimed.kind, claimed.due_at, now)

    async def put_off(self, claimed: Notice, until: datetime, reason: str, *, uncounted: bool = False) -> None:
        """Not now: try again at `until`. `uncounted`: it was no try, only too early."""
        values: dict[str, Any] = {"state": NoticeState.PENDING, "attempt_at": until, "reason": reason}
        if uncounted:
            values["attempts"] = Notice.attempts - 1
        await self._settle(claimed, values)
        if not uncounted:
            self._count(claimed, Outcome.PUT_OFF)

    async def withdraw(self, claimed: Notice, reason: str) -> None:
        """It is no longer wanted."""
        await self._settle(claimed, {"state": NoticeState.WITHDRAWN, "reason": reason})
        self._count(claimed, Outcome.WITHDRAWN)

    async def give_up(self, claimed: Notice, state: NoticeState, reason: str, tell: Sequence[int]) -> None:
        """It will not arrive: the row says why, and these people are told to find another way."""
        async with self.office.database.write() as session:
            visit = await _locked(session, claimed.visit_key)
            own = (col(Notice.id) == claimed.id) & (col(Notice.lease) == claimed.lease)
            values = {"state": state, "reason": reason, "stale_since": None}
            await session.exec(update(Notice).where(own).values(**values))
            for person in tell:
                await self._report(session, visit, claimed, person, state)
        self._count(claimed, Outcome(state))

    async def _report(
        self, session: AsyncSession, visit: Visit, missed: Notice, person: int, state: NoticeState
    ) -> None:
        """One report a person, however many messages did not arrive within moments of each other."""
        now = self.office.clock.now()
        entry = {"person": missed.person_id, "stop": missed.stop_id, "late": state == NoticeState.EXPIRED}
        waiting = select(Notice).where(
            Notice.visit_id == visit.key,
            Notice.person_id == person,
            Notice.kind == NoticeKind.UNDELIVERED,
            Notice.state == NoticeState.PENDING,
        )
        report = (await session.exec(waiting.with_for_update())).first()
        if report is not None:
            report.payload = {"missed": [*report.payload["missed"], entry]}
            session.add(report)
            return
        key = f"undelivered:{missed.id}:person{person}"
        row = new_row(visit, key=key, kind=NoticeKind.UNDELIVERED, now=now, due_at=now + GATHER)
        await session.exec(insert(Notice), params=[row | {"person_id": person, "payload": {"missed": [entry]}}])

    async def edited(self, notice: Notice, rendered: str) -> None:
        """The message shows the present state, unless something changed once more meanwhile."""
        same = (col(Notice.id) == notice.id) & (col(Notice.stale_since) == notice.stale_since)
        async with self.office.database.write() as session:
            await session.exec(update(Notice).where(same).values(stale_since=None, rendered=rendered))
        if rendered != notice.rendered:
            self._count(notice, Outcome.EDITED)

    async def edit_later(self, notice: Notice, until: datetime) -> None:
        """The edit did not work now."""
        same = (col(Notice.id) == notice.id) & (col(Notice.stale_since) == notice.stale_since)
        async with self.office.database.write() as session:
            await session.exec(update(Notice).where(same).values(stale_since=until))

    def _any_due(self, now: datetime, busy: Collection[str]) -> Any:
        open_and_due = is_open() & (col(Notice.attempt_at) <= now)
        return select(Notice.id).where(open_and_due, col(Notice.id).not_in(busy)).limit(1)

    def _count(self, notice: Notice, outcome: Outcome) -> None:
        self.metrics.settled(notice.kind, outcome, self.office.clock.now())

    async def _settle(self, claimed: Notice, values: dict[str, Any]) -> None:
        own = (col(Notice.id) == claimed.id) & (col(Notice.lease) == claimed.lease)
        async with self.office.database.write() as session:
            await session.exec(update(Notice).where(own).values(**values, stale_since=None))


async def _locked(session: AsyncSession, visit_id: int) -> Visit:
    return (await session.exec(select(Visit).where(Visit.id == visit_id).with_for_update())).one()
