"""Somebody who has left the workspace had something to do in a visit: what whoever can find another reads."""

from collections.abc import Collection, Iterable, Iterator

from bot.errors import OutOfDate
from bot.i18n import Mrkdwn, escape, join
from bot.messages import blocks, bookings, particulars, words
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import StopRef, VisitRef
from bot.messages.reading import Reading
from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.notices import Notice
from bot.models.people import Actor
from bot.models.roles import Part, Role
from bot.models.visits import StopKind
from bot.procedure.leaving import Place, whom_to_tell
from bot.procedure.stops import PARTS

_SHOWN = 20


def left(reading: Reading, notice: Notice) -> Message:
    """Who is gone, what they were to do where and when, who does it now, and the way to name somebody.

    OutOfDate where none of it takes place any more and nobody has been told of it.
    """
    t, gone = reading.t, notice.payload["left"]
    places, requests = list(_places(reading, notice)), list(_requests(reading, notice))
    if notice.sent_at is None and not (places or requests or _is_leaderless(reading, notice)):
        raise OutOfDate
    title = _title(reading, gone)
    lines = [_line(reading, place) for place in places] + [_of_request(reading, asked, gone) for asked in requests]
    guests = words.guests(t, reading.picture.visit)
    content: list[Block] = [blocks.header(title), blocks.section(_what_to_do(reading, notice, places, requests))]
    content += [blocks.section(join("\n", _shown(reading, lines)))] if lines else []
    content += [*blocks.fields([(t.gettext("Guests"), escape(guests))]), _buttons(reading, places)]
    return Message(t.gettext("{title}. {guests}", title=title, guests=guests), tuple(content))


def _title(reading: Reading, gone: int) -> str:
    t, name = reading.t, reading.name(gone)
    if _is_here(reading, gone):
        return t.pgettext("left.header", "{name} is back in this workspace", name=name)
    return t.pgettext("left.header", "{name} is no longer in this workspace", name=name)


def _is_leaderless(reading: Reading, notice: Notice) -> bool:
    """Whether nobody answers for the visit. Of a confidential one: and the reader is still the one to hand it over,
    which ends when somebody comes back whom it is asked of first."""
    picture = reading.picture
    is_without = bool(notice.payload["is_host"]) and picture.visit.is_open and not picture.lead_host.is_active
    return is_without and (not picture.visit.is_confidential or _whom_it_is_for(reading) in whom_to_tell(picture))


def _whom_it_is_for(reading: Reading) -> int | None:
    return reading.in_place_of or (reading.reader.id if reading.reader is not None else None)


def _may_name(reading: Reading) -> bool:
    """Whether the form of a stop is the reader's to change: those who only hand the visit over leave it to others."""
    if reading.reader is None:
        return False
    keeps_right = _whom_it_is_for(reading) in reading.picture.holders(Role.ADMINISTRATION)
    roles = frozenset({Role.ADMINISTRATION} if keeps_right else ())
    return reading.picture.visit.can_be_changed_by(Actor(reading.reader, roles))


def _is_here(reading: Reading, person_id: int) -> bool:
    person = reading.person(person_id)
    return person is not None and person.is_active


def _places(reading: Reading, notice: Notice) -> Iterator[Place]:
    """Of what the person was to do, whatever still takes place."""
    live = {stop.key: stop for stop in reading.picture.live_stops}
    for stop_id, part in notice.payload["places"]:
        if stop_id in live:
            yield Place(live[stop_id], Part(part))


def _requests(reading: Reading, notice: Notice) -> Iterator[Booking]:
    """What was put to the person and is still wanted."""
    picture = reading.picture
    for booking in map(picture.booking, notice.payload["requests"] if picture.visit.is_open else ()):
        if booking is not None and booking.state != BookingState.RELEASED:
            yield booking


def _waits_for(reading: Reading, booking: Booking, gone: int) -> bool:
    is_theirs = booking.owner_id == gone and booking.state == BookingState.REQUESTED
    return is_theirs and not _is_here(reading, gone)


