"""Lead times: how long before a moment somebody is told."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from bot.procedure.calendar import Calendar
from bot.procedure.clocks import earliest

_PATTERN = re.compile(r"(?:(?P<days>\d{1,4})\s*d)?\s*(?:(?P<hours>\d{1,4})\s*h)?\s*(?:(?P<minutes>\d{1,4})\s*min)?")


@dataclass(frozen=True)
class Lead:
    """A lead such as `2d` or `1h 20min`: days on the venue's wall clock, hours and minutes on the stopwatch."""

    days: int = 0
    hours: int = 0
    minutes: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2d`, `4h`, `30min` or a combination; ValueError for anything else."""
        match = _PATTERN.fullmatch(text.strip())
        if match is None or not text.strip():
            raise ValueError(f"a lead time looks like '2d', '4h' or '1h 20min', not {text!r}")
        return cls(**{name: int(value or 0) for name, value in match.groupdict().items()})

    def __str__(self) -> str:
        parts = [f"{self.days}d"] * bool(self.days) + [f"{self.hours}h"] * bool(self.hours)
        return " ".join(parts + [f"{self.minutes}min"] * bool(self.minutes)) or "0min"

    def before(self, anchor: datetime, calendar: Calendar, *, in_office_hours: bool | None = None) -> datetime:
        """The moment to tell (UTC). Leads with days keep to office hours, brought forward, never later (G3), unless
        `in_office_hours` says otherwise."""
        moment = anchor.astimezone(UTC)
        if self.days:
            local = anchor.astimezone(calendar.zone)
            moment = earliest(datetime.combine(local.date() - timedelta(days=self.days), local.time(), calendar.zone))
        moment -= timedelta(hours=self.hours, minutes=self.minutes)
        keeps = self.days > 0 if in_office_hours is None else in_office_hours
        return calendar.into_office_hours(moment).astimezone(UTC) if keeps else moment
