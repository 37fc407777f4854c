"""Rows about whole processes: how fast one starts, what memory it holds, what is left when it is killed."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlmodel import col, func, select

from bench.figures import DIALECTS, ONE_STORE_ONLY, Figure, Who, visita
from bench.filling import add_due
from bench.peers import NotOfferedError
from bench.peers.posting_jobs import put_in
from bench.processes import output_of, spawned
from bench.run import Run, failure, stopwatch
from bench.visits import PEOPLE, slack_id
from bench.workspaces import BOT_TOKEN, seed
from bot.clock import SystemClock
from bot.database import Database
from bot.models.notices import OPEN_STATES, Notice
from sandbox.rates import Rates
from sandbox.server import Serving, serve
from sandbox.workspace import Workspace

CHILD = "bench.child"
DUE = 500
PATIENCE = 120.0
AFTER_LEASE = timedelta(minutes=2)
"""How far ahead the clock of the second process is: the first one's leases have ended by then."""


async def start(run: Run) -> AsyncIterator[Figure]:
    """From loaded code to the first claim, migrations checked on the way; and to the first message."""
    async for dialect, pending, url in run.filled(run.sizes.pending[2:]):
        await add_due(url, SystemClock().now(), 1)
        claimed = await child("claim", url)
        await add_due(url, SystemClock().now(), 1)
        whole = stopwatch()
        sent = await child("start", url)
        note = f"{sent['seconds'] * 1000:.0f} ms to the first message, {whole():.2f} s with loading Python and the code"
        yield Figure("start", visita(dialect), claimed["seconds"] * 1000, "ms", pending, note)


async def memory(run: Run) -> AsyncIterator[Figure]:
    """What a process holds after its first message, over one with an empty database."""
    async for dialect, pending, url in run.filled(run.sizes.pending[2:]):
        held = []
        for which in (await run.databases.migrated(dialect), url):
            await add_due(which, SystemClock().now(), 1)
            held.append((await child("start", which))["megabytes"])
        yield _growth(visita(dialect), pending, held)
    for who in ONE_STORE_ONLY:
        pending = run.sizes.peers
        try:
            urls = [await run.peer_url(who, 60), await run.peer_url(who, pending)]
            yield _growth(who, pending, [(await child("peer", url, who))["megabytes"] for url in urls])
        except NotOfferedError as lacking:
            yield Figure("memory", who, None, "MB", pending, str(lacking))
        except Exception as error:  # noqa: BLE001 - whatever ails a peer is said in the table, beside the others
            yield Figure("memory", who, None, "MB", pending, failure(error))


def _growth(who: Who, pending: int, held: list[float]) -> Figure:
    return Figure("memory", who, held[1] - held[0], "MB", pending, f"{held[1]:.0f} MB in all")


async def killed(run: Run) -> AsyncIterator[Figure]:
    """A sender is killed with 500 due, another one takes over: counted by what Slack got."""
    for dialect in DIALECTS:
        counted = [
            await _kill_visita(await run.databases.migrated(dialect), _moment(n)) for n in range(run.sizes.killings)
        ]
        yield _losses(visita(dialect), counted)
    counted = [await _kill_jobs(await run.databases.empty("sqlite"), _moment(n)) for n in range(run.sizes.killings)]
    yield _losses("APScheduler, SQLite", counted)


def _moment(number: int) -> int:
    """After how many messages a process is killed."""
    return (60, 200, 340)[number]


async def _kill_visita(url: str, after: int) -> Counter[str]:
    await add_due(url, SystemClock().now(), DUE)
    async with _workspace() as serving:
        access = (serving.api_url, BOT_TOKEN)
        await _killed_after(serving, after, "deliver", url, *access, "0")
        async with spawned(CHILD, "deliver", url, *access, str(AFTER_LEASE.total_seconds())):
            elapsed = stopwatch()
            while (left := await _open_notices(url)) and elapsed() < PATIENCE:  # noqa: ASYNC110 - another's work
                await asyncio.sleep(0.5)
        if left:
            raise RuntimeError(f"{left} of {DUE} notices were not settled within {PATIENCE:.0f} s")
        return _arrived(serving.workspace)


async def _kill_jobs(url: str, after: int) -> Counter[str]:
    put_in(url, [slack_id(place) for place in range(PEOPLE)], DUE, SystemClock().now())
    async with _workspace() as serving:
        await _killed_after(serving, after, "jobs", url, serving.api_url, BOT_TOKEN)
        async with spawned(CHILD, "jobs", url, serving.api_url, BOT_TOKEN):
            # Nothing tells when it has done all that it will ever do: it is given as long as anybody could need.
            await _reached(serving.workspace, lambda arrived: len(arrived) == DUE, 15)
        return _arrived(serving.workspace)


async def _killed_after(serving: Serving, messages: int, *arguments: str) -> None:
    async with spawned(CHILD, *arguments):
        if not await _reached(serving.workspace, lambda arrived: arrived.total() >= messages, PATIENCE):
            raise RuntimeError(f"{_arrived(serving.workspace).total()} messages came where {messages} were awaited")


async def _reached(workspace: Workspace, enough: Callable[[Counter[str]], bool], seconds: float) -> bool:
    return await workspace.feed.until(lambda: enough(_arrived(workspace)), seconds)


def _arrived(workspace: Workspace) -> Counter[str]:
    """How often each notice was posted, by the workspace's own record."""
    posts = (call for call in workspace.record.calls_of("chat.postMessage") if call.ok)
    return Counter(post.arguments["metadata"]["event_payload"]["notice"] for post in posts)


def _losses(who: Who, counted: list[Counter[str]]) -> Figure:
    lost = [DUE - len(arrived) for arrived in counted]
    doubled = [sum(times - 1 for times in arrived.values()) for arrived in counted]
    note = f"lost {_each(lost)}, twice {_each(doubled)} of {DUE} in {len(counted)} killings"
    return Figure("killed", who, float(sum(lost) + sum(doubled)), "", note=note)


def _each(numbers: list[int]) -> str:
    return str(numbers[0]) if len(set(numbers)) == 1 else f"{min(numbers)} to {max(numbers)}"


async def _open_notices(url: str) -> int:
    """How many notices that are due are not settled yet."""
    database = Database(url)
    later = SystemClock().now() + AFTER_LEASE * 5
    statement = select(func.count()).where(col(Notice.state).in_(OPEN_STATES), Notice.attempt_at <= later)
    async with database.read() as session:
        found = (await session.exec(statement)).one()
    await database.close()
    return found


@asynccontextmanager
async def _workspace() -> AsyncIterator[Serving]:
    async with serve(Workspace.load(seed(), rates=Rates.unlimited())) as serving:
        yield serving


async def child(*arguments: str) -> dict[str, Any]:
    """What a process of its own found."""
    found: dict[str, Any] = json.loads((await output_of(CHILD, *arguments)).splitlines()[-1])
    return found
