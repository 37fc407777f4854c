"""Conversations that are searched for messages in doubt: each is read once for all of them, however long it is."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Page = Mapping[str, Any]
"""Slack's answer with some of the messages."""
NextPage = Callable[[Mapping[str, Any]], Awaitable[Page]]
"""Asks Slack for a page: takes `oldest`, `latest` and `cursor`."""

_TICK = 0.000001
"""Slack leaves out what was posted at the very bounds."""


@dataclass
class _Stretch:
    """A part of the conversation that is being read, page by page: whoever is interrupted leaves the rest to others."""

    oldest: float
    """Unix seconds, as all of Slack's times."""
    latest: float | None
    began: float
    """By the clock of the event loop."""
    cursor: str = ""
    newest: float = 0.0


@dataclass
class Searched:
    """What was found in one conversation, or thread.

    That a message is there holds for ever; that it is not, only after everything up to then has been read.
    """

    event: str
    """The type of the metadata in which a message carries its notice's id."""
    found: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    """The timestamps of messages and what their metadata say, by their notices' ids."""
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever reads on: those who come meanwhile may have nothing left to read."""
    used_at: float = 0.0
    _asked: dict[str, tuple[int, float]] = field(default_factory=dict)
    """After how many tries a notice was first looked for, and when by the event loop."""
    _since: float | None = None
    """Everything was read from here"""
    _newest: float = 0.0
    """to here,"""
    _began: float = 0.0
    """which was the end at this moment of the event loop."""
    _stretch: _Stretch | None = None

    def asked_at(self, notice_id: str, tries: int) -> float:
        """When by the event loop it was first looked for after so many tries: since then nobody has posted it."""
        if self._asked.get(notice_id, (None, 0.0))[0] != tries:
            self._asked[notice_id] = tries, asyncio.get_running_loop().time()
        return self._asked[notice_id][1]

    def says_of(self, notice_id: str, since: float, asked: float) -> bool:
        """Whether enough was read to say if a message with this id is there.

        `since`: Slack's clock when it could have been posted first. `asked`: the event loop's when it could last.
        """
        is_read = self._since is not None and self._since <= since and self._began >= asked
        return notice_id in self.found or is_read

    async def read_on(self, next_page: NextPage, since: float) -> None:
        """One page more of what is still to be read."""
        if self._stretch is None or not self._stretch.cursor:
            self._stretch = self._next_stretch(since)
        stretch = self._stretch
        page = await next_page(
            {
                "oldest": f"{stretch.oldest:.6f}",
                "latest": None if stretch.latest is None else f"{stretch.latest:.6f}",
                "cursor": stretch.cursor or None,
            }
        )
        for message in page["messages"]:
            stretch.newest = max(stretch.newest, float(message["ts"]))
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == self.event:
                payload = metadata["event_payload"]
                self.found[payload["notice"]] = str(message["ts"]), payload
        stretch.cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not stretch.cursor:
            self._stretch = None
            self._has_read(stretch)

    def begin_anew(self) -> None:
        """What is being read cannot be read on: Slack no longer knows how far it was."""
        self._stretch = None

    def _next_stretch(self, since: float) -> _Stretch:
        now = asyncio.get_running_loop().time()
        if self._since is None:
            return _Stretch(since, None, now)
        if since < self._since:
            return _Stretch(since, self._since + _TICK, now)
        return _Stretch(self._newest, None, now)

    def _has_read(self, stretch: _Stretch) -> None:
        if self._since is None or stretch.latest is not None:
            self._since = stretch.oldest
        if stretch.latest is None:
            self._newest, self._began = max(stretch.newest, stretch.oldest), stretch.began
