"""`python -m bench.week [--visits N] [--days N] [--seed N] [--on sqlite|postgresql] [--keep]`: a busy week.

`--days`: only those of the week's visits whose guests arrive on its first days. A week of 200 visits is kept for
docs/capacity.md, which is written anew, and with `--keep` a smaller one; otherwise the figures are only printed.
"""

import argparse
import asyncio
import gc
import json
import logging
import sys
from collections.abc import Sequence

from bench.capacity import write_page
from bench.databases import databases
from bench.figures import DIALECTS, Dialect
from bench.machine import circumstances
from bench.measured import keep
from bench.processes import end_when_told, output_of
from bench.week.diary import ARRIVAL_DAYS, entries
from bench.week.figures import Figures, figures, size
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
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--on", choices=DIALECTS)
    arguments = parser.parse_args()
    configure_logging("ERROR", json=False, secrets=())
    # Time that jumps wakes its jobs in heaps; it says so each time.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    try:
        if arguments.on is None:
            return asyncio.run(_both(sys.argv[1:]))
        # All that Slack was told is kept to be counted: looking through it for garbage again and again takes long.
        gc.set_threshold(50_000, 20, 100)
        with asyncio.Runner(loop_factory=PassingLoop) as runner:
            is_kept = arguments.keep or arguments.visits == VISITS
            week = _week(arguments.on, arguments.visits, arguments.days, arguments.seed, is_kept=is_kept)
            return 0 if runner.run(week) else 1
    except asyncio.CancelledError:
        return 130


async def _both(arguments: Sequence[str]) -> int:
    """Beside each other, a process for each database."""
    end_when_told()
    runs = (output_of("bench.week", "--on", dialect, *arguments, tidies_up=True) for dialect in DIALECTS)
    lived = await asyncio.gather(*runs, return_exceptions=True)
    for output in lived:
        print(output.decode() if isinstance(output, bytes) else output)
    return 0 if all(isinstance(output, bytes) for output in lived) else 1


async def _week(dialect: Dialect, visits: int, days: int, seed: int, *, is_kept: bool) -> bool:
    end_when_told()
    diary = entries(visits, PEOPLE, seed, days)
    async with databases() as made:
        url = await made.migrated(dialect)
        empty = await size(url)
        lived = await live(url, diary, people=PEOPLE, seed=seed)
        where = circumstances(await made.postgres_version(), ())
        found = {"where": where, "seed": seed, "arrival_days": days, "bytes_empty": empty} | await figures(
            lived, dialect, url
        )
    if is_kept:
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
