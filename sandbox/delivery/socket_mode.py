"""Socket Mode: apps connect, and any one of an app's connections gets a given envelope."""

import asyncio
import json
import secrets
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.delivery.envelope import Envelope, Undeliverable
from sandbox.model.apps import App
from sandbox.timings import Timings

MOST_CONNECTIONS = 10


class Connection:
    """One WebSocket of an app; while it is `leaving` it still may acknowledge, but gets nothing new."""

    def __init__(self, app_id: str, socket: WebSocket) -> None:
        self.app_id = app_id
        self.socket = socket
        self.leaving = False
        self.waiting: dict[str, asyncio.Future[Any]] = {}

    async def say(self, message: dict[str, Any]) -> None:
        try:
            await self.socket.send_text(json.dumps(message, ensure_ascii=False))
        except (RuntimeError, WebSocketDisconnect) as gone:
            raise Undeliverable("connection_failed") from gone

    async def cut(self, code: int = 1000) -> None:
        if self.socket.application_state is WebSocketState.CONNECTED:
            await self.socket.close(code)
        self.give_up()

    def give_up(self) -> None:
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(Undeliverable("connection_failed"))

    def take_ack(self, text: str) -> None:
        message = json.loads(text)
        future = self.waiting.get(message.get("envelope_id", ""))
        if future is not None and not future.done():
            future.set_result(message.get("payload"))


class SocketMode:
    """The open connections of all apps."""

    def __init__(self, timings: Timings) -> None:
        self._timings = timings
        self._tickets: dict[str, str] = {}
        self._connections: defaultdict[str, list[Connection]] = defaultdict(list)
        self._turn = 0
        self.on_change: Callable[[], None] = lambda: None

    def ticket(self, app_id: str) -> str:
        """What an app shows when it connects; good once."""
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = app_id
        return ticket

    def connections(self, app_id: str) -> list[Connection]:
        return [one for one in self._connections[app_id] if not one.leaving]

    async def serve(self, socket: WebSocket) -> None:
        """Holds one connection until either side ends it."""
        app_id = self._tickets.pop(socket.query_params.get("ticket", ""), None)
        if app_id is None:
            await socket.close(4401)
            return
        await socket.accept()
        connection = Connection(app_id, socket)
        if len(self.connections(app_id)) >= MOST_CONNECTIONS:
            await connection.say({"type": "disconnect", "reason": "too_many_websockets", "debug_info": _DEBUG})
            await connection.cut()
            return
        await self._hold(connection)

    async def _hold(self, connection: Connection) -> None:
        self._connections[connection.app_id].append(connection)
        await connection.say(self._hello(connection.app_id))
        self.on_change()
        refresh = asyncio.create_task(self._refresh_later(connection))
        try:
            while True:
                connection.take_ack(await connection.socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            connection.give_up()
        finally:
            refresh.cancel()
            self._connections[connection.app_id].remove(connection)
            self.on_change()

    def _hello(self, app_id: str) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.connections(app_id)),
            "debug_info": {**_DEBUG, "approximate_connection_time": int(self._timings.refresh_after)},
            "connection_info": {"app_id": app_id},
        }

    async def _refresh_later(self, connection: Connection) -> None:
        await asyncio.sleep(self._timings.refresh_after)
        await self._refresh(connection)

    async def _refresh(self, connection: Connection) -> None:
        connection.leaving = True
        await connection.say({"type": "disconnect", "reason": "refresh_requested", "debug_info": _DEBUG})
        await asyncio.sleep(self._timings.refresh_grace)
        await connection.cut()

    async def refresh(self, app_id: str) -> None:
        """Asks every connection of the app to reconnect, and cuts those that have not gone in time."""
        await asyncio.gather(*(self._refresh(one) for one in self.connections(app_id)), return_exceptions=True)

    async def drop(self, app_id: str) -> None:
        """Cuts one connection without a word."""
        for connection in self.connections(app_id)[:1]:
            connection.leaving = True
            await connection.cut(1011)

    async def deliver(self, app: App, envelope: Envelope) -> Any:
        """Sends to one connection and waits for the ack; answers with the ack's payload."""
        connection = self._next(app.id)
        envelope_id = str(uuid.uuid4())
        message: dict[str, Any] = {
            "envelope_id": envelope_id,
            "payload": envelope.payload,
            "type": envelope.kind,
            "accepts_response_payload": envelope.wants_payload,
        }
        if envelope.kind == "events_api":
            message |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.retry_reason}
        future = connection.waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await connection.say(message)
            return await future
        finally:
            del connection.waiting[envelope_id]

    def _next(self, app_id: str) -> Connection:
        open_ones = self.connections(app_id)
        if not open_ones:
            raise Undeliverable("connection_failed")
        self._turn += 1
        return open_ones[self._turn % len(open_ones)]

    async def close(self) -> None:
        for connections in list(self._connections.values()):
            for connection in list(connections):
                await connection.cut(1001)


_DEBUG = {"host": "applink-local", "build_number": 1}
