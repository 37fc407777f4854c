"""The buttons of the menu of `/visit`, and what commands and buttons open alike."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.i18n import Translator
from bot.messages import forms, screens, visit_form
from bot.messages.blocks import Message
from bot.models.forms import VisitForm
from bot.models.people import Actor, Workspace
from bot.procedure.picture import Picture
from bot.procedure.proposal import offered, proposed_stops
from bot.services.lookup import AHEAD
from bot.services.today import board_of
from handlers.desk import Desk


async def new_visit(
    ack: AsyncAck,
    body: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """The button "New visit"."""
    await ack()
    await open_form(client, body["trigger_id"], desk, actor, t, workspace)


async def list_visits(ack: AsyncAck, respond: AsyncRespond, desk: Desk, actor: Actor, t: Translator) -> None:
    """The button "List visits"."""
    await ack()
    await _reply(respond, await coming(desk, actor, t))


async def show_today(ack: AsyncAck, respond: AsyncRespond, desk: Desk, actor: Actor) -> None:
    """The button "Today"."""
    await ack()
    await _reply(respond, await today_board(desk, actor))


async def show_help(ack: AsyncAck, respond: AsyncRespond, t: Translator) -> None:
    """The button "Help"."""
    await ack()
    await _reply(respond, screens.help_text(t))


async def open_form(
    client: AsyncWebClient, trigger: str, desk: Desk, actor: Actor, t: Translator, workspace: Workspace
) -> None:
    """The form for a new visit: the unfinished one if there is one."""
    zone = ZoneInfo(workspace.zone)
    draft, unfinished = await desk.drafts.begin(actor, first_form(actor, workspace, desk.clock.now()))
    form = VisitForm.from_json(draft.form)
    stops = proposed_stops(form, workspace)
    ranks = await desk.furnishings.ranks(workspace.id)
    view = visit_form.new_visit(t, form, stops, zone, draft.id, ranks=ranks, unfinished=unfinished)
    await client.views_open(trigger_id=trigger, view=view)


async def copied_form(
    desk: Desk, actor: Actor, t: Translator, workspace: Workspace, picture: Picture
) -> dict[str, Any]:
    """The form for a visit like an earlier one, for its host to look through: nothing is sent before it is opened."""
    draft, zone = await desk.copies.begin(actor, picture.visit.key), ZoneInfo(workspace.zone)
    form = VisitForm.from_json(draft.form)
    notes = [visit_form.copied(t, picture.visit.reference)]
    return visit_form.new_visit(
        t, form, proposed_stops(form, workspace), zone, draft.id, ranks=picture.ranks, unfinished=False, notes=notes
    )


async def open_cancel(
    client: AsyncWebClient, trigger: str, desk: Desk, actor: Actor, picture: Picture, reason: str = ""
) -> None:
    """Ask for the reason before a visit is canceled, or show the one that was typed behind the command; refused at once
    to those who may not."""
    desk.visits.refuse_unless_changeable(picture.visit, actor)
    reading = desk.reading(picture, actor)
    await client.views_open(trigger_id=trigger, view=forms.cancel(reading, reason))


def first_form(actor: Actor, workspace: Workspace, now: datetime) -> VisitForm:
    """Sensible defaults: guests who come the day after tomorrow in the afternoon and leave a day later."""
    zone = ZoneInfo(workspace.zone)
    arrival = now.astimezone(zone).date() + timedelta(days=2)
    form = VisitForm(
        arrival_date=arrival,
        arrival_time=time(14, 30),
        departure_date=arrival + timedelta(days=1),
        departure_time=time(17, 0),
        lead_host=actor.person.slack_id,
    )
    return form.with_stops_offered(offered(proposed_stops(form, workspace)))


async def coming(desk: Desk, actor: Actor, t: Translator) -> Message:
    """The visits of the next days."""
    now = desk.clock.now()
    pictures = await desk.lookup.between(actor, now, now + AHEAD)
    readings = [desk.readers.reading(picture, actor.person, now) for picture in pictures]
    title = t.pgettext("list.header", "Upcoming visits")
    return screens.visits(t, title, readings, t.gettext("No visits are planned."))


async def today_board(desk: Desk, actor: Actor) -> Message:
    """Everything of today, as on the live board."""
    return board_of(desk.readers, await desk.lookup.today(actor), desk.clock.now())


async def _reply(respond: AsyncRespond, message: Message) -> None:
    await respond(response_type="ephemeral", replace_original=False, **message.as_arguments())
