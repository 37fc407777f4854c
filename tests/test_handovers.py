"""Handing over (G1): a visit gets another lead host, or somebody takes over everything of a colleague."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.app import read_rulebook
from bot.errors import FormErrors, NotAllowed, OutOfDate, Problem
from bot.models.bookings import Booking, BookingState
from bot.models.notices import DeclarationKind, Notice, NoticeKind, NoticeState, Record, RecordKind
from bot.models.people import Actor, Person
from bot.models.roles import Part, Role
from bot.models.visits import Participant, Visit
from bot.services.absences import Absences
from bot.services.handovers import Handovers
from bot.services.office import Change
from sandbox.hands import Hands
from tests.classic import ROWS, only
from tests.reception import Reception, Shown, labels, reception, text_of
from tests.small_office import CHEN, EMMA, LINA, LIU, MARTA, SOFIA, TEAM, SmallOffice, small_office
from tests.test_reconcile import FORM, MONDAY, PICKUP, until

BOOK = only("A7", "C1", "D1.2", "D3.1")


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    async with small_office(database_url, MONDAY, rulebook=BOOK) as office:
        yield office


def handovers(small: SmallOffice) -> Handovers:
    return Handovers(small.office, small.people)


async def got(small: SmallOffice, who: str, kind: NoticeKind) -> list[Notice]:
    person = (await small.actor(who)).id
    return await small.all(Notice, person_id=person, kind=kind, state=NoticeState.SENT)


async def test_a_visit_gets_another_lead_host(small: SmallOffice) -> None:
    visit = await small.open_visit(FORM)
    await until(small, MONDAY + timedelta(minutes=1))
    lina, emma = await small.actor(LINA), await small.actor(EMMA)
    (contact,) = [n for n in await got(small, LINA, NoticeKind.DUTY) if n.rule == "A7"]
    await small.declarations.declare(lina, contact.id, DeclarationKind.DONE)

    await handovers(small).hand_over(lina, visit.key, lina.id, EMMA)
    await small.settle()

    (summary,) = await got(small, EMMA, NoticeKind.HANDOVER)
    (told,) = summary.payload["taken"]
    assert (told["is_host"], told["open"]) == (True, 1)
    assert [n.rule for n in await got(small, EMMA, NoticeKind.DUTY)] == ["A7"], "our contact is another one"
    assert not await got(small, LINA, NoticeKind.HANDOVER), "she did it herself"
    await until(small, PICKUP - timedelta(hours=1))
    assert not await got(small, LINA, NoticeKind.CHANGE)
    (kept,) = await small.all(Record, kind=RecordKind.HANDED_OVER)
    assert (kept.person_id, kept.details["people"]) == (lina.id, [lina.id, emma.id])


async def test_whoever_was_told_the_old_lead_host_hears_the_new_one_once(small: SmallOffice) -> None:
    visit = await small.open_visit(FORM)
    await until(small, PICKUP - timedelta(hours=1))
    lina, emma, chen = [await small.actor(who) for who in (LINA, EMMA, CHEN)]
    assert [n.rule for n in await got(small, CHEN, NoticeKind.REMINDER)] == ["D1.2"]

    await handovers(small).hand_over(lina, visit.key, lina.id, EMMA)
    await small.settle()

    (told,) = await got(small, CHEN, NoticeKind.CHANGE)
    assert [(c["what"], c["old"]["host"]) for c in told.payload["changes"]] == [("changed", lina.id)]
    assert all(known["host"] == emma.id for known in told.told.values())
    assert chen.id == told.person_id
    for who in (LINA, EMMA):
        assert not await got(small, who, NoticeKind.CHANGE), "they know it from each other"


async def test_the_old_lead_host_hears_it_from_whoever_did_it(small: SmallOffice) -> None:
    visit = await small.open_visit(FORM)
    await until(small, MONDAY + timedelta(minutes=1))
    lina, liu = await small.actor(LINA), await small.actor(LIU)
    await handovers(small).hand_over(liu, visit.key, lina.id, EMMA)
    await small.settle()
    assert len(await got(small, LINA, NoticeKind.HANDOVER)) == 1
    assert len(await got(small, EMMA, NoticeKind.HANDOVER)) == 1


async def test_what_stood_on_the_run_sheet_is_not_taken_back_stop_by_stop(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=read_rulebook()) as small:
        visit = await small.open_visit(FORM)
        await until(small, PICKUP.replace(hour=10))
        lina = await small.actor(LINA)
        assert await got(small, LINA, NoticeKind.RUN_SHEET)
        await small.handovers.hand_over(lina, visit.key, lina.id, EMMA)
        await until(small, PICKUP.replace(hour=11))
        assert not await got(small, LINA, NoticeKind.CHANGE), "she did it herself"


async def test_handing_over_is_refused_to_others_twice_and_to_nobody(small: SmallOffice) -> None:
    visit = await small.open_visit(FORM)
    lina, sofia = await small.actor(LINA), await small.actor(SOFIA)
    verbs = handovers(small)
    with pytest.raises(NotAllowed):
        await verbs.hand_over(sofia, visit.key, lina.id, SOFIA)
    for to, problem in (("", Problem.MISSING), ("U404", Problem.NOT_A_PERSON), (LINA, Problem.HOST_ALREADY)):
        small.directory.gone.add("U404")
        with pytest.raises(FormErrors) as wrong:
            await verbs.hand_over(lina, visit.key, lina.id, to)
        assert wrong.value.problems == {"lead_host": problem}
    await verbs.hand_over(lina, visit.key, lina.id, EMMA)
    with pytest.raises((OutOfDate, NotAllowed)):
        await verbs.hand_over(lina, visit.key, lina.id, MARTA)
    assert len(await small.all(Notice, kind=NoticeKind.HANDOVER)) == 1


async def test_everything_of_a_colleague_at_once(small: SmallOffice) -> None:
    """The second of three visits has Sofía nowhere; the first has her as leader and greeter, the third as host too."""
    first = await small.open_visit(FORM)
    await small.open_visit(replace(FORM, company="Globex", leaders=(), greeters=()))
    await small.open_visit(replace(FORM, company="Initech", lead_host=SOFIA, leaders=(MARTA, SOFIA), greeters=()))
    await until(small, MONDAY + timedelta(minutes=1))
    liu, sofia, marta = [await small.actor(who) for who in (LIU, SOFIA, MARTA)]

    assert await handovers(small).take_over(marta_as_deputy(marta, sofia), SOFIA) == 2
    await small.settle()

    (summary,) = await got(small, MARTA, NoticeKind.HANDOVER)
    assert [visit["company"] for visit in summary.payload["taken"]] == ["Acme", "Initech"]
    assert set(summary.payload["taken"][0]["parts"]) == {Part.LEADER, Part.GREETER}
    assert len(await got(small, SOFIA, NoticeKind.HANDOVER)) == 1
    assert not await got(small, SOFIA, NoticeKind.CHANGE), "told once"
    assert not await small.all(Participant, person_id=sofia.id)
    assert len(await small.all(Participant, visit_id=first.key, person_id=marta.id)) == 2
    (initech,) = await small.all(Visit, company="Initech")
    assert initech.lead_host_id == marta.id
    assert len(await small.all(Participant, visit_id=initech.key, person_id=marta.id, part=Part.LEADER)) == 1

    assert await handovers(small).take_over(liu, SOFIA) == 0, "nothing is left"
    assert len(await small.all(Notice, kind=NoticeKind.HANDOVER)) == 2


async def test_of_somebody_who_has_left_nobody_is_told_that_it_could_not_be_said(small: SmallOffice) -> None:
    await small.open_visit(FORM)
    small.directory.gone.add(LINA)
    await small.people.follow(TEAM, await small.directory.profile(TEAM, LINA))

    assert await handovers(small).take_over(await small.actor(LIU), LINA) == 1
    await until(small, MONDAY + timedelta(minutes=1))

    assert [row.state for row in await small.all(Notice, kind=NoticeKind.HANDOVER)] == [NoticeState.SENT]
    assert not await small.all(Notice, kind=NoticeKind.UNDELIVERED)


async def test_who_cannot_be_reached_any_more_is_given_up(small: SmallOffice) -> None:
    """They left after the visit had been taken over, and before they could be told."""
    visit = await small.open_visit(FORM)
    (lina,) = await small.all(Person, slack_id=LINA)
    await handovers(small).hand_over(await small.actor(LIU), visit.key, lina.key, EMMA)
    small.slack.refused.add(LINA)
    await until(small, MONDAY + timedelta(minutes=1))

    states = {row.person_id: row.state for row in await small.all(Notice, kind=NoticeKind.HANDOVER)}
    assert states[lina.key] == NoticeState.FAILED


async def test_whoever_hands_over_is_a_deputy_still(database_url: str) -> None:
    """What they were asked in a colleague's place is not off for them: they would hear no more of the stop."""
    async with small_office(database_url, MONDAY, rulebook=only("C2", "D1.2")) as small:
        await small.absences.go_away(await small.actor(LIU), LINA, PICKUP.date())
        visit, lina = await small.open_visit(FORM), await small.actor(LINA)
        await until(small, MONDAY + timedelta(minutes=1))
        (request,) = await got(small, LINA, NoticeKind.REQUEST)

        await handovers(small).hand_over(lina, visit.key, lina.id, EMMA)
        await until(small, MONDAY + timedelta(minutes=3))

        (request,) = await small.all(Notice, id=request.id)
        assert all(request.told.values())


