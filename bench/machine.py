"""What a run took place on."""

import os
import platform
import sqlite3
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

import psutil  # type: ignore[import-untyped]

from bench.peers import Peer
from bot.clock import SystemClock

PACKAGES = ("visita", "sqlalchemy", "asyncpg", "slack-bolt", "slack-sdk", "apscheduler", "procrastinate", "pgqueuer")


def circumstances(postgres: str, peers: Iterable[type[Peer] | str]) -> list[str]:
    """Date, machine and versions, and how the peers were set up."""
    gigabytes = psutil.virtual_memory().total / 1e9
    one, five, _ = os.getloadavg()
    databases = f"SQLite {sqlite3.sqlite_version}, PostgreSQL {postgres}"
    return [
        f"- {SystemClock().now():%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {gigabytes:.0f} GB of memory,"
        f" {platform.system()} {platform.machine()}; load average at the end {one:.1f}, over five minutes {five:.1f}"
        " (the run itself keeps one to two cores busy: more than that was somebody else)",
        f"- Python {platform.python_version()}, {databases}, {', '.join(_versions())}",
        *(f"- {peer.who}: {peer.how}" for peer in peers if not isinstance(peer, str)),
    ]


def _versions() -> Iterable[str]:
    for package in PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            yield f"{package} not installed"
