"""A workspace with a state file goes on where it was, also after SIGKILL."""

import asyncio
import json
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.hands import Hands
from sandbox.server import serve
from sandbox.workspace import Workspace
from tests.sandbox.standins import home, modal, section


async def test_everything_survives_a_restart(seed: dict[str, Any], tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite3"
    first = Workspace.load(seed, state=state)
    async with serve(first) as serving, aiohttp.ClientSession(serving.api_url) as slack:
        header = {"Authorization": "Bearer xoxb-sandbox-tryout"}

        async def call(method: str, **arguments: Any) -> dict[str, Any]:
            async with slack.post(method, json=arguments, headers=header) as response:
                answer = dict(await response.json())
                assert answer["ok"], answer
                return answer

        ana = Hands(first, "U01ANA")
        root = await call("chat.postMessage", channel="C01GENERAL", text="root")
        await call("chat.postMessage", channel="C01GENERAL", text="reply", thread_ts=root["ts"])
        await call("chat.postMessage", channel="U01ANA", text="direct")
        await call("views.publish", user_id="U01ANA", view=home(section("Home")))
        trigger_id = first.triggers.issue("A01TRYOUT", "U01ANA")
        await call("views.open", trigger_id=trigger_id, view=modal(section("Modal")))
        await ana.upload("general", "a.txt", b"bytes")
        await ana.change_profile(locale="zh-CN")
        first.clock.forward(timedelta(days=40))
        before = (ana.messages("general"), ana.thread("general", root["ts"]), ana.dms(), ana.view(), ana.home())
        now = first.clock.now()

    seed["users"].append({"id": "U01NEW", "name": "new"})
    second = Workspace.load(seed, state=state)
    ana = Hands(second, "U01ANA")
    assert (ana.messages("general"), ana.thread("general", root["ts"]), ana.dms(), ana.view(), ana.home()) == before
    assert ana.user.locale == "zh-CN", "the state wins over the seed"
    assert "U01NEW" in second.users, "whom the seed adds comes in"
    assert timedelta(0) <= second.clock.now() - now < timedelta(minutes=1)
    assert [file.data for file in second.files] == [b"bytes"]
    assert second.messages.next_ts() > before[0][-1]["ts"]
    await second.close()


async def _started(*arguments: str) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    introduction = ""
    while "SLACK_SIGNING_SECRET" not in introduction:
        introduction += (await process.stdout.readline()).decode()
    assert "SLACK_BOT_TOKEN=xoxb-sandbox-tryout" in introduction
    return process, introduction.splitlines()[0].rpartition(" ")[2]


async def test_a_killed_workspace_has_lost_nothing_it_answered(tmp_path: Path) -> None:
    state = str(tmp_path / "state.sqlite3")
    process, url = await _started("--state", state)
    async with aiohttp.ClientSession() as session:
        for number in range(20):
            body = {"as": "U01ANA", "channel": "C01GENERAL", "text": str(number)}
            async with session.post(f"{url}/people/message", json=body) as response:
                assert (await response.json())["ok"]
        process.send_signal(signal.SIGKILL)
        await process.wait()
    process, url = await _started("--state", state)
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{url}/people/history?as=U01BEN&channel=C01GENERAL") as response,
    ):
        messages = (await response.json())["messages"]
    process.terminate()
    assert await process.wait() == 0, "it ends cleanly on SIGTERM"
    assert [message["text"] for message in messages] == [str(number) for number in range(20)]


async def test_a_seed_of_ones_own(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(
        json.dumps(
            {
                "team": {"name": "Elsewhere"},
                "users": [{"id": "U1", "name": "eva", "tz": "America/Santiago"}],
                "apps": [{"id": "A1", "manifest": {"display_information": {"name": "Own"}}}],
                "channels": [{"name": "lobby", "members": ["U1", "A1"]}],
            }
        )
    )
    workspace = Workspace.load_file(seed)
    assert workspace.team.name == "Elsewhere"
    assert workspace.apps["A1"].bot_token.startswith("xoxb-")
    assert Hands(workspace, "U1").messages("lobby") == []
    assert workspace.users[workspace.apps["A1"].bot_user_id].is_bot
