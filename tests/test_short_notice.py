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


async def test_what_is_told_with_others_still_says_what_it_needs(database_url: str) -> None:
    """The flight that is to be checked, the application with all it holds, whom to call: once."""
    book = only("A8", "D1.1")
    async with reception(database_url, rulebook=book, start=datetime(2026, 3, 5, 9, 0, tzinfo=SHANGHAI)) as office:
        await office.open_visit(food_notes="sin cerdo")
        told = text_of(office.last(office.liu))
        assert "紧急通知" in told
        for fact in ("飞机，MU5102", "sin cerdo", "项目洽谈", "T2, Gate 4", "*航班* MU5102", "+34 612 34 56 99"):
            assert fact in told, fact
        assert told.count("<@U01LINA>，+86 138 0013 8001") == told.count("一行 4 人") == 1


async def test_asked_once_more_with_others_it_says_what_each_hangs_on(database_url: str) -> None:
    """To the same person and to the deputy, who was not asked before: rooms, who pays, until when, diets."""
    monday = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
    async with reception(database_url, rulebook=only("C2", "C3", chased=True), start=monday) as office:
        await office.open_visit(food_notes="sin cerdo", departure_date="2026-03-07")
        await office.pass_time(days=2)
        for asked in (office.liu, office.zhou):
            told = text_of(office.last(asked))
            assert "*客房* " in told
            assert "*费用承担* 来宾" in told
            assert "*饮食禁忌* sin cerdo" in told
