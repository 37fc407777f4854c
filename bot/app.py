"""The composition root: builds everything once, from real parts; the only file that knows everybody."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from importlib.resources import files

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

import handlers
from bot.clock import Clock
from bot.database import Database
from bot.documents import Documents
from bot.i18n import Catalogs
from bot.memory import settle_in
from bot.metrics import CountCalls, Metrics
from bot.models.people import Workspace
from bot.oauth import Register, SealedStates, install_flow
from bot.procedure import leadtimes
from bot.procedure.rules import Rulebook
from bot.services.absences import Absences
from bot.services.arrangements import Arrangements
from bot.services.bookings import Bookings
from bot.services.clients import Clients
from bot.services.consents import Consents
from bot.services.copies import Copies
from bot.services.declarations import Declarations
from bot.services.delays import Delays
from bot.services.delivery import AT_ONCE, Delivery
from bot.services.drafts import Drafts
from bot.services.furnishings import Furnishings
from bot.services.guest_side import GuestSide
from bot.services.guests import Guests
from bot.services.handouts import Handouts
from bot.services.handovers import Handovers
from bot.services.health import Watch
from bot.services.history import History
from bot.services.installations import Installations
from bot.services.levels import Levels
from bot.services.lookup import Lookup
from bot.services.nudges import Nudges
from bot.services.office import Office
from bot.services.papers import Papers
from bot.services.people import People
from bot.services.plans import Plans
from bot.services.pressed import Pressed
from bot.services.profiles import SlackProfiles
from bot.services.reading import Readers, Translators
from bot.services.remarks import Remarks
from bot.services.replanning import Replanning
from bot.services.stops import Stops
from bot.services.visits import Visits
from bot.services.waits import Waits
from bot.services.workspaces import Workspaces
from bot.settings import Settings
from bot.slack import CHANNEL_SECONDS, WORKSPACE_SECONDS, RetryWhatIsSafe
from bot.socket_line import SocketLine
from bot.switchboard import Grant, OwnToken, Switchboard
from bot.vault import Vault
from bot.web import health_page, install_pages, metrics_page, serve_http, slack_door
from handlers.desk import Desk
from schedules.replanner import Replanner
from schedules.timetable import Timetable

SLACK_SECONDS = 10
"""How long one call to Slack may take: less than is left of a message's lease when it leaves (`SENDING_TAKES`)."""
IDLE_SECONDS = 4
AT_ONCE_FOR_SEVERAL = 64
"""Messages under way at the same time where several workspaces share the process."""
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
    replanner: Replanner
    watch: Watch
    switchboard: Switchboard
    own: OwnToken | None
    """The one token, where it does not come from installations."""


@dataclass(frozen=True)
class Pacing:
    """Seconds between messages, for a channel and for the whole workspace."""

    channel: float = CHANNEL_SECONDS
    workspace: float = WORKSPACE_SECONDS


def read_rulebook() -> Rulebook:
    """The lead times that come with this release."""
    return leadtimes.parse(files("schedules").joinpath("leadtimes.toml").read_text(encoding="utf-8"))


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
    office = Office(database, clock, rulebook or read_rulebook())
    readers = Readers(catalogs or Catalogs.load(), office.rulebook)
    vault = Vault(settings.secret_keys)
    installations = Installations(office, vault)
    own = None if settings.is_for_several else OwnToken(settings.slack_bot_token)
    # A connection kept longer than Slack keeps it breaks under the next message, whose outcome is then unknown.
    # How long a call may take is the session's to say: the SDK's clients tell only sessions of their own.
    connector, patience = aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS), aiohttp.ClientTimeout(SLACK_SECONDS)
    async with aiohttp.ClientSession(connector=connector, timeout=patience) as session:
        connect = partial(_client, settings, session, metrics)
        switchboard = Switchboard(
            own or installations,
            connect,
            are_several=settings.is_for_several,
            channel_seconds=pacing.channel,
            workspace_seconds=pacing.workspace,
            sharers=lambda: database.replicas,
        )
        replanner = Replanner(Replanning(office))
        desk = _desk(office, readers, installations, switchboard, metrics, replanner)
        at_once = AT_ONCE_FOR_SEVERAL if settings.is_for_several else AT_ONCE
        delivery = Delivery(office, readers, switchboard, at_once=at_once, metrics=metrics, pressed=desk.pressed)
        timetable = Timetable(delivery, clock)
        database.after_commit(timetable.wake)
        bolt = _bolt(settings, desk, switchboard, SealedStates(vault, clock), connect)
        handlers.register(bolt, desk)
        try:
            watch = Watch(office, metrics)
            yield Visita(settings, database, bolt, desk, delivery, timetable, replanner, watch, switchboard, own)
        finally:
            await database.close()


def _client(settings: Settings, session: aiohttp.ClientSession, metrics: Metrics, token: str | None) -> AsyncWebClient:
    return AsyncWebClient(
        token=token,
        base_url=settings.slack_api_url,
        timeout=SLACK_SECONDS,
        session=session,
        retry_handlers=[CountCalls(metrics), RetryWhatIsSafe()],
    )


