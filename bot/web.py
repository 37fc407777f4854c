"""The bot over HTTP: Slack's requests come in at /slack/events."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

SLACK_PATH = "/slack/events"


def asgi_app(bolt: AsyncApp) -> Starlette:
    """The ASGI application: Slack's signed requests, and a page that says the bot is alive."""
    answering = AsyncSlackRequestHandler(bolt)

    async def slack(request: Request) -> Response:
        return await answering.handle(request)

    async def health(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    return Starlette(routes=[Route(SLACK_PATH, slack, methods=["POST"]), Route("/health", health)])


@asynccontextmanager
async def serve_http(bolt: AsyncApp, host: str, port: int) -> AsyncIterator[int]:
    """Listens until the block ends and yields the port (0 asks for any free one); signals stay the caller's."""
    config = uvicorn.Config(
        asgi_app(bolt),
        host=host,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    await server.startup(sockets=[listener])
    try:
        yield listener.getsockname()[1]
    finally:
        await server.shutdown(sockets=[listener])
