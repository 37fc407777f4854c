"""Stock Bolt for Python apps run on the workspace unchanged: Socket Mode and signed HTTP."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.errors import Refusal
from sandbox.hands import Hands
from sandbox.server import Serving, serve
from sandbox.workspace import Workspace
from tests.sandbox.conftest import APP_TOKEN, BOT_TOKEN
from tests.sandbox.stock import listen, listen_async
from tests.sandbox.walk import try_everything


@asynccontextmanager
async def connected(serving: Serving, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """Runs an app in Socket Mode until the block ends."""
    workspace = serving.workspace
    handler = AsyncSocketModeHandler(app, APP_TOKEN)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    assert await workspace.feed.until(lambda: workspace.is_connected(workspace.apps["A01TRYOUT"]), 5)
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


async def test_an_asynchronous_app_in_socket_mode(serving: Serving, ana: Hands) -> None:
    app = AsyncApp(client=AsyncWebClient(token=BOT_TOKEN, base_url=serving.api_url))
    listen_async(app)
    async with connected(serving, app):
        await try_everything(ana)
    transports = {delivered.transport for delivered in serving.workspace.record.deliveries}
    assert transports == {"socket"}


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        return


@contextmanager
def served(app: App) -> Iterator[str]:
    """Serves a threaded app over HTTP and says where."""
    server = make_server("127.0.0.1", 0, SlackRequestHandler(app), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/slack/events"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
async def in_real_time(seed: dict[str, Any]) -> AsyncIterator[Serving]:
    """Bolt checks a signature's age against the machine's own clock."""
    async with serve(Workspace.load(seed)) as running:
        yield running


def threaded(serving: Serving, signing_secret: str = "sandbox-signing-secret") -> App:
    app = App(client=WebClient(token=BOT_TOKEN, base_url=serving.api_url), signing_secret=signing_secret)
    listen(app)
    return app


async def test_a_threaded_app_over_signed_http(in_real_time: Serving) -> None:
    workspace = in_real_time.workspace
    app = await asyncio.to_thread(threaded, in_real_time)
    with served(app) as url:
        workspace.apps["A01TRYOUT"].request_url = url
        await try_everything(Hands(workspace, "U01ANA"))
    assert {delivered.transport for delivered in workspace.record.deliveries} == {"http"}


async def test_an_app_with_another_signing_secret_takes_nothing(in_real_time: Serving) -> None:
    workspace = in_real_time.workspace
    app = await asyncio.to_thread(threaded, in_real_time, "another")
    ana = Hands(workspace, "U01ANA")
    with served(app) as url:
        workspace.apps["A01TRYOUT"].request_url = url
        with pytest.raises(Refusal, match="dispatch_failed"):
            await ana.command("/hello")
        await ana.type("general", "hello")
    assert [one.code for one in ana.troubles] == ["dispatch_failed"]
    (event,) = workspace.record.deliveries_of("events_api")
    assert event.problem == "dispatch_failed"
