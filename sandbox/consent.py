"""The page on which a person lets an app into the workspace (OAuth), plain as it needs no more."""

import html
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sandbox.ids import new_secret
from sandbox.model.apps import App
from sandbox.workspace import Grant

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{app}</title>
<body style="font-family: system-ui; max-width: 32rem; margin: 4rem auto; padding: 0 1rem">
<h1>{app} asks to join {team}</h1><p>It would be able to use:</p><ul>{scopes}</ul>
<form method="post"><label>As <select name="as">{people}</select></label>
<button name="answer" value="allow">Allow</button> <button name="answer" value="cancel">Cancel</button></form>"""


async def serve_consent(request: Request) -> Response:
    workspace: Workspace = request.app.state.workspace
    query = request.query_params
    app = workspace.apps.with_client_id(query.get("client_id", ""))
    if app is None:
        return HTMLResponse("Unknown client_id.", 400)
    redirect_uri = query.get("redirect_uri") or next(iter(app.manifest.redirect_urls), "")
    if not _is_allowed(app, redirect_uri):
        return HTMLResponse("redirect_uri does not match any configured in the manifest.", 400)
    scopes = [one for one in query.get("scope", "").split(",") if one] or sorted(app.manifest.scopes)
    if request.method == "GET":
        return HTMLResponse(_page(workspace, app, scopes))
    async with request.form() as form:
        answer, user_id = form.get("answer"), str(form.get("as", ""))
    state = {"state": query["state"]} if "state" in query else {}
    if answer != "allow":
        return _back(redirect_uri, {"error": "access_denied", **state})
    code = new_secret()
    workspace.oauth_codes[code] = Grant(app.id, user_id, redirect_uri, scopes)
    return _back(redirect_uri, {"code": code, **state})


def _is_allowed(app: App, redirect_uri: str) -> bool:
    allowed = app.manifest.redirect_urls
    return bool(redirect_uri) and (not allowed or any(redirect_uri.startswith(one) for one in allowed))


def _back(redirect_uri: str, query: dict[str, str]) -> Response:
    joint = "&" if "?" in redirect_uri else "?"
    return RedirectResponse(f"{redirect_uri}{joint}{urlencode(query)}", 303)


def _page(workspace: "Workspace", app: App, scopes: list[str]) -> str:
    people = "".join(
        f'<option value="{user.id}">{html.escape(user.real_name)}</option>'
        for user in workspace.users
        if not user.is_bot and not user.deleted
    )
    listed = "".join(f"<li><code>{html.escape(scope)}</code></li>" for scope in scopes)
    names = {"app": html.escape(app.manifest.name), "team": html.escape(workspace.team.name)}
    return _PAGE.format(**names, scopes=listed, people=people)
