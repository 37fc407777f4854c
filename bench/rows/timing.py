"""Rows about being in time: many due at once, and the first message after its due time."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from bench.figures import Figure, milliseconds, spread, visita
from bench.filling import add_due
from bench.house import SENDER_SECONDS, House, StandIn, floor, open_house, withdraw_due
from bench.peers import Peer
from bench.run import Run
from bot.clock import SystemClock
from bot.models.notices import Notice, NoticeState
from bot.services.saying import message_of
from bot.services.sight import Sight

BURST, AT_ONCE = 1_000, 16
MANY_AT_ONCE = 64
PATIENCE = 45.0
HEADWAY = timedelta(seconds=1)
"""From when everything is in place to the due time, so that everybody waits for it."""


async def burst(run: Run) -> AsyncIterator[Figure]:
    """A thousand due in the same second, sixteen at a time: the last one against the sender's own floor."""
    best = await floor(BURST, AT_ONCE)
    async for figure in _visita(run, "burst", BURST, AT_ONCE, best):
        yield figure

    async def late(peer: Peer) -> float:
        due_at = SystemClock().now() + HEADWAY * 2
        ended = await asyncio.wait_for(peer.deliver(due_at, BURST, at_once=AT_ONCE, seconds=SENDER_SECONDS), PATIENCE)
        return (max(ended) - due_at).total_seconds() / best / 1000

    async for figure in run.peers("burst", run.sizes.peers, late, repetitions=1):
        yield Figure("burst", figure.who, figure.value, "×", run.sizes.peers, _seconds(figure, best))


async def great_burst(run: Run) -> AsyncIterator[Figure]:
    """Ten thousand due in the same second, sixty-four at a time."""
    best = await floor(run.sizes.many_due, MANY_AT_ONCE)
    async for figure in _visita(run, "great-burst", run.sizes.many_due, MANY_AT_ONCE, best):
        yield figure


async def first(run: Run) -> AsyncIterator[Figure]:
    """How long after its due time the first message goes out; everybody is awake and waits for it."""
    async for dialect, pending, url in run.filled(run.sizes.pending[1:]):
        took = await _firsts(url, run.sizes.repetitions // 2)
        yield Figure("first", visita(dialect), milliseconds(took), "ms", pending, spread(took))

    async def late(peer: Peer) -> float:
        due_at = SystemClock().now() + HEADWAY * 1.5
        return ((await asyncio.wait_for(peer.first(due_at), PATIENCE)) - due_at).total_seconds()

    async for figure in run.peers("first", run.sizes.peers, late, repetitions=run.sizes.repetitions // 4):
        yield figure


async def _visita(run: Run, row: str, due: int, at_once: int, best: float) -> AsyncIterator[Figure]:
    async for dialect, pending, url in run.filled([run.sizes.pending[1]]):
        try:
            took = await _deliver(url, due, at_once)
        except TimeoutError as unfinished:
            yield Figure(row, visita(dialect), None, "×", pending, str(unfinished))
        else:
            rendering = await _rendering(url) * due
            note = f"{took:.2f} s; the sender alone {best:.2f} s; {rendering:.2f} s of rendering"
            yield Figure(row, visita(dialect), took / best, "×", pending, note)


async def _deliver(url: str, due: int, at_once: int) -> float:
    """The seconds from the due time to the end of the last message."""
    slack = StandIn()
    async with open_house(url, slack, at_once=at_once) as house:
        # Writing the visits takes a while too: they must all be there when they fall due.
        due_at = SystemClock().now() + HEADWAY + timedelta(milliseconds=due)
        await add_due(url, due_at, due)
        await _delivered(house, slack, due)
    began_early = min(slack.began.values()) < due_at
    if began_early or slack.doubled or len(slack.ended) != due:
        raise RuntimeError(f"{len(slack.ended)} of {due} sent, {slack.doubled} twice, before time: {began_early}")
    return (max(slack.ended.values()) - due_at).total_seconds()


async def _rendering(url: str) -> float:
    """The processor's time for the text of one message, which no peer writes."""
    async with open_house(url, StandIn()) as house:
        now = SystemClock().now()
        await add_due(url, now, BURST)
        due = await Sight(house.office).read(await house.delivery.claims.claim(BURST))
        start = time.process_time()
        for fresh in due:
            message_of(fresh, house.delivery.readers, house.office.rulebook, now)
        took = time.process_time() - start
        await withdraw_due(house.database)
    return took / len(due)


async def _firsts(url: str, repetitions: int) -> list[float]:
    """One bot that is awake all the time, as every peer is; what it sends first of all is not counted."""
    slack = StandIn(seconds=0)
    took = []
    async with open_house(url, slack) as house:
        house.timetable.start()
        try:
            for number in range(1, repetitions + 2):
                due_at = SystemClock().now() + HEADWAY
                # Written in bulk beside the bot; the commit that withdraws the others tells it to look.
                await _only_one(house, await add_due(url, due_at, 1), due_at)
                await slack.taken(number, PATIENCE)
                took.append((max(slack.began.values()) - due_at).total_seconds())
        finally:
            await house.timetable.stop()
            await withdraw_due(house.database)
    return took[1:]


async def cost(run: Run) -> AsyncIterator[Figure]:
    """The processor's time for each of a thousand messages that a sender takes at once, whatever else is pending."""
    async for dialect, pending, url in run.filled(run.sizes.pending):
        took = [await _cost(url) for _ in range(2)]
        yield Figure("cost", visita(dialect), milliseconds(took), "ms", pending, f"{spread(took)} of {BURST:,} each")


async def _cost(url: str) -> float:
    slack = StandIn(seconds=0)
    async with open_house(url, slack) as house:
        await add_due(url, SystemClock().now(), BURST)
        start = time.process_time()
        await _delivered(house, slack, BURST)
        return (time.process_time() - start) / BURST


async def _delivered(house: House, slack: StandIn, due: int) -> None:
    house.timetable.start()
    try:
        await slack.taken(due, PATIENCE)
    finally:
        await house.timetable.stop()
        await withdraw_due(house.database)


async def _only_one(house: House, visits: list[int], due_at: datetime) -> None:
    """Of the visit's notices that are due at this moment, all but the first are withdrawn."""
    async with house.database.write() as session:
        together = select(Notice.id).where(col(Notice.visit_id).in_(visits), Notice.due_at == due_at)
        others = (await session.exec(together)).all()[1:]
        await session.exec(update(Notice).where(col(Notice.id).in_(others)).values(state=NoticeState.WITHDRAWN))


def _seconds(figure: Figure, best: float) -> str:
    return figure.note if figure.value is None else f"{figure.value * best:.2f} s; the sender alone {best:.2f} s"
