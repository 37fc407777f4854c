"""A yes is taken back: the driver's, the executive office's, administration's, whoever said that they attend."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.app import read_rulebook
from bot.errors import NotAllowed
from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.notices import TAKEN_BACK, Declaration, DeclarationKind, Record, RecordKind
from bot.models.visits import Stop, StopKind
from sandbox.grasp import pressables
from sandbox.hands import Hands
from tests.classic import only
from tests.reception import SHANGHAI, Reception, Shown, labels, reception, text_of
from tests.test_preparation import HOTEL, asked, press

ASKED = timedelta(days=1, hours=8.5)
"""Until two days before, when administration and the executive office have been asked."""


async def _driven(office: Reception) -> Shown:
    """Chen has confirmed the drive; his message."""
    await office.open_visit(driver="U04CHEN", leaders=["U07ZHANG"])
    await office.pass_time(until=office.now + ASKED)
    await office.liu.press(_with(office, office.liu, "assign_vehicle"), action_id="assign_vehicle")
    assert await office.liu.submit() == {}
    await office.settle()
    await office.chen.press(office.last(office.chen), action_id="confirm_request")
    await office.settle()
    return office.last(office.chen)


def _on_thursday(hour: int, minute: int) -> datetime:
    """The day on which the guests come."""
    return datetime(2026, 3, 5, hour, minute, tzinfo=SHANGHAI)


def _with(office: Reception, who: Hands, action: str) -> Shown:
    return next(message for message in reversed(office.inbox(who)) if action in str(message))


def _button(message: Shown, action: str) -> dict[str, Any]:
    return next(p.element for p in pressables(message["blocks"]) if p.element["action_id"] == action)


async def _car(office: Reception) -> Booking:
    async with office.visita.database.read() as session:
        return (await session.exec(select(Booking).where(Booking.kind == BookingKind.VEHICLE))).one()


def _now(office: Reception, message: Shown) -> Shown:
    """The message as it stands in Chen's conversation now."""
    return next(one for one in office.inbox(office.chen) if one["ts"] == message["ts"])


async def _departure(office: Reception) -> datetime:
    async with office.visita.database.read() as session:
        return (await session.exec(select(Stop.starts_at).where(Stop.kind == StopKind.DEPARTURE))).one()


async def _records(office: Reception, kind: RecordKind) -> list[Record]:
    async with office.visita.database.read() as session:
        return list((await session.exec(select(Record).where(Record.kind == kind))).all())


def _told(office: Reception, who: Hands) -> str:
    """What somebody was told privately last."""
    return str([message for message in who.dms() if message.get("ephemeral")][-1]["text"])


