"""Requests that want an answer, and the answers as others hear them: vehicle, driver, a senior leader's time."""

from bot.i18n import Mrkdwn, escape, join
from bot.messages import asked, blocks, bookings, particulars, taking_back, words
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import BookingRef
from bot.messages.reading import Reading
from bot.models.bookings import GIVEN, Booking, BookingKind, BookingState
from bot.models.notices import TAKEN_BACK, Notice
from bot.models.roles import Part
from bot.models.visits import Stop
from bot.procedure.bookings import counter_of, drives, on_the_road
from bot.procedure.days import stops_with
from bot.procedure.deputies import FOR

_DRIVES_SHOWN = 6


def vehicle_request(reading: Reading, notice: Notice, booking: Booking, stop: Stop) -> Message:
    """To administration (C1): assign a car and a driver."""
    t, visit = reading.t, reading.picture.visit
    day, time = _day(reading, stop), t.time(stop.starts_at, reading.venue)
    title = t.pgettext("vehicle.header", "Vehicle request: {day}, {time}", day=day, time=time)
    content = [blocks.header(title), *particulars.changed(reading, notice, stop)]
    content += blocks.fields(_drive(reading, stop))
    content += _outcome(reading, booking) or _vehicle_wanted(reading, booking)
    content += taking_back.request(reading, booking) if booking.state in GIVEN else []
    alone = t.gettext("{title}, {guests}", title=title, guests=words.guests(t, visit))
    if booking.state == BookingState.REQUESTED and booking.is_taken_back:
        name = reading.name(booking.answered_by_id)
        alone = t.pgettext("taken_back.alone", "{name} can't drive after all. {text}", name=name, text=alone)
    return Message(alone, tuple(content))


def driver_request(reading: Reading, notice: Notice, booking: Booking, stop: Stop) -> Message:
    """To the driver who was assigned: confirm, or say why not."""
    t, driver = reading.t, notice.payload.get(FOR, notice.person_id)
    day, time = _day(reading, stop), t.time(stop.starts_at, reading.venue)
    if booking.driver_id != driver:
        title = t.pgettext("driver.header", "Drive: {day}, {time}", day=day, time=time)
    elif booking.state == BookingState.ASSIGNED:
        title = t.pgettext("driver.header", "Please confirm your drive: {day}, {time}", day=day, time=time)
    else:
        title = t.pgettext("driver.header", "Your drive: {day}, {time}", day=day, time=time)
    content = [blocks.header(title), *particulars.changed(reading, notice, stop)]
    content += blocks.fields(_drive(reading, stop))
    if booking.driver_id != driver:
        content.append(blocks.context(_no_longer_theirs(reading, booking)))
    elif booking.state == BookingState.ASSIGNED:
        text = t.rich.gettext("This drive is yours. Please confirm, or say why you can't.")
        content += [blocks.section(text), yes_or_no(reading, booking)]
    else:
        content += _outcome(reading, booking)
        content += taking_back.drive(reading, booking) if booking.state == BookingState.CONFIRMED else []
    alone = t.gettext("{title}, {guests}", title=title, guests=words.guests(t, reading.picture.visit))
    return Message(alone, tuple(content))


def _no_longer_theirs(reading: Reading, booking: Booking) -> Mrkdwn:
    """To whoever had the drive: that it is somebody else's, or that their taking it back was heard."""
    t = reading.t.rich
    if booking.driver_id is None and booking.is_taken_back and reading.is_reader(booking.answered_by_id):
        time = reading.t.time(booking.changed_at, reading.venue)
        return t.gettext(
            ":x: You can't drive after all. Taken back at {time}; the lead host and administration know.", time=time
        )
    return t.gettext(":information_source: This drive is no longer yours.")


