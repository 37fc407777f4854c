"""The short form of the busy week (`python -m bench.week`): a few visits, the same people, claims and clock."""

import asyncio
from pathlib import Path

import pytest

from bench.week.diary import entries
from bench.week.living import Lived, live
from bench.week.passing import PassingLoop
from bot.database import Database
from tests.classic import CLASSIC

SEED = 20260302
VISITS = 2


@pytest.mark.sqlite
@pytest.mark.timeout(600)  # ten seconds on an idle machine
def test_everybody_is_told_once_and_in_time_by_what_stands_in_slack(tmp_path: Path) -> None:
    async def a_few_visits() -> Lived:
        url = f"sqlite:///{tmp_path / 'visita.sqlite3'}"
        database = Database(url)
        await database.migrate()
        await database.close()
        return await live(url, entries(VISITS, 60, SEED), people=60, seed=SEED, rulebook=CLASSIC)

    with asyncio.Runner(loop_factory=PassingLoop) as runner:
        lived = runner.run(a_few_visits())
    assert lived.is_right, (lived.tally, lived.checks.broken)
    assert lived.tally.arrived == lived.tally.due > VISITS * 10
    assert lived.did["open a visit"] == VISITS


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
