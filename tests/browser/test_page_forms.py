"""Forms and questions on the page: what is filled in, kept, checked and sent."""

import asyncio

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import menus
from tests.browser.conftest import NewPage
from tests.browser.lunch import KITCHEN, Lunch, enter, half

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def open_order(page: Page) -> Locator:
    await enter(half(page, "Ben Walker"), "/order")
    form = page.get_by_role("dialog", name="Order")
    await expect(form).to_be_visible()
    return form


async def fill_order(page: Page, form: Locator, name: str) -> None:
    await form.get_by_label("Name").fill(name)
    await menus.choose(form.get_by_label("Dish"), page.get_by_role("option", name="Rice"))
    await expect(form.get_by_text("Good choice: rice")).to_be_visible()
    await form.get_by_label("Day", exact=True).fill("2026-12-01")
    await form.get_by_label("Hour").fill("14:30")


async def test_a_declined_question_presses_nothing(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    ben = half(page, "Ben Walker")
    await enter(ben, "/ask")
    await ben.get_by_role("button", name="I eat").click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alertdialog")).to_have_count(0)
    await expect(ben.get_by_role("button", name="I eat")).to_be_focused()


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
    await expect(form.get_by_label("Day", exact=True)).to_have_value("Tue, Dec 1, 2026")


async def test_what_the_app_answers_with_above_the_form_is_seen(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"), height=600)
    form = await open_order(page)
    await fill_order(page, form, "Ben")
    await form.get_by_label("Notes").fill("Quick")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text("Really?")).to_be_in_viewport()


async def test_every_kind_of_field_arrives_as_it_was_filled_in(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    form = await open_order(page)
    await fill_order(page, form, "Ben")
    await menus.choose(form.get_by_label("Spice"), page.get_by_role("option", name="Paprika"), typed="pa")
    await menus.choose(form.get_by_label("Guests"), page.get_by_role("option", name="陈静"))
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


async def test_a_menu_that_closes_while_somebody_chooses_is_opened_again(lunch: Lunch, new_page: NewPage) -> None:
    """The app draws the form anew when it is asked what there is to choose from."""
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    form = await open_order(page)
    lunch.app.news_of_spices = "All of them fresh"
    await menus.choose(form.get_by_label("Spice"), page.get_by_role("option", name="Paprika"), typed="pa")
    await expect(form.get_by_label("Spice")).to_have_value("Paprika")
    await expect(form.get_by_text("All of them fresh")).to_be_visible()


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
    await form.get_by_label("Day", exact=True).press("ArrowDown")
    for key in ("ArrowRight", "PageDown", "Enter"):
        await page.keyboard.press(key)
    await expect(form.get_by_label("Day", exact=True)).to_have_value("Thu, Dec 24, 2026")


async def test_a_form_says_when_the_app_does_not_answer(lunch: Lunch, new_page: NewPage) -> None:
    page = await new_page(lunch.at(f"?as=U01BEN#{KITCHEN}"))
    form = await open_order(page)
    await fill_order(page, form, "Ben")
    lunch.workspace.timings.ack_seconds = 0.2
    lunch.workspace.faults.add_json({"kind": "slow_ack", "method": "interactive", "seconds": 1})
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_role("alert")).to_contain_text("We had some trouble connecting. Try again?")
