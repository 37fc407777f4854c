"""The page of the local workspace, in a real browser, with a real Bolt app behind it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import NewPage
from tests.browser.lunch import KITCHEN, NOON, Lunch, enter, half, open_lunch

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_newcomer_chooses_who_to_be(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at())
    await page.get_by_role("button", name="Ana Torres").click()
    ana = half(page, "Ana Torres")
    await expect(ana.get_by_role("log", name="Mensajes en #garden")).to_be_visible()
    await expect(ana.get_by_role("navigation").get_by_role("button", name="#kitchen")).to_be_visible()
    assert "as=U01ANA" in page.url


async def test_an_unknown_person_in_the_address_leads_to_the_choice(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at("?as=U0NOBODY"))
    await expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()


async def test_an_old_link_leads_to_the_list_on_a_phone(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at("?as=U01BEN#C0GONE"), width=412)
    await expect(half(page, "Ben Walker").get_by_role("button", name="#kitchen")).to_be_visible()


async def test_two_people_side_by_side_see_a_question_answered(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN&beside=U01CHEN#{KITCHEN},{KITCHEN}"), width=1440, height=900)
    ben, chen = half(page, "Ben Walker"), half(page, "陈静")
    await enter(ben, "/ask")
    await chen.get_by_role("button", name="I eat").click()
    sure = chen.get_by_role("alertdialog", name="Sure?")
    await sure.get_by_role("button", name="Eat it").click()
    for person in (ben, chen):
        await expect(person.get_by_text("@陈静 eats")).to_be_visible()
        await expect(person.get_by_role("button", name="I eat")).to_have_count(0)


async def test_date_tokens_stand_in_each_ones_zone_and_language(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN&beside=U01CHEN#{KITCHEN},{KITCHEN}"), width=1440)
    await enter(half(page, "Ben Walker"), "/ask")
    await expect(half(page, "Ben Walker").get_by_text("Soup at 2026-11-24 3:20 AM?")).to_be_visible()
    await expect(half(page, "陈静").get_by_text("Soup at 2026-11-24 16:20?")).to_be_visible()


async def test_an_answer_for_one_pair_of_eyes_is_marked_and_can_be_dismissed(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN&beside=U01ANA#{KITCHEN},{KITCHEN}"), width=1440)
    ben, ana = half(page, "Ben Walker"), half(page, "Ana Torres")
    await enter(ben, "/menu")
    answer = ben.get_by_role("article").filter(has_text="Only visible to you")
    await expect(answer.get_by_text("Today: soup & rice")).to_be_visible()
    await expect(ana.get_by_role("article")).to_have_count(0)
    await answer.get_by_role("button", name="Dismiss").click()
    await expect(ben.get_by_role("article")).to_have_count(0)


async def test_commands_complete_and_their_failures_are_told(lunch: Lunch, new_page: NewPage) -> None:
    lunch.workspace.timings.ack_seconds = 0.2
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    ben = half(page, "Ben Walker")
    box = ben.get_by_role("textbox", name="Message #kitchen")
    await box.press_sequentially("/st")
    await expect(ben.get_by_role("option")).to_contain_text("/stall")
    await box.press("Tab")
    await expect(box).to_have_value("/stall ")
    await box.press("Enter")
    await expect(ben.get_by_role("alert")).to_have_text("/stall failed with the error “operation_timeout”")
    await expect(box).to_have_value("/stall ")
    await enter(ben, "/nothing of the kind")
    await expect(ben.get_by_role("alert")).to_have_text("/nothing is not a command of any app here.")


async def test_typed_markup_and_html_stay_what_they_are(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    ben = half(page, "Ben Walker")
    await enter(ben, "<img src=x onerror=alert(1)> & *bold*")
    message = ben.get_by_role("article").last
    await expect(message).to_contain_text("<img src=x onerror=alert(1)> & bold")
    await expect(message.locator("strong")).to_have_text("bold")
    await expect(message.locator("img")).to_have_count(0)


async def test_a_mention_is_completed_and_calls_the_person(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN&beside=U01ANA#{KITCHEN},C01GARDEN"), width=1440)
    ben, ana = half(page, "Ben Walker"), half(page, "Ana Torres")
    await expect(ana.get_by_role("log")).to_be_visible()
    await ben.get_by_role("textbox").press_sequentially("@an")
    await ben.get_by_role("option", name="Ana Torres").click()
    await page.keyboard.type("soup?")
    await page.keyboard.press("Enter")
    card = ana.get_by_role("group", name="Ben Walker (#kitchen)")
    await expect(card).to_contain_text("@Ana Torres soup?")
    await expect(ana.get_by_role("button", name="#kitchen 1 mensaje sin leer")).to_be_visible()
    await card.get_by_role("button", name="Ben Walker").click()
    await expect(ana.get_by_role("article").get_by_text("@Ana Torres")).to_be_visible()
    await expect(card).to_have_count(0)


async def test_the_lock_screen_lists_the_last_notifications(lunch: Lunch, new_page: NewPage) -> None:
    await lunch.app.client.chat_postMessage(channel="U01CHEN", text="*午餐* 12:30")
    page = await new_page(lunch.at("?as=U01CHEN#C01GARDEN"))
    await half(page, "陈静").get_by_role("button", name="锁屏").click()
    panel = page.get_by_role("region", name="锁屏")
    await expect(panel.get_by_role("listitem")).to_contain_text("午餐 12:30")
    await expect(panel).to_contain_text("11月24日星期二")
    assert page.url.endswith("#C01GARDEN/lock")


async def test_threads_open_beside_the_conversation(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    ben = half(page, "Ben Walker")
    await enter(ben, "Who cooks?")
    await ben.get_by_role("article").hover()
    await ben.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_role("region", name="Thread")
    await thread.get_by_role("textbox").fill("I do")
    await page.keyboard.press("Enter")
    await expect(thread.get_by_role("article").last).to_contain_text("I do")
    await expect(ben.get_by_role("button", name="1 reply")).to_be_visible()
    await expect(ben.get_by_role("log", name="#kitchen").get_by_role("article")).to_have_count(1)


async def test_the_home_tab_and_the_messages_of_an_app(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    ben = half(page, "Ben Walker")
    await ben.get_by_role("navigation").get_by_role("button", name="Canteen").click()
    await expect(ben.get_by_role("heading", name="Your lunch")).to_be_visible()
    await ben.get_by_role("tab", name="Messages").click()
    await expect(ben.get_by_role("log", name="Messages in Canteen")).to_be_visible()
    await page.go_back()
    await expect(ben.get_by_role("heading", name="Your lunch")).to_be_visible()


async def test_the_clock_is_shown_in_ones_zone_and_can_be_moved(lunch: Lunch, new_page: NewPage) -> None:
    async def next_due() -> tuple[datetime, str]:
        return NOON + timedelta(days=2), "Dessert"

    lunch.workspace.next_due = next_due
    page = await new_page(lunch.at(f"?as=U01CHEN#{KITCHEN}"))
    bar = page.get_by_role("group", name="工作区时钟")
    await expect(bar).to_contain_text("11月24日周二 12:00")
    await expect(bar).to_contain_text("中国标准时间")
    await page.set_viewport_size({"width": 1000, "height": 800})
    shown, button = bar.locator(".clock-time"), bar.get_by_role("button", name="Dessert")
    time_ends = await shown.evaluate("node => node.getBoundingClientRect().right")
    assert time_ends < await button.evaluate("node => node.getBoundingClientRect().left"), "neither covers the other"
    await bar.get_by_role("button", name="+1 小时").click()
    await expect(bar).to_contain_text("11月24日周二 13:00")
    await bar.get_by_role("button", name="Dessert").click()
    await expect(bar).to_contain_text("11月26日周四 12:00")


async def test_a_press_goes_to_the_moment_that_the_clock_offers(lunch: Lunch, new_page: NewPage) -> None:
    courses = [(NOON + timedelta(days=2), "Dessert"), (NOON + timedelta(days=3), "Supper")]

    async def next_due() -> tuple[datetime, str]:
        return courses[0]

    async def serve_then_press(route: Route) -> None:
        del courses[0]  # the page has not heard of it yet
        await route.continue_()

    lunch.workspace.next_due = next_due
    page = await new_page(lunch.at(f"?as=U01CHEN#{KITCHEN}"))
    await page.route("**/clock", serve_then_press)
    bar = page.get_by_role("group", name="工作区时钟")
    await bar.get_by_role("button", name="Dessert").click()
    await expect(bar.get_by_role("button", name="Supper")).to_be_visible()
    await expect(bar).to_contain_text("11月26日周四 12:00")


async def test_the_page_comes_back_after_a_restart_of_the_workspace(new_page: NewPage, tmp_path: Path) -> None:
    state = tmp_path / "workspace.sqlite3"
    async with open_lunch(state=state) as lunch:
        page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
        ben = half(page, "Ben Walker")
        await enter(ben, "before")
        await expect(ben.get_by_role("article")).to_have_count(1)
        port = int(lunch.serving.url.rsplit(":", 1)[1])
    await expect(ben.get_by_text("The workspace is not answering.")).to_be_visible()
    async with open_lunch(port, state) as lunch:
        await expect(ben.get_by_text("The workspace is not answering.")).to_have_count(0)
        await enter(ben, "after")
        await expect(ben.get_by_role("article").last).to_contain_text("after")
        await expect(ben.get_by_role("article")).to_have_count(2)


async def test_a_phone_shows_one_thing_at_a_time(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at("?as=U01BEN"), width=360, height=780)
    ben = half(page, "Ben Walker")
    await ben.get_by_role("button", name="#kitchen").click()
    await expect(ben.get_by_role("navigation")).to_be_hidden()
    await enter(ben, "/order")
    form = page.get_by_role("dialog", name="Order")
    box = await form.bounding_box()
    assert box
    assert box["width"] == 360
    await page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await ben.get_by_role("button", name="Back").click()
    await expect(ben.get_by_role("button", name="#kitchen")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360


async def test_faults_can_be_asked_for(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    await page.get_by_role("button", name="Developer tools").click()
    drawer = page.get_by_role("complementary", name="Developer tools")
    await drawer.get_by_label("Kind").select_option(label="Server error (500)")
    await drawer.get_by_label("Method").fill("chat.postMessage")
    await drawer.get_by_role("button", name="Add fault").click()
    await expect(drawer.get_by_role("listitem")).to_have_text("Server error (500)chat.postMessage · × 1")
    assert [fault["kind"] for fault in lunch.workspace.faults.listing()] == ["server_error"]
    await drawer.get_by_role("button", name="Clear all faults").click()
    await expect(drawer.get_by_text("No faults are waiting.")).to_be_visible()


async def test_hints_are_shown_until_they_are_dismissed(lunch: Lunch, new_page: NewPage) -> None:
    lunch.workspace.hints = ["Type /menu", "Type /order"]
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    hints = page.get_by_role("region", name="What can I try?")
    await expect(hints.get_by_role("listitem")).to_have_text(["Type /menu", "Type /order"])
    await hints.get_by_role("button", name="Dismiss").click()
    await page.reload()
    await expect(half(page, "Ben Walker").get_by_role("log")).to_be_visible()
    await expect(hints).to_be_hidden()


async def test_the_profile_changes_the_language_of_the_page(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    await half(page, "Ben Walker").get_by_role("button", name="Ben Walker").click()
    await page.get_by_label("Language").select_option("zh-CN")
    await page.get_by_label("Time zone").select_option("Asia/Shanghai")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="频道")).to_be_visible()
    await expect(half(page, "Ben Walker")).to_have_attribute("lang", "zh-CN")


async def test_light_and_dark_can_be_switched_and_stand_in_the_address(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"), scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = await page.evaluate(ground)
    await page.get_by_role("button", name="Light or dark").click()
    assert await page.evaluate(ground) != dark
    assert "theme=light" in page.url
