"""Modals, stacked per person, and Home tabs."""

import secrets
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sandbox.blockkit.normal import normal_blocks, normal_text
from sandbox.blockkit.values import Values
from sandbox.errors import SlackError
from sandbox.ids import new_id
from sandbox.store import Store

Source = dict[str, Any]
STACK_LIMIT = 3


@dataclass(slots=True)
class View:
    """A view as Slack keeps it: `source` is what the app sent, completed."""

    id: str
    app_id: str
    user_id: str
    bot_id: str
    team_id: str
    kind: Literal["modal", "home"]
    source: Source
    hash: str
    root_id: str
    previous_id: str | None = None
    values: Values = field(default_factory=dict)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = self.source["blocks"]
        return blocks

    @property
    def external_id(self) -> str:
        return str(self.source.get("external_id") or "")

    def as_slack(self) -> dict[str, Any]:
        """The view object of payloads and answers."""
        shown: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team_id,
            "type": self.kind,
            "blocks": self.blocks,
            "private_metadata": self.source.get("private_metadata", ""),
            "callback_id": self.source.get("callback_id", ""),
            "state": {"values": self.values},
            "hash": self.hash,
            "title": self.source.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": self.source.get("clear_on_close", False),
            "notify_on_close": self.source.get("notify_on_close", False),
            "close": self.source.get("close"),
            "submit": self.source.get("submit"),
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": self.app_id,
            "external_id": self.external_id,
            "app_installed_team_id": self.team_id,
            "bot_id": self.bot_id,
        }
        return shown


def normal_source(view: Source) -> Source:
    texts: Source = {name: normal_text(view[name]) for name in ("title", "submit", "close") if name in view}
    return {**view, **texts, "blocks": normal_blocks(view["blocks"])}


class Views:
    """What every person has open, and the Home tab of every app for every person."""

    KIND = "view"
    STACKS = "stack"

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_id = {key: View(**document) for key, document in store.all(self.KIND)}
        self._stacks: defaultdict[str, list[str]] = defaultdict(list)
        self._stacks.update(dict(store.all(self.STACKS)))

    def stack(self, user_id: str) -> list[View]:
        """The person's open modals, bottom first."""
        return [self._by_id[view_id] for view_id in self._stacks[user_id]]

    def top(self, user_id: str) -> View | None:
        stack = self._stacks[user_id]
        return self._by_id[stack[-1]] if stack else None

    def get(self, view_id: str) -> View | None:
        return self._by_id.get(view_id)

    def home(self, app_id: str, user_id: str) -> View | None:
        return next(
            (
                one
                for one in self._by_id.values()
                if one.kind == "home" and (one.app_id, one.user_id) == (app_id, user_id)
            ),
            None,
        )

    def with_external_id(self, app_id: str, external_id: str) -> View | None:
        return next(
            (one for one in self._by_id.values() if one.app_id == app_id and one.external_id == external_id), None
        )

    def open(self, view: View) -> list[View]:
        """Starts a stack of its own and answers with the views it took the place of."""
        replaced = self.stack(view.user_id)
        self._set_stack(view.user_id, [])
        self._put_on_top(view)
        return replaced

    def push(self, view: View) -> None:
        stack = self.stack(view.user_id)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        self._put_on_top(view)

    def replace(self, view: View, source: Source, new_hash: str) -> None:
        """Gives a view another content; values of elements that are no longer there go with them."""
        view.source, view.hash = normal_source(source), new_hash
        view.values = {}
        self.save(view)

    def close_top(self, user_id: str) -> None:
        self._set_stack(user_id, self._stacks[user_id][:-1])

    def close_all(self, user_id: str) -> None:
        self._set_stack(user_id, [])

    def save(self, view: View) -> None:
        self._by_id[view.id] = view
        self._store.put(self.KIND, view.id, asdict(view))

    def _put_on_top(self, view: View) -> None:
        self.save(view)
        self._set_stack(view.user_id, [*self._stacks[view.user_id], view.id])

    def _set_stack(self, user_id: str, stack: list[str]) -> None:
        for view_id in set(self._stacks[user_id]) - set(stack):
            del self._by_id[view_id]
            self._store.delete(self.KIND, view_id)
        self._stacks[user_id] = stack
        self._store.put(self.STACKS, user_id, stack)


def new_view(kind: Literal["modal", "home"], source: Source, **owner: Any) -> View:
    """A view that was just sent; `owner` names app_id, user_id, bot_id, team_id and hash."""
    view_id = new_id("V")
    return View(id=view_id, kind=kind, source=normal_source(source), root_id=view_id, **owner)


def new_hash(now: float) -> str:
    return f"{int(now)}.{secrets.token_urlsafe(6)}"
