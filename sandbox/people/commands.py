"""Slash commands."""

from typing import TYPE_CHECKING, Any

from sandbox.answering import answer_in_channel
from sandbox.delivery.envelope import Envelope
from sandbox.errors import Refusal, SlackError
from sandbox.model.troubles import Trouble
from sandbox.people.payloads import answer_pass, command
from sandbox.people.persons import own_channel, person
from sandbox.people.troubles import deliver, trouble
from sandbox.people.writing import mentioned

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


async def run_command(workspace: "Workspace", user_id: str, channel_id: str, typed: str) -> None:
    """Runs e.g. `/visit create`; what the app answers in its ack appears where the command was typed."""
    user = person(workspace, user_id)
    channel = own_channel(workspace, user, channel_id)
    name, _, text = typed.strip().partition(" ")
    app = workspace.apps.with_command(name)
    if app is None:
        raise Refusal("unknown_command", f"{name} is not a valid command", status=404)
    described = next(one for one in app.manifest.commands if one["command"] == name)
    text = text.strip()
    if described.get("should_escape"):
        text = mentioned(workspace, text, labelled=True)
    payload = command(workspace, app, user, channel, name, text)
    ack = await deliver(workspace, app, user, Envelope("slash_commands", payload))
    content = _content(ack.payload)
    if not content:
        return
    try:
        answer_in_channel(workspace, answer_pass(workspace, app, user, channel), content)
    except SlackError as error:
        said = f"{name}: {error.code} {'; '.join(error.messages)}".strip()
        raise trouble(workspace, Trouble(user.id, error.code, said)) from error


def _content(payload: Any) -> dict[str, Any]:
    if isinstance(payload, str):
        return {"text": payload} if payload.strip() else {}
    return payload if isinstance(payload, dict) else {}
