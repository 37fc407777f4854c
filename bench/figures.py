"""What was measured: one figure for one contestant in one row of the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Dialect = Literal["sqlite", "postgresql"]
DIALECTS: tuple[Dialect, Dialect] = ("sqlite", "postgresql")
Who = Literal[
    "Visita, SQLite",
    "Visita, PostgreSQL",
    "bare statement, SQLite",
    "bare statement, PostgreSQL",
    "APScheduler, SQLite",
    "APScheduler, PostgreSQL",
    "Procrastinate",
    "PgQueuer",
    "bare Bolt",
    "Slack SDK",
]
VISITA: tuple[Who, Who] = ("Visita, SQLite", "Visita, PostgreSQL")
PEERS: tuple[Who, ...] = ("APScheduler, SQLite", "APScheduler, PostgreSQL", "Procrastinate", "PgQueuer")
ONE_STORE_ONLY: tuple[Who, ...] = ("APScheduler, SQLite", "Procrastinate", "PgQueuer")
"""APScheduler's store is slow enough to be asked once."""
BARE: tuple[Who, Who] = ("bare statement, SQLite", "bare statement, PostgreSQL")
"""The same rows through SQLAlchemy, one insert for all of them: what planning is compared with."""
EVERYBODY: tuple[Who, ...] = (*VISITA, *BARE, *PEERS, "bare Bolt", "Slack SDK")


@dataclass(frozen=True)
class Figure:
    """`value` is None where there is none to be had; `note` then says why."""

    row: str
    who: Who
    value: float | None
    unit: str
    pending: int = 0
    note: str = ""


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    pending: tuple[int, int, int]
    """Small, middle, large."""
    peers: int
    """Of each peer, which takes minutes to be filled with a million."""
    many_due: int
    """Due at once in the larger of the two bursts."""
    repetitions: int
    commands: int
    killings: int


FULL = Sizes((10_000, 100_000, 1_000_000), 100_000, many_due=10_000, repetitions=15, commands=40, killings=2)
QUICK = Sizes((3_000, 6_000, 21_000), 6_000, many_due=1_000, repetitions=5, commands=10, killings=1)


def visita(dialect: Dialect) -> Who:
    """The contestant that Visita is on a kind of database."""
    return VISITA[DIALECTS.index(dialect)]


def bare(dialect: Dialect) -> Who:
    """The contestant that SQLAlchemy's own statement is on a kind of database."""
    return BARE[DIALECTS.index(dialect)]


def milliseconds(seconds: Sequence[float]) -> float:
    """The median."""
    return median(seconds) * 1000


def spread(seconds: Sequence[float]) -> str:
    """How far the repetitions lay apart."""
    return f"{min(seconds) * 1000:.1f} to {max(seconds) * 1000:.1f} ms in {len(seconds)} runs"


def percentile(seconds: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
