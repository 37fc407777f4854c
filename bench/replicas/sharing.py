"""So many notices due at once, so many replicas, and what Slack's end says of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
import psutil  # type: ignore[import-untyped]

from bench.databases import Databases
from bench.filling import add_due
from bench.processes import spawned
from bench.replicas.slack import taking_slack
from bench.run import stopwatch
from bot.clock import SystemClock

LOOK_AGAIN = 0.1
PATIENCE = 600.0


@dataclass(frozen=True)
class Pace:
    """How fast a replica sends at most, and how much Slack takes a second; None for as fast as it goes."""

    of_each: float | None = None
    of_slack: float | None = None


@dataclass(frozen=True)
class Shared:
    """One queue, drained."""

    replicas: int
    pace: Pace
    notices: int
    lost: int
    doubled: int
    unsettled: int
    """Taken by Slack, and not marked as sent when everything seemed to be done."""
    seconds: float
    """From the start to the last message."""
    first: float
    """To the first one."""
    limited: int
    looked_up: int
    cpu: float
    """Seconds of CPU that all replicas used together."""
    database_cpu: float
    megabytes: float
    """Of the largest replica."""

    @property
    def is_right(self) -> bool:
        return not (self.lost or self.doubled or self.unsettled)


async def share(made: Databases, notices: int, replicas: int, pace: Pace) -> Shared:
    """Everything is due already when the replicas begin together."""
    url = await made.migrated("postgresql")
    due = SystemClock().now() - timedelta(seconds=1)
    await add_due(url, due, notices)
    async with taking_slack(pace.of_slack) as slack, asyncpg.create_pool(url, min_size=1, max_size=1) as looking:
        await looking.execute("VACUUM ANALYZE notice")
        async with _replicas(replicas, url, slack.api_url, pace) as running:
            before, elapsed = await _database_cpu(looking), stopwatch()
            began = SystemClock().now().timestamp()
            await _begin(running)
            while await _left(looking) and elapsed() < PATIENCE:  # noqa: ASYNC110 - other processes' work
                await asyncio.sleep(LOOK_AGAIN)
            database_cpu = await _database_cpu(looking) - before
            used = await _end(running)
        moments = [at for times in slack.arrived.values() for at in times]
        return Shared(
            replicas=replicas,
            pace=pace,
            notices=notices,
            lost=notices - len(slack.arrived),
            doubled=sum(len(times) > 1 for times in slack.arrived.values()),
            unsettled=await _left(looking),
            seconds=max(moments) - began,
            first=min(moments) - began,
            limited=slack.limited,
            looked_up=slack.looked_up,
            cpu=sum(one["cpu"] for one in used),
            database_cpu=database_cpu,
            megabytes=max(one["megabytes"] for one in used),
        )


Running = list[asyncio.subprocess.Process]


@asynccontextmanager
async def _replicas(count: int, url: str, api_url: str, pace: Pace) -> AsyncIterator[Running]:
    """Processes that are ready to begin."""
    seconds = str(1 / pace.of_each if pace.of_each else 0)
    async with AsyncExitStack() as stack:
        replica = ("bench.replicas.replica", url, api_url, seconds)
        running = [await stack.enter_async_context(spawned(*replica, listens=True)) for _ in range(count)]
        for process in running:
            assert process.stdout is not None
            await process.stdout.readline()
        yield running


async def _begin(running: Running) -> None:
    for process in running:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        await process.stdin.drain()


async def _end(running: Running) -> list[dict[str, Any]]:
    outputs = await asyncio.gather(*(process.communicate(b"") for process in running))
    return [json.loads(output) for output, _ in outputs]


async def _left(looking: Any) -> int:
    """How many of those that are due are not settled."""
    return int(
        await looking.fetchval("SELECT count(*) FROM notice WHERE state IN ('pending', 'sending') AND due_at <= now()")
    )


async def _database_cpu(looking: Any) -> float:
    """Seconds of CPU that the server has used, with the backends that have ended."""
    server = psutil.Process(int(await looking.fetchval("SELECT pg_backend_pid()"))).parent()
    times = [process.cpu_times() for process in (server, *server.children())]
    return float(sum(each.user + each.system for each in times) + times[0].children_user + times[0].children_system)
