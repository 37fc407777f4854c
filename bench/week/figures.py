"""The figures of a week that was lived through, as they are kept for the page (`bench/measured/`)."""

from pathlib import Path

import asyncpg
from sqlmodel import SQLModel, func, select

from bench.figures import Dialect
from bench.filling import sqlite_file
from bench.week.living import Lived
from bench.week.load import Calls, busiest, busiest_channel, by_method
from bench.week.tally import posted_of
from bot.clock import SystemClock
from bot.database import Database
from bot.database.migration import declared_tables

STEPS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Upper ends, in seconds, of the columns of the histogram."""
STRETCH = 10
"""Seconds over which a peak of the database is taken."""
Figures = dict[str, object]


async def figures(lived: Lived, dialect: Dialect, url: str) -> Figures:
    tally, posts = lived.tally, posted_of(lived.calls)
    lateness = [seconds for seconds, _ in tally.lateness]
    return {
        "on": dialect,
        "date": f"{SystemClock().now():%Y-%m-%d}",
        "visits": lived.visits,
        "people": lived.people,
        "rules": lived.rules,
        "minutes": lived.seconds / 60,
        "days": lived.skipped / 86400,
        "due": tally.due,
        "arrived": tally.arrived,
        **{name: len(getattr(tally, name)) for name in ("lost", "doubled", "repeated", "early", "unknown")},
        "given_up": tally.given_up,
        "withdrawn": tally.withdrawn,
        "kinds": tally.kinds,
        "promises": lived.checks.made,
        "broken": lived.checks.broken,
        "histogram": histogram(lateness),
        "late": {name: _share(lateness, share) for name, share in (("half", 0.5), ("99 %", 0.99), ("all", 1.0))},
        "did": lived.did,
        "calls": {method: _call(calls) for method, calls in by_method(lived.calls).items()},
        "posts": {
            "workspace, in a second": busiest(posts, 1),
            "workspace, in a minute": busiest(posts, 60),
            "one person, in a minute": busiest_channel(posts, 60, direct=True),
            "reception channel, in a minute": busiest_channel(posts, 60, direct=False),
        },
        "statements": lived.statements.statements.total(),
        "commits": lived.statements.commits.total(),
        "statements_peak": lived.statements.most(lived.statements.statements, STRETCH),
        "commits_peak": lived.statements.most(lived.statements.commits, STRETCH),
        "answers": {name: _share(lived.answers, share) * 1000 for name, share in (("half", 0.5), ("99 %", 0.99))},
        "presses": len(lived.answers),
        "bytes": await size(url),
        "rows": await rows(url),
    }


def histogram(lateness: list[float]) -> dict[str, int]:
    """How many were at most so late."""
    counted, below = {}, 0
    for step in STEPS:
        upto = sum(seconds <= step for seconds in lateness)
        counted[f"{step:g}"] = upto - below
        below = upto
    return counted | {"more": len(lateness) - below}


async def size(url: str) -> int:
    """Of the database, in bytes."""
    if url.startswith("sqlite"):
        file = Path(sqlite_file(url))
        return sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*"))
    return int((await _asked(url, "SELECT pg_database_size(current_database())"))[0][0])


async def rows(url: str) -> dict[str, int]:
    """Of each table that has any."""
    database = Database(url)
    declared_tables()
    found = {}
    async with database.read() as session:
        for name, table in SQLModel.metadata.tables.items():
            found[name] = (await session.exec(select(func.count()).select_from(table))).one()
    await database.close()
    return {name: count for name, count in found.items() if count}


async def _asked(url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    found: list[asyncpg.Record] = await connection.fetch(statement)
    await connection.close()
    return found


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def _call(calls: Calls) -> dict[str, int]:
    return {"total": calls.total, "refused": calls.refused, "minute": calls.minute}
