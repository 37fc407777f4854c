"""What people declare by pressing a reminder's button: on my way, I'll attend, got it. Once a stop and person."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from bot.errors import AlreadyAnswered, FormErrors, NotAllowed, OutOfDate, Problem, WhoMay
from bot.models.notices import (
    AFTER_ALL,
    TAKEN_BACK,
    Declaration,
    DeclarationKind,
    Notice,
    NoticeKind,
    RecordKind,
    declaration_key,
)
from bot.models.people import Actor
from bot.models.visits import Stop, Visit
from bot.procedure.calendar import calendar_of
from bot.procedure.deputies import FOR
from bot.procedure.journeys import DRIVEN, attended_from, steps_left, steps_of
from bot.procedure.picture import Picture
from bot.procedure.plan import plan, planned_key
from bot.procedure.vocabulary import Answer
from bot.services.asking import refuse_begun
from bot.services.office import Change, Office
from bot.services.pictures import read_picture

_MAY_DECLARE = {
    Answer.ON_MY_WAY: {DeclarationKind.ON_MY_WAY},
    Answer.ATTENDANCE: {DeclarationKind.ATTENDS, DeclarationKind.CANNOT_ATTEND},
    Answer.GOT_IT: {DeclarationKind.GOT_IT},
    Answer.DONE: {DeclarationKind.DONE},
    Answer.HERE: {DeclarationKind.HERE},
}
_ASKING = (NoticeKind.REMINDER, NoticeKind.DUTY)
_UNRECORDED = (DeclarationKind.GOT_IT, DeclarationKind.LATE)
MOST_MINUTES_LATE = 24 * 60
MOST_ABOARD = 500
"""Guests, and pieces of luggage."""


@dataclass(frozen=True)
class Declarations:
    """The verbs on reminders, duties and a driver's card."""

    office: Office

    async def declare(self, actor: Actor, notice_id: str, kind: DeclarationKind) -> None:
        """Note what the person declares in answer to a notice, as long as what it asked is still asked."""
        async with self._answering(actor, notice_id) as (change, picture, notice, stop):
            if Answer(notice.payload["answer"]) == Answer.DRIVE:
                key, details = _step(picture, notice, stop, kind, actor), _aboard(picture, kind)
            elif kind in _MAY_DECLARE.get(Answer(notice.payload["answer"]), set()):
                key, details = str(notice.payload["asks"]), {}
            else:
                raise OutOfDate
            _refuse_answered(picture, key)
            self._add(change, actor, notice, stop, kind, key, details)
            if kind == DeclarationKind.DONE:
                await change.record(actor.id, RecordKind.DONE, say=notice.payload["say"], stop=stop.key)
            elif kind not in _UNRECORDED:
                await change.record(actor.id, RecordKind.DECLARED, stop=stop.key, what=kind)

    async def take_back(self, actor: Actor, notice_id: str) -> None:
        """Whoever said that they attend can't after all, as long as it has not begun; HasBegun otherwise."""
        async with self._answering_otherwise(actor, notice_id, DeclarationKind.ATTENDS) as (
            change,
            picture,
            stop,
            said,
        ):
            if attended_from(stop, picture.workspace) <= change.now:
                refuse_begun(picture, actor)
            # That somebody attends was told to nobody, unless they had said before that they do not.
            await _say(change, said, DeclarationKind.CANNOT_ATTEND, TAKEN_BACK, is_told_again=said.is_after_all)

    async def attend_after_all(self, actor: Actor, notice_id: str) -> None:
        """Whoever said that they can't attend does, as long as it is not over; HasBegun otherwise."""
        asked = self._answering_otherwise(actor, notice_id, DeclarationKind.CANNOT_ATTEND)
        async with asked as (change, picture, stop, said):
            if stop.ends_at <= change.now:
                refuse_begun(picture, actor)
            await _say(change, said, DeclarationKind.ATTENDS, AFTER_ALL, is_told_again=True)

    async def late(self, actor: Actor, notice_id: str, minutes: int) -> None:
        """Whoever drives will be late by so much; those who wait are told when to expect the car."""
        if not 0 < minutes <= MOST_MINUTES_LATE:
            raise OutOfDate
        async with self._answering(actor, notice_id) as (change, picture, notice, stop):
            if Answer(notice.payload["answer"]) != Answer.DRIVE:
                raise OutOfDate
            key = declaration_key(f"late{minutes}", stop.key, stop.starts_at)
            _refuse_answered(picture, key)
            self._add(change, actor, notice, stop, DeclarationKind.LATE, key, {"minutes": minutes})
            await change.record(actor.id, RecordKind.DECLARED, stop=stop.key, what=DeclarationKind.LATE)

    async def boarding(self, actor: Actor, notice_id: str) -> tuple[Picture, Declaration]:
        """That the guests are aboard, as it was declared from this card; OutOfDate where nobody has."""
        notice = await self._notice(actor, notice_id)
        async with self.office.database.read() as session:
            visit = (await session.exec(select(Visit).where(Visit.id == notice.visit_key))).one()
            picture = await read_picture(session, visit)
        return picture, _boarded(picture, notice)

    async def count(self, actor: Actor, notice_id: str, guests: int, luggage: int | None) -> None:
        """How many guests and pieces of luggage are really aboard; those who wait hear it where it is different."""
        if not 0 < guests <= MOST_ABOARD or (luggage or 0) > MOST_ABOARD:
            raise FormErrors({"guests": Problem.NOT_A_NUMBER})
        notice = await self._notice(actor, notice_id)
        async with self.office.changing(notice.visit_key) as change:
            declared = _boarded(await change.picture(), notice)
            counted = {"guests": guests} | ({} if luggage is None else {"luggage": luggage})
            if {name: declared.details.get(name) for name in counted} != counted:
                declared.details = declared.details | counted | {"counted_at": change.now.isoformat()}
                change.session.add(declared)

    def _add(
        self,
        change: Change,
        actor: Actor,
        notice: Notice,
        stop: Stop,
        kind: DeclarationKind,
        key: str,
        details: dict[str, Any],
    ) -> None:
        if FOR in notice.payload:
            details = details | {"for": notice.payload[FOR]}
        change.session.add(
            Declaration(
                visit_id=change.visit.key,
                key=key,
                stop_id=stop.key,
                person_id=actor.id,
                stop_starts_at=stop.starts_at,
                kind=kind,
                rule=notice.rule,
                declared_at=change.now,
                details=details,
            )
        )

    async def _notice(self, actor: Actor, notice_id: str) -> Notice:
        """The notice whose button was pressed; refused to everybody but its addressee."""
        async with self.office.database.read() as session:
            notice = await session.get(Notice, notice_id)
        if notice is None or notice.kind not in _ASKING or notice.workspace_id != actor.person.workspace_id:
            raise OutOfDate
        if notice.person_id != actor.id:
            raise NotAllowed(WhoMay.ADDRESSEE)
        return notice

    @asynccontextmanager
    async def _answering(self, actor: Actor, notice_id: str) -> AsyncIterator[tuple[Change, Picture, Notice, Stop]]:
        """A change in answer to a notice; OutOfDate where what it asks is asked no longer."""
        notice = await self._notice(actor, notice_id)
        async with self.office.changing(notice.visit_key) as change:
            picture = await change.picture()
            stop, calendar = picture.stop(notice.stop_id), calendar_of(picture.workspace, picture.visit)
            planned, asks = plan(picture, self.office.rulebook, calendar), notice.payload.get("asks")
            # Whoever was asked in somebody's place and is to be asked the same in another's was not asked twice.
            own = [w for w in planned if w.key == planned_key(notice.key) or (asks and w.person_id == notice.person_id)]
            if stop is None or all(wanted.payload.get("asks") != asks for wanted in own):
                raise OutOfDate
            yield change, picture, notice, stop

    @asynccontextmanager
    async def _answering_otherwise(
        self, actor: Actor, notice_id: str, before: DeclarationKind
    ) -> AsyncIterator[tuple[Change, Picture, Stop, Declaration]]:
        """The same for whoever has answered already: with what they said `before`; AlreadyAnswered where that was
        something else, or somebody else's answer."""
        async with self._answering(actor, notice_id) as (change, picture, notice, stop):
            said = picture.declared(str(notice.payload.get("asks", "")))
            if said is None:
                raise OutOfDate
            if said.kind != before or said.person_id != actor.id:
                raise AlreadyAnswered(picture.people[said.person_id].name, said.declared_at)
            yield change, picture, stop, said


