"""The page of the local workspace, in a real browser, with a real Bolt app behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

from sandbox.clock import WorkspaceClock
from sandbox.server import Serving, serve
from sandbox.workspace import Workspace
from tests.browser.canteen import APP_TOKEN, SEED, Canteen
from tests.browser.conftest import NewPage
from tests.sandbox.standins import HandTime

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
KITCHEN = "C01KITCHEN"


@dataclass
class Lunch:
    """The workspace, where it is served, and its app."""

    serving: Serving
    app: Canteen

    @property
    def workspace(self) -> Workspace:
        return self.serving.workspace

    def at(self, query: str = "") -> str:
        return f"{self.serving.url}/{query}"


@asynccontextmanager
async def open_lunch(port: int = 0, state: Path | None = None) -> AsyncIterator[Lunch]:
    clock = WorkspaceClock(HandTime(NOON.timestamp()))
    workspace = Workspace.load(deepcopy(SEED), clock=clock, state=state)
    async with serve(workspace, port) as serving:
        app = Canteen(serving.api_url)
        sockets = AsyncSocketModeHandler(app.bolt, APP_TOKEN)
        await sockets.connect_async()  # type: ignore[no-untyped-call]
        try:
            yield Lunch(serving, app)
        finally:
            await sockets.close_async()  # type: ignore[no-untyped-call]


@pytest_asyncio.fixture(loop_scope="session")
async def lunch() -> AsyncIterator[Lunch]:
    async with open_lunch() as opened:
        yield opened


def half(page: Page, name: str) -> Locator:
    """The part of the page that belongs to a person."""
    return page.get_by_role("region", name=name)


async def enter(half: Locator, text: str) -> None:
    """Types into the conversation's field and presses Enter."""
    box = half.locator(".stage").get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")


async def open_order(page: Page) -> Locator:
    await enter(half(page, "Ben Walker"), "/order")
    form = page.get_by_role("dialog", name="Order")
    await expect(form).to_be_visible()
    return form


async def fill_order(page: Page, form: Locator, name: str) -> None:
    await form.get_by_label("Name").fill(name)
    await form.get_by_label("Dish").click()
    await page.get_by_role("option", name="Rice").click()
    await expect(form.get_by_text("Good choice: rice")).to_be_visible()
    await form.get_by_label("Day").fill("2026-12-01")
    await form.get_by_label("Hour").fill("14:30")


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


