"""Two people press at once: one of them counts, the other is told; on PostgreSQL each at a bot of their own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.database import Database
from bot.errors import Refusal
from bot.models.bookings import Booking, BookingKind, BookingState, Hold
from bot.models.forms import AnswerForm, VisitForm
from bot.models.notices import Record, RecordKind
from bot.models.plans import ChangeRequest, Plan
from bot.models.roles import Role
from bot.models.settings import RoomKind
from bot.models.visits import Stop, Visit
from bot.procedure.stops import stop_form_of
from bot.services.bookings import Bookings
from bot.services.consents import Consents
from bot.services.guests import Guests
from bot.services.levels import Levels
from bot.services.office import Office
from bot.services.people import People
from bot.services.pictures import read_picture
from bot.services.plans import Plans
from bot.services.stops import Stops
from bot.services.visits import Visits
from tests.classic import only
from tests.small_office import CHEN, LINA, LIU, ROLES, SHANGHAI, SOFIA, WANG, ZHANG, ZHOU, SmallOffice, small_office

MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
APPROVED = dict(ROLES) | dict.fromkeys((Role.APPROVER_1, Role.APPROVER_2, Role.APPROVER_3), (ZHANG, ZHOU))
RULES = only("C1", "B6", "B3", "C3", "D1.2", "D3.1")
TIMES = 3


@dataclass(frozen=True)
class Desk:
    """The verbs of one bot."""

    plans: Plans
    consents: Consents
    bookings: Bookings
    stops: Stops


@asynccontextmanager
async def two_desks(url: str, roles: dict[Role, tuple[str, ...]]) -> AsyncIterator[tuple[SmallOffice, Desk, Desk]]:
    """Two bots on one database; SQLite has one process, there it is one bot."""
    async with small_office(url, MONDAY, rulebook=RULES, roles=roles) as small:
        second = small.database if small.database.dialect == "sqlite" else Database(url)
        try:
            yield small, _desk(small.office, small), _desk(replace(small.office, database=second), small)
        finally:
            if second is not small.database:
                await second.close()


def _desk(office: Office, small: SmallOffice) -> Desk:
    people = People(office, small.directory)
    visits, stops, levels = Visits(office, people, replace(small.drafts, office=office)), Stops(office, people), Levels
    consents = Consents(office, visits, stops, levels(office), Guests(office))
    return Desk(Plans(office, people), consents, Bookings(office, people, stops), stops)


async def visit_of(small: SmallOffice, day: int) -> Visit:
    arrives = datetime(2026, 3, day, 11, tzinfo=SHANGHAI)
    return await small.open_visit(
        VisitForm(
            company="Acme",
            guest_name="Luis",
            lead_host=LINA,
            leaders=(SOFIA, ZHANG),
            arrival_date=arrives.date(),
            arrival_time=arrives.time(),
            departure_date=arrives.date() + timedelta(days=1),
            departure_time=arrives.time(),
        )
    )


async def one_counts(*presses: Awaitable[object]) -> None:
    """All at once: one is done, each of the others is told no."""
    came_of_it = await asyncio.gather(*presses, return_exceptions=True)
    refused = [found for found in came_of_it if isinstance(found, BaseException)]
    assert all(isinstance(found, Refusal) for found in refused), refused
    assert len(refused) == len(presses) - 1, came_of_it


async def kept(small: SmallOffice, visit: Visit, *kinds: RecordKind) -> list[Any]:
    return [r for r in await small.all(Record, visit_id=visit.key) if r.kind in kinds]


async def submitted(small: SmallOffice, desk: Desk, day: int) -> tuple[Visit, Plan]:
    visit = await visit_of(small, day)
    await desk.plans.submit(await small.actor(LINA), visit.key)
    (plan,) = await small.all(Plan, visit_id=visit.key)
    return visit, plan


@pytest.mark.parametrize("day", range(10, 10 + TIMES))
async def test_a_plan_is_approved_or_returned(database_url: str, day: int) -> None:
    async with two_desks(database_url, APPROVED) as (small, one, other):
        visit, plan = await submitted(small, one, day)
        await one_counts(
            one.plans.approve(await small.actor(ZHANG), plan.key, plan.version),
            other.plans.send_back(await small.actor(ZHOU), plan.key, plan.version, "Later, please."),
            other.plans.hand_over(await small.actor(ZHOU), plan.key, plan.version, SOFIA),
        )
        decided = (RecordKind.PLAN_APPROVED, RecordKind.PLAN_RETURNED, RecordKind.PLAN_HANDED)
        assert len(await kept(small, visit, *decided)) == 1


@pytest.mark.parametrize("day", range(10, 10 + TIMES))
async def test_a_change_is_allowed_or_refused(database_url: str, day: int) -> None:
    async with two_desks(database_url, APPROVED) as (small, one, other):
        visit, plan = await submitted(small, one, day)
        await one.plans.approve(await small.actor(ZHANG), plan.key, plan.version)
        stop = next(s for s in await small.all(Stop, visit_id=visit.key) if s.meal == "dinner")
        async with small.database.read() as session:
            (present,) = await small.all(Visit, id=visit.key)
            form = stop_form_of(await read_picture(session, present), stop)
        later = (stop.starts_at + timedelta(hours=1)).astimezone(SHANGHAI)
        with pytest.raises(Refusal):
            await one.stops.change(await small.actor(LINA), stop.key, replace(form, starts=later.time()))
        (request,) = await small.all(ChangeRequest)
        await one_counts(
            one.consents.allow(await small.actor(ZHANG), request.key, request.version),
            other.consents.refuse(await small.actor(ZHOU), request.key, request.version, "No."),
        )
        (granted,) = await kept(small, visit, RecordKind.CHANGE_GRANTED, RecordKind.CHANGE_REFUSED)
        (now,) = await small.all(Stop, id=stop.key)
        assert (now.starts_at != stop.starts_at) == (granted.kind == RecordKind.CHANGE_GRANTED)


@pytest.mark.parametrize("day", range(10, 10 + TIMES))
async def test_a_leader_s_time_is_given_or_not(database_url: str, day: int) -> None:
    async with two_desks(database_url, dict(ROLES)) as (small, one, other):
        visit = await visit_of(small, day)
        (asked,) = await small.all(Booking, visit_id=visit.key, kind=BookingKind.LEADER)
        zhou = await small.actor(ZHOU)
        await one_counts(
            one.bookings.confirm(zhou, asked.key, asked.version),
            other.bookings.decline(zhou, asked.key, asked.version, "In Beijing."),
            other.bookings.confirm(zhou, asked.key, asked.version),
        )
        (answered,) = await small.all(Booking, id=asked.key)
        assert answered.state in (BookingState.CONFIRMED, BookingState.DECLINED)
        assert len(await kept(small, visit, RecordKind.LEADER_CONFIRMED, RecordKind.LEADER_DECLINED)) == 1


@pytest.mark.parametrize("day", range(10, 10 + TIMES))
async def test_one_car_goes_to_one_visit(database_url: str, day: int) -> None:
    async with two_desks(database_url, dict(ROLES)) as (small, one, other):
        visits = [await visit_of(small, day) for _ in range(2)]
        cars = [(await small.all(Booking, visit_id=v.key, kind=BookingKind.VEHICLE))[0] for v in visits]
        liu = await small.actor(LIU)
        await one_counts(
            one.bookings.assign(liu, cars[0].key, cars[0].version, 1, CHEN),
            other.bookings.assign(liu, cars[1].key, cars[1].version, 1, WANG),
        )
        held = [hold for hold in await small.all(Hold) if hold.vehicle_id is not None]
        assert {hold.vehicle_id for hold in held} == {1}
        assert len({hold.booking_id for hold in held}) == 1


@pytest.mark.parametrize("day", range(10, 10 + TIMES))
async def test_one_room_goes_to_one_visit(database_url: str, day: int) -> None:
    async with two_desks(database_url, dict(ROLES)) as (small, one, other):
        await small.furnishings.add_room(await small.actor(LIU), name="Peony", kind=RoomKind.DINING, capacity=9)
        visits = [await visit_of(small, day) for _ in range(2)]
        rooms = [(await small.all(Booking, visit_id=visit.key, rule="C3"))[0] for visit in visits]
        liu, form = await small.actor(LIU), AnswerForm(room="1", place="Canteen", reference="A-1", cost="100")
        await one_counts(
            one.bookings.confirm(liu, rooms[0].key, rooms[0].version, form),
            other.bookings.confirm(liu, rooms[1].key, rooms[1].version, form),
        )
        assert len([hold for hold in await small.all(Hold) if hold.room_id is not None]) == 1
