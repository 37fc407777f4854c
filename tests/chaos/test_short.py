"""The short form of the campaign: a few hundred notices, every kind of trouble, counted by the workspace's record."""

from pathlib import Path

import pytest

from tests.chaos.campaign import Outcome, Scenario, carry_out
from tests.chaos.databases import Gate
from tests.chaos.troubles import (
    BadSlack,
    ClockSteps,
    DatabaseAway,
    DroppedSockets,
    FullDisk,
    Killings,
    Storms,
    Suspensions,
)
from tests.postgres import TEMPLATE, Server

SEED = 20260302
HOUR = 3600.0
THREE = Scenario(
    title="three replicas, one killed, one suspended, the database away",
    replicas=3,
    notices=600,
    spread=4.0,
    troubles=(
        Killings(1, (60, 120)),
        Suspensions(1, (1.0, 3.0), (1.0, 2.0)),
        DatabaseAway(1, (3.0, 5.0), (0.5, 1.5)),
        DroppedSockets(1, (1.0, 3.0)),
    ),
)
ONE = Scenario(
    title="one process with a clock an hour ahead, put right and wrong again; killed, on a full disk, calls failing",
    replicas=1,
    notices=160,
    spread=2.0,
    ahead=HOUR,
    troubles=(
        Killings(2, (25, 50), off=31.0),
        FullDisk(1, (10, 20), (0.5, 1.5)),
        ClockSteps((-HOUR, HOUR), (4.0, 6.0)),
        BadSlack({"lost_answer": 0.15, "server_error": 0.05, "drop_connection": 0.05}, 12.0),
        Storms(1, (2.0, 4.0), calls=5, retry_after=1.0),
    ),
)


def claim(outcome: Outcome) -> None:
    """Everybody was told once, nobody too soon, and there is a reason for every delay."""
    tally = outcome.tally
    assert tally.notices >= outcome.scenario.notices
    found = (tally.lost, tally.doubled, tally.misplaced, tally.early, tally.unexplained)
    assert found == ((), (), (), (), 0), str(outcome)
    assert set(outcome.exits) == {0}, str(outcome)


@pytest.mark.postgresql
async def test_three_replicas(postgres: Server, tmp_path: Path) -> None:
    async with postgres.copy(TEMPLATE) as url:
        gate = Gate(url, postgres.url("postgres"))
        claim(await carry_out(THREE, url, tmp_path, number=SEED, database=gate))


@pytest.mark.sqlite
async def test_one_process(tmp_path: Path) -> None:
    claim(await carry_out(ONE, f"sqlite:///{tmp_path / 'visita.sqlite3'}", tmp_path, number=SEED))
