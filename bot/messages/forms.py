"""The smaller forms: read-back, one stop, assigning a vehicle, a reason, language and zone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.i18n import Language, Mrkdwn, Translator, bold, escape, mention, own_name
from bot.messages import blocks, words
from bot.messages.blocks import Block, Option
from bot.messages.payloads import Action, BookingRef, DraftRef, StopRef, ViewId, VisitRef
from bot.messages.reading import Reading
from bot.messages.visit_form import read_date, read_time
from bot.models.bookings import Booking, BookingKind, BookingState, Vehicle
from bot.models.forms import StopForm, VisitForm
from bot.models.people import Person
from bot.models.visits import Meal, Means, Stop, StopKind
from bot.procedure.intake import Intake

FOLLOW_SLACK = "slack"
_LONGEST_MENU = 100
_LOCALES = {Language.CHINESE: "zh-CN", Language.SPANISH: "es-LA", Language.ENGLISH: "en-US"}
"""The Slack locale each language is kept as when a person chooses it."""
_COMMON_ZONES = (
    *("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul"),
    *("Asia/Kolkata", "Asia/Dubai", "Europe/Madrid", "Europe/London", "Europe/Paris", "Europe/Berlin"),
    *("Europe/Rome", "Europe/Lisbon", "Europe/Moscow", "America/New_York", "America/Chicago", "America/Denver"),
    *("America/Los_Angeles", "America/Mexico_City", "America/Bogota", "America/Lima", "America/Santiago"),
    *("America/Argentina/Buenos_Aires", "America/Sao_Paulo", "America/Caracas", "America/Panama", "Africa/Cairo"),
    *("Africa/Johannesburg", "Africa/Lagos", "Australia/Sydney", "Pacific/Auckland"),
)


def read_back(t: Translator, form: VisitForm, intake: Intake, zone: ZoneInfo, now: datetime, draft_id: str) -> Block:
    """Names, phones, dates, flight numbers once more (A7), before they count."""
    meals = [
        t.pgettext("meal.option", "{meal}, {day}", meal=words.meal(t, meal.meal), day=t.day(meal.day))
        for meal in intake.meals
    ]
    content = [
        blocks.section(
            t.rich.gettext("Please read this back to the guests: names, phone numbers, dates, flight numbers.")
        ),
        *blocks.fields(_to_read_back(t, form, intake, zone, now)),
    ]
    if form.food_notes:
        content += blocks.fields([(t.gettext("Dietary needs"), escape(form.food_notes))])
    if meals:
        content.append(
            blocks.section(bold(t.gettext("Meals with the guests")) + Mrkdwn("\n") + escape("\n".join(meals)))
        )
    if not intake.contact_phone:
        content.append(blocks.section(t.rich.gettext(":warning: The guests' phone number is missing.")))
    return blocks.modal(
        ViewId.READ_BACK,
        t.pgettext("modal.title", "Is this right?"),
        content,
        submit=t.pgettext("modal.submit", "Open the visit"),
        close=t.pgettext("modal.close", "Back"),
        metadata=DraftRef(draft_id).pack(),
    )


def _to_read_back(
    t: Translator, form: VisitForm, intake: Intake, zone: ZoneInfo, now: datetime
) -> list[tuple[str, Mrkdwn]]:
    """What the guests' side is asked to confirm, and who of ours takes part."""

    def people(slack_ids: Sequence[str]) -> Mrkdwn:
        return t.rich.list([mention(slack_id) for slack_id in slack_ids]) if slack_ids else Mrkdwn("")

    party = t.ngettext("{count} guest", "{count} guests", intake.party_size, count=intake.party_size)
    lead = t.pgettext("guest.titled", "{guest}, {title}", guest=form.guest_name, title=form.guest_title)
    return [
        (t.gettext("Client"), escape(form.company)),
        (t.gettext("Lead guest"), escape(lead if form.guest_title else form.guest_name)),
        (t.gettext("Party"), escape(party)),
        (t.gettext("Contact"), words.pair(t, form.contact_name, intake.contact_phone)),
        (t.gettext("Arrival"), _leg(t, intake.arrives_at, zone, now, form.arrival_means, intake.arrival_number)),
        (t.gettext("Departure"), _leg(t, intake.departs_at, zone, now, form.departure_means, intake.departure_number)),
        (t.gettext("Meeting point"), escape(form.arrival_place)),
        (t.gettext("Lead host"), mention(form.lead_host)),
        (t.gettext("Driver"), people([form.driver] if form.driver else [])),
        (
            t.gettext("Meets the guests"),
            people(form.greeters),
        ),
        (
            t.gettext("Accompanying leaders"),
            people(form.leaders),
        ),
        (t.gettext("Host team"), people(form.team)),
    ]


