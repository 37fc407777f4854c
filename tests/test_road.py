"""On the road (D1.3, D1.4, D6.3, E3, E4, E6, E7): each press tells exactly those who wait; silence is told as well."""

from datetime import datetime, timedelta

import pytest

from sandbox.hands import Hands
from tests.classic import only
from tests.reception import SHANGHAI, Reception, labels, reception, text_of

PICKUP = datetime(2026, 3, 5, 14, 30, tzinfo=SHANGHAI)
BOOK = only("C1", "B6", "D1.2", "D1.3", "D1.3b", "D1.4", "D3.1", "C11b")


async def on_the_day(office: Reception) -> None:
    """The driver has confirmed; it is an hour before the pick-up."""
    await office.open_visit(driver="U04CHEN", leaders=["U06SOFIA"], travel_minutes="40")
    await office.pass_time(days=1, hours=8.5)
    await office.liu.press(office.last(office.liu), action_id="assign_vehicle")
    assert await office.liu.submit() == {}
    await office.settle()
    await office.chen.press(office.last(office.chen), action_id="confirm_request")
    await office.pass_time(until=PICKUP - timedelta(minutes=60))


def news(office: Reception, *who: str) -> dict[str, int]:
    return {name: len(office.inbox(getattr(office, name))) for name in who}


async def test_four_presses_tell_those_who_wait(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        card = office.last(office.chen)
        assert labels(card) == ["已出发", "已到位", "来宾已上车", "已送达"]

        before = news(office, "lina", "liu", "wang")
        await office.chen.press(card, action_id="declare_on_my_way")
        await office.settle()
        assert news(office, "lina", "liu", "wang") == before | {"lina": before["lina"] + 1}

        await office.pass_time(until=PICKUP - timedelta(minutes=15))
        await office.chen.press(office.last(office.chen), action_id="declare_in_place")
        await office.pass_time(until=PICKUP + timedelta(minutes=20))
        assert "尚未到位" not in text_of(office.last(office.liu)), "who is in place is missed by nobody"

        await office.chen.press(office.last(office.chen), action_id="declare_aboard")
        await office.settle()
        assert "来宾已上车" in office.last(office.lina)["text"]
        assert "15:30" in office.last(office.sofia)["text"], "40 minutes on the way"
        assert "4" in text_of(office.last(office.sofia))

        await office.chen.press(office.last(office.chen), action_id="declare_arrived")
        await office.settle()
        assert "来宾已到达" in office.last(office.lina)["text"]


async def test_who_was_reminded_can_still_answer_when_the_place_changes(database_url: str) -> None:
    """The word of the change names the change alone: what to do, and the buttons, stand on the reminder."""
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        reminded = {who: office.last(who)["ts"] for who in (office.chen, office.sofia)}
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="stop_menu", value="1~change~1")
        await office.lina.fill("place", "T3 Gate 9")
        assert await office.lina.submit() == {}
        await office.pass_time(minutes=2)
        for who, ts in reminded.items():
            assert office.last(who)["ts"] != ts, "the change is told"
            assert "T3 Gate 9" in text_of(office.last(who))
            (before,) = [message for message in office.inbox(who) if message["ts"] == ts]
            assert text_of(before).count("T3 Gate 9") == 2, "where it is now, and that it was elsewhere"
        (card,) = [message for message in office.inbox(office.chen) if message["ts"] == reminded[office.chen]]
        assert labels(card) == ["已出发", "已到位", "来宾已上车", "已送达"]
        await office.chen.press(card, action_id="declare_on_my_way")
        await office.settle()
        assert "出发" in office.last(office.lina)["text"]


