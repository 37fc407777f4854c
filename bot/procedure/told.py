"""What people have been told of a visit, as its notices say."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.procedure.calendar import Calendar
from bot.procedure.consents import NOTHING_TO_DO
from bot.procedure.corrections import Correction, Told, still_holds
from bot.procedure.deputies import FOR
from bot.procedure.picture import Picture, facts
from bot.procedure.plan import Wanted, again, plan, planned_key
from bot.procedure.rules import Rulebook
from bot.procedure.silence import CHASED, Asked, silent_people
from bot.procedure.vocabulary import ASKING
from bot.procedure.wanted import own_key

_LISTS_OTHERS = (NoticeKind.DRIVER_REQUEST, NoticeKind.LEADER_REQUEST, NoticeKind.DUTY)
_NEWS = (NoticeKind.PLAN_NEWS, NoticeKind.CHANGE_NEWS)
_NEVER_SENT = (NoticeState.WITHDRAWN, NoticeState.EXPIRED)
"""Wanted again, they fall due then."""
PROMPT = timedelta(minutes=1)
"""Whoever is asked so soon after the question fell due was asked in time: nothing that follows from it moves."""


@dataclass(frozen=True)
class Earlier:
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
        is_another = wanted.kind in ASKING and self.about[wanted.key] != wanted.stop_id
        return is_another or self.is_off_since(wanted, self.last[wanted.key])

    def is_off_since(self, told: Notice | Wanted, at: datetime) -> bool:
        """Whether the person has heard since this was told them that its stop is off for them."""
        off = self.off.get((told.person_id or 0, told.stop_id or 0))
        return off is not None and off >= at


def earlier_of(rows: Iterable[Notice]) -> Earlier:
    """From all notices of a visit, and run sheets that told of it."""
    found = Earlier()
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


def asked_since(rows: Sequence[Notice], earlier: Earlier, now: datetime, *, unwritten: bool = True) -> Asked:
    """Since when each question has really been open: not before somebody was asked, or will be now that it is moved.

    Until it is sent, there is from now on as much time to answer as there is. `unwritten`: so it is with a question
    that no notice asks yet; without it, of such a one only when it falls due counts.
    """
    asked = {r.key: asked_at(r, now) for r in rows if r.sent_at is not None or r.state not in _NEVER_SENT}

    def since(wanted: Wanted) -> datetime:
        times = earlier.times[wanted.key]
        key = again(wanted.key, times if earlier.is_void(wanted) else max(times - 1, 0))
        return max(wanted.due_at, min(asked.get(key, now if unwritten else wanted.due_at), now))

    return since


def asked_at(question: Notice, now: datetime) -> datetime:
    """When its recipient was asked, promptly or not; now, as long as it has not arrived. Whoever cannot be reached is
    waited for since the last try."""
    is_on_its_way = question.sent_at is None and question.state != NoticeState.FAILED
    at = now if is_on_its_way else question.sent_at or question.attempt_at
    return at if at - question.due_at > PROMPT else question.due_at


def follows(notice: Notice) -> bool:
    """Whether it is there because an answer is missing: the question once more, to a deputy, or word of the silence."""
    return CHASED in notice.payload or notice.kind == NoticeKind.SILENCE


def is_asked_late(rows: Iterable[Notice], now: datetime) -> bool:
    """Whether any question among these came late, or has not arrived yet although it was due."""
    asked = (row for row in rows if not follows(row) and (row.sent_at is not None or row.state not in _NEVER_SENT))
    return any(asked_at(row, now) > row.due_at for row in asked)


def too_early(
    following: Iterable[Notice],
    rows: Sequence[Notice],
    picture: Picture,
    rulebook: Rulebook,
    calendar: Calendar,
    now: datetime,
) -> set[str]:
    """Of what follows from questions, by id: what is not due yet, or not to be said at all, counted from the moment at
    which those were asked. `rows`: all notices of the visit."""
    since = asked_since(rows, earlier_of(rows), now, unwritten=False)
    due = {wanted.key: wanted.due_at for wanted in plan(picture, rulebook, calendar, since)}

    def is_early(row: Notice) -> bool:
        moment = due.get(planned_key(row.key))
        return moment is None or moment > max(row.due_at, now)

    return {row.id for row in following if is_early(row)}


def told_to_deputies(wanted: Iterable[Wanted], rows: Iterable[Notice], earlier: Earlier) -> set[str]:
    """What people are to be told who were told it already in somebody's place, and not since that it is off."""
    told = (row for row in rows if FOR in row.payload and CHASED not in row.payload)
    deputies = [row for row in told if row.sent_at is not None and not earlier.is_off_since(row, row.sent_at)]
    if not deputies:
        return set()
    planned = {planned_key(notice.key): notice for notice in wanted}
    # What was asked in the place of somebody who is asked themselves again is asked anew in another's.
    known = {_content(row) for row in deputies if row.key != own_key(row.key) or planned_key(row.key) in planned}
    return {w.key for w in planned.values() if CHASED not in w.payload and _content(w) in known}


