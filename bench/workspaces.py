"""Slack workspaces for measuring: the local one, with the people that the visits name, and limits as wanted.

`python -m bench.workspaces PER_SECOND` serves one in a process of its own: prints its API's address, and when its
standard input ends, what it was asked for.
"""

import asyncio
import json
import sys
from typing import Any

from bench.visits import PEOPLE, slack_id
from sandbox.rates import Rate, Rates
from sandbox.server import serve
from sandbox.workspace import Workspace

BOT_TOKEN = "xoxb-bench"
APP_TOKEN = "xapp-bench"
ECHO = "/echo"
HASTE = 0.1
"""Seconds of its allowance that the limited workspace takes at once: nobody's calls come perfectly evenly."""
_MANIFEST = {
    "display_information": {"name": "Bench"},
    "features": {
        "bot_user": {"display_name": "Bench"},
        "slash_commands": [{"command": ECHO, "description": "Says it again"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "im:history", "im:write", "channels:history"]}},
    "settings": {"socket_mode_enabled": True, "interactivity": {"is_enabled": True}},
}


def seed() -> dict[str, Any]:
    """A team, the people, one app that may post and answer `/echo`."""
    people = [{"id": slack_id(place), "name": f"person{place}", "real_name": f"P {place}"} for place in range(PEOPLE)]
    return {
        "team": {"id": "T0BENCH", "name": "Bench", "domain": "bench"},
        "users": people,
        "apps": [{"id": "A0BENCH", "bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "manifest": _MANIFEST}],
        "channels": [{"id": "C0BENCH", "name": "bench", "members": [person["id"] for person in people]}],
    }


async def _serve(per_second: float) -> None:
    rates = Rates(post_per_channel=None, post_per_workspace=Rate(per_second, per_second * HASTE), tiers={})
    workspace = Workspace.load(seed(), rates=rates)
    async with serve(workspace) as serving:
        print(serving.api_url, flush=True)
        await asyncio.to_thread(sys.stdin.read)
    posts = workspace.record.calls_of("chat.postMessage")
    taken = [post.at for post in posts if post.ok]
    limited = sum(post.status == 429 for post in posts)
    print(json.dumps({"taken": len(taken), "limited": limited, "seconds": max(taken) - min(taken) if taken else 0.0}))


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
