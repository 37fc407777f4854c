"""The one delivery path: claim, look again, send, settle; and edit what was sent when it no longer shows the truth."""

import asyncio
import hashlib
import json
import random
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.errors import OutOfDate
from bot.messages.blocks import Message
from bot.messages.notices import render
from bot.metrics import Metrics
from bot.models.notices import Notice, NoticeKind, NoticeState, Reason
from bot.models.roles import Role
from bot.procedure.corrections import What
from bot.procedure.picture import Picture, facts
from bot.procedure.plan import plan, planned_key
from bot.services.office import Office, calendar_of
from bot.services.outbox import Fresh, Outbox
from bot.services.reading import Readers
from bot.services.reconcile import EDITED, holds
from bot.slack import Posted, Slack, TryLater, Undeliverable, UnknownOutcome

AT_ONCE = 16
"""Messages under way at the same time."""
LONGEST_WAIT = timedelta(minutes=5)
"""Between two tries."""
SHARE_OF_WHAT_IS_LEFT = 1 / 30
"""How much of the time in which a notice is still of use may pass between two tries."""
SENDING_TAKES = timedelta(seconds=12)
"""At most: one call to Slack with its time-out. Nothing is sent on a lease that might end meanwhile."""
CARD_WAIT = timedelta(seconds=1)
CLOCKS_DIFFER = timedelta(days=1)
"""At most, between this machine's clock and Slack's: one that was wrong by hours must not hide a message from us."""
_FOLLOWS_PLAN = (
    NoticeKind.REMINDER,
    NoticeKind.DUTY,
    NoticeKind.VEHICLE_REQUEST,
    NoticeKind.DRIVER_REQUEST,
    NoticeKind.LEADER_REQUEST,
)
log = structlog.get_logger(__name__)


