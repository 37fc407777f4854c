"""One press reminds everybody who owes something to a visit (C16)."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert
from sqlmodel import col, select

from bot.errors import NotAllowed
from bot.models.notices import Notice, NoticeKind, RecordKind
from bot.models.people import Actor
from bot.models.roles import Role
from bot.procedure.calendar import calendar_of
from bot.procedure.open_points import open_points
from bot.procedure.picture import Picture
from bot.procedure.plan import plan
from bot.procedure.seeing import can_be_seen_by
from bot.services.office import Change, Office
from bot.services.rows import new_row

NOT_AGAIN_WITHIN = timedelta(hours=1)
"""Nobody is nudged twice within this time."""


@dataclass(frozen=True)
class Nudges:
    """The verb on open points."""

    office: Office

    async def remind_everyone(self, actor: Actor, visit_id: int) -> tuple[int, ...]:
        """One message to each owner of an open point, with just theirs; returns whom. Lead host and administration."""
        async with self.office.changing(visit_id) as change:
            picture = await change.picture()
            if not self._may_remind(actor, picture):
                raise NotAllowed(change.visit.kept_by)
            planned = plan(picture, self.office.rulebook, calendar_of(picture.workspace, change.visit))
            owners = {owner for point in open_points(picture, planned, change.now) for owner in point.owners}
            recently = await self._nudged_recently(change)
            people = tuple(sorted(owners - recently - {actor.id}))
            if people:
                rows = [self._row(change, person) for person in people]
                await change.session.exec(insert(Notice), params=rows)
                await change.record(actor.id, RecordKind.NUDGED, people=list(people))
        return people

    def _may_remind(self, actor: Actor, picture: Picture) -> bool:
        """Administration is given the list of a confidential visit as well, though it changes nothing of it."""
        is_given_it = actor.has(Role.ADMINISTRATION) and can_be_seen_by(picture, self.office.rulebook, actor)
        return picture.visit.can_be_changed_by(actor) or is_given_it

    async def _nudged_recently(self, change: Change) -> set[int | None]:
        statement = select(Notice.person_id).where(
            Notice.visit_id == change.visit.key,
            Notice.kind == NoticeKind.NUDGE,
            col(Notice.created_at) > change.now - NOT_AGAIN_WITHIN,
        )
        return set((await change.session.exec(statement)).all())

    def _row(self, change: Change, person_id: int) -> dict[str, object]:
        key = f"nudge:person{person_id}:{change.now:%Y%m%dT%H%M%S}"
        row = new_row(change.visit, key=key, kind=NoticeKind.NUDGE, now=change.now)
        until = max(change.now, change.visit.departs_at) + NOT_AGAIN_WITHIN
        return row | {"person_id": person_id, "rule": "C16", "useful_until": until}
