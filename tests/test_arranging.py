"""`/visit settings`: who may, the pages, what a change would do to open visits, and what it then does."""

from datetime import datetime

import pytest

from bot.app import read_rulebook
from bot.models.notices import Notice, NoticeState
from bot.models.people import RoleHolder, Workspace
from bot.models.rearrangement import Rearrangement
from bot.models.roles import Role
from bot.models.settings import RuleOverride
from bot.models.visits import Visit
from bot.services.replanning import Replanning
from handlers.arranging import COUNTED_AT_ONCE
from sandbox.hands import Hands
from tests.classic import only
from tests.reception import SHANGHAI, reception, seen, text_of
from tests.tables import rows

HERE = "reception"


async def open_page(hands: Hands, page: str, item: str = "") -> None:
    """The menu, and from there one of its pages."""
    await hands.command("/visit settings")
    await hands.press(action_id="show_settings", value=f"1~{page}~")
    if item:
        await hands.press(action_id="show_settings", value=f"1~rule~{item}")


def shown(hands: Hands) -> str:
    view = hands.view()
    assert view is not None
    return text_of(view)


async def test_the_settings_are_for_administrators_and_those_they_name(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.lina.command("/visit settings", channel=HERE)
        assert office.lina.view() is None
        assert office.lina.ephemerals(HERE)
        await open_page(office.liu, "rights")
        await office.liu.choose(None, "settings", ["U01LINA"])
        assert await office.liu.submit() == {}
        await open_page(office.lina, "rights")
        await open_page(office.liu, "rights")
        await office.liu.choose(None, "settings", [])
        assert await office.liu.submit() == {}
        await office.lina.choose(None, "passports", ["U01LINA"])
        await office.lina.submit()
        assert await rows(office, RoleHolder, role=Role.SETTINGS) == []
        assert [h.person_id for h in await rows(office, RoleHolder, role=Role.PASSPORTS)] != [], "as it was"
        lina = await office.actor("lina")
        assert not lina.has(Role.PASSPORTS), "she may no longer save what she had open"


async def test_two_who_settle_roles_at_once_keep_what_each_has_chosen(database_url: str) -> None:
    """The page of one was open before the other saved: what was left alone is not theirs to change back."""
    async with reception(database_url) as office:
        carlos = (await office.actor("carlos")).id
        await open_page(office.liu, "organizers")
        arrange = office.visita.desk.arrangements.arrange
        changed = Rearrangement(holders={Role.FINANCE: (carlos,)}, deputies={Role.DRIVER: (carlos,)})
        await arrange(await office.actor("liu"), changed)
        await office.liu.choose(None, "driver", ["U05WANG"])
        assert await office.liu.submit() == {}
        assert [h.person_id for h in await rows(office, RoleHolder, role=Role.FINANCE)] == [carlos]
        wang = (await office.actor("wang")).id
        assert [h.person_id for h in await rows(office, RoleHolder, role=Role.DRIVER, is_deputy=False)] == [wang]
        assert [h.person_id for h in await rows(office, RoleHolder, role=Role.DRIVER, is_deputy=True)] == [carlos]


async def test_the_site_is_set_with_menus_that_are_searched(database_url: str) -> None:
    async with reception(database_url) as office:
        await open_page(office.liu, "site")
        await office.liu.choose(None, "zone", "Europe/Madrid")
        await office.liu.choose(None, "country", "ES")
        await office.liu.choose(None, "opens", "08:00")
        await office.liu.choose(None, "closes", "07:00")
        assert set(await office.liu.submit()) == {"closes"}
        await office.liu.choose(None, "closes", "16:00")
        await office.liu.fill("address", "Calle Mayor 1\n28013 Madrid")
        assert await office.liu.submit() == {}
        (site,) = await rows(office, Workspace)
        assert (site.zone, site.country, site.opens, site.closes) == ("Europe/Madrid", "ES", "08:00", "16:00")
        assert site.address == "Calle Mayor 1\n28013 Madrid"
        assert "08:00–16:00" in shown(office.liu)


async def test_cities_and_countries_are_found_in_the_readers_language(database_url: str) -> None:
    async with reception(database_url) as office:
        await open_page(office.liu, "site")
        for field, typed, value in (
            ("zone", "马德里时间（Europe/Madrid）", "Europe/Madrid"),
            ("country", "西班牙（ES）", "ES"),
        ):
            await office.liu.choose(None, field, typed)
            chosen = office.liu.form()[field][field]["selected_option"]
            assert chosen["value"] == value


async def test_airports_and_food_rules(database_url: str) -> None:
    async with reception(database_url) as office:
        await open_page(office.liu, "journeys")
        await office.liu.fill("preferred_port", "PVG")
        await office.liu.fill("early_train", "no")
        await office.liu.fill("early_domestic", "900")
        assert set(await office.liu.submit()) == {"early_train", "early_domestic"}
        await office.liu.fill("early_train", "45")
        await office.liu.fill("early_domestic", "90")
        assert await office.liu.submit() == {}
        await office.liu.press(action_id="show_settings", value="1~meals~")
        await office.liu.fill("food_rules", "No seafood for inland guests.")
        assert await office.liu.submit() == {}
        (site,) = await rows(office, Workspace)
        assert (site.preferred_port, site.early_train, site.early_domestic) == ("PVG", 45, 90)
        assert site.food_rules == "No seafood for inland guests."


async def test_a_role_has_people_and_deputies_who_are_not_the_same(database_url: str) -> None:
    async with reception(database_url) as office:
        await open_page(office.liu, "house")
        await office.liu.choose(None, "it", ["U11ZHAO"])
        await office.liu.choose(None, "it_deputies", ["U11ZHAO", "U14HUANG"])
        assert set(await office.liu.submit()) == {"it_deputies"}
        await office.liu.choose(None, "it_deputies", ["U14HUANG"])
        assert await office.liu.submit() == {}
        found = await rows(office, RoleHolder, role=Role.IT)
        assert [holder.is_deputy for holder in found] == [False, True]


async def test_a_role_nobody_fills_is_said_at_once(database_url: str) -> None:
    async with reception(database_url, rulebook=read_rulebook(), approved=True) as office:
        await office.liu.open_home()
        assert ":warning:" not in text_of(office.liu.home() or {})
        await open_page(office.liu, "house")
        assert ":warning:" not in shown(office.liu)
        await office.liu.choose(None, "it", [])
        assert await office.liu.submit() == {}
        assert ":warning:" in shown(office.liu)
        for who, warned in ((office.liu, True), (office.lina, False)):
            await who.open_home()
            assert (":warning:" in text_of(who.home() or {})) is warned, "only those who can change it"
        await office.open_visit()
        assert "信息部" in text_of(office.card())
        await open_page(office.liu, "house")
        await office.liu.choose(None, "it", ["U11ZHAO"])
        await office.liu.submit()
        if seen(office.liu.view())["callback_id"] == "settings_effect":
            assert await office.liu.submit() == {}
        await office.settle()
        assert "信息部" not in text_of(office.card())


async def test_what_a_change_would_do_is_shown_before_it_is_done(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await open_page(office.liu, "lead_times", "D1.2")
        for wrong in ("soon", "90d", ""):
            await office.liu.fill("lead@D1.2", wrong)
            assert set(await office.liu.submit()) == {"lead@D1.2"}, wrong
        await office.liu.fill("lead@D1.2", "2h")
        assert await office.liu.submit() == {}
        assert seen(office.liu.view())["callback_id"] == "settings_effect"
        assert "2 条消息改期" in shown(office.liu), "driver and greeter"
        assert await rows(office, RuleOverride) == [], "nothing is saved yet"

        await office.liu.close()
        assert office.liu.form()["lead@D1.2"]["lead@D1.2"]["value"] == "2h", "what was typed is still there"
        assert await office.liu.submit() == {}
        assert await office.liu.submit() == {}
        assert [override.lead for override in await rows(office, RuleOverride)] == ["2h"]
        due = {n.due_at for n in await rows(office, Notice, rule="D1.2")}
        assert due == {datetime(2026, 3, 5, 12, 30, tzinfo=SHANGHAI)}
        assert ":pencil2:" in shown(office.liu), "back in the list it came from"

        await office.pass_time(until=datetime(2026, 3, 5, 12, 31, tzinfo=SHANGHAI))
        told = len(office.inbox(office.chen))
        await office.liu.press(action_id="show_settings", value="1~rule~D1.2")
        await office.liu.press(action_id="reset_rule")
        assert await rows(office, RuleOverride) == []
        await office.pass_time(hours=2)
        assert len(office.inbox(office.chen)) == told, "nobody is told twice"


async def test_with_many_open_visits_the_effect_is_shown_as_soon_as_it_is_known(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        (first,) = await rows(office, Visit)
        async with office.visita.database.write() as session:
            again = first.model_dump(exclude={"id", "number"})
            session.add_all(Visit(number=n, **again) for n in range(2, COUNTED_AT_ONCE + 2))
        await open_page(office.liu, "lead_times", "D1.2")
        await office.liu.fill("lead@D1.2", "2h")
        assert await office.liu.submit() == {}
        await office.liu.until(lambda: "2 条消息改期" in shown(office.liu))
        assert await office.liu.submit() == {}
        assert await Replanning(office.visita.delivery.outbox.office).catch_up(with_release=False) == 1
        due = {n.due_at for n in await rows(office, Notice, rule="D1.2")}
        assert due == {datetime(2026, 3, 5, 12, 30, tzinfo=SHANGHAI)}


async def test_an_entry_that_is_off_is_sent_to_nobody(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await open_page(office.liu, "lead_times", "D1.2")
        await office.liu.choose(None, "is_on@D1.2", "off")
        assert await office.liu.submit() == {}
        assert "2 条消息取消" in shown(office.liu)
        assert await office.liu.submit() == {}
        assert {n.state for n in await rows(office, Notice, rule="D1.2")} == {NoticeState.WITHDRAWN}
        assert ":no_bell:" in shown(office.liu)


async def test_what_is_due_already_under_the_new_rule_goes_out_at_once(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(until=datetime(2026, 3, 5, 12, 0, tzinfo=SHANGHAI))
        before = len(office.inbox(office.chen))
        await open_page(office.liu, "lead_times", "D1.2")
        await office.liu.fill("lead@D1.2", "3h")
        assert await office.liu.submit() == {}
        assert "其中 2 条立即发送" in shown(office.liu)
        assert await office.liu.submit() == {}
        await office.settle()
        assert len(office.inbox(office.chen)) == before + 1


async def test_office_hours_can_be_kept_or_ignored(database_url: str) -> None:
    async with reception(database_url, rulebook=only("C1", "D1.1")) as office:
        await office.open_visit(arrival_date="2026-03-09", departure_date="2026-03-10")
        (friday,) = {n.due_at for n in await rows(office, Notice, rule="D1.1")}
        assert friday == datetime(2026, 3, 6, 17, 0, tzinfo=SHANGHAI), "brought forward into office hours"
        await open_page(office.liu, "lead_times", "D1.1")
        await office.liu.choose(None, "hours@D1.1", "ignore")
        assert await office.liu.submit() == {}
        assert await office.liu.submit() == {}
        (sunday,) = {n.due_at for n in await rows(office, Notice, rule="D1.1")}
        assert sunday == datetime(2026, 3, 8, 14, 30, tzinfo=SHANGHAI)


async def test_another_part_of_the_rulebook_is_chosen(database_url: str) -> None:
    async with reception(database_url, rulebook=read_rulebook()) as office:
        await open_page(office.liu, "lead_times")
        await office.liu.choose(None, "choose_section", "meals")
        assert "用餐提醒" in shown(office.liu)
        await office.liu.press(action_id="show_settings", value="1~menu~")
        assert seen(office.liu.view())["callback_id"] == "settings"


async def test_cars_and_rooms_come_and_go(database_url: str) -> None:
    async with reception(database_url) as office:
        await open_page(office.liu, "cars")
        await office.liu.press(action_id="add_vehicle")
        await office.liu.fill("name", "红旗 H9")
        await office.liu.fill("plate", "苏A 00001")
        await office.liu.fill("seats", "six")
        assert set(await office.liu.submit()) == {"seats"}
        await office.liu.fill("seats", "3")
        assert await office.liu.submit() == {}
        assert "红旗 H9" in shown(office.liu)
        await office.liu.press(action_id="retire_vehicle", value="1~1")
        assert "GL8" not in shown(office.liu)
        await office.liu.press(action_id="show_settings", value="1~menu~")
        await office.liu.press(action_id="show_settings", value="1~rooms~")
        await office.liu.press(action_id="add_room")
        await office.liu.fill("name", "三号会议室")
        await office.liu.fill("capacity", "many")
        assert set(await office.liu.submit()) == {"capacity"}
        await office.liu.fill("capacity", "30")
        assert await office.liu.submit() == {}
        assert "三号会议室" in shown(office.liu)
        await office.liu.press(action_id="retire_room", value="1~1")
        assert "一号会议室" not in shown(office.liu)


async def test_ranks_are_the_houses_own(database_url: str) -> None:
    async with reception(database_url) as office:
        await open_page(office.liu, "ranks")
        await office.liu.press(action_id="use_preset", value="1~university")
        assert "院长、处长" in shown(office.liu)
        await office.liu.press(action_id="edit_rank", value="1~0~change")
        await office.liu.fill("value", "65")
        await office.liu.fill("zh_CN", "所长")
        assert set(await office.liu.submit()) == {"value"}
        await office.liu.fill("value", "0")
        assert set(await office.liu.submit()) == {"value"}
        await office.liu.fill("value", "62")
        assert await office.liu.submit() == {}
        assert "所长" in shown(office.liu)
        await office.liu.press(action_id="give_rank")
        await office.liu.choose(None, "person", "U01LINA")
        await office.liu.choose(None, "rank", "62")
        assert await office.liu.submit() == {}
        assert "<@U01LINA>：所长" in shown(office.liu)
        await office.lina.command("/visit create")
        await office.lina.choose(None, "guest_rank", "所长")


async def test_a_rank_is_changed_and_removed(database_url: str) -> None:
    async with reception(database_url) as office:
        await open_page(office.liu, "ranks")
        await office.liu.press(action_id="edit_rank", value="1~1~change")
        await office.liu.fill("zh_CN", "主席")
        assert await office.liu.submit() == {}
        assert "主席" in shown(office.liu)
        assert "<@U07ZHANG>：总经理" in shown(office.liu)
        found = office.visita.desk.furnishings
        ranks = await found.ranks("T01JIANGNAN")
        manager = next(rank for rank in ranks if rank.value == 85)
        await office.liu.press(action_id="edit_rank", value=f"1~{manager.id}~remove")
        assert "<@U07ZHANG>：常务副总经理" in shown(office.liu), "the next one below"


async def test_a_reception_channel_chosen_late_gets_the_cards_of_open_visits(database_url: str) -> None:
    async with reception(database_url) as office:
        office.workspace.add_channel("visits", is_private=True, members=["U08LIU", "U01LINA"])
        await office.open_visit()
        await open_page(office.liu, "site")
        await office.liu.choose(None, "reception_channel", "visits")
        assert set(await office.liu.submit()) == {"reception_channel"}, "the bot was not invited"
        await office.liu.choose(None, "reception_channel", "general")
        assert await office.liu.submit() == {}
        await office.settle()
        cards = [m for m in office.lina.messages("general") if m.get("bot_id")]
        assert "V-0001" in cards[-1]["text"]


@pytest.mark.parametrize("value", ["1~nowhere~", "1~rule~Z9", "0~menu~"])
async def test_a_button_of_another_release_is_answered(database_url: str, value: str) -> None:
    async with reception(database_url) as office:
        await office.liu.command("/visit settings")
        view = office.liu.view()
        assert view is not None
        view["blocks"][1]["accessory"]["value"] = value
        await office.liu.press(view, value=value, as_shown=True)
        assert seen(office.liu.view())["callback_id"] == "nothing"
