"""Who may see a visit: everybody of the house; of a confidential one only those who are named in it. Pure."""

from bot.models.bookings import BookingKind
from bot.models.people import Actor
from bot.models.roles import Role
from bot.procedure.conditions import applies
from bot.procedure.ladder import consenting
from bot.procedure.leaving import whom_to_tell
from bot.procedure.levels import level_of
from bot.procedure.picture import Picture
from bot.procedure.plan import APPROVERS, concerned, stops_of
from bot.procedure.recipients import role_of
from bot.procedure.rules import Rulebook


def can_be_seen_by(picture: Picture, rulebook: Rulebook, actor: Actor) -> bool:
    """Whether the visit exists for this person."""
    if not picture.visit.belongs_to(actor):
        return False
    if not picture.visit.is_confidential:
        return True
    named = named_in(picture, rulebook)
    return actor.id in named or bool(actor.stands_in_for & named)


def named_in(picture: Picture, rulebook: Rulebook) -> frozenset[int]:
    """Lead host and opener, all who take part, those who are asked or told something, those who approve, and who hands
    it over once the lead host has left."""
    visit = picture.visit
    named = {visit.lead_host_id, visit.opened_by_id, *whom_to_tell(picture)}
    named |= {person for group in (*picture.parts.values(), *picture.stop_parts.values()) for person in group}
    named |= {person for person, _ in concerned(picture, rulebook)}
    for role in _asked_roles(picture, rulebook):
        named |= {*picture.holders(role), *picture.deputies(role)}
    named |= consenting(picture)
    for booking in picture.bookings:
        asked = (booking.leader_id, booking.driver_id, booking.owner_id)
        named |= {person for person in asked if person is not None}
    return frozenset(named)


def front_desk_is_asked(picture: Picture, rulebook: Rulebook) -> bool:
    """Whether the front desk has something to do for the visit: then the board says when."""
    return Role.FRONT_DESK in _asked_roles(picture, rulebook)


def _asked_roles(picture: Picture, rulebook: Rulebook) -> set[Role]:
    """The roles of the workspace that have a part in the visit by the rulebook, by a request, or by approving it."""
    roles = {APPROVERS[level_of(picture)]}
    for rule in rulebook.otherwise(picture.overrides).rules:
        if any(applies(rule, picture, stop) for stop in stops_of(picture, rule.about)):
            roles |= {role for to in rule.to if (role := role_of(to)) is not None}
    for booking in picture.bookings:
        if booking.is_live:
            roles.add(Role.EXECUTIVE_OFFICE if booking.kind == BookingKind.LEADER else Role.ADMINISTRATION)
    return roles
