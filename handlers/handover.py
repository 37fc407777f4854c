"""Handing a visit over, and taking everything over from a colleague (G1)."""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotAllowed, VisitIsOver
from bot.i18n import Translator
from bot.messages import entered, handovers
from bot.messages.payloads import ColleagueRef, HandoverRef
from bot.models.people import Actor
from bot.procedure.leaving import can_hand_over
from bot.procedure.picture import Picture
from handlers.desk import Desk
from handlers.windows import show_again

_MENTION = re.compile(r"<@(?P<id>[UW][A-Z0-9]+)(\|[^>]*)?>")


async def hand_over(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Hand over" in a visit's window."""
    await ack()
    picture = await desk.lookup.show(actor, HandoverRef.parse(action["value"]).visit)
    await client.views_push(trigger_id=body["trigger_id"], view=_form(desk, actor, picture))


async def open_hand_over(client: AsyncWebClient, trigger: str, desk: Desk, actor: Actor, picture: Picture) -> None:
    """The same by command."""
    await client.views_open(trigger_id=trigger, view=_form(desk, actor, picture))


async def handed_over(ack: AsyncAck, view: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor) -> None:
    """The new lead host was chosen."""
    ref = HandoverRef.parse(view["private_metadata"])
    chosen = entered.person(view["state"]["values"], "lead_host")
    await desk.handovers.hand_over(actor, ref.visit, ref.host, chosen)
    await ack()
    await show_again(client, view, desk, actor, ref.visit)


async def open_take_over(client: AsyncWebClient, trigger: str, t: Translator, typed: str) -> None:
    """By command: whose things; a mention that was typed is chosen already."""
    found = _MENTION.search(typed)
    await client.views_open(trigger_id=trigger, view=handovers.take_over_form(t, found["id"] if found else ""))


async def colleague_chosen(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor, t: Translator) -> None:
    """Whose things: shown before they are taken over."""
    chosen = entered.person(view["state"]["values"], "colleague")
    person, visits = await desk.handovers.of_colleague(actor, chosen)
    await ack(response_action="update", view=handovers.what_comes(t, person, visits))


async def take_over(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor, t: Translator) -> None:
    """What was shown, and what has come to it since, is the actor's."""
    count = await desk.handovers.take_over(actor, ColleagueRef.parse(view["private_metadata"]).colleague)
    await ack(response_action="update", view=handovers.taken_over(t, count))


def _form(desk: Desk, actor: Actor, picture: Picture) -> dict[str, Any]:
    """Refused at once to those who may not."""
    if not picture.visit.is_open:
        raise VisitIsOver(picture.visit.reference)
    if not can_hand_over(picture, actor):
        raise NotAllowed(picture.visit.kept_by)
    return handovers.hand_over_form(desk.reading(picture, actor))
