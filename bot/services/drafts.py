"""Drafts: what somebody typed into the form for a new visit, kept until the visit is open."""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from bot.errors import OutOfDate
from bot.models.drafts import Draft
from bot.models.forms import VisitForm
from bot.models.people import Actor
from bot.services.office import Office


@dataclass(frozen=True)
class Drafts:
    """The verbs on drafts; everybody sees only their own."""

    office: Office

    async def begin(self, actor: Actor, fresh: VisitForm) -> tuple[Draft, bool]:
        """The person's unfinished draft, or one with `fresh` in it; and whether it was unfinished before.

        Only looks: a form opens although somebody else is writing. A new draft is written when it is first kept.
        """
        unfinished = (
            select(Draft)
            .where(Draft.person_id == actor.id, col(Draft.visit_id).is_(None))
            .order_by(col(Draft.changed_at).desc())
            .limit(1)
        )
        async with self.office.database.read() as session:
            found = (await session.exec(unfinished)).first()
        if found is not None and VisitForm.from_json(found.form).has_content:
            return found, True
        return self._draft(actor, found.id if found else uuid.uuid4().hex, fresh), False

    async def keep(self, actor: Actor, draft_id: str, form: VisitForm) -> None:
        """Remember what stands in the form now. A draft that became a visit, or is somebody else's, is left alone."""
        draft = self._draft(actor, draft_id, form)
        async with self.office.database.write() as session:
            on_sqlite = session.get_bind().dialect.name == "sqlite"
            insert = (sqlite.insert(Draft) if on_sqlite else postgresql.insert(Draft)).values(**draft.model_dump())
            typed = {name: insert.excluded[name] for name in ("form", "changed_at")}
            kept = insert.on_conflict_do_update(index_elements=["id"], set_=typed, where=_unfinished(actor, draft_id))
            await session.exec(kept)

    async def kept(self, actor: Actor, draft_id: str) -> VisitForm:
        """What stands in a draft of the person's."""
        async with self.office.database.read() as session:
            draft = await session.get(Draft, draft_id)
            if draft is None or draft.person_id != actor.id:
                raise OutOfDate
            return VisitForm.from_json(draft.form)

    def _draft(self, actor: Actor, draft_id: str, form: VisitForm) -> Draft:
        workspace_id, now = actor.person.workspace_id, self.office.clock.now()
        return Draft(id=draft_id, workspace_id=workspace_id, person_id=actor.id, form=form.to_json(), changed_at=now)

    async def discard(self, actor: Actor, draft_id: str) -> None:
        """Forget a draft, at the person's wish."""
        async with self.office.database.write() as session:
            await session.exec(delete(Draft).where(_unfinished(actor, draft_id)))


def _unfinished(actor: Actor, draft_id: str) -> ColumnElement[bool]:
    return (col(Draft.id) == draft_id) & (col(Draft.person_id) == actor.id) & col(Draft.visit_id).is_(None)
