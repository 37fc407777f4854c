"""Stops of every kind: what is asked, what is found wrong, and what happens when they are added, copied and removed."""

from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.errors import FormErrors, NotAllowed, OutOfDate, Problem
from bot.models.bookings import Booking, BookingKind
from bot.models.forms import StopForm, VisitForm
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.people import Person
from bot.models.roles import Part
from bot.models.visits import Stop, StopKind, StopParticipant, Visit
from bot.procedure.stops import FIELDS, StopFacts, check_stop, stop_form_of
from bot.services.pictures import read_picture
from tests.small_office import CHEN, LINA, LIU, MARTA, SOFIA, WANG, ZHANG, ZHOU, SmallOffice, small_office

SHANGHAI, MADRID = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
VISIT = VisitForm(
    company="Acme",
    guest_name="Luis",
    lead_host=LINA,
    greeters=(SOFIA,),
    leaders=(SOFIA,),
    driver=CHEN,
    arrival_date=date(2026, 3, 5),
    arrival_time=time(14, 30),
    departure_date=date(2026, 3, 6),
    departure_time=time(19, 0),
)
STOP = StopForm(day=date(2026, 3, 5), starts=time(14, 30), place=" Gate 4 ", number="mu 5102", travel_minutes="45")


def stop_problems(kind: StopKind = StopKind.PICKUP, zone: ZoneInfo = SHANGHAI, **fields: Any) -> dict[str, Problem]:
    with pytest.raises(FormErrors) as refused:
        check_stop(replace(STOP, **fields), kind, zone, NOW)
    return dict(refused.value.problems)


def test_a_right_stop_becomes_facts() -> None:
    starts = datetime(2026, 3, 5, 14, 30, tzinfo=SHANGHAI)
    assert check_stop(STOP, StopKind.PICKUP, SHANGHAI, NOW) == StopFacts(
        starts_at=starts.astimezone(UTC),
        ends_at=(starts + timedelta(hours=1)).astimezone(UTC),
        place="Gate 4",
        number="MU5102",
        means="plane",
        travel_minutes=45,
        meal=None,
    )


@pytest.mark.parametrize(("meal", "minutes"), [("breakfast", 60), ("lunch", 90), ("dinner", 120)])
def test_a_meal_lasts_as_long_as_such_a_meal_and_has_no_flight(meal: str, minutes: int) -> None:
    facts = check_stop(replace(STOP, meal=meal, number="any"), StopKind.MEAL, SHANGHAI, NOW)
    assert facts.ends_at - facts.starts_at == timedelta(minutes=minutes)
    assert (facts.number, facts.means, facts.meal) == ("", None, meal)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"day": None}, {"day": Problem.DATE_MISSING}),
        ({"day": date(2026, 3, 1)}, {"day": Problem.IN_THE_PAST}),
        ({"day": date(2029, 3, 1)}, {"day": Problem.TOO_FAR}),
        ({"starts": None}, {"starts": Problem.MISSING}),
        ({"place": "P" * 201}, {"place": Problem.TOO_LONG}),
        ({"number": "fast"}, {"number": Problem.FLIGHT_NUMBER}),
        ({"number": "fast", "means": "train"}, {"number": Problem.TRAIN_NUMBER}),
        ({"travel_minutes": "601"}, {"travel_minutes": Problem.TRAVEL_TIME}),
        ({"day": None, "starts": None, "number": "?"},
         {"day": Problem.DATE_MISSING, "starts": Problem.MISSING, "number": Problem.FLIGHT_NUMBER}),
    ],
)  # fmt: skip
def test_each_slip_in_a_stop_is_found_at_its_field(typed: dict[str, Any], found: dict[str, Problem]) -> None:
    assert stop_problems(**typed) == found


def test_a_stop_at_a_time_that_the_clocks_skip_is_asked_for_again() -> None:
    found = stop_problems(zone=MADRID, day=date(2026, 3, 29), starts=time(2, 15))
    assert found == {"starts": Problem.TIME_DOES_NOT_EXIST}


