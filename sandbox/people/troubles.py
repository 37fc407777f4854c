"""What a person is told when an app does not answer as it should."""

from typing import TYPE_CHECKING

from sandbox.delivery.envelope import Ack, Envelope
from sandbox.errors import Refusal
from sandbox.model.apps import App
from sandbox.model.troubles import Trouble
from sandbox.model.users import User
from sandbox.phrases import phrase

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


def trouble(workspace: "Workspace", found: Trouble) -> Refusal:
    """Shows the trouble to the person; answers with what the caller may raise."""
    workspace.troubles.append(found)
    workspace.feed.tell([found.user_id], {"type": "trouble", "text": found.text, "code": found.code})
    return Refusal(found.code, found.text, status=504 if found.code == "operation_timeout" else 502)


async def deliver(workspace: "Workspace", app: App, user: User, envelope: Envelope) -> Ack:
    """Hands an interaction to the app; when that fails the person is told as Slack tells."""
    if envelope.kind == "interactive" and not app.manifest.is_interactive:
        raise trouble(workspace, _trouble(user, envelope, "app_not_interactive"))
    ack = await workspace.deliveries.send(app, envelope)
    if ack.problem is not None:
        raise trouble(workspace, _trouble(user, envelope, ack.problem))
    return ack


def _trouble(user: User, envelope: Envelope, code: str) -> Trouble:
    command = envelope.payload.get("command")
    text = phrase("command_failed", user.locale, n=f"{command}: {code}") if command else phrase("trouble", user.locale)
    return Trouble(user.id, code, text)
