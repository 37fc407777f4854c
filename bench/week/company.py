"""The company of the week: the demo's, grown to sixty people who read three languages, with cars enough for them."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from bench.week.diary import BEGINS, slack_ids
from bench.week.passing import PassingLoop, PassingTime
from bot import app, demo, demo_office
from bot.app import Visita
from bot.clock import SystemClock
from bot.procedure.rules import Rulebook
from sandbox.clock import MachineTime, WorkspaceClock
from sandbox.server import serve
from sandbox.workspace import Workspace
from tests.reception import Reception

CARS = 20
PATIENCE = 20
"""Seconds that people wait for an answer here: how busy this machine is is not what is simulated."""
_READ = (("zh-CN", "Asia/Shanghai"), ("es-LA", "Asia/Shanghai"), ("en-GB", "Asia/Shanghai"), ("es-ES", "Europe/Madrid"))
_NAMES = ("周海", "Lucía Ramos", "Tom Baker", "Jorge Díaz", "孙丽", "Paula Vega", "Ann Lee", "Iker Sanz")


@dataclass
class Busy(Reception):
    """The reception of that company."""

    clock: WorkspaceClock


@asynccontextmanager
async def company(
    database_url: str, people: int, loop: PassingLoop, rulebook: Rulebook | None = None
) -> AsyncIterator[Busy]:
    """Workspace with Slack's limits, bot with its own pace and its own timetable; nobody has done anything yet."""
    clock = WorkspaceClock(PassingTime(loop, MachineTime()), BEGINS.astimezone(UTC) - SystemClock().now())
    workspace = Workspace.load(_seed(people), clock=clock)
    workspace.record.entries = deque()  # counted in the end, so all of it is kept
    workspace.timings.ack_seconds = workspace.timings.trigger_seconds = PATIENCE
    workspace.timings.refresh_after = 1e8
    async with AsyncExitStack() as stack:
        serving = await stack.enter_async_context(serve(workspace))
        settings = demo.demo_settings(serving.api_url, database_url)
        visita = await stack.enter_async_context(demo.open_office(settings, clock, rulebook=rulebook))
        await _add_cars(visita)
        await stack.enter_async_context(app.listening(visita))
        yield Busy(workspace, visita, clock)


def _seed(people: int) -> dict[str, Any]:
    seed = demo_office.seed()
    more = slack_ids(people)[len(seed["users"]) :]
    for place, slack_id in enumerate(more):
        locale, zone = _READ[place % len(_READ)]
        name = f"{_NAMES[place % len(_NAMES)]} {place + 1}"
        seed["users"].append(
            {"id": slack_id, "name": slack_id.lower(), "real_name": name, "locale": locale, "tz": zone}
        )
    for channel in seed["channels"]:
        channel["members"] += more
    return seed


async def _add_cars(visita: Visita) -> None:
    actor = await visita.desk.people.actor(demo_office.TEAM_ID, demo_office.ADMINISTRATOR)
    for number in range(CARS):
        await visita.desk.furnishings.add_vehicle(
            actor, name=f"GL8 · {number + 1}", plate=f"苏A {70000 + number}", seats=6
        )
