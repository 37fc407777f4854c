"""The people API: one small handler a call, as `docs/sandbox-api.md` describes them."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.conversing import channel_for
from sandbox.errors import Refusal
from sandbox.file_transfer import serve_own_file
from sandbox.people import commands, doors, modals, pressing, seeing, writing

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

Given = dict[str, Any]
Answer = dict[str, Any]
Handler = Callable[["Workspace", Given], Awaitable[Answer]]

_OK: Answer = {"ok": True}


async def state(workspace: "Workspace", given: Given) -> Answer:
    return await seeing.state(workspace, given["as"])


async def everybody(workspace: "Workspace", given: Given) -> Answer:
    return await seeing.everybody(workspace)


async def history(workspace: "Workspace", given: Given) -> Answer:
    return {"messages": seeing.history(workspace, given["as"], given["channel"])}


async def thread(workspace: "Workspace", given: Given) -> Answer:
    return {"messages": seeing.thread(workspace, given["as"], given["channel"], given["ts"])}


async def message(workspace: "Workspace", given: Given) -> Answer:
    sent = writing.type_message(workspace, given["as"], given["channel"], given["text"], given.get("thread_ts"))
    return _OK | {"ts": sent.ts}


async def command(workspace: "Workspace", given: Given) -> Answer:
    await commands.run_command(workspace, given["as"], given["channel"], given["text"])
    return _OK


async def dm(workspace: "Workspace", given: Given) -> Answer:
    channel = writing.open_dm(workspace, given["as"], given["with"])
    return _OK | {"channel": channel_for(workspace, channel, given["as"])}


async def action(workspace: "Workspace", given: Given) -> Answer:
    await pressing.act(workspace, given["as"], given, given["action"])
    return _OK


async def options(workspace: "Workspace", given: Given) -> Answer:
    found = (given["block_id"], given["action_id"], given.get("value", ""))
    return await pressing.suggest(workspace, given["as"], given, *found)


async def shortcut(workspace: "Workspace", given: Given) -> Answer:
    await doors.run_shortcut(workspace, given["as"], given["callback_id"], given.get("message"))
    return _OK


async def submit(workspace: "Workspace", given: Given) -> Answer:
    view = given["view"]
    errors = await modals.submit(workspace, given["as"], view["id"], view.get("values") or {})
    return {"ok": False, "errors": errors} if errors else _OK


async def close(workspace: "Workspace", given: Given) -> Answer:
    view, everything = given["view"], bool(given.get("clear"))
    await modals.close(workspace, given["as"], view["id"], view.get("values"), everything=everything)
    return _OK


async def home(workspace: "Workspace", given: Given) -> Answer:
    view = doors.open_home(workspace, given["as"], given["app"])
    return _OK | {"view": view.as_slack() if view else None}


async def read(workspace: "Workspace", given: Given) -> Answer:
    writing.mark_read(workspace, given["as"], given["channel"])
    return _OK


async def profile(workspace: "Workspace", given: Given) -> Answer:
    user = doors.change_profile(workspace, given["as"], given)
    return _OK | {"user": user.for_people(workspace.clock.now())}


async def clock(workspace: "Workspace", given: Given) -> Answer:
    return await workspace.clock_state()


async def move_clock(workspace: "Workspace", given: Given) -> Answer:
    return await seeing.move_clock(workspace, given)


async def faults(workspace: "Workspace", given: Given) -> Answer:
    return {"faults": workspace.faults.listing()}


async def change_faults(workspace: "Workspace", given: Given) -> Answer:
    if given.get("clear"):
        workspace.faults.clear()
    else:
        workspace.faults.add_json(given)
    return _OK | {"faults": workspace.faults.listing()}


async def upload(request: Request) -> Response:
    """The one call whose body is a form with a file."""
    workspace: Workspace = request.app.state.workspace
    try:
        given = dict(request.query_params)
        async with request.form() as form:
            sent = form.get("file")
            if not isinstance(sent, UploadFile):
                raise Refusal("invalid_arguments", "file is missing")
            name, data = sent.filename or "file", await sent.read()
        file = writing.upload(workspace, given["as"], given["channel"], name, data, given.get("thread_ts"))
    except KeyError as missing:
        return _refused(Refusal("invalid_arguments", f"{missing.args[0]} is missing"))
    except Refusal as refusal:
        return _refused(refusal)
    return JSONResponse(_OK | {"file": file.as_slack(workspace.base_url)})


def _refused(refusal: Refusal) -> Response:
    return JSONResponse(refusal.answer(), refusal.status)


async def _given(request: Request) -> Given:
    if request.method == "GET":
        return dict(request.query_params)
    try:
        given = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise Refusal("invalid_json", str(error)) from error
    if not isinstance(given, dict):
        raise Refusal("invalid_json", "the body is a JSON object")
    return given


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            given = _Given(await _given(request))
            return JSONResponse(await handler(request.app.state.workspace, given))
        except Refusal as refusal:
            return _refused(refusal)

    return endpoint


class _Given(dict[str, Any]):
    """A request's arguments; a missing one is refused by name."""

    def __missing__(self, name: str) -> Any:
        raise Refusal("invalid_arguments", f"{name} is missing")


_GET: dict[str, Handler] = {
    "list": everybody,
    "state": state,
    "history": history,
    "thread": thread,
    "clock": clock,
    "faults": faults,
}
_POST: dict[str, Handler] = {
    "message": message,
    "command": command,
    "dm": dm,
    "action": action,
    "options": options,
    "shortcut": shortcut,
    "view/submit": submit,
    "view/close": close,
    "home": home,
    "read": read,
    "profile": profile,
    "clock": move_clock,
    "faults": change_faults,
}
ROUTES = [
    *(Route(f"/people/{path}", _endpoint(handler), methods=["GET"]) for path, handler in _GET.items()),
    *(Route(f"/people/{path}", _endpoint(handler), methods=["POST"]) for path, handler in _POST.items()),
    Route("/people/file", serve_own_file, methods=["GET"]),
    Route("/people/upload", upload, methods=["POST"]),
]
