"""Answers to requests and reminders: one press each, the first counts."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import FormErrors, Problem
from bot.i18n import Translator, escape
from bot.messages import cards, double_check, forms
from bot.messages.payloads import Action, BookingRef, NoticeRef, VisitRef
from bot.models.notices import DeclarationKind
from bot.models.people import Actor
from handlers.changing import show_again
from handlers.desk import Desk

DECLARATIONS = {
    Action.DECLARE_ON_MY_WAY: DeclarationKind.ON_MY_WAY,
    Action.DECLARE_ATTENDS: DeclarationKind.ATTENDS,
    Action.DECLARE_CANNOT_ATTEND: DeclarationKind.CANNOT_ATTEND,
    Action.DECLARE_GOT_IT: DeclarationKind.GOT_IT,
    Action.DECLARE_DONE: DeclarationKind.DONE,
    Action.DECLARE_IN_PLACE: DeclarationKind.IN_PLACE,
    Action.DECLARE_ABOARD: DeclarationKind.ABOARD,
    Action.DECLARE_ARRIVED: DeclarationKind.ARRIVED,
    Action.DECLARE_HERE: DeclarationKind.HERE,
}


async def declare(ack: AsyncAck, action: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """A reminder's button. The message that was clicked is edited by the delivery, like all its copies."""
    await ack()
    kind = DECLARATIONS[Action(action["action_id"])]
    await desk.declarations.declare(actor, NoticeRef.parse(action["value"]).notice, kind)


async def remind_everyone(
    ack: AsyncAck, action: Mapping[str, Any], respond: AsyncRespond, desk: Desk, actor: Actor
) -> None:
    """The button "Remind everyone" under a double check."""
    await ack()
    visit_id = VisitRef.parse(action["value"]).visit
    people = await desk.nudges.remind_everyone(actor, visit_id)
    reading = desk.readers.reading(await desk.lookup.show(actor, visit_id), actor.person, desk.clock.now())
    text = escape(double_check.reminded(reading, people)).text
    await respond(text=text, response_type="ephemeral", replace_original=False)


async def confirm_request(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Confirm" of a driver or of the executive office, in the message or in the visit's window."""
    await ack()
    ref = BookingRef.parse(action["value"])
    await desk.bookings.confirm(actor, ref.booking, ref.version)
    if body.get("view"):
        picture = await desk.lookup.of_booking(actor, ref.booking)
        window = cards.window(desk.readers.reading(picture, actor.person, desk.clock.now()), actor)
        await client.views_update(view_id=body["view"]["id"], view=window)


async def decline_request(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "I can't": the reason first."""
    ref = BookingRef.parse(action["value"])
    booking = await desk.bookings.answerable(actor, ref.booking, ref.version)
    await ack()
    await _open(client, body, forms.reason(t, ref, booking))


async def request_declined(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The reason was given."""
    ref = BookingRef.parse(view["private_metadata"])
    reason = view["state"]["values"]["reason"]["reason"].get("value") or ""
    await desk.bookings.decline(actor, ref.booking, ref.version, reason)
    picture = await desk.lookup.of_booking(actor, ref.booking)
    await show_again(client, view, desk, actor, picture.visit.key)
    await ack()


async def assign_vehicle(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
) -> None:
    """The button "Assign vehicle": car and driver in a form."""
    ref = BookingRef.parse(action["value"])
    booking = await desk.bookings.assignable(actor, ref.booking, ref.version)
    picture = await desk.lookup.of_booking(actor, ref.booking)
    vehicles = await desk.bookings.vehicles(actor)
    reading = desk.readers.reading(picture, actor.person, desk.clock.now())
    await ack()
    await _open(client, body, forms.assign_vehicle(reading, booking, vehicles))


async def vehicle_assigned(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """Car and driver were chosen."""
    ref = BookingRef.parse(view["private_metadata"])
    values = view["state"]["values"]
    vehicle = values["vehicle"]["vehicle"].get("selected_option")
    driver = values["driver"]["driver"].get("selected_user")
    missing = {name: Problem.MISSING for name, chosen in (("vehicle", vehicle), ("driver", driver)) if not chosen}
    if missing:
        raise FormErrors(missing)
    await desk.bookings.assign(actor, ref.booking, ref.version, int(vehicle["value"]), driver)
    picture = await desk.lookup.of_booking(actor, ref.booking)
    await show_again(client, view, desk, actor, picture.visit.key)
    await ack()


async def _open(client: AsyncWebClient, body: Mapping[str, Any], view: dict[str, Any]) -> None:
    """A form over the window that is open, or a window of its own."""
    if body.get("view"):
        await client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
