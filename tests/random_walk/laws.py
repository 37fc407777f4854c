"""What must hold of the rows themselves, before and after a step; said without the code that is to keep it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from bot.models.bookings import BookingKind, BookingState
from bot.models.notices import RecordKind
from bot.models.plans import ChangeState, PlanState
from bot.models.roles import Part, Role
from bot.models.visits import Approval, Means, StopKind, VisitState
from tests.random_walk.tables import Law, Tables, changed

_R, _A, _N, _C, _D, _X = (
    BookingState.REQUESTED,
    BookingState.ASSIGNED,
    BookingState.COUNTERED,
    BookingState.CONFIRMED,
    BookingState.DECLINED,
    BookingState.RELEASED,
)
_START = None
EDGES: Mapping[str, Mapping[Any, Collection[str]]] = {
    "visit": {_START: {VisitState.OPEN}, VisitState.OPEN: {VisitState.CANCELED}, VisitState.CANCELED: ()},
    "plan": {
        _START: {PlanState.SUBMITTED},
        PlanState.SUBMITTED: {PlanState.APPROVED, PlanState.RETURNED, PlanState.TAKEN_BACK},
        PlanState.APPROVED: (),
        PlanState.RETURNED: (),
        PlanState.TAKEN_BACK: (),
    },
    "change_request": {
        _START: {ChangeState.ASKED, ChangeState.MADE},
        ChangeState.ASKED: {ChangeState.GRANTED, ChangeState.REFUSED, ChangeState.OVERTAKEN, ChangeState.TAKEN_BACK},
        ChangeState.MADE: {ChangeState.SEEN},
        ChangeState.GRANTED: (),
        ChangeState.REFUSED: (),
        ChangeState.SEEN: (),
        ChangeState.OVERTAKEN: (),
        ChangeState.TAKEN_BACK: (),
    },
    "booking": {
        _START: {_R, _C},
        _R: {_A, _N, _C, _D, _X},
        _A: {_R, _C, _D, _X},
        _N: {_R, _C, _X},
        _C: {_R, _A, _D, _X},
        _D: {_R, _A, _X},
        _X: (),
    },
}
"""From each state: where a step may lead."""
OF_A_CHANGE = {
    *(RecordKind.CHANGED, RecordKind.DELAYED, RecordKind.PARTY_CHANGED, RecordKind.LEVEL_CHOSEN, RecordKind.CANCELED),
    *(RecordKind.PLAN_APPROVED, RecordKind.LEADER_DECLINED, RecordKind.DRIVER_DECLINED, RecordKind.VEHICLE_DECLINED),
    *(RecordKind.VEHICLE_ASSIGNED, RecordKind.OPENED, RecordKind.CLIENT_CHANGED, RecordKind.HANDED_OVER),
}
"""What may lead to a request's being asked again or released."""
EXPLAINS: Mapping[tuple[str, str], Collection[str]] = {
    ("visit", VisitState.OPEN): {RecordKind.OPENED},
    ("visit", VisitState.CANCELED): {RecordKind.CANCELED},
    ("plan", PlanState.SUBMITTED): {RecordKind.PLAN_SENT},
    ("plan", PlanState.APPROVED): {RecordKind.PLAN_APPROVED},
    ("plan", PlanState.RETURNED): {RecordKind.PLAN_RETURNED},
    ("plan", PlanState.TAKEN_BACK): {RecordKind.PLAN_TAKEN_BACK},
    ("change_request", ChangeState.ASKED): {RecordKind.CHANGE_ASKED},
    ("change_request", ChangeState.MADE): {RecordKind.CHANGE_MADE},
    ("change_request", ChangeState.GRANTED): {RecordKind.CHANGE_GRANTED},
    ("change_request", ChangeState.TAKEN_BACK): {RecordKind.CHANGE_TAKEN_BACK},
    ("change_request", ChangeState.REFUSED): {RecordKind.CHANGE_REFUSED},
    ("change_request", ChangeState.SEEN): {RecordKind.CHANGE_SEEN},
    ("change_request", ChangeState.OVERTAKEN): {RecordKind.CHANGE_OVERTAKEN},
    ("booking", _A): {RecordKind.VEHICLE_ASSIGNED},
    ("booking", _C): {
        *(RecordKind.VEHICLE_CONFIRMED, RecordKind.LEADER_CONFIRMED, RecordKind.REQUEST_CONFIRMED),
        *(RecordKind.COUNTER_ACCEPTED, RecordKind.CHANGED),
    },
    ("booking", _D): {RecordKind.VEHICLE_DECLINED, RecordKind.LEADER_DECLINED, RecordKind.REQUEST_DECLINED},
    ("booking", _N): {RecordKind.REQUEST_COUNTERED},
    ("booking", _X): OF_A_CHANGE | {RecordKind.REQUESTS_RELEASED, RecordKind.LEFT},
    ("booking", _R): OF_A_CHANGE | {RecordKind.COUNTER_REJECTED, RecordKind.REQUEST_REASSIGNED},
}
"""Which record says how a row came into a state."""
_TAKES_BACK_AN_ANSWER = {
    *(RecordKind.REQUESTS_ASKED_AGAIN, RecordKind.DRIVER_DECLINED, RecordKind.COUNTER_REJECTED),
    RecordKind.REQUEST_REASSIGNED,
}
"""Which record says why an answer does not hold any more."""
APPROVAL_AFTER = {
    RecordKind.PLAN_SENT: Approval.SUBMITTED,
    RecordKind.PLAN_APPROVED: Approval.APPROVED,
    RecordKind.PLAN_RETURNED: Approval.RETURNED,
    RecordKind.PLAN_TAKEN_BACK: Approval.DRAFT,
}


