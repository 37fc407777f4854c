"""The payloads that tell an app what a person did, in Slack's shape."""

from typing import TYPE_CHECKING, Any

from sandbox.blockkit.values import Element
from sandbox.model.apps import App
from sandbox.model.channels import Channel
from sandbox.model.passes import ResponsePass
from sandbox.model.users import User

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

Payload = dict[str, Any]


def interactive(workspace: "Workspace", app: App, user: User, kind: str) -> Payload:
    """What every interactive payload holds."""
    team = {"id": workspace.team.id, "domain": workspace.team.domain}
    who = {"id": user.id, "username": user.name, "name": user.name, "team_id": workspace.team.id}
    return {
        "type": kind,
        "team": team,
        "user": who,
        "api_app_id": app.id,
        "token": app.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def with_trigger(workspace: "Workspace", app: App, user: User, kind: str) -> Payload:
    return interactive(workspace, app, user, kind) | {"trigger_id": workspace.triggers.issue(app.id, user.id)}


def command(workspace: "Workspace", app: App, user: User, channel: Channel, name: str, text: str) -> Payload:
    return {
        "token": app.verification_token,
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": channel.name_in_payloads,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": app.id,
        "is_enterprise_install": "false",
        "response_url": response_url(workspace, app, user, channel),
        "trigger_id": workspace.triggers.issue(app.id, user.id),
    }


def response_url(workspace: "Workspace", app: App, user: User, channel: Channel, **message: Any) -> str:
    """A fresh response URL; `message` may name the message_ts and thread_ts it belongs to."""
    fields = {"app_id": app.id, "user_id": user.id, "channel_id": channel.id, **message}
    return workspace.base_url + workspace.response_passes.issue(workspace.team.id, **fields)


def answer_pass(workspace: "Workspace", app: App, user: User, channel: Channel) -> ResponsePass:
    """What lets an app answer a command right in its ack."""
    return ResponsePass(app.id, user.id, channel.id, workspace.clock.wall())


def channel_of(channel: Channel) -> dict[str, str]:
    return {"id": channel.id, "name": channel.name_in_payloads}


_ECHOED = ("text", "value", "style", "url", "placeholder", "confirm", "timezone")


def action(element: Element, block_id: str, ts: str, chosen: dict[str, Any]) -> Payload:
    """One entry of `actions`: the element as it stands in the block, with what was chosen."""
    told = {name: element[name] for name in _ECHOED if name in element}
    initial = {name: value for name, value in element.items() if name.startswith("initial_")}
    named = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id}
    return {**named, **told, **initial, **chosen, "action_ts": ts}
