"""Open visits planned by other rules: after an upgrade, and after settings changed while many were open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from sqlmodel import select

from bot.app import read_rulebook
from bot.errors import NotAllowed
from bot.models.bookings import Booking, BookingState
from bot.models.forms import VisitForm
from bot.models.notices import Notice, NoticeState, Record, RecordKind
from bot.models.people import Actor, Person, Workspace
from bot.models.ranks import Preset
from bot.models.rearrangement import Rearrangement, RuleChange
from bot.models.roles import Role
from bot.procedure.rules import Rulebook
from bot.services.arrangements import AT_ONCE, Arrangements
from bot.services.office import Office
from bot.services.replanning import BATCH, REARRANGED, Replanning
from schedules.replanner import Replanner
from tests.classic import CLASSIC, only
from tests.small_office import CHEN, LINA, LIU, SHANGHAI, SOFIA, SmallOffice, small_office

START = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


def form(day: int = 10) -> VisitForm:
    return VisitForm(
        company="Acme",
        guest_name="Luis García",
        arrival_date=date(2026, 3, day),
        arrival_time=time(14, 30),
        departure_date=date(2026, 3, day + 1),
        departure_time=time(19, 0),
        lead_host=LINA,
        greeters=(SOFIA,),
        driver=CHEN,
    )


def catching_up(small: SmallOffice, rulebook: Rulebook) -> Replanning:
    """A replica of the release with this rulebook."""
    return Replanning(Office(small.database, small.clock, rulebook))


@asynccontextmanager
async def a_reminded_office(database_url: str) -> AsyncIterator[SmallOffice]:
    """One open visit, planned by the release before, whose driver and greeter were reminded already."""
    async with small_office(database_url, START) as small:
        await small.open_visit(form())
        small.clock.at = datetime(2026, 3, 10, 13, 31, tzinfo=SHANGHAI)
        await small.settle()
        yield small


async def planned_by(small: SmallOffice) -> str:
    (workspace,) = await small.all(Workspace)
    return str(workspace.planned_by)


async def test_a_new_releases_rows_appear_and_nobody_is_told_twice(database_url: str) -> None:
    shipped = read_rulebook()
    async with a_reminded_office(database_url) as small:
        before = {n.key: (n.id, n.state, n.sent_at) for n in await small.all(Notice)}
        told = len(small.slack.posts)
        assert await catching_up(small, shipped).catch_up(with_release=True) == 1
        after = {n.key: n for n in await small.all(Notice)}
        sent = {key for key, (_, _, sent_at) in before.items() if sent_at is not None}
        assert sent, "driver and greeter were told"
        assert all((after[key].id, after[key].state) == before[key][:2] for key in sent)
        assert {"D6.2", "D1.4", "D3.6"} & {n.rule for n in after.values()}, "what the release before did not know"
        assert await planned_by(small) == shipped.fingerprint
        await small.delivery.deliver_due()
        again = [post for post in small.slack.posts[told:] if post.notice in {before[key][0] for key in sent}]
        assert again == []


async def test_whoever_is_stopped_while_catching_up_leaves_the_rest_to_the_next_start(database_url: str) -> None:
    shipped = read_rulebook()
    async with small_office(database_url, START) as small:
        for _ in range(2 * BATCH + 1):
            await small.open_visit(form())
        before, begun = await planned_by(small), asyncio.Event()
        small.database.after_commit(begun.set)
        replanner = Replanner(catching_up(small, shipped))
        replanner.start()
        await begun.wait()
        await replanner.stop()
        assert await planned_by(small) == before
        assert await catching_up(small, shipped).catch_up(with_release=True) == 1
        assert await planned_by(small) == shipped.fingerprint


async def test_a_house_that_cannot_be_planned_holds_up_no_other(database_url: str) -> None:
    shipped = read_rulebook()
    async with small_office(database_url, START) as small:
        await small.open_visit(form())
        async with small.database.write() as session:
            (house,) = (await session.exec(select(Workspace))).all()
            house.zone = "Nowhere/At_All"
            session.add(Workspace(id="T2", name="Other", zone="Asia/Shanghai", locale="en-US", country="CN"))
        with pytest.raises(ExceptionGroup):
            await catching_up(small, shipped).catch_up(with_release=True)
        (other,) = await small.all(Workspace, id="T2")
        assert other.planned_by == shipped.fingerprint


async def test_planning_twice_changes_nothing_and_is_not_done_twice(database_url: str) -> None:
    shipped = read_rulebook()
    async with a_reminded_office(database_url) as small:
        replicas = [catching_up(small, shipped) for _ in "ab"]
        await asyncio.gather(*(replica.catch_up(with_release=True) for replica in replicas))
        once = sorted((n.key, n.state, n.due_at) for n in await small.all(Notice))
        assert await replicas[0].catch_up(with_release=True) == 0
        await Replanning(replicas[0].office).catch_up(with_release=False)
        assert sorted((n.key, n.state, n.due_at) for n in await small.all(Notice)) == once
        assert len({n.key for n in await small.all(Notice)}) == len(once)


async def test_what_the_new_release_no_longer_says_falls_away(database_url: str) -> None:
    async with small_office(database_url, START) as small:
        await small.open_visit(form())
        without = replace(CLASSIC, rules=tuple(rule for rule in CLASSIC.rules if rule.id != "D1.2"))
        await catching_up(small, without).catch_up(with_release=True)
        assert {n.state for n in await small.all(Notice, rule="D1.2")} == {NoticeState.WITHDRAWN}


async def test_replicas_of_two_releases_do_not_undo_each_others_plans(database_url: str) -> None:
    async with small_office(database_url, START) as small:
        await small.open_visit(form())
        await catching_up(small, read_rulebook()).catch_up(with_release=True)
        planned = await planned_by(small)
        assert await catching_up(small, CLASSIC).catch_up(with_release=False) == 0
        assert await planned_by(small) == planned


async def test_many_open_visits_are_planned_anew_right_after_the_settings(database_url: str) -> None:
    async with small_office(database_url, START) as small:
        for _ in range(AT_ONCE + 1):
            await small.open_visit(form())
        woken = asyncio.Event()
        arrangements = Arrangements(small.office, woken.set)
        await arrangements.arrange(await small.actor(LIU), Rearrangement(rule=RuleChange("D1.2", "2h")))
        assert woken.is_set()
        assert (await planned_by(small)).startswith(REARRANGED)
        assert {n.due_at.astimezone(SHANGHAI).hour for n in await small.all(Notice, rule="D1.2")} == {13}
        assert await Replanning(small.office).catch_up(with_release=False) == 1
        assert {n.due_at.astimezone(SHANGHAI).hour for n in await small.all(Notice, rule="D1.2")} == {12}
        assert await planned_by(small) == small.office.rulebook.fingerprint


async def test_the_record_says_which_requests_a_row_that_is_switched_off_takes_away(database_url: str) -> None:
    """Nobody changed the visit: without it the visit's record would not know why they are gone."""
    async with small_office(database_url, START, rulebook=only("C19")) as small:
        visit = await small.open_visit(form())
        (asked,) = await small.all(Booking, visit_id=visit.key)
        await small.arrangements.arrange(await small.actor(LIU), Rearrangement(rule=RuleChange("C19", is_on=False)))
        (gone,) = await small.all(Booking, visit_id=visit.key)
        (record,) = await small.all(Record, kind=RecordKind.REQUESTS_RELEASED)
        assert (gone.state, record.details, record.person_id) == (
            BookingState.RELEASED,
            {"bookings": [asked.key]},
            visit.lead_host_id,
        )


