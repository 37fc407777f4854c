"""Somebody who takes part in a visit leaves the workspace: whoever can name another reads of it at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import NotAllowed
from bot.models.bookings import Booking, BookingKind, BookingState, Hold
from bot.models.forms import StopForm
from bot.models.notices import Notice, NoticeKind, NoticeState, Reason, Record, RecordKind
from bot.models.people import Person
from bot.models.roles import Part, Role
from bot.models.visits import Stop, StopKind, Visit
from sandbox.hands import Hands
from sandbox.people import doors
from tests.reception import Reception, Shown, labels, reception, text_of
from tests.small_office import (
    CHEN,
    EMMA,
    LINA,
    LIU,
    MARTA,
    ROLES,
    SOFIA,
    TEAM,
    WANG,
    ZHANG,
    ZHOU,
    SmallOffice,
    small_office,
)  # fmt: skip
from tests.test_deputies import name_deputy
from tests.test_reconcile import FORM, MONDAY, PICKUP, received, until


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    async with small_office(database_url, MONDAY) as office:
        yield office


async def leaves(small: SmallOffice, who: str, *, told: bool = True) -> None:
    small.directory.gone.add(who)
    await small.people.follow(TEAM, await small.directory.profile(TEAM, who))
    if told:
        await small.settle()


async def returns(small: SmallOffice, who: str) -> None:
    small.directory.gone.discard(who)
    await small.people.follow(TEAM, await small.directory.profile(TEAM, who))
    await small.settle()


async def heard(small: SmallOffice, who: str) -> list[Notice]:
    """What somebody has heard of people who left."""
    return await received(small, who, NoticeKind.LEFT)


async def places(small: SmallOffice, told: Notice) -> list[tuple[str, str]]:
    kinds = {stop.key: stop.kind for stop in await small.all(Stop)}
    return [(kinds[stop], part) for stop, part in told.payload["places"]]


async def test_the_lead_host_hears_at_once_of_every_stop_that_somebody_leaves(small: SmallOffice) -> None:
    await small.open_visit(FORM)
    await leaves(small, SOFIA)

    (told,) = await heard(small, LINA)
    found = await places(small, told)
    assert found[:2] == [(StopKind.PICKUP, Part.GREETER), (StopKind.MEAL, Part.LEADER)]
    assert {part for _, part in found[2:]} == {Part.LEADER}
    (post,) = [post for post in small.slack.posts if post.notice == told.id]
    assert post.text == f"Name of {SOFIA} is no longer in this workspace. Luis (Acme)"
    (record,) = await small.all(Record, kind=RecordKind.LEFT)
    assert record.person_id == (await small.actor(SOFIA)).id
    assert await small.all(Notice, kind=NoticeKind.LEFT) == [told], "nobody else, and once"


async def test_what_slack_says_twice_is_told_once(small: SmallOffice) -> None:
    await small.open_visit(FORM)
    for _ in "ab":
        await leaves(small, SOFIA)
    assert len(await heard(small, LINA)) == 1


async def test_what_slack_says_twice_at_the_same_moment_is_told_once(small: SmallOffice) -> None:
    await small.open_visit(FORM)
    await asyncio.gather(*(leaves(small, SOFIA, told=False) for _ in "abc"))
    await small.settle()
    assert len(await small.all(Notice, kind=NoticeKind.LEFT)) == 1
    assert len(await small.all(Record, kind=RecordKind.LEFT)) == 1


async def test_of_what_is_over_and_of_visits_that_are_off_nobody_hears(small: SmallOffice) -> None:
    visit = await small.open_visit(replace(FORM, leaders=()))
    off = await small.open_visit(FORM)
    await small.visits.cancel(await small.actor(LINA), off.key, "not coming")
    await until(small, PICKUP + timedelta(hours=6))
    await leaves(small, SOFIA)
    assert visit.is_open
    assert await small.all(Notice, kind=NoticeKind.LEFT) == [], "the guests were met"


async def test_whoever_has_no_part_in_a_visit_is_not_missed_in_it(small: SmallOffice) -> None:
    await small.open_visit(FORM)
    await leaves(small, ZHOU)
    assert await small.all(Notice, kind=NoticeKind.LEFT) == []


async def test_for_a_driver_administration_is_asked_anew_and_the_host_hears(small: SmallOffice) -> None:
    for is_confirmed in (False, True):
        visit = await small.open_visit(replace(FORM, driver=""))
        await until(small, max(small.clock.at, PICKUP - timedelta(days=2)))
        await assigned(small, visit, CHEN if not is_confirmed else WANG, is_confirmed=is_confirmed)
        asked = len(await received(small, LIU, NoticeKind.VEHICLE_REQUEST))
        await leaves(small, CHEN if not is_confirmed else WANG)

        (booking,) = await small.all(Booking, visit_id=visit.key, kind=BookingKind.VEHICLE)
        assert (booking.state, booking.driver_id, booking.vehicle_id) == (BookingState.REQUESTED, None, None)
        assert len(await received(small, LIU, NoticeKind.VEHICLE_REQUEST)) == asked + 1, "a new one, with sound"
        assert not await small.all(Hold, visit_id=visit.key), "the car is free for the next"
        told = [notice for notice in await heard(small, LINA) if notice.visit_id == visit.key]
        assert len(told) == 1
        assert {part for _, part in await places(small, told[0])} == {Part.DRIVER}


async def assigned(small: SmallOffice, visit: Visit, driver: str, *, is_confirmed: bool = True) -> None:
    """Administration has assigned a car with this driver."""
    (booking,) = await small.all(Booking, visit_id=visit.key, kind=BookingKind.VEHICLE)
    await small.bookings.assign(await small.actor(LIU), booking.key, booking.version, 1 + is_confirmed, driver)
    if is_confirmed:
        (booking,) = await small.all(Booking, visit_id=visit.key, kind=BookingKind.VEHICLE)
        await small.bookings.confirm(await small.actor(driver), booking.key, booking.version)
    await small.settle()


async def test_a_driver_whose_drives_are_over_is_not_replaced(small: SmallOffice) -> None:
    visit = await small.open_visit(replace(FORM, driver=""))
    await until(small, PICKUP - timedelta(days=2))
    await assigned(small, visit, CHEN)
    await until(small, visit.departs_at + timedelta(hours=2))
    await leaves(small, CHEN)
    (booking,) = await small.all(Booking, kind=BookingKind.VEHICLE)
    assert booking.state == BookingState.CONFIRMED
    assert await small.all(Notice, kind=NoticeKind.LEFT) == []


async def test_a_host_who_is_administration_is_asked_for_another_driver_and_not_told_besides(
    database_url: str,
) -> None:
    roles = {Role.ADMINISTRATION: (LINA,), Role.DRIVER: (CHEN, WANG)}
    async with small_office(database_url, MONDAY, roles={**roles, Role.SETTINGS: (LIU,)}) as small:
        visit = await small.open_visit(replace(FORM, driver=""))
        await until(small, PICKUP - timedelta(days=2))
        (booking,) = await small.all(Booking, kind=BookingKind.VEHICLE)
        await small.bookings.assign(await small.actor(LINA), booking.key, booking.version, 1, CHEN)
        await small.settle()
        asked = len(await received(small, LINA, NoticeKind.VEHICLE_REQUEST))
        await leaves(small, CHEN)
        assert visit.lead_host_id == (await small.actor(LINA)).id
        assert len(await received(small, LINA, NoticeKind.VEHICLE_REQUEST)) == asked + 1
        assert await heard(small, LINA) == []


async def test_for_who_was_to_drive_one_stop_only_the_host_can_name_another(small: SmallOffice) -> None:
    visit = await small.open_visit(FORM)
    form = StopForm(day=PICKUP.date(), starts=(PICKUP + timedelta(hours=7)).time(), meal="dinner", needs_car=True)
    await small.stops.add(
        await small.actor(LINA), visit.key, StopKind.MEAL, replace(form, people={Part.DRIVER: (WANG,)})
    )
    await small.settle()
    asked = len(await small.all(Notice, kind=NoticeKind.VEHICLE_REQUEST))
    await leaves(small, WANG)
    (told,) = await heard(small, LINA)
    assert await places(small, told) == [(StopKind.MEAL, Part.DRIVER)]
    assert len(await small.all(Notice, kind=NoticeKind.VEHICLE_REQUEST)) == asked


async def test_who_comes_back_before_it_is_told_has_not_been_away(small: SmallOffice) -> None:
    await small.open_visit(FORM)
    await small.settle()
    await leaves(small, SOFIA, told=False)
    await returns(small, SOFIA)
    (told,) = await small.all(Notice, kind=NoticeKind.LEFT)
    assert (told.state, told.reason) == (NoticeState.WITHDRAWN, Reason.CHANGED_BACK)

    await leaves(small, SOFIA)
    (read,) = await heard(small, LINA)
    assert read.id != told.id, "left for the second time"
    await returns(small, SOFIA)
    assert small.slack.edits[read.slack_ts or ""] == 1
    await leaves(small, SOFIA)
    assert len(await heard(small, LINA)) == 2


async def test_the_executive_office_hears_that_a_leader_who_left_is_not_wanted(small: SmallOffice) -> None:
    await small.open_visit(replace(FORM, greeters=(), leaders=(ZHANG,)))
    await until(small, PICKUP - timedelta(days=2) + timedelta(hours=4))
    (booking,) = await small.all(Booking, kind=BookingKind.LEADER)
    await small.bookings.confirm(await small.actor(ZHOU), booking.key, booking.version)
    await small.settle()
    await leaves(small, ZHANG)
    await until(small, small.clock.at + timedelta(minutes=2))
    assert len(await heard(small, LINA)) == 1
    assert len(await received(small, ZHOU, NoticeKind.CHANGE)) == 1
    assert await received(small, LINA, NoticeKind.CHANGE) == []


async def test_whoever_was_put_a_request_is_missed_too(small: SmallOffice) -> None:
    await small.open_visit(replace(FORM, driver=""))
    (booking,) = await small.all(Booking, kind=BookingKind.VEHICLE)
    await small.bookings.reassign(await small.actor(LINA), booking.key, booking.version, MARTA)
    await leaves(small, MARTA)
    (told,) = await heard(small, LINA)
    assert told.payload["requests"] == [booking.key]


async def test_for_a_lead_host_who_leaves_administration_hears_or_their_deputy(small: SmallOffice) -> None:
    await small.open_visit(FORM)
    await leaves(small, LINA)
    assert len(await heard(small, LIU)) == 1
    await small.open_visit(replace(FORM, lead_host=EMMA))
    await name_deputy(small, EMMA, MARTA)
    await leaves(small, EMMA)
    assert len(await heard(small, LIU)) == 1
    assert len(await heard(small, MARTA)) == 1


async def test_of_a_confidential_visit_whoever_opened_it_hears_and_hands_it_over(database_url: str) -> None:
    """What they read asks them to: so they may, as long as nobody answers for the visit."""
    async with reception(database_url) as office:
        await office.open_visit(lead_host="U03EMMA", leaders=[], confidential=["yes"])
        await deactivated(office, "U03EMMA")
        told = of_leaving(office)
        assert "请移交" in text_of(told)
        await office.lina.press(told, action_id="show_visit")
        await office.lina.press(None, action_id="hand_over")
        await office.lina.choose(None, "lead_host", "U12GRACE")
        assert await office.lina.submit() == {}
        await office.settle()
        await office.lina.press(of_leaving(office), action_id="show_visit")
        assert "hand_over" not in str(office.lina.view), "somebody does now"
        assert office.last(office.grace)["text"].startswith("You take over 1 visit")


async def test_of_a_confidential_visit_that_nobody_else_knows_of_the_approver_hears(database_url: str) -> None:
    roles = {**ROLES, Role.APPROVER_3: (ZHANG,)}
    async with small_office(database_url, MONDAY, roles=roles) as small:
        visit = await small.open_visit(replace(FORM, is_confidential=True))
        lina, zhang = await small.actor(LINA), await small.actor(ZHANG)
        with pytest.raises(NotAllowed):
            await small.handovers.hand_over(zhang, visit.key, lina.id, EMMA)
        await leaves(small, LINA)
        assert (len(await heard(small, ZHANG)), len(await heard(small, LIU))) == (1, 0)
        for who in (LIU, SOFIA):
            with pytest.raises(NotAllowed):
                await small.handovers.hand_over(await small.actor(who), visit.key, lina.id, EMMA)
        await small.handovers.hand_over(zhang, visit.key, lina.id, EMMA)
        with pytest.raises(NotAllowed):
            await small.handovers.hand_over(zhang, visit.key, (await small.actor(EMMA)).id, SOFIA)


@pytest.mark.parametrize("first", ["U01LINA", "U03EMMA"], ids=["the opener first", "the lead host first"])
async def test_of_a_confidential_visit_that_host_and_opener_have_left_its_leaders_hear_and_hand_it_over(
    database_url: str, first: str
) -> None:
    async with reception(database_url) as office:
        await office.open_visit(lead_host="U03EMMA", confidential=["yes"])
        await deactivated(office, first)
        assert of_leaving_to(office.sofia, office) == []
        await deactivated(office, "U03EMMA" if first == "U01LINA" else "U01LINA")
        (told,) = of_leaving_to(office.sofia, office)
        assert "Le rogamos que la transfiera" in text_of(told)
        assert ":lock:" in text_of(told)
        for stranger in (office.carlos, office.liu):
            assert of_leaving_to(stranger, office) == []
            await stranger.command("/visit handover 1", channel="reception")
            assert stranger.view() is None

        await office.sofia.press(told, action_id="show_visit")
        await office.sofia.press(None, action_id="hand_over")
        await office.sofia.choose(None, "lead_host", "U12GRACE")
        assert await office.sofia.submit() == {}
        await office.settle()
        assert office.last(office.grace)["text"].startswith("You take over 1 visit")
        await office.sofia.close(everything=True)
        await office.sofia.press(of_leaving_to(office.sofia, office)[0], action_id="show_visit")
        assert "hand_over" not in str(office.sofia.view), "somebody does now"


async def test_whoever_may_not_change_the_visit_is_asked_to_hand_it_over_and_nothing_else(database_url: str) -> None:
    """The lead host was to meet the guests as well: for that only a new lead host finds somebody."""
    async with reception(database_url) as office:
        await office.open_visit(greeters=["U01LINA"], confidential=["yes"])
        await deactivated(office, "U01LINA")
        (told,) = of_leaving_to(office.sofia, office)
        assert ":red_circle: *Recogida en el aeropuerto*" in text_of(told)
        assert labels(told) == ["Ver detalles"]


async def test_the_leaders_of_a_confidential_visit_hear_once_the_last_approver_has_left(database_url: str) -> None:
    """Who accompanies the guests anywhere, or meets them; nobody else who is named in it."""
    roles = {**ROLES, Role.APPROVER_3: (ZHANG, ZHOU)}
    async with small_office(database_url, MONDAY, roles=roles) as small:
        visit = await small.open_visit(replace(FORM, greeters=(MARTA,), is_confidential=True))
        lina = await small.actor(LINA)
        meal = StopForm(day=PICKUP.date(), starts=(PICKUP + timedelta(hours=7)).time(), meal="dinner")
        await small.stops.add(lina, visit.key, StopKind.MEAL, replace(meal, people={Part.LEADER: (EMMA,)}))
        await leaves(small, LINA)
        await leaves(small, ZHANG)
        assert [len(await heard(small, who)) for who in (ZHOU, ZHANG)] == [1, 1], "one of them is still there"
        for who in (SOFIA, MARTA, EMMA):
            assert not await heard(small, who)
            with pytest.raises(NotAllowed):
                await small.handovers.hand_over(await small.actor(who), visit.key, lina.id, EMMA)

        await leaves(small, ZHOU)
        assert [len(await heard(small, who)) for who in (SOFIA, MARTA, EMMA)] == [1, 1, 1]
        assert [len(await heard(small, who)) for who in (LIU, CHEN, WANG)] == [0, 0, 0]
        for who in (LIU, CHEN, WANG):
            with pytest.raises(NotAllowed):
                await small.handovers.hand_over(await small.actor(who), visit.key, lina.id, WANG)
        await small.handovers.hand_over(await small.actor(MARTA), visit.key, lina.id, EMMA)
        for who in (SOFIA, MARTA):
            with pytest.raises(NotAllowed):
                await small.handovers.hand_over(await small.actor(who), visit.key, (await small.actor(EMMA)).id, SOFIA)


async def test_of_a_confidential_visit_its_opener_answers_again_who_comes_back(small: SmallOffice) -> None:
    visit = await small.open_visit(replace(FORM, lead_host=EMMA, greeters=(), is_confidential=True))
    emma, sofia = await small.actor(EMMA), await small.actor(SOFIA)
    await small.handovers.hand_over(emma, visit.key, emma.id, LINA)
    await leaves(small, EMMA)
    assert not await small.all(Notice, kind=NoticeKind.LEFT), "the lead host is there"
    await leaves(small, LINA)
    (told,) = await heard(small, SOFIA)
    await returns(small, EMMA)
    assert small.slack.edits[told.slack_ts or ""] == 1, "it is not asked of her any more"
    assert len(await heard(small, EMMA)) == 1
    await leaves(small, EMMA)
    await returns(small, EMMA)
    assert [len(await heard(small, who)) for who in (EMMA, SOFIA)] == [1, 2], "what is true again is read again"
    with pytest.raises(NotAllowed):
        await small.handovers.hand_over(sofia, visit.key, visit.lead_host_id, MARTA)
    (lina,) = await small.all(Person, slack_id=LINA)
    await small.handovers.hand_over(emma, visit.key, lina.key, MARTA)


async def test_whoever_stands_in_for_a_leader_who_hears_can_hand_it_over_as_well(small: SmallOffice) -> None:
    """Where the leader can't be reached it is they who read of it."""
    await name_deputy(small, SOFIA, MARTA)
    visit = await small.open_visit(replace(FORM, is_confidential=True))
    lina = await small.actor(LINA)
    small.slack.refused.add(SOFIA)
    await leaves(small, LINA)
    assert len(await heard(small, MARTA)) == 1
    await small.handovers.hand_over(await small.actor(MARTA), visit.key, lina.id, EMMA)