@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ({}, "05 16:00"),  # as long as such a stop usually takes
        ({"ends": time(17, 0)}, "05 17:00"),
        ({"starts": time(22, 0), "ends": time(0, 30)}, "06 00:30"),
    ],
)
def test_a_stop_ends_when_it_is_said_to(typed: dict[str, Any], ends: str) -> None:
    form = StopForm(day=date(2026, 3, 5), starts=time(14, 30))
    facts = check_stop(replace(form, **typed), StopKind.MEETING, SHANGHAI, NOW)
    assert f"{facts.ends_at.astimezone(SHANGHAI):%d %H:%M}" == ends


def test_an_end_before_the_start_is_found_at_its_field() -> None:
    assert stop_problems(StopKind.MEETING, ends=time(14, 0)) == {"ends": Problem.END_BEFORE_START}


@pytest.mark.parametrize("kind", StopKind)
def test_only_what_is_special_to_a_kind_becomes_a_fact(kind: StopKind) -> None:
    typed = StopForm(
        day=date(2026, 3, 5), starts=time(14, 30), place="x", number="MU1", subject="x", room="x", route="x", plate="x",
        travel_minutes="5", meal="dinner", style="banquet", is_important=True, is_international=True, is_long=True,
        needs_car=True,
    )  # fmt: skip
    facts = asdict(check_stop(typed, kind, SHANGHAI, NOW))
    said = {name for name, value in facts.items() if value} - {"starts_at", "ends_at"}
    assert said == set(FIELDS[kind]) | ({"meal"} if kind == StopKind.BREAKFAST else set())


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    async with small_office(database_url, NOW) as small:
        await small.open_visit(VISIT)
        yield small


async def live(small: SmallOffice, kind: StopKind) -> list[Stop]:
    found: list[Stop] = await small.all(Stop, kind=kind, is_removed=False)
    return sorted(found, key=lambda stop: stop.starts_at)


async def form_now(small: SmallOffice, stop: Stop) -> StopForm:
    (visit,) = await small.all(Visit)
    async with small.database.read() as session:
        return stop_form_of(await read_picture(session, visit), stop)


async def told(small: SmallOffice, who: str, kind: NoticeKind) -> list[Notice]:
    (person,) = await small.all(Person, slack_id=who)
    return await small.all(Notice, person_id=person.key, kind=kind, state=NoticeState.SENT)


async def test_every_kind_is_added_changed_copied_and_removed(small: SmallOffice) -> None:
    host, (visit,) = await small.actor(LINA), await small.all(Visit)
    for kind in StopKind:
        before = {stop.key for stop in await live(small, kind)}
        await small.stops.add(host, visit.key, kind, StopForm(day=date(2026, 3, 5), starts=time(17, 0), meal="dinner"))
        (added,) = [stop for stop in await live(small, kind) if stop.key not in before]
        await small.stops.change(host, added.key, replace(await form_now(small, added), starts=time(17, 20)))
        await small.stops.copy(host, added.key, date(2026, 3, 6))
        assert len(await live(small, kind)) == len(before) + 2
        (changed,) = await small.all(Stop, id=added.key)
        assert changed.starts_at - added.starts_at == timedelta(minutes=20) == changed.ends_at - added.ends_at
        await small.stops.remove(host, added.key)
        assert added.key not in {stop.key for stop in await live(small, kind)}


async def test_the_visit_arrives_with_its_first_pickup_and_leaves_with_its_last_departure(small: SmallOffice) -> None:
    host, (visit,) = await small.actor(LINA), await small.all(Visit)
    second = StopForm(day=date(2026, 3, 5), starts=time(12, 0), number="MU1")
    await small.stops.add(host, visit.key, StopKind.PICKUP, second)
    (visit,) = await small.all(Visit)
    assert (visit.arrives_at, visit.arrival_number) == (datetime(2026, 3, 5, 12, 0, tzinfo=SHANGHAI), "MU1")
    (departure,) = await live(small, StopKind.DEPARTURE)
    await small.stops.change(host, departure.key, replace(await form_now(small, departure), starts=time(21, 0)))
    (visit,) = await small.all(Visit)
    assert visit.departs_at == datetime(2026, 3, 6, 21, 0, tzinfo=SHANGHAI)


