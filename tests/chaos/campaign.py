"""One campaign: visits planned, bots started, trouble made, and the workspace's record counted at the end."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.app import Pacing
from sandbox.rates import Rates
from sandbox.server import Serving, serve
from sandbox.workspace import Workspace
from tests.chaos.company import AT_THE_MEAL, Due, opened, plan_visits, seed, unsettled
from tests.chaos.journal import Journal
from tests.chaos.processes import Replica
from tests.chaos.stepping import SteppedClock
from tests.chaos.tally import Tally, count, missing, refusals
from tests.chaos.troubles import Database, Stage, Trouble

LOOK_AGAIN = 0.5
PLANNED_A_SECOND = 250
STARTING = 4.0
"""Seconds between planning and the first due time, while processes start."""


@dataclass(frozen=True)
class Scenario:
    """What is to happen; `spread` are the seconds over which notices fall due, `later` those of a second wave."""

    title: str
    replicas: int
    notices: int
    spread: float
    troubles: Sequence[Trouble] = ()
    later: float | None = None
    """Half of the notices fall due this many seconds later than the others."""
    ahead: float = 0.0
    """Seconds that the bots' clock is wrong by when it begins."""
    people: int = 60
    pacing: Pacing = field(default_factory=lambda: Pacing(0, 0))
    rates: Rates = field(default_factory=Rates.unlimited)
    patience: float = 240.0


@dataclass(frozen=True)
class Outcome:
    """What came of a scenario."""

    scenario: Scenario
    seed: int
    tally: Tally
    troubles: dict[str, int]
    refused: dict[str, int]
    looked_up: int
    starts: int
    exits: tuple[int, ...]
    seconds: float
    """From the first message to the last."""

    @property
    def is_right(self) -> bool:
        """Everybody was told once, where and when they should, there is a reason for each delay, and bots end well."""
        tally = self.tally
        wrong = (*tally.lost, *tally.doubled, *tally.misplaced, *tally.early)
        return not wrong and not tally.unexplained and set(self.exits) == {0}

    def __str__(self) -> str:
        tally = self.tally
        late = "; ".join(f"{reason}: {len(by)}, at most {max(by):.1f} s" for reason, by in tally.late.items())
        return (
            f"{self.scenario.title} (seed {self.seed}): {tally.notices} notices in {self.seconds:.1f} s, "
            f"lost {len(tally.lost)}, doubled {len(tally.doubled)}, misplaced {len(tally.misplaced)}, "
            f"early {len(tally.early)}, late half {tally.percentile(0.5):.1f} s, 99 % {tally.percentile(0.99):.1f} s "
            f"({late or 'none late'}); {self.troubles}, refused {self.refused}, looked up {self.looked_up}, "
            f"started {self.starts} times, exits {self.exits}"
        )


async def carry_out(
    scenario: Scenario, database_url: str, folder: Path, *, number: int, database: Database | None = None
) -> Outcome:
    """`number` is the seed: with the same one the same is planned, and trouble is due at the same instants."""
    chance = random.Random(number)
    clock_file = folder / "clock"
    clock = SteppedClock(clock_file)
    journal = Journal()
    journal.stepped(scenario.ahead)
    clock.step(scenario.ahead)
    workspace = Workspace.load(seed(scenario.people), rates=scenario.rates)
    async with serve(workspace) as serving:
        planned = await _plan(scenario, serving, database_url, clock, chance)
        replicas = [
            Replica(f"bot{n}", folder, serving.api_url, database_url, clock_file, scenario.pacing)
            for n in range(1, scenario.replicas + 1)
        ]
        stage = Stage(workspace, replicas, database, clock, journal, chance)
        await _live_through(scenario, stage, planned)
        exits = await _end(scenario, stage, serving, database_url, planned)
        tally = count(workspace, planned, stage.journal)
        posted = [post.at for post in workspace.record.calls_of("chat.postMessage") if post.ok]
        return Outcome(
            scenario=scenario,
            seed=number,
            tally=tally,
            troubles=stage.journal.counts,
            refused=dict(refusals(workspace)),
            looked_up=len(workspace.record.calls_of("conversations.history")),
            starts=sum(replica.starts for replica in replicas),
            exits=exits,
            seconds=max(posted) - min(posted),
        )


async def _plan(
    scenario: Scenario, serving: Serving, database_url: str, clock: SteppedClock, chance: random.Random
) -> list[Due]:
    first = clock.now() + timedelta(seconds=STARTING + scenario.notices / PLANNED_A_SECOND)
    visits = -(-scenario.notices // AT_THE_MEAL)
    moments = [
        first + timedelta(seconds=chance.uniform(0, scenario.spread) + (scenario.later or 0) * (visit % 2))
        for visit in range(visits)
    ]
    async with opened(serving.api_url, database_url, clock) as visita:
        return await plan_visits(visita, scenario.people, moments, chance)


async def _live_through(scenario: Scenario, stage: Stage, planned: Sequence[Due]) -> None:
    begin = stage.journal.now()
    for replica in stage.replicas:
        replica.start()
    app_id = next(iter(stage.workspace.apps)).id
    everybody = await stage.workspace.feed.until(
        lambda: len(stage.workspace.sockets.connections(app_id)) == scenario.replicas, 60
    )
    assert everybody, "the bots did not start: " + stage.replicas[0].log.read_text()[-2000:]
    stage.journal.happened("the bots were starting", begin)
    async with asyncio.TaskGroup() as group:
        for trouble in scenario.troubles:
            group.create_task(trouble(stage))
    waited = 0.0
    while missing(stage.workspace, planned) and waited < scenario.patience:
        await stage.workspace.feed.until(lambda: False, LOOK_AGAIN)
        waited += LOOK_AGAIN


async def _end(
    scenario: Scenario, stage: Stage, serving: Serving, database_url: str, planned: Sequence[Due]
) -> tuple[int, ...]:
    """Waits until the bots believe that all is done, so that what they would send twice has been sent twice."""
    async with opened(serving.api_url, database_url, stage.clock) as visita:
        waited = 0.0
        while await unsettled(visita, stage.clock.now() + timedelta(minutes=10)) and waited < scenario.patience:
            await stage.workspace.feed.until(lambda: False, LOOK_AGAIN)
            waited += LOOK_AGAIN
    return tuple([await replica.stop() for replica in stage.replicas])
