"""The board: all visits of a day, every stop with what is confirmed and what is not, in words and colour."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.i18n import Mrkdwn, Translator, escape, join
from bot.messages import blocks, cards, confidential, words
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import VisitRef
from bot.messages.reading import Reading
from bot.models.visits import Stop
from bot.procedure.days import stops_on
from bot.procedure.lights import Finding, Light, Standing, Word, standing

WHOLE = 10
"""As many visits are shown with all their stops; of the others a line each."""
_ROOM = 9_500
"""Signs that whole visits may take: Slack refuses messages whose blocks hold more than 13,200."""
_CIRCLES = {
    Light.RED: ":red_circle:",
    Light.YELLOW: ":large_yellow_circle:",
    Light.GREEN: ":large_green_circle:",
    Light.OVER: ":white_circle:",
}
"""In order of gravity."""


Stops = tuple[tuple[Stop, Standing], ...]


@dataclass(frozen=True)
class Day:
    """The visits of one day before one reader, in order of their first stop of that day."""

    t: Translator
    date: date
    readings: Sequence[Reading]

    @cached_property
    def _stops(self) -> dict[int, Stops]:
        """By the reading itself: the same visit may be read twice."""
        return {id(reading): self._of(reading) for reading in self.readings}

    def stops(self, reading: Reading) -> Stops:
        """A visit's stops of this day, each with how it stands."""
        return self._stops[id(reading)]

    @cached_property
    def lights(self) -> Counter[Light]:
        """How many stops stand how."""
        return Counter(stands.light for reading in self.readings for _, stands in self.stops(reading))

    def _of(self, reading: Reading) -> Stops:
        picture = reading.picture
        found = stops_on(picture, self.date, ZoneInfo(picture.workspace.zone))
        return tuple((stop, standing(picture, stop, reading.now)) for stop in found)


def board(day: Day) -> Message:
    """The message of the reception channel, and the answer to "today"."""
    t = day.t
    title = t.pgettext("board.header", "Visits on {day}", day=t.day(day.date))
    if not day.readings:
        nothing = t.gettext("Nothing scheduled for today.")
        return Message(title, (blocks.header(title), blocks.section(escape(nothing))))
    count = len(day.readings)
    alone = t.npgettext(
        "board.alone", "{title}: {count} visit", "{title}: {count} visits", count, title=title, count=count
    )
    red = day.lights[Light.RED]
    if red:
        alone = t.npgettext(
            "board.alone",
            "{title}. {count} stop needs attention.",
            "{title}. {count} stops need attention.",
            red,
            title=alone,
            count=red,
        )
    return Message(alone, (blocks.header(title), *content(day)))


def content(day: Day) -> list[Block]:
    """The board without its header, for the Home tab."""
    whole: list[Block] = []
    lines: list[Mrkdwn] = []
    room = _ROOM
    for reading in day.readings:
        shown = None
        if len(whole) < WHOLE and not lines:
            shown = blocks.section(_visit(day, reading), _details(reading))
            room -= len(str(shown))
        if shown is not None and room >= 0:
            whole.append(shown)
        else:
            lines.append(_one_line(day, reading))
    summary = [blocks.context(join(" · ", _summary(day)))] if day.lights else []
    return [*summary, *whole, *_shortened(day.t, lines)]


def _shortened(t: Translator, lines: Sequence[Mrkdwn]) -> list[Block]:
    """A line a visit, as many as one block takes."""
    if not lines:
        return []
    shown: list[Mrkdwn] = []
    for line in lines:
        if sum(len(each.text) + 1 for each in (*shown, line)) <= blocks.SECTION_LIMIT:
            shown.append(line)
    content = [blocks.divider(), blocks.section(join("\n", shown))]
    hidden = len(lines) - len(shown)
    if hidden:
        more = t.rich.ngettext("and {count} more visit", "and {count} more visits", hidden, count=hidden)
        content.append(blocks.context(more))
    return content


def _summary(day: Day) -> list[Mrkdwn]:
    """How many stops stand how; what there is none of is left out."""
    t = day.t.rich
    counts = day.lights
    lines = {
        Light.RED: t.pgettext("board", "{circle} needs attention: {count}", **_of(counts, Light.RED)),
        Light.YELLOW: t.pgettext("board", "{circle} open: {count}", **_of(counts, Light.YELLOW)),
        Light.GREEN: t.pgettext("board", "{circle} confirmed: {count}", **_of(counts, Light.GREEN)),
        Light.OVER: t.pgettext("board", "{circle} over: {count}", **_of(counts, Light.OVER)),
    }
    return [lines[light] for light in _CIRCLES if counts[light]]


def _of(counts: Counter[Light], light: Light) -> dict[str, Mrkdwn | int]:
    return {"circle": Mrkdwn(_CIRCLES[light]), "count": counts[light]}


