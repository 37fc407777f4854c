"""What people see: the sidebar, a conversation, a thread, the apps, the clock."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.conversing import channel_for
from sandbox.errors import Refusal
from sandbox.model.apps import App
from sandbox.people.persons import own_channel, person

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

Shown = dict[str, Any]


async def state(workspace: "Workspace", user_id: str) -> Shown:
    """Everything the page needs to start for one person."""
    user, now = person(workspace, user_id), workspace.clock.now()
    team = workspace.team
    return {
        "me": user.for_people(now),
        "team": {"id": team.id, "name": team.name, "domain": team.domain},
        "users": [one.for_people(now) for one in workspace.users],
        "channels": [channel_for(workspace, one, user.id) for one in workspace.channels.of(user.id)],
        "apps": apps(workspace),
        "views": [view.as_slack() for view in workspace.views.stack(user.id)],
        "clock": await workspace.clock_state(),
        "hints": hints(workspace, user.locale),
        "notifications": list(workspace.notifications[user.id]),
    }


def hints(workspace: "Workspace", locale: str) -> list[str]:
    """What a newcomer can try, in the language of a locale where there is one for it; else in the first."""
    by_language = workspace.hints
    if not isinstance(by_language, dict):
        return list(by_language)
    first = next(iter(by_language.values()), [])
    return list(by_language.get(locale[:2].lower(), first))


async def everybody(workspace: "Workspace") -> Shown:
    """Who is there to choose from, before anybody is chosen."""
    now, team = workspace.clock.now(), workspace.team
    return {
        "team": {"id": team.id, "name": team.name, "domain": team.domain},
        "users": [one.for_people(now) for one in workspace.users],
        "clock": await workspace.clock_state(),
    }


def apps(workspace: "Workspace") -> list[Shown]:
    return [_app(workspace, app) for app in workspace.apps if app.installed]


def _app(workspace: "Workspace", app: App) -> Shown:
    manifest = app.manifest
    return {
        "id": app.id,
        "name": manifest.bot_name,
        "bot_user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "commands": [
            {
                "command": one["command"],
                "description": one.get("description", ""),
                "usage_hint": one.get("usage_hint", ""),
            }
            for one in manifest.commands
        ],
        "home": manifest.has_home,
        "shortcuts": manifest.shortcuts,
        "connected": workspace.is_connected(app),
    }


def history(workspace: "Workspace", user_id: str, channel_id: str) -> list[Shown]:
    """A conversation, oldest first, without the replies in threads."""
    user = person(workspace, user_id)
    channel = own_channel(workspace, user, channel_id)
    return [
        message.for_people()
        for message in workspace.messages.of(channel.id)
        if not message.is_reply and message.ephemeral_to in (None, user.id)
    ]


def thread(workspace: "Workspace", user_id: str, channel_id: str, ts: str) -> list[Shown]:
    user = person(workspace, user_id)
    channel = own_channel(workspace, user, channel_id)
    root = workspace.messages.get(channel.id, ts)
    if root is None:
        raise Refusal("thread_not_found", f"there is no message {ts}", status=404)
    replies = workspace.messages.thread(channel.id, ts)
    return [one.for_people() for one in (root, *replies) if one.ephemeral_to in (None, user.id)]


async def move_clock(workspace: "Workspace", given: Shown) -> Shown:
    """`{forward: seconds}`, `{to: "next" | unix seconds}` or `{shift: seconds}`, which alone goes backward."""
    clock = workspace.clock
    match given:
        case {"forward": int() | float() as seconds} if seconds >= 0:
            clock.forward(timedelta(seconds=seconds))
        case {"to": "next"}:
            due = await workspace.next_due() if workspace.next_due else None
            if due is None:
                raise Refusal("nothing_due", "no app says what is due next", status=409)
            clock.to(due[0])
        case {"to": int() | float() as moment}:
            clock.to(datetime.fromtimestamp(moment, UTC))
        case {"shift": int() | float() as seconds}:
            clock.shift(timedelta(seconds=seconds))
        case _:
            raise Refusal("invalid_arguments", "forward, to or shift is missing or makes no sense")
    shown = await workspace.clock_state()
    workspace.feed.tell_everybody({"type": "clock", "clock": shown})
    return shown
