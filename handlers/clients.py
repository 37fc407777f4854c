"""The window of a visit's client: profile and background check (A2, A6)."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages import clients, entered
from bot.messages.payloads import VisitRef
from bot.models.people import Actor
from bot.procedure.acquaintance import client_form_of
from bot.procedure.meanwhile import followed
from handlers.desk import Desk
from handlers.windows import open_window, show_again


async def show_client(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Client", in the visit's window and under what asks for the background check."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    desk.visits.refuse_unless_changeable(picture.visit, actor)
    view = clients.window(desk.reading(picture, actor))
    await open_window(client, body, view)


async def client_described(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """Profile and background check were saved."""
    visit_id = VisitRef.parse(view["private_metadata"]).visit
    present = client_form_of(await desk.lookup.show(actor, visit_id))
    form = followed(clients.read(view), clients.read(entered.as_opened(view)), present)
    await desk.clients.write(actor, visit_id, form)
    await ack()
    await show_again(client, view, desk, actor, visit_id)
