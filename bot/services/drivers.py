"""Drivers who are named for single stops: held for them, as the visit's own driver is for the rest."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.errors import ResourceTaken
from bot.models.bookings import GIVEN, Hold
from bot.models.notices import NoticeKind
from bot.models.roles import Part
from bot.models.visits import Stop, StopParticipant
from bot.procedure.bookings import drivers_of_stops, merged, on_the_road
from bot.procedure.picture import Picture
from bot.procedure.supply import Taken
from bot.services.holds import Span, release_drivers, taken_by, write
from bot.services.rows import add_rows, new_row

_WORTH_KNOWING = timedelta(hours=1)
"""How long after a stop has begun the lead host still wants to know who did not drive to it."""


@dataclass(frozen=True)
class Unnamed:
    """Somebody who was to drive to a stop and drives for another visit at the time that it has now."""

    person_id: int
    stop_id: int
    taken: Taken


async def take(session: AsyncSession, picture: Picture, stop: Stop) -> None:
    """Hold whoever was named to drive to this stop.

    ResourceTaken where they drive for another visit at that time, HeldMeanwhile where that was decided just now.
    """
    for unnamed in await _taken_elsewhere(session, picture):
        if unnamed.stop_id == stop.key:
            name, taken = picture.people[unnamed.person_id].name, unnamed.taken
            raise ResourceTaken(name, taken.reference, taken.starts_at, taken.ends_at, field=Part.DRIVER)
    await hold_named(session, picture)


async def unname_taken(session: AsyncSession, picture: Picture) -> tuple[Picture, list[Unnamed]]:
    """The visit without those who cannot drive any more as it stands now, and who they are.

    Their stops are the visit's own driver's: a delay (E4) is never refused because somebody drives elsewhere by then.
    """
    unnamed = await _taken_elsewhere(session, picture)
    for one in unnamed:
        theirs = (col(StopParticipant.stop_id) == one.stop_id) & (col(StopParticipant.person_id) == one.person_id)
        await session.exec(delete(StopParticipant).where(theirs, col(StopParticipant.part) == Part.DRIVER))
    return _without(picture, unnamed), unnamed


async def tell_of(session: AsyncSession, picture: Picture, unnamed: Iterable[Unnamed], now: datetime) -> None:
    """The lead host hears at once who does not drive any more, and why, and can name somebody else."""
    for one in unnamed:
        stop = picture.stop(one.stop_id)
        assert stop is not None, "a driver is taken off a stop of this visit"
        road, held = on_the_road(picture, stop), (one.taken.starts_at, one.taken.ends_at)
        payload = {
            "driver": one.person_id,
            "road": [moment.isoformat() for moment in road],
            "reference": one.taken.reference,
            "company": one.taken.company,
            "held": [moment.isoformat() for moment in held],
        }
        until = max(stop.starts_at, now) + _WORTH_KNOWING
        key = f"unnamed:stop{stop.id}:{now:%Y%m%dT%H%M%S%f}:person{one.person_id}"
        row = new_row(picture.visit, key=key, kind=NoticeKind.DRIVER_UNNAMED, now=now)
        row |= {"person_id": picture.visit.lead_host_id, "stop_id": stop.id, "rule": "E4", "payload": payload}
        await add_rows(session, [row | {"useful_until": until}])


async def hold_named(session: AsyncSession, picture: Picture) -> None:
    """Whoever is named for single stops is held for just those; HeldMeanwhile where another was faster.

    `picture` as it was read in this change. Not who was given to the visit as its driver: the request for the car
    holds them for these stops, too.
    """
    visit_id, request = picture.visit.key, picture.vehicle_booking
    given = request.driver_id if request is not None and request.state in GIVEN else None
    wanted = {(person, span) for person, spans in _spans(picture).items() for span in spans if person != given}
    named = (hold for hold in picture.holds if hold.booking_id is None)
    present = {(hold.person_id, (hold.starts_at, hold.ends_at)) for hold in named}
    if wanted == present:
        return
    await release_drivers(session, visit_id, *(person for person, _ in {*present, *wanted}))
    shared = {"workspace_id": picture.workspace.id, "visit_id": visit_id}
    await write(
        session,
        [
            shared | {"person_id": person, "starts_at": begins, "ends_at": ends}
            for person, (begins, ends) in sorted(wanted)
        ],
    )


def _spans(picture: Picture) -> dict[int, tuple[Span, ...]]:
    """When each of them is on the road."""
    drivers = drivers_of_stops(picture)
    return {person: merged(on_the_road(picture, stop) for stop in stops) for person, stops in drivers.items()}


async def _taken_elsewhere(session: AsyncSession, picture: Picture) -> list[Unnamed]:
    drivers = drivers_of_stops(picture)
    if not drivers:
        return []
    spans = {span for person in _spans(picture).values() for span in person}
    in_workspace = (col(Hold.workspace_id) == picture.workspace.id) & col(Hold.person_id).in_(drivers)
    taken = await taken_by(session, in_workspace & (col(Hold.visit_id) != picture.visit.key), spans)
    return [
        Unnamed(person, stop.key, conflict)
        for person, stops in drivers.items()
        for stop in stops
        if (conflict := _first(taken, person, on_the_road(picture, stop))) is not None
    ]


def _first(taken: Iterable[Taken], person_id: int, span: Span) -> Taken | None:
    begins, ends = span
    return next((t for t in taken if t.person_id == person_id and t.starts_at < ends and begins < t.ends_at), None)


def _without(picture: Picture, unnamed: Iterable[Unnamed]) -> Picture:
    gone = {(one.stop_id, one.person_id) for one in unnamed}
    if not gone:
        return picture
    parts = dict(picture.stop_parts)
    for (stop, part), people in picture.stop_parts.items():
        if part is Part.DRIVER:
            left = tuple(person for person in people if (stop, person) not in gone)
            parts = parts | {(stop, part): left} if left else {key: parts[key] for key in parts if key != (stop, part)}
    return replace(picture, stop_parts=parts)
