"""What the bot asks a workspace for: the scopes of `manifest.json`, and what stops working without each."""

from collections.abc import Iterable, Mapping

SCOPES: Mapping[str, str] = {
    "channels:history": "finding out whether a card reached the reception channel when Slack's answer was lost",
    "channels:join": "joining the reception channel",
    "channels:read": "checking that the reception channel can be used",
    "chat:write": "sending anything",
    "commands": "the command /visit",
    "files:write": "sending files: the itinerary for the guests, the invitation letter, the record of a visit",
    "groups:history": "the same as channels:history where the reception channel is private",
    "groups:read": "checking that a private reception channel can be used",
    "im:history": "answering direct messages, and finding out whether one arrived when Slack's answer was lost; "
    "without it such a message is sent once more and marked in /visit log",
    "im:write": "opening a direct message",
    "users:read": "each person's language, time zone and whether they administer the workspace",
}


def granted(told: str) -> frozenset[str]:
    """Scopes as Slack writes them, with commas between them."""
    return frozenset(scope.strip() for scope in told.split(",") if scope.strip())


def missing(given: Iterable[str]) -> list[str]:
    """What the bot asks for and was not given."""
    return [scope for scope in SCOPES if scope not in set(given)]
