"""`users.*`, `bots.info`, `team.info`: who is who."""

from typing import Any

from sandbox.api.call import Answer, Call, Method, page, takes
from sandbox.errors import SlackError
from sandbox.model.users import User


def _object(call: Call, user: User) -> dict[str, Any]:
    return user.for_apps(
        call.workspace.team.id,
        call.workspace.clock.now(),
        with_locale=call.flag("include_locale"),
        with_email="users:read.email" in call.app.scopes,
    )


async def info(call: Call) -> Answer:
    user = call.workspace.users.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _object(call, user)}


async def list_(call: Call) -> Answer:
    shown, cursor = page(list(call.workspace.users), call, 1000, 1000)
    return {
        "members": [_object(call, user) for user in shown],
        "cache_ts": int(call.workspace.now_seconds()),
        "response_metadata": {"next_cursor": cursor},
    }


async def lookup_by_email(call: Call) -> Answer:
    user = call.workspace.users.with_email(call.required("email"))
    if user is None or user.deleted:
        raise SlackError("users_not_found")
    return {"user": _object(call, user)}


async def get_presence(call: Call) -> Answer:
    if call.text("user") not in call.workspace.users:
        raise SlackError("user_not_found")
    return {"presence": "active"}


async def bot_info(call: Call) -> Answer:
    wanted = call.text("bot") or call.app.bot_id
    app = next((app for app in call.workspace.apps if app.bot_id == wanted), None)
    if app is None:
        raise SlackError("bot_not_found")
    bot = {
        "id": app.bot_id,
        "deleted": not app.installed,
        "name": app.manifest.bot_name,
        "updated": int(call.workspace.now_seconds()),
        "app_id": app.id,
        "user_id": app.bot_user_id,
        "icons": {},
    }
    return {"bot": bot}


async def team_info(call: Call) -> Answer:
    team = call.workspace.team
    return {
        "team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "url": _address(call)}
    }


def _address(call: Call) -> str:
    return f"https://{call.workspace.team.domain}.slack.com/"


_READ = ("users:read",)
METHODS = {
    "users.info": Method(info, takes("user include_locale"), _READ, tier=4),
    "users.list": Method(list_, takes("cursor include_locale limit"), _READ, tier=2),
    "users.lookupByEmail": Method(lookup_by_email, takes("email"), ("users:read.email",), tier=3),
    "users.getPresence": Method(get_presence, takes("user"), _READ, tier=3),
    "bots.info": Method(bot_info, takes("bot"), _READ, tier=3),
    "team.info": Method(team_info, takes("team domain"), ("team:read",), tier=3),
}
