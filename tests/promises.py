"""What must hold of every visit's notices at any moment, said without the code that is to keep it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from bot.models.bookings import Booking, BookingState
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.visits import Stop, Visit
from bot.procedure.bookings import drives_of, key_of, wanted_bookings
from bot.procedure.calendar import Calendar
from bot.procedure.corrections import VISIT
from bot.procedure.days import day_rules, parts_of, taking_part
from bot.procedure.deputies import FOR
from bot.procedure.picture import Picture, facts
from bot.procedure.plan import Wanted, plan, planned_key
from bot.procedure.rules import Rulebook
from bot.procedure.sayings import Say
from bot.procedure.silence import AWAY, CHASED
from bot.procedure.vocabulary import ASKING
from tests.small_office import Post

Pair = tuple[int | None, int | None]
"""(person, stop)."""
STANDING = {
    *(NoticeKind.CARD, NoticeKind.THREAD, NoticeKind.UNDELIVERED, NoticeKind.DRIVER_UNNAMED),
    *(NoticeKind.NUDGE, NoticeKind.HANDOVER, NoticeKind.LEFT),
}
"""What nobody plans: it follows from what somebody did."""
OVER = (NoticeState.SENT, NoticeState.FAILED)
IN_TIME = timedelta(minutes=1)
"""Whoever is asked so soon after the question was due has been asked in time."""


@dataclass(frozen=True)
class Books:
    """One visit as it stands, and everything that was ever to be told about it."""

    picture: Picture
    rows: list[Notice]
    posts: list[Post]
    rulebook: Rulebook
    calendar: Calendar
    now: datetime
    sheets: Sequence[Notice] = ()
    """The run sheets of its workspace: they tell of its stops as well (E1)."""

    @cached_property
    def wanted(self) -> dict[str, Wanted]:
        return {w.key: w for w in plan(self.picture, self.rulebook, self.calendar, self._open_since)}

    @cached_property
    def told(self) -> dict[Pair, dict[str, Any] | None]:
        """What everybody knows of each stop."""
        return last_told([*self.rows, *self.sheets])

    def _open_since(self, asked: Wanted) -> datetime:
        """A question is open from when it is due, and not before it was asked, but for the minute that is in time."""
        return max(asked.due_at, self._asked.get(asked.key, self.now))

    @cached_property
    def _asked(self) -> dict[str, datetime]:
        """When the last notice of each planned one arrived, or would now."""
        asked: dict[str, datetime] = {}
        for row in self.rows:
            if row.state in (NoticeState.WITHDRAWN, NoticeState.EXPIRED) and row.sent_at is None:
                continue  # wanted again, it falls due then
            key = planned_key(row.key)
            asked[key] = max(min(self._arrived(row), self.now), asked.get(key, row.created_at))
        return asked

    def _arrived(self, row: Notice) -> datetime:
        """When it was due, where it came within a minute; where nobody can be reached, when that was tried."""
        at = row.sent_at or (row.attempt_at if row.state == NoticeState.FAILED else self.now)
        return at if at - row.due_at > IN_TIME else row.due_at

    @cached_property
    def unheard(self) -> set[tuple[str, int | None, int | None]]:
        """What is asked (row, stop, request) where a question has been on its way for longer than a minute: what
        follows is counted from whenever somebody looked last."""
        waiting = [row for row in self.rows if self.is_waiting(row) or row.state == NoticeState.SENDING]
        late = [row for row in waiting if not follows(row) and self.now - row.due_at > IN_TIME]
        return {(row.rule, row.stop_id, row.booking_id) for row in late}

    def is_unheard(self, one: Notice | Wanted) -> bool:
        """Whether it follows from a question that is still on its way."""
        return follows(one) and (one.rule, one.stop_id, one.booking_id) in self.unheard

    @cached_property
    def answered_before(self) -> set[Pair]:
        """Who was asked something about which stop, or told of an answer, that has gone to somebody else since."""
        of_requests = [(row, self.picture.booking(row.booking_id)) for row in self.rows if row.sent_at]
        reassigned = [(row, booking) for row, booking in of_requests if booking and booking.owner_id is not None]
        return {
            (row.person_id, row.stop_id)
            for row, booking in reassigned
            if (row.kind == NoticeKind.REQUEST and row.payload["round"] < booking.round)
            or (row.kind == NoticeKind.REQUEST_ANSWER and row.payload["version"] < booking.version)
        }

    @cached_property
    def asked_for(self) -> set[tuple[int | None, int | None, object]]:
        """Who is to be told what about which stop in whose place."""
        return {(w.person_id, w.stop_id, w.payload.get(FOR)) for w in self.wanted.values()}

    @cached_property
    def concerned(self) -> set[Pair]:
        """Whom the procedure has anything to tell about which stop, be it on the run sheet (E1)."""
        about: set[Pair] = {
            (w.person_id, w.stop_id) for w in self.wanted.values() if not {FOR, CHASED} <= w.payload.keys()
        }
        about |= {(row.person_id, row.stop_id) for row in self.rows if row.sent_at and stands_in(self, row)}
        # Asked in a colleague's place this very moment, though Slack may not have taken it yet.
        about |= {
            (r.person_id, r.stop_id)
            for r in self.rows
            if self.is_waiting(r) and FOR in r.payload and r.due_at <= self.now
        }
        about |= {(w.person_id, stop.id) for w in self.wanted.values() for stop in self._besides(w)}
        sheets = day_rules(self.picture, self.rulebook)
        return about | {(one, on.id) for sheet in sheets for one, on in taking_part(self.picture, sheet)}

    def _besides(self, wanted: Wanted) -> Iterable[Stop]:
        """What stands on it besides its own stop: all that a leader is there or asked for, all that a driver drives
        to. Who declined a leader's time knows of all of it."""
        if wanted.person_id is None or FOR in wanted.payload:
            return ()
        if wanted.kind == NoticeKind.DRIVER_REQUEST:
            return drives_of(self.picture, wanted.person_id)
        leader = wanted.person_id if wanted.payload.get("say") == Say.LEADER_BRIEFING else None
        if wanted.kind == NoticeKind.LEADER_REQUEST:
            booking = self.picture.booking(wanted.booking_id)
            if booking is None or booking.state == BookingState.DECLINED:
                return self.picture.live_stops
            leader = booking.leader_id
        return [s for s in self.picture.live_stops if leader is not None and parts_of(self.picture, s, leader)]

    def planned_rows(self) -> list[Notice]:
        return [row for row in self.rows if row.kind not in STANDING | {NoticeKind.CHANGE, NoticeKind.SHORT_NOTICE}]

    def is_over(self, row: Notice) -> bool:
        """Whether it went out or could not, by itself or in one message with others (G4)."""
        return row.state in OVER or (row.state == NoticeState.MERGED and not self.is_waiting(row))

    def is_waiting(self, row: Notice) -> bool:
        """Whether it will still go out, by itself or in one message with others."""
        if row.state != NoticeState.MERGED:
            return row.state == NoticeState.PENDING
        carrier = self._by_id.get(row.merged_into or "")
        return carrier is not None and carrier.state in (NoticeState.PENDING, NoticeState.SENDING)

    @cached_property
    def _by_id(self) -> dict[str, Notice]:
        return {row.id: row for row in self.rows}

    def active(self, person_id: int | None) -> bool:
        return self.picture.people[person_id or 0].is_active


