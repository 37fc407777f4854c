"""PgQueuer, which wakes itself for the next job that falls due."""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

import asyncpg
from pgqueuer.db import AsyncpgDriver
from pgqueuer.models import Job
from pgqueuer.qm import QueueManager
from pgqueuer.queries import EntrypointExecutionParameter, Queries

from bench.figures import Dialect, Who
from bench.peers.peer import NotOfferedError
from bot.clock import SystemClock

YEAR = timedelta(days=365)


class PgQueuer:
    """One worker on one table of jobs."""

    who: ClassVar[Who] = "PgQueuer"
    dialect: ClassVar[Dialect] = "postgresql"
    how: ClassVar[str] = "asyncpg, batches of as many jobs as may run at once, enqueue with lists for insertions"

    def __init__(self, url: str, queries: Queries, raw: Any) -> None:
        self._url = url
        self._queries = queries
        self._raw = raw

    @classmethod
    async def fill(cls, url: str, pending: int) -> None:
        raw = await asyncpg.connect(url)
        await Queries(AsyncpgDriver(raw)).install()
        await raw.execute("ALTER TABLE pgqueuer DISABLE TRIGGER USER")
        await raw.execute(
            "INSERT INTO pgqueuer (priority, status, entrypoint, payload, execute_after)"
            " SELECT 0, 'queued', 'send', convert_to((i / 60)::text, 'UTF8'),"
            " now() + interval '2 days' + interval '365 days' * (i::float8 / $1) FROM generate_series(1, $1::int) AS i",
            pending,
        )
        await raw.execute("ALTER TABLE pgqueuer ENABLE TRIGGER USER")
        await raw.execute("VACUUM ANALYZE pgqueuer")
        await raw.close()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Self]:
        logging.getLogger("pgqueuer").setLevel(logging.ERROR)
        own, raw = await asyncpg.connect(url), await asyncpg.connect(url)
        try:
            yield cls(url, Queries(AsyncpgDriver(own)), raw)
        finally:
            await own.close()
            await raw.close()

    async def insert(self, jobs: int) -> None:
        await self._enqueue(jobs)

    async def withdraw(self, jobs: int) -> float:
        ids = await self._enqueue(jobs)
        start = time.perf_counter()
        await self._queries.mark_job_as_cancelled(ids)
        return time.perf_counter() - start

    async def claim(self, jobs: int) -> float:
        await self._make_due(SystemClock().now(), jobs)
        start = time.perf_counter()
        found = await self._queries.dequeue(
            batch_size=jobs,
            entrypoints={"send": EntrypointExecutionParameter(concurrency_limit=0)},  # type: ignore[dict-item]
            queue_manager_id=uuid.uuid4(),  # type: ignore[arg-type]
            global_concurrency_limit=None,
            heartbeat_timeout=timedelta(seconds=30),
        )
        took = time.perf_counter() - start
        # Otherwise a worker that runs later takes them over, as those of one that has died.
        await self._raw.execute("DELETE FROM pgqueuer WHERE status = 'picked'")
        if len(found) != jobs:
            raise RuntimeError("fewer jobs were claimed than were due")
        return took

    async def of_person(self) -> int:
        raise NotOfferedError("lists no open jobs")

    async def deliver(self, due_at: datetime, jobs: int, *, at_once: int, seconds: float) -> list[datetime]:
        await self._make_due(due_at, jobs)
        _, ended = await self._work(jobs, at_once, seconds)
        return ended

    async def first(self, due_at: datetime) -> datetime:
        await self._make_due(due_at, 1)
        began, _ = await self._work(1, 16, 0)
        return began[0]

    async def _work(self, jobs: int, at_once: int, seconds: float) -> tuple[list[datetime], list[datetime]]:
        """A worker until it has done so many jobs: when each began, and when it ended."""
        began: list[datetime] = []
        ended: list[datetime] = []
        connection = await asyncpg.connect(self._url)
        manager = QueueManager(Queries(AsyncpgDriver(connection)))

        @manager.entrypoint("send", concurrency_limit=at_once)
        async def send(job: Job) -> None:
            began.append(SystemClock().now())
            await asyncio.sleep(seconds)
            ended.append(SystemClock().now())
            if len(ended) == jobs:
                manager.shutdown.set()

        try:
            await manager.run(batch_size=at_once)
        finally:
            await connection.close()
        return began, ended

    async def _enqueue(self, jobs: int) -> list[Any]:
        payloads: list[bytes | None] = [str(number).encode() for number in range(jobs)]
        later: list[timedelta | None] = [YEAR] * jobs
        return list(await self._queries.enqueue(["send"] * jobs, payloads, [0] * jobs, later))

    async def _make_due(self, due_at: datetime, jobs: int) -> None:
        """Jobs from all over the table, as in a table that has been in use for a while."""
        await self._raw.execute(
            "UPDATE pgqueuer SET execute_after = $1 WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER"
            " (ORDER BY id) AS place, count(*) OVER () AS jobs FROM pgqueuer WHERE status = 'queued')"
            " AS numbered WHERE place % greatest(jobs / $2, 1) = 0 LIMIT $2)",
            due_at,
            jobs,
        )
