"""`files.*`: uploads in Slack's three steps, and what is known of a file."""

from typing import Any

from sandbox.api.call import Answer, Call, Method, takes
from sandbox.api.chat import authored
from sandbox.api.content import checked_blocks
from sandbox.api.places import channel_to_write
from sandbox.conversing import say
from sandbox.errors import SlackError
from sandbox.model.channels import Channel
from sandbox.model.files import File
from sandbox.model.messages import Message


async def get_upload_url(call: Call) -> Answer:
    name, length = call.required("filename"), call.number("length", 0, 10**9)
    if not length:
        raise SlackError("missing_argument")
    created = int(call.workspace.now_seconds())
    file = call.workspace.files.add(name, call.app.bot_user_id, created, alt_text=call.text("alt_txt"))
    return {"upload_url": f"{call.workspace.base_url}/upload/v1/{file.id}", "file_id": file.id}


async def complete_upload(call: Call) -> Answer:
    named = call.json("files")
    if not isinstance(named, list) or not named:
        raise SlackError("invalid_arguments", ["missing required field: files"])
    files = [_uploaded(call, one) for one in named]
    channels = call.several("channels") or ([call.text("channel_id")] if call.text("channel_id") else [])
    for channel_id in channels:
        destination = Call(call.workspace, call.app, {**call.arguments, "channel": channel_id})
        _share(destination, channel_to_write(destination), files)
    return {"files": [file.as_slack(call.workspace.base_url) for file in files]}


def _uploaded(call: Call, named: Any) -> File:
    file = call.workspace.files.get(named.get("id", "")) if isinstance(named, dict) else None
    if file is None or file.user != call.app.bot_user_id or file.content is None:
        raise SlackError("file_not_found")
    file.title, file.complete = named.get("title") or file.name, True
    call.workspace.files.save(file)
    return file


def _share(call: Call, channel: Channel, files: list[File]) -> Message:
    for file in files:
        file.channels.append(channel.id)
        call.workspace.files.save(file)
    body: dict[str, Any] = {
        **authored(call.app),
        "text": call.text("initial_comment"),
        "files": [file.as_slack(call.workspace.base_url) for file in files],
        "upload": True,
    }
    blocks = call.json("blocks")
    if blocks is not None:
        body["blocks"] = checked_blocks(blocks)
    if call.text("thread_ts"):
        body["thread_ts"] = call.text("thread_ts")
    return say(call.workspace, channel, body)


async def info(call: Call) -> Answer:
    file = call.workspace.files.get(call.text("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    return {"file": file.as_slack(call.workspace.base_url), "comments": []}


async def delete(call: Call) -> Answer:
    file = call.workspace.files.get(call.text("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    if file.user != call.app.bot_user_id:
        raise SlackError("cant_delete_file")
    file.complete, file.content = False, None
    call.workspace.files.save(file)
    return {}


_WRITE = ("files:write",)
METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, takes("filename length alt_txt snippet_type"), _WRITE, tier=4),
    "files.completeUploadExternal": Method(
        complete_upload, takes("files channel_id channels initial_comment thread_ts blocks"), _WRITE, tier=4
    ),
    "files.info": Method(info, takes("file count cursor limit page"), ("files:read",), tier=4),
    "files.delete": Method(delete, takes("file"), _WRITE, tier=3),
}
