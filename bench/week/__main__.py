"""`python -m bench.week [--visits N] [--seed N] [--on sqlite|postgresql]`: lives through a busy week of an office.

The whole week on both databases is written to docs/capacity.md; with fewer visits, or on one, figures are only printed.
"""

import argparse
import asyncio
import json
import logging
import sys

from bench.capacity import write_page
from bench.databases import databases
from bench.figures import DIALECTS, Dialect
from bench.measured import keep
from bench.processes import end_when_told, output_of
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
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--on", choices=DIALECTS)
    arguments = parser.parse_args()
    configure_logging("ERROR", json=False, secrets=())
    # Time that jumps wakes its jobs in heaps; it says so each time.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    try:
        if arguments.on is None:
            return asyncio.run(_both(arguments.visits, arguments.seed))
        with asyncio.Runner(loop_factory=PassingLoop) as runner:
            return 0 if runner.run(_week(arguments.on, arguments.visits, arguments.seed)) else 1
    except asyncio.CancelledError:
        return 130


async def _both(visits: int, seed: int) -> int:
    """Beside each other, a process for each database."""
    end_when_told()
    weeks = [("--on", dialect, "--visits", str(visits), "--seed", str(seed)) for dialect in DIALECTS]
    runs = (output_of("bench.week", *week, tidies_up=True) for week in weeks)
    lived = await asyncio.gather(*runs, return_exceptions=True)
    for output in lived:
        print(output.decode() if isinstance(output, bytes) else output)
    if not all(isinstance(output, bytes) for output in lived):
        return 1
    if visits == VISITS:
        write_page()
    return 0


async def _week(dialect: Dialect, visits: int, seed: int) -> bool:
    end_when_told()
    async with databases() as made:
        url = await made.migrated(dialect)
        lived = await live(url, visits=visits, people=PEOPLE, seed=seed)
        found = await figures(lived, dialect, url)
    if visits == VISITS:
        keep(f"week-{dialect}", found)
    _say(lived, found)
    return lived.is_right


def _say(lived: Lived, found: Figures) -> None:
    print(json.dumps(found, indent=1, ensure_ascii=False))
    for what in (*lived.tally.lost, *lived.tally.doubled, *lived.tally.repeated, *lived.tally.early):
        print(f"wrong: {what}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
