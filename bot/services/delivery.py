"""The one delivery path: claim, look again, send, settle; and edit what was sent when it no longer shows the truth."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.errors import OutOfDate
from bot.messages.blocks import Message
from bot.metrics import Metrics
from bot.models.notices import HELD_IN_DOUBT, UNKNOWN, Notice, NoticeKind, NoticeState, Reason
from bot.services.arrivals import Arrivals
from bot.services.claims import HEAD_START, Claims
from bot.services.editing import Editing
from bot.services.misses import Misses
from bot.services.office import Office
from bot.services.outbox import Outbox
from bot.services.pressed import Pressed
from bot.services.reading import Readers
from bot.services.reporting import lasts_until
from bot.services.resting import Resting
from bot.services.saying import message_of, stays_as_told
from bot.services.sending import Sending, TooEarly, TooLate, Unwanted, fingerprint
from bot.services.shown import Shown
from bot.services.sight import Fresh, FreshDay, Sight
from bot.services.under_way import UnderWay
from bot.slack import (
    UNREACHABLE,
    NotInstalled,
    Posted,
    TryLater,
    Undeliverable,
    UnknownOutcome,
)
from bot.switchboard import NO_GRANT, NO_KEY, Lines

AT_ONCE = 16
"""Messages under way at the same time."""
LONGEST_WAIT = timedelta(minutes=5)
"""Between two tries."""
SHARE_OF_WHAT_IS_LEFT = 1 / 30
"""How much of the time in which a notice is still of use may pass between two tries."""
AHEAD = 8
"""Times as many are claimed as are sent at once."""
SHARE = 2
"""Times as many as are sent at once is what one claim takes."""
OF_ONE = 3
"""Times as many as are sent at once is what one workspace may hold of them before only others are claimed: they find
room beside a workspace whose messages wait for their pace."""
RESERVED = 2
"""Times as many as are sent at once can be claimed besides, of workspaces of which hardly anything is under way: what
waits for its pace in many workspaces holds up nobody in another."""
HARDLY_ANY = 1 / 4
"""As much as is sent at once."""
UNTIL_INSTALLED = timedelta(hours=1)
"""Between two looks whether a workspace that removed the bot has it again; installing it wakes at once."""
WITHOUT_KEY = timedelta(minutes=1)
"""Between two looks of a process that cannot read a workspace's token; one that can takes over meanwhile."""
EDITS_SEEN = 4
"""Times as many messages are looked at together as are edited at once: most of them read as before."""
EDITS_OF_ONE = 4
"""How many workspaces, where there are several, can have as many edits waiting as there is room for."""
PRESSED_AT_ONCE = 4
"""Messages that somebody waits for are edited even while all others wait for their turn; so many at one look."""
EDITS_EVERY = timedelta(seconds=1)
SOON = timedelta(seconds=1)
log = structlog.get_logger(__name__)


