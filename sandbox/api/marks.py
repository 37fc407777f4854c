"""`reactions.*` and `pins.*`."""

from typing import Any

from sandbox.api.call import Answer, Call, Method, takes
from sandbox.api.places import joined_channel, message_at
from sandbox.conversing import mark_changed
from sandbox.errors import SlackError


async def add_reaction(call: Call) -> Answer:
    name = call.required("name").strip(":")
    message = message_at(call, joined_channel(call), "timestamp")
    reactions: list[dict[str, Any]] = [dict(one) for one in message.body.get("reactions", ())]
    mine = next((one for one in reactions if one["name"] == name), None)
    if mine is None:
        mine = {"name": name, "users": [], "count": 0}
        reactions.append(mine)
    if call.app.bot_user_id in mine["users"]:
        raise SlackError("already_reacted")
    mine["users"] = [*mine["users"], call.app.bot_user_id]
    mine["count"] = len(mine["users"])
    mark_changed(call.workspace, message, {**message.body, "reactions": reactions})
    return {}


async def remove_reaction(call: Call) -> Answer:
    name = call.required("name").strip(":")
    message = message_at(call, joined_channel(call), "timestamp")
    bot = call.app.bot_user_id
    kept = []
    for one in message.body.get("reactions", ()):
        users = [user for user in one["users"] if one["name"] != name or user != bot]
        kept.append({**one, "users": users, "count": len(users)})
    if kept == list(message.body.get("reactions", ())):
        raise SlackError("no_reaction")
    reactions = [one for one in kept if one["count"]]
    mark_changed(call.workspace, message, {**message.body, "reactions": reactions})
    return {}


async def add_pin(call: Call) -> Answer:
    channel = joined_channel(call)
    message = message_at(call, channel, "timestamp")
    if channel.id in message.body.get("pinned_to", ()):
        raise SlackError("already_pinned")
    mark_changed(call.workspace, message, {**message.body, "pinned_to": [channel.id]})
    return {}


async def remove_pin(call: Call) -> Answer:
    message = message_at(call, joined_channel(call), "timestamp")
    if not message.body.get("pinned_to"):
        raise SlackError("no_pin")
    mark_changed(call.workspace, message, {name: value for name, value in message.body.items() if name != "pinned_to"})
    return {}


METHODS = {
    "reactions.add": Method(add_reaction, takes("channel name timestamp"), ("reactions:write",), tier=3),
    "reactions.remove": Method(remove_reaction, takes("channel name timestamp"), ("reactions:write",), tier=2),
    "pins.add": Method(add_pin, takes("channel timestamp"), ("pins:write",), tier=2),
    "pins.remove": Method(remove_pin, takes("channel timestamp"), ("pins:write",), tier=2),
}
