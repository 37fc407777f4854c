"""One message on its way: is it still to be sent, has it arrived already, is it its turn, what became of it."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.messages.blocks import Message
from bot.models.notices import UNKNOWN, Notice, NoticeKind, NoticeState, Reason
from bot.procedure.plan import planned_key
from bot.procedure.silence import is_chased
from bot.procedure.telling import FOLLOWS_PLAN
from bot.procedure.told import PROMPT
from bot.services.arrivals import Arrival
from bot.services.outbox import Outbox
from bot.services.putting_back import put_back
from bot.services.reading import Readers
from bot.services.reporting import lasts_until, may_hear
from bot.services.rows import may_have_arrived
from bot.services.saying import is_needless, message_of, told_by
from bot.services.sight import Fresh, FreshDay, Sight
from bot.slack import (
    Found,
    MissingScope,
    Posted,
    Slack,
    TryLater,
    TurnFarOff,
    Undeliverable,
    UnknownOutcome,
)
from bot.switchboard import Lines

SENDING_TAKES = timedelta(seconds=12)
"""At most: one call to Slack with its time-out. Nothing is sent on a lease that might end meanwhile."""
CARD_WAIT = timedelta(seconds=1)
LONGEST_NAP = timedelta(seconds=1)
"""What is due later than that waits in the table: it was moved, or the clock was set back."""
CLOCKS_DIFFER = timedelta(days=1)
"""At most, between this machine's clock and Slack's: one that was wrong by hours must not hide a message from us."""
log = structlog.get_logger(__name__)


class Unwanted(Exception):  # noqa: N818 - an outcome, not an error
    """The notice is not to be sent any more; `reason` is kept with it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooLate(Exception):  # noqa: N818
    """Its moment has passed."""


class TooEarly(Exception):  # noqa: N818
    """It cannot be sent before so many `seconds` have passed, for `reason`; that was no try.

    `for_all_seconds`: nor can anything else of the workspace before so many. `for_looks_seconds`: nor can anything else
    of it be looked for. `is_not_there`: it was looked for, and no earlier try had arrived.
    """

    is_not_there = False

    def __init__(
        self, seconds: float, reason: str, for_all_seconds: float = 0.0, for_looks_seconds: float = 0.0
    ) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason
        self.for_all_seconds = for_all_seconds
        self.for_looks_seconds = for_looks_seconds


