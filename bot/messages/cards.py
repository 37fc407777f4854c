"""The card of a visit: in the reception channel, as an answer to "show", and with buttons in a window."""

from collections.abc import Sequence
from datetime import timedelta

from bot.i18n import Mrkdwn, Translator, bold, escape, join
from bot.messages import (
    absences,
    blocks,
    bookings,
    clients,
    consents,
    driving,
    feasibility,
    guests,
    handovers,
    hints,
    levels,
    plans,
    requests,
    settings_pages,
    words,
)
from bot.messages.blocks import Block, Message, Option
from bot.messages.payloads import Action, BookingRef, RequestMenu, RequestVerb, StopMenu, StopVerb, ViewId, VisitRef
from bot.messages.reading import Reading
from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.notices import DeclarationKind
from bot.models.people import Actor
from bot.models.roles import Part, Role
from bot.models.visits import Foreign, Stop, StopKind, VisitState
from bot.procedure.bookings import counter_of
from bot.procedure.levels import level_of, wants_reason
from bot.procedure.rearranging import vacant

SOON = timedelta(days=2)
_STOPS_SHOWN = 30
_REQUESTS_SHOWN = 30


def card(reading: Reading) -> Message:
    """The card that always shows the present state."""
    t, visit = reading.t, reading.picture.visit
    value = VisitRef(visit.key).pack()
    buttons = [blocks.button(t.pgettext("visit.button", "Details"), Action.SHOW_VISIT, value)]
    if plans.is_to_send(reading):
        buttons.append(plans.send_button(reading))
    content = [blocks.header(_title(reading)), *body(reading), blocks.actions(*buttons)]
    alone = t.gettext("{title}: {guests}", title=_title(reading), guests=words.guests(t, visit))
    return Message(alone, tuple(content))


def body(reading: Reading) -> list[Block]:
    """The facts, the stops, the requests and the open points."""
    content = blocks.fields(_facts(reading))
    if not reading.picture.visit.is_open:
        return [blocks.section(_state(reading)), *content]
    where = plans.standing(reading)
    content += [blocks.section(where)] if where else []
    stops = join("\n", [*(stop_line(reading, stop) for stop in shown_stops(reading)), _hidden_stops(reading)])
    requested = join(
        "\n",
        [
            *(requests.status(reading, b) for b in reading.picture.bookings if _is_of_people(b)),
            *bookings.summary(reading),
        ],
    )
    content += [blocks.section(stops)] if stops else []
    content += [blocks.section(requested)] if requested else []
    gaps = open_points(reading)
    if gaps:
        content.append(blocks.section(join("\n", gaps)))
    return content


def window(reading: Reading, actor: Actor, silent: Sequence[Block] = ()) -> Block:
    """Everything about a visit in a modal, with the buttons this person may press; `silent`: who was asked in vain."""
    t, visit = reading.t, reading.picture.visit
    may_change = visit.is_open and visit.can_be_changed_by(actor)
    content: list[Block] = [blocks.section(bold(_title(reading))), *blocks.fields(_facts(reading))]
    if not visit.is_open:
        content.append(blocks.section(_state(reading)))
    content += plans.in_window(reading, actor)
    content += consents.waiting(reading, actor)
    gaps = open_points(reading)
    content += [blocks.section(join("\n", gaps))] if gaps else []
    content += silent
    if may_change:
        content += _beforehand(reading)
    for stop in shown_stops(reading):
        menu = _menu(t, stop) if may_change else None
        content.append(blocks.section(stop_line(reading, stop), menu, f"stop{stop.id}"))
    hidden = _hidden_stops(reading)
    content += [blocks.context(hidden)] if hidden else []
    content += _requests(reading, actor) if visit.is_open else []
    content.append(guests.row(reading, actor))
    if may_change:
        value = VisitRef(visit.key).pack()
        content.append(
            blocks.actions(
                blocks.button(t.pgettext("visit.button", "Change the visit"), Action.CHANGE_VISIT, value),
                blocks.button(t.pgettext("visit.button", "Add a stop"), Action.ADD_STOP, value),
                blocks.button(t.pgettext("visit.button", "Arrival delayed"), Action.DELAY, value),
                blocks.button(t.pgettext("visit.button", "Note"), Action.NOTE, value),
                blocks.button(t.pgettext("visit.button", "Protocol level"), Action.CHOOSE_LEVEL, value),
                blocks.button(
                    t.pgettext("visit.button", "Cancel the visit"), Action.CANCEL_VISIT, value, style="danger"
                ),
            )
        )
    content += handovers.way_to(reading, actor)
    return blocks.modal(
        ViewId.VISIT,
        t.pgettext("modal.title", "Visit {reference}", reference=visit.reference),
        content,
        close=t.pgettext("modal.close", "Close"),
        metadata=VisitRef(visit.key).pack(),
    )


