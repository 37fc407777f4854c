"""A senior leader's time is given for what was asked (B6): for whatever comes to it later the office is asked again."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.errors import OutOfDate
from bot.models.bookings import Booking, BookingState
from bot.models.forms import AnswerForm, StopForm
from bot.models.roles import Part
from bot.models.visits import Stop, StopKind
from bot.procedure.stops import stop_form_of
from tests.classic import only
from tests.reception import SHANGHAI, Reception, Shown, reception, text_of
from tests.tables import rows

BOOK = only("B6")
TUESDAY = datetime(2026, 3, 3, 18, 5, tzinfo=SHANGHAI)
FRIDAY = date(2026, 3, 6)
TOUR = StopForm(day=FRIDAY, starts=time(14))


async def asked(office: Reception, *, confirmed: bool = True) -> None:
    """The office has been asked for a leader who accompanies the guests, and has answered yes."""
    await office.open_visit(leaders=["U07ZHANG"])
    await office.pass_time(until=TUESDAY)
    if confirmed:
        await office.zhou.press(office.last(office.zhou), action_id="confirm_request")
        await office.settle()


async def request(office: Reception) -> Booking:
    (found,) = await rows(office, Booking, kind="leader")
    return found


async def add_tour(office: Reception, form: StopForm = TOUR) -> None:
    await office.visita.desk.stops.add(await office.actor("lina"), 1, StopKind.TOUR, form)


async def since(office: Reception, before: int) -> list[Shown]:
    await office.pass_time(minutes=10)
    return office.inbox(office.zhou)[before:]


async def test_for_a_stop_more_the_office_is_asked_again_once(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await asked(office)
        before = len(office.inbox(office.zhou))
        await add_tour(office)
        (again,) = await since(office, before)
        assert "还需出席 *参观* ：3月6日（周五）14:00" in text_of(again)
        assert "*会谈*" not in text_of(again), "that had been given"
        assert (await request(office)).state == BookingState.REQUESTED

        await office.zhou.press(again, action_id="confirm_request")
        assert await since(office, before + 1) == []
        assert (await request(office)).state == BookingState.CONFIRMED


async def test_for_a_stop_that_the_leader_is_added_to_the_office_is_asked_again(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await asked(office)
        before = len(office.inbox(office.zhou))
        lina, desk = await office.actor("lina"), office.visita.desk
        (pickup,) = await rows(office, Stop, kind=StopKind.PICKUP)
        form = stop_form_of(await desk.lookup.show(lina, 1), pickup)
        await desk.stops.change(lina, pickup.key, replace(form, people={Part.GREETER: ("U07ZHANG",)}))
        (again,) = await since(office, before)
        assert "3月5日（周四）14:30" in text_of(again)


async def test_for_a_stop_of_others_the_office_is_not_asked_again(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await asked(office)
        before = len(office.inbox(office.zhou))
        await add_tour(office, replace(TOUR, people={Part.LEADER: ("U06SOFIA",)}))
        assert await since(office, before) == []
        assert (await request(office)).state == BookingState.CONFIRMED


async def test_for_a_stop_that_goes_and_comes_back_the_office_is_asked_again(database_url: str) -> None:
    """It heard in between that the leader is not wanted there."""
    async with reception(database_url, rulebook=BOOK) as office:
        await asked(office)
        lina, desk = await office.actor("lina"), office.visita.desk
        (meeting,) = await rows(office, Stop, kind=StopKind.MEETING)
        form = stop_form_of(await desk.lookup.show(lina, 1), meeting)
        before = len(office.inbox(office.zhou))
        await desk.stops.change(lina, meeting.key, replace(form, people={Part.LEADER: ("U06SOFIA",)}))
        (off,) = await since(office, before)
        assert "已无需安排" in text_of(off)
        await desk.stops.change(lina, meeting.key, form)
        (again,) = await since(office, before + 1)
        assert "还需出席 *会谈*" in text_of(again)


async def test_nobody_says_yes_to_a_stop_they_have_not_read_of(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await asked(office, confirmed=False)
        seen = await request(office)
        before = len(office.inbox(office.zhou))
        await add_tour(office)
        with pytest.raises(OutOfDate):
            await office.visita.desk.bookings.confirm(await office.actor("zhou"), seen.key, seen.version)
        assert await since(office, before) == [], "the request that is there lists it"
        assert "参观" in text_of(office.last(office.zhou))
        await office.zhou.press(office.last(office.zhou), action_id="confirm_request")
        assert await since(office, before) == []
        assert (await request(office)).state == BookingState.CONFIRMED


async def test_what_comes_to_it_while_the_office_has_proposed_otherwise_is_asked_for_then(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await asked(office, confirmed=False)
        desk, booking = office.visita.desk, await request(office)
        zhou, lina = await office.actor("zhou"), await office.actor("lina")
        await desk.bookings.propose(zhou, booking.key, booking.version, AnswerForm(note="副总代为出席"))
        await add_tour(office)
        booking = await request(office)
        assert booking.state == BookingState.COUNTERED
        await office.pass_time(minutes=10)
        before = len(office.inbox(office.zhou))
        await desk.bookings.accept(lina, booking.key, booking.version)
        assert "还需出席 *参观*" in "".join(map(text_of, await since(office, before)))
