"""Processes beside the one that measures: none of them outlives it, however it ends."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def spawned(module: str, *arguments: str, listens: bool = False) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m module …`, whose output is read; `listens`: to what is written to it as well. Killed at the end of
    the block if it is still there."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE if listens else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def output_of(module: str, *arguments: str) -> bytes:
    """What it said until it ended by itself; RuntimeError if it failed."""
    async with spawned(module, *arguments) as process:
        output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments[:1])} ended with {process.returncode}")
    return output
