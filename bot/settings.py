"""What is set from outside: the environment and `.env` become one frozen `Settings`."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from dotenv import dotenv_values
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

Transport = Literal["socket", "http"]

DEFAULT_DATABASE_URL = "sqlite+aiosqlite:///.visita/visita.sqlite3"
DEFAULT_ZONE = ZoneInfo("UTC")
DEFAULT_API_URL = "https://slack.com/api/"
TOKENS = ("slack_bot_token", "slack_app_token", "slack_signing_secret", "slack_client_secret")
SECRET_FIELDS = frozenset({*TOKENS, "secret_keys"})

# What each required variable is for, said where it is missing.
BOT_TOKEN_IS = "the bot token, starts with xoxb-; in the app's settings on Slack under OAuth & Permissions"  # noqa: S105
APP_TOKEN_IS = (
    "the app-level token with the scope connections:write, starts with xapp-; in the app's settings on Slack under "  # noqa: S105
    "Basic Information. Socket Mode needs it; VISITA_TRANSPORT=http does without"
)
CLIENT_IS = "client id and client secret belong together; in the app's settings on Slack under Basic Information"
SECRET_KEY_IS = "the key that seals the workspaces' tokens; `visita key` makes one"  # noqa: S105
SIGNING_SECRET_IS = "the signing secret; in the app's settings on Slack under Basic Information. HTTP needs it"  # noqa: S105


@dataclass(frozen=True, repr=False)
class Settings:
    """How this bot is set up. Its repr can be logged: it shows no secret."""

    slack_bot_token: str = ""
    """Of the one workspace; empty where several install the app."""
    slack_app_token: str | None = None
    """Present whenever the transport is "socket"."""
    slack_signing_secret: str | None = None
    """Present whenever the transport is "http"."""
    slack_client_id: str | None = None
    """With the secret: the app is installed by workspaces, each of which gives a token of its own."""
    slack_client_secret: str | None = None
    slack_api_url: str = DEFAULT_API_URL
    database_url: str = DEFAULT_DATABASE_URL
    secret_keys: tuple[str, ...] = ()
    """For `bot.vault`: the first seals, all open."""
    transport: Transport = "socket"
    host: str = "127.0.0.1"
    """Where the http transport listens, and the pages for operators."""
    port: int = 3000
    metrics: bool | None = None
    """Whether Prometheus finds its page; None: as usual for the transport."""
    timezone: ZoneInfo = DEFAULT_ZONE
    """The workspace's: for people whose own is unknown, and for venues unless a visit names another."""
    locale: str = "en-US"
    """The workspace's, as Slack writes it: for people whose language is unknown, and for channels."""
    log_level: str = "info"
    log_json: bool = True

    @property
    def is_for_several(self) -> bool:
        """Whether workspaces install the app by themselves, each with a token of its own."""
        return self.slack_client_id is not None

    @property
    def authorize_url(self) -> str:
        """Where people agree to an installation: beside Slack's API."""
        return self.slack_api_url.removesuffix("api/") + "oauth/v2/authorize"

    @property
    def shows_metrics(self) -> bool:
        """Over HTTP there is a server anyway; Socket Mode needs no open port, so one is opened on request only."""
        return self.transport == "http" if self.metrics is None else self.metrics

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be written anywhere."""
        return (*filter(None, (getattr(self, name) for name in TOKENS)), *self.secret_keys)

    def __repr__(self) -> str:
        shown = ", ".join(f"{field.name}={self._shown(field.name)}" for field in fields(self))
        return f"Settings({shown})"

    def _shown(self, name: str) -> str:
        value = getattr(self, name)
        if name in SECRET_FIELDS:
            return "***" if value else "unset"
        if name == "database_url":
            return make_url(value).render_as_string(hide_password=True)
        return str(value)


@dataclass(frozen=True)
class Problem:
    """One variable that is missing or malformed, and what belongs there."""

    variable: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.remedy}"


class ConfigurationError(Exception):
    """The environment does not describe a bot that can run; `problems` names everything wrong with it at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def load_settings(environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """Reads `.env`, then the environment, which wins. Raises `ConfigurationError` with all that is wrong."""
    values: dict[str, str] = {}
    if env_file is not None and env_file.is_file():
        # Without interpolation a password may contain a dollar sign.
        values.update({name: value or "" for name, value in dotenv_values(env_file, interpolate=False).items()})
    values.update(os.environ if environ is None else environ)
    reading = _Reading(values)
    settings = _settings(reading)
    reading.finish()
    return settings


def async_database_url(url: str) -> str:
    """The URL with the driver that Visita uses; ValueError says what is wrong with one that cannot be used."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("not a database URL; for example postgresql://user:password@host/visita") from None
    backend = parsed.drivername.partition("+")[0]
    if backend in {"postgres", "postgresql"}:
        query = dict(parsed.query)
        if "sslmode" in query:
            # libpq's name for what asyncpg calls ssl, with the same values.
            query["ssl"] = query.pop("sslmode")
        parsed = parsed.set(drivername="postgresql+asyncpg", query=query)
    elif backend == "sqlite":
        if parsed.database in {None, "", ":memory:"}:
            raise ValueError(
                "SQLite needs a file (sqlite:///visita.sqlite3): in memory nothing would survive a restart"
            )
        parsed = parsed.set(drivername="sqlite+aiosqlite")
    else:
        raise ValueError(f"Visita keeps its data in SQLite or PostgreSQL, not in {backend}")
    return parsed.render_as_string(hide_password=False)


def _settings(reading: "_Reading") -> Settings:
    transport: Transport = reading.optional("VISITA_TRANSPORT", _transport, "socket")
    by_socket, by_http = transport == "socket", transport == "http"
    several = reading.has("SLACK_CLIENT_ID") or reading.has("SLACK_CLIENT_SECRET")
    if several:
        reading.exclude("SLACK_BOT_TOKEN", "leave it out: with SLACK_CLIENT_ID each workspace gives its own token")
        reading.require("VISITA_SECRET_KEY", SECRET_KEY_IS)
    return Settings(
        slack_bot_token=reading.secret("SLACK_BOT_TOKEN", _bot_token, BOT_TOKEN_IS, required=not several) or "",
        slack_client_id=reading.secret("SLACK_CLIENT_ID", _word, CLIENT_IS, required=several),
        slack_client_secret=reading.secret("SLACK_CLIENT_SECRET", _word, CLIENT_IS, required=several),
        slack_app_token=reading.secret("SLACK_APP_TOKEN", _app_token, APP_TOKEN_IS, required=by_socket),
        slack_signing_secret=reading.secret("SLACK_SIGNING_SECRET", _word, SIGNING_SECRET_IS, required=by_http),
        slack_api_url=reading.optional("SLACK_API_URL", _api_url, DEFAULT_API_URL),
        database_url=reading.optional("DATABASE_URL", async_database_url, DEFAULT_DATABASE_URL),
        secret_keys=reading.optional("VISITA_SECRET_KEY", _secret_keys, Settings.secret_keys),
        transport=transport,
        host=reading.optional("VISITA_HOST", _word, Settings.host),
        port=reading.optional("VISITA_PORT", _port, Settings.port),
        metrics=reading.optional("VISITA_METRICS", _on_or_off, Settings.metrics),
        timezone=reading.optional("VISITA_TIMEZONE", _timezone, Settings.timezone),
        locale=reading.optional("VISITA_LOCALE", _locale, Settings.locale),
        log_level=reading.optional("VISITA_LOG_LEVEL", _log_level, Settings.log_level),
        log_json=reading.optional("VISITA_LOG_FORMAT", _log_format, Settings.log_json),
    )


_Value = TypeVar("_Value")


class _Reading:
    """One pass over the variables, which collects what is wrong instead of stopping at the first."""

    def __init__(self, values: Mapping[str, str]) -> None:
        # Set to nothing counts as not set.
        self._values = {name: value.strip() for name, value in values.items() if value.strip()}
        self._known: set[str] = set()
        self._problems: list[Problem] = []

    def optional(self, name: str, parse: Callable[[str], _Value], default: _Value) -> _Value:
        self._known.add(name)
        if name not in self._values:
            return default
        try:
            return parse(self._values[name])
        except ValueError as error:
            self._problems.append(Problem(name, str(error)))
            return default

    def has(self, name: str) -> bool:
        return name in self._values

    def require(self, name: str, what: str) -> None:
        if name not in self._values:
            self._problems.append(Problem(name, f"missing: {what}"))

    def exclude(self, name: str, why: str) -> None:
        if name in self._values:
            self._problems.append(Problem(name, why))

    def secret(self, name: str, parse: Callable[[str], str], what: str, *, required: bool) -> str | None:
        if required:
            self.require(name, what)
        return self.optional(name, parse, None)

    def finish(self) -> None:
        """Raises if anything was wrong. A misspelt name counts: its value would be ignored without a word."""
        for name in self._values.keys() - self._known:
            meant = get_close_matches(name, self._known, n=1, cutoff=0.85)
            if meant and name.startswith(("VISITA_", "SLACK_", "DATABASE_")):
                self._problems.append(Problem(name, f"unknown; is {meant[0]} meant?"))
        if self._problems:
            raise ConfigurationError(self._problems)


def _transport(text: str) -> Transport:
    match text.lower():
        case "socket":
            return "socket"
        case "http":
            return "http"
    raise ValueError('"socket" (Socket Mode) or "http"')


def _word(text: str) -> str:
    if not text.isprintable() or " " in text:
        raise ValueError("contains a space or a line break, so it was probably copied with something else")
    return text


def _bot_token(text: str) -> str:
    if not re.match(r"(xoxe\.)?xoxb-.", text):
        raise ValueError("not a bot token: those are long and start with xoxb-")
    return _word(text)


def _app_token(text: str) -> str:
    if not re.match(r"xapp-.", text):
        raise ValueError("not an app-level token: those are long and start with xapp-")
    return _word(text)


def _api_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"not a web address; Slack's is {DEFAULT_API_URL}")
    return text.rstrip("/") + "/"


def _secret_keys(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        raise ValueError("not a key, or several with commas between them: `visita key` makes one") from None
    return keys


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise ValueError("a port is a number from 1 to 65535")
    return int(text)


def _on_or_off(text: str) -> bool:
    if text.lower() not in {"on", "off"}:
        raise ValueError('"on" or "off"')
    return text.lower() == "on"


def _timezone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no known time zone is called {text!r}; for example Europe/Madrid or Asia/Shanghai") from None


def _locale(text: str) -> str:
    if not re.fullmatch(r"(?i:en|es|zh)([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?", text):
        raise ValueError("English, Spanish or Chinese as Slack writes it: en-US, en-GB, es-ES, es-LA, zh-CN")
    return text.replace("_", "-")


def _log_level(text: str) -> str:
    if text.lower() not in {"debug", "info", "warning", "error"}:
        raise ValueError("debug, info, warning or error")
    return text.lower()


def _log_format(text: str) -> bool:
    if text.lower() not in {"json", "console"}:
        raise ValueError('"json" (one object a line) or "console" (for reading)')
    return text.lower() == "json"
