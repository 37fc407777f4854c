"""What could not be delivered: its row says why, and somebody hears of it, a deputy or whoever can find another way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import insert
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.metrics import Metrics, Outcome
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.visits import Visit
from bot.procedure.corrections import VISIT, What, over_at
from bot.procedure.deputies import FOR, INSTEAD, deputy_for, is_told_anyway
from bot.procedure.picture import Picture
from bot.procedure.telling import OWN_PART, WAS
from bot.procedure.wanted import NEWS_LASTS, deputy_key
from bot.services.office import Change, Office
from bot.services.outbox import any_update, locked_visit
from bot.services.pictures import read_picture
from bot.services.reporting import ASKED, IN_CHANNEL, Instead, is_news_to, matters, visit_of, whom_to_tell
from bot.services.rows import SURELY_NOT_SENT, new_row
from bot.services.saying import told_by
from bot.services.sight import Fresh, FreshDay
from bot.slack import CLOSED

_TABLE = SQLModel.metadata.tables["notice"]
GATHER = timedelta(seconds=2)
"""How long a report waits for others of the same kind."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Misses:
    """The verbs on what did not arrive."""

    office: Office
    metrics: Metrics

    async def give_up(
        self, fresh: Fresh | FreshDay, state: NoticeState, reason: str, *, is_unreachable: bool = False
    ) -> None:
        """It will not arrive: the rows say why; deputies are told instead, or somebody finds another way.

        `is_unreachable`: nothing can be written to its recipient. Who is told anyway is not told again; and who hears
        is decided by the visit as it stands now, for its host may be another one since it was claimed.
        """
        claimed, about = fresh.notice, visit_of(fresh, self.office.rulebook)
        is_nobody, now = False, self.office.clock.now()
        async with self.office.database.write() as session:
            visit = await locked_visit(session, about.visit.key) if about is not None else None
            was_amid_change = await self._write_off(session, fresh, state, reason)
            if was_amid_change is None:
                return
            if visit is not None and matters(claimed, visit):
                picture = await read_picture(session, visit)
                is_named = is_unreachable and isinstance(fresh, Fresh)
                named = {part.id: deputy_for(picture, part) if is_named else None for part in fresh.parts}
                await self._hand_over(session, visit, [(part, named[part.id]) for part in fresh.parts])
                left = [part for part in fresh.parts if named[part.id] is None]
                missed = [entry for part in left for entry in _missed(part, state, reason, picture, now)]
                if missed and not await self._is_reported(session, fresh):
                    instead = whom_to_tell(claimed, picture, state, self.office.rulebook)
                    is_nobody = instead.is_nobody
                    await self._report_to(session, visit, claimed, missed, instead)
            # Of what has begun word is of no use; that it was to be at another time, or of the rest, still is.
            is_of_rest = state == NoticeState.EXPIRED and any(_tells_changes(part) for part in fresh.parts)
            if visit is not None and (was_amid_change or is_of_rest):
                await self.office.settle(Change(session, visit, now))
        if is_nobody:
            log.error("nobody_told", notice=claimed.id, visit=claimed.visit_id)
            self.metrics.nobody_told()
        self.metrics.settled(claimed.kind, Outcome(state), self.office.clock.now())

    async def _write_off(
        self, session: AsyncSession, fresh: Fresh | FreshDay, state: NoticeState, reason: str
    ) -> bool | None:
        """Says whether something has changed while it was under way; None if it is another sender's by now."""
        claimed = fresh.notice
        own = (col(Notice.id) == claimed.id) & (col(Notice.lease) == claimed.lease)
        found = (await session.exec(select(Notice.stale_since).where(own).with_for_update())).all()
        if not found:
            return None
        gone: dict[str, Any] = {"state": state, "reason": reason, "stale_since": None}
        if state == NoticeState.FAILED and isinstance(fresh, Fresh):
            gone["told"] = told_by(fresh, self.office.rulebook)  # it was not: kept to be compared with the next change
        await session.exec(any_update().where(own).values(**gone))
        carried = (col(Notice.merged_into) == claimed.id) & (col(Notice.state) == NoticeState.MERGED)
        await session.exec(any_update().where(carried).values(state=state, reason=reason))
        return found[0] is not None

    async def _is_reported(self, session: AsyncSession, fresh: Fresh | FreshDay) -> bool:
        """Whether it has been reported already that the person could not be told just this: a change is tried again
        with every change of the visit."""
        claimed = fresh.notice
        if claimed.kind != NoticeKind.CHANGE:
            return False
        refused = select(Notice.told).where(
            Notice.visit_id == claimed.visit_id,
            Notice.person_id == claimed.person_id,
            Notice.state == NoticeState.FAILED,
            Notice.id != claimed.id,
        )
        before = (await session.exec(refused.order_by(col(Notice.created_at).desc()))).all()
        unheard = told_by(fresh, self.office.rulebook)
        return bool(unheard) and all(_is_in(_last(before, stop), stop, now) for stop, now in unheard.items())

    async def _report_to(
        self,
        session: AsyncSession,
        visit: Visit,
        claimed: Notice,
        missed: Sequence[dict[str, Any]],
        instead: Instead,
    ) -> None:
        is_report = claimed.kind == NoticeKind.UNDELIVERED

        def is_news(person: int, entry: Mapping[str, Any]) -> bool:
            return not is_report or entry is missed[-1] or is_news_to(person, entry)

        for person in instead.people:
            theirs = [entry for entry in missed if is_news(person, entry)]
            asked = [entry | {ASKED: [*entry.get(ASKED, ()), *instead.people]} for entry in theirs]
            await self._report(session, visit, claimed, asked, person=person)
        if instead.channel is not None:
            left = [e for e in missed if e is missed[-1] or not any(is_news(one, e) for one in instead.people)]
            said = [{name: value for name, value in entry.items() if name != ASKED} for entry in left]
            await self._report(session, visit, claimed, said, channel=instead.channel)

    async def _hand_over(self, session: AsyncSession, visit: Visit, parts: Sequence[tuple[Notice, int | None]]) -> None:
        """The rows say who is told instead of their recipient."""
        handed = [(part, deputy) for part, deputy in parts if deputy is not None]
        rows = (await session.exec(select(Notice).where(Notice.visit_id == visit.key))).all() if handed else ()
        for part, deputy in handed:
            told = any_update().where(col(Notice.id) == part.id).values(payload=dict(part.payload) | {INSTEAD: deputy})
            await session.exec(told)
            if not is_told_anyway(part, deputy, rows):
                await session.exec(insert(_TABLE), params=[_to_deputy(visit, part, deputy, self.office.clock.now())])

    async def _report(
        self,
        session: AsyncSession,
        visit: Visit,
        claimed: Notice,
        missed: Sequence[dict[str, Any]],
        *,
        person: int | None = None,
        channel: str | None = None,
    ) -> None:
        """One report a person or channel, however many messages did not arrive before it could be sent."""
        now = self.office.clock.now()
        waiting = select(Notice).where(
            Notice.visit_id == visit.key,
            Notice.person_id == person,
            Notice.channel == channel,
            Notice.kind == NoticeKind.UNDELIVERED,
            Notice.state == NoticeState.PENDING,
            # One that may have arrived says no more than it said then.
            (col(Notice.attempts) == 0) | col(Notice.reason).in_(SURELY_NOT_SENT),
        )
        report = (await session.exec(waiting.with_for_update())).first()
        if report is not None:
            known = report.payload["missed"]
            # Reports to several people that did not arrive say the same.
            added = [entry for entry in missed if channel is None or entry not in known]
            report.payload = dict(report.payload) | {"missed": [*known, *added]}
            report.useful_until = max(report.useful_until, now + NEWS_LASTS)
            session.add(report)
            return
        key = f"undelivered:{claimed.lease}:{claimed.id}:{channel or f'person{person}'}"
        row = new_row(visit, key=key, kind=NoticeKind.UNDELIVERED, now=now, due_at=now + GATHER)
        to = {"person_id": person, "channel": channel, "payload": {"missed": list(missed)}}
        await session.exec(insert(_TABLE), params=[row | to])


