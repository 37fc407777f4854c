"""When people set off: for the pick-up, for a drive with the guests, for the airport or station (D1.2, D6.4, D8.1)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.models.notices import Declaration, DeclarationKind
from bot.models.people import Workspace
from bot.models.visits import Means, Stop, StopKind

BE_THERE_BEFORE = timedelta(minutes=20)
"""A driver is in place up to 20 minutes early (D1.2, D1.3)."""
ASSUMED_DRIVE = timedelta(minutes=60)
"""To the airport or station, where nobody said how long it takes."""
DRIVEN = (DeclarationKind.ON_MY_WAY, DeclarationKind.IN_PLACE, DeclarationKind.ABOARD, DeclarationKind.ARRIVED)
"""What a driver says on the way, in order (D1.3, D1.4)."""


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


def attended_from(stop: Stop, workspace: Workspace) -> datetime:
    """When it begins for those who take part: a send-off when the guests set off, not when they fly (D6.2)."""
    return leaves(stop, workspace) if stop.kind == StopKind.DEPARTURE else stop.starts_at


def steps_of(stop: Stop, to: str) -> tuple[DeclarationKind, ...]:
    """The steps that whoever is told as `to` may say: who meets the guests says when they are aboard."""
    if to != "driver":
        return DRIVEN[2:]
    return DRIVEN if stop.kind == StopKind.PICKUP else DRIVEN[1:]


def steps_left(stop: Stop, to: str, said: Collection[DeclarationKind]) -> tuple[DeclarationKind, ...]:
    """The steps after the furthest that was said."""
    furthest = max((DRIVEN.index(step) for step in said if step in DRIVEN), default=-1)
    return tuple(step for step in steps_of(stop, to) if DRIVEN.index(step) > furthest)


def expected(declared: Declaration, stop: Stop) -> datetime | None:
    """When those who wait may expect the guests, or the driver who is late; None where nobody can know."""
    if declared.kind == DeclarationKind.LATE:
        return stop.starts_at + timedelta(minutes=int(declared.details["minutes"]))
    if declared.kind == DeclarationKind.ABOARD and stop.travel_minutes is not None:
        return declared.declared_at + timedelta(minutes=stop.travel_minutes)
    return None
