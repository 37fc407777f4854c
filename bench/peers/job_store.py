"""APScheduler's own way of keeping jobs: its SQLAlchemy job store. Jobs forgive lateness, or they would be lost."""

import asyncio
import logging
import pickle
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import insert

from bench.figures import Dialect, Who
from bench.peers.peer import NotOfferedError
from bot.clock import SystemClock

YEAR = timedelta(days=365)
BATCH = 10_000
# Jobs name a function of a module, so what they need while they run is kept here: it cannot be pickled along.
_running: dict[str, Any] = {}


async def send(person: int) -> None:
    """What a job does."""
    _running["began"].append(SystemClock().now())
    async with _running["gate"]:
        await asyncio.sleep(_running["seconds"])
    _running["ended"].append(SystemClock().now())
    _running["changed"].set()


class _JobStore:
    dialect: ClassVar[Dialect]
    how: ClassVar[str] = "AsyncIOScheduler, misfire_grace_time=None, one add_job a notice"

    def __init__(self, scheduler: AsyncIOScheduler) -> None:
        self._scheduler = scheduler

    @classmethod
    async def fill(cls, url: str, pending: int) -> None:
        store = SQLAlchemyJobStore(_with_driver(url))
        scheduler = _scheduler(store)
        scheduler.start(paused=True)
        _fill(scheduler, store, pending)
        scheduler.shutdown(wait=False)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Self]:
        scheduler = _scheduler(SQLAlchemyJobStore(_with_driver(url)))
        scheduler.start()
        try:
            yield cls(scheduler)
        finally:
            scheduler.shutdown(wait=False)

    async def insert(self, jobs: int) -> None:
        self._add(jobs, SystemClock().now() + YEAR)

    async def withdraw(self, jobs: int) -> float:
        ids = self._add(jobs, SystemClock().now() + YEAR)
        start = time.perf_counter()
        for job_id in ids:
            self._scheduler.remove_job(job_id)
        return time.perf_counter() - start

    async def claim(self, jobs: int) -> float:
        raise NotOfferedError("has no claims: one process reads all due jobs and runs them")

    async def of_person(self) -> int:
        return sum(job.args == (1,) for job in self._scheduler.get_jobs())

    async def deliver(self, due_at: datetime, jobs: int, *, at_once: int, seconds: float) -> list[datetime]:
        changed = asyncio.Event()
        _running.update(began=[], ended=[], seconds=seconds, gate=asyncio.Semaphore(at_once), changed=changed)
        self._add(jobs, due_at)
        ended: list[datetime] = _running["ended"]
        while len(ended) < jobs:
            await changed.wait()
            changed.clear()
        return ended

    async def first(self, due_at: datetime) -> datetime:
        await self.deliver(due_at, 1, at_once=1, seconds=0)
        began: datetime = _running["began"][0]
        return began

    def _add(self, jobs: int, run_at: datetime) -> list[str]:
        options = {"run_date": run_at, "misfire_grace_time": None}
        return [self._scheduler.add_job(send, "date", args=(number,), **options).id for number in range(jobs)]


class OnSqlite(_JobStore):
    """The job store on SQLite."""

    who: ClassVar[Who] = "APScheduler, SQLite"
    dialect: ClassVar[Dialect] = "sqlite"


class OnPostgres(_JobStore):
    """The job store on PostgreSQL."""

    who: ClassVar[Who] = "APScheduler, PostgreSQL"
    dialect: ClassVar[Dialect] = "postgresql"


def _scheduler(store: SQLAlchemyJobStore) -> AsyncIOScheduler:
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    return AsyncIOScheduler(jobstores={"default": store}, timezone="UTC")


def _with_driver(url: str) -> str:
    return url.replace("postgresql:", "postgresql+psycopg:")


def _fill(scheduler: AsyncIOScheduler, store: SQLAlchemyJobStore, pending: int) -> None:
    """Rows as `add_job` would have written them, in bulk: one by one a million would take twenty minutes."""
    start = SystemClock().now() + timedelta(days=2)
    model = scheduler.add_job(send, "date", run_date=start, args=(0,), misfire_grace_time=None)
    state = model.__getstate__()
    model.remove()
    for first in range(0, pending, BATCH):
        rows = _rows(state, start, range(first, min(first + BATCH, pending)), pending)
        with store.engine.begin() as connection:
            connection.execute(insert(store.jobs_t), list(rows))


def _rows(state: dict[str, Any], start: datetime, numbers: range, pending: int) -> Iterator[dict[str, Any]]:
    for number in numbers:
        key, run_at = uuid.uuid4().hex, start + YEAR * (number / pending)
        own = state | {"id": key, "args": (number // 60,), "next_run_time": run_at}
        blob = pickle.dumps(own, pickle.HIGHEST_PROTOCOL)
        yield {"id": key, "next_run_time": run_at.timestamp(), "job_state": blob}
