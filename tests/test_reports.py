"""Reports of what did not arrive: they reach somebody, whatever becomes of the first of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.rearrangement import Rearrangement
from tests.classic import only
from tests.small_office import CHANNEL, CHEN, LINA, LIU, SOFIA, SmallOffice, small_office
from tests.test_deputies import told
from tests.test_reconcile import FORM, MONDAY, PICKUP, received, until


async def minutes(small: SmallOffice, count: int) -> None:
    for _ in range(count):
        await until(small, small.clock.at + timedelta(minutes=1))


async def away(small: SmallOffice, trouble: str, length: timedelta, every: timedelta = timedelta(minutes=1)) -> None:
    """Slack cannot be reached for so long; the bot goes on trying."""
    end = small.clock.at + length
    while small.clock.at < end:
        small.slack.trouble = [trouble] * 500
        await small.delivery.deliver_due()
        small.clock.at += every
    small.slack.trouble.clear()


@pytest.mark.parametrize("channel", ["", CHANNEL])
async def test_of_what_was_too_late_administration_hears_where_the_host_cannot(database_url: str, channel: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        wanted = Rearrangement({"reception_channel": channel, "zone": "Asia/Shanghai"})
        await small.arrangements.arrange(await small.actor(LIU), wanted)
        await small.open_visit(FORM)
        await until(small, PICKUP - timedelta(hours=2))
        small.slack.refused |= {LINA, CHANNEL}
        small.clock.at = PICKUP + timedelta(minutes=10)  # the bot was away
        await minutes(small, 3)
        reports = await received(small, LIU, NoticeKind.UNDELIVERED)
        missed = {(entry["person"], entry["late"]) for report in reports for entry in report.payload["missed"]}
        chen, sofia = (await small.actor(CHEN)).id, (await small.actor(SOFIA)).id
        assert {(chen, True), (sofia, True)} <= missed
        assert b"visita_nobody_told_total 0" in small.delivery.metrics.page({})


async def test_where_nobody_can_be_reached_the_figures_say_so(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        await until(small, PICKUP - timedelta(hours=2))
        small.slack.refused |= {LINA, LIU, CHANNEL}
        small.clock.at = PICKUP + timedelta(minutes=10)
        await minutes(small, 5)
        assert b"visita_nobody_told_total 0" not in small.delivery.metrics.page({})


async def test_nobody_is_told_twice_where_a_report_does_not_reach_the_host(database_url: str) -> None:
    """Administration has heard of whom nothing reaches: what it has not heard is what was too late."""
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        small.slack.refused |= {SOFIA, LINA}
        await until(small, PICKUP - timedelta(minutes=50))
        small.clock.at = PICKUP + timedelta(hours=30)
        await minutes(small, 5)
        heard = [
            (entry["person"], entry["stop"], entry["kind"])
            for report in await received(small, LIU, NoticeKind.UNDELIVERED)
            for entry in report.payload["missed"]
            if entry["kind"] != NoticeKind.UNDELIVERED
        ]
        assert len(heard) == len(set(heard)), heard


@pytest.mark.parametrize("trouble", ["unheard", "limited"])
async def test_after_three_days_without_slack_the_host_hears(database_url: str, trouble: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        await until(small, PICKUP - timedelta(hours=2))
        await away(small, trouble, timedelta(days=3), every=timedelta(minutes=15))
        await minutes(small, 10)
        chen = (await small.actor(CHEN)).id
        reports = await received(small, LINA, NoticeKind.UNDELIVERED)
        assert chen in {entry["person"] for report in reports for entry in report.payload["missed"]}


async def test_a_report_that_nobody_could_be_told_for_weeks_is_counted(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("D1.2")) as small:
        await small.open_visit(FORM)
        await until(small, PICKUP - timedelta(hours=2))
        await away(small, "limited", timedelta(hours=3), every=timedelta(minutes=15))
        small.clock.at += timedelta(days=40)
        await minutes(small, 5)
        assert {n.state for n in await small.all(Notice, kind=NoticeKind.UNDELIVERED)} == {NoticeState.EXPIRED}
        assert b"visita_nobody_told_total 0" not in small.delivery.metrics.page({})


async def test_what_is_missed_while_a_report_surely_did_not_arrive_stands_in_it(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        await until(small, PICKUP - timedelta(hours=2))
        await away(small, "limited", timedelta(hours=7))
        await minutes(small, 10)
        reports = [text for text in told(small, LINA) if "did not arrive" in text or "in time" in text]
        assert len(reports) == 1, reports


async def test_of_one_whom_only_we_did_not_tell_in_time_nobody_reads_that_they_cannot_be_reached(
    database_url: str,
) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("D1.2")) as small:
        await small.open_visit(replace(FORM, greeters=(SOFIA,), driver=""))
        await until(small, PICKUP - timedelta(hours=2))
        small.clock.at = PICKUP + timedelta(minutes=10)  # the bot was away
        await minutes(small, 3)
        assert f"Name of {SOFIA} did not get a message in time. Luis (Acme)" in told(small, LINA)
