"""How long Slack waits for what. All of it is real time, which no jump of the workspace's clock touches."""

from dataclasses import dataclass


@dataclass(slots=True)
class Timings:
    """Seconds; tests shorten them.

    `retry_after` are the pauses before an event that was not acknowledged is delivered again; a Socket Mode
    connection is asked to reconnect after `refresh_after`, and cut `refresh_grace` later.
    """

    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    retry_after: tuple[float, ...] = (1.0, 60.0, 300.0)
    refresh_after: float = 3600.0
    refresh_grace: float = 10.0
