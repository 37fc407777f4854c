"""A machine's clock that can be stepped while processes look at it."""

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock

_OFFSET = struct.Struct("d")


class SteppedClock:
    """The machine's time, moved by the seconds that stand in a file: every process that has it open sees a step."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(_OFFSET.pack(0))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), _OFFSET.size)
        self._machine = SystemClock()

    @property
    def offset(self) -> float:
        """Seconds that the clock is ahead of the true time."""
        (seconds,) = _OFFSET.unpack_from(self._shared)
        return float(seconds)

    def now(self) -> datetime:
        return self._machine.now() + timedelta(seconds=self.offset)

    def step(self, seconds: float) -> None:
        """Move the clock, as an administrator or a wrong time server does."""
        _OFFSET.pack_into(self._shared, 0, self.offset + seconds)
