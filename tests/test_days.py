"""A day at the house: everybody's run sheet in the morning (E1), and the board that shows all visits as they stand."""

import asyncio
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from bot.app import read_rulebook
from bot.models.forms import StopForm
from bot.models.notices import Notice, NoticeKind, NoticeState, Reason
from sandbox.hands import Hands
from tests.classic import only
from tests.reception import SHANGHAI, Reception, Shown, reception, text_of

ARRIVAL_DAY = 5
FIRST: dict[str, Any] = {"driver": "U04CHEN", "leaders": ["U06SOFIA"]}
SECOND: dict[str, Any] = {
    "company": "Jiménez",
    "guest_name": "Ana Jiménez",
    "driver": "U05WANG",
    "greeters": ["U03EMMA", "U06SOFIA"],
    "leaders": ["U06SOFIA"],
    "arrival_time": "16:00",
    "arrival_number": "MU5200",
}
DAY_ONLY = only("E1", "E1b", "D3.1", "D1.2")


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def sheets(office: Reception, who: Hands) -> list[Shown]:
    """The run sheets in somebody's inbox: their headers say so in three languages."""
    titles = ("Your day", "Su programa del", "您的当日安排")
    return [message for message in office.inbox(who) if message["text"].startswith(titles)]


def boards(office: Reception) -> list[Shown]:
    shown = [m for m in office.lina.messages("reception") if m.get("bot_id")]
    return [m for m in shown if m["blocks"][0].get("text", {}).get("text", "").endswith("来访")]


async def day_rows(office: Reception, **where: Any) -> list[Notice]:
    async with office.visita.database.read() as session:
        statement = select(Notice).where(col(Notice.visit_id).is_(None)).filter_by(**where).order_by(Notice.key)
        return list((await session.exec(statement)).all())


async def test_each_person_has_one_sheet_for_the_day_over_all_visits(database_url: str) -> None:
    async with reception(database_url, rulebook=read_rulebook()) as office:
        await office.open_visit(**FIRST)
        await office.open_visit(office.emma, **SECOND)
        await office.pass_time(until=march(5, 7, 29))
        assert not sheets(office, office.sofia)
        await office.pass_time(until=march(5, 7, 30))
        (sheet,) = sheets(office, office.sofia)
        shown = text_of(sheet)
        assert "Acme" in shown
        assert "Jiménez" in shown
        assert shown.index("14:30") < shown.index("18:30")
        (driver,) = sheets(office, office.chen)
        assert text_of(driver).index("14:30") < text_of(driver).index("18:30"), "they are taken on from dinner (D3.6)"
        assert "Jiménez" not in text_of(driver)
        assert len(sheets(office, office.wang)) == len(sheets(office, office.emma)) == 1
        assert not sheets(office, office.zhang), "who has nothing that day gets no sheet"
        await office.pass_time(until=march(5, 12))
        assert len(sheets(office, office.sofia)) == 1


async def test_the_sheet_comes_earlier_where_the_day_begins_early(database_url: str) -> None:
    async with reception(database_url, rulebook=DAY_ONLY) as office:
        await office.open_visit(**FIRST, arrival_time="06:10")
        await office.pass_time(until=march(5, 4, 39))
        assert not sheets(office, office.chen)
        await office.pass_time(until=march(5, 4, 40))
        assert len(sheets(office, office.chen)) == 1


async def test_a_stop_that_moves_is_moved_on_the_sheet_and_told_once(database_url: str) -> None:
    async with reception(database_url, rulebook=DAY_ONLY) as office:
        await office.open_visit(**FIRST)
        await office.pass_time(until=march(5, 8))
        before = len(office.inbox(office.chen))
        await _move(office, "15:20")
        await office.pass_time(minutes=2)
        (sheet,) = sheets(office, office.chen)
        assert "15:20" in text_of(sheet)
        assert "14:30" not in text_of(sheet)
        news = office.inbox(office.chen)[before:]
        assert len(news) == 1
        assert "15:20" in text_of(news[0])
        assert "14:30" in text_of(news[0])


async def test_a_stop_that_moves_to_another_day_is_told_as_moved_though_that_days_sheet_goes_out_at_once(
    database_url: str,
) -> None:
    """Past midnight: the day begins in the evening before, and its sheet shows the new moment only."""
    async with reception(database_url, rulebook=only("E1")) as office:
        await office.open_visit(**FIRST, departure_date="2026-03-05", departure_time="22:30")
        await office.pass_time(until=march(5, 10))
        before = len(office.inbox(office.chen))
        for date, time in (("2026-03-06", "00:30"), ("2026-03-06", "00:40")):
            await _change_visit(office, departure_date=date, departure_time=time)
        assert len(sheets(office, office.chen)) == 2
        await office.pass_time(minutes=2)
        told = [text_of(message) for message in office.inbox(office.chen)[before:]]
        assert len(told) == 2
        assert "22:30" in told[1]
        assert "00:40" in told[1]


async def test_a_stop_moved_the_day_before_changes_the_sheet_only(database_url: str) -> None:
    async with reception(database_url, rulebook=DAY_ONLY) as office:
        await office.open_visit(**FIRST)
        await _move(office, "06:40")
        await office.pass_time(until=march(5, 5, 10))
        (sheet,) = sheets(office, office.chen)
        assert "06:40" in text_of(sheet)


