"""The plan of a visit: looked at, sent, approved, returned, handed on."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.i18n import Translator
from bot.messages import entered, plan_forms, reception_notices
from bot.messages.blocks import Block
from bot.messages.payloads import PlanRef, VisitRef
from bot.models.people import Actor
from bot.procedure.picture import Picture
from handlers.desk import Desk
from handlers.windows import open_window


async def show_plan(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Review plan"."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    await open_window(client, body, await plan_page(desk, actor, picture))


async def show_reception(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Open the notice" (B7)."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    await open_window(client, body, reception_notices.page(desk.reading(picture, actor)))


async def send_plan(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Send for approval": what it costs first."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    desk.plans.refuse_unless_to_send(picture.visit, actor)
    around = await desk.lookup.around(picture)
    await open_window(client, body, plan_forms.send(desk.reading(picture, actor, around)))


async def plan_sent(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The cost was given: the plan goes to its approver."""
    visit_id = VisitRef.parse(view["private_metadata"]).visit
    await desk.plans.submit(actor, visit_id, entered.text(view["state"]["values"], "estimated_cost"))
    await ack(response_action="clear")


async def approve_plan(ack: AsyncAck, action: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The button "Approve". The message is edited by the delivery, like all its copies."""
    ref = PlanRef.parse(action["value"])
    await desk.plans.approve(actor, ref.plan, ref.version)
    await ack()


async def return_plan(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Return for changes": the remarks first."""
    await ack()
    ref = PlanRef.parse(action["value"])
    await desk.plans.answerable(actor, ref.plan, ref.version)
    await open_window(client, body, plan_forms.send_back(t, ref))


async def plan_returned(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The remarks were written."""
    ref = PlanRef.parse(view["private_metadata"])
    await desk.plans.send_back(actor, ref.plan, ref.version, entered.text(view["state"]["values"], "remarks"))
    await ack()


async def hand_plan(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Hand to my deputy": to whoever is named, else a form to choose somebody."""
    ref = PlanRef.parse(action["value"])
    deputy = await desk.plans.deputy(actor, ref.plan, ref.version)
    if deputy is None:
        await ack()
        await open_window(client, body, plan_forms.hand(t, ref))
    else:
        await desk.plans.hand_over(actor, ref.plan, ref.version, deputy)
        await ack()


async def plan_handed(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """Somebody was chosen to decide."""
    ref = PlanRef.parse(view["private_metadata"])
    chosen = entered.person(view["state"]["values"], "deputy")
    await desk.plans.hand_over(actor, ref.plan, ref.version, chosen)
    await ack()


async def plan_page(desk: Desk, actor: Actor, picture: Picture) -> Block:
    """The whole plan in a window, with what it collides with."""
    around = await desk.lookup.around(picture)
    return plan_forms.page(desk.reading(picture, actor, around), actor)
