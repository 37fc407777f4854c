"""A driver who is named for one stop and taken off it (E4): who hears of that, in which words, what they can do."""

from datetime import datetime
from typing import Any

import pytest
from sqlmodel import select

from bot.models.visits import Stop, StopKind
from sandbox.hands import Hands
from tests.classic import only
from tests.presses import buttons, press
from tests.reception import SHANGHAI, Reception, labels, reception, text_of

BOOK = only("D1.2", "D2.2", "D8.1", "E1")
THAT_AFTERNOON = datetime(2026, 3, 5, 13, 0, tzinfo=SHANGHAI)
EVERYBODY = ("lina", "carlos", "emma", "chen", "wang", "sofia", "zhang", "liu", "zhou", "grace", "gao")


async def driven(office: Reception, host: Hands, starts: str, **typed: str) -> None:
    """A stop whose form is open: Chen drives the guests there."""
    for field, value in {"day": "2026-03-05", "starts": starts, **typed}.items():
        await host.choose(None, field, value)
    await host.choose(None, "options", ["needs_car"])
    await host.choose(None, "driver", ["U04CHEN"])
    assert await host.submit() == {}
    await host.close(everything=True)
    await office.settle()


async def stop_of(office: Reception, kind: StopKind) -> int:
    """The only stop of this kind."""
    async with office.visita.database.read() as session:
        return (await session.exec(select(Stop).where(Stop.kind == kind))).one().key


async def two_visits(office: Reception, host: Hands, **other: Any) -> int:
    """Chen drives to the check-in of one, at four, and to the dinner of another, at six."""
    await office.open_visit(host)
    check_in = await stop_of(office, StopKind.CHECK_IN)
    await host.press(office.card(), action_id="show_visit")
    await host.press(action_id="stop_menu", value=f"1~change~{check_in}")
    await driven(office, host, "16:00")
    await office.open_visit(office.zhou, company="Beta", **other)
    await office.zhou.press(office.card(), action_id="show_visit")
    await office.zhou.press(action_id="add_stop")
    await office.zhou.choose(None, "choose_kind", "1~2~meal")
    await driven(office, office.zhou, "18:00", meal="dinner")
    return check_in


def counted(office: Reception) -> dict[str, int]:
    return {name: len(office.inbox(getattr(office, name))) for name in EVERYBODY}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lina", ("陈伟", "酒店入住", "3月5日（周四）18:00", "V-0002 · Beta", "指定其他司机")),
        ("carlos", ("陈伟", "registro en el hotel", "18:00", "V-0002 · Beta", "Asignar a otro conductor")),
        ("emma", ("陈伟", "hotel check-in", "18:00", "V-0002 · Beta", "Name another driver")),
    ],
)
async def test_the_lead_host_hears_at_once_who_is_taken_off_and_names_another(
    database_url: str, name: str, said: tuple[str, ...]
) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        host: Hands = getattr(office, name)
        check_in = await two_visits(office, host)
        await office.pass_time(until=THAT_AFTERNOON)
        before = len(office.inbox(host))
        await host.command("/visit delay V-0001 120")
        await office.settle()

        (told,) = office.inbox(host)[before:]  # that the guests are late they have just said themselves
        for words in said:
            assert words in text_of(told) + str(labels(told)), words
        assert "18:00" in told["text"], "the lock screen says which stop"

        await host.press(told, action_id="name_driver")
        await host.choose(None, "driver", ["U05WANG"])
        assert await host.submit() == {}
        await office.pass_time(minutes=2)
        shown = next(m for m in office.inbox(host) if m["ts"] == told["ts"])
        assert labels(shown) == []
        assert "王强" in text_of(shown)
        parts = (await office.visita.desk.lookup.of_stop(await office.actor(name), check_in)).stop_parts
        assert [part for stop, part in parts if stop == check_in] == ["driver"]


async def test_the_driver_hears_that_they_need_not_come_and_nobody_else_hears_anything_new(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await two_visits(office, office.lina)
        await office.pass_time(until=THAT_AFTERNOON)
        before = counted(office)
        await office.lina.command("/visit delay V-0001 120")
        await office.pass_time(minutes=2)
        news = {who: number - before[who] for who, number in counted(office).items() if number != before[who]}
        assert news.keys() == {"lina", "chen", "sofia"}, "sofia meets the guests: she hears of the delay"
        assert "无需" in text_of(office.last(office.chen))
        assert "陈伟" not in text_of(office.last(office.sofia))


async def test_a_driver_who_was_never_told_anything_is_named_all_the_same(database_url: str) -> None:
    """They have no part in the visit any more: message, thread and record still say who it was."""
    async with reception(database_url, rulebook=BOOK) as office:
        await two_visits(office, office.lina)
        await office.lina.command("/visit delay V-0001 120")
        await office.settle()
        assert "陈伟无法出车" in str(office.inbox(office.lina))
        card = next(m for m in office.lina.messages("reception") if "V-0001" in str(m.get("blocks")))
        assert "陈伟届时另有 V-0002 的出车任务" in str(office.lina.thread("reception", card["ts"]))


async def test_a_confidential_visit_is_not_named(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await two_visits(office, office.lina, confidential=["yes"])
        await office.pass_time(until=THAT_AFTERNOON)
        before = len(office.inbox(office.lina))
        await office.lina.command("/visit delay V-0001 120")
        await office.settle()
        told = str(office.inbox(office.lina)[before:])
        assert "陈伟" in told
        assert "Beta" not in told
        assert "V-0002" not in told


async def test_nobody_else_may_name_another_driver(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await two_visits(office, office.lina)
        await office.pass_time(until=THAT_AFTERNOON)
        await office.lina.command("/visit delay V-0001 120")
        await office.settle()
        button = next(b for b in buttons(office) if b.action_id == "name_driver")
        outcome = await press(office, "emma", button)
        assert outcome.is_clear
        assert not outcome.effects
        assert not any(call.startswith("views.") for call in outcome.words), "no form is opened for her"


async def test_a_stop_that_is_gone_by_then_is_not_told_of(database_url: str) -> None:
    """Slack was out of reach: the host removed the stop before the message could leave."""
    async with reception(database_url, rulebook=BOOK) as office:
        check_in = await two_visits(office, office.lina)
        await office.pass_time(until=THAT_AFTERNOON)
        desk, lina = office.visita.desk, await office.actor("lina")
        before = len(office.inbox(office.lina))
        await desk.delays.delay(lina, 1, "120")
        await desk.stops.remove(lina, check_in)
        await office.settle()
        assert not [m for m in office.inbox(office.lina)[before:] if "陈伟" in text_of(m)]
