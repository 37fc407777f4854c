"""`visita demo` as a process: it goes on where it was, whatever ended it, and starts over when asked."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from bot import demo_office
from bot.messages.ids import Action
from tests.browser import walking
from tests.browser.conftest import NewPage
from tests.browser.demonstration import ADDRESS, demonstration
from tests.browser.people import Seat, address
from tests.browser.spoken import Spoken

CLAIM_ENDS = 60_000
"""Milliseconds: what was claimed by the demo that was killed is taken over half a minute later."""
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_says_where_it_is_and_what_to_try(tmp_path: Path) -> None:
    async with demonstration(tmp_path, approved=True) as demo:
        assert sum(ADDRESS in line for line in demo.welcome) == 1
        steps = [line.strip() for line in demo.welcome if line.startswith("  ")]
        assert len(steps) >= 3
        assert [step.partition(".")[0] for step in steps] == [str(n) for n in range(1, len(steps) + 1)]


async def test_it_goes_on_where_it_was(new_page: NewPage, tmp_path: Path) -> None:
    async with demonstration(tmp_path) as demo:
        host = Seat(await new_page(demo.url + address("emma")), "emma")
        await walking.open_visit(host)
        assert await demo.stop() == 0
        await expect(host.half.get_by_text(host.says.page("lostConnection"))).to_be_visible()
        await demo.start()
        await host.is_back()
        await expect(host.half.get_by_role("article").last).to_contain_text(walking.REFERENCE)
        await host.jump("C1")
        administration = Seat(await new_page(demo.url + address("liu")), "liu")
        await administration.read_news()
        await expect(administration.asking(Action.ASSIGN_VEHICLE)).to_be_visible()


async def test_a_kill_loses_no_notice_and_repeats_none(new_page: NewPage, tmp_path: Path) -> None:
    """Killed while the three reminders of one meal go out."""
    async with demonstration(tmp_path) as demo:
        host = Seat(await new_page(demo.url + address("emma")), "emma")
        await walking.open_visit(host)
        offices = await new_page(demo.url + address("liu", "zhou"))
        leaders = await new_page(demo.url + address("sofia", "zhang"))
        for rule, page, told in (
            ("C1", offices, "liu"),
            ("B6", offices, "zhou"),
            (walking.SETTING_OFF, leaders, "sofia"),
        ):
            await host.jump(rule)
            await expect(Seat(page, told).newest_card).to_be_visible()
        await leaders.close()
        await host.jump(walking.DINNER_AHEAD)
        await demo.kill()
        await demo.start()
        await host.is_back()
        leaders = await new_page(demo.url + address("sofia", "zhang"))
        for reminded in (host, Seat(leaders, "sofia"), Seat(leaders, "zhang")):
            await reminded.go_to_messages()
            await expect(reminded.messages("reminder-meal")).to_have_count(1, timeout=CLAIM_ENDS)


async def test_fresh_starts_over(new_page: NewPage, tmp_path: Path) -> None:
    async with demonstration(tmp_path) as demo:
        host = Seat(await new_page(demo.url + address("emma")), "emma")
        await host.type("Good morning")
        await expect(host.half.get_by_role("article")).to_have_count(1)
        await demo.stop()
        await demo.start("--fresh")
        await expect(host.half.get_by_text(host.says.page("emptyConversation"))).to_be_visible()


async def test_everybody_can_read_one_language(new_page: NewPage, tmp_path: Path) -> None:
    async with demonstration(tmp_path, "--language", "es-ES") as demo:
        spanish = Spoken("es-ES", demo_office.ZONE)
        page = await new_page(demo.url + address("chen", "gao"))
        await expect(page.get_by_text(spanish.page("emptyConversation"))).to_have_count(2)
