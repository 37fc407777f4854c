"""Reading a visit with all that belongs to it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import chain
from typing import Any

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import Found, Named, RowsOf, Together, ValuesOf
from bot.models.bookings import Booking, Hold, Vehicle
from bot.models.guests import Client, Guest
from bot.models.notices import Declaration, Notice
from bot.models.people import Person, RoleHolder, Workspace
from bot.models.plans import ChangeRequest, Plan
from bot.models.remarks import Remark
from bot.models.roles import Part, Role
from bot.models.settings import Rank, RuleOverride
from bot.models.visits import Participant, Stop, StopParticipant, Visit
from bot.procedure.picture import Picture
from bot.procedure.plans import people_in, people_of

_WORKSPACES = RowsOf(Workspace, "id", "workspaces")
_HOLDERS = RowsOf(RoleHolder, "workspace_id", "workspaces", is_changed=False)
_OVERRIDES = RowsOf(RuleOverride, "workspace_id", "workspaces", is_changed=False)
_RANKS = RowsOf(Rank, "workspace_id", "workspaces", is_changed=False)
_STOPS = RowsOf(Stop, "visit_id", "visits")
_PARTICIPANTS = RowsOf(Participant, "visit_id", "visits", is_changed=False)
_BOOKINGS = RowsOf(Booking, "visit_id", "visits")
_DECLARATIONS = RowsOf(Declaration, "visit_id", "visits")
_GUESTS = RowsOf(Guest, "visit_id", "visits")
_NAMED = RowsOf(StopParticipant, "visit_id", "visits", is_changed=False)
_REMARKS = RowsOf(Remark, "visit_id", "visits", is_changed=False)
_HOLDS = RowsOf(Hold, "visit_id", "visits", is_changed=False)
_PLANS = RowsOf(Plan, "visit_id", "approved")
_CHANGE_REQUESTS = RowsOf(ChangeRequest, "visit_id", "approved")
# Whoever takes part no longer still has to be told so.
_TOLD = ValuesOf(Notice, "person_id", "visit_id", "visits")
_VEHICLES = RowsOf(Vehicle, "id", [Named(Booking, "vehicle_id", "visit_id", "visits")], is_changed=False)
_CLIENTS = RowsOf(Client, "id", [Named(Visit, "client_id", "id", "visits")])
_TAKING_PART = (
    Named(Participant, "person_id", "visit_id", "visits"),
    Named(StopParticipant, "person_id", "visit_id", "visits"),
)
_PART_TAKERS = RowsOf(Person, "id", _TAKING_PART, is_changed=False)
_MOST_PEOPLE = RowsOf(
    Person,
    "id",
    [
        *_TAKING_PART,
        Named(Visit, "lead_host_id", "id", "visits"),
        Named(RoleHolder, "person_id", "workspace_id", "workspaces"),
        Named(Notice, "person_id", "visit_id", "visits"),
    ],
    is_changed=False,
)
_OF_VISITS = Together(
    *(_WORKSPACES, _HOLDERS, _OVERRIDES, _RANKS, _STOPS, _PARTICIPANTS, _BOOKINGS, _DECLARATIONS, _GUESTS),
    *(_NAMED, _REMARKS, _HOLDS, _PLANS, _CHANGE_REQUESTS, _TOLD, _VEHICLES, _CLIENTS, _MOST_PEOPLE),
)
_TAKEN_UP = Together(_STOPS, _PARTICIPANTS, _NAMED, _BOOKINGS, _VEHICLES, _PART_TAKERS)
_PEOPLE = RowsOf(Person, "id", "people", is_changed=False)
_OTHER_PEOPLE = Together(_PEOPLE)
_NAMING_PEOPLE: tuple[RowsOf[Any], ...] = (
    *(_HOLDERS, _PARTICIPANTS, _NAMED, _BOOKINGS, _DECLARATIONS, _REMARKS, _PLANS, _CHANGE_REQUESTS),
)
_NAMING = (
    "person_id",
    "lead_host_id",
    "opened_by_id",
    "canceled_by_id",
    "driver_id",
    "leader_id",
    "owner_id",
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
    workspaces = {visit.workspace_id for visit in by_id.values()}
    approved = [visit_id for visit_id, visit in by_id.items() if visit.needs_approval]
    found = await _OF_VISITS.read(session, visits=by_id, workspaces=workspaces, approved=approved)
    people = {person.key: person for person in found[_MOST_PEOPLE]}
    people |= await _people(session, _named(by_id.values(), found) - people.keys())
    people |= await _deputies(session, people)
    vehicles = {vehicle.key: vehicle for vehicle in found[_VEHICLES]}
    clients = {client.key: client for client in found[_CLIENTS]}
    houses = {workspace.id: _house(workspace, found) for workspace in found[_WORKSPACES]}
    return {
        visit_id: Picture(
            **houses[visit.workspace_id],
            **_belongings(visit_id, found),
            visit=visit,
            people=people,
            vehicles=vehicles,
            client=clients.get(visit.client_id or 0),
        )
        for visit_id, visit in by_id.items()
    }


async def read_picture(session: AsyncSession, visit: Visit) -> Picture:
    return (await read_pictures(session, [visit]))[visit.key]


async def read_outlines(session: AsyncSession, workspace: Workspace, visits: Iterable[Visit]) -> list[Picture]:
    """What other visits of a workspace take up: their stops, with whom and with which car. Nothing else is in these
    pictures."""
    by_id = {visit.key: visit for visit in visits}
    found = await _TAKEN_UP.read(session, visits=by_id)
    people = {person.key: person for person in found[_PART_TAKERS]}
    people |= await _deputies(session, people)
    return [
        Picture(
            workspace=workspace,
            visit=visit,
            stops=_in_time(found.of(_STOPS, visit_id)),
            parts=_parts(found.of(_PARTICIPANTS, visit_id)),
            stop_parts=_stop_parts(found.of(_NAMED, visit_id)),
            bookings=tuple(found.of(_BOOKINGS, visit_id)),
            people=people,
            vehicles={vehicle.key: vehicle for vehicle in found[_VEHICLES]},
            declarations=(),
            roles={},
        )
        for visit_id, visit in by_id.items()
    ]


def _in_time(stops: Iterable[Stop]) -> tuple[Stop, ...]:
    return tuple(sorted(stops, key=lambda stop: (stop.starts_at, stop.id)))


def _house(workspace: Workspace, found: Found) -> dict[str, Any]:
    """What a picture has of its workspace."""
    holders = found.of(_HOLDERS, workspace.id)
    return {
        "workspace": workspace,
        "roles": _roles(holder for holder in holders if not holder.is_deputy),
        "role_deputies": _roles(holder for holder in holders if holder.is_deputy),
        "overrides": tuple(found.of(_OVERRIDES, workspace.id)),
        "ranks": tuple(sorted(found.of(_RANKS, workspace.id), key=lambda rank: -rank.value)),
    }


def _belongings(visit_id: int, found: Found) -> dict[str, Any]:
    """What a picture has of its visit alone."""
    return {
        "stops": _in_time(found.of(_STOPS, visit_id)),
        "parts": _parts(found.of(_PARTICIPANTS, visit_id)),
        "bookings": tuple(found.of(_BOOKINGS, visit_id)),
        "declarations": tuple(found.of(_DECLARATIONS, visit_id)),
        "guests": tuple(sorted(found.of(_GUESTS, visit_id), key=lambda g: (g.position, g.id))),
        "stop_parts": _stop_parts(found.of(_NAMED, visit_id)),
        "remarks": tuple(found.of(_REMARKS, visit_id)),
        "holds": tuple(found.of(_HOLDS, visit_id)),
        "plans": tuple(found.of(_PLANS, visit_id)),
        "change_requests": tuple(found.of(_CHANGE_REQUESTS, visit_id)),
    }


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


def _named(visits: Collection[Visit], found: Found) -> set[int]:
    """People whom the visits or what belongs to them name, and whoever was told something of them."""
    naming: list[SQLModel] = [*visits, *chain.from_iterable(found[part] for part in _NAMING_PEOPLE)]
    named = {getattr(row, name) for row in naming for name in _names_people(type(row))}
    return _given([*named, *found[_TOLD], *_spoken_of(found)])


async def _deputies(session: AsyncSession, people: Mapping[int, Person]) -> dict[int, Person]:
    """Those who stand in for these people and are not among them."""
    return await _people(session, _given(person.deputy_id for person in people.values()) - people.keys())


async def _people(session: AsyncSession, ids: Iterable[int]) -> dict[int, Person]:
    return {person.key: person for person in (await _OTHER_PEOPLE.read(session, people=ids))[_PEOPLE]}


def _spoken_of(found: Found) -> set[int]:
    """Whom plans and changes name who may take no part any more, or none yet."""
    spoken_of = {person for plan in found[_PLANS] for person in people_of(plan.facts)}
    for request in found[_CHANGE_REQUESTS]:
        spoken_of |= {*request.touches, *people_in(request.differences)}
    return spoken_of


@cache
def _names_people(table: type[SQLModel]) -> tuple[str, ...]:
    """The columns of a table that name people."""
    return tuple(name for name in _NAMING if name in table.model_fields)


def _given(ids: Iterable[int | None]) -> set[int]:
    return {each for each in ids if each is not None}
