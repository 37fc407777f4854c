"""Before any listener: who acts, in which workspace, in which language."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import Posted
from handlers.desk import Desk

_ABOUT_OTHERS = ("user_change", "app_uninstalled", "tokens_revoked")
"""Events in which nobody acts."""


def introducer(desk: Desk) -> Callable[..., Awaitable[Any]]:
    """The middleware that puts `desk`, `workspace`, `actor` and `t` where listeners can ask for them."""

    async def introduce(body: Mapping[str, Any], context: AsyncBoltContext, next_: Callable[[], Awaitable[Any]]) -> Any:
        context["desk"], context["began_at"] = desk, asyncio.get_running_loop().time()
        if context.team_id and context.user_id and (body.get("event") or {}).get("type") not in _ABOUT_OTHERS:
            workspace, actor = await desk.people.acting(context.team_id, context.user_id)
            if desk.people.is_long_unseen(actor.person):
                desk.under_way.go_on(desk.people.see(actor.person))
            context["workspace"], context["actor"] = workspace, actor
            container = body.get("container") or {}
            if container.get("type") == "message":
                pressed = Posted(container["channel_id"], container["message_ts"])
                desk.pressed.note(f"{context.team_id}:{context.user_id}", pressed)
            context["t"] = desk.readers.of(actor.person, workspace)
        return await next_()

    return introduce