def change_stop(t: Translator, stop: Stop, zone: ZoneInfo) -> Block:
    """The form of one stop of an open visit."""
    local = stop.starts_at.astimezone(zone)
    form = StopForm(
        day=local.date(),
        starts=local.time(),
        place=stop.place,
        number=stop.number,
        means=stop.means or Means.PLANE,
        travel_minutes="" if stop.travel_minutes is None else str(stop.travel_minutes),
        meal=stop.meal or "",
    )
    content = _stop_fields(t, form, StopKind(stop.kind), zone)
    if stop.kind == StopKind.MEAL:
        sure = blocks.confirm(
            t.pgettext("confirm.title", "Remove this meal?"),
            t.pgettext("confirm", "Everybody who was told of it will hear that it no longer takes place."),
            t.pgettext("confirm.button", "Remove"),
            t.pgettext("confirm.button", "Keep"),
        )
        label = t.pgettext("stop.button", "Remove this meal")
        remove = blocks.button(label, Action.REMOVE_STOP, StopRef(stop.key).pack(), style="danger", confirm=sure)
        content.append(blocks.actions(remove))
    return blocks.modal(
        ViewId.STOP,
        _stop_title(t, stop),
        content,
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
        metadata=StopRef(stop.key).pack(),
    )


def add_meal(t: Translator, visit_id: int, day: datetime, zone: ZoneInfo) -> Block:
    """The form for one meal more."""
    form = StopForm(day=day.astimezone(zone).date(), meal=Meal.DINNER)
    return blocks.modal(
        ViewId.MEAL,
        t.pgettext("modal.title", "Add a meal"),
        _stop_fields(t, form, StopKind.MEAL, zone),
        submit=t.pgettext("modal.submit", "Add"),
        close=t.pgettext("modal.close", "Back"),
        metadata=VisitRef(visit_id).pack(),
    )


