"""What an app says in answer to a person: in the ack of a command, or later through a response_url."""

from typing import TYPE_CHECKING, Any

from sandbox.api.call import Call
from sandbox.api.chat import authored
from sandbox.api.content import CONTENT, content_of
from sandbox.conversing import change, remove, say
from sandbox.errors import SlackError
from sandbox.model.messages import Message
from sandbox.model.passes import ResponsePass

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

_KNOWN = frozenset(
    f"response_type replace_original delete_original thread_ts username icon_emoji icon_url channel {CONTENT}".split()
)


def answer_in_channel(workspace: "Workspace", given: ResponsePass, payload: dict[str, Any]) -> None:
    """Writes, replaces or deletes a message where the person acted; ephemeral unless it says `in_channel`."""
    unknown = sorted(payload.keys() - _KNOWN)
    if unknown:
        raise SlackError("invalid_arguments", [f"unknown argument: {one}" for one in unknown])
    call = Call(workspace, workspace.apps[given.app_id], payload)
    original = workspace.messages.get(given.channel_id, given.message_ts) if given.message_ts else None
    if call.flag("delete_original"):
        _delete(workspace, original)
        return
    if call.text("response_type") not in ("", "ephemeral", "in_channel"):
        raise SlackError("invalid_response_type")
    content = content_of(call)
    if call.flag("replace_original") and original is not None:
        _replace(workspace, call, original, content)
        return
    everybody = call.text("response_type") == "in_channel"
    thread_ts = call.text("thread_ts") or given.thread_ts
    body = {**authored(call.app), **content, **({"thread_ts": thread_ts} if thread_ts else {})}
    channel = workspace.channels[given.channel_id]
    say(workspace, channel, body, ephemeral_to=None if everybody else given.user_id)


def _delete(workspace: "Workspace", original: Message | None) -> None:
    if original is None:
        raise SlackError("message_not_found", status=404)
    remove(workspace, original)


def _replace(workspace: "Workspace", call: Call, original: Message, content: dict[str, Any]) -> None:
    """The new content takes the place of the old; what it does not name is gone, metadata excepted."""
    if original.body.get("bot_id") != call.app.bot_id:
        raise SlackError("cant_update_message")
    kept = {name: value for name, value in original.body.items() if name not in ("text", "blocks", "attachments")}
    change(workspace, original, {**kept, **content}, editor=call.app.bot_user_id)