async def test_a_removed_departure_does_not_come_back_by_itself(small: SmallOffice) -> None:
    host, (visit,) = await small.actor(LINA), await small.all(Visit)
    (departure,) = await live(small, StopKind.DEPARTURE)
    await small.stops.remove(host, departure.key)
    await small.visits.change(host, visit.key, replace(VISIT, party_size="9"))
    assert await live(small, StopKind.DEPARTURE) == []


async def test_people_named_for_a_stop_take_part_instead_of_those_of_the_visit(small: SmallOffice) -> None:
    host = await small.actor(LINA)
    dinner = next(stop for stop in await live(small, StopKind.MEAL) if stop.meal == "dinner")
    small.clock.at = dinner.starts_at - timedelta(hours=3)
    await small.settle()
    assert [notice.stop_id for notice in await told(small, SOFIA, NoticeKind.REMINDER)] == [dinner.key]
    form = replace(await form_now(small, dinner), people={Part.LEADER: (MARTA,)})
    await small.stops.change(host, dinner.key, form)
    small.clock.at += timedelta(minutes=2)
    await small.settle()
    (news,) = await told(small, SOFIA, NoticeKind.CHANGE)
    assert [change["what"] for change in news.payload["changes"]] == ["released"]
    assert len(await told(small, MARTA, NoticeKind.REMINDER)) == 1
    assert (await form_now(small, dinner)).people == {Part.LEADER: (MARTA,)}


async def test_a_senior_leader_named_for_a_stop_is_asked_for_at_the_executive_office(small: SmallOffice) -> None:
    host, (visit,) = await small.actor(LINA), await small.all(Visit)
    form = StopForm(day=date(2026, 3, 6), starts=time(10, 0), people={Part.LEADER: (ZHANG,)})
    await small.stops.add(host, visit.key, StopKind.MEETING, form)
    meeting = max(await live(small, StopKind.MEETING), key=lambda stop: stop.key)
    (request,) = await small.all(Booking, kind=BookingKind.LEADER)
    assert request.stop_id == meeting.key
    await small.bookings.decline(await small.actor(ZHOU), request.key, request.version, "abroad")
    assert await small.all(StopParticipant) == []


async def test_a_stop_while_the_guests_are_elsewhere_is_refused(small: SmallOffice) -> None:
    host, (visit,) = await small.actor(LINA), await small.all(Visit)
    form = StopForm(day=date(2026, 3, 9), starts=time(17, 0))
    with pytest.raises(FormErrors) as refused:
        await small.stops.add(host, visit.key, StopKind.MEETING, form)
    assert refused.value.problems == {"day": Problem.OUTSIDE_STAY}
    (dinner, *_) = await live(small, StopKind.MEAL)
    for day, problem in ((date(2026, 3, 5), Problem.SAME_DAY), (None, Problem.DATE_MISSING)):
        with pytest.raises(FormErrors) as refused:
            await small.stops.copy(host, dinner.key, day)
        assert refused.value.problems == {"day": problem}


async def test_only_host_and_administration_change_stops(small: SmallOffice) -> None:
    (dinner, *_) = await live(small, StopKind.MEAL)
    with pytest.raises(NotAllowed):
        await small.stops.remove(await small.actor(SOFIA), dinner.key)
    await small.stops.remove(await small.actor(LIU), dinner.key)
    with pytest.raises(OutOfDate):
        await small.stops.remove(await small.actor(LIU), dinner.key)


async def test_whoever_meets_the_guests_at_the_arrival_alone_may_say_that_they_are_late(small: SmallOffice) -> None:
    lina, (visit,) = await small.actor(LINA), await small.all(Visit)
    (pickup,), (dinner, *_) = await live(small, StopKind.PICKUP), await live(small, StopKind.MEAL)
    for stop, people in ((pickup, {Part.GREETER: (MARTA,)}), (dinner, {Part.DRIVER: (WANG,)})):
        form = replace(await form_now(small, stop), needs_car=True, people=people)
        await small.stops.change(lina, stop.key, form)
    with pytest.raises(NotAllowed):
        await small.delays.delay(await small.actor(WANG), visit.key, "90")
    await small.delays.delay(await small.actor(MARTA), visit.key, "90")
    (later,) = await live(small, StopKind.PICKUP)
    assert later.starts_at == pickup.starts_at + timedelta(minutes=90)
