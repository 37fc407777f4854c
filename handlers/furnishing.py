"""Cars, rooms and ranks: the lists of the settings and the small forms behind them."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import FormErrors, Problem
from bot.i18n import Translator
from bot.messages import entered, furnishing_forms
from bot.messages.payloads import Page, PageRef, PresetRef, RankDeed, RankRef, RoomRef, VehicleRef
from bot.models.people import Actor
from bot.models.ranks import Preset
from bot.models.settings import RoomKind
from handlers.arranging import settings_page
from handlers.desk import Desk
from handlers.windows import show_in


async def add_vehicle(ack: AsyncAck, body: Mapping[str, Any], client: AsyncWebClient, t: Translator) -> None:
    """The button "Add a car"."""
    await ack()
    await client.views_push(trigger_id=body["trigger_id"], view=furnishing_forms.vehicle(t))


async def vehicle_added(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """A car more was typed in."""
    seats = _typed(view, "seats")
    if not seats.isdecimal() or not 1 <= int(seats) <= 80:
        raise FormErrors({"seats": Problem.NOT_A_NUMBER})
    await desk.furnishings.add_vehicle(actor, name=_typed(view, "name"), plate=_typed(view, "plate"), seats=int(seats))
    await ack()
    await _list_again(client, view["root_view_id"], desk, actor, t, Page.CARS)


async def retire_vehicle(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Retire" of a car."""
    await desk.furnishings.retire_vehicle(actor, VehicleRef.parse(action["value"]).vehicle)
    await ack()
    await _list_again(client, body["view"]["id"], desk, actor, t, Page.CARS)


async def add_room(ack: AsyncAck, body: Mapping[str, Any], client: AsyncWebClient, t: Translator) -> None:
    """The button "Add a room"."""
    await ack()
    await client.views_push(trigger_id=body["trigger_id"], view=furnishing_forms.room(t))


async def room_added(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """A room more was typed in."""
    capacity = _typed(view, "capacity")
    if not capacity.isdecimal() or not 1 <= int(capacity) <= 2000:
        raise FormErrors({"capacity": Problem.CAPACITY})
    kind = RoomKind(entered.choice(view["state"]["values"], "kind"))
    await desk.furnishings.add_room(actor, name=_typed(view, "name"), kind=kind, capacity=int(capacity))
    await ack()
    await _list_again(client, view["root_view_id"], desk, actor, t, Page.ROOMS)


async def retire_room(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Retire" of a room."""
    await desk.furnishings.retire_room(actor, RoomRef.parse(action["value"]).room)
    await ack()
    await _list_again(client, body["view"]["id"], desk, actor, t, Page.ROOMS)


async def edit_rank(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """ "Add a rank", or what the menu beside a rank offers."""
    chosen = action.get("selected_option") or action
    ref = RankRef.parse(chosen["value"])
    if ref.deed == RankDeed.REMOVE:
        await desk.furnishings.remove_rank(actor, ref.rank)
        await ack()
        await _list_again(client, body["view"]["id"], desk, actor, t, Page.RANKS)
        return
    await ack()
    found = await desk.arrangements.settings(actor)
    rank = next((rank for rank in found.ranks if rank.id == ref.rank), None)
    await client.views_push(trigger_id=body["trigger_id"], view=furnishing_forms.rank(t, rank))


async def rank_saved(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """Number and titles of a rank were saved."""
    rank_id = RankRef.parse(view["private_metadata"]).rank
    value, titles = furnishing_forms.read_rank(view)
    await desk.furnishings.set_rank(actor, rank_id or None, value=value, titles=titles)
    await ack()
    await _list_again(client, view["root_view_id"], desk, actor, t, Page.RANKS)


async def use_preset(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The ranks of a preset instead of the house's."""
    await desk.furnishings.use_preset(actor, Preset(PresetRef.parse(action["value"]).preset))
    await ack()
    await _list_again(client, body["view"]["id"], desk, actor, t, Page.RANKS)


async def give_rank(
    ack: AsyncAck, body: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """The button "Set a person's rank"."""
    await ack()
    ranks = await desk.furnishings.ranks(actor.person.workspace_id)
    await client.views_push(trigger_id=body["trigger_id"], view=furnishing_forms.persons_rank(t, ranks))


async def rank_given(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator
) -> None:
    """Somebody's rank was set."""
    slack_id, value = furnishing_forms.read_persons_rank(view)
    person = (await desk.people.known(actor.person.workspace_id, [slack_id])).get(slack_id)
    if person is None or not person.is_active:
        raise FormErrors({"person": Problem.NOT_A_PERSON})
    await desk.furnishings.give_rank(actor, person, value)
    await ack()
    await _list_again(client, view["root_view_id"], desk, actor, t, Page.RANKS)


async def _list_again(
    client: AsyncWebClient, view_id: str, desk: Desk, actor: Actor, t: Translator, page: Page
) -> None:
    await show_in(client, view_id, await settings_page(desk, actor, t, PageRef(page)))


def _typed(view: Mapping[str, Any], name: str) -> str:
    return entered.text(view["state"]["values"], name).strip()
