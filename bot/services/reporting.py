"""Who hears of what could not be delivered: whoever can find another way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.roles import Role
from bot.models.visits import Visit
from bot.procedure.deputies import FOR
from bot.procedure.picture import Picture
from bot.procedure.rules import Rulebook
from bot.procedure.seeing import named_in
from bot.services.sight import Fresh, FreshDay

IN_CHANNEL = (NoticeKind.CARD, NoticeKind.BOARD)
"""What a channel is chosen for."""
ASKED = "asked"
"""In an entry of a report: who was to hear of it so far."""
REPORTS_LAST = timedelta(days=30)
_OF_ITS_END = (NoticeKind.CHANGE, NoticeKind.CALLED_OFF)
"""What says that a visit is off."""


@dataclass(frozen=True)
class Instead:
    """Who hears that something could not be delivered; where nobody is left, a channel."""

    people: Sequence[int] = ()
    channel: str | None = None
    is_nobody: bool = False
    """Somebody ought to hear of it, and there is nobody."""


def matters(notice: Notice, visit: Visit) -> bool:
    """Whether somebody has to hear that it did not arrive: of a visit that is off only who does not know that."""
    missed = notice.payload.get("missed", ()) if notice.kind == NoticeKind.UNDELIVERED else ()
    return visit.is_open or notice.kind in _OF_ITS_END or any(entry.get("kind") in _OF_ITS_END for entry in missed)


def whom_to_tell(notice: Notice, picture: Picture, state: NoticeState, rulebook: Rulebook) -> Instead:
    """The lead host and administration; where they cannot be reached either, the reception channel.

    Of what can only be too late the lead host alone hears; where a report does not arrive, first those of them who were
    not to hear of it yet. Of a card or a board that its channel does not take, whoever
    can choose another hears, or else lead host and administration; what else belongs into the thread would say the same
    again. A channel that nobody is told anything in, for the visit is confidential, is none.
    """
    is_report, is_late = notice.kind == NoticeKind.UNDELIVERED, state == NoticeState.EXPIRED
    if not matters(notice, picture.visit):
        return Instead()
    if is_report and is_late:
        return Instead(is_nobody=True)
    host, administration = picture.visit.lead_host_id, _who_may_hear(picture, Role.ADMINISTRATION, rulebook)
    if notice.person_id is None and not is_report:
        is_told = notice.kind in IN_CHANNEL and not is_late
        able = _who_may_hear(picture, Role.SETTINGS, rulebook) or administration or (host,)
        return Instead(able if is_told else ())
    asked = (host,) if is_late and host != notice.person_id else tuple(dict.fromkeys((host, *administration)))
    missed = notice.payload.get("missed", ()) if is_report else ()
    is_of_channel = any(entry["person"] is None for entry in missed)
    tried = {notice.person_id, *(entry["person"] for entry in missed)}
    people = tuple(person for person in asked if person not in tried)
    if is_report and not is_of_channel:
        people = tuple(person for person in people if any(is_news_to(person, entry) for entry in missed))
    is_mute = picture.visit.is_confidential or is_of_channel
    is_left = not people or (is_report and not all(any(is_news_to(one, entry) for one in people) for entry in missed))
    channel = picture.workspace.reception_channel if is_left and notice.channel is None and not is_mute else None
    return Instead(people, channel, is_nobody=not people and channel is None)


def is_news_to(person: int, entry: Mapping[str, Any]) -> bool:
    """Whether somebody was not to hear yet that something did not arrive; earlier releases kept no account of it."""
    return ASKED in entry and person not in (*entry[ASKED], entry["person"])


def lasts_until(notice: Notice) -> datetime:
    """Until when it is tried: a report until it was said once, unless nobody has been there for long."""
    return notice.useful_until + (REPORTS_LAST if notice.kind == NoticeKind.UNDELIVERED else timedelta(0))


def may_hear(report: Notice, picture: Picture, rulebook: Rulebook) -> bool:
    """Whether a report that waits is still for its reader: the visit may have become confidential."""
    if report.person_id is None or not picture.visit.is_confidential:
        return True
    return report.payload.get(FOR, report.person_id) in named_in(picture, rulebook)


def _who_may_hear(picture: Picture, role: Role, rulebook: Rulebook) -> tuple[int, ...]:
    """Who fills the role; of a confidential visit those of them who are named in it."""
    holders = picture.holders(role)
    if not picture.visit.is_confidential:
        return holders
    named = named_in(picture, rulebook)
    return tuple(person for person in holders if person in named)


def visit_of(fresh: Fresh | FreshDay, rulebook: Rulebook) -> Picture | None:
    """The visit a notice is about; of a run sheet the first that it tells of, of a board the first that goes on."""
    if isinstance(fresh, Fresh):
        return fresh.picture
    day = fresh.day
    if day.reader is None:
        going_on = [picture for picture in day.pictures if picture.visit.is_open]
        return min(going_on, key=lambda picture: picture.visit.is_confidential, default=None)
    return next((picture for picture in day.pictures if day.own_stops(picture, rulebook)), None)
