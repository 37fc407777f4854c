"""`python -m tests.chaos [SCENARIO …] [--seed N]`: the long form of the campaign; all of it is written to docs/."""

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from bot.logs import configure_logging
from tests.chaos import outage
from tests.chaos.campaign import Outcome, carry_out
from tests.chaos.databases import Crashes
from tests.chaos.report import page
from tests.chaos.scenarios import CAMPAIGN, Listed
from tests.postgres import TEMPLATE, Lease, Server

DOCS = Path(__file__).parents[2] / "docs"
SEED = 20260302


def main() -> int:
    names = {listed.name: listed for listed in CAMPAIGN}
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"only these: {', '.join(names)}")
    parser.add_argument("--seed", type=int, default=SEED, help="of the first scenario; the others count on from it")
    arguments = parser.parse_args()
    unknown = set(arguments.scenarios) - set(names)
    if unknown:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    # Otherwise a run that is ended from outside would leave its processes, its server and its files behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    configure_logging("ERROR", json=False, secrets=())
    chosen = [names[name] for name in arguments.scenarios] or list(names.values())
    return asyncio.run(_campaign(chosen, arguments.seed, is_whole=not arguments.scenarios))


async def _campaign(chosen: Sequence[Listed], first_seed: int, *, is_whole: bool) -> int:
    outcomes: list[tuple[Listed, Outcome]] = []
    seeds = {listed.name: first_seed + place for place, listed in enumerate(CAMPAIGN)}
    with tempfile.TemporaryDirectory(prefix="visita-chaos-") as folder:
        async with _server() as (server, crashes):
            for listed in chosen:
                outcome = await _scenario(listed, seeds[listed.name], Path(folder), server, crashes)
                outcomes.append((listed, outcome))
                print(outcome, flush=True)
        if is_whole:
            url = f"sqlite:///{folder}/outage.sqlite3"
            told = outage.page(await outage.without_slack(url))
            await asyncio.to_thread(outage.PAGE.write_text, told, encoding="utf-8")
            await asyncio.to_thread((DOCS / "chaos.md").write_text, page(outcomes), encoding="utf-8")
    return 0 if all(outcome.is_right for _, outcome in outcomes) else 1


async def _scenario(listed: Listed, seed: int, folder: Path, server: Server, crashes: Crashes) -> Outcome:
    own = folder / listed.name
    await asyncio.to_thread(own.mkdir)
    if listed.dialect == "SQLite":
        return await carry_out(listed.scenario, f"sqlite:///{own / 'visita.sqlite3'}", own, number=seed)
    async with server.copy(TEMPLATE) as url:
        await _keep_what_is_committed(url)
        return await carry_out(listed.scenario, url, own, number=seed, database=crashes)


async def _keep_what_is_committed(url: str) -> None:
    """The server of the tests may forget the last commits in a crash; here that would be a fault of its own."""
    connection = await asyncpg.connect(url)
    await connection.execute(f"ALTER DATABASE {make_url(url).database} SET synchronous_commit = on")
    await connection.close()


@asynccontextmanager
async def _server() -> AsyncIterator[tuple[Server, Crashes]]:
    lease = Lease()
    server, crashes = await asyncio.to_thread(Server, lease.folder), Crashes(lease.folder)
    try:
        yield server, crashes
    finally:
        await crashes.end()
        await asyncio.to_thread(lease.end)


if __name__ == "__main__":
    sys.exit(main())
