"""From a visit to the notices that ought to exist: a pure function, the only place where a notice comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.notices import DeclarationKind, NoticeKind
from bot.models.roles import Part, Role
from bot.models.visits import Stop
from bot.procedure.calendar import Calendar
from bot.procedure.picture import Picture
from bot.procedure.rules import About, Anchor, Answer, Rule, Rulebook, To

BE_THERE_BEFORE = timedelta(minutes=20)
"""A driver is in place up to 20 minutes early (D1.2, D1.3)."""
NEWS_LASTS = timedelta(days=2)
"""How long an answer is still worth passing on after it was given."""
_AGAIN = ":again"


@dataclass(frozen=True)
class Wanted:
    """A notice that ought to exist. `is_open` is false where nothing is left to say: what is pending is withdrawn."""

    key: str
    kind: NoticeKind
    due_at: datetime
    useful_until: datetime
    person_id: int | None = None
    rule: str = ""
    stop_id: int | None = None
    booking_id: int | None = None
    channel: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict)
    is_open: bool = True


def plan(picture: Picture, rulebook: Rulebook, calendar: Calendar) -> list[Wanted]:
    """All notices of the visit from its opening to its end, those long sent included; none for a canceled visit."""
    if not picture.visit.is_open:
        return []
    wanted: dict[str, Wanted] = {}
    for notice in _all(picture, rulebook, calendar):
        wanted.setdefault(notice.key, notice)
    return list(wanted.values())


def again(key: str, times: int) -> str:
    """The key of a notice that goes out once more, to somebody who was told meanwhile that it is off."""
    return f"{key}{_AGAIN}{times}" if times else key


def planned_key(key: str) -> str:
    """The planner's key of a notice, whether it goes out for the first time or again."""
    return key.partition(_AGAIN)[0]


def _all(picture: Picture, rulebook: Rulebook, calendar: Calendar) -> Iterator[Wanted]:
    for rule in rulebook.rules:
        if rule.about in (About.VEHICLE, About.LEADER):
            yield from _requests(picture, rule, calendar)
        else:
            yield from _reminders(picture, rule, calendar)
    for booking in picture.bookings:
        yield from (
            _vehicle_steps(picture, booking) if booking.kind == BookingKind.VEHICLE else _leader_steps(picture, booking)
        )
    yield from _declared(picture)


def _reminders(picture: Picture, rule: Rule, calendar: Calendar) -> Iterator[Wanted]:
    for stop in picture.live_stops:
        if stop.kind != rule.about:
            continue
        due = rule.lead.before(_anchor(stop, rule.anchor), calendar)
        for to in rule.to:
            for person in recipients(picture, to):
                declared = picture.declaration(stop, person)
                yield Wanted(
                    key=f"{rule.id}:stop{stop.id}:{stop.starts_at:%Y%m%dT%H%M%S}:person{person}",
                    kind=rule.notice,
                    due_at=due,
                    useful_until=stop.ends_at if rule.anchor is Anchor.END else stop.starts_at,
                    person_id=person,
                    rule=rule.id,
                    stop_id=stop.id,
                    payload={"to": to, "answer": rule.answer_of(to)},
                    is_open=declared is None or rule.answer_of(to) == Answer.NONE,
                )


def _requests(picture: Picture, rule: Rule, calendar: Calendar) -> Iterator[Wanted]:
    for booking in picture.bookings:
        stop = picture.stop(booking.stop_id)
        if booking.kind != rule.about or stop is None or stop.is_removed or booking.state == BookingState.RELEASED:
            continue
        for to in rule.to:
            for person in recipients(picture, to):
                yield Wanted(
                    key=f"{rule.id}:booking{booking.id}:round{booking.round}:person{person}",
                    kind=rule.notice,
                    due_at=rule.lead.before(_anchor(stop, rule.anchor), calendar),
                    useful_until=stop.starts_at,
                    person_id=person,
                    rule=rule.id,
                    stop_id=stop.id,
                    booking_id=booking.id,
                    payload={"to": to},
                    is_open=booking.state == BookingState.REQUESTED,
                )


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
        )
    if booking.state in (BookingState.CONFIRMED, BookingState.DECLINED):
        yield from _news(picture, booking, NoticeKind.VEHICLE_ANSWER, picture.holders(Role.ADMINISTRATION))
    elif booking.state == BookingState.REQUESTED and booking.answered_by_id is not None:
        # Administration is asked again by the request itself, which names the driver's reason.
        yield from _news(picture, booking, NoticeKind.VEHICLE_ANSWER, ())


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
                useful_until=booking.changed_at + NEWS_LASTS,
                person_id=person,
                rule="C1" if kind == NoticeKind.VEHICLE_ANSWER else "B6",
                booking_id=booking.id,
                payload={"state": booking.state, "by": booking.answered_by_id, "reason": booking.reason},
            )


def _declared(picture: Picture) -> Iterator[Wanted]:
    """The lead host hears who is on the way and who cannot come; that somebody attends stands on the visit's card."""
    for declaration in picture.declarations:
        stop = picture.stop(declaration.stop_id)
        tells = declaration.kind in (DeclarationKind.ON_MY_WAY, DeclarationKind.CANNOT_ATTEND)
        if stop is None or not tells or declaration.person_id == picture.visit.lead_host_id:
            continue
        yield Wanted(
            key=f"declared:{declaration.id}",
            kind=NoticeKind.DECLARATION,
            due_at=declaration.declared_at,
            useful_until=max(stop.ends_at, declaration.declared_at + timedelta(hours=1)),
            person_id=picture.visit.lead_host_id,
            payload={"declaration": declaration.id},
        )


def _anchor(stop: Stop, anchor: Anchor) -> datetime:
    if anchor is Anchor.END:
        return stop.ends_at
    if anchor is Anchor.SETTING_OFF and stop.travel_minutes is not None:
        return stop.starts_at - timedelta(minutes=stop.travel_minutes) - BE_THERE_BEFORE
    return stop.starts_at


def recipients(picture: Picture, to: To) -> tuple[int, ...]:
    """The people a rule's addressee stands for in this visit.

    People who have left are not asked; what would then reach nobody falls to the lead host.
    """
    host = (picture.visit.lead_host_id,)
    match to:
        case To.DRIVER:
            return picture.active(Part.DRIVER)
        case To.GREETERS:
            return picture.active(Part.GREETER) or host
        case To.LEADERS:
            return picture.active(Part.LEADER)
        case To.TEAM:
            return picture.active(Part.TEAM)
        case To.ADMINISTRATION:
            return picture.holders(Role.ADMINISTRATION) or host
        case To.EXECUTIVE_OFFICE:
            return picture.holders(Role.EXECUTIVE_OFFICE) or host
        case To.LEAD_HOST:
            return host


def concerned(picture: Picture, rulebook: Rulebook) -> set[tuple[int, int]]:
    """(person, stop) pairs: whom the rules and the requests have something to tell about which stop."""
    pairs = set()
    for stop in picture.live_stops:
        for rule in rulebook.rules:
            if rule.about == stop.kind:
                pairs |= {(person, stop.key) for to in rule.to for person in recipients(picture, to)}
        for booking in picture.bookings:
            if booking.stop_id == stop.id and booking.state != BookingState.RELEASED:
                owners = To.ADMINISTRATION if booking.kind == BookingKind.VEHICLE else To.EXECUTIVE_OFFICE
                pairs |= {(person, stop.key) for person in recipients(picture, owners)}
                pairs |= {(booking.driver_id, stop.key)} if booking.is_live and booking.driver_id else set()
    return pairs
