"""A past visit is held again: same people, new days, nothing sent before it is opened."""

from datetime import datetime

from sqlmodel import col, select

from bot.models.forms import PassportForm
from bot.models.guests import Guest
from bot.models.visits import Stop, StopKind, Visit
from bot.vault import new_key
from tests.reception import SHANGHAI, Reception, reception
from tests.test_papers import NAME, NUMBER
from tests.test_party import LIST, open_party, shown


async def _past_visit(office: Reception) -> None:
    """A visit with three named guests, a meeting, a restaurant for the dinner; then a month goes by."""
    await office.open_visit(leaders=["U06SOFIA", "U07ZHANG"])
    lina = await open_party(office)
    await lina.press(action_id="paste_guests")
    await lina.fill("list", LIST)
    await lina.submit()
    await lina.submit()
    await lina.close(everything=True)
    async with office.visita.database.write() as session:
        dinner = (await session.exec(select(Stop).where(Stop.kind == StopKind.MEAL, Stop.meal == "dinner"))).first()
        assert dinner is not None
        dinner.place, dinner.style, dinner.is_important = "状元楼", "banquet", True
        session.add(dinner)
        session.add(
            Stop(
                visit_id=1,
                kind=StopKind.MEETING,
                starts_at=datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI),
                ends_at=datetime(2026, 3, 6, 11, 0, tzinfo=SHANGHAI),
                subject="价格",
            )
        )
    actor = await office.actor("lina")
    await office.visita.desk.papers.keep_passport(actor, 1, PassportForm(NAME, NUMBER, is_confirmed=True))
    await office.pass_time(until=datetime(2026, 4, 8, 9, 0, tzinfo=SHANGHAI))


async def test_a_copy_is_a_draft_until_its_host_opens_it(database_url: str) -> None:
    async with reception(database_url, secret_keys=(new_key(),)) as office:
        await _past_visit(office)
        before = len(office.posts())
        await office.lina.command("/visit copy V-0001")
        assert "V-0001" in shown(office.lina)
        await office.settle()
        assert len(office.posts()) == before
        await office.lina.choose(None, "arrival_date", "2026-04-20")
        await office.lina.choose(None, "departure_date", "2026-04-21")
        assert await office.lina.submit() == {}
        assert await office.lina.submit() == {}
        await office.settle()
        async with office.visita.database.read() as session:
            visit = (await session.exec(select(Visit).where(Visit.number == 2))).one()
            stops = (
                await session.exec(select(Stop).where(Stop.visit_id == visit.key).order_by(col(Stop.starts_at)))
            ).all()
            party = (
                await session.exec(select(Guest).where(Guest.visit_id == visit.key).order_by(col(Guest.position)))
            ).all()
        assert visit.copied_from_id == 1
        assert [guest.name for guest in party] == ["Luis García", "Ana Pérez", "王芳"]
        assert [guest.allergies for guest in party] == ["", "alergia al maní", ""]
        assert [guest.passport for guest in party] == ["", "", ""]
        assert visit.party_size == 4
        at = [(stop.kind, f"{stop.starts_at.astimezone(SHANGHAI):%d %H:%M}", stop.place) for stop in stops]
        assert ("meeting", "21 09:00", "") in at
        assert ("meal", "20 18:30", "状元楼") in at
        assert len([stop for stop in stops if stop.meal == "dinner"]) == 1
        assert {stop.number for stop in stops} == {""}


async def test_passports_are_offered_to_be_confirmed_again(database_url: str) -> None:
    async with reception(database_url, secret_keys=(new_key(),)) as office:
        await _past_visit(office)
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="copy_visit")
        assert await office.lina.submit() == {}
        assert await office.lina.submit() == {}
        await office.lina.press(action_id="show_papers")
        async with office.visita.database.read() as session:
            guest = (await session.exec(select(Guest).where(Guest.visit_id == 2, Guest.position == 0))).one()
        await office.lina.press(action_id="show_passport", value=f"1~{guest.id}")
        assert NUMBER in str(office.lina.view())
        await office.lina.choose(None, "confirmed", ["confirmed"])
        assert await office.lina.submit() == {}
        form = await office.visita.desk.papers.passport(await office.actor("lina"), guest.key)
        assert (form.number, form.is_confirmed) == (NUMBER, True)


async def test_a_visit_of_another_reference_is_not_found(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.lina.command("/visit copy V-0099")
        assert office.lina.view() is None
        assert "V-0099" in office.lina.ephemerals("reception")[-1]["text"]
