"""Structured log lines, of Visita and of the libraries it uses, without secrets.

Guests and what is said about them never get in either: our own lines carry ids only, a convention that this module
cannot enforce; the libraries stay above DEBUG, where they print whole payloads and SQL parameters.
"""

import logging
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "***"

# Each pattern hides its group "secret", or all of what it matches.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bxox[a-z](?:\.xox[a-z])?-[\w-]+",
        r"\bxapp-[\w-]+",
        r"\bauthorization['\"]?\s*[:=]\s*['\"]?(?P<secret>[^'\"\r\n]+)",
        r"\b(?:bearer|basic)\s+(?P<secret>[\w.~+/=-]{8,})",
        r"\b(?:signing_?secret|client_?secret|password|passwd|token)['\"]?\s*[:=]\s*['\"]?(?P<secret>[^\s'\",;&)}\]]+)",
        r"://[^\s:/@]*:(?P<secret>[^\s/@]+)@",
        # Addresses that work without a password for whoever has them.
        r"\bhooks\.slack\.com/(?P<secret>\S+)",
        r"[?&]ticket=(?P<secret>[^&\s'\"]+)",
        # PostgreSQL repeats the values of the row that it refuses.
        r"DETAIL:\s*(?P<secret>[^\r\n]+)",
    )
)
_SECRET_NAME = re.compile(r"secret|password|passwd|token|authorization|cookie", re.IGNORECASE)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without what opens a door: Slack tokens, passwords in URLs, headers, and the `secrets` given."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(_hide, text)
    return text


class Redactor:
    """The structlog processor that redacts every value of an event, however deep."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = tuple(sorted(filter(None, secrets), key=len, reverse=True))

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {name: self._plain(name, value) for name, value in event.items()}

    def _plain(self, name: str, value: Any) -> Any:
        """A name that says "secret" hides its value; what is not plain data becomes text, to be looked through."""
        if value is None or isinstance(value, bool):
            return value
        if _SECRET_NAME.search(name):
            return HIDDEN
        if isinstance(value, int | float):
            return value
        if isinstance(value, Mapping):
            return {redact(str(key), self._secrets): self._plain(str(key), item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._plain(name, item) for item in value]
        return redact(value if isinstance(value, str) else str(value), self._secrets)


def formatter(*, json: bool, secrets: Iterable[str] = ()) -> logging.Formatter:
    """Turns records, ours and the libraries', into lines."""
    render: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if not json:
        plain = structlog.dev.plain_traceback
        render = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_common(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            Redactor(secrets),
            render,
        ],
    )


def configure_logging(level: str = "info", *, json: bool = True, secrets: Iterable[str] = ()) -> None:
    """Sends all log lines to the standard error. `secrets` are hidden wherever they occur, whatever they look like."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(json=json, secrets=secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for ours in ("bot", "handlers", "schedules", "sandbox"):
        logging.getLogger(ours).setLevel(level.upper())
    if logging.getLevelName(level.upper()) > logging.INFO:
        logging.getLogger().setLevel(level.upper())
    # At INFO they report every wake-up, every look at the tables, every request.
    for chatty in ("apscheduler", "alembic", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_common(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _common() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _hide(match: re.Match[str]) -> str:
    if "secret" not in match.re.groupindex:
        return HIDDEN
    start, end = (edge - match.start() for edge in match.span("secret"))
    return match.group()[:start] + HIDDEN + match.group()[end:]
