"""What is handed to an app, and what it answers."""

from dataclasses import dataclass
from typing import Any, Literal

EnvelopeKind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """`wants_payload`: the app may answer with content in its ack."""

    kind: EnvelopeKind
    payload: dict[str, Any]
    wants_payload: bool = True
    attempt: int = 0
    retry_reason: str = ""

    @property
    def route(self) -> str:
        """Which of an app's addresses takes it over HTTP."""
        return "options" if self.payload.get("type") == "block_suggestion" else self.kind


@dataclass(frozen=True, slots=True)
class Ack:
    """The app's answer, or what was wrong (`problem` is Slack's code for it)."""

    payload: Any = None
    problem: str | None = None
    retry: bool = True


class Undeliverable(Exception):  # noqa: N818 - a state of the world that callers turn into an ack
    """The app could not be reached, or answered with an error."""

    def __init__(self, reason: str, *, retry: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
