"""Reminders of a stop: what, when, where, who, whom to call, and the button that says what pressing it declares."""

from datetime import timedelta

from bot.i18n import Mrkdwn, bold, escape
from bot.messages import blocks, particulars, words
from bot.messages.answering import answering
from bot.messages.blocks import Block, Message
from bot.messages.reading import Reading
from bot.models.notices import Declaration, DeclarationKind, Notice
from bot.models.visits import Meal, Means, Stop, StopKind
from bot.procedure.journeys import attended_from, leaves
from bot.procedure.vocabulary import To

DECLARED = (DeclarationKind.ON_MY_WAY, DeclarationKind.ATTENDS, DeclarationKind.CANNOT_ATTEND)
"""What is answered to a reminder, and told to the lead host by `declaration`."""
EARLY_AT_PICKUP = 15
"""Minutes: in place 10 to 20 minutes before the guests (D1.3)."""
EARLY_AT_MEAL = 10
"""Minutes (D3.5)."""
EARLY_AT_DEPARTURE = 10
"""Minutes (D6.3)."""


def reminder(reading: Reading, notice: Notice, stop: Stop, *, is_outdated: bool) -> Message:
    """The reminder as it should read now: with its button, with the answer that was given, or as overtaken."""
    if is_outdated:
        text = reading.t.rich.gettext(":warning: This has changed since. Please see the newer message.")
        name = words.stop_name(reading.t, stop)
        return Message(name, (blocks.header(name), blocks.section(text)))
    title = _title(reading, stop)
    content: list[Block] = [blocks.header(title), *particulars.changed_since(reading, notice, stop)]
    content += blocks.fields(particulars.of_stop(reading, stop))
    content.append(blocks.section(_request(reading, stop, To(notice.payload["to"]))))
    content += _forwarding(reading, stop) if notice.payload["to"] == To.LEAD_HOST else []
    content += answering(reading, notice, stop)
    return Message(_alone(reading, stop, title), tuple(content))


def _title(reading: Reading, stop: Stop) -> str:
    """What and how soon, by the clock at this very moment; a stop that has begun is not "in" any time."""
    match stop.kind:
        case StopKind.PICKUP:
            return _pickup_title(reading, stop)
        case StopKind.DEPARTURE:
            return _departure_title(reading, stop)
        case StopKind.MEAL | StopKind.BREAKFAST:
            return _meal_title(reading, stop)
        case _:
            return reading.t.pgettext(
                "stop.header",
                "{stop} with {company}: {moment}",
                stop=words.stop_name(reading.t, stop),
                company=reading.picture.visit.company,
                moment=reading.moment(stop.starts_at),
            )


def _pickup_title(reading: Reading, stop: Stop) -> str:
    t, ahead = reading.t, stop.starts_at - reading.now
    if ahead < timedelta(seconds=30):
        if stop.means == Means.TRAIN:
            return t.pgettext("pickup.header", "Station pickup now")
        return t.pgettext("pickup.header", "Airport pickup now")
    lead = t.ahead(ahead)
    if stop.means == Means.TRAIN:
        return t.pgettext("pickup.header", "Station pickup in {ahead}", ahead=lead)
    return t.pgettext("pickup.header", "Airport pickup in {ahead}", ahead=lead)


def _departure_title(reading: Reading, stop: Stop) -> str:
    """Counted to the moment the party sets off, not to the flight (D6.4)."""
    t, ahead = reading.t, leaves(stop, reading.picture.workspace) - reading.now
    if ahead < timedelta(seconds=30):
        return t.pgettext("departure.header", "Guests depart now")
    return t.pgettext("departure.header", "Guests depart in {ahead}", ahead=t.ahead(ahead))


def _meal_title(reading: Reading, stop: Stop) -> str:
    t, company = reading.t, reading.picture.visit.company
    if stop.starts_at.astimezone(reading.venue).date() == reading.now.astimezone(reading.venue).date():
        time = t.time(stop.starts_at, reading.venue)
        match Meal(stop.meal or Meal.LUNCH):
            case Meal.BREAKFAST:
                return t.pgettext("meal.header", "Breakfast with {company} today at {time}", company=company, time=time)
            case Meal.LUNCH:
                return t.pgettext("meal.header", "Lunch with {company} today at {time}", company=company, time=time)
            case Meal.DINNER:
                return t.pgettext("meal.header", "Dinner with {company} today at {time}", company=company, time=time)
    moment = reading.moment(stop.starts_at)
    match Meal(stop.meal or Meal.LUNCH):
        case Meal.BREAKFAST:
            return t.pgettext("meal.header", "Breakfast with {company}: {moment}", company=company, moment=moment)
        case Meal.LUNCH:
            return t.pgettext("meal.header", "Lunch with {company}: {moment}", company=company, moment=moment)
        case Meal.DINNER:
            return t.pgettext("meal.header", "Dinner with {company}: {moment}", company=company, moment=moment)


