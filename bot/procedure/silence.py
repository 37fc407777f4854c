"""Silence is noticed (section C): who is asked once more, who instead of whom, who hears that nobody answers. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.models.bookings import Booking
from bot.models.notices import DeclarationKind, Notice, NoticeKind
from bot.models.visits import Stop
from bot.procedure.calendar import Calendar
from bot.procedure.chasing import Chase, Step, by_day
from bot.procedure.deputies import FOR, INSTEAD
from bot.procedure.journeys import DRIVEN
from bot.procedure.picture import Picture
from bot.procedure.recipients import recipients, role_of
from bot.procedure.rules import Rulebook
from bot.procedure.vocabulary import Answer, To
from bot.procedure.wanted import Wanted, own_key, planned_key

Asked = Callable[[Wanted], datetime]
"""Since when a notice has really waited for its answer: it may have been written, or sent, later than it was due."""
CHASED = "chased"
"""In the payload of a notice that is said once more, or to a deputy: since when the answer is missing."""
VERSION = "version"
"""In the same payloads: the version of the request that waits, where it is one."""
_INSTEAD = ":asks"
"""In the key of what asks a deputy: before whom."""
AWAY = "away"
"""In the payload of a notice that goes to a deputy at once: until when the person is away."""
SILENT = "silent"
"""In the payload of what administration and the lead host hear: who is silent about what."""


def silent_people(payload: Mapping[str, Any]) -> set[int]:
    """Who is said to be silent by a notice of silence."""
    return {person for found in payload[SILENT]["unanswered"] for person in found["people"]}


def as_planned(wanted: Wanted) -> datetime:
    """Asked when it is due, as it is for a visit that was entered in time."""
    return wanted.due_at


def asks_of(wanted: Wanted | Notice) -> str:
    """What makes questions to several people one question: the first of them to answer answers it for all."""
    return str(wanted.payload.get("asks") or wanted.key.partition(":person")[0].partition(_INSTEAD)[0])


def stand_ins(planned: Iterable[Wanted], picture: Picture) -> Iterator[Wanted]:
    """What asks somebody who is away when it is due goes to their deputy at once, and to them not at all."""
    notices = list(planned)
    if not any(person.away_until for person in picture.people.values()):
        yield from notices
        return
    asked = {(asks_of(w), w.person_id) for w in notices if w.answer_by is not None}
    for wanted in notices:
        deputy = _instead_of_absent(picture, wanted)
        if deputy is None:
            yield wanted
            continue
        yield wanted.but(payload=dict(wanted.payload) | {INSTEAD: deputy}, is_open=False, answer_by=None)
        if (asks_of(wanted), deputy) not in asked:
            asked.add((asks_of(wanted), deputy))
            until = picture.people[wanted.person_id or 0].away_until
            payload = dict(wanted.payload) | {FOR: wanted.person_id, AWAY: until.isoformat() if until else ""}
            yield wanted.but(key=f"{wanted.key}:away{deputy}", person_id=deputy, payload=payload)


def is_away(picture: Picture, person_id: int | None, at: datetime) -> bool:
    """Whether somebody is away at a moment, with a deputy who is here."""
    person = picture.people.get(person_id) if person_id is not None else None
    return person is not None and person.away_until is not None and at < person.away_until


def taking_part(picture: Picture) -> tuple[int, ...]:
    """Everybody who has a part in the visit, at a stop of it, or answers for it."""
    groups = (*picture.parts.values(), *picture.stop_parts.values())
    drivers = [booking.driver_id for booking in picture.bookings if booking.is_live and booking.driver_id is not None]
    named = (person for group in groups for person in group)
    return tuple(dict.fromkeys([picture.visit.lead_host_id, *named, *drivers]))


def _instead_of_absent(picture: Picture, wanted: Wanted) -> int | None:
    if wanted.answer_by is None or wanted.person_id is None or not is_away(picture, wanted.person_id, wanted.due_at):
        return None
    deputy = deputy_asked(picture, wanted, (wanted.person_id,))
    return None if is_away(picture, deputy, wanted.due_at) else deputy


def deputy_asked(picture: Picture, wanted: Wanted, but: Sequence[int]) -> int | None:
    """Whom the person named, else a deputy of the role in whose name they were asked, else its other holders' ."""
    named = picture.deputy_of(wanted.person_id) if wanted.person_id is not None else None
    role = role_of(To(str(wanted.payload["to"]))) if "to" in wanted.payload else None
    found = [named] if named is not None else []
    found += picture.deputies(role) if role is not None else ()
    return next((person for person in found if person not in but), None)


