"""Processes beside the one that measures: none of them outlives it, however it ends."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

GRACE = 20.0
"""Seconds in which a process that was told to end tidies up."""


@asynccontextmanager
async def spawned(
    module: str, *arguments: str, listens: bool = False, tidies_up: bool = False
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m module …`, whose output is read; `listens`: to what is written to it as well. Killed at the end of
    the block if it is still there; `tidies_up`: it is told to end before."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE if listens else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None and tidies_up:
            process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), GRACE)
        if process.returncode is None:
            process.kill()
            await process.wait()


async def output_of(module: str, *arguments: str, tidies_up: bool = False) -> bytes:
    """What it said until it ended by itself; RuntimeError if it failed."""
    async with spawned(module, *arguments, tidies_up=tidies_up) as process:
        output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments[:1])} ended with {process.returncode}")
    return output


def end_when_told() -> None:
    """SIGTERM and Ctrl-C cancel the present task, which leaves no server and no files behind."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    for ending in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ending, task.cancel)