def _menu(t: Translator, stop: Stop) -> Block:
    """What can be done with a stop."""
    choices = {
        StopVerb.CHANGE: t.pgettext("stop.menu", "Change"),
        StopVerb.COPY: t.pgettext("stop.menu", "Copy to another day"),
        StopVerb.REMOVE: t.pgettext("stop.menu", "Remove"),
    }
    options = [Option(label, StopMenu(verb, stop.key).pack()) for verb, label in choices.items()]
    return blocks.overflow(options, Action.STOP_MENU)


def _beforehand(reading: Reading) -> list[Block]:
    """What the purpose asks for, and what is known of the client from earlier visits."""
    t, picture = reading.t, reading.picture
    hint = t.rich.gettext(":bulb: {hint}", hint=hints.purpose_hint(t, picture.visit.purpose))
    known = clients.beforehand(t, picture.client)
    return [blocks.context(hint), *([blocks.section(known)] if known else [])]


def _is_of_people(booking: Booking) -> bool:
    """Cars with their drivers and leaders' time: each has its own line on the card."""
    return booking.kind != BookingKind.REQUEST and booking.state != BookingState.RELEASED


def _requests(reading: Reading, actor: Actor) -> list[Block]:
    """Every request with its state, owner, deadline and answer, and what this person may do about it."""
    live = [b for b in reading.picture.bookings if b.state != BookingState.RELEASED]
    shown = sorted(live, key=_urgency)[:_REQUESTS_SHOWN]
    content = [blocks.section(text) for text in bookings.settled(reading)]
    for booking in shown:
        accessory = _assign(reading, booking, actor) or _request_menu(reading, booking, actor)
        content.append(blocks.section(requests.status(reading, booking), accessory, f"booking{booking.id}"))
        if booking.kind != BookingKind.REQUEST and _may_answer(reading, booking, actor):
            content.append(requests.yes_or_no(reading, booking))
    hidden = len(live) - len(shown)
    if hidden:
        text = reading.t.rich.npgettext("open", "and {count} more", "and {count} more", hidden, count=hidden)
        content.append(blocks.context(text))
    return content


def _urgency(booking: Booking) -> tuple[bool, int]:
    """Cars and leaders first, as ever; then what needs somebody, what waits, what is settled."""
    order = (BookingState.DECLINED, BookingState.COUNTERED, BookingState.REQUESTED)
    is_request = booking.kind == BookingKind.REQUEST
    return is_request, order.index(BookingState(booking.state)) if is_request and booking.state in order else len(order)


def _assign(reading: Reading, booking: Booking, actor: Actor) -> Block | None:
    """For those who assign cars: also when somebody confirmed already, because cars break down."""
    owners = bookings.asked_people(reading, booking)
    may = booking.can_be_assigned_by(actor, owners) or reading.picture.stands_in_for(Role.ADMINISTRATION, actor.id)
    if booking.kind != BookingKind.VEHICLE or not may:
        return None
    label = reading.t.pgettext("vehicle.button", "Assign vehicle")
    return blocks.button(label, Action.ASSIGN_VEHICLE, BookingRef(booking.key, booking.version).pack())


def _request_menu(reading: Reading, booking: Booking, actor: Actor) -> Block | None:
    """What this person may do about a request."""
    t, verbs = reading.t, _verbs(reading, booking, actor)
    labels = {
        RequestVerb.CONFIRM: t.pgettext("request.button", "Confirm"),
        RequestVerb.DECLINE: t.pgettext("request.button", "Decline"),
        RequestVerb.PROPOSE: t.pgettext("request.button", "Suggest a change"),
        RequestVerb.ACCEPT: t.pgettext("counter.button", "Accept"),
        RequestVerb.REJECT: t.pgettext("counter.button", "Don't accept"),
        RequestVerb.REASSIGN: t.pgettext("request.button", "Ask somebody else"),
    }
    options = [Option(labels[verb], RequestMenu(verb, booking.key, booking.version).pack()) for verb in verbs]
    if len(options) == 1:  # a menu has two choices at least
        value = BookingRef(booking.key, booking.version).pack()
        return blocks.button(labels[verbs[0]], _ALONE[verbs[0]], value)
    return blocks.overflow(options, Action.REQUEST_MENU) if options else None