def marta_as_deputy(marta: Actor, sofia: Actor) -> Actor:
    return replace(marta, stands_in_for=frozenset({sofia.id}))


@pytest.mark.parametrize(
    ("roles", "is_admin", "stands_in", "may"),
    [
        (frozenset(), False, False, False),
        (frozenset({Role.ADMINISTRATION}), False, False, True),
        (frozenset({Role.SETTINGS}), False, False, True),
        (frozenset(), True, False, True),
        (frozenset(), False, True, True),
        (frozenset({Role.EXECUTIVE_OFFICE, Role.FRONT_DESK}), False, False, False),
    ],
)
def test_who_may_take_over(roles: frozenset[Role], *, is_admin: bool, stands_in: bool, may: bool) -> None:
    colleague = Person(id=1, workspace_id="T1", slack_id="U1", name="Sofía")
    person = Person(id=2, workspace_id="T1", slack_id="U2", name="Marta", is_workspace_admin=is_admin)
    actor = Actor(person, roles, frozenset({1} if stands_in else ()))
    assert actor.can_take_over_from(colleague) is may
    assert not actor.can_take_over_from(person), "one's own"
    assert not actor.can_take_over_from(Person(id=3, workspace_id="T2", slack_id="U1", name="Sofía"))


async def test_a_drive_that_is_taken_over_is_asked_for_again(small: SmallOffice) -> None:
    visit = await small.open_visit(FORM)
    liu = await small.actor(LIU)
    (booking,) = await small.all(Booking, visit_id=visit.key)
    await small.bookings.assign(liu, booking.key, booking.version, 1, CHEN)
    (booking,) = await small.all(Booking, visit_id=visit.key)
    await small.bookings.confirm(await small.actor(CHEN), booking.key, booking.version)
    await handovers(small).take_over(liu, CHEN)
    (booking,) = await small.all(Booking, visit_id=visit.key)
    assert booking.state == BookingState.REQUESTED


