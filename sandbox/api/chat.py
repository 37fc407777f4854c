"""`chat.*`: messages that apps write."""

from typing import Any

from sandbox.api.call import Answer, Call, Method, takes
from sandbox.api.content import CONTENT, UPDATE_TEXT_LIMIT, content_of
from sandbox.api.places import channel_to_write, message_at, visible_channel
from sandbox.conversing import change, remove, say
from sandbox.errors import SlackError
from sandbox.model.apps import App
from sandbox.model.channels import Channel
from sandbox.model.messages import Message


def authored(app: App) -> dict[str, Any]:
    """What a message says about the app that wrote it."""
    profile = {"id": app.bot_id, "app_id": app.id, "name": app.manifest.bot_name, "deleted": False}
    return {"user": app.bot_user_id, "bot_id": app.bot_id, "app_id": app.id, "bot_profile": profile}


def _disguise(call: Call) -> dict[str, Any]:
    """Another name or icon for one message, where the app may do that."""
    named = {"username": call.text("username")} if call.has("username") else {}
    icon = call.text("icon_emoji") or call.text("icon_url")
    if (named or icon) and "chat:write.customize" not in call.app.scopes:
        raise SlackError("missing_scope", needed="chat:write.customize", provided=",".join(sorted(call.app.scopes)))
    return named


def _thread(call: Call, channel: Channel) -> dict[str, Any]:
    if not call.text("thread_ts"):
        return {}
    root = call.workspace.messages.get(channel.id, call.text("thread_ts"))
    if root is None or root.ephemeral_to:
        raise SlackError("thread_not_found")
    if root.thread_ts not in (None, root.ts):
        raise SlackError("cannot_reply_to_message")
    broadcast = {"subtype": "thread_broadcast"} if call.flag("reply_broadcast") else {}
    return {"thread_ts": root.ts, **broadcast}


async def post_message(call: Call) -> Answer:
    channel = channel_to_write(call)
    content = content_of(call)
    body = {**authored(call.app), **_disguise(call), **content, **_thread(call, channel)}
    message = say(call.workspace, channel, body)
    return {"channel": channel.id, "ts": message.ts, "message": message.body}


def post_rate_key(call: Call) -> str:
    """One key a conversation, whether a DM is named by its own id or by the person's."""
    given = call.text("channel")
    channel = call.workspace.channels.get(given) or call.workspace.channels.named(given)
    if channel is None:
        return given
    return channel.other(call.app.bot_user_id) or channel.id


async def post_ephemeral(call: Call) -> Answer:
    channel = visible_channel(call)
    user_id = call.required("user")
    if user_id not in channel.members:
        raise SlackError("user_not_in_channel")
    if call.app.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    thread = {"thread_ts": call.text("thread_ts")} if call.text("thread_ts") else {}
    message = say(call.workspace, channel, {**authored(call.app), **content_of(call), **thread}, ephemeral_to=user_id)
    return {"message_ts": message.ts}


async def update(call: Call) -> Answer:
    channel = visible_channel(call)
    message = message_at(call, channel)
    if message.body.get("bot_id") != call.app.bot_id or message.body.get("subtype") == "tombstone":
        raise SlackError("cant_update_message")
    body = {**message.body, **_edited(call, message)}
    if call.has("text") and not call.has("blocks"):
        body.pop("blocks", None)
    body = {name: value for name, value in body.items() if value != []}
    change(call.workspace, message, body, editor=None if call.has("blocks") else call.app.bot_user_id)
    return {"channel": channel.id, "ts": message.ts, "text": message.body["text"], "message": message.body}


def _edited(call: Call, message: Message) -> dict[str, Any]:
    """The parts an update names. What it leaves out stays, except that a text alone takes the blocks away; and only
    such an update shows as "(edited)"."""
    emptied: dict[str, Any] = {name: [] for name in ("blocks", "attachments") if call.json(name) == []}
    named = [name for name in ("text", "blocks", "attachments", "markdown_text") if call.has(name)]
    if not named and call.has("metadata"):
        return {"metadata": call.json("metadata")}
    edited = {**content_of(call, text_limit=UPDATE_TEXT_LIMIT), **emptied}
    if call.has("metadata") and call.json("metadata") == {}:
        message.body.pop("metadata", None)
    return edited


async def delete(call: Call) -> Answer:
    channel = visible_channel(call)
    message = message_at(call, channel)
    if message.body.get("bot_id") != call.app.bot_id:
        raise SlackError("cant_delete_message")
    remove(call.workspace, message)
    return {"channel": channel.id, "ts": message.ts}


async def get_permalink(call: Call) -> Answer:
    channel = visible_channel(call)
    message = message_at(call, channel, "message_ts")
    address = f"https://{call.workspace.team.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.is_reply else ""
    return {"channel": channel.id, "permalink": address + thread}


_WRITE = ("chat:write",)
_POST = (
    f"channel thread_ts reply_broadcast username icon_emoji icon_url as_user client_msg_id container_id "
    f"file_annotation {CONTENT}"
)

METHODS = {
    "chat.postMessage": Method(post_message, takes(_POST), _WRITE, tier=0, rate_key=post_rate_key),
    "chat.postEphemeral": Method(
        post_ephemeral,
        takes(f"channel user thread_ts username icon_emoji icon_url as_user {CONTENT}"),
        _WRITE,
        tier=4,
    ),
    "chat.update": Method(update, takes(f"channel ts as_user reply_broadcast file_ids {CONTENT}"), _WRITE, tier=3),
    "chat.delete": Method(delete, takes("channel ts as_user"), _WRITE, tier=3),
    "chat.getPermalink": Method(get_permalink, takes("channel message_ts"), (), tier=0),
}
