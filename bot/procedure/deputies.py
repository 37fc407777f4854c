"""Who is told instead of somebody who cannot be reached. Pure."""

from collections.abc import Iterable

from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.procedure.picture import Picture
from bot.procedure.recipients import role_of
from bot.procedure.vocabulary import To

FOR, INSTEAD = "for", "instead"
"""In a notice's payload: in whose place its recipient is told; who was told in place of its recipient."""
_HERE = (NoticeState.PENDING, NoticeState.SENDING, NoticeState.SENT, NoticeState.MERGED)


def deputy_for(picture: Picture, notice: Notice) -> int | None:
    """Whom the person named, else a deputy of the role in whose name they were to be told; a deputy has none."""
    person = notice.person_id
    if person is None or FOR in notice.payload or notice.kind == NoticeKind.SHORT_NOTICE:
        return None
    named = picture.deputy_of(person)
    if named is not None:
        return named
    # To whom a visit was handed over is no role in whose name somebody is told of it.
    is_of_role = "to" in notice.payload and notice.kind != NoticeKind.HANDOVER
    role = role_of(To(notice.payload["to"])) if is_of_role else None
    deputies = picture.deputies(role) if role is not None else ()
    return next((deputy for deputy in deputies if deputy != person), None)


def is_told_anyway(notice: Notice, deputy: int, rows: Iterable[Notice]) -> bool:
    """Whether the deputy has or gets the same notice: nobody is told twice (G2)."""
    return any(row.person_id == deputy and row.state in _HERE and _is_same(row, notice) for row in rows)


def _is_same(one: Notice, other: Notice) -> bool:
    about = ("kind", "rule", "stop_id", "booking_id")
    if any(getattr(one, name) != getattr(other, name) for name in about):
        return False
    return one.stop_id is not None or one.booking_id is not None or _content(one) == _content(other)


def _content(notice: Notice) -> dict[str, object]:
    return {name: value for name, value in notice.payload.items() if name not in (FOR, INSTEAD)}
