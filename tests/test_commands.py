"""`/visit` in three languages, its menu, lists, help, and the Home tab."""

from datetime import datetime

import pytest

from tests.reception import SHANGHAI, Reception, labels, reception, seen, text_of

HERE = "reception"


def private(office: Reception, name: str) -> str:
    """The last private answer a person got in the reception channel, as one text."""
    return text_of(getattr(office, name).ephemerals(HERE)[-1])


@pytest.mark.parametrize(
    ("name", "text"), [("lina", "新建"), ("carlos", "crear"), ("emma", "create"), ("lina", "create"), ("emma", "CREAR")]
)
async def test_every_language_opens_the_form(database_url: str, name: str, text: str) -> None:
    async with reception(database_url) as office:
        hands = getattr(office, name)
        await hands.command(f"/visit {text}")
        assert hands.view()["callback_id"] == "new_visit"


async def test_list_today_and_show(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.emma.command("/visit list", channel=HERE)
        assert "V-0001" not in private(office, "emma")
        await office.open_visit()
        for text in (
            "list",
            "lista",
            "列表",
            "show V-0001",
            "ver 1",
            "V-0001",
            "查看 v0001",
            "查看V－0001",
            "show v 1",
            "show #1, please",
        ):
            await office.emma.command(f"/visit {text}", channel=HERE)
            assert "Acme" in private(office, "emma"), text
        await office.emma.command("/visit today", channel=HERE)
        assert "Acme" not in private(office, "emma")
        await office.pass_time(until=datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI))
        await office.emma.command("/visit hoy", channel=HERE)
        assert "Acme" in private(office, "emma")


