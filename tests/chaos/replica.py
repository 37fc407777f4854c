"""`python -m tests.chaos.replica CLOCK CHANNEL WORKSPACE`: `visita run` with a clock to step and another pace.

CLOCK is the file of a `SteppedClock`; CHANNEL and WORKSPACE are the seconds between two messages.
"""

import asyncio
import sys
from pathlib import Path

from bot import app, cli
from bot.app import Pacing
from bot.clock import Clock
from bot.settings import Settings
from tests.chaos.stepping import SteppedClock
from tests.classic import CLASSIC


def main(clock_file: str, channel: str, workspace: str) -> int:
    stepped = SteppedClock(Path(clock_file))
    pacing = Pacing(float(channel), float(workspace))

    async def run(settings: Settings, *, clock: Clock, stop: asyncio.Event) -> None:
        async with app.build(settings, clock=stepped, pacing=pacing, rulebook=CLASSIC) as visita, app.listening(visita):
            await stop.wait()

    return cli.main(["run"], run=run)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