async def test_a_reminder_of_a_time_that_has_moved_points_to_the_newer_one(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        ts = office.last(office.chen)["ts"]
        await office.lina.command("/visit delay V-0001 90")
        await office.pass_time(minutes=2)
        (before,) = [message for message in office.inbox(office.chen) if message["ts"] == ts]
        assert labels(before) == []


async def test_silence_is_told_and_taken_back(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        await office.pass_time(until=PICKUP - timedelta(minutes=11))
        assert "尚未到位" not in office.last(office.lina)["text"]
        await office.pass_time(minutes=2)
        for who in (office.lina, office.liu):
            assert "尚未到位" in office.last(who)["text"]
        await office.chen.press(office.last(office.chen), action_id="declare_in_place")
        await office.settle()
        missed = [m for m in office.inbox(office.liu) if "尚未到位" in m["text"]]
        assert len(missed) == 1
        assert "已到位" in text_of(missed[0]), "the message says that it is settled"


async def test_late_by_so_much_is_told_with_the_time(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        card = office.last(office.chen)
        menu = next(e for b in card["blocks"] for e in b.get("elements", []) if e.get("action_id") == "declare_late")
        fifteen = next(o["value"] for o in menu["options"] if "15" in o["text"]["text"])
        await office.chen.choose(card, "declare_late", fifteen)
        await office.settle()
        for who in (office.lina, office.liu):
            assert "15 分钟" in office.last(who)["text"]
            assert "14:45" in office.last(who)["text"]


async def test_other_numbers_are_told_once_more(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        await office.chen.press(office.last(office.chen), action_id="declare_aboard")
        await office.settle()
        told = len(office.inbox(office.lina))
        await office.chen.press(office.last(office.chen), action_id="count_aboard")
        await office.chen.fill("guests", "5")
        await office.chen.fill("luggage", "x")
        assert "luggage" in await office.chen.submit()
        await office.chen.fill("luggage", "7")
        assert await office.chen.submit() == {}
        await office.settle()
        assert len(office.inbox(office.lina)) == told + 1
        assert "5" in text_of(office.last(office.lina))
        assert "7" in text_of(office.last(office.lina))


async def test_a_flight_that_is_late_moves_the_stop_and_what_hangs_on_it(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        await office.lina.command("/visit delay V-0001 90")
        await office.settle()
        for who in (office.chen, office.sofia):
            assert "16:00" in text_of(office.last(who))
        assert "16:00" in text_of(office.card())
        await office.pass_time(until=PICKUP + timedelta(minutes=69))
        told = len(office.inbox(office.chen))
        await office.pass_time(minutes=2)
        assert len(office.inbox(office.chen)) == told + 1, "20 minutes before the new time"


@pytest.mark.parametrize(
    ("name", "moved", "button"),
    [
        (
            "lina",
            [
                "V-0001 Acme：推迟 1 小时 30 分钟",
                ":car: *接机* 3月5日（周四）14:30 → *16:00*",
                ":hotel: *酒店入住* 3月5日（周四）16:00 → *17:30*",
            ],
            "查看详情",
        ),
        (
            "carlos",
            [
                "V-0001 Acme: 1 hora y 30 minutos de retraso",
                ":car: *Recogida en el aeropuerto*: jueves 5 de marzo, 14:30 h → *16:00 h (hora de Shanghái)*",
                ":hotel: *Registro en el hotel*: jueves 5 de marzo, 16:00 h → *17:30 h (hora de Shanghái)*",
            ],
            "Ver detalles",
        ),
        (
            "emma",
            [
                "V-0001 Acme: 1 hour 30 minutes later",
                ":car: *Airport pickup*: Thu 5 Mar, 14:30 → *16:00*",
                ":hotel: *Hotel check-in*: Thu 5 Mar, 16:00 → *17:30*",
            ],
            "Details",
        ),
    ],
)
async def test_whoever_tells_of_a_delay_reads_what_has_moved_and_nothing_else(
    database_url: str, name: str, moved: list[str], button: str
) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        host: Hands = getattr(office, name)
        await office.open_visit(host)
        await host.command("/visit delay V-0001 90", channel="reception")
        (answer,) = host.ephemerals("reception")
        said = text_of(answer).replace("\N{NO-BREAK SPACE}", " ")
        assert said.splitlines() == [*moved, button], "not the dinner, nor what has not moved"
        assert "16:00" in answer["text"]
        assert labels(answer) == [button]

        await host.press(answer, action_id="show_visit")
        shown = host.view()
        assert shown is not None
        assert (shown["callback_id"], "V-0001" in shown["title"]["text"]) == ("visit", True)
        assert "18:30" in text_of(shown), "the dinner stands there"


async def test_whoever_tells_of_a_delay_reads_what_does_not_fit_any_more(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(office.emma)
        for minutes, is_missed in (("30", False), ("180", True), ("10", False)):
            await office.emma.command(f"/visit delay V-0001 {minutes}", channel="reception")
            answer = text_of(office.emma.ephemerals("reception")[-1])
            assert ("begins before the guests can be there" in answer) == is_missed, "what the delay makes of it"


async def test_earlier_and_beyond_midnight_the_answer_says_the_day(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(office.emma, arrival_time="00:20")
        await office.emma.command("/visit delay V-0001 -30", channel="reception")
        (answer,) = office.emma.ephemerals("reception")
        assert text_of(answer).splitlines()[:2] == [
            "V-0001 Acme: 30 minutes earlier",
            ":car: *Airport pickup*: Thu 5 Mar, 00:20 → *Wed 4 Mar, 23:50*",
        ]


async def test_whoever_tells_of_a_delay_reads_which_answers_it_voids(database_url: str) -> None:
    """The car drives for another visit by then: administration is asked for one again."""
    async with reception(database_url, rulebook=BOOK) as office:
        for host, comes, leaves in ((office.emma, "14:30", "19:00"), (office.zhou, "19:00", "23:00")):
            await office.open_visit(host, driver="U04CHEN", arrival_time=comes, departure_time=leaves)
            await office.liu.press(office.card(), action_id="show_visit")
            await office.liu.press(action_id="assign_vehicle")
            assert await office.liu.submit() == {}
            await office.liu.close(everything=True)
            await office.settle()
        await office.emma.command("/visit delay V-0001 270", channel="reception")
        (answer,) = office.emma.ephemerals("reception")
        assert "These answers no longer hold and are asked for again: car and driver" in text_of(answer)


@pytest.mark.parametrize("minutes", ["90 min", "1h30", "1:30", "90分钟", "９０"])
async def test_a_delay_is_typed_as_people_write_it(database_url: str, minutes: str) -> None:
    async with reception(database_url, rulebook=only("D1.2")) as office:
        await office.open_visit()
        await office.lina.command(f"/visit delay V-0001 {minutes}")
        await office.settle()
        assert "16:00" in text_of(office.card())


async def test_a_delay_can_be_told_after_the_guests_should_have_been_there(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        await office.pass_time(until=PICKUP + timedelta(minutes=75))
        told = len(office.inbox(office.chen))
        await office.lina.command("/visit delay V-0001 10")
        await office.settle()
        assert len(office.inbox(office.chen)) == told, "over all the same"
        await office.lina.command("/visit delay V-0001 120")
        await office.pass_time(minutes=1)
        assert "16:30" in text_of(office.card())
        assert any("16:30" in text_of(message) for message in office.inbox(office.chen)[told:])


@pytest.mark.parametrize("minutes", ["soon", "0", "99999", "1.5"])
async def test_what_is_no_delay_is_refused(database_url: str, minutes: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit()
        await office.lina.command(f"/visit delay V-0001 {minutes}")
        assert "14:30" in text_of(office.card())
        await office.emma.command("/visit delay V-0001 90")
        await office.settle()
        assert "14:30" in text_of(office.card()), "whom it does not concern moves nothing"


async def test_a_wish_reaches_logistics_and_host_at_once(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        await office.chen.press(office.last(office.chen), action_id="declare_aboard")
        await office.settle()
        await office.chen.press(office.last(office.chen), action_id="note")
        await office.chen.fill("text", "They would like to see the museum.")
        assert await office.chen.submit() == {}
        await office.settle()
        for who in (office.lina, office.liu):
            assert "museum" in office.last(who)["text"]
        assert "museum" not in office.last(office.sofia)["text"]


async def test_a_wish_that_is_too_long_can_be_copied_from_the_answer(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        wish = "They would like to see the museum <!channel>. " * 30
        await office.lina.command(f"/visit note V-0001 {wish}", channel="reception")
        (said,) = office.lina.ephemerals("reception")
        assert said["text"].count("to see the museum") == 30
        assert "<!channel>" not in said["text"]


async def test_a_shortcoming_is_told_to_whom_it_concerns_and_to_nobody_else(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        before = news(office, "lina", "liu")
        await office.sofia.command("/visit note V-0001")
        await office.sofia.choose(None, "kind", "shortcoming")
        await office.sofia.fill("text", "The car was not clean.")
        await office.sofia.choose(None, "about", "U04CHEN")
        assert await office.sofia.submit() == {}
        await office.settle()
        assert "not clean" in office.last(office.chen)["text"]
        assert news(office, "lina", "liu") == before
        assert "not clean" not in "".join(text_of(m) for m in office.lina.messages("reception"))


async def test_the_gate_says_the_guests_are_here(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        while not office.inbox(office.gao):
            await office.pass_time(minutes=30)
        asked = office.last(office.gao)
        await office.gao.press(asked, action_id="declare_here")
        await office.settle()
        for who, said in ((office.lina, "门口"), (office.liu, "门口"), (office.sofia, "entrada")):
            assert said in office.last(who)["text"]
        assert labels(office.last(office.gao)) == []


async def test_an_unplanned_meal_reaches_administration(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await on_the_day(office)
        await office.sofia.command("/visit note V-0001")
        await office.sofia.choose(None, "kind", "unplanned_meal")
        await office.sofia.fill("text", "Noodles at the lake tonight.")
        assert await office.sofia.submit() == {}
        await office.settle()
        for who in (office.lina, office.liu):
            assert "Noodles" in office.last(who)["text"]


async def test_a_visit_is_handed_over(database_url: str) -> None:
    """G1: the new owner has everything, the old one is no longer reminded."""
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(driver="U04CHEN")
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(None, action_id="change_visit")
        await office.lina.choose(None, "lead_host", "U03EMMA")
        assert await office.lina.submit() == {}
        await office.settle()
        before = news(office, "lina")
        await office.pass_time(until=datetime(2026, 3, 5, 14, 31, tzinfo=SHANGHAI))
        assert "Acme" in office.last(office.emma)["text"]
        assert news(office, "lina") == before