def states_follow_legal_edges(before: Tables, after: Tables) -> None:
    """Nothing comes into a state that its state before does not lead to; nothing that has a state is deleted."""
    for table, was, now in changed(before, after, *EDGES):
        assert now is not None, f"{table} {was.id} is gone"
        come_from = was.state if was else _START
        if come_from != now.state:
            assert now.state in EDGES[table][come_from], f"{table} {now.id}: {come_from} -> {now.state}"


def versions_only_grow(before: Tables, after: Tables) -> None:
    """A button that was made before a row came into another state is known as old."""
    for table, was, now in changed(before, after, "plan", "change_request", "booking"):
        if was is not None:
            assert now.version >= was.version, f"{table} {now.id}: version {was.version} -> {now.version}"
            assert now.state == was.state or now.version > was.version, f"{table} {now.id}: {now.state}, same version"


def nothing_is_held_twice(_: Tables, after: Tables) -> None:
    """No two holds on one car, one driver or one room overlap."""
    for column in ("vehicle_id", "person_id", "room_id"):
        of_column = [hold for hold in after["hold"].values() if getattr(hold, column) is not None]
        for one, other in combinations(of_column, 2):
            same = getattr(one, column) == getattr(other, column)
            overlap = one.starts_at < other.ends_at and other.starts_at < one.ends_at
            assert not (same and overlap), f"{column} {getattr(one, column)} is held twice: {one}, {other}"


def holds_are_what_was_given(_: Tables, after: Tables) -> None:
    """Whatever was given and still stands is held, and nothing else is."""
    for booking in after["booking"].values():
        held = after.where("hold", booking_id=booking.id)
        found = {(h.vehicle_id, h.person_id, h.room_id) for h in held}
        given: set[tuple[Any, ...]] = set()
        if booking.state in (_A, _C) and after["visit"][booking.visit_id].state == VisitState.OPEN:
            if booking.kind == BookingKind.VEHICLE and _drives_of(after, booking):
                given = {(booking.vehicle_id, None, None), (None, booking.driver_id, None)}
            elif booking.room_id is not None:
                given = {(None, None, booking.room_id)}
        assert found == given, f"booking {booking.id} ({booking.kind}, {booking.state}) was given {given}: {held}"
        assert all(hold.visit_id == booking.visit_id for hold in held)


def drivers_of_stops_are_held(_: Tables, after: Tables) -> None:
    """Whoever is named to drive a single stop is held for it, and nobody else is without a request."""
    for visit in after.open_visits():
        named = {person for stop in _drives(after, visit.id) for person in _drivers_named(after, stop)}
        named -= {_given_driver(after, visit.id)}
        held = {hold.person_id for hold in after.where("hold", visit_id=visit.id, booking_id=None)}
        assert held == named, f"visit {visit.id}: {held} are held, {named} are named"


def _drives_of(tables: Tables, booking: Any) -> bool:
    """Whether the request's driver drives any stop that was not over when the car was given."""
    driven = [
        (stop, stop.starts_at if stop.kind == StopKind.DEPARTURE else stop.ends_at)
        for stop in _drives(tables, booking.visit_id)
    ]
    named = [_drivers_named(tables, stop) for stop, until in driven if until > booking.changed_at]
    return any(not people or booking.driver_id in people for people in named)


def _drives(tables: Tables, visit_id: int) -> list[Any]:
    stops = tables.where("stop", visit_id=visit_id, is_removed=False)
    own = (StopKind.PICKUP, StopKind.DEPARTURE)
    return [stop for stop in stops if stop.needs_car or (stop.kind in own and stop.means != Means.OWN_CAR)]


