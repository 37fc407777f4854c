"""The bytes of files: going up to the address an app was given, coming down with its token."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox.model.files import File

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


async def serve_upload(request: Request) -> Response:
    """Takes a file as the raw body or as the first file of a form."""
    workspace: Workspace = request.app.state.workspace
    file = workspace.files.get(request.path_params["file_id"])
    if file is None or file.complete:
        return PlainTextResponse("unknown upload", 404)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            sent = next((value for value in form.values() if isinstance(value, UploadFile)), None)
            data = await sent.read() if sent else b""
    else:
        data = await request.body()
    workspace.files.fill(file, data)
    return PlainTextResponse(f"OK - {len(data)}")


async def serve_download(request: Request) -> Response:
    """`url_private`: gives a file to an app that may read files, against its bot token."""
    workspace: Workspace = request.app.state.workspace
    token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    app = workspace.apps.with_bot_token(token)
    if app is None or "files:read" not in app.scopes:
        return PlainTextResponse("sign in first", 403)
    return _bytes_for(workspace, request.path_params["rest"].partition("/")[0], app.bot_user_id)


async def serve_own_file(request: Request) -> Response:
    """`/people/file`: gives a file to the page of a person who sees it."""
    workspace: Workspace = request.app.state.workspace
    return _bytes_for(workspace, request.query_params.get("id", ""), request.query_params.get("as", ""))


def _bytes_for(workspace: "Workspace", file_id: str, reader: str) -> Response:
    file = workspace.files.get(file_id)
    if file is None or not file.complete or not _sees(workspace, file, reader):
        return PlainTextResponse("not found", 404)
    disposition = f"inline; filename*=UTF-8''{quote(file.name)}"
    safe = {
        "Content-Disposition": disposition,
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(file.data, headers=safe, media_type=file.mimetype)


def _sees(workspace: "Workspace", file: File, reader: str) -> bool:
    shared = any(reader in workspace.channels[one].members for one in file.channels if one in workspace.channels)
    return shared or file.user == reader
