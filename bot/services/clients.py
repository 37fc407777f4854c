"""Clients: recognized by their name, what is known of them kept from one visit to the next (A2, A6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.errors import FormErrors, Problem
from bot.messages.hints import LEADERS_AHEAD, Circumstances
from bot.models.forms import ClientForm, VisitForm
from bot.models.guests import Client, ProfileField
from bot.models.notices import RecordKind
from bot.models.people import Actor, Person, RoleHolder, Workspace
from bot.models.roles import Role
from bot.models.visits import Background, Visit, VisitState
from bot.procedure.acquaintance import Acquaintance
from bot.procedure.intake import Intake
from bot.procedure.names import folded_company
from bot.procedure.seeing import can_be_seen_by
from bot.services.office import Change, Office
from bot.services.pictures import read_pictures

SHOWN = 5
"""Earlier visits that are named."""
LOOKED_THROUGH = 50
"""Visits of a client that are looked at for them."""
LONGEST_TEXT = 1000
_RECOGNIZED = select(Client).where(Client.workspace_id == bindparam("of"), Client.folded_name == bindparam("name"))


@dataclass(frozen=True)
class Clients:
    """The verbs on clients."""

    office: Office

    async def known(self, actor: Actor, company: str) -> Acquaintance | None:
        """Whom this name stands for; None for a company that nobody from here has met, as far as this person may know:
        who was here confidentially is known to those alone who are named in it."""
        if not company.strip():
            return None
        async with self.office.database.read() as session:
            client = await _recognized(session, actor.person.workspace_id, company)
            if client is None:
                return None
            of_client = select(Visit).where(Visit.client_id == client.key).order_by(col(Visit.arrives_at).desc())
            visits = list((await session.exec(of_client.limit(LOOKED_THROUGH))).all())
            hidden = await self._hidden(session, actor, visits)
        seen = [visit for visit in visits if visit.key not in hidden]
        if visits and not seen:
            return None
        live = [visit for visit in seen if visit.state != VisitState.CANCELED]
        now = self.office.clock.now()
        been, coming = [v for v in live if v.arrives_at <= now], [v for v in live if v.arrives_at > now]
        return Acquaintance(client, tuple(been[:SHOWN]), tuple(coming[:SHOWN]))

    async def _hidden(self, session: AsyncSession, actor: Actor, visits: Sequence[Visit]) -> set[int]:
        """Those that do not exist for this person."""
        pictures = await read_pictures(session, [visit for visit in visits if visit.is_confidential])
        return {key for key, picture in pictures.items() if not can_be_seen_by(picture, self.office.rulebook, actor)}

    async def circumstances(self, actor: Actor, workspace: Workspace, form: VisitForm, intake: Intake) -> Circumstances:
        """What the host should know before a form becomes a visit."""
        wanted = (*form.greeters, *form.leaders)
        senior = (
            select(Person.slack_id)
            .join(RoleHolder, col(RoleHolder.person_id) == Person.id)
            .where(RoleHolder.workspace_id == workspace.id, RoleHolder.role == Role.SENIOR_LEADER)
        )
        async with self.office.database.read() as session:
            asked = set((await session.exec(senior)).all()) & set(wanted)
        late = intake.arrives_at - self.office.clock.now() < LEADERS_AHEAD
        known = await self.known(actor, form.company)
        return Circumstances(workspace, known, asks_leaders_late=late and bool(asked))

    async def write(self, actor: Actor, visit_id: int, form: ClientForm) -> None:
        """The profile of a visit's client, and what the background check found."""
        problems = {name: Problem.TOO_LONG for name, text in form.profile.items() if len(text) > LONGEST_TEXT}
        if problems:
            raise FormErrors(problems)
        async with self.office.changing_by(actor, visit_id) as change:
            visit = change.visit
            client = await client_of(change)
            told = dict(client.profile)
            finding = visit.background
            client.profile = {name: form.profile[name].strip() for name in ProfileField if form.profile[name].strip()}
            client.changed_at = change.now
            checked = (visit.background, visit.background_notes) != (form.background, form.background_notes.strip())
            visit.background, visit.background_notes = Background(form.background), form.background_notes.strip()
            change.session.add_all([client, visit])
            if checked:
                changes = {"background": [finding, visit.background]} if finding != visit.background else {}
                await change.record(actor.id, RecordKind.BACKGROUND_CHECKED, changes=changes)
            if client.profile != told or not checked:
                fields = [name for name in ProfileField if client.profile.get(name) != told.get(name)]
                await change.record(actor.id, RecordKind.CLIENT_CHANGED, fields=fields)


async def client_of(change: Change) -> Client:
    """The client of a visit by its company's name: the one that is known, or a new one. What a background check found
    of another company does not hold for this one."""
    visit = change.visit
    client = await _recognized(change.session, visit.workspace_id, visit.company)
    if client is None:
        client = _new(visit, change.now)
        change.session.add(client)
        await change.session.flush()
    if visit.client_id not in (None, client.key):
        visit.background, visit.background_notes = Background.OPEN, ""
    visit.client_id = client.key
    return client


def _new(visit: Visit, now: datetime) -> Client:
    name = visit.company
    return Client(workspace_id=visit.workspace_id, name=name, folded_name=folded_company(name), changed_at=now)


async def _recognized(session: AsyncSession, workspace_id: str, company: str) -> Client | None:
    sought = {"of": workspace_id, "name": folded_company(company)}
    return (await session.exec(_RECOGNIZED, params=sought)).one_or_none()
