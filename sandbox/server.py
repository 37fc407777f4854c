"""The workspace served on 127.0.0.1: Slack's API for apps, the people API and the page for people."""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from sandbox.api.response_url import serve_response_url
from sandbox.api.web_api import serve_method
from sandbox.breaking import BreakableHttp
from sandbox.consent import serve_consent
from sandbox.file_transfer import serve_download, serve_upload
from sandbox.guard import LocalOnly
from sandbox.patience import FreshFiles, PatientWebSocket
from sandbox.people.api import ROUTES as PEOPLE_ROUTES
from sandbox.people.events import serve_events
from sandbox.people.seeing import apps
from sandbox.several import ByTeam
from sandbox.workspace import Workspace

_PAGE = Path(__file__).parent / "page"


async def _serve_link(link: WebSocket) -> None:
    workspace: Workspace = link.app.state.workspace
    await workspace.sockets.serve(link)


def create_app(workspace: Workspace) -> Starlette:
    """The ASGI application of a workspace."""
    app = Starlette(
        routes=[
            Route("/api/{method}", serve_method, methods=["GET", "POST"]),
            Route("/response/{key:path}", serve_response_url, methods=["POST"]),
            Route("/oauth/v2/authorize", serve_consent, methods=["GET", "POST"]),
            Route("/upload/v1/{file_id}", serve_upload, methods=["POST", "PUT"]),
            Route("/files-pri/{rest:path}", serve_download, methods=["GET"]),
            WebSocketRoute("/link/", _serve_link),
            WebSocketRoute("/people/events", serve_events),
            *PEOPLE_ROUTES,
            Mount("/", FreshFiles(directory=_PAGE, html=True, check_dir=False)),
        ],
        middleware=[Middleware(LocalOnly)],
    )
    app.state.workspace = workspace
    workspace.sockets.on_change = lambda: workspace.feed.tell_everybody({"type": "apps", "apps": apps(workspace)})
    return app


@dataclass(frozen=True, slots=True)
class Serving:
    """A workspace that answers at `url`; Slack's API is at `api_url`."""

    workspace: Workspace
    url: str

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"


@asynccontextmanager
async def serve(workspace: Workspace, port: int = 0) -> AsyncIterator[Serving]:
    """Serves a workspace on 127.0.0.1 (port 0: any free one) until the block ends, then closes it."""
    async with _served([workspace], create_app(workspace), port) as url:
        yield Serving(workspace, url)


@asynccontextmanager
async def serve_several(workspaces: Sequence[Workspace], port: int = 0) -> AsyncIterator[list[Serving]]:
    """The same for several workspaces at one address; the page for people is that of the first."""
    application = ByTeam([(workspace, create_app(workspace)) for workspace in workspaces])

    def tell() -> None:
        for workspace in workspaces:
            workspace.feed.tell_everybody({"type": "apps", "apps": apps(workspace)})

    for workspace in workspaces:
        workspace.sockets.on_change = tell
    async with _served(workspaces, application, port) as url:
        yield [Serving(workspace, url) for workspace in workspaces]


@asynccontextmanager
async def _served(workspaces: Sequence[Workspace], application: ASGIApp, port: int) -> AsyncIterator[str]:
    # The protocol is named because asyncio turns off Nagle's delay (40 ms an answer) only where it is.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    for workspace in workspaces:
        workspace.base_url = url
    server = _server(application)
    await server.startup(sockets=[listener])
    try:
        yield url
    finally:
        for workspace in workspaces:
            await workspace.close_connections()
        await server.shutdown(sockets=[listener])
        for workspace in workspaces:
            await workspace.close()


def _server(application: ASGIApp) -> uvicorn.Server:
    """uvicorn without its signal handlers and its polling loop: the program that embeds it decides when it ends."""
    config = uvicorn.Config(
        application,
        http=BreakableHttp,
        ws=PatientWebSocket,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    return server
