"""What arrived unheard and what did not arrive at all: what the house sees of it, and who hears."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from bot.models.forms import StopForm
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.remarks import RemarkKind
from bot.models.visits import StopKind, Visit
from bot.procedure.intake import form_of
from bot.services.delivery import Delivery
from bot.services.pictures import read_picture
from bot.services.reading import Readers
from bot.slack import Posted, Slack, Undeliverable
from tests.classic import only
from tests.small_office import CATALOGS, CHANNEL, EMMA, LINA, LIU, MARTA, SHANGHAI, SOFIA, SmallOffice, small_office
from tests.test_deputies import name_deputy, told
from tests.test_reconcile import DINNER, FORM, MONDAY, PICKUP, a_stop, change, host, received, until
from tests.test_together import FORM as TALKS

BOOK = only("D1.2", "D3.1")
ALONE = replace(FORM, greeters=(SOFIA,), leaders=(), team=())


async def make_confidential(small: SmallOffice) -> None:
    (visit,) = await small.all(Visit)
    async with small.database.read() as session:
        form = form_of(await read_picture(session, visit))
    await small.visits.change(await small.actor(LINA), visit.key, replace(form, is_confidential=True))


async def minutes(small: SmallOffice, count: int) -> None:
    for _ in range(count):
        await until(small, small.clock.at + timedelta(minutes=1))


async def test_a_card_that_is_found_is_taken_off_the_channel_when_the_visit_is_confidential_by_then(
    database_url: str,
) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        small.slack.trouble = ["lost"]
        await small.open_visit(FORM)
        await small.delivery.deliver_due()
        (post,) = [post for post in small.slack.posts if post.channel == CHANNEL]
        assert "Acme" in post.text
        await make_confidential(small)
        await minutes(small, 5)
        (card,) = await small.all(Notice, kind=NoticeKind.CARD)
        assert (card.state, card.slack_ts) == (NoticeState.SENT, post.ts)
        assert small.slack.edits[post.ts], "guests' names stand in the channel for good"


async def test_what_is_found_in_the_thread_is_taken_off_as_well(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(FORM)
        await small.settle()
        pickup = await a_stop(small, StopKind.PICKUP)
        small.slack.trouble = ["lost"]
        await small.stops.change(await host(small), pickup.key, StopForm(day=PICKUP.date(), starts=time(14, 45)))
        await small.delivery.deliver_due()
        (post,) = [post for post in small.slack.posts if post.thread]
        assert "Acme" in post.text
        await make_confidential(small)
        await minutes(small, 5)
        assert small.slack.edits[post.ts]


async def test_a_card_and_a_board_that_are_found_show_the_visit_as_it_stands(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("E1b")) as small:
        await small.open_visit(FORM)
        await until(small, PICKUP.replace(hour=7, minute=29))
        small.clock.at = PICKUP.replace(hour=7, minute=30)
        small.slack.trouble = ["lost"]
        await small.delivery.deliver_due()
        (board,) = [post for post in small.slack.posts if post.text.startswith("Visits on")]
        await change(small, company="Globex", guest_name="Ana")
        await minutes(small, 5)
        assert small.slack.edits[board.ts]


async def test_a_card_that_is_found_shows_that_the_visit_was_called_off(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        small.slack.trouble = ["lost"]
        visit = await small.open_visit(FORM)
        await small.delivery.deliver_due()
        (post,) = [post for post in small.slack.posts if post.channel == CHANNEL]
        await small.visits.cancel(await host(small), visit.key, "ill")
        await minutes(small, 5)
        assert small.slack.edits[post.ts]


async def test_what_is_missed_while_a_report_may_have_arrived_is_reported(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(replace(FORM, greeters=(SOFIA,), leaders=(MARTA,), team=()))
        dinner = await a_stop(small, StopKind.MEAL)
        at_1731 = StopForm(day=DINNER.date(), starts=time(17, 31), meal="dinner")
        await small.stops.change(await host(small), dinner.key, at_1731)
        await until(small, PICKUP - timedelta(hours=1, minutes=1))
        small.slack.refused |= {SOFIA, MARTA}
        small.clock.at = PICKUP - timedelta(hours=1)
        await small.delivery.deliver_due()  # Sofía's reminder of 13:30 is refused
        small.clock.at += timedelta(seconds=3)
        small.slack.trouble = ["lost"] * 2
        await small.delivery.deliver_due()  # the reports of that arrive, and nobody hears so
        small.slack.looks_limited = 14  # for a minute nobody may look; Marta's reminder of 13:31 is refused meanwhile
        await minutes(small, 15)
        assert {n.state for n in await small.all(Notice, kind=NoticeKind.UNDELIVERED)} == {NoticeState.SENT}
        for who in (LINA, LIU):
            assert [text for text in told(small, who) if f"Name of {MARTA}" in text], told(small, who)


async def test_what_was_too_late_once_and_is_refused_after_all_is_given_up(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        await until(small, PICKUP + timedelta(minutes=1))  # the bot was away all the time
        (request,) = await small.all(Notice, kind=NoticeKind.VEHICLE_REQUEST)
        assert request.state == NoticeState.EXPIRED
        small.slack.refused.add(LIU)
        pickup = await a_stop(small, StopKind.PICKUP)  # the guests are late
        await small.stops.change(await host(small), pickup.key, StopForm(day=PICKUP.date(), starts=time(16, 0)))
        await minutes(small, 10)
        (request,) = await small.all(Notice, kind=NoticeKind.VEHICLE_REQUEST)
        assert (request.state, request.reason) == (NoticeState.FAILED, "user_not_found"), request.attempts
        reports = [n.payload["missed"] for n in await received(small, LINA, NoticeKind.UNDELIVERED)]
        liu = (await small.actor(LIU)).id
        assert [entry for missed in reports for entry in missed if (entry["person"], entry["late"]) == (liu, False)]


async def test_what_was_too_late_twice_is_given_up(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        await small.open_visit(FORM)
        await until(small, PICKUP + timedelta(minutes=1))
        pickup = await a_stop(small, StopKind.PICKUP)
        await small.stops.change(await host(small), pickup.key, StopForm(day=PICKUP.date(), starts=time(16, 0)))
        small.clock.at = PICKUP.replace(hour=16, minute=1)  # away once more
        await small.settle()
        await minutes(small, 5)
        (request,) = await small.all(Notice, kind=NoticeKind.VEHICLE_REQUEST)
        assert request.state == NoticeState.EXPIRED, request.attempts


async def test_a_change_that_cannot_be_told_is_reported_once(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(replace(FORM, leaders=(MARTA,)))
        await until(small, small.clock.at + timedelta(minutes=1))
        await until(small, PICKUP - timedelta(minutes=59))
        await until(small, DINNER - timedelta(hours=3))
        assert await received(small, MARTA, NoticeKind.REMINDER)
        small.slack.refused.add(MARTA)
        dinner = await a_stop(small, StopKind.MEAL)
        at_19 = StopForm(day=DINNER.date(), starts=time(19, 0), meal="dinner")
        await small.stops.change(await host(small), dinner.key, at_19)
        await minutes(small, 3)
        for number in range(3):  # nothing that concerns Marta or the dinner
            await small.remarks.note(await host(small), dinner.visit_id, RemarkKind.WISH, f"tea {number}")
            await minutes(small, 3)
        for who in (LINA, LIU):
            about = [text for text in told(small, who) if text.startswith(f"Couldn't reach Name of {MARTA}")]
            assert len(about) == 1, (who, about)


async def test_what_somebody_is_nudged_about_reaches_the_deputy(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("C4b", "C7", "C9", "C12", "C16")) as small:
        visit = await small.open_visit(TALKS)
        await until(small, datetime(2026, 3, 5, 10, 0, tzinfo=SHANGHAI))
        await name_deputy(small, LINA, MARTA)
        small.slack.refused.add(LINA)
        people = await small.nudges.remind_everyone(await small.actor(LIU), visit.key)
        assert people == ((await small.actor(LINA)).id,)
        await minutes(small, 5)
        for n in await small.all(Notice, kind=NoticeKind.NUDGE):
            print(n.person_id, n.state, n.reason, n.payload)
        assert told(small, MARTA) or [t for t in told(small, LIU) if "Couldn't reach" in t]


async def test_that_a_board_cannot_be_posted_is_told_to_whoever_may_choose_another_channel(
    database_url: str,
) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("E1b")) as small:
        secret = replace(FORM, lead_host=EMMA, company="Secret", is_confidential=True, arrival_time=time(9, 0))
        await small.open_visit(secret)
        await small.open_visit(FORM)
        await small.settle()
        small.slack.refused.add(CHANNEL)
        await until(small, PICKUP - timedelta(hours=6))
        reports = await small.all(Notice, kind=NoticeKind.UNDELIVERED)
        assert {n.person_id for n in reports} == {(await small.actor(LIU)).id}


async def test_that_a_card_cannot_be_posted_is_not_said_in_that_very_channel_alone(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        small.slack.refused |= {CHANNEL, LIU}
        await small.open_visit(FORM)
        await minutes(small, 3)
        heard = ("Couldn't post in the reception channel", "2 messages did not arrive")
        assert [text for text in told(small, LINA) if text.startswith(heard)]


async def test_a_report_that_says_nothing_counts_as_told_to_nobody(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(replace(ALONE, is_confidential=True))
        await until(small, PICKUP - timedelta(hours=1, minutes=1))
        small.slack.refused |= {SOFIA, LINA}
        await until(small, PICKUP - timedelta(minutes=50))
        reports = await small.all(Notice, kind=NoticeKind.UNDELIVERED, channel=CHANNEL)
        print([(n.state, n.payload) for n in reports], [p.text for p in small.slack.posts if p.channel == CHANNEL])
        heard = [p.text for p in small.slack.posts if "reach" in p.text or "did not arrive" in p.text]
        nobody = b"visita_nobody_told_total 1.0" in small.delivery.metrics.page({})
        assert heard or nobody, "no one of the house knows that nobody meets the guests"


class Refuses(Slack):
    """Refuses one person; something happens right before that. Keeps what the others read."""

    def __init__(self, small: SmallOffice, who: str, happens: Callable[[], Awaitable[None]]) -> None:
        super().__init__(small.slack, channel_seconds=0, workspace_seconds=0)
        self._who, self._happens = who, [happens]
        self.read: list[tuple[str, str]] = []

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
        if to == self._who:
            if self._happens:
                await self._happens.pop()()
            raise Undeliverable("user_not_found")
        self.read.append((to, str(message)))
        return await super().post(to, message, notice_id, thread_ts, told=told, shows=shows)


async def refuse(small: SmallOffice, happens: Callable[[], Awaitable[None]]) -> Refuses:
    await until(small, PICKUP - timedelta(hours=1, minutes=1))
    slack = Refuses(small, SOFIA, happens)
    small.delivery = Delivery(small.office, Readers(CATALOGS), slack, at_once=1)
    small.clock.at = PICKUP - timedelta(hours=1)
    await small.delivery.deliver_due()
    return slack


async def nothing() -> None:
    return


@pytest.mark.parametrize("is_refused_before", [False, True])
async def test_administration_reads_nothing_of_a_visit_that_has_become_confidential(
    database_url: str, is_refused_before: bool
) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(ALONE)
        slack = await refuse(small, nothing if is_refused_before else lambda: make_confidential(small))
        if is_refused_before:
            await make_confidential(small)
        await minutes(small, 2)
        assert not [text for to, text in slack.read if to == LIU and "Acme" in text]


@pytest.mark.parametrize("is_refused_before", [False, True])
async def test_whoever_is_lead_host_by_then_hears(database_url: str, is_refused_before: bool) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        visit = await small.open_visit(ALONE)
        lina = await small.actor(LINA)

        async def hand_over() -> None:
            await small.handovers.hand_over(lina, visit.key, lina.id, EMMA)

        slack = await refuse(small, nothing if is_refused_before else hand_over)
        if is_refused_before:
            await hand_over()
        await minutes(small, 2)
        assert [text for to, text in slack.read if to == EMMA and "Couldn't reach" in text]


async def test_a_channel_that_is_put_right_gets_the_cards_it_did_not_take(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        small.slack.refused.add(CHANNEL)  # archived by mistake, or private and the bot was not invited yet
        await small.open_visit(FORM)
        await small.settle()
        small.slack.refused.clear()
        await small.arrange({}, "Asia/Shanghai")  # the same channel is chosen once more
        await minutes(small, 2)
        assert [post for post in small.slack.posts if post.channel == CHANNEL]


async def test_what_was_never_posted_did_not_perhaps_come_twice(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        small.slack.may_look = False
        await small.open_visit(FORM)
        await until(small, PICKUP + timedelta(minutes=1))
        pickup = await a_stop(small, StopKind.PICKUP)
        await small.stops.change(await host(small), pickup.key, StopForm(day=PICKUP.date(), starts=time(16, 0)))
        await minutes(small, 5)
        (request,) = await small.all(Notice, kind=NoticeKind.VEHICLE_REQUEST)
        assert [post.notice for post in small.slack.posts].count(request.id) == 1
        assert request.reason == ""


@pytest.mark.parametrize("error", ["team_added_to_org", "org_login_required"])
async def test_while_a_workspace_moves_into_an_organization_nothing_is_given_up(database_url: str, error: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(ALONE)
        await until(small, PICKUP - timedelta(hours=1, minutes=1))
        small.slack.trouble = [f"says {error}"] * 3
        await minutes(small, 5)
        assert [post for post in small.slack.posts if post.channel == f"D{SOFIA}"]
        assert not await small.all(Notice, kind=NoticeKind.UNDELIVERED)


@pytest.mark.parametrize("error", ["invalid_auth", "token_expired", "org_login_required"])
async def test_what_slack_did_not_let_us_say_is_not_looked_for_for_ever(database_url: str, error: str) -> None:
    """The door was closed, so nothing has arrived: it is given up in time, like whatever is of no use any more."""
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        await small.open_visit(ALONE)
        await until(small, PICKUP - timedelta(hours=1, minutes=1))
        small.slack.trouble = [f"says {error}"] * 1000
        await until(small, PICKUP + timedelta(hours=3))
        reminders = await small.all(Notice, kind=NoticeKind.REMINDER)
        assert {notice.state for notice in reminders if notice.useful_until < small.clock.at} == {NoticeState.EXPIRED}
        assert small.slack.looks == 0


async def test_a_card_that_slack_takes_for_bad_is_no_reason_to_choose_another_channel(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as small:
        small.slack.trouble = ["malformed"]
        await small.open_visit(FORM)
        await minutes(small, 1)
        (report,) = await small.all(Notice, kind=NoticeKind.UNDELIVERED)
        assert [entry["closed"] for entry in report.payload["missed"]] == [False]
