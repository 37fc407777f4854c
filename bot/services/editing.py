"""The room for edits that wait for their turn, and how much of it a workspace may take."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager


class Editing:
    """Edits on their way to Slack or waiting for their turn: `at_once` of them, `of_one` at most for one workspace.

    A workspace that has its share is `full` until half of it has gone: others find room beside it meanwhile.
    """

    def __init__(self, at_once: int, of_one: int) -> None:
        self._at_once = at_once
        self._of_one = of_one
        self._by_workspace: Counter[str] = Counter()
        self._full: set[str] = set()

    @property
    def full(self) -> Collection[str]:
        return self._full

    def has_room_for(self, workspace_id: str) -> bool:
        """Whether one more of the workspace may wait."""
        if self._by_workspace[workspace_id] >= self._of_one:
            self._full.add(workspace_id)
        return workspace_id not in self._full and self._by_workspace.total() < self._at_once

    @contextmanager
    def one(self, workspace_id: str) -> Iterator[None]:
        """Until the block ends, one edit of the workspace waits or is on its way."""
        self._by_workspace[workspace_id] += 1
        try:
            yield
        finally:
            self._by_workspace[workspace_id] -= 1
            if self._by_workspace[workspace_id] <= self._of_one // 2:
                self._full.discard(workspace_id)
            self._by_workspace += Counter()  # those of whom nothing waits any more are forgotten
