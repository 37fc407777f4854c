"""What else goes on at the house while a visit is there: what it may collide with."""

from datetime import timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.settings import Room
from bot.models.visits import Visit, VisitState
from bot.procedure.conflicts import Surroundings, engagements, folded
from bot.procedure.picture import Picture
from bot.services.pictures import read_pictures

MOST_AROUND = 100
"""Visits that are looked through for what they have taken."""


async def read_surroundings(session: AsyncSession, picture: Picture) -> Surroundings:
    """The other visits of these days, and how many each room seats."""
    visit, day = picture.visit, timedelta(days=1)
    others = (
        select(Visit)
        .where(Visit.workspace_id == visit.workspace_id, Visit.state == VisitState.OPEN, Visit.id != visit.id)
        .where(Visit.departs_at > visit.arrives_at - day, Visit.arrives_at < visit.departs_at + day)
        .order_by(col(Visit.arrives_at), col(Visit.id))
        .limit(MOST_AROUND)
    )
    rooms = select(Room).where(Room.workspace_id == visit.workspace_id, col(Room.is_active))
    pictures = await read_pictures(session, (await session.exec(others)).all())
    seats = {folded(room.name): room.capacity for room in (await session.exec(rooms)).all()}
    return Surroundings([taken for other in pictures.values() for taken in engagements(other)], seats)
