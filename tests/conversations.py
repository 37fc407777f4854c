"""Conversations with the bot that together show people almost everything; each is played at a reception.

Buttons and fields are found by their ids, so that a conversation goes on in whatever language the people read.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sandbox.hands import Hands
from tests.reception import SHANGHAI, Reception

HERE = "reception"
PEOPLE: dict[str, Any] = {"driver": "U04CHEN", "leaders": ["U06SOFIA", "U07ZHANG"], "team": ["U02CARLOS"]}
NOTES: dict[str, Any] = {
    "guest_title": "Director de Compras",
    "food_notes": "Sin mariscos",
    "customs_notes": "喝茶，不喝咖啡",
}


def _on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


async def opening(office: Reception) -> None:
    """A form with mistakes, an unfinished one, one begun anew; read back, gone back, opened."""
    lina = office.lina
    await office.fill_form(lina, party_size="four", contact_phone="12", arrival_number="??", travel_minutes="soon")
    await lina.choose(None, "departure_date", "2026-03-04")
    assert len(await lina.submit()) >= 4
    await lina.close()
    await lina.command("/visit create")
    await lina.press(action_id="start_afresh")
    await lina.close()
    await office.fill_form(lina, **NOTES, **PEOPLE)
    assert await lina.submit() == {}
    await lina.close()
    assert await lina.submit() == {}
    assert await lina.submit() == {}
    await lina.close(everything=True)
    await office.settle()


async def the_day(office: Reception) -> None:
    """Requests two days ahead, reminders before pick-up and meals, and everybody's answers to them."""
    await office.open_visit(**NOTES, **PEOPLE)
    await office.pass_time(until=_on(3, 17, 30))
    await _assign(office, office.liu)
    await _press_last(office, office.chen, "confirm_request")
    await _press_last(office, office.zhou, "confirm_request")
    await office.pass_time(until=_on(5, 13, 30))
    await _press_last(office, office.chen, "declare_on_my_way")
    await _press_last(office, office.sofia, "declare_on_my_way")
    await office.pass_time(until=_on(5, 14, 30))
    await _press_last(office, office.sofia, "declare_attends")
    await _press_last(office, office.zhang, "declare_cannot_attend")
    await _press_last(office, office.carlos, "declare_got_it")
    await office.lina.press(office.card(), action_id="show_visit")
    await office.pass_time(until=_on(8, 9))


async def declining(office: Reception) -> None:
    """A driver who can't, then no car at all; a leader who can't; second, old and foreign presses."""
    await office.open_visit(**NOTES, **PEOPLE)
    await office.pass_time(until=_on(3, 17, 30))
    first = office.last(office.liu)
    await _assign(office, office.liu)
    await office.liu.press(first, action_id="assign_vehicle", as_shown=True)
    asked = office.last(office.chen)
    await _decline(office, office.chen, "我那天休假。")
    await office.chen.press(asked, action_id="confirm_request", as_shown=True)
    await _decline(office, office.liu, "El coche está en el taller")
    leader = office.last(office.zhou)
    await _decline(office, office.zhou, "在北京开会")
    await office.zhou.press(leader, action_id="confirm_request", as_shown=True)


async def a_full_car_park(office: Reception) -> None:
    """Two visits at the same time: the car is taken; the only free one is too small."""
    for company in ("Acme", "Jiménez & Hijos <S.A.>"):
        await office.open_visit(company=company, **PEOPLE)
    await office.pass_time(until=_on(3, 17, 30))
    first, second = [m for m in office.inbox(office.liu) if "assign_vehicle" in str(m["blocks"])]
    await _assign(office, office.liu, first)
    await office.liu.press(second, action_id="assign_vehicle")
    await office.liu.choose(None, "vehicle", "1")
    await office.liu.choose(None, "driver", "U05WANG")
    await office.liu.submit()
    await office.liu.close(everything=True)
    await office.liu.press(second, action_id="assign_vehicle")
    await office.liu.choose(None, "vehicle", "2")
    await office.liu.choose(None, "driver", "U05WANG")
    assert set(await office.liu.submit()) == {"vehicle"}


