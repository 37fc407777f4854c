"""The form for a new visit: what is typed is kept, checked, read back, and becomes a visit."""

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.i18n import Translator
from bot.messages import forms, hints, visit_form
from bot.messages.blocks import Block
from bot.messages.payloads import DraftRef, VisitRef
from bot.models.forms import VisitForm
from bot.models.people import Actor, Workspace
from bot.procedure.legs import with_legs_read
from bot.procedure.proposal import offered, proposed_stops, wanted_stops
from handlers.commands import copied_form, first_form
from handlers.desk import Desk
from handlers.windows import show_in, show_visit_in

_KEEPING_SECONDS = 1.0
"""So long an answer may wait for somebody else who writes."""


async def form_changed(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """Something was chosen in the form: keep everything typed so far, and offer the stops that fit."""
    view = body["view"]
    draft = DraftRef.parse(view["private_metadata"]).draft
    form = visit_form.read(view)
    if action["action_id"] in visit_form.SHAPING:
        form = form.with_stops_offered(offered(proposed_stops(form, workspace)))
    # Kept first: what comes after the answer, such as "Review", would otherwise be kept earlier and lost to this.
    keeping = asyncio.ensure_future(desk.drafts.keep(actor, draft, form))
    await asyncio.wait({keeping}, timeout=_KEEPING_SECONDS)
    await ack()
    await keeping
    if action["action_id"] in visit_form.CHOICES and action["action_id"] not in visit_form.SHAPING:
        return
    notes = visit_form.recognized(t, await desk.clients.known(actor, form.company))
    ids = visit_form.ids_of(view)
    try:
        shown = await _again(desk, t, form, workspace, draft, notes, ids)
        await client.views_update(view_id=view["id"], hash=view["hash"], view=shown)
    except SlackApiError as refused:
        match refused.response["error"]:
            case "hash_conflict":  # another date was chosen before this one had been answered: what was kept last holds
                form = await desk.drafts.kept(actor, draft)
                shown = await _again(desk, t, form, workspace, draft, notes, ids)
                await client.views_update(view_id=view["id"], view=shown)
            case "not_found":  # the window was closed meanwhile
                return
            case _:
                raise


async def _again(
    desk: Desk,
    t: Translator,
    form: VisitForm,
    workspace: Workspace,
    draft: str,
    notes: Sequence[Block] = (),
    ids: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """The form as it stands, with the stops that fit it."""
    zone, ranks = ZoneInfo(workspace.zone), await desk.furnishings.ranks(workspace.id)
    stops = proposed_stops(form, workspace)
    return visit_form.new_visit(t, form, stops, zone, draft, ranks=ranks, unfinished=False, notes=notes, ids=ids)


async def form_closed(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The window was closed: what Slack still knows of it is kept."""
    await ack()
    if view.get("state", {}).get("values"):
        draft = DraftRef.parse(view["private_metadata"])
        await desk.drafts.keep(actor, draft.draft, visit_form.read(view))


async def copy_visit(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """The button "Copy": the form for a visit like this one."""
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    view = await copied_form(desk, actor, t, workspace, picture)
    await ack()
    await show_in(client, body["view"]["id"], view)


async def start_afresh(
    ack: AsyncAck,
    body: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """The button "Start afresh": an empty form instead of the unfinished one."""
    view = body["view"]
    await desk.drafts.discard(actor, DraftRef.parse(view["private_metadata"]).draft)
    draft, _ = await desk.drafts.begin(actor, first_form(actor, workspace, desk.clock.now()))
    await ack()
    form = VisitForm.from_json(draft.form)
    await show_in(client, view["id"], await _again(desk, t, form, workspace, draft.id))


async def form_submitted(
    ack: AsyncAck,
    view: Mapping[str, Any],
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """ "Review": errors at the fields, or everything read back (A7). A pasted line is first shown as it was read."""
    draft = DraftRef.parse(view["private_metadata"])
    today = desk.clock.now().astimezone(ZoneInfo(workspace.zone)).date()
    form, filled = with_legs_read(visit_form.read(view), today)
    if filled:
        form = form.with_stops_offered(offered(proposed_stops(form, workspace)))
    await desk.drafts.keep(actor, draft.draft, form)
    if filled:
        notes, ids = [visit_form.read_from_line(t)], visit_form.ids_of(view, filled)
        shown = await _again(desk, t, form, workspace, draft.draft, notes, ids)
        await ack(response_action="update", view=shown)
        return
    intake = await desk.visits.check(workspace, form)
    zone = ZoneInfo(workspace.zone)
    around = await desk.clients.circumstances(actor, workspace, form, intake)
    about = hints.about(t, form, around)
    built = forms.read_back(t, form, intake, wanted_stops(form, workspace), zone, desk.clock.now(), draft.draft, about)
    await ack(response_action="push", view=built)


async def read_back_confirmed(
    ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """ "Open the visit": it is opened once, and shown in place of the form."""
    visit, _ = await desk.visits.open(actor, DraftRef.parse(view["private_metadata"]).draft)
    await ack()
    await show_visit_in(client, view["root_view_id"], desk, actor, visit.key)