def _visit(day: Day, reading: Reading) -> Mrkdwn:
    """The visit with its stops of the day and its open points."""
    t, visit = day.t, reading.picture.visit
    if visit.is_confidential and reading.reader is None:
        times = [t.clock(stop.starts_at, reading.venue) for stop, _ in day.stops(reading)]
        return words.one_line(t.pgettext("board", "Confidential visit"), *times)
    head = join(" · ", [_title(reading), words.person(t, reading.picture.lead_host)])
    lines = [_stop(reading, stop, stands) for stop, stands in day.stops(reading)]
    if not lines:
        lines = [t.rich.pgettext("board", "No stop today.")]
    return join("\n", [head, *lines, *(cards.open_points(reading) if visit.is_open else ())])


def _title(reading: Reading) -> Mrkdwn:
    visit = reading.picture.visit
    title = reading.t.rich.pgettext(
        "board", "*{reference}* {guests}", reference=visit.reference, guests=words.guests(reading.t, visit)
    )
    return confidential.marked(visit, title)


def _stop(reading: Reading, stop: Stop, stands: Standing) -> Mrkdwn:
    """A stop in a line: colour, time, what, where, and how it stands in words."""
    t = reading.t
    what = words.one_line(words.stop_name(t, stop), stop.number, words.place(t, stop), words.setting_off(reading, stop))
    said = [_finding(reading, finding) for finding in stands.findings]
    if stands.light is Light.OVER and not any(found.word is Word.ARRIVED for found in stands.findings):
        said = [t.pgettext("board.stop", "over")]
    elif not said:
        said = [t.pgettext("board.stop", "confirmed")]
    return t.rich.pgettext(
        "board",
        "{circle} *{clock}* {what}: {status}",
        circle=Mrkdwn(_CIRCLES[stands.light]),
        clock=t.clock(stop.starts_at, reading.venue),
        what=what,
        status=words.one_line(*said),
    )


def _one_line(day: Day, reading: Reading) -> Mrkdwn:
    """A visit of a very full day: its gravest colour with its word, the first time, who comes."""
    t, is_hidden = day.t, reading.picture.visit.is_confidential and reading.reader is None
    lights = {stands.light for _, stands in day.stops(reading)}
    light = next((light for light in _CIRCLES if light in lights), Light.OVER)
    word = {
        Light.RED: t.pgettext("board.stop", "needs attention"),
        Light.YELLOW: t.pgettext("board.stop", "open"),
        Light.GREEN: t.pgettext("board.stop", "confirmed"),
        Light.OVER: t.pgettext("board.stop", "over"),
    }[light]
    return t.rich.pgettext(
        "board",
        "{circle} {visit}: {status}",
        circle=Mrkdwn(_CIRCLES[light]),
        visit=escape(t.pgettext("board", "Confidential visit")) if is_hidden else _title(reading),
        status=word,
    )


def _finding(reading: Reading, found: Finding) -> str:
    t = reading.t
    names = t.list([reading.name(person) for person in found.people]) if found.people else ""
    match found.word:
        case Word.NO_CAR:
            return t.pgettext("board.stop", "no car")
        case Word.DRIVER_MISSING:
            return t.pgettext("board.stop", "nobody in place yet")
        case Word.CANNOT_ATTEND | Word.LEADER_DECLINED:
            return t.pgettext("board.stop", "can't attend: {names}", names=names)
        case Word.LATE:
            return t.pgettext("board.stop", "late: {names}", names=names)
        case Word.REQUEST_DECLINED:
            return t.pgettext("board.stop", "a request was declined")
        case Word.REQUEST_COUNTERED:
            return t.pgettext("board.stop", "a suggestion waits for the lead host")
        case Word.REQUEST_OVERDUE:
            return t.pgettext("board.stop", "a request is not answered")
        case Word.CAR_REQUESTED:
            return t.pgettext("board.stop", "car not assigned yet")
        case Word.DRIVER_ASKED | Word.LEADER_ASKED:
            return t.pgettext("board.stop", "not confirmed yet: {names}", names=names)
        case Word.NUMBER_MISSING:
            return t.pgettext("board.stop", "number not known")
        case Word.PLACE_MISSING:
            return t.pgettext("board.stop", "place not known")
        case Word.CAR_CONFIRMED:
            return t.pgettext("board.stop", "car confirmed: {names}", names=names)
        case Word.ATTENDS:
            return t.pgettext("board.stop", "will attend: {names}", names=names)
        case Word.ON_MY_WAY:
            return t.pgettext("board.stop", "on the way: {names}", names=names)
        case Word.IN_PLACE:
            return t.pgettext("board.stop", "in place: {names}", names=names)
        case Word.ABOARD:
            return t.pgettext("board.stop", "guests aboard")
        case Word.ARRIVED:
            return t.pgettext("board.stop", "guests arrived")


def _details(reading: Reading) -> Block:
    value = VisitRef(reading.picture.visit.key).pack()
    return blocks.button(reading.t.pgettext("visit.button", "Details"), Action.SHOW_VISIT, value)
