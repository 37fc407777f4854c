"""The one place where notices come and go: what ought to exist is compared with what does."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.notices import OPEN_STATES, Notice, NoticeKind, NoticeState, Reason
from bot.models.plans import ChangeState
from bot.procedure.calendar import Calendar
from bot.procedure.corrections import (
    Correction,
    Told,
    What,
    corrections,
    is_urgent,
    of_use_until,
    over_at,
    still_holds,
)
from bot.procedure.deputies import FOR, INSTEAD
from bot.procedure.picture import Picture, facts
from bot.procedure.plan import Wanted, concerned, plan
from bot.procedure.rules import Rulebook
from bot.procedure.silence import standing_in
from bot.procedure.telling import SHOWS_CHANGES, WAS
from bot.procedure.told import (
    asked_back,
    asked_since,
    earlier_of,
    know,
    know_it_is_off,
    told_by,
    told_to_deputies,
    told_to_predecessors,
)
from bot.procedure.wanted import own_key
from bot.services.rows import (
    STANDING,
    add_rows,
    may_have_arrived,
    new_rows,
    rows_of,
    saying_what_changed,
    write_withdrawn,
)
from bot.services.showing import EDITED, Answers, can_show, owners_of_points


async def reconcile(
    session: AsyncSession,
    picture: Picture,
    rulebook: Rulebook,
    calendar: Calendar,
    now: datetime,
    *,
    is_new: bool = False,
    told_besides: Iterable[Notice] = (),
    answers: Answers | None = None,
    did: Collection[tuple[int, int]] = (),
    gave_up: Collection[int] = (),
    besides: Sequence[Mapping[str, Any]] = (),
) -> Mapping[str, Wanted]:
    """Bring the notices of a visit in line with the visit: add, move, withdraw; mark what no longer shows the truth.
    What ought to exist, by key.

    `is_new`: none of the visit's notices can be there yet. `told_besides`: messages about several visits that told of
    this one, too (run sheets). `answers`: what was answered, where nothing else has changed. `did`: (person, stop), who
    has changed which stop themselves. `gave_up`: who has said that they can't.
    `besides`: notices that are not planned, in columns, to be added with the others.
    """
    rows = [] if is_new else await rows_of(session, picture)
    if answers is not None and answers.is_of_stops:
        answers = answers.about(_told_of(rows, picture, answers.stops))
    every = [*rows, *told_besides]
    told, earlier = told_by(every), earlier_of(every)
    planned = plan(picture, rulebook, calendar, asked_since(rows, earlier, now))
    wanted = {notice.key: notice for notice in asked_back(planned, rows, earlier)}
    wrong = corrections(picture, told, _concerned(picture, rulebook, rows, wanted.values(), now), now) if told else []
    wrong = [c for c in wrong if not (_did_it(c, did, rows) and know(every, c, picture))]
    wrong = [c for c in wrong if not (_gave_it_up(c, gave_up) and know_it_is_off(every, c))]
    known = {row.key for row in rows} | told_to_deputies(wanted.values(), rows, earlier)
    known |= told_to_predecessors(wanted.values(), rows)
    fresh = [w for key, w in wanted.items() if key not in known and w.is_open and now < w.useful_until]
    carried_by = _carried_together(rows)
    concerns = owners_of_points(answers, rows, wanted.values(), picture) if answers is not None else None
    for row in rows:
        if row.kind == NoticeKind.NUDGE and concerns is not None and _whose(row) not in concerns:
            continue
        if row.kind in STANDING or row.kind == NoticeKind.CHANGE:
            _refresh(row, answers, now)
        elif row.kind == NoticeKind.SHORT_NOTICE:
            _keep_short_notice(row, carried_by.get(row.id, ()), wanted, answers, now)
        else:
            _settle(row, wanted.get(own_key(row.key)), answers, now)
    waiting = [row for row in rows if row.state == NoticeState.PENDING]
    wrong, carried = _carried_by([*waiting, *fresh], wrong, picture, now)
    for row in waiting:
        if row.key in carried:
            row.payload = dict(saying_what_changed(row.payload, row.kind, carried[row.key]))
    by_now = {**told, **{(c.person_id, c.stop_id): None for several in carried.values() for c in several}}
    changes = _changes(rows, wrong, by_now, picture, rulebook, now)
    await write_withdrawn(session, rows)
    await add_rows(session, [*besides, *new_rows([*fresh, *changes], picture, now, carried)])
    return wanted


async def concerned_now(
    session: AsyncSession, picture: Picture, rulebook: Rulebook, calendar: Calendar, now: datetime
) -> set[tuple[int, int]]:
    """(person, stop) pairs: whom the visit as it stands has something to tell about which stop; locks its notices."""
    rows = await rows_of(session, picture)
    planned = plan(picture, rulebook, calendar, asked_since(rows, earlier_of(rows), now))
    return _concerned(picture, rulebook, rows, planned, now)


def _concerned(
    picture: Picture, rulebook: Rulebook, rows: Sequence[Notice], wanted: Iterable[Wanted], now: datetime
) -> set[tuple[int, int]]:
    """(person, stop) pairs: whom the visit has something to tell about which stop, in their own or another's place."""
    pairs = concerned(picture, rulebook)
    return pairs | standing_in(rows, wanted, pairs, picture, now)


