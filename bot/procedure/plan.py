"""From a visit to the notices that ought to exist: a pure function, the only place where a notice comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.notices import DeclarationKind, NoticeKind, declaration_key
from bot.models.roles import Part, Role
from bot.models.visits import Stop, StopKind
from bot.procedure.calendar import Calendar
from bot.procedure.conditions import applies, is_moot
from bot.procedure.days import day_rules, taking_part
from bot.procedure.journeys import at_port, leaves, sets_off
from bot.procedure.levels import level_of
from bot.procedure.picture import Picture
from bot.procedure.rules import About, Anchor, Answer, Rule, Rulebook, To

AFTERWARDS = timedelta(hours=4)
"""How long something to do after a stop is worth saying."""
EVENING = time(18, 0)
"""By the clock at the venue."""
NEWS_LASTS = timedelta(days=2)
"""How long an answer is still worth passing on after it was given."""
_AGAIN = ":again"
_DEPUTY = ":deputy"
_PARTS = {
    To.DRIVER: Part.DRIVER,
    To.LEADERS: Part.LEADER,
    To.INTERPRETER: Part.INTERPRETER,
    To.PHOTOGRAPHER: Part.PHOTOGRAPHER,
}
"""Parts that nobody stands in for."""
ROLES = {
    To.ADMINISTRATION: Role.ADMINISTRATION,
    To.EXECUTIVE_OFFICE: Role.EXECUTIVE_OFFICE,
    To.FRONT_DESK: Role.FRONT_DESK,
    To.GATE: Role.GATE,
    To.IT: Role.IT,
    To.FINANCE: Role.FINANCE,
    To.DEPARTMENT_HEAD: Role.DEPARTMENT_HEAD,
    To.VICE_PRESIDENT: Role.VICE_PRESIDENT,
    To.TECHNICAL: Role.TECHNICAL,
}
"""The roles of the workspace that rules are addressed to."""
APPROVERS = {1: Role.APPROVER_1, 2: Role.APPROVER_2, 3: Role.APPROVER_3}
"""Who approves what, by level (B4)."""


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
    rulebook = rulebook.otherwise(picture.overrides)
    wanted: dict[str, Wanted] = {}
    for notice in _all(picture, rulebook, calendar):
        wanted.setdefault(notice.key, notice)
    return list(wanted.values())


def again(key: str, times: int) -> str:
    """The key of a notice that goes out once more, to somebody who was told meanwhile that it is off."""
    return f"{key}{_AGAIN}{times}" if times else key


def deputy_key(key: str, deputy: int) -> str:
    """The key of a notice that goes to somebody's deputy."""
    return f"{key}{_DEPUTY}{deputy}"


def own_key(key: str) -> str:
    """The key of the notice that a deputy gets in somebody's place; any other is its own."""
    return key.partition(_DEPUTY)[0]


def planned_key(key: str) -> str:
    """The planner's key of a notice, whether it goes out for the first time or again, or to a deputy."""
    return own_key(key).partition(_AGAIN)[0]


def role_of(to: To) -> Role | None:
    """The role of the workspace behind an addressee, where it is one."""
    return ROLES.get(to)


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
    for stop in stops_of(picture, rule.about):
        if not applies(rule, picture, stop):
            continue
        anchor = _anchor(picture, stop, rule.anchor, calendar)
        due = rule.lead.before(anchor, calendar, in_office_hours=rule.keeps_office_hours)
        stamp = _stamp(rule, stop, calendar)
        for to in rule.to:
            for person in recipients(picture, to, stop):
                asks = asked(rule, to, stop, person, calendar)
                yield Wanted(
                    key=f"{rule.id}:stop{stop.id}:{stamp}:person{person}",
                    kind=rule.notice,
                    due_at=due,
                    useful_until=_useful_until(picture, rule, stop, due),
                    person_id=person,
                    rule=rule.id,
                    stop_id=stop.id,
                    payload=_payload(rule, to, asks),
                    is_open=not is_moot(rule, picture, stop) and (asks is None or picture.declared(asks) is None),
                )


def _payload(rule: Rule, to: To, asks: str | None) -> dict[str, object]:
    payload: dict[str, object] = {"to": to, "answer": rule.answer_of(to)}
    if rule.say is not None:
        payload["say"] = rule.say
    return payload | ({"asks": asks} if asks else {})


def _stamp(rule: Rule, stop: Stop, calendar: Calendar) -> str:
    if rule.is_of_the_day:
        return f"{stop.starts_at.astimezone(calendar.zone):%Y%m%d}"
    return f"{stop.starts_at:%Y%m%dT%H%M%S}"


