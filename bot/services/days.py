"""Run sheets and boards: notices about a day of the workspace with all its visits, kept right by every change of one.

Each of these rows carries what its visits put on it (`payload["visits"]`, by visit id): a visit that changes brings its
own part up to date and leaves the others' alone, so that nobody has to read all visits of a day to plan one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Text, bindparam, cast
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import among
from bot.models.notices import Notice, NoticeKind, NoticeState, Reason
from bot.procedure.calendar import Calendar
from bot.procedure.days import OfDay, Span, due_on, of_days
from bot.procedure.picture import Picture
from bot.procedure.rules import Rulebook
from bot.services.rows import add_rows, may_have_arrived, new_row

KINDS = (NoticeKind.RUN_SHEET, NoticeKind.BOARD)
EDITS_GATHERED = timedelta(seconds=5)
"""Changes within this time are shown in one edit: everybody's presses on a busy morning are many, and each edit reads
and writes all visits of the day."""
_IS_TO_COME = col(Notice.useful_until) > bindparam("now")
_OF_HOUSE = (col(Notice.workspace_id) == bindparam("of")) & col(Notice.visit_id).is_(None)
_NAMED = cast(col(Notice.payload), Text).contains(bindparam("naming"), autoescape=False)
_ROWS = (
    select(Notice)
    # What was over already counts again where the visit is put off to the evening. The house stands in both halves: so
    # each has an index of its own, and days that are over are not read.
    .where((_OF_HOUSE & among(col(Notice.key), "wanted")) | (_OF_HOUSE & _IS_TO_COME & _NAMED))
    .order_by(col(Notice.key))
    .with_for_update()
    .execution_options(populate_existing=True)
)
"""Those that are wanted, and those whose payloads name the visit, or another number that reads like it."""
TURN = 0x44617973
"""The lock under which a workspace's days are planned: two visits that change at once share their rows."""
_TAKE_TURN = select(func.pg_advisory_xact_lock(TURN, func.hashtext(bindparam("of", type_=Text))))


async def take_turn(session: AsyncSession, workspace_id: str) -> None:
    """Until this transaction ends no other plans days of the workspace; SQLite has one writer anyway.

    It is the last lock a change takes, after those on its visits: nobody waits in a circle.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(_TAKE_TURN, params={"of": workspace_id})


async def rows_of(session: AsyncSession, picture: Picture, wanted: Collection[str], now: datetime) -> list[Notice]:
    """The rows of present and coming days that the visit is on or is to be on, locked; by key."""
    visit = str(picture.visit.key)
    asked = {"of": picture.workspace.id, "wanted": list(wanted), "now": now, "naming": f'"{visit}"'}
    found = (await session.exec(_ROWS, params=asked)).all()
    return [
        row for row in found if row.key in wanted or visit in row.payload["visits"] or visit in _taken_off(row.payload)
    ]


def wanted_of(picture: Picture, rulebook: Rulebook, now: datetime) -> dict[str, OfDay]:
    """What the visit puts on the messages of today and of days to come, by the clock of the workspace."""
    zone = ZoneInfo(picture.workspace.zone)
    today = now.astimezone(zone).date()
    return {key: part for key, part in of_days(picture, rulebook, zone).items() if part.day >= today}


async def settle_days(
    session: AsyncSession,
    picture: Picture,
    wanted: Mapping[str, OfDay],
    rows: Sequence[Notice],
    calendar: Calendar,
    now: datetime,
    *,
    seen_by: Collection[int] | None = None,
) -> None:
    """Bring run sheets and boards in line with one visit, after its own notices have been planned.

    `seen_by`: those on whose run sheets alone the change can stand; None for everybody's.
    """
    due = {key: due_on(part.rule, part.begins, calendar) for key, part in wanted.items()}
    already_told = await _told_at_once(session, picture, now) if any(at <= now for at in due.values()) else {}
    for row in rows:
        part = wanted.get(row.key)
        _settle(row, picture.visit.key, part, calendar, already_told, now, seen_by)
    known = {row.key for row in rows}
    new = [_row(picture, part, due[key], already_told, now) for key, part in sorted(wanted.items()) if key not in known]
    new = [row for row in new if now < row["useful_until"]]
    await add_rows(session, new)


def _settle(
    row: Notice,
    visit_id: int,
    part: OfDay | None,
    calendar: Calendar,
    already_told: Mapping[int, set[int]],
    now: datetime,
    seen_by: Collection[int] | None,
) -> None:
    """The visit's part of one row; sent messages are looked at again whenever it can read otherwise on them."""
    visits: dict[str, Any] = dict(row.payload["visits"])
    before = visits.pop(str(visit_id), None)
    if part is not None:
        visits[str(visit_id)] = part.as_payload()
    row.payload = row.payload | {"visits": visits} | _still_told(row, visit_id, part)
    if visits:
        row.useful_until = Span.of(visits).ends
    if row.state in (NoticeState.SENT, NoticeState.SENDING):
        is_same = part is not None and part.as_payload() == before and row.state == NoticeState.SENT
        if not is_same or row.person_id is None or seen_by is None or row.person_id in seen_by:
            look_again(row, now)
    elif not visits:
        if row.state == NoticeState.PENDING and not may_have_arrived(row):
            row.state, row.reason = NoticeState.WITHDRAWN, Reason.NOT_PLANNED
    elif part is not None and part.as_payload() != before:
        due = due_on(part.rule, Span.of(visits).begins, calendar)
        _plan(row, part, due, already_told, now)


