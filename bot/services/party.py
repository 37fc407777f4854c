"""Keeping visit and party in line: the first of the party is the lead guest, and as many come as are named or more."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.models.guests import Guest
from bot.procedure.history import Changes, differences, of_party
from bot.procedure.party import party_size_after
from bot.services.office import Change


async def party_of(session: AsyncSession, visit_id: int) -> list[Guest]:
    """The guests who are known by name, the lead guest first."""
    statement = select(Guest).where(Guest.visit_id == visit_id).order_by(col(Guest.position), col(Guest.id))
    return list((await session.exec(statement)).all())


def write_lead(change: Change, party: Sequence[Guest]) -> None:
    """The lead guest of the visit's form is the first of its party."""
    visit = change.visit
    lead = party[0] if party else Guest(visit_id=visit.key, name=visit.guest_name)
    lead.name, lead.title, lead.rank = visit.guest_name, visit.guest_title, visit.guest_rank
    visit.party_size = party_size_after(visit.party_size, len(party))
    change.session.add(lead)


async def follow_party(change: Change, *, removed: int = 0) -> Changes:
    """The visit's lead guest and number of guests are those of its party; says what that changes (G5)."""
    await change.session.flush()
    party = await party_of(change.session, change.visit.key)
    visit = change.visit
    before = of_party(visit)
    visit.guest_name, visit.guest_title, visit.guest_rank = party[0].name, party[0].title, party[0].rank
    visit.party_size = party_size_after(visit.party_size, len(party), removed)
    change.session.add(visit)
    return differences(before, of_party(visit))
