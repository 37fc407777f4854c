"""Answers to reminders and duties: one press each, the first counts."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.i18n import Translator, escape
from bot.messages import double_check
from bot.messages.ids import Action
from bot.messages.payloads import NoticeRef, VisitRef
from bot.models.notices import DeclarationKind
from bot.models.people import Actor, Workspace
from handlers.desk import Desk
from handlers.you import publish_home

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


async def declare(
    ack: AsyncAck,
    body: Mapping[str, Any],
    action: Mapping[str, Any],
    client: AsyncWebClient,
    desk: Desk,
    actor: Actor,
    t: Translator,
    workspace: Workspace,
) -> None:
    """A reminder's button. The message that was clicked is edited by the delivery, like all its copies; the Home tab
    is shown anew."""
    kind = DECLARATIONS[Action(action["action_id"])]
    await desk.declarations.declare(actor, NoticeRef.parse(action["value"]).notice, kind)
    await ack()
    if (body.get("view") or {}).get("type") == "home":
        await publish_home(client, desk, actor, t, workspace)


async def take_back_attendance(ack: AsyncAck, action: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The button "I can't after all" of somebody who said that they attend."""
    await desk.declarations.take_back(actor, NoticeRef.parse(action["value"]).notice)
    await ack()


async def attend_after_all(ack: AsyncAck, action: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The button "I'll attend after all" of somebody who said that they can't."""
    await desk.declarations.attend_after_all(actor, NoticeRef.parse(action["value"]).notice)
    await ack()


async def remind_everyone(
    ack: AsyncAck, action: Mapping[str, Any], respond: AsyncRespond, desk: Desk, actor: Actor
) -> None:
    """The button "Remind everyone" under a double check."""
    visit_id = VisitRef.parse(action["value"]).visit
    people = await desk.nudges.remind_everyone(actor, visit_id)
    await ack()
    reading = desk.reading(await desk.lookup.show(actor, visit_id), actor)
    text = escape(double_check.reminded(reading, people)).text
    await respond(text=text, response_type="ephemeral", replace_original=False)
