"""Reading a visit with all that belongs to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import bindparam
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import RowsOf
from bot.models.bookings import Booking, Vehicle
from bot.models.guests import Client, Guest
from bot.models.notices import Declaration, Notice
from bot.models.people import Person, RoleHolder, Workspace
from bot.models.plans import ChangeRequest, Plan
from bot.models.roles import Part, Role
from bot.models.settings import Rank, RuleOverride
from bot.models.visits import Participant, Remark, Stop, StopParticipant, Visit
from bot.procedure.picture import Picture
from bot.procedure.plans import people_in, people_of

Row = TypeVar("Row", bound=SQLModel)
_WORKSPACES = RowsOf(Workspace, "id")
_HOLDERS = RowsOf(RoleHolder, "workspace_id", is_changed=False)
_OVERRIDES = RowsOf(RuleOverride, "workspace_id", is_changed=False)
_RANKS = RowsOf(Rank, "workspace_id", is_changed=False)
_STOPS = RowsOf(Stop, "visit_id")
_PARTICIPANTS = RowsOf(Participant, "visit_id", is_changed=False)
_BOOKINGS = RowsOf(Booking, "visit_id")
_DECLARATIONS = RowsOf(Declaration, "visit_id")
_GUESTS = RowsOf(Guest, "visit_id")
_NAMED = RowsOf(StopParticipant, "visit_id", is_changed=False)
_REMARKS = RowsOf(Remark, "visit_id", is_changed=False)
_PLANS = RowsOf(Plan, "visit_id")
_CHANGE_REQUESTS = RowsOf(ChangeRequest, "visit_id")
_VEHICLES = RowsOf(Vehicle, "id", is_changed=False)
_CLIENTS = RowsOf(Client, "id")
_PEOPLE = RowsOf(Person, "id", is_changed=False)
# Whoever takes part no longer still has to be told so.
_TOLD = select(col(Notice.person_id)).where(col(Notice.visit_id).in_(bindparam("ids", expanding=True))).distinct()
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
    "guest_confirmed_by_id",
    "submitted_by_id",
    "handed_to_id",
    "decided_by_id",
    "asked_by_id",
)
"""Columns that name a person."""


async def read_pictures(session: AsyncSession, visits: Iterable[Visit]) -> dict[int, Picture]:
    """The pictures of several visits, by visit id, in a fixed number of queries."""
    by_id = {visit.key: visit for visit in visits}
    if not by_id:
        return {}
    await session.flush()
    ids = {visit.workspace_id for visit in by_id.values()}
    workspaces = {workspace.id: workspace for workspace in await _WORKSPACES.read(session, ids)}
    holders = await _HOLDERS.read(session, ids)
    overrides = _grouped(await _OVERRIDES.read(session, ids), "workspace_id")
    ranks = _grouped(await _RANKS.read(session, ids), "workspace_id")
    stops = _grouped(await _STOPS.read(session, by_id), "visit_id")
    participants = _grouped(await _PARTICIPANTS.read(session, by_id), "visit_id")
    bookings = _grouped(await _BOOKINGS.read(session, by_id), "visit_id")
    declarations = _grouped(await _DECLARATIONS.read(session, by_id), "visit_id")
    guests = _grouped(await _GUESTS.read(session, by_id), "visit_id")
    named = _grouped(await _NAMED.read(session, by_id), "visit_id")
    remarks = _grouped(await _REMARKS.read(session, by_id), "visit_id")
    approved = [visit_id for visit_id, visit in by_id.items() if visit.needs_approval]
    plans = _grouped(await _PLANS.read(session, approved), "visit_id")
    requests = _grouped(await _CHANGE_REQUESTS.read(session, approved), "visit_id")
    vehicles = {
        v.key: v for v in await _VEHICLES.read(session, _given(b.vehicle_id for b in chain(*bookings.values())))
    }
    clients = {
        client.key: client for client in await _CLIENTS.read(session, _given(v.client_id for v in by_id.values()))
    }
    seen = chain(*participants.values(), *named.values(), *bookings.values(), *declarations.values(), *remarks.values())
    consents = chain(*plans.values(), *requests.values())
    people = await _people(session, by_id, [*seen, *holders, *consents], _spoken_of(plans, requests))
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
            plans=tuple(plans[visit_id]),
            change_requests=tuple(requests[visit_id]),
        )
        for visit_id, visit in by_id.items()
    }


async def read_picture(session: AsyncSession, visit: Visit) -> Picture:
    return (await read_pictures(session, [visit]))[visit.key]


def _grouped(rows: Iterable[Row], owner: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, owner)].append(row)
    return found


def _given(ids: Iterable[int | None]) -> set[int]:
    return {each for each in ids if each is not None}


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


def _spoken_of(plans: Mapping[Any, Sequence[Plan]], requests: Mapping[Any, Sequence[ChangeRequest]]) -> set[int]:
    """Whom plans and changes name who may take no part any more, or none yet."""
    found = {person for plan in chain(*plans.values()) for person in people_of(plan.facts)}
    for request in chain(*requests.values()):
        found |= {*request.touches, *people_in(request.differences)}
    return found


@cache
def _names_people(table: type[SQLModel]) -> tuple[str, ...]:
    """The columns of a table that name people."""
    return tuple(name for name in _NAMING if name in table.model_fields)


async def _people(
    session: AsyncSession, visits: Mapping[int, Visit], seen: Iterable[SQLModel], also: Iterable[int]
) -> dict[int, Person]:
    """Everybody whom the visits or one of these rows name, or who was told something of the visits."""
    ids = {getattr(row, name) for row in [*visits.values(), *seen] for name in _names_people(type(row))}
    ids |= set(also)
    ids |= set((await session.exec(_TOLD, params={"ids": list(visits)})).all())
    people = {person.key: person for person in await _PEOPLE.read(session, _given(ids))}
    deputies = _given(person.deputy_id for person in people.values()) - people.keys()
    return people | {person.key: person for person in await _PEOPLE.read(session, deputies)}
