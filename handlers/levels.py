"""The level of a visit: looked at and chosen from its window."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages import entered, levels
from bot.messages.payloads import VisitRef
from bot.models.people import Actor
from handlers.desk import Desk
from handlers.windows import show_again


async def choose_level(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Protocol level"."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    desk.visits.refuse_unless_changeable(picture.visit, actor)
    view = levels.form(desk.reading(picture, actor))
    await client.views_push(trigger_id=body["trigger_id"], view=view)


async def level_chosen(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The level was saved."""
    visit_id = VisitRef.parse(view["private_metadata"]).visit
    values = view["state"]["values"]
    level = int(entered.choice(values, "level") or 0)
    await desk.levels.choose(actor, visit_id, level, entered.text(values, "reason"))
    await ack()
    await show_again(client, view, desk, actor, visit_id)
