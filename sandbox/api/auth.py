"""`auth.*`, `apps.*`, `oauth.*`, `api.test`: who the app is and how it gets in."""

from sandbox.api.call import Answer, Call, Method, takes
from sandbox.errors import SlackError


async def auth_test(call: Call) -> Answer:
    team, app = call.workspace.team, call.app
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": call.workspace.users[app.bot_user_id].name,
        "team_id": team.id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "is_enterprise_install": False,
    }


async def api_test(call: Call) -> Answer:
    if call.has("error"):
        raise SlackError(call.text("error"), args=call.arguments)
    return {"args": {name: value for name, value in call.arguments.items() if name != "token"}}


async def connections_open(call: Call) -> Answer:
    if not call.app.manifest.uses_sockets:
        raise SlackError("forbidden_team")
    base = call.workspace.base_url.replace("http", "ws", 1)
    ticket = call.workspace.sockets.ticket(call.app.id)
    return {"url": f"{base}/link/?ticket={ticket}&app_id={call.app.id}"}


async def revoke(call: Call) -> Answer:
    if call.flag("test"):
        return {"revoked": False}
    call.workspace.revoke_tokens(call.app)
    return {"revoked": True}


async def uninstall(call: Call) -> Answer:
    if call.text("client_id") != call.app.client_id or call.text("client_secret") != call.app.client_secret:
        raise SlackError("client_id_token_mismatch")
    call.workspace.uninstall(call.app)
    return {}


async def oauth_access(call: Call) -> Answer:
    """Trades the code that a person brought back from the consent page for a bot token."""
    app = call.workspace.apps.with_client_id(call.text("client_id"))
    if app is None:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != app.client_secret:
        raise SlackError("bad_client_secret")
    grant = call.workspace.oauth_codes.pop(call.text("code"), None)
    if grant is None or grant.app_id != app.id:
        raise SlackError("invalid_code")
    if call.text("redirect_uri") and call.text("redirect_uri") != grant.redirect_uri:
        raise SlackError("bad_redirect_uri")
    app.installed, app.granted = True, grant.scopes
    call.workspace.apps.save(app)
    team = call.workspace.team
    return {
        "app_id": app.id,
        "authed_user": {"id": grant.user_id},
        "scope": ",".join(grant.scopes),
        "token_type": "bot",
        "access_token": app.bot_token,
        "bot_user_id": app.bot_user_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


METHODS = {
    "auth.test": Method(auth_test, takes(""), tier=0),
    "auth.revoke": Method(revoke, takes("test"), tier=3),
    "api.test": Method(api_test, takes("error foo"), tier=4, caller="anyone"),
    "apps.connections.open": Method(connections_open, takes(""), tier=3, caller="app"),
    "apps.uninstall": Method(uninstall, takes("client_id client_secret"), tier=1),
    "oauth.v2.access": Method(
        oauth_access,
        takes("client_id client_secret code grant_type redirect_uri refresh_token"),
        tier=4,
        caller="anyone",
    ),
}
