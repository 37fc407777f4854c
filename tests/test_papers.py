"""Passport data (A5): typed and seen only by those who may, kept sealed, never anywhere else."""

import logging
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.errors import NoSecretKey, NotAllowed
from bot.models.forms import PassportForm
from bot.models.guests import Guest
from bot.models.people import Actor, Person
from bot.models.roles import Role
from bot.models.visits import Visit
from bot.services.papers import Papers
from bot.vault import Vault, new_key
from sandbox.hands import Hands
from tests.classic import only
from tests.reception import Reception, reception
from tests.samples import at
from tests.test_party import shown

NAME, NUMBER = "GARCIA LOPEZ LUIS", "XDB123456"
_TABLES = ("visit", "guest", "draft", "notice", "record", "client", "declaration")


async def open_papers(office: Reception, who: Hands) -> None:
    await who.press(office.card(), action_id="show_visit")
    await who.press(action_id="show_papers")


async def type_passport(
    who: Hands, name: str = NAME, number: str = NUMBER, *, confirmed: bool = True
) -> dict[str, str]:
    await who.press(action_id="show_passport", value="1~1")
    await who.fill("passport_name", name)
    await who.fill("passport_number", number)
    await who.choose(None, "confirmed", ["confirmed"] if confirmed else [])
    return await who.submit()


async def state_of(office: Reception) -> Guest:
    async with office.visita.database.read() as session:
        return (await session.exec(select(Guest))).one()


