"""Where the workspace's state survives a restart: JSON documents in one SQLite file, written as they change."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol


class Store(Protocol):
    """Keeps JSON documents by kind and key."""

    def put(self, kind: str, key: str, document: Any) -> None: ...

    def delete(self, kind: str, key: str) -> None: ...

    def all(self, kind: str) -> Iterator[tuple[str, Any]]: ...

    def clear(self) -> None: ...

    def close(self) -> None: ...


class Forgetful:
    """Keeps nothing: a workspace that lives in memory only."""

    def put(self, kind: str, key: str, document: Any) -> None:
        return

    def delete(self, kind: str, key: str) -> None:
        return

    def all(self, kind: str) -> Iterator[tuple[str, Any]]:
        return iter(())

    def clear(self) -> None:
        return

    def close(self) -> None:
        return


class FileStore:
    """Writes every change through to a file.

    Each put is a transaction of its own that reaches the operating system, not the disk (`synchronous=OFF`): a
    killed process loses nothing, a power cut may lose the last moments, which a workspace for trying can bear.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS document (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key))"
            " WITHOUT ROWID"
        )

    def put(self, kind: str, key: str, document: Any) -> None:
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        self._database.execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?)", (kind, key, body))

    def delete(self, kind: str, key: str) -> None:
        self._database.execute("DELETE FROM document WHERE kind = ? AND key = ?", (kind, key))

    def all(self, kind: str) -> Iterator[tuple[str, Any]]:
        rows = self._database.execute("SELECT key, body FROM document WHERE kind = ? ORDER BY key", (kind,))
        for key, body in rows.fetchall():
            yield key, json.loads(body)

    def clear(self) -> None:
        self._database.execute("DELETE FROM document")

    def close(self) -> None:
        self._database.close()


def open_store(path: Path | None) -> Store:
    return FileStore(path) if path else Forgetful()
