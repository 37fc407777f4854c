"""What sent messages show, written down: whatever ends within a moment in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import SQLModel

from bot.metrics import Metrics, Outcome
from bot.models.notices import Notice
from bot.services.gathering import Gathering
from bot.services.office import Office

_TABLE = SQLModel.metadata.tables["notice"]
_ROW = _TABLE.alias("row")
_FREE = (
    select(_ROW.c.id)
    .where(_ROW.c.id == bindparam("of"), _ROW.c.stale_since == bindparam("since"))
    # A row that somebody holds belongs to a visit that is being changed: waiting for it with others in one's hands
    # would be waiting in a circle.
    .with_for_update(skip_locked=True)
)
_WRITE = (
    update(_TABLE)
    .where(_TABLE.c.id == _FREE.scalar_subquery())
    .values(stale_since=bindparam("again_at"), rendered=bindparam("shows"))
)


@dataclass(frozen=True)
class _Look:
    """A message was looked at: what it shows, and when it is to be looked at again although nothing changes."""

    notice: Notice
    rendered: str
    again_at: datetime | None

    @property
    def columns(self) -> dict[str, object]:
        return {
            "of": self.notice.id,
            "since": self.notice.stale_since,
            "again_at": self.again_at,
            "shows": self.rendered,
        }


class Shown:
    """Writes down of messages that they show the present state, unless something changed once more meanwhile, or is
    being changed: those are looked at again.

    Of all messages of a visit that changed most read as before: they are looked at faster than they could be written
    one by one.
    """

    def __init__(self, office: Office, metrics: Metrics) -> None:
        self._office = office
        self._metrics = metrics
        self._looks = Gathering(self._write)

    async def write(self, notice: Notice, rendered: str, again_at: datetime | None = None) -> None:
        """Returns when it is committed; what could not be written is looked at again."""
        await self._looks.add(_Look(notice, rendered, again_at))
        if rendered != notice.rendered:
            self._metrics.settled(notice.kind, Outcome.EDITED, self._office.clock.now())

    async def _write(self, looks: Sequence[_Look]) -> Sequence[None]:
        async with self._office.database.write(announced=False) as session:
            await (await session.connection()).execute(_WRITE, [look.columns for look in looks])
        return [None] * len(looks)
