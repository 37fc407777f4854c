"""Cars, drivers and rooms that are taken up. That nothing is held twice is the database's own rule."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.errors import HeldMeanwhile, ResourceTaken
from bot.models.bookings import Booking, Hold, Vehicle
from bot.models.people import Person
from bot.models.settings import Room
from bot.models.visits import Visit
from bot.procedure.picture import Picture
from bot.procedure.supply import Taken

Span = tuple[datetime, datetime]
_What = tuple[str, int, Span]
"""The column that names it, its id, and when it is held."""
_TABLE = SQLModel.metadata.tables["hold"]
_RELEASE = delete(_TABLE).where(_TABLE.c.booking_id == bindparam("held_for"))
_REFUSALS = ("ex_hold_", "is held already")
"""In what the databases say where something is held twice (migration 0008)."""
_WAITS_IN_A_CIRCLE = "40P01"
"""PostgreSQL has ended this transaction, and what the other one takes is taken."""


async def taken_around(session: AsyncSession, booking: Booking, spans: Collection[Span]) -> list[Taken]:
    """What other requests of the house hold in one of these spans."""
    workspace = select(Visit.workspace_id).where(Visit.id == booking.visit_id).scalar_subquery()
    # Drivers who are named for single stops of the same visit make way for the visit's own.
    of_drivers = col(Hold.booking_id).is_(None) & (col(Hold.visit_id) != booking.visit_id)
    others = (col(Hold.workspace_id) == workspace) & (of_drivers | (col(Hold.booking_id) != booking.key))
    return await taken_by(session, others, spans)


async def taken_by(session: AsyncSession, others: ColumnElement[bool], spans: Collection[Span]) -> list[Taken]:
    """What these holds take up in one of the spans, the earliest first."""
    if not spans:
        return []
    at_the_time = or_(*((col(Hold.starts_at) < ends) & (col(Hold.ends_at) > begins) for begins, ends in spans))
    over_after = col(Hold.ends_at) > min(begins for begins, _ in spans)  # in every span: said once for the index
    statement = (
        select(Hold, Visit)
        .join(Visit, col(Visit.id) == Hold.visit_id)
        .where(others, over_after, at_the_time)
        .order_by(col(Hold.starts_at), col(Hold.id))
    )
    return [
        Taken(
            visit.reference_elsewhere,
            hold.starts_at,
            hold.ends_at,
            hold.vehicle_id,
            hold.person_id,
            hold.room_id,
            company="" if visit.is_confidential else visit.company,
        )
        for hold, visit in (await session.exec(statement)).all()
    ]


def holds_just(picture: Picture, booking: Booking, spans: Collection[Span]) -> bool:
    """Whether the request held what it was given for these spans, and nothing else, when the visit was read."""
    present = {_what(held) for held in picture.holds if held.booking_id == booking.key}
    return _wanted(booking, spans) == present


async def is_free(session: AsyncSession, booking: Booking, spans: Collection[Span]) -> bool:
    """Whether what the request was given is free in these spans."""
    return _conflict(booking, await taken_around(session, booking, spans)) is None


async def hold(session: AsyncSession, workspace_id: str, booking: Booking, spans: Collection[Span]) -> None:
    """The request holds what it was given for these spans, and nothing else; ResourceTaken where another holds it.

    HeldMeanwhile where another takes it at the same moment: then nothing of the transaction can be kept.
    """
    wanted = _wanted(booking, spans)
    statement = select(Hold).where(Hold.booking_id == booking.key)
    present = {_what(held): held for held in (await session.exec(statement)).all()}
    if wanted == present.keys():
        return
    conflict = _conflict(booking, await taken_around(session, booking, spans)) if wanted else None
    if conflict is not None:
        name, field = await name_of(session, conflict), _field(conflict)
        raise ResourceTaken(name, conflict.reference, conflict.starts_at, conflict.ends_at, field=field)
    await release(session, [booking.key])
    # Whoever drives the whole visit need not be held for its single stops, too.
    await release_drivers(session, booking.visit_id, booking.driver_id)
    shared = {"workspace_id": workspace_id, "visit_id": booking.visit_id, "booking_id": booking.key}
    nothing = dict.fromkeys(("vehicle_id", "person_id", "room_id"))
    rows = [
        shared | nothing | {column: who, "starts_at": begins, "ends_at": ends}
        for column, who, (begins, ends) in sorted(wanted)
    ]
    await write(session, rows)


async def write(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """HeldMeanwhile where the database refuses one of these holds, because another transaction was faster, or each of
    two waits for what the other has taken already."""
    if not rows:
        return
    try:
        await session.exec(insert(_TABLE), params=rows)
    except IntegrityError as error:
        if any(name in str(error.orig) for name in _REFUSALS):
            raise HeldMeanwhile from error
        raise
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _WAITS_IN_A_CIRCLE:
            raise HeldMeanwhile from error
        raise


async def release(session: AsyncSession, booking_ids: Iterable[int]) -> None:
    """What these requests held is free."""
    held = [{"held_for": booking_id} for booking_id in booking_ids]
    if held:
        await (await session.connection()).execute(_RELEASE, held)


async def release_drivers(session: AsyncSession, visit_id: int, *drivers: int | None) -> None:
    """These drivers are free, as far as they were named for single stops of the visit."""
    of_stops = (col(Hold.visit_id) == visit_id) & col(Hold.booking_id).is_(None)
    await session.exec(delete(Hold).where(of_stops, col(Hold.person_id).in_(drivers)))


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


def _field(taken: Taken) -> str:
    """What the field is called in which it is chosen."""
    if taken.vehicle_id is not None:
        return "vehicle"
    return "driver" if taken.person_id is not None else "room"


def _given(booking: Booking) -> list[tuple[str, int]]:
    columns = (("vehicle_id", booking.vehicle_id), ("person_id", booking.driver_id), ("room_id", booking.room_id))
    return [(column, who) for column, who in columns if who is not None]


def _wanted(booking: Booking, spans: Iterable[Span]) -> set[_What]:
    return {(column, who, span) for column, who in _given(booking) for span in spans}


def _what(held: Hold) -> _What:
    column = next(name for name in ("vehicle_id", "person_id", "room_id") if getattr(held, name) is not None)
    return column, int(getattr(held, column)), (held.starts_at, held.ends_at)


def _conflict(booking: Booking, taken: Iterable[Taken]) -> Taken | None:
    given = dict(_given(booking))
    return next(
        (one for one in taken for column, who in given.items() if getattr(one, column) == who),
        None,
    )
