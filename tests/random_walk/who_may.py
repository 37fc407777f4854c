"""Who may do what, in the procedure's words: what the verbs' own checks are compared with."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from bot.models.bookings import BookingKind, BookingState
from bot.models.notices import NoticeKind
from bot.models.roles import Part, Role
from bot.models.visits import StopKind
from tests.random_walk.tables import Tables

Whom = Callable[[Tables, Any], set[int]]
"""From the row that a verb is about to the people who may do it, by person id."""


_ARRIVING = (StopKind.PICKUP, StopKind.OWN_CAR)


class Deed(StrEnum):
    """What people do, as far as who may is concerned."""

    CHANGE = "change a visit"
    ASSIGN = "assign a car"
    ANSWER = "answer a request"
    GIVE_BACK = "say that it can't be after all"
    REASSIGN = "put a request to somebody else"
    DECIDE = "decide on a plan"
    CONSENT = "decide on a change"
    TAKE_BACK = "ask for a change no longer"
    DECLARE = "answer a reminder"
    HAND_OVER = "hand a visit over"
    HAND_ON = "hand a visit over that its lead host has left"
    TAKE_OVER = "take over from a colleague"
    DELAY = "say that the guests are late"


def _host(tables: Tables, visit: Any) -> set[int]:
    """The lead host, whoever opened it, and administration with its deputies, unless it is confidential (G1)."""
    own = {visit.lead_host_id, visit.opened_by_id}
    return own if visit.is_confidential else own | _in_the_role(tables, Role.ADMINISTRATION)


def _in_the_role(tables: Tables, *roles: Role) -> set[int]:
    return tables.stand_ins(tables.holders(*roles))


def _visit(tables: Tables, row: Any) -> Any:
    return tables["visit"][row.visit_id]


def _hosts_of(tables: Tables, row: Any) -> set[int]:
    return _host(tables, _visit(tables, row))


def _assigners(tables: Tables, booking: Any) -> set[int]:
    asked = {booking.owner_id} - {None}
    named = tables.stand_ins(asked) if asked else set()
    return named | _in_the_role(tables, Role.ADMINISTRATION) | _host_of_an_unfilled_role(tables, booking)


def _host_of_an_unfilled_role(tables: Tables, booking: Any) -> set[int]:
    here = {p for p in _in_the_role(tables, Role.ADMINISTRATION) if tables["person"][p].is_active}
    return set() if here else {_visit(tables, booking).lead_host_id}


def _asked(tables: Tables, booking: Any) -> set[int]:
    """The driver who was named; else everybody who was ever sent this request, and those who stand in for them."""
    if booking.kind == BookingKind.VEHICLE and booking.state == BookingState.ASSIGNED:
        return tables.stand_ins({booking.driver_id})
    if booking.kind == BookingKind.VEHICLE:
        return _assigners(tables, booking)
    if booking.owner_id is not None:
        return tables.stand_ins({booking.owner_id})
    own = (NoticeKind.SILENCE, NoticeKind.CHANGE)
    told = {n.person_id for n in tables.where("notice", booking_id=booking.id) if n.kind not in own}
    host = {_visit(tables, booking).lead_host_id}
    return tables.stand_ins((told - {None}) | host | tables.holders(*Role))


def _said_yes(tables: Tables, booking: Any) -> set[int]:
    """Whoever did, and who stands in for them; the driver who was named; administration a car."""
    said = {booking.answered_by_id} - {None}
    if booking.kind != BookingKind.VEHICLE:
        return said | _asked(tables, booking)
    driver = tables.stand_ins({booking.driver_id} - {None}) if booking.state == BookingState.CONFIRMED else set()
    return said | driver | _assigners(tables, booking)


def _asked_to_decide(tables: Tables, plan: Any) -> set[int]:
    """The approvers, whom they handed it to, and whoever stands in for one of them."""
    approvers = tables.holders(Role.APPROVER_1, Role.APPROVER_2, Role.APPROVER_3)
    handed_to = getattr(plan, "handed_to_id", None)
    handed = set() if handed_to is None else {handed_to}
    return tables.stand_ins(tables.stand_ins(approvers) | handed)


def _who_might_have_asked(tables: Tables, request: Any) -> set[int]:
    return {request.asked_by_id} | _hosts_of(tables, request)


def _addressee(_: Tables, notice: Any) -> set[int]:
    return {notice.person_id}


def _meets_the_guests(tables: Tables, visit: Any) -> set[int]:
    """Those who may change the visit, and those who stand at the airport."""
    arrivals = {stop.id for stop in tables.where("stop", visit_id=visit.id) if stop.kind in _ARRIVING}
    parts = tables.where("participant", visit_id=visit.id)
    parts += [row for row in tables.where("stop_participant", visit_id=visit.id) if row.stop_id in arrivals]
    return _host(tables, visit) | {p.person_id for p in parts if p.part in (Part.DRIVER, Part.GREETER)}


def _answer_for_the_host(tables: Tables, visit: Any) -> set[int]:
    """The lead host, whom they named, and administration, unless it is confidential (G1)."""
    own = tables.stand_ins({visit.lead_host_id})
    return own if visit.is_confidential else own | _in_the_role(tables, Role.ADMINISTRATION)


def _know_of_it(tables: Tables, visit: Any) -> set[int]:
    """The same, and of a confidential visit whoever opened it, who approves and who receives, and who stands in for
    one of them: which of them, depends on who else is still there."""
    own = {visit.opened_by_id} | tables.holders(Role.APPROVER_1, Role.APPROVER_2, Role.APPROVER_3)
    parts = [*tables.where("participant", visit_id=visit.id), *tables.where("stop_participant", visit_id=visit.id)]
    own |= {row.person_id for row in parts if row.part in (Part.LEADER, Part.GREETER)}
    always = tables.stand_ins(_answer_for_the_host(tables, visit))
    return always | tables.stand_ins(tables.stand_ins(own)) if visit.is_confidential else always


def _may_relieve(tables: Tables, person: Any) -> set[int]:
    """Administration, whoever decides on the settings, and whom the person named."""
    named = _in_the_role(tables, Role.ADMINISTRATION, Role.SETTINGS) | {person.deputy_id}
    admins = {one.id for one in tables.where("person", is_workspace_admin=True)}
    return (named | admins) - {person.id, None}


MAY: Mapping[Deed, Whom] = {
    Deed.CHANGE: _host,
    Deed.ASSIGN: _assigners,
    Deed.ANSWER: _asked,
    Deed.GIVE_BACK: _said_yes,
    Deed.REASSIGN: _hosts_of,
    Deed.DECIDE: _asked_to_decide,
    Deed.CONSENT: _asked_to_decide,
    Deed.TAKE_BACK: _who_might_have_asked,
    Deed.DECLARE: _addressee,
    Deed.HAND_OVER: _answer_for_the_host,
    Deed.HAND_ON: _know_of_it,
    Deed.TAKE_OVER: _may_relieve,
    Deed.DELAY: _meets_the_guests,
}
