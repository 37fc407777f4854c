"""Visits: open, change, cancel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import locked
from bot.errors import FormErrors, OutOfDate, Problem, VisitIsOver
from bot.models.drafts import Draft
from bot.models.forms import VisitForm
from bot.models.notices import Notice, NoticeKind, NoticeState, RecordKind
from bot.models.people import Actor, Person, Workspace
from bot.models.plans import Verb
from bot.models.visits import Approval, Visit, VisitState
from bot.procedure import history
from bot.procedure.intake import Intake, check_visit, form_of
from bot.procedure.ladder import is_approved_here
from bot.procedure.proposal import wanted_stops
from bot.services.consenting import Asked, Consent, changing_plan, typed_over
from bot.services.copies import take_over
from bot.services.drafts import Drafts
from bot.services.itinerary import write_form
from bot.services.office import Change, Office, changeable
from bot.services.people import People

_ONE_VISIT_MORE = (
    update(Workspace)
    .where(col(Workspace.id) == bindparam("of"))
    .values(visits_opened=col(Workspace.visits_opened) + 1)
    .returning(Workspace)
)


@dataclass(frozen=True)
class Visits:
    """The verbs on visits."""

    office: Office
    people: People
    drafts: Drafts

    async def check(self, workspace: Workspace, form: VisitForm) -> Intake:
        """The facts of a form; FormErrors for what is wrong in it."""
        facts = check_visit(form, ZoneInfo(workspace.zone), workspace.country, self.office.clock.now())
        await self._named(workspace.id, form)
        return facts

    async def open(self, actor: Actor, draft_id: str) -> tuple[Visit, bool]:
        """Open the visit of a draft (A8), once however often this is asked; says whether it was opened just now."""
        try:
            return await self._open_once(actor, draft_id)
        except FormErrors:
            # It may name somebody whom nobody here has met: Slack is asked while no other waits for the database.
            await self._named(actor.person.workspace_id, await self.drafts.kept(actor, draft_id))
            return await self._open_once(actor, draft_id)

    async def _open_once(self, actor: Actor, draft_id: str) -> tuple[Visit, bool]:
        async with self.office.database.write() as session:
            draft = await locked(session, Draft, draft_id)
            if draft is None or draft.person_id != actor.id:
                raise OutOfDate
            if draft.visit_id is not None:
                return (await session.exec(select(Visit).where(Visit.id == draft.visit_id))).one(), False
            form = VisitForm.from_json(draft.form)
            named = await self.people.stored(session, draft.workspace_id, form.people())
            _refuse_unless_here(form, named)
            return await self._open(session, actor, draft, form, named), True

    async def _open(
        self, session: AsyncSession, actor: Actor, draft: Draft, form: VisitForm, named: Mapping[str, Person]
    ) -> Visit:
        workspace = await _count_one_visit(session, draft.workspace_id)
        now = self.office.clock.now()
        intake = check_visit(form, ZoneInfo(workspace.zone), workspace.country, now)
        visit = Visit(
            workspace_id=workspace.id,
            number=workspace.visits_opened,
            zone=workspace.zone,
            company=form.company.strip(),
            guest_name=form.guest_name.strip(),
            lead_host_id=named[form.lead_host].key,
            opened_by_id=actor.id,
            opened_at=now,
            prepared_from=now,
            arrives_at=intake.arrives_at,
            departs_at=intake.departs_at,
        )
        change = Change(session, visit, now, is_new=True)
        await write_form(change, form, intake, named, wanted_stops(form, workspace))
        draft.visit_id = visit.key
        session.add(draft)
        await change.record(actor.id, RecordKind.OPENED)
        if draft.copied_from_id is not None:
            await take_over(change, draft.copied_from_id, form.offered_stops)
        picture = await change.picture()
        if is_approved_here(picture):
            # Preparation begins with the approval of its plan (B4).
            visit.approval, visit.prepared_from = Approval.DRAFT, None
        await self.office.settle(change, picture)
        return visit

    async def change(self, actor: Actor, visit_id: int, form: VisitForm, consent: Consent | None = None) -> None:
        """Change a visit's facts, journey and people; its stops are changed one by one."""
        named = await self._named(actor.person.workspace_id, form)
        asked = Asked(Verb.CHANGE_VISIT, lambda before: {"visit": visit_id, **typed_over(form, form_of(before))})
        async with changing_plan(self.office, actor, visit_id, asked, consent) as change:
            visit = change.by(actor)
            workspace = (await change.session.exec(select(Workspace).where(Workspace.id == visit.workspace_id))).one()
            intake = check_visit(form, visit.venue, workspace.country, change.now, known_arrival=visit.arrives_at)
            seen = await change.picture()
            before, stops = history.of_visit(seen), history.of_stops(seen)
            await write_form(change, form, intake, named)
            now = await change.picture()
            changes = history.differences(before, history.of_visit(now))
            besides = list(history.stops_besides(stops, history.of_stops(now)))
            if "is_confidential" in changes:
                await _rewrite_thread(change)
            if changes or not besides:
                await change.record(actor.id, RecordKind.CHANGED, changes=changes)
            for details in besides:
                await change.record(actor.id, RecordKind.CHANGED, **details)

    async def cancel(self, actor: Actor, visit_id: int, reason: str) -> None:
        """Cancel the visit: reminders are withdrawn, requests released, everybody who knew of it is told."""
        if not reason.strip():
            raise FormErrors({"reason": Problem.MISSING})
        async with self.office.changing(visit_id) as change:
            visit = change.by(actor)
            visit.state, visit.cancel_reason = VisitState.CANCELED, reason.strip()
            visit.canceled_by_id, visit.canceled_at = actor.id, change.now
            change.session.add(visit)
            await change.record(actor.id, RecordKind.CANCELED, reason=reason.strip())

    def refuse_unless_changeable(self, visit: Visit, actor: Actor) -> None:
        """Say no before a form is opened, not after it was filled in."""
        if not visit.is_open:
            raise VisitIsOver(visit.reference)
        changeable(visit, actor)

    async def _named(self, workspace_id: str, form: VisitForm) -> dict[str, Person]:
        """The people a form names; FormErrors at the field that names an app or somebody who has left."""
        known = await self.people.known(workspace_id, form.people())
        _refuse_unless_here(form, known)
        return known


def _refuse_unless_here(form: VisitForm, known: Mapping[str, Person]) -> None:
    """FormErrors at the field that names an app or somebody who has left."""
    fields: dict[str, Iterable[str]] = {
        "lead_host": [form.lead_host],
        "driver": [form.driver] if form.driver else [],
        "greeters": form.greeters,
        "leaders": form.leaders,
        "team": form.team,
    }
    problems = {
        field: Problem.NOT_A_PERSON
        for field, ids in fields.items()
        if any(slack_id not in known or not known[slack_id].is_active for slack_id in ids)
    }
    if problems:
        raise FormErrors(problems)


async def _rewrite_thread(change: Change) -> None:
    """What stands in the card's thread is edited: who may read it has changed."""
    posted = (col(Notice.visit_id) == change.visit.key) & (col(Notice.kind) == NoticeKind.THREAD)
    is_out = col(Notice.state).in_([NoticeState.SENT, NoticeState.SENDING])
    await change.session.exec(update(Notice).where(posted & is_out).values(stale_since=change.now))


async def _count_one_visit(session: AsyncSession, workspace_id: str) -> Workspace:
    """The workspace, locked, with the number of the new visit counted."""
    workspace: Workspace = (await session.exec(_ONE_VISIT_MORE, params={"of": workspace_id})).scalar_one()
    return workspace
