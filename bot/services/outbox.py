"""The rows behind delivery: what is due, and what became of it. Every transaction here is short."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, Update, bindparam, case, update
from sqlmodel import SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import among, seen, whole
from bot.metrics import Metrics, Outcome
from bot.models.notices import Notice, NoticeState, Reason, goes_before, in_doubt, is_open
from bot.models.people import Person
from bot.models.visits import Visit
from bot.services.days import take_turn, visits_told_of
from bot.services.office import Change, Office

_NEXT = select(
    select(func.min(Notice.attempt_at)).where(is_open()).scalar_subquery(),
    select(func.min(Notice.stale_since))
    .where(col(Notice.stale_since).is_not(None), Notice.state == NoticeState.SENT)
    .scalar_subquery(),
)
"""The next try, and the next edit: built once, as is whatever else is asked for all the time."""
_NEVER = datetime.fromtimestamp(0, UTC)
_NEXT_OF_OTHERS = select(func.min(Notice.attempt_at)).where(
    is_open(),
    ~among(col(Notice.workspace_id), "besides") | goes_before(),
    ~among(col(Notice.workspace_id), "unlooked") | ~in_doubt(),
)
_TABLE = SQLModel.metadata.tables["notice"]
_OF = _TABLE.c
_STALE = (
    whole(Notice)
    .where(_OF.stale_since.is_not(None), _OF.stale_since <= bindparam("now"), _OF.state == NoticeState.SENT)
    .where(~among(_OF.id, "busy"))
    .limit(bindparam("room"))
)
_IS_FIRST = among(_OF.slack_ts, "first")
_NEWEST = _STALE.where(_IS_FIRST | ~among(_OF.workspace_id, "full")).order_by(
    case((_IS_FIRST, 0), else_=1), _OF.sent_at.desc()
)
_FIRST = _STALE.where(_IS_FIRST).order_by(_OF.sent_at.desc())
_OF_VISITS = _STALE.where(_OF.visit_id.in_(bindparam("visits", expanding=True))).order_by(_OF.sent_at.desc())


@dataclass(frozen=True)
class Outbox:
    """Reads and short writes on notices."""

    office: Office
    metrics: Metrics

    async def stale(
        self,
        limit: int,
        busy: Collection[str],
        first: Collection[str],
        full: Collection[str] = (),
        *,
        alone: bool = False,
    ) -> list[Notice]:
        """Up to `limit` messages that may have to be edited: those of these timestamps, and unless these `alone`, then
        the newest, where people look, but for those of the workspaces in `full`."""
        if alone:
            return await self._stale(_FIRST, limit, busy, first=list(first))
        return await self._stale(_NEWEST, limit, busy, first=list(first), full=list(full))

    async def stale_besides(self, found: Collection[Notice], limit: int, busy: Collection[str]) -> list[Notice]:
        """Up to `limit` more of the visits that these are about: they have to be read for these anyway."""
        visits = {notice.visit_id for notice in found if notice.visit_id is not None}
        besides = [*busy, *(notice.id for notice in found)]
        return await self._stale(_OF_VISITS, limit, besides, visits=list(visits)) if visits else []

    async def _stale(self, which: Select[Any], limit: int, busy: Collection[str], **asked: Any) -> list[Notice]:
        asked |= {"now": self.office.clock.now(), "busy": list(busy), "room": limit}
        async with self.office.database.glance() as connection:
            return seen(Notice, await connection.execute(which, asked))

    async def next_moments(
        self, besides: Collection[str] = (), before: datetime | None = None, unlooked: Collection[str] = ()
    ) -> tuple[datetime | None, datetime | None]:
        """When a notice is to be tried next, and when a message is to be edited next; None if nothing is waiting.

        `besides`: workspaces whose notices are not asked for, but those that are of use until a moment `before` only.
        `unlooked`: of these nothing that has to be looked for.
        """
        async with self.office.database.glance() as connection:
            attempt, edit = (await connection.execute(_NEXT)).one()
            if besides or unlooked:
                asked = {"besides": list(besides), "before": before or _NEVER, "unlooked": list(unlooked)}
                attempt = (await connection.execute(_NEXT_OF_OTHERS, asked)).scalar_one()
        return attempt, edit

    async def next_due(self) -> datetime | None:
        """When something is to be done next; None if nothing is waiting."""
        return min((moment for moment in await self.next_moments() if moment is not None), default=None)

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

    async def take_apart(self, claimed: Notice, *, is_refused: bool) -> None:
        """What a message was to tell is told by itself, or by another message, right away.

        `is_refused`: Slack took the message as a whole for bad; its parts are told one by one.
        """
        parts = (col(Notice.merged_into) == claimed.id) & (col(Notice.state) == NoticeState.MERGED)
        alone = {"attempts": 1, "reason": Reason.ONE_BY_ONE} if is_refused else {}
        gone = {"state": NoticeState.WITHDRAWN, "reason": Reason.ONE_BY_ONE}
        free = {"state": NoticeState.PENDING, "merged_into": None, "attempt_at": self.office.clock.now()}
        async with self.office.database.write() as session, settled(self.office, session, claimed) as is_own:
            if is_own:
                await session.exec(any_update().where(col(Notice.id) == claimed.id).values(**gone))
                await session.exec(any_update().where(parts).values(**free, **alone))
        self._count(claimed, Outcome.WITHDRAWN)

    async def leave_out(self, claimed: Notice, parts: Mapping[str, str]) -> None:
        """Of what a message is to tell, some is not wanted any more: by id, why."""
        async with self.office.database.write(announced=False) as session:
            await locked_visits(session, claimed)
            for part, reason in parts.items():
                own = (col(Notice.id) == part) & (col(Notice.merged_into) == claimed.id)
                values = {"state": NoticeState.WITHDRAWN, "merged_into": None, "reason": reason}
                await session.exec(any_update().where(own, col(Notice.sent_at).is_(None)).values(**values))

    async def edit_later(self, notice: Notice, until: datetime) -> None:
        """The edit did not work now."""
        same = (col(Notice.id) == notice.id) & (col(Notice.stale_since) == notice.stale_since)
        async with self.office.database.write(announced=False) as session:
            await session.exec(update(Notice).where(same).values(stale_since=until))

    def _count(self, notice: Notice, outcome: Outcome) -> None:
        self.metrics.settled(notice.kind, outcome, self.office.clock.now())

    async def _settle(self, claimed: Notice, values: dict[str, Any]) -> None:
        own = (col(Notice.id) == claimed.id) & (col(Notice.lease) == claimed.lease)
        untouched = any_update().where(own, col(Notice.stale_since).is_(None)).values(**values)
        async with self.office.database.write(announced=False) as session:
            if (await session.exec(untouched)).rowcount:
                return
        async with self.office.database.write() as session, settled(self.office, session, claimed) as is_own:
            if is_own:
                await session.exec(any_update().where(col(Notice.id) == claimed.id).values(**values))


@asynccontextmanager
async def settled(office: Office, session: AsyncSession, claimed: Notice) -> AsyncIterator[bool]:
    """Within it, what became of a claimed notice is written, if it is still its sender's: it says whether it is.

    Where something changed while it was under way, nobody has planned that for its reader: that is done at the end.
    """
    visits = await locked_visits(session, claimed)
    own = select(Notice.stale_since).where(Notice.id == claimed.id, Notice.lease == claimed.lease)
    found = (await session.exec(own.where(Notice.state == NoticeState.SENDING).with_for_update())).all()
    yield bool(found)
    if any(stale_since is not None for stale_since in found):
        await session.exec(any_update().where(col(Notice.id) == claimed.id).values(stale_since=None))
        for visit in visits:
            await office.settle(Change(session, visit, office.clock.now()))


def any_update() -> Update:
    """An UPDATE of notices for which no object of the session has to be kept in step."""
    return update(Notice).execution_options(synchronize_session=False)


async def locked_visit(session: AsyncSession, visit_id: int) -> Visit:
    """The visit, in its present state; nobody else changes it until the transaction ends."""
    return (await session.exec(select(Visit).where(Visit.id == visit_id).with_for_update(key_share=True))).one()


async def locked_visits(session: AsyncSession, claimed: Notice) -> Sequence[Visit]:
    """Those that a notice is about. Who locks several rows of a visit, locks the visit first: a change that has one of
    them waits for no other."""
    if claimed.visit_id is not None:
        return [await locked_visit(session, claimed.visit_id)]
    visits = [await locked_visit(session, visit_id) for visit_id in sorted(visits_told_of(claimed))]
    await take_turn(session, claimed.workspace_id)  # before the rows of days, as whoever plans them
    return visits
