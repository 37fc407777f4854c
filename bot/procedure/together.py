"""What falls due for one person about one visit at the same moment goes out as one message (G4). Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.procedure.deputies import FOR
from bot.procedure.rules import Rulebook
from bot.procedure.vocabulary import ASKING

TOGETHER = (NoticeKind.REMINDER, NoticeKind.DUTY, *ASKING, NoticeKind.SILENCE)
"""What is told in one message with others."""
_ROOM = 40
"""Blocks for the parts of a message, of the 50 that Slack takes; some parts take one or two more than usual."""
_BLOCKS = {NoticeKind.REMINDER: 3, NoticeKind.DUTY: 2, NoticeKind.REQUEST: 2}
_BLOCKS_OF_A_REQUEST = 5
"""At most: what is asked, its facts, what was said, the buttons, what became of them."""


def together(due: Iterable[Notice], rulebook: Rulebook, now: datetime) -> list[list[Notice]]:
    """Of what is due, the groups of two or more that are one message each, what is of use the shortest first."""
    return grouped(notice for notice in due if joins_others(notice, rulebook, now))


def grouped(parts: Iterable[Notice]) -> list[list[Notice]]:
    """The same of notices that all may be parts of a message."""
    found: dict[tuple[int | None, int | None, int | None], list[Notice]] = {}
    for part in parts:
        found.setdefault((part.visit_id, part.person_id, part.payload.get(FOR)), []).append(part)
    several = [sorted(some, key=lambda one: (one.useful_until, one.key)) for some in found.values() if len(some) > 1]
    return [group for some in several for group in _fitting(some) if len(group) > 1]


def joins_others(notice: Notice, rulebook: Rulebook, now: datetime) -> bool:
    """Whether it may be a part of a message: never tried by itself, still of use, and nothing to be acted on at once.

    What was due already when it was entered joins in any case: one message a person (G4).
    """
    if notice.kind not in TOGETHER or notice.person_id is None or notice.visit_id is None:
        return False
    if notice.state != NoticeState.PENDING or notice.attempts or now >= notice.useful_until:
        return False
    rule = rulebook.rule(notice.rule)
    return _was_due_when_entered(notice) or rule is None or not rule.stands_alone


def why_together(parts: Collection[Notice], rulebook: Rulebook) -> dict[str, Any]:
    """What the message says of its parts (payload): that they are late, that they are due, or nothing, where all of
    them are said on opening; and in whose place its recipient is told, who is the same for all."""
    entered = [part for part in parts if _was_due_when_entered(part)]
    is_late = any(_is_said_ahead(part, rulebook) for part in entered)
    why = {"is_late": is_late, "is_due": not is_late and len(entered) < len(parts)}
    absent = next((part.payload[FOR] for part in parts if FOR in part.payload), None)
    return why if absent is None else why | {FOR: absent}


def _is_said_ahead(part: Notice, rulebook: Rulebook) -> bool:
    """Whether there is a lead time that it could miss: none of what follows from an answer or a change."""
    rule = rulebook.rule(part.rule)
    return rule is not None and part.kind == rule.notice and not rule.is_said_at_once


def _was_due_when_entered(notice: Notice) -> bool:
    return notice.due_at == notice.created_at


def _fitting(notices: Iterable[Notice]) -> list[list[Notice]]:
    """In as few messages as Slack's limit on blocks takes."""
    groups: list[list[Notice]] = []
    room = 0
    for notice in notices:
        needed = _BLOCKS.get(NoticeKind(notice.kind), _BLOCKS_OF_A_REQUEST)
        if needed > room:
            groups.append([])
            room = _ROOM
        groups[-1].append(notice)
        room -= needed
    return groups