async def test_two_take_over_at_once_and_one_has_it(small: SmallOffice) -> None:
    await small.open_visit(FORM)
    sofia = await small.actor(SOFIA)
    liu, marta = await small.actor(LIU), marta_as_deputy(await small.actor(MARTA), sofia)
    verbs = handovers(small)
    counts = await asyncio.gather(verbs.take_over(liu, SOFIA), verbs.take_over(marta, SOFIA))
    assert sorted(counts) == [0, 1]
    async with small.database.read() as session:
        rows = (await session.exec(select(Notice).where(Notice.kind == NoticeKind.HANDOVER))).all()
    assert len(rows) == 2, "one summary, one word to the old owner"


async def test_killed_half_way_nothing_has_changed(small: SmallOffice) -> None:
    await small.open_visit(FORM)
    await small.open_visit(replace(FORM, company="Globex"))
    sofia = await small.actor(SOFIA)

    class Killed(Exception):  # noqa: N818 - the process ends here
        pass

    class Dying(Handovers):
        async def _take_over_in(self, change: Change, actor: Actor, person: Person) -> dict[str, Any]:
            if change.visit.company == "Globex":
                raise Killed
            return await super()._take_over_in(change, actor, person)

    with pytest.raises(Killed):
        await Dying(small.office, small.people).take_over(await small.actor(LIU), SOFIA)
    assert len(await small.all(Participant, person_id=sofia.id)) == 4
    assert not await small.all(Notice, kind=NoticeKind.HANDOVER)
    assert await handovers(small).take_over(await small.actor(LIU), SOFIA) == 2


