"""The forms about a request: assigning a car, saying yes with what there is to say, no, or something else."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.i18n import Translator, escape
from bot.messages import blocks, entered, words
from bot.messages.blocks import Block, Option
from bot.messages.bookings import name, rule_behind
from bot.messages.ids import ViewId
from bot.messages.payloads import BookingRef
from bot.messages.reading import Reading
from bot.models.bookings import Booking, BookingKind, BookingState, Vehicle
from bot.models.forms import AnswerForm
from bot.models.settings import Room
from bot.models.visits import Stop, StopKind
from bot.procedure.bookings import counter_of
from bot.procedure.rules import Rule
from bot.procedure.supply import Supply
from bot.procedure.vocabulary import Counter, Particular

_LONGEST_MENU = 100


def assign_vehicle(reading: Reading, booking: Booking, supply: Supply) -> Block:
    """Choose car and driver for the visit's drives (C1)."""
    t = reading.t
    options = [
        Option(
            t.pgettext("vehicle.option", "{name}, {plate}", name=car.name, plate=car.plate),
            str(car.key),
            _state(reading, supply, car),
        )
        for car in supply.vehicles[:_LONGEST_MENU]
    ]
    party = reading.picture.passengers
    fits = next((str(car.key) for car in supply.vehicles if supply.fits(car, party)), "")
    chosen = str(booking.vehicle_id or fits)
    content: list[Block] = [blocks.section(escape(words.guests(t, reading.picture.visit)))]
    if options:
        placeholder = t.pgettext("vehicle.placeholder", "Choose a car")
        menu = blocks.select(options, chosen, placeholder=placeholder)
        content += [] if fits else [_none_fits(reading, party)]
        content += [blocks.field_input("vehicle", t.gettext("Vehicle"), menu), _driver_input(reading)]
    else:
        content.append(
            blocks.section(t.rich.gettext(":warning: There are no cars yet. Add them under /visit settings."))
        )
    return blocks.modal(
        ViewId.ASSIGN_VEHICLE,
        t.pgettext("modal.title", "Assign vehicle"),
        content,
        submit=t.pgettext("modal.submit", "Assign") if options else None,
        close=t.pgettext("modal.close", "Cancel"),
        metadata=BookingRef(booking.key, booking.version).pack(),
    )


def _none_fits(reading: Reading, party: int) -> Block:
    """That whatever is chosen leaves somebody without a seat."""
    return blocks.section(
        reading.t.rich.ngettext(
            ":warning: No free car has a seat for {count} guest.",
            ":warning: No free car has seats for {count} guests. "
            "A smaller one can be assigned; the others need a second.",
            party,
            count=party,
        )
    )


def _driver_input(reading: Reading) -> Block:
    t, driver = reading.t, reading.picture.driver
    placeholder = t.pgettext("people.placeholder", "Choose a person")
    return blocks.field_input(
        "driver",
        t.gettext("Driver"),
        blocks.user_select(driver.slack_id if driver else "", placeholder),
        hint=t.gettext("The driver is asked to confirm at once."),
    )


def _state(reading: Reading, supply: Supply, thing: Vehicle | Room) -> str:
    """How many it holds, or who has it until when."""
    t, taken = reading.t, supply.taker(thing)
    if taken is not None:
        return t.pgettext(
            "resource.option",
            "taken for {reference} until {moment}",
            reference=taken.reference,
            moment=reading.plain_moment(taken.ends_at),
        )
    if isinstance(thing, Vehicle):
        seats = thing.seats
        return t.npgettext("vehicle", "{count} seat for guests", "{count} seats for guests", seats, count=seats)
    return t.npgettext("room", "{count} seat", "{count} seats", thing.capacity, count=thing.capacity)


def reason(t: Translator, ref: BookingRef, booking: Booking) -> Block:
    """Why a request is declined: by the driver who was named, or by those who arrange cars or leaders' time."""
    is_driver = booking.kind == BookingKind.VEHICLE and booking.state == BookingState.ASSIGNED
    title = t.pgettext("driver.title", "I can't drive") if is_driver else t.pgettext("modal.title", "Decline")
    send = t.pgettext("driver.submit", "Send") if is_driver else t.pgettext("modal.submit", "Decline")
    return blocks.modal(
        ViewId.DECLINE_REQUEST,
        title,
        [blocks.field_input("reason", t.gettext("Reason"), blocks.text_input(longest=300, multiline=True))],
        submit=send,
        close=t.pgettext("modal.close", "Back"),
        metadata=ref.pack(),
    )


def confirm(reading: Reading, booking: Booking, stop: Stop, supply: Supply) -> Block:
    """Say yes with what there is to say; only opened where the rulebook wants to know something."""
    t, rule = reading.t, rule_behind(reading, booking)
    content = [blocks.section(escape(name(reading, booking))), *_particulars(reading, rule, stop, supply)]
    note = blocks.text_input(longest=500, multiline=True)
    content.append(blocks.field_input("note", t.gettext("Note"), note, optional=True))
    return blocks.modal(
        ViewId.CONFIRM_REQUEST,
        t.pgettext("modal.title", "Confirm"),
        content,
        submit=t.pgettext("modal.submit", "Confirm"),
        close=t.pgettext("modal.close", "Back"),
        metadata=BookingRef(booking.key, booking.version).pack(),
    )