async def test_who_is_taken_out_has_no_sheet_or_one_that_says_so(database_url: str) -> None:
    async with reception(database_url, rulebook=DAY_ONLY) as office:
        await office.open_visit(**FIRST, team=["U02CARLOS", "U03EMMA"])
        await _change_visit(office, team=["U02CARLOS"])
        await office.pass_time(until=march(5, 8))
        assert not sheets(office, office.emma)
        assert len(sheets(office, office.carlos)) == 1
        await _change_visit(office, team=[])
        await office.pass_time(minutes=2)
        (sheet,) = sheets(office, office.carlos)
        assert "14:30" not in text_of(sheet)
        rows = await day_rows(office, kind=NoticeKind.RUN_SHEET, state=NoticeState.WITHDRAWN)
        assert {row.reason for row in rows} == {Reason.NOT_PLANNED}


async def test_a_visit_that_is_canceled_leaves_the_other_one_on_the_sheet(database_url: str) -> None:
    async with reception(database_url, rulebook=DAY_ONLY) as office:
        await office.open_visit(**FIRST)
        await office.open_visit(office.emma, **SECOND)
        await office.lina.command("/visit cancel V-0001")
        await office.lina.fill("reason", "Flight canceled")
        await office.lina.submit()
        await office.pass_time(until=march(5, 8))
        (sheet,) = sheets(office, office.sofia)
        assert "Jiménez" in text_of(sheet)
        assert "Acme" not in text_of(sheet)
        assert not sheets(office, office.chen)


async def test_entered_on_the_day_the_sheet_goes_out_at_once(database_url: str) -> None:
    async with reception(database_url, rulebook=DAY_ONLY, start=march(5, 10)) as office:
        await office.open_visit(**FIRST)
        assert len(sheets(office, office.chen)) == 1
        assert len(sheets(office, office.sofia)) == 1


async def test_entered_at_the_last_minute_nobody_hears_the_same_twice(database_url: str) -> None:
    async with reception(database_url, rulebook=DAY_ONLY, start=march(5, 14)) as office:
        await office.open_visit(**FIRST, greeters=["U03EMMA"])
        assert not sheets(office, office.emma), "the pick-up reminder, which goes out now, says all of it"
        assert len(office.inbox(office.emma)) == 1
        (row,) = await day_rows(office, reason=Reason.TOLD_ALREADY)
        assert row.state == NoticeState.WITHDRAWN


async def test_two_visits_that_change_at_once_share_one_row(database_url: str) -> None:
    async with reception(database_url, rulebook=DAY_ONLY) as office:
        await office.open_visit(**FIRST)
        await office.open_visit(office.emma, **SECOND)
        lina, emma = await office.actor("lina"), await office.actor("emma")
        desk = office.visita.desk
        stops = [(await desk.lookup.find(lina, reference)).pickup for reference in ("V-0001", "V-0002")]
        assert all(stops)
        form = StopForm(day=march(6, 0).date(), starts=march(6, 9).time(), means="plane")
        await asyncio.gather(
            *(
                desk.stops.change(actor, stop.key, form)
                for actor, stop in zip((lina, emma), stops, strict=True)
                if stop is not None
            )
        )
        rows = await day_rows(office, kind=NoticeKind.RUN_SHEET)
        assert len({row.key for row in rows}) == len(rows)
        (sofia,) = [row for row in rows if row.person_id == (await office.actor("sofia")).id and "0306" in row.key]
        assert set(sofia.payload["visits"]) == {"1", "2"}
        await office.pass_time(until=march(6, 8))
        assert len(sheets(office, office.sofia)) == 2, "one for each of the two days"


async def test_the_board_shows_every_visit_of_the_day_and_edits_itself(database_url: str) -> None:
    async with reception(database_url, rulebook=read_rulebook()) as office:
        await office.open_visit(**FIRST)
        await office.open_visit(office.emma, **SECOND)
        await office.pass_time(until=march(5, 7, 30))
        (board,) = boards(office)
        assert "Acme" in text_of(board)
        assert "Jiménez" in text_of(board)
        await office.pass_time(until=march(5, 13, 31))
        (pickup,) = [m for m in office.inbox(office.chen) if "declare_on_my_way" in str(m["blocks"])][-1:]
        await office.chen.press(pickup, action_id="declare_on_my_way")
        await office.pass_time(seconds=5)
        (board,) = boards(office)
        assert "陈伟" in text_of(board)
        await office.pass_time(until=march(5, 23))
        (board,) = boards(office)
        assert ":white_circle:" in text_of(board), "what is over is shown as over although nobody did anything"


async def test_the_board_says_when_a_party_sets_off_for_its_flight(database_url: str) -> None:
    async with reception(database_url, rulebook=read_rulebook()) as office:
        await office.open_visit(**FIRST | {"departure_time": "19:00"})
        assert "19:00 · 17:00 出发" in text_of(office.card())
        await office.pass_time(until=march(6, 7, 30))
        (leaving,) = [line for line in text_of(boards(office)[-1]).splitlines() if "送行" in line]
        assert "*19:00*" in leaving
        assert "17:00 出发" in leaving


async def _move(office: Reception, clock: str) -> None:
    await office.lina.press(office.card(), action_id="show_visit")
    await office.lina.press(action_id="stop_menu", value="1~change~1")
    await office.lina.choose(None, "starts", clock)
    assert await office.lina.submit() == {}
    await office.lina.close(everything=True)
    await office.settle()


async def _change_visit(office: Reception, **people: Any) -> None:
    await office.lina.press(office.card(), action_id="show_visit")
    await office.lina.press(action_id="change_visit")
    for name, value in people.items():
        await office.lina.choose(None, name, value)
    assert await office.lina.submit() == {}
    await office.lina.close(everything=True)
    await office.settle()
