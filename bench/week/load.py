"""What the week asks of the database and of Slack, by the minute in which it was asked."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

from sandbox.record import ApiCall

MINUTE = 60.0
OUTSIDE = ("auth.test", "apps.connections.open")
"""Calls of a bot that starts, not of a week."""


@dataclass
class Statements:
    """Statements and commits, by the loop's second."""

    statements: Counter[int] = field(default_factory=Counter)
    commits: Counter[int] = field(default_factory=Counter)

    def most(self, which: Counter[int], seconds: int) -> float:
        """A second, in the busiest stretch of so many seconds."""
        stretches: Counter[int] = Counter()
        for second, times in which.items():
            stretches[second // seconds] += times
        return max(stretches.values(), default=0) / seconds


@contextmanager
def counted_statements() -> Iterator[Statements]:
    """What the bot asks of its database until the block ends; what the task that counts asks itself is left out."""
    counted, observer = Statements(), asyncio.current_task()

    def second() -> int:
        return int(asyncio.get_running_loop().time())

    def executed(*_: Any) -> None:
        counted.statements[second()] += asyncio.current_task() is not observer

    def committed(_: Any) -> None:
        counted.commits[second()] += asyncio.current_task() is not observer

    event.listen(Engine, "before_cursor_execute", executed)
    event.listen(Engine, "commit", committed)
    try:
        yield counted
    finally:
        event.remove(Engine, "before_cursor_execute", executed)
        event.remove(Engine, "commit", committed)


@dataclass(frozen=True)
class Calls:
    """What Slack was asked for."""

    total: int
    refused: int
    """With 429 or any other error."""
    minute: int
    """In the busiest minute."""


def by_method(calls: Iterable[ApiCall]) -> dict[str, Calls]:
    """Of each method, most often called first."""
    found: dict[str, list[ApiCall]] = {}
    for call in calls:
        if call.method not in OUTSIDE:
            found.setdefault(call.method, []).append(call)
    listed = {method: _calls(of_method) for method, of_method in found.items()}
    return dict(sorted(listed.items(), key=lambda item: -item[1].total))


def _calls(calls: list[ApiCall]) -> Calls:
    return Calls(len(calls), sum(not call.ok for call in calls), busiest(calls, MINUTE))


def busiest(calls: Iterable[ApiCall], seconds: float) -> int:
    """The most of them in any stretch of so many seconds."""
    moments = sorted(call.workspace_time.timestamp() for call in calls)
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def busiest_channel(posts: Iterable[ApiCall], seconds: float, *, direct: bool) -> int:
    """The same for the one channel, or the one person's DM, that saw the most."""
    channels: dict[str, list[ApiCall]] = {}
    for post in posts:
        channels.setdefault(str(post.answer.get("channel")), []).append(post)
    return max(
        (busiest(of_one, seconds) for name, of_one in channels.items() if name.startswith("D") == direct), default=0
    )
