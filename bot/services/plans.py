"""Plans of visits: sent, approved, returned, handed on (B3, B4)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlmodel import col, select

from bot.errors import (
    AlreadyAnswered,
    AlreadyHanded,
    BackgroundOpen,
    FormErrors,
    NotAllowed,
    OutOfDate,
    Problem,
    WhoMay,
)
from bot.models.notices import RecordKind
from bot.models.people import Actor
from bot.models.plans import Plan, PlanState
from bot.models.visits import Approval, Visit
from bot.procedure.calendar import calendar_of
from bot.procedure.ladder import answer_by, asked_until, deputies, ladder
from bot.procedure.picture import Picture
from bot.procedure.plans import differences, plan_facts
from bot.procedure.typed import whole_amount
from bot.services.office import Change, Office, changeable
from bot.services.people import People
from bot.services.pictures import read_picture

LONGEST_REMARKS = 1000


@dataclass(frozen=True)
class Plans:
    """The verbs on plans."""

    office: Office
    people: People

    def refuse_unless_to_send(self, visit: Visit, actor: Actor) -> None:
        """Say no before a form is opened; OutOfDate for a plan that is sent or approved."""
        changeable(visit, actor)
        if not visit.can_be_submitted_by(actor):
            raise OutOfDate
        if not visit.can_be_approved:
            raise BackgroundOpen

    async def submit(self, actor: Actor, visit_id: int, estimated_cost: str = "") -> None:
        """Put the plan before its approver, as a new revision; BackgroundOpen while the check is owed (A2)."""
        cost = whole_amount(estimated_cost)
        if estimated_cost.strip() and cost is None:
            raise FormErrors({"estimated_cost": Problem.NOT_A_NUMBER})
        async with self.office.changing_by(actor, visit_id) as change:
            visit = change.visit
            self.refuse_unless_to_send(visit, actor)
            visit.estimated_cost, visit.approval = cost, Approval.SUBMITTED
            change.session.add(visit)
            picture = await change.picture()
            calendar = calendar_of(picture.workspace, visit)
            before, facts = picture.last_plan, plan_facts(picture)
            plan = Plan(
                visit_id=visit_id,
                revision=before.revision + 1 if before else 1,
                facts=facts,
                submitted_by_id=actor.id,
                submitted_at=change.now,
                answer_by=answer_by(picture, change.now, calendar),
            )
            change.session.add(plan)
            changed = differences(before.facts, facts) if before else {}
            await change.record(actor.id, RecordKind.PLAN_SENT, revision=plan.revision, changed=changed)

    async def approve(self, actor: Actor, plan_id: int, version: int) -> None:
        """Consent: preparation begins, if it has not begun before (B4)."""
        async with self._deciding(actor, plan_id, version) as (change, plan):
            _decide(change, plan, PlanState.APPROVED, actor)
            visit = change.visit
            visit.approval, visit.prepared_from = Approval.APPROVED, visit.prepared_from or change.now
            change.session.add(visit)
            await change.record(actor.id, RecordKind.PLAN_APPROVED, revision=plan.revision)

    async def send_back(self, actor: Actor, plan_id: int, version: int, remarks: str) -> None:
        """Return the plan with remarks, which stay as they were written."""
        if not remarks.strip():
            raise FormErrors({"remarks": Problem.MISSING})
        async with self._deciding(actor, plan_id, version) as (change, plan):
            _decide(change, plan, PlanState.RETURNED, actor)
            plan.remarks = remarks.strip()[:LONGEST_REMARKS]
            change.visit.approval = Approval.RETURNED
            change.session.add(change.visit)
            await change.record(actor.id, RecordKind.PLAN_RETURNED, revision=plan.revision, remarks=plan.remarks)

    async def deputy(self, actor: Actor, plan_id: int, version: int) -> int | None:
        """Who stands in for this person: named by themselves, else for their role; OutOfDate for an old button."""
        picture, _ = await self.answerable(actor, plan_id, version)
        own = picture.deputy_of(actor.id) if actor.id in picture.people else None
        return own or next((person for person in deputies(picture) if person != actor.id), None)

    async def hand_over(self, actor: Actor, plan_id: int, version: int, to: int | str) -> str:
        """Let somebody else decide, by id or Slack id; says who. They have as long as the first had.

        Raises AlreadyHanded where that person has it.
        """
        chosen = await self._chosen(actor, to)
        async with self._deciding(actor, plan_id, version) as (change, plan):
            picture = await change.picture()
            if plan.handed_to_id == chosen:
                raise AlreadyHanded(picture.people[chosen].name)
            calendar = calendar_of(picture.workspace, change.visit)
            old, plan.handed_to_id = plan.handed_to_id, chosen
            plan.answer_by, plan.version = answer_by(picture, change.now, calendar), plan.version + 1
            change.session.add(plan)
            await change.record(actor.id, RecordKind.PLAN_HANDED, revision=plan.revision, old=old, new=chosen)
            return (await change.picture()).people[chosen].name

    async def answerable(self, actor: Actor, plan_id: int, version: int) -> tuple[Picture, Plan]:
        """The plan as it stands, for somebody who may decide on it now."""
        async with self.office.database.read() as session:
            plan = await session.get(Plan, plan_id)
            visit = await session.get(Visit, plan.visit_id) if plan is not None else None
            if plan is None or visit is None or visit.workspace_id != actor.person.workspace_id:
                raise OutOfDate
            picture = await read_picture(session, visit)
        return picture, self._checked(picture, actor, plan_id, version)

    async def waiting_for(self, actor: Actor) -> list[tuple[Picture, Plan]]:
        """The plans that wait for this person's decision, those of the nearest visits first."""
        own = (col(Visit.workspace_id) == actor.person.workspace_id) & (col(Visit.approval) == Approval.SUBMITTED)
        own &= col(Visit.departs_at) >= self.office.clock.now()
        statement = select(Visit).where(own).order_by(col(Visit.arrives_at), col(Visit.id))
        async with self.office.database.read() as session:
            visits = [visit for visit in (await session.exec(statement)).all() if visit.is_open]
            pictures = [await read_picture(session, visit) for visit in visits]
        found = [(picture, picture.last_plan) for picture in pictures]
        return [(p, plan) for p, plan in found if plan and plan.can_be_decided_by(actor, self._asked(p, plan))]

    @asynccontextmanager
    async def _deciding(self, actor: Actor, plan_id: int, version: int) -> AsyncIterator[tuple[Change, Plan]]:
        async with self.office.database.read() as session:
            found = await session.get(Plan, plan_id)
        if found is None:
            raise OutOfDate
        async with self.office.changing(found.visit_id) as change:
            if change.visit.workspace_id != actor.person.workspace_id:
                raise OutOfDate
            yield change, self._checked(await change.picture(), actor, plan_id, version)

    def _checked(self, picture: Picture, actor: Actor, plan_id: int, version: int) -> Plan:
        """Who decided already is said to everybody; who may not decide is told so; an old button is out of date."""
        plan = picture.plan(plan_id)
        if plan is None:
            raise OutOfDate
        asked = self._asked(picture, plan)
        if not any(actor.acts_for(person) for person in asked):
            raise NotAllowed(WhoMay.APPROVER)
        if plan.state in (PlanState.APPROVED, PlanState.RETURNED) and plan.decided_by_id and plan.decided_at:
            raise AlreadyAnswered(picture.people[plan.decided_by_id].name, plan.decided_at)
        if plan.version != version or not plan.can_be_decided_by(actor, asked):
            raise OutOfDate
        return plan

    def _asked(self, picture: Picture, plan: Plan) -> tuple[int, ...]:
        calendar = calendar_of(picture.workspace, picture.visit)
        return asked_until(ladder(picture, plan, calendar), self.office.clock.now())

    async def _chosen(self, actor: Actor, to: int | str) -> int:
        if isinstance(to, int):
            return to
        person = (await self.people.known(actor.person.workspace_id, [to])).get(to) if to else None
        if person is None or not person.is_active or person.id == actor.id:
            raise FormErrors({"deputy": Problem.NOT_A_PERSON})
        return person.key


def _decide(change: Change, plan: Plan, state: PlanState, actor: Actor) -> None:
    plan.state, plan.version = state, plan.version + 1
    plan.decided_by_id, plan.decided_at = actor.id, change.now
    change.session.add(plan)
