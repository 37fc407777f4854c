"""What else goes on at the house while a visit is there: what it may collide with."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.bookings import Booking, Vehicle
from bot.models.people import Person
from bot.models.settings import Room
from bot.models.visits import Participant, Stop, StopParticipant, Visit, VisitState
from bot.procedure.conflicts import Engagement, Surroundings, engagements, folded
from bot.procedure.picture import Picture
from bot.services.pictures import read_outlines

MOST_AROUND = 100
"""Visits that are looked through for what they have taken."""


async def read_surroundings(session: AsyncSession, picture: Picture) -> Surroundings:
    """What other visits of these days have taken that this one needs as well, and how many each room and
    the largest car seat."""
    rooms = select(Room).where(Room.workspace_id == picture.visit.workspace_id, col(Room.is_active))
    cars = select(func.max(Vehicle.seats)).where(
        Vehicle.workspace_id == picture.visit.workspace_id, col(Vehicle.is_active)
    )
    seats = {folded(room.name): room.capacity for room in (await session.exec(rooms)).all()}
    largest_car = (await session.exec(cars)).one()
    own = engagements(picture)
    others = await read_outlines(session, picture.workspace, await _sharing(session, picture, own))
    taken = [engagement for other in others for engagement in engagements(other)]
    return Surroundings([one for one in taken if any(one.shares(mine) for mine in own)], seats, largest_car)


async def _sharing(session: AsyncSession, picture: Picture, own: Sequence[Engagement]) -> Sequence[Visit]:
    """The visits of these days that need one of the same people, the same car or some room."""
    visit, day = picture.visit, timedelta(days=1)
    people = {person for engagement in own for person in engagement.people}
    shared = _with_people(people)
    if picture.vehicle is not None:
        is_same = col(Booking.vehicle_id) == picture.vehicle.id
        shared.append(exists().where(col(Booking.visit_id) == Visit.id, is_same))
    if any(engagement.room for engagement in own):
        # How a room is written is compared as people read it, which the database cannot.
        of_visit = col(Stop.visit_id) == Visit.id
        shared.append(exists().where(of_visit, col(Stop.room) != "", col(Stop.is_removed).is_(False)))
    if not shared:
        return []
    others = (
        select(Visit)
        .where(Visit.workspace_id == visit.workspace_id, Visit.state == VisitState.OPEN, Visit.id != visit.id)
        .where(Visit.departs_at > visit.arrives_at - day, Visit.arrives_at < visit.departs_at + day)
        .where(or_(*shared))
        .order_by(col(Visit.arrives_at), col(Visit.id))
        .limit(MOST_AROUND)
    )
    return (await session.exec(others)).all()


def _with_people(people: Collection[int]) -> list[ColumnElement[bool]]:
    """The visits in which they take part, or somebody for whom they would stand in."""
    if not people:
        return []
    who = select(Person.id).where(col(Person.id).in_(people) | col(Person.deputy_id).in_(people))
    return [
        exists().where(col(table.visit_id) == Visit.id, col(table.person_id).in_(who))
        for table in (Participant, StopParticipant)
    ]
