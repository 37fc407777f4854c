"""Days on which anybody tries anything: all that the product lets people do, but for papers and files."""

from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from bot.errors import Refusal
from bot.models.visits import Approval
from tests.random_walk.arranging import Arranging
from tests.random_walk.changing import Changing
from tests.random_walk.deciding import Deciding
from tests.random_walk.steps import GAO, GRACE
from tests.small_office import LINA
from tests.watched import HOURS_AHEAD, PLACES, STAYS


class AnyDay(Deciding, Changing, Arranging):
    """The steps of `Days`, by whoever dares, and all that came with plans, requests, silence and settings."""

    @initialize(
        zone=st.sampled_from(sorted(PLACES)), arrival=HOURS_AHEAD, stay=STAYS, answers=st.sampled_from([None, 0, 6, 30])
    )
    def begin(self, zone: str, arrival: int, stay: int, answers: int | None) -> None:
        """Most walks begin with a plan that was approved, and with some answers: most of what there is follows them."""
        super().begin(zone, arrival, stay)
        if answers is not None:
            self.run(self._approve())
            self.deliver()
        for n in range(answers or 0):
            self.run(self.watch())
            self.act(self.get_on(n))

    async def _approve(self) -> None:
        for visit in await self.watched_visits():
            if visit.approval == Approval.DRAFT:
                await self.small.plans.submit(await self.small.actor(LINA), visit.key, "")
        for plan in (await self.tables()).where("plan"):
            for approver in (GAO, GRACE):
                with suppress(Refusal):  # the visit's level says which of them decides
                    await self.small.plans.approve(await self.small.actor(approver), plan.id, plan.version)