async def changing(office: Reception) -> None:
    """A pick-up that moves, a meal more and one less, another number of guests; then the visit is canceled."""
    await office.open_visit(**NOTES, **PEOPLE)
    await office.pass_time(until=_on(5, 13, 45))
    await office.lina.press(office.card(), action_id="show_visit")
    await office.lina.press(action_id="stop_menu", value="1~change~1")
    await office.lina.fill("number", "?")
    assert set(await office.lina.submit()) == {"number"}
    await office.lina.fill("number", "G7001")
    await office.lina.choose(None, "means", "train")
    await office.lina.choose(None, "starts", "16:10")
    assert await office.lina.submit() == {}
    await office.settle()
    await office.lina.press(action_id="add_stop")
    await office.lina.choose(None, "choose_kind", "1~1~meal")
    await office.lina.choose(None, "meal", "breakfast")
    await office.lina.choose(None, "day", "2026-03-06")
    await office.lina.choose(None, "starts", "07:30")
    await office.lina.fill("place", "酒店三楼")
    assert await office.lina.submit() == {}
    await office.pass_time(until=_on(6, 4))
    await office.lina.press(action_id="stop_menu", value=f"1~copy~{await office.newest_stop()}")
    await office.lina.choose(None, "day", "2026-03-06")
    assert set(await office.lina.submit()) == {"day"}
    await office.lina.close()
    await office.lina.press(action_id="stop_menu", value=f"1~remove~{await office.newest_stop()}")
    assert await office.lina.submit() == {}
    await office.lina.press(action_id="change_visit")
    await office.lina.fill("party_size", "6")
    await office.lina.fill("food_notes", "Sin mariscos ni cerdo")
    assert await office.lina.submit() == {}
    await office.pass_time(until=_on(6, 9))
    await office.lina.press(action_id="cancel_visit")
    await office.lina.fill("reason", "航班取消。")
    assert await office.lina.submit() == {}
    await office.settle()
    await office.lina.press(office.card(), action_id="show_visit")


async def commands(office: Reception) -> None:
    """Every sub-command, the menu's buttons, refusals, and a message typed to the bot."""
    await office.liu.command("/visit list", channel=HERE)
    await office.open_visit(**NOTES, **PEOPLE)
    for who in (office.carlos, office.emma, office.lina):
        for text in (
            "",
            "list",
            "today",
            "show V-0001",
            "show V-0099",
            "help",
            "cancel",
            "cancel V-0001",
            "frobnicate",
        ):
            await who.command(f"/visit {text}", channel=HERE)
        await who.close(everything=True) if who.view() else None
        menu = next(m for m in who.ephemerals(HERE) if "show_help" in str(m["blocks"]))
        for action in ("list_visits", "show_today", "show_help", "choose_language", "new_visit"):
            await who.press(menu, action_id=action)
        await who.close(everything=True)
        await who.tell("¿Hay alguien?")
    await office.emma.command("/visit settings", channel=HERE)


async def homes(office: Reception) -> None:
    """The Home tab of everybody, and another language chosen there."""
    await office.open_visit(**NOTES, **PEOPLE)
    await office.pass_time(until=_on(3, 17, 30))
    await _assign(office, office.liu)
    await office.pass_time(until=_on(5, 9))
    for who in (office.lina, office.chen, office.liu, office.zhou, office.sofia, office.ana):
        await who.open_home()
    await office.chen.press(office.chen.home(), action_id="choose_language")
    await office.chen.choose(None, "language", "es-LA")
    await office.chen.choose(None, "zone", "Europe/Madrid")
    assert await office.chen.submit() == {}


async def settings(office: Reception) -> None:
    """Roles, channel, zone and cars, with mistakes; nobody left for two of the roles."""
    await office.liu.command("/visit settings")
    await office.liu.press(action_id="show_settings", value="1~site~")
    await office.liu.choose(None, "opens", "19:00")
    assert set(await office.liu.submit()) == {"closes"}
    await office.liu.choose(None, "opens", "08:30")
    assert await office.liu.submit() == {}
    await office.liu.press(action_id="show_settings", value="1~cars~")
    await office.liu.press(action_id="retire_vehicle", value="1~3")
    await office.liu.press(action_id="add_vehicle")
    await office.liu.fill("name", "红旗 H9")
    await office.liu.fill("plate", "苏A 99999")
    await office.liu.fill("seats", "no")
    assert set(await office.liu.submit()) == {"seats"}
    await office.liu.fill("seats", "4")
    assert await office.liu.submit() == {}
    await office.liu.press(action_id="show_settings", value="1~menu~")
    for page, role in (("organizers", "administration"), ("leaders", "executive_office")):
        await office.liu.press(action_id="show_settings", value=f"1~{page}~")
        await office.liu.choose(None, role, [])
        await office.liu.choose(None, f"{role}_deputies", [])
        assert await office.liu.submit() == {}
    await office.open_visit(
        arrival_number="", arrival_place="", contact_phone="", contact_name="", leaders=["U07ZHANG"]
    )
    await office.pass_time(until=_on(3, 17, 30))


Conversation = Callable[[Reception], Awaitable[None]]
ALL: tuple[Conversation, ...] = (
    opening,
    the_day,
    declining,
    a_full_car_park,
    changing,
    commands,
    homes,
    settings,
)


async def _assign(office: Reception, who: Hands, request: dict[str, object] | None = None) -> None:
    await who.press(request or office.last(who), action_id="assign_vehicle")
    assert await who.submit() == {}
    await office.settle()


async def _press_last(office: Reception, who: Hands, action_id: str) -> None:
    await who.press(office.last(who), action_id=action_id)
    await office.settle()


async def _decline(office: Reception, who: Hands, reason: str) -> None:
    await who.press(office.last(who), action_id="decline_request")
    await who.fill("reason", reason)
    assert await who.submit() == {}
    await office.settle()
