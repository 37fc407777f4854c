"""Conversations: channels, DMs and who is in them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sandbox.ids import new_id
from sandbox.store import Store

ChannelKind = Literal["public_channel", "private_channel", "im", "mpim"]


@dataclass(slots=True)
class Channel:
    """A conversation; `read` says up to which `ts` each member has read it."""

    id: str
    kind: ChannelKind
    name: str = ""
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    creator: str = ""
    created: int = 0
    read: dict[str, str] = field(default_factory=dict)

    @property
    def is_im(self) -> bool:
        return self.kind == "im"

    @property
    def is_private(self) -> bool:
        return self.kind != "public_channel"

    @property
    def name_in_payloads(self) -> str:
        """What Slack writes as the channel's name in commands and clicks."""
        return {"im": "directmessage", "private_channel": "privategroup"}.get(self.kind, self.name)

    @property
    def type_in_events(self) -> str:
        return {"public_channel": "channel", "private_channel": "group"}.get(self.kind, self.kind)

    def other(self, user_id: str) -> str | None:
        """The other side of a DM."""
        if not self.is_im:
            return None
        return next((member for member in self.members if member != user_id), user_id)

    def for_apps(self, app_user: str, team_id: str) -> dict[str, Any]:
        """The conversation object of `conversations.info`."""
        common: dict[str, Any] = {
            "id": self.id,
            "created": self.created,
            "is_archived": False,
            "is_im": self.is_im,
            "is_org_shared": False,
            "context_team_id": team_id,
            "updated": self.created * 1000,
        }
        if self.is_im:
            return common | {"user": self.other(app_user), "is_user_deleted": False, "priority": 0}
        return common | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "public_channel",
            "is_group": self.kind == "private_channel",
            "is_mpim": self.kind == "mpim",
            "is_private": self.is_private,
            "is_general": self.name == "general",
            "is_shared": False,
            "is_ext_shared": False,
            "is_pending_ext_shared": False,
            "is_member": app_user in self.members,
            "creator": self.creator,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": self.purpose, "creator": "", "last_set": 0},
            "previous_names": [],
            "num_members": len(self.members),
        }


class Channels:
    """All conversations by id, and DMs by who is in them."""

    KIND = "channel"

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_id = {key: Channel(**document) for key, document in store.all(self.KIND)}
        self._direct = {
            frozenset(channel.members): channel for channel in self._by_id.values() if channel.kind in ("im", "mpim")
        }

    def __iter__(self) -> Iterator[Channel]:
        return iter(list(self._by_id.values()))

    def __contains__(self, channel_id: object) -> bool:
        return channel_id in self._by_id

    def get(self, channel_id: str) -> Channel | None:
        return self._by_id.get(channel_id)

    def __getitem__(self, channel_id: str) -> Channel:
        return self._by_id[channel_id]

    def named(self, name: str) -> Channel | None:
        wanted = name.removeprefix("#")
        return next((channel for channel in self._by_id.values() if channel.name == wanted), None)

    def of(self, user_id: str) -> list[Channel]:
        return [channel for channel in self._by_id.values() if user_id in channel.members]

    def add(self, kind: ChannelKind, **fields: Any) -> Channel:
        prefix = "D" if kind == "im" else "G" if kind == "mpim" else "C"
        fields.setdefault("id", new_id(prefix))
        channel = Channel(kind=kind, **fields)
        self.save(channel)
        return channel

    def save(self, channel: Channel) -> None:
        self._by_id[channel.id] = channel
        if channel.kind in ("im", "mpim"):
            self._direct[frozenset(channel.members)] = channel
        self._store.put(self.KIND, channel.id, asdict(channel))

    def direct(self, people: Iterable[str]) -> Channel | None:
        """The DM in which exactly these people are, if it was ever opened."""
        return self._direct.get(frozenset(people))
