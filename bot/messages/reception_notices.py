"""The reception notice (B7): who comes, when, who does what; on a page that can be printed."""

from dataclasses import dataclass

from bot.i18n import Mrkdwn, bold, escape, join
from bot.messages import blocks, duties, words
from bot.messages.blocks import Block
from bot.messages.ids import ViewId
from bot.messages.reading import Reading
from bot.models.notices import NoticeKind
from bot.models.roles import Part
from bot.models.visits import Stop
from bot.procedure.calendar import calendar_of
from bot.procedure.days import parts_of
from bot.procedure.deputies import FOR
from bot.procedure.lights import is_drive
from bot.procedure.picture import Picture
from bot.procedure.plan import plan
from bot.procedure.sayings import Say
from bot.procedure.silence import CHASED

_NO_TASKS = (Say.RECEPTION_NOTICE, Say.SEND_PLAN, Say.ITINERARY_CHANGED, Say.DRIVER_MISSING)
"""Said about the visit, or only where something goes wrong: nobody's part in it."""


@dataclass(frozen=True)
class ReceptionNotice:
    """A title, and sections of plain lines under a heading each: for a window as for paper."""

    title: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]


def reception_notice(reading: Reading) -> ReceptionNotice:
    """The approved visit for everybody who has something to do for it, in the reader's language."""
    t, visit = reading.t, reading.picture.visit
    stay = t.span(visit.arrives_at, visit.departs_at, reading.venue, now=reading.now)
    host = reading.picture.lead_host
    guests = (
        words.guests(t, visit),
        stay,
        words.purpose(t, visit.purpose),
        t.pgettext("reception", "Lead host: {name}", name=words.pair(t, host.name, host.phone).text),
    )
    stops = tuple(_stop(reading, stop) for stop in reading.picture.live_stops)
    sections = (
        (t.gettext("Guests"), guests),
        (t.gettext("Itinerary"), stops),
        (t.pgettext("reception", "Who does what"), tuple(_tasks(reading))),
    )
    title = t.pgettext(
        "reception", "Reception notice {reference}: {company}", reference=visit.reference, company=visit.company
    )
    return ReceptionNotice(title, tuple(section for section in sections if section[1]))


def _stop(reading: Reading, stop: Stop) -> str:
    t, picture = reading.t, reading.picture
    people = [person.name for key, person in picture.people.items() if _is_there(picture, stop, key)]
    hours = [words.stop_time(reading, stop), words.setting_off(reading, stop)]
    facts = [*hours, words.place(t, stop), stop.subject, t.list(people) if people else ""]
    facts = [fact for fact in facts if fact]
    return t.pgettext("reception", "{item}: {facts}", item=words.stop_name(t, stop), facts=" · ".join(facts))


def _is_there(picture: Picture, stop: Stop, person_id: int) -> bool:
    """Whoever drives waits outside of a meal."""
    return any(part != Part.DRIVER or is_drive(stop) for part in parts_of(picture, stop, person_id))


def _tasks(reading: Reading) -> list[str]:
    """Everybody with what they are asked to do, in the order in which it falls due."""
    t, picture = reading.t, reading.picture
    calendar = calendar_of(picture.workspace, picture.visit)
    tasks: dict[int, dict[str, None]] = {}
    for wanted in sorted(plan(picture, reading.rulebook, calendar), key=lambda w: (w.due_at, w.key)):
        if wanted.kind in (NoticeKind.DUTY, NoticeKind.REQUEST) and wanted.person_id is not None:
            say = Say(str(wanted.payload["say"]))
            if say not in _NO_TASKS and FOR not in wanted.payload and CHASED not in wanted.payload:
                tasks.setdefault(wanted.person_id, {})[duties.TITLES[say](t)] = None
    return [
        t.pgettext("reception", "{name}: {tasks}", name=reading.name(person), tasks=t.list(list(titles)))
        for person, titles in tasks.items()
    ]


def page(reading: Reading) -> Block:
    """The notice in a window."""
    t, notice = reading.t, reception_notice(reading)
    content: list[Block] = [blocks.section(bold(notice.title))]
    for heading, lines in notice.sections:
        content.append(blocks.section(bold(heading)))
        content += [blocks.section(join("\n", part)) for part in _parts([escape(line) for line in lines])]
    return blocks.modal(
        ViewId.NOTHING,
        t.pgettext("modal.title", "Reception notice"),
        content[:_MOST_BLOCKS],
        close=t.pgettext("modal.close", "Close"),
    )


_MOST_BLOCKS = 100
_LINES = 15
"""In one block: what is longer than Slack takes would be cut."""


def _parts(lines: list[Mrkdwn]) -> list[list[Mrkdwn]]:
    return [lines[first : first + _LINES] for first in range(0, len(lines), _LINES)]
