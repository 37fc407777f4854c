"""On the road: the driver's card, who is aboard, delays, and what the guests wish."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import FormErrors, Problem
from bot.messages import entered, road_forms
from bot.messages.payloads import LateRef, NoticeRef, VisitRef
from bot.models.people import Actor
from bot.models.remarks import RemarkKind
from bot.procedure.picture import Picture
from handlers.desk import Desk


async def declare_late(ack: AsyncAck, action: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """The menu "Late by …" on a driver's card."""
    ref = LateRef.parse(action["selected_option"]["value"])
    await desk.declarations.late(actor, ref.notice, ref.minutes)
    await ack()


async def count_aboard(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Other number"."""
    await ack()
    notice_id = NoticeRef.parse(action["value"]).notice
    picture, declared = await desk.declarations.boarding(actor, notice_id)
    reading = desk.reading(picture, actor)
    await client.views_open(trigger_id=body["trigger_id"], view=road_forms.aboard(reading, declared, notice_id))


async def aboard_counted(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """Guests and luggage were counted."""
    counts = {field: entered.text(view["state"]["values"], field).strip() for field in ("guests", "luggage")}
    wrong = {field: Problem.NOT_A_NUMBER for field, text in counts.items() if text and not text.isdecimal()}
    wrong |= {} if counts["guests"] else {"guests": Problem.MISSING}
    if wrong:
        raise FormErrors(wrong)
    notice_id = NoticeRef.parse(view["private_metadata"]).notice
    luggage = int(counts["luggage"]) if counts["luggage"] else None
    await desk.declarations.count(actor, notice_id, int(counts["guests"]), luggage)
    await ack()


async def note(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The buttons "Note" and "Note a wish"."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    await open_note(client, body["trigger_id"], desk, actor, picture)


async def open_note(client: AsyncWebClient, trigger: str, desk: Desk, actor: Actor, picture: Picture) -> None:
    """The window for a note; refused at once to those who take no part."""
    desk.remarks.refuse_unless_taking_part(picture, actor)
    reading = desk.reading(picture, actor)
    await client.views_open(trigger_id=trigger, view=road_forms.note(reading))


async def noted(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """A note was sent."""
    visit_id = VisitRef.parse(view["private_metadata"]).visit
    values = view["state"]["values"]
    kind = RemarkKind(entered.choice(values, "kind") or RemarkKind.WISH)
    text, about = entered.text(values, "text").strip(), entered.person(values, "about")
    await desk.remarks.note(actor, visit_id, kind, text, about)
    await ack()


async def delay(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Delayed"."""
    await ack()
    picture = await desk.lookup.show(actor, VisitRef.parse(action["value"]).visit)
    await open_delay(client, body["trigger_id"], desk, actor, picture)


async def open_delay(client: AsyncWebClient, trigger: str, desk: Desk, actor: Actor, picture: Picture) -> None:
    """The window for a delay; refused at once to those whom it does not concern."""
    desk.delays.refuse_unless_concerned(picture, actor)
    reading = desk.reading(picture, actor)
    await client.views_open(trigger_id=trigger, view=road_forms.delay(reading))


async def delayed(ack: AsyncAck, view: Mapping[str, Any], desk: Desk, actor: Actor) -> None:
    """How late the guests arrive was sent."""
    visit_id = VisitRef.parse(view["private_metadata"]).visit
    await desk.delays.delay(actor, visit_id, entered.text(view["state"]["values"], "minutes").strip())
    await ack()
