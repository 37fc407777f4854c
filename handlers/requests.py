"""Answers to requests, in their messages or from a visit's window: the first counts."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import FormErrors, OutOfDate, Problem
from bot.i18n import Translator
from bot.messages import booking_forms, entered
from bot.messages.payloads import BookingRef, RequestMenu, RequestVerb
from bot.models.people import Actor
from handlers.desk import Desk
from handlers.windows import open_window, show_again, show_visit_in


async def confirm_request(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Confirm": one press, or a form where there is something to say."""
    await _confirm(ack, body, BookingRef.parse(action["value"]), client, desk, actor)


async def request_confirmed(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """What there is to say was said."""
    ref = BookingRef.parse(view["private_metadata"])
    await desk.bookings.confirm(actor, ref.booking, ref.version, booking_forms.read(view))
    await _shown_again(ack, view, client, desk, actor, ref)


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
    await _decline(ack, body, BookingRef.parse(action["value"]), client, desk, actor, t)


async def request_declined(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The reason was given."""
    ref = BookingRef.parse(view["private_metadata"])
    await desk.bookings.decline(actor, ref.booking, ref.version, _reason(view))
    await _shown_again(ack, view, client, desk, actor, ref)


async def take_back_request(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "I can't after all" or "Take back", once Slack has asked whether it is meant."""
    ref = BookingRef.parse(action["value"])
    await desk.bookings.take_back(actor, ref.booking, ref.version)
    await ack()
    await _window_again(client, body, desk, actor, ref)


async def propose_otherwise(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Suggest a change": another time, or something in words."""
    await _propose(ack, body, BookingRef.parse(action["value"]), client, desk, actor)


async def otherwise_proposed(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """What is suggested was said."""
    ref = BookingRef.parse(view["private_metadata"])
    await desk.bookings.propose(actor, ref.booking, ref.version, booking_forms.read(view))
    await _shown_again(ack, view, client, desk, actor, ref)


async def accept_counter(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The lead host takes what was suggested."""
    await _accept(ack, body, BookingRef.parse(action["value"]), client, desk, actor)


async def reject_counter(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Don't accept": the reason first."""
    await _reject(ack, body, BookingRef.parse(action["value"]), client, desk, actor, t)


async def counter_rejected(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """Why it is not taken."""
    ref = BookingRef.parse(view["private_metadata"])
    await desk.bookings.reject(actor, ref.booking, ref.version, _reason(view))
    await _shown_again(ack, view, client, desk, actor, ref)


async def reassign_request(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Ask somebody else": whom?"""
    await _reassign(ack, body, BookingRef.parse(action["value"]), client, desk, actor)


async def request_reassigned(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """Somebody was chosen."""
    ref = BookingRef.parse(view["private_metadata"])
    chosen = entered.person(view["state"]["values"], "owner")
    await desk.bookings.reassign(actor, ref.booking, ref.version, chosen)
    await _shown_again(ack, view, client, desk, actor, ref)


async def request_menu(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The menu beside a request in the visit's window."""
    chosen = RequestMenu.parse(action["selected_option"]["value"])
    ref = BookingRef(chosen.booking, chosen.version)
    match chosen.verb:
        case RequestVerb.CONFIRM:
            await _confirm(ack, body, ref, client, desk, actor)
        case RequestVerb.DECLINE:
            await _decline(ack, body, ref, client, desk, actor, t)
        case RequestVerb.PROPOSE:
            await _propose(ack, body, ref, client, desk, actor)
        case RequestVerb.ACCEPT:
            await _accept(ack, body, ref, client, desk, actor)
        case RequestVerb.REJECT:
            await _reject(ack, body, ref, client, desk, actor, t)
        case RequestVerb.REASSIGN:
            await _reassign(ack, body, ref, client, desk, actor)
        case _:
            raise OutOfDate


async def assign_vehicle(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Assign vehicle": car and driver in a form."""
    await ack()
    ref = BookingRef.parse(action["value"])
    asked = await desk.bookings.look(actor, ref.booking, ref.version, to=RequestVerb.ASSIGN)
    supply = await desk.bookings.supply(asked.booking, asked.picture, asked.rule)
    view = booking_forms.assign_vehicle(desk.reading(asked.picture, actor), asked.booking, supply)
    await open_window(client, body, view)


async def vehicle_assigned(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """Car and driver were chosen."""
    ref = BookingRef.parse(view["private_metadata"])
    values = view["state"]["values"]
    vehicle = entered.choice(values, "vehicle")
    driver = entered.person(values, "driver")
    missing = {name: Problem.MISSING for name, chosen in (("vehicle", vehicle), ("driver", driver)) if not chosen}
    if missing:
        raise FormErrors(missing)
    await desk.bookings.assign(actor, ref.booking, ref.version, int(vehicle), driver)
    await _shown_again(ack, view, client, desk, actor, ref)


async def _confirm(
    ack: AsyncAck, body: Mapping[str, Any], ref: BookingRef, client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    asked = await desk.bookings.look(actor, ref.booking, ref.version, to=RequestVerb.CONFIRM)
    if asked.rule is not None and asked.rule.confirm:
        await ack()
        supply = await desk.bookings.supply(asked.booking, asked.picture, asked.rule)
        view = booking_forms.confirm(desk.reading(asked.picture, actor), asked.booking, asked.stop, supply)
        await open_window(client, body, view)
        return
    await desk.bookings.confirm(actor, ref.booking, ref.version)
    await ack()
    await _window_again(client, body, desk, actor, ref)


async def _decline(
    ack: AsyncAck,
    body: Mapping[str, Any],
    ref: BookingRef,
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    await ack()
    asked = await desk.bookings.look(actor, ref.booking, ref.version, to=RequestVerb.DECLINE)
    await open_window(client, body, booking_forms.reason(t, ref, asked.booking))


async def _propose(
    ack: AsyncAck, body: Mapping[str, Any], ref: BookingRef, client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    await ack()
    asked = await desk.bookings.look(actor, ref.booking, ref.version, to=RequestVerb.PROPOSE)
    supply = await desk.bookings.supply(asked.booking, asked.picture, asked.rule)
    view = booking_forms.propose(desk.reading(asked.picture, actor), asked.booking, asked.stop, supply)
    await open_window(client, body, view)


async def _accept(
    ack: AsyncAck, body: Mapping[str, Any], ref: BookingRef, client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    await desk.bookings.accept(actor, ref.booking, ref.version)
    await ack()
    await _window_again(client, body, desk, actor, ref)


async def _reject(
    ack: AsyncAck,
    body: Mapping[str, Any],
    ref: BookingRef,
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    await ack()
    await desk.bookings.look(actor, ref.booking, ref.version, to=RequestVerb.REJECT)
    await open_window(client, body, booking_forms.reject(t, ref))


async def _reassign(
    ack: AsyncAck, body: Mapping[str, Any], ref: BookingRef, client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    await ack()
    asked = await desk.bookings.look(actor, ref.booking, ref.version, to=RequestVerb.REASSIGN)
    await open_window(client, body, booking_forms.reassign(desk.reading(asked.picture, actor), asked.booking))


def _reason(view: Mapping[str, Any]) -> str:
    return entered.text(view["state"]["values"], "reason")


async def _shown_again(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor, ref: BookingRef
) -> None:
    """The form closes; the visit's window under it shows the request as it is now."""
    await ack()
    picture = await desk.lookup.of_booking(actor, ref.booking)
    await show_again(client, view, desk, actor, picture.visit.key)


async def _window_again(
    client: AsyncWebClient, body: Mapping[str, Any], desk: Desk, actor: Actor, ref: BookingRef
) -> None:
    """Pressed in the visit's window: it shows the request as it is now."""
    if body.get("view"):
        picture = await desk.lookup.of_booking(actor, ref.booking)
        await show_visit_in(client, body["view"]["id"], desk, actor, picture.visit.key)
