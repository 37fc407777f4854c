"""What administrators decide: who fills which role, the site, lead times. Its effect is shown, then it is saved."""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from bot.errors import NotAllowed, WhoMay
from bot.models.bookings import Vehicle
from bot.models.notices import Notice, NoticeKind, NoticeState
from bot.models.people import Actor, Person, RoleHolder, Workspace
from bot.models.rearrangement import Rearrangement
from bot.models.roles import Role
from bot.models.settings import Rank, Room, RuleOverride
from bot.models.visits import Visit, VisitState
from bot.procedure.calendar import calendar_of
from bot.procedure.plan import plan, planned_key
from bot.procedure.rearranging import Arrangement, Effect, Filled, effect, otherwise
from bot.procedure.wanted import SETTLED_AFTER
from bot.services.office import Change, Office
from bot.services.outbox import any_update
from bot.services.pictures import read_pictures
from bot.services.replanning import REARRANGED

AT_ONCE = 20
"""Up to so many open visits are planned anew in the transaction that changes the settings; more of them follow in
small transactions (`bot.services.replanning`), so that nobody else has to wait."""


@dataclass(frozen=True)
class Arrangements:
    """Reading and changing the settings."""

    office: Office
    rearranged: Callable[[], None] = field(default=lambda: None)
    """Called after settings were changed: visits may wait to be planned anew."""

    async def settings(self, actor: Actor) -> Arrangement:
        """The settings, for those who may change them."""
        refuse_unless_administrator(actor)
        workspace_id = actor.person.workspace_id
        async with self.office.database.read() as session:
            workspace = (await session.exec(select(Workspace).where(Workspace.id == workspace_id))).one()
            holders, deputies = await _filled(session, workspace_id)
            vehicles = select(Vehicle).where(Vehicle.workspace_id == workspace_id, col(Vehicle.is_active))
            rooms = select(Room).where(Room.workspace_id == workspace_id, col(Room.is_active))
            overrides = select(RuleOverride).where(RuleOverride.workspace_id == workspace_id)
            return Arrangement(
                workspace,
                holders,
                deputies,
                tuple((await session.exec(vehicles.order_by(col(Vehicle.id)))).all()),
                tuple((await session.exec(rooms.order_by(col(Room.id)))).all()),
                await ranks(session, workspace_id),
                tuple((await session.exec(overrides)).all()),
                self.office.rulebook,
            )

    async def open_visits(self, actor: Actor) -> int:
        """How many visits a change of the settings may touch."""
        async with self.office.database.read() as session:
            visits = _open_visits(actor.person.workspace_id, self.office.clock.now())
            return (await session.exec(select(func.count()).select_from(visits.subquery()))).one()

    async def effect(self, actor: Actor, wanted: Rearrangement) -> Effect:
        """What the change would do to the messages of open visits; nothing is changed."""
        refuse_unless_administrator(actor)
        now, found = self.office.clock.now(), Effect()
        async with self.office.database.read() as session:
            visits = (await session.exec(_open_visits(actor.person.workspace_id, now))).all()
            pictures = await read_pictures(session, visits)
            rows = await session.exec(select(Person).where(col(Person.id).in_(wanted.people())))
            people = {person.key: person for person in rows.all()}
            told = await _told(session, actor.person.workspace_id, now)
        for visit_id, picture in pictures.items():
            after = otherwise(picture, wanted, people)
            found += effect(
                plan(picture, self.office.rulebook, calendar_of(picture.workspace, picture.visit)),
                plan(after, self.office.rulebook, calendar_of(after.workspace, after.visit)),
                told[visit_id],
                now,
            )
            await asyncio.sleep(0)  # others are answered in between
        return found

    async def arrange(self, actor: Actor, wanted: Rearrangement) -> None:
        """Change the settings; open visits are planned anew, many of them right afterwards."""
        refuse_unless_administrator(actor)
        workspace_id, now = actor.person.workspace_id, self.office.clock.now()
        async with self.office.database.write() as session:
            # Whoever opens a visit counts it in this row: one that is being opened is waited for and planned anew too.
            # Whoever changes one only refers to it, and is not kept from that.
            own = select(Workspace).where(Workspace.id == workspace_id).with_for_update(key_share=True)
            workspace = (await session.exec(own)).one()
            await _write(session, workspace, wanted)
            visits = (await session.exec(_open_visits(workspace_id, now).with_for_update())).all()
            if channel := wanted.site.get("reception_channel"):
                await _post_again(session, visits, str(channel), now)
            if len(visits) > AT_ONCE:
                workspace.planned_by = REARRANGED + uuid.uuid4().hex
                session.add(workspace)
            else:
                for visit in visits:
                    await self.office.settle(Change(session, visit, now))
        self.rearranged()


