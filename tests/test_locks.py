"""Two transactions of one PostgreSQL that meet: neither is ended because each waits for what the other has locked."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlmodel import col
from structlog.testing import capture_logs

from bot.errors import HeldMeanwhile
from bot.metrics import Metrics
from bot.models.bookings import Vehicle
from bot.models.forms import VisitForm
from bot.models.notices import Notice, NoticeKind, NoticeState, Reason, RecordKind
from bot.models.rearrangement import Rearrangement
from bot.models.visits import Visit
from bot.services import days, holds
from bot.services.arrivals import Arrival, Arrivals
from bot.services.outbox import any_update
from bot.services.rows import add_rows
from bot.services.shown import Shown
from bot.slack import Posted
from tests.classic import only
from tests.small_office import LINA, LIU, SHANGHAI, SOFIA, TEAM, SmallOffice, small_office
from tests.test_replicas import ON_POSTGRES

pytestmark = ON_POSTGRES
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
DUE = datetime(2026, 3, 5, 9, 0, tzinfo=SHANGHAI)
"""A day before the talks: several things to prepare for the lead host, and for administration."""
RULES = only("C4b", "C7", "C9", "C12", "C13", "C17", "C19", "C16", "D1.2", "E1")
FORM = VisitForm(
    company="Acme",
    guest_name="Luis",
    lead_host=LINA,
    greeters=(SOFIA,),
    leaders=(SOFIA,),
    driver="U3",
    arrival_date=date(2026, 3, 5),
    arrival_time=time(14, 30),
    departure_date=date(2026, 3, 6),
    departure_time=time(19, 0),
)
PATIENCE = 30


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    async with small_office(database_url, MONDAY, rulebook=RULES) as small:
        await small.open_visit(FORM)
        await small.settle()
        small.clock.at = DUE - timedelta(minutes=1)
        await small.settle()
        yield small


class Other:
    """Another replica in the midst of a change: it has locked the visit, and locks its notices one by one."""

    def __init__(self, line: Any) -> None:
        self._line = line

    async def has(self, notice_id: str) -> None:
        await self._line.execute("SELECT FROM notice WHERE id = $1 FOR UPDATE", notice_id)

    async def plans_days(self) -> None:
        """As every change does that may stand on messages about a day: one at a time in a house."""
        await self._line.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", days.TURN, TEAM)


@asynccontextmanager
async def other(url: str, visit_id: int | None) -> AsyncIterator[Other]:
    line: Any = await asyncpg.connect(url)
    try:
        async with line.transaction():
            await line.execute("SELECT FROM visit WHERE id = $1 FOR UPDATE", visit_id)
            yield Other(line)
    finally:
        await line.close()


async def begun(url: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """The work, which has come to its end or to a lock that somebody has."""
    task, line = asyncio.create_task(work), await asyncpg.connect(url)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    try:
        async with asyncio.timeout(PATIENCE):
            while not task.done() and not await line.fetchval(waiting):
                pass
    finally:
        await line.close()
    return task


async def carrier_of(small: SmallOffice) -> tuple[Notice, Sequence[Notice]]:
    """A message that is under way and what it tells."""
    small.clock.at = DUE
    carrier = next(n for n in await small.delivery.claims.claim(64) if n.kind == NoticeKind.SHORT_NOTICE)
    return carrier, await small.all(Notice, merged_into=carrier.id)


async def test_a_message_of_several_things_arrives_amid_a_change(small: SmallOffice, database_url: str) -> None:
    carrier, parts = await carrier_of(small)
    arrival = Arrival(carrier, small.clock.now(), Posted("D1", "1.1"), {}, "reads so")
    arrivals = Arrivals(small.office, Metrics())
    with capture_logs() as lines:
        async with other(database_url, carrier.visit_id) as change:
            await change.has(parts[0].id)
            settling = await begun(database_url, arrivals.settle(arrival, others_follow=False))
            await change.has(carrier.id)
        await settling
    assert not lines, "not tried in vain either"
    assert {n.sent_at for n in await small.all(Notice, merged_into=carrier.id)} == {arrival.at}


async def test_a_message_is_taken_apart_amid_a_change(small: SmallOffice, database_url: str) -> None:
    carrier, parts = await carrier_of(small)
    async with other(database_url, carrier.visit_id) as change:
        await change.has(parts[0].id)
        taking = await begun(database_url, small.delivery.outbox.take_apart(carrier, is_refused=True))
        await change.has(carrier.id)
    await taking
    assert {n.state for n in await small.all(Notice) if n.id in {part.id for part in parts}} == {NoticeState.PENDING}


async def test_parts_are_left_out_amid_a_change(small: SmallOffice, database_url: str) -> None:
    carrier, parts = await carrier_of(small)
    gone = {part.id: Reason.ANSWERED for part in parts}
    async with other(database_url, carrier.visit_id) as change:
        await change.has(parts[-1].id)
        leaving = await begun(database_url, small.delivery.outbox.leave_out(carrier, gone))
        await change.has(parts[0].id)
    await leaving
    assert not await small.all(Notice, merged_into=carrier.id)


async def test_edits_are_written_down_amid_a_change(small: SmallOffice, database_url: str) -> None:
    one, two = (await small.all(Notice, state=NoticeState.SENT))[:2]
    async with small.database.write() as session:
        for notice in (one, two):
            notice.stale_since = small.clock.at
            session.add(notice)
    shown = Shown(small.office, Metrics())

    async def write() -> None:
        await asyncio.gather(*(shown.write(notice, "reads otherwise") for notice in (one, two)))

    async with other(database_url, one.visit_id) as change:
        await change.has(two.id)
        writing = await begun(database_url, write())
        await change.has(one.id)
    await writing
    stale = [n for n in await small.all(Notice) if n.id in {one.id, two.id} and n.stale_since is not None]
    assert [n.id for n in stale] == [two.id], "what somebody else has is looked at again"


async def test_a_message_about_a_day_arrives_while_another_visit_of_that_day_changes(
    small: SmallOffice, database_url: str
) -> None:
    small.clock.at = DUE + timedelta(days=1)
    sheets = [n for n in await small.delivery.claims.claim(64) if n.kind == NoticeKind.RUN_SHEET]
    (sheet, *_) = sheets
    async with small.database.write() as session:  # something changed while it was under way
        await session.exec(any_update().where(col(Notice.id) == sheet.id).values(stale_since=small.clock.at))
    arrival = Arrival(sheet, small.clock.now(), Posted("D1", "1.1"), {}, "reads so")
    async with other(database_url, None) as change:
        await change.plans_days()
        settling = await begun(database_url, Arrivals(small.office, Metrics()).settle(arrival, others_follow=False))
        await change.has(sheet.id)
    await settling
    (sent,) = await small.all(Notice, id=sheet.id)
    assert sent.state == NoticeState.SENT


async def test_settings_are_changed_while_somebody_presses(small: SmallOffice, database_url: str) -> None:
    """What is put on record for a visit refers to its house, its people: they must not be locked against that."""
    (visit,) = await small.all(Visit)
    admin, lina = await small.actor(LIU), await small.actor(LINA)
    async with small.office.changing(visit.key) as change:
        wanted = Rearrangement({"zone": "Asia/Tokyo"}, {})
        arranging = await begun(database_url, small.arrangements.arrange(admin, wanted))
        await add_rows(change.session, [change.notice("thread:1", NoticeKind.THREAD, "C1", {})])
        await change.record(lina.id, RecordKind.CHANGED)
    await arranging


@pytest.mark.parametrize("verb", ["go away", "choose"])
async def test_somebody_names_a_deputy_while_they_are_told_something(
    small: SmallOffice, database_url: str, verb: str
) -> None:
    (visit,) = await small.all(Visit)
    lina = await small.actor(LINA)
    naming = (
        small.absences.go_away(lina, SOFIA, date(2026, 3, 9))
        if verb == "go away"
        else small.people.choose(lina, language=None, zone=None, deputy=SOFIA)
    )
    async with small.office.changing(visit.key) as change:
        named = await begun(database_url, naming)
        await change.record(lina.id, RecordKind.CHANGED)
    await named


async def test_whoever_takes_what_another_is_about_to_take_is_asked_to_choose_again(
    small: SmallOffice, database_url: str
) -> None:
    """Each of two changes takes both cars, in another order: only one of them can be kept."""
    (visit,) = await small.all(Visit)
    van, bus = await small.all(Vehicle)
    begins = DUE + timedelta(days=90)
    hold = {"workspace_id": TEAM, "visit_id": visit.key, "starts_at": begins, "ends_at": begins + timedelta(hours=1)}
    taken = "INSERT INTO hold (workspace_id, visit_id, starts_at, ends_at, vehicle_id) VALUES ($1, $2, $3, $4, $5)"

    async def take_both() -> None:
        async with small.database.write() as session:
            # Time enough for the other's second car.
            await (await session.connection()).execute(text("SET LOCAL deadlock_timeout = '3s'"))
            await holds.write(session, [hold | {"vehicle_id": car.key} for car in (van, bus)])

    line: Any = await asyncpg.connect(database_url)
    try:
        # It leaves it to the bot to find out that they wait in a circle.
        await line.execute(f"SET deadlock_timeout = '{PATIENCE}s'")
        async with line.transaction():
            await line.execute(taken, *hold.values(), bus.key)
            taking = await begun(database_url, take_both())
            await line.execute(taken, *hold.values(), van.key)
    finally:
        await line.close()
    with pytest.raises(HeldMeanwhile):
        await taking
