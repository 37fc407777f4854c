"""What follows from what people answered, declared and noted: told at once to those who wait for it. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.notices import TAKEN_BACK, Declaration, DeclarationKind, NoticeKind
from bot.models.remarks import Remark, RemarkKind
from bot.models.roles import Role
from bot.models.visits import Stop, StopKind
from bot.procedure.picture import Picture
from bot.procedure.recipients import recipients
from bot.procedure.vocabulary import To
from bot.procedure.wanted import NEWS_LASTS, Wanted

_ARRIVING = (StopKind.PICKUP, StopKind.OWN_CAR)


def answers(picture: Picture) -> Iterator[Wanted]:
    """What follows from the answers to requests."""
    for booking in picture.bookings:
        match BookingKind(booking.kind):
            case BookingKind.VEHICLE:
                yield from _vehicle_steps(picture, booking)
            case BookingKind.LEADER if booking.state != BookingState.COUNTERED:
                yield from _leader_steps(picture, booking)
            case _:
                yield from _request_steps(picture, booking)


def declared(picture: Picture) -> Iterator[Wanted]:
    """Who is on the way, in place, late, who cannot come: told to exactly those who wait for it."""
    for declaration in picture.declarations:
        stop = picture.stop(declaration.stop_id)
        if stop is None:
            continue
        again = declaration.told_again_at
        told_at = datetime.fromisoformat(again) if again else declaration.declared_at
        for person in dict.fromkeys(_waiting_for(picture, declaration, stop)):
            if person != declaration.person_id:
                yield Wanted(
                    key=f"declared:{declaration.id}{_of(person, picture)}" + (f":{again}" if again else ""),
                    kind=NoticeKind.DECLARATION,
                    due_at=told_at,
                    useful_until=_of_use_until(stop, told_at),
                    person_id=person,
                    rule=declaration.rule,
                    payload={"declaration": declaration.id},
                )


def _of_use_until(stop: Stop, told_at: datetime) -> datetime:
    """Until what it is about is over, or a little more."""
    return max(stop.ends_at, told_at + timedelta(hours=1))


def _lasts(picture: Picture, booking: Booking) -> datetime:
    """Until when an answer to a request is worth passing on; one of a leader is about all of the stay."""
    lasts, stop = booking.changed_at + NEWS_LASTS, picture.stop(booking.stop_id)
    if stop is None or booking.kind == BookingKind.LEADER:
        return lasts
    return min(lasts, _of_use_until(stop, booking.changed_at))


def _of(person: int, picture: Picture) -> str:
    return "" if person == picture.visit.lead_host_id else f":person{person}"


def _waiting_for(picture: Picture, declaration: Declaration, stop: Stop) -> tuple[int, ...]:
    """Whom a press of the button tells; that somebody attends or has done something stands on the visit's card."""

    def those(*whom: To) -> tuple[int, ...]:
        return tuple(person for to in whom for person in recipients(picture, to, stop))

    match DeclarationKind(declaration.kind):
        case DeclarationKind.ON_MY_WAY | DeclarationKind.CANNOT_ATTEND:
            return those(To.LEAD_HOST)
        case DeclarationKind.ATTENDS if declaration.is_after_all:
            return those(To.LEAD_HOST)
        case DeclarationKind.IN_PLACE:
            return those(To.GREETERS) if stop.kind == StopKind.PICKUP else those(To.LEAD_HOST)
        case DeclarationKind.ABOARD if stop.kind == StopKind.DEPARTURE:
            return those(To.LEAD_HOST)
        case DeclarationKind.ABOARD if stop.kind == StopKind.PICKUP:
            return those(To.LEAD_HOST, To.LEADERS, To.ADMINISTRATION, To.FRONT_DESK, To.GATE)
        case DeclarationKind.ABOARD:
            return those(To.LEAD_HOST, To.LEADERS)
        case DeclarationKind.ARRIVED:
            return those(To.LEAD_HOST, To.ADMINISTRATION) if stop.kind == StopKind.PICKUP else those(To.LEAD_HOST)
        case DeclarationKind.LATE:
            return those(To.LEAD_HOST, To.ADMINISTRATION, To.GREETERS if stop.kind == StopKind.PICKUP else To.TEAM)
        case DeclarationKind.HERE:
            return those(To.LEAD_HOST, To.ADMINISTRATION, To.FRONT_DESK, To.LEADERS)
        case _:
            return ()


def noted(picture: Picture) -> Iterator[Wanted]:
    """Wishes, unplanned meals, shortcomings: told at once to whoever has to act on them (E3, E6, E7)."""
    for remark in picture.remarks:
        for person in dict.fromkeys(_concerned_by(picture, remark)):
            if person != remark.noted_by_id:
                yield Wanted(
                    key=f"remark:{remark.id}:person{person}",
                    kind=NoticeKind.REMARK,
                    due_at=remark.noted_at,
                    useful_until=remark.noted_at + NEWS_LASTS,
                    person_id=person,
                    rule=_ROW_OF[RemarkKind(remark.kind)],
                    payload={"remark": remark.id},
                )


_ROW_OF = {RemarkKind.WISH: "E3", RemarkKind.UNPLANNED_MEAL: "E6", RemarkKind.SHORTCOMING: "E7"}


