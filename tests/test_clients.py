"""Clients through the front door: recognized, checked, their profile coming up by itself (A2, A6)."""

import pytest
from sqlmodel import select

from bot.models.people import Workspace
from bot.models.visits import Background, Visit
from tests.classic import only
from tests.reception import Reception, labels, reception, text_of
from tests.samples import at
from tests.test_party import shown


async def write_client(office: Reception, **texts: str) -> None:
    """The client's window, filled in from the newest card."""
    await office.lina.press(office.card(), action_id="show_visit")
    await office.lina.press(action_id="show_client")
    for name, text in texts.items():
        if name == "background":
            await office.lina.choose(None, name, text)
        else:
            await office.lina.fill(name, text)
    assert await office.lina.submit() == {}
    await office.lina.close(everything=True)
    await office.settle()


async def test_a_returning_client_comes_up_by_itself(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(company="Acme")
        await write_client(office, preferences="喝茶", lessons="会议室太小", strength="500 人")
        await office.fill_form(office.lina, company="ACME, S.A. de C.V.")
        assert await office.lina.submit() == {}
        assert all(text in shown(office.lina) for text in ("V-0001", "喝茶", "会议室太小"))
        assert "500 人" not in shown(office.lina)
        assert await office.lina.submit() == {}
        assert "会议室太小" in shown(office.lina)
        await office.lina.press(action_id="show_client")
        assert "500 人" in str(office.lina.view())


async def test_what_is_still_to_come_is_no_earlier_visit(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(company="Acme")
        await office.fill_form(office.lina, company="ACME", arrival_date="2026-03-09", departure_date="2026-03-10")
        assert ":calendar:" in shown(office.lina), "the same visit may be entered for the second time"
        await office.lina.close(everything=True)
        await office.pass_time(days=7)
        await office.lina.command("/visit create")
        await office.lina.fill("company", "ACME, S.A.")
        assert ":calendar:" not in shown(office.lina)
        assert ":bust_in_silhouette:" in shown(office.lina)


async def test_a_name_nobody_knows_is_asked_about(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.fill_form(office.lina, company="Globex")
        await office.lina.submit()
        assert "老客户" in shown(office.lina)


@pytest.mark.parametrize("finding", [Background.CLEAR, Background.COMPETITOR, Background.DOES_NOT_EXIST])
async def test_the_background_check_is_owed_until_something_was_found(database_url: str, finding: Background) -> None:
    async with reception(database_url, rulebook=only("A2")) as office:
        await office.open_visit(is_new_client="yes")
        assert labels(office.last(office.lina)) == ["填写核查结果"], "the way to where the outcome is noted"
        assert "背景核查" in text_of(office.card())
        await office.lina.press(office.last(office.lina), action_id="show_client")
        await office.lina.choose(None, "background", finding)
        await office.lina.fill("background_notes", "官网打不开")
        assert await office.lina.submit() == {}
        await office.settle()
        assert "背景" not in text_of(office.card()), "nothing is owed any more, and a channel reads no finding"
        await office.lina.command("/visit show V-0001", channel="general")
        warned = "官网打不开" in text_of(office.lina.ephemerals("general")[-1])
        assert warned == (finding != Background.CLEAR)
        await office.pass_time(days=2)
        assert len([m for m in office.inbox(office.lina) if "背景核查" in m["text"]]) == 1, "nobody is chased"


async def test_what_was_found_of_one_company_does_not_hold_for_another(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(is_new_client="yes")
        await write_client(office, background="clear")
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(action_id="change_visit")
        await office.lina.fill("company", "Globex")
        assert await office.lina.submit() == {}
        await office.lina.close(everything=True)
        await office.settle()
        assert "尚未完成" in text_of(office.card())


@pytest.mark.parametrize("place", ["T2, Gate 4", "上海虹桥 T2"])
async def test_arriving_elsewhere_than_asked_is_said(database_url: str, place: str) -> None:
    async with reception(database_url) as office:
        async with office.visita.database.write() as session:
            house = (await session.exec(select(Workspace))).one()
            house.preferred_port, house.port_hint = "上海虹桥", "从浦东坐地铁要两小时"
            session.add(house)
        await office.fill_form(office.lina, arrival_place=place)
        await office.lina.submit()
        assert ("从浦东坐地铁要两小时" in shown(office.lina)) == (place == "T2, Gate 4")


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("background", Background)
def test_a_plan_is_not_approved_while_the_check_is_open(is_new: bool, background: Background) -> None:
    visit = _visit(is_new_client=is_new, background=background)
    assert visit.can_be_approved == (not is_new or background != Background.OPEN)
    assert visit.is_doubtful == (background in (Background.COMPETITOR, Background.DOES_NOT_EXIST))


def _visit(*, is_new_client: bool, background: Background) -> Visit:
    return Visit(
        id=1,
        workspace_id="T",
        number=1,
        zone="UTC",
        company="A",
        guest_name="B",
        arrives_at=at(5, 9),
        departs_at=at(6, 9),
        opened_at=at(1, 9),
        lead_host_id=1,
        opened_by_id=2,
        is_new_client=is_new_client,
        background=background,
    )
