"""`python -m tests.random_walk [--walks N] [--steps N] [--seed N]`: walk after walk, a new seed each."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from bot.app import read_rulebook
from bot.database import Database
from bot.logs import configure_logging
from tests.classic import CLASSIC
from tests.postgres import Lease, Server
from tests.random_walk.walking import SEED, tally, walk


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.random_walk", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="of the first walks; the others count on from it")
    parser.add_argument("--walks", type=int, default=5, help="of each seed and rulebook")
    parser.add_argument("--steps", type=int, default=50, help="of each walk")
    parser.add_argument("--seeds", type=int, default=0, help="how many seeds; 0 is as many as time allows")
    parser.add_argument("--rows", choices=["four", "every", "both"], default="both", help="of the rulebook")
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    parser.add_argument("--shorten", action="store_true", help="look for the fewest steps that fail, which takes long")
    arguments = parser.parse_args()
    # Otherwise a run that is ended from outside would leave its files behind. An exit would be one more failed walk.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    configure_logging("CRITICAL", json=False, secrets=())
    books = {"four": (CLASSIC,), "every": (read_rulebook(),), "both": (CLASSIC, read_rulebook())}[arguments.rows]
    tried: Counter[str] = Counter()
    with suppress(KeyboardInterrupt), _postgres() if arguments.postgresql else _sqlite() as source:
        for number in range(arguments.seeds) if arguments.seeds else count():
            for rulebook in books:
                began = time.process_time()
                seed, walks, steps = arguments.seed + number, arguments.walks, arguments.steps
                found = walk(source, rulebook, seed=seed, walks=walks, steps=steps, is_shortened=arguments.shorten)
                tried += found
                rows, took = len(rulebook.rules), time.process_time() - began
                told = f"{found.total()} steps, {tried.total()} in all"
                print(f"seed {seed}, {rows} rows: {told}, {took:.0f} s of processor time", flush=True)
    for line in tally(tried):
        print(line)
    return 0


@contextmanager
def _sqlite() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="visita-walk-") as folder:
        template = Path(folder) / "visita.sqlite3"
        asyncio.run(_migrated(f"sqlite:///{template}"))
        yield template


@contextmanager
def _postgres() -> Iterator[Server]:
    lease = Lease()
    try:
        yield Server(lease.folder)
    finally:
        lease.end()


async def _migrated(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.close()


if __name__ == "__main__":
    sys.exit(main())
