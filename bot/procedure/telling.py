"""What a notice tells of a visit: what its reader knows once it has arrived. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from bot.models.notices import Notice, NoticeKind
from bot.models.visits import Stop
from bot.procedure.bookings import drives_of
from bot.procedure.corrections import VISIT, What
from bot.procedure.days import stops_with
from bot.procedure.deputies import FOR
from bot.procedure.picture import Picture, facts
from bot.procedure.sayings import Say
from bot.procedure.vocabulary import Fact
from bot.procedure.wanted import Wanted

FOLLOWS_PLAN = (
    NoticeKind.REMINDER,
    NoticeKind.DUTY,
    NoticeKind.VEHICLE_REQUEST,
    NoticeKind.DRIVER_REQUEST,
    NoticeKind.LEADER_REQUEST,
    NoticeKind.SILENCE,
    NoticeKind.PLAN_REQUEST,
    NoticeKind.PLAN_NEWS,
    NoticeKind.CHANGE_REQUEST,
    NoticeKind.CHANGE_NEWS,
    NoticeKind.REQUEST,
    NoticeKind.CALLED_OFF,
)
"""They are sent as long as the plan wants them."""
SHOWS_CHANGES = (
    NoticeKind.REMINDER,
    NoticeKind.DUTY,
    NoticeKind.VEHICLE_REQUEST,
    NoticeKind.DRIVER_REQUEST,
    NoticeKind.LEADER_REQUEST,
    NoticeKind.REQUEST,
    NoticeKind.REQUEST_ANSWER,
)
"""Whatever changed in their stop since their reader was told last stands on them, old and new."""
WAS = "was"
"""In the payload of what shows changes: the facts as its reader was told them before."""
OWN_PART = "own"
"""In the payload of an urgent change that is put before somebody: what of it their own part is, told with it."""

WHOLE_VISIT = frozenset(
    {
        Say.OUR_CONTACT,
        Say.APPLICATION,
        Say.BACKGROUND_CHECK,
        Say.ANNOUNCE_NUMBER,
        Say.INVITATION_LETTER,
        Say.OTHER_STOPS,
        Say.EARLY_WORD,
        Say.AGREE_ITINERARY,
        Say.ITINERARY_CHANGED,
        Say.SEND_PLAN,
        Say.RECEPTION_NOTICE,
        Say.HOTEL,
        Say.LEADER_BRIEFING,
        Say.CASH_ADVANCE,
        Say.GATE_NOTICE,
        Say.DOUBLE_CHECK,
        Say.SIGHTS,
    }
)
"""Duties that are about the visit as a whole: the stay instead of a stop."""
SHOWN_ON: Mapping[str, Collection[Say]] = {
    "contact": {
        Say.IN_PLACE,
        Say.GUESTS_ABOARD,
        Say.DROP_OFF,
        Say.DIRECTIONS,
        Say.GATE_SOON,
        Say.CONFIRM_ARRIVAL,
        Say.ANNOUNCE_NUMBER,
        Say.OUR_CONTACT,
        Say.APPLICATION,
    },
    "driver": {Say.DRIVER_MISSING, Say.BILL},
    "ends_at": {Say.BILL, Say.AFTER_MEAL},
    "food": {Say.RECONFIRM_RESTAURANT, Say.DISHES, Say.SUPPLIES, Say.RESTAURANTS},
    "leaves": {Say.GIFT, Say.CAR_AT_DOOR, Say.SEE_OFF, Say.LEAVE_IN_TIME},
    "plate": {Say.GATE_NOTICE, Say.GATE_SOON, Say.DROP_OFF},
    "route": {Say.DIRECTIONS, Say.DROP_OFF, Say.TOUR_READY, Say.TRIP_PLAN, Say.CAR_STOCK},
    "subject": {Say.ROOM_READY, Say.MEETING_ROOM, Say.PROGRAMME},
}
"""Facts of a stop that stand on some duties only, by name."""

_ON_EVERY_DUTY = frozenset({"starts_at", "guests", "host"})
_ON_DUTIES_OF_STOPS = frozenset({"place", "room", "number", "means"})
_ASKS_CONSENT = (NoticeKind.PLAN_REQUEST, NoticeKind.CHANGE_REQUEST)
_HANGS_ON: dict[str, tuple[str, ...]] = {
    Fact.TIME: ("ends_at",),
    Fact.GUESTS: ("guests",),
    Fact.DIETS: ("food",),
    Fact.NUMBER: ("number",),
}
"""What a request tells of its stop besides the start: what it hangs on."""


def tells(notice: Notice | Wanted, picture: Picture, merged: Sequence[Notice] = ()) -> dict[str, Any]:
    """Stop by stop; None for a stop that is off for its reader. `merged`: what a short notice carries (G4)."""
    if notice.kind == NoticeKind.SHORT_NOTICE:
        return _several(merged, picture)
    if notice.kind == NoticeKind.CHANGE:
        return {str(entry["stop"]): _now_known(entry, picture) for entry in _changes(notice)}
    if notice.kind in _ASKS_CONSENT:
        return {str(VISIT): {}, **{str(entry["stop"]): _now_known(entry, picture) for entry in _own_part(notice)}}
    stop = picture.stop(notice.stop_id)
    if notice.payload.get("say") == Say.RECEPTION_NOTICE:
        # Their own part everybody is told besides; what has changed in it stands here, too.
        changed = {name: facts(picture, stop).get(name) for name in _were(notice)} if stop is not None else {}
        return {str(VISIT): {}} | ({str(notice.stop_id): changed} if changed else {})
    if stop is None or notice.kind not in (*FOLLOWS_PLAN, *SHOWS_CHANGES) or notice.kind == NoticeKind.SILENCE:
        return {}
    known = facts(picture, stop)
    told = _of_kind(notice, picture, known) | _were(notice).keys()
    besides = {str(other.key): _when(picture, other) for other in _besides(notice, picture)}
    return besides | {str(stop.key): {name: value for name, value in known.items() if name in told}}


def _besides(notice: Notice | Wanted, picture: Picture) -> Iterable[Stop]:
    """What stands on it besides its own stop, with its time: the other stops of a leader who is told of the guests
    (C5) or asked for (B6), and the other drives of a driver who is asked (C1). A deputy has to do with none of it."""
    if notice.person_id is None or FOR in notice.payload:
        return ()
    if notice.kind == NoticeKind.DRIVER_REQUEST:
        return drives_of(picture, notice.person_id)
    booking = picture.booking(notice.booking_id) if notice.kind == NoticeKind.LEADER_REQUEST else None
    is_briefing = notice.payload.get("say") == Say.LEADER_BRIEFING
    leader = booking.leader_id if booking else notice.person_id if is_briefing else None
    return stops_with(picture, leader) if leader is not None else ()


def _when(picture: Picture, stop: Stop) -> dict[str, Any]:
    return {name: value for name, value in facts(picture, stop).items() if name in ("starts_at", "leaves")}


def _of_kind(notice: Notice | Wanted, picture: Picture, known: Iterable[str]) -> set[str]:
    """The names of the facts that stand on a message of this kind."""
    match notice.kind:
        case NoticeKind.REQUEST | NoticeKind.REQUEST_ANSWER:
            booking = picture.booking(notice.booking_id)
            asked = booking.asked if booking else ()
            return {"starts_at"} | {name for fact in asked for name in _HANGS_ON.get(fact, ())}
        case NoticeKind.LEADER_REQUEST:
            return {"starts_at", "place", "guests"}
        case NoticeKind.VEHICLE_REQUEST:
            # Who drives is administration's own answer, not something it is told.
            return set(known) - {"driver", "plate"}
        case NoticeKind.DUTY:
            say = Say(str(notice.payload["say"]))
            special = {name for name, duties in SHOWN_ON.items() if say in duties}
            return {*_ON_EVERY_DUTY, *(() if say in WHOLE_VISIT else _ON_DUTIES_OF_STOPS), *special}
        case _:
            return set(known)


def _were(notice: Notice | Wanted) -> Mapping[str, Any]:
    was = notice.payload.get(WAS)
    return was if isinstance(was, Mapping) else {}


def _several(merged: Iterable[Notice], picture: Picture) -> dict[str, Any]:
    """Without what stands on a part besides its own stop: it is no word of a change, and could not be told from one."""
    several: dict[str, Any] = {}
    for item in merged:
        own = {str(VISIT), str(item.stop_id)}
        for stop_id, facts_told in tells(item, picture).items():
            if stop_id in own:
                several[stop_id] = {**several.get(stop_id, {}), **facts_told}
    return several


def _changes(notice: Notice | Wanted) -> Iterable[Mapping[str, Any]]:
    changes = notice.payload["changes"]
    assert isinstance(changes, list)
    return changes


def _own_part(notice: Notice | Wanted) -> Iterable[Mapping[str, Any]]:
    own = notice.payload.get(OWN_PART, [])
    assert isinstance(own, list)
    return own


def _now_known(entry: Mapping[str, Any], picture: Picture) -> dict[str, Any] | None:
    stop = picture.stop(entry["stop"])
    if stop is None or entry["what"] != What.CHANGED:
        return None
    present = facts(picture, stop)
    return {name: present.get(name) for name in entry["old"]}