def _drivers_named(tables: Tables, stop: Any) -> set[int]:
    """Those who are still here; where somebody has left, whom they named stands in for them."""
    persons, found = tables["person"], set()
    for participant in tables.where("stop_participant", stop_id=stop.id, part=Part.DRIVER):
        person = persons[participant.person_id]
        stand_in = person if person.is_active else persons.get(person.deputy_id)
        if stand_in is not None and stand_in.is_active:
            found.add(stand_in.id)
    return found


def _given_driver(tables: Tables, visit_id: int) -> int | None:
    requests = tables.where("booking", visit_id=visit_id, kind=BookingKind.VEHICLE)
    return next((request.driver_id for request in requests if request.state in (_A, _C)), None)


def the_record_stays(before: Tables, after: Tables) -> None:
    """Nothing of it is altered or taken out."""
    for _, was, now in changed(before, after, "record"):
        assert was is None, f"{was} became {now}"


def the_record_explains_every_state(before: Tables, after: Tables) -> None:
    """Whatever came into another state in this step, a record of this step says how."""
    for table, was, now in changed(before, after, *EDGES):
        if (was.state if was else _START) == now.state or (table == "booking" and was is None):
            continue
        kinds = {record.kind for record in _new_records(before, after, _visit_of(table, now))}
        why = EXPLAINS[table, now.state]
        if table == "booking" and now.state == _R and was.state in (_A, _C, _N):
            why = _TAKES_BACK_AN_ANSWER
        assert kinds & set(why), f"{table} {now.id} is {now.state} now, the record only knows of {kinds}"


def the_record_says_when(before: Tables, after: Tables) -> None:
    """A stop that moved, one that was added or taken out: a record of this step names it, or the moment."""
    for _, was, now in changed(before, after, "stop"):
        moved = was is None or was.starts_at != now.starts_at or was.is_removed != now.is_removed
        if moved:
            records = _new_records(before, after, now.visit_id)
            assert any(_speaks_of(record, now) for record in records), f"stop {now} moved, the record says {records}"


def _speaks_of(record: Any, stop: Any) -> bool:
    if record.kind == RecordKind.OPENED or record.details.get("stop") == stop.id:
        return True
    said = record.details.get("changes", {}) if record.kind in OF_A_CHANGE else {}
    moments = {new for name in ("arrives_at", "departs_at", "starts_at") for new in said.get(name, ())}
    by_car = {"arrival_means", "wants_pickup", "driver"} & said.keys()
    return record.kind == RecordKind.DELAYED or bool(by_car) or stop.starts_at.isoformat() in moments


def approval_is_what_the_record_says(_: Tables, after: Tables) -> None:
    """Whoever replays the record of a visit gets where its plan stands."""
    for visit in after["visit"].values():
        if visit.approval == Approval.NOT_NEEDED:
            continue
        kinds = [record.kind for record in after.where("record", visit_id=visit.id) if record.kind in APPROVAL_AFTER]
        replayed = APPROVAL_AFTER[kinds[-1]] if kinds else Approval.DRAFT
        assert visit.approval == replayed, f"visit {visit.id} is {visit.approval}, its record says {kinds}"


def moments_are_what_the_record_says(_: Tables, after: Tables) -> None:
    """Of each fact of a stop or a visit: what the record says was new is what the next one says was old."""
    for visit in after["visit"].values():
        known: dict[Any, Any] = {}
        for record in after.where("record", visit_id=visit.id):
            said = record.details.get("changes", {}) if record.kind in OF_A_CHANGE else {}
            for name, pair in said.items():
                fact = (record.details.get("stop"), name)
                if len(pair) == 2 and name in ("starts_at", "place", "room", "company", "party_size"):
                    known[fact] = pair[1]
        for (stop, name), value in known.items():
            if stop is None and name in ("company", "party_size"):
                assert getattr(visit, name) == value, f"{name} is {getattr(visit, name)}, the record says {value}"


def nothing_is_prepared_before_approval(_: Tables, after: Tables) -> None:
    """No car is asked for and nothing is confirmed for a visit whose plan nobody has approved (B4)."""
    for booking in after["booking"].values():
        visit = after["visit"][booking.visit_id]
        if visit.prepared_from is None:
            assert booking.state == _X or booking.kind == BookingKind.LEADER, f"{booking} before any approval"


def at_most_one_plan_waits(_: Tables, after: Tables) -> None:
    """And it waits exactly as long as its visit says so."""
    for visit in after["visit"].values():
        waiting = after.where("plan", visit_id=visit.id, state=PlanState.SUBMITTED)
        assert len(waiting) == int(visit.approval == Approval.SUBMITTED), f"{visit.approval}: {waiting}"


