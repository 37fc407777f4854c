"""Transactions: one way to write, one way to read."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import engines, migration
from bot.database.looking import ONLY_LOOKS
from bot.database.migration import Shape
from bot.database.postgresql import PATIENT, Patience
from bot.database.replicas import Replicas
from bot.settings import async_database_url


class NestedTransactionError(RuntimeError):
    """`write()` was entered by a task that is inside `write()` already: pass the session on instead."""


class Database:
    """The database of one bot: `sqlite:///file` or `postgresql://user:password@host/name`."""

    def __init__(self, url: str, *, echo: bool = False, patience: Patience = PATIENT) -> None:
        self._url = make_url(async_database_url(url))
        self._patience = patience
        self._writer = engines.writer(self._url, echo=echo, patience=patience)
        self._reader = engines.reader(self._url, self._writer, echo=echo)
        self._glancer = engines.glancer(self._writer, self._reader)
        self._writing: set[asyncio.Task[Any]] = set()
        # SQLite has one writer; taking turns here instead of at its lock keeps waiting cheap and fair.
        self._turn: AbstractAsyncContextManager[None] = asyncio.Lock() if self.dialect == "sqlite" else nullcontext()
        self._committed: list[Callable[[], None]] = []
        self._written: list[Callable[[], None]] = []
        self._replicas: Replicas | None = None

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        return "sqlite" if self._url.get_backend_name() == "sqlite" else "postgresql"

    @property
    def is_taken(self) -> bool:
        """Whether whoever wants to write now has to wait until somebody else has: SQLite has one writer."""
        return isinstance(self._turn, asyncio.Lock) and self._turn.locked()

    @asynccontextmanager
    async def write(self, *, announced: bool = True) -> AsyncIterator[AsyncSession]:
        """A transaction that is committed at the end, or not at all. Keep it short, and never call Slack inside.

        `announced`: whoever asked for it (`after_commit`) is called; not where nothing changed that concerns anybody.
        """
        task = asyncio.current_task()
        assert task is not None
        if task in self._writing:
            raise NestedTransactionError("write() inside write() would wait for itself: pass the session on instead")
        self._writing.add(task)
        try:
            # Leaving a session that was not committed rolls back.
            async with self._turn, AsyncSession(self._writer, expire_on_commit=False) as session:
                yield session
                await _to_the_end(self._commit(session, announced))
        finally:
            self._writing.discard(task)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A look at one moment of the database: does not wait for writers, and cannot write."""
        async with AsyncSession(self._reader, expire_on_commit=False, info={ONLY_LOOKS: True}) as session:
            yield session

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection]:
        """For one statement that only reads, without what a look at several takes."""
        async with self._glancer.connect() as connection:
            yield connection

    @property
    def replicas(self) -> int:
        """How many processes share this database, this one included, as far as it hears of the others."""
        return self._replicas.count if self._replicas is not None else 1

    def after_commit(self, callback: Callable[[], None], *, every: bool = False) -> None:
        """From now on `callback` is called, in the event loop, right after every commit of `write()` that is announced.

        `every`: after those of this process that are not announced as well.
        The change stands whatever the callback does: an error in it goes to the loop's exception handler.
        """
        self._committed.append(callback)
        if every:
            self._written.append(callback)

    @asynccontextmanager
    async def with_replicas(self) -> AsyncIterator[None]:
        """Until the block ends, announced commits of other processes on the same PostgreSQL call the callbacks as well.

        They are heard within moments, without promise: a connection may be lost. SQLite has one process.
        """
        if self.dialect == "sqlite":
            yield
            return
        engine = engines.single(self._url, self._patience)
        self._replicas = Replicas(engine, partial(self._call_back, self._committed))
        talk = asyncio.create_task(self._replicas.stay_connected(), name="replicas")
        try:
            yield
        finally:
            self._replicas = None
            talk.cancel()
            await asyncio.wait({talk})
            await engine.dispose()

    async def migrate(self, target: str = "head") -> None:
        """Brings the tables to the newest shape; harmless if they have it, safe with several processes at once."""
        if self.dialect == "sqlite":
            Path(str(self._url.database)).parent.mkdir(parents=True, exist_ok=True)
        if target == "head" and await self.shape() is Shape.CURRENT:
            return
        engine = engines.migrator(self._url)
        try:
            await migration.upgrade(engine, target)
        finally:
            await engine.dispose()

    async def shape(self) -> Shape:
        """How the tables compare with what the code expects."""
        async with self._reader.connect() as connection:
            return await connection.run_sync(migration.shape_of)

    async def close(self) -> None:
        """Closes every connection."""
        await self._reader.dispose()
        await self._writer.dispose()

    async def _commit(self, session: AsyncSession, announced: bool) -> None:
        await session.commit()
        self._call_back(self._committed if announced else self._written)
        if announced and self._replicas is not None:
            self._replicas.tell()

    def _call_back(self, callbacks: Iterable[Callable[[], None]]) -> None:
        for callback in callbacks:
            try:
                callback()
            except Exception as error:  # noqa: BLE001 - raised, it would tell the caller that nothing was saved
                asyncio.get_running_loop().call_exception_handler(
                    {"message": "a callback failed after a commit", "exception": error}
                )


async def _to_the_end(work: Any) -> None:
    """Awaits `work` so that a cancellation waits for its end: half a commit would leave nobody knowing what holds."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        task.result()
        raise