def nothing_is_overdue(books: Books) -> None:
    """Not later than the step in which it fell due: after a delivery only what Slack refused is left."""
    late = [
        row
        for row in books.rows
        if row.state == NoticeState.SENDING
        or (row.state == NoticeState.PENDING and row.attempt_at <= books.now and row.kind != NoticeKind.THREAD)
    ]
    assert not late, f"not sent in time: {[(row.key, row.state, row.due_at) for row in late]}"


def open_as_planned(books: Books) -> None:
    """What is waiting is what the planner wants and is still of use, due when the planner says."""
    rows = [row for row in books.planned_rows() if not books.is_unheard(row)]
    over = {planned_key(row.key) for row in rows if books.is_over(row)}
    wanted = {
        key: w
        for key, w in books.wanted.items()
        if w.is_open
        and books.now < w.useful_until
        and not books.is_unheard(w)
        and (key not in over or is_off_since(books, w) or hangs_on_another(books, w) or names_others(books, w))
        and not knows_from_handover(books, w)
    }
    waiting = {planned_key(row.key): row for row in rows if books.is_waiting(row)}
    tried = {key for key, row in waiting.items() if row.attempts and books.now >= row.useful_until}
    assert set(waiting) - tried == set(wanted), (
        f"not wanted: {set(waiting) - tried - set(wanted)}, missing: {set(wanted) - set(waiting)}"
    )
    for key, w in wanted.items():
        row = waiting[key]
        if row.state == NoticeState.MERGED:
            continue  # it goes out with its message
        assert row.due_at == w.due_at or (w.due_at <= row.due_at <= books.now), (key, row.due_at, w.due_at)
        assert row.useful_until == w.useful_until, key
        assert row.due_at < row.useful_until, f"{key} is of no use when it is due: {row.due_at}, {row.useful_until}"
        about = (row.stop_id, row.booking_id, {name: value for name, value in row.payload.items() if name != "was"})
        assert about == (w.stop_id, w.booking_id, dict(w.payload)), key
        assert row.attempts or row.attempt_at == row.due_at, key