async def test_a_driver_who_confirmed_and_cannot_after_all_is_replaced(database_url: str) -> None:
    async with reception(database_url) as office:
        drive = await _driven(office)
        assert labels(drive) == ["临时去不了"]
        sure = _button(drive, "take_back_request")["confirm"]
        assert "立即通知主接待和行政部" in sure["text"]["text"], "Slack asks first: nobody presses it by accident"
        before = {who: len(office.inbox(getattr(office, who))) for who in ("lina", "liu", "chen", "grace", "zhang")}

        await office.pass_time(days=1, hours=12)
        before = {who: len(office.inbox(getattr(office, who))) for who in before}
        await office.chen.press(office.inbox(office.chen)[0], action_id="take_back_request")
        await office.settle()

        new = {who: office.inbox(getattr(office, who))[count:] for who, count in before.items()}
        assert {who: len(messages) for who, messages in new.items()} == dict.fromkeys(before, 0) | {"lina": 1, "liu": 1}
        (to_host,), (to_admin,) = new["lina"], new["liu"]
        assert to_host["text"].startswith("陈伟临时无法出车。接机")
        assert "3月5日" in to_host["text"], "the lock screen says when"
        assert "此前已确认出车" in text_of(to_host)
        assert "+86 138 0013 8004" in text_of(to_host), "to be called"
        assert to_admin["text"].startswith("陈伟临时无法出车。用车申请")
        assert labels(to_admin) == ["派车", "无法安排"]
        mine = office.inbox(office.chen)[0]
        assert labels(mine) == []
        assert "您已于" in text_of(mine)
        (declined,) = await _records(office, RecordKind.DRIVER_DECLINED)
        assert declined.details[TAKEN_BACK]
        thread = office.lina.thread("reception", office.card()["ts"])
        assert "此前已确认出车，现临时无法出车" in text_of(thread[-1])
        await office.lina.command("/visit log V-0001")
        assert "陈伟 3月5日（周四）05:30 撤回" in text_of(office.lina.messages("reception")[-1])

        assert "再次征询" in text_of(to_admin)
        await office.liu.press(to_admin, action_id="assign_vehicle")
        await office.liu.choose(None, "driver", "U05WANG")
        assert await office.liu.submit() == {}
        await office.settle()
        await office.wang.press(office.last(office.wang), action_id="confirm_request")
        await office.pass_time(days=3)
        assert any("MU5102" in message["text"] for message in office.inbox(office.wang))
        assert office.inbox(office.chen)[before["chen"] :] == [], "who gave the drive back hears nothing more of it"


async def test_a_driver_who_was_reminded_hears_nothing_more_of_any_drive(database_url: str) -> None:
    """On the day before, with a run sheet and all that the rulebook tells drivers."""
    async with reception(database_url, rulebook=read_rulebook()) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(days=2, hours=23)
        await office.liu.press(_with(office, office.liu, "assign_vehicle"), action_id="assign_vehicle")
        assert await office.liu.submit() == {}
        await office.pass_time(hours=0.1)
        await office.chen.press(_with(office, office.chen, "confirm_request"), action_id="confirm_request")
        await office.pass_time(hours=3.5)
        before = len(office.inbox(office.chen))
        assert before > 1
        await office.chen.press(_with(office, office.chen, "take_back_request"), action_id="take_back_request")
        await office.pass_time(days=3)
        assert [message["text"] for message in office.inbox(office.chen)[before:]] == []


async def test_pressing_it_again_and_again_tells_nobody_twice(database_url: str) -> None:
    async with reception(database_url) as office:
        drive = await _driven(office)
        before = len(office.inbox(office.lina)), len(office.inbox(office.liu))
        again = (office.chen.press(drive, action_id="take_back_request", as_shown=True) for _ in range(4))
        await asyncio.gather(*again)
        await office.settle()
        assert (len(office.inbox(office.lina)), len(office.inbox(office.liu))) == (before[0] + 1, before[1] + 1)
        assert len(await _records(office, RecordKind.DRIVER_DECLINED)) == 1
        assert "陈伟已作答复" in _told(office, office.chen)


async def test_whoever_was_replaced_meanwhile_reads_who_drives(database_url: str) -> None:
    async with reception(database_url) as office:
        drive = await _driven(office)
        await office.liu.press(office.card(), action_id="show_visit")
        await office.liu.press(None, action_id="assign_vehicle")
        await office.liu.choose(None, "driver", "U05WANG")
        assert await office.liu.submit() == {}
        await office.chen.press(drive, action_id="take_back_request", as_shown=True)
        await office.settle()
        assert "王强" in _told(office, office.chen)
        car = await _car(office)
        assert (car.state, await _records(office, RecordKind.DRIVER_DECLINED)) == (BookingState.ASSIGNED, [])


async def test_while_the_guests_wait_the_driver_reads_whom_to_call(database_url: str) -> None:
    async with reception(database_url) as office:
        await _driven(office)
        await office.pass_time(until=_on_thursday(14, 35))
        drive = _with(office, office.chen, "take_back_request")
        await office.chen.press(drive, action_id="take_back_request")
        assert "请直接致电李娜：+86 138 0013 8001" in _told(office, office.chen)
        assert (await _car(office)).state == BookingState.CONFIRMED


