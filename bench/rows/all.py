"""The table's rows, in order."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from bench.figures import Figure, Who
from bench.rows import processes, slack, tables, timing
from bench.run import Run


@dataclass(frozen=True)
class Row:
    """One line of the table: what is measured, and the figures to reach or beat, in the unit of the row."""

    title: str
    measure: Callable[[Run], AsyncIterator[Figure]]
    guide: tuple[float, float] | None = None
    """On SQLite, on PostgreSQL."""

    def guide_of(self, who: Who) -> float | None:
        if self.guide is None or not who.startswith("Visita"):
            return None
        return self.guide[0] if who == "Visita, SQLite" else self.guide[1]


ROWS: dict[str, Row] = {
    "insert": Row("insert a visit's 60 notices (rows and commit)", tables.insert_notices, (1.2, 3)),
    "plan": Row(
        "the same as a whole change: lock, read, plan, insert, commit (at most twice the bare statement)",
        tables.plan_visit,
    ),
    "withdraw": Row("withdraw a visit's 60 notices (rows and commit)", tables.withdraw, (4, 4)),
    "cancel": Row("the same as a whole change: lock, read, plan, withdraw, commit", tables.cancel),
    "claim": Row("claim 100 that are due", tables.claim, (3, 5)),
    "first": Row("first message after its due time", timing.first, (4, 12)),
    "burst": Row(
        "1,000 due in the same second, 16 at a time: last one against the sender alone", timing.burst, (1.05, 1.05)
    ),
    "great-burst": Row("the same with 10,000 due, 64 at a time", timing.great_burst, (1.05, 1.05)),
    "cost": Row("processor time for a message, claimed, read, rendered and settled", timing.cost),
    "person": Row(
        "list one person's open notices (Visita's tables, a query of the measurement's own)", tables.of_person, (1, 1)
    ),
    "start": Row("start, from loaded code to the first claim", processes.start, (100, 200)),
    "memory": Row("memory held, over an empty database", processes.memory, (10, 10)),
    "killed": Row("killed with 500 due: lost or sent twice", processes.killed, (0, 0)),
    "command": Row("open a visit of 60 notices: from the press to the answer, p50", slack.command, (2.7, 3.3)),
    "crowded-command": Row("the same while up to forty others have the same days and people", slack.crowded_command),
    "paced": Row(
        "very many due at once for a Slack that takes 400 a second: time against the ideal", slack.paced, (1.03, 1.03)
    ),
}
