"""What is about to leave before its time is put back, and moves with all else in its visit that has moved."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from bot.models.notices import Notice, NoticeKind, NoticeState, Reason
from bot.procedure.told import PROMPT
from bot.services.office import Change, Office
from bot.services.outbox import any_update, locked_visit


async def put_back(office: Office, claimed: Notice, early: Collection[str], *, is_not_there: bool) -> None:
    """The visit is planned anew in the same transaction. What a message was to tell besides (G4) is claimed again.

    `early`: the ids of what is to wait, the notice or some of what it carries. `is_not_there`: somebody has looked for
    an earlier try in vain.
    """
    now = office.clock.now()
    async with office.database.write() as session:
        visit = await locked_visit(session, claimed.visit_key)
        own = select(Notice).where(Notice.id == claimed.id, Notice.lease == claimed.lease)
        still_sending = own.where(Notice.state == NoticeState.SENDING).with_for_update()
        notice = (await session.exec(still_sending)).one_or_none()
        if notice is None or notice.stale_since != claimed.stale_since:
            return  # somebody else has it, or the visit has changed since it was looked at: then it is read again
        notice.stale_since = None
        if notice.kind == NoticeKind.SHORT_NOTICE:
            notice.state, notice.reason = NoticeState.WITHDRAWN, Reason.ONE_BY_ONE
            parts = any_update().where(col(Notice.merged_into) == notice.id, col(Notice.state) == NoticeState.MERGED)
            free = {"state": NoticeState.PENDING, "merged_into": None}
            await session.exec(parts.where(col(Notice.id).in_(early)).values(**free, attempt_at=_later(now)))
            await session.exec(parts.where(col(Notice.id).not_in(early)).values(**free, attempt_at=now))
        else:
            notice.state, notice.attempts, notice.attempt_at = NoticeState.PENDING, notice.attempts - 1, _later(now)
            notice.reason = Reason.NOT_THERE if is_not_there else notice.reason
        session.add(notice)
        await office.settle(Change(session, visit, now))


def _later(now: datetime) -> datetime:
    """When it is looked at again, should it not have moved after all."""
    return now + PROMPT
