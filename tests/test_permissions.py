"""Who may see and do what: every role in every state of a visit, against a table that a person can check."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from bot.app import read_rulebook
from bot.models.bookings import Booking, BookingKind, BookingState, Owners
from bot.models.people import Actor, Person
from bot.models.roles import Part, Role
from bot.models.visits import StopKind, Visit
from bot.procedure.leaving import can_hand_over, whom_to_tell
from bot.procedure.picture import Picture
from bot.procedure.recipients import APPROVERS
from bot.procedure.rules import Rulebook
from bot.procedure.seeing import can_be_seen_by
from tests.classic import only
from tests.samples import DINNER, PICKUP, Scene, at, with_stop
from tests.test_messages import CATALOGS

HOST, OPENER, DEPUTY, STRANGER, PART, AT_A_STOP, DRIVER, LEADER = 1, 2, 20, 21, 22, 23, 24, 25
HOLDER = 30
"""Whoever fills the role under test."""
BOOK = only("C1", "B6", "D3.1", "C11b", "C9", "C8", "A8", "B10", "C6")
"""Rows that ask administration, front desk, gate, IT, finance, technical staff, and those who hear early."""

# s: see, c: change, p: see passports, r: read the record, h: hand over. Ordinary visits first, then confidential ones.
TABLE = """
lead host               scprh  scprh
who opened it           sc.r.  sc.r.
takes part              s....  s....
takes part in a stop    s....  s....
drives                  s....  s....
the leader who is asked s....  s....
deputy of the lead host s...h  s...h
nobody in particular    s....  .....
administration          sc.rh  s....
executive_office        s....  s....
senior_leader           s....  .....
driver                  s....  .....
front_desk              s....  s....
gate                    s....  s....
it                      s....  s....
finance                 s....  s....
technical               s....  s....
vice_president          s....  s....
department_head         s....  s....
approver_1              s..r.  .....
approver_2              s..r.  .....
approver_3              s..r.  s..r.
settings                s....  .....
passports               s.p..  .....
lead host who has left  .....  .....
lead host elsewhere     .....  .....
approver elsewhere      .....  .....
"""
ROWS = [(line[:23].strip(), *line[23:].split()) for line in TABLE.strip().splitlines()]


def actor_of(who: str) -> Actor:
    """Somebody as the first column of the table calls them."""
    people = {
        "lead host": HOST,
        "who opened it": OPENER,
        "takes part": PART,
        "takes part in a stop": AT_A_STOP,
        "drives": DRIVER,
        "the leader who is asked": LEADER,
        "deputy of the lead host": DEPUTY,
        "nobody in particular": STRANGER,
        "lead host who has left": HOST,
        "lead host elsewhere": HOST,
        "approver elsewhere": HOLDER,
    }
    roles = {Role(who)} if who in list(Role) else {Role.APPROVER_3} if who.startswith("approver") else set()
    person = Person(
        id=people.get(who, HOLDER),
        workspace_id="T02" if who.endswith("elsewhere") else "T01",
        slack_id="U",
        name=who,
        is_active=not who.endswith("has left"),
    )
    stands_in = frozenset({HOST}) if who.startswith("deputy") else frozenset()
    return Actor(person, frozenset(roles), stands_in)


def picture_for(actor: Actor, *, is_confidential: bool, is_open: bool = True) -> Picture:
    """The visit in a house whose every role has a holder; the one under test is filled by the actor."""
    scene = Scene(CATALOGS, "en")
    holders = {role: (HOLDER if role in actor.roles else 40 + number,) for number, role in enumerate(Role)}
    asked = scene.booking(BookingKind.LEADER, leader_id=LEADER)
    picture = scene.picture(
        stops=with_stop(scene.stops(), DINNER, kind=StopKind.MEETING),
        roles=holders,
        bookings=[scene.booking(), asked],
        parts={Part.TEAM: (PART,), Part.DRIVER: (DRIVER,)},
        is_confidential=is_confidential,
        lead_host_id=HOST,
        opened_by_id=OPENER,
        state="open" if is_open else "canceled",
        guest_rank=None,
    )
    ids = {*range(1, 60)} | {actor.id}
    people = {n: Person(id=n, workspace_id="T01", slack_id=f"U{n}", name=str(n)) for n in ids}
    return replace(picture, people=people, stop_parts={(PICKUP, Part.GREETER): (AT_A_STOP,)})


def may(actor: Actor, picture: Picture, rulebook: Rulebook) -> str:
    """A row of the table."""
    visit = picture.visit
    sees = can_be_seen_by(picture, rulebook, actor)
    allowed = {
        "s": sees,
        "c": sees and visit.can_be_changed_by(actor),
        "p": sees and visit.can_see_passports(actor),
        "r": sees and visit.shows_record_to(actor),
        "h": sees and can_hand_over(picture, actor),
    }
    return "".join(verb if is_allowed else "." for verb, is_allowed in allowed.items())


@pytest.mark.parametrize(("who", "ordinary", "confidential"), ROWS, ids=[row[0] for row in ROWS])
def test_who_may(who: str, ordinary: str, confidential: str) -> None:
    actor = actor_of(who)
    assert may(actor, picture_for(actor, is_confidential=False), BOOK) == ordinary
    assert may(actor, picture_for(actor, is_confidential=True), BOOK) == confidential


@pytest.mark.parametrize("who", [row[0] for row in ROWS])
@pytest.mark.parametrize("is_confidential", [True, False])
def test_nobody_changes_what_they_do_not_see(who: str, is_confidential: bool) -> None:
    """The verbs that ask only the visit refuse as much as those that look at everything."""
    actor = actor_of(who)
    picture = picture_for(actor, is_confidential=is_confidential)
    visit = picture.visit
    if can_be_seen_by(picture, BOOK, actor):
        return
    assert not visit.can_be_changed_by(actor)
    assert not visit.can_see_passports(actor)
    assert not can_hand_over(picture, actor)


APPROVES_1, APPROVES_2, APPROVES_3 = (40 + list(Role).index(role) for role in APPROVERS.values())
HANDED_OVER_BY = [
    ((), {HOST}),
    ((OPENER, APPROVES_1, APPROVES_2, APPROVES_3), {HOST}),
    ((HOST,), {OPENER}),
    ((HOST, OPENER), {APPROVES_3}),
    ((HOST, OPENER, APPROVES_3), {APPROVES_2}),
    ((HOST, OPENER, APPROVES_1, APPROVES_2, APPROVES_3), {AT_A_STOP, LEADER}),
    ((HOST, OPENER, APPROVES_1, APPROVES_2, APPROVES_3, AT_A_STOP), {LEADER}),
]
"""Who has left, and who hands a confidential visit over then: nobody else, be they named in it or not."""


@pytest.mark.parametrize(("gone", "expected"), HANDED_OVER_BY)
def test_who_hands_over_a_confidential_visit_is_told_so_and_sees_it(gone: Collection[int], expected: set[int]) -> None:
    found = picture_for(actor_of("nobody in particular"), is_confidential=True)
    people = {n: Person(**p.model_dump() | {"is_active": n not in gone}) for n, p in found.people.items()}
    leaders = {(DINNER, Part.LEADER): (LEADER,)}
    picture = replace(found, people=people, stop_parts={**found.stop_parts, **leaders})
    everybody = [Actor(person, frozenset({Role.ADMINISTRATION})) for person in people.values()]
    may = {actor.id for actor in everybody if can_hand_over(picture, actor)}
    assert may == expected == set(whom_to_tell(picture))
    assert all(can_be_seen_by(picture, BOOK, actor) for actor in everybody if actor.id in may)


def test_every_role_stands_in_the_table() -> None:
    assert set(Role) <= {row[0] for row in ROWS}


def test_by_the_rulebook_that_ships_the_house_is_asked_and_nobody_else() -> None:
    rulebook = read_rulebook()
    seen = {
        who for who, *_ in ROWS if "s" in may(actor_of(who), picture_for(actor_of(who), is_confidential=True), rulebook)
    }
    assert {"passports", "settings", "nobody in particular", "approver_1"} & seen == set()
    assert {"lead host", "administration", "gate"} <= seen


ASSIGNERS = {Role.ADMINISTRATION}
ANSWERS_FOR_LEADERS = {Role.EXECUTIVE_OFFICE}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", BookingState)
@pytest.mark.parametrize("kind", BookingKind)
@pytest.mark.parametrize("is_driver", [True, False])
def test_who_answers_requests(role: Role, state: BookingState, kind: BookingKind, is_driver: bool) -> None:
    person = Person(id=DRIVER if is_driver else STRANGER, workspace_id="T01", slack_id="U", name="N")
    booking = Booking(id=1, visit_id=1, kind=kind, state=state, driver_id=DRIVER, changed_at=at(3, 9))
    actor = Actor(person, frozenset({role}))
    owners = Owners(roles=frozenset({Role.EXECUTIVE_OFFICE}))
    is_car, is_owner = kind == BookingKind.VEHICLE, role in ANSWERS_FOR_LEADERS
    waits = state == BookingState.REQUESTED
    assert booking.can_be_assigned_by(actor) == (is_car and role in ASSIGNERS)
    confirms = (is_driver and state == BookingState.ASSIGNED) if is_car else (waits and is_owner)
    assert booking.can_be_confirmed_by(actor, owners) == confirms
    takes_back = kind == BookingKind.REQUEST and state == BookingState.CONFIRMED and is_owner
    assigns = is_car and waits and (is_owner or role in ASSIGNERS)
    assert booking.can_be_declined_by(actor, owners) == (confirms or takes_back or assigns)
    assert booking.can_be_countered_by(actor, owners) == (confirms and not is_car)


@pytest.mark.parametrize("who", [row[0] for row in ROWS])
@pytest.mark.parametrize("state", BookingState)
@pytest.mark.parametrize("kind", BookingKind)
def test_who_acts_on_answers(who: str, state: BookingState, kind: BookingKind) -> None:
    """What was suggested, and what was declined, comes back to those who may change the visit."""
    actor = actor_of(who)
    visit = picture_for(actor, is_confidential=False).visit
    booking = Booking(id=1, visit_id=1, kind=kind, state=state, changed_at=at(3, 9))
    may_change = visit.can_be_changed_by(actor)
    assert booking.counter_can_be_answered_by(actor, visit) == (may_change and state == BookingState.COUNTERED)
    is_without = state in (BookingState.REQUESTED, BookingState.DECLINED) and kind != BookingKind.LEADER
    assert booking.can_be_reassigned_by(actor, visit) == (may_change and is_without)


def test_the_reference_of_a_confidential_visit_stays_with_it() -> None:
    visit: Visit = picture_for(actor_of("lead host"), is_confidential=True).visit
    assert visit.reference not in visit.reference_elsewhere
