"""A day of a workspace as it stands: what run sheets and boards are made of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.messages import boards, introductions, run_sheets
from bot.messages.blocks import Message
from bot.messages.boards import Day
from bot.messages.run_sheets import Share
from bot.models.notices import Notice, NoticeKind
from bot.models.people import Person, Workspace
from bot.models.roles import Part
from bot.models.visits import Stop
from bot.procedure.days import begins, day_of_stop, own_stops_on, stops_on
from bot.procedure.introductions import first_meeting
from bot.procedure.lights import next_turn
from bot.procedure.picture import Picture
from bot.procedure.plan import Wanted
from bot.procedure.rules import Rulebook
from bot.procedure.sayings import Say
from bot.procedure.seeing import front_desk_is_asked
from bot.procedure.vocabulary import Answer
from bot.services.reading import Readers

_CUES = (Say.DRIVER_MISSING, Say.AT_TABLE, Say.BILL, Say.TOUR_READY)
"""Said when their moment has come, or where something goes wrong: nothing to be told of in the morning."""
SHEET_TELLS = ("starts_at", "place", "number", "room", "subject")
"""What whoever has a stop on their run sheet knows of it, and hears of when it changes."""


@dataclass(frozen=True)
class OneDay:
    """A day of a workspace with those of its visits that a message is about, and whom it goes to."""

    workspace: Workspace
    date: date
    pictures: tuple[Picture, ...]
    reader: Person | None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.workspace.zone)

    def stops(self) -> list[Stop]:
        """All stops of the day."""
        return [stop for picture in self.pictures for stop in stops_on(picture, self.date, self.zone)]

    def own_stops(self, picture: Picture, rulebook: Rulebook) -> list[Stop]:
        """The reader's stops of the day in one of its visits."""
        if self.reader is None:
            return []
        return own_stops_on(picture, rulebook, self.reader.key, self.date, self.zone)

    def next_turn(self, notice: Notice, now: datetime) -> datetime | None:
        """When the message is to be looked at again although nobody does anything: a board, when a stop is over."""
        return next_turn(self.stops(), now) if notice.kind == NoticeKind.BOARD else None


async def read_days(
    session: AsyncSession, notices: Collection[Notice], pictures: Mapping[int, Picture]
) -> dict[str, OneDay]:
    """The days that these notices are about, by notice; their visits have been read."""
    if not notices:
        return {}
    workspace_ids, person_ids = {n.workspace_id for n in notices}, {n.person_id for n in notices}
    found = (await session.exec(select(Workspace).where(col(Workspace.id).in_(workspace_ids)))).all()
    workspaces = {workspace.id: workspace for workspace in found}
    readers = (await session.exec(select(Person).where(col(Person.id).in_(person_ids)))).all()
    people = {person.id: person for person in readers}
    return {
        notice.id: OneDay(
            workspace=workspaces[notice.workspace_id],
            date=date.fromisoformat(notice.payload["day"]),
            pictures=in_order(
                [pictures[int(visit)] for visit in notice.payload["visits"]],
                date.fromisoformat(notice.payload["day"]),
                ZoneInfo(workspaces[notice.workspace_id].zone),
            ),
            reader=people.get(notice.person_id),
        )
        for notice in notices
    }


def in_order(pictures: Collection[Picture], day: date, zone: ZoneInfo) -> tuple[Picture, ...]:
    """The visits in order of their first stop of the day."""

    def first(picture: Picture) -> tuple[datetime, int]:
        stops = [begins(picture, stop) for stop in stops_on(picture, day, zone)]
        return min(stops, default=picture.visit.departs_at), picture.visit.number

    return tuple(sorted(pictures, key=first))


def board_of(readers: Readers, day: OneDay, now: datetime) -> Message:
    """The board of the reception channel, or as an answer to one reader."""
    return boards.board(board_day(readers, day, now))


def board_day(readers: Readers, day: OneDay, now: datetime) -> Day:
    """The day before its reader."""
    t = readers.of(day.reader, day.workspace) if day.reader else readers.of_channel(day.workspace)
    shown = [picture for picture in day.pictures if _stands_on_board(readers, day, picture)]
    return Day(t, day.date, [readers.reading(picture, day.reader, now) for picture in shown])


def _stands_on_board(readers: Readers, day: OneDay, picture: Picture) -> bool:
    """Before everybody in a channel a confidential visit stands only where the front desk needs to know when."""
    is_hidden = picture.visit.is_confidential and day.reader is None
    return not is_hidden or front_desk_is_asked(picture, readers.rulebook)


def sheet_of(
    readers: Readers, day: OneDay, planned: Mapping[int, Mapping[str, Wanted]], rulebook: Rulebook, now: datetime
) -> Message:
    """The reader's run sheet; `planned`: what ought to exist, by visit."""
    assert day.reader is not None, "a run sheet goes to a person"
    shares = []
    for picture in day.pictures:
        stops = day.own_stops(picture, rulebook)
        tasks, undone = _tasks(planned[picture.visit.key].values(), day)
        reading = readers.reading(picture, day.reader, now)
        introduced = introductions.text(reading) if _introduces(picture, day) else None
        shares.append(Share(reading, stops, tasks, undone, introduced))
    return run_sheets.run_sheet(readers.of(day.reader, day.workspace), day.date, shares)


def _introduces(picture: Picture, day: OneDay) -> bool:
    """Whether the reader introduces people on this day: lead host or interpreter, at the first meeting (E2)."""
    stop = first_meeting(picture)
    if stop is None or day.reader is None or day_of_stop(stop, day.zone) != day.date:
        return False
    return day.reader.key in (picture.visit.lead_host_id, *picture.active(Part.INTERPRETER, stop))


def _tasks(planned: Collection[Wanted], day: OneDay) -> tuple[dict[int, Sequence[Say]], Sequence[Say]]:
    """What is asked of the reader today, by stop; and what was before and still waits to be done."""
    assert day.reader is not None
    today: dict[int, list[Say]] = {}
    undone: list[Say] = []
    own = [w for w in planned if w.kind == NoticeKind.DUTY and w.person_id == day.reader.id and w.is_open]
    for wanted in sorted(own, key=lambda w: (w.due_at, w.key)):
        if wanted.stop_id is None:
            continue
        due, say = wanted.due_at.astimezone(day.zone).date(), Say(str(wanted.payload["say"]))
        if say in _CUES:
            continue
        if due == day.date:
            today.setdefault(wanted.stop_id, []).append(say)
        elif due < day.date and wanted.payload["answer"] == Answer.DONE:
            undone.append(say)
    return {stop: tuple(dict.fromkeys(says)) for stop, says in today.items()}, tuple(dict.fromkeys(undone))
