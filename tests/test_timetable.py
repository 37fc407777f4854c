"""The bot wakes by itself: after a commit, at a due time, after a jump of the clock; and it speaks to any Slack."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bench.week.passing import PassingLoop
from bot import app, demo, demo_office
from bot.app import Pacing
from bot.clock import SystemClock
from schedules.timetable import AFTER_STUMBLING, LONGEST_SLEEP
from tests.reception import SHANGHAI, reception


async def test_what_is_due_goes_out_without_anybody_asking(database_url: str) -> None:
    async with reception(database_url, by_itself=True) as office:
        await office.fill_form(office.lina, driver="U04CHEN")
        assert await office.lina.submit() == {}
        assert await office.lina.submit() == {}
        await office.lina.until(lambda: [m for m in office.lina.messages("reception") if m.get("bot_id")])
        office.workspace.clock.to(datetime(2026, 3, 3, 14, 29, 59, 500_000, tzinfo=SHANGHAI))
        assert office.inbox(office.liu) == []
        await office.liu.until(lambda: office.inbox(office.liu))
        assert office.now >= datetime(2026, 3, 3, 14, 30, tzinfo=SHANGHAI), "not early"
        office.workspace.clock.to(datetime(2026, 3, 5, 13, 31, tzinfo=SHANGHAI))
        await office.chen.until(lambda: office.inbox(office.chen))


def test_a_clock_that_is_set_back_lets_nobody_sleep_longer(sqlite_template: Path, tmp_path: Path) -> None:
    """The loop's time goes on while the machine's clock stands still, as after somebody has set it back."""
    file = tmp_path / "visita.sqlite3"
    shutil.copyfile(sqlite_template, file)

    async def slept() -> float:
        loop, looks = asyncio.get_running_loop(), asyncio.Queue[float]()
        assert isinstance(loop, PassingLoop)
        settings = demo.demo_settings("http://127.0.0.1:9/api/", f"sqlite:///{file}")
        async with app.build(settings, clock=SystemClock()) as visita:
            visita.timetable.armed = lambda _wait: looks.put_nowait(loop.time())
            visita.timetable.start()
            try:
                first, loop.hurries = await looks.get(), True
                async with asyncio.timeout(3600):
                    return await looks.get() - first
            finally:
                await visita.timetable.stop()

    with asyncio.Runner(loop_factory=PassingLoop) as runner:
        assert runner.run(slept()) < LONGEST_SLEEP.total_seconds() + 1


async def test_after_a_look_that_failed_the_next_one_is_near(bare_database_url: str) -> None:
    """The database was away, here: has no tables yet. Nobody commits meanwhile, so nobody wakes it."""
    waits = asyncio.Queue[timedelta]()
    settings = demo.demo_settings("http://127.0.0.1:9/api/", bare_database_url)
    async with app.build(settings, clock=SystemClock()) as visita:
        visita.timetable.armed = waits.put_nowait
        visita.timetable.start()
        try:
            assert await waits.get() <= AFTER_STUMBLING
        finally:
            await visita.timetable.stop()


class OtherSlack:
    """A Slack stand-in that shares nothing with the local workspace: the few methods that a reminder needs."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []

    async def answer(self, request: Request) -> JSONResponse:
        body = (await request.body()).decode()
        given = json.loads(body) if body.startswith("{") else dict(parse_qsl(body)) | dict(request.query_params)
        method = request.path_params["method"]
        match method:
            case "auth.test":
                known = {
                    "team_id": "T1",
                    "team": "Elsewhere",
                    "user_id": "UBOT",
                    "bot_id": "B1",
                    "url": "https://x.invalid/",
                }
                return JSONResponse({"ok": True, "user": "visita", **known})
            case "users.info":
                profile = {"real_name": f"Person {given['user']}"}
                user = {
                    "id": given["user"],
                    "profile": profile,
                    "locale": "en-US",
                    "tz": "Asia/Shanghai",
                    "is_admin": True,
                }
                return JSONResponse({"ok": True, "user": user})
            case "chat.postMessage":
                self.posts.append(given)
                return JSONResponse({"ok": True, "channel": "D1", "ts": f"{len(self.posts)}.000100"})
            case "views.open":
                view = given["view"] if isinstance(given["view"], dict) else json.loads(given["view"])
                self.views.append(view)
                return JSONResponse({"ok": True, "view": view | {"id": "V1"}})
            case _:
                return JSONResponse({"ok": True})

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        routes = [Route("/slack-api/{method}", self.answer, methods=["GET", "POST"])]
        config = uvicorn.Config(Starlette(routes=routes), port=0, lifespan="off", log_config=None)
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield f"http://127.0.0.1:{port}/slack-api/"
        finally:
            await server.shutdown()


