"""Level of a visit and why it is another than the one proposed (B1, B2)."""

from dataclasses import dataclass

from bot.errors import FormErrors, Problem
from bot.models.notices import RecordKind
from bot.models.people import Actor
from bot.models.plans import Verb
from bot.procedure.levels import HOST_RANK, level_of, proposed_of, wants_reason
from bot.services.consenting import Asked, Consent, changing_plan
from bot.services.office import Office


@dataclass(frozen=True)
class Levels:
    """The verb on levels."""

    office: Office

    async def choose(
        self, actor: Actor, visit_id: int, level: int, reason: str, consent: Consent | None = None
    ) -> None:
        """Set the level; FormErrors at `reason` where it is an exception and nobody said why."""
        if level not in HOST_RANK:
            raise FormErrors({"level": Problem.MISSING})
        asked = Asked(Verb.CHOOSE_LEVEL, lambda _: {"visit": visit_id, "level": level, "reason": reason})
        async with changing_plan(self.office, actor, visit_id, asked, consent) as change:
            visit, picture = change.by(actor), await change.picture()
            why, before = reason.strip(), level_of(picture)
            if wants_reason(picture, level) and not why:
                raise FormErrors({"reason": Problem.REASON_WANTED})
            # What is proposed follows the guests as they come to be known; only an exception stays.
            visit.level = None if level == proposed_of(picture) else level
            visit.level_reason = why
            change.session.add(visit)
            changes = {"level": [before, level]} if before != level else {}
            await change.record(actor.id, RecordKind.LEVEL_CHOSEN, level=level, reason=why, changes=changes)