_ALONE = {RequestVerb.DECLINE: Action.DECLINE_REQUEST, RequestVerb.REASSIGN: Action.REASSIGN_REQUEST}
"""What may be the only choice: to take back a yes, to ask somebody else."""


def _verbs(reading: Reading, booking: Booking, actor: Actor) -> list[RequestVerb]:
    visit, stop = reading.picture.visit, reading.picture.stop(booking.stop_id)
    rule, owners = bookings.rule_behind(reading, booking), bookings.asked_people(reading, booking)
    is_request = booking.kind == BookingKind.REQUEST
    may_counter = stop is not None and counter_of(rule, stop) is not None
    allowed = {
        RequestVerb.CONFIRM: is_request and booking.can_be_confirmed_by(actor, owners),
        RequestVerb.DECLINE: is_request and booking.can_be_declined_by(actor, owners),
        RequestVerb.PROPOSE: is_request and may_counter and booking.can_be_countered_by(actor, owners),
        RequestVerb.ACCEPT: booking.counter_can_be_answered_by(actor, visit),
        RequestVerb.REJECT: booking.counter_can_be_answered_by(actor, visit),
        RequestVerb.REASSIGN: booking.can_be_reassigned_by(actor, visit),
    }
    return [verb for verb, may in allowed.items() if may]


def _may_answer(reading: Reading, booking: Booking, actor: Actor) -> bool:
    """Whether the request waits for this person's yes or no."""
    return booking.can_be_confirmed_by(actor, bookings.asked_people(reading, booking))


def line(reading: Reading) -> Mrkdwn:
    """A visit in one line of a list."""
    t, visit = reading.t, reading.picture.visit
    dates = t.span(visit.arrives_at, visit.departs_at, reading.venue, now=reading.now)
    return t.rich.gettext(
        "*{reference}* {guests}\n{dates}",
        reference=visit.reference,
        guests=words.guests(t, visit),
        dates=dates,
    )


def shown_stops(reading: Reading) -> tuple[Stop, ...]:
    """As many stops as there is room for: all, or those that are still to come."""
    stops = reading.picture.live_stops
    if len(stops) > _STOPS_SHOWN:
        stops = tuple(stop for stop in stops if stop.ends_at >= reading.now) or stops
    return stops[:_STOPS_SHOWN]


def _hidden_stops(reading: Reading) -> Mrkdwn:
    """How many stops are left out, so that nobody believes the list is whole."""
    hidden = len(reading.picture.live_stops) - len(shown_stops(reading))
    if not hidden:
        return Mrkdwn("")
    return reading.t.rich.ngettext("and {count} more stop", "and {count} more stops", hidden, count=hidden)


def stop_line(reading: Reading, stop: Stop) -> Mrkdwn:
    """A stop in one line: what, when, where, and who has answered."""
    t, moment = reading.t.rich, words.stop_time(reading, stop)
    name = words.stop_name(reading.t, stop)
    icon = Mrkdwn(words.stop_icon(stop))
    where = words.place(reading.t, stop)
    if where and stop.number:
        text = t.pgettext(
            "stop.line",
            "{icon} *{name}*: {moment}, {number}, {place}",
            icon=icon,
            name=name,
            moment=moment,
            number=stop.number,
            place=where,
        )
    elif where or stop.number:
        text = t.pgettext(
            "stop.line",
            "{icon} *{name}*: {moment}, {place}",
            icon=icon,
            name=name,
            moment=moment,
            place=where or stop.number,
        )
    else:
        text = t.pgettext("stop.line", "{icon} *{name}*: {moment}", icon=icon, name=name, moment=moment)
    return join("\n", [text, *_declared(reading, stop)])


