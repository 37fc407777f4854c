"""What a peer is asked to do."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import ClassVar, Protocol

from bench.figures import Dialect, Who


class NotOfferedError(Exception):
    """The peer has nothing of the kind; the text says what it lacks."""


class Peer(Protocol):
    """A queue with many jobs that fall due over the coming year, sixty for each person."""

    who: ClassVar[Who]
    how: ClassVar[str]
    """How it was set up, for the reader of the table."""
    dialect: ClassVar[Dialect]

    @classmethod
    async def fill(cls, url: str, pending: int) -> None:
        """Puts tables and jobs into an empty database."""
        ...

    @classmethod
    def open(cls, url: str) -> AbstractAsyncContextManager["Peer"]:
        """The queue in a filled database; closed at the end of the block."""
        ...

    async def insert(self, jobs: int) -> None:
        """New jobs for later, committed."""
        ...

    async def withdraw(self, jobs: int) -> float:
        """Takes back jobs that were just put in; answers with the seconds that taking them back took."""
        ...

    async def claim(self, jobs: int) -> float:
        """Has so many jobs fall due among the others, claims them; answers with the seconds that claiming took."""
        ...

    async def of_person(self) -> int:
        """Lists what is open for one person; answers with how many there were."""
        ...

    async def deliver(self, due_at: datetime, jobs: int, *, at_once: int, seconds: float) -> list[datetime]:
        """Jobs that fall due at one moment, each sending for so many seconds; answers with when each one ended."""
        ...

    async def first(self, due_at: datetime) -> datetime:
        """One job on an otherwise idle worker that is already running; answers with when it began."""
        ...
