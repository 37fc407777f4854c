"""What `make chaos` goes through. Each scenario runs with a seed of its own, counted on from the first one."""

from dataclasses import dataclass

from bot.app import Pacing
from sandbox.rates import Rates
from tests.chaos.campaign import Scenario
from tests.chaos.troubles import (
    BadSlack,
    ClockSteps,
    DatabaseAway,
    DroppedSockets,
    FullDisk,
    Killings,
    Presses,
    Storms,
    Suspensions,
)

HOUR = 3600.0


@dataclass(frozen=True)
class Listed:
    """A scenario, and what it runs on."""

    name: str
    dialect: str
    scenario: Scenario


def _on_sqlite(name: str, scenario: Scenario) -> Listed:
    return Listed(name, "SQLite", scenario)


def _on_postgres(name: str, scenario: Scenario) -> Listed:
    return Listed(name, "PostgreSQL", scenario)


CAMPAIGN = (
    _on_sqlite(
        "killed",
        Scenario("one process, killed again and again", 1, 800, 40, (Killings(8, (30, 120)),)),
    ),
    _on_postgres(
        "killed-of-three",
        Scenario("three replicas, one after the other killed", 3, 1_000, 40, (Killings(8, (50, 150)),)),
    ),
    _on_postgres(
        "slack",
        Scenario(
            "lost answers, time-outs, 500s, broken connections, storms of 429 and cut sockets",
            3,
            800,
            60,
            (
                BadSlack({"lost_answer": 0.05, "server_error": 0.05, "drop_connection": 0.05}, 90),
                BadSlack({"timeout": 0.01}, 60, "chat.postMessage", held=12),
                Storms(6, (5, 15), calls=60),
                DroppedSockets(6, (5, 15)),
            ),
        ),
    ),
    _on_sqlite(
        "suspended",
        Scenario("one process, suspended for up to two leases", 1, 400, 40, (Suspensions(3, (3, 10), (5, 60)),)),
    ),
    _on_postgres(
        "suspended-of-three",
        Scenario("three replicas, one suspended at a time", 3, 800, 60, (Suspensions(6, (2, 8), (2, 45)),)),
    ),
    _on_postgres(
        "database",
        Scenario("three replicas, the database crashes", 3, 600, 60, (DatabaseAway(5, (5, 15), (0.5, 5)),)),
    ),
    _on_sqlite(
        "disk",
        Scenario(
            "a full disk, and a process killed on it",
            1,
            400,
            40,
            (FullDisk(4, (20, 100), (0.5, 10)), Killings(3, (50, 150))),
        ),
    ),
    _on_sqlite(
        "clock",
        Scenario(
            "a clock an hour ahead, put right and wrong again, answers lost",
            1,
            400,
            40,
            (ClockSteps((-HOUR, HOUR, -HOUR, HOUR), (5, 15)), BadSlack({"lost_answer": 0.2}, 60, "chat.postMessage")),
            ahead=HOUR,
        ),
    ),
    _on_postgres(
        "clock-of-three",
        Scenario(
            "three replicas, an hour skipped and taken back, half of the notices due an hour later",
            3,
            600,
            40,
            (ClockSteps((HOUR, -HOUR, HOUR), (5, 15)),),
            later=HOUR,
        ),
    ),
    _on_postgres(
        "presses",
        Scenario(
            "three replicas, people press buttons, each press arrives twice, unheard or too late; one replica killed",
            3,
            600,
            40,
            (
                Presses(80, {"duplicate_envelope": 0.5, "slow_ack": 0.05, "drop_connection": 0.05}),
                Killings(1, (100, 200)),
                BadSlack({"lost_answer": 0.1}, 40, "chat.postMessage"),
            ),
        ),
    ),
    _on_postgres(
        "outage",
        Scenario(
            "three replicas, Slack away: first everything fails, then no connection holds",
            3,
            600,
            40,
            (BadSlack({"server_error": 1.0}, 20), BadSlack({"drop_connection": 1.0}, 35)),
        ),
    ),
    _on_postgres(
        "everything",
        Scenario(
            "three replicas, everything at once",
            3,
            1_000,
            60,
            (
                Killings(5, (50, 150)),
                Suspensions(3, (5, 15), (2, 40)),
                DatabaseAway(2, (10, 25), (0.5, 3)),
                DroppedSockets(3, (5, 20)),
                Storms(3, (10, 20), calls=40),
                BadSlack({"lost_answer": 0.03, "server_error": 0.03, "drop_connection": 0.03}, 90),
            ),
        ),
    ),
    _on_sqlite(
        "paced",
        Scenario(
            "one process at the bot's own pace, with more than leaves in a minute; Slack hangs, then answers are lost",
            1,
            400,
            20,
            (
                BadSlack({"timeout": 0.5}, 30, "chat.postMessage", held=12),
                BadSlack({"lost_answer": 0.1, "server_error": 0.05}, 90),
                Killings(2, (100, 150)),
            ),
            pacing=Pacing(),
            rates=Rates(),
            patience=600.0,
        ),
    ),
    _on_postgres(
        "paced-of-three",
        Scenario(
            "the same of three replicas, with storms of 429, one replica killed and one suspended",
            3,
            800,
            30,
            (
                BadSlack({"timeout": 0.5}, 30, "chat.postMessage", held=12),
                BadSlack({"lost_answer": 0.1, "server_error": 0.05}, 120),
                Storms(3, (20, 40), calls=20),
                Killings(2, (100, 200)),
                Suspensions(2, (30, 60), (20, 45)),
            ),
            pacing=Pacing(),
            rates=Rates(),
            patience=900.0,
        ),
    ),
)
