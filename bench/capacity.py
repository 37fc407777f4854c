"""`python -m bench.capacity`: docs/capacity.md from what `bench.week` and `bench.replicas` measured."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.measured import kept

PAGE = Path(__file__).parents[1] / "docs" / "capacity.md"
WORKSPACES = 10_000
SHARES = ((1.0, "as busy as this office"), (0.1, "a tenth of it"))
WEEK = 7 * 86_400
CONNECTIONS = 15
"""Of one process at most: five that are kept, ten more when it is busy (SQLAlchemy's pool)."""
PATIENCE = (60, 300)
"""Seconds in which the messages of the worst minute are to be out."""
THE_WEEK = """\
{visits} visits, {people} people in three languages, {rules} rules of the procedure, seed {seed}: everybody's own hands
on the local workspace, with Slack's limits in force, the real bot with its own pace, and time that jumps from one
moment at which something happens to the next. People press late, decline or never answer; guests are delayed, meals
move, visits are canceled. Counted is what stands in Slack's own record.
"""
LATE = """\
From the moment at which a notice was due to the time that Slack gave the message. It includes the bot's own pace (six
messages a second after the first twenty), which is what the longest waits are: at the busiest moment of the week very
many reminders are due in the same second. It also includes how busy the machine was otherwise.
"""
SHARING = """\
{notices:,} notices due at once on PostgreSQL, counted by the Slack that took them. Replicas, database and that Slack
share the cores named above: sending all they can, the cores are the limit; paced, each replica's own pace is, until
Slack's limit is. Here they know nothing of each other; in a running house they share one pace (docs/operating.md).
"""
ASSUMPTIONS = """\
Worked out from the figures above, on these assumptions: an edit, a press and a form cost what a message costs; all
workspaces lie in one time zone, so that their worst minutes are one (spread over the world it is a fraction); a process
uses one core at most.
"""
LIMITS = (
    ("chat.postMessage", "one a second and channel, several hundred a minute and workspace"),
    ("chat.update", "50 a minute (tier 3)"),
    ("views.open", "100 a minute (tier 4)"),
    ("views.update", "100 a minute (tier 4)"),
    ("views.push", "100 a minute (tier 4)"),
    ("users.info", "100 a minute (tier 4)"),
    ("conversations.history", "50 a minute (tier 3); one a minute for commercial apps outside the Marketplace"),
    ("conversations.open", "50 a minute (tier 3)"),
)
"""What Slack documents, for one app in one workspace."""
Figures = dict[str, Any]


def write_page() -> None:
    PAGE.write_text("\n".join(page()) + "\n", encoding="utf-8")


def page() -> Iterator[str]:
    weeks = [week for name in ("sqlite", "postgresql") if (week := kept(f"week-{name}"))]
    replicas = kept("replicas")
    yield from ("# Capacity", "", "Made by `make week` and `make replicas`; do not edit.", "")
    if weeks:
        yield from _week(weeks)
    if replicas:
        yield from _replicas(replicas)
    if weeks and replicas:
        yield from _many(weeks[-1], replicas["shared"])


def _week(weeks: Sequence[Figures]) -> Iterator[str]:
    first = weeks[0]
    yield from ("## A week of a busy office", "")
    yield THE_WEEK.format(**first)
    yield from _table(
        ["on", "notices", "lost", "doubled", "same words twice", "early", "promises checked", "broken", "took"],
        (
            [
                week["on"],
                f"{week['arrived']:,}",
                *(str(week[name]) for name in ("lost", "doubled", "repeated", "early")),
                f"{week['promises']:,}",
                str(len(week["broken"])),
                f"{week['minutes']:.0f} min for {week['days']:.0f} days ({week['date']})",
            ]
            for week in weeks
        ),
    )
    yield from _lateness(weeks)
    yield from _did(first)
    yield from _asked_of_slack(first)
    yield from _asked_of_database(weeks)


def _lateness(weeks: Sequence[Figures]) -> Iterator[str]:
    yield from ("### How long each message was late", "", LATE)
    steps = list(weeks[0]["histogram"])
    ends = [f"≤ {step} s" if step != "more" else "more" for step in steps]
    yield from _table(
        ["on", *ends, "half", "99 %", "all"],
        (
            [
                week["on"],
                *(f"{week['histogram'][step]:,}" for step in steps),
                *(f"{week['late'][name]:.1f} s" for name in ("half", "99 %", "all")),
            ]
            for week in weeks
        ),
    )


def _did(week: Figures) -> Iterator[str]:
    yield from ("### What people did, and what they received", "")
    yield from ("; ".join(f"{what}: {times}" for what, times in week["did"].items()) + ".", "")
    yield from ("Received: " + ", ".join(f"{kind} {times}" for kind, times in week["kinds"].items()) + ".", "")
    answers = week["answers"]
    times = f"half of them within {answers['half']:.0f} ms, 99 % within {answers['99 %']:.0f} ms"
    yield from (f"{week['presses']:,} commands, presses and forms were answered, {times}.", "")


def _asked_of_slack(week: Figures) -> Iterator[str]:
    yield from ("### What Slack was asked", "")
    limits = dict(LIMITS)
    yield from _table(
        ["method", "calls", "refused", "busiest minute", "Slack allows"],
        (
            [f"`{method}`", f"{calls['total']:,}", str(calls["refused"]), str(calls["minute"]), limits.get(method, "")]
            for method, calls in week["calls"].items()
        ),
    )
    peaks = ", ".join(f"{where} {count}" for where, count in week["posts"].items())
    yield from (f"Most messages at once: {peaks}.", "")


def _asked_of_database(weeks: Sequence[Figures]) -> Iterator[str]:
    yield from ("### What the database was asked", "")
    yield from _table(
        ["on", "statements", "commits", "statements a notice", "busiest 10 s", "size at the end", "a visit"],
        (
            [
                week["on"],
                f"{week['statements']:,}",
                f"{week['commits']:,}",
                f"{week['statements'] / week['arrived']:.0f}",
                f"{week['statements_peak']:.0f} statements, {week['commits_peak']:.0f} commits a second",
                f"{week['bytes'] / 1e6:.1f} MB",
                f"{week['bytes'] / week['visits'] / 1e3:.0f} kB",
            ]
            for week in weeks
        ),
    )
    rows = ", ".join(f"{name} {count:,}" for name, count in weeks[-1]["rows"].items())
    yield from (f"Rows at the end: {rows}.", "")


def _replicas(found: Figures) -> Iterator[str]:
    yield from ("## Replicas that share one queue", "", *found["where"], "")
    yield SHARING.format(notices=found["shared"][0]["notices"])
    yield from _table(
        [
            *("replicas", "each sends", "Slack takes", "lost", "doubled", "drained in", "a second", "429s"),
            *("CPU a notice: bot", "database", "memory"),
        ],
        (_drained(one) for one in found["shared"]),
    )


def _drained(one: Figures) -> list[str]:
    pace = [
        f"{limit:g} a second" if limit else "all it can" for limit in (one["pace"]["of_each"], one["pace"]["of_slack"])
    ]
    return [
        str(one["replicas"]),
        *pace,
        str(one["lost"]),
        str(one["doubled"]),
        f"{one['seconds']:.1f} s",
        f"{one['notices'] / one['seconds']:.0f}",
        str(one["limited"]),
        f"{one['cpu'] / one['notices'] * 1000:.1f} ms",
        f"{one['database_cpu'] / one['notices'] * 1000:.1f} ms",
        f"{one['megabytes']:.0f} MB",
    ]


def _many(week: Figures, shared: Sequence[Figures]) -> Iterator[str]:
    alone = shared[0]
    cpu, database_cpu = (alone[name] / alone["notices"] for name in ("cpu", "database_cpu"))
    yield from (f"## What {WORKSPACES:,} workspaces would need", "")
    yield ASSUMPTIONS
    yield from _table(
        ["", *(name for _, name in SHARES)],
        ([what, *(answer(week, share, cpu, database_cpu) for share, _ in SHARES)] for what, answer in NEEDS.items()),
    )
    yield from NOTES.format(
        megabytes=alone["megabytes"], connections=CONNECTIONS, peak=week["posts"]["workspace, in a minute"]
    ).splitlines()


def _work(week: Figures) -> float:
    """Messages, edits, presses and forms of a week."""
    return float(sum(calls["total"] for calls in week["calls"].values()) + week["presses"])


def _average(week: Figures, share: float, cpu: float, database_cpu: float) -> str:
    cores, database = (_work(week) * share * WORKSPACES * each / WEEK for each in (cpu, database_cpu))
    return f"{cores:.1f} cores for bots, {database:.1f} for the database"


def _processes(patience: float) -> Any:
    def needed(week: Figures, share: float, cpu: float, database_cpu: float) -> str:
        messages = week["posts"]["workspace, in a minute"] * share * WORKSPACES
        bots, database = (-(-messages * each // patience) for each in (cpu, database_cpu))
        return f"{bots:.0f} processes, {database:.0f} cores of the database"

    return needed


def _connections(week: Figures, share: float, cpu: float, database_cpu: float) -> str:
    messages = week["posts"]["workspace, in a minute"] * share * WORKSPACES
    return f"{-(-messages * cpu // PATIENCE[1]) * CONNECTIONS:,.0f} at most"


def _statements(week: Figures, share: float, cpu: float, database_cpu: float) -> str:
    times = share * WORKSPACES / WEEK
    return f"{week['statements'] * times:,.0f} statements, {week['commits'] * times:,.0f} commits"


def _storage(week: Figures, share: float, cpu: float, database_cpu: float) -> str:
    return f"{week['bytes'] * 52 * share * WORKSPACES / 1e12:.1f} TB"


def _messages(week: Figures, share: float, cpu: float, database_cpu: float) -> str:
    return f"{week['arrived'] * share * WORKSPACES / 1e6:.1f} million"


NEEDS: dict[str, Any] = {
    "messages a week": _messages,
    "on average over the week": _average,
    "statements and commits a second, on average": _statements,
    "worst minute out within a minute": _processes(PATIENCE[0]),
    "worst minute out within five": _processes(PATIENCE[1]),
    "connections then": _connections,
    "storage a year": _storage,
}
NOTES = """\
- **Processes.** Each holds {megabytes:.0f} MB. They are alike and share all workspaces through the database; one more
  can be started at any time. What has to be planned for is the minute, not the week: reminders are due on the hour.
- **Connections.** {connections} a process at most. From a few hundred on, put PgBouncer between.
- **Slack, for one workspace.** The busiest minute posted {peak} messages, at the bot's own pace. Limits count per app
  and workspace, so 10,000 workspaces do not get into each other's way. The pace is kept by each process for itself:
  where several replicas send to one busy workspace together they may be faster than Slack takes, as the 429s above
  show; nothing is lost by that, but nothing is won either.
- **Slack, for the app.** Socket Mode has ten connections an app at most, and all workspaces share them: so many need
  HTTP (`VISITA_TRANSPORT=http`) behind a load balancer. Slack sends 30,000 events an hour and workspace at most. A
  commercial app outside the Marketplace may look into a conversation's history once a minute only, fifteen messages
  at a time: after an outage the look-up before a second try would be the limit. Such an app belongs into the
  Marketplace; an app that a company makes for itself is not concerned.
- **Database.** Nothing in a workspace refers to another one: where one PostgreSQL is too small, workspaces can be
  divided among several. What is older than a year can be archived visit by visit.
"""


def _table(names: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (names, ["---"] * len(names), *lines):
        yield f"| {' | '.join(cells)} |"
    yield ""


if __name__ == "__main__":
    write_page()
