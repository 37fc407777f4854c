"""Every notice of the reference visit: when, to whom, why and in which words; a file for each language.

`python -m tests.golden update` writes them anew. Read the difference line by line against the procedure before it is
committed: this is what a whole company is told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import read_rulebook
from bot.i18n import Catalogs, Language
from bot.messages import boards, run_sheets
from bot.messages.blocks import Block, Message
from bot.messages.boards import Day
from bot.messages.notices import render
from bot.messages.reading import Reading
from bot.messages.run_sheets import Share
from bot.models.notices import Notice
from bot.procedure.days import OfDay, due_on, of_days
from bot.procedure.open_points import open_points
from bot.procedure.picture import Picture
from bot.procedure.plan import Wanted, plan
from tests.reference import Reference
from tests.rendering import rendered

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Line:
    """One notice, or the same one to several people."""

    at: datetime
    rule: str
    kind: str
    to: str
    text: str


def file_of(language: Language) -> Path:
    """Where the notices of the reference visit are kept in a language."""
    return FOLDER / f"reference.{language}.txt"


def golden(catalogs: Catalogs, language: Language) -> str:
    """All notices in order of time, as they read at their time while nobody has answered anything."""
    reference = Reference()
    told = _Telling(catalogs, language, reference, reference.picture())
    people: dict[Line, list[str]] = {}
    for line, name in told.lines():
        people.setdefault(line, []).append(name)
    zone = ZoneInfo(reference.zone)
    pieces = [
        f"━━ {line.at.astimezone(zone):%a %Y-%m-%d %H:%M}  {line.rule} {line.kind}\n"
        f"   to {', '.join(people[line])} ({line.to})\n{line.text}\n"
        for line in sorted(people, key=lambda line: (line.at, line.rule, people[line]))
    ]
    return "\n".join(pieces)


@dataclass(frozen=True)
class _Telling:
    """One language's reader of the visit."""

    catalogs: Catalogs
    language: Language
    reference: Reference
    picture: Picture

    def lines(self) -> Iterator[tuple[Line, str]]:
        """Every notice with the name of whoever is told."""
        rulebook, zone = read_rulebook(), ZoneInfo(self.reference.zone)
        planned = plan(self.picture, rulebook, self.reference.calendar)
        for wanted in planned:
            assert wanted.person_id is not None
            reading = self._reading(wanted.person_id, wanted.due_at)
            points = open_points(self.picture, planned, wanted.due_at) if wanted.rule.startswith("C16") else ()
            text = self._shown(render(reading, _notice(wanted), points=points))
            to = str(wanted.payload.get("to", ""))
            yield Line(wanted.due_at, wanted.rule, wanted.kind, to, text), self.picture.people[wanted.person_id].name
        for part in of_days(self.picture, rulebook, zone).values():
            at = due_on(part.rule, part.begins, self.reference.calendar)
            text = self._lock_screen(self._of_day(part, at))
            name = self.picture.people[part.person_id].name if part.person_id else "#reception"
            yield Line(at, part.rule.id, part.kind, "day", text), name

    def _of_day(self, part: OfDay, at: datetime) -> Message:
        reading = self._reading(part.person_id, at)
        if part.person_id is None:
            return boards.board(Day(reading.t, part.day, [reading]))
        stops = [stop for stop in self.picture.live_stops if stop.key in part.stops]
        return run_sheets.run_sheet(reading.t, part.day, [Share(reading, stops)])

    def _reading(self, person_id: int | None, now: datetime) -> Reading:
        zone = ZoneInfo(self.reference.zone)
        reader = self.picture.people[person_id] if person_id else None
        t = self.catalogs.translator(self.language, zone)
        return Reading(t, self.picture, now, reader, lambda code: self.catalogs.translator(code, zone))

    def _shown(self, message: Message) -> str:
        """The line on the lock screen, the request and the buttons: facts and title are kept as snapshots."""
        kept = [block for block in message.blocks if block["type"] != "header" and "fields" not in block]
        return rendered(Message(message.text, tuple(_without_menus(block) for block in kept)), self._name_of)

    def _lock_screen(self, message: Message) -> str:
        return rendered(message, self._name_of).splitlines()[0]

    def _name_of(self, slack_id: str) -> str:
        return next(person.name for person in self.picture.people.values() if person.slack_id == slack_id)


def _without_menus(block: Block) -> Block:
    if block["type"] != "actions":
        return block
    return block | {"elements": [element for element in block["elements"] if element["type"] == "button"]}


def _notice(wanted: Wanted) -> Notice:
    return Notice(
        id="0" * 32,
        workspace_id="T1",
        visit_id=1,
        key=wanted.key,
        kind=wanted.kind,
        rule=wanted.rule,
        person_id=wanted.person_id,
        stop_id=wanted.stop_id,
        booking_id=wanted.booking_id,
        payload=dict(wanted.payload),
        due_at=wanted.due_at,
        useful_until=wanted.useful_until,
        created_at=wanted.due_at,
        attempt_at=wanted.due_at,
    )


def update(languages: Iterable[Language] = tuple(Language)) -> None:
    """Writes every file anew."""
    catalogs = Catalogs.load(strict=True)
    for language in languages:
        file_of(language).write_text(golden(catalogs, language), encoding="utf-8")
