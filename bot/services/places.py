"""Where a stop takes place, once that was reserved for it."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.visits import Stop, StopKind
from bot.procedure.picture import Picture
from bot.procedure.rules import Rule
from bot.procedure.stops import FIELDS
from bot.procedure.vocabulary import Particular

_AT_THE_HOTEL = (StopKind.CHECK_IN, StopKind.BREAKFAST, StopKind.CHECK_OUT)


def write_place(
    session: AsyncSession, picture: Picture, stop: Stop, rule: Rule | None, details: Mapping[str, Any]
) -> None:
    """The room of an answer to a request stands at the stop; the hotel wherever the guests stay in it."""
    room, place = details.get(Particular.ROOM), details.get(Particular.PLACE)
    if room and "room" in FIELDS[StopKind(stop.kind)]:
        stop.room = room
    elif room and not stop.place:
        stop.place = room
    is_of_stop = rule is not None and rule.about == stop.kind
    if place and is_of_stop and "place" in FIELDS[StopKind(stop.kind)]:
        stop.place = place
    elif place and not is_of_stop:
        for other in picture.live_stops:
            if other.kind in _AT_THE_HOTEL and not other.place:
                other.place = place
                session.add(other)
    session.add(stop)
