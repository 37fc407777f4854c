"""`python -m bench.week [--visits N] [--seed N] [--on sqlite|postgresql]`: lives through a busy week of an office.

The whole week on both databases is written to docs/capacity.md; with fewer visits, or on one, figures are only printed.
"""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Sequence

from bench.capacity import write_page
from bench.databases import databases
from bench.figures import DIALECTS, Dialect
from bench.measured import keep
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
    chosen: Sequence[Dialect] = (arguments.on,) if arguments.on else DIALECTS
    with asyncio.Runner(loop_factory=PassingLoop) as runner:
        is_right = [runner.run(_week(dialect, arguments.visits, arguments.seed)) for dialect in chosen]
    if arguments.visits == VISITS:
        write_page()
    return 0 if all(is_right) else 1


async def _week(dialect: Dialect, visits: int, seed: int) -> bool:
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
