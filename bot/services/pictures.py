"""Reading a visit with all that belongs to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.bookings import Booking, Vehicle
from bot.models.guests import Client, Guest
from bot.models.notices import Declaration, Notice
from bot.models.people import Person, RoleHolder, Workspace
from bot.models.roles import Part, Role
from bot.models.settings import Rank, RuleOverride
from bot.models.visits import Participant, Remark, Stop, StopParticipant, Visit
from bot.procedure.picture import Picture

Row = TypeVar("Row", bound=SQLModel)


async def read_pictures(session: AsyncSession, visits: Iterable[Visit]) -> dict[int, Picture]:
    """The pictures of several visits of one workspace, by visit id, in a fixed number of queries."""
    by_id = {visit.key: visit for visit in visits}
    if not by_id:
        return {}
    workspace_id = next(iter(by_id.values())).workspace_id
    workspace = (await session.exec(select(Workspace).where(Workspace.id == workspace_id))).one()
    stops = await _of(session, Stop, by_id)
    participants = await _of(session, Participant, by_id)
    bookings = await _of(session, Booking, by_id)
    declarations = await _of(session, Declaration, by_id)
    holders = (await session.exec(select(RoleHolder).where(RoleHolder.workspace_id == workspace_id))).all()
    roles = _roles(holder for holder in holders if not holder.is_deputy)
    role_deputies = _roles(holder for holder in holders if holder.is_deputy)
    vehicles = await _vehicles(session, bookings)
    guests = await _of(session, Guest, by_id)
    named = await _of(session, StopParticipant, by_id)
    remarks = await _of(session, Remark, by_id)
    clients = await _clients(session, by_id.values())
    overrides = await _of_workspace(session, RuleOverride, workspace_id)
    ranks = await _of_workspace(session, Rank, workspace_id)
    people = await _people(session, by_id, [*participants, *named], bookings, declarations, holders, remarks)
    return {
        visit_id: Picture(
            workspace=workspace,
            visit=visit,
            stops=tuple(sorted((s for s in stops if s.visit_id == visit_id), key=lambda s: (s.starts_at, s.id))),
            parts=_parts(p for p in participants if p.visit_id == visit_id),
            bookings=tuple(b for b in bookings if b.visit_id == visit_id),
            declarations=tuple(d for d in declarations if d.visit_id == visit_id),
            roles=roles,
            people=people,
            vehicles=vehicles,
            role_deputies=role_deputies,
            guests=tuple(sorted((g for g in guests if g.visit_id == visit_id), key=lambda g: (g.position, g.id))),
            stop_parts=_stop_parts(p for p in named if p.visit_id == visit_id),
            overrides=tuple(overrides),
            remarks=tuple(r for r in remarks if r.visit_id == visit_id),
            ranks=tuple(sorted(ranks, key=lambda rank: -rank.value)),
            client=clients.get(visit.client_id or 0),
        )
        for visit_id, visit in by_id.items()
    }


async def read_picture(session: AsyncSession, visit: Visit) -> Picture:
    return (await read_pictures(session, [visit]))[visit.key]


async def _of(session: AsyncSession, table: type[Row], visits: Iterable[int]) -> list[Row]:
    # The same rows must be read anew: the session may hold what it saw before a change.
    statement = select(table).where(table.visit_id.in_(list(visits))).order_by(table.id)  # type: ignore[attr-defined]
    return list((await session.exec(statement)).all())


def _roles(holders: Iterable[RoleHolder]) -> dict[Role, tuple[int, ...]]:
    roles: dict[Role, tuple[int, ...]] = defaultdict(tuple)
    for holder in sorted(holders, key=lambda h: h.id or 0):
        roles[Role(holder.role)] += (holder.person_id,)
    return roles


def _parts(participants: Iterable[Participant]) -> dict[Part, tuple[int, ...]]:
    parts: dict[Part, tuple[int, ...]] = defaultdict(tuple)
    for participant in participants:
        parts[Part(participant.part)] += (participant.person_id,)
    return parts


def _stop_parts(named: Iterable[StopParticipant]) -> dict[tuple[int, Part], tuple[int, ...]]:
    parts: dict[tuple[int, Part], tuple[int, ...]] = defaultdict(tuple)
    for participant in named:
        parts[participant.stop_id, Part(participant.part)] += (participant.person_id,)
    return dict(parts)


async def _of_workspace(session: AsyncSession, table: type[Row], workspace_id: str) -> list[Row]:
    statement = select(table).where(table.workspace_id == workspace_id).order_by(table.id)  # type: ignore[attr-defined]
    return list((await session.exec(statement)).all())


async def _clients(session: AsyncSession, visits: Iterable[Visit]) -> dict[int, Client]:
    ids = {visit.client_id for visit in visits if visit.client_id is not None}
    if not ids:
        return {}
    return {c.key: c for c in (await session.exec(select(Client).where(col(Client.id).in_(ids)))).all()}


async def _vehicles(session: AsyncSession, bookings: Iterable[Booking]) -> dict[int, Vehicle]:
    ids = {booking.vehicle_id for booking in bookings if booking.vehicle_id is not None}
    if not ids:
        return {}
    return {v.key: v for v in (await session.exec(select(Vehicle).where(col(Vehicle.id).in_(ids)))).all()}


async def _people(
    session: AsyncSession,
    visits: Mapping[int, Visit],
    participants: Iterable[Participant | StopParticipant],
    bookings: Iterable[Booking],
    declarations: Iterable[Declaration],
    holders: Iterable[RoleHolder],
    remarks: Iterable[Remark],
) -> dict[int, Person]:
    ids: set[int | None] = {holder.person_id for holder in holders}
    ids |= {participant.person_id for participant in participants}
    for visit in visits.values():
        ids |= {visit.lead_host_id, visit.opened_by_id, visit.canceled_by_id}
    for booking in bookings:
        ids |= {booking.driver_id, booking.leader_id, booking.answered_by_id, booking.assigned_by_id}
    ids |= {declaration.person_id for declaration in declarations}
    for remark in remarks:
        ids |= {remark.noted_by_id, remark.about_id}
    # Whoever takes part no longer still has to be told so.
    told = select(Notice.person_id).where(col(Notice.visit_id).in_(list(visits)))
    known = col(Person.id).in_([person_id for person_id in ids if person_id is not None])
    statement = select(Person).where(known | col(Person.id).in_(told))
    people = {person.key: person for person in (await session.exec(statement)).all()}
    deputies = {person.deputy_id for person in people.values() if person.deputy_id is not None} - people.keys()
    if deputies:
        standing_in = select(Person).where(col(Person.id).in_(deputies))
        people |= {person.key: person for person in (await session.exec(standing_in)).all()}
    return people
