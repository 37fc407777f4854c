"""What people see change, pushed to whoever looks; and a way to wait for a change without sleeping."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Event = dict[str, Any]


class Feed:
    """Hands each person's events to that person's open pages."""

    def __init__(self) -> None:
        self._open: defaultdict[str, set[asyncio.Queue[Event]]] = defaultdict(set)
        self._waiting: set[asyncio.Future[None]] = set()

    @contextmanager
    def watch(self, user_id: str) -> Iterator[asyncio.Queue[Event]]:
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._open[user_id].add(queue)
        try:
            yield queue
        finally:
            self._open[user_id].discard(queue)

    def tell(self, people: Iterable[str], event: Event) -> None:
        for user_id in people:
            for queue in self._open.get(user_id, ()):
                queue.put_nowait(event)
        self.touch()

    def tell_everybody(self, event: Event) -> None:
        self.tell(list(self._open), event)

    def touch(self) -> None:
        """Wakes those who wait for a condition: something may have come true."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Waits for the condition, looking again after every change; False when it did not come true in time."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    change = asyncio.get_running_loop().create_future()
                    self._waiting.add(change)
                    await change
        except TimeoutError:
            return condition()
        return True
