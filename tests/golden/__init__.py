"""Every notice of the reference visit: when, to whom, why and in which words; a file for each language.

`python -m tests.golden update` writes them anew. Read the difference line by line against the procedure before it is
committed: this is what a whole company is told.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
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
from bot.models.notices import Notice, NoticeKind
from bot.procedure.days import OfDay, due_on, of_days
from bot.procedure.open_points import open_points
from bot.procedure.picture import Picture
from bot.procedure.plan import Wanted, plan
from bot.procedure.silence import as_planned
from bot.procedure.together import together, why_together
from tests.reference import Reference
from tests.rendering import rendered

RULEBOOK = read_rulebook()

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Line:
    """One notice, or the same one to several people."""

    at: datetime
    rule: str
    kind: str
    to: str
    text: str
    is_part: bool = False
    """Told in one message with others that fall due for the same person."""


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
        f"   to {', '.join(people[line])} ({line.to}){', in one message' * line.is_part}\n{line.text}\n"
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
        rulebook, zone = RULEBOOK, ZoneInfo(self.reference.zone)
        planned = plan(self.picture, rulebook, self.reference.calendar, as_planned)
        notices = [_notice(wanted, self.picture.visit.opened_at) for wanted in planned]
        groups = self._together(notices)
        parts = {part.id for group in groups for part in group}
        for wanted, notice in zip(planned, notices, strict=True):
            assert wanted.person_id is not None
            reading = self._reading(wanted.person_id, wanted.due_at)
            points = open_points(self.picture, planned, wanted.due_at) if wanted.rule.startswith("C16") else ()
            text = self._shown(render(reading, notice, points=points))
            line = Line(
                wanted.due_at, wanted.rule, wanted.kind, str(wanted.payload.get("to", "")), text, notice.id in parts
            )
            yield line, self.picture.people[wanted.person_id].name
        for group in groups:
            yield self._carrier(group), self.picture.people[group[0].person_id or 0].name
        for part in of_days(self.picture, rulebook, zone).values():
            at = due_on(part.rule, part.begins, self.reference.calendar)
            text = self._lock_screen(self._of_day(part, at))
            name = self.picture.people[part.person_id].name if part.person_id else "#reception"
            yield Line(at, part.rule.id, part.kind, "day", text), name

    def _together(self, notices: Sequence[Notice]) -> list[list[Notice]]:
        """What falls due for one person at the same moment."""
        moments = sorted({notice.due_at for notice in notices})
        due = [[notice for notice in notices if notice.due_at == at] for at in moments]
        return [group for at, some in zip(moments, due, strict=True) for group in together(some, RULEBOOK, at)]

    def _carrier(self, group: Sequence[Notice]) -> Line:
        """The message in which they arrive, by its line on the lock screen."""
        at, payload = group[0].due_at, why_together(group, RULEBOOK)
        one = _row(key="together", kind=NoticeKind.SHORT_NOTICE, person_id=group[0].person_id, payload=payload, at=at)
        reading = self._reading(one.person_id, at)
        text = self._lock_screen(render(reading, one, merged=group))
        rules = " ".join(part.rule for part in group)
        return Line(at, "G4", one.kind, rules, text)

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
        return Reading(t, self.picture, now, reader, lambda code: self.catalogs.translator(code, zone), RULEBOOK)

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


def _notice(wanted: Wanted, opened_at: datetime) -> Notice:
    notice = _row(wanted.key, wanted.kind, wanted.person_id, dict(wanted.payload), wanted.due_at)
    notice.rule, notice.stop_id, notice.booking_id = wanted.rule, wanted.stop_id, wanted.booking_id
    notice.useful_until, notice.created_at = wanted.useful_until, opened_at
    return notice


def _row(key: str, kind: NoticeKind, person_id: int | None, payload: dict[str, object], at: datetime) -> Notice:
    return Notice(
        id=hashlib.md5(key.encode(), usedforsecurity=False).hexdigest(),
        workspace_id="T1",
        visit_id=1,
        key=key,
        kind=kind,
        person_id=person_id,
        payload=payload,
        due_at=at,
        useful_until=at,
        created_at=at,
        attempt_at=at,
    )


def update(languages: Iterable[Language] = tuple(Language)) -> None:
    """Writes every file anew."""
    catalogs = Catalogs.load(strict=True)
    for language in languages:
        file_of(language).write_text(golden(catalogs, language), encoding="utf-8")
