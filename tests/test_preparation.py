"""Section C: what is asked of whom, confirmed with what there is to say, declined, answered with something else."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.errors import AlreadyAnswered, NotAllowed, OutOfDate, SentForConsent
from bot.models.bookings import Booking, BookingState, Hold
from bot.models.forms import AnswerForm, StopForm
from bot.models.notices import Notice, NoticeState
from bot.models.plans import ChangeRequest, Plan
from bot.models.settings import RoomKind
from bot.models.visits import MealStyle, Stop, StopKind
from bot.procedure.calendar import calendar_of
from bot.procedure.intake import form_of
from bot.procedure.lights import Light, standing
from bot.procedure.open_points import OpenPoint, open_points
from bot.procedure.plan import plan
from bot.procedure.stops import stop_form_of
from sandbox.hands import Hands
from tests.classic import only
from tests.reception import SHANGHAI, Reception, Shown, labels, reception, text_of
from tests.small_office import LINA, LIU, small_office
from tests.test_reconcile import FORM, MONDAY

HOTEL, SUPPLIES, DINING = only("C2"), only("C7"), only("C3")


async def rows(office: Reception, table: type[Any], **where: Any) -> list[Any]:
    async with office.visita.database.read() as session:
        return list((await session.exec(select(table).filter_by(**where).order_by(table.id))).all())


async def asked(office: Reception, rule: str, **where: Any) -> Booking:
    """The request of a rule."""
    found: Booking = (await rows(office, Booking, rule=rule, **where))[0]
    return found


async def dinner_of(office: Reception) -> Stop:
    stop: Stop = next(s for s in await rows(office, Stop, kind=StopKind.MEAL) if s.meal == "dinner")
    return stop


async def press(office: Reception, who: Hands, booking: Booking, action_id: str, message: Shown | None = None) -> None:
    value = f"1~{booking.id}~{booking.version}"
    await who.press(message or office.last(who), action_id=action_id, value=value)


async def one_dinner(office: Reception) -> tuple[Booking, Stop]:
    """The private dining room for the first evening."""
    stop = await dinner_of(office)
    return await asked(office, "C3", stop_id=stop.id), stop


async def test_the_hotel_is_confirmed_with_what_there_is_to_say(database_url: str) -> None:
    async with reception(database_url, rulebook=HOTEL) as office:
        await office.open_visit()
        (request,) = office.inbox(office.liu)
        assert labels(request) == ["确认", "无法安排", "提出调整"]
        assert "4 间标准间" in text_of(request)
        booking = await asked(office, "C2")
        await press(office, office.liu, booking, "confirm_request")
        assert set(await office.liu.submit()) == {"place"}, "the hotel's name is wanted"
        await office.liu.fill("place", "金陵饭店")
        await office.liu.fill("reference", "JL-8812")
        await office.liu.fill("cost", "2,400")
        assert await office.liu.submit() == {}
        await office.settle()

        confirmed = await asked(office, "C2")
        assert (confirmed.state, confirmed.cost) == (BookingState.CONFIRMED, 2400)
        told = text_of(office.last(office.lina))
        assert [said for said in ("金陵饭店", "JL-8812", "2,400") if said not in told] == []
        assert labels(office.last(office.liu)) == ["撤回确认"]
        assert "金陵饭店" in text_of(office.last(office.liu))
        picture = await office.visita.desk.lookup.show(await office.actor("lina"), 1)
        assert picture.cost == 2400


async def test_what_needs_no_word_is_confirmed_at_a_press(database_url: str) -> None:
    async with reception(database_url, rulebook=SUPPLIES) as office:
        await office.open_visit()
        await office.pass_time(days=3, hours=8)
        told = len(office.inbox(office.lina))
        await press(office, office.liu, await asked(office, "C7"), "confirm_request")
        await office.settle()
        assert (await asked(office, "C7")).state == BookingState.CONFIRMED
        assert office.liu.view() is None
        assert len(office.inbox(office.lina)) == told, "it stands on the card; nobody is told for nothing"
        assert "1/1" in text_of(office.card())


async def test_a_no_comes_straight_back_and_somebody_else_is_asked(database_url: str) -> None:
    async with reception(database_url, rulebook=HOTEL) as office:
        await office.open_visit()
        first = await asked(office, "C2")
        await press(office, office.liu, first, "decline_request")
        await office.liu.fill("reason", "旺季没有房")
        assert await office.liu.submit() == {}
        await office.settle()
        declined = office.last(office.lina)
        assert "旺季没有房" in text_of(declined)
        assert "旺季没有房" in text_of(office.card())
        await press(office, office.lina, await asked(office, "C2"), "reassign_request")
        await office.lina.choose(None, "owner", "U12GRACE")
        assert await office.lina.submit() == {}
        await office.settle()

        assert labels(office.last(office.lina)) == [], "the button is gone from the news"
        (request,) = office.inbox(office.grace)
        assert "Book the hotel" in request["text"]
        bookings, again = office.visita.desk.bookings, await asked(office, "C2")
        with pytest.raises(NotAllowed):
            await bookings.confirm(await office.actor("liu"), again.key, again.version)
        await press(office, office.grace, again, "confirm_request")
        await office.grace.fill("place", "Jinling Hotel")
        assert await office.grace.submit() == {}
        await office.settle()
        assert (await asked(office, "C2")).state == BookingState.CONFIRMED
        assert "Jinling" in text_of(office.last(office.lina))


async def test_another_time_is_suggested_and_taken_at_a_press(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C3", "D3.1")) as office:
        await office.open_visit()
        booking, stop = await one_dinner(office)
        await press(office, office.liu, booking, "propose_otherwise")
        await office.liu.choose(None, "starts", "19:15")
        await office.liu.fill("note", "六点半客满")
        await office.liu.choose(None, "room", "2")
        assert await office.liu.submit() == {}
        await office.settle()
        proposal = office.last(office.lina)
        assert "19:15" in text_of(proposal)
        assert "六点半客满" in text_of(proposal)
        assert labels(proposal) == ["采纳", "不采纳"]
        await press(office, office.lina, await asked(office, "C3", stop_id=stop.id), "accept_counter")
        await office.settle()

        after = await asked(office, "C3", stop_id=stop.id)
        assert (after.state, after.room_id) == (BookingState.CONFIRMED, 2)
        moved = (await rows(office, Stop, id=stop.id))[0]
        assert moved.starts_at.astimezone(SHANGHAI).time().isoformat() == "19:15:00"
        assert moved.room, "the room that was suggested stands at the stop, as one that was confirmed does"
        (held,) = await rows(office, Hold)
        assert (held.room_id, held.starts_at) == (2, moved.starts_at)
        assert labels(office.last(office.lina)) == []
        assert "19:15" in text_of(office.last(office.liu)), "whoever suggested it hears that it was accepted"
        await office.pass_time(until=datetime(2026, 3, 5, 15, 14, tzinfo=SHANGHAI))
        assert not any("19:15" in m["text"] for m in office.inbox(office.sofia))
        await office.pass_time(minutes=2)
        assert any("19:15" in m["text"] for m in office.inbox(office.sofia)), "the reminder has moved along"


async def test_the_host_reads_what_a_suggested_time_would_collide_with(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C3")) as office:
        await office.open_visit()
        booking, _ = await one_dinner(office)
        await press(office, office.liu, booking, "propose_otherwise")
        await office.liu.choose(None, "starts", "14:00")
        assert await office.liu.submit() == {}
        await office.settle()
        proposal = text_of(office.last(office.lina))
        assert ":warning:" in proposal, "the plane lands at 14:30"
        assert labels(office.last(office.lina)) == ["采纳", "不采纳"], "it can be taken all the same"


async def test_no_room_is_suggested_that_is_too_small(database_url: str) -> None:
    async with reception(database_url, rulebook=DINING) as office:
        await office.open_visit(party_size="35")
        booking, _ = await one_dinner(office)
        await press(office, office.liu, booking, "propose_otherwise")
        await office.liu.choose(None, "starts", "19:15")
        await office.liu.choose(None, "room", "2")
        assert "12" in (await office.liu.submit())["room"]
        await office.liu.choose(None, "room", None)
        assert await office.liu.submit() == {}


async def test_a_suggestion_that_is_not_taken_is_asked_again_with_the_reason(database_url: str) -> None:
    async with reception(database_url, rulebook=HOTEL) as office:
        await office.open_visit()
        await press(office, office.liu, await asked(office, "C2"), "propose_otherwise")
        await office.liu.fill("note", "只有市郊的酒店")
        assert await office.liu.submit() == {}
        await office.settle()
        await press(office, office.lina, await asked(office, "C2"), "reject_counter")
        await office.lina.fill("reason", "离工厂太远")
        assert await office.lina.submit() == {}
        await office.settle()
        old, new = office.inbox(office.liu)
        assert (labels(old), labels(new)) == ([], ["确认", "无法安排", "提出调整"])
        assert "离工厂太远" in text_of(new)


async def test_a_suggestion_in_words_is_confirmed_by_taking_it(database_url: str) -> None:
    async with reception(database_url, rulebook=HOTEL) as office:
        await office.open_visit()
        await press(office, office.liu, await asked(office, "C2"), "propose_otherwise")
        await office.liu.fill("note", "四间大床房")
        assert await office.liu.submit() == {}
        await office.settle()
        countered = await asked(office, "C2")
        proposal = office.last(office.lina)
        await press(office, office.lina, countered, "accept_counter")
        await office.settle()
        assert (await asked(office, "C2")).state == BookingState.CONFIRMED
        assert "四间大床房" in text_of(office.last(office.liu))
        value = f"1~{countered.id}~{countered.version}"
        await office.lina.press(proposal, action_id="accept_counter", value=value, as_shown=True)
        assert (await asked(office, "C2")).version == countered.version + 1, "a second press changes nothing"


async def _confirmed_dinner(office: Reception) -> Stop:
    booking, stop = await one_dinner(office)
    await press(office, office.liu, booking, "confirm_request")
    assert await office.liu.submit() == {}, "a room that fits is chosen already"
    await office.settle()
    return stop


async def test_a_confirmation_holds_as_long_as_what_was_asked_for(database_url: str) -> None:
    async with reception(database_url, rulebook=DINING) as office:
        await office.open_visit()
        stop = await _confirmed_dinner(office)
        before = len(office.inbox(office.liu))
        await _change(office, contact_phone="+34 699 111 222")
        await office.pass_time(minutes=2)
        assert (await asked(office, "C3", stop_id=stop.id)).state == BookingState.CONFIRMED
        assert len(office.inbox(office.liu)) == before, "another phone number does not matter to the room"

        await _change(office, party_size="11")
        await office.pass_time(minutes=2)
        again = await asked(office, "C3", stop_id=stop.id)
        assert (again.state, again.round) == (BookingState.REQUESTED, 1)
        assert await rows(office, Hold) == [], "the room is free"
        told = [m for m in office.inbox(office.liu)[before:] if labels(m)]
        shown = "\n".join(text_of(message) for message in told)
        assert "11" in shown
        assert "确认之后情况有变" in shown


async def _change(office: Reception, **typed: str) -> None:
    await office.lina.press(office.card(), action_id="show_visit")
    await office.lina.press(None, action_id="change_visit")
    for name, value in typed.items():
        await office.lina.fill(name, value)
    assert await office.lina.submit() == {}
    await office.lina.close(everything=True)


async def test_a_room_is_held_once_and_the_way_out_is_said(database_url: str) -> None:
    async with reception(database_url, rulebook=DINING) as office:
        actor = await office.actor("liu")
        await office.visita.desk.furnishings.add_room(actor, name="牡丹厅", kind=RoomKind.DINING, capacity=8)
        for company in ("Acme", "Globex"):
            await office.open_visit(company=company)
        first = await dinner_of(office)
        one = await asked(office, "C3", stop_id=first.id)
        two = await _same_time(office, first)
        for booking in (one, two):
            message = next(m for m in office.inbox(office.liu) if f"1~{booking.id}~{booking.version}" in str(m))
            await press(office, office.liu, booking, "confirm_request", message)
            await office.liu.choose(None, "room", "2")
            await office.liu.submit()
        shown = text_of(office.liu.view() or {})
        assert "V-0001" in shown, "who has it"
        assert "牡丹厅" in shown, "what is free then"


async def _same_time(office: Reception, stop: Stop) -> Booking:
    """The other visit's dinner: both dine at the same time."""
    for booking in await rows(office, Booking, rule="C3", visit_id=2):
        other = (await rows(office, Stop, id=booking.stop_id))[0]
        if other.starts_at == stop.starts_at:
            found: Booking = booking
            return found
    raise AssertionError("nobody dines then")