def _bolt(
    settings: Settings,
    desk: Desk,
    switchboard: Switchboard,
    states: SealedStates,
    connect: Callable[[str | None], AsyncWebClient],
) -> AsyncApp:
    """Bolt takes the one token as it takes any: by name, and makes its client from it, which is then made ours."""
    register = Register(desk.installations, desk.workspaces, switchboard, settings)
    flow = install_flow(settings, register, states, connect(None)) if settings.is_for_several else None
    bolt = AsyncApp(
        token=settings.slack_bot_token or None,
        signing_secret=settings.slack_signing_secret or "",
        oauth_flow=flow,
        oauth_settings=flow.settings if flow else None,  # or Bolt would make some of its own, with a store of files
        # Bolt waits for the listener instead of asking every 10 ms whether it has answered; `handlers/replies.py`
        # returns as soon as it has.
        process_before_response=True,
    )
    ours = connect(None)
    bolt.client.base_url, bolt.client.timeout = ours.base_url, ours.timeout
    bolt.client.session, bolt.client.retry_handlers = ours.session, ours.retry_handlers
    return bolt


async def introduce(visita: Visita) -> Workspace:
    """Ask Slack where the bot's own token leads, and know that workspace from now on."""
    assert visita.own is not None, "workspaces that install the bot introduce themselves"
    auth = await visita.bolt.client.auth_test()
    workspace = await visita.desk.workspaces.welcome(auth["team_id"], auth["team"], visita.settings)
    visita.own.workspace_id = workspace.id
    scopes = str(auth.headers.get("x-oauth-scopes", ""))
    await visita.desk.installations.begin(workspace.id, Grant("", str(auth["user_id"]), scopes))
    return workspace


@asynccontextmanager
async def answering(visita: Visita) -> AsyncIterator[None]:
    """Answers Slack by the transport of the settings until the block ends, and what follows from the answers."""
    try:
        async with _socket(visita) if visita.settings.transport == "socket" else _http(visita):
            yield
    finally:
        await visita.desk.under_way.ended()


@asynccontextmanager
async def listening(visita: Visita) -> AsyncIterator[None]:
    """Deliver what is due and answer Slack until the block ends; what is under way then comes to its end."""
    if visita.own is not None:
        await introduce(visita)
    async with visita.database.with_replicas(), answering(visita):
        visita.timetable.start()
        visita.replanner.start()
        try:
            yield
        finally:
            await visita.replanner.stop()
            await visita.timetable.stop()


async def run(settings: Settings, *, clock: Clock, stop: asyncio.Event) -> None:
    """The bot, until `stop` is set. The database must be up to date."""
    async with build(settings, clock=clock) as visita, listening(visita):
        settle_in()
        log.info("listening", transport=settings.transport)
        await stop.wait()
        log.info("stopping")


@asynccontextmanager
async def _socket(visita: Visita) -> AsyncIterator[None]:
    handler = SocketLine(visita.bolt, visita.settings.slack_app_token, web_client=visita.bolt.client)
    settings, visita.watch.connected = visita.settings, handler.client.is_connected
    pages = _pages(visita) if settings.shows_metrics or settings.is_for_several else []
    async with serve_http(pages, settings.host, settings.port) if pages else nullcontext():
        await handler.connect_async()  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            await handler.close_async()


@asynccontextmanager
async def _http(visita: Visita) -> AsyncIterator[None]:
    pages = [slack_door(visita.bolt), *_pages(visita)]
    async with serve_http(pages, visita.settings.host, visita.settings.port):
        yield


def _pages(visita: Visita) -> list[Route]:
    """For operators, for Prometheus, and for those who install the app."""
    figures = [metrics_page(visita.watch)] if visita.settings.shows_metrics else []
    installing = install_pages(visita.bolt) if visita.settings.is_for_several else []
    return [health_page(visita.watch), *figures, *installing]


def _desk(
    office: Office,
    readers: Readers,
    installations: Installations,
    switchboard: Switchboard,
    metrics: Metrics,
    replanner: Replanner,
) -> Desk:
    people = People(office, SlackProfiles(switchboard))
    drafts, lookup = Drafts(office), Lookup(office)
    visits, stops = Visits(office, people, drafts), Stops(office, people)
    levels, guests = Levels(office), Guests(office)
    handouts, papers = Handouts(office, switchboard), Papers(office, installations.vault)
    return Desk(
        clock=office.clock,
        visits=visits,
        stops=stops,
        levels=levels,
        plans=Plans(office, people),
        consents=Consents(office, visits, stops, levels, guests),
        nudges=Nudges(office),
        drafts=drafts,
        lookup=lookup,
        waits=Waits(office, lookup),
        history=History(office, lookup),
        handouts=handouts,
        guest_side=GuestSide(office, lookup, handouts, papers, Documents(), readers),
        guests=guests,
        clients=Clients(office),
        papers=papers,
        copies=Copies(office),
        bookings=Bookings(office, people, Stops(office, people)),
        declarations=Declarations(office),
        delays=Delays(office),
        remarks=Remarks(office, people),
        people=people,
        absences=Absences(office, people),
        handovers=Handovers(office, people),
        workspaces=Workspaces(office),
        installations=installations,
        arrangements=Arrangements(office, replanner.wake),
        furnishings=Furnishings(office),
        readers=readers,
        lines=switchboard,
        pressed=Pressed(),
        metrics=metrics,
    )
