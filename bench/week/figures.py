"""The figures of a week that was lived through, as they are kept for the page (`bench/measured/`)."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

import asyncpg
from sqlmodel import SQLModel, func, select

from bench.figures import Dialect
from bench.filling import sqlite_file
from bench.week.diary import HOSTS, slack_ids
from bench.week.living import Lived
from bench.week.load import Calls, busiest, busiest_channel, by_method
from bench.week.tally import posted_of
from bot import demo_office
from bot.clock import SystemClock
from bot.database import Database
from bot.database.migration import declared_tables

STEPS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Upper ends, in seconds, of the columns of the histogram."""
STRETCH = 10
"""Seconds over which a peak of the database is taken."""
Figures = dict[str, object]
_HOLDERS = {one for held in demo_office.ROLES.values() for one in held}
_GROUPS = {
    "whoever opens visits": [one for one in HOSTS if one not in _HOLDERS],
    **{held: list(ids) for ids, held in {ids: role.value for role, ids in [*demo_office.ROLES.items()][::-1]}.items()},
    "everybody else": [one for one in slack_ids(60) if one not in {*HOSTS, *_HOLDERS}],
}


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
        "work": lived.work,
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
        "why_late": tally.why_late,
        "received": {who: received(lived.received, ids) for who, ids in _GROUPS.items()},
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


def received(by_person: Mapping[str, Counter[date]], ids: Collection[str]) -> dict[str, float]:
    """Of the days on which one of these people received anything: how many messages it was."""
    days = sorted(count for person in ids for count in by_person.get(person, Counter()).values())
    people = sum(bool(by_person.get(person)) for person in ids)
    shares = {name: _share([float(day) for day in days], share) for name, share in (("half", 0.5), ("90 %", 0.9))}
    return {
        "of": len(ids),
        "people": people,
        "messages": sum(days),
        "days": len(days),
        **shares,
        "most": max(days, default=0),
    }


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
