"""The line to each workspace: its own token, its own pace, so that no workspace holds up another."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import TAKEN_BACK, NotInstalled, Slack
from bot.vault import NoKeyError, WrongKeyError

NO_GRANT = "no grant"
"""The `code` of `NotInstalled` where there is no token to try."""
NO_KEY = "no key opens its token"
"""The same where there is one that this process cannot read: another replica may have the key."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True, repr=False)
class Grant:
    """What a workspace let the bot have."""

    token: str
    bot_user_id: str
    scopes: str


class Grants(Protocol):
    """Where the tokens are."""

    async def grant(self, workspace_id: str) -> Grant | None:
        """What the workspace granted; None if the bot is not installed there. Raises what `Vault.open` raises."""

    async def refused(self, workspace_id: str, token: str) -> None:
        """Slack says that this token is no longer good."""


class Lines(Protocol):
    """Gives the Slack of a workspace; one `Slack` alone is the line to wherever its token leads."""

    @property
    def are_several(self) -> bool:
        """Whether several workspaces share this process."""

    async def to(self, workspace_id: str) -> Slack:
        """The workspace's own line; raises `NotInstalled` where there is none."""


class OwnToken:
    """The grants of a bot with one token, for the one workspace that it belongs to."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.workspace_id: str | None = None
        """Known once Slack was asked."""

    async def grant(self, workspace_id: str) -> Grant | None:
        if self.workspace_id not in (None, workspace_id):
            return None
        return Grant(self._token, "", "")

    async def refused(self, workspace_id: str, token: str) -> None:
        """The same token may be good again once the app is installed again, so it is kept."""


class Switchboard:
    """Puts through to workspaces. A line stands as long as Slack takes its token.

    `sharers`: how many processes put through to the same workspaces, and share what Slack allows them.
    """

    def __init__(
        self,
        grants: Grants,
        client: Callable[[str], AsyncWebClient],
        *,
        are_several: bool,
        channel_seconds: float,
        workspace_seconds: float,
        sharers: Callable[[], int],
    ) -> None:
        self._grants = grants
        self._client = client
        self._are_several = are_several
        self._channel_seconds = channel_seconds
        self._workspace_seconds = workspace_seconds
        self._sharers = sharers
        self._lines: dict[str, tuple[Grant, Slack]] = {}

    @property
    def are_several(self) -> bool:
        return self._are_several

    async def to(self, workspace_id: str) -> Slack:
        _, slack = await self._line(workspace_id)
        return slack

    async def grant(self, workspace_id: str) -> Grant:
        """What the workspace granted; raises `NotInstalled`."""
        grant, _ = await self._line(workspace_id)
        return grant

    def hang_up(self, workspace_id: str) -> None:
        """Forget the line: the grant has changed or is gone."""
        self._lines.pop(workspace_id, None)

    async def _line(self, workspace_id: str) -> tuple[Grant, Slack]:
        if workspace_id not in self._lines:
            try:
                grant = await self._grants.grant(workspace_id)
            except (WrongKeyError, NoKeyError) as error:
                log.error("token_unreadable", workspace=workspace_id)
                raise NotInstalled(NO_KEY) from error
            if grant is None:
                raise NotInstalled(NO_GRANT)
            slack = Slack(
                self._client(grant.token),
                channel_seconds=self._channel_seconds,
                workspace_seconds=self._workspace_seconds,
                sharers=self._sharers,
                refused=partial(self._refused, workspace_id, grant.token),
            )
            self._lines[workspace_id] = grant, slack
        return self._lines[workspace_id]

    async def _refused(self, workspace_id: str, token: str, code: str) -> None:
        """There may be a newer token; what Slack takes for bad for any other reason may be good again, and is kept."""
        self.hang_up(workspace_id)
        if code in TAKEN_BACK:
            await self._grants.refused(workspace_id, token)
