"""A Slack workspace in one process: its people, conversations, apps and clock, and what passes between them."""

import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.clock import WorkspaceClock
from sandbox.delivery.dispatch import Deliveries
from sandbox.delivery.events import Events
from sandbox.delivery.http_delivery import HttpDelivery
from sandbox.delivery.socket_mode import SocketMode
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.ids import new_id
from sandbox.model.apps import App, Apps
from sandbox.model.channels import Channel, ChannelKind, Channels
from sandbox.model.files import Files
from sandbox.model.forms import Forms
from sandbox.model.messages import Messages
from sandbox.model.passes import ResponsePasses, Triggers
from sandbox.model.troubles import Trouble
from sandbox.model.users import Users
from sandbox.model.views import Views
from sandbox.rates import Limiter, Rates
from sandbox.record import Record
from sandbox.store import Store, open_store
from sandbox.timings import Timings

Seed = dict[str, Any]
NextDue = Callable[[], Awaitable[tuple[datetime, str] | None]]


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person agreed to on an app's consent page."""

    app_id: str
    user_id: str
    redirect_uri: str
    scopes: list[str]


class Workspace:
    """Holds every part of a workspace; the verbs live in `conversing`, `viewing`, `people` and `api`.

    `next_due` may be set by a program that runs an app along with the workspace: it answers when that app has
    something to do next, and what, so that people can jump there. `rates` and `timings` may be changed at any time.
    """

    def __init__(
        self,
        team: Team,
        store: Store,
        *,
        clock: WorkspaceClock | None = None,
        rates: Rates | None = None,
        sockets: SocketMode | None = None,
    ) -> None:
        self.team = team
        self.store = store
        self.clock = clock or WorkspaceClock()
        self.rates = rates or Rates()
        self.limiter = Limiter(self.clock.monotonic)
        self.timings = Timings()
        self.record = Record()
        self.faults = Faults()
        self.feed = Feed()
        self.base_url = "http://127.0.0.1"
        self.next_due: NextDue | None = None
        self.hints: list[str] | dict[str, list[str]] = []
        """What a newcomer can try; by language (`en`, `es`, `zh`) where it is said in several."""
        self.notifications: defaultdict[str, deque[dict[str, Any]]] = defaultdict(lambda: deque(maxlen=20))
        self._add_nouns()
        self._add_delivery(sockets)
        self.record.on_entry = self.feed.touch
        self.clock.subscribe(self._clock_moved)

    def _add_nouns(self) -> None:
        self.users = Users(self.store)
        self.channels = Channels(self.store)
        self.messages = Messages(self.store, self.clock.now)
        self.apps = Apps(self.store)
        self.views = Views(self.store)
        self.files = Files(self.store)
        self.triggers = Triggers(self.clock.monotonic, lambda: self.timings.trigger_seconds)
        self.response_passes = ResponsePasses(self.store, self.clock.wall)
        self.forms = Forms()
        self.troubles: list[Trouble] = []
        self.oauth_codes: dict[str, Grant] = {}

    def _add_delivery(self, sockets: SocketMode | None) -> None:
        self.sockets = sockets or SocketMode(self.timings)
        self.http = HttpDelivery(self.clock)
        self.deliveries = Deliveries(self.clock, self.record, self.faults, self.timings, self.sockets, self.http)
        self.events = Events(self.deliveries, self.team.id, self.clock, self.timings)

    @classmethod
    def load(
        cls,
        seed: Seed,
        *,
        state: Path | None = None,
        clock: WorkspaceClock | None = None,
        rates: Rates | None = None,
        sockets: SocketMode | None = None,
    ) -> "Workspace":
        """Starts from a seed (team, users, channels, apps), or goes on from a state file that exists.

        An app that several workspaces install has one set of connections for them all: give them the same `sockets`.

        An existing state wins over the seed, with two exceptions: apps take over manifest and credentials, and
        people and channels that are new in the seed are added.
        """
        store = open_store(state)
        kept = dict(store.all("workspace"))
        clock = clock or WorkspaceClock()
        if "clock" in kept:
            clock.shift(timedelta(seconds=kept["clock"]["offset"]) - clock.offset)
        team = kept.get("team") or {"id": new_id("T"), "name": "Workspace", "domain": "local"} | seed.get("team", {})
        workspace = cls(Team(**team), store, clock=clock, rates=rates, sockets=sockets)
        store.put("workspace", "team", team)
        workspace.sow(seed)
        return workspace

    @classmethod
    def load_file(cls, path: Path, **options: Any) -> "Workspace":
        return cls.load(json.loads(path.read_text(encoding="utf-8")), **options)

    def sow(self, seed: Seed) -> None:
        """Adds what a seed holds and the workspace does not yet have."""
        self.hints = seed.get("hints", self.hints)
        for user in seed.get("users", ()):
            if user.get("id") not in self.users:
                self.users.add(**user)
        for app in seed.get("apps", ()):
            self.install(app)
        for channel in seed.get("channels", ()):
            if channel.get("id") not in self.channels and self.channels.named(channel["name"]) is None:
                self.add_channel(**channel)

    def install(self, seed: Seed) -> App:
        """Installs an app, given as `{"manifest": …}` with whatever ids and credentials shall be fixed."""
        app = self.apps.add(seed)
        known = self.users.get(app.bot_user_id)
        if known is None:
            name = app.manifest.bot_name
            handle = "".join(letter for letter in name.lower() if letter.isalnum()) or "bot"
            self.users.add(
                id=app.bot_user_id, name=handle, real_name=name, is_bot=True, app_id=app.id, bot_id=app.bot_id
            )
        return app

    def revoke_tokens(self, app: App) -> None:
        """Ends the app's bot token and tells the app."""
        event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [app.bot_user_id]}}
        self.events.tell(app, "tokens_revoked", event)
        self.apps.revoke(app)

    def uninstall(self, app: App) -> None:
        """Takes an app out of the workspace: its token stops working, and it is told."""
        self.events.tell(app, "app_uninstalled", {"type": "app_uninstalled"})
        app.installed = False
        self.apps.save(app)

    def add_channel(
        self, name: str, *, is_private: bool = False, members: list[str] | None = None, **fields: Any
    ) -> Channel:
        """Adds a channel; members are given by id or, for an app's bot, by the app's id."""
        people = [self.apps[one].bot_user_id if self.apps.get(one) else one for one in members or ()]
        unknown = [one for one in people if one not in self.users]
        if unknown:
            raise ValueError(f"#{name}: no such users: {unknown}")
        fields.setdefault("created", int(self.clock.now().timestamp()))
        kind: ChannelKind = "private_channel" if is_private else "public_channel"
        return self.channels.add(kind, name=name, members=people, **fields)

    def direct(self, people: list[str]) -> Channel:
        """The DM of these people, opened when it does not exist yet."""
        found = self.channels.direct(people)
        if found is not None:
            return found
        unique = list(dict.fromkeys(people))
        kind: ChannelKind = "im" if len(unique) <= 2 else "mpim"
        name = "" if kind == "im" else "mpdm-" + "--".join(self.users[one].name for one in unique) + "-1"
        created = int(self.clock.now().timestamp())
        return self.channels.add(kind, name=name, members=unique, created=created, creator=unique[0])

    def now_seconds(self) -> float:
        return self.clock.now().timestamp()

    def is_connected(self, app: App) -> bool:
        """Whether anything can be delivered to the app at present."""
        return bool(self.sockets.connections(app.id)) if app.uses_sockets else self.http.can_reach(app)

    async def clock_state(self) -> dict[str, Any]:
        """The clock as people see it, with what is due next where a program says so."""
        asked_at = self.clock.wall()
        due = await self.next_due() if self.next_due else None
        return {
            "asked_at": asked_at,
            "now": self.now_seconds(),
            "running": True,
            "next": due[0].timestamp() if due else None,
            "next_label": due[1] if due else None,
            "can_move": True,
        }

    async def close_connections(self) -> None:
        """Ends deliveries under way and every connection with apps."""
        await self.events.close()
        await self.deliveries.close()
        await self.sockets.close()
        await self.http.close()

    async def close(self) -> None:
        """The same, and lets go of the state file."""
        await self.close_connections()
        self.store.close()

    def _clock_moved(self) -> None:
        self.store.put("workspace", "clock", {"offset": self.clock.offset.total_seconds()})
        self.feed.touch()
