"""The WebSocket that pushes what changes to a person's page."""

import asyncio
import json
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.errors import Refusal
from sandbox.feed import Event
from sandbox.people.persons import person

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


async def serve_events(socket: WebSocket) -> None:
    workspace: Workspace = socket.app.state.workspace
    try:
        user = person(workspace, socket.query_params.get("as", ""))
    except Refusal:
        await socket.close(4404)
        return
    await socket.accept()
    with workspace.feed.watch(user.id) as queue:
        pushing = asyncio.create_task(_push(socket, queue))
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            return
        finally:
            pushing.cancel()
            await asyncio.gather(pushing, return_exceptions=True)


async def _push(socket: WebSocket, queue: asyncio.Queue[Event]) -> None:
    while True:
        await socket.send_text(json.dumps(await queue.get(), ensure_ascii=False))
