"""The composition root: builds everything once, from real parts; the only file that knows everybody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from importlib.resources import files

import aiohttp
import structlog
from babel.core import get_global
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.clock import Clock
from bot.database import Database
from bot.i18n import Catalogs
from bot.metrics import CountCalls, Metrics
from bot.models.people import Workspace
from bot.procedure.rules import Rulebook
from bot.services.bookings import Bookings
from bot.services.declarations import Declarations
from bot.services.delivery import Delivery
from bot.services.drafts import Drafts
from bot.services.health import Watch
from bot.services.lookup import Lookup
from bot.services.office import Office
from bot.services.people import People
from bot.services.profiles import SlackProfiles
from bot.services.reading import Readers, Translators
from bot.services.visits import Visits
from bot.services.workspaces import Workspaces
from bot.settings import Settings
from bot.slack import RetryWhatIsSafe, Slack
from bot.web import health_page, metrics_page, serve_http, slack_door
from handlers.desk import Desk
from schedules.timetable import Timetable

SLACK_SECONDS = 10
"""How long one call to Slack may take."""
IDLE_SECONDS = 4
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Visita:
    """The parts of a running bot."""

    settings: Settings
    database: Database
    bolt: AsyncApp
    desk: Desk
    delivery: Delivery
    timetable: Timetable
    watch: Watch


@dataclass(frozen=True)
class Pacing:
    """Seconds between messages, for a channel and for the whole workspace."""

    channel: float = 1.0
    workspace: float = 1 / 6


def read_rulebook() -> Rulebook:
    """The lead times that come with this release."""
    return Rulebook.parse(files("schedules").joinpath("leadtimes.toml").read_text(encoding="utf-8"))


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    clock: Clock,
    catalogs: Translators | None = None,
    rulebook: Rulebook | None = None,
    pacing: Pacing | None = None,
) -> AsyncIterator[Visita]:
    """Everything wired, nothing started; closed at the end of the block. The database must be up to date."""
    pacing = pacing or Pacing()
    database, metrics = Database(settings.database_url), Metrics()
    # A connection kept longer than Slack keeps it breaks under the next message, whose outcome is then unknown.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS)) as session:
        client = AsyncWebClient(
            token=settings.slack_bot_token,
            base_url=settings.slack_api_url,
            timeout=SLACK_SECONDS,
            session=session,
            retry_handlers=[CountCalls(metrics), RetryWhatIsSafe()],
        )
        slack = Slack(client, channel_seconds=pacing.channel, workspace_seconds=pacing.workspace)
        office = Office(database, clock, rulebook or read_rulebook())
        readers = Readers(catalogs or Catalogs.load())
        desk = _desk(office, readers, slack, metrics)
        delivery = Delivery(office, readers, slack, metrics=metrics)
        timetable = Timetable(delivery, clock)
        database.after_commit(timetable.wake)
        # Listeners only check, commit and answer: the answer leaves with their end instead of after a poll.
        bolt = AsyncApp(
            client=client,
            signing_secret=settings.slack_signing_secret,
            process_before_response=True,
        )
        handlers.register(bolt, desk)
        try:
            yield Visita(settings, database, bolt, desk, delivery, timetable, Watch(office, metrics))
        finally:
            await database.close()


async def introduce(visita: Visita) -> Workspace:
    """Ask Slack where the bot is, and know that workspace from now on."""
    settings = visita.settings
    auth = await visita.bolt.client.auth_test()
    zone = settings.timezone.key
    country = get_global("zone_territories").get(zone, "")
    return await visita.desk.workspaces.ensure(
        auth["team_id"], auth["team"], zone=zone, locale=settings.locale, country=country
    )


def answering(visita: Visita) -> AbstractAsyncContextManager[None]:
    """Answers Slack by the transport of the settings until the block ends."""
    return _socket(visita) if visita.settings.transport == "socket" else _http(visita)


@asynccontextmanager
async def listening(visita: Visita) -> AsyncIterator[None]:
    """Deliver what is due and answer Slack until the block ends; what is under way then comes to its end."""
    await introduce(visita)
    async with answering(visita):
        visita.timetable.start()
        try:
            yield
        finally:
            await visita.timetable.stop()
            await visita.desk.under_way.ended()


async def run(settings: Settings, *, clock: Clock, stop: asyncio.Event) -> None:
    """The bot, until `stop` is set. The database must be up to date."""
    async with build(settings, clock=clock) as visita, listening(visita):
        log.info("listening", transport=settings.transport)
        await stop.wait()
        log.info("stopping")


@asynccontextmanager
async def _socket(visita: Visita) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(visita.bolt, visita.settings.slack_app_token, web_client=visita.bolt.client)
    settings, visita.watch.connected = visita.settings, handler.client.is_connected
    pages = [health_page(visita.watch), metrics_page(visita.watch)]
    async with serve_http(pages, settings.host, settings.port) if settings.shows_metrics else nullcontext():
        await handler.connect_async()  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def _http(visita: Visita) -> AsyncIterator[None]:
    pages = [health_page(visita.watch), *([metrics_page(visita.watch)] if visita.settings.shows_metrics else [])]
    async with serve_http([slack_door(visita.bolt), *pages], visita.settings.host, visita.settings.port):
        yield


def _desk(office: Office, readers: Readers, slack: Slack, metrics: Metrics) -> Desk:
    people = People(office, SlackProfiles(slack))
    drafts = Drafts(office)
    return Desk(
        clock=office.clock,
        visits=Visits(office, people, drafts),
        drafts=drafts,
        lookup=Lookup(office),
        bookings=Bookings(office, people),
        declarations=Declarations(office),
        people=people,
        workspaces=Workspaces(office),
        readers=readers,
        slack=slack,
        metrics=metrics,
    )