def _alone(reading: Reading, stop: Stop, title: str) -> str:
    """The line on the lock screen."""
    t = reading.t
    guests = words.guests(t, reading.picture.visit)
    if stop.kind not in (StopKind.PICKUP, StopKind.DEPARTURE):
        place = words.place(t, stop)
        return t.pgettext("meal.alone", "{title}, {place}", title=title, place=place) if place else title
    leaving = attended_from(stop, reading.picture.workspace)
    time = t.time(leaving, reading.venue)
    if stop.number:
        return t.pgettext(
            "drive.alone",
            "{title}: {time}, {number}, {guests}",
            title=title,
            time=time,
            number=stop.number,
            guests=guests,
        )
    return t.pgettext("drive.alone", "{title}: {time}, {guests}", title=title, time=time, guests=guests)


def _request(reading: Reading, stop: Stop, to: To) -> Mrkdwn:
    """What this person is asked to do."""
    t = reading.t.rich
    if _is_urgent(reading, stop):
        return _at_once(reading, stop, to)
    if stop.kind == StopKind.PICKUP:
        if to == To.DRIVER:
            return t.npgettext(
                "pickup",
                "Please be there {minutes} minute early with the pickup sign. Make sure the car is clean and fueled, "
                "with water and tissues on board. Confirm when you set off.",
                "Please be there {minutes} minutes early with the pickup sign. Make sure the car is clean and fueled, "
                "with water and tissues on board. Confirm when you set off.",
                EARLY_AT_PICKUP,
                minutes=EARLY_AT_PICKUP,
            )
        return t.npgettext(
            "pickup",
            "Please be there {minutes} minute early to meet the guests, and confirm when you set off.",
            "Please be there {minutes} minutes early to meet the guests, and confirm when you set off.",
            EARLY_AT_PICKUP,
            minutes=EARLY_AT_PICKUP,
        )
    if stop.kind == StopKind.DEPARTURE:
        if to == To.DRIVER:
            return t.npgettext(
                "departure",
                "Please have the car at the door {minutes} minute before, and see to the luggage.",
                "Please have the car at the door {minutes} minutes before, and see to the luggage.",
                EARLY_AT_DEPARTURE,
                minutes=EARLY_AT_DEPARTURE,
            )
        return t.npgettext(
            "departure",
            "Please come to the lobby {minutes} minute before departure to see the guests off.",
            "Please come to the lobby {minutes} minutes before departure to see the guests off.",
            EARLY_AT_DEPARTURE,
            minutes=EARLY_AT_DEPARTURE,
        )
    if stop.kind not in (StopKind.MEAL, StopKind.BREAKFAST):
        if to == To.TECHNICAL:
            return t.gettext("We count on you to support the talks. Please bring what you need for the subject.")
        return t.gettext("We count on you to take part. The lead host tells you what is expected.")
    if stop.kind == StopKind.BREAKFAST:
        return t.gettext("Breakfast is with the guests at the hotel. We count on you.")
    if to == To.LEADERS:
        return t.npgettext(
            "meal",
            "We count on you to join the hosts. Please arrive {minutes} minute early.",
            "We count on you to join the hosts. Please arrive {minutes} minutes early.",
            EARLY_AT_MEAL,
            minutes=EARLY_AT_MEAL,
        )
    if to == To.LEAD_HOST:
        return t.pgettext("meal", "Please tell the guests. Here is a text to forward:")
    return t.npgettext(
        "meal",
        "Please have everything ready and be in place {minutes} minute early.",
        "Please have everything ready and be in place {minutes} minutes early.",
        EARLY_AT_MEAL,
        minutes=EARLY_AT_MEAL,
    )


def _is_urgent(reading: Reading, stop: Stop) -> bool:
    """Whether it was told so late that nobody can be early any more."""
    if stop.kind == StopKind.PICKUP:
        return stop.starts_at - reading.now < timedelta(minutes=EARLY_AT_PICKUP)
    if stop.kind == StopKind.DEPARTURE:
        return leaves(stop, reading.picture.workspace) - reading.now < timedelta(minutes=EARLY_AT_DEPARTURE)
    return stop.kind == StopKind.MEAL and stop.starts_at - reading.now < timedelta(minutes=EARLY_AT_MEAL)


