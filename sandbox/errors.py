"""What is refused, to apps and to people."""

from collections.abc import Mapping, Sequence
from typing import Any


class SlackError(Exception):
    """Answered to an app as Slack answers: `{"ok": false, "error": code, …}`."""

    def __init__(
        self,
        code: str,
        messages: Sequence[str] = (),
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = list(messages)
        self.status = status
        self.headers = dict(headers or {})
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        if self.code == "invalid_blocks":
            answer["errors"] = self.messages
        return answer


class Refusal(Exception):  # noqa: N818 - an answer to a person, not a failure
    """What a person tried cannot be done; `code` is for programs and `detail` for whoever reads it."""

    def __init__(self, code: str, detail: str = "", *, status: int = 400, **extra: Any) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.status = status
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        return {"ok": False, "error": self.code, "detail": self.detail, **self.extra}
