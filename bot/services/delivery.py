"""The one delivery path: claim, look again, send, settle; and edit what was sent when it no longer shows the truth."""

import asyncio
import hashlib
import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.errors import OutOfDate
from bot.messages.blocks import Message
from bot.metrics import Metrics
from bot.models.notices import Notice, NoticeKind, NoticeState, Reason
from bot.procedure.deputies import deputy_for
from bot.procedure.plan import planned_key
from bot.services.arrivals import Arrival, Arrivals
from bot.services.office import Office
from bot.services.outbox import Outbox
from bot.services.reading import Readers
from bot.services.reconcile import EDITED
from bot.services.saying import FOLLOWS_PLAN, is_needless, message_of, told_by, whom_to_tell
from bot.services.sight import Fresh, FreshDay, Sight
from bot.services.under_way import UnderWay
from bot.slack import (
    UNREACHABLE,
    MissingScope,
    NotInstalled,
    Posted,
    Slack,
    TryLater,
    TurnFarOff,
    Undeliverable,
    UnknownOutcome,
)
from bot.switchboard import NO_GRANT, Lines

AT_ONCE = 16
"""Messages under way at the same time."""
LONGEST_WAIT = timedelta(minutes=5)
"""Between two tries."""
SHARE_OF_WHAT_IS_LEFT = 1 / 30
"""How much of the time in which a notice is still of use may pass between two tries."""
SENDING_TAKES = timedelta(seconds=12)
"""At most: one call to Slack with its time-out. Nothing is sent on a lease that might end meanwhile."""
AHEAD = 6
"""Times as many are claimed as are sent at once."""
SHARE = 2
"""Times as many as are sent at once is what one claim takes, and about what one workspace may hold of them: others
find room beside a workspace whose messages wait for their pace."""
UNTIL_INSTALLED = timedelta(hours=1)
"""Between two looks whether a workspace that removed the bot has it again; installing it wakes at once."""
EDITS_EVERY = timedelta(seconds=1)
SOON = timedelta(seconds=1)
UNKNOWN = "unknown outcome"
CARD_WAIT = timedelta(seconds=1)
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
    """It cannot be sent before so many `seconds` have passed, for `reason`; that was no try."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason


class Delivery:
    """Sends what is due. `freed` is called when something ended after which more can be begun, or is to be waited for.

    It claims ahead of what it can send at once, so that no sender waits for the database; a notice is read when it is
    claimed and again, if anything has changed, when its turn has come (`Sight`).
    """

    def __init__(
        self, office: Office, readers: Readers, lines: Lines, *, at_once: int = AT_ONCE, metrics: Metrics | None = None
    ) -> None:
        self.office = office
        self.outbox = Outbox(office, metrics or Metrics())
        self.readers = readers
        self.lines = lines
        self.freed: Callable[[], None] = lambda: None
        self._sight = Sight(office)
        self._arrivals = Arrivals(office, self.outbox.metrics)
        self._sending = asyncio.Semaphore(at_once)
        self._at_once = at_once
        self._claimed = UnderWay()
        self._edited = UnderWay()
        self._more = False
        """Whether more was due than there was room for."""
        self._edits_looked_at: datetime | None = None
        office.database.after_commit(self._look_for_edits)

    async def start_due(self) -> bool:
        """Begin what is due, as far as there is room; says whether anything was begun."""
        began = await self._start_claimed()
        return await self._start_edits() or began

    async def next_look(self) -> datetime | None:
        """When something is to be done next; None if nothing is waiting, or only for something that is under way."""
        return None if self._more else await self.outbox.next_due()

    async def deliver_due(self) -> None:
        """Send everything that is due now and wait until it is settled."""
        while await self.start_due() or self._more or self._claimed or self._edited:
            await self.finish_one()

    async def finish_one(self) -> None:
        """Wait until something that is under way has ended."""
        tasks = [*self._claimed.tasks, *self._edited.tasks]
        if tasks:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    async def finish(self) -> None:
        """Wait until all that is under way has ended; nothing new begins."""
        while self._claimed or self._edited:
            await self.finish_one()

    async def _start_claimed(self) -> bool:
        share = self._at_once * SHARE
        room = min(self._at_once * AHEAD - len(self._claimed), share)
        if room <= 0:
            return False
        full = self._claimed.workspaces_with(share)
        claimed = await self.outbox.claim(room, self._claimed.overdue(self.office.clock.now()), full)
        self._more = len(claimed) == room or bool(full)
        for fresh in await self._sight.read(claimed) if claimed else ():
            self._claimed.begin(fresh.notice, self._deliver(fresh), self._delivered)
        return bool(claimed)

    async def _start_edits(self) -> bool:
        """Looks after every change, and once a second for what was put off."""
        now = self.office.clock.now()
        room = self._at_once - len(self._edited)
        if room <= 0 or (self._edits_looked_at and abs(now - self._edits_looked_at) < EDITS_EVERY):
            return False
        self._edits_looked_at = now
        stale = await self.outbox.stale(room, self._edited.ids)
        if len(stale) == room:
            self._look_for_edits()
        for fresh in await self._sight.read(stale) if stale else ():
            self._edited.begin(fresh.notice, self._edit(fresh), self._edit_ended)
        return bool(stale)

    def _look_for_edits(self) -> None:
        self._edits_looked_at = None

    def _delivered(self, notice: Notice, comes_back: bool) -> None:
        """Calls for more when a workspace, or the house, can take a good number again."""
        self._sight.forget(notice.id)
        left, of_workspace = len(self._claimed), self._claimed.of_workspace(notice.workspace_id)
        share = self._at_once * SHARE
        can_take_more = of_workspace == share - 1 or left == self._at_once * AHEAD - share or not left
        if comes_back or (self._more and can_take_more):
            self.freed()

    def _edit_ended(self, notice: Notice, _comes_back: bool) -> None:
        self._sight.forget(notice.id)
        self.freed()

    async def _deliver(self, fresh: Fresh | FreshDay) -> bool:
        """Until it is settled, reading again whatever changes before its turn has come; says if it is to come back."""
        current: Fresh | FreshDay | None = fresh
        while current is not None:
            claimed = current.notice
            try:
                arrival = await self._send(current)
            except Unwanted as unwanted:
                await self.outbox.withdraw(claimed, unwanted.reason)
            except OutOfDate:
                await self.outbox.withdraw(claimed, Reason.GONE)
            except TooLate:
                await self._give_up(current, NoticeState.EXPIRED, Reason.TOO_LATE)
            except Undeliverable as refused:
                await self._give_up(current, NoticeState.FAILED, refused.code)
            except TooEarly as early:
                until = self.office.clock.now() + timedelta(seconds=early.seconds)
                await self.outbox.put_off(claimed, until, early.reason, uncounted=True)
                return True
            except NotInstalled as gone:
                until = self._held_until(claimed, gone)
                await self.outbox.put_off(claimed, until, Reason.NOT_INSTALLED, uncounted=True)
                return True
            except TryLater as later:
                await self.outbox.put_off(claimed, self._again_at(claimed, later.seconds), later.code)
                return True
            except UnknownOutcome as unknown:
                await self.outbox.put_off(claimed, self._again_at(claimed, 0), f"{UNKNOWN}: {unknown}")
                return True
            else:
                if arrival is None:
                    current = await self._sight.read_again(claimed)
                    continue
                await self._arrivals.settle(arrival, others_follow=len(self._claimed) > 1)
                log.info("notice_sent", notice=claimed.id, rule=claimed.rule, kind=claimed.kind, visit=claimed.visit_id)
            return False
        return False

    async def _send(self, fresh: Fresh | FreshDay) -> Arrival | None:
        """None if something changed before its turn had come."""
        notice, person = fresh.notice, fresh.recipient
        self._check(fresh)
        message = message_of(fresh, self.readers, self.office.rulebook, self.office.clock.now())
        if person is not None and not person.is_active:
            raise Undeliverable("account_inactive")
        to = notice.channel or (person.slack_id if person else "")
        thread = fresh.thread
        slack = await self.lines.to(notice.workspace_id)
        posted, is_blind = await self._found(slack, notice, to, thread)
        if posted is None:
            await self._turn(slack, notice, to)
            async with self._sending:
                if not await self._sight.holds(fresh):
                    return None
                self._check_lease(notice)
                posted = await self._post(slack, notice, to, message, thread, is_blind=is_blind)
        now, known = self.office.clock.now(), told_by(fresh, self.office.rulebook)
        reason = Reason.MAYBE_TWICE if is_blind else ""
        return Arrival(notice, now, posted, known, fingerprint(message), reason, fresh.turns(now))

    async def _post(
        self, slack: Slack, notice: Notice, to: str, message: Message, thread: str | None, *, is_blind: bool
    ) -> Posted:
        try:
            return await slack.post(to, message.as_arguments(), notice.id, thread)
        except UnknownOutcome as unknown:
            if is_blind:
                # Twice into the dark is enough: somebody is asked to look after it.
                raise Undeliverable(Reason.UNKNOWN_TWICE) from unknown
            raise

    async def _found(self, slack: Slack, notice: Notice, to: str, thread: str | None) -> tuple[Posted | None, bool]:
        """The message, if an earlier try arrived without our knowing; and whether that cannot be found out.

        Without the scope to look, what may have arrived is sent once more: a guest who waits in vain is worse than a
        message that comes twice. The row says so.
        """
        if notice.attempts <= 1:
            return None, False
        since = (notice.created_at - CLOCKS_DIFFER).timestamp()
        try:
            async with self._sending:
                return await slack.look_for(to, notice.id, since=since, thread_ts=thread), False
        except MissingScope:
            is_blind = not notice.reason or notice.reason.startswith(UNKNOWN)
            if is_blind:
                log.warning("sent_without_looking", notice=notice.id, workspace=notice.workspace_id)
            return None, is_blind

    async def _turn(self, slack: Slack, notice: Notice, to: str) -> None:
        left = notice.attempt_at - SENDING_TAKES - self.office.clock.now()
        try:
            await slack.turn(to, left.total_seconds())
        except TurnFarOff as far:
            raise TooEarly(far.seconds, str(far)) from far

    def _check_lease(self, notice: Notice) -> None:
        if self.office.clock.now() + SENDING_TAKES > notice.attempt_at:
            raise TooEarly(0, "waited too long for its turn")

    def _check(self, fresh: Fresh | FreshDay) -> None:
        """Raises unless the notice is to be sent now."""
        notice = fresh.notice
        if self.office.clock.now() >= notice.useful_until:
            raise TooLate
        if isinstance(fresh, FreshDay):
            if not fresh.is_wanted(self.office.rulebook):
                raise Unwanted(Reason.NOT_PLANNED)
            return
        card = fresh.card
        if notice.kind in FOLLOWS_PLAN:
            wanted = fresh.planned.notices.get(planned_key(notice.key))
            if wanted is None:
                raise Unwanted(Reason.NOT_PLANNED)
            if not wanted.is_open:
                raise Unwanted(Reason.ANSWERED)
        if is_needless(fresh, self.readers, self.office.rulebook, self.office.clock.now()):
            raise Unwanted(Reason.ANSWERED)
        if notice.kind == NoticeKind.THREAD and card is not None and card.state == NoticeState.FAILED:
            raise Unwanted(Reason.NO_CARD)
        if notice.kind == NoticeKind.THREAD and (card is None or card.slack_ts is None):
            raise TooEarly(CARD_WAIT.total_seconds(), "the card is not there yet")

    async def _edit(self, fresh: Fresh | FreshDay) -> bool:
        """Says whether it is to be tried again."""
        notice, now = fresh.notice, self.office.clock.now()
        if notice.kind not in EDITED or notice.slack_channel is None or notice.slack_ts is None:
            await self.outbox.edited(notice, notice.rendered)
            return False
        try:
            message = message_of(fresh, self.readers, self.office.rulebook, fresh.as_of(now))
            rendered = fingerprint(message)
            if rendered != notice.rendered:
                posted = Posted(notice.slack_channel, notice.slack_ts)
                slack = await self.lines.to(notice.workspace_id)
                await slack.update(posted, message.as_arguments(), notice.id)
        except (OutOfDate, Undeliverable) as gone:
            log.info("edit_given_up", notice=notice.id, reason=str(gone))
            await self.outbox.edited(notice, notice.rendered)
        except NotInstalled:
            await self.outbox.edit_later(notice, now + UNTIL_INSTALLED)
        except (TryLater, UnknownOutcome) as later:
            wait = timedelta(seconds=max(getattr(later, "seconds", 0.0), 5.0))
            await self.outbox.edit_later(notice, now + wait)
            return True
        else:
            await self.outbox.edited(notice, rendered, fresh.turns(now))
        return False

    def _again_at(self, claimed: Notice, asked: float) -> datetime:
        """Later each time, with jitter so that many do not come back together; but not when hardly any time is left."""
        now = self.office.clock.now()
        left = (claimed.useful_until - now).total_seconds() * SHARE_OF_WHAT_IS_LEFT
        wait = min(2.0 ** min(claimed.attempts, 12), LONGEST_WAIT.total_seconds(), max(left, 2.0))
        jittered = wait * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        return now + timedelta(seconds=max(asked, jittered))

    def _held_until(self, claimed: Notice, gone: NotInstalled) -> datetime:
        """The token that was refused may be an old one, where tokens are kept: then look for the new one at once."""
        now = self.office.clock.now()
        if self.lines.are_several and gone.code != NO_GRANT:
            return now + SOON
        return min(now + UNTIL_INSTALLED, claimed.useful_until)

    async def _give_up(self, fresh: Fresh | FreshDay, state: NoticeState, reason: str) -> None:
        claimed = fresh.notice
        log.warning("notice_given_up", notice=claimed.id, rule=claimed.rule, state=state, reason=reason)
        is_unreachable = state == NoticeState.FAILED and reason in UNREACHABLE
        if isinstance(fresh, Fresh) and is_unreachable and fresh.picture.visit.is_open:
            deputy = deputy_for(fresh.picture, claimed)
            if deputy is not None:
                await self.outbox.hand_over(claimed, reason, deputy)
                return
        instead = whom_to_tell(fresh, state, self.office.rulebook)
        if instead.is_nobody:
            log.error("nobody_told", notice=claimed.id, visit=claimed.visit_id)
            self.outbox.metrics.nobody_told()
        await self.outbox.give_up(claimed, state, reason, instead.people, instead.channel, visit_id=instead.visit_id)


def fingerprint(message: Message) -> str:
    """The same for messages that read the same."""
    content = json.dumps(message.as_arguments(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:32]
