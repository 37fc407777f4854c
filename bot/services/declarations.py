"""What people declare by pressing a reminder's button: on my way, I'll attend, got it. Once a stop and person."""

from dataclasses import dataclass

from sqlmodel import select

from bot.errors import AlreadyAnswered, NotAllowed, OutOfDate, WhoMay
from bot.models.notices import Declaration, DeclarationKind, Notice, NoticeKind, RecordKind
from bot.models.people import Actor
from bot.models.visits import Stop
from bot.procedure.rules import Answer
from bot.services.office import Office

_MAY_DECLARE = {
    Answer.ON_MY_WAY: {DeclarationKind.ON_MY_WAY},
    Answer.ATTENDANCE: {DeclarationKind.ATTENDS, DeclarationKind.CANNOT_ATTEND},
    Answer.GOT_IT: {DeclarationKind.GOT_IT},
}


@dataclass(frozen=True)
class Declarations:
    """The verb on reminders."""

    office: Office

    async def declare(self, actor: Actor, notice_id: str, kind: DeclarationKind) -> None:
        """Note what the person declares about the stop the reminder told of, as it was told."""
        async with self.office.database.read() as session:
            notice = await session.get(Notice, notice_id)
        if notice is None or notice.kind != NoticeKind.REMINDER or notice.workspace_id != actor.person.workspace_id:
            raise OutOfDate
        if notice.person_id != actor.id:
            raise NotAllowed(WhoMay.ADDRESSEE)
        if kind not in _MAY_DECLARE.get(Answer(notice.payload["answer"]), set()):
            raise OutOfDate
        async with self.office.changing(notice.visit_id) as change:
            stop = await change.session.get(Stop, notice.stop_id)
            told = notice.told.get(str(notice.stop_id))
            if stop is None or stop.is_removed or not told or told["starts_at"] != stop.starts_at.isoformat():
                raise OutOfDate
            same = select(Declaration).where(
                Declaration.stop_id == stop.key,
                Declaration.person_id == actor.id,
                Declaration.stop_starts_at == stop.starts_at,
            )
            earlier = (await change.session.exec(same)).one_or_none()
            if earlier is not None:
                raise AlreadyAnswered(actor.person.name, earlier.declared_at)
            change.session.add(
                Declaration(
                    visit_id=change.visit.key,
                    stop_id=stop.key,
                    person_id=actor.id,
                    stop_starts_at=stop.starts_at,
                    kind=kind,
                    declared_at=change.now,
                )
            )
            if kind != DeclarationKind.GOT_IT:
                await change.record(actor.id, RecordKind.DECLARED, stop=stop.key, what=kind)