def _at_once(reading: Reading, stop: Stop, to: To) -> Mrkdwn:
    t = reading.t.rich
    match stop.kind:
        case StopKind.PICKUP if to == To.DRIVER:
            return t.pgettext("pickup", "Please go there at once with the pickup sign, and confirm when you set off.")
        case StopKind.PICKUP:
            return t.pgettext("pickup", "Please go there at once to meet the guests, and confirm when you set off.")
        case StopKind.DEPARTURE if to == To.DRIVER:
            return t.pgettext("departure", "Please bring the car to the door at once, and see to the luggage.")
        case StopKind.DEPARTURE:
            return t.pgettext("departure", "Please come to the lobby at once to see the guests off.")
    if to == To.LEAD_HOST:
        return t.pgettext("meal", "Please tell the guests. Here is a text to forward:")
    return t.pgettext("meal", "Please come at once.")


def _forwarding(reading: Reading, stop: Stop) -> list[Block]:
    """The guests' reminder in their language, for the lead host to send on (D3.1)."""
    if stop.kind != StopKind.MEAL:
        return []
    visit = reading.picture.visit
    t = reading.in_language(visit.guest_language)
    time = t.clock(stop.starts_at, reading.venue)
    name = {
        Meal.BREAKFAST: t.pgettext("letter.meal", "breakfast"),
        Meal.LUNCH: t.pgettext("letter.meal", "lunch"),
        Meal.DINNER: t.pgettext("letter.meal", "dinner"),
    }[Meal(stop.meal or Meal.LUNCH)]
    day = t.day_in_words(stop.starts_at.astimezone(reading.venue).date())
    greeting = t.rich.pgettext("letter.salutation", "Dear {guest},", guest=visit.guest_name)
    if stop.place:
        sentence = t.rich.pgettext(
            "letter.meal",
            "We look forward to having {meal} with you and your colleagues on {day} at {time}, at {place}.",
            meal=name,
            day=day,
            time=time,
            place=stop.place,
        )
    else:
        sentence = t.rich.pgettext(
            "letter.meal",
            "We look forward to having {meal} with you and your colleagues on {day} at {time}.",
            meal=name,
            day=day,
            time=time,
        )
    signed = escape(reading.picture.lead_host.name)
    return [blocks.section(blocks.quote(greeting + Mrkdwn("\n") + sentence + Mrkdwn("\n") + signed))]


def declaration(reading: Reading, declared: Declaration, stop: Stop) -> Message:
    """What the lead host hears: who is on the way, who cannot come, who can after all."""
    t, name = reading.t, reading.declarer(declared)
    who = words.person(t, reading.person(declared.person_id))
    at = t.time(declared.declared_at, reading.venue)
    item, guests = words.stop_inline(t, stop), words.guests(t, reading.picture.visit)
    if declared.kind == DeclarationKind.ON_MY_WAY:
        title = t.pgettext("news.header", "{name} is on the way", name=name)
        since = t.rich.gettext("Set off at {time}.", time=at)
        alone = t.gettext(
            "{name} has been on the way since {time}: {item}, {guests}", name=name, time=at, item=item, guests=guests
        )
    elif declared.kind == DeclarationKind.ATTENDS:
        title = t.pgettext("news.header", "{name} will attend after all", name=name)
        since = t.rich.gettext("Answered at {time}. Before, the answer was no.", time=at)
        alone = t.gettext("{name} will attend after all: {item}, {guests}", name=name, item=item, guests=guests)
    elif declared.is_taken_back:
        title = t.pgettext("news.header", "{name} can't attend after all", name=name)
        since = t.rich.gettext("Confirmed before, taken back at {time}. Please find somebody else if needed.", time=at)
        alone = t.gettext("{name} can't attend after all: {item}, {guests}", name=name, item=item, guests=guests)
    else:
        title = t.pgettext("news.header", "{name} can't attend", name=name)
        since = t.rich.gettext("Answered at {time}. Please find somebody else if needed.", time=at)
        alone = t.gettext("{name} can't attend: {item}, {guests}", name=name, item=item, guests=guests)
    content = [
        blocks.header(title),
        *blocks.fields(
            [
                (t.gettext("For"), bold(words.stop_name(t, stop))),
                (t.gettext("Time"), escape(reading.moment(stop.starts_at))),
                (t.gettext("Guests"), escape(guests)),
                (t.gettext("Contact"), who),
            ]
        ),
        blocks.section(since),
    ]
    return Message(alone, tuple(content))
