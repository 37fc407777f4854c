"""What went over the wire, for tests and for the curious: every call of an app and every envelope to one."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call of the Web API (or of a response_url), without its token."""

    method: str
    app_id: str | None
    arguments: dict[str, Any]
    status: int
    answer: dict[str, Any]
    at: float
    workspace_time: datetime

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))


@dataclass(frozen=True, slots=True)
class Delivered:
    """One attempt to hand an envelope to an app, with what came of it."""

    kind: str
    app_id: str
    payload: dict[str, Any]
    transport: str
    attempt: int
    answer: Any
    problem: str | None
    took: float
    at: float
    workspace_time: datetime


Entry = ApiCall | Delivered


class Record:
    """The most recent calls and deliveries in the order in which they ended, oldest first."""

    def __init__(self, limit: int = 200_000) -> None:
        self.entries: deque[Entry] = deque(maxlen=limit)
        self.on_entry: Callable[[], None] = lambda: None

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.on_entry()

    @property
    def calls(self) -> list[ApiCall]:
        return [entry for entry in self.entries if isinstance(entry, ApiCall)]

    @property
    def deliveries(self) -> list[Delivered]:
        return [entry for entry in self.entries if isinstance(entry, Delivered)]

    def calls_of(self, method: str) -> list[ApiCall]:
        return [call for call in self.calls if call.method == method]

    def deliveries_of(self, kind: str) -> list[Delivered]:
        """Those of `slash_commands`, `interactive` or `events_api`."""
        return [delivered for delivered in self.deliveries if delivered.kind == kind]

    def clear(self) -> None:
        self.entries.clear()