def leader_request(reading: Reading, notice: Notice, booking: Booking, stop: Stop) -> Message:
    """To the executive office (B6): a senior leader's time, in writing."""
    t, visit = reading.t, reading.picture.visit
    leader = reading.name(booking.leader_id)
    day = _day(reading, stop)
    title = t.pgettext("leader.header", "Time requested with {leader}: {day}", leader=leader, day=day)
    body = t.rich.gettext(
        "{requester} asks for {leader} to receive the guests from {company}. Please confirm or decline.",
        requester=reading.picture.lead_host.name,
        leader=leader,
        company=visit.company,
    )
    content = [
        blocks.header(title),
        *blocks.fields(
            [
                (t.gettext("For"), escape(words.stop_name(t, stop))),
                (t.gettext("Time"), escape(t.span(stop.starts_at, stop.ends_at, reading.venue, now=reading.now))),
                (t.gettext("Venue"), escape(words.place(t, stop))),
                (t.gettext("Also wanted for"), _further_stops(reading, booking, stop)),
                (t.gettext("Guests"), escape(words.guests(t, visit))),
                (t.gettext("Purpose"), escape(words.purpose(t, visit.purpose))),
                (t.gettext("Lead host"), words.person(t, reading.picture.lead_host)),
            ]
        ),
    ]
    otherwise = asked.changed_since(reading, notice, booking)
    changed = [*particulars.changed(reading, notice, stop), *([blocks.section(otherwise)] if otherwise else [])]
    wanted = [*changed, blocks.section(join("\n", [asked.anew(reading, booking), body])), yes_or_no(reading, booking)]
    content += _outcome(reading, booking) or wanted
    content += taking_back.request(reading, booking) if booking.state == BookingState.CONFIRMED else []
    return Message(t.gettext("{title}, {guests}", title=title, guests=words.guests(t, visit)), tuple(content))


def answer(reading: Reading, notice: Notice, booking: Booking) -> Message:
    """The answer to a request, as it was given when this was due: later answers have messages of their own."""
    title, body = (
        _vehicle_answer(reading, notice)
        if booking.kind == BookingKind.VEHICLE
        else _leader_answer(reading, notice, booking)
    )
    t, stop = reading.t, reading.picture.stop(booking.stop_id)
    party = words.guests(t, reading.picture.visit)
    details, alone = [], t.gettext("{title}. {guests}", title=title, guests=party)
    if stop is not None:
        item, moment = words.stop_name(t, stop), reading.moment(stop.starts_at)
        details = [(t.gettext("For"), escape(item)), (t.gettext("Time"), escape(moment))]
        details.append((t.gettext("Also wanted for"), _further_stops(reading, booking, stop)))
        alone = t.gettext("{title}. {stop}, {moment}. {guests}", title=title, stop=item, moment=moment, guests=party)
    details.append((t.gettext("Guests"), escape(party)))
    if notice.payload.get(TAKEN_BACK):
        details.append((t.gettext("Contact"), words.person(t, reading.person(notice.payload["by"]))))
    if notice.payload["state"] == BookingState.CONFIRMED and booking.kind == BookingKind.VEHICLE:
        details += [
            (t.gettext("Vehicle"), words.vehicle(reading)),
            (t.gettext("Driver"), words.person(t, reading.picture.driver)),
        ]
    content = [blocks.header(title), *blocks.fields(details), *([blocks.section(body)] if body else [])]
    return Message(alone, tuple(content))


def status(reading: Reading, booking: Booking) -> Mrkdwn:
    """Where a request stands, in one line with its colour."""
    t = reading.t.rich
    by = reading.name(booking.answered_by_id)
    if booking.kind == BookingKind.REQUEST:
        return bookings.status(reading, booking)
    match BookingState(booking.state):
        case BookingState.COUNTERED:
            return bookings.status(reading, booking)
        case BookingState.REQUESTED if booking.kind == BookingKind.VEHICLE:
            return t.pgettext("booking.status", ":large_yellow_circle: Car: waiting for administration")
        case BookingState.REQUESTED:
            return t.pgettext(
                "booking.status",
                ":large_yellow_circle: {leader}: waiting for the executive office",
                leader=reading.name(booking.leader_id),
            )
        case BookingState.ASSIGNED:
            return t.pgettext(
                "booking.status",
                ":large_yellow_circle: Car: {driver} has not confirmed yet",
                driver=reading.name(booking.driver_id),
            )
        case BookingState.CONFIRMED if booking.kind == BookingKind.VEHICLE:
            return t.pgettext(
                "booking.status",
                ":large_green_circle: Car: {vehicle}, driven by {driver}",
                vehicle=words.vehicle(reading),
                driver=reading.name(booking.driver_id),
            )
        case BookingState.CONFIRMED:
            leader = reading.name(booking.leader_id)
            return t.pgettext("booking.status", ":large_green_circle: {leader} takes part", leader=leader)
        case BookingState.DECLINED if booking.is_taken_back:
            if booking.kind == BookingKind.VEHICLE:
                return t.pgettext("booking.status", ":red_circle: Car: taken back by {name}", name=by)
            leader = reading.name(booking.leader_id)
            return t.pgettext("booking.status", ":red_circle: {leader} can't take part after all", leader=leader)
        case BookingState.DECLINED if booking.kind == BookingKind.VEHICLE:
            return t.pgettext(
                "booking.status",
                ":red_circle: Car: declined by {name}: {reason}",
                name=by,
                reason=words.reason(booking.reason),
            )
        case BookingState.DECLINED:
            leader = reading.name(booking.leader_id)
            return t.pgettext(
                "booking.status",
                ":red_circle: {leader} can't take part: {reason}",
                leader=leader,
                reason=words.reason(booking.reason),
            )
        case BookingState.RELEASED:
            if booking.kind == BookingKind.VEHICLE:
                return t.pgettext("booking.status", ":white_circle: Car: no longer needed")
            leader = reading.name(booking.leader_id)
            return t.pgettext("booking.status", ":white_circle: {leader}: request withdrawn", leader=leader)


