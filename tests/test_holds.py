"""Nothing is held twice: not by two people at once, not by two replicas, not past the forms."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bot.database import Database
from bot.errors import HeldMeanwhile, ResourceTaken
from bot.models.bookings import Booking, BookingState, Hold
from bot.models.forms import StopForm
from bot.models.notices import Declaration, DeclarationKind, Record, RecordKind
from bot.models.roles import Part
from bot.models.settings import RoomKind
from bot.models.visits import Meal, Stop, StopKind, StopParticipant, Visit
from bot.services.bookings import Bookings
from bot.services.office import Office
from bot.services.people import People
from bot.services.stops import Stops
from tests.classic import only
from tests.small_office import CHEN, LINA, LIU, SHANGHAI, TEAM, WANG, SmallOffice, small_office
from tests.test_reconcile import FORM, MONDAY

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=SHANGHAI)


async def two_visits(small: SmallOffice) -> list[Booking]:
    """Two visits that both need a car at the same time; their requests."""
    for _ in "ab":
        await small.open_visit(FORM)
    found = await small.all(Booking, kind="vehicle")
    return sorted(found, key=lambda booking: booking.key)


def replica(small: SmallOffice, database: Database) -> Bookings:
    """The verbs of another process on the same database."""
    office = Office(database, small.clock, small.office.rulebook)
    people = People(office, small.directory)
    return Bookings(office, people, Stops(office, people))


@pytest.mark.parametrize("same", ["car", "driver"])
async def test_of_two_replicas_that_take_the_same_at_once_one_gets_it(database_url: str, same: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        first, second = await two_visits(small)
        actor, other = await small.actor(LIU), Database(database_url)
        there = replica(small, other)
        cars, drivers = ((1, 1), (CHEN, WANG)) if same == "car" else ((1, 2), (CHEN, CHEN))
        answers = await asyncio.gather(
            small.bookings.assign(actor, first.key, first.version, cars[0], drivers[0]),
            there.assign(actor, second.key, second.version, cars[1], drivers[1]),
            return_exceptions=True,
        )
        await other.close()
        refused = [answer for answer in answers if answer is not None]
        assert [type(answer) for answer in refused] in ([ResourceTaken], [HeldMeanwhile])
        states = sorted(booking.state for booking in await small.all(Booking, kind="vehicle"))
        assert states == [BookingState.ASSIGNED, BookingState.REQUESTED]
        assert {hold.booking_id for hold in await small.all(Hold)} == {
            booking.key for booking in await small.all(Booking, state=BookingState.ASSIGNED)
        }


async def test_the_refusal_names_what_is_free(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        first, second = await two_visits(small)
        actor = await small.actor(LIU)
        await small.bookings.assign(actor, first.key, first.version, 1, CHEN)
        with pytest.raises(ResourceTaken) as refused:
            await small.bookings.assign(actor, second.key, second.version, 1, WANG)
        assert refused.value.reference == "V-0001"
        picture = (await small.bookings.look(actor, second.key, second.version, to="assign")).picture
        supply = await small.bookings.supply(second, picture, None)
        assert list(refused.value.free) == supply.free(picture.visit.party_size)
        assert supply.vehicles[-1].key == 1, "what is taken stands last"


async def test_a_car_that_drove_elsewhere_in_the_morning_can_take_the_guests_home(database_url: str) -> None:
    """Two parties were fetched at the same time; then the first one's car breaks down."""
    async with small_office(database_url, MONDAY) as small:
        leaves = FORM.departure_date
        assert leaves is not None
        for departs in (leaves, leaves + timedelta(days=1)):
            await small.open_visit(replace(FORM, departure_date=departs))
        actor = await small.actor(LIU)
        requests = sorted(await small.all(Booking, kind="vehicle"), key=lambda booking: booking.key)
        for car, (request, driver) in enumerate(zip(requests, (CHEN, WANG), strict=True), 1):
            await small.bookings.assign(actor, request.key, request.version, car, driver)
        small.clock.at = NOON + timedelta(hours=6)

        (first,) = await small.all(Booking, id=requests[0].key)
        await small.bookings.assign(actor, first.key, first.version, 2, WANG)

        (way_back,) = await small.all(Hold, booking_id=first.key, vehicle_id=2)
        assert way_back.starts_at > small.clock.at


