"""Requests and their answers: the first answer counts, whoever may not is told so, everybody concerned hears of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import read_rulebook
from bot.errors import NotAllowed
from bot.models.bookings import Booking, Vehicle
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.visits import Stop, StopKind
from sandbox.hands import Hands
from tests.classic import only
from tests.reception import Reception, Shown, labels, reception, text_of
from tests.small_office import CHEN, LINA, LIU, WANG, small_office
from tests.test_party import open_party
from tests.test_reconcile import FORM, MONDAY, PICKUP

EVERYBODY = ("lina", "carlos", "emma", "chen", "wang", "sofia", "zhang", "liu", "zhou", "grace", "gao")
ASKED = timedelta(days=1, hours=8.5)
"""Until two days before, when administration and the executive office have been asked."""


async def _assigned(office: Reception) -> None:
    await office.open_visit(driver="U04CHEN", leaders=["U07ZHANG"])
    await office.pass_time(until=office.now + ASKED)
    await office.liu.press(office.last(office.liu), action_id="assign_vehicle")
    assert await office.liu.submit() == {}
    await office.settle()


async def test_a_driver_who_cannot_is_replaced(database_url: str) -> None:
    async with reception(database_url) as office:
        await _assigned(office)
        await office.chen.press(office.last(office.chen), action_id="decline_request")
        await office.chen.fill("reason", "孩子生病")
        assert await office.chen.submit() == {}
        await office.settle()

        assert "孩子生病" in text_of(office.last(office.lina))
        again = office.last(office.liu)
        assert "孩子生病" in text_of(again)
        await office.liu.press(again, action_id="assign_vehicle")
        await office.liu.choose(None, "driver", "U05WANG")
        assert await office.liu.submit() == {}
        await office.settle()
        await office.wang.press(office.last(office.wang), action_id="confirm_request")
        await office.settle()
        assert "王强" in office.last(office.lina)["text"]
        assert labels(office.last(office.chen)) == []

        await office.pass_time(days=3)
        assert any("MU5102" in m["text"] for m in office.inbox(office.wang)), "the new driver is reminded"
        assert len(office.inbox(office.chen)) == 1, "the one who declined hears nothing more"


async def test_administration_that_meets_the_guests_reads_on_the_new_request_that_nobody_drives(
    database_url: str,
) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN", greeters=["U08LIU"])
        await office.pass_time(days=3, hours=3)
        await office.liu.press(_offering(office, office.liu, "assign_vehicle"), action_id="assign_vehicle")
        assert await office.liu.submit() == {}
        await office.pass_time(hours=1.75)
        assert "<@U04CHEN>" in text_of(office.last(office.liu)), "as somebody who meets the guests"
        await office.chen.press(_offering(office, office.chen, "decline_request"), action_id="decline_request")
        await office.chen.fill("reason", "孩子生病")
        assert await office.chen.submit() == {}
        before = len(office.inbox(office.liu))
        await office.pass_time(hours=0.1)
        (again,) = office.inbox(office.liu)[before:]
        assert "孩子生病" in text_of(again)
        assert "（原为：陈伟）" in text_of(again)

        async with office.visita.desk.bookings.office.changing(1):
            """Whatever is changed next finds that she knows."""
        await office.pass_time(hours=0.1)
        assert office.inbox(office.liu)[before + 1 :] == []


async def test_who_drives_is_told_to_those_alone_who_knew_it_otherwise(database_url: str) -> None:
    """Administration has tasks for the same pick-up, which say nothing of its driver, and has just named one itself."""
    async with reception(database_url, rulebook=read_rulebook()) as office:
        await office.open_visit()
        await office.pass_time(days=3, hours=1)
        before = {who: len(office.inbox(getattr(office, who))) for who in EVERYBODY}
        await office.liu.press(_offering(office, office.liu, "assign_vehicle"), action_id="assign_vehicle")
        await office.liu.choose(None, "driver", "U04CHEN")
        assert await office.liu.submit() == {}
        await office.pass_time(hours=0.1)
        await office.chen.press(_offering(office, office.chen, "confirm_request"), action_id="confirm_request")
        await office.pass_time(hours=0.1)
        told = {who: office.inbox(getattr(office, who))[count:] for who, count in before.items()}
        assert {who for who, messages in told.items() if messages} == {"chen", "lina", "liu"}
        for who in ("lina", "liu"):
            (once,) = told[who]
            assert once["text"].startswith("用车已确认：司机陈伟")


def _offering(office: Reception, who: Hands, action: str) -> Shown:
    return next(message for message in reversed(office.inbox(who)) if action in str(message))


async def test_the_same_driver_can_be_asked_again(database_url: str) -> None:
    async with reception(database_url) as office:
        await _assigned(office)
        await office.chen.press(office.last(office.chen), action_id="decline_request")
        await office.chen.fill("reason", "在修车")
        assert await office.chen.submit() == {}
        await office.settle()
        await office.liu.press(office.last(office.liu), action_id="assign_vehicle")
        await office.liu.choose(None, "driver", "U04CHEN")
        assert await office.liu.submit() == {}
        await office.settle()
        assert len(office.inbox(office.chen)) == 2
        await office.chen.press(office.last(office.chen), action_id="confirm_request")
        await office.settle()
        assert labels(office.last(office.chen)) == ["临时去不了"]


async def test_a_reason_is_needed(database_url: str) -> None:
    async with reception(database_url) as office:
        await _assigned(office)
        await office.chen.press(office.last(office.chen), action_id="decline_request")
        await office.chen.fill("reason", "   ")
        assert set(await office.chen.submit()) == {"reason"}


async def test_administration_declines(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.pass_time(until=office.now + ASKED)
        await office.liu.press(office.last(office.liu), action_id="decline_request")
        await office.liu.fill("reason", "两辆车都在外地")
        assert await office.liu.submit() == {}
        await office.settle()
        assert "两辆车都在外地" in text_of(office.last(office.lina))
        assert labels(office.last(office.liu)) == []
        assert "两辆车都在外地" in text_of(office.card())


async def test_the_executive_office_declines_for_a_leader(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(leaders=["U06SOFIA", "U07ZHANG"])
        await office.pass_time(until=office.now + ASKED)
        await office.zhou.press(office.last(office.zhou), action_id="decline_request")
        await office.zhou.fill("reason", "在北京开会")
        assert await office.zhou.submit() == {}
        await office.settle()
        assert "在北京开会" in text_of(office.last(office.lina))
        await office.pass_time(days=4)
        assert office.inbox(office.zhang) == [], "a leader whose time was declined is not reminded"


async def test_a_second_press_changes_nothing(database_url: str) -> None:
    async with reception(database_url) as office:
        await _assigned(office)
        request = office.last(office.chen)
        await office.chen.press(request, action_id="confirm_request")
        await office.settle()
        told = len(office.inbox(office.lina))
        await office.chen.press(request, action_id="confirm_request", as_shown=True)
        await office.settle()
        assert len(office.inbox(office.lina)) == told
        answer = [m for m in office.chen.dms() if m.get("ephemeral")][-1]
        assert "陈伟" in answer["text"]


async def test_two_presses_at_once_count_once(database_url: str) -> None:
    async with reception(database_url) as office:
        await _assigned(office)
        request = office.last(office.chen)
        await asyncio.gather(
            *(office.chen.press(request, action_id="confirm_request", as_shown=True) for _ in range(5))
        )
        await office.settle()
        assert sum("陈伟" in m["text"] for m in office.inbox(office.lina)) == 1
        assert len([m for m in office.chen.dms() if m.get("ephemeral")]) == 4


async def test_an_assignment_from_an_old_window_is_refused(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.pass_time(until=office.now + ASKED)
        await office.liu.press(office.last(office.liu), action_id="assign_vehicle")
        await office.liu.choose(None, "driver", "U04CHEN")
        old = office.last(office.liu)
        assert await office.liu.submit() == {}
        await office.settle()
        await office.liu.press(old, action_id="assign_vehicle", as_shown=True)
        assert office.liu.view() is None
        await office.settle()
        assert len(office.inbox(office.chen)) == 1


async def test_a_car_is_taken_once(database_url: str) -> None:
    async with reception(database_url) as office:
        for company in ("Acme", "Globex"):
            await office.open_visit(company=company)
        await office.pass_time(until=office.now + ASKED)
        first, second = office.inbox(office.liu)
        for request, driver in ((first, "U04CHEN"), (second, "U05WANG")):
            await office.liu.press(request, action_id="assign_vehicle")
            await office.liu.choose(None, "vehicle", "1")
            await office.liu.choose(None, "driver", driver)
            await office.liu.submit()
            await office.settle()
        assert "V-0001" in text_of(office.liu.view() or {}), "the window says which visit has the car"
        assert office.inbox(office.wang) == []


@pytest.mark.parametrize("intruder", ["lina", "chen", "wang", "grace"])
async def test_only_those_who_were_asked_answer(database_url: str, intruder: str) -> None:
    """The messages are DMs; what is checked here is that the services do not rely on that."""
    async with reception(database_url) as office:
        await office.open_visit(leaders=["U07ZHANG"])
        actor, bookings = await office.actor(intruder), office.visita.desk.bookings
        with pytest.raises(NotAllowed):
            await bookings.assign(actor, 1, 1, 1, "U04CHEN")
        with pytest.raises(NotAllowed):
            await bookings.decline(actor, 1, 1, "no")
        with pytest.raises(NotAllowed):
            await bookings.confirm(actor, 1, 1)
        with pytest.raises(NotAllowed):
            await bookings.confirm(actor, 2, 1)


async def test_a_party_larger_than_any_car_gets_one_and_is_told_of_the_rest(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(party_size="35")
        await office.lina.press(office.card(), action_id="show_visit")
        assert "18" in text_of(office.lina.view() or {}), "said when planning"
        await office.pass_time(until=office.now + ASKED)
        await office.liu.press(office.last(office.liu), action_id="assign_vehicle")
        assert "35" in text_of(office.liu.view() or {})
        await office.liu.choose(None, "vehicle", "3")
        await office.liu.choose(None, "driver", "U04CHEN")
        assert await office.liu.submit() == {}
        await office.settle()
        assert office.inbox(office.chen), "the driver is asked"
        await office.lina.close(everything=True)
        await office.lina.press(office.card(), action_id="show_visit")
        assert ":warning: 考斯特中巴" in text_of(office.lina.view() or {}), "a second one has to be found"


async def test_guests_with_a_car_of_their_own_need_no_seat(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(party_size="7")
        lina = await open_party(office)
        await lina.press(action_id="paste_guests")
        await lina.fill("list", "Ana Pérez, own car")
        await lina.submit()
        assert await lina.submit() == {}
        await lina.close(everything=True)
        await office.pass_time(until=office.now + ASKED)
        await office.liu.press(office.last(office.liu), action_id="assign_vehicle")
        await office.liu.choose(None, "vehicle", "1")
        await office.liu.choose(None, "driver", "U04CHEN")
        assert await office.liu.submit() == {}, "six seats for six of them"


async def test_an_unfilled_role_falls_to_the_lead_host(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.liu.command("/visit settings")
        await office.liu.press(action_id="show_settings", value="1~organizers~")
        for field in ("administration", "administration_deputies"):
            await office.liu.choose(None, field, [])
        assert await office.liu.submit() == {}
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=office.now + ASKED)
        await office.lina.press(office.last(office.lina), action_id="assign_vehicle")
        assert await office.lina.submit() == {}
        await office.settle()
        assert len(office.inbox(office.chen)) == 1


async def test_a_confirmed_car_can_be_assigned_anew(database_url: str) -> None:
    """Cars break down: the first driver hears that the drive is off, the second is asked."""
    async with reception(database_url) as office:
        await _assigned(office)
        await office.chen.press(office.last(office.chen), action_id="confirm_request")
        await office.settle()
        await office.liu.press(office.card(), action_id="show_visit")
        await office.liu.press(None, action_id="assign_vehicle")
        await office.liu.choose(None, "driver", "U05WANG")
        assert await office.liu.submit() == {}
        assert "王强" in text_of(office.liu.view() or {}), "the window under the form shows the new state"
        await office.pass_time(minutes=2)
        assert len(office.inbox(office.wang)) == 1
        assert len(office.inbox(office.chen)) == 2


async def test_a_car_is_asked_for_anew_when_the_guests_have_been_fetched_already(database_url: str) -> None:
    """The lead host names another driver after the pick-up: administration is asked about the way back, he as well."""
    async with small_office(database_url, MONDAY, rulebook=only("C1", "D6.2")) as small:
        visit = await small.open_visit(FORM)
        liu = await small.actor(LIU)
        car, (request,) = (await small.all(Vehicle))[0], await small.all(Booking)
        await small.bookings.assign(liu, request.key, request.version, car.key, CHEN)
        (request,) = await small.all(Booking)
        await small.bookings.confirm(await small.actor(CHEN), request.key, request.version)
        small.clock.at = PICKUP + timedelta(hours=2)
        await small.settle()

        await small.visits.change(await small.actor(LINA), visit.key, replace(FORM, driver=WANG))
        await small.settle()

        (departure,) = await small.all(Stop, kind=StopKind.DEPARTURE)
        asked = await small.all(Notice, kind=NoticeKind.VEHICLE_REQUEST, stop_id=departure.key)
        assert [row.state for row in asked] == [NoticeState.SENT]
        (request,) = await small.all(Booking)
        await small.bookings.assign(liu, request.key, request.version, car.key, WANG)
        await small.settle()
        asked = await small.all(Notice, kind=NoticeKind.DRIVER_REQUEST, stop_id=departure.key)
        assert [row.state for row in asked] == [NoticeState.SENT]
