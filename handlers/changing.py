"""A visit's window and what can be changed from it."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.i18n import Translator
from bot.messages import entered, forms, introductions, visit_form
from bot.messages.payloads import VisitRef
from bot.models.people import Actor
from bot.procedure.intake import form_of
from bot.procedure.legs import with_legs_read
from bot.procedure.meanwhile import followed
from handlers.desk import Desk
from handlers.windows import show_again, window_of


async def show_visit(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Details": the visit in a window, with the buttons this person may press."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    await client.views_open(trigger_id=body["trigger_id"], view=await window_of(desk, actor, picture))


async def show_introductions(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Introduction list" (E2)."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    window = introductions.window(desk.reading(picture, actor))
    await client.views_push(trigger_id=body["trigger_id"], view=window)


async def change_visit(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Change the visit"."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    desk.visits.refuse_unless_changeable(picture.visit, actor)
    view = visit_form.change_visit(t, form_of(picture), picture.visit.venue, picture.visit.key, ranks=picture.ranks)
    await client.views_push(trigger_id=body["trigger_id"], view=view)


async def visit_changed(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """The form of an open visit was saved. A pasted line is first shown as it was read."""
    visit_id = VisitRef.parse(view["private_metadata"]).visit
    picture = await desk.lookup.show(actor, visit_id)
    zone = picture.visit.venue
    form, filled = with_legs_read(visit_form.read(view), desk.clock.now().astimezone(zone).date())
    if filled:
        notes, ids = [visit_form.read_from_line(t)], visit_form.ids_of(view, filled)
        shown = visit_form.change_visit(t, form, zone, visit_id, ranks=picture.ranks, notes=notes, ids=ids)
        await ack(response_action="update", view=shown)
        return
    if not visit_form.was_filled_in(view):
        form = followed(form, visit_form.read(entered.as_opened(view)), form_of(picture))
    await desk.visits.change(actor, visit_id, form)
    await ack()
    await show_again(client, view, desk, actor, visit_id)


async def cancel_visit(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Cancel the visit": the reason first."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    desk.visits.refuse_unless_changeable(picture.visit, actor)
    reading = desk.reading(picture, actor)
    await client.views_push(trigger_id=body["trigger_id"], view=forms.cancel(reading))


async def visit_canceled(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The reason was given: the visit is off."""
    visit_id = VisitRef.parse(view["private_metadata"]).visit
    reason = entered.text(view["state"]["values"], "reason")
    await desk.visits.cancel(actor, visit_id, reason)
    await ack(response_action="clear")
