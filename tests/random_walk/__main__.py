"""`python -m tests.random_walk [--walks N] [--steps N] [--seed N]`: walk after walk, a new seed each."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter
from itertools import count
from pathlib import Path

from bot.app import read_rulebook
from bot.database import Database
from bot.logs import configure_logging
from tests.classic import CLASSIC
from tests.random_walk.walking import SEED, walk


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.random_walk", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="of the first walks; the others count on from it")
    parser.add_argument("--walks", type=int, default=5, help="of each seed and rulebook")
    parser.add_argument("--steps", type=int, default=50, help="of each walk")
    parser.add_argument("--seeds", type=int, default=0, help="how many seeds; 0 is as many as time allows")
    parser.add_argument("--shorten", action="store_true", help="look for the fewest steps that fail, which takes long")
    arguments = parser.parse_args()
    # Otherwise a run that is ended from outside would leave its files behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    configure_logging("CRITICAL", json=False, secrets=())
    with tempfile.TemporaryDirectory(prefix="visita-walk-") as folder:
        template = Path(folder) / "visita.sqlite3"
        asyncio.run(_migrated(template))
        tried: Counter[str] = Counter()
        for number in range(arguments.seeds) if arguments.seeds else count():
            for rulebook in (CLASSIC, read_rulebook()):
                began = time.monotonic()
                seed, walks, steps = arguments.seed + number, arguments.walks, arguments.steps
                found = walk(template, rulebook, seed=seed, walks=walks, steps=steps, is_shortened=arguments.shorten)
                tried += found
                rows, took = len(rulebook.rules), time.monotonic() - began
                told = f"{found.total()} steps, {tried.total()} in all"
                print(f"seed {seed}, {rows} rows: {told}, {took:.0f} s", flush=True)
        for name, times in sorted(tried.items()):
            print(f"{times:6d} {name}")
    return 0


async def _migrated(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    await database.migrate()
    await database.close()


if __name__ == "__main__":
    sys.exit(main())
