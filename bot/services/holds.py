"""Cars, drivers and rooms that requests take up. That nothing is held twice is the database's own rule."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.errors import HeldMeanwhile, ResourceTaken
from bot.models.bookings import Booking, Hold, Vehicle
from bot.models.people import Person
from bot.models.settings import Room
from bot.models.visits import Visit
from bot.procedure.supply import Taken

Span = tuple[datetime, datetime]
_TABLE = SQLModel.metadata.tables["hold"]


async def taken_around(session: AsyncSession, booking: Booking, spans: Collection[Span]) -> list[Taken]:
    """What other requests of the house hold in one of these spans."""
    if not spans:
        return []
    at_the_time = or_(*((col(Hold.starts_at) < ends) & (col(Hold.ends_at) > begins) for begins, ends in spans))
    workspace = select(Visit.workspace_id).where(Visit.id == booking.visit_id).scalar_subquery()
    statement = (
        select(Hold, Visit)
        .join(Visit, col(Visit.id) == Hold.visit_id)
        .where(Hold.workspace_id == workspace, Hold.booking_id != booking.key, at_the_time)
        .order_by(col(Hold.starts_at), col(Hold.id))
    )
    return [
        Taken(visit.reference_elsewhere, hold.starts_at, hold.ends_at, hold.vehicle_id, hold.person_id, hold.room_id)
        for hold, visit in (await session.exec(statement)).all()
    ]


async def is_free(session: AsyncSession, booking: Booking, spans: Collection[Span]) -> bool:
    """Whether what the request was given is free in these spans."""
    return _conflict(booking, await taken_around(session, booking, spans)) is None


async def hold(session: AsyncSession, workspace_id: str, booking: Booking, spans: Collection[Span]) -> None:
    """The request holds what it was given for these spans, and nothing else; ResourceTaken where another holds it.

    A request that takes it at the same moment is refused by the database: IntegrityError, at the latest here.
    """
    wanted = {(column, who, span) for column, who in _given(booking) for span in spans}
    statement = select(Hold).where(Hold.booking_id == booking.key)
    present = {_what(held): held for held in (await session.exec(statement)).all()}
    if wanted == present.keys():
        return
    conflict = _conflict(booking, await taken_around(session, booking, spans)) if wanted else None
    if conflict is not None:
        raise ResourceTaken(await name_of(session, conflict), conflict.reference, conflict.starts_at, conflict.ends_at)
    await release(session, [booking.key])
    shared = {"workspace_id": workspace_id, "visit_id": booking.visit_id, "booking_id": booking.key}
    nothing = dict.fromkeys(("vehicle_id", "person_id", "room_id"))
    rows = [
        shared | nothing | {column: who, "starts_at": begins, "ends_at": ends}
        for column, who, (begins, ends) in sorted(wanted)
    ]
    if rows:
        await session.exec(insert(_TABLE), params=rows)


async def release(session: AsyncSession, booking_ids: Iterable[int]) -> None:
    """What these requests held is free."""
    await session.exec(delete(Hold).where(col(Hold.booking_id).in_(list(booking_ids))))


async def name_of(session: AsyncSession, taken: Taken) -> str:
    """What the car, the driver or the room is called."""
    found: Vehicle | Person | Room | None
    if taken.vehicle_id is not None:
        found = await session.get(Vehicle, taken.vehicle_id)
    elif taken.person_id is not None:
        found = await session.get(Person, taken.person_id)
    else:
        found = await session.get(Room, taken.room_id)
    return found.name if found else ""


def _given(booking: Booking) -> list[tuple[str, int]]:
    columns = (("vehicle_id", booking.vehicle_id), ("person_id", booking.driver_id), ("room_id", booking.room_id))
    return [(column, who) for column, who in columns if who is not None]


def _what(held: Hold) -> tuple[str, int, Span]:
    column = next(name for name in ("vehicle_id", "person_id", "room_id") if getattr(held, name) is not None)
    return column, int(getattr(held, column)), (held.starts_at, held.ends_at)


def _conflict(booking: Booking, taken: Iterable[Taken]) -> Taken | None:
    given = dict(_given(booking))
    return next(
        (one for one in taken for column, who in given.items() if getattr(one, column) == who),
        None,
    )


def raise_if_held(error: IntegrityError) -> None:
    """HeldMeanwhile where the database refused a second hold; the error means something else otherwise."""
    if any(name in str(error.orig) for name in ("ex_hold_", "is held already")):
        raise HeldMeanwhile from error
