"""The reception of the demo's company in a test: real bot, real database, real workspace; people act by their hands.

async with reception(database_url) as office:
    await office.lina.command("/visit create")
    …
    await office.pass_time(hours=1)
    card = office.last(office.chen)
"""

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import select

from bot import app, demo, demo_office
from bot.app import Pacing, Visita
from bot.clock import SystemClock
from bot.i18n import Catalogs
from bot.models.people import Actor
from bot.models.visits import Stop
from bot.procedure.rules import Rulebook
from bot.services.reading import Translators
from bot.settings import Transport
from bot.web import SLACK_PATH
from sandbox.clock import WorkspaceClock
from sandbox.hands import Hands
from sandbox.rates import Rates
from sandbox.record import ApiCall
from sandbox.server import serve
from sandbox.workspace import Workspace
from tests.classic import CLASSIC

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY_MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
"""When tests begin unless they say otherwise."""
PEOPLE = {
    "lina": "U01LINA",
    "carlos": "U02CARLOS",
    "emma": "U03EMMA",
    "chen": "U04CHEN",
    "wang": "U05WANG",
    "sofia": "U06SOFIA",
    "zhang": "U07ZHANG",
    "liu": "U08LIU",
    "zhou": "U09ZHOU",
    "ana": "U10ANA",
    "zhao": "U11ZHAO",
    "grace": "U12GRACE",
    "gao": "U13GAO",
    "huang": "U14HUANG",
    "xu": "U15XU",
}
CATALOGS = Catalogs.load(strict=True)
"""Reading them takes longer than everything else that sets up a reception: once is enough."""
Shown = dict[str, Any]


@dataclass
class Reception:
    """Everybody's hands, the workspace and the bot."""

    workspace: Workspace
    visita: Visita

    def __getattr__(self, name: str) -> Hands:
        if name not in PEOPLE:
            raise AttributeError(name)
        # What follows an answer is over when the next step begins, so that steps come in the same order every time.
        ended = self.visita.desk.under_way.ended
        hands = Hands(self.workspace, PEOPLE[name], patience=20, afterwards=ended)
        self.__dict__[name] = hands
        return hands

    @property
    def now(self) -> datetime:
        return self.workspace.clock.now()

    async def settle(self) -> None:
        """Everything that is due now is delivered, and what follows from it within seconds."""
        await self.visita.delivery.deliver_due()
        due = await self.visita.delivery.outbox.next_due()
        while due is not None and due - self.now < timedelta(seconds=3):
            self.workspace.clock.to(due)
            await self.visita.delivery.deliver_due()
            due = await self.visita.delivery.outbox.next_due()

    async def pass_time(self, until: datetime | None = None, **span: float) -> None:
        """Time passes; whatever falls due on the way is delivered at its moment."""
        end = until or self.now + timedelta(**span)
        await self.settle()
        due = await self.visita.delivery.outbox.next_due()
        while due is not None and due <= end:
            self.workspace.clock.to(due)
            await self.settle()
            due = await self.visita.delivery.outbox.next_due()
        self.workspace.clock.to(end)
        await self.settle()

    async def newest_stop(self) -> int:
        """The stop that was added last."""
        async with self.visita.database.read() as session:
            return max(stop.key for stop in (await session.exec(select(Stop))).all())

    async def actor(self, name: str) -> Actor:
        """One of the people, as the services know them."""
        return await self.visita.desk.people.actor(demo_office.TEAM_ID, PEOPLE[name])

    def inbox(self, who: Hands) -> list[Shown]:
        """The person's DM with the bot, oldest first, without what they wrote themselves."""
        return [message for message in who.dms() if message.get("bot_id") and not message.get("ephemeral")]

    def last(self, who: Hands) -> Shown:
        """The newest message of the bot to a person."""
        return self.inbox(who)[-1]

    def card(self) -> Shown:
        """The newest visit card in the reception channel."""
        return [m for m in self.lina.messages("reception") if m.get("bot_id") and not m.get("ephemeral")][-1]

    def posts(self) -> list[ApiCall]:
        """What the bot really posted, from the workspace's record."""
        return [
            entry
            for entry in self.workspace.record.entries
            if isinstance(entry, ApiCall) and entry.method in ("chat.postMessage", "chat.update", "chat.postEphemeral")
        ]

    async def open_visit(self, who: Hands | None = None, /, **fields: Any) -> None:
        """A visit opened through form and read-back; `fields` override what is typed and chosen."""
        host = who or self.lina
        await self.fill_form(host, **fields)
        assert await host.submit() == {}
        assert await host.submit() == {}
        await host.close(everything=True)
        await self.settle()

    async def fill_form(self, host: Hands, **fields: Any) -> None:
        """The form as the lead host of the walk fills it in; ends before "Review"."""
        typed = {
            "company": "Acme",
            "guest_name": "Luis García",
            "party_size": "4",
            "contact_name": "Pedro Gómez",
            "contact_phone": "+34 612 345 699",
            "arrival_number": "MU5102",
            "arrival_place": "T2, Gate 4",
        } | {name: value for name, value in fields.items() if name in TYPED}
        chosen = {
            "guest_language": "es",
            "arrival_date": "2026-03-05",
            "arrival_time": "14:30",
            "departure_date": "2026-03-06",
            "departure_time": "19:00",
            "greeters": ["U06SOFIA"],
            "leaders": ["U06SOFIA"],
        } | {name: value for name, value in fields.items() if name not in TYPED}
        await host.command("/visit create")
        for name, value in typed.items():
            await host.fill(name, value)
        for name, value in chosen.items():
            await host.choose(None, name, value)


