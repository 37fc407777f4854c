"""The record of a visit (G5), as those who change it read it."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.notices import Record
from bot.models.visits import Visit


async def who_changed(session: AsyncSession, visit: Visit, now: datetime) -> int:
    """Whose change this is: whoever stands on record for this moment. What other rules or settings change is nobody's:
    then the lead host, who answers for the visit (G1)."""
    same_change = select(Record).where(Record.visit_id == visit.key, Record.at == now).order_by(col(Record.id))
    by = (await session.exec(same_change)).first()
    return by.person_id if by is not None else visit.lead_host_id
