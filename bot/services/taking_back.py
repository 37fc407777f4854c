"""A plan that was sent and says something else than the visit does now is taken back (B4)."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.notices import Record, RecordKind
from bot.models.plans import PlanState
from bot.models.visits import Approval
from bot.procedure.picture import Picture
from bot.procedure.plans import differences, plan_facts


async def take_back_if_changed(session: AsyncSession, picture: Picture, now: datetime, *, by: int) -> None:
    """Nobody approves what is no longer meant: the revision is closed, and the lead host is told to send a new one.

    It is not sent again by itself: whoever changes a visit usually changes several things one after the other, and an
    approver who gets a new revision with each of them stops reading. The host knows when the plan is complete.
    """
    visit, plan = picture.visit, picture.last_plan
    if plan is None or not plan.is_open or not visit.is_open:
        return
    changed = differences(plan.facts, plan_facts(picture))
    if not changed:
        return
    plan.state, plan.version, plan.decided_at = PlanState.TAKEN_BACK, plan.version + 1, now
    visit.approval = Approval.DRAFT
    details = {"revision": plan.revision, "changed": changed}
    session.add_all([plan, visit])
    session.add(Record(visit_id=visit.key, person_id=by, at=now, kind=RecordKind.PLAN_TAKEN_BACK, details=details))
    await session.flush()
