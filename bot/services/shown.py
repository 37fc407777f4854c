"""What sent messages show, written down: whatever ends within a moment in one transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import SQLModel

from bot.metrics import Metrics, Outcome
from bot.models.notices import Notice
from bot.services.office import Office

GATHER_SECONDS = 0.025
"""How long the first of a group waits for others: of all messages of a visit that changed most read as before."""
_TABLE = SQLModel.metadata.tables["notice"]
_WRITE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("of"), _TABLE.c.stale_since == bindparam("since"))
    .values(stale_since=bindparam("again_at"), rendered=bindparam("shows"))
)


@dataclass
class _Waiting:
    notice: Notice
    rendered: str
    again_at: datetime | None
    written: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Shown:
    """Writes down of messages that they show the present state, unless something changed once more meanwhile."""

    def __init__(self, office: Office, metrics: Metrics) -> None:
        self._office = office
        self._metrics = metrics
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def write(self, notice: Notice, rendered: str, again_at: datetime | None = None) -> None:
        """Returns when it is committed. `again_at`: when it is to be looked at again although nothing changes."""
        waiting = _Waiting(notice, rendered, again_at)
        self._waiting.append(waiting)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await waiting.written
        if rendered != notice.rendered:
            self._metrics.settled(notice.kind, Outcome.EDITED, self._office.clock.now())

    async def _write(self) -> None:
        try:
            await asyncio.sleep(GATHER_SECONDS)
            while self._waiting:
                group, self._waiting = self._waiting, []
                await self._write_group(group)
        finally:
            self._writer = None

    async def _write_group(self, group: Sequence[_Waiting]) -> None:
        """A failure is everybody's: what was not written is looked at again."""
        try:
            async with self._office.database.write(announced=False) as session:
                await (await session.connection()).execute(_WRITE, [_columns(waiting) for waiting in group])
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            for waiting in group:
                if not waiting.written.done():
                    waiting.written.set_exception(error)
            return
        for waiting in group:
            if not waiting.written.done():
                waiting.written.set_result(None)


def _columns(waiting: _Waiting) -> dict[str, object]:
    notice = waiting.notice
    return {
        "of": notice.id,
        "since": notice.stale_since,
        "again_at": waiting.again_at,
        "shows": waiting.rendered,
    }