def answer_to(
    picture: Picture, told: Mapping[str, Any], stop: Stop | None, booking: Booking | None
) -> tuple[int | None, datetime] | None:
    """Who answered a question and when; None while nobody has. `told`: the payload of a notice that chases it."""
    if booking is not None:
        is_same = booking.version == told.get(VERSION, booking.version)
        return None if is_same else (booking.answered_by_id or booking.assigned_by_id, booking.changed_at)
    declared = picture.declared(str(told.get("asks", "")))
    if declared is None and stop is not None and told.get("answer") == Answer.DRIVE:
        declared = next(iter(picture.declared_of(stop, (*DRIVEN, DeclarationKind.LATE))), None)
    return (declared.person_id, declared.declared_at) if declared is not None else None


def standing_in(
    rows: Collection[Notice],
    planned: Iterable[Wanted],
    concerned: Collection[tuple[int, int]],
    picture: Picture,
    now: datetime,
) -> set[tuple[int, int]]:
    """(person, stop): who was told of a stop in somebody's place and has still to do with it.

    Whoever is to be told in that place now; who is or was asked because of a silence that lasts; who is told what
    others cannot be; and who has answered.
    """
    told = [row for row in rows if FOR in row.payload and row.person_id is not None and row.stop_id is not None]
    # What was planned for a deputy and never told makes nobody stand in, whatever they have answered themselves.
    told = [row for row in told if row.sent_at is not None or row.key != own_key(row.key)]
    chased = {(row.person_id, row.stop_id) for row in told if CHASED in row.payload and row.sent_at is not None}
    deputies = [wanted for wanted in planned if FOR in wanted.payload]
    chased |= {(w.person_id, w.stop_id) for w in deputies if w.is_open and w.due_at <= now < w.useful_until}
    asked = [w for w in deputies if CHASED not in w.payload or (w.person_id, w.stop_id) in chased]
    still = [row for row in told if (row.payload[FOR], row.stop_id) in concerned and _has_it(row, picture)]
    pairs = {(wanted.person_id, wanted.stop_id) for wanted in asked} | {(row.person_id, row.stop_id) for row in still}
    return {(person or 0, stop or 0) for person, stop in pairs}


def is_relieved(picture: Picture, told: Notice, planned: Mapping[str, Wanted]) -> bool:
    """Whether somebody was asked in a colleague's place who is asked again themselves, or has named somebody else."""
    if FOR not in told.payload or planned_key(told.key) in planned or _has_it(told, picture):
        return False

    def about(asked: Notice | Wanted) -> tuple[object, ...]:
        return asked.person_id, asked.rule, asked.stop_id, asked.payload.get(FOR), CHASED in asked.payload

    asked = about(told)
    return all(about(wanted) != asked for wanted in planned.values())


def _has_it(told: Notice, picture: Picture) -> bool:
    """Whether a deputy is told because nothing reaches the other, or has answered."""
    if told.key != own_key(told.key):
        return True
    booking, declared = picture.booking(told.booking_id), picture.declared(str(told.payload.get("asks", "")))
    answered = {booking.answered_by_id if booking else None, declared.person_id if declared else None}
    stop = picture.stop(told.stop_id)
    if stop is not None and told.payload.get("answer") == Answer.DRIVE:
        answered |= {said.person_id for said in picture.declared_of(stop, (*DRIVEN, DeclarationKind.LATE))}
    return told.person_id in answered