def follows(one: Notice | Wanted) -> bool:
    """Whether it is said because an answer is missing."""
    return CHASED in one.payload or one.kind == NoticeKind.SILENCE


def nobody_is_chased_unasked(books: Books) -> None:
    """Whoever is asked once more was asked before, and not later than it says."""
    for row in books.rows:
        key = planned_key(row.key)
        if not row.sent_at or not key.endswith(":chase"):
            continue
        asked = [one for one in books.rows if planned_key(one.key) == key.removesuffix(":chase")]
        since = datetime.fromisoformat(row.payload[CHASED]) + IN_TIME
        arrived = [one for one in asked if (one.sent_at and one.sent_at <= since) or one.state == NoticeState.FAILED]
        assert arrived or not asked, f"{row.key}: {[(one.state, one.sent_at) for one in asked]}"


def is_off_since(books: Books, wanted: Wanted) -> bool:
    """Whether the person heard, when this was last told or after, that it is off for them: back, they are told anew,
    but not that somebody is silent of whom they have heard that already."""
    if wanted.kind == NoticeKind.SILENCE:
        return False
    told = [at for at, _ in said_before(books, wanted)]
    off = [
        row.sent_at
        for row in (*books.rows, *books.sheets)
        if row.sent_at and row.person_id == wanted.person_id and row.told.get(str(wanted.stop_id), {}) is None
    ]
    return bool(told and off) and max(off) >= max(told)


def hangs_on_another(books: Books, wanted: Wanted) -> bool:
    """Whether a request is about another stop than it was when its owner was last asked."""
    told = said_before(books, wanted)
    return wanted.kind in ASKING and bool(told) and max(told)[1] != wanted.stop_id


def said_before(books: Books, wanted: Wanted) -> list[tuple[datetime, int]]:
    """When this was told, or could not be, and about which stop."""
    over = [row for row in books.rows if planned_key(row.key) == wanted.key and books.is_over(row)]
    return [(row.sent_at or row.created_at, row.stop_id or 0) for row in over]


