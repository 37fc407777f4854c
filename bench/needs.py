"""What many workspaces would need, worked out from the figures of one week and of replicas that share a queue."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from bot.slack import WORKSPACE_BURST, WORKSPACE_SECONDS

WORKSPACES = 10_000
OFFICES = (200, 20)
"""Visits a week: an office as busy as the one of the week, and one with a tenth of it."""
WEEK = 7 * 86_400
OFFICE_WEEK = 5 * 8 * 3600
CONNECTIONS = 15
"""Of one process at most: five that are kept, ten more when it is busy (SQLAlchemy's pool)."""
PATIENCE = 300
"""Seconds in which the messages of the worst minute are to be out."""
Figures = dict[str, Any]


@dataclass(frozen=True)
class Office:
    """One workspace with so many visits a week, by the figures of a week and of replicas on one queue."""

    visits: int
    week: Figures
    replicas: Figures

    def a_visit(self, what: float) -> float:
        return what / float(self.week["visits"])

    def a_second(self, what: float) -> float:
        """Of all workspaces together, over the whole week."""
        return self.a_visit(what) * self.visits * WORKSPACES / WEEK

    @property
    def messages(self) -> float:
        """That Slack took in the week."""
        return float(self.week["calls"]["chat.postMessage"]["total"])

    @property
    def calls(self) -> float:
        return float(sum(calls["total"] for calls in self.week["calls"].values()))

    @property
    def worst_minute(self) -> float:
        """Messages of one workspace: as many for each visit as in the week's own worst minute, and never more than the
        bot's pace lets through."""
        measured = self.a_visit(self.week["posts"]["workspace, in a minute"]) * self.visits
        return min(measured, most_a_minute())

    @property
    def drained_by_one(self) -> float:
        """Notices a second that one process sends, all it can."""
        return float(self.replicas["notices"] / self.replicas["seconds"])

    @property
    def processes(self) -> int:
        """For the office hours on average, at two thirds of a core each; and for the worst minute of all."""
        work = self.a_second(self.week["work"]) * WEEK / OFFICE_WEEK * 3 / 2
        worst = self.worst_minute * WORKSPACES / PATIENCE / self.drained_by_one
        return ceil(max(work, worst))


def most_a_minute() -> float:
    return WORKSPACE_BURST + 60 / WORKSPACE_SECONDS


def _rate(of: Callable[[Office], float], digits: int = 0) -> Callable[[Office], str]:
    def answer(office: Office) -> str:
        average = office.a_second(of(office))
        return f"{average:,.{digits}f}; in office hours {average * WEEK / OFFICE_WEEK:,.{digits}f}"

    return answer


def _messages(office: Office) -> str:
    return f"{office.a_visit(office.messages) * office.visits * WORKSPACES / 1e6:,.1f} million"


def _database(office: Office) -> str:
    cores = office.a_second(office.messages) * office.replicas["database_cpu"] / office.replicas["notices"]
    return f"at least {cores:,.1f}; in office hours {cores * WEEK / OFFICE_WEEK:,.1f}"


def _worst(office: Office) -> str:
    all_of_them = office.worst_minute * WORKSPACES
    return f"{office.worst_minute:,.0f} of one, {all_of_them / 1e6:,.2f} million of all"


def _at_worst(office: Office) -> str:
    return f"{ceil(office.worst_minute * WORKSPACES / PATIENCE / office.drained_by_one):,}"


def _storage(office: Office) -> str:
    grown = office.week["bytes"] - office.week["bytes_empty"]
    return f"{office.a_visit(grown) * office.visits * 52 * WORKSPACES / 1e12:,.1f} TB"


NEEDS: dict[str, tuple[Callable[[Office], str], str]] = {
    "messages a week": (_messages, "messages a visit, above"),
    "messages a second": (_rate(lambda office: office.messages), "the same"),
    "calls of Slack a second": (_rate(lambda office: office.calls), "calls a visit, above"),
    "processors for bots": (
        _rate(lambda office: office.week["work"]),
        "work a visit, above, with the local workspace and its people in it and a machine shared with others: at most",
    ),
    "statements a second": (_rate(lambda office: office.week["statements"]), "statements a visit, above"),
    "commits a second": (_rate(lambda office: office.week["commits"]), "commits a visit, above"),
    "processors for databases": (
        _database,
        "a notice on PostgreSQL, replicas above; planning and edits besides",
    ),
    "worst minute: messages": (_worst, "the week's worst minute for each visit; the bot's own pace is the upper end"),
    "processes that have it out in five minutes": (_at_worst, "what one replica sends, all it can, above"),
    "processes": (
        lambda o: f"{o.processes:,}",
        "the larger one: office hours at two thirds of a core, worst minute",
    ),
    "memory of these": (
        lambda o: f"{o.processes * o.replicas['megabytes'] / 1e3:,.0f} GB",
        "memory of one replica, above",
    ),
    "connections of these": (lambda o: f"{o.processes * CONNECTIONS:,} at most", f"{CONNECTIONS} a process at most"),
    "storage a year": (_storage, "size a visit, above; nothing archived, indices included"),
}


def needs(week: Figures, replicas: Figures) -> Iterator[list[str]]:
    offices = [Office(visits, week, replicas) for visits in OFFICES]
    for what, (answer, source) in NEEDS.items():
        yield [what, *(answer(office) for office in offices), source]
