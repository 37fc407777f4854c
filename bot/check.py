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
from sqlmodel import col, select

from bot.database import Database, Shape
from bot.i18n import CatalogError, Catalogs, Language
from bot.logs import redact
from bot.models.installations import Installation
from bot.models.people import Workspace
from bot.scopes import SCOPES, granted, missing
from bot.settings import ConfigurationError, Settings, load_settings
from bot.vault import Vault, WrongKeyError

PATIENCE_SECONDS = 15

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
    tokens = _installed(settings) if settings.is_for_several else _own(settings)
    async for finding in tokens:
        yield finding
    client = AsyncWebClient(base_url=settings.slack_api_url, timeout=PATIENCE_SECONDS)
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


async def _own(settings: Settings) -> AsyncIterator[Finding]:
    """The one token, and what it may do."""
    async for finding in _token("bot token", "scopes", settings, settings.slack_bot_token):
        yield finding


async def _installed(settings: Settings) -> AsyncIterator[Finding]:
    """The workspaces that installed the app, each with its own token."""
    try:
        rows = await _installations(settings)
    except (SQLAlchemyError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        yield Finding("workspaces", right=False, says="cannot be read: see the database")
        return
    live = sum(row.is_live for _, row in rows)
    yield Finding("workspaces", right=True, says=f"{live} have the app installed; others do so at /slack/install")
    vault = Vault(settings.secret_keys)
    for workspace, row in rows:
        point = f"workspace {workspace.name} ({workspace.id})"
        if row.revoked_at is not None:
            since = f"removed the app {row.revoked_at:%Y-%m-%d %H:%M} UTC: what is due there waits"
            yield Finding(point, right=True, says=since)
            continue
        try:
            token = vault.open(row.bot_token)
        except WrongKeyError as wrong:
            yield Finding(point, right=False, says=str(wrong))
        else:
            async for finding in _token(point, f"{point}, scopes", settings, token):
                yield finding


async def _installations(settings: Settings) -> list[tuple[Workspace, Installation]]:
    database = Database(settings.database_url)
    statement = select(Workspace, Installation).join(Installation).where(Installation.bot_token != "")
    gone = select(Workspace, Installation).join(Installation).where(col(Installation.revoked_at).is_not(None))
    try:
        async with database.read() as session:
            return [*(await session.exec(statement)).all(), *(await session.exec(gone)).all()]
    finally:
        await database.close()


async def _token(point: str, scopes: str, settings: Settings, token: str) -> AsyncIterator[Finding]:
    client = AsyncWebClient(token, base_url=settings.slack_api_url, timeout=PATIENCE_SECONDS)
    try:
        who = await client.auth_test()
    except (SlackApiError, aiohttp.ClientError, OSError) as error:
        yield _refused(point, settings, error)
    else:
        yield Finding(point, right=True, says=f"{who.get('user')} in {who.get('team')}")
        yield _scopes(scopes, who)


def _scopes(point: str, answer: AsyncSlackResponse) -> Finding:
    told = answer.headers.get("x-oauth-scopes")
    if told is None:
        return Finding(point, right=False, says="the answer does not tell; is SLACK_API_URL really Slack's address?")
    lacking = [f"{scope} ({SCOPES[scope]})" for scope in missing(granted(str(told)))]
    if lacking:
        remedy = "update the app from manifest.json and install it again"
        return Finding(point, right=False, says=f"missing {', '.join(lacking)}: {remedy}")
    return Finding(point, right=True, says="all that the manifest lists")


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
