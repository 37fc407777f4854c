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
from sandbox.people.given import Given

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

Answer = dict[str, Any]
Handler = Callable[["Workspace", Given], Awaitable[Answer]]

_OK: Answer = {"ok": True}


async def state(workspace: "Workspace", given: Given) -> Answer:
    return await seeing.state(workspace, given.who)


async def everybody(workspace: "Workspace", given: Given) -> Answer:
    return await seeing.everybody(workspace)


async def history(workspace: "Workspace", given: Given) -> Answer:
    return {"messages": seeing.history(workspace, given.who, given.text("channel"))}


async def thread(workspace: "Workspace", given: Given) -> Answer:
    return {"messages": seeing.thread(workspace, given.who, given.text("channel"), given.text("ts"))}


async def message(workspace: "Workspace", given: Given) -> Answer:
    channel, thread_ts = given.text("channel"), given.text("thread_ts", "") or None
    sent = writing.type_message(workspace, given.who, channel, given.text("text"), thread_ts)
    return _OK | {"ts": sent.ts}


async def command(workspace: "Workspace", given: Given) -> Answer:
    await commands.run_command(workspace, given.who, given.text("channel"), given.text("text"))
    return _OK


async def dm(workspace: "Workspace", given: Given) -> Answer:
    channel = writing.open_dm(workspace, given.who, given.texts("with"))
    return _OK | {"channel": channel_for(workspace, channel, given.who)}


async def action(workspace: "Workspace", given: Given) -> Answer:
    await pressing.act(workspace, given.who, given.place(), given.part("action").all)
    return _OK


async def options(workspace: "Workspace", given: Given) -> Answer:
    found = (given.text("block_id"), given.text("action_id"), given.text("value", ""))
    return await pressing.suggest(workspace, given.who, given.place(), *found)


async def shortcut(workspace: "Workspace", given: Given) -> Answer:
    where = given.place() if "message" in given.all else {}
    await doors.run_shortcut(workspace, given.who, given.text("callback_id"), where.get("message"))
    return _OK


async def submit(workspace: "Workspace", given: Given) -> Answer:
    view = given.part("view")
    errors = await modals.submit(workspace, given.who, view.text("id"), view.values())
    return {"ok": False, "errors": errors} if errors else _OK


async def close(workspace: "Workspace", given: Given) -> Answer:
    view, everything = given.part("view"), bool(given.all.get("clear"))
    await modals.close(workspace, given.who, view.text("id"), view.values(), everything=everything)
    return _OK


async def home(workspace: "Workspace", given: Given) -> Answer:
    view = doors.open_home(workspace, given.who, given.text("app"))
    return _OK | {"view": view.as_slack() if view else None}


async def read(workspace: "Workspace", given: Given) -> Answer:
    writing.mark_read(workspace, given.who, given.text("channel"))
    return _OK


async def profile(workspace: "Workspace", given: Given) -> Answer:
    user = doors.change_profile(workspace, given.who, given.all)
    return _OK | {"user": user.for_people(workspace.clock.now())}


async def clock(workspace: "Workspace", given: Given) -> Answer:
    return await workspace.clock_state()


async def move_clock(workspace: "Workspace", given: Given) -> Answer:
    return await seeing.move_clock(workspace, given.all)


async def faults(workspace: "Workspace", given: Given) -> Answer:
    return {"faults": workspace.faults.listing()}


async def change_faults(workspace: "Workspace", given: Given) -> Answer:
    if given.all.get("clear"):
        workspace.faults.clear()
    else:
        workspace.faults.add_json({name: value for name, value in given.all.items() if name != "as"})
    return _OK | {"faults": workspace.faults.listing()}


async def upload(request: Request) -> Response:
    """The one call whose body is a form with a file."""
    workspace: Workspace = request.app.state.workspace
    given = Given(dict(request.query_params))
    try:
        async with request.form() as form:
            sent = form.get("file")
            if not isinstance(sent, UploadFile):
                raise Refusal("invalid_arguments", "file is missing")
            name, data = sent.filename or "file", await sent.read()
        thread_ts = given.text("thread_ts", "") or None
        file = writing.upload(workspace, given.who, given.text("channel"), name, data, thread_ts)
    except Refusal as refusal:
        return _refused(refusal)
    return JSONResponse(_OK | {"file": file.as_slack(workspace.base_url)})


def _refused(refusal: Refusal) -> Response:
    return JSONResponse(refusal.answer(), refusal.status)


async def _given(request: Request) -> Given:
    if request.method == "GET":
        return Given(dict(request.query_params))
    try:
        given = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise Refusal("invalid_json", str(error)) from error
    if not isinstance(given, dict):
        raise Refusal("invalid_json", "the body is a JSON object")
    return Given(given)


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await handler(request.app.state.workspace, await _given(request)))
        except Refusal as refusal:
            return _refused(refusal)

    return endpoint


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
