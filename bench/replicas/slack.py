"""Slack's end of the line, as light as can be: takes messages, notes when, and refuses what comes too fast."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.clock import SystemClock
from sandbox.clock import MachineTime
from sandbox.rates import Limiter, Rate

HASTE = 0.2
"""Seconds of its allowance that it takes at once: nobody's calls come perfectly evenly."""


@dataclass
class TakingSlack:
    """`arrived` holds the moments at which each notice was taken; `per_second` None takes everything."""

    per_second: float | None
    api_url: str = ""
    arrived: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    in_channel: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    limited: int = 0
    looked_up: int = 0
    _limiter: Limiter = field(default_factory=lambda: Limiter(MachineTime().monotonic))

    async def serve(self, request: web.Request) -> web.Response:
        asked: dict[str, Any] = await request.json() if request.content_type == "application/json" else {}
        asked |= dict(request.query) | (dict(await request.post()) if not asked else {})
        match request.match_info["method"]:
            case "chat.postMessage":
                return self._post(asked)
            case "conversations.open":
                return web.json_response({"ok": True, "channel": {"id": f"D{asked['users']}"}})
            case "conversations.history":
                self.looked_up += 1
                there = [_message(notice) for notice in self.in_channel[asked["channel"]]]
                return web.json_response({"ok": True, "messages": there})
        return web.json_response({"ok": False, "error": "unknown_method"})

    def _post(self, asked: dict[str, Any]) -> web.Response:
        if self.per_second is not None:
            rate = Rate(self.per_second, self.per_second * HASTE)
            wait = self._limiter.wait([(("workspace",), rate)])
            if wait:
                self.limited += 1
                refusal = {"ok": False, "error": "ratelimited"}
                return web.json_response(refusal, status=429, headers={"Retry-After": str(wait)})
        at = SystemClock().now().timestamp()
        notice, channel = asked["metadata"]["event_payload"]["notice"], f"D{asked['channel']}"
        self.arrived[notice].append(at)
        self.in_channel[channel].append(notice)
        return web.json_response({"ok": True, "channel": channel, "ts": f"{at:.6f}"})


def _message(notice: str) -> dict[str, Any]:
    return {"ts": "1.0", "metadata": {"event_type": "visita_notice", "event_payload": {"notice": notice}}}


@asynccontextmanager
async def taking_slack(per_second: float | None) -> AsyncIterator[TakingSlack]:
    """Served on the loopback interface until the block ends."""
    slack, app = TakingSlack(per_second), web.Application()
    app.router.add_route("*", "/api/{method}", slack.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    slack.api_url = f"http://{host}:{port}/api/"
    try:
        yield slack
    finally:
        await runner.cleanup()
