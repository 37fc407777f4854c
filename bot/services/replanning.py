"""Open visits planned by other rules than those that hold now: planned anew, a few in each transaction."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from bot.errors import HeldMeanwhile
from bot.models.people import Workspace
from bot.models.visits import Visit, VisitState
from bot.procedure.wanted import SETTLED_AFTER
from bot.services.office import Change, Office

REARRANGED = "rearranged "
"""How `Workspace.planned_by` begins while visits wait to be planned by other settings; then something unique."""
BATCH = 10
"""Visits in one transaction: others wait for no longer than this takes."""


@dataclass(frozen=True)
class Replanning:
    """Catches up with a new release's rulebook, and with settings that were changed while many visits were open.

    What a visit is planned by stands nowhere but in its notices, and planning twice changes nothing: so several
    replicas may do this at once, and one that stops half-way leaves the rest to the next.
    """

    office: Office

    async def catch_up(self, *, with_release: bool, goes_on: Callable[[], bool] = lambda: True) -> int:
        """Plan anew whatever needs it, as long as it `goes_on`; how many workspaces that were.

        Raises, after all others were planned, an ExceptionGroup where some could not be.

        `with_release`: also what another rulebook planned. Only once, at start: while replicas are replaced one by
        one, those of two releases would otherwise undo each other's plans without end.
        """
        behind = col(Workspace.planned_by).startswith(REARRANGED)
        if with_release:
            behind = col(Workspace.planned_by) != self.office.rulebook.fingerprint
        async with self.office.database.read() as session:
            workspaces = (await session.exec(select(Workspace).where(behind).order_by(col(Workspace.id)))).all()
        failed: list[Exception] = []
        for done, workspace in enumerate(workspaces):
            if not goes_on():
                return done
            try:
                await self._plan(workspace, goes_on)
            except (SQLAlchemyError, OSError):
                raise  # the database is away: no other can be planned either
            except Exception as error:  # noqa: BLE001 - raised when the others have been planned
                error.add_note(f"while the visits of workspace {workspace.id} were planned anew")
                failed.append(error)
        if failed:
            raise ExceptionGroup("workspaces that could not be planned anew", failed)
        return len(workspaces)

    async def _plan(self, workspace: Workspace, goes_on: Callable[[], bool]) -> None:
        after: int | None = 0
        while after is not None:
            if not goes_on():
                return
            try:
                after = await self._plan_some(workspace.id, after)
            except HeldMeanwhile:
                continue  # somebody took a car, a driver or a room just then: the same visits once more
        await self.caught_up(workspace.id, workspace.planned_by)

    async def _plan_some(self, workspace_id: str, after: int) -> int | None:
        """Plan the next open visits anew; the last one's id, None when there are no more."""
        async with self.office.database.write() as session:
            not_settled = col(Visit.departs_at) > self.office.clock.now() - SETTLED_AFTER
            own = select(Visit).where(Visit.workspace_id == workspace_id, Visit.state == VisitState.OPEN, not_settled)
            following = own.where(col(Visit.id) > after).order_by(col(Visit.id)).limit(BATCH).with_for_update()
            visits = (await session.exec(following)).all()
            for visit in visits:
                await self.office.settle(Change(session, visit, self.office.clock.now()))
        return visits[-1].key if visits else None

    async def caught_up(self, workspace_id: str, planned_by: str) -> None:
        """Unless the settings were changed meanwhile: then the visits before that change are behind again."""
        async with self.office.database.write() as session:
            as_found = (col(Workspace.id) == workspace_id) & (col(Workspace.planned_by) == planned_by)
            fingerprint = self.office.rulebook.fingerprint
            await session.exec(update(Workspace).where(as_found).values(planned_by=fingerprint))
