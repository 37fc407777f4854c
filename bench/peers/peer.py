"""What a peer is asked to do."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import ClassVar, Protocol

from bench.databases import Databases
from bench.figures import Who


class NotOfferedError(Exception):
    """The peer has nothing of the kind; the text says what it lacks."""


class Peer(Protocol):
    """A queue with about `pending` jobs that fall due over the coming year, one in sixty of them a person's."""

    who: ClassVar[Who]
    how: ClassVar[str]
    """How it was set up, for the reader of the table."""

    @classmethod
    def open(cls, databases: Databases, pending: int) -> AbstractAsyncContextManager["Peer"]:
        """A filled queue; closed at the end of the block."""
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
