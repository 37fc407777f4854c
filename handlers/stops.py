"""The stops of a visit: added, changed, copied and removed from its window."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import OutOfDate
from bot.i18n import Translator
from bot.messages import entered, stop_form
from bot.messages.payloads import StopKindRef, StopMenu, StopRef, StopVerb, VisitRef
from bot.messages.reading import Reading
from bot.models.people import Actor
from bot.models.visits import Stop, StopKind
from bot.procedure.meanwhile import followed
from bot.procedure.stops import fresh_stop_form
from bot.services.stops import seen_stop
from handlers.desk import Desk
from handlers.windows import show_again, show_in


async def stop_menu(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The menu beside a stop: its form, a copy of it, or whether it really goes."""
    await ack()
    chosen = StopMenu.parse(action["selected_option"]["value"])
    reading, stop = await _to_change(desk, actor, chosen.stop)
    forms = {
        StopVerb.CHANGE: stop_form.change,
        StopVerb.COPY: stop_form.copy,
        StopVerb.REMOVE: stop_form.remove,
    }
    await client.views_push(trigger_id=body["trigger_id"], view=forms[StopVerb(chosen.verb)](reading, stop))


async def name_driver(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Name another driver" under a message: the form of the stop."""
    await ack()
    reading, stop = await _to_change(desk, actor, StopRef.parse(action["value"]).stop)
    await client.views_open(trigger_id=body["trigger_id"], view=stop_form.change(reading, stop))


async def add_stop(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Add a stop": which kind?"""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    desk.visits.refuse_unless_changeable(picture.visit, actor)
    await client.views_push(trigger_id=body["trigger_id"], view=stop_form.choose_kind(t, picture.visit.key))


async def kind_chosen(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """A kind of stop was chosen: its form takes the place of the choice."""
    await ack()
    chosen = StopKindRef.parse(action["selected_option"]["value"])
    visit = (await desk.lookup.show(actor, chosen.visit)).visit
    desk.visits.refuse_unless_changeable(visit, actor)
    kind = StopKind(chosen.kind)
    form = fresh_stop_form(visit, kind, desk.clock.now())
    await show_in(client, body["view"]["id"], stop_form.add(t, visit.key, kind, form, visit.venue))


async def stop_added(ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor) -> None:
    """The form for one stop more was saved."""
    ref = StopKindRef.parse(view["private_metadata"])
    await desk.stops.add(actor, ref.visit, StopKind(ref.kind), stop_form.read(view))
    await ack()
    await show_again(client, view, desk, actor, ref.visit)


async def stop_changed(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The form of a stop was saved."""
    stop_id = StopRef.parse(view["private_metadata"]).stop
    picture = await desk.lookup.of_stop(actor, stop_id)
    seen, present = stop_form.read(entered.as_opened(view)), seen_stop(picture, stop_id)
    await desk.stops.change(actor, stop_id, followed(stop_form.read(view), seen, present))
    await ack()
    await _show_visit_of(stop_id, client, view, desk, actor)


async def stop_copied(ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor) -> None:
    """The day of the copy was given."""
    stop_id = StopRef.parse(view["private_metadata"]).stop
    await desk.stops.copy(actor, stop_id, stop_form.read(view).day)
    await ack()
    await _show_visit_of(stop_id, client, view, desk, actor)


async def stop_removed(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """ "Remove": the window shows the visit without the stop."""
    stop_id = StopRef.parse(view["private_metadata"]).stop
    await desk.stops.remove(actor, stop_id)
    await ack()
    await _show_visit_of(stop_id, client, view, desk, actor)


async def _to_change(desk: Desk, actor: Actor, stop_id: int) -> tuple[Reading, Stop]:
    """A stop that takes place, for somebody who may change the visit; no before a form is opened."""
    picture = await desk.lookup.of_stop(actor, stop_id)
    desk.visits.refuse_unless_changeable(picture.visit, actor)
    stop = picture.stop(stop_id)
    if stop is None or stop.is_removed:
        raise OutOfDate
    return desk.reading(picture, actor), stop


async def _show_visit_of(
    stop_id: int, client: AsyncWebClient, view: Mapping[str, Any], desk: Desk, actor: Actor
) -> None:
    await show_again(client, view, desk, actor, (await desk.lookup.of_stop(actor, stop_id)).visit.key)
