"""Rows about Slack's side: how fast a command is answered, and how close to its limit messages go out."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import col, func, select

from bench.figures import DIALECTS, Figure, percentile, visita
from bench.filling import add_due
from bench.house import House, open_house
from bench.processes import spawned
from bench.run import Run, failure, stopwatch, timed
from bench.visits import PEOPLE, RULEBOOK, slack_id
from bench.workspaces import APP_TOKEN, BOT_TOKEN, ECHO, HASTE, seed
from bot.clock import SystemClock
from bot.memory import settle_in
from bot.models.notices import Notice
from bot.slack import Slack
from sandbox.hands import Hands
from sandbox.rates import Rates
from sandbox.server import serve
from sandbox.workspace import Workspace
from tests.reception import Reception, reception

PER_SECOND = 400
JUST_UNDER = 0.98
AT_ONCE, BURST = 32, 5
"""Together fewer than the limited workspace takes in one go, however late it gets to them."""
PATIENCE = 60.0
SDK_MESSAGES = 2_000
GUESTS_PEOPLE = {
    "greeters": ["U06SOFIA", "U08LIU", "U09ZHOU", "U10ANA", "U11ZHAO", "U12GRACE", "U13GAO", "U03EMMA"],
    "leaders": ["U06SOFIA", "U03EMMA"],
    "team": ["U02CARLOS", "U08LIU", "U09ZHOU", "U10ANA", "U11ZHAO", "U12GRACE", "U13GAO"],
    "driver": "U04CHEN",
    "departure_time": "09:00",
}
"""Enough of them for a visit of about sixty notices."""
FIRST_DAY, STAY = date(2026, 3, 5), timedelta(days=3)
APART = timedelta(days=7)
"""From one visit to the next, where they have nothing to do with one another; so each has the same weekdays."""


async def command(run: Run) -> AsyncIterator[Figure]:
    """A visit is opened in the form, on days of its own: from the press to the answer, when it is committed; beside an
    app that only echoes a command."""
    with _as_running():
        echoed = await _echoes(run.sizes.commands)
        yield _answers("command", "bare Bolt", echoed, "Socket Mode, default mode, answers with ack()")
        async for figure in _opened("command", run, APART, percentile(echoed, 0.5)):
            yield figure


async def crowded_command(run: Run) -> AsyncIterator[Figure]:
    """The same while ever more visits have the same days and people."""
    with _as_running():
        async for figure in _opened("crowded-command", run, timedelta(0)):
            yield figure


async def _opened(row: str, run: Run, apart: timedelta, echo: float | None = None) -> AsyncIterator[Figure]:
    for dialect in DIALECTS:
        url = await run.databases.migrated(dialect)
        async with reception(url, rulebook=RULEBOOK) as office:
            arrivals = [FIRST_DAY + number * apart for number in range(run.sizes.commands)]
            opened = [await _opening(office, arrival) for arrival in arrivals]
            planned = await _notices(office) / run.sizes.commands
        took, shown = [took for took, _ in opened], percentile([shown for _, shown in opened], 0.5) * 1000
        beside = f", {percentile(took, 0.5) / echo:.2f} × the echo's p50" if echo else ""
        note = f"{planned:.0f} notices a visit{beside}; the window follows {shown:.0f} ms after the press"
        yield _answers(row, visita(dialect), took, note)


@contextmanager
def _as_running() -> Iterator[None]:
    """Garbage is collected as in a bot that runs."""
    before = gc.get_threshold()
    settle_in()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def _answers(row: str, who: Any, took: list[float], note: str) -> Figure:
    p99 = f"p99 {percentile(took, 0.99) * 1000:.1f} ms"
    return Figure(row, who, percentile(took, 0.5) * 1000, "ms", note=f"{p99}; {note}")


async def _opening(office: Reception, arrival: date) -> tuple[float, float]:
    """The seconds that the last step takes, "Open the visit" in the read-back: to its answer, and until the visit is
    shown."""
    days = {"arrival_date": arrival.isoformat(), "departure_date": (arrival + STAY).isoformat()}
    await office.fill_form(office.lina, **GUESTS_PEOPLE, **days)
    if errors := await office.lina.submit():
        raise RuntimeError(f"the form was refused: {errors}")
    shown = await timed(office.lina.submit())
    took = office.workspace.record.deliveries[-1].took
    await office.lina.close(everything=True)
    return took, shown


async def _notices(office: Reception) -> int:
    async with office.visita.database.read() as session:
        planned = select(func.count()).where(col(Notice.person_id).is_not(None))
        return (await session.exec(planned)).one()


async def _echoes(times: int) -> list[float]:
    workspace = Workspace.load(seed(), rates=Rates.unlimited())
    async with serve(workspace) as serving:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=serving.api_url)
        app = AsyncApp(client=client)

        @app.command(ECHO)
        async def echo(ack: AsyncAck, command: dict[str, Any]) -> None:
            await ack(command["text"])

        handler = AsyncSocketModeHandler(app, APP_TOKEN, web_client=client)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        person = Hands(workspace, slack_id(0))
        for number in range(times):
            await person.command(f"{ECHO} {number}")
        await handler.close_async()  # type: ignore[no-untyped-call]
        return [delivered.took for delivered in workspace.record.deliveries_of("slash_commands")]


@dataclass
class Limited:
    """A workspace in a process of its own; `found` is filled when it has ended."""

    api_url: str
    found: dict[str, Any] = field(default_factory=dict)


async def paced(run: Run) -> AsyncIterator[Figure]:
    """Very many due at once for a Slack that takes 400 a second: the time against the ideal, and refusals."""
    due = run.sizes.many_due
    for dialect in DIALECTS:
        url = await run.databases.migrated(dialect)
        await add_due(url, SystemClock().now(), due)
        async with _limited_workspace() as limited:
            await _deliver(url, limited.api_url, due)
        yield _ratio(visita(dialect), limited.found, due)
    try:
        async with _limited_workspace() as limited:
            await _retry(limited.api_url, min(SDK_MESSAGES, due))
        yield _ratio("Slack SDK", limited.found, min(SDK_MESSAGES, due))
    except Exception as error:  # noqa: BLE001 - whatever ails a peer is said in the table, beside the others
        yield Figure("paced", "Slack SDK", None, "×", note=failure(error))


def _ratio(who: Any, found: dict[str, Any], due: int) -> Figure:
    note = f"{found['seconds']:.1f} s for {found['taken']} of {due}, {found['limited']} times 429"
    if found["taken"] < due:
        return Figure("paced", who, None, "×", note=f"only {found['taken']} of {due} in {PATIENCE:.0f} s")
    return Figure("paced", who, found["seconds"] / ((due - PER_SECOND * HASTE) / PER_SECOND), "×", note=note)


async def _deliver(url: str, api_url: str, due: int) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=api_url, session=session)
        every = 1 / (PER_SECOND * JUST_UNDER)
        slack = Slack(client, channel_seconds=0, workspace_seconds=every, workspace_burst=BURST)
        async with open_house(url, slack, at_once=AT_ONCE) as house:
            elapsed = stopwatch()
            house.timetable.start()
            while await _is_due(house) and elapsed() < PATIENCE:  # noqa: ASYNC110 - the end is known to the table only
                await asyncio.sleep(0.25)
            await house.timetable.stop()


async def _is_due(house: House) -> bool:
    due = await house.delivery.outbox.next_due()
    # A minute more, so that what is under way and leased counts as well.
    return due is not None and due < SystemClock().now() + timedelta(minutes=2)


async def _retry(api_url: str, messages: int) -> None:
    """What the SDK offers: send as fast as it goes, and again after each refusal."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=api_url, session=session)
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=100))

        async def send(number: int) -> None:
            async with gate:
                await client.chat_postMessage(channel=slack_id(number % PEOPLE), text=f"Message {number}")

        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(send(number) for number in range(messages)))


@asynccontextmanager
async def _limited_workspace() -> AsyncIterator[Limited]:
    async with spawned("bench.workspaces", str(PER_SECOND), listens=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        limited = Limited((await process.stdout.readline()).decode().strip())
        yield limited
        process.stdin.close()
        limited.found |= json.loads(await process.stdout.read())
