"""Events to apps: who gets which, and what happens while one is not acknowledged."""

import asyncio
from typing import Any

from sandbox.clock import WorkspaceClock
from sandbox.delivery.dispatch import Deliveries
from sandbox.delivery.envelope import Envelope
from sandbox.ids import new_id
from sandbox.model.apps import App
from sandbox.timings import Timings

SCOPE_OF = {
    "app_mention": "app_mentions:read",
    "file_shared": "files:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
}
_REASONS = {"operation_timeout": "timeout", "dispatch_failed": "http_error"}


class Events:
    """Delivers events in the background; an unacknowledged one comes again, three times at most."""

    def __init__(self, deliveries: Deliveries, team_id: str, clock: WorkspaceClock, timings: Timings) -> None:
        self._deliveries = deliveries
        self._team_id = team_id
        self._clock = clock
        self._timings = timings
        self._tasks: set[asyncio.Task[None]] = set()
        self._first_attempts: set[asyncio.Future[None]] = set()

    def wants(self, app: App, subscription: str) -> bool:
        """Whether the app is subscribed, and may see what it is subscribed to."""
        needed = SCOPE_OF.get(subscription)
        return app.installed and subscription in app.manifest.bot_events and (not needed or needed in app.scopes)

    def tell(self, app: App, subscription: str, event: dict[str, Any]) -> None:
        """Sends the event when the app is subscribed."""
        if self.wants(app, subscription):
            self.tell_anyway(app, event)

    def tell_anyway(self, app: App, event: dict[str, Any]) -> None:
        payload = self._payload(app, event)
        first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._first_attempts.add(first)
        task = asyncio.create_task(self._send(app, payload, first))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Every event so far was attempted once: acknowledged, or found late."""
        while self._first_attempts:
            await asyncio.wait(self._first_attempts)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send(self, app: App, payload: dict[str, Any], first: asyncio.Future[None]) -> None:
        reason = ""
        try:
            for attempt, pause in enumerate((0.0, *self._timings.retry_after)):
                if attempt:
                    await asyncio.sleep(pause)
                envelope = Envelope("events_api", payload, False, attempt, reason)
                ack = await self._deliveries.send(app, envelope)
                self._done(first)
                if ack.problem is None or not ack.retry:
                    return
                reason = _REASONS[ack.problem]
        finally:
            self._done(first)

    def _done(self, first: asyncio.Future[None]) -> None:
        if not first.done():
            first.set_result(None)
        self._first_attempts.discard(first)

    def _payload(self, app: App, event: dict[str, Any]) -> dict[str, Any]:
        authorization = {
            "enterprise_id": None,
            "team_id": self._team_id,
            "user_id": app.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": app.verification_token,
            "team_id": self._team_id,
            "context_team_id": self._team_id,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(self._clock.now().timestamp()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
        }
