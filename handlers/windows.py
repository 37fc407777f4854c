"""How windows are opened, and the visit's window shown again after a change."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages import visit_window, waits
from bot.messages.blocks import Block
from bot.models.people import Actor
from bot.procedure.picture import Picture
from handlers.desk import Desk


async def open_window(client: AsyncWebClient, body: Mapping[str, Any], view: Block) -> None:
    """Over the window that is open, or a window of its own: the same button stands in windows and under messages."""
    if body.get("view"):
        await client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)


async def show_in(client: AsyncWebClient, view_id: str, view: Block) -> None:
    """In place of what a window shows; the person may have closed it meanwhile."""
    try:
        await client.views_update(view_id=view_id, view=view)
    except SlackApiError as refused:
        if refused.response["error"] != "not_found":
            raise


async def show_visit_in(client: AsyncWebClient, view_id: str, desk: Desk, actor: Actor, visit_id: int) -> None:
    """The visit as it is now, in place of what a window shows."""
    picture = await desk.lookup.show(actor, visit_id)
    await show_in(client, view_id, await window_of(desk, actor, picture))


async def show_again(client: AsyncWebClient, view: Mapping[str, Any], desk: Desk, actor: Actor, visit_id: int) -> None:
    """The window under the form shows the visit as it is now."""
    if view["root_view_id"] != view["id"]:
        await show_visit_in(client, view["root_view_id"], desk, actor, visit_id)


async def window_of(desk: Desk, actor: Actor, picture: Picture) -> Block:
    """The visit's window, with what it collides with."""
    around, silent = await desk.lookup.around(picture), await desk.waits.in_visit(picture)
    reading = desk.reading(picture, actor, around)
    in_vain = [waits.InVain(one.first, one.people, one.deputies, one.times) for one in silent]
    return visit_window.window(reading, actor, waits.in_window(reading, in_vain))