def propose(reading: Reading, booking: Booking, stop: Stop, supply: Supply) -> Block:
    """Suggest another time, or something else in words."""
    t, rule = reading.t, rule_behind(reading, booking)
    content = [blocks.section(escape(name(reading, booking)))]
    is_of_time = counter_of(rule, stop) is Counter.TIME
    if is_of_time:
        starts = stop.starts_at.astimezone(reading.venue)
        clock = blocks.time_input(starts.time(), reading.venue.key)
        content += [
            blocks.field_input("day", t.gettext("Day"), blocks.date_input(starts.date())),
            blocks.field_input("starts", t.gettext("Time, by the clock at the venue"), clock),
        ]
    if is_of_time and rule is not None and rule.room is not None:
        content += _room(reading, stop, supply)
    note = blocks.text_input(longest=500, multiline=True)
    content.append(blocks.field_input("note", t.gettext("Note"), note, optional=is_of_time))
    return blocks.modal(
        ViewId.PROPOSE_OTHERWISE,
        t.pgettext("modal.title", "Suggest a change"),
        content,
        submit=t.pgettext("driver.submit", "Send"),
        close=t.pgettext("modal.close", "Back"),
        metadata=BookingRef(booking.key, booking.version).pack(),
    )


def reject(t: Translator, ref: BookingRef) -> Block:
    """Why a suggestion is not taken; its owner is asked once more."""
    return blocks.modal(
        ViewId.REJECT_COUNTER,
        t.pgettext("modal.title", "Don't accept"),
        [
            blocks.field_input(
                "reason",
                t.gettext("Reason"),
                blocks.text_input(longest=300, multiline=True),
                hint=t.gettext("Whoever made the suggestion is asked again and reads this."),
            )
        ],
        submit=t.pgettext("driver.submit", "Send"),
        close=t.pgettext("modal.close", "Back"),
        metadata=ref.pack(),
    )


def reassign(reading: Reading, booking: Booking) -> Block:
    """Whom to ask instead."""
    t = reading.t
    placeholder = t.pgettext("people.placeholder", "Choose a person")
    return blocks.modal(
        ViewId.REASSIGN_REQUEST,
        t.pgettext("modal.title", "Ask somebody else"),
        [
            blocks.section(escape(name(reading, booking))),
            blocks.field_input("owner", t.gettext("Person"), blocks.user_select("", placeholder)),
        ],
        submit=t.pgettext("modal.submit", "Ask"),
        close=t.pgettext("modal.close", "Back"),
        metadata=BookingRef(booking.key, booking.version).pack(),
    )


def read(view: Mapping[str, Any]) -> AnswerForm:
    """What was typed into the form of a yes or of a suggestion."""
    values = view["state"]["values"]
    typed = {
        field: entered.text(values, field) for field in ("room_name", "place", "reference", "amount", "cost", "note")
    }
    return AnswerForm(
        room=entered.choice(values, "room"),
        day=entered.day(values, "day"),
        starts=entered.moment(values, "starts"),
        **typed,
    )


def _particulars(reading: Reading, rule: Rule | None, stop: Stop, supply: Supply) -> list[Block]:
    t = reading.t
    content: list[Block] = []
    for particular, is_needed in rule.confirm if rule is not None else ():
        if particular is Particular.ROOM:
            content += _room(reading, stop, supply)
            continue
        label, initial = _LABELS[particular](t), _place(reading, rule, stop) if particular is Particular.PLACE else ""
        hint = reading.picture.workspace.currency if particular in (Particular.AMOUNT, Particular.COST) else ""
        text = blocks.text_input(initial, longest=200 if particular is Particular.PLACE else 100)
        content.append(blocks.field_input(particular, label, text, optional=not is_needed, hint=hint))
    return content


def _place(reading: Reading, rule: Rule | None, stop: Stop) -> str:
    """Where it is to be, as far as that is known: at the stop, or where the guests stay."""
    if rule is not None and rule.about == stop.kind:
        return stop.place
    return next((s.place for s in reading.picture.live_stops if s.kind == StopKind.CHECK_IN), "")


def _room(reading: Reading, stop: Stop, supply: Supply) -> list[Block]:
    """A room of the house, what fits first, or one elsewhere by name."""
    t, party, found = reading.t, reading.picture.visit.party_size, []
    options = [Option(room.name, str(room.key), _state(reading, supply, room)) for room in supply.rooms[:_LONGEST_MENU]]
    own = {room.name: room for room in supply.rooms}
    if options:
        fitting = next((str(room.key) for room in supply.rooms if supply.fits(room, party)), "")
        chosen = str(own[stop.room].key) if stop.room in own else "" if stop.room else fitting
        menu = blocks.select(options, chosen, placeholder=t.pgettext("room.placeholder", "Choose a room"))
        found.append(blocks.field_input("room", t.gettext("Room of the house"), menu, optional=True))
    typed = blocks.text_input("" if stop.room in own else stop.room, longest=100)
    label = t.gettext("Or the name of a room elsewhere") if options else t.gettext("Name of the room")
    found.append(blocks.field_input("room_name", label, typed, optional=True))
    return found


_LABELS: Mapping[Particular, Callable[[Translator], str]] = {
    Particular.PLACE: lambda t: t.gettext("Hotel or restaurant"),
    Particular.REFERENCE: lambda t: t.gettext("Reference number"),
    Particular.AMOUNT: lambda t: t.gettext("Amount"),
    Particular.COST: lambda t: t.gettext("Cost"),
}
