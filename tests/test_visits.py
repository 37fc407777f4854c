"""Opening, changing and canceling a visit, and who hears of it."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from bot.errors import FormErrors
from sandbox.hands import Hands
from tests.reception import SHANGHAI, Reception, labels, reception, seen, text_of

PICKUP_DAY = datetime(2026, 3, 5, 13, 45, tzinfo=SHANGHAI)
"""After the pick-up reminder of 13:30, before the plane of 14:30."""


async def _stop_window(office: Reception, stop: int) -> None:
    await office.lina.press(office.card(), action_id="show_visit")
    await office.lina.press(None, action_id="stop_menu", value=f"1~change~{stop}")


async def test_moving_the_pickup_tells_those_who_had_been_told(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN", leaders=["U07ZHANG"])
        await office.pass_time(until=PICKUP_DAY)
        before = {name: len(office.inbox(getattr(office, name))) for name in ("chen", "sofia", "zhang", "grace")}
        await _stop_window(office, 1)
        await office.lina.choose(None, "starts", "16:10")
        assert await office.lina.submit() == {}
        await office.settle()

        for name in ("chen", "sofia"):
            news = office.last(getattr(office, name))
            assert "16:10" in news["text"], name
            assert "14:30" in text_of(news), name
        old = office.inbox(office.chen)[-2]
        assert labels(old) == [], "the overtaken reminder cannot be answered any more"
        for name in ("zhang", "grace"):
            assert len(office.inbox(getattr(office, name))) == before[name], f"{name} is not concerned"

        await office.pass_time(hours=2)
        again = office.last(office.chen)
        assert "1 小时" in again["text"]
        assert "16:10" in again["text"]
        assert len(office.inbox(office.chen)) == before["chen"] + 2


async def test_a_move_before_anybody_was_told_tells_nobody(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await _stop_window(office, 1)
        await office.lina.choose(None, "starts", "16:10")
        assert await office.lina.submit() == {}
        await office.pass_time(hours=3)
        assert office.inbox(office.chen) == []
        await office.pass_time(until=PICKUP_DAY)
        assert office.inbox(office.chen) == []
        await office.pass_time(hours=2)
        assert "16:10" in office.last(office.chen)["text"]


async def test_changes_within_a_minute_are_one_message(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN")
        await office.pass_time(days=1, hours=7)
        told = len(office.inbox(office.liu))
        for fields in ({"arrival_time": "15:30"}, {"arrival_time": "15:45", "arrival_number": "MU5104"}):
            await office.lina.press(office.card(), action_id="show_visit")
            await office.lina.press(None, action_id="change_visit")
            for field, value in fields.items():
                if field.endswith("number"):
                    await office.lina.fill(field, value)
                else:
                    await office.lina.choose(None, field, value)
            assert await office.lina.submit() == {}
            await office.lina.close(everything=True)
        await office.pass_time(minutes=5)
        assert len(office.inbox(office.liu)) == told + 1
        news = text_of(office.last(office.liu))
        assert "15:45" in news
        assert "MU5104" in news
        assert "15:30" not in news


async def test_a_change_that_is_taken_back_in_time_is_not_told(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.pass_time(days=1, hours=7)
        told = len(office.inbox(office.liu))
        for time in ("15:30", "14:30"):
            await _stop_window(office, 1)
            await office.lina.choose(None, "starts", time)
            assert await office.lina.submit() == {}
            await office.lina.close(everything=True)
        await office.pass_time(minutes=5)
        assert len(office.inbox(office.liu)) == told


async def test_canceling_tells_those_concerned_and_withdraws_the_rest(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(driver="U04CHEN", leaders=["U07ZHANG"])
        await office.pass_time(until=PICKUP_DAY)
        await office.lina.command("/visit cancel V-0001")
        await office.lina.fill("reason", "航班取消")
        assert await office.lina.submit() == {}
        await office.settle()
        for name in ("chen", "sofia", "liu", "zhou"):
            assert "航班取消" in text_of(office.last(getattr(office, name))), name
        assert office.inbox(office.zhang) == [], "whoever had not been told of the visit hears nothing"
        assert "航班取消" in text_of(office.card())
        count = {name: len(office.inbox(getattr(office, name))) for name in ("chen", "sofia", "liu", "zhou", "lina")}
        await office.pass_time(days=3)
        assert count == {name: len(office.inbox(getattr(office, name))) for name in count}, "nothing follows"


async def test_only_host_and_administration_cancel(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        for name in ("chen", "carlos", "zhang"):
            hands = getattr(office, name)
            await hands.command("/visit cancel 1", channel="reception")
            assert hands.view() is None
            assert hands.ephemerals("reception"), "a clear private answer"
        await office.liu.command("/visit cancel v1")
        assert office.liu.view() is not None


async def test_a_canceled_visit_stays_canceled(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await office.lina.press(office.card(), action_id="show_visit")
        for _ in range(2):
            await office.lina.command("/visit cancel 1", channel="reception")
            top = office.lina.view()
            if top and top["callback_id"] == "cancel_visit":
                await office.lina.fill("reason", "改期")
                await office.lina.submit()
        assert "V-0001" in office.lina.ephemerals("reception")[-1]["text"]


async def test_a_meal_is_added_changed_and_removed(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.lina.press(office.card(), action_id="show_visit")
        await office.lina.press(None, action_id="add_stop")
        await office.lina.choose(None, "choose_kind", "1~1~meal")
        await office.lina.choose(None, "meal", "breakfast")
        await office.lina.choose(None, "day", "2026-03-06")
        await office.lina.choose(None, "starts", "07:30")
        await office.lina.fill("place", "酒店三楼")
        assert await office.lina.submit() == {}
        await office.settle()
        assert "酒店三楼" in text_of(office.card())

        await office.pass_time(until=datetime(2026, 3, 6, 4, 0, tzinfo=SHANGHAI))
        assert "酒店三楼" in text_of(office.last(office.sofia))
        await office.lina.press(None, action_id="stop_menu", value=f"1~remove~{await office.newest_stop()}")
        assert await office.lina.submit() == {}
        told = len(office.inbox(office.sofia))
        await office.pass_time(minutes=2)
        assert len(office.inbox(office.sofia)) == told + 1
        assert "酒店三楼" not in text_of(office.card())


async def test_nothing_typed_is_lost(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.fill_form(office.lina, party_size="four", contact_phone="12")
        errors = await office.lina.submit()
        assert {field.partition("@")[0] for field in errors} == {"party_size", "contact_phone"}
        await office.lina.close()
        await office.lina.command("/visit create")
        form = office.lina.form()
        values = {name.partition("@")[0]: next(iter(value.values())) for name, value in form.items()}
        assert values["company"]["value"] == "Acme"
        assert values["contact_name"]["value"] == "Pedro Gómez"
        assert values["arrival_date"]["selected_date"] == "2026-03-05"

        await office.lina.press(None, action_id="start_afresh")
        form = office.lina.form()
        values = {name.partition("@")[0]: next(iter(value.values())) for name, value in form.items()}
        assert not values["company"].get("value")


async def test_back_from_the_read_back_keeps_the_form(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.fill_form(office.lina)
        assert await office.lina.submit() == {}
        shown = text_of(office.lina.view())
        for said in ("Luis García", "+34 612 34 56 99", "MU5102", "14:30"):
            assert said in shown
        await office.lina.close()
        await office.lina.fill("company", "Acme Ibérica")
        assert await office.lina.submit() == {}
        assert "Acme Ibérica" in text_of(office.lina.view())


async def test_a_visit_is_opened_once(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.fill_form(office.lina)
        assert await office.lina.submit() == {}
        actor = await office.actor("lina")
        draft = seen(office.lina.view())["private_metadata"].split("~")[1]
        opened = await asyncio.gather(*(office.visita.desk.visits.open(actor, draft) for _ in range(5)))
        assert sum(now for _, now in opened) == 1
        assert {visit.number for visit, _ in opened} == {1}


async def test_whom_another_window_named_meanwhile_is_asked_for_in_slack(database_url: str) -> None:
    """The read-back has looked up everybody who stood in the form then; the draft may name others by now."""
    async with reception(database_url) as office:
        office.workspace.users.add(id="U99NADIA", name="nadia", real_name="Nadia Cruz")
        await office.fill_form(office.lina)
        assert await office.lina.submit() == {}
        actor, drafts = await office.actor("lina"), office.visita.desk.drafts
        draft = seen(office.lina.view())["private_metadata"].split("~")[1]
        form = await drafts.kept(actor, draft)
        await drafts.keep(actor, draft, replace(form, greeters=("U99NADIA",)))
        assert await office.lina.submit() == {}
        assert "<@U99NADIA>" in text_of(office.lina.view())


async def test_an_app_named_in_another_window_meanwhile_opens_nothing(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.fill_form(office.lina)
        assert await office.lina.submit() == {}
        actor, drafts = await office.actor("lina"), office.visita.desk.drafts
        draft = seen(office.lina.view())["private_metadata"].split("~")[1]
        form = await drafts.kept(actor, draft)
        await drafts.keep(actor, draft, replace(form, greeters=("USLACKBOT",)))
        await office.lina.submit()
        assert "应用不可选" in text_of(office.lina.view())
        assert await drafts.kept(actor, draft) == replace(form, greeters=("USLACKBOT",)), "it is still a draft"
        with pytest.raises(FormErrors):
            await office.visita.desk.visits.open(actor, draft)


async def test_the_meals_follow_the_dates(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.lina.command("/visit create")
        await office.lina.choose(None, "arrival_date", "2026-03-05")
        await office.lina.choose(None, "arrival_time", "08:00")
        await office.lina.choose(None, "departure_date", "2026-03-05")
        await office.lina.choose(None, "departure_time", "16:30")
        block = next(b for b in seen(office.lina.view())["blocks"] if b["block_id"].startswith("stops:"))
        assert [o["value"] for o in block["element"]["options"]] == ["2026-03-05/meeting", "2026-03-05/lunch"]
        assert [o["value"] for o in block["element"]["initial_options"]] == ["2026-03-05/meeting", "2026-03-05/lunch"]


async def test_own_car_needs_no_pickup(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(arrival_means="own_car", departure_means="own_car")
        await office.pass_time(days=4)
        assert office.inbox(office.liu) == []
        assert not any("MU5102" in m["text"] for m in office.inbox(office.sofia))


async def test_a_host_abroad_reads_the_venues_time_with_its_zone(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(office.carlos, lead_host="U02CARLOS", greeters=["U02CARLOS"])
        await office.pass_time(until=PICKUP_DAY)
        reminder = next(m for m in office.inbox(office.carlos) if "MU5102" in m["text"])
        assert "14:30\u00a0h (hora de" in text_of(reminder)
        assert "hora de" not in text_of(office.inbox(office.liu)[0])


@pytest.mark.parametrize("late", [5, 0.5])
async def test_a_visit_entered_late_tells_at_once_with_the_real_lead(database_url: str, late: float) -> None:
    start = datetime(2026, 3, 5, 14, 30, tzinfo=SHANGHAI)
    async with reception(
        database_url, start=start.replace(hour=9 if late == 5 else 14, minute=30 if late == 5 else 0)
    ) as office:
        await office.open_visit(driver="U04CHEN")
        assert office.inbox(office.liu), "administration is asked at once"
        told = [m for m in office.inbox(office.chen) if "MU5102" in m["text"]]
        if late == 5:
            assert told == []
        else:
            assert "30 分钟" in told[0]["text"] or "29 分钟" in told[0]["text"]


async def test_a_pickup_after_the_departure_is_refused_at_the_field(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        await _stop_window(office, 1)
        await office.lina.choose(None, "day", "2026-03-07")
        assert set(await office.lina.submit()) == {"day"}


async def _dinner(office: Reception, visit: int, driver: str) -> dict[str, str]:
    """A dinner of the newest visit that somebody drives the guests to; what is wrong with it, by field."""
    await office.lina.press(office.card(), action_id="show_visit")
    await office.lina.press(None, action_id="add_stop")
    await office.lina.choose(None, "choose_kind", f"1~{visit}~meal")
    for field, value in (("meal", "dinner"), ("day", "2026-03-05"), ("starts", "19:00"), ("driver", [driver])):
        await office.lina.choose(None, field, value)
    await office.lina.choose(None, "options", ["needs_car"])
    errors: dict[str, str] = await office.lina.submit()
    return {field.partition("@")[0]: text for field, text in errors.items()}


async def test_a_driver_who_drives_elsewhere_is_told_at_the_field(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit()
        assert await _dinner(office, 1, "U05WANG") == {}
        await office.lina.close(everything=True)
        await office.open_visit()

        wrong = await _dinner(office, 2, "U05WANG")
        assert wrong.keys() == {"driver"}
        assert "王强" in wrong["driver"]
        assert "V-0001" in wrong["driver"]
        await office.lina.choose(None, "driver", ["U04CHEN"])
        assert await office.lina.submit() == {}, "nothing typed was lost"


Step = tuple[str, str | None]


@pytest.mark.parametrize(
    ("door", "by_lina", "by_liu"),
    [
        ([("change_visit", None)], ("contact_phone", "+34 699 11 12 22"), ("food_notes", "Sin cerdo")),
        ([("stop_menu", "1~change~4")], ("place", "Casa Pepe"), ("room", "牡丹厅")),
        ([("show_party", None), ("change_guest", "1~1")], ("allergies", "nueces"), ("diet", "halal")),
        ([("show_party", None), ("describe_party", None)], ("luggage", "9"), ("other_stops", "Canton")),
        ([("show_client", None)], ("cautions", "不谈政治"), ("preferences", "喝茶")),
    ],
)
async def test_two_who_change_the_same_at_once_keep_what_each_has_typed(
    database_url: str, door: list[Step], by_lina: Step, by_liu: Step
) -> None:
    """Both forms were open before either was saved: what somebody left alone is not theirs to change back."""
    async with reception(database_url) as office:
        await office.open_visit()
        for who in (office.lina, office.liu):
            await open_form(office, who, door)
        for who, (name, text) in ((office.lina, by_lina), (office.liu, by_liu)):
            await who.fill(name, str(text))
            assert await who.submit() == {}
            await who.close(everything=True)
        await open_form(office, office.lina, door)
        saved = str(office.lina.form())
        assert str(by_lina[1]) in saved
        assert str(by_liu[1]) in saved


async def open_form(office: Reception, who: Hands, door: list[Step]) -> None:
    await who.press(office.card(), action_id="show_visit")
    for action_id, value in door:
        await who.press(action_id=action_id, value=value)
