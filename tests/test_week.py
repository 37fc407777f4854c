"""The short form of the busy week (`python -m bench.week`): a few visits, the same people, claims and clock."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bench.week.diary import entries
from bench.week.living import Lived, live
from bench.week.passing import PassingLoop
from bot.database import Database
from bot.procedure.wanted import SETTLED_AFTER

SEED = 20260302
VISITS = 1


GROWS = ("notice", "visit", "stop", "participant", "booking", "hold", "declaration", "record", "guest", "draft", "plan")
"""Tables that have more rows with every visit; the other rows belong to a house and its people."""


@dataclass(frozen=True)
class AWeek:
    """A few visits lived through, and what the bot asked its database for meanwhile."""

    lived: Lived
    file: Path
    asked: dict[str, Any]
    """Values by statement."""


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> AWeek:
    file, asked = tmp_path_factory.mktemp("week") / "visita.sqlite3", dict[str, Any]()

    async def a_few_visits() -> Lived:
        url, people = f"sqlite:///{file}", asyncio.current_task()

        def note(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, is_many: bool) -> None:
            if asyncio.current_task() is not people:
                asked[sql] = values[0] if is_many else values

        database = Database(url)
        await database.migrate()
        await database.close()
        event.listen(Engine, "before_cursor_execute", note)
        try:
            return await live(url, entries(VISITS, 60, SEED), people=60, seed=SEED)
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    with asyncio.Runner(loop_factory=PassingLoop) as runner:
        return AWeek(runner.run(a_few_visits()), file, asked)


@pytest.mark.sqlite
@pytest.mark.timeout(600)  # ten seconds on an idle machine
def test_everybody_is_told_once_and_in_time_by_what_stands_in_slack(week: AWeek) -> None:
    lived = week.lived
    assert lived.is_right, (lived.tally, lived.checks.broken)
    assert lived.tally.arrived == lived.tally.due > VISITS * 10
    assert lived.did["open a visit"] == VISITS
    assert not [call.method for call in lived.calls if call.status == 429], "the bot keeps to Slack's pace by itself"


@pytest.mark.sqlite
@pytest.mark.timeout(600)
def test_nothing_that_is_asked_all_week_reads_a_table_that_grows_from_end_to_end(week: AWeek) -> None:
    """What takes a millisecond among a few hundred messages would take seconds among a million."""
    with closing(sqlite3.connect(week.file)) as database:
        plans = {
            sql: [step for *_, step in database.execute(f"EXPLAIN QUERY PLAN {sql}", values or ())]
            for sql, values in week.asked.items()
            if sql.startswith(("SELECT", "UPDATE", "DELETE"))
        }
    assert len(plans) > 50
    assert not [f"{step}: {sql}" for sql, plan in plans.items() for step in plan if _is_whole(step)]


@pytest.mark.sqlite
@pytest.mark.timeout(600)
def test_long_after_the_guests_have_left_nothing_is_said_or_asked(week: AWeek) -> None:
    """What is settled is not planned anew when rules, settings or people change."""
    useful = """
        SELECT max(julianday(useful_until) - julianday(departs_at)), count(DISTINCT rule)
        FROM notice JOIN visit ON visit.id = notice.visit_id"""
    with closing(sqlite3.connect(week.file)) as database:
        (days, rules), *_ = database.execute(useful)
    assert rules > 20
    assert timedelta(days=days) < SETTLED_AFTER


def _is_whole(step: str) -> bool:
    """Reads all there is, or all there ever was in a house."""
    how, table, *_ = [*step.split(), ""]
    return table.rstrip("_0123456789") in GROWS and (how == "SCAN" or step.endswith("(workspace_id=?)"))


def test_an_hour_is_over_at_once_where_nothing_happens_in_it() -> None:
    async def an_hour() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, PassingLoop)
        begin, loop.hurries = loop.time(), True
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 3600)
        return loop.time() - begin

    with asyncio.Runner(loop_factory=PassingLoop) as runner:
        assert 3600 <= runner.run(an_hour()) < 3601
