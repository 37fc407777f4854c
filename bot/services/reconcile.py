"""The one place where notices come and go: what ought to exist is compared with what does."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from bot.procedure.calendar import Calendar
from bot.procedure.corrections import Correction, Told, corrections, is_urgent, of_concern, still_holds
from bot.procedure.deputies import FOR, INSTEAD
from bot.procedure.picture import Picture, facts
from bot.procedure.plan import NEWS_LASTS, Wanted, again, concerned, plan, planned_key
from bot.procedure.rules import Rulebook
from bot.procedure.silence import CHASED, Asked, silent_people, standing_in
from bot.procedure.vocabulary import ASKING
from bot.procedure.wanted import own_key
from bot.services.showing import can_show

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
CHANGED = "was"
"""In the payload of a notice that carries a correction: what its recipient was told before."""
_NOTHING: Mapping[str, object] = {}
_STANDING = (
    NoticeKind.CARD,
    NoticeKind.THREAD,
    NoticeKind.NUDGE,
    NoticeKind.UNDELIVERED,
    NoticeKind.HANDOVER,
    NoticeKind.DRIVER_UNNAMED,
)
"""Not derived from the rules: the card and its thread follow the record, a failure follows the delivery."""
_CARRIERS = (
    NoticeKind.REMINDER,
    NoticeKind.DUTY,
    NoticeKind.DRIVER_REQUEST,
    NoticeKind.LEADER_REQUEST,
    NoticeKind.REQUEST,
    NoticeKind.REQUEST_ANSWER,
)
EDITED = (
    NoticeKind.RUN_SHEET,
    NoticeKind.BOARD,
    NoticeKind.NUDGE,
    NoticeKind.CARD,
    NoticeKind.SHORT_NOTICE,
    NoticeKind.DUTY,
    NoticeKind.REMINDER,
    NoticeKind.VEHICLE_REQUEST,
    NoticeKind.DRIVER_REQUEST,
    NoticeKind.LEADER_REQUEST,
    NoticeKind.SILENCE,
    NoticeKind.PLAN_REQUEST,
    NoticeKind.PLAN_NEWS,
    NoticeKind.CHANGE_REQUEST,
    NoticeKind.REQUEST,
    NoticeKind.REQUEST_ANSWER,
    NoticeKind.COUNTER,
    NoticeKind.DRIVER_UNNAMED,
)
"""Messages that always show the present state; news stay as they were told."""


async def reconcile(
    session: AsyncSession,
    picture: Picture,
    rulebook: Rulebook,
    calendar: Calendar,
    now: datetime,
    *,
    told_besides: Iterable[Notice] = (),
    answered: Collection[int] | None = None,
) -> Mapping[str, Wanted]:
    """Bring the notices of a visit in line with the visit: add, move, withdraw; mark what no longer shows the truth.
    What ought to exist, by key.

    `told_besides`: messages about several visits that told of this one, too (run sheets). `answered`: the stops about
    which alone somebody answered; None where anything may have changed.
    """
    rows = await _rows(session, picture)
    if answered is not None:
        answered = {*answered, *_told_of(rows, picture, answered)}
    every = [*rows, *told_besides]
    told, earlier = told_by(every), _earlier(every)
    planned = plan(picture, rulebook, calendar, _asked(rows, earlier, now))
    wanted = {notice.key: notice for notice in _asked_back(planned, rows, earlier)}
    wrong = corrections(picture, told, _concerned(picture, rulebook, rows, wanted.values()), now) if told else []
    known = {row.key for row in rows} | _told_to_deputies(wanted.values(), rows)
    fresh = [w for key, w in wanted.items() if key not in known and w.is_open and now < w.useful_until]
    carried_by = _carried_together(rows)
    for row in rows:
        if row.kind in _STANDING or row.kind == NoticeKind.CHANGE:
            _refresh(row, answered, now)
        elif row.kind == NoticeKind.SHORT_NOTICE:
            _keep_short_notice(row, carried_by.get(row.id, ()), wanted, answered, now)
        else:
            _settle(row, wanted.get(own_key(row.key)), answered, now)
    waiting = [row for row in rows if row.state == NoticeState.PENDING]
    wrong, carried = _carried_by([*waiting, *fresh], wrong, now)
    for row in waiting:
        if row.key in carried:
            row.payload = dict(_saying_what_changed(row.payload, carried[row.key]))
    changes = _changes(rows, wrong, picture, rulebook, now)
    await _write_withdrawn(session, rows)
    await add_rows(session, _new_rows([*fresh, *changes], picture, now, carried))
    return wanted


def _concerned(
    picture: Picture, rulebook: Rulebook, rows: Sequence[Notice], wanted: Iterable[Wanted]
) -> set[tuple[int, int]]:
    """(person, stop) pairs: whom the visit has something to tell about which stop, in their own or another's place."""
    pairs = concerned(picture, rulebook)
    return pairs | standing_in(rows, wanted, pairs, picture)


