"""Installed apps, as their manifest describes them."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.ids import new_id, new_secret
from sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Manifest:
    """Reads what matters here out of Slack's app manifest."""

    source: dict[str, Any]

    def _at(self, *path: str) -> Any:
        node: Any = self.source
        for name in path:
            node = node.get(name) if isinstance(node, dict) else None
        return node

    @property
    def name(self) -> str:
        return str(self._at("display_information", "name") or "App")

    @property
    def bot_name(self) -> str:
        return str(self._at("features", "bot_user", "display_name") or self.name)

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self._at("oauth_config", "scopes", "bot") or ())

    @property
    def redirect_urls(self) -> list[str]:
        return list(self._at("oauth_config", "redirect_urls") or ())

    @property
    def commands(self) -> list[dict[str, Any]]:
        return list(self._at("features", "slash_commands") or ())

    @property
    def shortcuts(self) -> list[dict[str, Any]]:
        return list(self._at("features", "shortcuts") or ())

    @property
    def has_home(self) -> bool:
        return bool(self._at("features", "app_home", "home_tab_enabled"))

    @property
    def bot_events(self) -> frozenset[str]:
        return frozenset(self._at("settings", "event_subscriptions", "bot_events") or ())

    @property
    def is_interactive(self) -> bool:
        return bool(self._at("settings", "interactivity", "is_enabled"))

    @property
    def uses_sockets(self) -> bool:
        return bool(self._at("settings", "socket_mode_enabled"))

    def url_for(self, kind: str, command: str | None = None) -> str | None:
        """Where a request of this kind goes when the app is served over HTTP."""
        if kind == "slash_commands":
            return next((one.get("url") for one in self.commands if one.get("command") == command), None)
        if kind == "events_api":
            return self._url("event_subscriptions", "request_url")
        if kind == "options":
            return self._url("interactivity", "message_menu_options_url") or self.url_for("interactive")
        return self._url("interactivity", "request_url")

    def _url(self, *path: str) -> str | None:
        found = self._at("settings", *path)
        return str(found) if found else None


@dataclass(slots=True)
class App:
    """An app of the workspace, with the credentials it uses here.

    `request_url` sends everything to one address, whatever the manifest says: handy for an app that is served on a
    port of this machine.
    """

    id: str
    manifest_source: dict[str, Any]
    bot_user_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    client_id: str
    client_secret: str
    request_url: str | None = None
    installed: bool = True
    granted: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)

    @property
    def manifest(self) -> Manifest:
        return Manifest(self.manifest_source)

    @property
    def uses_sockets(self) -> bool:
        return self.request_url is None and self.manifest.uses_sockets

    @property
    def scopes(self) -> frozenset[str]:
        """What the bot token may do."""
        return frozenset(self.granted) or self.manifest.scopes

    def has_command(self, command: str) -> bool:
        return any(one.get("command") == command for one in self.manifest.commands)

    def shortcut(self, callback_id: str) -> dict[str, Any] | None:
        return next((one for one in self.manifest.shortcuts if one.get("callback_id") == callback_id), None)


class Apps:
    """All apps, by id and by token."""

    KIND = "app"

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_id = {key: App(**document) for key, document in store.all(self.KIND)}

    def __iter__(self) -> Iterator[App]:
        return iter(list(self._by_id.values()))

    def __getitem__(self, app_id: str) -> App:
        return self._by_id[app_id]

    def get(self, app_id: str) -> App | None:
        return self._by_id.get(app_id)

    def add(self, seed: dict[str, Any]) -> App:
        """Adds an app from a seed, or renews its manifest and credentials when it is there already."""
        known = self._by_id.get(seed.get("id", ""))
        given = {name: value for name, value in seed.items() if name != "manifest" and value is not None}
        if known is None:
            app = App(**{**_fresh(), "manifest_source": seed["manifest"], **given})
        else:
            app = App(**{**asdict(known), "manifest_source": seed["manifest"], **given})
        self.save(app)
        return app

    def save(self, app: App) -> None:
        self._by_id[app.id] = app
        self._store.put(self.KIND, app.id, asdict(app))

    def with_bot_token(self, token: str) -> App | None:
        return next((app for app in self._by_id.values() if app.installed and app.bot_token == token), None)

    def is_known(self, token: str) -> bool:
        """Whether the token is or once was of this workspace."""
        return any(token in (app.bot_token, app.app_token, *app.revoked) for app in self._by_id.values())

    def why_refused(self, token: str) -> str:
        """Slack's code for a token that lets nobody in."""
        if any(token in app.revoked for app in self._by_id.values()):
            return "token_revoked"
        left = any(app.bot_token == token for app in self._by_id.values())
        return "account_inactive" if left else "invalid_auth"

    def revoke(self, app: App) -> None:
        """Ends the bot token; a later installation gets a new one."""
        app.revoked.append(app.bot_token)
        app.bot_token = new_secret("xoxb-")
        self.save(app)

    def with_app_token(self, token: str) -> App | None:
        return next((app for app in self._by_id.values() if app.app_token == token), None)

    def with_client_id(self, client_id: str) -> App | None:
        return next((app for app in self._by_id.values() if app.client_id == client_id), None)

    def with_command(self, command: str) -> App | None:
        return next((app for app in self._by_id.values() if app.installed and app.has_command(command)), None)

    def with_shortcut(self, callback_id: str) -> App | None:
        return next((app for app in self._by_id.values() if app.installed and app.shortcut(callback_id)), None)


def _fresh() -> dict[str, Any]:
    return {
        "id": new_id("A"),
        "bot_user_id": new_id("U"),
        "bot_id": new_id("B"),
        "bot_token": new_secret("xoxb-"),
        "app_token": new_secret("xapp-"),
        "signing_secret": new_secret(),
        "verification_token": new_secret(size=12),
        "client_id": f"{new_secret(size=6)}.{new_secret(size=6)}",
        "client_secret": new_secret(),
    }
