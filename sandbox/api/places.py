"""Where a call points: the conversation and the message that an app names."""

from sandbox.api.call import Call
from sandbox.conversing import open_direct
from sandbox.errors import SlackError
from sandbox.model.channels import Channel
from sandbox.model.messages import Message


def visible_channel(call: Call, name: str = "channel") -> Channel:
    """The conversation an app names, if it may know of it at all."""
    channel = call.workspace.channels.get(call.required(name))
    if channel is None or (channel.is_private and call.app.bot_user_id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def joined_channel(call: Call, name: str = "channel") -> Channel:
    """The same, and the app must be in it."""
    channel = visible_channel(call, name)
    if call.app.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def channel_to_write(call: Call) -> Channel:
    """Where a message goes: a conversation by id or name, or the DM with a person."""
    given = call.text("channel")
    if not given:
        raise SlackError("channel_not_found")
    user = call.workspace.users.get(given)
    if user is not None:
        if user.deleted:
            raise SlackError("channel_not_found")
        return open_direct(call.workspace, [call.app.bot_user_id, user.id])
    channel = call.workspace.channels.get(given) or call.workspace.channels.named(given)
    bot = call.app.bot_user_id
    if channel is None or (channel.is_private and bot not in channel.members):
        raise SlackError("channel_not_found")
    if bot not in channel.members and "chat:write.public" not in call.app.scopes:
        raise SlackError("not_in_channel")
    return channel


def message_at(call: Call, channel: Channel, name: str = "ts") -> Message:
    message = call.workspace.messages.get(channel.id, call.required(name))
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    return message
