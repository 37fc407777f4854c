"""The people of the workspace, bots among them."""

import zlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.ids import new_id
from sandbox.store import Store

_COLORS = ("4bbe2e", "9f69e7", "e7392d", "3c989f", "674b1b", "e96699", "5870dd", "d58247", "2b6836", "99a949")


@dataclass(slots=True)
class User:
    """Somebody with a profile: `locale` such as `zh-CN`, `tz` such as `Asia/Shanghai`."""

    id: str
    name: str
    real_name: str
    title: str = ""
    phone: str = ""
    locale: str = "en-US"
    tz: str = "UTC"
    email: str = ""
    is_admin: bool = False
    deleted: bool = False
    is_bot: bool = False
    app_id: str = ""
    bot_id: str = ""

    @property
    def color(self) -> str:
        return _COLORS[zlib.crc32(self.id.encode()) % len(_COLORS)]

    def tz_offset(self, now: datetime) -> int:
        offset = now.astimezone(ZoneInfo(self.tz)).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    def for_people(self, now: datetime) -> dict[str, Any]:
        shown = {name: getattr(self, name) for name in ("id", "name", "real_name", "title", "locale", "tz")}
        shown["tz_offset"] = self.tz_offset(now)
        return shown | {name: getattr(self, name) for name in ("is_bot", "is_admin", "deleted", "color")}

    def for_apps(self, team_id: str, now: datetime, *, with_locale: bool, with_email: bool) -> dict[str, Any]:
        """The user object of `users.info` and of `user_change`."""
        user: dict[str, Any] = {
            "id": self.id,
            "team_id": team_id,
            "name": self.name,
            "deleted": self.deleted,
            "color": self.color,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": self.tz_offset(now),
            "profile": self._profile(team_id, with_email=with_email),
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": int(now.timestamp()),
            "is_email_confirmed": True,
        }
        return user | ({"locale": self.locale} if with_locale else {})

    def _profile(self, team_id: str, *, with_email: bool) -> dict[str, Any]:
        first, _, last = self.real_name.partition(" ")
        profile: dict[str, Any] = {
            "title": self.title,
            "phone": self.phone,
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "first_name": first,
            "last_name": last,
            "status_text": "",
            "status_emoji": "",
            "team": team_id,
        }
        if self.is_bot:
            profile |= {"api_app_id": self.app_id, "bot_id": self.bot_id, "always_active": True}
        elif with_email:
            profile["email"] = self.email or f"{self.name}@example.com"
        return profile


class Users:
    """All users by id."""

    KIND = "user"

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_id = {key: User(**document) for key, document in store.all(self.KIND)}

    def __iter__(self) -> Any:
        return iter(list(self._by_id.values()))

    def get(self, user_id: str) -> User | None:
        return self._by_id.get(user_id)

    def __getitem__(self, user_id: str) -> User:
        return self._by_id[user_id]

    def __contains__(self, user_id: object) -> bool:
        return user_id in self._by_id

    def add(self, **fields: Any) -> User:
        fields.setdefault("id", new_id("U"))
        fields.setdefault("real_name", fields["name"])
        ZoneInfo(fields.get("tz", "UTC"))
        user = User(**fields)
        self.save(user)
        return user

    def save(self, user: User) -> None:
        self._by_id[user.id] = user
        self._store.put(self.KIND, user.id, asdict(user))

    def named(self, name: str) -> User | None:
        return next((user for user in self._by_id.values() if user.name == name), None)

    def with_email(self, email: str) -> User | None:
        return next(
            (user for user in self._by_id.values() if not user.is_bot and _email(user) == email.casefold()), None
        )


def _email(user: User) -> str:
    return (user.email or f"{user.name}@example.com").casefold()