async def test_who_stands_in_for_somebody_who_left_is_missed_as_well(small: SmallOffice) -> None:
    await name_deputy(small, SOFIA, MARTA)
    await small.open_visit(replace(FORM, greeters=(SOFIA,), leaders=()))
    await leaves(small, SOFIA)
    await leaves(small, MARTA)
    first, second = await heard(small, LINA)
    assert await places(small, first) == await places(small, second) == [(StopKind.PICKUP, Part.GREETER)]


async def test_the_message_says_who_does_it_now_and_opens_the_stop(database_url: str) -> None:
    async with reception(database_url) as office:
        await office.open_visit(leaders=[], driver="U04CHEN")
        await deactivated(office, "U06SOFIA")
        told = of_leaving(office)
        assert "Sofía Herrera 已不在本工作区" in told["text"]
        assert ":red_circle: *接机* ，3月5日（周四）14:30。迎接人员：无人" in text_of(told)
        assert labels(told) == ["另选人员", "查看详情"]

        await office.lina.press(told, action_id="name_driver")
        await office.lina.choose(None, "greeter", ["U12GRACE"])
        assert await office.lina.submit() == {}
        await office.settle()
        after = of_leaving(office)
        assert ":large_green_circle: *接机* ，3月5日（周四）14:30。迎接人员：" in text_of(after)
        assert labels(after) == ["查看详情"]


