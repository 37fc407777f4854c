"""Changes of what was approved: allowed, refused, taken note of."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.i18n import Translator
from bot.messages import consents, entered
from bot.messages.payloads import ChangeRef
from bot.models.people import Actor
from bot.models.plans import ChangeState
from handlers.desk import Desk
from handlers.windows import show_visit_in


async def allow_change(ack: AsyncAck, action: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The button "Allow". The message is edited by the delivery, like all its copies."""
    ref = ChangeRef.parse(action["value"])
    await desk.consents.allow(actor, ref.request, ref.version)
    await ack()


async def note_change(ack: AsyncAck, action: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The button "Noted"."""
    ref = ChangeRef.parse(action["value"])
    await desk.consents.note(actor, ref.request, ref.version)
    await ack()


async def take_back_change(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Take back" in the visit's window, which then shows that nobody is asked any more."""
    ref = ChangeRef.parse(action["value"])
    visit_id = await desk.consents.take_back(actor, ref.request, ref.version)
    await ack()
    if body.get("view"):
        await show_visit_in(client, body["view"]["id"], desk, actor, visit_id)


async def refuse_change(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The buttons "Refuse" and "Send remarks": the reason first."""
    await ack()
    ref = ChangeRef.parse(action["value"])
    _, asked = await desk.consents.answerable(actor, ref.request, ref.version)
    view = consents.reason(t, ref, made=asked.state == ChangeState.MADE)
    await client.views_open(trigger_id=body["trigger_id"], view=view)


async def change_refused(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The reason was given."""
    ref = ChangeRef.parse(view["private_metadata"])
    await desk.consents.refuse(actor, ref.request, ref.version, entered.text(view["state"]["values"], "reason"))
    await ack()
