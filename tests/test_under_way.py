"""What is under way in a process: counted once for each time that it was begun, and never twice at once."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.models.notices import Notice, NoticeKind
from bot.services.rows import row_of
from bot.services.under_way import UnderWay

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOUSE = "T1"
NOTICE = Notice(**row_of(HOUSE, None, key="one", kind=NoticeKind.RUN_SHEET, now=NOW))


@dataclass
class Work:
    """Goes on until it `may_end`."""

    has_begun: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)
    has_ended: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self, under_way: UnderWay) -> None:
        under_way.begin(NOTICE, self._do(), lambda *_: self.has_ended.set())

    async def _do(self) -> bool:
        self.has_begun.set()
        await self.may_end.wait()
        return False


async def test_what_is_claimed_again_before_its_first_task_has_ended_is_neither_lost_nor_counted_for_ever() -> None:
    """A put-off for no time is written before the task that wrote it ends; the next claim can come between the two."""
    under_way, first, second = UnderWay(), Work(), Work()
    first.begin(under_way)
    second.begin(under_way)
    await first.has_begun.wait()
    assert not second.has_begun.is_set()
    first.may_end.set()
    await second.has_begun.wait()
    assert first.has_ended.is_set()
    assert (len(under_way), under_way.of_workspace(HOUSE), list(under_way.ids)) == (1, 1, [NOTICE.id])
    assert len(under_way.tasks) == 1, "whoever stops waits for it"
    second.may_end.set()
    await second.has_ended.wait()
    assert (len(under_way), under_way.of_workspace(HOUSE)) == (0, 0)


async def test_one_that_is_canceled_while_it_waits_for_its_first_task_leaves_nothing_behind() -> None:
    under_way, first, second = UnderWay(), Work(), Work()
    first.begin(under_way)
    second.begin(under_way)
    await first.has_begun.wait()
    (task,) = under_way.tasks
    task.cancel()
    await second.has_ended.wait()
    first.may_end.set()
    await first.has_ended.wait()
    assert (len(under_way), under_way.of_workspace(HOUSE)) == (0, 0)
