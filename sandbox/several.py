"""Several workspaces behind one address, as Slack itself is: told apart by the token, or by what names the team."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


class ByTeam:
    """Hands each call to the application of its workspace; what names none goes to the first."""

    def __init__(self, applications: Sequence[tuple["Workspace", ASGIApp]]) -> None:
        self._applications = applications

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._applications[0][1](scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return unread.pop() if unread else await receive()

        await self._application(request, body)(scope, again, send)

    def _application(self, request: Request, body: bytes) -> ASGIApp:
        return next((app for one, app in self._applications if _is_meant(one, request, body)), self._applications[0][1])


def _is_meant(workspace: "Workspace", request: Request, body: bytes) -> bool:
    team, path = workspace.team.id, request.url.path
    if path.startswith("/response/"):
        return path.startswith(f"/response/{team}/")
    if path.startswith("/oauth/"):
        return request.query_params.get("team") == team
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme == "Bearer":
        return workspace.apps.is_known(token)
    code = parse_qs(body.decode(errors="replace")).get("code", [""])[0]
    return code in workspace.oauth_codes