async def test_what_was_held_is_free_with_the_visit_canceled_the_stop_removed_or_the_yes_taken_back(
    database_url: str,
) -> None:
    async with reception(database_url, rulebook=DINING) as office:
        await office.open_visit()
        stop = await _confirmed_dinner(office)
        assert len(await rows(office, Hold)) == 1
        lina, liu, desk = await office.actor("lina"), await office.actor("liu"), office.visita.desk
        booking = await asked(office, "C3", stop_id=stop.id)
        await desk.bookings.decline(liu, booking.key, booking.version, "厨房停电")
        assert await rows(office, Hold) == []
        await office.settle()
        assert "厨房停电" in text_of(office.last(office.lina))
        await desk.stops.remove(lina, stop.key)
        assert (await asked(office, "C3", stop_id=stop.id)).state == BookingState.RELEASED

        lunch = next(s for s in await rows(office, Stop, kind=StopKind.MEAL) if s.id != stop.id)
        booking = await asked(office, "C3", stop_id=lunch.id)
        await desk.bookings.confirm(liu, booking.key, booking.version, _room("2"))
        assert len(await rows(office, Hold)) == 1
        await desk.visits.cancel(lina, 1, "来宾改期")
        assert await rows(office, Hold) == []


def _room(number: str) -> AnswerForm:
    return AnswerForm(room=number)