def open_points(reading: Reading) -> list[Mrkdwn]:
    """What is still missing, said at once and not at the moment of need."""
    picture, t = reading.picture, reading.t.rich
    if not picture.visit.is_open or picture.visit.departs_at < reading.now:
        return []
    points = [absences.in_visit(reading), clients.warning(reading)]
    if picture.visit.foreign in (None, Foreign.UNDECIDED):
        points.append(t.gettext(":question: Invitation letter: please ask whether the guests need one."))
    unfilled = settings_pages.vacancies(reading.t, vacant(picture, reading.rulebook))
    points += [unfilled] if unfilled else []
    left = sorted(
        {person for part in picture.parts.values() for person in part if not picture.people[person].is_active}
    )
    if left:
        names = reading.t.list([reading.name(person) for person in left])
        points.append(
            t.gettext(":warning: No longer in this workspace: {names}. Please choose somebody else.", names=names)
        )
    pickup = picture.pickup
    if pickup and not pickup.number:
        points.append(t.gettext(":warning: The flight or train number of the arrival is not known yet."))
    if pickup and not picture.visit.contact_phone:
        points.append(t.gettext(":warning: The guests' phone number is missing."))
    meals = [s for s in picture.live_stops if s.kind == StopKind.MEAL and s.starts_at > reading.now]
    nameless = [meal for meal in meals if not meal.place and not meal.room]
    if nameless:
        points.append(
            t.ngettext(
                ":warning: {count} meal has no restaurant yet.",
                ":warning: {count} meals have no restaurant yet.",
                len(nameless),
                count=len(nameless),
            )
        )
    if not picture.parts.get(Part.LEADER) and any(s.kind == StopKind.MEAL for s in picture.live_stops):
        points.append(t.gettext(":warning: No leader accompanies the meals."))
    if wants_reason(picture, level_of(picture)) and not picture.visit.level_reason:
        points.append(t.gettext(":warning: Level or host differ from what is proposed: please say why."))
    return [point for point in points if point] + feasibility.lines(reading)


def _title(reading: Reading) -> str:
    t, visit = reading.t, reading.picture.visit
    today = reading.now.astimezone(reading.venue).date()
    first = t.day(visit.arrives_at.astimezone(reading.venue).date(), today=today)
    match VisitState(visit.state):
        case VisitState.OPEN:
            return t.pgettext(
                "card.header",
                "{reference} {company}, {date}",
                reference=visit.reference,
                company=visit.company,
                date=first,
            )
        case VisitState.CANCELED:
            return t.pgettext(
                "card.header", "{reference} {company} (canceled)", reference=visit.reference, company=visit.company
            )


def _state(reading: Reading) -> Mrkdwn:
    visit = reading.picture.visit
    return reading.t.rich.gettext(
        ":no_entry_sign: Canceled by {name}: {reason}",
        name=reading.name(visit.canceled_by_id),
        reason=visit.cancel_reason,
    )


def _facts(reading: Reading) -> list[tuple[str, Mrkdwn]]:
    t, picture, visit = reading.t, reading.picture, reading.picture.visit
    leaders = [picture.people[p] for p in picture.parts.get(Part.LEADER, ())]
    greeters = [picture.people[p] for p in picture.parts.get(Part.GREETER, ())]
    kind = t.pgettext("client", "new client") if visit.is_new_client else t.pgettext("client", "returning client")
    services = [t.pgettext("service", "hotel")] * visit.wants_hotel + [
        t.pgettext("service", "tickets")
    ] * visit.wants_tickets
    return [
        (t.gettext("Guests"), escape(words.guests(t, visit))),
        (t.gettext("Lead guest"), escape(words.titled(t, visit)) if visit.guest_title else Mrkdwn("")),
        (t.gettext("Lead host"), words.person(t, picture.lead_host)),
        (
            t.gettext("Purpose"),
            t.rich.pgettext("purpose", "{purpose}, {client}", purpose=words.purpose(t, visit.purpose), client=kind),
        ),
        (t.gettext("Protocol level"), levels.fact(reading)),
        (t.gettext("Stay"), escape(t.span(visit.arrives_at, visit.departs_at, reading.venue, now=reading.now))),
        (t.gettext("Meets the guests"), words.people(t, greeters)),
        (t.gettext("Accompanying leaders"), words.people(t, leaders)),
        (t.gettext("Contact"), words.contact(reading)),
        (t.gettext("Also to arrange"), escape(t.list(services)) if services else Mrkdwn("")),
        (t.gettext("Dietary needs"), blocks.fitted(guests.food(reading), 500)),
        (t.gettext("Customs"), escape(blocks.shortened(visit.customs_notes, 500))),
    ]


def _declared(reading: Reading, stop: Stop) -> list[Mrkdwn]:
    """Who is on the way, who comes, who does not."""
    t, said = reading.t.rich, [d for d in reading.picture.declarations if d.stop_id == stop.id]
    current = [d for d in said if d.stop_starts_at == stop.starts_at]

    def names(kind: DeclarationKind) -> str:
        return reading.t.list([reading.declarer(d) for d in current if d.kind == kind])

    lines = driving.progress(reading, stop)
    if any(d.kind == DeclarationKind.ATTENDS for d in current):
        lines.append(t.gettext(":large_green_circle: Will attend: {names}", names=names(DeclarationKind.ATTENDS)))
    if any(d.kind == DeclarationKind.CANNOT_ATTEND for d in current):
        lines.append(t.gettext(":red_circle: Can't attend: {names}", names=names(DeclarationKind.CANNOT_ATTEND)))
    return lines