def _concerned_by(picture: Picture, remark: Remark) -> tuple[int, ...]:
    if remark.kind == RemarkKind.SHORTCOMING:
        about = remark.about_id
        known = about is not None and picture.people[about].is_active
        return (about,) if known and about is not None else recipients(picture, To.LEAD_HOST)
    return recipients(picture, To.LEAD_HOST) + recipients(picture, To.ADMINISTRATION)


def _vehicle_steps(picture: Picture, booking: Booking) -> Iterator[Wanted]:
    """What follows from an answer to the vehicle request: the driver is asked, host and administration hear."""
    stop = picture.stop(booking.stop_id)
    if stop is None or stop.is_removed:
        return
    if booking.state in (BookingState.ASSIGNED, BookingState.CONFIRMED) and booking.driver_id is not None:
        yield Wanted(
            key=f"driver:booking{booking.id}:round{booking.round}:person{booking.driver_id}",
            kind=NoticeKind.DRIVER_REQUEST,
            due_at=booking.changed_at,
            useful_until=stop.starts_at,
            person_id=booking.driver_id,
            rule="C1",
            stop_id=stop.id,
            booking_id=booking.id,
            is_open=booking.state == BookingState.ASSIGNED,
            answer_by=_answers_by(booking, stop),
        )
    if booking.state in (BookingState.CONFIRMED, BookingState.DECLINED):
        yield from _news(picture, booking, NoticeKind.VEHICLE_ANSWER, picture.holders(Role.ADMINISTRATION))
    elif booking.state == BookingState.REQUESTED and booking.answered_by_id is not None:
        # Administration is asked again by the request itself, which names the driver's reason.
        yield from _news(picture, booking, NoticeKind.VEHICLE_ANSWER, ())


def _answers_by(booking: Booking, stop: Stop | None) -> datetime:
    """By when whoever comes next is to answer: as the whole request; within an hour, where that is over."""
    if booking.answer_by is not None and booking.answer_by > booking.changed_at:
        return booking.answer_by
    begins = stop.starts_at if stop is not None else booking.changed_at
    return min(booking.changed_at + timedelta(hours=1), max(begins, booking.changed_at))


def _request_steps(picture: Picture, booking: Booking) -> Iterator[Wanted]:
    """A no goes to lead host and administration, a proposal to the lead host, a yes to whoever has to know what it
    says; that something was done without a word stands on the visit's card."""
    host = picture.visit.lead_host_id
    match BookingState(booking.state):
        case BookingState.DECLINED:
            people = dict.fromkeys((host, *recipients(picture, To.ADMINISTRATION)))
            yield from _told(picture, booking, NoticeKind.REQUEST_ANSWER, people)
        case BookingState.COUNTERED:
            yield from _told(picture, booking, NoticeKind.COUNTER, (host,))
        case BookingState.CONFIRMED if booking.counter and booking.answered_by_id is not None:
            yield from _told(picture, booking, NoticeKind.REQUEST_ANSWER, (booking.answered_by_id,), to_answerer=True)
        case BookingState.CONFIRMED if booking.said or booking.room_id is not None:
            yield from _told(picture, booking, NoticeKind.REQUEST_ANSWER, (host,))
        case _:
            return


def _told(
    picture: Picture, booking: Booking, kind: NoticeKind, people: Iterable[int], *, to_answerer: bool = False
) -> Iterator[Wanted]:
    for person in people:
        if to_answerer or person != booking.answered_by_id:
            yield Wanted(
                key=f"answer:booking{booking.id}:{booking.version}:person{person}",
                kind=kind,
                due_at=booking.changed_at,
                useful_until=_lasts(picture, booking),
                person_id=person,
                rule=booking.rule,
                stop_id=booking.stop_id,
                booking_id=booking.id,
                payload=_said(booking) | {"version": booking.version},
                answer_by=_answers_by(booking, picture.stop(booking.stop_id)) if kind == NoticeKind.COUNTER else None,
            )


def _leader_steps(picture: Picture, booking: Booking) -> Iterator[Wanted]:
    if booking.state in (BookingState.CONFIRMED, BookingState.DECLINED):
        yield from _news(picture, booking, NoticeKind.LEADER_ANSWER, picture.holders(Role.EXECUTIVE_OFFICE))


def _news(picture: Picture, booking: Booking, kind: NoticeKind, owners: tuple[int, ...]) -> Iterator[Wanted]:
    """The answer to a request, told to the lead host and its owners, except the one who gave it."""
    for person in dict.fromkeys((picture.visit.lead_host_id, *owners)):
        if person != booking.answered_by_id:
            yield Wanted(
                key=f"answer:booking{booking.id}:{booking.version}:person{person}",
                kind=kind,
                due_at=booking.changed_at,
                useful_until=_lasts(picture, booking),
                person_id=person,
                rule="C1" if kind == NoticeKind.VEHICLE_ANSWER else "B6",
                booking_id=booking.id,
                payload=_said(booking),
            )


def _said(booking: Booking) -> dict[str, Any]:
    """The answer as it is given now: its message keeps it, whatever is answered later."""
    said = {"state": booking.state, "by": booking.answered_by_id, "reason": booking.reason}
    return said | ({TAKEN_BACK: True} if booking.is_taken_back else {})
