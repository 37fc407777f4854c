"""The words for what the bot knows: purposes, meals, stops, guests, people, in the reader's language."""

from collections.abc import Iterable, Sequence
from datetime import time

from bot.i18n import Mrkdwn, Translator, as_mrkdwn, escape, join, mention
from bot.messages.reading import Reading
from bot.models.people import Person
from bot.models.roles import Part, Role
from bot.models.settings import Rank, RoomKind
from bot.models.visits import Foreign, Meal, MealStyle, Means, Purpose, Stop, StopKind, Visit
from bot.procedure.journeys import leaves
from bot.procedure.picture import facts


def purpose(t: Translator, value: str) -> str:
    """Why the guests come (A1)."""
    return {
        Purpose.PLANT_VISIT: t.pgettext("visit.purpose", "Plant visit"),
        Purpose.NEGOTIATION: t.pgettext("visit.purpose", "Project negotiation"),
        Purpose.GOODS_INSPECTION: t.pgettext("visit.purpose", "Goods inspection"),
        Purpose.COMPLAINT: t.pgettext("visit.purpose", "Complaint visit"),
        Purpose.COURTESY: t.pgettext("visit.purpose", "Courtesy visit"),
    }[Purpose(value)]


def time_of_day(t: Translator, clock: time) -> str:
    """`08:30`, for what holds every day."""
    return t.own(f"{clock:%H:%M}")


def means(t: Translator, value: str) -> str:
    """How the guests travel."""
    return {
        Means.PLANE: t.pgettext("travel.means", "Plane"),
        Means.TRAIN: t.pgettext("travel.means", "Train"),
        Means.OWN_CAR: t.pgettext("travel.means", "Own car"),
    }[Means(value)]


def foreign(t: Translator, value: str) -> str:
    """Whether guests come from abroad and need an invitation letter (A5)."""
    return {
        Foreign.NO: t.pgettext("foreign", "No guests from abroad"),
        Foreign.WITH_LETTER: t.pgettext("foreign", "From abroad, letter needed"),
        Foreign.WITHOUT_LETTER: t.pgettext("foreign", "From abroad, no letter needed"),
        Foreign.UNDECIDED: t.pgettext("foreign", "From abroad, letter not known yet"),
    }[Foreign(value)]


def meal(t: Translator, value: str) -> str:
    """The name of a meal."""
    return {
        Meal.BREAKFAST: t.pgettext("meal", "Breakfast"),
        Meal.LUNCH: t.pgettext("meal", "Lunch"),
        Meal.DINNER: t.pgettext("meal", "Dinner"),
    }[Meal(value)]


def rank(t: Translator, ranks: Sequence[Rank], value: int) -> str:
    """The house's title for a rank, or for the next one below it; the number itself where there is none."""
    found = next((rank for rank in ranks if rank.value <= value), None)
    return rank_title(t, found) if found else str(value)


def rank_title(t: Translator, rank: Rank) -> str:
    """The title of a rank in the reader's language, or in another in which it has one."""
    return rank.titles.get(t.language) or next((title for title in rank.titles.values() if title), str(rank.value))


def rank_options(t: Translator, ranks: Sequence[Rank]) -> list[tuple[str, str]]:
    """The house's ranks for a menu: value and title, the most senior first."""
    return [(str(rank.value), rank_title(t, rank)) for rank in ranks]


def house_title(t: Translator, ranks: Iterable[Rank], value: int | None) -> str:
    """What the house calls a rank; empty for one it has not."""
    found = next((rank for rank in ranks if rank.value == value), None)
    return rank_title(t, found) if found else ""


def role(t: Translator, value: Role) -> str:
    """A role of the workspace."""
    return {
        Role.ADMINISTRATION: t.pgettext("role", "Administration"),
        Role.EXECUTIVE_OFFICE: t.pgettext("role", "General Manager's Office"),
        Role.SENIOR_LEADER: t.pgettext("role", "Leaders asked through that office"),
        Role.DRIVER: t.pgettext("role", "Drivers"),
        Role.FRONT_DESK: t.pgettext("role", "Front desk"),
        Role.GATE: t.pgettext("role", "Gate"),
        Role.IT: t.pgettext("role", "IT"),
        Role.FINANCE: t.pgettext("role", "Finance"),
        Role.TECHNICAL: t.pgettext("role", "Technical staff"),
        Role.VICE_PRESIDENT: t.pgettext("role", "Vice president's department"),
        Role.DEPARTMENT_HEAD: t.pgettext("role", "Department heads"),
        Role.APPROVER_1: t.pgettext("role", "Approvers for level 1 (general management)"),
        Role.APPROVER_2: t.pgettext("role", "Approvers for level 2 (deputy general management)"),
        Role.APPROVER_3: t.pgettext("role", "Approvers for level 3 (department)"),
        Role.SETTINGS: t.pgettext("role", "May change these settings"),
        Role.PASSPORTS: t.pgettext("role", "May see passport data"),
    }[value]


