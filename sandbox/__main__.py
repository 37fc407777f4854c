"""`python -m sandbox`: a workspace of one's own, for trying any Slack app."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.default_seed import SEED
from sandbox.server import serve
from sandbox.workspace import Workspace


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local Slack workspace on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=3210, help="port of the page and the API (default: 3210)")
    parser.add_argument("--seed", type=Path, help="JSON file with team, users, channels and apps")
    parser.add_argument("--state", type=Path, help="file in which the workspace survives a restart")
    return parser.parse_args(argv)


def _introduction(workspace: Workspace, url: str) -> str:
    lines = [f"{workspace.team.name} is open at {url}", f"Slack's API is at   {url}/api/"]
    for app in workspace.apps:
        lines += [
            f"app {app.manifest.name}:",
            f"  SLACK_BOT_TOKEN={app.bot_token}",
            f"  SLACK_APP_TOKEN={app.app_token}",
            f"  SLACK_SIGNING_SECRET={app.signing_secret}",
        ]
    return "\n".join(lines) + "\n"


async def _run(options: argparse.Namespace) -> None:
    if options.seed:
        workspace = Workspace.load_file(options.seed, state=options.state)
    else:
        workspace = Workspace.load(SEED, state=options.state)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with serve(workspace, options.port) as serving:
        sys.stdout.write(_introduction(workspace, serving.url))
        sys.stdout.flush()
        await stop.wait()


def main(argv: Sequence[str] | None = None) -> None:
    asyncio.run(_run(_options(argv)))


if __name__ == "__main__":
    main()
