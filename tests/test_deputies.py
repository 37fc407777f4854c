"""Whoever cannot be reached has a deputy, and the reception channel hears the rest; and what is done in the dark."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.models.notices import DeclarationKind, Notice, NoticeKind, NoticeState, Reason
from bot.models.people import RoleHolder
from bot.models.roles import Role
from tests.classic import only
from tests.small_office import CHANNEL, EMMA, LINA, LIU, MARTA, SOFIA, TEAM, ZHOU, SmallOffice, small_office
from tests.test_metrics import statements
from tests.test_reconcile import DINNER, FORM, MONDAY, PICKUP, received, until


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    async with small_office(database_url, MONDAY) as office:
        yield office


async def name_deputy(small: SmallOffice, who: str, deputy: str) -> None:
    actor = await small.actor(who)
    await small.people.choose(actor, language=None, zone=None, deputy=deputy)


def told(small: SmallOffice, who: str) -> list[str]:
    return [post.text for post in small.slack.posts if post.channel == f"D{who}"]


async def of(small: SmallOffice, who: str, rule: str) -> list[Notice]:
    person = (await small.actor(who)).id
    return [n for n in await small.all(Notice, rule=rule, person_id=person) if n.state != NoticeState.WITHDRAWN]


async def test_what_cannot_be_delivered_goes_to_the_deputy_who_may_answer_it(small: SmallOffice) -> None:
    await name_deputy(small, SOFIA, MARTA)
    await small.open_visit(replace(FORM, greeters=(SOFIA,), leaders=(), team=()))
    small.slack.refused.add(SOFIA)

    await until(small, PICKUP - timedelta(minutes=50))

    (missed,) = await of(small, SOFIA, "D1.2")
    (reminder,) = await of(small, MARTA, "D1.2")
    assert (missed.state, missed.reason, missed.payload["instead"]) == ("failed", "user_not_found", reminder.person_id)
    assert reminder.state == NoticeState.SENT
    (text,) = [text for text in told(small, MARTA) if "pickup" in text.lower()]
    assert text.startswith(f"For Name of {SOFIA}, who can't be reached: ")
    assert not await small.all(Notice, kind=NoticeKind.UNDELIVERED), "somebody was told"

    await small.declarations.declare(await small.actor(MARTA), reminder.id, DeclarationKind.ON_MY_WAY)
    await small.settle()
    assert any("on the way" in text for text in told(small, LINA))


async def test_a_deputy_who_is_told_anyway_is_told_once(small: SmallOffice) -> None:
    await name_deputy(small, SOFIA, MARTA)
    await small.open_visit(replace(FORM, greeters=(SOFIA, MARTA), leaders=(), team=()))
    small.slack.refused.add(SOFIA)

    await until(small, PICKUP - timedelta(minutes=50))

    assert len(await of(small, MARTA, "D1.2")) == 1
    assert len([text for text in told(small, MARTA) if "pickup" in text.lower()]) == 1


async def test_whoever_has_left_is_replaced_at_planning(small: SmallOffice) -> None:
    await name_deputy(small, SOFIA, MARTA)
    await small.open_visit(replace(FORM, greeters=(SOFIA,), leaders=(), team=()))
    small.directory.gone.add(SOFIA)
    await small.people.follow(TEAM, await small.directory.profile(TEAM, SOFIA))

    await until(small, PICKUP - timedelta(minutes=50))

    assert await of(small, SOFIA, "D1.2") == []
    (text,) = [text for text in told(small, MARTA) if "pickup" in text.lower()]
    assert text.startswith(f"For Name of {SOFIA}, who can't be reached: ")


async def test_a_role_has_a_deputy_who_may_act_for_it(small: SmallOffice) -> None:
    deputy = await small.actor(ZHOU)
    async with small.database.write() as session:
        session.add(RoleHolder(workspace_id=TEAM, role=Role.ADMINISTRATION, person_id=deputy.id, is_deputy=True))
    await small.open_visit(FORM)
    small.slack.refused.add(LIU)

    await until(small, PICKUP - timedelta(minutes=50))

    assert {n.state for n in await of(small, LIU, "C1")} == {NoticeState.FAILED}
    assert {n.state for n in await of(small, ZHOU, "C1")} == {NoticeState.SENT}
    assert (await small.actor(ZHOU)).has(Role.ADMINISTRATION)


async def test_what_nobody_can_be_told_of_is_said_in_the_reception_channel(small: SmallOffice) -> None:
    await small.open_visit(replace(FORM, greeters=(SOFIA,), leaders=(), team=()))
    small.slack.refused |= {SOFIA, LINA}

    await until(small, PICKUP - timedelta(minutes=50))

    reports = [n for n in await small.all(Notice, kind=NoticeKind.UNDELIVERED) if n.channel == CHANNEL]
    assert reports
    assert {n.state for n in reports} == {NoticeState.SENT}
    sofia, lina = (await small.actor(SOFIA)).id, (await small.actor(LINA)).id
    assert {entry["person"] for n in reports for entry in n.payload["missed"]} >= {sofia, lina}


async def test_of_a_message_that_cannot_be_delivered_host_and_administration_hear(small: SmallOffice) -> None:
    await small.open_visit(replace(FORM, greeters=(SOFIA,), leaders=(), team=()))
    small.slack.refused.add(SOFIA)

    await until(small, PICKUP - timedelta(minutes=50))

    reports = await small.all(Notice, kind=NoticeKind.UNDELIVERED)
    assert {n.state for n in reports} == {NoticeState.SENT}
    heard = {(await small.actor(who)).id for who in (LINA, LIU)}
    assert sorted(n.person_id or 0 for n in reports) == sorted(heard), "each once"
    for who in (LINA, LIU):
        assert [text for text in told(small, who) if text.startswith(f"Couldn't reach Name of {SOFIA}")]


async def test_of_a_card_that_its_channel_does_not_take_whoever_can_choose_another_hears(small: SmallOffice) -> None:
    small.slack.refused.add(CHANNEL)
    await small.open_visit(FORM)
    await small.settle()

    (card,) = await small.all(Notice, kind=NoticeKind.CARD)
    assert card.state == NoticeState.FAILED
    (report,) = await small.all(Notice, kind=NoticeKind.UNDELIVERED)
    assert (report.state, report.person_id) == (NoticeState.SENT, (await small.actor(LIU)).id)
    assert [text for text in told(small, LIU) if text.startswith("Couldn't post in the reception channel")]


async def test_of_a_board_that_its_channel_does_not_take_they_hear_once_a_day(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("E1b")) as small:
        await small.open_visit(FORM)
        await small.settle()
        small.slack.refused.add(CHANNEL)

        await until(small, PICKUP - timedelta(hours=6))

        failed = await small.all(Notice, kind=NoticeKind.BOARD, state=NoticeState.FAILED)
        reports = await small.all(Notice, kind=NoticeKind.UNDELIVERED)
        assert failed
        told_of = [entry["day"] for n in reports for entry in n.payload["missed"]]
        assert sorted(told_of) == sorted(n.payload["day"] for n in failed)
        assert {n.person_id for n in reports} == {(await small.actor(LIU)).id}


async def test_without_the_scope_to_look_it_is_sent_again_and_the_row_says_so(small: SmallOffice) -> None:
    small.slack.may_look = False
    await small.open_visit(replace(FORM, greeters=(SOFIA,), leaders=(), team=()))
    await until(small, PICKUP - timedelta(hours=1, minutes=10))
    small.slack.trouble.append("lost")

    await until(small, PICKUP - timedelta(minutes=50))

    doubtful = [n for n in await small.all(Notice) if n.reason == Reason.MAYBE_TWICE]
    assert [n.state for n in doubtful] == [NoticeState.SENT]
    assert len([post for post in small.slack.posts if post.notice == doubtful[0].id]) == 2


async def test_what_was_limited_is_known_not_to_have_arrived(small: SmallOffice) -> None:
    small.slack.may_look = False
    await small.open_visit(replace(FORM, greeters=(SOFIA,), leaders=(), team=()))
    await until(small, PICKUP - timedelta(hours=1, minutes=10))
    small.slack.trouble.append("limited")

    await until(small, PICKUP - timedelta(minutes=50))

    assert not [n for n in await small.all(Notice) if n.reason == Reason.MAYBE_TWICE]
    assert len({post.notice for post in small.slack.posts}) == len(small.slack.posts)


async def test_twice_into_the_dark_is_enough(small: SmallOffice) -> None:
    small.slack.may_look = False
    await small.open_visit(replace(FORM, greeters=(SOFIA,), leaders=(), team=()))
    await until(small, PICKUP - timedelta(hours=1, minutes=10))
    small.slack.trouble += ["lost", "lost", "lost", "lost"]

    await until(small, PICKUP - timedelta(minutes=50))

    assert any(n.reason == Reason.UNKNOWN_TWICE and n.state == NoticeState.FAILED for n in await small.all(Notice))
    posted = [post.notice for post in small.slack.posts]
    assert max(posted.count(notice) for notice in posted) == 2


async def test_a_deputy_who_stood_in_before_is_asked_again_when_their_colleague_goes_away_once_more(
    database_url: str,
) -> None:
    """They heard in between that it is off for them: the colleague was back."""
    async with small_office(database_url, MONDAY, rulebook=only("D3.1")) as small:
        await small.open_visit(FORM)
        await until(small, DINNER - timedelta(hours=3))
        sofia = await small.actor(SOFIA)
        friday = (PICKUP + timedelta(days=1)).date()
        for times in (1, 2):
            await small.absences.go_away(sofia, EMMA, friday)
            await until(small, small.clock.at + timedelta(minutes=2))
            assert len(await received(small, EMMA, NoticeKind.REMINDER)) == times
            await small.absences.come_back(sofia)
            await until(small, small.clock.at + timedelta(minutes=2))
            assert len(await received(small, EMMA, NoticeKind.CHANGE)) == times


async def test_while_all_visits_of_a_house_are_planned_anew_for_one_person_others_get_their_turn(
    small: SmallOffice,
) -> None:
    """On SQLite statements run in the event loop: nothing would be acknowledged, or sent, until the last is planned."""
    for _ in range(10):
        await small.open_visit(FORM)
    at_a_stretch, before = [], 0
    with statements() as asked:
        planning = asyncio.create_task(name_deputy(small, LIU, MARTA))
        while not planning.done():
            await asyncio.sleep(0)
            at_a_stretch.append(len(asked) - before)
            before = len(asked)
    await planning
    assert max(at_a_stretch) < len(asked) / 4
