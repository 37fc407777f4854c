"""Where people have just pressed a button: these messages are shown anew before all others."""

from collections.abc import Collection

from bot.slack import Posted

REMEMBERED = 1_000
"""People, of each the message pressed last."""


class Pressed:
    """What this process heard of; lost when it ends, then messages are edited in their usual order."""

    def __init__(self) -> None:
        self._messages: dict[str, Posted] = {}

    def note(self, person: str, message: Posted) -> None:
        """`person`: whoever pressed, in which workspace."""
        self._messages.pop(person, None)
        self._messages[person] = message
        if len(self._messages) > REMEMBERED:
            del self._messages[next(iter(self._messages))]

    def is_shown(self, message: Posted) -> None:
        """It is on its way to Slack as it is now: whoever presses again is waited for anew."""
        for person in [person for person, pressed in self._messages.items() if pressed == message]:
            del self._messages[person]

    def __contains__(self, message: Posted) -> bool:
        return message in self._messages.values()

    @property
    def messages(self) -> Collection[Posted]:
        return self._messages.values()
