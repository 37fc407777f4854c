"""Claiming what is due: leased to one sender, and made one message where it goes to one person (G4)."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import Select, bindparam, case, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from bot.database import among, seen, whole
from bot.metrics import Metrics
from bot.models.notices import UNKNOWN, Notice, NoticeKind, NoticeState, goes_before, in_doubt, is_open
from bot.procedure.together import TOGETHER, grouped, joins_others, why_together
from bot.services.office import Office
from bot.services.rows import row_of

LEASE = timedelta(seconds=30)
"""How long a claim holds; a sender that dies loses its claims after this, and what they were is tried again."""
HEAD_START = timedelta(milliseconds=50)
"""So long before its due time a notice that was never tried is claimed: it is read and written when it is due. Whoever
sends it waits for the due time."""
SENDER_DIED = f"{UNKNOWN}: its sender died"
_TABLE, _VISIT = SQLModel.metadata.tables["notice"], SQLModel.metadata.tables["visit"]
_OF = _TABLE.c
_IS_DUE = (_OF.attempt_at <= bindparam("soon")) & (
    (_OF.attempt_at <= bindparam("now")) | ((_OF.attempts == 0) & (_OF.attempt_at == _OF.due_at))
)
"""What was put off is left alone until the very moment."""
_NEVER = datetime.fromtimestamp(0, UTC)
_TAKE = (
    update(_TABLE)
    .where(among(_OF.id, "ids"))
    .values(
        state=NoticeState.SENDING,
        lease=bindparam("leased"),
        attempt_at=bindparam("until"),
        attempts=_OF.attempts + 1,
        first_tried_at=case((_OF.attempts == 0, bindparam("now", type_=_OF.attempt_at.type)), else_=_OF.first_tried_at),
        reason=case((_OF.state == NoticeState.SENDING, SENDER_DIED), else_=_OF.reason),
    )
)
_CARRY = (
    update(_TABLE)
    .where(_OF.id == bindparam("part"))
    .values(state=NoticeState.MERGED, merged_into=bindparam("carrier"), attempt_at=bindparam("until"))
)
_REST = (
    whole(Notice)
    .where(_OF.visit_id.in_(bindparam("visits", expanding=True)), ~among(_OF.id, "known"))
    .where(_OF.state == NoticeState.PENDING, _OF.attempts == 0, _OF.kind.in_(TOGETHER))
    .where(_IS_DUE)
    .with_for_update(skip_locked=True)
)
"""What is due besides in visits of which something has been claimed."""


@dataclass(frozen=True)
class Claims:
    """Takes what is due, in the order of its urgency."""

    office: Office
    metrics: Metrics

    async def claim(
        self,
        limit: int,
        busy: Collection[str] = (),
        full: Collection[str] = (),
        *,
        before: datetime | None = None,
        unlooked: Collection[str] = (),
        is_any: bool = False,
    ) -> list[Notice]:
        """Up to `limit` notices that are due or about to be, now leased to the caller, the most urgent first.

        Without those of `busy`, and of the workspaces in `full` only what was never tried and is of use until a moment
        `before` only. What goes out as one message is one notice, made here, that carries the others. `is_any`: that
        something is due is known already. `unlooked`: of these workspaces nothing that has to be looked for.
        """
        now = self.office.clock.now()
        asked = {"now": now, "soon": now + HEAD_START, "busy": list(busy), "room": limit}
        asked |= {"full": list(full), "before": before or _NEVER} if full else {}
        asked |= {"unlooked": list(unlooked)} if unlooked else {}
        due = _due(self.office.database.dialect, bool(busy), bool(full), bool(unlooked))
        self.metrics.looked(now)
        if not is_any and self.office.database.is_taken and not await self._is_any(due, asked):
            return []
        lease = {"state": NoticeState.SENDING, "lease": uuid.uuid4().hex, "attempt_at": now + LEASE}
        async with self.office.database.write(announced=False) as session:
            connection = await session.connection()
            found = seen(Notice, await connection.execute(due.most_urgent, asked))
            if due.of_days is not None and len(found) < limit:
                found += seen(Notice, await connection.execute(due.of_days, asked | {"room": limit - len(found)}))
            carriers, carried = await self._gather(connection, found, lease, now, is_all=len(found) < limit)
            alone = [notice for notice in found if notice.id not in carried]
            if alone:
                taken = {"leased": lease["lease"], "until": lease["attempt_at"], "now": now}
                await connection.execute(_TAKE, taken | {"ids": [notice.id for notice in alone]})
        self.metrics.reclaimed(sum(notice.state == NoticeState.SENDING for notice in alone))
        for notice in alone:
            _show_taken(notice, lease, now)
        return sorted([*alone, *carriers], key=lambda notice: notice.useful_until)

    async def _is_any(self, due: "_Due", asked: Mapping[str, Any]) -> bool:
        """Whether it is worth waiting for one's turn to write."""
        async with self.office.database.glance() as connection:
            return (await connection.execute(due.any, asked)).first() is not None

    async def _gather(
        self,
        connection: AsyncConnection,
        found: Sequence[Notice],
        lease: dict[str, Any],
        now: datetime,
        *,
        is_all: bool,
    ) -> tuple[list[Notice], set[str]]:
        """The messages that tell several of these, and what they tell, each with all that is due for its recipient."""
        rulebook = self.office.rulebook
        parts = [notice for notice in found if joins_others(notice, rulebook, now)]
        if parts and not is_all:
            asked = {
                "now": now,
                "soon": now + HEAD_START,
                "visits": list({part.visit_id for part in parts}),
                "known": [notice.id for notice in found],
            }
            people = {(part.visit_id, part.person_id) for part in parts}
            rest = seen(Notice, await connection.execute(_REST, asked))
            parts += [
                one for one in rest if (one.visit_id, one.person_id) in people and joins_others(one, rulebook, now)
            ]
        groups = grouped(parts)
        if not groups:
            return [], set()
        carriers = [_carrier(group, why_together(group, rulebook), now) | lease for group in groups]
        carried = [
            {"part": part.id, "carrier": carrier["id"], "until": lease["attempt_at"]}
            for carrier, group in zip(carriers, groups, strict=True)
            for part in group
        ]
        await connection.execute(insert(_TABLE), carriers)
        await connection.execute(_CARRY, carried)
        return [Notice(**carrier) for carrier in carriers], {row["part"] for row in carried}


