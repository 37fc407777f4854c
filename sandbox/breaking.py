"""A connection that breaks instead of answering."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_KEY = "sandbox.abort"


class BreakableHttp(HttpToolsProtocol):
    """uvicorn's protocol, telling the application how to cut the line."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment] # a TypedDict that takes one more key
        scope[_KEY] = self.transport.abort


class _Cut(Response):
    def __init__(self, abort: Callable[[], None]) -> None:
        super().__init__()
        self._abort = abort

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._abort()
        while (await receive())["type"] != "http.disconnect":
            continue


def break_connection(request: Request) -> Response:
    """A response that is none: the client sees the connection reset."""
    return _Cut(request.scope[_KEY])
