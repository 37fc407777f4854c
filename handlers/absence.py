"""Going away and coming back: from a message that asks once more, from the Home tab, or by command."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.i18n import Translator
from bot.messages import absences, entered
from bot.models.people import Actor, Workspace
from handlers.desk import Desk
from handlers.you import publish_home


async def go_away(
    ack: AsyncAck,
    body: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """The button "I'm away"."""
    await ack()
    await open_form(client, body["trigger_id"], desk, actor, t, workspace)


async def open_form(
    client: AsyncWebClient, trigger: str, desk: Desk, actor: Actor, t: Translator, workspace: Workspace
) -> None:
    """The form: back tomorrow unless another day is chosen."""
    tomorrow = desk.clock.now().astimezone(ZoneInfo(workspace.zone)).date() + timedelta(days=1)
    view = absences.form(t, await desk.people.deputy_of(actor), tomorrow)
    await client.views_open(trigger_id=trigger, view=view)


async def went_away(
    ack: AsyncAck,
    view: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """Deputy and day were chosen."""
    values = view["state"]["values"]
    deputy = entered.person(values, "deputy")
    person = await desk.absences.go_away(actor, deputy, entered.day(values, "back_on"))
    await ack()
    await publish_home(client, desk, replace(actor, person=person), t, workspace)


async def come_back(
    ack: AsyncAck, client: AsyncWebClient, desk: Desk, actor: Actor, t: Translator, workspace: Workspace
) -> None:
    """The button "I'm back"."""
    person = await desk.absences.come_back(actor)
    await ack()
    await publish_home(client, desk, replace(actor, person=person), t, workspace)