def _drive(reading: Reading, stop: Stop) -> list[tuple[str, Mrkdwn]]:
    t, visit = reading.t, reading.picture.visit
    greeters = [reading.picture.people[p] for p in reading.picture.parts.get(Part.GREETER, ())]
    return [
        (t.gettext("Time"), escape(reading.moment(stop.starts_at))),
        (t.gettext("Meeting point"), escape(stop.place)),
        (t.gettext("Guests"), escape(words.guests(t, visit))),
        (t.gettext("Pieces of luggage"), escape(t.number(visit.luggage)) if visit.luggage is not None else Mrkdwn("")),
        (words.number_label(t, stop.means), escape(stop.number)),
        (t.gettext("Further drives"), _further_drives(reading, stop)),
        (t.gettext("Contact"), words.contact(reading)),
        (t.gettext("Vehicle"), words.vehicle(reading)),
        (t.gettext("Meets the guests"), words.people(t, greeters)),
        (t.gettext("Lead host"), words.person(t, reading.picture.lead_host)),
    ]


def _further_stops(reading: Reading, booking: Booking, stop: Stop) -> Mrkdwn:
    """What the leader is wanted for besides the first stop: one answer holds for the whole visit."""
    if booking.leader_id is None:
        return Mrkdwn("")
    others = [other for other in stops_with(reading.picture, booking.leader_id) if other.id != stop.id]
    return particulars.stops_in_order(reading, others)


def _further_drives(reading: Reading, stop: Stop) -> Mrkdwn:
    """What the car is asked for besides its first drive: it is assigned once for all of them."""
    others = [other for other in drives(reading.picture) if other.id != stop.id]
    lines = [
        words.one_line(words.stop_name(reading.t, other), reading.moment(on_the_road(reading.picture, other)[0]))
        for other in others[:_DRIVES_SHOWN]
    ]
    hidden = len(others) - len(lines)
    if hidden:
        more = reading.t.rich.npgettext("open", "and {count} more", "and {count} more", hidden, count=hidden)
        lines.append(more)
    return join("\n", lines)


def _outcome(reading: Reading, booking: Booking) -> list[Block]:
    """What was answered, by whom and when; empty while an answer is awaited."""
    if booking.state == BookingState.REQUESTED:
        return []
    t, at = reading.t.rich, reading.moment(booking.changed_at)
    shown = status(reading, booking)
    if booking.state == BookingState.ASSIGNED and booking.assigned_by_id is not None:
        name = reading.name(booking.assigned_by_id)
        return [
            blocks.context(
                t.pgettext("outcome", "{status} · assigned by {name}, {moment}", status=shown, name=name, moment=at)
            )
        ]
    if booking.answered_by_id is not None:
        name = reading.name(booking.answered_by_id)
        return [
            blocks.context(t.pgettext("outcome", "{status} · {name}, {moment}", status=shown, name=name, moment=at))
        ]
    return [blocks.context(t.pgettext("outcome", "{status} · {moment}", status=shown, moment=at))]


