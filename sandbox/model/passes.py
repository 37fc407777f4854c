"""Passes that Slack hands to an app along with a person's action: trigger ids and response URLs."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.errors import SlackError
from sandbox.ids import new_secret
from sandbox.store import Store


@dataclass(slots=True)
class Trigger:
    app_id: str
    user_id: str
    issued_at: float
    used: bool = False


class Triggers:
    """Trigger ids: good once, for a few seconds of real time."""

    def __init__(self, monotonic: Callable[[], float], lifetime: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lifetime = lifetime
        self._by_id: dict[str, Trigger] = {}

    def issue(self, app_id: str, user_id: str) -> str:
        number = secrets.randbelow(10**12)
        trigger_id = f"{number}.{len(self._by_id) + 10**10}.{secrets.token_hex(16)}"
        self._by_id[trigger_id] = Trigger(app_id, user_id, self._monotonic())
        return trigger_id

    def use(self, trigger_id: str, app_id: str) -> Trigger:
        trigger = self._by_id.get(trigger_id)
        if trigger is None or trigger.app_id != app_id:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._monotonic() - trigger.issued_at > self._lifetime():
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger


@dataclass(slots=True)
class ResponsePass:
    """A response_url: whom it answers and where, and which message it may replace."""

    app_id: str
    user_id: str
    channel_id: str
    issued_at: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


class ResponsePasses:
    """Response URLs: five uses within thirty minutes of real time."""

    KIND = "response_url"
    USES = 5
    SECONDS = 30 * 60

    def __init__(self, store: Store, wall: Callable[[], float]) -> None:
        self._store = store
        self._wall = wall
        self._by_key = {key: ResponsePass(**document) for key, document in store.all(self.KIND)}

    def issue(self, team_id: str, **fields: Any) -> str:
        """Answers with the path of a new response URL."""
        self._drop_expired()
        key = f"{team_id}/{secrets.randbelow(10**13)}/{new_secret(size=12)}"
        self._keep(key, ResponsePass(issued_at=self._wall(), **fields))
        return f"/response/{key}"

    def use(self, key: str) -> ResponsePass:
        """Counts one use; refuses an unknown, exhausted or expired one."""
        found = self._by_key.get(key)
        if found is None or self._wall() - found.issued_at > self.SECONDS:
            raise SlackError("expired_url", status=404)
        if found.uses >= self.USES:
            raise SlackError("used_url", status=404)
        found.uses += 1
        self._keep(key, found)
        return found

    def _keep(self, key: str, one: ResponsePass) -> None:
        self._by_key[key] = one
        self._store.put(self.KIND, key, asdict(one))

    def _drop_expired(self) -> None:
        horizon = self._wall() - 2 * self.SECONDS
        for key in [key for key, one in self._by_key.items() if one.issued_at < horizon]:
            del self._by_key[key]
            self._store.delete(self.KIND, key)