def _carrier(parts: Sequence[Notice], payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The columns of the message that tells all of these; of use as long as each of them is."""
    first = parts[0]
    row = row_of(first.workspace_id, first.visit_id, key="", kind=NoticeKind.SHORT_NOTICE, now=now)
    return row | {
        "key": f"together:{row['id']}",
        "rule": "G4",
        "person_id": first.person_id,
        "payload": dict(payload),
        "due_at": min(part.due_at for part in parts),
        "useful_until": min(part.useful_until for part in parts),
        "attempts": 1,
        "first_tried_at": now,
    }


def _show_taken(notice: Notice, lease: Mapping[str, Any], now: datetime) -> None:
    """What the statement has written; the notice belongs to no session."""
    written = {**lease, "attempts": notice.attempts + 1}
    if notice.attempts == 0:
        written["first_tried_at"] = now
    if notice.state == NoticeState.SENDING:
        written["reason"] = SENDER_DIED
    notice.__dict__.update(written)


@dataclass(frozen=True)
class _Due:
    """Statements on what is due."""

    any: Select[Any]
    most_urgent: Select[Any]
    of_days: Select[Any] | None
    """Run sheets and boards, where they are not among the most urgent."""


@cache
def _due(dialect: Literal["sqlite", "postgresql"], is_any_busy: bool, is_any_full: bool, is_any_unlooked: bool) -> _Due:
    """Built once: composing statements takes as long as running them.

    On PostgreSQL the visits are locked as well: what is due in one visit is claimed by one replica, which then sees
    everything that goes to one person. Nobody waits here: what another replica has, or a change, is passed over.
    """
    due = [is_open(), _IS_DUE]
    due += [~among(_OF.id, "busy")] if is_any_busy else []
    due += [~among(_OF.workspace_id, "full") | goes_before()] if is_any_full else []
    due += [~among(_OF.workspace_id, "unlooked") | ~in_doubt()] if is_any_unlooked else []
    urgent_first = (_OF.useful_until, _OF.created_at, _OF.key)
    most_urgent = whole(Notice).where(*due).order_by(*urgent_first).limit(bindparam("room"))
    any_due = select(_OF.id).where(*due).limit(1)
    if dialect == "sqlite":
        return _Due(any_due, most_urgent, None)
    of_visits = most_urgent.join(_VISIT, _VISIT.c.id == _OF.visit_id)
    of_days = most_urgent.where(_OF.visit_id.is_(None))
    return _Due(
        any_due,
        of_visits.with_for_update(of=[_TABLE, _VISIT], skip_locked=True, key_share=True),
        of_days.with_for_update(skip_locked=True),
    )
