"""People: who they are in Slack, which language and zone they read, which roles they fill."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import bindparam, exists
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import among
from bot.errors import FormErrors, Problem
from bot.models.bookings import Booking
from bot.models.notices import Notice, is_open
from bot.models.people import Actor, Person, RoleHolder, Workspace
from bot.models.plans import Plan, PlanState
from bot.models.roles import Role
from bot.models.visits import Participant, StopParticipant, Visit, VisitState
from bot.procedure.wanted import SETTLED_AFTER
from bot.services.leaving import settle_with, settle_without
from bot.services.office import Change, Office
from bot.slack import NotInstalled, TryLater, UnknownOutcome

_FRESH_FOR = timedelta(days=1)
"""A profile read from Slack is believed this long; `user_change` events keep it right in between."""

_ROLES = (
    select(Person.id, RoleHolder.role)
    .join(RoleHolder, col(RoleHolder.person_id) == Person.id, isouter=True)
    .where(Person.workspace_id == bindparam("of"))
    .where((col(Person.id) == bindparam("who")) | (col(Person.deputy_id) == bindparam("who")))
)
"""The roles of a person and of those who named them as their deputy; a row for whoever fills none."""
_SELF_OR_PRINCIPAL = aliased(Person)
_ACTING = (
    select(Workspace, Person, _SELF_OR_PRINCIPAL.id, RoleHolder.role)
    .join(Person, col(Person.workspace_id) == Workspace.id)
    .join(
        _SELF_OR_PRINCIPAL,
        (col(_SELF_OR_PRINCIPAL.workspace_id) == Person.workspace_id)
        & ((col(_SELF_OR_PRINCIPAL.id) == Person.id) | (col(_SELF_OR_PRINCIPAL.deputy_id) == Person.id)),
    )
    .join(RoleHolder, col(RoleHolder.person_id) == _SELF_OR_PRINCIPAL.id, isouter=True)
    .where(Workspace.id == bindparam("of"), Person.slack_id == bindparam("who"))
)
"""The same beside the person and their workspace: every press begins with it."""

_STORED = select(Person).where(Person.workspace_id == bindparam("of"), among(col(Person.slack_id), "who"))

_STORED_TO_CHANGE = (
    _STORED.order_by(col(Person.id)).with_for_update(key_share=True).execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Profile:
    """What Slack knows of a person."""

    slack_id: str
    name: str
    title: str
    phone: str
    locale: str | None
    zone: str | None
    is_admin: bool
    is_active: bool
    is_person: bool
    """Not an app's bot and not Slackbot."""


class Profiles(Protocol):
    """Where profiles come from: Slack."""

    async def profile(self, workspace_id: str, slack_id: str) -> Profile: ...