_APPROVED: Mapping[str, Collection[str]] = {
    "visit": ("company", "guest_name", "party_size", "purpose", "wants_hotel", "hotel_payer", "estimated_cost"),
    "stop": ("starts_at", "ends_at", "is_removed", "subject", "style"),
}
_WITH_CONSENT = {RecordKind.CHANGE_GRANTED, RecordKind.CHANGE_MADE}


def what_was_approved_stands(before: Tables, after: Tables) -> None:
    """It changes with consent, urgently with the approver's knowledge, or by an approver's own hand (B8)."""
    approvers = after.stand_ins(after.holders(Role.APPROVER_1, Role.APPROVER_2, Role.APPROVER_3))
    for table, was, now in changed(before, after, *_APPROVED):
        visit_id = _visit_of(table, now)
        visit = before["visit"].get(visit_id)
        if visit is None or visit.approval != Approval.APPROVED or after["visit"][visit_id].approval != visit.approval:
            continue
        if was is None or any(getattr(was, name) != getattr(now, name) for name in _APPROVED[table]):
            records = list(_new_records(before, after, visit_id))
            may = any(record.kind in _WITH_CONSENT or record.person_id in approvers for record in records)
            assert may, f"{table} {was} became {now} though it was approved, by {records}"


ALWAYS: tuple[Law, ...] = (
    states_follow_legal_edges,
    versions_only_grow,
    nothing_is_held_twice,
    holds_are_what_was_given,
    drivers_of_stops_are_held,
    the_record_stays,
    the_record_explains_every_state,
    the_record_says_when,
    approval_is_what_the_record_says,
    moments_are_what_the_record_says,
    nothing_is_prepared_before_approval,
    at_most_one_plan_waits,
    what_was_approved_stands,
)


_WAITING: Mapping[str, Collection[str]] = {
    "plan": (PlanState.SUBMITTED,),
    "change_request": (ChangeState.ASKED,),
    "booking": (_R, _A, _N),
}
_A_NIGHT = timedelta(hours=10)
"""Nobody is woken for an answer that was due in the night if the morning is early enough."""


def silence_was_noticed(after: Tables, now: datetime, *, is_chased: bool) -> None:
    """In the end every request was answered, released, or somebody else heard that nobody answered."""
    for table, states in _WAITING.items():
        for row in after[table].values():
            is_open = after["visit"][row.visit_id].state == VisitState.OPEN
            if row.state not in states or not is_open or row.answer_by is None or row.answer_by + _A_NIGHT >= now:
                continue
            if table == "booking" and _was_over(after, row):
                continue
            told = {notice.person_id for notice in _told_of(after, table, row)}
            least = 2 if is_chased or table != "booking" else 1
            is_anybody_left = table != "booking" or _could_hear(after, row) - told
            assert len(told) >= least or not is_anybody_left, f"{table} {row} waits, and all who were told are {told}"


def _was_over(tables: Tables, booking: Any) -> bool:
    """Whether what it is for was over when it was asked for, as for a leader who is named afterwards, or put there."""
    stop, records = tables["stop"][booking.stop_id], tables.where("record", visit_id=booking.visit_id)
    put = [record.at for record in records if _speaks_of(record, stop)]
    return bool(stop.ends_at <= max([booking.changed_at, *put]))


def _could_hear(tables: Tables, booking: Any) -> set[int]:
    """Administration and the lead host, or their deputies, as far as they are here when nobody has answered."""
    hosts = tables.holders(Role.ADMINISTRATION) | {tables["visit"][booking.visit_id].lead_host_id}
    people = [tables["person"][person] for person in tables.stand_ins(hosts)]
    return {one.id for one in people if one.is_active and (not one.away_until or one.away_until <= booking.answer_by)}


def _told_of(tables: Tables, table: str, row: Any) -> list[Any]:
    """The notices about a request as it was put last that reached somebody, by themselves or in one message with
    others."""
    told = [n for n in tables.where("notice", visit_id=row.visit_id) if n.sent_at is not None or n.merged_into]
    if table == "booking":
        put = f"booking{row.id}:round{row.round}:"
        return [n for n in told if put in n.key or (n.booking_id == row.id and "round" not in n.key)]
    key = {"plan": f"plan:{row.id}:", "change_request": f"consent:{row.id}:"}[table]
    return [notice for notice in told if notice.key.startswith(key)]


def _visit_of(table: str, row: Any) -> int:
    return int(row.id if table == "visit" else row.visit_id)


def _new_records(before: Tables, after: Tables, visit_id: int) -> Iterator[Any]:
    return iter([r for r in after.where("record", visit_id=visit_id) if r.id not in before["record"]])