async def test_once_the_guests_sit_in_the_last_car_the_drive_is_not_given_back(database_url: str) -> None:
    """The yes is to all drives of the visit: its message follows each of them, not only the one it names."""
    async with reception(database_url, rulebook=only("C1", "D1.3", "D6.3")) as office:
        drive = await _driven(office)
        await office.pass_time(until=_on_thursday(14, 25))
        await office.chen.press(office.last(office.chen), action_id="declare_arrived")
        await office.settle()
        assert labels(_now(office, drive)) == ["临时去不了"], "the departure is still to be driven"
        departure = await _departure(office)
        await office.pass_time(until=departure - timedelta(minutes=1))
        await office.chen.press(_with(office, office.chen, "declare_aboard"), action_id="declare_aboard")
        await office.settle()
        assert labels(_now(office, drive)) == []


@pytest.mark.parametrize("intruder", ["lina", "wang", "grace", "zhou"])
async def test_nobody_else_takes_a_drive_back(database_url: str, intruder: str) -> None:
    async with reception(database_url) as office:
        await _driven(office)
        car = await _car(office)
        if intruder == "zhou":  # stands in for administration, which gave the car
            await office.visita.desk.bookings.take_back(await office.actor(intruder), car.key, car.version)
            assert (await _car(office)).state == BookingState.DECLINED
            return
        with pytest.raises(NotAllowed):
            await office.visita.desk.bookings.take_back(await office.actor(intruder), car.key, car.version)