def _last(before: Iterable[Mapping[str, Any]], stop: str) -> Mapping[str, Any]:
    """What was last to be told of a stop, among what else was to be told then; nothing where it never was."""
    return next((told for told in before if stop in told), {})


def _is_in(told: Mapping[str, Any], stop: str, now: Mapping[str, Any] | None) -> bool:
    if stop not in told:
        return False
    then: Mapping[str, Any] | None = told[stop]
    return then is None if now is None else then is not None and now.items() <= then.items()


def _missed(
    notice: Notice, state: NoticeState, reason: str, picture: Picture, now: datetime
) -> Iterable[dict[str, Any]]:
    """What a report says of a notice that did not arrive; of a report that did not, what it was to say, too."""
    late = state == NoticeState.EXPIRED
    entry: dict[str, Any] = {"person": notice.person_id, "stop": notice.stop_id, "late": late, "kind": notice.kind}
    if notice.kind == NoticeKind.CHANGE:
        return [entry | about for about in _of_changes(notice.payload["changes"], picture, now)]
    if "say" in notice.payload:
        entry["say"] = notice.payload["say"]
    if notice.kind in IN_CHANNEL:
        entry |= {"channel": notice.channel, "day": notice.payload.get("day"), "closed": reason in CLOSED}
    return [*notice.payload.get("missed", ()), entry]


def _of_changes(changes: Sequence[Mapping[str, Any]], picture: Picture, now: datetime) -> list[dict[str, Any]]:
    """Which stops word was to be had of, an entry each: those it is too late for, where there are any; that the visit
    is off is one."""
    begun = [c for c in changes if c["stop"] != VISIT and now >= over_at(picture, c["stop"], c["old"])]
    stops = [{"stop": change["stop"]} for change in begun or (changes if len(changes) == 1 else ())]
    if any(change["what"] == What.CANCELED for change in changes):
        return [{**(stops[0] if begun else {}), "canceled": True}]
    return stops or [{}]


def _tells_changes(part: Notice) -> bool:
    return part.kind == NoticeKind.CHANGE or WAS in part.payload or OWN_PART in part.payload


def _to_deputy(visit: Visit, missed: Notice, deputy: int, now: datetime) -> dict[str, Any]:
    row = new_row(visit, key=deputy_key(missed.key, deputy), kind=NoticeKind(missed.kind), now=now)
    return row | {
        "rule": missed.rule,
        "person_id": deputy,
        "stop_id": missed.stop_id,
        "booking_id": missed.booking_id,
        "useful_until": missed.useful_until,
        "payload": dict(missed.payload) | {FOR: missed.person_id},
    }