def _did_it(correction: Correction, did: Collection[tuple[int, int]], rows: Iterable[Notice]) -> bool:
    """Whether somebody has just changed it themselves (G2); what moved along with it they are told. Where word of an
    earlier change is on its way to them, that word is of both."""
    if (correction.person_id, correction.stop_id) not in did or correction.what != What.CHANGED:
        return False
    on_their_way = (r for r in rows if r.person_id == correction.person_id and r.state in OPEN_STATES)
    return not any(row.kind == NoticeKind.CHANGE or WAS in row.payload for row in on_their_way)


def _gave_it_up(correction: Correction, gave_up: Collection[int]) -> bool:
    """Whether somebody has just said themselves that they can't (G2)."""
    return correction.person_id in gave_up and correction.what == What.RELEASED


def _settle(row: Notice, wanted: Wanted | None, answers: Answers | None, now: datetime) -> None:
    """Move or withdraw what is still to be sent; have edited what was sent and shows something else now."""
    if row.state == NoticeState.MERGED:
        if row.sent_at is None and (wanted is None or not wanted.is_open):
            row.state, row.merged_into = NoticeState.WITHDRAWN, None
            row.reason = _why_not(wanted)
    elif row.state == NoticeState.PENDING:
        if wanted is None or not wanted.is_open:
            _withdraw(row, _why_not(wanted))
            return
        due = wanted.due_at if wanted.due_at > now else min(row.due_at, now)
        if (row.due_at, row.useful_until) != (due, wanted.useful_until):
            row.due_at, row.useful_until = due, wanted.useful_until
            if not may_have_arrived(row):
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
            row.state, row.reason, row.attempts = NoticeState.PENDING, "", 0
            row.due_at = row.attempt_at = max(wanted.due_at, now)
            row.useful_until, row.payload = wanted.useful_until, dict(wanted.payload)
            row.stop_id = wanted.stop_id
    else:
        _refresh(row, answers, now)


def _whose(row: Notice) -> int | None:
    """Whose part it tells, whoever reads it."""
    absent: int | None = row.payload.get(FOR, row.person_id)
    return absent


def _withdraw(row: Notice, reason: Reason) -> None:
    """What may have arrived is looked for first: who has it is told that it holds no more."""
    if not may_have_arrived(row):
        row.state, row.reason = NoticeState.WITHDRAWN, reason


def _why_not(wanted: Wanted | None) -> Reason:
    """Why there is nothing left to say."""
    if wanted is None:
        return Reason.NOT_PLANNED
    return Reason.AWAY if INSTEAD in wanted.payload else Reason.ANSWERED


def _told_of(rows: Iterable[Notice], picture: Picture, stops: Collection[int]) -> Iterator[int]:
    """The stops of which messages told that ask for what hangs on another stop now."""
    bookings = {booking.id for booking in picture.bookings if booking.stop_id in stops}
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
    answers: Answers | None,
    now: datetime,
) -> None:
    """It goes out as long as one of those it tells is still wanted."""
    planned = (wanted.get(own_key(r.key)) for r in told)
    if row.state == NoticeState.PENDING and not any(w is not None and w.is_open for w in planned):
        _withdraw(row, Reason.ANSWERED)
    elif row.state != NoticeState.SENT or any(can_show(r, answers) for r in told):
        _refresh(row, None, now)


def _refresh(row: Notice, answers: Answers | None, now: datetime) -> None:
    """What went out is to be looked at again: its message may have to be edited, or what it told be put right."""
    is_out = row.state == NoticeState.SENT and row.kind in EDITED
    if row.state == NoticeState.SENDING or (is_out and can_show(row, answers)):
        row.stale_since = now


