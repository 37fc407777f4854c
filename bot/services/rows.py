"""The rows of notices: how they are found, made, added and withdrawn."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, inspect, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import database
from bot.database import among
from bot.models.notices import Notice, NoticeKind, NoticeState, Reason, new_id, new_ids
from bot.models.visits import Visit
from bot.procedure.corrections import Correction
from bot.procedure.picture import Picture
from bot.procedure.plan import NEWS_LASTS, Wanted
from bot.procedure.telling import OWN_PART, WAS
from bot.slack import SURELY_NOT_POSTED

SURELY_NOT_SENT = SURELY_NOT_POSTED | {Reason.ONE_BY_ONE, Reason.NOT_THERE}
"""Reasons of rows that were tried and did not arrive; of all others that were tried somebody has to look."""
_TABLE = SQLModel.metadata.tables["notice"]
_WITHDRAW = (
    update(_TABLE)
    .where(among(_TABLE.c.id, "ids"))
    .values(state=NoticeState.WITHDRAWN, reason=bindparam("why"), merged_into=None)
)
_WITHDRAW_ALL = (
    update(_TABLE)
    .where(_TABLE.c.visit_id == bindparam("of"), _TABLE.c.state == NoticeState.PENDING)
    .where(~among(_TABLE.c.kind, "kept"))
    .where((_TABLE.c.attempts == 0) | _TABLE.c.reason.in_(SURELY_NOT_SENT))
    .values(state=NoticeState.WITHDRAWN, reason=Reason.NOT_PLANNED)
)
_ROWS = (
    select(Notice)
    .where(col(Notice.visit_id) == bindparam("of"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_ROWS_THAT_COUNT = _ROWS.where(
    col(Notice.state).in_([NoticeState.PENDING, NoticeState.SENDING, NoticeState.SENT, NoticeState.MERGED])
    | col(Notice.sent_at).is_not(None)
    | among(col(Notice.kind), "kept")
)
_NOTHING: Mapping[str, object] = {}
STANDING = (
    NoticeKind.CARD,
    NoticeKind.THREAD,
    NoticeKind.NUDGE,
    NoticeKind.UNDELIVERED,
    NoticeKind.HANDOVER,
    NoticeKind.DRIVER_UNNAMED,
    NoticeKind.LEFT,
)
"""Not derived from the rules: the card and its thread follow the record, a failure follows the delivery."""


async def rows_of(session: AsyncSession, picture: Picture) -> Sequence[Notice]:
    """All notices of the visit, locked, so that no sender claims one while it is being moved or withdrawn.

    Of a visit that is off, what waits is withdrawn at once and not looked at any more, but for what says that it is.
    """
    of = {"of": picture.visit.key}
    if picture.visit.is_open:
        return (await session.exec(_ROWS, params=of)).all()
    kept = {"kept": [NoticeKind.CHANGE, NoticeKind.SHORT_NOTICE, NoticeKind.CALLED_OFF, *STANDING]}
    await session.exec(_WITHDRAW_ALL, params=of | kept)
    return (await session.exec(_ROWS_THAT_COUNT, params=of | kept)).all()


async def add_rows(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts notices whose columns all come from `new_row`, in one statement."""
    await database.add_rows(session, Notice, rows)


def may_have_arrived(row: Notice) -> bool:
    """Whether an earlier try may have been carried out without our knowing: whoever sends it looks for it first."""
    tries = row.attempts - (row.state == NoticeState.SENDING)
    return tries > 0 and row.reason not in SURELY_NOT_SENT


async def write_withdrawn(session: AsyncSession, rows: Iterable[Notice]) -> None:
    """One statement for all that are withdrawn for the same reason; the session has nothing left to write of them."""
    by_reason: dict[str, list[Notice]] = {}
    for row in rows:
        if row.state == NoticeState.WITHDRAWN and inspect(row).modified:
            by_reason.setdefault(row.reason, []).append(row)
    for reason, withdrawn in by_reason.items():
        await session.exec(_WITHDRAW, params={"ids": [row.id for row in withdrawn], "why": reason})
        for row in withdrawn:
            for name in ("state", "reason", "merged_into"):
                set_committed_value(row, name, getattr(row, name))


def saying_what_changed(
    payload: Mapping[str, object], kind: str, carried: Sequence[Correction]
) -> Mapping[str, object]:
    """With what its reader hears by it: of its own stop, or of all that an urgent change makes of their part."""
    if kind == NoticeKind.CHANGE_REQUEST:
        return {**payload, OWN_PART: [one.as_payload() for one in carried]} if carried else payload
    return {**payload, WAS: dict(carried[0].old)} if carried else payload


def new_rows(
    wanted: Sequence[Wanted], picture: Picture, now: datetime, carried: Mapping[str, Sequence[Correction]]
) -> list[dict[str, Any]]:
    """The columns of notices that are to be added, each the same; what all of them share is put together once."""
    shared = new_row(picture.visit, key="", kind=NoticeKind.REMINDER, now=now)
    return [
        shared
        | {
            "id": own_id,
            "key": notice.key,
            "kind": notice.kind,
            "due_at": (due := max(notice.due_at, now)),
            "attempt_at": due,
            "useful_until": notice.useful_until,
            "rule": notice.rule,
            "person_id": notice.person_id,
            "channel": notice.channel,
            "stop_id": notice.stop_id,
            "booking_id": notice.booking_id,
            "payload": saying_what_changed(notice.payload, notice.kind, carried.get(notice.key, ())),
        }
        for notice, own_id in zip(wanted, new_ids(now, len(wanted)), strict=True)
    ]


def new_row(
    visit: Visit, *, key: str, kind: NoticeKind, now: datetime, due_at: datetime | None = None
) -> dict[str, Any]:
    """The columns of a new notice of a visit, due now unless later."""
    return row_of(visit.workspace_id, visit.key, key=key, kind=kind, now=now, due_at=due_at)


def row_of(
    workspace_id: str,
    visit_id: int | None,
    *,
    key: str,
    kind: NoticeKind,
    now: datetime,
    due_at: datetime | None = None,
) -> dict[str, Any]:
    """The same where the visit is not at hand."""
    due = max(due_at or now, now)
    return {
        "id": new_id(now),
        "workspace_id": workspace_id,
        "visit_id": visit_id,
        "key": key,
        "kind": kind,
        "person_id": None,
        "channel": None,
        "stop_id": None,
        "booking_id": None,
        "merged_into": None,
        "due_at": due,
        "useful_until": now + NEWS_LASTS,
        "created_at": now,
        "state": NoticeState.PENDING,
        "attempt_at": due,
        "attempts": 0,
        "lease": "",
        "payload": _NOTHING,
        "told": _NOTHING,
        "rule": "",
        "rendered": "",
        "reason": "",
    }