async def test_settings_that_change_meanwhile_leave_it_behind_again(database_url: str) -> None:
    async with small_office(database_url, START) as small:
        async with small.database.write() as session:
            workspace = await session.get(Workspace, "T1")
            assert workspace is not None
            workspace.planned_by = REARRANGED + "later"
            session.add(workspace)
        replanning = Replanning(small.office)
        await replanning.caught_up("T1", REARRANGED + "earlier")
        assert await planned_by(small) == REARRANGED + "later"


@pytest.mark.parametrize(
    "change",
    [
        Rearrangement(rule=RuleChange("D1.2", "2h")),
        Rearrangement(rule=RuleChange("D1.2", is_on=False)),
        Rearrangement(rule=RuleChange("C1", "3h", keeps_office_hours=True)),
        Rearrangement({"opens": "08:00", "closes": "12:00", "country": "ES"}),
        Rearrangement(holders={}),
    ],
    ids=["lead", "off", "office hours", "site", "nothing"],
)
async def test_what_was_shown_is_what_becomes_of_the_messages(database_url: str, change: Rearrangement) -> None:
    async with small_office(database_url, START) as small:
        for day in (10, 12):
            await small.open_visit(form(day))
        liu = await small.actor(LIU)
        shown = await small.arrangements.effect(liu, change)
        before = {n.key: n for n in await small.all(Notice) if n.state == NoticeState.PENDING}
        await small.arrangements.arrange(liu, change)
        after = {n.key: n for n in await small.all(Notice) if n.state == NoticeState.PENDING}
        moved = [key for key in before.keys() & after.keys() if before[key].due_at != after[key].due_at]
        counted = (len(moved), len(after.keys() - before.keys()), len(before.keys() - after.keys()))
        assert (shown.moved, shown.added, shown.dropped) == counted


@pytest.mark.parametrize("is_admin", [True, False])
@pytest.mark.parametrize("role", [None, *Role])
def test_who_may_change_settings(is_admin: bool, role: Role | None) -> None:
    person = Person(id=1, workspace_id="T1", slack_id="U1", name="", is_workspace_admin=is_admin)
    actor = Actor(person, frozenset([role] if role else []))
    assert actor.can_change_settings is (is_admin or role is Role.SETTINGS)


async def test_the_services_refuse_whoever_may_not(database_url: str) -> None:
    async with small_office(database_url, START) as small:
        lina = await small.actor(LINA)
        arrangements, furnishings = small.arrangements, small.furnishings
        for verb in (
            arrangements.settings(lina),
            arrangements.effect(lina, Rearrangement()),
            arrangements.arrange(lina, Rearrangement()),
            furnishings.use_preset(lina, Preset.COMPANY),
            furnishings.set_rank(lina, None, value=1, titles={"en": "x"}),
            furnishings.remove_rank(lina, 1),
            furnishings.give_rank(lina, lina.person, 1),
            furnishings.add_vehicle(lina, name="x", plate="x", seats=1),
            furnishings.retire_room(lina, 1),
        ):
            with pytest.raises(NotAllowed):
                await verb