def names_others(books: Books, wanted: Wanted) -> bool:
    """Whether somebody is silent now of whom those who were told of a silence have not heard."""
    if wanted.kind != NoticeKind.SILENCE:
        return False
    told = [row.payload for row in books.rows if row.sent_at and planned_key(row.key) == wanted.key]
    named = {person for payload in told for person in silent_in(payload)}
    return not silent_in(wanted.payload) <= named


def silent_in(payload: Mapping[str, Any]) -> set[int]:
    return {person for asked in payload["silent"]["unanswered"] for person in asked["people"]}


def told_once(books: Books) -> None:
    """Whatever Slack did, no notice is posted twice, and none without its row knowing."""
    count = Counter(post.notice for post in books.posts)
    assert not [notice for notice, times in count.items() if times > 1], count
    sent = {row.id for row in books.rows if row.state == NoticeState.SENT}
    assert sent <= set(count), "marked as sent, never posted"


def told_not_before_time(books: Books) -> None:
    """No message leaves before it is due."""
    due = {row.id: row.due_at for row in books.rows}
    early = [post for post in books.posts if post.notice in due and post.at < due[post.notice]]
    assert not early, early


def knows_from_handover(books: Books, wanted: Wanted) -> bool:
    """Whether it is good news of the plan that reached whoever was lead host then."""
    if wanted.payload.get("news") not in ("approved", "granted", "taken_back"):
        return False
    news = wanted.key.rpartition(":person")[0]
    others = {row.key for row in books.rows if row.sent_at and row.key.rpartition(":person")[0] == news}
    return any(key not in books.wanted for key in others)


def nobody_is_misled(books: Books) -> None:
    """Whoever was told something that is not so has a message coming that says what is."""
    coming, visit = coming_changes(books.rows), books.picture.visit
    for (person, stop_id), known in books.told.items():
        stop = books.picture.stop(stop_id)
        if stop_id == VISIT and known is not None and books.active(person) and person != visit.canceled_by_id:
            assert visit.is_open or visit.departs_at <= books.now or (person, VISIT) in coming, f"{person} waits for it"
        if known is None or stop is None or not books.active(person):
            continue
        if max(datetime.fromisoformat(known["starts_at"]), stop.starts_at) <= books.now:
            continue
        if not books.picture.visit.is_open and person == books.picture.visit.canceled_by_id:
            continue  # they know best
        if (person, stop_id) in books.answered_before:
            continue  # it was theirs until they declined
        if person in (known.get("host"), books.picture.visit.lead_host_id):
            known = {name: value for name, value in known.items() if name != "host"}  # handed over, or took over
        has_part = takes_part(books, person, stop) or will_take_part(books, person, stop)
        if not (has_part and agrees(known, facts(books.picture, stop))):
            assert (person, stop_id) in coming, (
                f"{person} believes {known} of stop {stop_id}, which is {facts(books.picture, stop)}"
            )


def nobody_waits_in_vain(books: Books) -> None:
    """Whoever ought to know of a stop by now does: not even those who were told, earlier, that it is off for them."""
    told, coming = books.told, coming_changes(books.rows)
    waiting = {pair for row in books.rows if books.is_waiting(row) for pair in about(row)}
    failed = {pair for row in books.rows if row.state == NoticeState.FAILED for pair in about(row)}
    heard = {planned_key(row.key) for row in books.rows if row.kind == NoticeKind.SILENCE and row.sent_at}
    for w in books.wanted.values():
        if w.key in heard:
            continue  # that somebody is silent tells nothing of the stop itself
        if w.stop_id is None or not w.is_open or not w.due_at <= books.now < w.useful_until:
            continue
        pairs = about(w)
        knows = any(told.get(pair) is not None for pair in pairs)
        assert knows or pairs & (waiting | coming | failed), f"{w.key}: was told {[told.get(pair) for pair in pairs]}"


def about(row: Notice | Wanted) -> set[Pair]:
    """What a notice tells its recipient of; the reception notice tells that the visit takes place as well."""
    at_all: set[Pair] = {(row.person_id, VISIT)} if row.payload.get("say") == Say.RECEPTION_NOTICE else set()
    return {(row.person_id, row.stop_id)} | at_all


