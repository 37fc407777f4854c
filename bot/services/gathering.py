"""What comes within a moment is written together: many in one transaction instead of one each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

GATHER_SECONDS = 0.025
"""How long the first of a group waits for others, unless told otherwise."""
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class _Waiting(Generic[Item, Result]):
    item: Item
    written: asyncio.Future[Result] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Gathering(Generic[Item, Result]):
    """Writes groups by `write`, one after the other; it gives a result for each item, in their order."""

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._write = write
        self._waiting: list[_Waiting[Item, Result]] = []
        self._writer: asyncio.Task[None] | None = None

    async def add(self, item: Item, *, gather_seconds: float = GATHER_SECONDS) -> Result:
        """Returns when the item is written. If its group fails, everybody in it gets the error."""
        waiting = _Waiting[Item, Result](item)
        self._waiting.append(waiting)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all(gather_seconds))
        return await waiting.written

    async def _write_all(self, gather_seconds: float) -> None:
        try:
            await asyncio.sleep(gather_seconds)
            while self._waiting:
                group, self._waiting = self._waiting, []
                await self._write_group(group)
        finally:
            self._writer = None

    async def _write_group(self, group: Sequence[_Waiting[Item, Result]]) -> None:
        try:
            results = await self._write([waiting.item for waiting in group])
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            for waiting in group:
                if not waiting.written.done():
                    waiting.written.set_exception(error)
            return
        for waiting, result in zip(group, results, strict=True):
            if not waiting.written.done():
                waiting.written.set_result(result)
