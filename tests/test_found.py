"""A message whose answer was lost: what changes before it is found is told to whoever has it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, NoReturn

import pytest

from bot.models.forms import StopForm
from bot.models.notices import HELD_IN_DOUBT, UNKNOWN, Notice, NoticeKind, NoticeState, Reason
from bot.models.visits import Stop, StopKind, Visit
from bot.services.claims import LEASE
from bot.services.delivery import Delivery
from bot.services.installations import Installations
from bot.services.reading import Readers
from bot.slack import NotInstalled, Posted, Slack
from bot.switchboard import NO_GRANT, Grant
from bot.vault import Vault
from tests.classic import only
from tests.small_office import CATALOGS, CHEN, LINA, SHANGHAI, SOFIA, TEAM, SmallOffice, small_office
from tests.test_sight import FORM, LATER, MONDAY, REMINDED

FAR_LATER = replace(LATER, starts=time(18, 30))


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        small.clock.at = REMINDED - timedelta(minutes=1)
        await small.settle()
        yield small


class Dies(Slack):
    """Its process ends with each message that was taken."""

    async def post(
        self,
        to: str,
        message: Mapping[str, Any],
        notice_id: str,
        thread_ts: str | None = None,
        *,
        told: Mapping[str, Any] | None = None,
        shows: str = "",
    ) -> Posted:
        await super().post(to, message, notice_id, thread_ts, told=told, shows=shows)
        raise RuntimeError


def told(small: SmallOffice, who: str) -> list[str]:
    return [post.text for post in small.slack.posts if post.channel == f"D{who}"]


async def reminder_of(small: SmallOffice, who: str) -> Notice:
    person = (await small.actor(who)).id
    rows = await small.all(Notice, kind=NoticeKind.REMINDER, rule="D1.2", person_id=person)
    found = min(rows, key=lambda row: (row.created_at, row.due_at))
    assert isinstance(found, Notice)
    return found


async def lose_the_answers(small: SmallOffice) -> None:
    """The reminders are taken; what Slack says to that is not heard."""
    small.clock.at = REMINDED
    small.slack.trouble = ["lost"] * 20
    await small.delivery.deliver_due()
    small.slack.trouble.clear()
    assert "14:30" in told(small, CHEN)[-1]


async def die(small: SmallOffice) -> None:
    small.clock.at = REMINDED
    await Delivery(small.office, Readers(CATALOGS), Dies(small.slack, channel_seconds=0)).deliver_due()


async def move(small: SmallOffice, form: StopForm = LATER) -> None:
    pickup, *_ = await small.all(Stop, kind=StopKind.PICKUP)
    await small.stops.change(await small.actor(LINA), pickup.key, form)


async def cancel(small: SmallOffice) -> None:
    (visit,) = await small.all(Visit)
    await small.visits.cancel(await small.actor(LINA), visit.key, "the guests fell ill")


async def go_on(small: SmallOffice) -> None:
    for _ in range(4):
        small.clock.at += timedelta(minutes=1)
        await small.settle()


@pytest.mark.parametrize("doubt", [lose_the_answers, die])
@pytest.mark.parametrize(("form", "now"), [(LATER, "14:45"), (FAR_LATER, "18:30")])
async def test_what_has_moved_since_is_told(small: SmallOffice, doubt: Any, form: StopForm, now: str) -> None:
    await doubt(small)
    await move(small, form)
    await go_on(small)
    for who in (CHEN, SOFIA):
        first, *_, last = told(small, who)[-2:]
        assert "14:30" in first
        assert now in last
        found = await reminder_of(small, who)
        assert (found.state, found.sent_at and found.sent_at < REMINDED + LEASE) == (NoticeState.SENT, True)
        assert small.slack.edits[str(found.slack_ts)], "and the message shows it"
    posted = [post.notice for post in small.slack.posts]
    assert len(posted) == len(set(posted)), "nothing twice"


@pytest.mark.parametrize("doubt", [lose_the_answers, die])
async def test_that_the_visit_is_off_is_told(small: SmallOffice, doubt: Any) -> None:
    await doubt(small)
    before = len(told(small, CHEN))
    await cancel(small)
    await go_on(small)
    assert len(told(small, CHEN)) == before + 1
    assert (await reminder_of(small, CHEN)).state == NoticeState.SENT


async def test_what_did_not_arrive_is_withdrawn_once_somebody_has_looked(small: SmallOffice) -> None:
    small.clock.at = REMINDED
    small.slack.trouble = ["unheard"] * 20
    await small.delivery.deliver_due()
    small.slack.trouble.clear()
    before = len(small.slack.posts)
    await cancel(small)
    await go_on(small)
    assert (await reminder_of(small, CHEN)).state == NoticeState.WITHDRAWN
    assert not [post for post in small.slack.posts[before:] if post.notice == (await reminder_of(small, CHEN)).id]


@pytest.mark.parametrize(("form", "hours"), [(LATER, 0.25), (FAR_LATER, 4)])
async def test_what_did_not_arrive_and_was_moved_leaves_at_its_new_time(
    small: SmallOffice, form: StopForm, hours: float
) -> None:
    small.clock.at = REMINDED
    small.slack.trouble = ["unheard"] * 20
    await small.delivery.deliver_due()
    small.slack.trouble.clear()
    before = len(told(small, CHEN))
    await move(small, form)
    await go_on(small)
    assert len(told(small, CHEN)) == before
    small.clock.at = REMINDED + timedelta(hours=hours)
    await small.settle()
    (reminder,) = told(small, CHEN)[before:]
    assert f"{form.starts:%H:%M}" in reminder


async def test_that_what_a_run_sheet_told_is_off_is_told(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("E1", "D1.2")) as small:
        await small.open_visit(FORM)
        small.clock.at = datetime(2026, 3, 5, 7, 29, tzinfo=SHANGHAI)
        await small.settle()
        small.clock.at += timedelta(minutes=1)
        small.slack.trouble = ["lost"] * 20
        await small.delivery.deliver_due()
        small.slack.trouble.clear()
        before = len(told(small, CHEN))
        await cancel(small)
        await go_on(small)
        assert len(told(small, CHEN)) == before + 1
        sheets = await small.all(Notice, kind=NoticeKind.RUN_SHEET, person_id=(await small.actor(CHEN)).id)
        sheet = min(sheets, key=lambda row: row.due_at)
        assert sheet.state == NoticeState.SENT
        assert small.slack.edits[str(sheet.slack_ts)]


async def test_nobody_hears_of_a_change_that_is_none(small: SmallOffice) -> None:
    await lose_the_answers(small)
    before = len(small.slack.posts)
    await go_on(small)
    assert len(small.slack.posts) == before
    assert not small.slack.edits[str((await reminder_of(small, CHEN)).slack_ts)]


async def test_that_it_may_come_twice_is_written_down_though_slack_limited_the_second_try(small: SmallOffice) -> None:
    small.slack.may_look = False
    await lose_the_answers(small)
    small.slack.trouble = ["limited"] * 20
    small.clock.at += timedelta(minutes=1)
    await small.delivery.deliver_due()
    small.slack.trouble.clear()
    await go_on(small)
    found = await reminder_of(small, CHEN)
    assert len([post for post in small.slack.posts if post.notice == found.id]) == 2
    assert found.reason == Reason.MAYBE_TWICE


async def test_when_slack_limits_one_look_the_others_wait(small: SmallOffice) -> None:
    await lose_the_answers(small)
    small.slack.looks_limited, small.slack.retry_after = 50, 60
    small.clock.at += timedelta(minutes=1)
    await small.delivery.deliver_due()
    assert small.slack.looks_limited == 49
    waiting = await small.all(Notice, kind=NoticeKind.REMINDER, state=NoticeState.PENDING, rule="D1.2")
    assert len(waiting) > 2
    assert {row.reason.partition(":")[0] for row in waiting} == {UNKNOWN}
    await small.delivery.deliver_due()
    assert small.slack.looks_limited == 49, "nor is any other of them looked for before the minute is over"


async def test_that_it_may_come_twice_is_written_down_though_the_bot_was_removed_meanwhile(small: SmallOffice) -> None:
    small.slack.may_look = False
    await lose_the_answers(small)
    small.slack.trouble = ["says account_inactive"] * 20
    small.clock.at += timedelta(minutes=1)
    await small.delivery.deliver_due()
    small.slack.trouble.clear()
    await Installations(small.office, Vault()).begin(TEAM, Grant("", "UBOT", ""))
    await small.delivery.deliver_due()
    found = await reminder_of(small, CHEN)
    assert len([post for post in small.slack.posts if post.notice == found.id]) == 2
    assert found.reason == Reason.MAYBE_TWICE


class Removed(Slack):
    """The workspace has removed the bot."""

    async def to(self, _workspace_id: str) -> NoReturn:
        raise NotInstalled(NO_GRANT)


async def test_what_cannot_be_looked_for_while_the_bot_is_removed_waits_however_late_it_is(small: SmallOffice) -> None:
    await lose_the_answers(small)
    small.clock.at = (await reminder_of(small, CHEN)).useful_until + timedelta(minutes=1)
    async with asyncio.timeout(20):
        await Delivery(small.office, Readers(CATALOGS), Removed(small.slack)).deliver_due()
    waits = await reminder_of(small, CHEN)
    assert (waits.state, waits.reason) == (NoticeState.PENDING, HELD_IN_DOUBT)
    assert waits.attempt_at > small.clock.at