async def deactivated(office: Reception, slack_id: str) -> None:
    doors.deactivate(office.workspace, slack_id)
    await office.workspace.events.settled()
    await office.settle()


def of_leaving(office: Reception) -> Shown:
    (found,) = of_leaving_to(office.lina, office)
    return found


def of_leaving_to(who: Hands, office: Reception) -> list[Shown]:
    words = ("不在本工作区", "ya no tiene cuenta", "no longer in this workspace")
    return [message for message in office.inbox(who) if any(word in message["text"] for word in words)]


async def test_who_leaves_with_the_part_they_had_is_not_told_that_it_is_not_theirs_any_more(small: SmallOffice) -> None:
    """Marta was asked for the car; then she is not of administration any more, and before she reads so she leaves."""
    roles = dict(ROLES) | {Role.ADMINISTRATION: (LIU, MARTA)}
    await small.arrange(roles, "Asia/Shanghai")
    await small.open_visit(FORM)
    await until(small, MONDAY + timedelta(days=2))
    await small.arrange(roles | {Role.ADMINISTRATION: ()}, "Asia/Shanghai")
    marta = (await small.actor(MARTA)).id
    word = {"person_id": marta, "kind": NoticeKind.CHANGE}
    assert [notice.state for notice in await small.all(Notice, **word)] == [NoticeState.PENDING]
    await leaves(small, MARTA, told=False)
    assert [notice.state for notice in await small.all(Notice, **word)] == [NoticeState.WITHDRAWN]
    small.clock.at += timedelta(minutes=10)
    await small.settle()
    assert not await received(small, LINA, NoticeKind.UNDELIVERED)