def refuse_unless_administrator(actor: Actor) -> None:
    """NotAllowed for whoever may not change the settings."""
    if not actor.can_change_settings:
        raise NotAllowed(WhoMay.WORKSPACE_ADMIN)


async def ranks(session: AsyncSession, workspace_id: str) -> tuple[Rank, ...]:
    """The ranks of a workspace, the most senior first."""
    own = select(Rank).where(Rank.workspace_id == workspace_id).order_by(col(Rank.value).desc())
    return tuple((await session.exec(own)).all())


def _open_visits(workspace_id: str, now: datetime) -> SelectOfScalar[Visit]:
    """Those for which something can still be said or asked."""
    own = select(Visit).where(Visit.workspace_id == workspace_id, Visit.state == VisitState.OPEN)
    return own.where(Visit.departs_at > now - SETTLED_AFTER).order_by(col(Visit.id))


async def _post_again(session: AsyncSession, visits: Sequence[Visit], channel: str, now: datetime) -> None:
    """Cards that the channel did not take: whoever chooses it anew has seen to it that it does."""
    refused = (col(Notice.kind) == NoticeKind.CARD, col(Notice.channel) == channel)
    for visit in visits:
        own = any_update().where(col(Notice.visit_id) == visit.key, *refused, col(Notice.state) == NoticeState.FAILED)
        await session.exec(own.values(state=NoticeState.PENDING, reason="", attempts=0, attempt_at=now))


async def _filled(session: AsyncSession, workspace_id: str) -> tuple[Filled, Filled]:
    """Holders and deputies of every role, in the order they were named in."""
    rows = await session.exec(
        select(RoleHolder, Person)
        .join(Person, col(Person.id) == RoleHolder.person_id)
        .where(RoleHolder.workspace_id == workspace_id)
        .order_by(col(RoleHolder.id))
    )
    found: tuple[dict[Role, tuple[Person, ...]], dict[Role, tuple[Person, ...]]] = ({}, {})
    for holder, person in rows.all():
        group, role = found[holder.is_deputy], Role(holder.role)
        group[role] = (*group.get(role, ()), person)
    return found


async def _told(session: AsyncSession, workspace_id: str, now: datetime) -> Mapping[int, set[str]]:
    """The planner's keys of what went out or is on its way, by visit."""
    went_out = col(Notice.sent_at).is_not(None) | (col(Notice.state) == NoticeState.SENDING)
    visits = _open_visits(workspace_id, now).with_only_columns(col(Visit.id)).order_by(None)
    of_open = col(Notice.visit_id).in_(visits)
    told: defaultdict[int, set[str]] = defaultdict(set)
    for visit_id, key in (await session.exec(select(Notice.visit_id, Notice.key).where(of_open, went_out))).all():
        told[visit_id or 0].add(planned_key(key))
    return told


async def _write(session: AsyncSession, workspace: Workspace, wanted: Rearrangement) -> None:
    for name, value in wanted.site.items():
        setattr(workspace, name, value)
    session.add(workspace)
    for group, is_deputy in ((wanted.holders, False), (wanted.deputies, True)):
        named = col(RoleHolder.role).in_(list(group))
        own = (col(RoleHolder.workspace_id) == workspace.id) & col(RoleHolder.is_deputy).is_(is_deputy)
        await session.exec(delete(RoleHolder).where(own, named))
    for group, is_deputy in ((wanted.holders, False), (wanted.deputies, True)):
        for role, people in group.items():
            session.add_all(
                RoleHolder(workspace_id=workspace.id, role=role, person_id=person, is_deputy=is_deputy)
                for person in people
            )
    if wanted.rule is not None:
        own_rule = (col(RuleOverride.workspace_id) == workspace.id) & (col(RuleOverride.rule_id) == wanted.rule.rule_id)
        await session.exec(delete(RuleOverride).where(own_rule))
        if not wanted.rule.is_default:
            session.add(wanted.rule.as_override(workspace.id))
    await session.flush()
