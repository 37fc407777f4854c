"""Pressing any button as anybody, also as those before whose eyes it never stands, and seeing what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Dialect, Table, select
from sqlmodel import SQLModel
from structlog.testing import capture_logs

from bot.database import Database
from sandbox.grasp import Pressable, pressables
from sandbox.hands import Hands
from sandbox.people import pressing
from sandbox.people.places import Place, place
from sandbox.record import ApiCall
from tests.random_walk.tables import Tables, changed
from tests.reception import PEOPLE, Reception, Shown

ANSWERS = (
    "response_url",
    "views.open",
    "views.push",
    "views.update",
    "chat.postMessage",
    "files.completeUploadExternal",
)
"""Calls by which a person is told something, or shown a window."""
NOT_AN_EFFECT = ("draft", "person", "handout")
"""What was typed is kept, who somebody is in Slack is read anew, and a file goes to the one who asked for it."""


@dataclass(frozen=True)
class Button:
    """Something that could be pressed, as it stood then: whose eyes it stood before, and where."""

    owner: str
    message: Shown | None
    """None where it stood in a window."""
    found: Pressable

    @property
    def action_id(self) -> str:
        return str(self.found.element["action_id"])

    def __str__(self) -> str:
        return f"{self.action_id} ({self.found.value}, before {self.owner})"


@dataclass(frozen=True)
class Outcome:
    """What came of a press."""

    words: tuple[str, ...]
    """What the person was told or shown, as it went over the wire."""
    effects: tuple[str, ...]
    """Tables that are not as they were."""
    failures: tuple[str, ...]
    """What went wrong by the log."""

    @property
    def is_clear(self) -> bool:
        return bool(self.words) and not self.failures


def buttons(office: Reception) -> Iterator[Button]:
    """Everything that can be pressed now: in the channel, in everybody's DM, in the windows that are open."""
    for name in PEOPLE:
        hands: Hands = getattr(office, name)
        channel = office.lina.messages("reception") if name == "lina" else hands.ephemerals("reception")
        for message in [*office.inbox(hands), *(m for m in channel if m.get("bot_id"))]:
            for found in pressables(message.get("blocks", [])):
                yield Button(name, message, found)
        for view in (hands.view(), hands.home()):
            for found in pressables((view or {}).get("blocks", [])):
                yield Button(name, None, found)


async def press(office: Reception, who: str, button: Button) -> Outcome:
    """As somebody in whose window or conversation it need not stand; what they see of it is closed again."""
    hands: Hands = getattr(office, who)
    if button.message is None:
        await hands.command("/visit away")
    spot = _spot(office, who, button)
    before, seen = await _standing(office.visita.database), len(office.workspace.record.entries)
    with capture_logs() as logs:
        await pressing.act_at(office.workspace, spot, button.found.as_action())
        await office.workspace.feed.until(lambda: bool(_words(office, seen)), 5)
    after = await _standing(office.visita.database)
    if hands.view() is not None:
        await hands.close(everything=True)
    return Outcome(
        words=_words(office, seen),
        effects=tuple(sorted(set(_effects(before, after)))),
        failures=tuple(f"{log.get('listener')}: {log.get('exception')}" for log in logs if log["log_level"] == "error"),
    )


def _words(office: Reception, seen: int) -> tuple[str, ...]:
    calls = [entry for entry in list(office.workspace.record.entries)[seen:] if isinstance(entry, ApiCall)]
    return tuple(f"{call.method} {call.arguments}" for call in calls if call.method in ANSWERS and call.ok)


@dataclass(frozen=True)
class _Standing:
    """Every row of every table as the database gives it: most are only compared, and reading what they say takes
    longer than all else about a press."""

    rows: Mapping[str, list[tuple[Any, ...]]]
    dialect: Dialect

    def read(self, names: list[str]) -> Tables:
        """What the rows of these tables say."""
        return Tables({name: self._read(SQLModel.metadata.tables[name]) for name in names})

    def _read(self, table: Table) -> Mapping[Any, Any]:
        columns = [(c.name, c.type.dialect_impl(self.dialect).result_processor(self.dialect, None)) for c in table.c]
        return {
            row[0]: SimpleNamespace(
                **{name: read(value) if read else value for (name, read), value in zip(columns, row, strict=True)}
            )
            for row in self.rows[table.name]
        }


async def _standing(database: Database) -> _Standing:
    async with database.read() as session:
        return await (await session.connection()).run_sync(_read_all)


def _read_all(connection: Connection) -> _Standing:
    found = {table: connection.exec_driver_sql(every) for table, every in _every_row().items()}
    return _Standing({table: [tuple(row) for row in rows] for table, rows in found.items()}, connection.dialect)


@cache
def _every_row() -> Mapping[str, str]:
    """As text, from which nothing is known of the columns: nothing is made of what they hold."""
    return {name: str(select(table)) for name, table in SQLModel.metadata.tables.items()}


def _effects(before: _Standing, after: _Standing) -> Iterator[str]:
    """Tables that are not as they were. Rows that were written anew and say the same are as they were."""
    written = [name for name in before.rows if before.rows[name] != after.rows[name]]
    for table, was, now in changed(before.read(written), after.read(written)):
        if _is_effect(table, was, now):
            yield table


def _is_effect(table: str, was: Any, now: Any) -> bool:
    """A message that is drawn anew as the visit stands is none; one more, or one less, is."""
    if table == "notice" and was is not None and now is not None:
        return bool(was.state != now.state or was.due_at != now.due_at)
    return table not in NOT_AN_EFFECT


def _spot(office: Reception, who: str, button: Button) -> Place:
    workspace, shown = office.workspace, button.message
    if shown is None:
        view: Any = getattr(office, who).view()
        spot = place(workspace, workspace.users[PEOPLE[who]], {"view": {"id": view["id"]}})
        return replace(spot, blocks=[button.found.block])
    own = place(workspace, workspace.users[PEOPLE[button.owner]], {"message": shown})
    return replace(own, user=workspace.users[PEOPLE[who]], blocks=[button.found.block], values={})
