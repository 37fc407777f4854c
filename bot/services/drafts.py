"""Drafts: what somebody typed into the form for a new visit, kept until the visit is open."""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import col, select

from bot.errors import OutOfDate
from bot.models.forms import VisitForm
from bot.models.people import Actor
from bot.models.visits import Draft
from bot.services.office import Office


@dataclass(frozen=True)
class Drafts:
    """The verbs on drafts; everybody sees only their own."""

    office: Office

    async def begin(self, actor: Actor, fresh: VisitForm) -> tuple[Draft, bool]:
        """The person's unfinished draft, or a new one with `fresh` in it; and whether it was unfinished before."""
        async with self.office.database.write() as session:
            unfinished = (
                select(Draft)
                .where(Draft.person_id == actor.id, col(Draft.visit_id).is_(None))
                .order_by(col(Draft.changed_at).desc())
            )
            draft = (await session.exec(unfinished)).first()
            if draft is not None and VisitForm.from_json(draft.form).has_content:
                return draft, True
            if draft is None:
                draft = Draft(
                    id=uuid.uuid4().hex,
                    workspace_id=actor.person.workspace_id,
                    person_id=actor.id,
                    changed_at=self.office.clock.now(),
                )
            draft.form = fresh.to_json()
            session.add(draft)
            return draft, False

    async def keep(self, actor: Actor, draft_id: str, form: VisitForm) -> None:
        """Remember what stands in the form now. A draft that became a visit, or is somebody else's, is left alone."""
        async with self.office.database.write() as session:
            values = {"form": form.to_json(), "changed_at": self.office.clock.now()}
            await session.exec(update(Draft).where(_unfinished(actor, draft_id)).values(**values))

    async def kept(self, actor: Actor, draft_id: str) -> VisitForm:
        """What stands in a draft of the person's."""
        async with self.office.database.read() as session:
            draft = await session.get(Draft, draft_id)
            if draft is None or draft.person_id != actor.id:
                raise OutOfDate
            return VisitForm.from_json(draft.form)

    async def discard(self, actor: Actor, draft_id: str) -> None:
        """Forget a draft, at the person's wish."""
        async with self.office.database.write() as session:
            await session.exec(delete(Draft).where(_unfinished(actor, draft_id)))


def _unfinished(actor: Actor, draft_id: str) -> ColumnElement[bool]:
    return (col(Draft.id) == draft_id) & (col(Draft.person_id) == actor.id) & col(Draft.visit_id).is_(None)