TYPED = (
    "company",
    "guest_name",
    "guest_title",
    "party_size",
    "contact_name",
    "contact_phone",
    "arrival_number",
    "arrival_place",
    "travel_minutes",
    "departure_number",
    "food_notes",
    "customs_notes",
)


@asynccontextmanager
async def reception(
    database_url: str,
    *,
    transport: Transport = "socket",
    start: datetime = MONDAY_MORNING,
    catalogs: Translators | None = None,
    rulebook: Rulebook | None = None,
    pacing: Pacing | None = None,
    zone: str = demo_office.ZONE,
    by_itself: bool = False,
    secret_keys: tuple[str, ...] = (),
    approved: bool = False,
) -> AsyncIterator[Reception]:
    """The demo's company, its bot and its workspace; nothing is due yet. `by_itself`: its own timetable delivers.

    The rulebook has the rows of the first walk only, unless another is given. Nobody approves plans, so that visits
    are prepared from the moment they are opened, unless `approved` says otherwise.
    """
    clock = WorkspaceClock(offset=start.astimezone(UTC) - SystemClock().now())
    port = free_port() if transport == "http" else 0
    workspace = Workspace.load(_seed(transport, port), clock=clock, rates=Rates.unlimited())
    # People here wait longer than in Slack: what is tested is not how busy this machine is.
    workspace.timings.ack_seconds = workspace.timings.trigger_seconds = 20
    async with AsyncExitStack() as stack:
        serving = await stack.enter_async_context(serve(workspace))
        settings = demo.demo_settings(serving.api_url, database_url, secret_keys=secret_keys)
        settings = replace(settings, transport=transport, port=port, timezone=ZoneInfo(zone))
        parts = demo.open_office(
            settings,
            clock,
            catalogs=catalogs or CATALOGS,
            rulebook=rulebook or CLASSIC,
            pacing=pacing or Pacing(0, 0),
            approved=approved,
        )
        visita = await stack.enter_async_context(parts)
        await stack.enter_async_context(app.listening(visita) if by_itself else app.answering(visita))
        clock.subscribe(visita.timetable.wake)
        yield Reception(workspace, visita)


def _seed(transport: Transport, port: int) -> dict[str, Any]:
    """The demo's company; over HTTP the app is called at its address instead of over its socket."""
    seed = demo_office.seed()
    if transport == "http":
        app_seed = seed["apps"][0]
        app_seed["manifest"]["settings"]["socket_mode_enabled"] = False
        app_seed["request_url"] = f"http://127.0.0.1:{port}{SLACK_PATH}"
    return seed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def seen(shown: Shown | None) -> Shown:
    """The window or Home tab that somebody has before them."""
    assert shown is not None, "there is none"
    return shown


def text_of(message: Shown | None) -> str:
    """Everything a message or view shows, as one text."""
    return "\n".join(_texts(seen(message).get("blocks", [])))


def labels(message: Shown | None) -> list[str]:
    """What stands on the buttons of a message or view."""
    return [
        element["text"]["text"]
        for block in seen(message).get("blocks", [])
        for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        if element.get("type") == "button"
    ]


def _texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for value in node.values() for text in _texts(value)]
    if isinstance(node, list):
        return [text for item in node for text in _texts(item)]
    return []
