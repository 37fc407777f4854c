"""Papers and passports (A5)."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotAllowed, OutOfDate
from bot.i18n import Translator
from bot.messages import papers
from bot.messages.payloads import GuestRef, VisitRef
from bot.models.people import Actor
from handlers.desk import Desk
from handlers.windows import show_again, show_in


async def show_papers(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Papers"."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    if not (picture.visit.can_be_changed_by(actor) or picture.visit.can_see_passports(actor)):
        raise NotAllowed(picture.visit.kept_by)
    await client.views_push(trigger_id=body["trigger_id"], view=await _window(desk, actor, picture.visit.key))


async def papers_listed(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The checklist was saved."""
    visit_id = VisitRef.parse(view["private_metadata"]).visit
    await desk.papers.list_papers(actor, visit_id, papers.read(view))
    await ack()
    await show_again(client, view, desk, actor, visit_id)


async def show_passport(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
) -> None:
    """The button "Passport data": for those who may see it, where it can be kept."""
    await ack()
    guest_id = GuestRef.parse(action["value"]).guest
    form = await desk.papers.passport(actor, guest_id)
    guest = (await desk.lookup.of_guest(actor, guest_id)).guest(guest_id)
    if guest is None:
        raise OutOfDate
    await client.views_push(trigger_id=body["trigger_id"], view=papers.passport(t, guest, form))


async def passport_typed(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """Name and number were typed: they are sealed, and the window before shows that they are there."""
    guest_id = GuestRef.parse(view["private_metadata"]).guest
    await desk.papers.keep_passport(actor, guest_id, papers.read_passport(view))
    await ack()
    picture = await desk.lookup.of_guest(actor, guest_id)
    await show_in(client, view["previous_view_id"], await _window(desk, actor, picture.visit.key))


async def _window(desk: Desk, actor: Actor, visit_id: int) -> dict[str, Any]:
    picture = await desk.lookup.show(actor, visit_id)
    return papers.window(desk.reading(picture, actor), actor)
