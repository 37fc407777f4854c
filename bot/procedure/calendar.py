"""The office's calendar (G3): office hours, weekends, public holidays and made-up working days, in the venue's zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import holidays.countries  # all of them, now: else the first visit that is planned would wait for it

from bot.models.people import Workspace
from bot.models.visits import Visit
from bot.procedure.clocks import earliest

MORNING = time(8, 0)
"""By the clock at the venue."""


@cache
def _public_holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


@cache
def supported_countries() -> frozenset[str]:
    """ISO codes of the countries whose public holidays are known."""
    return frozenset(holidays.list_supported_countries())


@dataclass(frozen=True)
class Calendar:
    """When the office works. An unknown country has no public holidays, only weekends."""

    zone: ZoneInfo
    country: str = ""
    opens: time = time(9, 0)
    closes: time = time(18, 0)

    def is_working_day(self, day: date) -> bool:
        """Made-up working days on a weekend (China's shifted ones) count, public holidays do not."""
        if self.country not in supported_countries():
            return day.weekday() < 5
        return bool(_public_holidays(self.country).is_working_day(day))

    def at(self, moment: datetime, clock: time, *, days_before: int = 0) -> datetime:
        """A time of the venue's clock on the day of a moment, or some days before; the earlier of two, where the clocks
        go back."""
        day = moment.astimezone(self.zone).date() - timedelta(days=days_before)
        return earliest(datetime.combine(day, clock, self.zone))

    def morning_of(self, moment: datetime) -> datetime:
        """8:00 of a moment's day, or an hour before the moment where that is earlier."""
        return min(self.at(moment, MORNING), moment - timedelta(hours=1))

    def into_office_hours(self, moment: datetime) -> datetime:
        """The moment if the office works then, else an hour before the last closing time that precedes it."""
        local = moment.astimezone(self.zone)
        if self.is_working_day(local.date()) and self.opens <= local.time() <= self.closes:
            return moment
        day = local.date() if local.time() > self.closes else local.date() - timedelta(days=1)
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        last_hour = datetime.combine(day, self.closes, self.zone) - timedelta(hours=1)
        return last_hour.astimezone(moment.tzinfo)

    def office_time_after(self, moment: datetime, span: timedelta) -> datetime:
        """The moment at which the office has worked for so long since another one."""
        local, left = moment.astimezone(self.zone), span
        day = local.date()
        while True:
            opens, closes = (earliest(datetime.combine(day, clock, self.zone)) for clock in (self.opens, self.closes))
            begins = max(opens, moment)
            if self.is_working_day(day) and begins < closes:
                if begins + left <= closes:
                    return begins + left
                left -= closes - begins
            day += timedelta(days=1)


def calendar_of(workspace: Workspace, visit: Visit) -> Calendar:
    """The office's calendar in the venue's zone (G3)."""
    opens, closes = time.fromisoformat(workspace.opens), time.fromisoformat(workspace.closes)
    return Calendar(ZoneInfo(visit.zone), workspace.country, opens, closes)


def day_of(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Beginning and end of the venue's present day, which has 23 or 25 hours now and then."""
    today = now.astimezone(zone).date()
    first, last = (datetime.combine(today + timedelta(days=days), time.min, zone) for days in (0, 1))
    return first.astimezone(now.tzinfo), last.astimezone(now.tzinfo)
