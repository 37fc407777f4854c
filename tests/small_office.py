"""A reception without Slack: the real services on a real database, a clock moved by hand, a transport that counts."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp.client_reqrep import ConnectionKey
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlmodel import select

from bot.database import Database
from bot.i18n import Catalogs
from bot.models.forms import VisitForm
from bot.models.people import Actor, Workspace
from bot.models.rearrangement import Rearrangement
from bot.models.roles import Role
from bot.models.visits import Visit
from bot.procedure.rules import Rulebook
from bot.services.absences import Absences
from bot.services.arrangements import Arrangements
from bot.services.bookings import Bookings
from bot.services.clients import Clients
from bot.services.consents import Consents
from bot.services.copies import Copies
from bot.services.declarations import Declarations
from bot.services.delays import Delays
from bot.services.delivery import EDITS_EVERY, Delivery
from bot.services.drafts import Drafts
from bot.services.furnishings import Furnishings
from bot.services.guests import Guests
from bot.services.handovers import Handovers
from bot.services.levels import Levels
from bot.services.nudges import Nudges
from bot.services.office import Office
from bot.services.people import People, Profile
from bot.services.plans import Plans
from bot.services.reading import Readers
from bot.services.remarks import Remarks
from bot.services.stops import Stops
from bot.services.visits import Visits
from bot.slack import Slack
from tests.classic import CLASSIC

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEAM, CHANNEL = "T1", "C1"
LINA, EMMA, CHEN, WANG, SOFIA, ZHANG, MARTA, LIU, ZHOU = (f"U{n}" for n in range(1, 10))
"""Two lead hosts, two drivers, a leader, a senior leader, a leader of the team, administration, executive office."""
ROLES = {
    Role.ADMINISTRATION: (LIU,),
    Role.EXECUTIVE_OFFICE: (ZHOU,),
    Role.SENIOR_LEADER: (ZHANG,),
    Role.DRIVER: (CHEN, WANG),
}
CATALOGS = Catalogs.load()
RULEBOOK = CLASSIC
_SLACK = ConnectionKey("slack.com", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)


@dataclass
class HandClock:
    """Moved by hand. Looking takes a moment, as it does everywhere: no two things happen at the very same time."""

    at: datetime

    def now(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at


@dataclass
class Post:
    """A message that Slack took."""

    at: datetime
    notice: str
    channel: str
    text: str
    ts: str
    thread: str | None
    metadata: dict[str, Any] = field(default_factory=dict)
    blocks: str = ""
    """As they were sent, in JSON."""


@dataclass
class CountingSlack(AsyncWebClient):
    """Slack at the transport: takes messages, keeps them, and fails as it is told."""

    clock: HandClock
    posts: list[Post] = field(default_factory=list)
    edits: Counter[str] = field(default_factory=Counter)
    trouble: list[str] = field(default_factory=list)
    """What becomes of the next messages: `lost` (taken, the answer is not heard), `unheard`, `unreachable`, `limited`,
    `malformed`, `says …` (an error by Slack's name)."""

    refused: set[str] = field(default_factory=set)
    """To whom nothing can be written."""
    looks: int = 0
    """How often somebody looked into a conversation."""
    looked_from: list[datetime] = field(default_factory=list)
    """From when on somebody wanted to see it, look by look."""
    looks_limited: int = 0
    """How many of the next looks are refused for a limit."""
    retry_after: int = 0
    """Seconds that Slack asks to wait where it limits."""
    meanwhile: Callable[[], Awaitable[None]] | None = None
    """Happens while the next message is on its way, or the next to whoever is `awaited`."""
    awaited: str = ""
    may_look: bool = True
    """Whether the scope to look into conversations was granted."""

    def __post_init__(self) -> None:
        AsyncWebClient.__init__(self, token="xoxb-counting")

    async def api_call(self, api_method: str, **call: Any) -> AsyncSlackResponse:
        asked = {**(call.get("params") or {}), **(call.get("json") or {})}
        match api_method:
            case "chat.postMessage":
                if self.meanwhile is not None and self.awaited in ("", asked["channel"]):
                    meanwhile, self.meanwhile = self.meanwhile, None
                    await meanwhile()
                return self._post(asked)
            case "chat.update":
                self.edits[asked["ts"]] += 1
                return self._answer(channel=asked["channel"], ts=asked["ts"])
            case "conversations.open":
                return self._answer(channel={"id": f"D{asked['users']}"})
            case "conversations.history" | "conversations.replies" if not self.may_look:
                raise SlackApiError("no", self._answer(ok=False, error="missing_scope"))  # type: ignore[no-untyped-call]
            case "conversations.history" | "conversations.replies" if self.looks_limited:
                self.looks_limited -= 1
                raise self._limited()
            case "conversations.history" | "conversations.replies":
                self.looks += 1
                self.looked_from.append(datetime.fromtimestamp(float(asked["oldest"]), UTC))
                there = [p for p in self.posts if p.channel == asked["channel"] and p.thread == asked.get("ts")]
                return self._answer(messages=[_message(p) for p in there])
        raise AssertionError(api_method)

    def _post(self, asked: dict[str, Any]) -> AsyncSlackResponse:
        trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble == "limited":
            raise self._limited()
        if trouble == "unheard":
            raise TimeoutError
        if trouble == "unreachable":
            raise aiohttp.ClientConnectorError(_SLACK, OSError())
        if trouble == "malformed":
            raise SlackApiError("no", self._answer(ok=False, error="invalid_blocks"))  # type: ignore[no-untyped-call]
        if trouble.startswith("says "):
            raise SlackApiError("no", self._answer(ok=False, error=trouble[5:]))  # type: ignore[no-untyped-call]
        to = asked["channel"]
        if to in self.refused:
            raise SlackApiError("no", self._answer(ok=False, error="user_not_found"))  # type: ignore[no-untyped-call]
        at = self.clock.now()
        post = Post(
            at=at,
            notice=asked["metadata"]["event_payload"]["notice"],
            channel=f"D{to}" if to.startswith("U") else to,
            text=asked["text"],
            ts=f"{at.timestamp():.6f}",
            thread=asked.get("thread_ts"),
            metadata=asked["metadata"],
            blocks=json.dumps(asked.get("blocks"), ensure_ascii=False),
        )
        self.posts.append(post)
        if trouble == "lost":
            raise aiohttp.ServerDisconnectedError
        return self._answer(channel=post.channel, ts=post.ts)

    def _limited(self) -> SlackApiError:
        answer = self._answer(429, {"Retry-After": str(self.retry_after)}, ok=False, error="ratelimited")
        return SlackApiError("limited", answer)  # type: ignore[no-untyped-call]

    def _answer(self, status: int = 200, headers: dict[str, str] | None = None, **data: Any) -> AsyncSlackResponse:
        return AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url="",
            req_args={},
            data={"ok": True} | data,
            headers=headers or {},
            status_code=status,
        )


