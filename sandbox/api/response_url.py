"""`response_url`s: what an app may say later about something a person did."""

import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.answering import answer_in_channel
from sandbox.errors import SlackError
from sandbox.record import ApiCall

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


async def serve_response_url(request: Request) -> Response:
    workspace: Workspace = request.app.state.workspace
    given: dict[str, Any] = {}
    app_id = None
    status, answer = 200, {"ok": True}
    try:
        given = _payload(await request.body())
        found = workspace.response_passes.use(request.path_params["key"])
        app_id = found.app_id
        answer_in_channel(workspace, found, given)
    except SlackError as error:
        status = error.status if error.status != 200 else 400
        answer = error.answer()
    workspace.record.add(
        ApiCall("response_url", app_id, given, status, answer, workspace.clock.wall(), workspace.clock.now())
    )
    if not answer["ok"]:
        return JSONResponse(answer, status)
    return PlainTextResponse("ok")


def _payload(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except ValueError as error:
        raise SlackError("invalid_payload") from error
    if not isinstance(given, dict):
        raise SlackError("invalid_payload")
    return given
