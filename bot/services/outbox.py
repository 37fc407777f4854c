"""The rows behind delivery: claim what is due, settle what became of it. Every transaction here is short."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, insert, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.metrics import Metrics, Outcome
from bot.models.notices import Notice, NoticeKind, NoticeState, is_open
from bot.models.people import Person
from bot.models.visits import Visit
from bot.procedure.deputies import FOR, INSTEAD, is_told_anyway
from bot.procedure.wanted import deputy_key
from bot.services.office import Office
from bot.services.reconcile import new_row

_TABLE = SQLModel.metadata.tables["notice"]
_TAKE = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=NoticeState.SENDING,
        lease=bindparam("leased"),
        attempt_at=bindparam("until"),
        attempts=_TABLE.c.attempts + 1,
    )
)
LEASE = timedelta(seconds=30)
"""How long a claim holds; a sender that dies loses its claims after this, and what they were is tried again."""

GATHER = timedelta(seconds=2)
"""How long a report waits for others of the same kind."""


@dataclass(frozen=True)
class Outbox:
    """Reads and short writes on notices."""

    office: Office
    metrics: Metrics

    async def claim(self, limit: int, busy: Collection[str] = (), full: Collection[str] = ()) -> list[Notice]:
        """Up to `limit` due notices, now leased to the caller, those about the nearest moment first.

        Without those of `busy`, and without those of the workspaces in `full`.
        """
        now = self.office.clock.now()
        due = {"now": now, "busy": list(busy), "full": list(full), "room": limit}
        any_due, most_urgent = _due(bool(busy), bool(full))
        async with self.office.database.read() as session:
            is_any_due = (await session.exec(any_due, params=due)).first() is not None
        self.metrics.looked(now)
        if not is_any_due:
            return []
        lease = {"state": NoticeState.SENDING, "lease": uuid.uuid4().hex, "attempt_at": now + LEASE}
        async with self.office.database.write(announced=False) as session:
            claimed = list((await session.exec(most_urgent, params=due)).all())
            ids = [notice.id for notice in claimed]
            await session.exec(_TAKE, params={"ids": ids, "leased": lease["lease"], "until": lease["attempt_at"]})
        self.metrics.reclaimed(sum(notice.state == NoticeState.SENDING for notice in claimed))
        for notice in claimed:
            # What the statement has written, without having it written once more.
            for name, value in (*lease.items(), ("attempts", notice.attempts + 1)):
                set_committed_value(notice, name, value)
        return claimed

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

    async def hand_over(self, claimed: Notice, reason: str, deputy: int) -> None:
        """Its recipient cannot be reached: the row says why and who is told instead, unless they are told anyway."""
        instead = dict(claimed.payload) | {INSTEAD: deputy}
        async with self.office.database.write() as session:
            visit = await locked_visit(session, claimed.visit_key)
            own = (col(Notice.id) == claimed.id) & (col(Notice.lease) == claimed.lease)
            values = {"state": NoticeState.FAILED, "reason": reason, "payload": instead, "stale_since": None}
            if not (await session.exec(update(Notice).where(own).values(**values))).rowcount:
                return
            rows = (await session.exec(select(Notice).where(Notice.visit_id == visit.key))).all()
            if not is_told_anyway(claimed, deputy, rows):
                await session.exec(insert(Notice), params=[_to_deputy(visit, claimed, deputy, self.office.clock.now())])
        self._count(claimed, Outcome.FAILED)

    async def give_up(
        self,
        claimed: Notice,
        state: NoticeState,
        reason: str,
        tell: Sequence[int],
        channel: str | None = None,
        *,
        visit_id: int | None = None,
    ) -> None:
        """It will not arrive: the row says why; these people, or the channel, are told to find another way.

        `visit_id`: the visit in which that is said, where the notice is about no single one.
        """
        about = claimed.visit_id or visit_id
        async with self.office.database.write() as session:
            visit = await locked_visit(session, about) if about is not None else None
            own = (col(Notice.id) == claimed.id) & (col(Notice.lease) == claimed.lease)
            values = {"state": state, "reason": reason, "stale_since": None}
            await session.exec(update(Notice).where(own).values(**values))
            if visit is not None:
                for person in tell:
                    await self._report(session, visit, claimed, state, person=person)
                if channel is not None:
                    await self._report(session, visit, claimed, state, channel=channel)
        self._count(claimed, Outcome(state))

    async def _report(
        self,
        session: AsyncSession,
        visit: Visit,
        missed: Notice,
        state: NoticeState,
        *,
        person: int | None = None,
        channel: str | None = None,
    ) -> None:
        """One report a person or channel, however many messages did not arrive within moments of each other."""
        now = self.office.clock.now()
        entry = {"person": missed.person_id, "stop": missed.stop_id, "late": state == NoticeState.EXPIRED}
        entries = [*missed.payload.get("missed", ()), entry]
        waiting = select(Notice).where(
            Notice.visit_id == visit.key,
            Notice.person_id == person,
            Notice.channel == channel,
            Notice.kind == NoticeKind.UNDELIVERED,
            Notice.state == NoticeState.PENDING,
        )
        report = (await session.exec(waiting.with_for_update())).first()
        if report is not None:
            report.payload = dict(report.payload) | {"missed": [*report.payload["missed"], *entries]}
            session.add(report)
            return
        key = f"undelivered:{missed.id}:{channel or f'person{person}'}"
        row = new_row(visit, key=key, kind=NoticeKind.UNDELIVERED, now=now, due_at=now + GATHER)
        to = {"person_id": person, "channel": channel, "payload": {"missed": entries}}
        await session.exec(insert(Notice), params=[row | to])

    async def edited(self, notice: Notice, rendered: str, again_at: datetime | None = None) -> None:
        """The message shows the present state, unless something changed once more meanwhile.

        `again_at`: when it is to be looked at again although nothing changes.
        """
        same = (col(Notice.id) == notice.id) & (col(Notice.stale_since) == notice.stale_since)
        async with self.office.database.write(announced=False) as session:
            await session.exec(update(Notice).where(same).values(stale_since=again_at, rendered=rendered))
        if rendered != notice.rendered:
            self._count(notice, Outcome.EDITED)

    async def edit_later(self, notice: Notice, until: datetime) -> None:
        """The edit did not work now."""
        same = (col(Notice.id) == notice.id) & (col(Notice.stale_since) == notice.stale_since)
        async with self.office.database.write(announced=False) as session:
            await session.exec(update(Notice).where(same).values(stale_since=until))

    def _count(self, notice: Notice, outcome: Outcome) -> None:
        self.metrics.settled(notice.kind, outcome, self.office.clock.now())

    async def _settle(self, claimed: Notice, values: dict[str, Any]) -> None:
        own = (col(Notice.id) == claimed.id) & (col(Notice.lease) == claimed.lease)
        async with self.office.database.write(announced=False) as session:
            await session.exec(_update().where(own).values(**values, stale_since=None))


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


def _update() -> Update:
    """An UPDATE of notices for which no object of the session has to be kept in step."""
    return update(Notice).execution_options(synchronize_session=False)


@cache
def _due(without_busy: bool, without_full: bool) -> tuple[SelectOfScalar[str], SelectOfScalar[Notice]]:
    """Whether anything is due, and what is most urgent of it. Built once: composing them takes as long as running."""
    due = [is_open(), col(Notice.attempt_at) <= bindparam("now")]
    due += [col(Notice.id).not_in(bindparam("busy", expanding=True))] if without_busy else []
    due += [col(Notice.workspace_id).not_in(bindparam("full", expanding=True))] if without_full else []
    urgent_first = (col(Notice.useful_until), col(Notice.created_at), col(Notice.key))
    most_urgent = select(Notice).where(*due).order_by(*urgent_first).limit(bindparam("room"))
    return select(Notice.id).where(*due).limit(1), most_urgent.with_for_update(skip_locked=True)


async def locked_visit(session: AsyncSession, visit_id: int) -> Visit:
    """The visit, in its present state; nobody else changes it until the transaction ends."""
    return (await session.exec(select(Visit).where(Visit.id == visit_id).with_for_update())).one()
