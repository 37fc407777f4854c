"""One run: what its rows share, and how a contestant that fails is kept from stopping the others."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from bench.databases import DIALECTS, Databases, Dialect
from bench.figures import PEERS, Figure, Sizes, Who, milliseconds, spread
from bench.peers import NotOfferedError, Peer, load_peers


@dataclass
class Run:
    """Sizes, databases, and the peers that were opened so far."""

    sizes: Sizes
    databases: Databases
    contestants: dict[Who, type[Peer] | str] = field(default_factory=load_peers)
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

    async def _peer(self, who: Who, pending: int) -> Peer:
        kind = self.contestants[who]
        if isinstance(kind, str):
            raise NotOfferedError(kind)
        if (who, pending) not in self._open:
            self._open[who, pending] = await self._stack.enter_async_context(kind.open(self.databases, pending))
        return self._open[who, pending]


def failure(error: BaseException) -> str:
    """What went wrong, in a line."""
    first = (str(error).splitlines() or [""])[0]
    return f"failed: {type(error).__name__}: {first}"[:160]


async def timed(work: Awaitable[object]) -> float:
    """The seconds that it takes."""
    start = time.perf_counter()
    await work
    return time.perf_counter() - start
