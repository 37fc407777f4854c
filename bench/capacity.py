"""`python -m bench.capacity`: docs/capacity.md from what `bench.week` and `bench.replicas` measured."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.measured import kept
from bench.needs import OFFICES, WORKSPACES, most_a_minute, needs

PAGE = Path(__file__).parents[1] / "docs" / "capacity.md"
WHOLE_WEEK = 200
THE_WEEK = """\
{visits} visits, {people} people in three languages, {rules} rules of the procedure, seed {seed}: everybody's own hands
on the local workspace, with Slack's limits in force, and the real bot with its own pace. People press late, decline,
go away or never answer; guests are delayed, meals move, visits are canceled. Counted is what stands in Slack's own
record.

**What is simulated, and what is real.** Waiting is skipped: the time to the next reminder or press, the bot's pace,
back-offs, the minute in which changes are gathered. Work is real: bot, database, local workspace and the people in it
share one processor, and while they work time goes on as it does on a clock. What follows in seconds of lateness is
simulated time with that work in it; "work" and the times of answers are the machine's own.
"""
A_PART = """\
**This is a part of the week**, visits: {visits}; the whole one has {whole}. What
hangs on how many visits there are at once (the peaks, what one person receives in a day, boards and run sheets that get
longer) is more in the whole one; what is said below of many workspaces is worked out for each visit.
"""
LATE = """\
From the moment at which a notice was due to the time that Slack gave the message: the bot's work, that of the local
workspace that takes the message, whoever else was at work at that moment, and the bot's own pace,
in a conversation and in a workspace.
"""
RECEIVED = """\
Messages in a person's DM, on the days on which there were any; edits are not counted, they make no sound. The last
column is extrapolated: the messages of each visit, times {a_day} visits a day, shared by those who fill the role here.
Where it comes to hundreds, so does what there is to do: a house with as many visits has more people in that role than
the one of the demo, and what they receive is shared by them.
"""
SHARING = """\
{notices:,} notices due at once on PostgreSQL, counted by the Slack that took them. Replicas, database and that Slack
share the cores named above: sending all they can, the cores are the limit; paced, each replica's own pace is, until
Slack's limit is. Here they know nothing of each other; in a running house they share one pace (docs/operating.md).
"""
ASSUMPTIONS = """\
None of this was measured with {workspaces:,} workspaces: every number is one of the figures above, times visits and
workspaces. It assumes that cost grows with the visits and with nothing else (docs/benchmarks.md shows it for pending
notices, from ten thousand to a million), and that all offices work the same forty hours of the week: where they lie in
several time zones, office hours and worst minute come to a fraction of it.
"""
LIMITS = (
    ("chat.postMessage", "one a second and channel, several hundred a minute and workspace"),
    ("chat.update", "50 a minute (tier 3); the bot edits twenty at once after a rest, then fifty a minute"),
    ("views.open", "100 a minute (tier 4)"),
    ("views.update", "100 a minute (tier 4)"),
    ("views.push", "100 a minute (tier 4)"),
    ("users.info", "100 a minute (tier 4)"),
    ("conversations.history", "50 a minute (tier 3); one a minute for commercial apps outside the Marketplace"),
    ("conversations.open", "50 a minute (tier 3)"),
)
"""What Slack documents, for one app in one workspace."""
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
WORK_DAYS = 5
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
        yield from _many(weeks[0], replicas["shared"])


def _week(weeks: Sequence[Figures]) -> Iterator[str]:
    first = weeks[0]
    yield from ("## A week of a busy office", "", *first["where"], "", THE_WEEK.format(**first))
    if first["visits"] < WHOLE_WEEK:
        yield A_PART.format(visits=" and ".join(f"{w['visits']} on {NAMES[w['on']]}" for w in weeks), whole=WHOLE_WEEK)
    yield from _table(
        [
            *("on", "visits", "notices due", "arrived", "lost", "doubled", "same words twice", "early"),
            *("promises checked", "broken", "lived through", "work", "work a visit"),
        ],
        (
            [
                NAMES[week["on"]],
                str(week["visits"]),
                *(f"{week[name]:,}" for name in ("due", "arrived", "lost", "doubled", "repeated", "early", "promises")),
                str(len(week["broken"])),
                f"{week['days']:.0f} days in {week['minutes']:.0f} min",
                f"{week['work']:.0f} s",
                f"{week['work'] / week['visits']:.1f} s",
            ]
            for week in weeks
        ),
    )
    for week in weeks:
        if week["broken"]:
            yield from (f"Found broken on {NAMES[week['on']]}, at the night's look at all visits:", "")
            yield from (*(f"- {found}" for found in week["broken"]), "")
    for week in weeks:
        if "remark" in week:
            yield from (week["remark"], "")
    yield from _lateness(weeks)
    yield from _received(first)
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
                NAMES[week["on"]],
                *(f"{week['histogram'][step]:,}" for step in steps),
                *(f"{week['late'][name]:.1f} s" for name in ("half", "99 %", "all")),
            ]
            for week in weeks
        ),
    )
    for week in weeks:
        why = "; ".join(f"{reason}: {times}" for reason, times in week["why_late"].items()) or "none was"
        yield from (f"More than a second late on {NAMES[week['on']]}, and why: {why}.", "")


def _received(week: Figures) -> Iterator[str]:
    yield from ("### What one person receives", "", RECEIVED.format(a_day=WHOLE_WEEK // WORK_DAYS))
    yield from _table(
        [
            "who",
            "people",
            "got any",
            "messages a visit",
            "a day: half",
            "90 %",
            "most",
            f"with {WHOLE_WEEK} visits a week",
        ],
        (
            [
                who.replace("_", " "),
                str(of["of"]),
                str(of["people"]),
                f"{of['messages'] / week['visits']:.1f}",
                *(f"{of[name]:.0f}" for name in ("half", "90 %", "most")),
                f"{of['messages'] / week['visits'] * WHOLE_WEEK / WORK_DAYS / of['of']:.0f} a day",
            ]
            for who, of in week["received"].items()
        ),
    )
    who, of = max(week["received"].items(), key=lambda item: item[1]["most"])
    yield from (f"The most that anybody received on one day: {of['most']} ({who.replace('_', ' ')}).", "")


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
        ["method", "calls", "a visit", "refused", "busiest minute", "Slack allows"],
        (
            [
                f"`{method}`",
                f"{calls['total']:,}",
                f"{calls['total'] / week['visits']:.0f}",
                str(calls["refused"]),
                str(calls["minute"]),
                limits.get(method, ""),
            ]
            for method, calls in week["calls"].items()
        ),
    )
    peaks = ", ".join(f"{where} {count}" for where, count in week["posts"].items())
    yield from (f"Most messages at once: {peaks}.", "")


def _asked_of_database(weeks: Sequence[Figures]) -> Iterator[str]:
    yield from ("### What the database was asked", "")
    yield from _table(
        [
            "on",
            "statements",
            "commits",
            "statements a notice",
            "busiest 10 s",
            "size at the end",
            "a visit (without the empty tables)",
        ],
        (
            [
                NAMES[week["on"]],
                f"{week['statements']:,}",
                f"{week['commits']:,}",
                f"{week['statements'] / week['arrived']:.0f}",
                f"{week['statements_peak']:.0f} statements, {week['commits_peak']:.0f} commits a second",
                f"{week['bytes'] / 1e6:.1f} MB",
                f"{(week['bytes'] - week['bytes_empty']) / week['visits'] / 1e3:.0f} kB",
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
    yield from (f"## What {WORKSPACES:,} workspaces would need", "", ASSUMPTIONS.format(workspaces=WORKSPACES))
    yield from _table(["", *(f"{visits} visits a week each" for visits in OFFICES), "from"], needs(week, shared[0]))
    yield from NOTES.format(
        megabytes=shared[0]["megabytes"], peak=week["posts"]["workspace, in a minute"], most=most_a_minute()
    ).splitlines()


NOTES = """\
- **Processes** are alike and share all workspaces through the database; one more can be started at any time. Each holds
  {megabytes:.0f} MB. What has to be planned for is the minute, not the week: reminders are due on the hour.
- **Database.** Nothing in a workspace refers to another one: where one PostgreSQL is too small, workspaces can be
  divided among several. What is older than a year can be archived visit by visit. From a few hundred connections on,
  put PgBouncer between.
- **Slack, for one workspace.** The busiest minute of the week posted {peak} messages; the bot's own pace lets
  {most:.0f} through at most, and fifty edits a minute after the first twenty. Limits count per app and workspace, so
  10,000 workspaces do not get into each other's way.
- **Slack, for the app.** Socket Mode has ten connections an app at most, and all workspaces share them: so many need
  HTTP (`VISITA_TRANSPORT=http`) behind a load balancer. Slack sends 30,000 events an hour and workspace at most. A
  commercial app outside the Marketplace may look into a conversation's history once a minute only, fifteen messages
  at a time: after an outage the look-up before a second try would be the limit. Such an app belongs into the
  Marketplace; an app that a company makes for itself is not concerned.
"""


def _table(names: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (names, ["---"] * len(names), *lines):
        yield f"| {' | '.join(cells)} |"
    yield ""


if __name__ == "__main__":
    write_page()
