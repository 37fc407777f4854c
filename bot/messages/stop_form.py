"""The forms for one stop: which kind, what is special to it, a copy for another day, and whether it really goes."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.messages import blocks, entered, words
from bot.messages.blocks import Block, Option
from bot.messages.ids import Action, ViewId
from bot.messages.payloads import StopKindRef, StopRef, VisitRef
from bot.messages.reading import Reading
from bot.models.forms import StopForm
from bot.models.roles import Part
from bot.models.visits import Meal, MealStyle, Means, Stop, StopKind
from bot.procedure.stops import FIELDS, LONGEST_TEXTS, PARTS, length_of, stop_form_of

_OPTIONS = "options"
_BEFORE_THE_TIME = ("meal", "subject", "means", "number")
_AFTER_THE_TIME = ("style", "place", "room", "route", "plate", "travel_minutes")
_TRAVEL_BY = (Means.PLANE, Means.TRAIN)
_HOTEL = (StopKind.CHECK_IN, StopKind.BREAKFAST, StopKind.CHECK_OUT)


def choose_kind(t: Translator, visit_id: int) -> Block:
    """What is to be added: one press leads to the form of that kind."""
    options = [Option(words.stop_kind(t, kind), StopKindRef(visit_id, kind).pack()) for kind in StopKind]
    kinds = blocks.select(options, radio=True) | {"action_id": Action.CHOOSE_KIND}
    return blocks.modal(
        ViewId.STOP_KINDS,
        t.pgettext("modal.title", "Add a stop"),
        [blocks.actions(kinds)],
        close=t.pgettext("modal.close", "Back"),
        metadata=VisitRef(visit_id).pack(),
    )


def add(t: Translator, visit_id: int, kind: StopKind, form: StopForm, zone: ZoneInfo) -> Block:
    """The form for one stop more."""
    return blocks.modal(
        ViewId.NEW_STOP,
        _title(t, kind),
        _fields(t, form, kind, zone),
        submit=t.pgettext("modal.submit", "Add"),
        close=t.pgettext("modal.close", "Back"),
        metadata=StopKindRef(visit_id, kind).pack(),
    )


def change(reading: Reading, stop: Stop) -> Block:
    """The form of a stop of an open visit."""
    t, form = reading.t, stop_form_of(reading.picture, stop)
    return blocks.modal(
        ViewId.STOP,
        _title(t, StopKind(stop.kind)),
        _fields(t, form, StopKind(stop.kind), reading.venue),
        submit=t.pgettext("modal.submit", "Save"),
        close=t.pgettext("modal.close", "Back"),
        metadata=StopRef(stop.key).pack(),
    )


def copy(reading: Reading, stop: Stop) -> Block:
    """On which day the same takes place once more."""
    t = reading.t
    text = t.rich.pgettext(
        "stop.copy", "*{item}*: {moment}", item=words.stop_name(t, stop), moment=words.stop_time(reading, stop)
    )
    hint = t.gettext("Everything else is copied as well: time, place, people.")
    return blocks.modal(
        ViewId.COPY_STOP,
        t.pgettext("modal.title", "Copy to another day"),
        [blocks.section(text), blocks.field_input("day", t.gettext("Day"), blocks.date_input(None), hint=hint)],
        submit=t.pgettext("modal.submit", "Copy"),
        close=t.pgettext("modal.close", "Back"),
        metadata=StopRef(stop.key).pack(),
    )


def remove(reading: Reading, stop: Stop) -> Block:
    """Whether it really goes."""
    t = reading.t
    text = t.rich.gettext(
        "*{item}*, {moment}: everybody who was told of it will hear that it no longer takes place.",
        item=words.stop_name(t, stop),
        moment=reading.moment(stop.starts_at),
    )
    return blocks.modal(
        ViewId.REMOVE_STOP,
        t.pgettext("modal.title", "Remove this stop?"),
        [blocks.section(text)],
        submit=t.pgettext("modal.submit", "Remove"),
        close=t.pgettext("modal.close", "Keep"),
        metadata=StopRef(stop.key).pack(),
    )


def read(view: Mapping[str, Any]) -> StopForm:
    """What stands in the form of a stop."""
    values = view["state"]["values"]
    ticked = entered.choices(values, _OPTIONS)
    return StopForm(
        day=entered.day(values, "day"),
        starts=entered.moment(values, "starts"),
        ends=entered.moment(values, "ends"),
        place=entered.text(values, "place"),
        number=entered.text(values, "number"),
        means=entered.choice(values, "means") or Means.PLANE,
        travel_minutes=entered.text(values, "travel_minutes"),
        meal=entered.choice(values, "meal"),
        style=entered.choice(values, "style"),
        subject=entered.text(values, "subject"),
        room=entered.text(values, "room"),
        route=entered.text(values, "route"),
        plate=entered.text(values, "plate"),
        is_important="is_important" in ticked,
        is_international="is_international" in ticked,
        is_long="is_long" in ticked,
        needs_car="needs_car" in ticked,
        people={part: named for part in Part if (named := entered.people(values, part))},
    )


def _title(t: Translator, kind: StopKind) -> str:
    return t.pgettext("modal.title", "By own car") if kind == StopKind.OWN_CAR else words.stop_kind(t, kind)


def _fields(t: Translator, form: StopForm, kind: StopKind, zone: ZoneInfo) -> list[Block]:
    asked = FIELDS[kind]
    first = [_field(t, form, kind, name) for name in _BEFORE_THE_TIME if name in asked]
    later = [_field(t, form, kind, name) for name in _AFTER_THE_TIME if name in asked]
    ticked = [name for name in asked if name.startswith(("is_", "needs_"))]
    return [
        *first,
        *_when(t, form, kind, zone),
        *later,
        *([_options(t, form, ticked)] if ticked else []),
        *_people(t, form, kind),
    ]


def _when(t: Translator, form: StopForm, kind: StopKind, zone: ZoneInfo) -> list[Block]:
    usual = t.ahead(length_of(kind, form.meal))
    return [
        blocks.field_input("day", t.gettext("Day"), blocks.date_input(form.day)),
        blocks.field_input(
            "starts", t.gettext("Time, by the clock at the venue"), blocks.time_input(form.starts, zone.key)
        ),
        blocks.field_input(
            "ends",
            t.gettext("Until"),
            blocks.time_input(form.ends, zone.key),
            optional=True,
            hint=t.gettext("Moves along with the start unless you change it.")
            if form.ends
            else t.gettext("Left empty: {length} after the start.", length=usual),
        ),
    ]


def _field(t: Translator, form: StopForm, kind: StopKind, name: str) -> Block:
    match name:
        case "meal":
            meals = [Option(words.meal(t, value), value) for value in Meal]
            return blocks.field_input(name, t.gettext("Meal"), blocks.select(meals, form.meal))
        case "style":
            styles = [Option(words.style(t, value), value) for value in MealStyle]
            label = t.gettext("How it is held")
            return blocks.field_input(name, label, blocks.select(styles, form.style), optional=True)
        case "means":
            means = [Option(words.means(t, value), value) for value in _means(kind)]
            return blocks.field_input(name, t.gettext("By"), blocks.select(means, form.means))
        case "travel_minutes":
            short = blocks.text_input(form.travel_minutes, longest=4)
            return blocks.field_input(name, t.gettext("Travel time by car, in minutes"), short, optional=True)
        case "number":
            number = blocks.text_input(form.number, longest=20)
            return blocks.field_input(name, t.gettext("Flight or train number"), number, optional=True)
        case _:
            is_long = name == "route"
            text = blocks.text_input(getattr(form, name), longest=LONGEST_TEXTS[name], multiline=is_long)
            return blocks.field_input(name, _label(t, kind, name), text, optional=True)


def _means(kind: StopKind) -> tuple[Means, ...]:
    return tuple(Means) if kind == StopKind.DEPARTURE else _TRAVEL_BY


def _label(t: Translator, kind: StopKind, name: str) -> str:
    """What a line of text is called at this kind of stop."""
    match name, kind:
        case "place", StopKind.PICKUP:
            return t.gettext("Terminal, station, meeting point")
        case "place", StopKind.OWN_CAR:
            return t.gettext("Drop-off point")
        case "place", StopKind.MEAL:
            return t.gettext("Restaurant")
        case "place", StopKind.DEPARTURE | StopKind.TRIP:
            return t.gettext("Meeting point")
        case "place", _:
            return t.gettext("Hotel") if kind in _HOTEL else t.gettext("Venue")
        case "room", StopKind.MEAL:
            return t.gettext("Private dining room")
        case "room", _:
            return t.gettext("Room")
        case "subject", StopKind.MEETING:
            return t.gettext("Subject")
        case "subject", StopKind.TOUR:
            return t.gettext("What is shown")
        case "subject", _:
            return t.gettext("Where the trip goes")
        case "route", StopKind.OWN_CAR:
            return t.gettext("Directions")
        case "route", _:
            return t.gettext("Route")
        case _:
            return t.gettext("License plate")


def _options(t: Translator, form: StopForm, names: list[str]) -> Block:
    labels = {
        "is_important": t.pgettext("stop.option", "Important"),
        "is_long": t.pgettext("stop.option", "Takes more than half a day"),
        "is_international": t.pgettext("stop.option", "International flight"),
        "needs_car": t.pgettext("stop.option", "We drive the guests there"),
    }
    options = [Option(labels[name], name) for name in names]
    ticked = [name for name in names if getattr(form, name)]
    return blocks.field_input(_OPTIONS, t.gettext("Good to know"), blocks.checkboxes(options, ticked), optional=True)


def _people(t: Translator, form: StopForm, kind: StopKind) -> list[Block]:
    """Only where others take part than in the rest of the visit."""
    nobody = t.pgettext("people.placeholder", "As in the visit")
    fields = [
        blocks.field_input(
            part, words.part(t, part), blocks.users_select(form.people.get(part, ()), nobody), optional=True
        )
        for part in PARTS[kind]
    ]
    return [blocks.context(t.rich.gettext("Other people than in the rest of the visit:")), *fields]
