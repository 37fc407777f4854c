"""The window of a visit: all that its card says, and beside each thing what this person may do about it."""

from collections.abc import Sequence

from bot.i18n import Translator, bold, join
from bot.messages import (
    blocks,
    bookings,
    cards,
    clients,
    confidential,
    consents,
    handovers,
    hints,
    plans,
    requests,
    taking_back,
)
from bot.messages.blocks import Block, Option
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import BookingRef, PartyPage, RequestMenu, RequestVerb, StopMenu, StopVerb, VisitRef
from bot.messages.reading import Reading
from bot.models.bookings import Booking, BookingKind, BookingState
from bot.models.people import Actor
from bot.models.roles import Role
from bot.models.visits import Stop
from bot.procedure.bookings import counter_of

_REQUESTS_SHOWN = 30


def window(reading: Reading, actor: Actor, silent: Sequence[Block] = ()) -> Block:
    """Everything about a visit in a modal, with the buttons this person may press; `silent`: who was asked in vain."""
    t, visit = reading.t, reading.picture.visit
    may_change = visit.is_open and visit.can_be_changed_by(actor)
    content: list[Block] = [blocks.section(bold(cards.title(reading)))]
    content += [confidential.mark(t)] if visit.is_confidential else []
    content += blocks.fields(cards.facts(reading))
    if not visit.is_open:
        content.append(blocks.section(cards.state(reading)))
    content += plans.in_window(reading, actor)
    content += consents.waiting(reading, actor)
    gaps = cards.open_points(reading)
    content += [blocks.section(join("\n", gaps))] if gaps else []
    content += silent
    if may_change:
        content += _beforehand(reading)
    content += _stops(reading, may_change=may_change)
    content += _requests(reading, actor) if visit.is_open else []
    content.append(_doors(reading, actor))
    content += [_changes(reading)] if may_change else []
    content += handovers.way_to(reading, actor)
    return blocks.modal(
        ViewId.VISIT,
        t.pgettext("modal.title", "Visit {reference}", reference=visit.reference),
        content,
        close=t.pgettext("modal.close", "Close"),
        metadata=VisitRef(visit.key).pack(),
    )


def _stops(reading: Reading, *, may_change: bool) -> list[Block]:
    content = []
    for stop in cards.shown_stops(reading):
        menu = _menu(reading.t, stop) if may_change else None
        content.append(blocks.section(cards.stop_line(reading, stop), menu, f"stop{stop.id}"))
    hidden = cards.hidden_stops(reading)
    return [*content, blocks.context(hidden)] if hidden else content


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
        content += _taking_back(reading, booking, actor)
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


def _taking_back(reading: Reading, booking: Booking, actor: Actor) -> list[Block]:
    """For whoever gave a car, a drive or a leader's time; what was said to other requests has a menu."""
    if booking.is_driven_by(actor):
        return taking_back.drive(reading, booking)
    may = booking.can_be_taken_back_by(actor, bookings.asked_people(reading, booking))
    return taking_back.request(reading, booking) if may and booking.kind != BookingKind.REQUEST else []


def _doors(reading: Reading, actor: Actor) -> Block:
    """The doors to what is known of guests and client, and to copies, introductions and the record."""
    t, visit = reading.t, reading.picture.visit
    value = VisitRef(visit.key).pack()
    buttons = [blocks.button(t.pgettext("visit.button", "Guests"), Action.SHOW_PARTY, PartyPage(visit.key, 0).pack())]
    may_change = visit.can_be_changed_by(actor)
    if may_change:
        buttons.append(blocks.button(t.pgettext("visit.button", "Client"), Action.SHOW_CLIENT, value))
    if may_change or visit.can_see_passports(actor):
        buttons.append(blocks.button(t.pgettext("visit.button", "Papers"), Action.SHOW_PAPERS, value))
    if may_change and visit.is_open:
        label = t.pgettext("visit.button", "Itinerary for the guests")
        buttons.append(blocks.button(label, Action.SHOW_ITINERARY, value))
    buttons.append(blocks.button(t.pgettext("visit.button", "Copy"), Action.COPY_VISIT, value))
    buttons.append(blocks.button(t.pgettext("visit.button", "Introduction list"), Action.SHOW_INTRODUCTIONS, value))
    if visit.shows_record_to(actor):
        buttons.append(blocks.button(t.pgettext("visit.button", "History"), Action.SHOW_HISTORY, value))
    return blocks.actions(*buttons)


def _changes(reading: Reading) -> Block:
    """What those who may change the visit can do about it as a whole."""
    t, value = reading.t, VisitRef(reading.picture.visit.key).pack()
    return blocks.actions(
        blocks.button(t.pgettext("visit.button", "Change the visit"), Action.CHANGE_VISIT, value),
        blocks.button(t.pgettext("visit.button", "Add a stop"), Action.ADD_STOP, value),
        blocks.button(t.pgettext("visit.button", "Arrival delayed"), Action.DELAY, value),
        blocks.button(t.pgettext("visit.button", "Note"), Action.NOTE, value),
        blocks.button(t.pgettext("visit.button", "Protocol level"), Action.CHOOSE_LEVEL, value),
        blocks.button(t.pgettext("visit.button", "Cancel the visit"), Action.CANCEL_VISIT, value, style="danger"),
    )
