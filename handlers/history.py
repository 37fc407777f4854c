"""The record of a visit (G5)."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages import history
from bot.messages.blocks import Block
from bot.messages.payloads import HistoryPage, VisitRef
from bot.models.handouts import HandoutKind
from bot.models.people import Actor
from bot.slack import File
from handlers.desk import Desk
from handlers.handing_out import hand_out
from handlers.windows import show_in


async def show_history(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "History" in the visit's window."""
    await ack()
    window = await page_of(desk, actor, VisitRef.parse(action["value"]).visit)
    await client.views_push(trigger_id=body["trigger_id"], view=window)


async def turn_page(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The buttons "Earlier" and "Later"."""
    await ack()
    page = HistoryPage.parse(action["value"])
    await show_in(client, body["view"]["id"], await page_of(desk, actor, page.visit, page.first))


async def export_history(
    ack: AsyncAck, body: Mapping[str, Any], action: Mapping[str, Any], client: AsyncWebClient, desk: Desk, actor: Actor
) -> None:
    """The button "Export as CSV": the whole record to the person's DM, once for each entry that it grows by."""
    visit_id = VisitRef.parse(action["value"]).visit
    entries = await desk.history.entries(actor, visit_id, shown=None)
    reading = desk.reading(entries.picture, actor)
    handout = await desk.handouts.claim(actor, visit_id, HandoutKind.HISTORY, f"{entries.total}:{reading.t.locale}")
    await ack()
    title = reading.t.pgettext("modal.title", "History {reference}", reference=entries.picture.visit.reference)
    file = File(f"{entries.picture.visit.reference}.csv", title, history.table(reading, entries.records))
    window = partial(page_of, desk, actor, visit_id)
    sending = desk.handouts.send(actor, handout, [file], title)
    desk.under_way.go_on(hand_out(client, desk, actor, sending, view_id=body["view"]["id"], window=window))


async def page_of(desk: Desk, actor: Actor, visit_id: int, first: int | None = None) -> Block:
    """A page of the record: from the entry after the `first` on, else the newest."""
    entries = await desk.history.entries(actor, visit_id, first=first, shown=history.SHOWN)
    reading = desk.reading(entries.picture, actor)
    return history.window(reading, entries.records, first=entries.first, total=entries.total)