async def test_another_slack_at_another_address(database_url: str) -> None:
    """A command opens the form there, and a submitted form becomes a visit whose first notice is posted there."""
    other = OtherSlack()
    async with other.serving() as url:
        settings = replace(demo.demo_settings(url, database_url), transport="http")
        async with app.build(settings, clock=SystemClock(), pacing=Pacing(0, 0)) as visita:
            await app.introduce(visita)

            async def slack_sends(body: str) -> BoltResponse:
                sent_at = str(int(SystemClock().now().timestamp()))
                signature = SignatureVerifier(demo_office.SIGNING_SECRET).generate_signature(
                    timestamp=sent_at, body=body
                )
                request = AsyncBoltRequest(
                    body=body, headers={"x-slack-request-timestamp": sent_at, "x-slack-signature": str(signature)}
                )
                return await visita.bolt.async_dispatch(request)

            assert (await slack_sends(COMMAND)).status == 200
            await visita.desk.under_way.ended()
            form = other.views[-1]
            pushed = json.loads((await slack_sends(_submission(form, _typed(form)))).body)
            assert pushed["response_action"] == "push", pushed
            read_back = pushed["view"]
            assert (await slack_sends(_submission(read_back, {}))).status == 200
            await visita.delivery.deliver_due()
    assert {post["channel"] for post in other.posts} == {"U1"}, "nobody fills administration: the host is asked"
    assert "Acme" in other.posts[0]["text"]


COMMAND = urlencode(
    {
        "command": "/visit",
        "text": "create",
        "team_id": "T1",
        "user_id": "U1",
        "channel_id": "C1",
        "trigger_id": "1.2.3",
        "response_url": "https://x.invalid/",
    }
)


def _typed(form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The form with its defaults, a client, a lead guest and guests who come tomorrow."""
    tomorrow = SystemClock().now().astimezone(SHANGHAI) + timedelta(days=1)
    typed = {
        "company": {"value": "Acme"},
        "guest_name": {"value": "Luis García"},
        "party_size": {"value": "2"},
        "guest_language": {"selected_option": {"value": "es"}},
        "purpose": {"selected_option": {"value": "courtesy"}},
        "arrival_date": {"selected_date": tomorrow.date().isoformat()},
        "arrival_time": {"selected_time": "14:30"},
        "departure_date": {"selected_date": (tomorrow + timedelta(days=1)).date().isoformat()},
        "departure_time": {"selected_time": "19:00"},
        "services": {"selected_options": [{"value": "pickup"}]},
        "lead_host": {"selected_user": "U1"},
    }
    blocks = [block["block_id"] for block in form["blocks"] if block["type"] == "input"]
    return {name: {(field := name.partition("@")[0]): typed.get(field, {})} for name in blocks}


def _submission(view: dict[str, Any], values: dict[str, Any]) -> str:
    blocks = [{"block_id": f"b{number}", **block} for number, block in enumerate(view["blocks"])]
    sent = view | {"id": "V1", "root_view_id": "V1", "blocks": blocks, "state": {"values": values}}
    payload = {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "trigger_id": f"1.2.{view['callback_id']}",
        "view": sent,
    }
    return urlencode({"payload": json.dumps(payload)})
