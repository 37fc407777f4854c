"""The endpoint behind `/api/{method}`: arguments, token, scopes, rates, faults, and the record."""

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from sandbox.api.call import Answer, Call, Method
from sandbox.api.methods import DEPRECATED, METHODS
from sandbox.breaking import break_connection
from sandbox.errors import SlackError
from sandbox.faults import Fault
from sandbox.model.apps import App
from sandbox.rates import Rate
from sandbox.record import ApiCall

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

_SECRETS = frozenset({"token", "client_secret", "refresh_token"})


async def serve_method(request: Request) -> Response:
    """Answers one call, as Slack does: mostly with status 200, and `ok` saying how it went."""
    workspace: Workspace = request.app.state.workspace
    name = request.path_params["method"]
    fault = workspace.faults.for_call(name)
    if fault is not None and fault.kind in ("timeout", "drop_connection"):
        return await _never_answered(request, fault)
    arguments: dict[str, Any] = {}
    app: App | None = None
    status, headers = 200, {}
    try:
        if fault is not None:
            _refuse_by_fault(fault)
        arguments = await _arguments(request)
        method = _method(name)
        app = _caller(workspace, request, arguments, method)
        answer = {"ok": True, **await _carried_out(workspace, name, method, app, arguments)}
        headers = _scope_headers(app, method)
    except SlackError as error:
        answer, status, headers = error.answer(), error.status, error.headers
    _enter(workspace, name, app, arguments, status, answer)
    if fault is not None and fault.kind == "lost_answer":
        return break_connection(request)
    return Response(json.dumps(answer, ensure_ascii=False), status, headers, "application/json; charset=utf-8")


async def _never_answered(request: Request, fault: Fault) -> Response:
    """Holds the call for a while (a time-out) or not at all, then cuts the line without carrying it out."""
    if fault.kind == "timeout":
        await asyncio.sleep(fault.seconds)
    return break_connection(request)


def _refuse_by_fault(fault: Fault) -> None:
    if fault.kind == "rate_limited":
        raise _ratelimited(max(1, round(fault.seconds)))
    if fault.kind == "server_error":
        raise SlackError("internal_error", status=500)


def _ratelimited(seconds: int) -> SlackError:
    return SlackError("ratelimited", status=429, headers={"Retry-After": str(seconds)})


async def _arguments(request: Request) -> dict[str, Any]:
    """Query string, form and JSON body together; the body wins."""
    arguments: dict[str, Any] = dict(request.query_params)
    if request.method == "GET":
        return arguments
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        arguments |= _json_body(await request.body())
    elif kind == "multipart/form-data":
        async with request.form() as form:
            arguments |= {name: value for name, value in form.items() if isinstance(value, str)}
    else:
        arguments |= dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    return arguments | _basic_credentials(request)


def _basic_credentials(request: Request) -> dict[str, str]:
    """`oauth.v2.access` takes client id and secret as HTTP Basic authentication, too."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, client_secret = base64.b64decode(encoded).decode().partition(":")
    except ValueError as error:
        raise SlackError("invalid_auth") from error
    return {"client_id": client_id, "client_secret": client_secret}


def _json_body(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        given = json.loads(body)
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(given, dict):
        raise SlackError("json_not_object")
    return given


def _method(name: str) -> Method:
    if name in DEPRECATED:
        raise SlackError("method_deprecated")
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    return method


_NOBODY = App("", {}, "", "", "", "", "", "", "", "")


def _caller(workspace: "Workspace", request: Request, arguments: dict[str, Any], method: Method) -> App:
    """The app whose token came along; a token of the wrong kind is refused as Slack does."""
    if method.caller == "anyone":
        return _NOBODY
    header = request.headers.get("authorization", "")
    token = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else str(arguments.get("token", ""))
    if not token:
        raise SlackError("not_authed")
    by_bot, by_app = workspace.apps.with_bot_token(token), workspace.apps.with_app_token(token)
    if by_bot is None and by_app is None:
        raise SlackError(workspace.apps.why_refused(token))
    if method.caller == "app" and by_app is None:
        raise SlackError("not_allowed_token_type")
    found = by_app if method.caller == "app" else by_bot
    if found is None:
        raise SlackError("not_allowed_token_type")
    return found


async def _carried_out(
    workspace: "Workspace", name: str, method: Method, app: App, arguments: dict[str, Any]
) -> Answer:
    if method.scopes and not app.scopes & set(method.scopes):
        provided = ",".join(sorted(app.scopes))
        raise SlackError("missing_scope", needed=",".join(method.scopes), provided=provided)
    call = Call(workspace, app, arguments)
    seconds = workspace.limiter.wait(_limits(workspace, name, method, call))
    if seconds:
        raise _ratelimited(seconds)
    unknown = sorted(arguments.keys() - method.arguments)
    if unknown:
        raise SlackError("invalid_arguments", [f"unknown argument: {one}" for one in unknown])
    return await method.run(call)


def _limits(workspace: "Workspace", name: str, method: Method, call: Call) -> list[tuple[tuple[str, ...], Rate]]:
    rates, app_id = workspace.rates, call.app.id
    if method.rate_key is not None:
        wanted = [
            ((app_id, name, str(method.rate_key(call))), rates.post_per_channel),
            ((app_id, name), rates.post_per_workspace),
        ]
    else:
        wanted = [((app_id, name), rates.tiers.get(method.tier))]
    return [(key, rate) for key, rate in wanted if rate is not None]


def _scope_headers(app: App, method: Method) -> dict[str, str]:
    return {"X-OAuth-Scopes": ",".join(sorted(app.scopes)), "X-Accepted-OAuth-Scopes": ",".join(method.scopes)}


def _enter(
    workspace: "Workspace", name: str, app: App | None, arguments: dict[str, Any], status: int, answer: Answer
) -> None:
    workspace.record.add(
        ApiCall(
            method=name,
            app_id=app.id if app else None,
            arguments={key: value for key, value in arguments.items() if key not in _SECRETS},
            status=status,
            answer=answer,
            at=workspace.clock.wall(),
            workspace_time=workspace.clock.now(),
        )
    )
