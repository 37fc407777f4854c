"""Who does not know of a change or of a cancellation: tried as long as it matters, and then somebody hears of it."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from bot.models.bookings import Booking
from bot.models.forms import StopForm
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.remarks import RemarkKind
from bot.models.visits import Stop, StopKind, Visit
from bot.procedure.intake import form_of
from bot.services.delivery import Delivery
from bot.services.pictures import read_picture
from bot.services.reading import Readers
from tests.classic import only
from tests.small_office import (
    CATALOGS,
    CHANNEL,
    CHEN,
    EMMA,
    LINA,
    LIU,
    MARTA,
    SHANGHAI,
    SOFIA,
    WANG,
    SmallOffice,
    small_office,
)
from tests.test_deputies import name_deputy, told
from tests.test_missed import Refuses
from tests.test_reconcile import DINNER, FORM, MONDAY, PICKUP, a_stop, host, received, until


async def minutes(small: SmallOffice, count: int) -> None:
    for _ in range(count):
        await until(small, small.clock.at + timedelta(minutes=1))


async def opened(small: SmallOffice, moment: datetime = PICKUP - timedelta(minutes=50)) -> Visit:
    """A visit of which everybody has been told what is due by then."""
    visit = await small.open_visit(FORM)
    await until(small, moment)
    return visit


async def test_that_somebody_cannot_be_told_that_a_visit_is_off_host_and_administration_hear(
    database_url: str,
) -> None:
    async with small_office(database_url, MONDAY) as small:
        visit = await opened(small)
        small.slack.refused.add(CHEN)
        await small.visits.cancel(await host(small), visit.key, "ill")
        await minutes(small, 3)
        for who in (LINA, LIU):
            assert len([t for t in told(small, who) if t.startswith(f"Couldn't reach Name of {CHEN}")]) == 1, who


async def test_a_deputy_hears_that_a_visit_is_off(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        await name_deputy(small, CHEN, MARTA)
        visit = await opened(small)
        small.slack.refused.add(CHEN)
        await small.visits.cancel(await host(small), visit.key, "ill")
        await minutes(small, 3)
        assert len([t for t in told(small, MARTA) if "Visit canceled" in t]) == 1
        assert not await small.all(Notice, kind=NoticeKind.UNDELIVERED), "somebody was told"


async def test_word_of_a_change_that_waits_for_a_deputy_is_not_forgotten_meanwhile(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        await name_deputy(small, CHEN, MARTA)
        visit = await opened(small)
        pickup = await a_stop(small, StopKind.PICKUP)

        async def slack_limits() -> None:
            small.slack.trouble = ["limited"] * 9

        small.delivery = Delivery(small.office, Readers(CATALOGS), Refuses(small, CHEN, slack_limits), at_once=1)
        await small.stops.change(await host(small), pickup.key, GATE)
        await small.delivery.deliver_due()
        marta = (await small.actor(MARTA)).id
        word = {"kind": NoticeKind.CHANGE, "person_id": marta}
        assert [n.state for n in await small.all(Notice, **word)] == [NoticeState.PENDING]
        small.slack.trouble = []
        await small.remarks.note(await host(small), visit.key, RemarkKind.WISH, "tea")
        await minutes(small, 3)
        assert [n.state for n in await small.all(Notice, **word)] == [NoticeState.SENT]


async def test_where_the_host_of_a_canceled_visit_cannot_be_reached_either_the_channel_hears(
    database_url: str,
) -> None:
    async with small_office(database_url, MONDAY) as small:
        visit = await opened(small)
        small.slack.refused |= {CHEN, LINA, LIU}
        await small.visits.cancel(await host(small), visit.key, "ill")
        await minutes(small, 3)
        chen = (await small.actor(CHEN)).id
        reports = await small.all(Notice, kind=NoticeKind.UNDELIVERED, channel=CHANNEL, state=NoticeState.SENT)
        assert chen in {entry["person"] for report in reports for entry in report.payload["missed"]}


async def test_what_the_guests_are_to_be_told_of_a_canceled_visit_administration_hears(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("D1.2")) as small:
        visit = await opened(small)
        async with small.database.write() as session:
            (row,) = [await session.get_one(Visit, visit.key)]
            row.letter_issued_at = small.clock.at
            session.add(row)
        small.slack.refused.add(LINA)
        await small.visits.cancel(await small.actor(LIU), visit.key, "ill")
        await minutes(small, 3)
        kinds = {
            entry["kind"]
            for report in await small.all(Notice, kind=NoticeKind.UNDELIVERED, state=NoticeState.SENT)
            for entry in report.payload["missed"]
            if report.person_id == (await small.actor(LIU)).id
        }
        assert NoticeKind.CALLED_OFF in kinds


async def test_what_else_was_to_be_told_of_a_visit_that_is_off_nobody_misses(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("D1.2")) as small:
        visit = await small.open_visit(replace(FORM, greeters=(MARTA,), leaders=(), team=()))
        await until(small, PICKUP - timedelta(hours=1, minutes=1))
        small.slack.trouble = ["lost"] * 2
        small.clock.at = PICKUP - timedelta(hours=1)
        await small.delivery.deliver_due()
        small.slack.refused |= {CHEN, MARTA}
        small.slack.posts = [p for p in small.slack.posts if p.channel not in (f"D{CHEN}", f"D{MARTA}")]
        await small.visits.cancel(await host(small), visit.key, "ill")
        await minutes(small, 5)
        assert not await small.all(Notice, kind=NoticeKind.UNDELIVERED)


GATE = StopForm(day=PICKUP.date(), starts=PICKUP.time(), place="T1, Gate 9")


async def missed(small: SmallOffice, who: str) -> list[dict[str, Any]]:
    """What somebody was told that others have not heard."""
    return [
        entry for report in await received(small, who, NoticeKind.UNDELIVERED) for entry in report.payload["missed"]
    ]


async def test_word_of_another_gate_in_twenty_minutes_goes_before_what_is_of_tomorrow(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("A7", "C1", "B6", "C7", "C9", "D1.2", "D3.1")) as small:
        await opened(small, PICKUP - timedelta(minutes=21))
        pickup = await a_stop(small, StopKind.PICKUP)
        before = len(small.slack.posts)
        tomorrow = PICKUP + timedelta(days=1)
        form = replace(FORM, lead_host=EMMA, greeters=(MARTA,), leaders=(MARTA,), driver=WANG)
        form = replace(form, arrival_date=tomorrow.date(), departure_date=(tomorrow + timedelta(days=1)).date())
        for _ in range(3):
            await small.open_visit(form)
        await small.stops.change(await host(small), pickup.key, GATE)
        await small.settle()
        rows = {row.id: row for row in await small.all(Notice)}
        kinds = [rows[post.notice].kind for post in small.slack.posts[before:]]
        changes = kinds.count(NoticeKind.CHANGE)
        assert changes >= 2
        assert set(kinds[:changes]) == {NoticeKind.CHANGE}, kinds


async def test_of_a_gate_that_guests_have_come_out_of_the_host_hears_who_did_not_know(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        await opened(small)
        pickup = await a_stop(small, StopKind.PICKUP)
        before = len(small.slack.posts)
        await small.stops.change(await host(small), pickup.key, GATE)
        small.clock.at = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)  # the bot was away
        await minutes(small, 3)
        said = [p.text for p in small.slack.posts[before:] if not p.thread]
        assert not [text for text in said if text.startswith("Schedule change: airport pickup")], said
        chen = (await small.actor(CHEN)).id
        assert (chen, pickup.key, True) in {(e["person"], e["stop"], e["late"]) for e in await missed(small, LINA)}


async def test_of_a_dinner_that_is_off_and_was_not_called_off_in_time_the_host_hears(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        await opened(small, DINNER - timedelta(minutes=90))
        dinner = await a_stop(small, StopKind.MEAL)
        await small.stops.remove(await host(small), dinner.key)
        small.clock.at = DINNER + timedelta(hours=2, minutes=30)
        await minutes(small, 3)
        assert {e["stop"] for e in await missed(small, LINA) if e["kind"] == NoticeKind.CHANGE} == {dinner.key}
        assert not [n for n in await small.all(Notice, kind=NoticeKind.CHANGE) if n.state == NoticeState.SENT]


async def test_of_a_change_that_is_too_late_for_one_stop_the_rest_is_told(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        visit = await small.open_visit(FORM)
        dinner, pickup = await a_stop(small, StopKind.MEAL), await a_stop(small, StopKind.PICKUP)
        at_1730 = StopForm(day=DINNER.date(), starts=time(17, 30), meal="dinner")
        await small.stops.change(await host(small), dinner.key, at_1730)
        await until(small, PICKUP - timedelta(minutes=50))  # Sofía has been reminded of both
        async with small.database.read() as session:
            form = form_of(await read_picture(session, visit))
        await small.visits.change(await host(small), visit.key, replace(form, party_size="7"))
        small.clock.at = PICKUP + timedelta(minutes=5)
        await minutes(small, 3)
        sofia = (await small.actor(SOFIA)).id
        late = [e for e in await missed(small, LINA) if e["kind"] == NoticeKind.CHANGE and e["person"] == sofia]
        assert [e["stop"] for e in late] == [pickup.key]
        (rest,) = await received(small, SOFIA, NoticeKind.CHANGE)
        assert [entry["stop"] for entry in rest.payload["changes"]] == [dinner.key]


async def test_what_is_too_late_is_not_forgotten_because_something_else_happens_then(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        visit = await opened(small)
        pickup = await a_stop(small, StopKind.PICKUP)
        await small.stops.change(await host(small), pickup.key, GATE)
        small.clock.at = PICKUP + timedelta(minutes=1)
        await small.remarks.note(await host(small), visit.key, RemarkKind.WISH, "tea")  # before anything is sent again
        await minutes(small, 3)
        late = {e["person"] for e in await missed(small, LINA) if e["kind"] == NoticeKind.CHANGE}
        assert (await small.actor(CHEN)).id in late


async def test_that_a_visit_was_off_is_told_as_long_as_there_is_something_to_miss(database_url: str) -> None:
    async with small_office(database_url, MONDAY) as small:
        visit = await opened(small)
        before = len(small.slack.posts)
        await small.visits.cancel(await host(small), visit.key, "ill")
        small.clock.at = PICKUP + timedelta(minutes=20)
        await minutes(small, 3)
        chen = (await small.actor(CHEN)).id
        late = [e for e in await missed(small, LINA) if e["person"] == chen]
        pickup = (await small.all(Stop, kind=StopKind.PICKUP))[0]
        assert [(e["stop"], e["late"], e["canceled"]) for e in late] == [(pickup.key, True, True)]
        assert len(small.slack.posts) > before
        departed = PICKUP + timedelta(days=3)
        await until(small, departed)
        assert {n.state for n in await small.all(Notice, kind=NoticeKind.CHANGE)} <= {
            NoticeState.SENT,
            NoticeState.EXPIRED,
            NoticeState.WITHDRAWN,
        }


async def test_an_answer_is_of_no_use_when_what_it_is_about_is_over(database_url: str) -> None:
    async with small_office(database_url, MONDAY, rulebook=only("C1", "D1.2")) as small:
        await opened(small, PICKUP - timedelta(hours=3))
        (request,) = await received(small, LIU, NoticeKind.VEHICLE_REQUEST)
        booking = (await small.all(Booking, id=request.booking_id))[0]
        await small.bookings.decline(await small.actor(LIU), booking.key, booking.version, "no car")
        (answer,) = await small.all(Notice, kind=NoticeKind.VEHICLE_ANSWER, state=NoticeState.PENDING)
        pickup = await a_stop(small, StopKind.PICKUP)
        assert answer.useful_until == pickup.ends_at
