"""Rows about the table of notices: put in, plan, take back, claim, list, however many are pending."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert
from sqlmodel import SQLModel

from bench.figures import BARE, ONE_STORE_ONLY, VISITA, Dialect, Figure, Who, bare, milliseconds, spread, visita
from bench.filling import add_bare, add_due
from bench.house import House, StandIn, open_house, withdraw_due
from bench.run import Run, timed
from bench.visits import DUE_TOGETHER, NOTICES, notices_of
from bot.clock import SystemClock
from bot.database import seen, whole
from bot.models.notices import OPEN_STATES, Notice
from bot.models.visits import Visit, VisitState
from bot.procedure.picture import Picture
from bot.services.pictures import read_picture
from bot.services.rows import add_rows, rows_of

CLAIMED = 100
PERSON = 30
_TABLE = SQLModel.metadata.tables["notice"]
_OPEN_ONES = (
    whole(Notice).where(_TABLE.c.person_id == PERSON, _TABLE.c.state.in_(OPEN_STATES)).order_by(_TABLE.c.attempt_at)
)
Measured = Callable[[House, str, int], Awaitable[list[float]]]
"""What the repetitions took, given the house, its database's URL and how many there shall be."""


async def insert_notices(run: Run) -> AsyncIterator[Figure]:
    """The rows alone and their commit, as the peers do it; and as one statement of SQLAlchemy's."""
    for who, measured in ((visita, _insertions), (bare, _bare_insertions)):
        async for figure in _visita(run, "insert", measured, who):
            yield figure
    async for figure in run.peers("insert", run.sizes.peers, lambda peer: timed(peer.insert(NOTICES))):
        yield figure


async def plan_visit(run: Run) -> AsyncIterator[Figure]:
    """A whole change as a service makes it: lock, read, plan, insert, commit; against the inserts alone."""
    async for figure in _visita(run, "plan", _plannings):
        own = run.medians.get(("insert", figure.who, figure.pending))
        plain = run.medians.get(("insert", BARE[VISITA.index(figure.who)], figure.pending))
        if figure.value is None or own is None or plain is None:
            yield figure
            continue
        against = f"{figure.value / plain:.1f} × the bare statement, {figure.value / own:.1f} × Visita's inserts"
        yield replace(figure, note=f"{against}; {figure.note}")


async def withdraw(run: Run) -> AsyncIterator[Figure]:
    """What waits of a canceled visit is withdrawn, as a transaction of its own, as the peers do it."""
    async for figure in _visita(run, "withdraw", _withdrawals):
        yield figure
    by_peer = run.peers("withdraw", run.sizes.peers, lambda peer: peer.withdraw(NOTICES), only=ONE_STORE_ONLY)
    async for figure in by_peer:
        yield figure


async def cancel(run: Run) -> AsyncIterator[Figure]:
    """A whole change as a service makes it: a visit is canceled."""
    async for figure in _visita(run, "cancel", _cancellations):
        yield figure


async def claim(run: Run) -> AsyncIterator[Figure]:
    """A hundred are due among all that are pending, and are claimed."""
    async for figure in _visita(run, "claim", _claims):
        yield figure
    by_peer = run.peers("claim", run.sizes.peers, lambda peer: peer.claim(CLAIMED), repetitions=3, only=ONE_STORE_ONLY)
    async for figure in by_peer:
        yield figure


async def of_person(run: Run) -> AsyncIterator[Figure]:
    """What is open for one person, in order of time, read as models that are only looked at."""
    async for figure in _visita(run, "person", _lists):
        yield figure
    by_peer = run.peers(
        "person", run.sizes.peers, lambda peer: timed(peer.of_person()), repetitions=1, only=ONE_STORE_ONLY
    )
    async for figure in by_peer:
        yield figure


async def _visita(
    run: Run, row: str, measured: Measured, who: Callable[[Dialect], Who] = visita
) -> AsyncIterator[Figure]:
    async for dialect, pending, url in run.filled(run.sizes.pending):
        async with open_house(url, StandIn()) as house:
            took = await measured(house, url, run.sizes.repetitions)
            run.medians[row, who(dialect), pending] = milliseconds(took)
            yield Figure(row, who(dialect), milliseconds(took), "ms", pending, spread(took))


async def _insertions(house: House, url: str, repetitions: int) -> list[float]:
    """With what `reconcile` inserts whatever it has planned."""
    return [await timed(_insert(house, rows)) async for rows in _planned(house, url, repetitions)]


async def _bare_insertions(house: House, url: str, repetitions: int) -> list[float]:
    """The same rows as anybody would insert them."""
    return [await timed(_insert_plainly(house, rows)) async for rows in _planned(house, url, repetitions)]


async def _planned(house: House, url: str, visits: int) -> AsyncIterator[list[dict[str, object]]]:
    for visit_id in await add_bare(url, visits):
        async with house.database.read() as session:
            visit = await session.get_one(Visit, visit_id)
            rows = notices_of(await read_picture(session, visit), SystemClock().now())
        yield rows


async def _insert(house: House, rows: list[dict[str, object]]) -> None:
    async with house.database.write() as session:
        await add_rows(session, rows)


async def _insert_plainly(house: House, rows: list[dict[str, object]]) -> None:
    async with house.database.write() as session:
        await session.exec(insert(Notice), params=rows)


async def _plannings(house: House, url: str, repetitions: int) -> list[float]:
    return [await timed(_change(house, visit)) for visit in await add_bare(url, repetitions)]


async def _withdrawals(house: House, url: str, repetitions: int) -> list[float]:
    """With what `reconcile` withdraws them and sees what is left to be told."""
    took = []
    for visit_id in await _visits_ahead(url, repetitions):
        async with house.database.read() as session:
            picture = await read_picture(session, await session.get_one(Visit, visit_id))
        picture.visit.state = VisitState.CANCELED
        took.append(await timed(_withdraw(house, picture)))
    return took


async def _withdraw(house: House, picture: Picture) -> None:
    async with house.database.write() as session:
        await rows_of(session, picture)


async def _cancellations(house: House, url: str, repetitions: int) -> list[float]:
    visits = await _visits_ahead(url, repetitions)
    return [await timed(_change(house, visit, VisitState.CANCELED)) for visit in visits]


async def _visits_ahead(url: str, visits: int) -> list[int]:
    """With all their notices, in a month."""
    return list(await add_due(url, SystemClock().now() + timedelta(days=30), visits * DUE_TOGETHER))


async def _change(house: House, visit: int, state: VisitState = VisitState.OPEN) -> None:
    async with house.office.changing(visit) as change:
        change.visit.state = state


async def _claims(house: House, url: str, repetitions: int) -> list[float]:
    took = []
    for _ in range(repetitions):
        await add_due(url, SystemClock().now(), CLAIMED)
        took.append(await timed(_claim(house)))
        await withdraw_due(house.database)
    return took


async def _claim(house: House) -> None:
    claimed = await house.delivery.claims.claim(CLAIMED, [])
    if len(claimed) != CLAIMED:
        raise RuntimeError(f"{len(claimed)} notices were claimed where {CLAIMED} were due")


async def _lists(house: House, url: str, repetitions: int) -> list[float]:
    return [await timed(_list(house)) for _ in range(repetitions)]


async def _list(house: House) -> None:
    async with house.database.glance() as connection:
        found = seen(Notice, await connection.execute(_OPEN_ONES))
    if not found:
        raise RuntimeError("the person has no notices")