async def test_a_declined_question_presses_nothing(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    ben = half(page, "Ben Walker")
    await enter(ben, "/ask")
    await ben.get_by_role("button", name="I eat").click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alertdialog")).to_have_count(0)
    await expect(ben.get_by_role("button", name="I eat")).to_be_focused()


async def test_date_tokens_stand_in_each_ones_zone_and_language(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN&beside=U01CHEN#{KITCHEN},{KITCHEN}"), width=1440)
    await enter(half(page, "Ben Walker"), "/ask")
    await expect(half(page, "Ben Walker").get_by_text("Soup at 2026-11-24 3:20 AM?")).to_be_visible()
    await expect(half(page, "陈静").get_by_text("Soup at 2026-11-24 16:20?")).to_be_visible()


async def test_what_was_typed_survives_updates_errors_and_stacked_views(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    form = await open_order(page)
    await fill_order(page, form, "Nobody")
    await form.get_by_role("button", name="Rules").click()
    rules = page.get_by_role("dialog", name="Rules")
    await expect(rules.get_by_text("Eat slowly.")).to_be_visible()
    await page.keyboard.press("Escape")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text("Nobody is not a name")).to_be_visible()
    await expect(form.get_by_text("Closed that day")).to_be_visible()
    name = form.get_by_label("Name")
    await expect(name).to_be_focused()
    await expect(name).to_have_value("Nobody")
    await expect(form.get_by_label("Dish")).to_have_value("Rice")
    await expect(form.get_by_label("Day")).to_have_value("Tue, Dec 1, 2026")


async def test_every_kind_of_field_arrives_as_it_was_filled_in(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    form = await open_order(page)
    await fill_order(page, form, "Ben")
    await form.get_by_label("Spice").fill("pa")
    await page.get_by_role("option", name="Paprika").click()
    await form.get_by_label("Guests").click()
    await page.get_by_role("option", name="陈静").click()
    await page.keyboard.press("Escape")
    await form.get_by_label("Moment").first.fill("2026-12-02")
    await form.get_by_label("Tea").check()
    await form.get_by_label("Large").check()
    await form.get_by_label("Plates").fill("3")
    await form.get_by_label("Notes").fill("no *salt* & <sugar>")
    await form.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    [order] = lunch.app.orders
    held = {name: next(value for key, value in state[name].items() if key != "type") for name, state in order.items()}
    assert held["spice"]["value"] == "paprika"
    assert held["drinks"][0]["value"] == "tea"
    assert held["size"]["value"] == "large"
    simple = {name: held[name] for name in ("name", "guests", "day", "hour", "moment", "plates", "notes")}
    assert simple == {
        "name": "Ben",
        "guests": ["U01CHEN"],
        "day": "2026-12-01",
        "hour": "14:30",
        "moment": 1795508400 + 8 * 86400,
        "plates": "3",
        "notes": "no *salt* & <sugar>",
    }


async def test_required_fields_and_numbers_are_checked_before_sending(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    form = await open_order(page)
    await form.get_by_label("Plates").fill("12")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text("Please complete this required field.")).to_have_count(4)
    await expect(form.get_by_text("The most possible is 9.")).to_be_visible()
    await expect(form.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    assert lunch.app.orders == []


async def test_escape_leaves_a_form_and_the_app_is_told(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    await open_order(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await asyncio.wait_for(lunch.app.closed.get(), 8) == "order"


async def test_tab_stays_inside_the_form(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    form = await open_order(page)
    await form.get_by_role("button", name="Close").focus()
    await page.keyboard.press("Shift+Tab")
    await expect(form.get_by_role("button", name="Send")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(form.get_by_role("button", name="Close")).to_be_focused()


async def test_a_day_can_be_chosen_from_the_month_with_the_keyboard(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    form = await open_order(page)
    await form.get_by_label("Day").press("ArrowDown")
    for key in ("ArrowRight", "PageDown", "Enter"):
        await page.keyboard.press(key)
    await expect(form.get_by_label("Day")).to_have_value("Thu, Dec 24, 2026")


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


async def test_a_form_says_when_the_app_does_not_answer(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    form = await open_order(page)
    await fill_order(page, form, "Ben")
    lunch.workspace.timings.ack_seconds = 0.2
    lunch.workspace.faults.add_json({"kind": "slow_ack", "method": "interactive", "seconds": 1})
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_role("alert")).to_contain_text("We had some trouble connecting. Try again?")


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
    await bar.get_by_role("button", name="+1 小时").click()
    await expect(bar).to_contain_text("11月24日周二 13:00")
    await bar.get_by_role("button", name="Dessert").click()
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


MARKS = [
    ("say *this* now", "say [bold] now"),
    ("(*this*), *that*.", "([bold]), [bold]."),
    ("共*三*人", "共*三*人"),
    ("*航班*：CA1", "*航班*：CA1"),
    ("*航班：* CA1", "[bold] CA1"),
    ("这是，*三*人", "这是，*三*人"),
    ("a*b*c * d* **e**", "a*b*c * d* **e**"),
    ("_one_ ~two~ `*three*`", "[italic] [strike] [code]"),
    ("*_both_*", "[bold]"),
    ("snake_case_name 12:30:45", "snake_case_name 12:30:45"),
    ("*two\nlines*", "*two\nlines*"),
    ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
    ("<https://a.example|*x*> <@U1> <#C1|c> <!here>", "[link] [user] [channel] [broadcast]"),
    (":wave: :no_such_thing:", "[emoji] :no_such_thing:"),
]


async def test_marks_stand_only_where_slack_lets_them(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at())
    script = """async (texts) => {
        const { parseInline } = await import("/js/mrkdwn.js");
        const shown = (node) => (node.type === "text" ? node.text : `[${node.type}]`);
        return texts.map((text) => parseInline(text).map(shown).join(""));
    }"""
    assert await page.evaluate(script, [text for text, _ in MARKS]) == [shown for _, shown in MARKS]


async def test_the_pages_words_are_complete_in_three_languages(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at())
    words: dict[str, dict[str, str]] = await page.evaluate("import('/js/words.js').then(({ WORDS }) => WORDS)")
    assert set(words) == {"en", "zh", "es"}
    placeholders = "[...t.matchAll(/\\{\\w+\\}/g)].map(String).sort().join()"
    script = f"(words) => Object.fromEntries(Object.entries(words).map(([k, t]) => [k, {placeholders}]))"
    shapes: list[Any] = [await page.evaluate(script, words[language]) for language in ("en", "zh", "es")]
    assert shapes[0] == shapes[1] == shapes[2]
    assert all(text.strip() for language in words.values() for text in language.values())
