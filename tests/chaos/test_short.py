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
PATIENCE = 300
"""Seconds for one test; on an idle machine each takes a tenth."""
HOUR = 3600.0
THREE = Scenario(
    title="three replicas, one killed, one suspended, the database away",
    replicas=3,
    notices=600,
    spread=4.0,
    troubles=(
        Killings(1, (20, 60)),
        DatabaseAway(1, (1.0, 2.0), (0.2, 1.0)),
        Suspensions(1, (0.5, 2.0), (1.0, 2.0)),
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
        Killings(2, (20, 40), off=31.0),
        FullDisk(1, (10, 20), (0.2, 0.6)),
        ClockSteps((-HOUR, HOUR), (3.0, 4.0)),
        BadSlack({"lost_answer": 0.2, "server_error": 0.05, "drop_connection": 0.05}, 10.0),
        Storms(1, (0.5, 1.5), calls=5, retry_after=1.0),
    ),
)


def claim(outcome: Outcome) -> None:
    assert outcome.tally.notices >= outcome.scenario.notices
    assert outcome.is_right, str(outcome)


@pytest.mark.postgresql
@pytest.mark.timeout(PATIENCE)
async def test_three_replicas(postgres: Server, tmp_path: Path) -> None:
    async with postgres.copy(TEMPLATE) as url:
        gate = Gate(url, postgres.url("postgres"))
        claim(await carry_out(THREE, url, tmp_path, number=SEED, database=gate))


@pytest.mark.sqlite
@pytest.mark.timeout(PATIENCE)
async def test_one_process(tmp_path: Path) -> None:
    claim(await carry_out(ONE, f"sqlite:///{tmp_path / 'visita.sqlite3'}", tmp_path, number=SEED))
