"""`python -m bench [ROW …] [--quick]`: measures, prints the table and writes it to docs/benchmarks.md."""

import argparse
import asyncio
import sys
import traceback
from pathlib import Path

from bench.databases import databases
from bench.figures import FULL, QUICK, Figure
from bench.report import line, table
from bench.rows.all import ROWS
from bench.run import Run
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
    figures = asyncio.run(measure(arguments.rows or list(ROWS), quick=arguments.quick))
    text = table(figures, quick=arguments.quick)
    print(text)
    if not arguments.rows and not arguments.quick:
        PAGE.write_text(text, encoding="utf-8")


async def measure(names: list[str], *, quick: bool) -> list[Figure]:
    """All figures of these rows, each printed as soon as it is there."""
    figures = []
    async with databases() as made:
        run = Run(QUICK if quick else FULL, made)
        try:
            for name in names:
                try:
                    async for figure in ROWS[name].measure(run):
                        figures.append(figure)
                        print(line(figure), file=sys.stderr, flush=True)
                except Exception:  # noqa: BLE001 - a row that breaks is shown as broken, the others are still measured
                    traceback.print_exc()
                    figures.append(Figure(name, "Visita, SQLite", None, "", note="failed, see the output of the run"))
        finally:
            await run.close()
    return figures


if __name__ == "__main__":
    main()
