"""Reading a visit with all that belongs to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
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
_NAMING = (
    "person_id",
    "lead_host_id",
    "opened_by_id",
    "canceled_by_id",
    "driver_id",
    "leader_id",
    "answered_by_id",
    "assigned_by_id",
    "noted_by_id",
    "about_id",
)
"""Columns that name a person."""


async def read_pictures(session: AsyncSession, visits: Iterable[Visit]) -> dict[int, Picture]:
    """The pictures of several visits, by visit id, in a fixed number of queries."""
    by_id = {visit.key: visit for visit in visits}
    if not by_id:
        return {}
    ids = {visit.workspace_id for visit in by_id.values()}
    workspaces = {w.id: w for w in (await session.exec(select(Workspace).where(col(Workspace.id).in_(ids)))).all()}
    stops = await _of(session, Stop, by_id)
    participants = await _of(session, Participant, by_id)
    bookings = await _of(session, Booking, by_id)
    declarations = await _of(session, Declaration, by_id)
    in_order = select(RoleHolder).where(col(RoleHolder.workspace_id).in_(ids)).order_by(col(RoleHolder.id))
    holders = (await session.exec(in_order)).all()
    vehicles = await _vehicles(session, chain(*bookings.values()))
    guests = await _of(session, Guest, by_id)
    named = await _of(session, StopParticipant, by_id)
    remarks = await _of(session, Remark, by_id)
    clients = await _clients(session, by_id.values())
    overrides = await _of_workspaces(session, RuleOverride, ids)
    ranks = await _of_workspaces(session, Rank, ids)
    seen = chain(*participants.values(), *named.values(), *bookings.values(), *declarations.values(), *remarks.values())
    people = await _people(session, by_id, [*seen, *holders])
    roles = {key: _roles(h for h in holders if h.workspace_id == key and not h.is_deputy) for key in ids}
    role_deputies = {key: _roles(h for h in holders if h.workspace_id == key and h.is_deputy) for key in ids}
    return {
        visit_id: Picture(
            workspace=workspaces[visit.workspace_id],
            visit=visit,
            stops=tuple(sorted(stops[visit_id], key=lambda s: (s.starts_at, s.id))),
            parts=_parts(participants[visit_id]),
            bookings=tuple(bookings[visit_id]),
            declarations=tuple(declarations[visit_id]),
            roles=roles[visit.workspace_id],
            people=people,
            vehicles=vehicles,
            role_deputies=role_deputies[visit.workspace_id],
            guests=tuple(sorted(guests[visit_id], key=lambda g: (g.position, g.id))),
            stop_parts=_stop_parts(named[visit_id]),
            overrides=tuple(overrides[visit.workspace_id]),
            remarks=tuple(remarks[visit_id]),
            ranks=tuple(sorted(ranks[visit.workspace_id], key=lambda rank: -rank.value)),
            client=clients.get(visit.client_id or 0),
        )
        for visit_id, visit in by_id.items()
    }


async def read_picture(session: AsyncSession, visit: Visit) -> Picture:
    return (await read_pictures(session, [visit]))[visit.key]


async def _of(session: AsyncSession, table: type[Row], visits: Iterable[int]) -> dict[int, list[Row]]:
    """The rows of a table by visit, in order of their ids."""
    statement = select(table).where(table.visit_id.in_(list(visits))).order_by(table.id)  # type: ignore[attr-defined]
    found: dict[int, list[Row]] = defaultdict(list)
    for row in (await session.exec(statement)).all():
        found[row.visit_id].append(row)  # type: ignore[attr-defined]
    return found


async def _of_workspaces(session: AsyncSession, table: type[Row], workspaces: Iterable[str]) -> dict[str, list[Row]]:
    """The rows of a table by workspace, in order of their ids."""
    of_them = table.workspace_id.in_(list(workspaces))  # type: ignore[attr-defined]
    found: dict[str, list[Row]] = defaultdict(list)
    for row in (await session.exec(select(table).where(of_them).order_by(table.id))).all():  # type: ignore[attr-defined]
        found[row.workspace_id].append(row)  # type: ignore[attr-defined]
    return found


async def _clients(session: AsyncSession, visits: Iterable[Visit]) -> dict[int, Client]:
    ids = {visit.client_id for visit in visits if visit.client_id is not None}
    if not ids:
        return {}
    return {c.key: c for c in (await session.exec(select(Client).where(col(Client.id).in_(ids)))).all()}


def _stop_parts(named: Iterable[StopParticipant]) -> dict[tuple[int, Part], tuple[int, ...]]:
    parts: dict[tuple[int, Part], tuple[int, ...]] = defaultdict(tuple)
    for participant in named:
        parts[participant.stop_id, Part(participant.part)] += (participant.person_id,)
    return dict(parts)


def _roles(holders: Iterable[RoleHolder]) -> dict[Role, tuple[int, ...]]:
    roles: dict[Role, tuple[int, ...]] = defaultdict(tuple)
    for holder in holders:
        roles[Role(holder.role)] += (holder.person_id,)
    return roles


def _parts(participants: Iterable[Participant]) -> dict[Part, tuple[int, ...]]:
    parts: dict[Part, tuple[int, ...]] = defaultdict(tuple)
    for participant in participants:
        parts[Part(participant.part)] += (participant.person_id,)
    return parts


async def _vehicles(session: AsyncSession, bookings: Iterable[Booking]) -> dict[int, Vehicle]:
    ids = {booking.vehicle_id for booking in bookings if booking.vehicle_id is not None}
    if not ids:
        return {}
    return {v.key: v for v in (await session.exec(select(Vehicle).where(col(Vehicle.id).in_(ids)))).all()}


async def _people(session: AsyncSession, visits: Mapping[int, Visit], seen: Iterable[SQLModel]) -> dict[int, Person]:
    """Everybody whom the visits or one of these rows name, or who was told something of the visits."""
    ids = {getattr(row, name, None) for row in [*visits.values(), *seen] for name in _NAMING}
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
