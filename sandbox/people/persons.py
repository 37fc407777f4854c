"""Who acts, and what that person may touch."""

from typing import TYPE_CHECKING

from sandbox.errors import Refusal
from sandbox.model.channels import Channel
from sandbox.model.messages import Message
from sandbox.model.users import User

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


def person(workspace: "Workspace", user_id: str) -> User:
    user = workspace.users.get(user_id)
    if user is None or user.is_bot:
        raise Refusal("user_not_found", f"no person has the id {user_id!r}", status=404)
    if user.deleted:
        raise Refusal("user_deactivated", f"{user.real_name} no longer works here", status=403)
    return user


def own_channel(workspace: "Workspace", user: User, channel_id: str) -> Channel:
    """A conversation the person is in."""
    channel = workspace.channels.get(channel_id)
    if channel is None or user.id not in channel.members:
        raise Refusal("channel_not_found", f"{user.real_name} is not in {channel_id!r}", status=404)
    return channel


def seen_message(workspace: "Workspace", user: User, channel_id: str, ts: str) -> Message:
    """A message that stands before the person's eyes."""
    channel = own_channel(workspace, user, channel_id)
    message = workspace.messages.get(channel.id, ts)
    if message is None or message.ephemeral_to not in (None, user.id):
        raise Refusal("message_not_found", f"there is no message {ts} in {channel_id}", status=404)
    return message
