"""In which order hosts and guests are introduced at a first meeting (E2). Pure."""

from bot.models.guests import Guest
from bot.models.people import Person
from bot.models.roles import Part
from bot.models.visits import Stop
from bot.procedure.days import MEETINGS
from bot.procedure.picture import Picture

_HOSTS = (Part.LEADER, Part.TECHNICAL, Part.TEAM, Part.INTERPRETER)
"""Who is introduced on our side, besides the lead host; in this order where ranks are equal or not known."""


def first_meeting(picture: Picture) -> Stop | None:
    """The first stop at which both sides sit or stand together."""
    return next((stop for stop in picture.live_stops if stop.kind in MEETINGS), None)


def hosts(picture: Picture) -> list[Person]:
    """Our side, from the highest rank down."""
    stop = first_meeting(picture)
    ids = [person for part in _HOSTS[:1] for person in picture.active(part, stop)]
    ids += [picture.visit.lead_host_id]
    ids += [person for part in _HOSTS[1:] for person in picture.active(part, stop)]
    return sorted((picture.people[person] for person in dict.fromkeys(ids)), key=lambda person: -(person.rank or 0))


def guests(picture: Picture) -> list[Guest]:
    """The guests who are known by name, from the highest rank down; the lead guest first of those who are equal."""
    return sorted(picture.guests, key=lambda guest: (-_rank(picture, guest), guest.position))


def _rank(picture: Picture, guest: Guest) -> int:
    is_lead = guest.name == picture.visit.guest_name
    return guest.rank or (picture.visit.guest_rank if is_lead else None) or 0
