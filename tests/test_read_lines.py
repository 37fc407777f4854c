"""Lines about flights and trains pasted into the form, clients recognized while typing, and who hears of a visit."""

from datetime import UTC, datetime

from sqlmodel import select

from bot.models.visits import Visit
from tests.classic import only
from tests.reception import SHANGHAI, Reception, reception, text_of
from tests.test_clients import write_client
from tests.test_party import shown


async def the_visit(office: Reception) -> Visit:
    async with office.visita.database.read() as session:
        found: Visit = (await session.exec(select(Visit))).one()
        return found


async def test_a_pasted_line_fills_number_day_time_and_terminal(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.fill_form(office.lina, arrival_number="G7001 3月7日 下午3点10分 T2", arrival_place="出站口")
        await office.lina.choose(None, "departure_date", "2026-03-09")
        assert await office.lina.submit() == {}
        assert ":sparkles:" in shown(office.lina)
        assert await office.lina.submit() == {}
        assert "G7001" in shown(office.lina)
        assert await office.lina.submit() == {}
        visit = await the_visit(office)
        assert visit.arrives_at == datetime(2026, 3, 7, 15, 10, tzinfo=SHANGHAI).astimezone(UTC)
        assert (visit.arrival_number, visit.arrival_means) == ("G7001", "train")


async def test_what_the_line_filled_in_can_be_corrected(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.fill_form(office.lina, arrival_number="MU5102 4 Mar 10:00")
        assert await office.lina.submit() == {}
        await office.lina.choose(None, "arrival_time", "11:15")
        assert await office.lina.submit() == {}
        assert await office.lina.submit() == {}
        visit = await the_visit(office)
        assert visit.arrives_at == datetime(2026, 3, 4, 11, 15, tzinfo=SHANGHAI).astimezone(UTC)


async def test_an_open_visit_takes_a_line_too(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="change_visit")
        await office.lina.fill("departure_number", "IB3170 6 de marzo 20:45 h")
        await office.lina.fill("party_size", "6")
        assert await office.lina.submit() == {}
        assert await office.lina.submit() == {}
        visit = await the_visit(office)
        assert visit.departs_at == datetime(2026, 3, 6, 20, 45, tzinfo=SHANGHAI).astimezone(UTC)
        assert visit.departure_number == "IB3170"
        assert visit.party_size == 6, "what was typed besides stays typed when the line has been read"


async def test_the_client_comes_up_while_the_form_is_filled_in(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await write_client(office, cautions="不谈政治")
        await office.lina.command("/visit create")
        assert "不谈政治" not in shown(office.lina)
        await office.lina.fill("company", "acme s.a.")
        assert "不谈政治" in shown(office.lina)
        await office.lina.fill("guest_name", "Ana")
        await office.lina.choose(None, "arrival_date", "2026-03-05")
        assert "不谈政治" in shown(office.lina)
        assert "Ana" in str(office.lina.form())


async def test_administration_and_the_guests_contact_hear_at_once(database_url: str) -> None:
    async with reception(database_url, rulebook=only("A7", "A8")) as office:
        await office.open_visit(guest_language="es", food_notes="Sin cerdo")
        applied = text_of(office.last(office.liu))
        assert all(fact in applied for fact in ("MU5102", "Sin cerdo", "+34 612 34 56 99", "Luis García"))
        assert "Su persona de contacto" in text_of(office.last(office.lina))
        assert office.inbox(office.sofia) == []


async def test_a_number_to_be_announced_is_chased_until_it_is_known(database_url: str) -> None:
    async with reception(database_url, rulebook=only("A4", "A4b")) as office:
        await office.open_visit(arrival_number="", arrival_date="2026-03-12", departure_date="2026-03-13")
        await office.pass_time(until=datetime(2026, 3, 10, 9, 0, tzinfo=SHANGHAI))
        assert len(office.inbox(office.lina)) == 1
        assert office.inbox(office.liu) == []
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="change_visit")
        await office.lina.fill("arrival_number", "MU5102")
        assert await office.lina.submit() == {}
        await office.lina.close(everything=True)
        await office.pass_time(until=datetime(2026, 3, 13, 9, 0, tzinfo=SHANGHAI))
        assert not [message for message in office.inbox(office.liu) if "班次" in message["text"]]