async def test_a_deputy_may_answer_and_nobody_else(database_url: str) -> None:
    async with reception(database_url, rulebook=SUPPLIES) as office:
        await office.open_visit()
        await office.pass_time(days=3, hours=8)
        booking, bookings = await asked(office, "C7"), office.visita.desk.bookings
        for name in ("lina", "chen", "grace", "zhang"):
            with pytest.raises(NotAllowed):
                await bookings.confirm(await office.actor(name), booking.key, booking.version)
            with pytest.raises(NotAllowed):
                await bookings.decline(await office.actor(name), booking.key, booking.version, "no")
            with pytest.raises(NotAllowed):
                await bookings.propose(await office.actor(name), booking.key, booking.version, _room(""))
        for name in ("chen", "grace", "zhang"):
            with pytest.raises(NotAllowed):
                await bookings.reassign(await office.actor(name), booking.key, booking.version, "U12GRACE")
        await bookings.confirm(await office.actor("zhou"), booking.key, booking.version)
        with pytest.raises(AlreadyAnswered):
            await bookings.confirm(await office.actor("liu"), booking.key, booking.version)
        with pytest.raises(OutOfDate):
            await bookings.accept(await office.actor("lina"), booking.key, booking.version + 1)


async def test_what_administration_is_asked_at_once_comes_as_one_message(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C2", "C3", "C3b", "C4", "C4c", "C20")) as office:
        await office.open_visit()
        (told,) = office.inbox(office.liu)
        bookings = [b for b in await rows(office, Booking) if b.rule != "C20"]
        assert labels(told).count("确认") == len(bookings) > 2
        for booking in bookings:
            assert f"1~{booking.id}~{booking.version}" in str(told)
        await press(office, office.liu, bookings[0], "confirm_request", told)
        await office.liu.fill("place", "金陵饭店")
        assert await office.liu.submit() == {}
        await office.settle()
        (now,) = office.inbox(office.liu)
        assert labels(now).count("确认") == len(bookings) - 1


async def test_everything_can_be_done_from_the_visits_window(database_url: str) -> None:
    async with reception(database_url, rulebook=HOTEL) as office:
        await office.open_visit()
        booking = await asked(office, "C2")
        await office.liu.press(office.card(), action_id="show_visit")
        assert "刘芳" in text_of(office.liu.view() or {})
        value = f"1~confirm~{booking.id}~{booking.version}"
        await office.liu.press(None, action_id="request_menu", value=value)
        await office.liu.fill("place", "金陵饭店")
        assert await office.liu.submit() == {}
        assert "金陵饭店" in text_of(office.liu.view() or {}), "the window under the form shows the answer"


async def test_a_suggestion_for_an_approved_plan_waits_for_consent(database_url: str) -> None:
    """Accepting it is a change like any other (B8): the stop moves, and the room is confirmed, once it is granted."""
    async with reception(database_url, rulebook=DINING, approved=True) as office:
        await office.open_visit()
        assert await rows(office, Booking) == [], "nothing is prepared before the plan is approved"
        lina, desk = await office.actor("lina"), office.visita.desk
        await desk.plans.submit(lina, 1)
        (plan,) = await rows(office, Plan)
        await desk.plans.approve(await office.actor("sofia"), plan.key, plan.version)
        await office.settle()
        booking, stop = await one_dinner(office)
        later = stop.starts_at + timedelta(minutes=45)
        local = later.astimezone(SHANGHAI)
        form = AnswerForm(room="2", day=local.date(), starts=local.time())
        await desk.bookings.propose(await office.actor("liu"), booking.key, booking.version, form)
        with pytest.raises(SentForConsent):
            await desk.bookings.accept(lina, booking.key, booking.version + 1)
        assert (await asked(office, "C3", stop_id=stop.id)).state == BookingState.COUNTERED
        (consent,) = await rows(office, ChangeRequest)
        await desk.consents.allow(await office.actor("sofia"), consent.key, consent.version)
        after = await asked(office, "C3", stop_id=stop.id)
        assert (after.state, after.room_id) == (BookingState.CONFIRMED, 2)
        (held,) = await rows(office, Hold)
        assert held.starts_at == later


async def test_a_leaders_time_is_asked_for_again_when_it_is_another_time(database_url: str) -> None:
    async with reception(database_url, rulebook=only("B6")) as office:
        await office.open_visit(leaders=["U07ZHANG"])
        await office.pass_time(days=1, hours=8.5)
        leader = (await rows(office, Booking, kind="leader"))[0]
        await press(office, office.zhou, leader, "confirm_request")
        await office.settle()
        lina, desk = await office.actor("lina"), office.visita.desk
        picture = await desk.lookup.show(lina, 1)
        stop = next(s for s in picture.stops if s.id == leader.stop_id)
        form = stop_form_of(picture, stop)
        await desk.stops.change(lina, stop.key, replace(form, place="紫金山庄"))
        assert (await rows(office, Booking, kind="leader"))[0].state == BookingState.CONFIRMED, "another place is fine"
        await desk.stops.change(lina, stop.key, replace(form, starts=time(19, 30)))
        again = (await rows(office, Booking, kind="leader"))[0]
        assert (again.state, again.round) == (BookingState.REQUESTED, 1)
        await office.pass_time(minutes=2)
        request = office.last(office.zhou)
        assert "确认之后情况有变" in text_of(request)
        assert "19:30" in text_of(request)

        await press(office, office.zhou, again, "propose_otherwise", request)
        await office.zhou.choose(None, "starts", "20:00")
        assert await office.zhou.submit() == {}
        await office.settle()
        await press(office, office.lina, (await rows(office, Booking, kind="leader"))[0], "accept_counter")
        await office.settle()
        taken = (await rows(office, Booking, kind="leader"))[0]
        assert taken.state == BookingState.CONFIRMED
        assert "20:00" in text_of(office.card())


async def test_whoever_was_asked_for_a_leaders_time_hears_that_it_is_not_needed(database_url: str) -> None:
    async with reception(database_url, rulebook=only("B6")) as office:
        await office.open_visit(leaders=["U07ZHANG"])
        await office.pass_time(days=1, hours=8.5)
        lina, desk = await office.actor("lina"), office.visita.desk
        form = form_of(await desk.lookup.show(lina, 1))
        await desk.visits.change(lina, 1, replace(form, leaders=()))
        await office.pass_time(minutes=2)
        told = text_of(office.last(office.zhou))
        assert "张建国的日程" in told, "whose"
        assert "您无需再参与" not in told, "she never was to take part"


async def test_what_is_declined_or_not_answered_in_time_is_an_open_point(database_url: str) -> None:
    async with reception(database_url, rulebook=HOTEL) as office:
        await office.open_visit()

        async def points() -> list[OpenPoint]:
            picture = await office.visita.desk.lookup.show(await office.actor("lina"), 1)
            planned = plan(picture, HOTEL, calendar_of(picture.workspace, picture.visit))
            return list(open_points(picture, planned, office.now))

        people = (await office.actor("liu")).id, (await office.actor("lina")).id
        assert [point.owners for point in await points()] == [people[:1]], "administration has to answer"
        booking = await asked(office, "C2")
        await office.visita.desk.bookings.decline(await office.actor("liu"), booking.key, booking.version, "没有房")
        assert [point.owners for point in await points()] == [people[1:]], "the lead host has to find another way"
        declined = await asked(office, "C2")
        picture = await office.visita.desk.lookup.show(await office.actor("lina"), 1)
        arrival = next(stop for stop in picture.stops if stop.id == declined.stop_id)
        assert standing(picture, arrival, office.now).light == Light.RED
        await office.visita.desk.bookings.reassign(
            await office.actor("lina"), declined.key, declined.version, "U12GRACE"
        )
        await office.settle()
        assert [point.owners for point in await points()] == [((await office.actor("grace")).id,)]


async def test_without_a_vice_president_administration_books_the_room_for_a_banquet(database_url: str) -> None:
    """It was asked of nobody, and stood as unanswered on the card."""
    async with small_office(database_url, MONDAY, rulebook=only("C3b")) as small:
        await small.open_visit(FORM)
        dinner = next(stop for stop in await small.all(Stop, kind=StopKind.MEAL) if stop.style is not None)
        form = StopForm(day=dinner.starts_at.date(), starts=time(19, 0), ends=time(21, 0), style=MealStyle.BANQUET)
        await small.stops.change(await small.actor(LINA), dinner.key, form)
        await small.settle()

        (request,) = await small.all(Booking)
        (notice,) = await small.all(Notice, booking_id=request.key, state=NoticeState.SENT)
        liu = await small.actor(LIU)
        assert notice.person_id == liu.id
        await small.bookings.decline(liu, request.key, request.version, "Everything is taken.")
