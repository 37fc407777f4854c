"""`python -m bench.replicas [NOTICES]`: one to three replicas share a queue, unpaced and paced.

With the full number the figures are kept and docs/capacity.md is written anew.
"""

import argparse
import asyncio
import sys
from dataclasses import asdict

from bench.capacity import write_page
from bench.databases import databases
from bench.machine import circumstances
from bench.measured import keep
from bench.processes import end_when_told
from bench.replicas.sharing import Pace, Shared, share
from bot.logs import configure_logging

NOTICES = 10_000
PACES = (Pace(), Pace(of_each=80, of_slack=200))
"""As fast as the machine goes; and so that two replicas stay under what Slack takes, and three do not."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.replicas", description=__doc__)
    parser.add_argument("notices", nargs="?", type=int, default=NOTICES)
    arguments = parser.parse_args()
    configure_logging("ERROR", json=False, secrets=())
    shared, where = asyncio.run(_all(arguments.notices))
    if arguments.notices == NOTICES:
        keep("replicas", {"where": where, "shared": [asdict(one) for one in shared]})
        write_page()
    return 0 if all(one.is_right for one in shared) else 1


async def _all(notices: int) -> tuple[list[Shared], list[str]]:
    end_when_told()
    shared = []
    async with databases() as made:
        for pace in PACES:
            for replicas in (1, 2, 3):
                shared.append(await share(made, notices, replicas, pace))
                print(shared[-1], flush=True)
        return shared, circumstances(await made.postgres_version(), ())


if __name__ == "__main__":
    sys.exit(main())
