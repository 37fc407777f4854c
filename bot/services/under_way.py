"""The notices that are under way in this process, each in a task of its own."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from bot.models.notices import Notice

_NOTHING = datetime.fromtimestamp(0, UTC)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Begun:
    notice: Notice
    task: asyncio.Task[bool]


class UnderWay:
    """Begins the work on notices and knows what has not ended yet."""

    def __init__(self) -> None:
        self._begun: dict[str, _Begun] = {}
        self._by_workspace: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._begun)

    @property
    def ids(self) -> Collection[str]:
        return self._begun.keys()

    @property
    def tasks(self) -> Collection[asyncio.Task[bool]]:
        return [begun.task for begun in self._begun.values()]

    def of_workspace(self, workspace_id: str) -> int:
        """How many of a workspace are under way."""
        return self._by_workspace[workspace_id]

    def workspaces_with(self, least: int) -> list[str]:
        """The workspaces of which at least so many are under way."""
        return [workspace for workspace, count in self._by_workspace.items() if count >= least]

    def least_urgent(self, workspaces: Collection[str]) -> datetime | None:
        """Until when all that is under way in any of these is of use at most; None where that is nothing in one."""
        longest = dict.fromkeys(workspaces, _NOTHING)
        for begun in self._begun.values():
            notice = begun.notice
            if notice.workspace_id in longest:
                longest[notice.workspace_id] = max(longest[notice.workspace_id], notice.useful_until)
        least = min(longest.values(), default=_NOTHING)
        return least if least > _NOTHING else None

    def overdue(self, now: datetime) -> list[str]:
        """What is still under way although its lease has ended: it is not to be claimed a second time here."""
        return [notice_id for notice_id, begun in self._begun.items() if begun.notice.attempt_at <= now]

    def begin(self, notice: Notice, work: Coroutine[Any, Any, bool], ended: Callable[[Notice, bool], None]) -> None:
        """Does the work; `ended` is called with what it returned, True if it failed.

        What was put off for no time can be claimed again before the task that put it off has come to its end: the new
        one waits for that.
        """
        before = self._begun.get(notice.id)
        task = asyncio.create_task(work if before is None else _after(before.task, work), name=f"notice {notice.id}")
        self._begun[notice.id] = _Begun(notice, task)
        self._by_workspace[notice.workspace_id] += 1

        def end(done: asyncio.Task[bool]) -> None:
            if (newest := self._begun.get(notice.id)) is not None and newest.task is done:
                del self._begun[notice.id]
            self._by_workspace[notice.workspace_id] -= 1
            if not self._by_workspace[notice.workspace_id]:
                del self._by_workspace[notice.workspace_id]
            failure = None if done.cancelled() else done.exception()
            if failure is not None:
                # The row keeps its lease and is tried again when that ends; one broken notice holds up no other.
                log.error("notice_failed", notice=notice.id, exc_info=failure)
            ended(notice, done.cancelled() or failure is not None or done.result())

        task.add_done_callback(end)


async def _after(before: asyncio.Task[bool], work: Coroutine[Any, Any, bool]) -> bool:
    try:
        await asyncio.wait([before])
        return await work
    finally:
        work.close()
