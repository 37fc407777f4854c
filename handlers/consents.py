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
from handlers.windows import window_of


async def allow_change(ack: AsyncAck, action: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The button "Allow". The message is edited by the delivery, like all its copies."""
    await ack()
    ref = ChangeRef.parse(action["value"])
    await desk.consents.allow(actor, ref.request, ref.version)


async def note_change(ack: AsyncAck, action: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The button "Noted"."""
    await ack()
    ref = ChangeRef.parse(action["value"])
    await desk.consents.note(actor, ref.request, ref.version)


async def take_back_change(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Take back" in the visit's window, which then shows that nobody is asked any more."""
    await ack()
    ref = ChangeRef.parse(action["value"])
    visit_id = await desk.consents.take_back(actor, ref.request, ref.version)
    if body.get("view"):
        picture = await desk.lookup.show(actor, visit_id)
        await client.views_update(view_id=body["view"]["id"], view=await window_of(desk, actor, picture))


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
    ref = ChangeRef.parse(action["value"])
    _, asked = await desk.consents.answerable(actor, ref.request, ref.version)
    await ack()
    view = consents.reason(t, ref, made=asked.state == ChangeState.MADE)
    await client.views_open(trigger_id=body["trigger_id"], view=view)


async def change_refused(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The reason was given."""
    ref = ChangeRef.parse(view["private_metadata"])
    await desk.consents.refuse(actor, ref.request, ref.version, entered.text(view["state"]["values"], "reason"))
    await ack()
