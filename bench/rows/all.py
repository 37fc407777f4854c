"""The table's rows, in order."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from bench.figures import Figure, Who
from bench.rows import tables, timing
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
    "plan": Row("the same as a whole change: lock, read, plan, insert, commit", tables.plan_visit),
    "withdraw": Row("withdraw a visit's 60 notices", tables.withdraw, (4, 4)),
    "claim": Row("claim 100 that are due", tables.claim, (3, 5)),
    "first": Row("first message after its due time", timing.first, (4, 12)),
    "burst": Row(
        "1,000 due in the same second, 16 at a time: last one against the sender alone", timing.burst, (1.05, 1.05)
    ),
    "great-burst": Row("the same with 10,000 due, 64 at a time", timing.great_burst, (1.05, 1.05)),
    "person": Row("list one person's open notices", tables.of_person, (1, 1)),
}
