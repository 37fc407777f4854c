"""The party (A3) through the front door: named, pasted, changed, taken off; what they eat reaches the table."""

import pytest
from sqlmodel import select

from bot.models.notices import Record, RecordKind
from sandbox.hands import Hands
from tests.classic import only
from tests.reception import Reception, reception, text_of

LIST = "1. Luis García, Director de Compras, VIP\n2. Ana Pérez; Ingeniera; alergia al maní\n王芳\t总监\t素食"


async def open_party(office: Reception, who: Hands | None = None) -> Hands:
    """The list of guests, from the card in the channel."""
    hands = who or office.lina
    await hands.press(office.card(), action_id="show_visit")
    await hands.press(action_id="show_party")
    return hands


def shown(hands: Hands) -> str:
    view = hands.view()
    assert view is not None
    return text_of(view)


async def test_the_lead_guest_is_the_first_and_others_are_added(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(guest_title="Director")
        lina = await open_party(office)
        assert "Luis García" in shown(lina)
        await lina.press(action_id="add_guest")
        assert set(await lina.submit()) == {"name"}
        await lina.fill("name", "Ana Pérez")
        await lina.fill("allergies", "maní")
        await lina.choose(None, "marks", ["vip", "lead"])
        assert await lina.submit() == {}
        assert shown(lina).index("Ana Pérez") < shown(lina).index("Luis García")
        await lina.close(everything=True)
        await office.settle()
        assert "Ana Pérez（Acme）一行 4 人" in text_of(office.card())


async def test_a_pasted_list_is_previewed_before_it_counts(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(party_size="2")
        lina = await open_party(office)
        await lina.press(action_id="paste_guests")
        await lina.fill("list", " , ,")
        assert set(await lina.submit()) == {"list"}
        await lina.fill("list", LIST)
        assert await lina.submit() == {}
        assert "alergia al maní" in shown(lina)
        await lina.fill("list", LIST + "\nJohn Smith, E12345678")
        assert await lina.submit() == {}
        assert "John Smith" in shown(lina)
        assert ":lock:" in shown(lina)
        assert await lina.submit() == {}
        party = shown(lina)
        assert [party.count(name) for name in ("Luis García", "Ana Pérez", "王芳", "John Smith")] == [1, 1, 1, 1]
        assert "E12345678" not in party
        await lina.close(everything=True)
        await office.settle()
        assert "一行 4 人" in text_of(office.card())


async def test_what_was_typed_stays_where_it_cannot_be_saved(database_url: str) -> None:
    """Three windows are all that Slack stacks: what is wrong cannot stand in one more over the form."""
    async with reception(database_url) as office:
        await office.open_visit()
        lina = await open_party(office)
        await lina.press(action_id="add_guest")
        await lina.fill("name", "Ana Pérez")
        await office.visita.desk.visits.cancel(await office.actor("liu"), 1, "Ill")
        (said,) = (await lina.submit()).values()
        assert "V-0001" in said
        assert "Ana Pérez" in str(lina.form())


async def test_who_is_taken_off_the_list_comes_no_more(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(party_size="1")
        lina = await open_party(office)
        await lina.press(action_id="paste_guests")
        await lina.fill("list", LIST)
        await lina.submit()
        await lina.submit()
        await lina.press(action_id="change_guest", value="1~1")
        await lina.press(action_id="remove_guest", confirm=False)
        await lina.press(action_id="remove_guest")
        assert "Luis" not in shown(lina).split("请转发")[0]
        await lina.close(everything=True)
        await office.settle()
        assert "Ana Pérez（Acme）一行 2 人" in text_of(office.card())


async def test_the_record_says_how_many_are_expected_since_when_and_who_leads_them(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(party_size="1")
        lina = await open_party(office)
        await lina.press(action_id="paste_guests")
        await lina.fill("list", LIST)
        await lina.submit()
        await lina.submit()
        await lina.press(action_id="change_guest", value="1~1")
        await lina.press(action_id="remove_guest")
        await lina.close(everything=True)
        async with office.visita.database.read() as session:
            added, removed = (await session.exec(select(Record).where(Record.kind == RecordKind.PARTY_CHANGED))).all()
        title = {"guest_title": ["", "Director de Compras"]}
        assert added.details["changes"] == {"party_size": [1, 3], **title}
        lead = {"guest_name": ["Luis García", "Ana Pérez"], "guest_title": ["Director de Compras", "Ingeniera"]}
        assert removed.details["changes"] == {"party_size": [3, 2], **lead}


async def test_allergies_reach_whoever_books_and_orders(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C3", "D3.9", "D3.1")) as office:
        await office.open_visit(food_notes="Sin cerdo")
        await office.pass_time(days=1)
        lina = await open_party(office)
        await lina.press(action_id="change_guest", value="1~1")
        await lina.fill("allergies", "maní")
        await lina.fill("diet", "halal")
        assert await lina.submit() == {}
        await office.pass_time(days=4)
        for who in (office.liu, office.lina):
            told = "\n".join(text_of(message) for message in office.inbox(who))
            assert "Luis García" in told
            assert told.index("maní") < told.index("halal")


async def test_what_concerns_all_of_them_is_kept_and_reaches_the_car(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        lina = await open_party(office)
        await lina.press(action_id="describe_party")
        await lina.fill("party_size", "0")
        await lina.fill("luggage", "many")
        assert set(await lina.submit()) == {"party_size", "luggage"}
        await lina.fill("party_size", "5")
        await lina.fill("luggage", "7")
        await lina.fill("other_stops", "广交会")
        await lina.choose(None, "hotel_payer", "house")
        await lina.choose(None, "marks", ["vip", "agent"])
        assert await lina.submit() == {}
        await lina.press(action_id="describe_party")
        kept = str(lina.view())
        assert all(text in kept for text in ("广交会", "'7'"))
        await lina.close(everything=True)
        await office.pass_time(days=2)
        assert "行李件数" in text_of(office.last(office.liu))


async def test_fewer_than_are_named_cannot_be_expected(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        lina = await open_party(office)
        await lina.press(action_id="paste_guests")
        await lina.fill("list", LIST)
        await lina.submit()
        await lina.submit()
        await lina.press(action_id="describe_party")
        await lina.fill("party_size", "2")
        assert "3" in (await lina.submit())["party_size"]


@pytest.mark.parametrize("name", ["sofia", "chen"])
async def test_others_read_the_list_and_change_nothing(database_url: str, name: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        hands = await open_party(office, getattr(office, name))
        view = str(hands.view())
        assert "Luis García" in view
        assert "add_guest" not in view
        assert "change_guest" not in view


async def test_the_guests_are_told_whom_to_call_in_their_language(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(guest_language="es")
        assert "Su persona de contacto con nosotros durante esta visita: 李娜" in shown(await open_party(office))
