"""Who does not know of a change or of a cancellation: tried as long as it matters, and then somebody hears of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.visits import Visit
from tests.classic import only
from tests.small_office import CHANNEL, CHEN, LINA, LIU, MARTA, SmallOffice, small_office
from tests.test_deputies import name_deputy, told
from tests.test_reconcile import FORM, MONDAY, PICKUP, host, until


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
