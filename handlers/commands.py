"""`/visit` and its sub-commands, and the buttons of its menu."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.i18n import Translator
from bot.messages import cards, driving, forms, ledger, screens, visit_form, waits
from bot.messages.blocks import Message
from bot.messages.payloads import Page, PageRef
from bot.models.forms import VisitForm
from bot.models.people import Actor, Workspace
from bot.models.visits import RemarkKind
from bot.procedure.picture import Picture
from bot.procedure.proposal import offered, proposed_stops
from bot.services.lookup import AHEAD
from bot.services.today import board_of
from handlers import history
from handlers.absence import open_form as open_away
from handlers.arranging import settings_page
from handlers.desk import Desk
from handlers.handover import open_hand_over, open_take_over
from handlers.plans import plan_page
from handlers.road import open_delay, open_note
from handlers.words import Word, understand
from handlers.you import waiting_for


async def visit_command(
    ack: AsyncAck,
    command: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """`/visit …`: answers the one who typed it, and nobody else."""
    word, rest = understand(command.get("text") or "")
    trigger = command["trigger_id"]
    match word:
        case Word.CREATE:
            await ack()
            await open_form(client, trigger, desk, actor, t, workspace)
        case Word.SHOW if rest:
            picture = await desk.lookup.find(actor, rest)
            around = await desk.lookup.around(picture)
            await _answer(ack, cards.card(desk.reading(picture, actor, around)))
        case Word.PLAN if rest:
            picture = await desk.lookup.find(actor, rest)
            await ack()
            await client.views_open(trigger_id=trigger, view=await plan_page(desk, actor, picture))
        case Word.SHOW | Word.LIST:
            await _answer(ack, await _coming(desk, actor, t))
        case Word.TODAY:
            await _answer(ack, await _today(desk, actor))
        case Word.CANCEL if rest:
            picture = await desk.lookup.find(actor, rest)
            await ack()
            await open_cancel(client, trigger, desk, actor, picture)
        case Word.DELAY if rest:
            reference, _, minutes = rest.partition(" ")
            picture = await desk.lookup.find(actor, reference)
            if minutes:
                await desk.delays.delay(actor, picture.visit.key, minutes)
                picture = await desk.lookup.find(actor, reference)
                await _answer(ack, cards.card(desk.reading(picture, actor)))
            else:
                await ack()
                await open_delay(client, trigger, desk, actor, picture)
        case Word.NOTE if rest:
            reference, _, text = rest.partition(" ")
            picture = await desk.lookup.find(actor, reference)
            if text:
                await desk.remarks.note(actor, picture.visit.key, RemarkKind.WISH, text)
                await _answer(ack, driving.kept(t))
            else:
                await ack()
                await open_note(client, trigger, desk, actor, picture)
        case Word.LOG if rest:
            picture = await desk.lookup.find(actor, rest)
            notices = await desk.lookup.ledger(actor, picture)
            await _answer(ack, ledger.ledger(desk.reading(picture, actor), notices))
        case Word.HISTORY if rest:
            picture = await desk.lookup.find(actor, rest)
            await ack()
            await client.views_open(trigger_id=trigger, view=await history.page_of(desk, actor, picture.visit.key))
        case Word.COPY if rest:
            picture = await desk.lookup.find(actor, rest)
            await ack()
            view = await copied_form(desk, actor, t, workspace, picture)
            await client.views_open(trigger_id=trigger, view=view)
        case Word.LANGUAGE:
            await ack()
            deputy = await desk.people.deputy_of(actor)
            view = forms.language(t, actor.person, deputy, desk.clock.now())
            await client.views_open(trigger_id=trigger, view=view)
        case Word.HANDOVER if rest:
            picture = await desk.lookup.find(actor, rest)
            await ack()
            await open_hand_over(client, trigger, desk, actor, picture)
        case Word.TAKEOVER:
            await ack()
            await open_take_over(client, trigger, t, rest)
        case Word.WAITING:
            await _answer(ack, waits.message(t, await waiting_for(desk, actor)))
        case Word.AWAY:
            await ack()
            await open_away(client, trigger, desk, actor, t, workspace)
        case Word.SETTINGS:
            await ack()
            await client.views_open(trigger_id=trigger, view=await settings_page(desk, actor, t, PageRef(Page.MENU)))
        case Word.MENU:
            await _answer(ack, screens.menu(t))
        case (
            Word.HANDOVER
            | Word.PLAN
            | Word.CANCEL
            | Word.COPY
            | Word.LOG
            | Word.HISTORY
            | Word.DELAY
            | Word.NOTE
            | Word.HELP
        ):
            await _answer(ack, screens.help_text(t))
        case None:
            await _answer(ack, screens.help_text(t, unknown=command.get("text") or ""))


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
    await _reply(respond, await _coming(desk, actor, t))


async def show_today(ack: AsyncAck, respond: AsyncRespond, desk: Desk, actor: Actor) -> None:
    """The button "Today"."""
    await ack()
    await _reply(respond, await _today(desk, actor))


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


async def open_cancel(client: AsyncWebClient, trigger: str, desk: Desk, actor: Actor, picture: Picture) -> None:
    """Ask for the reason before a visit is canceled; refused at once to those who may not."""
    desk.visits.refuse_unless_changeable(picture.visit, actor)
    reading = desk.reading(picture, actor)
    await client.views_open(trigger_id=trigger, view=forms.cancel(reading))


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


async def _coming(desk: Desk, actor: Actor, t: Translator) -> Message:
    now = desk.clock.now()
    pictures = await desk.lookup.between(actor, now, now + AHEAD)
    readings = [desk.readers.reading(picture, actor.person, now) for picture in pictures]
    title = t.pgettext("list.header", "Upcoming visits")
    return screens.visits(t, title, readings, t.gettext("No visits are planned."))


async def _today(desk: Desk, actor: Actor) -> Message:
    return board_of(desk.readers, await desk.lookup.today(actor), desk.clock.now())


async def _answer(ack: AsyncAck, message: Message) -> None:
    await ack(response_type="ephemeral", **message.as_arguments())


async def _reply(respond: AsyncRespond, message: Message) -> None:
    await respond(response_type="ephemeral", replace_original=False, **message.as_arguments())
