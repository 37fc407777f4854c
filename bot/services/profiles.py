"""What Slack knows of people, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.services.people import Profile
from bot.slack import Undeliverable
from bot.switchboard import Lines

_SLACKBOT = "USLACKBOT"


@dataclass(frozen=True)
class SlackProfiles:
    """Reads profiles with `users.info`."""

    lines: Lines

    async def profile(self, workspace_id: str, slack_id: str) -> Profile:
        """The profile of one user. Whoever Slack does not know is nobody who could be told anything."""
        try:
            slack = await self.lines.to(workspace_id)
            return profile_of(await slack.user(slack_id))
        except Undeliverable:
            return Profile(slack_id, slack_id, "", "", None, None, is_admin=False, is_active=False, is_person=False)


def profile_of(user: Mapping[str, Any]) -> Profile:
    """Slack's user object."""
    more = user.get("profile") or {}
    name = more.get("real_name") or user.get("real_name") or more.get("display_name") or user.get("name") or user["id"]
    return Profile(
        slack_id=user["id"],
        name=name,
        title=more.get("title") or "",
        phone=more.get("phone") or "",
        locale=user.get("locale"),
        zone=user.get("tz"),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_active=not user.get("deleted", False),
        is_person=not user.get("is_bot", False) and user["id"] != _SLACKBOT,
    )