def last_told(rows: Iterable[Notice]) -> dict[Pair, dict[str, Any] | None]:
    """What each person knows of each stop by what arrived, the newest word on each fact."""
    knows: dict[Pair, dict[str, Any] | None] = {}
    arrived = [(row.sent_at, row) for row in rows if row.sent_at and row.person_id]
    for _, row in sorted(arrived, key=lambda pair: pair[0]):
        for stop_id, said in row.told.items():
            pair: Pair = (row.person_id, int(stop_id))
            knows[pair] = None if said is None else {**(knows.get(pair) or {}), **said}
    return knows


def coming_changes(rows: Iterable[Notice]) -> set[Pair]:
    """(person, stop) of the corrections that are on their way, and of messages that carry one."""
    pending = [row for row in rows if row.state == NoticeState.PENDING and row.person_id is not None]
    changes = {(r.person_id, c["stop"]) for r in pending if r.kind == NoticeKind.CHANGE for c in r.payload["changes"]}
    return changes | {(r.person_id, r.stop_id) for r in pending if "was" in r.payload}


def takes_part(books: Books, person: int | None, stop: Stop) -> bool:
    """Whether the procedure has anything to tell this person about this stop."""
    return not stop.is_removed and books.picture.visit.is_open and (person, stop.id) in books.concerned


def will_take_part(books: Books, person: int | None, stop: Stop) -> bool:
    """Whether it has, once the plan is approved: whoever knows of the stop already keeps hearing what changes."""
    if books.picture.visit.prepared_from is not None:
        return False
    visit = Visit(**books.picture.visit.model_dump() | {"prepared_from": books.now})
    picture = replace(books.picture, visit=visit)
    asked = (*picture.bookings, *asked_for_then(picture, books.rulebook))
    return takes_part(replace(books, picture=replace(picture, bookings=asked)), person, stop)


def asked_for_then(picture: Picture, rulebook: Rulebook) -> Iterator[Booking]:
    """What will be asked for as soon as the plan is approved."""
    present = {key_of(booking, rulebook) for booking in picture.bookings if booking.state != BookingState.RELEASED}
    missing = (want for want in wanted_bookings(picture, rulebook) if want.key not in present)
    for number, want in enumerate(missing, 1):
        yield Booking(
            id=-number,
            visit_id=picture.visit.key,
            kind=want.kind,
            rule=want.rule.id,
            stop_id=want.stop.id,
            leader_id=want.leader_id,
            changed_at=want.stop.starts_at,
        )


def stands_in(books: Books, row: Notice) -> bool:
    """Whether whoever was told in a colleague's place has still to do with it.

    They are to be told just that; or they were told because the other was silent or not to be reached, and the other
    is asked still; or they have answered.
    """
    if FOR not in row.payload:
        return False
    if CHASED in row.payload:
        # Whoever stands in for several of the silent is asked still while one of them is.
        is_asked = (row.person_id, row.stop_id) in {(one, stop) for one, stop, whose in books.asked_for if whose}
    else:
        asked = {(one, stop) for one, stop, _ in books.asked_for}
        is_asked = AWAY not in row.payload and (row.payload[FOR], row.stop_id) in asked
    if is_asked:
        return True
    answered = {declared.person_id for declared in books.picture.declarations if declared.stop_id == row.stop_id}
    return row.person_id in answered | {b.answered_by_id or 0 for b in books.picture.bookings if b.id == row.booking_id}


def agrees(known: dict[str, Any], present: dict[str, Any]) -> bool:
    return all(present[name] == value for name, value in known.items())


ALWAYS = (
    *(open_as_planned, told_once, told_not_before_time),
    *(nobody_is_misled, nobody_waits_in_vain, nobody_is_chased_unasked),
)
LONGEST_GATHERING = timedelta(minutes=2)
