"""What a driver presses on the road, what others read of it, and the forms for delays and for what guests wish."""

from bot.i18n import Mrkdwn, Translator, bold, escape
from bot.messages import blocks, words
from bot.messages.blocks import Block, Message, Option
from bot.messages.ids import Action
from bot.messages.payloads import LateRef, NoticeRef, VisitRef
from bot.messages.reading import Reading
from bot.models.notices import Declaration, DeclarationKind, Notice
from bot.models.remarks import Remark, RemarkKind
from bot.models.visits import Stop, StopKind
from bot.procedure.journeys import expected, steps_left

LATE_MINUTES = (5, 10, 15, 20, 30, 45, 60, 90)
_ACTIONS = {
    DeclarationKind.ON_MY_WAY: Action.DECLARE_ON_MY_WAY,
    DeclarationKind.IN_PLACE: Action.DECLARE_IN_PLACE,
    DeclarationKind.ABOARD: Action.DECLARE_ABOARD,
    DeclarationKind.ARRIVED: Action.DECLARE_ARRIVED,
}


def drive(reading: Reading, notice: Notice, stop: Stop) -> list[Block]:
    """What was pressed so far, and the steps that are left, the next one first (D1.3, D1.4)."""
    content = [blocks.context(line) for line in progress(reading, stop)]
    said = reading.picture.declared_of(stop, set(_ACTIONS))
    left = steps_left(stop, str(notice.payload["to"]), {DeclarationKind(d.kind) for d in said})
    value = NoticeRef(notice.id).pack()
    buttons = [
        blocks.button(_label(reading.t, step), _ACTIONS[step], value, style=None if number else "primary")
        for number, step in enumerate(left)
    ]
    if left:
        content.append(blocks.actions(*buttons, _late(reading.t, notice)))
    if any(d.kind == DeclarationKind.ABOARD for d in said) and stop.kind == StopKind.PICKUP:
        content.append(_after_boarding(reading, value))
    return content


def _after_boarding(reading: Reading, value: str) -> Block:
    """How many really came, and what they wish (E3)."""
    t, visit = reading.t, VisitRef(reading.picture.visit.key).pack()
    return blocks.actions(
        blocks.button(t.pgettext("drive.button", "Other number"), Action.COUNT_ABOARD, value),
        blocks.button(t.pgettext("drive.button", "Note a wish"), Action.NOTE, visit),
    )


def _label(t: Translator, step: DeclarationKind) -> str:
    match step:
        case DeclarationKind.ON_MY_WAY:
            return t.pgettext("pickup.button", "I'm on my way")
        case DeclarationKind.IN_PLACE:
            return t.pgettext("drive.button", "In place")
        case DeclarationKind.ABOARD:
            return t.pgettext("drive.button", "Guests aboard")
        case _:
            return t.pgettext("drive.button", "Arrived")


def _late(t: Translator, notice: Notice) -> Block:
    options = [
        Option(
            t.npgettext("drive.option", "{minutes} minute", "{minutes} minutes", minutes, minutes=minutes),
            LateRef(notice.id, minutes).pack(),
        )
        for minutes in LATE_MINUTES
    ]
    menu = blocks.select(options, placeholder=t.pgettext("drive.placeholder", "Late by …"))
    return menu | {"action_id": Action.DECLARE_LATE}


def progress(reading: Reading, stop: Stop) -> list[Mrkdwn]:
    """What was pressed about a stop as it stands, in order of time: in words and colour."""
    kinds = {*_ACTIONS, DeclarationKind.LATE, DeclarationKind.HERE}
    said = sorted(reading.picture.declared_of(stop, kinds), key=lambda d: d.declared_at)
    return [_line(reading, declared, stop) for declared in said]


def _line(reading: Reading, declared: Declaration, stop: Stop) -> Mrkdwn:
    t, name = reading.t.rich, reading.declarer(declared)
    at = reading.t.time(declared.declared_at, reading.venue)
    match DeclarationKind(declared.kind):
        case DeclarationKind.ON_MY_WAY:
            return t.pgettext("progress", ":large_green_circle: On the way since {time}: {name}", time=at, name=name)
        case DeclarationKind.IN_PLACE:
            return t.pgettext("progress", ":large_green_circle: In place since {time}: {name}", time=at, name=name)
        case DeclarationKind.ABOARD:
            return t.pgettext("progress", ":large_green_circle: Guests aboard since {time}: {name}", time=at, name=name)
        case DeclarationKind.ARRIVED:
            return t.pgettext("progress", ":large_green_circle: Arrived at {time}: {name}", time=at, name=name)
        case DeclarationKind.HERE:
            return t.pgettext("progress", ":large_green_circle: Guests here since {time}: {name}", time=at, name=name)
        case _:
            moment = reading.t.time(expected(declared, stop) or stop.starts_at, reading.venue)
            return t.pgettext(
                "progress", ":large_yellow_circle: Late, expected at {time}: {name}", time=moment, name=name
            )


