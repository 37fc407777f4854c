"""APScheduler's job store sending to a Slack: what becomes of its jobs when the process is killed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import NOTICE_EVENT

_running: dict[str, AsyncWebClient] = {}


async def post(to: str, notice: str) -> None:
    """What a job does."""
    metadata: dict[str, Any] = {"event_type": NOTICE_EVENT, "event_payload": {"notice": notice}}
    await _running["client"].chat_postMessage(channel=to, text="A notice", metadata=metadata)


def put_in(url: str, people: list[str], jobs: int, run_at: datetime) -> None:
    """Jobs that fall due at one moment, for each person in turn."""
    scheduler = _scheduler(url)
    scheduler.start(paused=True)
    for number in range(jobs):
        options = {"run_date": run_at, "misfire_grace_time": None}
        scheduler.add_job(post, "date", args=(people[number % len(people)], str(number)), **options)
    scheduler.shutdown(wait=False)


@asynccontextmanager
async def run_jobs(url: str, client: AsyncWebClient) -> AsyncIterator[None]:
    """Works until the block ends."""
    _running["client"] = client
    scheduler = _scheduler(url)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


def _scheduler(url: str) -> AsyncIOScheduler:
    return AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(url)}, timezone="UTC")
