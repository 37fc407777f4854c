"""Workspaces of which nothing is claimed for a while: as much as fits waits for its turn there already.

What would have to wait beyond its lease goes back into the table. Claimed again and again, thousands of such messages
of one workspace would hold up every other one, whose messages may be less urgent and have nobody before them.
"""

import asyncio
from collections.abc import Collection

SHARE_OF_THE_WAIT = 1 / 2
"""Of the time until the next turn: by then as much of what waits has left, and more is claimed before all of it has."""
LONGEST_SECONDS = 30.0
"""However long Slack asks to wait: then some are put off anew, which shows that the bot is at work."""


class Resting:
    """The workspaces that rest, by the loop's time."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def begin(self, workspace_id: str, wait_seconds: float) -> None:
        """Whatever comes next has to wait so long there."""
        until = asyncio.get_running_loop().time() + min(wait_seconds * SHARE_OF_THE_WAIT, LONGEST_SECONDS)
        self._until[workspace_id] = max(until, self._until.get(workspace_id, 0.0))

    @property
    def workspaces(self) -> Collection[str]:
        now = asyncio.get_running_loop().time()
        self._until = {workspace: until for workspace, until in self._until.items() if until > now}
        return self._until.keys()

    @property
    def seconds_left(self) -> float | None:
        """Until the first of them has rested; None where none rests."""
        if not self.workspaces:
            return None
        return min(self._until.values()) - asyncio.get_running_loop().time()
