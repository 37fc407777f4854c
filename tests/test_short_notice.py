"""G4: what is due at once for one person comes in one message, the most urgent first, and is kept right afterwards."""

from datetime import datetime

from bot.app import read_rulebook
from tests.classic import only
from tests.reception import SHANGHAI, labels, reception, text_of

PICKUP = datetime(2026, 3, 5, 14, 30, tzinfo=SHANGHAI)
BOOK = only("C1", "C2", "C3", "C7", "C10", "D1.1", "D1.2", "D3.1", "D3.2")


async def test_entered_late_administration_gets_one_message(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK, start=datetime(2026, 3, 5, 9, 0, tzinfo=SHANGHAI)) as office:
        await office.open_visit(driver="U04CHEN")
        (told,) = office.inbox(office.liu)
        assert "紧急通知" in told["text"]
        shown = text_of(told)
        assert shown.index("用车申请") < shown.index("再次确认餐厅") if "再次确认餐厅" in shown else "用车申请" in shown
        assert labels(told).count("标记完成") >= 1
        assert labels(told).count("确认") >= 2, "each request has its own buttons"


async def test_a_press_in_that_message_settles_that_duty_and_no_other(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK, start=datetime(2026, 3, 5, 9, 0, tzinfo=SHANGHAI)) as office:
        await office.open_visit(driver="U04CHEN")
        (told,) = office.inbox(office.liu)
        before = labels(told).count("标记完成")
        buttons = [e for b in told["blocks"] for e in b.get("elements", []) if e.get("action_id") == "declare_done"]
        await office.liu.press(told, action_id="declare_done", value=buttons[0]["value"])
        await office.settle()
        (now,) = office.inbox(office.liu)
        assert labels(now).count("标记完成") == before - 1
        assert "刘芳" in text_of(now)


async def test_a_change_of_what_it_told_is_told_once(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK, start=datetime(2026, 3, 5, 9, 0, tzinfo=SHANGHAI)) as office:
        await office.open_visit(driver="U04CHEN")
        await office.lina.command("/visit delay V-0001 60")
        await office.pass_time(minutes=2)
        assert len(office.inbox(office.liu)) == 2
        assert "15:30" in text_of(office.last(office.liu))


async def test_the_whole_procedure_at_opening_is_one_message_a_person(database_url: str) -> None:
    async with reception(database_url, rulebook=read_rulebook()) as office:
        await office.open_visit(driver="U04CHEN", leaders=["U06SOFIA", "U07ZHANG"])
        for who in ("liu", "sofia", "chen", "zhou", "grace", "gao", "zhao", "ana"):
            assert len(office.inbox(getattr(office, who))) <= 1, who
