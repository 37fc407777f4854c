"""`visita check`: is everything there that the bot needs, and if not, what is to be done. For operators, in English."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import asyncpg
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.database import Database, Shape
from bot.i18n import CatalogError, Catalogs, Language
from bot.logs import redact
from bot.settings import ConfigurationError, Settings, load_settings

PATIENCE_SECONDS = 15

# The scopes of `manifest.json`, and what stops working without each.
SCOPES: Mapping[str, str] = {
    "channels:history": "finding out whether a card reached the reception channel when Slack's answer was lost",
    "channels:join": "joining the reception channel",
    "channels:read": "checking that the reception channel can be used",
    "chat:write": "sending anything",
    "commands": "the command /visit",
    "groups:history": "the same as channels:history where the reception channel is private",
    "groups:read": "checking that a private reception channel can be used",
    "im:history": "answering direct messages, and finding out whether one arrived when Slack's answer was lost",
    "im:write": "opening a direct message",
    "users:read": "each person's language, time zone and whether they administer the workspace",
}

SHAPES: Mapping[Shape, str] = {
    Shape.EMPTY: "reachable, but without tables: `visita migrate` makes them (`visita run` does it by itself)",
    Shape.OLDER: "reachable, but of an older version: `visita migrate` brings it up (`visita run` does it by itself)",
    Shape.NEWER: "of a newer version than this code: start that version, or restore a copy made before it",
}

# Slack's error codes in words.
REMEDIES: Mapping[str, str] = {
    "invalid_auth": "Slack does not know it: copy it again from the app's settings",
    "not_authed": "Slack does not know it: copy it again from the app's settings",
    "token_revoked": "it was revoked: install the app again and copy the new one",
    "token_expired": "it has expired: switch token rotation off in the app's settings and install the app again",
    "account_inactive": "the app was removed from the workspace: install it again",
    "not_allowed_token_type": "this is another kind of token: compare with .env.example",
    "missing_scope": "it lacks a scope: an app-level token needs connections:write",
}


@dataclass(frozen=True)
class Finding:
    """One point that was looked at. `says` is what was found and, if it is wrong, the remedy."""

    point: str
    right: bool
    says: str

    def __str__(self) -> str:
        return f"{'OK   ' if self.right else 'WRONG'}  {self.point}: {self.says}"


async def examine(load: Callable[[], Settings] = load_settings) -> AsyncIterator[Finding]:
    """Looks at everything, changes nothing. What cannot be looked at without settings waits until there are some."""
    yield _catalogs()
    try:
        settings = load()
    except ConfigurationError as error:
        for problem in error.problems:
            yield Finding("configuration", right=False, says=str(problem))
        return
    yield Finding("configuration", right=True, says="complete")
    yield await _database(settings.database_url)
    async for finding in _slack(settings):
        yield finding


def _catalogs() -> Finding:
    try:
        Catalogs.load()
    except CatalogError as error:
        return Finding("languages", right=False, says=f"{error}; install Visita again")
    return Finding("languages", right=True, says=", ".join(Language))


async def _database(url: str) -> Finding:
    absent = _absent_file(url)
    if absent is not None:
        return Finding("database", right=False, says=f"{absent} is not there yet: `visita migrate` makes it")
    database = Database(url)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            shape = await database.shape()
    except (SQLAlchemyError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = redact(str(error)).strip().partition("\n")[0] or type(error).__name__
        return Finding(
            "database", right=False, says=f"cannot be used ({reason}): is it running, is DATABASE_URL right?"
        )
    finally:
        await database.close()
    return Finding("database", right=shape is Shape.CURRENT, says=SHAPES.get(shape, f"{database.dialect}, up to date"))


def _absent_file(url: str) -> str | None:
    """The SQLite file that is not there; looked for first, because SQLite would make it."""
    parsed = make_url(url)
    file = parsed.database if parsed.get_backend_name() == "sqlite" else None
    return file if file is not None and not Path(file).exists() else None


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    client = AsyncWebClient(settings.slack_bot_token, base_url=settings.slack_api_url, timeout=PATIENCE_SECONDS)
    try:
        who = await client.auth_test()
    except (SlackApiError, aiohttp.ClientError, OSError) as error:
        yield _refused("bot token", settings, error)
    else:
        yield Finding("bot token", right=True, says=f"{who.get('user')} in {who.get('team')}")
        yield _scopes(who)
    if settings.transport == "http":
        yield Finding(
            "signing secret", right=True, says="present; whether it is the right one shows with the first click"
        )
        return
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token or "")
    except (SlackApiError, aiohttp.ClientError, OSError) as error:
        yield _refused("app token", settings, error)
    else:
        yield Finding("app token", right=True, says="opens a connection")


def _scopes(answer: AsyncSlackResponse) -> Finding:
    told = answer.headers.get("x-oauth-scopes")
    if told is None:
        return Finding("scopes", right=False, says="the answer does not tell; is SLACK_API_URL really Slack's address?")
    granted = {scope.strip() for scope in str(told).split(",")}
    missing = [f"{scope} ({purpose})" for scope, purpose in SCOPES.items() if scope not in granted]
    if missing:
        remedy = "update the app from manifest.json and install it again"
        return Finding("scopes", right=False, says=f"missing {', '.join(missing)}: {remedy}")
    return Finding("scopes", right=True, says="all that the manifest lists")


def _refused(point: str, settings: Settings, error: Exception) -> Finding:
    if isinstance(error, SlackApiError):
        code = str(error.response.get("error", "no error code"))
        return Finding(
            point, right=False, says=f"{code}: {REMEDIES.get(code, 'see this code in the Slack documentation')}"
        )
    reason = redact(str(error)) or type(error).__name__
    return Finding(
        point, right=False, says=f"{settings.slack_api_url} does not answer ({reason}): is the network right?"
    )
