"""What every service works with, and the one way to change a visit."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, inspect
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import database
from bot.clock import Clock
from bot.database import Database, Written, locked
from bot.errors import NotAllowed, OutOfDate, VisitIsOver
from bot.models.notices import Notice, NoticeKind, Record, RecordKind
from bot.models.people import Actor, Workspace
from bot.models.visits import Visit
from bot.procedure.calendar import calendar_of
from bot.procedure.picture import Picture
from bot.procedure.plan import NEWS_LASTS
from bot.procedure.rules import Rulebook
from bot.services import days
from bot.services.drivers import hold_named, tell_of, unname_taken
from bot.services.pictures import read_picture
from bot.services.preparation import Preparation
from bot.services.reconcile import reconcile
from bot.services.rows import add_rows, new_row
from bot.services.showing import answers_in, doing
from bot.services.taking_back import take_back_if_changed

_CHANGES_OF_STOPS = (RecordKind.CHANGED, RecordKind.DELAYED)
"""Whoever answers, or says how far they are, still has to hear what they were not told yet."""


@dataclass(frozen=True)
class Office:
    """Database, clock and rulebook."""

    database: Database
    clock: Clock
    rulebook: Rulebook

    @asynccontextmanager
    async def changing(self, visit_id: int) -> AsyncIterator["Change"]:
        """A transaction on one visit: what the body changes and the notices this causes are committed together.

        Raises OutOfDate for a visit that is not there, VisitIsOver for a canceled one, HeldMeanwhile where another
        change took the same car, driver or room at the same moment.
        """
        async with self.database.write() as session:
            visit = await locked(session, Visit, visit_id)
            if visit is None:
                raise OutOfDate
            if not visit.is_open:
                raise VisitIsOver(visit.reference)
            change = Change(session, visit, self.clock.now(), Written.by(session))
            yield change
            await self.settle(change)

    @asynccontextmanager
    async def changing_by(self, actor: Actor, visit_id: int) -> AsyncIterator["Change"]:
        """The same for those who may change the visit; raises NotAllowed for the others."""
        async with self.changing(visit_id) as change:
            if change.visit.workspace_id != actor.person.workspace_id or not change.visit.can_be_changed_by(actor):
                raise NotAllowed(change.visit.kept_by)
            yield change

    async def settle(self, change: "Change", picture: Picture | None = None) -> Picture:
        """Reconcile the visit at the end of a change, inside its transaction.

        `picture`: the visit as it stands, where it has just been read.

        HeldMeanwhile where another change took the same car, driver or room at the same moment.
        """
        did = frozenset(change.did)  # what follows from it is put on record in somebody's name as well
        picture = await self._prepare(change, picture or await read_picture(change.session, change.visit))
        await take_back_if_changed(change.session, picture, change.now, by=change.author_id)
        channel = picture.workspace.reception_channel
        is_without_card = channel and change.visit.is_open and await change.card(channel) is None
        card = [change.notice(f"card:{channel}", NoticeKind.CARD, channel, {})] if is_without_card else []
        session, now = change.session, change.now
        calendar = calendar_of(picture.workspace, change.visit)
        await days.take_turn(session, picture.workspace.id)
        of_days = days.wanted_of(picture, self.rulebook, now)
        rows = await days.rows_of(session, picture, of_days, now)
        sheets = [row for row in rows if row.kind == NoticeKind.RUN_SHEET]
        await session.flush()
        answers = answers_in(change.written) if change.written is not None else None
        wanted = await reconcile(
            session,
            picture,
            self.rulebook,
            calendar,
            now,
            is_new=change.is_new,
            told_besides=sheets,
            answers=answers,
            did=did,
            gave_up=change.gave_up,
            besides=card,
        )
        seen_by = None if answers is None else doing(wanted.values(), answers)
        await days.settle_days(session, picture, of_days, rows, calendar, now, seen_by=seen_by)
        return picture

    async def _prepare(self, change: "Change", picture: Picture) -> Picture:
        """Requests and drivers as they fit the visit now; what no longer does stands on record (G5)."""
        session = change.session
        picture, unnamed = await unname_taken(session, picture)
        preparation = Preparation(session, change.now, picture, self.rulebook)
        picture = await preparation.keep()
        await hold_named(session, picture)
        if preparation.released and not change.on_record:
            await change.record(change.author_id, RecordKind.REQUESTS_RELEASED, bookings=preparation.released)
        change.asked_again.extend(preparation.asked_again)
        if preparation.asked_again or unnamed:
            by = change.author_id
            await tell_of(session, picture, unnamed, change.now)
            for driver in unnamed:
                about = {"driver": driver.person_id, "stop": driver.stop_id, "reference": driver.taken.reference}
                await change.record(by, RecordKind.DRIVER_UNNAMED, **about)
            if preparation.asked_again:
                why = {"left": True} if change.is_leaving else {}
                await change.record(by, RecordKind.REQUESTS_ASKED_AGAIN, bookings=preparation.asked_again, **why)
        return picture


@dataclass(frozen=True)
class Change:
    """One change of one visit under way."""

    session: AsyncSession
    visit: Visit
    now: datetime
    written: Written | None = None
    """What it has changed so far; None where that is not known, or not all: then everything is looked at again."""
    is_new: bool = False
    """Whether the visit is only being opened: nothing else was there before."""
    on_record: list[int] = field(default_factory=list)
    """In whose name it stands on record, a person for each entry."""
    did: list[tuple[int, int]] = field(default_factory=list)
    """(person, stop): who has changed which stop, as far as it stands on record."""
    is_leaving: bool = False
    """Whether all that has changed is that somebody left the workspace."""
    asked_again: list[int] = field(default_factory=list)
    """The requests whose answer does not hold any more, once the change is settled."""
    gave_up: list[int] = field(default_factory=list)
    """Who has said that they can't: they know what is not theirs any more."""

    def by(self, actor: Actor) -> Visit:
        """The visit, for somebody who may change it; NotAllowed for anybody else."""
        return changeable(self.visit, actor)

    @property
    def author_id(self) -> int:
        """Whose change this is: whoever stands on record for it first. What other rules or settings change is nobody's:
        then the lead host, who answers for the visit (G1)."""
        return self.on_record[0] if self.on_record else self.visit.lead_host_id

    async def picture(self) -> Picture:
        """The visit as it stands inside this change."""
        await self.session.flush()
        return await read_picture(self.session, self.visit)

    async def record(self, person_id: int, kind: RecordKind, **details: Any) -> None:
        """Keep on record who did what (G5), and say so in the thread of the visit's card, unless it is confidential."""
        if "stop" in details and kind in _CHANGES_OF_STOPS:
            self.did.append((person_id, details["stop"]))
        self.on_record.append(person_id)
        entry = Record(visit_id=self.visit.key, person_id=person_id, at=self.now, kind=kind, details=details)
        self.session.add(entry)
        if self.visit.is_confidential or kind == RecordKind.OPENED:
            return
        await self.session.flush()
        workspace = await self.session.get(Workspace, self.visit.workspace_id)
        channel = workspace.reception_channel if workspace else None
        if channel and await self.card(channel) is not None:
            said = self.notice(f"record:{entry.id}", NoticeKind.THREAD, channel, {"record": entry.id})
            await add_rows(self.session, [said])

    async def insert(self, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        """Rows that all have the same columns, in one statement: as objects each would be inserted alone, for an id
        that nobody asks for."""
        if self.written is None:
            await database.add_rows(self.session, model, rows)
        elif rows:
            await self.session.exec(insert(inspect(model).local_table), params=rows)

    def notice(self, key: str, kind: NoticeKind, channel: str | None, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of one that goes to a channel, due now, useful as long as the visit is."""
        row = new_row(self.visit, key=key, kind=kind, now=self.now)
        until = max(self.now, self.visit.departs_at) + NEWS_LASTS
        return row | {"channel": channel, "payload": dict(payload), "useful_until": until}

    async def card(self, channel: str) -> Notice | None:
        """The visit's card in a channel."""
        if self.is_new:
            return None
        statement = select(Notice).where(Notice.visit_id == self.visit.key, Notice.key == f"card:{channel}")
        return (await self.session.exec(statement)).first()


def changeable(visit: Visit, actor: Actor) -> Visit:
    """The visit, for somebody who may change it; NotAllowed for anybody else."""
    if visit.workspace_id != actor.person.workspace_id or not visit.can_be_changed_by(actor):
        raise NotAllowed(visit.kept_by)
    return visit
