"""Whom an addressee of the rulebook stands for."""

from bot.models.bookings import Booking, Owners
from bot.models.roles import Part, Role
from bot.models.visits import Stop
from bot.procedure.levels import level_of
from bot.procedure.picture import Picture
from bot.procedure.rules import Rule
from bot.procedure.vocabulary import To

_PARTS = {
    To.DRIVER: Part.DRIVER,
    To.LEADERS: Part.LEADER,
    To.INTERPRETER: Part.INTERPRETER,
    To.PHOTOGRAPHER: Part.PHOTOGRAPHER,
}
"""Parts that nobody stands in for."""
ROLES = {
    To.ADMINISTRATION: Role.ADMINISTRATION,
    To.EXECUTIVE_OFFICE: Role.EXECUTIVE_OFFICE,
    To.FRONT_DESK: Role.FRONT_DESK,
    To.GATE: Role.GATE,
    To.IT: Role.IT,
    To.FINANCE: Role.FINANCE,
    To.DEPARTMENT_HEAD: Role.DEPARTMENT_HEAD,
    To.VICE_PRESIDENT: Role.VICE_PRESIDENT,
    To.TECHNICAL: Role.TECHNICAL,
}
"""The roles of the workspace that rules are addressed to."""
APPROVERS = {1: Role.APPROVER_1, 2: Role.APPROVER_2, 3: Role.APPROVER_3}
"""Who approves what, by level (B4)."""


def recipients(picture: Picture, to: To, stop: Stop | None = None) -> tuple[int, ...]:
    """The people a rule's addressee stands for in this visit, or at one of its stops.

    People who have left are not asked; what would then reach nobody falls to administration, or to the lead host.
    """
    if to in _PARTS:
        return picture.active(_PARTS[to], stop)
    host = (picture.visit.lead_host_id,)
    match to:
        case To.LEAD_HOST:
            return host
        case To.SENIOR_LEADERS | To.OTHER_LEADERS:
            senior = picture.holders(Role.SENIOR_LEADER)
            return tuple(p for p in receiving(picture, stop) if (p in senior) is (to is To.SENIOR_LEADERS))
        case To.GREETERS:
            return picture.active(Part.GREETER, stop) or host
        case To.TEAM:
            return picture.active(Part.TEAM, stop) or host
        case To.GUIDE:
            return picture.active(Part.GUIDE, stop) or picture.active(Part.TEAM, stop) or host
        case To.TECHNICAL:
            return picture.active(Part.TECHNICAL, stop) or picture.holders(Role.TECHNICAL)
        case To.APPROVER:
            return picture.holders(APPROVERS[level_of(picture)]) or host
        case To.DEPARTMENT_HEAD | To.VICE_PRESIDENT:
            return picture.holders(ROLES[to])
        case To.ADMINISTRATION | To.EXECUTIVE_OFFICE:
            return picture.holders(ROLES[to]) or host
        case _:
            return picture.holders(ROLES[to]) or picture.holders(Role.ADMINISTRATION) or host


def receiving(picture: Picture, stop: Stop | None = None) -> tuple[int, ...]:
    """The leaders who accompany the guests or meet them, in this visit or at one of its stops."""
    return tuple(dict.fromkeys([*picture.active(Part.LEADER, stop), *picture.active(Part.GREETER, stop)]))


def role_of(to: To) -> Role | None:
    """The role of the workspace behind an addressee, where it is one."""
    return ROLES.get(to)


def asked_people(picture: Picture, rule: Rule, stop: Stop | None) -> dict[int, To]:
    """Whom a request is put to, and as what; where nobody fills the role, as for the banquets of a house without a
    vice president, administration sees to it."""
    asked = {person: to for to in reversed(rule.to) for person in recipients(picture, to, stop)}
    return asked or dict.fromkeys(recipients(picture, To.ADMINISTRATION), To.ADMINISTRATION)


def owners_of(picture: Picture, rule: Rule | None, booking: Booking) -> Owners:
    """Whom a request is put to: whoever it was reassigned to, else those whom its rule names."""
    if booking.owner_id is not None:
        return Owners((booking.owner_id,))
    if rule is None:
        return Owners()
    stop = picture.stop(booking.stop_id)
    people = asked_people(picture, rule, stop)
    roles = {role for to in (*rule.to, *people.values()) if (role := role_of(to)) is not None}
    return Owners(tuple(reversed(people)), frozenset(roles))
