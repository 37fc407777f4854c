"""What runs in a process of its own, to be measured as a whole or to be killed: `python -m bench.child WHAT URL …`.

Says what it found in one line of JSON on its standard output.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import aiohttp
import psutil  # type: ignore[import-untyped]
from slack_sdk.web.async_client import AsyncWebClient

from bench.house import LaterClock, StandIn, open_house, withdraw_due
from bench.peers import load_peers
from bench.peers.posting_jobs import run_jobs
from bench.run import stopwatch
from bot.clock import SystemClock
from bot.database import Database
from bot.logs import configure_logging
from bot.memory import settle_in
from bot.services.delivery import AT_ONCE
from bot.slack import Slack

PATIENCE = 120.0


async def claim(url: str) -> dict[str, Any]:
    """From a process that has loaded its code to its first claim."""
    seconds = stopwatch()
    await _migrate(url)
    async with open_house(url, StandIn()) as house:
        if not await house.delivery.claims.claim(AT_ONCE):
            raise RuntimeError("nothing was due")
        found = {"seconds": seconds()}
        await withdraw_due(house.database)
        return found


async def start(url: str) -> dict[str, Any]:
    """From a process that has loaded its code to the first message; and what memory it holds then."""
    seconds = stopwatch()
    slack = StandIn(seconds=0)
    await _migrate(url)
    async with open_house(url, slack) as house:
        house.timetable.start()
        await slack.taken(1, PATIENCE)
        found = {"seconds": seconds(), "megabytes": _megabytes()}
        await house.timetable.stop()
        await withdraw_due(house.database)
        return found


async def peer(url: str, who: str) -> dict[str, Any]:
    """A peer's worker after its first job: what memory it holds."""
    kind = next(kind for name, kind in load_peers().items() if name == who)
    assert not isinstance(kind, str)
    async with kind.open(url) as opened:
        await asyncio.wait_for(opened.first(SystemClock().now() + timedelta(seconds=2)), PATIENCE)
        return {"megabytes": _megabytes()}


async def deliver(url: str, api_url: str, token: str, ahead: str) -> None:
    """Visita's delivery to a real Slack until it is killed, its clock some seconds ahead."""
    clock = LaterClock(timedelta(seconds=float(ahead)))
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=token, base_url=api_url, session=session)
        slack = Slack(client, channel_seconds=0, workspace_seconds=0)
        async with open_house(url, slack, clock=clock) as house:
            house.timetable.start()
            await asyncio.Event().wait()


async def jobs(url: str, api_url: str, token: str) -> None:
    """APScheduler's job store doing the same until it is killed."""
    async with (
        aiohttp.ClientSession() as session,
        run_jobs(url, AsyncWebClient(token=token, base_url=api_url, session=session)),
    ):
        await asyncio.Event().wait()


async def _migrate(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.close()


def _megabytes() -> float:
    return float(psutil.Process(os.getpid()).memory_info().rss) / 1e6


def main() -> None:
    configure_logging("ERROR", json=False, secrets=())
    settle_in()
    what, *arguments = sys.argv[1:]
    print(json.dumps(asyncio.run(_WORK[what](*arguments))))


_WORK: dict[str, Callable[..., Coroutine[Any, Any, Any]]] = {
    "claim": claim,
    "start": start,
    "peer": peer,
    "deliver": deliver,
    "jobs": jobs,
}


if __name__ == "__main__":
    main()
