"""Databases for tests: each gets its own, already migrated, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
from structlog.typing import Processor

from bot.database import Database
from tests.postgres import TEMPLATE, Lease, Server

Source = Path | Server

LEASE = pytest.StashKey[Lease]()
BOTH = [
    pytest.param("sqlite", marks=pytest.mark.sqlite),
    pytest.param("postgresql", marks=pytest.mark.postgresql),
]


ON_ONE_DATABASE = frozenset(
    f"test_{noun}"
    for noun in (
        *("arranging", "visits", "commands", "road", "silence", "plans", "bookings", "party", "history", "days"),
        *("handovers", "stops", "clients", "papers", "read_lines", "guest_side", "short_notice", "metrics"),
        *("confidential", "levels", "double_check", "copies", "check", "deputies", "together", "reference"),
        *("consents", "press_matrix", "absences", "drivers", "called_off", "deadlines", "parts_told"),
    )
)
"""Conversations whose words and buttons do not hang on the database: on PostgreSQL only with `--everywhere`, which
takes minutes more. What locks, races, holds, migrates and delivers runs on both always."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--everywhere", action="store_true", help="every test on both databases (make test-everywhere)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--everywhere"):
        return
    left_out = [item for item in items if item.get_closest_marker("postgresql") and item.path.stem in ON_ONE_DATABASE]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite: runs on SQLite")
    config.addinivalue_line("markers", "postgresql: runs on PostgreSQL, which comes as a wheel")
    # As shipped, structlog draws tracebacks with all their locals, which takes seconds each.
    plain: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
    structlog.configure(processors=plain)
    if not hasattr(config, "workerinput"):
        config.stash[LEASE] = Lease()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist's hook: tells a worker where the run's server is, or will be."""
    node.workerinput["postgres_folder"] = str(node.config.stash[LEASE].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if LEASE in config.stash:
        config.stash[LEASE].end()


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Server:
    """The server of this run; starts when the first test asks for it."""
    config = request.config
    if LEASE in config.stash:
        return Server(config.stash[LEASE].folder)
    return Server(Path(config.workerinput["postgres_folder"]))  # type: ignore[attr-defined]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "visita.sqlite3"
    database = Database(f"sqlite:///{file}")
    await database.migrate()
    await database.close()
    return file


@pytest.fixture(params=BOTH)
def source(request: pytest.FixtureRequest) -> Source:
    """Where this test's database comes from: a file to copy, or a server that copies."""
    source: Source = request.getfixturevalue("sqlite_template" if request.param == "sqlite" else "postgres")
    return source


@pytest.fixture
async def bare_database_url(source: Source, tmp_path: Path) -> AsyncIterator[str]:
    """A database without any table, gone afterwards."""
    if isinstance(source, Server):
        async with source.copy("template0") as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path / 'bare.sqlite3'}"


@pytest.fixture
async def database_url(source: Source, tmp_path: Path) -> AsyncIterator[str]:
    """A database with all tables and no rows, gone afterwards."""
    if isinstance(source, Server):
        async with source.copy(TEMPLATE) as url:
            yield url
    else:
        file = tmp_path / "visita.sqlite3"
        shutil.copyfile(source, file)
        yield f"sqlite:///{file}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()
