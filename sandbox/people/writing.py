"""People write, open DMs, read and upload."""

import re
from typing import TYPE_CHECKING, Any

from sandbox.conversing import open_direct, say, show_channel
from sandbox.errors import Refusal
from sandbox.ids import new_secret
from sandbox.model.channels import Channel
from sandbox.model.files import File
from sandbox.model.messages import Message
from sandbox.people.persons import own_channel, person

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

_ENTITY = re.compile(r"<(?:@U\w+|@W\w+|#C\w+|!(?:here|channel|everyone))>")


def type_message(
    workspace: "Workspace", user_id: str, channel_id: str, text: str, thread_ts: str | None = None
) -> Message:
    """Sends what was typed; mentions are `<@U…>` as the composer inserts them, or `@name`."""
    user = person(workspace, user_id)
    channel = own_channel(workspace, user, channel_id)
    if text.startswith("/"):
        raise Refusal("is_command", "a text that starts with / goes to the command call")
    if not text.strip():
        raise Refusal("no_text", "there is nothing to send")
    if len(text) > 40_000:
        raise Refusal("msg_too_long", "a message takes 40,000 characters at most")
    body: dict[str, Any] = {"user": user.id, "text": typed(workspace, text), "client_msg_id": new_secret()}
    return say(workspace, channel, body | _in_thread(workspace, channel, thread_ts))


def _in_thread(workspace: "Workspace", channel: Channel, thread_ts: str | None) -> dict[str, str]:
    if not thread_ts:
        return {}
    root = workspace.messages.get(channel.id, thread_ts)
    if root is None or root.is_reply:
        raise Refusal("thread_not_found", f"there is no thread {thread_ts}", status=404)
    return {"thread_ts": thread_ts}


def typed(workspace: "Workspace", text: str) -> str:
    """Typed text as Slack sends it on: special characters escaped, mentions resolved."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\0{len(kept) - 1}\0"

    text = _ENTITY.sub(keep, text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], text)
    return mentioned(workspace, text, labelled=False)


def mentioned(workspace: "Workspace", text: str, *, labelled: bool) -> str:
    """`@name` and `#channel` as references, with the name as a label where Slack adds it."""

    def user(found: re.Match[str]) -> str:
        known = workspace.users.named(found[1])
        if known is None:
            return found[0]
        return f"<@{known.id}|{known.name}>" if labelled else f"<@{known.id}>"

    def channel(found: re.Match[str]) -> str:
        known = workspace.channels.named(found[1])
        return f"<#{known.id}|{known.name}>" if known else found[0]

    text = re.sub(r"(?<![\w<])@([\w.-]*\w)", user, text)
    return re.sub(r"(?<![\w<&])#([\w-]+)", channel, text)


def open_dm(workspace: "Workspace", user_id: str, others: list[str]) -> Channel:
    user = person(workspace, user_id)
    unknown = [one for one in others if one not in workspace.users]
    if unknown or not others:
        raise Refusal("user_not_found", f"no such people: {unknown}", status=404)
    return open_direct(workspace, [user.id, *others])


def mark_read(workspace: "Workspace", user_id: str, channel_id: str) -> None:
    user = person(workspace, user_id)
    channel = own_channel(workspace, user, channel_id)
    latest = workspace.messages.latest(channel.id)
    if latest is not None and channel.read.get(user.id) != latest:
        channel.read[user.id] = latest
        workspace.channels.save(channel)
        show_channel(workspace, channel, [user.id])


def upload(
    workspace: "Workspace", user_id: str, channel_id: str, name: str, data: bytes, thread_ts: str | None = None
) -> File:
    """Puts a file into a conversation or a thread."""
    user = person(workspace, user_id)
    channel = own_channel(workspace, user, channel_id)
    file = workspace.files.add(name, user.id, int(workspace.now_seconds()), complete=True, channels=[channel.id])
    workspace.files.fill(file, data)
    body: dict[str, Any] = {"subtype": "file_share", "user": user.id, "text": ""}
    body["files"] = [file.as_slack(workspace.base_url)]
    message = say(workspace, channel, body | _in_thread(workspace, channel, thread_ts))
    event = {
        "type": "file_shared",
        "file_id": file.id,
        "user_id": user.id,
        "file": {"id": file.id},
        "channel_id": channel.id,
        "event_ts": message.ts,
    }
    for app in workspace.apps:
        if app.bot_user_id in channel.members:
            workspace.events.tell(app, "file_shared", event)
    return file