async def test_the_same_driver_who_can_again_is_asked_anew(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.chen.press(await _driven(office), action_id="take_back_request")
        await office.settle()
        await office.liu.press(_with(office, office.liu, "assign_vehicle"), action_id="assign_vehicle")
        await office.liu.choose(None, "driver", "U04CHEN")
        assert await office.liu.submit() == {}
        await office.settle()
        await office.chen.press(office.last(office.chen), action_id="confirm_request")
        await office.settle()
        assert office.last(office.lina)["text"].startswith("用车已确认：司机陈伟")
        assert labels(office.last(office.chen)) == ["临时去不了"]
        car = await _car(office)
        assert (car.state, car.is_taken_back) == (BookingState.CONFIRMED, False)


async def test_administration_takes_a_car_back(database_url: str) -> None:
    """Driver and lead host hear of it, and administration may find another one in the window of the visit."""
    async with reception(database_url) as office:
        await _driven(office)
        before = len(office.inbox(office.chen)), len(office.inbox(office.lina))
        given = _with(office, office.liu, "take_back_request")
        assert labels(given) == ["撤回派车"]
        await office.liu.press(given, action_id="take_back_request")
        await office.pass_time(minutes=2)
        (to_host,) = office.inbox(office.lina)[before[1] :]
        assert to_host["text"].startswith("已派车辆撤回：")
        assert len(office.inbox(office.chen)) == before[0] + 1, "the driver hears that the drive is off"
        assert (await _car(office)).state == BookingState.DECLINED
        await office.liu.press(office.card(), action_id="show_visit")
        assert "已撤回安排" in text_of(office.liu.view() or {})
        await office.liu.press(None, action_id="assign_vehicle")
        await office.liu.choose(None, "driver", "U05WANG")
        assert await office.liu.submit() == {}
        await office.settle()
        assert len(office.inbox(office.wang)) == 1


async def test_the_executive_office_takes_a_leaders_time_back(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(leaders=["U07ZHANG"])
        await office.pass_time(until=office.now + ASKED)
        await office.zhou.press(_with(office, office.zhou, "confirm_request"), action_id="confirm_request")
        await office.settle()
        given = _with(office, office.zhou, "take_back_request")
        assert labels(given) == ["撤回确认"]
        await office.zhou.press(given, action_id="take_back_request")
        await office.settle()
        assert office.last(office.lina)["text"].startswith("张建国临时无法参加")
        (declined,) = await _records(office, RecordKind.LEADER_DECLINED)
        assert declined.details[TAKEN_BACK]
        await office.pass_time(days=4)
        assert not any("接机" in message["text"] for message in office.inbox(office.zhang))


async def test_a_hotel_that_calls_back_is_taken_back(database_url: str) -> None:
    """From the message, without a word; or from the window, with the reason: told as what had been confirmed before."""
    async with reception(database_url, rulebook=HOTEL) as office:
        for reason in ("", "酒店超订"):
            if reason:
                await office.lina.press(office.last(office.lina), action_id="reassign_request")
                await office.lina.choose(None, "owner", "U08LIU")
                assert await office.lina.submit() == {}
                await office.settle()
            else:
                await office.open_visit()
            await press(office, office.liu, await asked(office, "C2"), "confirm_request")
            await office.liu.fill("place", "金陵饭店")
            assert await office.liu.submit() == {}
            await office.settle()
            if reason:
                await office.liu.press(office.card(), action_id="show_visit")
                await office.liu.press(None, action_id="decline_request")
                await office.liu.fill("reason", reason)
                assert await office.liu.submit() == {}
                await office.liu.close(everything=True)
            else:
                await office.liu.press(office.last(office.liu), action_id="take_back_request")
            await office.settle()
            told = office.last(office.lina)
            assert told["text"].startswith("确认已撤回：")
            assert reason in text_of(told)
            assert "+86 138 0013 8008" in text_of(told)
            assert labels(told) == ["改请他人"]
        booking = await asked(office, "C2")
        assert (booking.state, booking.is_taken_back, booking.said) == (BookingState.DECLINED, True, {})


async def _at_dinner(office: Reception) -> Shown:
    """Sofía has said that she attends; her message."""
    await office.open_visit(leaders=["U06SOFIA"])
    await office.pass_time(until=_on_thursday(14, 40))
    await office.sofia.press(_with(office, office.sofia, "declare_attends"), action_id="declare_attends")
    await office.settle()
    return _with(office, office.sofia, "take_back_attendance")


async def test_who_said_that_they_attend_cannot_after_all(database_url: str) -> None:
    async with reception(database_url) as office:
        dinner = await _at_dinner(office)
        assert labels(dinner) == ["Ya no puedo"]
        before = len(office.inbox(office.lina))
        again = (office.sofia.press(dinner, action_id="take_back_attendance", as_shown=True) for _ in range(3))
        await asyncio.gather(*again)
        await office.settle()
        (told,) = office.inbox(office.lina)[before:]
        assert told["text"].startswith("Sofía Herrera 临时无法出席：")
        assert "此前已确认出席" in text_of(told)
        assert "Usted ya no podrá asistir" in text_of(office.last(office.sofia))
        async with office.visita.database.read() as session:
            (said,) = (await session.exec(select(Declaration).where(Declaration.kind == "cannot_attend"))).all()
        assert said.is_taken_back
        records = await _records(office, RecordKind.DECLARED)
        assert [record.details["what"] for record in records] == [
            DeclarationKind.ATTENDS,
            DeclarationKind.CANNOT_ATTEND,
        ]


async def test_who_said_that_they_cannot_attend_does_after_all(database_url: str) -> None:
    """As often as it changes; each time the lead host hears once how it is now."""
    async with reception(database_url) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.pass_time(until=_on_thursday(14, 40))
        dinner = _with(office, office.sofia, "declare_cannot_attend")
        await office.sofia.press(dinner, action_id="declare_cannot_attend")
        await office.settle()
        for action, heard, stands in (
            ("attend_after_all", "Sofía Herrera 改为出席：", "Su asistencia está confirmada"),
            ("take_back_attendance", "Sofía Herrera 临时无法出席：", "Usted ya no podrá asistir"),
            ("attend_after_all", "Sofía Herrera 改为出席：", "Su asistencia está confirmada"),
        ):
            before = len(office.inbox(office.lina))
            shown = _with(office, office.sofia, action)
            again = (office.sofia.press(shown, action_id=action, as_shown=True) for _ in range(3))
            await asyncio.gather(*again)
            await office.settle()
            (told,) = office.inbox(office.lina)[before:]
            assert told["text"].startswith(heard)
            assert stands in text_of(office.last(office.sofia))
        said = [(r.details["what"], "after_all" in r.details) for r in await _records(office, RecordKind.DECLARED)]
        assert said == [("cannot_attend", False), ("attends", True), ("cannot_attend", False), ("attends", True)]
        assert "Sofía Herrera 改为出席" in str(office.lina.thread("reception", office.card()["ts"]))


async def test_nobody_attends_a_dinner_that_is_over_or_in_anothers_place(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.pass_time(until=_on_thursday(14, 40))
        asked = _with(office, office.sofia, "declare_cannot_attend")
        await office.sofia.press(asked, action_id="declare_cannot_attend")
        await office.settle()
        dinner = _with(office, office.sofia, "attend_after_all")
        assert labels(dinner) == ["Finalmente asistiré"]
        notice = _button(dinner, "attend_after_all")["value"].partition("~")[2]
        with pytest.raises(NotAllowed):
            await office.visita.desk.declarations.attend_after_all(await office.actor("zhang"), notice)
        await office.pass_time(until=_on_thursday(23, 0))
        await office.sofia.press(dinner, action_id="attend_after_all", as_shown=True)
        assert "+86 138 0013 8001" in _told(office, office.sofia)


async def test_nobody_takes_back_a_dinner_that_has_begun_or_anothers_word(database_url: str) -> None:
    async with reception(database_url) as office:
        dinner = await _at_dinner(office)
        notice = _button(dinner, "take_back_attendance")["value"].partition("~")[2]
        with pytest.raises(NotAllowed):
            await office.visita.desk.declarations.take_back(await office.actor("zhang"), notice)
        await office.pass_time(until=_on_thursday(18, 31))
        await office.sofia.press(dinner, action_id="take_back_attendance", as_shown=True)
        assert "+86 138 0013 8001" in _told(office, office.sofia)
        async with office.visita.database.read() as session:
            (said,) = (await session.exec(select(Declaration))).all()
        assert said.kind == DeclarationKind.ATTENDS


async def test_whoever_stands_in_for_a_driver_answers_and_takes_it_back(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=office.now + ASKED)
        await office.chen.command("/visit away")
        await office.chen.choose(None, "deputy", "U05WANG")
        await office.chen.choose(None, "back_on", "2026-03-09")
        assert await office.chen.submit() == {}
        await office.liu.press(_with(office, office.liu, "assign_vehicle"), action_id="assign_vehicle")
        assert await office.liu.submit() == {}
        await office.settle()
        asked_instead = office.last(office.wang)
        assert labels(asked_instead) == ["确认出车", "无法出车"]
        await office.wang.press(asked_instead, action_id="confirm_request")
        await office.settle()
        assert (await _car(office)).state == BookingState.CONFIRMED
        before = {who: len(office.inbox(getattr(office, who))) for who in ("lina", "liu", "wang")}
        given = _with(office, office.wang, "take_back_request")
        await office.wang.press(given, action_id="take_back_request")
        await office.pass_time(minutes=2)
        assert (await _car(office)).state == BookingState.REQUESTED
        new = {who: office.inbox(getattr(office, who))[count:] for who, count in before.items()}
        assert {who: len(messages) for who, messages in new.items()} == {"lina": 1, "liu": 1, "wang": 0}
        assert new["lina"][0]["text"].startswith("王强临时无法出车")