def read_stop(view: Mapping[str, Any]) -> StopForm:
    """What stands in the form of a stop."""
    values = view["state"]["values"]

    def of(name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = values.get(name, {}).get(name, {})
        return found

    return StopForm(
        day=read_date(values, "day"),
        starts=read_time(values, "starts"),
        place=of("place").get("value") or "",
        number=of("number").get("value") or "",
        means=(of("means").get("selected_option") or {}).get("value", Means.PLANE),
        travel_minutes=of("travel_minutes").get("value") or "",
        meal=(of("meal").get("selected_option") or {}).get("value", ""),
    )


def assign_vehicle(reading: Reading, booking: Booking, vehicles: Sequence[Vehicle]) -> Block:
    """Choose car and driver for a pick-up (C1)."""
    t = reading.t
    options = [
        Option(
            t.pgettext("vehicle.option", "{name}, {plate}", name=car.name, plate=car.plate),
            str(car.key),
            t.npgettext("vehicle", "{count} seat for guests", "{count} seats for guests", car.seats, count=car.seats),
        )
        for car in vehicles[:_LONGEST_MENU]
    ]
    party = reading.picture.visit.party_size
    fits = next((str(car.key) for car in vehicles if car.seats >= party), "")
    chosen = str(booking.vehicle_id or fits)
    content: list[Block] = [blocks.section(escape(words.guests(t, reading.picture.visit)))]
    if options:
        placeholder = t.pgettext("vehicle.placeholder", "Choose a car")
        menu = blocks.select(options, chosen, placeholder=placeholder)
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


def _driver_input(reading: Reading) -> Block:
    t, driver = reading.t, reading.picture.driver
    placeholder = t.pgettext("people.placeholder", "Choose a person")
    return blocks.field_input(
        "driver",
        t.gettext("Driver"),
        blocks.user_select(driver.slack_id if driver else "", placeholder),
        hint=t.gettext("The driver is asked to confirm at once."),
    )


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


def cancel(reading: Reading) -> Block:
    """Cancel the visit, with the reason."""
    t, visit = reading.t, reading.picture.visit
    text = t.rich.gettext(
        "{reference}, {guests}: everybody who was told of this visit will hear that it is canceled, with your reason.",
        reference=visit.reference,
        guests=words.guests(t, visit),
    )
    return blocks.modal(
        ViewId.CANCEL_VISIT,
        t.pgettext("modal.title", "Cancel this visit?"),
        [
            blocks.section(text),
            blocks.field_input("reason", t.gettext("Reason"), blocks.text_input(longest=300, multiline=True)),
        ],
        submit=t.pgettext("modal.submit", "Cancel the visit"),
        close=t.pgettext("modal.close", "Keep"),
        metadata=VisitRef(visit.key).pack(),
    )


def language(t: Translator, person: Person, now: datetime) -> Block:
    """Own language and zone, or Slack's."""
    follow = Option(t.pgettext("language.option", "As in Slack"), FOLLOW_SLACK)
    languages = [follow, *(Option(own_name(language), code) for language, code in _LOCALES.items())]
    zones = [follow, *(Option(t.zone_name(ZoneInfo(name), now), name) for name in _zones(person, now))]
    return blocks.modal(
        ViewId.LANGUAGE,
        t.pgettext("modal.title", "Language and time zone"),
        [
            blocks.field_input(
                "language", t.gettext("Language"), blocks.select(languages, person.chosen_language or FOLLOW_SLACK)
            ),
            blocks.field_input(
                "zone",
                t.gettext("Time zone"),
                blocks.select(zones, person.chosen_zone or FOLLOW_SLACK),
                hint=t.gettext("Times are those of the venue; its zone is named where yours differs."),
            ),
        ],
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Cancel"),
    )


def _zones(person: Person, now: datetime) -> list[str]:
    """The zones business visitors and their hosts mostly live in, and the person's own: a menu holds a hundred."""
    own = [name for name in (person.slack_zone, person.chosen_zone) if name in available_timezones()]
    names = {*_COMMON_ZONES, *(name for name in own if name)}
    return sorted(names, key=lambda name: (now.astimezone(ZoneInfo(name)).utcoffset(), name))


def _leg(t: Translator, at: datetime, zone: ZoneInfo, now: datetime, means: str, number: str) -> Mrkdwn:
    moment = t.moment(at, zone, now=now)
    if not number:
        return t.rich.pgettext("journey", "{moment}, {means}", moment=moment, means=words.means(t, means))
    return t.rich.pgettext("journey", "{moment}, {number}", moment=moment, number=number)


def _stop_title(t: Translator, stop: Stop) -> str:
    if stop.kind == StopKind.PICKUP:
        if stop.means == Means.TRAIN:
            return t.pgettext("modal.title", "Change station pickup")
        return t.pgettext("modal.title", "Change airport pickup")
    if stop.kind == StopKind.DEPARTURE:
        return t.pgettext("modal.title", "Change the departure")
    return t.pgettext("modal.title", "Change the meal")


def _stop_fields(t: Translator, form: StopForm, kind: StopKind, zone: ZoneInfo) -> list[Block]:
    content: list[Block] = []
    if kind == StopKind.MEAL:
        meals = [Option(words.meal(t, value), value) for value in Meal]
        content.append(blocks.field_input("meal", t.gettext("Meal"), blocks.select(meals, form.meal)))
    content += [
        blocks.field_input("day", t.gettext("Day"), blocks.date_input(form.day)),
        blocks.field_input(
            "starts", t.gettext("Time, by the clock at the venue"), blocks.time_input(form.starts, zone.key)
        ),
        blocks.field_input(
            "place",
            t.gettext("Restaurant and private dining room") if kind == StopKind.MEAL else t.gettext("Meeting point"),
            blocks.text_input(form.place, longest=200),
            optional=True,
        ),
    ]
    if kind == StopKind.MEAL:
        return content
    means = [Option(words.means(t, value), value) for value in Means]
    return [
        *content,
        blocks.field_input("means", t.gettext("By"), blocks.select(means, form.means)),
        blocks.field_input(
            "number", t.gettext("Flight or train number"), blocks.text_input(form.number, longest=20), optional=True
        ),
        blocks.field_input(
            "travel_minutes",
            t.gettext("Travel time by car, in minutes"),
            blocks.text_input(form.travel_minutes, longest=4),
            optional=True,
        ),
    ]
