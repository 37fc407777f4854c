"""Being away: whoever is, names a deputy who is asked instead until the day they are back."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.errors import FormErrors, Problem
from bot.models.people import Actor, Person, Workspace
from bot.procedure.clocks import earliest
from bot.services.office import Office
from bot.services.people import People

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Absences:
    """The verbs of whoever goes away and comes back. What asks them something goes to the deputy meanwhile, what only
    tells them something still reaches them."""

    office: Office
    people: People

    async def go_away(self, actor: Actor, deputy: str, back_on: date | None) -> Person:
        """Away from now on until a day begins at the venue; `deputy` by Slack id."""
        named = await self._deputy(actor, deputy)
        async with self.office.database.write() as session:
            person, workspace = await _own(session, actor)
            now = self.office.clock.now()
            person.deputy_id, person.away_until = named.key, _begins(back_on, workspace, now)
            session.add(person)
            await session.flush()
            await self.people.replan_visits_of(session, person, now)
            return person

    async def come_back(self, actor: Actor) -> Person:
        """Back earlier than was said, or for the second time: what is open is asked of the person again."""
        async with self.office.database.write() as session:
            person, _ = await _own(session, actor)
            if person.away_until is not None:
                person.away_until = None
                session.add(person)
                await session.flush()
                await self.people.replan_visits_of(session, person, self.office.clock.now())
            return person

    async def _deputy(self, actor: Actor, deputy: str) -> Person:
        if not deputy:
            raise FormErrors({"deputy": Problem.MISSING})
        known = (await self.people.known(actor.person.workspace_id, [deputy])).get(deputy)
        if known is None or not known.is_active or known.id == actor.id:
            raise FormErrors({"deputy": Problem.NOT_A_PERSON})
        if known.away_until is not None and known.away_until > self.office.clock.now():
            raise FormErrors({"deputy": Problem.AWAY_TOO})
        return known


async def _own(session: AsyncSession, actor: Actor) -> tuple[Person, Workspace]:
    # Others may refer to it meanwhile: who changes a visit that is waited for here would wait for this person.
    own = select(Person).where(Person.id == actor.id).with_for_update(key_share=True)
    person = (await session.exec(own)).one()
    workspace = (await session.exec(select(Workspace).where(Workspace.id == person.workspace_id))).one()
    return person, workspace


def _begins(back_on: date | None, workspace: Workspace, now: datetime) -> datetime:
    if back_on is None:
        raise FormErrors({"back_on": Problem.DATE_MISSING})
    zone = ZoneInfo(workspace.zone)
    today = now.astimezone(zone).date()
    if back_on <= today:
        raise FormErrors({"back_on": Problem.BACK_TOO_EARLY})
    if back_on - today > LONGEST:
        raise FormErrors({"back_on": Problem.AWAY_TOO_LONG})
    return earliest(datetime.combine(back_on, time.min, zone))
