"""How an answer that does not come is chased (section C): which steps, and when, counted over the time that is left."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from bot.procedure.calendar import Calendar
from bot.procedure.clocks import earliest

ROUNDED_TO = timedelta(minutes=5)
"""Within office or waking hours: what is asked at about the same time is chased in one message."""


class Step(StrEnum):
    """What is done about somebody who does not answer, in this order."""

    AGAIN = "again"
    """The same person is asked once more."""
    DEPUTY = "deputy"
    """The person's deputy is asked the same, else the role's."""
    TELL = "tell"
    """Administration and the lead host hear who has not answered what."""


@dataclass(frozen=True)
class Pace:
    """When the steps are due, as shares of the time between the asking and the moment by when it is needed."""

    shares: tuple[tuple[Step, float], ...]
    apart: timedelta
    """Between any two steps, at least."""
    longest: timedelta
    """However much time is left, no more than so many of the days that count, in whole days."""
    office_from: timedelta
    """Where so much time is left, only office hours count."""
    awake_from: timedelta
    """Where so much is left, the hours of the night do not count."""
    awake: tuple[time, time]


@dataclass(frozen=True)
class Chase:
    """The pace, and the steps for each kind of question: an answer of the rulebook, or `request`."""

    pace: Pace
    steps: Mapping[str, tuple[Step, ...]]


@lru_cache(maxsize=4096)
def moments(
    asked: datetime, needed: datetime, steps: tuple[Step, ...], pace: Pace, calendar: Calendar
) -> tuple[tuple[Step, datetime], ...]:
    """The steps there is time for, with their moments (UTC): all after the asking and before it is needed.

    The last word, to administration and the lead host, comes first: the others have to fit in before it.
    """
    asked, needed, shares = asked.astimezone(UTC), needed.astimezone(UTC), dict(pace.shares)
    worked = {step: _after(asked, needed, shares[step], pace, calendar) for step in Step if step in steps}
    last = worked.get(Step.TELL)
    if last is not None and last - asked < pace.apart:
        last = asked + (needed - asked) / 2 if needed - asked >= pace.apart else None
    kept, before = [], asked
    for step in (Step.AGAIN, Step.DEPUTY):
        at = worked.get(step)
        if at is not None and at - before >= pace.apart and (last is None or last - at >= pace.apart) and at < needed:
            kept.append((step, at))
            before = at
    return (*kept, *([(Step.TELL, last)] if last is not None else []))


def by_day(
    asked: datetime, needed: datetime, latest: datetime, steps: tuple[Step, ...], pace: Pace, calendar: Calendar
) -> tuple[tuple[Step, datetime], ...]:
    """The same, without waking anybody where those who are told in the morning can still do something.

    `latest`: when what it is about begins. Where the answer is needed in the night, the steps that would be due then
    are counted up to this moment instead, provided that people are awake for long enough before it.
    """
    found = moments(asked, needed, steps, pace, calendar)
    if needed >= latest or all(_is_by_day(at, pace, calendar) for _, at in found):
        return found
    days = _of_days(asked.astimezone(UTC), latest.astimezone(UTC), pace, calendar, in_office=False)
    awake = sum((end - start for start, end in days), timedelta())
    return moments(asked, latest, steps, pace, calendar) if awake >= pace.awake_from else found


def _is_by_day(moment: datetime, pace: Pace, calendar: Calendar) -> bool:
    local = moment.astimezone(calendar.zone)
    wakes, sleeps = pace.awake
    return wakes <= local.time() <= sleeps or calendar.into_office_hours(moment) == moment


def _after(asked: datetime, needed: datetime, share: float, pace: Pace, calendar: Calendar) -> datetime:
    """The moment by which this share of the time that counts has passed."""
    long, longer = needed - asked >= pace.awake_from, needed - asked >= pace.office_from
    spans = list(_of_days(asked, needed, pace, calendar, in_office=True)) if longer else []
    spans = spans or (list(_of_days(asked, needed, pace, calendar, in_office=False)) if long else [])
    spans = spans or [(asked, needed)]
    left = sum((end - start for start, end in spans), timedelta()) * share
    for start, end in spans:
        if left <= end - start:
            return _rounded(start + left, needed - asked >= pace.awake_from)
        left -= end - start
    return spans[-1][1]


def _rounded(moment: datetime, to_five: bool) -> datetime:
    """Down to the minute, or to five of them."""
    whole = moment.replace(second=0, microsecond=0)
    return whole - timedelta(minutes=whole.minute % (ROUNDED_TO.seconds // 60)) if to_five else whole


def _of_days(
    from_: datetime, until: datetime, pace: Pace, calendar: Calendar, *, in_office: bool
) -> Iterator[tuple[datetime, datetime]]:
    """Office hours, or the hours of any day in which people are awake; of no more days than is waited."""
    opens, closes = (calendar.opens, calendar.closes) if in_office else pace.awake
    day, last = (moment.astimezone(calendar.zone).date() for moment in (from_, until))
    most = pace.longest.days * (datetime.combine(day, closes) - datetime.combine(day, opens))
    while day <= last and most:
        if not in_office or calendar.is_working_day(day):
            start = max(from_, earliest(datetime.combine(day, opens, calendar.zone)))
            end = min(until, earliest(datetime.combine(day, closes, calendar.zone)), start + most)
            if start < end:
                most -= end - start
                yield start, end
        day += timedelta(days=1)


def steps_in_order(named: Collection[Step]) -> tuple[Step, ...]:
    """Without repetition, in the order in which they are taken."""
    return tuple(step for step in Step if step in named)