def chases(
    planned: Iterable[Wanted], picture: Picture, rulebook: Rulebook, calendar: Calendar, since: Asked | None
) -> Iterator[Wanted]:
    """What follows from every question, should nobody answer it.

    Without `since` the moments are not worked out: enough for whoever only asks what there is to say.
    """
    if rulebook.chase is None:
        return
    questions: dict[str, list[Wanted]] = {}
    for wanted in planned:
        if wanted.answer_by is not None and wanted.person_id is not None:
            questions.setdefault(asks_of(wanted), []).append(wanted)
    to_tell: dict[str, list[_Unanswered]] = {}
    for asks, asking in questions.items():
        found = _Unanswered(asks, asking[0], [w.person_id or 0 for w in asking])
        for wanted in asking:
            yield from _asked_again(wanted, found, picture, rulebook, rulebook.chase, calendar, since)
        if found.told_at is not None:
            to_tell.setdefault(f"{asking[0].key.partition(':person')[0]}", []).append(found)
    for about, unanswered in to_tell.items():
        yield from _told(about, unanswered, picture, is_timed=since is not None)


@dataclass
class _Unanswered:
    """A question, and how far it has been chased."""

    asks: str
    asking: Wanted
    people: list[int]
    deputies: list[int] = field(default_factory=list)
    asked_at: datetime | None = None
    told_at: datetime | None = None
    version: int | None = None
    """Of the request, as it stood while nobody had answered."""

    def as_payload(self) -> dict[str, Any]:
        asked_at = self.asked_at or self.asking.due_at
        told = {"asks": self.asks, "people": self.people, "deputies": self.deputies, "since": asked_at.isoformat()}
        return told | ({VERSION: self.version} if self.version is not None else {})


def _asked_again(
    wanted: Wanted,
    found: _Unanswered,
    picture: Picture,
    rulebook: Rulebook,
    chase: Chase,
    calendar: Calendar,
    since: Asked | None,
) -> Iterator[Wanted]:
    """The same question to the same person, then to a deputy; notes since when and how far."""
    asked, steps = _steps(wanted, rulebook, chase, calendar, since)
    is_open = wanted.is_open and not _is_driving(wanted, picture)
    found.asked_at, found.asking = asked, wanted.but(is_open=is_open)
    booking = picture.booking(wanted.booking_id)
    found.version = booking.version if booking else None
    said = dict(wanted.payload) | {CHASED: asked.isoformat()} | ({VERSION: booking.version} if booking else {})
    again = found.asking.but(payload=said, answer_by=None)
    for step, due in steps:
        if step is Step.AGAIN:
            yield again.but(key=f"{wanted.key}:chase", due_at=due)
        elif step is Step.TELL:
            found.told_at = max(due, found.told_at or due)
        else:
            deputy = deputy_asked(picture, wanted, [*found.people, *found.deputies])
            if deputy is not None and (since is None or not is_away(picture, deputy, due)):
                found.deputies.append(deputy)
                payload = dict(again.payload) | {FOR: wanted.person_id}
                yield again.but(key=f"{found.asks}{_INSTEAD}{deputy}", person_id=deputy, due_at=due, payload=payload)


def _steps(
    wanted: Wanted, rulebook: Rulebook, chase: Chase, calendar: Calendar, since: Asked | None
) -> tuple[datetime, Sequence[tuple[Step, datetime]]]:
    """Since when it is asked, and what follows when."""
    steps = steps_for(wanted, rulebook, chase)
    asked = since(wanted) if since else wanted.due_at
    if since is None or wanted.answer_by is None:
        return asked, [(step, asked) for step in steps]
    from_ = max(asked, wanted.answer_from or asked)
    # An hour to answer may be more than there is before it begins; and where the deadline is over before anybody was
    # asked, what is left is the time until then.
    answer_by = min(wanted.answer_by, wanted.useful_until)
    needed = answer_by if answer_by - from_ >= chase.pace.apart else wanted.useful_until
    return asked, by_day(from_, needed, wanted.useful_until, steps, chase.pace, calendar) if from_ < needed else ()


