"""Home tabs, shortcuts and the person's own profile."""

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.conversing import open_direct
from sandbox.delivery.envelope import Envelope
from sandbox.errors import Refusal
from sandbox.model.apps import App
from sandbox.model.users import User
from sandbox.model.views import View
from sandbox.people.payloads import channel_of, response_url, with_trigger
from sandbox.people.persons import person, seen_message
from sandbox.people.troubles import deliver

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


def open_home(workspace: "Workspace", user_id: str, app_id: str) -> View | None:
    """Opens an app's Home tab: answers with what is there, and tells the app."""
    user = person(workspace, user_id)
    app = _app(workspace, app_id)
    if not app.manifest.has_home:
        raise Refusal("not_enabled", f"{app.manifest.name} has no Home tab")
    view = workspace.views.home(app.id, user.id)
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": open_direct(workspace, [app.bot_user_id, user.id]).id,
        "tab": "home",
        "event_ts": workspace.messages.next_ts(),
    }
    workspace.events.tell(app, "app_home_opened", event | ({"view": view.as_slack()} if view else {}))
    return view


async def run_shortcut(
    workspace: "Workspace", user_id: str, callback_id: str, message: dict[str, Any] | None = None
) -> None:
    """Runs a global shortcut, or one on a message."""
    user = person(workspace, user_id)
    app = workspace.apps.with_shortcut(callback_id)
    described = app.shortcut(callback_id) if app else None
    if app is None or described is None:
        raise Refusal("no_such_shortcut", f"no app has a shortcut {callback_id!r}", status=404)
    if (described.get("type") == "message") != (message is not None):
        raise Refusal("no_such_shortcut", f"{callback_id} is a {described.get('type')} shortcut")
    kind = "shortcut" if message is None else "message_action"
    payload = with_trigger(workspace, app, user, kind)
    payload |= {"callback_id": callback_id, "action_ts": workspace.messages.next_ts()}
    if message is not None:
        payload |= _on_message(workspace, app, user, message)
    await deliver(workspace, app, user, Envelope("interactive", payload, wants_payload=False))


def _on_message(workspace: "Workspace", app: App, user: User, given: dict[str, Any]) -> dict[str, Any]:
    message = seen_message(workspace, user, str(given.get("channel")), str(given.get("ts")))
    channel = workspace.channels[message.channel]
    origin = {"thread_ts": message.thread_ts}
    return {
        "message_ts": message.ts,
        "message": message.for_apps(with_metadata=True),
        "channel": channel_of(channel),
        "response_url": response_url(workspace, app, user, channel, **origin),
    }


def change_profile(workspace: "Workspace", user_id: str, changes: dict[str, Any]) -> User:
    """Changes locale, time zone or name; apps that follow `user_change` are told."""
    user = person(workspace, user_id)
    for name in ("locale", "tz", "real_name"):
        value = changes.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or not value.strip():
            raise Refusal("invalid_profile", f"{name} takes text")
        if name == "tz":
            _refuse_unknown_zone(value)
        setattr(user, name, value.strip())
    workspace.users.save(user)
    show_user(workspace, user)
    return user


def welcome(workspace: "Workspace", **fields: Any) -> User:
    """Somebody new joins the team; `fields` are those of a seed's user."""
    user = workspace.users.add(**fields)
    now = workspace.clock.now()
    workspace.feed.tell_everybody({"type": "user", "user": user.for_people(now)})
    for app in workspace.apps:
        joined = user.for_apps(workspace.team.id, now, with_locale=True, with_email=False)
        event = {"type": "team_join", "user": joined, "event_ts": workspace.messages.next_ts()}
        workspace.events.tell(app, "team_join", event)
    return user


def deactivate(workspace: "Workspace", user_id: str) -> None:
    """Somebody leaves the team; the account stays, marked as deleted."""
    user = person(workspace, user_id)
    user.deleted = True
    workspace.users.save(user)
    show_user(workspace, user)


def show_user(workspace: "Workspace", user: User) -> None:
    """Tells everybody, and the apps that follow it, how a profile reads now."""
    now = workspace.clock.now()
    workspace.feed.tell_everybody({"type": "user", "user": user.for_people(now)})
    for app in workspace.apps:
        with_email = "users:read.email" in app.scopes
        shown = user.for_apps(workspace.team.id, now, with_locale=True, with_email=with_email)
        stamp = {"cache_ts": int(now.timestamp()), "event_ts": workspace.messages.next_ts()}
        workspace.events.tell(app, "user_change", {"type": "user_change", "user": shown, **stamp})


def _refuse_unknown_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refusal("invalid_profile", f"there is no time zone {name!r}") from error


def _app(workspace: "Workspace", app_id: str) -> App:
    app = workspace.apps.get(app_id)
    if app is None or not app.installed:
        raise Refusal("app_not_found", f"there is no app {app_id!r}", status=404)
    return app
