"""`python -m bench.replicas.replica URL API_URL SECONDS`: one replica's delivery, SECONDS between its messages.

Says "ready" and begins when a line comes in; when its standard input ends it stops and says what it used.
"""

import asyncio
import json
import resource
import sys

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bench.house import open_house
from bot.logs import configure_logging
from bot.memory import settle_in
from bot.slack import Slack

TOKEN = "xoxb-bench"
AT_ONCE = 16
"""As many as in production."""


async def deliver(url: str, api_url: str, seconds: float) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=TOKEN, base_url=api_url, session=session)
        slack = Slack(client, channel_seconds=0, workspace_seconds=seconds)
        async with open_house(url, slack, at_once=AT_ONCE) as house:
            print("ready", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            before = resource.getrusage(resource.RUSAGE_SELF)
            house.timetable.start()
            await asyncio.to_thread(sys.stdin.readline)
            used = resource.getrusage(resource.RUSAGE_SELF)
            await house.timetable.stop()
    seconds_of_cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"cpu": seconds_of_cpu, "megabytes": used.ru_maxrss / 1024}))


if __name__ == "__main__":
    configure_logging("ERROR", json=False, secrets=())
    settle_in()
    asyncio.run(deliver(sys.argv[1], sys.argv[2], float(sys.argv[3])))