async def test_an_unknown_visit_and_an_unknown_word(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.emma.command("/visit show V-0099", channel=HERE)
        assert "V-0099" in office.emma.ephemerals(HERE)[-1]["text"]
        await office.emma.command("/visit brunch <!channel>", channel=HERE)
        assert "brunch" in private(office, "emma")
        assert "<!channel>" not in private(office, "emma")
        assert "/visit create" in private(office, "emma")


async def test_a_reason_typed_behind_the_reference_stands_in_the_form(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.lina.command("/visit 取消　V-0001　航班取消")
        assert "航班取消" in str(office.lina.form())
        assert await office.lina.submit() == {}
        await office.settle()
        assert "航班取消" in text_of(office.card())


async def test_the_menu_leads_everywhere(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.emma.command("/visit", channel=HERE)
        menu = office.emma.ephemerals(HERE)[-1]
        assert len(labels(menu)) == 5
        await office.emma.press(menu, action_id="list_visits")
        assert "Acme" in private(office, "emma")
        await office.emma.press(menu, action_id="show_today")
        await office.emma.press(menu, action_id="show_help")
        assert "/visit create" in private(office, "emma")
        await office.emma.press(menu, action_id="choose_language")
        assert seen(office.emma.view())["callback_id"] == "language"
        await office.emma.close()
        await office.emma.press(menu, action_id="new_visit")
        assert seen(office.emma.view())["callback_id"] == "new_visit"


async def test_home_shows_what_waits_and_what_is_mine(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await office.liu.open_home()
        assert "Acme" in text_of(office.liu.home())
        await office.chen.open_home()
        await office.grace.open_home()
        assert "Acme" in text_of(office.chen.home())
        assert "Acme" not in text_of(office.grace.home()), "a visit she takes no part in, days ahead"
        await office.pass_time(until=datetime(2026, 3, 5, 8, 0, tzinfo=SHANGHAI))
        await office.grace.open_home()
        assert "Acme" in text_of(office.grace.home()), "today concerns the front desk"
        await office.grace.press(office.grace.home(), action_id="show_visit")
        assert seen(office.grace.view())["callback_id"] == "visit"
        assert labels(office.grace.view()) == ["Guests", "Copy", "Introduction list"], "she may look, not change"


async def test_own_language_and_zone_win_over_slacks(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.emma.command("/visit idioma")
        await office.emma.choose(None, "language", "Español")
        await office.emma.choose(None, "zone", "Europe/Madrid")
        assert await office.emma.submit() == {}
        await office.emma.command("/visit help", channel=HERE)
        spanish = private(office, "emma")
        await office.carlos.command("/visit help", channel=HERE)
        assert spanish == private(office, "carlos")
        await office.emma.command("/visit language")
        await office.emma.choose(None, "language", "slack")
        assert await office.emma.submit() == {}
        await office.emma.command("/visit help", channel=HERE)
        assert private(office, "emma") != spanish


async def test_a_changed_profile_is_followed(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await office.chen.change_profile(locale="es-ES", tz="Europe/Madrid")
        await office.pass_time(until=datetime(2026, 3, 5, 13, 40, tzinfo=SHANGHAI))
        assert "1 hora" in office.last(office.chen)["text"]
        assert "14:30\u00a0h (hora de" in text_of(office.last(office.chen))


async def test_who_writes_to_the_bot_gets_the_commands(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.emma.tell("hello?")
        await office.emma.until(lambda: office.inbox(office.emma))
        assert "/visit create" in text_of(office.last(office.emma))


async def test_the_log_says_what_became_of_every_message(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=datetime(2026, 3, 5, 13, 31, tzinfo=SHANGHAI))
        await office.lina.command("/visit 记录 V-0001", channel=HERE)
        log = private(office, "lina")
        for said in ("D1.2", "C1", "陈伟", "13:30", "/visit 记录 V-0001 待发"):
            assert said in log
        assert "D3.1" not in log, "that is still to come"
        for command in ("/visit 记录 V-0001 待发", "/visit log V-0001 ahead", "/visit registro V-0001 próximos"):
            await office.lina.command(command, channel=HERE)
            ahead = private(office, "lina")
            assert "D3.1" in ahead
            assert "C1" not in ahead, "that has gone out"
        await office.grace.command("/visit log V-0001", channel=HERE)
        assert "D1.2" not in private(office, "grace"), "only those who answer for the visit"


async def test_the_log_counts_as_still_to_come_what_will_really_come(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=datetime(2026, 3, 5, 13, 31, tzinfo=SHANGHAI))
        await office.lina.command("/visit log 1", channel=HERE)
        assert "待发送" in private(office, "lina")
        await office.lina.command("/visit cancel V-0001", channel=HERE)
        await office.lina.fill("reason", "预算冻结")
        assert await office.lina.submit() == {}
        await office.settle()
        await office.lina.command("/visit log 1", channel=HERE)
        assert "待发送" not in private(office, "lina"), "what was withdrawn does not come"


async def test_the_log_says_where_a_message_went_and_who_answered_it(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN", greeters=["U06SOFIA"])
        await office.pass_time(until=datetime(2026, 3, 5, 14, 0, tzinfo=SHANGHAI))
        await office.chen.press(office.last(office.chen), action_id="declare_on_my_way")
        await office.settle()
        await office.lina.command("/visit log V-0001", channel=HERE)
        lines = private(office, "lina").splitlines()
        (drive,) = [line for line in lines if "D1.2" in line and "陈伟" in line and "再次" not in line]
        assert "陈伟 3月5日（周四）14:00 答复" in drive
        assert any("<#" in line for line in lines), "the card stands in a channel"


async def test_the_log_has_pages(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN", departure_date="2026-03-20")
        pages = []
        for command in ("/visit log 1 ahead", "/visit log V-0001 ahead 2", "/visit log V-0001 ahead 99"):
            await office.lina.command(command, channel=HERE)
            pages.append(private(office, "lina"))
        first, second, last = pages
        assert "/visit 记录 V-0001 待发 2" in first
        assert second != first
        assert "/visit 记录" not in last, "nothing is later"
        await office.pass_time(until=datetime(2026, 3, 20, 18, tzinfo=SHANGHAI))
        await office.lina.command("/visit log V-0001", channel=HERE)
        newest = private(office, "lina")
        await office.lina.command("/visit log V-0001 2", channel=HERE)
        assert "/visit 记录 V-0001 2" in newest
        assert private(office, "lina") != newest
