"""The windows of the party (A3)."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import FormErrors, OutOfDate, Problem
from bot.i18n import Translator
from bot.messages import entered, guest_forms, guests
from bot.messages.payloads import GuestRef, ListRef, PartyPage, VisitRef
from bot.models.people import Actor
from bot.procedure.meanwhile import followed
from bot.procedure.party import party_form_of
from bot.procedure.passengers import read_passengers
from bot.procedure.picture import Picture
from bot.services.guests import seen_guest
from handlers.desk import Desk
from handlers.windows import show_again, show_in


async def show_party(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Guests"."""
    await ack()
    await client.views_push(trigger_id=body["trigger_id"], view=await _list(desk, actor, action["value"]))


async def turn_page(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The buttons "Next" and "Previous" under a long list."""
    await ack()
    await show_in(client, body["view"]["id"], await _list(desk, actor, action["value"]))


async def add_guest(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Add a guest"."""
    await ack()
    picture = await _changeable(desk, actor, action["value"])
    view = guest_forms.new_guest(t, picture.visit.key, picture.ranks)
    await client.views_push(trigger_id=body["trigger_id"], view=view)


async def guest_added(ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor) -> None:
    """The form for one guest more was saved."""
    visit_id = VisitRef.parse(view["private_metadata"]).visit
    await desk.guests.add(actor, visit_id, guest_forms.read_guest(view))
    await ack()
    await _show_again(client, view, desk, actor, visit_id)


async def change_guest(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Change" beside a guest."""
    await ack()
    picture = await desk.lookup.of_guest(actor, GuestRef.parse(action["value"]).guest)
    desk.visits.refuse_unless_changeable(picture.visit, actor)
    guest = picture.guest(GuestRef.parse(action["value"]).guest)
    if guest is None:
        raise OutOfDate
    is_lead, is_only = guest == picture.guests[0], len(picture.guests) == 1
    view = guest_forms.change_guest(t, guest, picture.ranks, is_lead=is_lead, is_only=is_only)
    await client.views_push(trigger_id=body["trigger_id"], view=view)


async def guest_changed(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The form of a guest was saved."""
    guest_id = GuestRef.parse(view["private_metadata"]).guest
    present = seen_guest(await desk.lookup.of_guest(actor, guest_id), guest_id)
    seen = guest_forms.read_guest(entered.as_opened(view))
    await desk.guests.change(actor, guest_id, followed(guest_forms.read_guest(view), seen, present))
    await ack()
    picture = await desk.lookup.of_guest(actor, guest_id)
    await _show_again(client, view, desk, actor, picture.visit.key)


async def remove_guest(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Take off the list": the list shows who is left."""
    visit_id = await desk.guests.remove(actor, GuestRef.parse(action["value"]).guest)
    await ack()
    view = body["view"]
    await _show_again(client, view, desk, actor, visit_id)
    left = await _list(desk, actor, PartyPage(visit_id, 0).pack())
    await show_in(client, view["id"], left)


async def paste_guests(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Paste a list"."""
    await ack()
    picture = await _changeable(desk, actor, action["value"])
    await client.views_push(trigger_id=body["trigger_id"], view=guest_forms.paste(t, picture.visit.key))


async def list_pasted(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """A list was pasted: it is shown as it was understood, and counts once it is sent as it was shown."""
    ref, text = ListRef.parse(view["private_metadata"]), guest_forms.read_paste(view)
    picture = await desk.lookup.show(actor, ref.visit)
    titles = {title: rank.value for rank in picture.ranks for title in rank.titles.values()}
    read = read_passengers(text, titles)
    if not read.passengers:
        raise FormErrors({"list": Problem.NOBODY_READ})
    if guest_forms.fingerprint(text) != ref.previewed:
        await ack(response_action="update", view=guest_forms.preview(t, ref.visit, text, read, picture.ranks))
        return
    await desk.guests.add_list(actor, ref.visit, read.passengers)
    await ack()
    await _show_again(client, view, desk, actor, ref.visit)


async def describe_party(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Luggage, hotel, other stops"."""
    await ack()
    picture = await _changeable(desk, actor, action["value"])
    reading = desk.reading(picture, actor)
    await client.views_push(trigger_id=body["trigger_id"], view=guest_forms.party(reading))


async def party_described(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """What concerns the party as a whole was saved."""
    visit_id = VisitRef.parse(view["private_metadata"]).visit
    present = party_form_of((await desk.lookup.show(actor, visit_id)).visit)
    seen = guest_forms.read_party(entered.as_opened(view))
    await desk.guests.describe(actor, visit_id, followed(guest_forms.read_party(view), seen, present))
    await ack()
    await _show_again(client, view, desk, actor, visit_id)


async def _changeable(desk: Desk, actor: Actor, value: str) -> Picture:
    picture = await desk.lookup.show(actor, VisitRef.parse(value).visit)
    desk.visits.refuse_unless_changeable(picture.visit, actor)
    return picture


async def _list(desk: Desk, actor: Actor, value: str) -> dict[str, Any]:
    page = PartyPage.parse(value)
    picture = await desk.lookup.show(actor, page.visit)
    return guests.window(desk.reading(picture, actor), actor, page.first)


async def _show_again(client: AsyncWebClient, view: Mapping[str, Any], desk: Desk, actor: Actor, visit_id: int) -> None:
    """The list and the visit's window under the form show the party as it is now."""
    if view["previous_view_id"] not in (None, view["root_view_id"]):
        shown = await _list(desk, actor, PartyPage(visit_id, 0).pack())
        await show_in(client, view["previous_view_id"], shown)
    await show_again(client, view, desk, actor, visit_id)
