"""Letting workspaces in: Bolt's install pages and Bolt's question for a token, over our own installations."""

import logging
import secrets
from datetime import timedelta
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.scopes import SCOPES
from bot.services.installations import Installations
from bot.services.workspaces import Workspaces
from bot.settings import Settings
from bot.switchboard import Grant, Switchboard
from bot.vault import NoKeyError, Vault, WrongKeyError

STATE_LASTS = timedelta(minutes=10)
"""How long somebody may think over the consent page."""
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"


class Admission(AsyncAuthorize):
    """Answers Bolt with the token of the workspace that calls; asks the database, not Slack, each time."""

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    async def __call__(self, *, team_id: str | None, user_id: str | None, **_: Any) -> AuthorizeResult | None:
        """None where the workspace has not installed the bot: Bolt then says so to whoever acted."""
        grant = await self._installations.grant(team_id) if team_id else None
        if grant is None:
            return None
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team_id,
            bot_user_id=grant.bot_user_id,
            bot_token=grant.token,
            bot_scopes=grant.scopes,
            user_id=user_id,
        )


class Register(AsyncInstallationStore):
    """Writes down what Slack gave at the end of an installation."""

    def __init__(
        self, installations: Installations, workspaces: Workspaces, switchboard: Switchboard, settings: Settings
    ) -> None:
        self.installations = installations
        self._workspaces = workspaces
        self._switchboard = switchboard
        self._settings = settings

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger(__name__)

    async def async_save(self, installation: Installation) -> None:
        """The workspace is known from now on, and what has been waiting for it goes out."""
        team_id, token = str(installation.team_id), str(installation.bot_token)
        scopes = ",".join(installation.bot_scopes or ())
        await self._workspaces.welcome(team_id, installation.team_name or team_id, self._settings)
        await self.installations.begin(
            team_id,
            Grant(token, str(installation.bot_user_id), scopes),
            app_id=installation.app_id or "",
            installed_by=installation.user_id,
        )
        self._switchboard.hang_up(team_id)


class SealedStates(AsyncOAuthStateStore):
    """States that prove themselves: sealed with the key that all replicas share, any of them can take one back.

    That the browser is the same is proven by Bolt's cookie; nobody comes twice, because Slack's code is good once.
    """

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger(__name__)

    async def async_issue(self, *_: Any, **__: Any) -> str:
        until = self._clock.now() + STATE_LASTS
        # Without its padding it needs no quoting, neither in an address nor in a cookie.
        return self._vault.seal(f"{until.timestamp():.0f} {secrets.token_hex(8)}").rstrip("=")

    async def async_consume(self, state: str) -> bool:
        try:
            until, _, _ = self._vault.open(state + "=" * (-len(state) % 4)).partition(" ")
        except (WrongKeyError, NoKeyError):
            return False
        return self._clock.now().timestamp() < float(until)


def install_flow(
    settings: Settings, register: Register, states: SealedStates, client: AsyncWebClient
) -> AsyncOAuthFlow:
    """Bolt's pages at `INSTALL_PATH` and `REDIRECT_PATH`."""
    ours = AsyncOAuthSettings(
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret,
        scopes=list(SCOPES),
        user_scopes=[],
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        authorization_url=settings.authorize_url,
        installation_store=register,
        state_store=states,
        state_expiration_seconds=int(STATE_LASTS.total_seconds()),
    )
    ours.authorize = Admission(register.installations)
    return AsyncOAuthFlow(client=client, settings=ours)
