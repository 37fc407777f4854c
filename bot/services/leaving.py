"""Somebody who has something to do in a visit leaves the workspace, or comes back: whoever can find another hears of
it at once."""

from collections.abc import Collection
from datetime import timedelta

from sqlmodel import col, select

from bot.models.bookings import BookingKind
from bot.models.notices import Notice, NoticeKind, NoticeState, RecordKind
from bot.procedure.leaving import Behind, is_without_driver, left_behind, whom_to_tell
from bot.procedure.picture import Picture
from bot.services.office import Change, Office
from bot.services.rows import add_rows, new_row

_WORTH_KNOWING = timedelta(hours=1)
"""How long it is still worth to be told, at least."""


async def settle_without(office: Office, change: Change, person_id: int) -> None:
    """Plan a visit anew that somebody has left, at the end of the change in which they did.

    Their car's next driver is found by administration, who is asked for one; what else nobody does now, whoever
    answers for the visit reads in one message. Nobody reads both.
    """
    picture = await change.picture()
    behind = left_behind(picture, person_id, change.now)
    if not behind:
        await office.settle(change, picture)
        return
    is_asked_again = any(
        is_without_driver(picture, booking, change.now)
        for booking in picture.bookings
        if booking.kind == BookingKind.VEHICLE
    )
    await change.record(person_id, RecordKind.LEFT)
    picture = await office.settle(change)
    for person in whom_to_tell(picture):
        if not (is_asked_again and behind.is_asked_of(picture, person)):
            await _tell(change, picture, person, person_id, behind)


async def settle_with(office: Office, change: Change, person_id: int) -> None:
    """Plan a visit anew with somebody who is here (again). Where nobody answers for it, to hand it over has become
    theirs, and nobody whose it is knows, they read so."""
    picture = await office.settle(change)
    visit, host = picture.visit, picture.lead_host
    if host.is_active or not visit.is_open or visit.departs_at <= change.now:
        return
    asked = whom_to_tell(picture)
    if person_id in asked and not await _is_known_to(change, asked):
        await _tell(change, picture, person_id, host.key, Behind(is_host=True))


async def _is_known_to(change: Change, people: Collection[int]) -> bool:
    """Whether one of them has read that nobody answers for the visit, or is about to."""
    of_people = (col(Notice.visit_id) == change.visit.key) & col(Notice.person_id).in_(people)
    told = select(Notice).where(of_people, Notice.kind == NoticeKind.LEFT, Notice.state != NoticeState.WITHDRAWN)
    return any(notice.payload["is_host"] for notice in (await change.session.exec(told)).all())


async def _tell(change: Change, picture: Picture, person: int, left: int, behind: Behind) -> None:
    payload = {
        "left": left,
        "places": [[place.stop.key, place.part] for place in behind.places],
        "requests": [booking.key for booking in behind.requests],
        "is_host": behind.is_host,
    }
    ends = max((place.stop.ends_at for place in behind.places), default=picture.visit.departs_at)
    key = f"left:{change.now:%Y%m%dT%H%M%S%f}:person{left}:person{person}"
    row = new_row(picture.visit, key=key, kind=NoticeKind.LEFT, now=change.now)
    row |= {"person_id": person, "rule": "G1", "payload": payload}
    await add_rows(change.session, [row | {"useful_until": max(ends, change.now + _WORTH_KNOWING)}])