async def _rows(session: AsyncSession, picture: Picture) -> Sequence[Notice]:
    """All notices of the visit, locked, so that no sender claims one while it is being moved or withdrawn.

    Of a visit that is off, what waits is withdrawn at once and not looked at any more, but for what says that it is.
    """
    of = {"of": picture.visit.key}
    if picture.visit.is_open:
        return (await session.exec(_ROWS, params=of)).all()
    kept = {"kept": [NoticeKind.CHANGE, NoticeKind.SHORT_NOTICE, NoticeKind.CALLED_OFF, *_STANDING]}
    await session.exec(_WITHDRAW_ALL, params=of | kept)
    return (await session.exec(_ROWS_THAT_COUNT, params=of | kept)).all()


async def add_rows(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts notices whose columns all come from `new_row`, in one statement."""
    await database.add_rows(session, Notice, rows)


async def _write_withdrawn(session: AsyncSession, rows: Iterable[Notice]) -> None:
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


@dataclass(frozen=True)
class _Earlier:
    """What has been told, by the planner's key: how often, when last, and about which stop then; and when people last
    heard of a stop that it is off for them, by (person, stop)."""

    times: Counter[str] = field(default_factory=Counter)
    last: dict[str, datetime] = field(default_factory=dict)
    about: dict[str, int | None] = field(default_factory=dict)
    off: dict[tuple[int, int], datetime] = field(default_factory=dict)

    def is_void(self, wanted: Wanted) -> bool:
        """Whether what was told counts no more: the person has heard since that it is off for them, though they may
        have been asked back by something else; or what they are asked for hangs on another stop now."""
        if wanted.key not in self.last:
            return False
        off = self.off.get((wanted.person_id or 0, wanted.stop_id or 0))
        is_another = wanted.kind in ASKING and self.about[wanted.key] != wanted.stop_id
        return is_another or (off is not None and off >= self.last[wanted.key])


def _earlier(rows: Iterable[Notice]) -> _Earlier:
    found = _Earlier()
    for row in rows:
        if row.sent_at is None:
            continue
        key = planned_key(row.key)
        found.times[key] += 1
        if key not in found.last or found.last[key] <= row.sent_at:
            found.last[key], found.about[key] = row.sent_at, row.stop_id
        for stop_id, known in row.told.items():
            if known is None:
                pair = row.person_id or 0, int(stop_id)
                found.off[pair] = max(row.sent_at, found.off.get(pair, row.sent_at))
    return found


def _asked(rows: Sequence[Notice], earlier: _Earlier, now: datetime) -> Asked:
    """Since when each question has really been open: not before its notice fell due, or will now that it is moved."""
    due = {row.key: row.due_at for row in rows}

    def since(wanted: Wanted) -> datetime:
        times = earlier.times[wanted.key]
        key = again(wanted.key, times if earlier.is_void(wanted) else max(times - 1, 0))
        return max(wanted.due_at, min(due.get(key, now), now))

    return since


def _told_to_deputies(wanted: Iterable[Wanted], rows: Iterable[Notice]) -> set[str]:
    """What people are to be told who were told it already in somebody's place."""
    deputies = [row for row in rows if row.sent_at and FOR in row.payload and CHASED not in row.payload]
    if not deputies:
        return set()
    planned = {planned_key(notice.key): notice for notice in wanted}
    # What was asked in the place of somebody who is asked themselves again is asked anew in another's.
    told = {_content(row) for row in deputies if row.key != own_key(row.key) or planned_key(row.key) in planned}
    return {w.key for w in planned.values() if CHASED not in w.payload and _content(w) in told}


def _content(told: Notice | Wanted) -> tuple[object, ...]:
    """What it says to whom: one question is not asked twice, several about the same stop are."""
    return told.kind, told.rule, told.stop_id, told.booking_id, told.person_id, told.payload.get("asks")


def told_by(rows: Iterable[Notice]) -> Told:
    """What each person was last told about each stop.

    A run sheet tells what is, and not that it was otherwise: it does not stand in for word of a change.
    """
    told: dict[tuple[int, int], dict[str, object] | None] = {}
    sent = (row for row in rows if row.sent_at is not None and row.person_id is not None)
    for row in sorted(sent, key=lambda r: (r.sent_at, r.id)):
        for stop_id, known in row.told.items():
            earlier = told.get((row.person_id or 0, int(stop_id))) or {}
            is_word = row.kind != NoticeKind.RUN_SHEET
            newest = None if known is None else {**earlier, **known} if is_word else {**known, **earlier}
            told[row.person_id or 0, int(stop_id)] = newest
    return told


def _asked_back(planned: Iterable[Wanted], rows: Iterable[Notice], earlier: _Earlier) -> Iterator[Wanted]:
    """The plan, with a new notice where the last one counts no more."""
    named = _named_silent(rows)
    for notice in planned:
        times = earlier.times.get(notice.key)
        if not times:
            yield notice
            continue
        if notice.kind == NoticeKind.SILENCE:
            is_news = not silent_people(notice.payload) <= named[notice.key]
        else:
            is_news = earlier.is_void(notice)
        yield notice.but(key=again(notice.key, times if is_news else times - 1))


def _named_silent(rows: Iterable[Notice]) -> defaultdict[str, set[int]]:
    """Of whom people have heard that they do not answer, by the planner's key of what told it."""
    named: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.kind == NoticeKind.SILENCE and row.sent_at is not None:
            named[planned_key(row.key)] |= silent_people(row.payload)
    return named


def _settle(row: Notice, wanted: Wanted | None, answered: Collection[int] | None, now: datetime) -> None:
    """Move or withdraw what is still to be sent; have edited what was sent and shows something else now."""
    if row.state == NoticeState.MERGED:
        if row.sent_at is None and (wanted is None or not wanted.is_open):
            row.state, row.merged_into = NoticeState.WITHDRAWN, None
            row.reason = _why_not(wanted)
    elif row.state == NoticeState.PENDING:
        if wanted is None or not wanted.is_open:
            row.state, row.reason = NoticeState.WITHDRAWN, _why_not(wanted)
            return
        due = wanted.due_at if wanted.due_at > now else min(row.due_at, now)
        if (row.due_at, row.useful_until) != (due, wanted.useful_until):
            row.due_at, row.useful_until = due, wanted.useful_until
            row.attempt_at = due
        if row.stop_id != wanted.stop_id:
            row.stop_id = wanted.stop_id
        payload = dict(wanted.payload)
        if row.key != own_key(row.key):  # the planner does not know that it goes to a deputy
            payload[FOR] = row.payload[FOR]
        if row.payload != payload:  # whatever is set is looked at once more when the session writes
            row.payload = payload
    elif (
        row.state in (NoticeState.WITHDRAWN, NoticeState.EXPIRED)
        and wanted is not None
        and wanted.is_open
        and row.sent_at is None
        and row.key == own_key(row.key)
    ):
        if now < wanted.useful_until:
            row.state, row.reason = NoticeState.PENDING, ""
            row.due_at = row.attempt_at = max(wanted.due_at, now)
            row.useful_until, row.payload = wanted.useful_until, dict(wanted.payload)
            row.stop_id = wanted.stop_id
    else:
        _refresh(row, answered, now)


def _why_not(wanted: Wanted | None) -> Reason:
    """Why there is nothing left to say."""
    if wanted is None:
        return Reason.NOT_PLANNED
    return Reason.AWAY if INSTEAD in wanted.payload else Reason.ANSWERED


def _told_of(rows: Iterable[Notice], picture: Picture, answered: Collection[int]) -> Iterator[int]:
    """The stops of which messages told that ask for what hangs on another stop now."""
    bookings = {booking.id for booking in picture.bookings if booking.stop_id in answered}
    return (row.stop_id for row in rows if row.booking_id in bookings and row.stop_id is not None)


def _carried_together(rows: Iterable[Notice]) -> Mapping[str, Sequence[Notice]]:
    """What messages that tell several things tell, by their ids (G4)."""
    carried: defaultdict[str, list[Notice]] = defaultdict(list)
    for row in rows:
        if row.merged_into is not None and row.state == NoticeState.MERGED:
            carried[row.merged_into].append(row)
    return carried


def _keep_short_notice(
    row: Notice,
    told: Sequence[Notice],
    wanted: Mapping[str, Wanted],
    answered: Collection[int] | None,
    now: datetime,
) -> None:
    """It goes out as long as one of those it tells is still wanted."""
    planned = (wanted.get(own_key(r.key)) for r in told)
    if row.state == NoticeState.PENDING and not any(w is not None and w.is_open for w in planned):
        row.state, row.reason = NoticeState.WITHDRAWN, Reason.ANSWERED
    elif row.state != NoticeState.SENT or any(can_show(r, answered) for r in told):
        _refresh(row, None, now)


def _refresh(row: Notice, answered: Collection[int] | None, now: datetime) -> None:
    """What went out is to be looked at again: its message may have to be edited, or what it told be put right."""
    is_out = row.state == NoticeState.SENT and row.kind in EDITED
    if row.state == NoticeState.SENDING or (is_out and can_show(row, answered)):
        row.stale_since = now


def _carried_by(
    notices: Iterable[Notice | Wanted], wrong: list[Correction], now: datetime
) -> tuple[list[Correction], dict[str, Correction]]:
    """A notice that goes out right now and tells everything about the stop carries what changed: no second message."""
    right_now = (n for n in notices if n.kind in _CARRIERS and n.due_at <= now < n.useful_until)
    carriers = {(n.person_id, n.stop_id): n.key for n in right_now}
    left, carried = [], {}
    for correction in wrong:
        carrier = carriers.get((correction.person_id, correction.stop_id))
        if carrier is None:
            left.append(correction)
        else:
            carried[carrier] = correction
    return left, carried


def _saying_what_changed(payload: Mapping[str, object], carried: Correction | None) -> Mapping[str, object]:
    return {**payload, CHANGED: dict(carried.old)} if carried else payload


def _changes(
    rows: Sequence[Notice], wrong: Iterable[Correction], picture: Picture, rulebook: Rulebook, now: datetime
) -> list[Wanted]:
    """One change notice a person, however many stops and fields; one that waits is brought up to date."""
    by_person: dict[int, list[Correction]] = {}
    for correction in wrong:
        by_person.setdefault(correction.person_id, []).append(correction)
    waiting = {row.person_id: row for row in rows if row.kind == NoticeKind.CHANGE and row.state == NoticeState.PENDING}
    for person_id, row in waiting.items():
        if person_id not in by_person:
            row.state, row.reason = NoticeState.WITHDRAWN, Reason.CHANGED_BACK
    new = []
    for person_id, found in by_person.items():
        payload = {"changes": [correction.as_payload() for correction in found]}
        urgent = any(is_urgent(picture, correction, now) for correction in found)
        due = now if urgent else now + rulebook.gather_changes
        if person_id in waiting:
            row = waiting[person_id]
            row.payload = payload
            row.due_at = min(row.due_at, due)
            row.attempt_at = min(row.attempt_at, due) if row.attempts == 0 else row.attempt_at
        elif not _being_told(rows, person_id):
            count = sum(row.kind == NoticeKind.CHANGE and row.person_id == person_id for row in rows)
            new.append(
                Wanted(
                    key=f"change:person{person_id}:{count + 1}",
                    kind=NoticeKind.CHANGE,
                    due_at=due,
                    useful_until=now + NEWS_LASTS,
                    person_id=person_id,
                    rule="B8",
                    payload=payload,
                )
            )
    return new


def _being_told(rows: Iterable[Notice], person_id: int) -> bool:
    """A change notice is on its way: what it told is compared again when it has arrived."""
    return any(
        r.kind == NoticeKind.CHANGE and r.state == NoticeState.SENDING and r.person_id == person_id for r in rows
    )


def _new_rows(
    wanted: Sequence[Wanted], picture: Picture, now: datetime, carried: Mapping[str, Correction]
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
            "payload": _saying_what_changed(notice.payload, carried.get(notice.key)),
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


def holds(row: Notice, picture: Picture, pairs: Collection[tuple[int, int]]) -> bool:
    """Whether what this notice told is still so, and still so for its recipient. `pairs`: who is `concerned`."""
    for stop_id, old in row.told.items():
        stop = picture.stop(int(stop_id))
        if old is None or stop is None:
            continue
        known = of_concern(row.person_id or 0, old, picture)
        if (row.payload.get(FOR, row.person_id), stop.id) not in pairs or not still_holds(known, facts(picture, stop)):
            return False
    return True
