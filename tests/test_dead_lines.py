"""PostgreSQL behind a network that drops what is sent without a word: nobody waits for long."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import Database, Patience

pytestmark = pytest.mark.parametrize(
    "source", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
SHORT = Patience(idle=0, ping=2, answer=2)
"""Of a test: the others are as in production."""
LIMIT = 20
"""Of a test that would wait much longer without any."""


class Network:
    """Between the bot and its server; what it has swallowed never comes out again."""

    def __init__(self) -> None:
        self.url = ""
        self.lines = 0
        """That were opened."""
        self._silent = 0
        """The first so many lines carry nothing any more."""
        self._ends: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def fall_silent(self) -> None:
        """On what is connected now; both ends believe that they still are."""
        self._silent = self.lines

    async def carry(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter, server: str) -> None:
        self.lines += 1
        number = self.lines
        far, to_far = await asyncio.open_unix_connection(server)
        self._ends += [to_near, to_far]
        for reader, writer in ((near, to_far), (far, to_near)):
            self._tasks.add(asyncio.create_task(self._forward(number, reader, writer)))

    async def _forward(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while some := await reader.read(65536):
            if number > self._silent:
                writer.write(some)
        if number > self._silent:
            writer.close()

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for end in self._ends:
            end.close()


@asynccontextmanager
async def through(url: str) -> AsyncIterator[Network]:
    network, parts = Network(), make_url(url)
    server = f"{parts.query['host']}/.s.PGSQL.5432"
    door = await asyncio.start_server(lambda near, to_near: network.carry(near, to_near, server), "127.0.0.1", 0)
    port = door.sockets[0].getsockname()[1]
    network.url = f"postgresql://postgres@127.0.0.1:{port}/{parts.database}?ssl=disable"
    try:
        yield network
    finally:
        door.close()
        await network.end()


@pytest.fixture
async def network(database_url: str) -> AsyncIterator[Network]:
    async with through(database_url) as network:
        yield network


@pytest.fixture
async def far(network: Network) -> AsyncIterator[Database]:
    database = Database(network.url, patience=SHORT)
    yield database
    await database.close()


async def asked(session: AsyncSession, question: str = "SELECT 1") -> Any:
    return await (await session.connection()).scalar(text(question))


async def test_a_statement_that_nobody_answers_ends_and_the_next_one_has_a_new_line(
    network: Network, far: Database
) -> None:
    async def write() -> None:
        async with far.write() as session:
            await asked(session)
            network.fall_silent()
            await asked(session)

    async with asyncio.timeout(LIMIT):
        with pytest.raises(TimeoutError):
            await write()
        async with far.write() as session:
            assert await asked(session) == 1


async def test_a_commit_that_nobody_answers_ends_as_well(network: Network, far: Database) -> None:
    async def write() -> None:
        async with far.write() as session:
            await asked(session)
            network.fall_silent()

    async with asyncio.timeout(LIMIT):
        with pytest.raises(TimeoutError):
            await write()
        async with far.write() as session:
            assert await asked(session) == 1


async def test_after_a_silent_failover_whoever_comes_next_has_a_new_line(network: Network, far: Database) -> None:
    """Nobody's statement is lost on a line that was idle while the server went."""
    async with far.read() as one, far.read() as other:
        assert (await asked(one), await asked(other)) == (1, 1)
    network.fall_silent()
    async with asyncio.timeout(LIMIT), far.read() as one, far.write() as other:
        assert (await asked(one), await asked(other)) == (1, 1)


async def test_the_kernel_gives_up_what_is_not_acknowledged(far: Database) -> None:
    """What the proxy above cannot show: there every packet is acknowledged."""
    async with far.read() as session:
        raw = await (await session.connection()).get_raw_connection()
        line: Any = raw.driver_connection
        end = line._transport.get_extra_info("socket")
        assert end.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == SHORT.packet * 1000
        assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == SHORT.packet / 2


async def test_whoever_dies_in_a_transaction_holds_its_locks_for_moments_only(database_url: str) -> None:
    """As the server sees a machine that was switched off: nothing comes any more."""
    gone = Database(database_url, patience=Patience(idle_transaction=0.5))
    other = Database(database_url)
    try:
        async with asyncio.timeout(LIMIT), gone.write() as session:
            await asked(session, "SELECT pg_advisory_xact_lock(7)")
            async with other.write() as next_one:
                await asked(next_one, "SELECT pg_advisory_xact_lock(7)")
            await session.invalidate()
    finally:
        await gone.close()
        await other.close()


async def test_a_statement_that_takes_too_long_is_ended_by_the_server(database_url: str) -> None:
    """Its connection is not given up for it."""
    database = Database(database_url, patience=Patience(statement=0.5))
    try:
        async with asyncio.timeout(LIMIT):
            with pytest.raises(Exception, match="statement timeout"):
                async with database.write() as session:
                    await asked(session, "SELECT pg_sleep(60)")
            async with database.write() as session:
                assert await asked(session) == 1
    finally:
        await database.close()


async def test_a_replica_that_nobody_hears_speaks_over_a_new_line(network: Network, far: Database) -> None:
    heard = asyncio.Event()
    far.after_commit(heard.set)
    async with asyncio.timeout(LIMIT), far.with_replicas():
        await heard.wait()  # connected, it looks at what was committed before
        network.fall_silent()
        async with far.write() as session:
            await asked(session)
        heard.clear()  # its own commit, of which it cannot tell the others
        await heard.wait()
