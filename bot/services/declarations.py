"""What people declare by pressing a reminder's button: on my way, I'll attend, got it. Once a stop and person."""

from dataclasses import dataclass

from bot.errors import AlreadyAnswered, NotAllowed, OutOfDate, WhoMay
from bot.models.notices import Declaration, DeclarationKind, Notice, NoticeKind, RecordKind
from bot.models.people import Actor
from bot.procedure.picture import Picture
from bot.procedure.plan import plan, planned_key
from bot.procedure.rules import Answer
from bot.services.office import Office, calendar_of

_MAY_DECLARE = {
    Answer.ON_MY_WAY: {DeclarationKind.ON_MY_WAY},
    Answer.ATTENDANCE: {DeclarationKind.ATTENDS, DeclarationKind.CANNOT_ATTEND},
    Answer.GOT_IT: {DeclarationKind.GOT_IT},
    Answer.DONE: {DeclarationKind.DONE},
}
_ASKING = (NoticeKind.REMINDER, NoticeKind.DUTY)


@dataclass(frozen=True)
class Declarations:
    """The verb on reminders and duties."""

    office: Office

    async def declare(self, actor: Actor, notice_id: str, kind: DeclarationKind) -> None:
        """Note what the person declares in answer to a notice, as long as what it asked is still asked."""
        async with self.office.database.read() as session:
            notice = await session.get(Notice, notice_id)
        if notice is None or notice.kind not in _ASKING or notice.workspace_id != actor.person.workspace_id:
            raise OutOfDate
        if notice.person_id != actor.id:
            raise NotAllowed(WhoMay.ADDRESSEE)
        if kind not in _MAY_DECLARE.get(Answer(notice.payload["answer"]), set()):
            raise OutOfDate
        async with self.office.changing(notice.visit_key) as change:
            picture = await change.picture()
            stop, asks = picture.stop(notice.stop_id), self._still_asked(notice, picture)
            if stop is None:
                raise OutOfDate
            earlier = picture.declared(asks)
            if earlier is not None:
                raise AlreadyAnswered(picture.people[earlier.person_id].name, earlier.declared_at)
            change.session.add(
                Declaration(
                    visit_id=change.visit.key,
                    key=asks,
                    stop_id=stop.key,
                    person_id=actor.id,
                    stop_starts_at=stop.starts_at,
                    kind=kind,
                    rule=notice.rule,
                    declared_at=change.now,
                )
            )
            if kind == DeclarationKind.DONE:
                await change.record(actor.id, RecordKind.DONE, say=notice.payload["say"], stop=stop.key)
            elif kind != DeclarationKind.GOT_IT:
                await change.record(actor.id, RecordKind.DECLARED, stop=stop.key, what=kind)

    def _still_asked(self, notice: Notice, picture: Picture) -> str:
        """The key of what the notice asks; OutOfDate where the plan asks for it no longer."""
        calendar = calendar_of(picture.workspace, picture.visit)
        wanted = {w.key: w for w in plan(picture, self.office.rulebook, calendar)}.get(planned_key(notice.key))
        if wanted is None or wanted.payload.get("asks") != notice.payload.get("asks"):
            raise OutOfDate
        return str(notice.payload["asks"])
