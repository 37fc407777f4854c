"""The verbs of conversations: what is stored, who sees it change, which apps are told."""

from typing import TYPE_CHECKING, Any

from sandbox.model.apps import App
from sandbox.model.channels import Channel
from sandbox.model.messages import Body, Message
from sandbox.model.users import User
from sandbox.notifications import lock_screen_text, mentions

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

_SUBSCRIPTIONS = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}


def say(workspace: "Workspace", channel: Channel, body: Body, *, ephemeral_to: str | None = None) -> Message:
    """Writes a message into a conversation (for one pair of eyes when ephemeral) and tells everybody concerned."""
    ts = workspace.messages.next_ts()
    body = {"type": "message", "ts": ts, "team": workspace.team.id, **body}
    message = Message(channel.id, ts, body, ephemeral_to)
    if message.thread_ts:
        _join_thread(workspace, message)
    workspace.messages.add(message)
    event = {"type": "message", "message": message.for_people()}
    if ephemeral_to:
        workspace.feed.tell([ephemeral_to], event)
        return message
    author = body.get("user", "")
    if author in channel.members:
        channel.read[author] = ts
    workspace.feed.tell(channel.members, event)
    _notify(workspace, channel, message)
    tell_apps(workspace, channel, {**message.for_apps(with_metadata=True)})
    return message


def change(workspace: "Workspace", message: Message, body: Body, *, editor: str | None) -> None:
    """Puts other content into a message; `editor` is left out where Slack shows no "(edited)"."""
    before = message.for_apps(with_metadata=True)
    message.body = body
    if editor is not None and not message.ephemeral_to:
        message.body = {**body, "edited": {"user": editor, "ts": workspace.messages.next_ts()}}
    workspace.messages.save(message)
    _show_change(workspace, message)
    if not message.ephemeral_to:
        channel = workspace.channels[message.channel]
        ts = workspace.messages.next_ts()
        changed = {"message": message.for_apps(with_metadata=True), "previous_message": before, "hidden": True}
        tell_apps(workspace, channel, {"type": "message", "subtype": "message_changed", **changed, "ts": ts})


def mark_changed(workspace: "Workspace", message: Message, body: Body) -> None:
    """Changes what stands beside a message (reactions, pins), which tells no app."""
    message.body = body
    workspace.messages.save(message)
    _show_change(workspace, message)


def remove(workspace: "Workspace", message: Message) -> None:
    """Takes a message away; the root of a thread leaves a tombstone."""
    if workspace.messages.thread(message.channel, message.ts):
        kept = {name: value for name, value in message.body.items() if name in _OF_A_TOMBSTONE}
        gone = {"subtype": "tombstone", "text": "This message was deleted.", "hidden": True}
        change(workspace, message, {**kept, **gone}, editor=None)
        return
    workspace.messages.remove(message)
    audience = [message.ephemeral_to] if message.ephemeral_to else workspace.channels[message.channel].members
    workspace.feed.tell(audience, {"type": "message_deleted", "channel": message.channel, "ts": message.ts})
    if not message.ephemeral_to:
        deleted = {"subtype": "message_deleted", "deleted_ts": message.ts, "hidden": True}
        previous = message.for_apps(with_metadata=True)
        event = {"type": "message", **deleted, "previous_message": previous, "ts": workspace.messages.next_ts()}
        tell_apps(workspace, workspace.channels[message.channel], event)


_OF_A_TOMBSTONE = frozenset(
    {"type", "ts", "team", "user", "thread_ts", "reply_count", "reply_users", "latest_reply", "reply_users_count"}
)


def _join_thread(workspace: "Workspace", message: Message) -> None:
    """A reply changes what its root says about the thread."""
    root = workspace.messages.get(message.channel, message.thread_ts or "")
    if root is None or message.ephemeral_to:
        return
    author = message.body.get("user", "")
    repliers = list(dict.fromkeys([*root.body.get("reply_users", ()), author]))
    root.body = {
        **root.body,
        "thread_ts": root.ts,
        "reply_count": root.body.get("reply_count", 0) + 1,
        "reply_users": repliers,
        "reply_users_count": len(repliers),
        "latest_reply": message.ts,
    }
    message.body["parent_user_id"] = root.body.get("user", "")
    workspace.messages.save(root)
    _show_change(workspace, root)