async def _say(change: Change, said: Declaration, kind: DeclarationKind, instead: str, *, is_told_again: bool) -> None:
    """The answer is this one now; `instead`: what it was before (`TAKEN_BACK`, `AFTER_ALL`)."""
    kept = {name: value for name, value in said.details.items() if name not in (TAKEN_BACK, AFTER_ALL)}
    again = {"again_at": change.now.isoformat()} if is_told_again else {}
    said.details = kept | {instead: said.declared_at.isoformat()} | again
    said.kind, said.declared_at = kind, change.now
    change.session.add(said)
    about = {"stop": said.stop_id, "what": kind, instead: True}
    await change.record(said.person_id, RecordKind.DECLARED, **about)


def _step(picture: Picture, notice: Notice, stop: Stop, kind: DeclarationKind, actor: Actor) -> str:
    """The key of a driver's step; refused where a later one has been declared."""
    if kind not in steps_of(stop, notice.payload["to"]):
        raise OutOfDate
    said = picture.declared_of(stop, set(DRIVEN))
    if kind not in steps_left(stop, notice.payload["to"], {DeclarationKind(d.kind) for d in said}):
        furthest = max(said, key=lambda d: d.declared_at)
        raise AlreadyAnswered(picture.people[furthest.person_id].name, furthest.declared_at)
    if kind == DeclarationKind.ON_MY_WAY:
        return declaration_key("way", stop.key, stop.starts_at, actor.id)
    return declaration_key(kind, stop.key, stop.starts_at)


def _aboard(picture: Picture, kind: DeclarationKind) -> dict[str, Any]:
    """As many as are expected, until somebody counts them."""
    visit = picture.visit
    if kind != DeclarationKind.ABOARD:
        return {}
    return {"guests": visit.party_size} | ({} if visit.luggage is None else {"luggage": visit.luggage})


def _boarded(picture: Picture, notice: Notice) -> Declaration:
    stop = picture.stop(notice.stop_id)
    found = picture.declared_of(stop, {DeclarationKind.ABOARD}) if stop else ()
    if not found:
        raise OutOfDate
    return found[0]


def _refuse_answered(picture: Picture, key: str) -> None:
    earlier = picture.declared(key)
    if earlier is not None:
        raise AlreadyAnswered(picture.people[earlier.person_id].name, earlier.declared_at)
