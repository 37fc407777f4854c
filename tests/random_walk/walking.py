"""Taking a random walk, and counting what was tried."""

from collections import Counter

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as with_seed
from hypothesis.stateful import run_state_machine_as_test
from structlog.testing import capture_logs

from bot.procedure.rules import Rulebook
from tests.conftest import Source
from tests.postgres import TEMPLATE, Server
from tests.random_walk.days import AnyDay
from tests.random_walk.steps import REFUSED
from tests.watched import copied

SEED = 20261122
DONE = "done"


def walk(source: Source, by: Rulebook, *, seed: int, walks: int, steps: int, is_shortened: bool = True) -> Counter[str]:
    """So many walks of so many steps; what was tried, with how it was refused. Fails with the steps that led there, the
    fewest that do where they are to be shortened."""
    tried: Counter[str] = Counter()

    @with_seed(seed)
    class Machine(AnyDay):
        open_database = staticmethod(lambda: source.copy(TEMPLATE) if isinstance(source, Server) else copied(source))
        rulebook = by

        def teardown(self) -> None:
            tried.update(self.done)
            super().teardown()

    with capture_logs():
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=walks,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
                phases=[Phase.generate, *([Phase.shrink] if is_shortened else [])],
            ),
        )
    return tried


def tally(tried: Counter[str]) -> list[str]:
    """A line for each action: how often it was tried, how often done, refused as what, and without anything there."""
    actions: dict[str, Counter[str]] = {}
    for name, times in tried.items():
        action, _, outcome = name.partition(REFUSED)
        actions.setdefault(action, Counter())[outcome or DONE] += times
    lines = [f"{'tried':>6} {'done':>6}  action"]
    for action, outcomes in sorted(actions.items()):
        refused = ", ".join(f"{times} {name}" for name, times in outcomes.most_common() if name != DONE)
        lines.append(f"{outcomes.total():6d} {outcomes[DONE]:6d}  {action}{f' ({refused})' if refused else ''}")
    done = sum(outcomes[DONE] for outcomes in actions.values())
    return [*lines, f"{tried.total():6d} {done:6d}  in all"]
