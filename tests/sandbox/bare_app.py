"""An app reduced to its Socket Mode connection, so that a test says itself what is acknowledged and when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Serving
from tests.sandbox.conftest import APP_TOKEN


class BareApp:
    """One connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, hello: dict[str, Any]) -> None:
        self.socket = socket
        self.hello = hello

    async def next(self) -> dict[str, Any]:
        """The next envelope."""
        envelope: dict[str, Any] = await self.socket.receive_json(timeout=5)
        return envelope

    async def ack(self, envelope: dict[str, Any], payload: Any = None) -> None:
        message = {"envelope_id": envelope["envelope_id"]}
        await self.socket.send_json(message if payload is None else {**message, "payload": payload})

    async def answer_all(self, payload: Any = None) -> None:
        """Acknowledges whatever comes until it is cancelled."""
        while True:
            envelope = await self.next()
            await self.ack(envelope, payload if envelope["accepts_response_payload"] else None)


@asynccontextmanager
async def bare_app(serving: Serving) -> AsyncIterator[BareApp]:
    opened = await AsyncWebClient(token=APP_TOKEN, base_url=serving.api_url).apps_connections_open(app_token=APP_TOKEN)
    async with aiohttp.ClientSession() as session, session.ws_connect(opened["url"]) as socket:
        hello = await socket.receive_json(timeout=5)
        yield BareApp(socket, hello)


@asynccontextmanager
async def answering(app: BareApp, payload: Any = None) -> AsyncIterator[None]:
    """Lets the app acknowledge everything while the block runs."""
    task = asyncio.create_task(app.answer_all(payload))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