@dataclass(frozen=True)
class People:
    """The people of one workspace."""

    office: Office
    profiles: Profiles

    async def actor(self, workspace_id: str, slack_id: str) -> Actor:
        """Who acts, read from Slack first if unknown or long unseen."""
        person = (await self.known(workspace_id, [slack_id])).get(slack_id)
        if person is None:
            raise FormErrors({"person": Problem.NOT_A_PERSON})
        async with self.office.database.read() as session:
            return await actor_of(session, person)

    async def acting(self, workspace_id: str, slack_id: str) -> tuple[Workspace, Actor]:
        """Who acts, in which workspace, in one look; read from Slack first if unknown, not if only long unseen."""
        for _ in range(2):
            async with self.office.database.read() as session:
                found = (await session.exec(_ACTING, params={"of": workspace_id, "who": slack_id})).all()
            if found:
                workspace, person, _, _ = found[0]
                return workspace, _actor(person, [(key, role) for _, _, key, role in found])
            await self.known(workspace_id, [slack_id])
        raise FormErrors({"person": Problem.NOT_A_PERSON})

    def is_long_unseen(self, person: Person) -> bool:
        """Whether Slack is to be asked again who this is."""
        return _read_at(person) < self.office.clock.now() - _FRESH_FOR

    async def see(self, person: Person) -> None:
        """Read from Slack who somebody is whom we have long not seen."""
        await self.known(person.workspace_id, [person.slack_id])

    async def known(self, workspace_id: str, slack_ids: Iterable[str]) -> dict[str, Person]:
        """The persons behind Slack ids, without apps; profiles that are missing or old are read from Slack first."""
        ids = list(dict.fromkeys(slack_ids))
        known = await self._stored(workspace_id, ids)
        oldest = self.office.clock.now() - _FRESH_FOR
        missing = [i for i in ids if i not in known or _read_at(known[i]) < oldest]
        if missing:
            asked = (self._profile(workspace_id, slack_id, slack_id in known) for slack_id in missing)
            profiles = await asyncio.gather(*asked)
            await self.remember(workspace_id, [profile for profile in profiles if profile and profile.is_person])
            known = await self._stored(workspace_id, ids)
        return known

    async def remember(self, workspace_id: str, profiles: Collection[Profile]) -> None:
        """Store what Slack says; a person's own choices stay. Visits of whoever leaves or returns are planned anew."""
        if not profiles:
            return
        now = self.office.clock.now()
        async with self.office.database.write() as session:
            stored = await self.stored(session, workspace_id, [profile.slack_id for profile in profiles])
            if any(p.slack_id in stored and stored[p.slack_id].is_active != p.is_active for p in profiles):
                # Whoever hears the same of Slack at the same moment, and waits here, finds it written: told once.
                await session.exec(_STORED_TO_CHANGE, params={"of": workspace_id, "who": list(stored)})
            turned = []
            for profile in profiles:
                person = stored.get(profile.slack_id)
                if person is None:
                    person = Person(workspace_id=workspace_id, slack_id=profile.slack_id, name=profile.name)
                elif person.is_active != profile.is_active:
                    turned.append(person)
                _update(person, profile, now)
                session.add(person)
            await session.flush()
            for person in turned:
                await self.replan_visits_of(session, person, now, has_left=not person.is_active)

    async def follow(self, workspace_id: str, profile: Profile) -> None:
        """Slack says that somebody's profile changed; people we never met are left alone."""
        if await self._stored(workspace_id, [profile.slack_id]):
            await self.remember(workspace_id, [profile])

    async def deputy_of(self, actor: Actor) -> str:
        """The Slack id of the person's deputy; empty if there is none."""
        deputy = await self._deputy(actor)
        return deputy.slack_id if deputy else ""

    async def name_of_deputy(self, actor: Actor) -> str:
        """What the person's deputy is called; empty if there is none."""
        deputy = await self._deputy(actor)
        return deputy.name if deputy else ""

    async def _deputy(self, actor: Actor) -> Person | None:
        if actor.person.deputy_id is None:
            return None
        async with self.office.database.read() as session:
            return await session.get(Person, actor.person.deputy_id)

    async def choose(
        self, actor: Actor, *, language: str | None, zone: str | None, deputy: str | None = None
    ) -> Person:
        """Set a person's own language and zone, None follows Slack, and their deputy by Slack id."""
        known = await self.known(actor.person.workspace_id, [deputy] if deputy else [])
        if deputy and (deputy not in known or not known[deputy].is_active or known[deputy].id == actor.id):
            raise FormErrors({"deputy": Problem.NOT_A_PERSON})
        async with self.office.database.write() as session:
            own = select(Person).where(Person.id == actor.id).with_for_update(key_share=True)
            person = (await session.exec(own)).one()
            before, person.deputy_id = person.deputy_id, known[deputy].key if deputy else None
            person.chosen_language, person.chosen_zone = language, zone
            session.add(person)
            await session.flush()
            if person.deputy_id != before:
                await self.replan_visits_of(session, person, self.office.clock.now())
            return person

    async def _profile(self, workspace_id: str, slack_id: str, is_known: bool) -> Profile | None:
        """The profile; None where Slack does not answer now and an older one will do."""
        try:
            return await self.profiles.profile(workspace_id, slack_id)
        except (TryLater, UnknownOutcome, NotInstalled):
            if is_known:
                return None
            raise

    async def replan_visits_of(
        self, session: AsyncSession, person: Person, now: datetime, *, has_left: bool = False
    ) -> None:
        """Plan the visits anew that somebody, or whoever named them as a deputy, is asked or told about, or may be:
        the open ones, and those called off before their end, of which whoever returns has not heard.

        `has_left`: just now; whoever can find somebody else is told.
        """
        people = select(Person.id).where((Person.id == person.key) | (Person.deputy_id == person.key))
        is_waiting = col(Plan.state) == PlanState.SUBMITTED
        asked = col(Booking.owner_id).in_(people) | col(Booking.driver_id).in_(people)
        of_visits = (
            exists().where(col(Participant.visit_id) == Visit.id, col(Participant.person_id).in_(people)),
            exists().where(col(StopParticipant.visit_id) == Visit.id, col(StopParticipant.person_id).in_(people)),
            exists().where(col(Booking.visit_id) == Visit.id, asked),
            exists().where(col(Plan.visit_id) == Visit.id, col(Plan.handed_to_id).in_(people), is_waiting),
            # Who has no part any more may still have to hear just that.
            exists().where(col(Notice.visit_id) == Visit.id, col(Notice.person_id) == person.key, is_open()),
        )
        holders = select(RoleHolder.workspace_id).where(col(RoleHolder.person_id).in_(people))
        concerned = col(Visit.lead_host_id).in_(people) | col(Visit.workspace_id).in_(holders)
        concerned |= (col(Visit.opened_by_id) == person.key) & col(Visit.is_confidential).is_(True)
        for is_theirs in of_visits:
            concerned |= is_theirs
        to_come = (col(Visit.state) == VisitState.CANCELED) & (col(Visit.departs_at) > now)
        of_house = select(Visit).where(
            Visit.workspace_id == person.workspace_id, Visit.departs_at > now - SETTLED_AFTER
        )
        not_over = of_house.where((col(Visit.state) == VisitState.OPEN) | to_come).where(concerned)
        for visit in (await session.exec(not_over.order_by(col(Visit.id)).with_for_update())).all():
            change = Change(session, visit, now, is_leaving=has_left)
            if has_left:
                await settle_without(self.office, change, person.key)
            else:
                await settle_with(self.office, change, person.key)
            await asyncio.sleep(0)  # whoever holds a role is concerned by every visit of the house: others come between

    async def _stored(self, workspace_id: str, slack_ids: list[str]) -> dict[str, Person]:
        async with self.office.database.read() as session:
            return await self.stored(session, workspace_id, slack_ids)

    async def stored(self, session: AsyncSession, workspace_id: str, slack_ids: Sequence[str]) -> dict[str, Person]:
        """Those of them who have been met before, as they were read from Slack last."""
        found = (await session.exec(_STORED, params={"of": workspace_id, "who": slack_ids})).all()
        return {person.slack_id: person for person in found}


async def actor_of(session: AsyncSession, person: Person) -> Actor:
    """The person with the roles they fill now, or may act in for those who named them."""
    return _actor(person, (await session.exec(_ROLES, params={"of": person.workspace_id, "who": person.key})).all())


def _actor(person: Person, found: Sequence[tuple[int | None, str | None]]) -> Actor:
    principals = frozenset(key for key, _ in found if key is not None and key != person.key)
    return Actor(person, frozenset(Role(role) for _, role in found if role), principals)


def _read_at(person: Person) -> datetime:
    assert person.read_from_slack_at is not None, "only Slack profiles make persons"
    return person.read_from_slack_at


def _update(person: Person, profile: Profile, now: datetime) -> None:
    person.name, person.title = profile.name, profile.title
    person.phone = profile.phone or person.phone
    person.slack_locale, person.slack_zone = profile.locale, profile.zone
    person.is_workspace_admin, person.is_active = profile.is_admin, profile.is_active
    person.read_from_slack_at = now
