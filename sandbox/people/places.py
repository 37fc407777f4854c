"""Where a person presses or types: a message, a modal or a Home tab."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.blockkit.values import HOLDS, Block, Known, Values, chosen, elements, state
from sandbox.errors import Refusal
from sandbox.model.apps import App
from sandbox.model.messages import Message
from sandbox.model.users import User
from sandbox.model.views import View
from sandbox.people.payloads import channel_of, response_url
from sandbox.people.persons import seen_message

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


@dataclass(slots=True)
class Place:
    """Blocks before a person's eyes, the app they belong to, and what was filled in."""

    app: App
    user: User
    container: str
    blocks: list[Block]
    values: Values
    message: Message | None = None
    view: View | None = None

    def known(self, workspace: "Workspace") -> Known:
        return Known(
            is_user=lambda user_id: user_id in workspace.users,
            is_channel=lambda channel_id: channel_id in workspace.channels,
            offered=lambda block_id, action_id: workspace.forms.offered(self.container, block_id, action_id),
        )

    def state(self, workspace: "Workspace") -> Values:
        return state(self.blocks, self.values, self.known(workspace))


def forget_unfit(workspace: "Workspace", spot: Place) -> None:
    """Drops what was chosen before an update took it off the offer, as the client does."""
    known = spot.known(workspace)
    for block, element in elements(spot.blocks):
        held = spot.values.get(block["block_id"], {})
        if element["type"] not in HOLDS or element["action_id"] not in held:
            continue
        try:
            chosen(block, element, held[element["action_id"]], known)
        except Refusal:
            del held[element["action_id"]]


def message_place(workspace: "Workspace", user: User, channel_id: str, ts: str) -> Place:
    message = seen_message(workspace, user, channel_id, ts)
    app = workspace.apps.get(message.body.get("app_id", ""))
    if app is None:
        raise Refusal("no_such_element", "nothing in this message can be pressed", status=404)
    blocks = [*message.blocks]
    for attachment in message.body.get("attachments", ()):
        blocks.extend(attachment.get("blocks", ()))
    container = f"{channel_id}/{ts}/{user.id}"
    spot = Place(app, user, container, blocks, workspace.forms.values(container), message=message)
    forget_unfit(workspace, spot)
    return spot


def view_place(workspace: "Workspace", user: User, view_id: str, values: Values) -> Place:
    """The person's top modal, or a Home tab; a modal below the top is out of reach."""
    view = workspace.views.get(view_id)
    if view is None or view.user_id != user.id:
        raise Refusal("view_not_found", f"{user.real_name} has no view {view_id!r} open", status=404)
    top = workspace.views.top(user.id)
    if view.kind == "modal" and view is not top:
        raise Refusal("view_not_on_top", "another modal lies on top of this one")
    return Place(workspace.apps[view.app_id], user, view.id, view.blocks, values, view=view)


def place(workspace: "Workspace", user: User, given: dict[str, Any]) -> Place:
    """From `message: {channel, ts}` or `view: {id, values}` of a request."""
    message, view = given.get("message"), given.get("view")
    if isinstance(message, dict):
        spot = message_place(workspace, user, str(message.get("channel")), str(message.get("ts")))
        for block_id, held in (message.get("values") or {}).items():
            spot.values.setdefault(block_id, {}).update(held)
        return spot
    if isinstance(view, dict):
        return view_place(workspace, user, str(view.get("id")), view.get("values") or {})
    raise Refusal("invalid_arguments", "message or view is missing")


def described(workspace: "Workspace", where: Place) -> dict[str, Any]:
    """How a payload names the place: container, and message or view with its state."""
    if where.view is not None:
        where.view.values = where.state(workspace)
        return {"container": {"type": "view", "view_id": where.view.id}, "view": where.view.as_slack()}
    message = where.message
    if message is None:
        raise ValueError("a place is a message or a view")
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    channel = workspace.channels[message.channel]
    told = {"container": container, "channel": channel_of(channel), "state": {"values": where.state(workspace)}}
    return told if message.ephemeral_to else {**told, "message": message.for_apps(with_metadata=True)}


def response_url_of(workspace: "Workspace", where: Place) -> dict[str, str]:
    if where.message is None:
        return {}
    channel = workspace.channels[where.message.channel]
    origin = {"message_ts": where.message.ts, "thread_ts": where.message.thread_ts}
    return {"response_url": response_url(workspace, where.app, where.user, channel, **origin)}