def _message(post: Post) -> dict[str, Any]:
    return {"ts": post.ts, "metadata": post.metadata}


@dataclass
class Directory:
    """Who is known to Slack; whoever is named in `gone` has left."""

    gone: set[str] = field(default_factory=set)

    async def profile(self, workspace_id: str, slack_id: str) -> Profile:
        return Profile(
            slack_id=slack_id,
            name=f"Name of {slack_id}",
            title="",
            phone="",
            locale="en-US",
            zone=None,
            is_admin=slack_id == LIU,
            is_active=slack_id not in self.gone,
            is_person=True,
        )


@dataclass
class SmallOffice:
    """The services, and what stands in for the world."""

    clock: HandClock
    slack: CountingSlack
    directory: Directory
    office: Office
    people: People
    drafts: Drafts
    visits: Visits
    stops: Stops
    bookings: Bookings
    declarations: Declarations
    arrangements: Arrangements
    furnishings: Furnishings
    plans: Plans
    levels: Levels
    delays: Delays
    guests: Guests
    absences: Absences
    consents: Consents
    handovers: Handovers
    copies: Copies
    remarks: Remarks
    nudges: Nudges
    clients: Clients
    delivery: Delivery

    @property
    def database(self) -> Database:
        return self.office.database

    async def actor(self, slack_id: str) -> Actor:
        return await self.people.actor(TEAM, slack_id)

    async def open_visit(self, form: VisitForm) -> Visit:
        """A visit from a form, opened by its lead host."""
        host = await self.actor(form.lead_host)
        draft, _ = await self.drafts.begin(host, form)
        await self.drafts.keep(host, draft.id, form)
        visit, _ = await self.visits.open(host, draft.id)
        return visit

    async def all(self, table: type[Any], **where: Any) -> list[Any]:
        async with self.database.read() as session:
            return list((await session.exec(select(table).filter_by(**where))).all())

    async def arrange(self, roles: Mapping[Role, Collection[str]], zone: str) -> None:
        """Who fills which role, and the channel of the cards."""
        known = await self.people.known(TEAM, everybody(roles.values()))
        held = {role: tuple(known[i].key for i in ids) for role, ids in roles.items()}
        wanted = Rearrangement({"reception_channel": CHANNEL, "zone": zone}, held)
        await self.arrangements.arrange(await self.actor(LIU), wanted)

    async def settle(self) -> None:
        """What is due is delivered, with what follows within seconds: a thread waits for its card."""
        await self.delivery.deliver_due()
        due = await self.delivery.outbox.next_due()
        while due is not None and due - self.clock.at < timedelta(seconds=3):
            self.clock.at = max(self.clock.at, due)
            await self.delivery.deliver_due()
            earlier, due = due, await self.delivery.outbox.next_due()
            if due == earlier:
                self.clock.at += EDITS_EVERY  # it looks so often for what was put off, and this clock stands still