@pytest.mark.parametrize("column", ["vehicle_id", "person_id", "room_id"])
async def test_the_database_refuses_a_second_hold(database_url: str, column: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        (booking,) = await small.all(Booking, kind="vehicle")
        await small.furnishings.add_room(await small.actor(LIU), name="一号", kind=RoomKind.MEETING, capacity=9)
        hour = timedelta(hours=1)

        async def held(begins: datetime, ends: datetime) -> None:
            async with small.database.write() as session:
                own = {"workspace_id": TEAM, "visit_id": booking.visit_id, "booking_id": booking.key, column: 1}
                session.add(Hold(**own, starts_at=begins, ends_at=ends))

        await held(NOON, NOON + hour)
        await held(NOON + hour, NOON + 2 * hour)
        for begins, ends in ((NOON, NOON + hour), (NOON - hour, NOON + hour / 2), (NOON + hour / 3, NOON + hour / 2)):
            with pytest.raises(IntegrityError):
                await held(begins, ends)
        with pytest.raises(IntegrityError):
            await moved(small, NOON + hour, NOON + hour / 2)
        assert len(await small.all(Hold)) == 2


async def moved(small: SmallOffice, begins: datetime, to: datetime) -> None:
    async with small.database.write() as session:
        hold = (await session.exec(select(Hold).where(Hold.starts_at == begins))).one()
        hold.starts_at = to
        session.add(hold)


async def test_a_drive_that_moves_takes_its_car_along_or_asks_again(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        first, second = await two_visits(small)
        actor = await small.actor(LIU)
        await small.bookings.assign(actor, first.key, first.version, 1, CHEN)
        pickup = (await small.all(Stop, id=first.stop_id))[0]
        async with small.office.changing(first.visit_id) as change:
            moved = await change.session.get(Stop, pickup.key)
            assert moved is not None
            moved.starts_at, moved.ends_at = moved.starts_at - timedelta(hours=3), moved.ends_at - timedelta(hours=3)
            change.session.add(moved)
        (still,) = await small.all(Booking, id=first.key)
        assert still.state == BookingState.ASSIGNED
        assert min(hold.ends_at for hold in await small.all(Hold, vehicle_id=1)) == pickup.ends_at - timedelta(hours=3)

        departures = await small.all(Stop, kind=StopKind.DEPARTURE)
        async with small.office.changing(second.visit_id) as change:
            theirs = next(stop for stop in departures if stop.visit_id == second.visit_id)
            leaving = await change.session.get(Stop, theirs.key)
            assert leaving is not None
            leaving.is_removed = True
            change.session.add(leaving)
        await small.bookings.assign(actor, second.key, second.version, 1, CHEN)
        async with small.office.changing(first.visit_id) as change:
            back = await change.session.get(Stop, pickup.key)
            assert back is not None
            back.starts_at, back.ends_at = pickup.starts_at, pickup.ends_at
            change.session.add(back)
        (again,) = await small.all(Booking, id=first.key)
        assert (again.state, again.vehicle_id) == (BookingState.REQUESTED, None), "the car is the other visit's now"
        assert {hold.visit_id for hold in await small.all(Hold)} == {second.visit_id}


DINNER = datetime(2026, 3, 5, 18, 30, tzinfo=SHANGHAI)


async def dinner(small: SmallOffice, visit: Visit, driver: str, *, starts: datetime = DINNER) -> None:
    """A dinner to which the guests are driven by somebody who is named for it."""
    form = StopForm(
        day=starts.date(),
        starts=starts.time(),
        meal=Meal.DINNER,
        needs_car=True,
        travel_minutes="20",
        people={Part.DRIVER: (driver,)},
    )
    await small.stops.add(await small.actor(LINA), visit.key, StopKind.MEAL, form)


async def named(small: SmallOffice) -> list[tuple[int, int]]:
    """(visit, person) of whoever is named to drive a single stop."""
    found = await small.all(StopParticipant, part=Part.DRIVER)
    return sorted((participant.visit_id, participant.person_id) for participant in found)


async def test_a_driver_who_is_named_for_a_stop_is_held_for_it(database_url: str) -> None:
    """Neither another stop nor another visit's car gets the same driver at that time; afterwards both do."""
    async with small_office(database_url, MONDAY) as small:
        first, second = [await small.open_visit(FORM) for _ in "ab"]
        await dinner(small, first, CHEN)
        with pytest.raises(ResourceTaken) as refused:
            await dinner(small, second, CHEN)
        assert (refused.value.reference, refused.value.field) == ("V-0001", Part.DRIVER)
        assert await named(small) == [(first.key, (await small.actor(CHEN)).id)], "nothing of it was kept"

        await dinner(small, second, CHEN, starts=DINNER + timedelta(hours=3))
        await dinner(small, second, WANG)
        assert {hold.booking_id for hold in await small.all(Hold)} == {None}


async def test_a_car_is_not_given_to_a_driver_who_drives_elsewhere(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        first, second = await two_visits(small)
        (visit,) = await small.all(Visit, id=second.visit_id)
        pickup = (await small.all(Stop, id=first.stop_id))[0]
        await dinner(small, visit, CHEN, starts=pickup.starts_at.astimezone(SHANGHAI))
        with pytest.raises(ResourceTaken) as refused:
            await small.bookings.assign(await small.actor(LIU), first.key, first.version, 1, CHEN)
        assert (refused.value.reference, refused.value.field) == (visit.reference, "driver")


async def test_the_visits_own_driver_may_be_named_for_a_stop_too(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        visit = await small.open_visit(FORM)
        (booking,) = await small.all(Booking, kind="vehicle")
        await dinner(small, visit, CHEN)
        await small.bookings.assign(await small.actor(LIU), booking.key, booking.version, 1, CHEN)
        assert {hold.booking_id for hold in await small.all(Hold)} == {booking.key}, "the car's request holds both"
        (again,) = await small.all(Booking, id=booking.key)
        await small.bookings.decline(await small.actor(CHEN), again.key, again.version, "ill")
        assert {(hold.booking_id, hold.person_id) for hold in await small.all(Hold)} == {
            (None, (await small.actor(CHEN)).id)
        }, "the dinner is still theirs"


async def test_what_another_drives_takes_up_neither_the_visits_car_nor_its_driver(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        visit = await small.open_visit(FORM)
        (booking,) = await small.all(Booking, kind="vehicle")
        await dinner(small, visit, CHEN)
        await small.bookings.assign(await small.actor(LIU), booking.key, booking.version, 1, WANG)
        held = [hold for hold in await small.all(Hold) if hold.starts_at <= DINNER < hold.ends_at]
        assert [hold.person_id for hold in held] == [(await small.actor(CHEN)).id]


async def test_a_delay_takes_a_driver_off_who_drives_elsewhere_by_then(database_url: str) -> None:
    """It is never refused (E4): the stop is the visit's own driver's, and the record says why (G5)."""
    async with small_office(database_url, MONDAY) as small:
        first, second = [await small.open_visit(FORM) for _ in "ab"]
        late = DINNER + timedelta(hours=3)
        await dinner(small, first, CHEN)
        await dinner(small, second, CHEN, starts=late)
        lina = await small.actor(LINA)
        async with small.office.changing(first.key) as change:
            stop = (await change.session.exec(select(Stop).where(Stop.starts_at == DINNER, Stop.needs_car))).one()
            stop.starts_at, stop.ends_at = late, late + timedelta(hours=2)
            change.session.add(stop)
            await change.record(lina.id, RecordKind.DELAYED, stop=stop.key)

        assert [visit for visit, _ in await named(small)] == [second.key]
        (record,) = await small.all(Record, kind=RecordKind.DRIVER_UNNAMED)
        assert (record.visit_id, record.person_id, record.details["reference"]) == (first.key, lina.id, "V-0002")
        assert {hold.visit_id for hold in await small.all(Hold)} == {second.key}


async def test_a_canceled_visit_holds_nobody(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        visit = await small.open_visit(FORM)
        await dinner(small, visit, CHEN)
        await small.visits.cancel(await small.actor(LINA), visit.key, "not coming")
        assert await small.all(Hold) == []


async def test_of_two_who_name_the_same_driver_at_once_one_is_refused(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        first, second = [await small.open_visit(FORM) for _ in "ab"]
        answers = await asyncio.gather(dinner(small, first, CHEN), dinner(small, second, CHEN), return_exceptions=True)
        refused = [answer for answer in answers if answer is not None]
        assert [type(answer) for answer in refused] in ([ResourceTaken], [HeldMeanwhile])
        assert len(await named(small)) == 1


async def test_an_answer_that_does_not_hold_any_more_stands_on_record(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        first, _ = await two_visits(small)
        actor, lina = await small.actor(LIU), await small.actor(LINA)
        await small.bookings.assign(actor, first.key, first.version, 1, CHEN)
        async with small.office.changing_by(lina, first.visit_id) as change:
            change.visit.party_size = 9
            await change.record(lina.id, RecordKind.CHANGED)
        (record,) = await small.all(Record, kind=RecordKind.REQUESTS_ASKED_AGAIN)
        assert (record.visit_id, record.person_id, record.details) == (
            first.visit_id,
            lina.id,
            {"bookings": [first.key]},
        ), "the car seats six"


async def test_what_was_done_as_a_duty_is_not_asked_for_again(database_url: str) -> None:
    """An earlier release kept the hotel as a duty; somebody had done it."""
    async with small_office(database_url, MONDAY, rulebook=only("C1")) as small:
        visit = await small.open_visit(FORM)
        pickup = min(await small.all(Stop), key=lambda stop: stop.starts_at)
        liu = await small.actor(LIU)
        async with small.database.write() as session:
            done = Declaration(
                visit_id=visit.key,
                key=f"C2:stop{pickup.id}:20260305",
                stop_id=pickup.id,
                person_id=liu.id,
                kind=DeclarationKind.DONE,
                rule="C2",
                declared_at=MONDAY.astimezone(UTC),
            )
            session.add(done)
        later = Office(small.database, small.clock, only("C1", "C2"))
        async with later.changing(visit.key):
            """The new release plans the visit anew."""
        (hotel,) = await small.all(Booking, rule="C2")
        assert (hotel.state, hotel.answered_by_id) == (BookingState.CONFIRMED, liu.id)