def room_kind(t: Translator, value: str) -> str:
    """What a room is for."""
    return {
        RoomKind.MEETING: t.pgettext("room.kind", "Meeting room"),
        RoomKind.SHOWROOM: t.pgettext("room.kind", "Showroom"),
        RoomKind.DINING: t.pgettext("room.kind", "Private dining room"),
    }[RoomKind(value)]


def stop_name(t: Translator, stop: Stop) -> str:
    """What a stop is called."""
    match StopKind(stop.kind):
        case StopKind.PICKUP:
            if stop.means == Means.TRAIN:
                return t.pgettext("stop", "Station pickup")
            return t.pgettext("stop", "Airport pickup")
        case StopKind.MEAL | StopKind.BREAKFAST:
            return meal(t, stop.meal or Meal.LUNCH)
        case kind:
            return stop_kind(t, kind)


def stop_kind(t: Translator, kind: StopKind) -> str:
    """A kind of stop, as it stands in a menu."""
    return {
        StopKind.PICKUP: t.pgettext("stop", "Pickup"),
        StopKind.OWN_CAR: t.pgettext("stop", "Arrival by own car"),
        StopKind.CHECK_IN: t.pgettext("stop", "Hotel check-in"),
        StopKind.BREAKFAST: t.pgettext("stop", "Breakfast at the hotel"),
        StopKind.MEAL: t.pgettext("stop", "Meal"),
        StopKind.MEETING: t.pgettext("stop", "Meeting"),
        StopKind.TOUR: t.pgettext("stop", "Tour"),
        StopKind.TRIP: t.pgettext("stop", "Trip"),
        StopKind.CHECK_OUT: t.pgettext("stop", "Hotel check-out"),
        StopKind.DEPARTURE: t.pgettext("stop", "Departure"),
    }[kind]


def stop_inline(t: Translator, stop: Stop) -> str:
    """What a stop is called inside a sentence or after a colon."""
    if stop.kind == StopKind.PICKUP:
        if stop.means == Means.TRAIN:
            return t.pgettext("stop.inline", "station pickup")
        return t.pgettext("stop.inline", "airport pickup")
    if stop.kind in (StopKind.MEAL, StopKind.BREAKFAST):
        return {
            Meal.BREAKFAST: t.pgettext("stop.inline", "breakfast"),
            Meal.LUNCH: t.pgettext("stop.inline", "lunch"),
            Meal.DINNER: t.pgettext("stop.inline", "dinner"),
        }[Meal(stop.meal or Meal.LUNCH)]
    return {
        StopKind.OWN_CAR: t.pgettext("stop.inline", "arrival by own car"),
        StopKind.CHECK_IN: t.pgettext("stop.inline", "hotel check-in"),
        StopKind.MEETING: t.pgettext("stop.inline", "meeting"),
        StopKind.TOUR: t.pgettext("stop.inline", "tour"),
        StopKind.TRIP: t.pgettext("stop.inline", "trip"),
        StopKind.CHECK_OUT: t.pgettext("stop.inline", "hotel check-out"),
        StopKind.DEPARTURE: t.pgettext("stop.inline", "departure"),
    }[StopKind(stop.kind)]


def stop_icon(stop: Stop) -> str:
    """An emoji that finds the stop at a glance."""
    return {
        StopKind.PICKUP: ":car:",
        StopKind.OWN_CAR: ":blue_car:",
        StopKind.CHECK_IN: ":hotel:",
        StopKind.BREAKFAST: ":coffee:",
        StopKind.MEAL: ":fork_and_knife:",
        StopKind.MEETING: ":speech_balloon:",
        StopKind.TOUR: ":factory:",
        StopKind.TRIP: ":world_map:",
        StopKind.CHECK_OUT: ":hotel:",
        StopKind.DEPARTURE: ":wave:",
    }[StopKind(stop.kind)]


def place(t: Translator, stop: Stop) -> str:
    """Where a stop is, with its room; empty where nobody said so yet."""
    if stop.place and stop.room:
        return t.pgettext("place", "{place}, {room}", place=stop.place, room=stop.room)
    return stop.place or stop.room


def which(reading: Reading, stop: Stop) -> str:
    """Which of the visit's stops of that name it is: its day, or its time as well; empty where there is one only."""
    name = stop_name(reading.t, stop)
    days = [
        other.starts_at.astimezone(reading.venue).date()
        for other in reading.picture.live_stops
        if other.id != stop.id and stop_name(reading.t, other) == name
    ]
    if not days:
        return ""
    day = stop.starts_at.astimezone(reading.venue).date()
    if day in days:
        return reading.plain_moment(stop.starts_at)
    return reading.t.day(day, today=reading.now.astimezone(reading.venue).date())


def stop_apart(reading: Reading, stop: Stop) -> str:
    """What a stop is called; with its day where the visit has another of that name."""
    name, moment = stop_name(reading.t, stop), which(reading, stop)
    return reading.t.pgettext("stop.apart", "{stop} ({moment})", stop=name, moment=moment) if moment else name


