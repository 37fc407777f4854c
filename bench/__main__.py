"""`python -m bench [ROW …] [--quick]`: measures, prints the table and writes it to docs/benchmarks.md."""

import argparse
import asyncio
import signal
import sys
import traceback
from collections.abc import AsyncIterator
from pathlib import Path

from bench.databases import databases
from bench.figures import FULL, QUICK, VISITA, Figure
from bench.machine import circumstances
from bench.report import line, page
from bench.rows.all import ROWS
from bench.run import Run, failure
from bot.logs import configure_logging

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"only these: {', '.join(ROWS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, about a minute; not written to docs/")
    arguments = parser.parse_args()
    unknown = set(arguments.rows) - set(ROWS)
    if unknown:
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    configure_logging("ERROR", json=False, secrets=())
    text = asyncio.run(measure(arguments.rows or list(ROWS), quick=arguments.quick))
    print(text)
    if not arguments.rows and not arguments.quick:
        PAGE.write_text(text, encoding="utf-8")


async def measure(names: list[str], *, quick: bool) -> str:
    """The page of these rows; each figure is printed as soon as it is there."""
    figures = []
    task = asyncio.current_task()
    assert task is not None
    # Otherwise a run that is ended from outside would leave its server and its files behind.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with databases() as made:
        run = Run(QUICK if quick else FULL, made)
        try:
            for name in names:
                async for figure in _row(name, run):
                    figures.append(figure)
                    print(line(figure), file=sys.stderr, flush=True)
        finally:
            await run.close()
        postgres = await made.postgres_version()
    return page(figures, circumstances(postgres, run.contestants.values()))


async def _row(name: str, run: Run) -> AsyncIterator[Figure]:
    try:
        async for figure in ROWS[name].measure(run):
            yield figure
    except Exception as error:  # noqa: BLE001 - a row that breaks is shown as broken, the others are still measured
        traceback.print_exc()
        yield Figure(name, VISITA[0], None, "", note=failure(error))


if __name__ == "__main__":
    main()
