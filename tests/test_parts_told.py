"""What stands on one message together: all stops of a leader (C5), all drives of a driver (C1). Who was told them hears
what becomes of each."""

from datetime import datetime

from tests.classic import only
from tests.reception import SHANGHAI, Reception, Shown, reception, text_of

LEADERS = only("B6", "C5", "D3.1", "D4.1", "D6.2")
TUESDAY = datetime(2026, 3, 3, 15, tzinfo=SHANGHAI)


async def change_dinner(office: Reception, starts: str) -> None:
    await office.lina.press(office.card(), action_id="show_visit")
    await office.lina.press(action_id="stop_menu", value="1~change~4")
    await office.lina.choose(None, "starts", starts)
    assert await office.lina.submit() == {}
    await office.lina.close(everything=True)
    await office.pass_time(minutes=2)


async def ask_to_drive(office: Reception) -> None:
    await office.liu.press(office.last(office.liu), action_id="assign_vehicle")
    await office.liu.choose(None, "vehicle", "1")
    await office.liu.choose(None, "driver", "U04CHEN")
    assert await office.liu.submit() == {}
    await office.settle()


async def decline(office: Reception) -> None:
    """The executive office says no to the leader's time."""
    await office.zhou.press(office.last(office.zhou), action_id="decline_request")
    await office.zhou.fill("reason", "出差")
    assert await office.zhou.submit() == {}
    await office.pass_time(minutes=2)


def briefing(office: Reception) -> Shown:
    (found,) = [message for message in office.inbox(office.zhang) if message["text"].startswith("您将接待来宾")]
    return found


async def test_a_leader_hears_when_a_stop_moves_of_which_they_were_told(database_url: str) -> None:
    async with reception(database_url, rulebook=LEADERS) as office:
        await office.open_visit(leaders=["U07ZHANG"], greeters=["U07ZHANG"])
        await office.pass_time(until=TUESDAY)
        before = len(office.inbox(office.zhang))
        assert "18:30 · 晚餐" in text_of(briefing(office))
        await change_dinner(office, "19:15")
        (told,) = office.inbox(office.zhang)[before:]
        assert "19:15" in told["text"]
        assert "18:30" in text_of(told)
        assert "19:15 · 晚餐" in text_of(briefing(office)), "it stays whole"


async def test_a_leader_whose_office_declines_hears_that_nothing_of_it_is_theirs(database_url: str) -> None:
    async with reception(database_url, rulebook=LEADERS) as office:
        await office.open_visit(leaders=["U07ZHANG"], greeters=["U07ZHANG"])
        await office.pass_time(until=TUESDAY)
        before = len(office.inbox(office.zhang))
        await decline(office)
        (told,) = office.inbox(office.zhang)[before:]
        for stop in ("14:30 的 *接机*", "18:30 的 *晚餐*", "09:00 的 *会谈*", "17:00 的 *送行*"):
            assert stop in text_of(told), stop
        assert "接机" not in text_of(briefing(office))


async def test_the_office_that_gave_a_leaders_time_hears_of_every_stop_of_it(database_url: str) -> None:
    async with reception(database_url, rulebook=LEADERS) as office:
        await office.open_visit(leaders=["U07ZHANG"], greeters=["U07ZHANG"])
        await office.pass_time(until=TUESDAY)
        await office.zhou.press(office.last(office.zhou), action_id="confirm_request")
        await office.settle()
        before = len(office.inbox(office.zhou))
        await change_dinner(office, "19:15")
        (told,) = office.inbox(office.zhou)[before:]
        assert "19:15" in told["text"]
        assert "18:30" in text_of(told)


async def test_the_office_that_declined_hears_nothing_of_it_again(database_url: str) -> None:
    async with reception(database_url, rulebook=LEADERS) as office:
        await office.open_visit(leaders=["U07ZHANG"], greeters=["U07ZHANG"])
        await office.pass_time(until=TUESDAY)
        before = len(office.inbox(office.zhou))
        await decline(office)
        assert office.inbox(office.zhou)[before:] == []


async def test_the_office_hears_when_the_leader_is_not_wanted_any_more(database_url: str) -> None:
    async with reception(database_url, rulebook=LEADERS) as office:
        await office.open_visit(leaders=["U07ZHANG"])
        await office.pass_time(until=TUESDAY.replace(hour=18))
        before = len(office.inbox(office.zhou))
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="change_visit")
        await office.lina.choose(None, "leaders", [])
        assert await office.lina.submit() == {}
        await office.lina.close(everything=True)
        await office.pass_time(minutes=2)
        (told,) = office.inbox(office.zhou)[before:]
        for moment in ("3月5日（周四）18:30", "3月6日（周五）09:00", "3月6日（周五）17:00"):
            assert f"{moment} 的 *张建国的日程* 已无需安排" in text_of(told), moment


async def test_a_driver_who_is_replaced_hears_that_the_way_back_is_off_as_well(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C1", "D1.2", "D6.2")) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=TUESDAY)
        await ask_to_drive(office)
        await office.chen.press(office.last(office.chen), action_id="confirm_request")
        await office.settle()
        assert "送行 · 3月6日（周五）17:00" in text_of(office.last(office.chen))
        before = len(office.inbox(office.chen))
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="change_visit")
        await office.lina.choose(None, "driver", "U05WANG")
        assert await office.lina.submit() == {}
        await office.lina.close(everything=True)
        await office.pass_time(minutes=2)
        (told,) = office.inbox(office.chen)[before:]
        assert "14:30 的 *接机*" in text_of(told)
        assert "17:00 的 *送行*" in text_of(told)


async def test_a_driver_who_declines_is_not_told_what_they_have_said(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C1", "D1.2", "D6.2")) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=TUESDAY)
        await ask_to_drive(office)
        before = len(office.inbox(office.chen))
        await office.chen.press(office.last(office.chen), action_id="decline_request")
        await office.chen.fill("reason", "休假")
        assert await office.chen.submit() == {}
        await office.pass_time(minutes=2)
        assert office.inbox(office.chen)[before:] == []
