"""What goes to the guests through their host: itinerary and invitation letter (B5, A5)."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotAllowed, VisitIsOver
from bot.messages import guest_window, papers
from bot.messages.blocks import Block
from bot.messages.payloads import VisitRef
from bot.models.people import Actor
from bot.procedure.guest_itinerary import have_papers
from bot.services.guest_side import Ready
from handlers.desk import Desk
from handlers.handing_out import hand_out
from handlers.windows import show_in


async def show_itinerary(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Itinerary for the guests" in the visit's window."""
    await ack()
    window = await _window(desk, actor, VisitRef.parse(action["value"]).visit)
    await client.views_push(trigger_id=body["trigger_id"], view=window)


async def open_itinerary(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The same button under a message."""
    await ack()
    window = await _window(desk, actor, VisitRef.parse(action["value"]).visit)
    await client.views_open(trigger_id=body["trigger_id"], view=window)


async def send_itinerary(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Send me PDF and calendar": to the person's own messages, once for each state of the itinerary."""
    visit_id = VisitRef.parse(action["value"]).visit
    ready = await desk.guest_side.itinerary(actor, visit_id)
    await ack()
    _send(client, desk, actor, visit_id, ready, body["view"]["id"], partial(_window, desk, actor, visit_id))


async def guests_agreed(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "The guests agreed"."""
    visit_id = VisitRef.parse(action["value"]).visit
    await desk.guest_side.agree(actor, visit_id)
    await ack()
    await show_in(client, body["view"]["id"], await _window(desk, actor, visit_id))


async def issue_letter(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Invitation letter": the document goes to the messages of whoever may see passports."""
    visit_id = VisitRef.parse(action["value"]).visit
    ready = await desk.guest_side.letter(actor, visit_id)
    await ack()
    _send(client, desk, actor, visit_id, ready, body["view"]["id"], partial(_papers, desk, actor, visit_id))


def _send(
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    visit_id: int,
    ready: Ready,
    view_id: str,
    window: Callable[[], Awaitable[Block]],
) -> None:
    sending = desk.guest_side.send(actor, visit_id, ready)
    desk.under_way.go_on(hand_out(client, desk, actor, sending, view_id=view_id, window=window))


async def _window(desk: Desk, actor: Actor, visit_id: int) -> Block:
    picture = await desk.lookup.show(actor, visit_id)
    if not picture.visit.can_be_changed_by(actor):
        raise NotAllowed(picture.visit.kept_by)
    if not picture.visit.is_open and not have_papers(picture):
        raise VisitIsOver(picture.visit.reference)
    return guest_window.window(desk.reading(picture, actor))


async def _papers(desk: Desk, actor: Actor, visit_id: int) -> Block:
    picture = await desk.lookup.show(actor, visit_id)
    return papers.window(desk.reading(picture, actor), actor)
