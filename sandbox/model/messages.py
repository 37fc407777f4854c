"""Messages, in the order in which they were written."""

import bisect
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.store import Store

Body = dict[str, Any]


@dataclass(slots=True)
class Message:
    """Slack's message object as `body`, with what Slack knows besides."""

    channel: str
    ts: str
    body: Body
    ephemeral_to: str | None = None

    @property
    def thread_ts(self) -> str | None:
        return self.body.get("thread_ts")

    @property
    def is_reply(self) -> bool:
        """In a thread only, not in the conversation itself."""
        in_thread = self.thread_ts not in (None, self.ts)
        return in_thread and self.body.get("subtype") != "thread_broadcast"

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return self.body.get("blocks") or []

    def for_people(self) -> Body:
        shown = {**self.body, "channel": self.channel}
        return shown | {"ephemeral": True} if self.ephemeral_to else shown

    def for_apps(self, *, with_metadata: bool) -> Body:
        if with_metadata or "metadata" not in self.body:
            return dict(self.body)
        return {name: value for name, value in self.body.items() if name != "metadata"}


@dataclass(slots=True)
class _Log:
    """One conversation: the timestamps in order, and the messages by theirs."""

    order: list[str] = field(default_factory=list)
    by_ts: dict[str, Message] = field(default_factory=dict)
    threads: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


class Messages:
    """All messages of all conversations."""

    KIND = "message"

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._last = 0
        self._logs: defaultdict[str, _Log] = defaultdict(_Log)
        for _, document in store.all(self.KIND):
            self._enter(Message(**document))

    def next_ts(self) -> str:
        """The workspace's time as a message timestamp, later than every one before it."""
        self._last = max(self._last + 1, int(self._now().timestamp() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add(self, message: Message) -> None:
        self._enter(message)
        self.save(message)

    def save(self, message: Message) -> None:
        document = {
            "channel": message.channel,
            "ts": message.ts,
            "body": message.body,
            "ephemeral_to": message.ephemeral_to,
        }
        self._store.put(self.KIND, f"{message.channel}/{message.ts}", document)

    def remove(self, message: Message) -> None:
        log = self._logs[message.channel]
        log.order.remove(message.ts)
        del log.by_ts[message.ts]
        if message.thread_ts and message.ts in log.threads[message.thread_ts]:
            log.threads[message.thread_ts].remove(message.ts)
        self._store.delete(self.KIND, f"{message.channel}/{message.ts}")

    def get(self, channel_id: str, ts: str) -> Message | None:
        return self._logs[channel_id].by_ts.get(ts)

    def of(self, channel_id: str) -> Iterator[Message]:
        """Oldest first, replies and ephemeral ones included."""
        log = self._logs[channel_id]
        return iter([log.by_ts[ts] for ts in log.order])

    def backward(self, channel_id: str, before: str | None = None) -> Iterator[Message]:
        """Newest first, from just before `before` on."""
        log = self._logs[channel_id]
        end = len(log.order) if before is None else bisect.bisect_left(log.order, before)
        for index in range(end - 1, -1, -1):
            yield log.by_ts[log.order[index]]

    def thread(self, channel_id: str, thread_ts: str) -> list[Message]:
        """The replies of a thread, oldest first, without the message they answer."""
        log = self._logs[channel_id]
        return [log.by_ts[ts] for ts in log.threads[thread_ts]]

    def after(self, channel_id: str, ts: str) -> list[Message]:
        log = self._logs[channel_id]
        return [log.by_ts[one] for one in log.order[bisect.bisect_right(log.order, ts) :]]

    def latest(self, channel_id: str) -> str | None:
        return next((message.ts for message in self.backward(channel_id) if not message.ephemeral_to), None)

    def _enter(self, message: Message) -> None:
        log = self._logs[message.channel]
        bisect.insort(log.order, message.ts)
        log.by_ts[message.ts] = message
        if message.thread_ts not in (None, message.ts) and message.thread_ts:
            bisect.insort(log.threads[message.thread_ts], message.ts)
        seconds, _, fraction = message.ts.partition(".")
        self._last = max(self._last, int(seconds) * 1_000_000 + int(fraction))