def _vehicle_wanted(reading: Reading, booking: Booking) -> list[Block]:
    """What administration is asked while nobody has answered; a driver who can't is named with the reason."""
    t, visit, driver = reading.t, reading.picture.visit, reading.picture.driver
    body = t.rich.npgettext(
        "vehicle",
        "{requester} needs a vehicle for {count} passenger. Please assign a car and a driver.",
        "{requester} needs a vehicle for {count} passengers. Please assign a car and a driver.",
        visit.party_size,
        requester=reading.picture.lead_host.name,
        count=visit.party_size,
    )
    content = [blocks.section(join("\n", [asked.anew(reading, booking), body]))]
    if booking.is_taken_back:
        who = words.person(t, reading.person(booking.answered_by_id))
        text = t.rich.gettext(":warning: Confirmed before, and taken back: {person} can't drive after all.", person=who)
        content.append(blocks.section(text))
    elif booking.reason:
        name = reading.name(booking.answered_by_id)
        text = t.rich.gettext(":warning: {name} can't drive: {reason}", name=name, reason=words.reason(booking.reason))
        content.append(blocks.section(text))
    elif driver is not None and not reading.picture.active(Part.DRIVER):
        text = t.rich.gettext(":warning: {name}, who was to drive, is no longer in this workspace.", name=driver.name)
        content.append(blocks.section(text))
    elif driver is not None:
        content.append(blocks.context(t.rich.gettext("Driver asked for: {name}", name=driver.name)))
    return [*content, _vehicle_buttons(reading, booking)]


def _vehicle_buttons(reading: Reading, booking: Booking) -> Block:
    t, value = reading.t, BookingRef(booking.key, booking.version).pack()
    return blocks.actions(
        blocks.button(t.pgettext("vehicle.button", "Assign vehicle"), Action.ASSIGN_VEHICLE, value, style="primary"),
        blocks.button(t.pgettext("vehicle.button", "Decline"), Action.DECLINE_REQUEST, value),
    )


def yes_or_no(reading: Reading, booking: Booking) -> Block:
    """The buttons of the one who was asked: a driver, or the executive office."""
    t, value = reading.t, BookingRef(booking.key, booking.version).pack()
    if booking.kind == BookingKind.VEHICLE:
        yes, no = t.pgettext("driver.button", "Confirm"), t.pgettext("driver.button", "I can't")
    else:
        yes, no = t.pgettext("leader.button", "Confirm"), t.pgettext("leader.button", "Decline")
    elements = [
        blocks.button(yes, Action.CONFIRM_REQUEST, value, style="primary"),
        blocks.button(no, Action.DECLINE_REQUEST, value),
    ]
    stop = reading.picture.stop(booking.stop_id)
    is_of_leader = booking.kind == BookingKind.LEADER and stop is not None
    if stop is not None and is_of_leader and counter_of(bookings.rule_behind(reading, booking), stop) is not None:
        label = t.pgettext("request.button", "Suggest a change")
        elements.append(blocks.button(label, Action.PROPOSE_OTHERWISE, value))
    return blocks.actions(*elements)


def _vehicle_answer(reading: Reading, notice: Notice) -> tuple[str, Mrkdwn | None]:
    t, by, reason = reading.t, reading.name(notice.payload["by"]), words.reason(str(notice.payload["reason"]))
    if notice.payload.get(TAKEN_BACK):
        return taking_back.of_vehicle(reading, by, is_off=notice.payload["state"] == BookingState.DECLINED)
    match BookingState(notice.payload["state"]):
        case BookingState.CONFIRMED:
            return t.pgettext("booking.header", "Car confirmed: {driver} drives", driver=by), None
        case BookingState.DECLINED:
            title = t.pgettext("booking.header", "No car for {company}", company=reading.picture.visit.company)
            body = t.rich.gettext(
                "{name} declined: {reason}. Please find another way, or change the visit.", name=by, reason=reason
            )
            return title, body
        case _:
            title = t.pgettext("booking.header", "{driver} can't drive", driver=by)
            body = t.rich.gettext("{reason}. Administration is asked for another driver.", reason=reason)
            return title, body


def _leader_answer(reading: Reading, notice: Notice, booking: Booking) -> tuple[str, Mrkdwn | None]:
    t, leader = reading.t, reading.name(booking.leader_id)
    if notice.payload["state"] == BookingState.CONFIRMED:
        return t.pgettext("booking.header", "{leader} will take part", leader=leader), None
    if notice.payload.get(TAKEN_BACK):
        return taking_back.of_leader(reading, leader, reading.name(notice.payload["by"]))
    title = t.pgettext("booking.header", "{leader} can't take part", leader=leader)
    name, reason = reading.name(notice.payload["by"]), words.reason(str(notice.payload["reason"]))
    body = t.rich.gettext(
        "{name} declined: {reason}. Please find another way, or change the visit.", name=name, reason=reason
    )
    return title, body


def _day(reading: Reading, stop: Stop) -> str:
    today = reading.now.astimezone(reading.venue).date()
    return reading.t.day(stop.starts_at.astimezone(reading.venue).date(), today=today)
