"""Handing over (G1): one visit to another lead host, or everything of a colleague at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.errors import FormErrors, NotAllowed, OutOfDate, Problem, WhoMay
from bot.models.bookings import Booking, BookingState
from bot.models.notices import Declaration, DeclarationKind, Notice, NoticeKind, NoticeState, RecordKind
from bot.models.people import Actor, Person
from bot.models.visits import Participant, Stop, StopParticipant, Visit, VisitState
from bot.procedure.calendar import calendar_of
from bot.procedure.leaving import can_hand_over
from bot.procedure.open_points import of_person, open_points
from bot.procedure.picture import Picture
from bot.procedure.plan import NEWS_LASTS, plan
from bot.services import days
from bot.services.office import Change, Office
from bot.services.outbox import any_update
from bot.services.people import People
from bot.services.reconcile import concerned_now
from bot.services.rows import new_row

_PERSONAL = (DeclarationKind.ATTENDS, DeclarationKind.CANNOT_ATTEND, DeclarationKind.GOT_IT)
"""Answers that hold for the one who gave them only."""
_OUR_CONTACT = "A7"
"""The row by which the guests are told whom to call."""
_TAKEN_CARE_OF = (BookingState.RELEASED, BookingState.DECLINED)


@dataclass(frozen=True)
class Handovers:
    """The verbs of handing over. Whoever takes over gets all of it in one message; nothing happens twice."""

    office: Office
    people: People

    async def hand_over(self, actor: Actor, visit_id: int, from_id: int, to: str) -> None:
        """Another lead host (by Slack id) answers for the visit; OutOfDate where `from_id` does no longer."""
        named = await self._active(actor, to, "lead_host")
        async with self.office.changing(visit_id) as change:
            visit = change.visit
            if not can_hand_over(await change.picture(), actor):
                raise NotAllowed(visit.kept_by)
            if visit.lead_host_id != from_id:
                raise OutOfDate
            if named.key == from_id:
                raise FormErrors({"lead_host": Problem.HOST_ALREADY})
            await _change_host(change, named.key)
            await self._known_to_be_off(change, from_id)
            await change.record(actor.id, RecordKind.HANDED_OVER, people=[from_id, named.key], is_whole_visit=True)
            told = await self._summary(change, named.key)
            await _tell(change, actor, from_id, named.key, [told])

    async def of_colleague(self, actor: Actor, slack_id: str) -> tuple[Person, list[Visit]]:
        """What somebody could take over: the open visits in which a colleague has anything to do from now on."""
        person = await self._colleague(actor, slack_id)
        async with self.office.database.read() as session:
            return person, list((await session.exec(self._visits_of(actor, person))).all())

    async def take_over(self, actor: Actor, slack_id: str) -> int:
        """Everything that a colleague has to do from now on becomes the actor's, in one transaction: parts, stops,
        requests, whole visits. Returns in how many visits; pressed again, in none."""
        person = await self._colleague(actor, slack_id)
        async with self.office.database.write() as session:
            # Locked, then looked for again: whoever waited here for somebody else's taking over finds nothing left.
            await session.exec(self._visits_of(actor, person).with_for_update())
            present = self._visits_of(actor, person).execution_options(populate_existing=True)
            visits = (await session.exec(present)).all()
            changes = [Change(session, visit, self.office.clock.now()) for visit in visits]
            told = [await self._take_over_in(change, actor, person) for change in changes]
            if changes:
                await _tell(changes[0], actor, person.key, actor.id, told, is_everything=True)
        return len(changes)

    async def _take_over_in(self, change: Change, actor: Actor, person: Person) -> dict[str, Any]:
        is_host = change.visit.lead_host_id == person.key
        if is_host:
            await _change_host(change, actor.id)
        await _change_parts(change, person.key, actor.id)
        await _change_requests(change, person.key, actor.id)
        await self._known_to_be_off(change, person.key)
        people = [person.key, actor.id]
        await change.record(actor.id, RecordKind.HANDED_OVER, people=people, is_whole_visit=is_host)
        picture = await self.office.settle(change)
        return self._told(picture, actor.id, change)

    async def _summary(self, change: Change, new: int) -> dict[str, Any]:
        return self._told(await change.picture(), new, change)

    def _told(self, picture: Picture, new: int, change: Change) -> dict[str, Any]:
        """What is told of one visit: which, when, in which parts, and how much is open."""
        visit = picture.visit
        planned = plan(picture, self.office.rulebook, calendar_of(picture.workspace, visit))
        parts = [part for part, people in picture.parts.items() if new in people]
        at_stops = {stop for (stop, _), people in picture.stop_parts.items() if new in people}
        return {
            "visit": visit.key,
            "reference": visit.reference,
            "company": visit.company,
            "is_confidential": visit.is_confidential,
            "arrives_at": visit.arrives_at.isoformat(),
            "departs_at": visit.departs_at.isoformat(),
            "is_host": visit.lead_host_id == new,
            "parts": parts,
            "stops": len(at_stops),
            "open": len(of_person(open_points(picture, planned, change.now), new)),
        }

    async def _known_to_be_off(self, change: Change, person_id: int) -> None:
        """Whoever hears that somebody took over need not be told stop by stop that they are off."""
        picture = await change.picture()
        await days.take_turn(change.session, picture.workspace.id)  # before its run sheets are locked
        calendar = calendar_of(picture.workspace, change.visit)
        pairs = await concerned_now(change.session, picture, self.office.rulebook, calendar, change.now)
        of_visit = (col(Notice.visit_id) == change.visit.key) | (col(Notice.kind) == NoticeKind.RUN_SHEET)
        told = select(Notice).where(of_visit, Notice.person_id == person_id).order_by(col(Notice.key)).with_for_update()
        for notice in (await change.session.exec(told)).all():
            is_whole = notice.visit_id is not None
            off = {
                stop
                for stop in notice.told
                if (is_whole or picture.stop(int(stop)) is not None) and (person_id, int(stop)) not in pairs
            }
            if any(notice.told[stop] is not None for stop in off):
                notice.told = dict(notice.told) | dict.fromkeys(off)
                change.session.add(notice)

    def _visits_of(self, actor: Actor, person: Person) -> SelectOfScalar[Visit]:
        """Open visits that are not over and in which the person has something to do from now on; confidential ones only
        for whom the person named as deputy."""
        now = self.office.clock.now()
        parts = select(Participant.visit_id).where(Participant.person_id == person.key)
        at_stops = (
            select(StopParticipant.visit_id)
            .join(Stop, col(Stop.id) == StopParticipant.stop_id)
            .where(StopParticipant.person_id == person.key, col(Stop.is_removed).is_(False), Stop.ends_at > now)
        )
        requests = select(Booking.visit_id).where(
            Booking.owner_id == person.key, col(Booking.state).not_in(_TAKEN_CARE_OF)
        )
        ids = col(Visit.id)
        theirs = (col(Visit.lead_host_id) == person.key) | ids.in_(parts) | ids.in_(at_stops) | ids.in_(requests)
        own = select(Visit).where(Visit.workspace_id == person.workspace_id, Visit.state == VisitState.OPEN)
        if person.id not in actor.stands_in_for:
            own = own.where(col(Visit.is_confidential).is_(False))
        return own.where(Visit.departs_at > now, theirs).order_by(ids)

    async def _colleague(self, actor: Actor, slack_id: str) -> Person:
        known = await self.people.known(actor.person.workspace_id, [slack_id] if slack_id else [])
        if slack_id not in known:
            raise FormErrors({"colleague": Problem.NOT_A_PERSON})
        if not actor.can_take_over_from(known[slack_id]):
            raise NotAllowed(WhoMay.DEPUTY)
        return known[slack_id]

    async def _active(self, actor: Actor, slack_id: str, field: str) -> Person:
        known = await self.people.known(actor.person.workspace_id, [slack_id] if slack_id else [])
        if slack_id not in known or not known[slack_id].is_active:
            raise FormErrors({field: Problem.NOT_A_PERSON if slack_id else Problem.MISSING})
        return known[slack_id]


async def _change_host(change: Change, new: int) -> None:
    """Somebody else answers for the visit, and tells the guests whom to call from now on (A7)."""
    await _pass_on_reports(change, change.visit.lead_host_id, new)
    change.visit.lead_host_id = new
    change.session.add(change.visit)
    of_visit = col(Declaration.visit_id) == change.visit.key
    await change.session.exec(delete(Declaration).where(of_visit, col(Declaration.rule) == _OUR_CONTACT))


async def _pass_on_reports(change: Change, old: int, new: int) -> None:
    """What could not be delivered and is not reported yet is for whoever answers now, unless they hear it anyway."""
    of_visit = (col(Notice.visit_id) == change.visit.key) & (col(Notice.kind) == NoticeKind.UNDELIVERED)
    waiting = of_visit & (col(Notice.state) == NoticeState.PENDING) & (col(Notice.attempts) == 0)
    hears = select(Notice.id).where(waiting, Notice.person_id == new)
    if (await change.session.exec(hears)).first() is None:
        own = any_update().where(waiting, col(Notice.person_id) == old)
        await change.session.exec(own.values(person_id=new))


async def _change_parts(change: Change, old: int, new: int) -> None:
    """In the visit and at the stops that are not over; what the old one answered for themselves does not hold."""
    session, visit_id = change.session, change.visit.key
    parts = (await session.exec(select(Participant).where(Participant.visit_id == visit_id))).all()
    await _replace(session, parts, old, new, {(p.part,) for p in parts if p.person_id == new}, lambda p: (p.part,))
    at_stops = (
        await session.exec(
            select(StopParticipant)
            .join(Stop, col(Stop.id) == StopParticipant.stop_id)
            .where(StopParticipant.visit_id == visit_id, Stop.ends_at > change.now)
        )
    ).all()
    taken = {(p.stop_id, p.part) for p in at_stops if p.person_id == new}
    await _replace(session, at_stops, old, new, taken, lambda p: (p.stop_id, p.part))
    theirs = (col(Declaration.visit_id) == visit_id) & (col(Declaration.person_id) == old)
    coming = select(Stop.id).where(Stop.visit_id == visit_id, Stop.ends_at > change.now)
    personal = col(Declaration.kind).in_(_PERSONAL) & col(Declaration.stop_id).in_(coming)
    await session.exec(delete(Declaration).where(theirs, personal))
    await session.flush()


async def _replace(
    session: AsyncSession,
    rows: Iterable[Any],
    old: int,
    new: int,
    taken: set[tuple[Any, ...]],
    which: Callable[[Any], tuple[Any, ...]],
) -> None:
    """The old one's places become the new one's, unless that one has them already."""
    for row in rows:
        if row.person_id == old and which(row) in taken:
            await session.delete(row)
        elif row.person_id == old:
            row.person_id = new
            session.add(row)


async def _change_requests(change: Change, old: int, new: int) -> None:
    """Requests that were theirs; a driver's car is asked for again, for somebody else drives now."""
    own = select(Booking).where(Booking.visit_id == change.visit.key, Booking.owner_id == old)
    for booking in (await change.session.exec(own.with_for_update())).all():
        if booking.state not in _TAKEN_CARE_OF:
            booking.owner_id = new
            booking.version += 1
            change.session.add(booking)


async def _tell(
    change: Change, actor: Actor, old: int, new: int, visits: Sequence[dict[str, Any]], *, is_everything: bool = False
) -> None:
    """The new one gets all of it, the old one hears who has it, unless they have left; nobody is told what they did
    themselves."""
    until, before = change.now + NEWS_LASTS, await change.session.get_one(Person, old)
    for person in (new, old):
        if person == new or (person != actor.id and before.is_active):
            key = f"handover:{change.now:%Y%m%dT%H%M%S%f}:person{person}"
            row = new_row(change.visit, key=key, kind=NoticeKind.HANDOVER, now=change.now)
            payload = {"from": old, "to": new, "by": actor.id, "taken": list(visits), "is_everything": is_everything}
            row |= {"person_id": person, "rule": "G1", "payload": payload, "useful_until": until}
            await change.session.exec(insert(Notice), params=[row])
