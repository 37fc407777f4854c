"""When people set off: for the pick-up, for a drive with the guests, for the airport or station (D1.2, D6.4, D8.1)."""

from datetime import datetime, timedelta

from bot.models.people import Workspace
from bot.models.visits import Means, Stop, StopKind

BE_THERE_BEFORE = timedelta(minutes=20)
"""A driver is in place up to 20 minutes early (D1.2, D1.3)."""
ASSUMED_DRIVE = timedelta(minutes=60)
"""To the airport or station, where nobody said how long it takes."""


def sets_off(stop: Stop) -> datetime:
    """When whoever fetches the guests sets off; the pick-up itself where the travel time is not known (D1.2)."""
    if stop.travel_minutes is None:
        return stop.starts_at
    return stop.starts_at - timedelta(minutes=stop.travel_minutes) - BE_THERE_BEFORE


def at_port(stop: Stop, workspace: Workspace) -> datetime:
    """When the party is at the airport or station on its way home: as early as the workspace says (D6.4)."""
    if stop.means == Means.TRAIN:
        early = workspace.early_train
    elif stop.means == Means.OWN_CAR:
        early = 0
    else:
        early = workspace.early_international if stop.is_international else workspace.early_domestic
    return stop.starts_at - timedelta(minutes=early)


def leaves(stop: Stop, workspace: Workspace) -> datetime:
    """When the party sets off with the guests: for home as D6.4 works it out, else in time for the stop."""
    travel = None if stop.travel_minutes is None else timedelta(minutes=stop.travel_minutes)
    if stop.kind != StopKind.DEPARTURE:
        return stop.starts_at - (travel or timedelta(0))
    if stop.means == Means.OWN_CAR:
        return stop.starts_at
    return at_port(stop, workspace) - (ASSUMED_DRIVE if travel is None else travel)