def _carried_by(
    notices: Iterable[Notice | Wanted], wrong: list[Correction], picture: Picture, now: datetime
) -> tuple[list[Correction], dict[str, list[Correction]]]:
    """A notice that goes out right now about the same stop says what changed, and so does an urgent change that is put
    before somebody whose part it changes: no second message."""
    right_now = [n for n in notices if n.due_at <= now < n.useful_until]
    carriers = {(n.person_id, n.stop_id): n.key for n in right_now if n.kind in SHOWS_CHANGES}
    noting = {n.person_id: n.key for n in right_now if _is_to_be_noted(n, picture)}
    left, carried = [], defaultdict[str, list[Correction]](list)
    for correction in wrong:
        person, stop = correction.person_id, correction.stop_id
        carrier = carriers.get((person, stop)) or noting.get(person)
        if carrier is None or correction.what != What.CHANGED:
            left.append(correction)
        else:
            carried[carrier].append(correction)
    return left, carried


def _is_to_be_noted(notice: Notice | Wanted, picture: Picture) -> bool:
    """Whether it puts before its reader what has been made already (B8)."""
    if notice.kind != NoticeKind.CHANGE_REQUEST:
        return False
    request = picture.change_request(int(str(notice.payload["request"])))
    return request is not None and request.state == ChangeState.MADE


def _why_no_change(row: Notice, told: Told, picture: Picture) -> Reason:
    """Why word of changes need not go out, by what was `told` or is about to be in other messages."""
    changes = row.payload["changes"]
    if any(told.get((row.person_id or 0, change["stop"])) != change["old"] for change in changes):
        return Reason.TOLD_ALREADY
    return Reason.CHANGED_BACK if _is_all_as_told(row, picture) else Reason.NOT_PLANNED


def _is_all_as_told(row: Notice, picture: Picture) -> bool:
    """Whether everything that word of changes tells of has been changed back."""
    return picture.visit.is_open and all(_is_as_told(change, picture) for change in row.payload["changes"])


def _is_as_told(change: Mapping[str, Any], picture: Picture) -> bool:
    stop = picture.stop(change["stop"])
    return stop is None or (not stop.is_removed and still_holds(change["old"], facts(picture, stop)))


def _changes(
    rows: Sequence[Notice],
    wrong: Iterable[Correction],
    told: Told,
    picture: Picture,
    rulebook: Rulebook,
    now: datetime,
) -> list[Wanted]:
    """One change notice a person, however many stops and fields; one that waits is brought up to date."""
    by_person: dict[int, list[Correction]] = {}
    for correction in wrong:
        by_person.setdefault(correction.person_id, []).append(correction)
    changes = [row for row in rows if row.kind == NoticeKind.CHANGE and row.state == NoticeState.PENDING]
    for row in changes:
        if FOR in row.payload and _is_all_as_told(row, picture):  # else their deputy is to hear of it still
            _withdraw(row, Reason.CHANGED_BACK)
    own = [row for row in changes if FOR not in row.payload]
    waiting = {row.person_id: row for row in own if not _is_missed(row, picture, now)}
    for person_id, row in waiting.items():
        if person_id not in by_person:
            _withdraw(row, _why_no_change(row, told, picture))
    new = []
    for person_id, found in by_person.items():
        payload = {"changes": [correction.as_payload() for correction in found]}
        urgent = any(is_urgent(picture, correction, now) for correction in found)
        due = now if urgent else now + rulebook.gather_changes
        if person_id in waiting:
            row = waiting[person_id]
            row.payload = payload
            row.useful_until = of_use_until(picture, found, row.created_at, now)
            row.due_at = min(row.due_at, due)
            row.attempt_at = min(row.attempt_at, due) if row.attempts == 0 else row.attempt_at
        elif not _being_told(rows, person_id):
            count = sum(row.kind == NoticeKind.CHANGE and row.person_id == person_id for row in rows)
            new.append(
                Wanted(
                    key=f"change:person{person_id}:{count + 1}",
                    kind=NoticeKind.CHANGE,
                    due_at=due,
                    useful_until=of_use_until(picture, found, now, now),
                    person_id=person_id,
                    rule="B8",
                    payload=payload,
                )
            )
    return new


def _is_missed(row: Notice, picture: Picture, now: datetime) -> bool:
    """Whether word of a change waits that is of no use any more, all of it or in part: it is left to whoever sends it,
    so that what somebody did not hear in time is reported and not just forgotten."""
    begun = [c for c in row.payload["changes"] if now > over_at(picture, c["stop"], c["old"])]
    if begun and len(begun) < len(row.payload["changes"]):
        row.payload = dict(row.payload) | {"changes": begun}
    return bool(begun) or now >= row.useful_until


def _being_told(rows: Iterable[Notice], person_id: int) -> bool:
    """A change notice is on its way: what it told is compared again when it has arrived."""
    return any(
        r.kind == NoticeKind.CHANGE and r.state == NoticeState.SENDING and r.person_id == person_id for r in rows
    )