def told_to_predecessors(wanted: Iterable[Wanted], rows: Iterable[Notice]) -> set[str]:
    """News of a plan with nothing left to do that whoever was lead host then was told: whoever has the visit since
    knows how it stands from the handover (G1)."""
    planned = list(wanted)
    keys = {notice.key for notice in planned}
    gone = (row for row in rows if row.kind in _NEWS and row.sent_at is not None and row.key not in keys)
    known = {_without_reader(row.key) for row in gone if row.key == own_key(row.key)}
    return {w.key for w in planned if w.payload.get("news") in NOTHING_TO_DO and _without_reader(w.key) in known}


def _without_reader(key: str) -> str:
    return planned_key(key).rpartition(":person")[0]


def _content(told: Notice | Wanted) -> tuple[object, ...]:
    """What it says to whom: one question is not asked twice, several about the same stop are."""
    return told.kind, told.rule, told.stop_id, told.booking_id, told.person_id, told.payload.get("asks")


def told_by(rows: Iterable[Notice]) -> Told:
    """What each person was last told about each stop.

    A run sheet tells what is, and not that it was otherwise: it does not stand in for word of a change. Nor does what
    else of its reader's stops stands on a message about one of them.
    """
    told: dict[tuple[int, int], dict[str, object] | None] = {}
    sent = (row for row in rows if row.sent_at is not None and row.person_id is not None)
    for row in sorted(sent, key=lambda r: (r.sent_at, r.id)):
        for stop_id, known in row.told.items():
            earlier = told.get((row.person_id or 0, int(stop_id))) or {}
            is_besides = row.kind in _LISTS_OTHERS and int(stop_id) != row.stop_id
            is_word = row.kind != NoticeKind.RUN_SHEET and not is_besides
            newest = None if known is None else {**earlier, **known} if is_word else {**known, **earlier}
            told[row.person_id or 0, int(stop_id)] = newest
    return told


def know(rows: Iterable[Notice], correction: Correction, picture: Picture) -> bool:
    """What the person was told of the stop reads from now on as it is; whether there is such a stop."""
    stop, key = picture.stop(correction.stop_id), str(correction.stop_id)
    if stop is None:
        return False
    present = facts(picture, stop)
    for row in rows:
        known = row.told.get(key) if row.sent_at is not None and row.person_id == correction.person_id else None
        if known is not None:
            row.told = row.told | {key: {name: present.get(name) for name in known}}
    return True


def know_it_is_off(rows: Iterable[Notice], correction: Correction) -> bool:
    """Of whatever told the person of the stop: they know that it is off for them."""
    key = str(correction.stop_id)
    for row in rows:
        if row.sent_at is not None and row.person_id == correction.person_id and row.told.get(key) is not None:
            row.told = row.told | {key: None}
    return True


def asked_back(planned: Iterable[Wanted], rows: Iterable[Notice], earlier: Earlier) -> Iterator[Wanted]:
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


def holds(row: Notice, picture: Picture, pairs: Collection[tuple[int, int]]) -> bool:
    """Whether what this notice told is still so, and still so for its recipient. `pairs`: who is `concerned`.

    Another lead host makes no message old: what it asks is asked still, and it names the new one.
    """
    for stop_id, old in row.told.items():
        stop = picture.stop(int(stop_id))
        if old is None or stop is None:
            continue
        known = {name: value for name, value in old.items() if name != "host"}
        if (row.payload.get(FOR, row.person_id), stop.id) not in pairs or not still_holds(known, facts(picture, stop)):
            return False
    return True
