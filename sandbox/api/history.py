"""`conversations.history` and `conversations.replies`: reading what was written."""

from collections.abc import Iterator
from typing import Any

from sandbox.api.call import Answer, Call, Method, page, takes
from sandbox.api.places import joined_channel
from sandbox.errors import SlackError
from sandbox.model.channels import Channel
from sandbox.model.messages import Message

HISTORY_SCOPE = {
    "public_channel": "channels:history",
    "private_channel": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


def needs(call: Call, scope: str) -> None:
    """Refuses a call that this kind of conversation asks another scope for."""
    if scope not in call.app.scopes:
        raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(call.app.scopes)))


def _readable(call: Call) -> Channel:
    channel = joined_channel(call)
    needs(call, HISTORY_SCOPE[channel.kind])
    return channel


def _within(call: Call, messages: Iterator[Message]) -> Iterator[Message]:
    """The messages between `oldest` and `latest`, which count themselves where `inclusive` says so."""
    oldest, latest = call.text("oldest", "0"), call.text("latest", "9999999999")
    inclusive = call.flag("inclusive")
    for message in messages:
        ts = float(message.ts)
        low, high = float(oldest), float(latest)
        if low < ts < high or (inclusive and ts in (low, high)):
            yield message


def _shown(call: Call, message: Message) -> dict[str, Any]:
    return message.for_apps(with_metadata=call.flag("include_all_metadata"))


async def history(call: Call) -> Answer:
    channel = _readable(call)
    messages = call.workspace.messages.backward(channel.id)
    visible = [one for one in _within(call, messages) if not one.is_reply and not one.ephemeral_to]
    shown, cursor = page(visible, call, 100, 999)
    answer: Answer = {
        "messages": [_shown(call, message) for message in shown],
        "has_more": bool(cursor),
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


async def replies(call: Call) -> Answer:
    channel = _readable(call)
    root = call.workspace.messages.get(channel.id, call.required("ts"))
    if root is None or root.ephemeral_to:
        raise SlackError("thread_not_found")
    thread = call.workspace.messages.thread(channel.id, root.ts)
    visible = [one for one in _within(call, iter(thread)) if not one.ephemeral_to]
    shown, cursor = page([root, *visible], call, 1000, 1000)
    answer: Answer = {"messages": [_shown(call, message) for message in shown], "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


_RANGE = "channel cursor inclusive latest limit oldest include_all_metadata"
METHODS = {
    "conversations.history": Method(history, takes(_RANGE), tuple(HISTORY_SCOPE.values()), tier=3),
    "conversations.replies": Method(replies, takes(f"{_RANGE} ts"), tuple(HISTORY_SCOPE.values()), tier=3),
}
