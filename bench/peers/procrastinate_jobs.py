"""Procrastinate, with its polling at a tenth of a second: scheduled jobs wake nobody."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

import asyncpg
import procrastinate
from procrastinate.types import JSONDict

from bench.figures import Dialect, Who
from bot.clock import SystemClock

YEAR = timedelta(days=365)


class Procrastinate:
    """One worker on one table of jobs."""

    who: ClassVar[Who] = "Procrastinate"
    dialect: ClassVar[Dialect] = "postgresql"
    how: ClassVar[str] = "polls every 0.1 s, batch_defer for insertions"

    def __init__(self, app: procrastinate.App, raw: Any) -> None:
        self._app = app
        self._raw = raw
        self._send = app.task(name="send")(self._sent)
        self._seconds = 0.0
        self._began: list[datetime] = []
        self._ended: list[datetime] = []
        self._changed = asyncio.Event()

    @classmethod
    async def fill(cls, url: str, pending: int) -> None:
        raw = await asyncpg.connect(url)
        async with _app(url) as app:
            await app.schema_manager.apply_schema_async()
        # Without the triggers that write an event a row: it only spares time here, and the table's size.
        await raw.execute("ALTER TABLE procrastinate_jobs DISABLE TRIGGER USER")
        await raw.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at)"
            " SELECT 'default', 'send', jsonb_build_object('person', i / 60),"
            " now() + interval '2 days' + interval '365 days' * (i::float8 / $1) FROM generate_series(1, $1::int) AS i",
            pending,
        )
        await raw.execute("ALTER TABLE procrastinate_jobs ENABLE TRIGGER USER")
        await raw.execute("VACUUM ANALYZE procrastinate_jobs")
        await raw.close()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Self]:
        logging.getLogger("procrastinate").setLevel(logging.ERROR)
        raw = await asyncpg.connect(url)
        try:
            async with _app(url) as app:
                yield cls(app, raw)
        finally:
            await raw.close()

    async def insert(self, jobs: int) -> None:
        await self._defer(jobs)

    async def withdraw(self, jobs: int) -> float:
        ids = await self._defer(jobs)
        start = time.perf_counter()
        for job_id in ids:
            await self._app.job_manager.cancel_job_by_id_async(job_id)
        return time.perf_counter() - start

    async def claim(self, jobs: int) -> float:
        await self._make_due(SystemClock().now(), jobs)
        worker = await self._app.job_manager.register_worker()
        start = time.perf_counter()
        for _ in range(jobs):
            if await self._app.job_manager.fetch_job(None, worker) is None:
                raise RuntimeError("fewer jobs were claimed than were due")
        return time.perf_counter() - start

    async def of_person(self) -> int:
        jobs = await self._app.job_manager.list_jobs_async(status="todo")
        return sum(job.task_kwargs.get("person") == 1 for job in jobs)

    async def deliver(self, due_at: datetime, jobs: int, *, at_once: int, seconds: float) -> list[datetime]:
        self._seconds = seconds
        self._began, self._ended = [], []
        await self._make_due(due_at, jobs)
        async with self._working(at_once):
            while len(self._ended) < jobs:
                await self._changed.wait()
                self._changed.clear()
        return self._ended

    async def first(self, due_at: datetime) -> datetime:
        await self.deliver(due_at, 1, at_once=16, seconds=0)
        return self._began[0]

    async def _sent(self, person: int) -> None:
        self._began.append(SystemClock().now())
        await asyncio.sleep(self._seconds)
        self._ended.append(SystemClock().now())
        self._changed.set()

    @asynccontextmanager
    async def _working(self, at_once: int) -> AsyncIterator[None]:
        work = self._app.run_worker_async(
            concurrency=at_once, fetch_job_polling_interval=0.1, install_signal_handlers=False
        )
        worker = asyncio.create_task(work)
        try:
            yield
        finally:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)

    async def _defer(self, jobs: int) -> list[int]:
        deferrer = self._send.configure(schedule_at=SystemClock().now() + YEAR)
        arguments: list[JSONDict] = [{"person": number} for number in range(jobs)]
        return await deferrer.batch_defer_async(*arguments)

    async def _make_due(self, due_at: datetime, jobs: int) -> None:
        """Jobs from all over the table, as in a table that has been in use for a while."""
        await self._raw.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = $1 WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER"
            " (ORDER BY id) AS place, count(*) OVER () AS jobs FROM procrastinate_jobs WHERE status = 'todo')"
            " AS numbered WHERE place % greatest(jobs / $2, 1) = 0 LIMIT $2)",
            due_at,
            jobs,
        )


@asynccontextmanager
async def _app(url: str) -> AsyncIterator[procrastinate.App]:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, max_size=20))
    async with app.open_async():
        yield app
