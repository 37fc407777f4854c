"""Two companies that use the same bot: one process, one database, two workspaces of one Slack."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

import aiohttp

from bot import app, demo, demo_office
from bot.app import Pacing, Visita
from bot.clock import SystemClock
from bot.oauth import INSTALL_PATH, REDIRECT_PATH
from bot.settings import Settings, Transport
from bot.vault import new_key
from bot.web import SLACK_PATH
from sandbox.clock import WorkspaceClock
from sandbox.delivery.socket_mode import SocketMode
from sandbox.rates import Rates
from sandbox.server import serve_several
from sandbox.timings import Timings
from sandbox.workspace import Workspace
from tests.reception import CATALOGS, MONDAY_MORNING, Reception, free_port

HERE, THERE = "T01HERE", "T02THERE"
CLIENT = {"client_id": "123.456", "client_secret": "client-secret"}


@dataclass
class Companies:
    """Both receptions, and the door through which workspaces install the bot."""

    here: Reception
    there: Reception
    visita: Visita
    address: str

    async def install(self, company: Reception, answer: str = "allow") -> str:
        """An administrator lets the bot in, in the browser; what the last page says."""
        async with aiohttp.ClientSession() as browser:
            page = await browser.get(f"{self.address}{INSTALL_PATH}", params={"team": company.workspace.team.id})
            consent = re.search(r'href="([^"]+authorize[^"]+)"', await page.text())
            assert consent is not None, await page.text()
            # The browser keeps it for https only, which stands in front of the bot in production.
            cookie = {"cookie": page.headers["set-cookie"].partition(";")[0]}
            url, form = consent[1].replace("&amp;", "&"), {"answer": answer, "as": demo_office.ADMINISTRATOR}
            async with browser.post(url, data=form, allow_redirects=False) as agreed:
                back = agreed.headers["location"]
            async with browser.get(back, headers=cookie) as last:
                return await last.text()

    async def settle(self) -> None:
        await self.here.settle()


@asynccontextmanager
async def two_companies(
    database_url: str, *, transport: Transport = "http", pacing: Pacing | None = None
) -> AsyncIterator[Companies]:
    """Both have the same people and the same bot, and nobody has installed it yet."""
    clock = WorkspaceClock(offset=MONDAY_MORNING.astimezone(UTC) - SystemClock().now())
    port, sockets = free_port(), SocketMode(Timings())
    address = f"http://127.0.0.1:{port}"
    workspaces = [_workspace(team, address, clock, sockets, transport) for team in (HERE, THERE)]
    async with AsyncExitStack() as stack:
        serving = await stack.enter_async_context(serve_several(workspaces))
        settings = _settings(serving[0].api_url, database_url, transport, port)
        parts = app.build(settings, clock=clock, catalogs=CATALOGS, pacing=pacing or Pacing(0, 0))
        visita = await stack.enter_async_context(parts)
        await visita.database.migrate()
        await stack.enter_async_context(app.answering(visita))
        here, there = (Reception(workspace, visita) for workspace in workspaces)
        yield Companies(here, there, visita, address)


async def open_for_business(companies: Companies) -> None:
    """Both have installed the bot and arranged their roles and cars."""
    for company in (companies.here, companies.there):
        await companies.install(company)
        await demo.furnish(companies.visita, company.workspace.team.id)


def _workspace(team: str, address: str, clock: WorkspaceClock, sockets: SocketMode, transport: Transport) -> Workspace:
    seed: dict[str, Any] = demo_office.seed()
    seed["team"] = {"id": team, "name": f"Company {team}", "domain": team.lower()}
    bot = seed["apps"][0] | CLIENT | {"bot_token": f"xoxb-{team}"}
    bot["manifest"]["oauth_config"]["redirect_urls"] = [f"{address}{REDIRECT_PATH}"]
    if transport == "http":
        bot["manifest"]["settings"]["socket_mode_enabled"] = False
        bot["request_url"] = f"{address}{SLACK_PATH}"
    seed["apps"] = [bot]
    workspace = Workspace.load(seed, clock=clock, rates=Rates.unlimited(), sockets=sockets)
    workspace.timings.ack_seconds = workspace.timings.trigger_seconds = 20
    return workspace


def _settings(api_url: str, database_url: str, transport: Transport, port: int) -> Settings:
    alone = demo.demo_settings(api_url, database_url, secret_keys=(new_key(),))
    several = replace(alone, slack_bot_token="", slack_client_id=CLIENT["client_id"])
    return replace(several, slack_client_secret=CLIENT["client_secret"], transport=transport, port=port)
