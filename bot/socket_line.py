"""The socket through which Slack calls, put down only when whoever called has been answered."""

import asyncio
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

QUIET_SECONDS = 0.2
"""Without any call: then the line is put down."""
LONGEST_SECONDS = 3.0
"""Where calls never cease; Slack gives nobody more time for an answer."""


class SocketLine(AsyncSocketModeHandler):
    """Slack gives a call to any replica that is connected, and to no other one when that hangs up unanswered."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._answering = 0
        self._called_at = 0.0

    async def handle(self, *call: Any) -> None:
        self._answering += 1
        try:
            await super().handle(*call)
        finally:
            self._answering -= 1
            self._called_at = asyncio.get_running_loop().time()

    async def close_async(self) -> None:
        """Returns when the line is down."""
        loop = asyncio.get_running_loop()
        end = loop.time() + LONGEST_SECONDS
        while self._is_busy(loop.time()) and loop.time() < end:  # noqa: ASYNC110 - the SDK's queue tells nobody
            await asyncio.sleep(QUIET_SECONDS / 5)
        await super().close_async()  # type: ignore[no-untyped-call]

    def _is_busy(self, now: float) -> bool:
        waiting = not self.client.message_queue.empty()
        return waiting or bool(self._answering) or now - self._called_at < QUIET_SECONDS