class Sending:
    """Sends one notice at a time for each caller, `at_once` of them together."""

    def __init__(self, outbox: Outbox, readers: Readers, lines: Lines, sight: Sight, at_once: int) -> None:
        self._office = outbox.office
        self._outbox = outbox
        self._readers = readers
        self._lines = lines
        self._sight = sight
        self._places = asyncio.Semaphore(at_once)
        self._waiting: set[asyncio.Task[Any]] = set()
        """Those whose turn has not come yet."""
        self._is_ending = False

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Within it nobody waits for a turn: what is not sent is left to another process, or to the next start."""
        self._is_ending = True
        for task in self._waiting:
            task.cancel()
        try:
            yield
        finally:
            self._is_ending = False

    async def in_turn(self, turn: Callable[[], Awaitable[object]]) -> None:
        """Waits for a turn; TooEarly where the process ends before it has come."""
        task = asyncio.current_task()
        assert task is not None, "called from a task"
        self._waiting.add(task)
        try:
            if not self._is_ending:
                await turn()
                return
        except asyncio.CancelledError:
            if not self._is_ending:
                raise
            task.uncancel()
        finally:
            self._waiting.discard(task)
        raise TooEarly(0, "left to another process")

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """One of those that speak with Slack at the same time; TooEarly where the process ends before one is free."""
        await self.in_turn(self._places.acquire)
        try:
            yield
        finally:
            self._places.release()

    async def send(self, fresh: Fresh | FreshDay) -> Arrival | None:
        """None if something changed before its turn had come."""
        notice, person = fresh.notice, fresh.recipient
        to, is_blind, is_not_there = notice.channel or (person.slack_id if person else ""), False, False
        if may_have_arrived(notice) and (person is None or person.is_active):
            found, is_blind = await self._found(await self._lines.to(notice.workspace_id), notice, to, fresh.thread)
            if found is not None:
                return self._arrived(fresh, found)
            is_not_there = not is_blind
        try:
            return await self._send(fresh, to, is_blind=is_blind, is_not_there=is_not_there)
        except TooEarly as early:
            early.is_not_there = is_not_there
            raise

    async def _send(self, fresh: Fresh | FreshDay, to: str, *, is_blind: bool, is_not_there: bool) -> Arrival | None:
        notice, person = fresh.notice, fresh.recipient
        self._check(fresh)
        if isinstance(fresh, Fresh) and fresh.early and (is_not_there or not may_have_arrived(notice)):
            await put_back(self._office, notice, fresh.early, is_not_there=is_not_there)
            return None
        if unwanted := self._unwanted_parts(fresh):
            await self._outbox.leave_out(notice, unwanted)
            return None
        leaves_at = max(self._office.clock.now(), _due_at(fresh))
        message = message_of(fresh, self._readers, self._office.rulebook, leaves_at)
        known, rendered = told_by(fresh, self._office.rulebook), fingerprint(message)
        if person is not None and not person.is_active:
            raise Undeliverable("account_inactive")
        slack = await self._lines.to(notice.workspace_id)
        self._check_use(notice)
        await self._turn(slack, notice, to, leaves_at)
        async with self._place():
            self._check_lease(notice)
            await self._in_turn_of_slack(slack.leave, notice)
            if not await self._sight.holds(fresh):
                return None
            self._check_lease(notice)
            post = slack.post(to, message.as_arguments(), notice.id, fresh.thread, told=known, shows=rendered)
            posted = await self._outcome(post, is_blind=is_blind)
        now, reason = self._office.clock.now(), Reason.MAYBE_TWICE if is_blind else ""
        return Arrival(
            notice, now, posted, known, rendered, reason, fresh.turns(now), asks_late=self._asks_late(fresh, now)
        )

    def _arrived(self, fresh: Fresh | FreshDay, found: Found) -> Arrival:
        """An earlier try arrived, and told and showed what held then: the rest is still to be told, or to be edited."""
        notice, now = fresh.notice, self._office.clock.now()
        known = told_by(fresh, self._office.rulebook)
        told = known if found.told is None else found.told
        posted_at = datetime.fromtimestamp(float(found.posted.ts), UTC)
        at = min(max(posted_at, notice.due_at), now)
        return Arrival(notice, at, found.posted, told, found.shows, turns=now, was_found=True)

    def _asks_late(self, fresh: Fresh | FreshDay, now: datetime) -> bool:
        """Whether its recipient is asked something only now that was to be asked before."""
        if isinstance(fresh, FreshDay):
            return False
        late = (part for part in fresh.parts if now - part.due_at > PROMPT)
        asked = (fresh.planned.notices.get(planned_key(part.key)) for part in late)
        return any(is_chased(wanted, self._office.rulebook) for wanted in asked)

    async def _outcome(self, post: Awaitable[Posted], *, is_blind: bool) -> Posted:
        try:
            return await post
        except TryLater as later:
            if is_blind:
                raise TryLater(f"{UNKNOWN}: {later.code}", later.seconds) from later
            raise
        except UnknownOutcome as unknown:
            if is_blind:
                # Twice into the dark is enough: somebody is asked to look after it.
                raise Undeliverable(Reason.UNKNOWN_TWICE) from unknown
            raise

    async def _found(self, slack: Slack, notice: Notice, to: str, thread: str | None) -> tuple[Found | None, bool]:
        """The message, if an earlier try arrived without our knowing; and whether that cannot be found out.

        Without the scope to look, what may have arrived is sent once more: a guest who waits in vain is worse than a
        message that comes twice. The row says so.
        """
        turn = partial(self._turn_to_look, slack, notice)
        since, tries = _look_from(notice), notice.attempts
        try:
            return await slack.look_for(to, notice.id, since=since, tries=tries, thread_ts=thread, turn=turn), False
        except MissingScope:
            is_blind = not notice.reason or notice.reason.startswith(UNKNOWN)
            if is_blind:
                log.warning("sent_without_looking", notice=notice.id, workspace=notice.workspace_id)
            return None, is_blind
        except TryLater as later:
            raise TryLater(f"{UNKNOWN}: {later.code}", later.seconds) from later

    @asynccontextmanager
    async def _turn_to_look(self, slack: Slack, notice: Notice) -> AsyncIterator[None]:
        try:
            await self._in_turn_of_slack(slack.look_turn, notice)
        except TooEarly as early:
            raise TooEarly(early.seconds, early.reason, for_looks_seconds=early.seconds) from early
        async with self._place():
            yield

    async def _until(self, due: datetime) -> None:
        """It was claimed a moment ahead; where the clock was set back meanwhile it waits in the table."""
        left = due - self._office.clock.now()
        if timedelta(0) < left < LONGEST_NAP:
            await asyncio.sleep(left.total_seconds())
        left = due - self._office.clock.now()
        if left > timedelta(0):
            raise TooEarly(left.total_seconds(), "not due yet")

    async def _turn(self, slack: Slack, notice: Notice, to: str, due: datetime) -> None:
        await self.in_turn(partial(self._until, due))
        await self._in_turn_of_slack(partial(slack.turn, to, urgency=notice.useful_until.timestamp()), notice)

    async def _in_turn_of_slack(self, turn: Callable[[float], Awaitable[None]], notice: Notice) -> None:
        """Waits for a turn that comes while the lease holds; until a later one it waits in the table."""
        left = notice.attempt_at - SENDING_TAKES - self._office.clock.now()
        try:
            await self.in_turn(partial(turn, left.total_seconds()))
        except TurnFarOff as far:
            raise TooEarly(far.seconds, str(far), far.for_all_seconds) from far

    def _check_lease(self, notice: Notice) -> None:
        if self._office.clock.now() + SENDING_TAKES > notice.attempt_at:
            raise TooEarly(0, "waited too long for its turn")

    def _check_use(self, notice: Notice) -> None:
        if self._office.clock.now() >= lasts_until(notice):
            raise TooLate

    def _check(self, fresh: Fresh | FreshDay) -> None:
        """Raises unless the notice is to be sent now, or to be looked for."""
        notice = fresh.notice
        if not may_have_arrived(notice):
            self._check_use(notice)
        if isinstance(fresh, FreshDay):
            if not fresh.is_wanted(self._office.rulebook):
                raise Unwanted(Reason.NOT_PLANNED)
            return
        if reason := self._why_unwanted(fresh):
            raise Unwanted(reason)
        card = fresh.card
        if notice.kind == NoticeKind.THREAD and card is not None and card.state == NoticeState.FAILED:
            raise Unwanted(Reason.NO_CARD)
        if notice.kind == NoticeKind.THREAD and (card is None or card.slack_ts is None):
            raise TooEarly(CARD_WAIT.total_seconds(), "the card is not there yet")

    def _why_unwanted(self, fresh: Fresh) -> str:
        """Empty where it is wanted."""
        if fresh.notice.kind in FOLLOWS_PLAN:
            wanted = fresh.planned.notices.get(planned_key(fresh.notice.key))
            if wanted is None:
                return Reason.NOT_PLANNED
            if not wanted.is_open:
                return Reason.ANSWERED
        is_report = fresh.notice.kind == NoticeKind.UNDELIVERED
        if is_report and not may_hear(fresh.notice, fresh.picture, self._office.rulebook):
            return Reason.GONE
        if fresh.notice.kind == NoticeKind.LEFT and fresh.picture.people[fresh.notice.payload["left"]].is_active:
            return Reason.CHANGED_BACK
        is_over = is_needless(fresh, self._readers, self._office.rulebook, self._office.clock.now())
        return Reason.ANSWERED if is_over else ""

    def _unwanted_parts(self, fresh: Fresh | FreshDay) -> dict[str, str]:
        """Why some of what a message carries is not to be told any more, by id."""
        if isinstance(fresh, FreshDay) or not fresh.merged:
            return {}
        why = {part.id: self._why_unwanted(fresh.alone(part)) for part in fresh.merged}
        return {part: reason for part, reason in why.items() if reason}


def _due_at(fresh: Fresh | FreshDay) -> datetime:
    """When the last thing that it tells is due."""
    return max((part.due_at for part in fresh.parts), default=fresh.notice.due_at)


def _look_from(notice: Notice) -> float:
    """Unix seconds; the same for all that were tried first on one day, so that a conversation is read once for them."""
    day = ((notice.first_tried_at or notice.created_at) - CLOCKS_DIFFER).astimezone(UTC)
    return day.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def fingerprint(message: Message) -> str:
    """The same for messages that read the same."""
    content = json.dumps(message.as_arguments(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:32]