def _taken_off(payload: Mapping[str, Any]) -> Sequence[str]:
    """The visits that a message told of and that are not on it any more."""
    taken_off: Sequence[str] = payload.get("taken_off", ())
    return taken_off


def _still_told(row: Notice, visit_id: int, part: OfDay | None) -> dict[str, Any]:
    """What a message said of a visit counts until its recipient has heard otherwise, also when it says so no more."""
    others = [visit for visit in _taken_off(row.payload) if visit != str(visit_id)]
    is_out = row.state in (NoticeState.SENT, NoticeState.SENDING)
    is_told = part is None and (is_out or (row.state == NoticeState.PENDING and may_have_arrived(row)))
    off = [*others, str(visit_id)] if is_told else others
    return {"taken_off": off} if off or "taken_off" in row.payload else {}


def _plan(row: Notice, part: OfDay, due: datetime, already_told: Mapping[int, set[int]], now: datetime) -> None:
    """When a row that is not out yet is due; on the day itself only what it says first (G2, G4)."""
    if row.state not in (NoticeState.PENDING, NoticeState.WITHDRAWN, NoticeState.EXPIRED):
        return
    if row.state != NoticeState.PENDING and (now >= row.useful_until or _is_told(part, due, already_told, now)):
        return
    row.due_at = max(due, now)
    if row.state != NoticeState.PENDING:
        row.attempts = 0
    if not may_have_arrived(row):
        row.state, row.reason, row.attempt_at = NoticeState.PENDING, "", row.due_at


def _row(
    picture: Picture, part: OfDay, due: datetime, already_told: Mapping[int, set[int]], now: datetime
) -> dict[str, Any]:
    row = new_row(picture.visit, key=part.key, kind=part.kind, now=now, due_at=due)
    if _is_told(part, due, already_told, now):
        row |= {"state": NoticeState.WITHDRAWN, "reason": Reason.TOLD_ALREADY}
    return row | {
        "visit_id": None,
        "rule": part.rule.id,
        "person_id": part.person_id,
        "channel": part.channel,
        "payload": {"day": part.day.isoformat(), "visits": {str(picture.visit.key): part.as_payload()}},
        "useful_until": part.ends,
    }


def _is_told(part: OfDay, due: datetime, already_told: Mapping[int, set[int]], now: datetime) -> bool:
    """Whether the person hears all of this at once by other messages anyway (G2)."""
    return part.person_id is not None and due <= now and set(part.stops) <= already_told.get(part.person_id, set())


async def _told_at_once(session: AsyncSession, picture: Picture, now: datetime) -> dict[int, set[int]]:
    """By person: the stops of the visit of which reminders (what, when, where, who) are out or going out now."""
    statement = select(Notice.person_id, Notice.stop_id).where(
        Notice.visit_id == picture.visit.key,
        col(Notice.stop_id).is_not(None),
        Notice.kind == NoticeKind.REMINDER,
        Notice.due_at <= now,
        col(Notice.state).in_([NoticeState.PENDING, NoticeState.SENDING, NoticeState.SENT, NoticeState.MERGED]),
    )
    told: dict[int, set[int]] = {}
    for person_id, stop_id in (await session.exec(statement)).all():
        if person_id is not None and stop_id is not None:
            told.setdefault(person_id, set()).add(stop_id)
    return told


def look_again(row: Notice, now: datetime) -> None:
    """What went out has to be edited, once for what changes within moments."""
    if row.state == NoticeState.SENDING:
        row.stale_since = now
    elif row.stale_since is None or row.stale_since <= now or row.stale_since > now + EDITS_GATHERED:
        # One that is due now may be under way: it must find that it is out of date again.
        row.stale_since = now + EDITS_GATHERED


def visits_on(notices: Iterable[Notice]) -> set[int]:
    """The visits that are on these messages about days."""
    return {int(visit) for notice in notices for visit in notice.payload.get("visits", ())}


def visits_told_of(notice: Notice) -> set[int]:
    """The visits that are on a message about a day, and those that it may have told of before they were taken off."""
    return visits_on([notice]) | {int(visit) for visit in _taken_off(notice.payload)}