def news(reading: Reading, declared: Declaration, stop: Stop) -> Message:
    """What those hear who wait: in place, aboard, arrived, late, at the gate; with the time to expect."""
    t, picture = reading.t, reading.picture
    title, sentence = _told(reading, declared, stop)
    guests, who = words.guests(t, picture.visit), words.person(t, reading.person(declared.person_id))
    later = expected(declared, stop)
    content = [
        blocks.header(title),
        *blocks.fields(
            [
                (t.gettext("For"), bold(words.stop_name(t, stop))),
                (t.gettext("Guests"), escape(guests)),
                (t.gettext("Expected"), escape(reading.moment(later)) if later else Mrkdwn("")),
                (t.gettext("Aboard"), _aboard(t, declared)),
                (t.gettext("Contact"), who),
            ]
        ),
        *([blocks.section(sentence)] if sentence else []),
    ]
    if later is None:
        return Message(t.pgettext("news.alone", "{title}. {guests}", title=title, guests=guests), tuple(content))
    time = t.time(later, reading.venue)
    alone = t.pgettext("news.alone", "{title}. Expected at {time}. {guests}", title=title, time=time, guests=guests)
    return Message(alone, tuple(content))


def _told(reading: Reading, declared: Declaration, stop: Stop) -> tuple[str, Mrkdwn | None]:
    t, name = reading.t, reading.declarer(declared)
    match DeclarationKind(declared.kind):
        case DeclarationKind.IN_PLACE:
            return t.pgettext("news.header", "{name} is in place with the car", name=name), None
        case DeclarationKind.ABOARD:
            return t.pgettext("news.header", "The guests are in the car"), None
        case DeclarationKind.ARRIVED if stop.kind == StopKind.DEPARTURE:
            return t.pgettext("news.header", "The guests are at the airport or station"), None
        case DeclarationKind.ARRIVED:
            return t.pgettext("news.header", "The guests have arrived"), None
        case DeclarationKind.HERE:
            return t.pgettext("news.header", "The guests are at the gate"), t.rich.gettext("Please receive them.")
        case _:
            minutes = int(declared.details["minutes"])
            title = t.npgettext(
                "news.header",
                "{name} is {minutes} minute late",
                "{name} is {minutes} minutes late",
                minutes,
                name=name,
                minutes=minutes,
            )
            return title, None


def _aboard(t: Translator, declared: Declaration) -> Mrkdwn:
    if "guests" not in declared.details:
        return Mrkdwn("")
    guests, luggage = int(declared.details["guests"]), declared.details.get("luggage")
    count = t.npgettext("aboard", "{count} guest", "{count} guests", guests, count=guests)
    if luggage is None:
        return escape(count)
    pieces = t.npgettext("aboard", "{count} piece of luggage", "{count} pieces of luggage", luggage, count=luggage)
    return words.pair(t, count, pieces)


def remark(reading: Reading, noted: Remark) -> Message:
    """A wish, an unplanned meal or a shortcoming, as those hear it who have to act."""
    t, name = reading.t, reading.name(noted.noted_by_id)
    match RemarkKind(noted.kind):
        case RemarkKind.WISH:
            title = t.pgettext("remark.header", "The guests wish")
            request = t.rich.gettext("Please see what can be done, and tell {name}.", name=name)
        case RemarkKind.UNPLANNED_MEAL:
            title = t.pgettext("remark.header", "Unplanned meal")
            request = t.rich.gettext("Please find a place now, confirm it to {name}, and add the meal.", name=name)
        case RemarkKind.SHORTCOMING:
            title = t.pgettext("remark.header", "Something to put right")
            request = t.rich.gettext("Please see to it now, or talk to {name}.", name=name)
    guests = words.guests(t, reading.picture.visit)
    pairs = [
        (t.gettext("Guests"), escape(guests)),
        (t.gettext("Noted by"), words.person(t, reading.person(noted.noted_by_id))),
    ]
    content = (
        blocks.header(title),
        blocks.section(blocks.quote(escape(blocks.shortened(noted.text, 1000)))),
        *blocks.fields(pairs),
        blocks.section(request),
    )
    text = blocks.shortened(words.reason(noted.text), 120)
    return Message(
        t.pgettext("remark.alone", "{title}: {text}. {guests}", title=title, text=text, guests=guests), content
    )


def kept(t: Translator) -> Message:
    """To whoever noted something with a command."""
    text = t.rich.gettext(":white_check_mark: Noted. Those who have to act on it are told now.")
    return Message(t.gettext("Noted. Those who have to act on it are told now."), (blocks.section(text),))
