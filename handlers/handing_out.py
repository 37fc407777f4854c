"""Files on their way: what takes longer than an answer may goes on after it, and says so where it fails."""

import uuid
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import Refusal
from bot.messages import refusals, screens
from bot.messages.blocks import Block
from bot.models.people import Actor
from handlers.desk import Desk
from handlers.windows import show_in

log = structlog.get_logger(__name__)


Window = Callable[[], Awaitable[Block]]


async def hand_out(
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    sending: Awaitable[None],
    *,
    view_id: str,
    window: Window,
) -> None:
    """Wait for what is being sent; the window that asked for it, as it is then, says where it went, or that it did
    not."""
    workspace = await desk.workspaces.known(actor.person.workspace_id)
    t = desk.readers.of(actor.person, workspace)
    try:
        await sending
        text = t.gettext("Sent: it is in your messages with Visita.")
    except Refusal as refusal:
        text = refusals.sentence(t, refusal, ZoneInfo(workspace.zone), desk.clock.now())
    except Exception:  # the person must get an answer, whatever went wrong; the log has all of it
        incident = uuid.uuid4().hex[:8]
        log.exception("handout_failed", incident=incident)
        text = refusals.unexpected(t, incident)
    await show_in(client, view_id, screens.with_word(await window(), text))
