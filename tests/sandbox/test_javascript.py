"""A stock Bolt for JavaScript app runs on the workspace unchanged."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.hands import Hands
from sandbox.server import Serving
from sandbox.workspace import Workspace
from tests.sandbox.conftest import APP_TOKEN, BOT_TOKEN
from tests.sandbox.walk import try_everything

HERE = Path(__file__).parent / "js"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or shutil.which("npm") is None,
    reason="NOT TESTED: Bolt for JavaScript on the workspace needs node and npm",
)


async def run_npm_ci() -> None:
    process = await asyncio.create_subprocess_exec(
        "npm",
        "ci",
        "--no-audit",
        "--no-fund",
        cwd=HERE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()


@pytest.fixture
async def javascript_app(serving: Serving) -> AsyncIterator[None]:
    """The app as a process of its own, connected; its packages are installed the first time."""
    if not (HERE / "node_modules" / ".package-lock.json").exists():
        await run_npm_ci()
    given = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": serving.api_url}
    process = await asyncio.create_subprocess_exec("node", "app.js", cwd=HERE, env={**os.environ, **given})
    workspace = serving.workspace
    try:
        connected = await workspace.feed.until(lambda: workspace.is_connected(workspace.apps["A01TRYOUT"]), 30)
        assert connected, "the app did not connect"
        yield
    finally:
        process.kill()
        await process.wait()


async def test_a_javascript_app_in_socket_mode(javascript_app: None, workspace: Workspace) -> None:
    await try_everything(Hands(workspace, "U01ANA"))