async def test_nobody_is_away_to_a_deputy_in_a_circle(small: SmallOffice) -> None:
    absences = Absences(small.office, small.people)
    marta, sofia = await small.actor(MARTA), await small.actor(SOFIA)
    await absences.go_away(marta, SOFIA, (MONDAY + timedelta(days=9)).date())
    with pytest.raises(FormErrors):
        await absences.go_away(sofia, MARTA, (MONDAY + timedelta(days=9)).date())


def summaries(office: Reception, who: Hands) -> list[Shown]:
    titles = ("take over", "接手", "Usted asume")
    return [m for m in office.inbox(who) if any(title in m["text"] for title in titles)]


async def lina_hands_over_to_emma(office: Reception) -> None:
    await office.lina.press(office.card(), action_id="show_visit")
    await office.lina.press(action_id="hand_over")
    await office.lina.choose(None, "lead_host", "U03EMMA")
    assert await office.lina.submit() == {}
    await office.lina.close(everything=True)
    await office.settle()


async def test_what_was_answered_before_a_handover_is_no_news_after_it(database_url: str) -> None:
    """The plan is approved and the car confirmed; hours later another takes over, and gets all of it in one message."""
    async with reception(database_url, rulebook=only(*ROWS, "B3"), approved=True) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await office.lina.press(office.last(office.lina), action_id="send_plan")
        await office.lina.fill("estimated_cost", "12000")
        assert await office.lina.submit() == {}
        await office.settle()
        await office.sofia.press(office.last(office.sofia), action_id="approve_plan")
        await office.settle()
        assert "Acme" in office.last(office.lina)["text"], "she hears that it is approved"
        await office.pass_time(hours=3)
        await lina_hands_over_to_emma(office)
        assert office.inbox(office.emma) == summaries(office, office.emma)


async def test_by_the_windows_of_slack(database_url: str) -> None:
    async with reception(database_url, rulebook=BOOK) as office:
        await office.open_visit(leaders=["U06SOFIA"])
        await lina_hands_over_to_emma(office)
        (summary,) = summaries(office, office.emma)
        assert "V-0001" in text_of(summary)
        assert "roles in the workspace" not in text_of(summary), "of one visit there is nothing to say of roles"
        await office.lina.press(office.card(), action_id="show_visit")
        assert "交接" not in labels(office.lina.view()), "it is no longer hers"
        await office.lina.close(everything=True)
        await office.carlos.command("/visit handover V-0001", channel="reception")
        assert "responsable" in office.carlos.ephemerals("reception")[-1]["text"]
        await office.liu.command("/visit takeover <@U06SOFIA|sofia>")
        assert await office.liu.submit() == {}
        assert "V-0001" in text_of(office.liu.view())
        assert "角色" in text_of(office.liu.view())
        assert await office.liu.submit() == {}
        await office.liu.close(everything=True)
        await office.settle()
        (summary,) = summaries(office, office.liu)
        assert "角色" in text_of(summary), "what a person is to the house is not taken over"
        assert len(summaries(office, office.sofia)) == 0
        assert any("asume 1 visita" in m["text"] for m in office.inbox(office.sofia))
        await office.carlos.command("/visit relevar <@U06SOFIA|sofia>")
        await office.carlos.submit()
        assert "suplente" in str(office.carlos.view())


async def test_what_others_are_asked_can_still_be_answered_where_it_was_asked(database_url: str) -> None:
    """The guests are in the car: the driver says so to whoever is the lead host by now."""
    async with reception(database_url, rulebook=only("D1.4", "D4.1")) as office:
        await office.open_visit(office.emma, driver="U04CHEN", leaders=["U15XU"], arrival_time="09:00")
        await office.pass_time(until=PICKUP.replace(hour=9, minute=10))
        before = {who.user_id: office.inbox(who)[-1]["ts"] for who in (office.chen, office.xu)}
        await office.emma.command("/visit handover V-0001")
        await office.emma.choose(None, "lead_host", "U02CARLOS")
        assert await office.emma.submit() == {}
        await office.pass_time(minutes=2)
        for who, action in ((office.chen, "declare_aboard"), (office.xu, "declare_attends")):
            (asked,) = [message for message in office.inbox(who) if message["ts"] == before[who.user_id]]
            assert "U02CARLOS" in text_of(asked), "whom to call now"
            await who.press(asked, action_id=action)
            await office.settle()
            (asked,) = [message for message in office.inbox(who) if message["ts"] == before[who.user_id]]
            assert ":white_check_mark:" in text_of(asked) or ":large_green_circle:" in text_of(asked)
