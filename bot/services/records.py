"""The record of a visit (G5), as those who change it read it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.notices import Record
from bot.models.visits import Visit
from bot.procedure.history import named
from bot.procedure.telling import WAS

_NAMING = ("driver", "leader", "owner", "before")
"""Details that name a person."""


async def who_changed(session: AsyncSession, visit: Visit, now: datetime) -> int:
    """Whose change this is: whoever stands on record for this moment. What other rules or settings change is nobody's:
    then the lead host, who answers for the visit (G1)."""
    by = await first_of(session, visit, now)
    return by.person_id if by is not None else visit.lead_host_id


async def first_of(session: AsyncSession, visit: Visit, now: datetime) -> Record | None:
    """What stands on record first for a change of this moment; None where it is nobody's."""
    same_change = select(Record).where(Record.visit_id == visit.key, Record.at == now).order_by(col(Record.id))
    return (await session.exec(same_change)).first()


def named_in(records: Iterable[Record]) -> set[int]:
    """Everybody whom the entries name."""
    found: set[int] = set()
    for record in records:
        told = record.details
        ids = (record.person_id, *(told.get(name) for name in _NAMING), *told.get("people", ()))
        ids += tuple(told[name] for name in ("old", "new") if isinstance(told.get(name), int))
        found |= {person for person in ids if person is not None} | named(told.get("changes", {}))
    return found


def named_by(payload: Mapping[str, Any]) -> set[int]:
    """Everybody whom a notice names: who need not have a part in the visit any more."""
    told = [payload, payload.get(WAS) or {}, *(change.get("old") or {} for change in payload.get("changes", ()))]
    people = {facts.get(name) for facts in told for name in ("driver", "host", "from", "by")}
    return {person for person in people if isinstance(person, int)}
