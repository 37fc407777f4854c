"""`conversations.*`: channels and DMs, and who is in them."""

import re

from sandbox.api.call import Answer, Call, Method, page, takes
from sandbox.api.history import needs
from sandbox.api.places import joined_channel, visible_channel
from sandbox.conversing import join as join_channel
from sandbox.conversing import open_direct, show_channel
from sandbox.errors import SlackError
from sandbox.model.channels import Channel

READ_SCOPE = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
_READ = tuple(READ_SCOPE.values())


def _object(call: Call, channel: Channel) -> Answer:
    return channel.for_apps(call.app.bot_user_id, call.workspace.team.id)


def _wanted_kinds(call: Call) -> set[str]:
    kinds = set(call.several("types") or ["public_channel"])
    if kinds - READ_SCOPE.keys():
        raise SlackError("invalid_types")
    for kind in sorted(kinds):
        needs(call, READ_SCOPE[kind])
    return kinds


async def list_(call: Call) -> Answer:
    kinds = _wanted_kinds(call)
    bot = call.app.bot_user_id
    seen = [one for one in call.workspace.channels if one.kind in kinds and (not one.is_private or bot in one.members)]
    shown, cursor = page(seen, call, 100, 1000)
    return {"channels": [_object(call, one) for one in shown], "response_metadata": {"next_cursor": cursor}}


async def of_user(call: Call) -> Answer:
    """`users.conversations`: those the app and the person are in together."""
    kinds = _wanted_kinds(call)
    user_id = call.text("user") or call.app.bot_user_id
    if user_id not in call.workspace.users:
        raise SlackError("user_not_found")
    bot = call.app.bot_user_id
    seen = [
        one
        for one in call.workspace.channels.of(user_id)
        if one.kind in kinds and (not one.is_private or bot in one.members)
    ]
    shown, cursor = page(seen, call, 100, 1000)
    return {"channels": [_object(call, one) for one in shown], "response_metadata": {"next_cursor": cursor}}


async def info(call: Call) -> Answer:
    channel = visible_channel(call)
    needs(call, READ_SCOPE[channel.kind])
    shown = _object(call, channel) | ({"locale": "en-US"} if call.flag("include_locale") else {})
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


async def members(call: Call) -> Answer:
    channel = visible_channel(call)
    needs(call, READ_SCOPE[channel.kind])
    shown, cursor = page(channel.members, call, 100, 1000)
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


async def open_(call: Call) -> Answer:
    if call.text("channel"):
        channel = visible_channel(call)
        return {"channel": {"id": channel.id} if not call.flag("return_im") else _object(call, channel)}
    people = call.several("users")
    if not people:
        raise SlackError("users_list_not_supplied")
    unknown = [one for one in people if one not in call.workspace.users]
    if unknown:
        raise SlackError("user_not_found")
    if any(call.workspace.users[one].deleted for one in people):
        raise SlackError("user_disabled")
    needs(call, "im:write" if len(people) == 1 else "mpim:write")
    existed = call.workspace.channels.direct([call.app.bot_user_id, *people]) is not None
    channel = open_direct(call.workspace, [call.app.bot_user_id, *people])
    shown = _object(call, channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if existed else {})


async def join(call: Call) -> Answer:
    channel = visible_channel(call)
    if channel.kind != "public_channel":
        raise SlackError("method_not_supported_for_channel_type")
    joined = join_channel(call.workspace, channel, call.app.bot_user_id)
    return {"channel": _object(call, channel)} | ({} if joined else {"warning": "already_in_channel"})


async def create(call: Call) -> Answer:
    name = call.text("name")
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > 80:
        raise SlackError("invalid_name_maxlength")
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if call.workspace.channels.named(name) is not None:
        raise SlackError("name_taken")
    private = call.flag("is_private")
    needs(call, "groups:write" if private else "channels:manage")
    bot = call.app.bot_user_id
    channel = call.workspace.add_channel(name, is_private=private, members=[bot], creator=bot)
    return {"channel": _object(call, channel)}


async def invite(call: Call) -> Answer:
    channel = joined_channel(call)
    people = call.several("users")
    if not people:
        raise SlackError("no_user")
    if any(one not in call.workspace.users for one in people):
        raise SlackError("user_not_found")
    if call.app.bot_user_id in people:
        raise SlackError("cant_invite_self")
    if all(one in channel.members for one in people):
        raise SlackError("already_in_channel")
    for one in people:
        join_channel(call.workspace, channel, one, inviter=call.app.bot_user_id)
    return {"channel": _object(call, channel)}


async def set_topic(call: Call) -> Answer:
    channel = joined_channel(call)
    if len(call.text("topic")) > 250:
        raise SlackError("too_long")
    channel.topic = call.text("topic")
    call.workspace.channels.save(channel)
    show_channel(call.workspace, channel)
    return {"channel": _object(call, channel)}


_MANAGE = ("channels:manage", "groups:write")
METHODS = {
    "conversations.list": Method(list_, takes("cursor exclude_archived limit types"), _READ, tier=2),
    "users.conversations": Method(of_user, takes("cursor exclude_archived limit types user"), _READ, tier=3),
    "conversations.info": Method(info, takes("channel include_locale include_num_members"), _READ, tier=3),
    "conversations.members": Method(members, takes("channel cursor limit"), _READ, tier=4),
    "conversations.open": Method(
        open_, takes("channel users return_im prevent_creation"), ("im:write", "mpim:write"), tier=3
    ),
    "conversations.join": Method(join, takes("channel"), ("channels:join",), tier=3),
    "conversations.create": Method(create, takes("name is_private"), _MANAGE, tier=2),
    "conversations.invite": Method(
        invite, takes("channel users force"), (*_MANAGE, "channels:write.invites", "groups:write.invites"), tier=3
    ),
    "conversations.setTopic": Method(
        set_topic, takes("channel topic"), (*_MANAGE, "channels:write.topic", "groups:write.topic"), tier=2
    ),
}
