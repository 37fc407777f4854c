"""From a visit to the notices that ought to exist: a pure function, the only place where a notice comes from."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from operator import attrgetter

from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.notices import declaration_key
from bot.models.roles import Part
from bot.models.visits import Stop, StopKind
from bot.procedure.calendar import Calendar
from bot.procedure.conditions import applies, is_moot
from bot.procedure.consents import consents
from bot.procedure.days import day_rules, stops_with, taking_part
from bot.procedure.guest_itinerary import called_off, version_sent
from bot.procedure.journeys import at_port, leaves, sets_off
from bot.procedure.lights import is_drive
from bot.procedure.news import answers, declared, noted
from bot.procedure.picture import Picture
from bot.procedure.recipients import APPROVERS, ROLES, asked_people, owners_of, recipients
from bot.procedure.rules import Rule, Rulebook
from bot.procedure.sayings import Say
from bot.procedure.silence import Asked, chases, stand_ins
from bot.procedure.vocabulary import ASKING, About, Anchor, Answer, Moot, To
from bot.procedure.wanted import NEWS_LASTS, Wanted, again, planned_key

__all__ = [
    "APPROVERS",
    "NEWS_LASTS",
    "ROLES",
    "Wanted",
    "again",
    "concerned",
    "due_of",
    "plan",
    "planned_key",
    "recipients",
    "stops_of",
]

AFTERWARDS = timedelta(hours=4)
"""How long something to do after a stop is worth saying."""
EVENING = time(18, 0)
"""By the clock at the venue."""


@dataclass(frozen=True)
class _Question:
    """What a notice asks its recipients: the key of the declaration that answers it."""

    key: str
    is_of_each: bool = False
    """Whether everybody answers for themselves; otherwise the first one answers for all."""

    def to(self, person_id: int) -> str:
        return f"{self.key}:person{person_id}" if self.is_of_each else self.key


def plan(picture: Picture, rulebook: Rulebook, calendar: Calendar, since: Asked | None = None) -> list[Wanted]:
    """All notices of the visit from its opening to its end, those long sent included;
    of a canceled one only what its guests are to be told.

    `since`: since when each question has really been open; without it, chases are there but their moments are not
    worked out.
    """
    if not picture.visit.is_open:
        return list(called_off(picture))
    rulebook = rulebook.otherwise(picture.overrides)
    wanted: dict[str, Wanted] = {}
    for notice in _all(picture, rulebook, calendar):
        wanted.setdefault(notice.key, notice)
    kept = list(stand_ins(_each_once(_to_those_concerned(wanted.values(), picture)), picture))
    return [*kept, *chases(kept, picture, rulebook, calendar, since)]


def _to_those_concerned(planned: Collection[Wanted], picture: Picture) -> list[Wanted]:
    """The reception notice (B7) goes to whoever has something to do, not to those who sent and approved the plan."""

    def is_notice(wanted: Wanted) -> bool:
        return wanted.payload.get("say") == Say.RECEPTION_NOTICE

    others = [wanted for wanted in planned if not is_notice(wanted)]
    if len(others) == len(planned):
        return others
    last = picture.last_plan
    knowing = {picture.visit.lead_host_id, last.decided_by_id if last else None}
    busy = {w.person_id for w in others if w.stop_id or w.booking_id} - knowing
    return [wanted for wanted in planned if not is_notice(wanted) or wanted.person_id in busy]


def _each_once(planned: Iterable[Wanted]) -> list[Wanted]:
    """A duty that is said again later (A4, C16) is of no use from then on; said at the same time, it is said once."""
    again: dict[tuple[object, int | None, int | None], datetime] = {}
    kept: list[Wanted] = []
    for notice in sorted(planned, key=attrgetter("due_at"), reverse=True):
        if "say" in notice.payload:
            said = (notice.payload["say"], notice.stop_id, notice.person_id)
            later = again.get(said)
            again[said] = notice.due_at
            if later == notice.due_at:
                continue
            if later is not None:
                notice = notice.but(useful_until=min(notice.useful_until, later))
        kept.append(notice)
    return kept[::-1]


def _all(picture: Picture, rulebook: Rulebook, calendar: Calendar) -> Iterator[Wanted]:
    for rule in rulebook.rules:
        if rule.waits_for_approval and picture.visit.prepared_from is None:
            continue
        if rule.notice in ASKING:
            yield from _requests(picture, rule, calendar)
        else:
            yield from _reminders(picture, rule, calendar)
    yield from answers(picture)
    yield from declared(picture)
    yield from noted(picture)
    yield from consents(picture, calendar)


def _reminders(picture: Picture, rule: Rule, calendar: Calendar) -> Iterator[Wanted]:
    for stop in stops_of(picture, rule.about):
        if not applies(rule, picture, stop):
            continue
        due, anchor = due_of(picture, rule, stop, calendar), _anchor(picture, stop, rule.anchor, calendar)
        until = _useful_until(picture, rule, stop, due)
        # Nobody is on the way before it is time to set off.
        sets_off_at = anchor if rule.anchor is Anchor.SETTING_OFF and due < anchor < until else None
        stamp = _stamp(rule, stop, calendar) + _occasion(rule, picture)
        for to in rule.to:
            is_asked = rule.answer_of(to) is not Answer.NONE
            yield from _to_each(
                Wanted(
                    key=f"{rule.id}:stop{stop.id}:{stamp}",
                    kind=rule.notice,
                    due_at=due,
                    useful_until=until,
                    rule=rule.id,
                    stop_id=stop.id,
                    payload=_payload(rule, to),
                    is_open=not is_moot(rule, picture, stop),
                    answer_by=until if is_asked else None,
                    answer_from=sets_off_at if is_asked else None,
                ),
                recipients(picture, to, stop),
                _question(rule, to, stop, calendar),
                picture,
            )


def _to_each(said: Wanted, people: Iterable[int], question: _Question | None, picture: Picture) -> Iterator[Wanted]:
    """What is said to several people, as a notice to each of them."""
    for person in people:
        key = f"{said.key}:person{person}"
        if question is None:
            yield said.but(key=key, person_id=person)
            continue
        asks = question.to(person)
        is_open = said.is_open and picture.declared(asks) is None
        yield said.but(key=key, person_id=person, payload={**said.payload, "asks": asks}, is_open=is_open)


def _payload(rule: Rule, to: To) -> dict[str, object]:
    payload: dict[str, object] = {"to": to, "answer": rule.answer_of(to)}
    return payload if rule.say is None else payload | {"say": rule.say}


def _stamp(rule: Rule, stop: Stop, calendar: Calendar) -> str:
    if rule.is_of_the_day:
        return f"{stop.starts_at.astimezone(calendar.zone):%Y%m%d}"
    return f"{stop.starts_at:%Y%m%dT%H%M%S}"


def _occasion(rule: Rule, picture: Picture) -> str:
    """What comes up anew with every itinerary that the guests were sent."""
    return f":v{version_sent(picture)}" if Moot.ITINERARY_CURRENT in rule.unless else ""


def _question(rule: Rule, to: To, stop: Stop, calendar: Calendar) -> _Question | None:
    """What a rule asks those whom it tells of a stop; None where no declaration answers it."""
    match rule.answer_of(to):
        case Answer.NONE | Answer.DRIVE | Answer.SEND_PLAN | Answer.ITINERARY | Answer.CLIENT:
            return None
        case Answer.HERE:
            return _Question(declaration_key("here", stop.key, stop.starts_at))
        case Answer.DONE | Answer.GOT_IT as answer:
            return _Question(f"{rule.id}:stop{stop.id}:{_stamp(rule, stop, calendar)}", answer is Answer.GOT_IT)
        case Answer.ON_MY_WAY:
            return _Question(declaration_key("way", stop.key, stop.starts_at), is_of_each=True)
        case Answer.ATTENDANCE:
            return _Question(declaration_key("attendance", stop.key, stop.starts_at), is_of_each=True)


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
    begins = begins_for(picture, rule, stop)
    moments = (stop.ends_at,) if rule.anchor is Anchor.END else (begins, stop.starts_at, stop.ends_at)
    return next((moment for moment in moments if moment > from_), from_ + AFTERWARDS)


def begins_for(picture: Picture, rule: Rule, stop: Stop) -> datetime:
    """When what a rule prepares for begins: the stop, or the way to it."""
    return leaves(stop, picture.workspace) if rule.anchor is Anchor.LEAVING else stop.starts_at


def _requests(picture: Picture, rule: Rule, calendar: Calendar) -> Iterator[Wanted]:
    for booking in picture.bookings:
        stop = picture.stop(booking.stop_id)
        if not _is_asked_by(rule, booking) or stop is None or stop.is_removed:
            continue
        due = due_of(picture, rule, stop, calendar)
        if booking.round:
            due = min(due, booking.changed_at)  # it was answered before: asked again, it is asked at once
        payload: dict[str, object] = {"round": booking.round} | ({"say": rule.say} if rule.say else {})
        for person, to in _whom(picture, rule, booking, stop).items():
            yield Wanted(
                key=f"{rule.id}:booking{booking.id}:round{booking.round}:person{person}",
                kind=rule.notice,
                due_at=due,
                useful_until=_asked_until(picture, rule, booking, stop, due),
                person_id=person,
                rule=rule.id,
                stop_id=stop.id,
                booking_id=booking.id,
                payload={"to": to} | payload,
                is_open=booking.state == BookingState.REQUESTED,
                answer_by=booking.answer_by or stop.starts_at,
            )


def _asked_until(picture: Picture, rule: Rule, booking: Booking, stop: Stop, due: datetime) -> datetime:
    """Until it begins; what has begun when it is asked, or is moved to where it has, until it is over."""
    until = _useful_until(picture, rule, stop, due) if rule.say else stop.starts_at
    return until if until > max(due, booking.changed_at) else max(until, stop.ends_at)


def _is_asked_by(rule: Rule, booking: Booking) -> bool:
    if booking.state == BookingState.RELEASED:
        return False
    if booking.kind == BookingKind.REQUEST:
        return booking.rule == rule.id
    return booking.kind == rule.about


def _whom(picture: Picture, rule: Rule, booking: Booking, stop: Stop) -> dict[int, To]:
    """Whom a request is put to, and as what."""
    if booking.owner_id is not None:
        return {booking.owner_id: rule.to[0]}
    return asked_people(picture, rule, stop)


def due_of(picture: Picture, rule: Rule, stop: Stop, calendar: Calendar) -> datetime:
    """When a rule says what it says about a stop."""
    anchor = _anchor(picture, stop, rule.anchor, calendar)
    return rule.lead.before(anchor, calendar, in_office_hours=rule.keeps_office_hours)


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
        case Anchor.APPROVED:
            return picture.visit.prepared_from or picture.visit.opened_at
        case Anchor.MORNING:
            return calendar.morning_of(stop.starts_at)
        case Anchor.EVENING_BEFORE:
            return calendar.at(stop.starts_at, EVENING, days_before=1)


def concerned(picture: Picture, rulebook: Rulebook) -> set[tuple[int, int]]:
    """(person, stop) pairs: whom the rules and the requests have something to tell about which stop.

    The reception notice (B7) makes nobody concerned: it goes to those who are.
    """
    pairs: set[tuple[int, int]] = set()
    for rule in day_rules(picture, rulebook):
        pairs |= {(person, stop.key) for person, stop in taking_part(picture, rule)}
    telling = [rule for rule in rulebook.otherwise(picture.overrides).rules if rule.say != Say.RECEPTION_NOTICE]
    for rule in telling:
        for stop in stops_of(picture, rule.about):
            if applies(rule, picture, stop):
                told = {person for to in rule.to for person in recipients(picture, to, stop)}
                pairs |= {(person, stop.key) for person in told}
                if rule.say == Say.LEADER_BRIEFING:
                    pairs |= {(one, own.key) for one in told for own in stops_with(picture, one)}
    by_id = {rule.id: rule for rule in rulebook.rules}
    for booking in picture.bookings:
        asked = picture.stop(booking.stop_id)
        if asked is not None and not asked.is_removed and booking.state != BookingState.RELEASED:
            by = by_id.get(booking.rule) or next((r for r in rulebook.rules if r.about == booking.kind), None)
            stops = {asked.key, *(stop.key for stop in _asked_besides(picture, booking))}
            pairs |= {(person, stop) for person in owners_of(picture, by, booking).people for stop in stops}
            if booking.is_live and booking.driver_id:
                driven = (stop for stop in picture.live_stops if _drives_to(picture, booking.driver_id, stop))
                pairs |= {(booking.driver_id, stop.key) for stop in (asked, *driven)}
            # A deputy may have proposed what was taken without having been asked.
            proposed_by = booking.answered_by_id if booking.counter else None
            pairs |= {(proposed_by, asked.key)} if booking.state == BookingState.CONFIRMED and proposed_by else set()
    return pairs


def _asked_besides(picture: Picture, booking: Booking) -> Iterable[Stop]:
    """What a leader is asked for besides the first stop (B6). Whoever declined knows of all of it."""
    if booking.kind != BookingKind.LEADER or booking.leader_id is None:
        return ()
    return picture.live_stops if booking.state == BookingState.DECLINED else stops_with(picture, booking.leader_id)


def _drives_to(picture: Picture, driver_id: int, stop: Stop) -> bool:
    """Whether it is one of the drives that this driver is asked for together (C1)."""
    return is_drive(stop) and driver_id in picture.active(Part.DRIVER, stop)
