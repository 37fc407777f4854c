"""Finding the peers that are installed."""

from importlib import import_module

from bench.figures import Who
from bench.peers.peer import Peer

_MODULES: dict[Who, tuple[str, str]] = {
    "APScheduler, SQLite": ("bench.peers.job_store", "OnSqlite"),
    "APScheduler, PostgreSQL": ("bench.peers.job_store", "OnPostgres"),
    "Procrastinate": ("bench.peers.procrastinate_jobs", "Procrastinate"),
    "PgQueuer": ("bench.peers.pgqueuer_jobs", "PgQueuer"),
}


def load_peers() -> dict[Who, type[Peer] | str]:
    """Each peer, or why it cannot be measured."""
    return {who: _load(module, name) for who, (module, name) in _MODULES.items()}


def _load(module: str, name: str) -> type[Peer] | str:
    try:
        peer: type[Peer] = getattr(import_module(module), name)
    except ImportError as error:
        return f"not installed: {error.name}"
    return peer