def asked(rule: Rule, to: To, stop: Stop, person_id: int, calendar: Calendar) -> str | None:
    """The key of the declaration that a notice of this rule asks for; None where it asks for none."""
    match rule.answer_of(to):
        case Answer.NONE | Answer.DRIVE:
            return None
        case Answer.DONE:
            return f"{rule.id}:stop{stop.id}:{_stamp(rule, stop, calendar)}"
        case Answer.GOT_IT:
            return f"{rule.id}:stop{stop.id}:{_stamp(rule, stop, calendar)}:person{person_id}"
        case Answer.ON_MY_WAY:
            return declaration_key("way", stop.key, stop.starts_at, person_id)
        case Answer.ATTENDANCE:
            return declaration_key("attendance", stop.key, stop.starts_at, person_id)


def stops_of(picture: Picture, about: About) -> tuple[Stop, ...]:
    """The stops that a rule about this hangs on."""
    match about:
        case About.ARRIVAL:
            found = picture.first_stop
            return (found,) if found else ()
        case About.AT_HOUSE:
            found = picture.first_at_house
            return (found,) if found else ()
        case About.DRIVE:
            own = (StopKind.PICKUP, StopKind.DEPARTURE)
            return tuple(stop for stop in picture.live_stops if stop.needs_car and stop.kind not in own)
        case About.VEHICLE | About.LEADER | About.DAY:
            return ()
        case _:
            return tuple(stop for stop in picture.live_stops if stop.kind == about)


def _useful_until(picture: Picture, rule: Rule, stop: Stop, from_: datetime) -> datetime:
    """Until what it is about has begun; where it is said later than that, until it is over, or a little more."""
    begins = leaves(stop, picture.workspace) if rule.anchor is Anchor.LEAVING else stop.starts_at
    moments = (stop.ends_at,) if rule.anchor is Anchor.END else (begins, stop.starts_at, stop.ends_at)
    return next((moment for moment in moments if moment > from_), from_ + AFTERWARDS)


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
                    due_at=rule.lead.before(
                        _anchor(picture, stop, rule.anchor, calendar),
                        calendar,
                        in_office_hours=rule.keeps_office_hours,
                    ),
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


def _anchor(picture: Picture, stop: Stop, anchor: Anchor, calendar: Calendar) -> datetime:
    match anchor:
        case Anchor.START:
            return stop.starts_at
        case Anchor.END:
            return stop.ends_at
        case Anchor.SETTING_OFF:
            return sets_off(stop)
        case Anchor.LEAVING:
            return leaves(stop, picture.workspace)
        case Anchor.AT_PORT:
            return at_port(stop, picture.workspace)
        case Anchor.OPENED:
            return picture.visit.opened_at
        case Anchor.MORNING:
            return calendar.morning_of(stop.starts_at)
        case Anchor.EVENING_BEFORE:
            return calendar.at(stop.starts_at, EVENING, days_before=1)


def recipients(picture: Picture, to: To, stop: Stop | None = None) -> tuple[int, ...]:
    """The people a rule's addressee stands for in this visit, or at one of its stops.

    People who have left are not asked; what would then reach nobody falls to administration, or to the lead host.
    """
    if to in _PARTS:
        return picture.active(_PARTS[to], stop)
    host = (picture.visit.lead_host_id,)
    match to:
        case To.LEAD_HOST:
            return host
        case To.GREETERS:
            return picture.active(Part.GREETER, stop) or host
        case To.TEAM:
            return picture.active(Part.TEAM, stop) or host
        case To.GUIDE:
            return picture.active(Part.GUIDE, stop) or picture.active(Part.TEAM, stop) or host
        case To.TECHNICAL:
            return picture.active(Part.TECHNICAL, stop) or picture.holders(ROLES[to])
        case To.APPROVER:
            return picture.holders(APPROVERS[level_of(picture)]) or host
        case To.DEPARTMENT_HEAD | To.VICE_PRESIDENT:
            return picture.holders(ROLES[to])
        case To.ADMINISTRATION | To.EXECUTIVE_OFFICE:
            return picture.holders(ROLES[to]) or host
        case _:
            return picture.holders(ROLES[to]) or picture.holders(Role.ADMINISTRATION) or host


def concerned(picture: Picture, rulebook: Rulebook) -> set[tuple[int, int]]:
    """(person, stop) pairs: whom the rules and the requests have something to tell about which stop."""
    pairs: set[tuple[int, int]] = set()
    for rule in day_rules(picture, rulebook):
        pairs |= {(person, stop.key) for person, stop in taking_part(picture, rule)}
    for rule in rulebook.otherwise(picture.overrides).rules:
        for stop in stops_of(picture, rule.about):
            if applies(rule, picture, stop):
                pairs |= {(person, stop.key) for to in rule.to for person in recipients(picture, to, stop)}
    for stop in picture.live_stops:
        for booking in picture.bookings:
            if booking.stop_id == stop.id and booking.state != BookingState.RELEASED:
                owners = To.ADMINISTRATION if booking.kind == BookingKind.VEHICLE else To.EXECUTIVE_OFFICE
                pairs |= {(person, stop.key) for person in recipients(picture, owners)}
                pairs |= {(booking.driver_id, stop.key)} if booking.is_live and booking.driver_id else set()
    return pairs
