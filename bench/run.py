"""One run: what its rows share, and how a contestant that fails is kept from stopping the others."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from bench.databases import Databases
from bench.figures import DIALECTS, PEERS, Dialect, Figure, Sizes, Who, milliseconds, spread
from bench.peers import NotOfferedError, Peer, load_peers


@dataclass
class Run:
    """Sizes, databases, and the peers that were opened so far."""

    sizes: Sizes
    databases: Databases
    contestants: dict[Who, type[Peer] | str] = field(default_factory=load_peers)
    medians: dict[tuple[str, Who, int], float] = field(default_factory=dict)
    """Milliseconds by row, contestant and number of pending notices, for rows that compare with others."""
    _filled: dict[tuple[Who, int], str] = field(default_factory=dict)
    _open: dict[tuple[Who, int], Peer] = field(default_factory=dict)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def close(self) -> None:
        await self._stack.aclose()

    async def filled(self, sizes: Iterable[int]) -> AsyncIterator[tuple[Dialect, int, str]]:
        """Each kind of database with each number of pending notices, and its URL."""
        for dialect in DIALECTS:
            for pending in sizes:
                yield dialect, pending, await self.databases.pending(dialect, pending)

    async def peers(
        self,
        row: str,
        pending: int,
        measure: Callable[[Peer], Awaitable[float]],
        *,
        repetitions: int | None = None,
        only: Iterable[Who] = PEERS,
    ) -> AsyncIterator[Figure]:
        """What `measure` says of each peer, in milliseconds (the median); or why there is nothing to say."""
        for who in only:
            try:
                peer = await self._peer(who, pending)
                took = [await measure(peer) for _ in range(repetitions or self.sizes.repetitions)]
            except NotOfferedError as lacking:
                yield Figure(row, who, None, "ms", pending, str(lacking))
            except Exception as error:  # noqa: BLE001 - whatever ails a peer is said in the table, beside the others
                yield Figure(row, who, None, "ms", pending, failure(error))
            else:
                yield Figure(row, who, milliseconds(took), "ms", pending, spread(took))

    async def peer_url(self, who: Who, pending: int) -> str:
        """A database with so many of the peer's jobs; the rows of a run share it."""
        kind = self.contestants[who]
        if isinstance(kind, str):
            raise NotOfferedError(kind)
        if (who, pending) not in self._filled:
            url = await self.databases.empty(kind.dialect)
            await kind.fill(url, pending)
            self._filled[who, pending] = url
        return self._filled[who, pending]

    async def _peer(self, who: Who, pending: int) -> Peer:
        url = await self.peer_url(who, pending)
        kind = self.contestants[who]
        assert not isinstance(kind, str)
        if (who, pending) not in self._open:
            self._open[who, pending] = await self._stack.enter_async_context(kind.open(url))
        return self._open[who, pending]


def failure(error: BaseException) -> str:
    """What went wrong, in a line."""
    first = (str(error).splitlines() or [""])[0]
    return f"failed: {type(error).__name__}: {first}"[:160]


def stopwatch() -> Callable[[], float]:
    """Tells the seconds since now whenever it is called."""
    start = time.perf_counter()
    return lambda: time.perf_counter() - start


async def timed(work: Awaitable[object]) -> float:
    """The seconds that it takes."""
    elapsed = stopwatch()
    await work
    return elapsed()