class Delivery:
    """Sends what is due. `freed` is called when something ended after which more can be begun, or is to be waited for.

    It claims ahead of what it can send at once, so that no sender waits for the database; a notice is read when it is
    claimed and again, if anything has changed, when its turn has come (`Sight`).
    """

    def __init__(
        self,
        office: Office,
        readers: Readers,
        lines: Lines,
        *,
        at_once: int = AT_ONCE,
        metrics: Metrics | None = None,
        pressed: Pressed | None = None,
    ) -> None:
        self.office = office
        self.metrics = metrics or Metrics()
        self.claims = Claims(office, self.metrics)
        self.outbox = Outbox(office, self.metrics)
        self._misses = Misses(office, self.metrics)
        self.readers = readers
        self.lines = lines
        self.freed: Callable[[], None] = lambda: None
        self.pressed = pressed or Pressed()
        self._sight = Sight(office)
        self._arrivals = Arrivals(office, self.metrics)
        self._sending = Sending(self.outbox, readers, lines, self._sight, at_once)
        self._at_once = at_once
        self._claimed = UnderWay()
        self._resting = Resting()
        self._unlooked = Resting()
        """Workspaces in which as much as fits waits to be looked for already."""
        self._edited = UnderWay()
        self._shown = Shown(office, self.metrics)
        self._editing = Editing(at_once, at_once // EDITS_OF_ONE if lines.are_several else at_once)
        self._few = max(round(at_once * HARDLY_ANY), 1)
        self._was_crowded = False
        """When something was claimed last."""
        self._more = False
        """Whether more was due than there was room for."""
        self._passed_over: Collection[str] = ()
        """The workspaces of which nothing was claimed although more may be due,"""
        self._before: datetime | None = None
        """but what is of use for a shorter time than all that is under way there: that goes out first."""
        self._edits_looked_at: datetime | None = None
        self._edits_tried: Counter[str] = Counter()
        """In vain, by notice."""
        office.database.after_commit(self._look_for_edits)

    async def start_due(self) -> bool:
        """Begin what is due, as far as there is room; says whether anything was begun."""
        began = await self._start_claimed()
        return await self._start_edits() or began

    @property
    def can_begin_more(self) -> bool:
        """Whether more is due than was begun, and there is room for a good number of it; or nobody has looked yet what
        is due in workspaces of which hardly anything is under way."""
        return self._more and not (self._is_crowded and self._was_crowded)

    @property
    def _is_crowded(self) -> bool:
        """Whether there is room for a few only: a claim of one takes as long as one of many, so others are claimed when
        some have ended."""
        return len(self._claimed) > self._at_once * (AHEAD - SHARE)

    async def next_look(self) -> datetime | None:
        """When something is to be done next: what is to be sent is begun a moment before it is due.

        None if nothing is waiting, or only for something that is under way.
        """
        now = self.office.clock.now()
        due, edit = await self.outbox.next_moments(self._passed_over, self._before, self._unlooked.workspaces)
        if due is not None and due - HEAD_START > now:
            due -= HEAD_START
        if edit is not None and self._edits_looked_at is not None and self._has_just_looked(now):
            edit = max(edit, self._edits_looked_at + EDITS_EVERY)
        rests = [rest for rest in (self._resting.seconds_left, self._unlooked.seconds_left) if rest is not None]
        rested = now + timedelta(seconds=min(rests)) if rests else None
        moments = (None if self._more else due, rested, edit if self._can_edit_more else None)
        return min((moment for moment in moments if moment is not None), default=None)

    async def deliver_due(self) -> None:
        """Send everything that is due now and wait until it is settled."""
        while await self.start_due() or self._more or self.is_busy:
            await self.finish_one()

    @property
    def is_busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._claimed or self._edited)

    async def finish_one(self) -> None:
        """Wait until something that is under way has ended."""
        tasks = [*self._claimed.tasks, *self._edited.tasks]
        if tasks:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    async def finish(self) -> None:
        """Wait until all that is on its way to Slack has ended; what waits for its turn is left to others."""
        with self._sending.ending():
            while self.is_busy:
                await self.finish_one()

    async def _start_claimed(self) -> bool:
        self._was_crowded = self._is_crowded
        share, at_most = (self._few,) * 2 if self._was_crowded else (self._at_once * SHARE, self._at_once * OF_ONE)
        room = min(self._at_once * (AHEAD + RESERVED) - len(self._claimed), share)
        if room <= 0:
            return False
        self._passed_over = {*self._claimed.workspaces_with(at_most), *self._resting.workspaces}
        overdue = self._claimed.overdue(self.office.clock.now())
        self._before = self._claimed.least_urgent(self._passed_over)
        full, before, unlooked = self._passed_over, self._before, self._unlooked.workspaces
        claimed = await self.claims.claim(room, overdue, full, before=before, unlooked=unlooked, is_any=self._more)
        self._more = len(claimed) == room
        for fresh in await self._sight.read(claimed) if claimed else ():
            self._claimed.begin(fresh.notice, self._deliver(fresh), self._delivered)
            await asyncio.sleep(0)  # writing so many messages one after the other would hold up those under way
        return bool(claimed)

    async def _start_edits(self) -> bool:
        """Looks after every change, and once a second for what was put off."""
        now = self.office.clock.now()
        first = [message.ts for message in self.pressed.messages]
        room = self._at_once - len(self._edited)
        if not self._can_edit_more:
            stale = await self.outbox.stale(PRESSED_AT_ONCE, self._edited.ids, first, alone=True) if first else []
            return await self._begin_edits(stale)
        if self._has_just_looked(now):
            return False
        self._edits_looked_at = now
        stale = await self.outbox.stale(room, self._edited.ids, first, self._editing.full)
        if len(stale) == room:
            self._look_for_edits()
            stale += await self.outbox.stale_besides(stale, room * (EDITS_SEEN - 1), self._edited.ids)
        return await self._begin_edits(stale)

    @property
    def _can_edit_more(self) -> bool:
        """Whether there is room for a good number: a look for one takes as long as one for many."""
        return len(self._edited) <= self._at_once // 2

    def _has_just_looked(self, now: datetime) -> bool:
        """Whether all there was to be edited within the last second has been looked at."""
        return self._edits_looked_at is not None and abs(now - self._edits_looked_at) < EDITS_EVERY

    async def _begin_edits(self, stale: Sequence[Notice]) -> bool:
        for fresh in await self._sight.read(stale) if stale else ():
            self._edited.begin(fresh.notice, self._edit(fresh), self._edit_ended)
            await asyncio.sleep(0)  # writing so many messages one after the other would hold up those under way
        return bool(stale)

    def _look_for_edits(self) -> None:
        self._edits_looked_at = None

    def _delivered(self, notice: Notice, comes_back: bool) -> None:
        """Calls for more when a workspace, or the house, can take a good number again."""
        self._sight.forget(notice.id)
        left, of_workspace = len(self._claimed), self._claimed.of_workspace(notice.workspace_id)
        can_take_more = (
            of_workspace == self._at_once * OF_ONE - 1 or left == self._at_once * (AHEAD - SHARE) or not left
        )
        if comes_back or ((self._more or self._passed_over) and can_take_more):
            self.freed()

    def _edit_ended(self, notice: Notice, comes_back: bool) -> None:
        """Calls for more when a good number can be begun again."""
        self._sight.forget(notice.id)
        if comes_back or len(self._edited) in (0, self._at_once // 2):
            self.freed()

    async def _deliver(self, fresh: Fresh | FreshDay) -> bool:
        """Until it is settled, reading again whatever changes before its turn has come; says if it is to come back."""
        current: Fresh | FreshDay | None = fresh
        while current is not None:
            claimed = current.notice
            try:
                arrival = await self._sending.send(current)
            except Unwanted as unwanted:
                await self.outbox.withdraw(claimed, unwanted.reason)
            except OutOfDate:
                await self.outbox.withdraw(claimed, Reason.GONE)
            except TooLate:
                await self._give_up(current, NoticeState.EXPIRED, Reason.TOO_LATE)
            except Undeliverable as refused:
                await self._give_up(current, NoticeState.FAILED, refused.code)
            except TooEarly as early:
                self._rest(claimed.workspace_id, early)
                until = self._while_useful(claimed, timedelta(seconds=early.seconds))
                await self.outbox.put_off(claimed, until, _why_it_waits(claimed, early), uncounted=True)
                return True
            except NotInstalled as gone:
                if gone.code == NO_KEY:
                    self._resting.begin(claimed.workspace_id, WITHOUT_KEY.total_seconds())
                reason = HELD_IN_DOUBT if claimed.reason.startswith(UNKNOWN) else Reason.NOT_INSTALLED
                await self.outbox.put_off(
                    claimed, self._while_useful(claimed, self._until_installed(gone)), reason, uncounted=True
                )
                return True
            except TryLater as later:
                await self._put_off(claimed, later.seconds, later.code)
                return True
            except UnknownOutcome as unknown:
                await self._put_off(claimed, 0, f"{UNKNOWN}: {unknown}")
                return True
            else:
                if arrival is None:
                    current = await self._sight.read_again(claimed)
                    continue
                await self._arrivals.settle(arrival, others_follow=len(self._claimed) > 1)
                log.info("notice_sent", notice=claimed.id, rule=claimed.rule, kind=claimed.kind, visit=claimed.visit_id)
            return False
        return False

    def _rest(self, workspace_id: str, early: TooEarly) -> None:
        """What else would have to wait there too long stays in the table."""
        for resting, seconds in ((self._resting, early.for_all_seconds), (self._unlooked, early.for_looks_seconds)):
            if seconds:
                resting.begin(workspace_id, seconds)
                self.metrics.waits(self.office.clock.now())

    async def _edit(self, fresh: Fresh | FreshDay) -> bool:
        """Says whether it is to be tried again."""
        notice, now = fresh.notice, self.office.clock.now()
        if stays_as_told(fresh) or notice.slack_channel is None or notice.slack_ts is None:
            await self._shown.write(notice, notice.rendered)
            return False
        posted = Posted(notice.slack_channel, notice.slack_ts)
        if posted not in self.pressed and not self._editing.has_room_for(notice.workspace_id):
            self._look_for_edits()  # when some of those that are under way have ended
            return False
        try:
            message = message_of(fresh, self.readers, self.office.rulebook, fresh.as_of(now))
            rendered = fingerprint(message)
            if rendered != notice.rendered:
                await self._show(notice, posted, message)
        except TooEarly:
            return True
        except (OutOfDate, Undeliverable) as gone:
            log.info("edit_given_up", notice=notice.id, reason=str(gone))
            self._edits_tried.pop(notice.id, None)
            await self._shown.write(notice, notice.rendered)
        except NotInstalled as gone:
            pause = WITHOUT_KEY if gone.code == NO_KEY else self._until_installed(gone)
            await self.outbox.edit_later(notice, now + pause)
            return True
        except (TryLater, UnknownOutcome) as later:
            self._edits_tried[notice.id] += 1
            wait = min(2.0 ** min(self._edits_tried[notice.id] + 1, 12), LONGEST_WAIT.total_seconds())
            wait = max(getattr(later, "seconds", 0.0), wait * random.uniform(0.75, 1.25))  # noqa: S311 - no secret
            await self.outbox.edit_later(notice, now + timedelta(seconds=wait))
            return True
        else:
            self._edits_tried.pop(notice.id, None)
            await self._shown.write(notice, rendered, fresh.turns(now))
        return False

    async def _show(self, notice: Notice, posted: Posted, message: Message) -> None:
        """Edit the message when its turn has come."""
        with self._editing.one(notice.workspace_id):
            slack = await self.lines.to(notice.workspace_id)
            is_waited_for = posted in self.pressed
            self.pressed.is_shown(posted)
            await self._sending.in_turn(partial(slack.edit_turn, at_once=is_waited_for))
            await slack.update(posted, message.as_arguments(), notice.id)

    async def _put_off(self, claimed: Notice, asked: float, reason: str) -> None:
        log.info(
            "notice_put_off",
            notice=claimed.id,
            visit=claimed.visit_id,
            kind=claimed.kind,
            tries=claimed.attempts,
            reason=reason,
        )
        await self.outbox.put_off(claimed, self._again_at(claimed, asked), reason)

    def _again_at(self, claimed: Notice, asked: float) -> datetime:
        """Later each time, with jitter so that many do not come back together; but not when hardly any time is left.

        Once no time is left, all there is to find out is whether it had arrived. That is not urgent: it is looked for
        at the full minute, of all messages together, so that those that had not are reported together.
        """
        now = self.office.clock.now()
        left = (lasts_until(claimed) - now).total_seconds() * SHARE_OF_WHAT_IS_LEFT
        if left <= 0:
            full_minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
            return max(full_minute, now + timedelta(seconds=asked))
        wait = min(2.0 ** min(claimed.attempts, 12), LONGEST_WAIT.total_seconds(), max(left, 2.0))
        jittered = wait * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        return self._while_useful(claimed, timedelta(seconds=max(asked, jittered)))

    def _while_useful(self, claimed: Notice, wait: timedelta) -> datetime:
        """So much later, but not after it has become useless: that is reported then, however long Slack limits."""
        now = self.office.clock.now()
        until = now + wait
        return min(until, claimed.useful_until) if claimed.useful_until > now else until

    def _until_installed(self, gone: NotInstalled) -> timedelta:
        """The token that was refused may be an old one, where tokens are kept: then look for the new one at once."""
        return SOON if self.lines.are_several and gone.code != NO_GRANT else UNTIL_INSTALLED

    async def _give_up(self, fresh: Fresh | FreshDay, state: NoticeState, reason: str) -> None:
        claimed = fresh.notice
        log.warning("notice_given_up", notice=claimed.id, rule=claimed.rule, state=state, reason=reason)
        is_unreachable = state == NoticeState.FAILED and reason in UNREACHABLE
        if claimed.kind == NoticeKind.SHORT_NOTICE and not is_unreachable and reason != Reason.UNKNOWN_TWICE:
            await self.outbox.take_apart(claimed, is_refused=state == NoticeState.FAILED)
            return
        await self._misses.give_up(fresh, state, reason, is_unreachable=is_unreachable)


def _why_it_waits(claimed: Notice, early: TooEarly) -> str:
    """What became of an earlier try stays with the row, until somebody has looked in vain."""
    if early.is_not_there:
        return Reason.NOT_THERE
    return claimed.reason if claimed.attempts > 1 else early.reason