def stop_time(reading: Reading, stop: Stop) -> str:
    """When a stop is; until when as well, where people are told so."""
    if "ends_at" in facts(reading.picture, stop):
        return reading.t.span(stop.starts_at, stop.ends_at, reading.venue, now=reading.now)
    return reading.moment(stop.starts_at)


def setting_off(reading: Reading, stop: Stop) -> str:
    """When the party leaves for its flight or train, whose hour stands beside it; empty for any other stop."""
    leaving = leaves(stop, reading.picture.workspace)
    if stop.kind != StopKind.DEPARTURE or leaving >= stop.starts_at:
        return ""
    is_same_day = leaving.astimezone(reading.venue).date() == stop.starts_at.astimezone(reading.venue).date()
    moment = reading.t.clock(leaving, reading.venue) if is_same_day else reading.plain_moment(leaving)
    return reading.t.pgettext("stop", "setting off at {moment}", moment=moment)


def part(t: Translator, value: Part) -> str:
    """A part that people take, as the label of a field."""
    return {
        Part.LEADER: t.gettext("Accompanying leaders"),
        Part.GREETER: t.gettext("Meets the guests"),
        Part.TEAM: t.gettext("Host team"),
        Part.DRIVER: t.gettext("Driver"),
        Part.TECHNICAL: t.pgettext("part", "Technical staff"),
        Part.INTERPRETER: t.pgettext("part", "Interpreter"),
        Part.PHOTOGRAPHER: t.pgettext("part", "Photographer"),
        Part.GUIDE: t.pgettext("part", "Guide"),
    }[value]


def style(t: Translator, value: MealStyle) -> str:
    """How a meal is held (D3.7)."""
    return {
        MealStyle.SIMPLE: t.pgettext("meal.style", "Simple meal"),
        MealStyle.FULL: t.pgettext("meal.style", "Full meal"),
        MealStyle.BANQUET: t.pgettext("meal.style", "Banquet"),
    }[value]


def guests(t: Translator, visit: Visit) -> str:
    """The lead guest with the company, and how many come along."""
    guest = visit.guest_name
    if visit.party_size <= 1:
        return t.pgettext("guests", "{guest} ({company})", guest=guest, company=visit.company)
    return t.pgettext(
        "guests", "{guest} ({company}), party of {total}", guest=guest, company=visit.company, total=visit.party_size
    )


def one_line(*facts: str) -> Mrkdwn:
    """Several facts beside each other."""
    return join(" · ", [escape(fact) for fact in facts if fact])


def titled(t: Translator, visit: Visit) -> str:
    """The lead guest with the title as it was given."""
    if not visit.guest_title:
        return visit.guest_name
    return t.pgettext("guest.titled", "{guest}, {title}", guest=visit.guest_name, title=visit.guest_title)


def person(t: Translator, who: Person | None) -> Mrkdwn:
    """A person of the workspace, with the phone number where it is known: to be called without opening anything."""
    return Mrkdwn("") if who is None else pair(t, mention(who.slack_id), who.phone)


def pair(t: Translator, first: Mrkdwn | str, second: str) -> Mrkdwn:
    """Two facts that belong together, such as a name and its phone number; either may be missing."""
    if first and second:
        return t.rich.pgettext("pair", "{first}, {second}", first=first, second=second)
    return as_mrkdwn(first or second)


def people(t: Translator, everybody: Iterable[Person]) -> Mrkdwn:
    """Several people, as the language lists them."""
    return t.rich.list([mention(who.slack_id) for who in everybody])


def contact(reading: Reading) -> Mrkdwn:
    """The guests' contact with the phone number."""
    visit = reading.picture.visit
    return pair(reading.t, visit.contact_name, visit.contact_phone)


def vehicle(reading: Reading, stop: Stop | None = None) -> Mrkdwn:
    """The car with its plate, of the visit or of one of its stops."""
    picture = reading.picture
    car = picture.vehicle if stop is None else picture.vehicle_at(stop)
    return pair(reading.t, car.name, car.plate) if car else Mrkdwn("")


def reason(text: str) -> str:
    """A reason or a note that somebody typed, for the middle of a sentence."""
    return text.strip().rstrip(".。!！")


def number_label(t: Translator, stop_means: str | None) -> str:
    """What the number of a journey is called."""
    return t.gettext("Train") if stop_means == Means.TRAIN else t.gettext("Flight")


def time_label(t: Translator, stop: Stop) -> str:
    """What the moment of a stop is called: of a departure it is not when the guests leave us."""
    if stop.kind != StopKind.DEPARTURE or stop.means == Means.OWN_CAR:
        return t.gettext("Time")
    return t.gettext("Train leaves") if stop.means == Means.TRAIN else t.gettext("Takeoff")


def language_names(t: Translator) -> list[tuple[str, str]]:
    """The languages guests are written to, with their names as they stand in a menu."""
    return [
        ("en", t.pgettext("language.option", "English")),
        ("es", t.pgettext("language.option", "Spanish")),
        ("zh_CN", t.pgettext("language.option", "Chinese")),
    ]
