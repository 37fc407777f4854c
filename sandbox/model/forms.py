"""What people have before them besides the blocks: options an app offered, choices made in a message."""

from collections import defaultdict
from typing import Any

from sandbox.blockkit.values import Values

Option = dict[str, Any]


class Forms:
    """Kept by container (a view's id, or a message's address with the person's)."""

    def __init__(self) -> None:
        self._offered: defaultdict[tuple[str, str, str], dict[str, Option]] = defaultdict(dict)
        self._values: defaultdict[str, Values] = defaultdict(dict)

    def offer(self, container: str, block_id: str, action_id: str, options: list[Option]) -> None:
        self._offered[container, block_id, action_id].update({one["value"]: one for one in options})

    def offered(self, container: str, block_id: str, action_id: str) -> list[Option]:
        return list(self._offered[container, block_id, action_id].values())

    def values(self, container: str) -> Values:
        """What a person chose in a message so far."""
        return self._values[container]
