"""Confidential visits through the front door: for those who are not named in them they do not exist."""

from datetime import datetime

from bot.models.remarks import RemarkKind
from tests.classic import only
from tests.reception import SHANGHAI, reception, text_of
from tests.test_clients import write_client
from tests.test_commands import private
from tests.test_double_check import double_checks, nudges
from tests.test_party import shown

HERE = "reception"
NAMES = ("Acme", "Luis", "García", "Pedro")
BOOK = only("C1", "B6", "D1.2", "D3.1", "E1", "E1b", "A8")


def names_in(text: str) -> list[str]:
    return [name for name in NAMES if name in text]


async def test_it_exists_for_those_who_are_named_in_it(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(confidential=["yes"])
        for name in ("lina", "sofia", "liu"):
            await getattr(office, name).command("/visit show V-0001", channel=HERE)
            assert "Acme" in private(office, name), name
        for text in ("show V-0001", "1", "list", "log 1", "copy 1", "note 1 hello", "delay 1 30", "cancel 1"):
            await office.emma.command(f"/visit {text}", channel=HERE)
            answer = str(office.emma.ephemerals(HERE)[-1])
            assert not names_in(answer), text
        await office.emma.command("/visit history 1", channel=HERE)
        assert "V-0001" not in str(office.emma.view())
        await office.pass_time(until=datetime(2026, 3, 5, 9, 0, tzinfo=SHANGHAI))
        await office.emma.command("/visit today", channel=HERE)
        assert not names_in(private(office, "emma"))
        await office.emma.open_home()
        assert not names_in(str(office.emma.home()))
        await office.sofia.open_home()
        assert names_in(str(office.sofia.home()))


async def test_a_channel_and_a_lock_screen_name_nobody(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(confidential=["yes"], driver="U04CHEN")
        await office.pass_time(until=datetime(2026, 3, 5, 14, 0, tzinfo=SHANGHAI))
        await office.visita.desk.visits.cancel(await office.actor("lina"), 1, "Acme wrote")
        await office.settle()
        in_channel = str([m for m in office.lina.messages(HERE) if not m.get("ephemeral")])
        assert not names_in(in_channel)
        told = [message for name in ("lina", "sofia", "liu", "chen") for message in office.inbox(getattr(office, name))]
        assert len(told) > 5
        assert [message["text"] for message in told if names_in(message["text"])] == []
        assert any(names_in(text_of(message)) for message in told), "who opens the message reads who comes"


async def test_whoever_is_named_in_it_reads_everywhere_that_it_is_confidential(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(confidential=["yes"], driver="U04CHEN")
        await office.lina.press(office.card(), action_id="show_visit")
        assert ":lock:" in str(office.lina.view())
        await office.pass_time(until=datetime(2026, 3, 5, 14, 0, tzinfo=SHANGHAI))
        for name in ("lina", "sofia", "liu", "chen"):
            assert all(":lock:" in text_of(message) for message in office.inbox(getattr(office, name))), name
            for asked in ("show 1", "list", "today"):
                await getattr(office, name).command(f"/visit {asked}", channel=HERE)
                assert ":lock:" in private(office, name), (name, asked)
        assert ":lock:" not in str([m for m in office.lina.messages(HERE) if not m.get("ephemeral")])


async def test_the_answer_to_a_typed_yes_names_nobody_on_a_lock_screen(database_url: str) -> None:
    async with reception(database_url, rulebook=only("B3"), approved=True) as office:
        await office.open_visit(confidential=["yes"])
        await office.lina.press(office.last(office.lina), action_id="send_plan")
        assert await office.lina.submit() == {}
        await office.settle()
        await office.sofia.tell("ok")
        said = office.last(office.sofia)
        assert "V-0001" in said["text"]
        assert not names_in(said["text"])
        assert names_in(text_of(said))


async def test_what_becomes_confidential_later_is_taken_off_the_channel(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit()
        await office.visita.desk.remarks.note(await office.actor("lina"), 1, RemarkKind.WISH, "Luis likes tea")
        await office.settle()
        assert names_in(str(office.lina.messages(HERE)))
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="change_visit")
        await office.lina.choose(None, "confidential", ["yes"])
        assert await office.lina.submit() == {}
        await office.lina.close(everything=True)
        await office.pass_time(minutes=1)
        assert not names_in(str([m for m in office.lina.messages(HERE) if not m.get("ephemeral")]))
        assert not names_in(str(office.lina.thread(HERE, office.card()["ts"])))


async def test_who_comes_confidentially_is_no_known_client_to_others(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(confidential=["yes"])
        await write_client(office, cautions="Acme is for sale")
        for who, knows in ((office.emma, False), (office.lina, True)):
            await office.fill_form(who, company="ACME, S.A.")
            assert ("Acme is for sale" in shown(who)) is knows
            assert await who.submit() == {}
            assert ("V-0001" in shown(who)) is knows
            assert ("Acme is for sale" in shown(who)) is knows
            await who.close(everything=True)


async def test_a_press_on_its_card_tells_a_stranger_nothing(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(confidential=["yes"])
        await office.emma.press(office.card(), action_id="show_visit")
        assert not names_in(str(office.emma.view()) + str(office.emma.ephemerals(HERE)))
        await office.lina.press(office.card(), action_id="show_visit")
        assert names_in(str(office.lina.view()))


async def test_administration_hears_that_it_keeps_out_of_it(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(confidential=["yes"])
        for text in ("log 1", "history 1", "delay 1 30", "cancel 1", "handover 1"):
            await office.liu.command(f"/visit {text}", channel=HERE)
            said = office.liu.ephemerals(HERE)[-1]["text"]
            assert said == "这是保密来访，仅主接待可以操作。", text


async def test_administration_reminds_everyone_from_the_list_that_it_is_given(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C1", "C8", "C16")) as office:
        await office.open_visit(confidential=["yes"])
        await office.pass_time(until=datetime(2026, 3, 4, 15, 0, tzinfo=SHANGHAI))
        (check,) = double_checks(office, office.liu)
        await office.liu.press(check, action_id="remind_everyone")
        await office.settle()
        assert len(nudges(office, office.ana)) == 1
