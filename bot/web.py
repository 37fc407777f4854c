"""The bot over HTTP: Slack's requests come in at /slack/events; operators look at /health and /metrics."""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import uvicorn
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.services.health import Watch

SLACK_PATH = "/slack/events"
HEALTH_PATH = "/health"
METRICS_PATH = "/metrics"


def slack_door(bolt: AsyncApp) -> Route:
    """Where Slack's signed requests come in."""
    answering = AsyncSlackRequestHandler(bolt)

    async def slack(request: Request) -> Response:
        return await answering.handle(request)

    return Route(SLACK_PATH, slack, methods=["POST"])


def install_pages(bolt: AsyncApp) -> list[Route]:
    """Where people let the bot into their workspace, and where Slack sends them back."""
    answering, flow = AsyncSlackRequestHandler(bolt), bolt.oauth_flow
    assert flow is not None

    async def page(request: Request) -> Response:
        return await answering.handle(request)

    return [Route(path, page, methods=["GET"]) for path in (flow.install_path, flow.redirect_uri_path)]


def health_page(watch: Watch) -> Route:
    """For orchestrators: 200 if all is well, 503 if a restart is worth a try; either says what was found."""

    async def health(_request: Request) -> Response:
        found = await watch.health()
        content = {
            "healthy": not found.problems,
            "problems": found.problems,
            "database": found.queue is not None,
            "migration": found.queue and found.queue.migration,
            "due": found.queue and found.queue.due,
            "put_off": found.queue and found.queue.put_off,
            "waiting": found.queue and found.queue.waiting,
            "held": found.queue and found.queue.held,
            "oldest_due_seconds": found.queue and found.oldest_due_seconds,
            "last_look": found.last_look and found.last_look.isoformat(),
            "connected": found.connected,
        }
        return JSONResponse(content, status_code=503 if found.problems else 200)

    return Route(HEALTH_PATH, health)


def metrics_page(watch: Watch) -> Route:
    """For Prometheus."""

    async def metrics(_request: Request) -> Response:
        return Response(await watch.page(), headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4})

    return Route(METRICS_PATH, metrics)


@asynccontextmanager
async def serve_http(routes: Sequence[Route], host: str, port: int) -> AsyncIterator[int]:
    """Listens until the block ends and yields the port (0 asks for any free one); signals stay the caller's."""
    config = uvicorn.Config(
        Starlette(routes=routes),
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