class Delivery:
    """Sends what is due. `freed` is called whenever something ended, so that the next can begin."""

    def __init__(
        self, office: Office, readers: Readers, slack: Slack, *, at_once: int = AT_ONCE, metrics: Metrics | None = None
    ) -> None:
        self.office = office
        self.outbox = Outbox(office, metrics or Metrics())
        self.readers = readers
        self.slack = slack
        self.freed: Callable[[], None] = lambda: None
        self._at_once = at_once
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def start_due(self) -> bool:
        """Begin what is due, as far as there is room; says whether anything was begun."""
        room = self._at_once - len(self._under_way)
        if room <= 0:
            return False
        claimed = await self.outbox.claim(room, list(self._under_way))
        for notice in claimed:
            self._begin(notice.id, self._deliver(notice))
        room -= len(claimed)
        stale = await self.outbox.stale(room, list(self._under_way)) if room else []
        for notice in stale:
            self._begin(notice.id, self._edit(notice))
        return bool(claimed or stale)

    async def deliver_due(self) -> None:
        """Send everything that is due now and wait until it is settled."""
        while await self.start_due() or self._under_way:
            await self.finish_one()

    async def finish_one(self) -> None:
        """Wait until something that is under way has ended."""
        if self._under_way:
            await asyncio.wait(self._under_way.values(), return_when=asyncio.FIRST_COMPLETED)

    async def finish(self) -> None:
        """Wait until all that is under way has ended; nothing new begins."""
        while self._under_way:
            await self.finish_one()

    def _begin(self, notice_id: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=f"notice {notice_id}")
        self._under_way[notice_id] = task

        def ended(done: asyncio.Task[None]) -> None:
            del self._under_way[notice_id]
            if not done.cancelled() and done.exception() is not None:
                # The row keeps its lease and is tried again when that ends; one broken notice holds up no other.
                log.error("notice_failed", notice=notice_id, exc_info=done.exception())
            self.freed()

        task.add_done_callback(ended)

    async def _deliver(self, claimed: Notice) -> None:
        fresh = await self.outbox.fresh(claimed.id)
        now = self.office.clock.now()
        if now >= claimed.useful_until:
            await self._give_up(fresh, claimed, NoticeState.EXPIRED, Reason.TOO_LATE)
            return
        reason = self._unwanted(fresh)
        if reason:
            await self.outbox.withdraw(claimed, reason)
            return
        if claimed.kind == NoticeKind.THREAD and fresh.card is not None and fresh.card.state == NoticeState.FAILED:
            await self.outbox.withdraw(claimed, Reason.NO_CARD)
            return
        if claimed.kind == NoticeKind.THREAD and (fresh.card is None or fresh.card.slack_ts is None):
            await self.outbox.put_off(claimed, now + CARD_WAIT, "the card is not there yet", uncounted=True)
            return
        try:
            message = self._message(fresh, now)
            posted = await self._post(fresh, claimed, message)
        except OutOfDate:
            await self.outbox.withdraw(claimed, Reason.GONE)
        except Undeliverable as refused:
            await self._give_up(fresh, claimed, NoticeState.FAILED, refused.code)
        except TryLater as later:
            await self.outbox.put_off(claimed, self._again_at(claimed, later.seconds), later.code)
        except UnknownOutcome as unknown:
            await self.outbox.put_off(claimed, self._again_at(claimed, 0), f"unknown outcome: {unknown}")
        else:
            await self.outbox.sent(
                claimed, posted, told(fresh.notice, fresh.picture, fresh.merged), fingerprint(message)
            )
            log.info("notice_sent", notice=claimed.id, rule=claimed.rule, kind=claimed.kind, visit=claimed.visit_id)

    async def _post(self, fresh: Fresh, claimed: Notice, message: Message) -> Posted:
        to = claimed.channel or fresh.picture.people[claimed.person_id or 0].slack_id
        person = fresh.picture.people.get(claimed.person_id or 0)
        if person is not None and not person.is_active:
            raise Undeliverable("account_inactive")
        thread = fresh.card.slack_ts if fresh.card else None
        if claimed.attempts > 1:
            # An earlier try may have arrived without our knowing.
            since = (claimed.created_at - CLOCKS_DIFFER).timestamp()
            found = await self.slack.look_for(to, claimed.id, since=since, thread_ts=thread)
            if found:
                return found
        await self.slack.turn(to)
        if self.office.clock.now() + SENDING_TAKES > claimed.attempt_at:
            # The queue for this channel is long: whoever has the lease next goes on.
            raise TryLater("waited too long for its turn")
        return await self.slack.post(to, message.as_arguments(), claimed.id, thread)

    async def _edit(self, notice: Notice) -> None:
        fresh = await self.outbox.fresh(notice.id)
        if notice.kind not in EDITED or notice.slack_channel is None or notice.slack_ts is None:
            await self.outbox.edited(notice, notice.rendered)
            return
        try:
            message = self._message(fresh, notice.sent_at or self.office.clock.now())
            rendered = fingerprint(message)
            if rendered != notice.rendered:
                posted = Posted(notice.slack_channel, notice.slack_ts)
                await self.slack.update(posted, message.as_arguments(), notice.id)
        except (OutOfDate, Undeliverable) as gone:
            log.info("edit_given_up", notice=notice.id, reason=str(gone))
            await self.outbox.edited(notice, notice.rendered)
        except (TryLater, UnknownOutcome) as later:
            wait = timedelta(seconds=max(getattr(later, "seconds", 0.0), 5.0))
            await self.outbox.edit_later(notice, self.office.clock.now() + wait)
        else:
            await self.outbox.edited(notice, rendered)

    def _message(self, fresh: Fresh, now: datetime) -> Message:
        """The message in its reader's language. Edits are written as of the time of sending: leads do not run on."""
        person = fresh.picture.people.get(fresh.notice.person_id or 0)
        reading = self.readers.reading(fresh.picture, person, now)
        is_outdated = fresh.notice.sent_at is not None and not holds(fresh.notice, fresh.picture, self.office.rulebook)
        return render(reading, fresh.notice, record=fresh.record, merged=fresh.merged, is_outdated=is_outdated)

    def _unwanted(self, fresh: Fresh) -> str:
        """Why the notice is not wanted any more; empty if it is."""
        notice, picture = fresh.notice, fresh.picture
        if notice.state != NoticeState.SENDING:
            return notice.reason or notice.state
        if notice.kind not in _FOLLOWS_PLAN:
            return ""
        calendar = calendar_of(picture.workspace, picture.visit)
        wanted = {w.key: w for w in plan(picture, self.office.rulebook, calendar)}.get(planned_key(notice.key))
        if wanted is None:
            return Reason.NOT_PLANNED
        return "" if wanted.is_open else Reason.ANSWERED

    def _again_at(self, claimed: Notice, asked: float) -> datetime:
        """Later each time, with jitter so that many do not come back together; but not when hardly any time is left."""
        now = self.office.clock.now()
        left = (claimed.useful_until - now).total_seconds() * SHARE_OF_WHAT_IS_LEFT
        wait = min(2.0 ** min(claimed.attempts, 12), LONGEST_WAIT.total_seconds(), max(left, 2.0))
        jittered = wait * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        return now + timedelta(seconds=max(asked, jittered))

    async def _give_up(self, fresh: Fresh, claimed: Notice, state: NoticeState, reason: str) -> None:
        log.warning("notice_given_up", notice=claimed.id, rule=claimed.rule, state=state, reason=reason)
        tell: list[int] = []
        if claimed.person_id is not None and claimed.kind != NoticeKind.UNDELIVERED and fresh.picture.visit.is_open:
            host = fresh.picture.visit.lead_host_id
            others = [p for p in fresh.picture.holders(Role.ADMINISTRATION) if p != claimed.person_id]
            tell = [host] if host != claimed.person_id else others
        await self.outbox.give_up(claimed, state, reason, tell)


def told(notice: Notice, picture: Picture, merged: Sequence[Notice] = ()) -> dict[str, Any]:
    """What the recipient knows once this has arrived, stop by stop; None for a stop that is off for them."""
    if notice.kind == NoticeKind.SHORT_NOTICE:
        known: dict[str, Any] = {}
        for item in merged:
            for stop_id, facts_told in told(item, picture).items():
                known[stop_id] = {**known.get(stop_id, {}), **facts_told}
        return known
    if notice.kind == NoticeKind.CHANGE:
        return {str(entry["stop"]): _now_known(entry, picture) for entry in notice.payload["changes"]}
    stop = picture.stop(notice.stop_id)
    if stop is None or notice.kind not in _FOLLOWS_PLAN:
        return {}
    known = facts(picture, stop)
    if notice.kind == NoticeKind.LEADER_REQUEST:
        known = {name: known[name] for name in ("starts_at", "place", "guests")}
    elif notice.kind == NoticeKind.VEHICLE_REQUEST:
        # Who drives is administration's own answer, not something it is told.
        known = {name: value for name, value in known.items() if name not in ("driver", "plate")}
    return {str(stop.key): known}


def _now_known(entry: dict[str, Any], picture: Picture) -> dict[str, Any] | None:
    stop = picture.stop(entry["stop"])
    if stop is None or entry["what"] != What.CHANGED:
        return None
    present = facts(picture, stop)
    return {name: present.get(name) for name in entry["old"]}


def fingerprint(message: Message) -> str:
    """The same for messages that read the same."""
    content = json.dumps(message.as_arguments(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:32]
