"""What is still open in a visit, and with whom (C16). Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.models.bookings import Booking, BookingState
from bot.models.notices import NoticeKind
from bot.procedure.picture import Picture
from bot.procedure.plan import Wanted
from bot.procedure.sayings import Say
from bot.procedure.silence import CHASED
from bot.procedure.vocabulary import ASKING, Answer

_DONE_SOMEWHERE = (Answer.DONE, Answer.ITINERARY)
"""Duties that end with a word of their owner, or when what they are about is done where it is done (B5)."""


@dataclass(frozen=True)
class OpenPoint:
    """A duty that is not done, or a request that waits for its answer."""

    key: str
    """What makes it the same point when it is looked at again."""
    owners: tuple[int, ...]
    say: Say | None = None
    stop_id: int | None = None
    booking_id: int | None = None


def open_points(picture: Picture, planned: Iterable[Wanted], now: datetime) -> tuple[OpenPoint, ...]:
    """Everything somebody has been asked for by now and has not done or answered, in the order it was asked."""
    known = tuple(planned)
    return (*_duties(known, now), *_requests(picture, known, now))


def of_person(points: Iterable[OpenPoint], person_id: int) -> tuple[OpenPoint, ...]:
    """Those that this person owns, alone or with others."""
    return tuple(point for point in points if person_id in point.owners)


def _duties(planned: Iterable[Wanted], now: datetime) -> Iterator[OpenPoint]:
    def is_open(wanted: Wanted) -> bool:
        is_duty = wanted.kind == NoticeKind.DUTY and wanted.payload["answer"] in _DONE_SOMEWHERE
        is_first = CHASED not in wanted.payload
        return is_duty and is_first and wanted.is_open and wanted.due_at <= now < wanted.useful_until

    asked: dict[str, list[Wanted]] = {}
    for wanted in sorted(filter(is_open, planned), key=lambda w: (w.due_at, w.key)):
        asks = str(wanted.payload.get("asks") or f"{wanted.rule}:stop{wanted.stop_id}")
        asked.setdefault(asks, []).append(wanted)
    for key, notices in asked.items():
        owners = tuple(dict.fromkeys(w.person_id for w in notices if w.person_id is not None))
        yield OpenPoint(key, owners, Say(str(notices[0].payload["say"])), notices[0].stop_id)


def _requests(picture: Picture, planned: Iterable[Wanted], now: datetime) -> Iterator[OpenPoint]:
    asked: dict[int | None, dict[int, None]] = {}
    for wanted in planned:
        if wanted.kind in ASKING and wanted.due_at <= now and wanted.person_id is not None:
            asked.setdefault(wanted.booking_id, {})[wanted.person_id] = None
    for booking in picture.bookings:
        stop = picture.stop(booking.stop_id)
        owners = _owners(picture, booking, tuple(asked.get(booking.key, ())))
        if owners and stop is not None and not stop.is_removed:
            key = f"booking{booking.id}:{booking.round}:{booking.state}"
            yield OpenPoint(key, owners, stop_id=stop.key, booking_id=booking.key)


def _owners(picture: Picture, booking: Booking, asked: tuple[int, ...]) -> tuple[int, ...]:
    """Who has to act next; nobody where it is answered with yes, not asked yet, or needed no longer."""
    host = (picture.visit.lead_host_id,)
    match BookingState(booking.state):
        case BookingState.REQUESTED:
            return asked
        case BookingState.ASSIGNED:
            return (booking.driver_id,) if booking.driver_id is not None else host
        case BookingState.DECLINED | BookingState.COUNTERED:
            return host
        case BookingState.CONFIRMED | BookingState.RELEASED:
            return ()
