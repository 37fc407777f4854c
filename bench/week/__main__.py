"""`python -m bench.week [--visits N] [--days N] [--seed N] [--on sqlite|postgresql]`: a busy week of an office.

`--days`: only those of the week's visits whose guests arrive on its first days. A week of 200 visits is kept for
docs/capacity.md, the page is written anew; with fewer visits the figures are only printed.
"""

import argparse
import asyncio
import gc
import json
import logging
import sys

from bench.capacity import write_page
from bench.databases import databases
from bench.figures import DIALECTS, Dialect
from bench.measured import keep
from bench.processes import end_when_told, output_of
from bench.week.diary import ARRIVAL_DAYS, entries
from bench.week.figures import Figures, figures
from bench.week.living import Lived, live
from bench.week.passing import PassingLoop
from bot.logs import configure_logging

SEED = 20260302
VISITS = 200
PEOPLE = 60


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.week", description=__doc__)
    parser.add_argument("--visits", type=int, default=VISITS)
    parser.add_argument("--days", type=int, default=ARRIVAL_DAYS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--on", choices=DIALECTS)
    arguments = parser.parse_args()
    configure_logging("ERROR", json=False, secrets=())
    # Time that jumps wakes its jobs in heaps; it says so each time.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    try:
        if arguments.on is None:
            return asyncio.run(_both(arguments.visits, arguments.days, arguments.seed))
        # All that Slack was told is kept to be counted: looking through it for garbage again and again takes long.
        gc.set_threshold(50_000, 20, 100)
        with asyncio.Runner(loop_factory=PassingLoop) as runner:
            return 0 if runner.run(_week(arguments.on, arguments.visits, arguments.days, arguments.seed)) else 1
    except asyncio.CancelledError:
        return 130


async def _both(visits: int, days: int, seed: int) -> int:
    """Beside each other, a process for each database."""
    end_when_told()
    diary = ("--visits", str(visits), "--days", str(days), "--seed", str(seed))
    runs = (output_of("bench.week", "--on", dialect, *diary, tidies_up=True) for dialect in DIALECTS)
    lived = await asyncio.gather(*runs, return_exceptions=True)
    for output in lived:
        print(output.decode() if isinstance(output, bytes) else output)
    return 0 if all(isinstance(output, bytes) for output in lived) else 1


async def _week(dialect: Dialect, visits: int, days: int, seed: int) -> bool:
    end_when_told()
    diary = entries(visits, PEOPLE, seed, days)
    async with databases() as made:
        url = await made.migrated(dialect)
        lived = await live(url, diary, people=PEOPLE, seed=seed)
        found = {"seed": seed, "arrival_days": days} | await figures(lived, dialect, url)
    if visits == VISITS:
        keep(f"week-{dialect}", found)
        write_page()
    _say(lived, found)
    return lived.is_right


def _say(lived: Lived, found: Figures) -> None:
    print(json.dumps(found, indent=1, ensure_ascii=False))
    for what in (*lived.tally.lost, *lived.tally.doubled, *lived.tally.repeated, *lived.tally.early):
        print(f"wrong: {what}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
