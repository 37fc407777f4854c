"""A person's day on one page (E1): their stops in order over all visits, and what is asked of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.i18n import Mrkdwn, Translator, escape, join
from bot.messages import blocks, confidential, duties, words
from bot.messages.blocks import Block, Message
from bot.messages.reading import Reading
from bot.models.roles import Part
from bot.models.visits import Stop, StopKind
from bot.procedure.days import begins, parts_of
from bot.procedure.lights import is_drive
from bot.procedure.sayings import Say

STOPS_SHOWN = 30
_VISITS_SHOWN = 10
_TASKS_SHOWN = 6


@dataclass(frozen=True)
class Share:
    """A person's share in one visit on a day."""

    reading: Reading
    stops: Sequence[Stop]
    tasks: Mapping[int, Sequence[Say]] = field(default_factory=dict)
    """By stop: what is asked of the person that day."""
    undone: Sequence[Say] = ()
    """What was asked of them before and is not done yet."""
    introductions: Mrkdwn | None = None
    """Who is introduced in which order, for those who do it (E2)."""


def run_sheet(t: Translator, day: date, shares: Sequence[Share]) -> Message:
    """The sheet as it should read now; without any stop for somebody who has nothing to do any more."""
    title = t.pgettext("sheet.header", "Your day: {day}", day=t.day(day))
    own = sorted(
        ((share, stop) for share in shares for stop in share.stops),
        key=lambda one: (begins(one[0].reading.picture, one[1]), one[1].starts_at),
    )
    if not own:
        text = t.gettext("Nothing is planned for you any more on this day.")
        return Message(t.pgettext("sheet.alone", "{title}. {text}", title=title, text=text), _empty(title, text))
    shown: list[Block] = [blocks.header(title)]
    shown += [blocks.section(_visit(share)) for share in shares[:_VISITS_SHOWN] if share.stops]
    shown.append(blocks.divider())
    several = sum(bool(share.stops) for share in shares) > 1
    shown += [blocks.section(_stop(share, stop, several=several)) for share, stop in own[:STOPS_SHOWN]]
    hidden = len(own) - STOPS_SHOWN
    if hidden > 0:
        shown.append(
            blocks.context(t.rich.ngettext("and {count} more stop", "and {count} more stops", hidden, count=hidden))
        )
    shown += [blocks.section(share.introductions) for share in shares[:3] if share.introductions]
    return Message(_alone(t, title, own), tuple(shown))


def _empty(title: str, text: str) -> tuple[Block, ...]:
    return blocks.header(title), blocks.section(escape(text))


def _alone(t: Translator, title: str, own: Sequence[tuple[Share, Stop]]) -> str:
    share, first = own[0]
    leaving = begins(share.reading.picture, first)
    clock, item = share.reading.t.time(leaving, share.reading.venue), words.stop_inline(t, first)
    if leaving < first.starts_at:
        return t.npgettext(
            "sheet.alone",
            "{title}. {count} stop, setting off at {clock}: {first}",
            "{title}. {count} stops, setting off for the first at {clock}: {first}",
            len(own),
            title=title,
            count=len(own),
            clock=clock,
            first=item,
        )
    return t.npgettext(
        "sheet.alone",
        "{title}. {count} stop, {clock}: {first}",
        "{title}. {count} stops, the first at {clock}: {first}",
        len(own),
        title=title,
        count=len(own),
        clock=clock,
        first=item,
    )


def _visit(share: Share) -> Mrkdwn:
    """Who comes, and whom to call."""
    reading = share.reading
    t, picture = reading.t, reading.picture
    title = t.rich.pgettext(
        "sheet",
        "*{reference}* {guests}",
        reference=picture.visit.reference,
        guests=words.guests(t, picture.visit),
    )
    calls = [
        (
            t.gettext("Lead host"),
            Mrkdwn("") if reading.is_reader(picture.lead_host.id) else words.person(t, picture.lead_host),
        ),
        (t.gettext("Contact"), words.contact(reading)),
    ]
    driver = picture.driver
    if driver is not None and not reading.is_reader(driver.id) and any(is_drive(stop) for stop in share.stops):
        calls.append((t.gettext("Driver"), words.person(t, driver)))
        calls.append((t.gettext("Vehicle"), words.vehicle(reading)))
    if share.undone:
        titles = [duties.TITLES[say](t) for say in share.undone[:_TASKS_SHOWN]]
        calls.append((t.gettext("Not done yet"), escape(t.list(titles))))
    lines = [t.rich.pgettext("sheet", "{label}: {value}", label=label, value=value) for label, value in calls if value]
    return join("\n", [confidential.marked(picture.visit, title), *lines])


def _stop(share: Share, stop: Stop, *, several: bool) -> Mrkdwn:
    """When, what, where, the person's part, and what is asked of them."""
    reading = share.reading
    t, picture = reading.t, reading.picture
    facts = [stop.number, words.place(t, stop), stop.subject, picture.visit.company if several else ""]
    leaving = begins(picture, stop)
    is_farewell = stop.kind == StopKind.DEPARTURE and leaving < stop.starts_at
    head = t.rich.pgettext(
        "sheet",
        "{icon} *{time} {name}*",
        icon=Mrkdwn(words.stop_icon(stop)),
        time=t.time(leaving if is_farewell else stop.starts_at, reading.venue),
        name=words.stop_name(t, stop),
    )
    lines = [head, words.one_line(*facts)]
    parts = parts_of(picture, stop, reading.reader.key) if reading.reader is not None else ()
    if is_farewell:
        label = words.time_label(t, stop)
        time = t.time(stop.starts_at, reading.venue)
        lines.append(t.rich.pgettext("sheet", "{label}: {value}", label=label, value=time))
    elif is_drive(stop) and leaving < stop.starts_at:
        lines.append(t.rich.pgettext("sheet", "Setting off: {time}", time=t.time(leaving, reading.venue)))
    if parts:
        names = t.list([_part(t, part) for part in parts])
        lines.append(t.rich.pgettext("sheet", "Your part: {parts}", parts=names))
    tasks = list(share.tasks.get(stop.key, ()))
    lines += [t.rich.pgettext("sheet", "• {task}", task=duties.TITLES[say](t)) for say in tasks[:_TASKS_SHOWN]]
    hidden = len(tasks) - _TASKS_SHOWN
    if hidden > 0:
        lines.append(t.rich.npgettext("sheet", "and {count} more task", "and {count} more tasks", hidden, count=hidden))
    return join("\n", [line for line in lines if line])


def _part(t: Translator, value: Part) -> str:
    """What the reader is there for."""
    return {
        Part.LEADER: t.pgettext("sheet.part", "you accompany the guests"),
        Part.GREETER: t.pgettext("sheet.part", "you meet the guests"),
        Part.TEAM: t.pgettext("sheet.part", "host team"),
        Part.DRIVER: t.pgettext("sheet.part", "you drive"),
        Part.TECHNICAL: t.pgettext("sheet.part", "technical support"),
        Part.INTERPRETER: t.pgettext("sheet.part", "you interpret"),
        Part.PHOTOGRAPHER: t.pgettext("sheet.part", "you take the photos"),
        Part.GUIDE: t.pgettext("sheet.part", "you show the guests round"),
    }[value]
