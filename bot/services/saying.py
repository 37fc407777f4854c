"""What a notice says when its turn has come, and what its recipient knows then."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from bot.messages import cards
from bot.messages.blocks import Message
from bot.messages.notices import render
from bot.models.notices import Notice, NoticeKind
from bot.procedure.deputies import FOR
from bot.procedure.open_points import OpenPoint, of_person, open_points
from bot.procedure.picture import facts
from bot.procedure.plan import planned_key
from bot.procedure.rules import Rulebook
from bot.procedure.sayings import Say
from bot.procedure.silence import is_relieved
from bot.procedure.telling import FOLLOWS_PLAN, tells
from bot.procedure.told import holds
from bot.procedure.vocabulary import Moot
from bot.services.reading import Readers
from bot.services.showing import EDITED
from bot.services.sight import Fresh, FreshDay
from bot.services.today import SHEET_TELLS, board_of, sheet_of


def message_of(fresh: Fresh | FreshDay, readers: Readers, rulebook: Rulebook, now: datetime) -> Message:
    """The message in its reader's language.

    Raises OutOfDate where what the notice is about is gone.
    """
    if isinstance(fresh, FreshDay):
        if fresh.notice.kind == NoticeKind.BOARD:
            return board_of(readers, fresh.day, now)
        planned = {visit: planned.notices for visit, planned in fresh.planned.items()}
        return sheet_of(readers, fresh.day, planned, rulebook, now)
    reading = readers.reading(fresh.picture, fresh.recipient, now, fresh.around)
    is_outdated = fresh.notice.sent_at is not None and _is_outdated(fresh, rulebook)
    return render(
        reading,
        fresh.notice,
        record=fresh.record,
        merged=fresh.merged,
        points=points_of(fresh, now),
        is_outdated=is_outdated,
        relieved=_relieved(fresh),
    )


def stays_as_told(fresh: Fresh | FreshDay) -> bool:
    """News are not rewritten when things change, except where nobody may read them there any more."""
    is_hidden = isinstance(fresh, Fresh) and fresh.picture.visit.is_confidential and fresh.recipient is None
    return fresh.notice.kind not in EDITED and not is_hidden


def _is_outdated(fresh: Fresh, rulebook: Rulebook) -> bool:
    """Whether what was told holds no longer, and it is not asked any more: where it still is, as for another place at
    the same time, the message says how it is now, and whoever has not answered yet does so there."""
    if _is_a_request_now(fresh.notice, rulebook):
        return True
    is_asked = planned_key(fresh.notice.key) in fresh.planned.notices
    return not is_asked and not holds(fresh.notice, fresh.picture, fresh.planned.concerned)


def _relieved(fresh: Fresh) -> Collection[str]:
    """Of what was told, by id: what its reader was asked in somebody's place, and is asked no longer."""
    if fresh.notice.sent_at is None or FOR not in fresh.notice.payload:
        return ()
    parts = [part for part in fresh.parts if part.kind in FOLLOWS_PLAN]
    return {part.id for part in parts if is_relieved(fresh.picture, part, fresh.planned.notices)}


def _is_a_request_now(notice: Notice, rulebook: Rulebook) -> bool:
    """A duty of an earlier release, whose row is put to its owners as a request since."""
    rule = rulebook.rule(notice.rule)
    return notice.kind == NoticeKind.DUTY and rule is not None and rule.notice == NoticeKind.REQUEST


def points_of(fresh: Fresh, now: datetime) -> tuple[OpenPoint, ...]:
    """What is open in the visit, where the message tells it."""
    told = (fresh.notice, *fresh.merged)
    tells = any(one.kind == NoticeKind.NUDGE or one.payload.get("say") == Say.DOUBLE_CHECK for one in told)
    return open_points(fresh.picture, fresh.planned.notices.values(), now) if tells else ()


def is_needless(fresh: Fresh, readers: Readers, rulebook: Rulebook, now: datetime) -> bool:
    """Whether the message would list what is open, and nothing is: a nudge, the second double check."""
    points, rule = points_of(fresh, now), rulebook.rule(fresh.notice.rule)
    if fresh.notice.kind == NoticeKind.NUDGE:
        return not of_person(points, fresh.notice.payload.get(FOR, fresh.notice.person_id) or 0)
    if rule is None or Moot.NOTHING_OPEN not in rule.unless:
        return False
    return not points and not cards.open_points(readers.reading(fresh.picture, fresh.recipient, now))


def told_by(fresh: Fresh | FreshDay, rulebook: Rulebook) -> dict[str, Any]:
    """What the recipient knows once this has arrived, stop by stop; None for a stop that is off for them."""
    if isinstance(fresh, Fresh):
        return tells(fresh.notice, fresh.picture, fresh.merged)
    known = {}
    for picture in fresh.day.pictures:
        for stop in fresh.day.own_stops(picture, rulebook):
            present = facts(picture, stop)
            known[str(stop.key)] = {name: present[name] for name in SHEET_TELLS if name in present}
    return known