def _is_vacant(reading: Reading, place: Place) -> bool:
    return not reading.picture.active(place.part, place.stop)


def _is_looked_for(reading: Reading, place: Place) -> bool:
    """Whether administration is asked for another driver."""
    asked = (b for b in reading.picture.bookings if b.kind == BookingKind.VEHICLE)
    return place.is_of_the_car(reading.picture) and any(b.state == BookingState.REQUESTED for b in asked)


def _what_to_do(reading: Reading, notice: Notice, places: Collection[Place], requests: Collection[Booking]) -> Mrkdwn:
    t, gone = reading.t.rich, notice.payload["left"]
    name = reading.name(gone)
    vacant = [place for place in places if _is_vacant(reading, place)]
    if _is_leaderless(reading, notice):
        return t.gettext("Nobody answers for this visit now. Please hand it over to a new lead host.")
    if _is_here(reading, gone):
        return t.gettext("{name} takes part again, wherever nobody else was named.", name=name)
    if not (places or requests):
        return t.gettext("There is nothing left for you to do.")
    if not vacant and not any(_waits_for(reading, booking, gone) for booking in requests):
        return t.gettext("Others do it in place of {name}. If you want somebody else, please name them.", name=name)
    if not requests and all(_is_looked_for(reading, place) for place in vacant):
        return t.gettext("Administration is asked for another driver.")
    return t.gettext("Please find somebody else for what {name} was to do.", name=name)


def _of_request(reading: Reading, booking: Booking, gone: int) -> Mrkdwn:
    """What was asked, and where it stands."""
    if not _waits_for(reading, booking, gone):
        return bookings.status(reading, booking)
    return reading.t.rich.pgettext(
        "left",
        ":red_circle: {what}: {name} was asked and can't answer",
        what=bookings.name(reading, booking),
        name=reading.name(gone),
    )


def _line(reading: Reading, place: Place) -> Mrkdwn:
    """What, when, which part, and who takes it now."""
    t, picture = reading.t.rich, reading.picture
    item, moment = words.stop_name(reading.t, place.stop), reading.moment(particulars.begins(reading, place.stop))
    part = words.part(reading.t, place.part)
    people = picture.active(place.part, place.stop)
    if people:
        return t.pgettext(
            "left",
            ":large_green_circle: *{item}*, {moment}. {part}: {names}",
            item=item,
            moment=moment,
            part=part,
            names=reading.t.list([reading.name(person) for person in people]),
        )
    if _is_looked_for(reading, place):
        return t.pgettext(
            "left",
            ":large_yellow_circle: *{item}*, {moment}. {part}: administration is asked",
            item=item,
            moment=moment,
            part=part,
        )
    return t.pgettext("left", ":red_circle: *{item}*, {moment}. {part}: nobody", item=item, moment=moment, part=part)


def _shown(reading: Reading, lines: Iterable[Mrkdwn]) -> list[Mrkdwn]:
    every = list(lines)
    hidden = len(every) - _SHOWN
    if hidden <= 0:
        return every
    more = reading.t.rich.npgettext("open", "and {count} more", "and {count} more", hidden, count=hidden)
    return [*every[:_SHOWN], more]


def _buttons(reading: Reading, places: Iterable[Place]) -> Block:
    """The form of the stop, where it is only one; the visit's window, where all else is done."""
    t, value = reading.t, VisitRef(reading.picture.visit.key).pack()
    details = blocks.button(t.pgettext("visit.button", "Details"), Action.SHOW_VISIT, value)
    own = [p for p in places if _is_vacant(reading, p) and not _is_looked_for(reading, p)]
    stops = {place.stop.key for place in own}
    is_of_form = all(place.part in PARTS[StopKind(place.stop.kind)] for place in own)
    if len(stops) != 1 or not is_of_form or not _may_name(reading):
        return blocks.actions(details)
    label = t.pgettext("left.button", "Name somebody else")
    press = blocks.button(label, Action.NAME_DRIVER, StopRef(stops.pop()).pack(), style="primary")
    return blocks.actions(press, details)