def everybody(groups: Iterable[Collection[str]]) -> list[str]:
    return list(dict.fromkeys(slack_id for group in groups for slack_id in group))


@asynccontextmanager
async def small_office(
    database_url: str,
    start: datetime,
    *,
    zone: str = "Asia/Shanghai",
    country: str = "CN",
    at_once: int = 1,
    rulebook: Rulebook = RULEBOOK,
    roles: Mapping[Role, Collection[str]] = ROLES,
) -> AsyncIterator[SmallOffice]:
    """An office with nine people and two cars, in a database that is up to date."""
    clock = HandClock(start.astimezone(UTC))
    database, slack, directory = Database(database_url), CountingSlack(clock), Directory()
    office = Office(database, clock, rulebook)
    people, drafts = People(office, directory), Drafts(office)
    visits, stops = Visits(office, people, drafts), Stops(office, people)
    levels, guests = Levels(office), Guests(office)
    small = SmallOffice(
        clock=clock,
        slack=slack,
        directory=directory,
        office=office,
        people=people,
        drafts=drafts,
        visits=visits,
        stops=stops,
        bookings=Bookings(office, people, stops),
        declarations=Declarations(office),
        arrangements=Arrangements(office),
        furnishings=Furnishings(office),
        plans=Plans(office, people),
        levels=levels,
        delays=Delays(office),
        guests=guests,
        absences=Absences(office, people),
        consents=Consents(office, visits, stops, levels, guests),
        handovers=Handovers(office, people),
        copies=Copies(office),
        remarks=Remarks(office, people),
        nudges=Nudges(office),
        clients=Clients(office),
        delivery=Delivery(
            office, Readers(CATALOGS), Slack(slack, channel_seconds=0, workspace_seconds=0), at_once=at_once
        ),
    )
    try:
        async with database.write() as session:
            session.add(Workspace(id=TEAM, name="House", zone=zone, locale="en-US", country=country))
        await small.arrange(dict(roles), zone)
        for name, seats in (("Van", 6), ("Bus", 18)):
            await small.furnishings.add_vehicle(await small.actor(LIU), name=name, plate=name, seats=seats)
        yield small
    finally:
        await database.close()