def is_chased(wanted: Wanted | None, rulebook: Rulebook) -> bool:
    """Whether something follows where nobody answers it."""
    if wanted is None or wanted.answer_by is None or rulebook.chase is None:
        return False
    return bool(steps_for(wanted, rulebook, rulebook.chase))


def steps_for(wanted: Wanted, rulebook: Rulebook, chase: Chase) -> tuple[Step, ...]:
    """What its row says, else what is done about questions of its kind."""
    rule = rulebook.rule(wanted.rule)
    to = To(str(wanted.payload["to"])) if "to" in wanted.payload else None
    if rule is not None and rule.chase is not None and to is not None:
        return rule.chase.get(to, ())
    answer = str(wanted.payload.get("answer", Answer.NONE))
    return chase.steps.get("request" if answer == Answer.NONE else answer, ())


def _is_driving(wanted: Wanted, picture: Picture) -> bool:
    """Whether whoever is asked for the steps of a drive has said any of them."""
    stop = picture.stop(wanted.stop_id)
    asks = wanted.payload.get("answer") == Answer.DRIVE
    return asks and stop is not None and bool(picture.declared_of(stop, (*DRIVEN, DeclarationKind.LATE)))


def _told(about: str, unanswered: Sequence[_Unanswered], picture: Picture, *, is_timed: bool) -> Iterator[Wanted]:
    """One message each to administration and the lead host about all who are asked the same; not about themselves.
    What none of them would hear goes to whoever approves the visit, else to the executive office.

    Where the moments are not worked out, nobody knows who is away by then, or whether a deputy is asked before: to
    everybody to whom it may go.
    """
    waiting = [found for found in unanswered if found.asking.is_open] or unanswered
    due = max(found.told_at or found.asking.due_at for found in waiting)
    asking = waiting[0].asking
    told: dict[str, Any] = {"kind": asking.kind}
    told |= {name: asking.payload[name] for name in ("say", "answer") if name in asking.payload}
    for here, of in _who_hears(waiting, picture, due if is_timed else None):
        yield Wanted(
            key=f"silence:{about}:person{here}",
            kind=NoticeKind.SILENCE,
            due_at=due,
            useful_until=asking.useful_until,
            person_id=here,
            rule=asking.rule,
            stop_id=asking.stop_id,
            booking_id=asking.booking_id,
            payload={SILENT: told | {"unanswered": [found.as_payload() for found in of]}},
            is_open=any(found.asking.is_open for found in of),
        )


def _who_hears(
    waiting: Sequence[_Unanswered], picture: Picture, at: datetime | None
) -> Iterator[tuple[int, Sequence[_Unanswered]]]:
    """Each person with what they are told of; `at`: see `_hearing`."""
    nearest = (*recipients(picture, To.ADMINISTRATION), picture.visit.lead_host_id)
    unheard, told = waiting, set[int]()
    for group in (nearest, recipients(picture, To.APPROVER), recipients(picture, To.EXECUTIVE_OFFICE)):
        left = unheard
        for person in dict.fromkeys(group):
            for here in _hearing(picture, person, at):
                of = [found for found in unheard if not {here, person} & _asked(found, at)]
                if not of or here in told:
                    continue
                told.add(here)
                left = left if at is None else [found for found in left if found not in of]
                yield here, of
        unheard = left


def _asked(found: _Unanswered, at: datetime | None) -> set[int]:
    return {*found.people, *(found.deputies if at is not None else ())}


def _hearing(picture: Picture, person: int, at: datetime | None) -> tuple[int, ...]:
    """Whoever hears it at that moment: the person or, while they are away, their deputy; at any moment both."""
    deputy = picture.deputy_of(person)
    if at is not None:
        heard = deputy if is_away(picture, person, at) else person
        return (heard,) if heard is not None else ()
    return (person,) if deputy is None else (person, deputy)
