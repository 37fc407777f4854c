"""Copying a visit: a draft its host looks through; with the opening, guests and stops of the visit before follow."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.errors import OutOfDate, UnknownVisit
from bot.models.drafts import Draft
from bot.models.guests import Guest
from bot.models.people import Actor
from bot.models.visits import Stop, StopKind, StopParticipant, Visit
from bot.procedure.copying import copied_form, moved_key, moved_stops
from bot.procedure.names import folded
from bot.procedure.picture import Picture
from bot.procedure.seeing import can_be_seen_by
from bot.services.office import Change, Office
from bot.services.party import follow_party, party_of
from bot.services.pictures import read_picture

_AHEAD = timedelta(days=2)
"""When the copy arrives until its host says otherwise."""
_OF_THE_LEAD = ("gender", "allergies", "diet", "customs", "is_vip", "by_own_car")
"""Title and rank of the lead guest are those of the form: they are newer."""
_OF_THE_VISIT = ("luggage", "is_vip", "has_agent", "brings_interpreter", "hotel_payer")
_OF_THE_DEPARTURE = ("place", "travel_minutes", "is_international")


@dataclass(frozen=True)
class Copies:
    """The verb on a visit that is to be held again."""

    office: Office

    async def begin(self, actor: Actor, visit_id: int) -> Draft:
        """A draft like this visit, in two days: nothing is sent before it is opened."""
        now = self.office.clock.now()
        async with self.office.database.write() as session:
            visit = await session.get(Visit, visit_id)
            if visit is None or visit.workspace_id != actor.person.workspace_id:
                raise OutOfDate
            picture = await read_picture(session, visit)
            if not can_be_seen_by(picture, self.office.rulebook, actor):
                raise UnknownVisit(visit.reference)
            arrival = now.astimezone(ZoneInfo(picture.workspace.zone)).date() + _AHEAD
            draft = Draft(
                id=uuid.uuid4().hex,
                workspace_id=visit.workspace_id,
                person_id=actor.id,
                form=copied_form(picture, arrival, actor.person.slack_id).to_json(),
                changed_at=now,
                copied_from_id=visit.key,
            )
            session.add(draft)
            return draft


async def take_over(change: Change, source_id: int, offered: Collection[str]) -> None:
    """What the form does not hold of the visit that a new one was copied from: guests, stops, the party's facts.
    `offered`: the stops that stood in the form. Passport data stays where it is until confirmed again."""
    source = (await change.session.exec(select(Visit).where(Visit.id == source_id))).one()
    picture = await read_picture(change.session, source)
    visit = change.visit
    visit.copied_from_id = source.key
    for name in _OF_THE_VISIT:
        setattr(visit, name, getattr(source, name))
    visit.papers = dict.fromkeys(source.papers, False)
    change.session.add(visit)
    await _take_guests(change, picture)
    await _take_stops(change, picture, offered)


async def _take_guests(change: Change, picture: Picture) -> None:
    party = await party_of(change.session, change.visit.key)
    named = {folded(guest.name): guest for guest in party}
    for place, before in enumerate(picture.guests, len(party)):
        guest = named.get(folded(before.name))
        names = _OF_THE_LEAD if guest else ("title", "rank", *_OF_THE_LEAD)
        guest = guest or Guest(visit_id=change.visit.key, name=before.name, position=place)
        for name in names:
            setattr(guest, name, getattr(before, name))
        change.session.add(guest)
    await follow_party(change)


async def _take_stops(change: Change, picture: Picture, offered: Collection[str]) -> None:
    visit = change.visit
    present = select(Stop).where(Stop.visit_id == visit.key, col(Stop.is_removed).is_(False))
    stops = list((await change.session.exec(present)).all())
    ticked = {moved_key(stop, visit.venue, timedelta(0)): stop for stop in stops}
    for stop in moved_stops(picture, visit.arrives_at, visit.departs_at, visit.venue):
        source_id, key = stop.key, moved_key(stop, visit.venue, timedelta(0))
        proposed = ticked.pop(key, None)
        if proposed is not None:
            await change.session.delete(proposed)
        elif key in offered:
            continue  # not ticked in the form: not wanted this time
        stop.id, stop.visit_id = None, visit.key
        change.session.add(stop)
        await change.session.flush()
        _take_people(change, picture, source_id, stop.key)
    before = next((s for s in picture.stops if s.kind == StopKind.DEPARTURE and not s.is_removed), None)
    departure = next((stop for stop in stops if stop.kind == StopKind.DEPARTURE), None)
    if before is not None and departure is not None:
        _copy(departure, before, _OF_THE_DEPARTURE)
        change.session.add(departure)


def _take_people(change: Change, picture: Picture, source_id: int, stop_id: int) -> None:
    """Who was named for the stop, unless they have left since."""
    change.session.add_all(
        StopParticipant(visit_id=change.visit.key, stop_id=stop_id, person_id=person, part=part)
        for (stop, part), people in picture.stop_parts.items()
        for person in people
        if stop == source_id and picture.people[person].is_active
    )


def _copy(to: Stop, source: Stop, names: tuple[str, ...]) -> None:
    for name in names:
        setattr(to, name, getattr(source, name))
