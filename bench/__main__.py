"""`python -m bench [ROW …] [--quick] [--peers JOBS]`: measures, prints the table, writes it to docs/benchmarks.md."""

import argparse
import asyncio
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

from bench.databases import databases
from bench.figures import FULL, QUICK, VISITA, Figure, Sizes
from bench.machine import circumstances
from bench.processes import end_when_told
from bench.report import line, page
from bench.rows.all import ROWS
from bench.run import Run, failure, stopwatch
from bot.logs import configure_logging
from bot.memory import settle_in

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"only these: {', '.join(ROWS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, about a minute; not written to docs/")
    parser.add_argument("--peers", type=int, metavar="JOBS", help="how many jobs the peers hold, which takes its time")
    arguments = parser.parse_args()
    unknown = set(arguments.rows) - set(ROWS)
    if unknown:
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    configure_logging("ERROR", json=False, secrets=())
    settle_in()
    is_kept = not arguments.rows and not arguments.quick
    try:
        sizes = QUICK if arguments.quick else FULL
        sizes = replace(sizes, peers=arguments.peers or sizes.peers)
        work = measure(arguments.rows or list(ROWS), sizes, keep=_keep if is_kept else _forget)
        print(asyncio.run(work))
    except asyncio.CancelledError:
        sys.exit("ended before its end; what was measured until then is kept")


def _keep(text: str) -> None:
    PAGE.write_text(text, encoding="utf-8")


def _forget(_: str) -> None:
    """Some rows, or small sizes, are no page."""


async def measure(names: list[str], sizes: Sizes, *, keep: Callable[[str], object]) -> str:
    """The page of these rows; each figure is printed as soon as it is there, and what there is kept after each row."""
    figures: list[Figure] = []
    end_when_told()
    async with databases() as made:
        run, text = Run(sizes, made), ""
        postgres = await made.postgres_version()
        try:
            for name in names:
                elapsed = stopwatch()
                async for figure in _row(name, run):
                    figures.append(figure)
                    print(line(figure), file=sys.stderr, flush=True)
                print(f"{name} took {elapsed():.0f} s", file=sys.stderr, flush=True)
                text = page(figures, circumstances(postgres, run.contestants.values()), of=names)
                keep(text)
        finally:
            await run.close()
    return text


async def _row(name: str, run: Run) -> AsyncIterator[Figure]:
    try:
        async for figure in ROWS[name].measure(run):
            yield figure
    except Exception as error:  # noqa: BLE001 - a row that breaks is shown as broken, the others are still measured
        traceback.print_exc()
        yield Figure(name, VISITA[0], None, "", note=failure(error))


if __name__ == "__main__":
    main()
