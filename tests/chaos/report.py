"""The page about a campaign: what was done, what came of it, and why each late notice was late."""

import os
import platform
import sqlite3
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import chain

from bot.clock import SystemClock
from tests.chaos.campaign import Outcome
from tests.chaos.scenarios import Listed
from tests.chaos.tally import LATE

Results = Sequence[tuple[Listed, Outcome]]
PACKAGES = ("visita", "sqlalchemy", "asyncpg", "aiosqlite", "slack-bolt", "slack-sdk", "apscheduler")
INTRODUCTION = f"""\
Bots as processes of their own (`visita run`, without its pacing unless it is named), started again whenever they end,
against the local workspace. What is counted is what stands in the workspace's conversations: each message carries the
id of its notice. The bots' databases are not asked.

- **lost**: not there when the bots believe that all is done. **doubled**: there more than once, or
  in the same words to the same person. **early**: before the
  bots' clock showed the due time. **misplaced**: not in the DM of the person it was for.
- **late**: from the moment in which the bots' clock first showed the due time; below, everything later than {LATE:g} s
  is counted by what was going on meanwhile. A killed process leaves its claims for half a minute (the lease).
- A full disk is a limit of 0 bytes on every file of the process: no write to its database or its log succeeds.
- A crash of the database is `pg_ctl stop -m immediate`; the clock that is stepped is the bots', Slack's goes on.
"""
OUTAGE = "What people read afterwards: [outage.md](outage.md)."
COLUMNS = (
    "scenario",
    "on",
    "seed",
    "notices",
    "lost",
    "doubled",
    "early",
    "misplaced",
    "late: half, 99 %, all",
    "done",
)


def page(results: Results) -> str:
    """All of it, as Markdown."""
    lines = chain(
        ["# The fault campaign", "", "Made by `make chaos`; do not edit.", "", *_circumstances(), "", INTRODUCTION],
        [f"## {_sum(results)}", "", *_table(results), ""],
        ["## Why notices were late", "", *_reasons(results)],
        ["## An hour without Slack", "", OUTAGE],
    )
    return "\n".join(lines) + "\n"


def _circumstances() -> Iterator[str]:
    one, _, fifteen = os.getloadavg()
    yield (
        f"- {SystemClock().now():%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.machine()}; load average at the end {one:.1f}, over a quarter of an hour {fifteen:.1f}"
    )
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield f"- Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}"


def _sum(results: Results) -> str:
    tallies = [outcome.tally for _, outcome in results]
    lost, doubled, early = (
        sum(len(getattr(tally, which)) for tally in tallies) for which in ("lost", "doubled", "early")
    )
    notices = sum(tally.notices for tally in tallies)
    return f"{notices:,} notices: lost {lost}, doubled {doubled}, early {early}"


def _table(results: Results) -> Iterator[str]:
    yield from _header(COLUMNS)
    for listed, outcome in results:
        tally = outcome.tally
        late = ", ".join(f"{tally.percentile(share):.1f} s" for share in (0.5, 0.99, 1.0))
        done = [f"{what}: {times}" for what, times in outcome.troubles.items() if times]
        done += [f"starts: {outcome.starts}", f"looked up: {outcome.looked_up}"]
        found = [len(one) for one in (tally.lost, tally.doubled, tally.early, tally.misplaced)]
        title = f"`{listed.name}` {outcome.scenario.title}"
        yield _cells([title, listed.dialect, outcome.seed, tally.notices, *found, late, "; ".join(done)])


def _reasons(results: Results) -> Iterator[str]:
    yield from _header(["scenario", "what was going on", "late notices", "at most"])
    for listed, outcome in results:
        for reason, seconds in sorted(outcome.tally.late.items()):
            yield _cells([f"`{listed.name}`", reason, len(seconds), f"{max(seconds):.1f} s"])
    yield ""


def _header(names: Sequence[str]) -> list[str]:
    return [_cells(names), _cells(["---"] * len(names))]


def _cells(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"
