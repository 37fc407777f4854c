"""The command `visita`."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from bot import app, demo, handbook
from bot.check import examine
from bot.clock import Clock, SystemClock
from bot.database import Database, DatabaseTooNewError
from bot.i18n import Catalogs
from bot.logs import configure_logging
from bot.settings import ConfigurationError, Settings, load_settings
from bot.vault import new_key
from sandbox.__main__ import main as sandbox_main

log = structlog.get_logger(__name__)

FINE, FAILED, MISCONFIGURED = 0, 1, 2
DEMO_FOLDER = Path(".visita")


class Run(Protocol):
    """Runs the bot until `stop` is set, then ends what is under way and returns."""

    async def __call__(self, settings: Settings, *, clock: Clock, stop: asyncio.Event) -> None: ...


def main(argv: Sequence[str] | None = None, *, run: Run = app.run) -> int:
    """Carries out one command; the exit code says how it went: 0 fine, 1 failed, 2 not configured or misspelt."""
    arguments, rest = _parser().parse_known_args(argv)
    if arguments.command == "sandbox":
        sandbox_main(rest)
        return FINE
    if rest:
        _parser().error(f"unrecognized arguments: {' '.join(rest)}")
    if arguments.command == "key":
        print(new_key())
        return FINE
    if arguments.command == "procedure":
        print(_procedure(arguments.language, markdown=arguments.markdown), end="")
        return FINE
    if arguments.command == "check":
        return asyncio.run(_check())
    if arguments.command == "demo":
        configure_logging("WARNING", json=False, secrets=())
        asyncio.run(_demo(arguments))
        return FINE
    try:
        settings = load_settings()
    except ConfigurationError as error:
        print(_explain(error), file=sys.stderr)
        return MISCONFIGURED
    configure_logging(settings.log_level, json=settings.log_json, secrets=settings.secrets)
    try:
        asyncio.run(_migrate(settings) if arguments.command == "migrate" else _run(settings, run))
    except DatabaseTooNewError as error:
        print(error, file=sys.stderr)
        return FAILED
    except Exception:
        # Logged here, where secrets are hidden, instead of printed by Python as it is.
        log.exception("ended by an error; `visita check` may know more")
        return FAILED
    return FINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="visita",
        description="Runs the reception of business visitors in Slack. To try it without Slack: visita demo.",
        epilog="Settings come from the environment and from the file .env; .env.example explains each.",
    )
    parser.add_argument("--version", action="version", version=f"visita {version('visita')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser(
        "run", help="start the bot: brings the database up to date, then listens to Slack until SIGTERM"
    )
    demo_parser = commands.add_parser("demo", help="try it on a local workspace in the browser, without an account")
    demo_parser.add_argument("--port", type=int, default=3210, help="port of the page (default: 3210)")
    demo_parser.add_argument(
        "--language",
        choices=("en-US", "es-ES", "zh-CN"),
        help="what everybody of a fresh demo reads (default: each person their own language)",
    )
    demo_parser.add_argument(
        "--without-approvals",
        action="store_true",
        help="in a fresh demo, nobody approves plans: a visit is prepared from the moment it is opened",
    )
    demo_parser.add_argument("--fresh", action="store_true", help="start over instead of going on where it was")
    commands.add_parser("sandbox", add_help=False, help="the local Slack workspace alone, for any app")
    commands.add_parser("migrate", help="bring the database up to date and end")
    commands.add_parser("key", help="make a key for VISITA_SECRET_KEY")
    procedure = commands.add_parser("procedure", help="print the reception procedure, row by row, with what proves it")
    procedure.add_argument("--markdown", action="store_true", help="as a page, like docs/procedure.md")
    procedure.add_argument("--language", default="en-US", choices=("en-US", "es-LA", "zh-CN"), help="of the lead times")
    commands.add_parser("check", help="say in plain words what is missing or wrong")
    return parser


def _explain(error: ConfigurationError) -> str:
    lines = ["Visita cannot start: its configuration is not complete.", ""]
    lines += [f"  {problem}" for problem in error.problems]
    lines += ["", "Set these in the environment or in .env; .env.example explains each."]
    return "\n".join(lines)


def _procedure(language: str, *, markdown: bool) -> str:
    t = Catalogs.load().translator(language, ZoneInfo("UTC"))
    rulebook = app.read_rulebook()
    if markdown:
        return handbook.page(rulebook, t)
    return "".join(f"{line}\n" for line in handbook.lines(rulebook, t))


async def _check() -> int:
    findings = [finding async for finding in examine()]
    for finding in findings:
        print(finding)
    return FINE if all(finding.right for finding in findings) else FAILED


async def _demo(asked: argparse.Namespace) -> None:
    stop = _stop_on_signals()
    await demo.run(
        DEMO_FOLDER,
        port=asked.port,
        fresh=asked.fresh,
        locale=asked.language,
        approved=not asked.without_approvals,
        stop=stop,
    )


async def _migrate(settings: Settings) -> None:
    database = Database(settings.database_url)
    try:
        await database.migrate()
    finally:
        await database.close()
    log.info("database is up to date", dialect=database.dialect)


async def _run(settings: Settings, run: Run) -> None:
    stop = _stop_on_signals()
    log.info("starting", version=version("visita"), settings=settings)
    await _migrate(settings)
    if not stop.is_set():
        await run(settings, clock=SystemClock(), stop=stop)
    log.info("stopped")


def _stop_on_signals() -> asyncio.Event:
    """Set by the first SIGTERM or Ctrl-C, so that what is under way can end; the second one ends it at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask, number)
    return stop