async def test_passport_data_is_kept_sealed_and_nowhere_else(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for ours in ("bot", "handlers", "schedules"):  # as the setting DEBUG does: libraries stay at INFO
        caplog.set_level(logging.DEBUG, logger=ours)
    async with reception(database_url, secret_keys=(new_key(),)) as office:
        await office.open_visit(foreign="with_letter")
        await open_papers(office, office.lina)
        assert set(await type_passport(office.lina, number="?")) == {"passport_number"}
        await office.lina.close()
        assert await type_passport(office.lina) == {}
        assert "已确认" in shown(office.lina)
        assert NUMBER not in shown(office.lina)
        await office.lina.press(action_id="show_passport", value="1~1")
        view = office.lina.view()
        assert view is not None
        assert NUMBER in str(view["blocks"])
        assert NUMBER not in str(view["private_metadata"])
        await office.lina.close(everything=True)
        await office.settle()
        async with office.visita.database.read() as session:
            connection = await session.connection()
            for table in _TABLES:
                rows = (await connection.execute(text(f"SELECT * FROM {table}"))).all()
                assert NUMBER not in str(rows)
                assert NAME not in str(rows)
        posted = str([getattr(entry, "arguments", entry) for entry in office.posts()])
        assert NUMBER not in posted
        assert NUMBER not in caplog.text
        assert NAME not in caplog.text


async def test_only_who_may_see_them_gets_to_passports(database_url: str) -> None:
    async with reception(database_url, secret_keys=(new_key(),)) as office:
        await office.open_visit(foreign="with_letter", lead_host="U02CARLOS")
        await open_papers(office, office.carlos)
        await type_passport(office.carlos)
        await open_papers(office, office.lina)
        assert "show_passport" not in str(office.lina.view()), "she opened the visit and may change it, no more"
        with pytest.raises(NotAllowed):
            await office.visita.desk.papers.passport(await office.actor("lina"), 1)
        with pytest.raises(NotAllowed):
            await office.visita.desk.papers.keep_passport(await office.actor("lina"), 1, PassportForm(NAME, "A1234567"))
        await open_papers(office, office.liu)
        await office.liu.press(action_id="show_passport", value="1~1")
        assert NUMBER in str(office.liu.view()), "she is named for it in the settings"


@pytest.mark.parametrize("is_host", [True, False])
@pytest.mark.parametrize("has_role", [True, False])
@pytest.mark.parametrize("is_administration", [True, False])
@pytest.mark.parametrize("same_workspace", [True, False])
def test_who_may_see_passports(is_host: bool, has_role: bool, is_administration: bool, same_workspace: bool) -> None:
    visit = Visit(
        id=1,
        workspace_id="T",
        number=1,
        zone="UTC",
        company="A",
        guest_name="B",
        lead_host_id=1,
        opened_by_id=2,
        arrives_at=at(5, 9),
        departs_at=at(6, 9),
        opened_at=at(1, 9),
        prepared_from=at(1, 9),
    )
    roles = {Role.PASSPORTS} if has_role else set()
    roles |= {Role.ADMINISTRATION} if is_administration else set()
    person = Person(id=1 if is_host else 2, workspace_id="T" if same_workspace else "O", slack_id="U", name="N")
    assert visit.can_see_passports(Actor(person, frozenset(roles))) == (same_workspace and (is_host or has_role))


async def test_what_changes_has_to_be_confirmed_again(database_url: str) -> None:
    async with reception(database_url, secret_keys=(new_key(),)) as office:
        await office.open_visit(foreign="with_letter")
        await open_papers(office, office.lina)
        await type_passport(office.lina)
        first = await state_of(office)
        assert first.passport_confirmed_at is not None
        await type_passport(office.lina, confirmed=False)
        assert (await state_of(office)).passport_confirmed_at == first.passport_confirmed_at
        await type_passport(office.lina, number="XDB999999", confirmed=False)
        assert (await state_of(office)).passport_confirmed_at is None
        await type_passport(office.lina, "", "", confirmed=False)
        assert (await state_of(office)).passport == ""


async def test_the_letter_is_issued_when_everybody_has_confirmed(database_url: str) -> None:
    async with reception(database_url, secret_keys=(new_key(),), rulebook=only("A5")) as office:
        await office.open_visit(foreign="with_letter")
        assert len(office.inbox(office.lina)) == 1
        await open_papers(office, office.lina)
        await office.lina.press(action_id="issue_letter")
        assert "Luis García" in shown(office.lina)
        await office.lina.close()
        await type_passport(office.lina)
        await office.lina.press(action_id="issue_letter")
        await office.visita.desk.under_way.ended()
        assert ":white_check_mark:" in shown(office.lina)


async def test_without_a_key_the_window_says_so(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(foreign="with_letter")
        await open_papers(office, office.lina)
        await office.lina.press(action_id="show_passport", value="1~1")
        assert "密钥" in shown(office.lina)
        assert "passport_number" not in str(office.lina.view())


async def test_another_key_opens_nothing(database_url: str) -> None:
    async with reception(database_url, secret_keys=(new_key(),)) as office:
        await office.open_visit(foreign="with_letter")
        actor = await office.actor("lina")
        await office.visita.desk.papers.keep_passport(actor, 1, PassportForm(NAME, NUMBER, is_confirmed=True))
        assert (await office.visita.desk.papers.passport(actor, 1)).number == NUMBER
        other = Papers(replace(office.visita.desk.papers.office), Vault((new_key(),)))
        with pytest.raises(NoSecretKey) as refused:
            await other.passport(actor, 1)
        assert NUMBER not in repr(refused.value)


async def test_the_papers_that_authorities_want_are_a_checklist(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await open_papers(office, office.lina)
        await office.lina.choose(None, "wanted", ["guest_list", "insurance"])
        await office.lina.choose(None, "there", ["insurance"])
        assert await office.lina.submit() == {}
        await office.lina.press(action_id="show_papers")
        assert {name: "initial_options" in str(_block(office.lina, name)) for name in ("wanted", "there")} == {
            "wanted": True,
            "there": True,
        }
        async with office.visita.database.read() as session:
            assert (await session.exec(select(Visit))).one().papers == {"guest_list": False, "insurance": True}


def _block(hands: Hands, block_id: str) -> object:
    view = hands.view()
    assert view is not None
    return next(block for block in view["blocks"] if block.get("block_id") == block_id)


def test_a_form_shows_nothing_of_a_passport() -> None:
    assert NUMBER not in repr(PassportForm(NAME, NUMBER))