def _show_change(workspace: "Workspace", message: Message) -> None:
    audience = [message.ephemeral_to] if message.ephemeral_to else workspace.channels[message.channel].members
    workspace.feed.tell(audience, {"type": "message_changed", "message": message.for_people()})


_OF_A_CARD = ("channel", "ts", "title", "text")


def _notify(workspace: "Workspace", channel: Channel, message: Message) -> None:
    text = str(message.body.get("text", ""))
    author = workspace.users.get(message.body.get("user", ""))
    for user_id in channel.members:
        if author and user_id == author.id:
            continue
        if channel.kind in ("im", "mpim") or mentions(text, user_id):
            note = _notification(workspace, channel, message, author)
            workspace.notifications[user_id].append({name: note[name] for name in _OF_A_CARD})
            workspace.feed.tell([user_id], note)


def _notification(workspace: "Workspace", channel: Channel, message: Message, author: User | None) -> dict[str, Any]:
    def name_of(entity: str) -> str | None:
        user, conversation = workspace.users.get(entity), workspace.channels.get(entity)
        return user.real_name if user else conversation.name if conversation else None

    who = message.body.get("username") or (author.real_name if author else "")
    return {
        "type": "notification",
        "channel": channel.id,
        "ts": message.ts,
        "title": who if channel.is_im else f"{who} (#{channel.name})",
        "text": lock_screen_text(str(message.body.get("text", "")), name_of),
    }


def tell_apps(workspace: "Workspace", channel: Channel, event: dict[str, Any]) -> None:
    """Delivers a `message` event to the apps that are in the conversation and subscribed."""
    kind = channel.type_in_events
    event = {**event, "channel": channel.id, "event_ts": event["ts"], "channel_type": kind}
    for app in workspace.apps:
        if app.bot_user_id not in channel.members:
            continue
        workspace.events.tell(app, _SUBSCRIPTIONS[kind], event)
        if _is_mention(app, event):
            mention = {name: value for name, value in event.items() if name not in ("subtype", "channel_type")}
            workspace.events.tell(app, "app_mention", {**mention, "type": "app_mention"})


def _is_mention(app: App, event: dict[str, Any]) -> bool:
    called = f"<@{app.bot_user_id}>" in str(event.get("text", ""))
    return called and "subtype" not in event and event.get("user") != app.bot_user_id and event["channel_type"] != "im"


def open_direct(workspace: "Workspace", people: list[str]) -> Channel:
    """The DM of these people; a new one appears in their sidebars."""
    found = workspace.channels.direct(people)
    if found is not None:
        return found
    channel = workspace.direct(people)
    show_channel(workspace, channel)
    return channel


def join(workspace: "Workspace", channel: Channel, user_id: str, *, inviter: str | None = None) -> bool:
    """Makes somebody a member; False when they were one already."""
    if user_id in channel.members:
        return False
    channel.members.append(user_id)
    workspace.channels.save(channel)
    show_channel(workspace, channel)
    joined: dict[str, Any] = {
        "type": "member_joined_channel",
        "user": user_id,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": workspace.team.id,
        "event_ts": workspace.messages.next_ts(),
    }
    for app in workspace.apps:
        if app.bot_user_id in channel.members:
            workspace.events.tell(app, "member_joined_channel", joined | ({"inviter": inviter} if inviter else {}))
    return True


def channel_for(workspace: "Workspace", channel: Channel, user_id: str) -> dict[str, Any]:
    """A conversation as one person sees it in the sidebar."""
    read = channel.read.get(user_id, "0")
    unread = sum(
        1
        for message in workspace.messages.after(channel.id, read)
        if message.body.get("user") != user_id and not message.is_reply and message.ephemeral_to is None
    )
    return {
        "id": channel.id,
        "name": channel.name,
        "is_im": channel.is_im,
        "is_private": channel.is_private,
        "members": channel.members,
        "user": channel.other(user_id),
        "topic": channel.topic,
        "unread": unread,
        "latest": workspace.messages.latest(channel.id),
    }


def show_channel(workspace: "Workspace", channel: Channel, people: list[str] | None = None) -> None:
    """Shows a new or changed conversation to its members, or to some of them."""
    for member in people or channel.members:
        workspace.feed.tell([member], {"type": "channel", "channel": channel_for(workspace, channel, member)})
