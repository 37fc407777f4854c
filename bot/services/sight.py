"""What stands right before it is sent: notices read with their visits, and looked at again when their turn comes."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import chain

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.database import among, seen, whole
from bot.models.notices import Notice, NoticeKind, NoticeState, Record
from bot.models.people import Person
from bot.models.visits import Visit
from bot.procedure.calendar import calendar_of
from bot.procedure.conflicts import Surroundings
from bot.procedure.deputies import FOR
from bot.procedure.picture import Picture
from bot.procedure.plan import Wanted, concerned, plan
from bot.procedure.rules import Rulebook
from bot.procedure.told import follows, is_asked_late, too_early
from bot.services.days import visits_on
from bot.services.office import Office
from bot.services.pictures import read_pictures
from bot.services.records import named_by, named_in
from bot.services.surroundings import read_surroundings
from bot.services.today import OneDay, read_days

LASTS_SECONDS = 0.1
"""How long what was read counts as what is, unless this process itself commits a change in between."""
PLANS_KEPT = 100
"""Visits; a plan takes as much memory as a long text."""
_Standing = tuple[str, datetime | None]
"""The lease of a notice that is being sent, and since when what it tells may no longer hold."""


_VISITS = select(Visit).where(col(Visit.id).in_(bindparam("ids", expanding=True)))
_STANDING = select(Notice.id, Notice.lease, col(Notice.stale_since)).where(
    among(col(Notice.id), "ids"), Notice.state == NoticeState.SENDING
)
_OF_VISITS = whole(Notice).where(col(Notice.visit_id).in_(bindparam("visits", expanding=True)))
_OF_RULES = _OF_VISITS.where(among(col(Notice.rule), "rules"))


class Planned:
    """What a visit as it was read has to tell; worked out once, when somebody asks."""

    def __init__(self, picture: Picture, rulebook: Rulebook) -> None:
        self.picture = picture
        self._rulebook = rulebook

    @cached_property
    def notices(self) -> Mapping[str, Wanted]:
        """What ought to exist, by key."""
        calendar = calendar_of(self.picture.workspace, self.picture.visit)
        return {wanted.key: wanted for wanted in plan(self.picture, self._rulebook, calendar)}

    @cached_property
    def concerned(self) -> Collection[tuple[int, int]]:
        """(person, stop) pairs: whom the visit has something to tell about which stop."""
        deputies = {(w.person_id or 0, w.stop_id or 0) for w in self.notices.values() if FOR in w.payload}
        return concerned(self.picture, self._rulebook) | deputies


class Plans:
    """Plans of the visits that were asked for last, each for as long as its visit is read the same.

    A message that somebody presses is edited with the run sheets and boards it stands on, whose other visits have not
    changed; one picture is compared in a small part of the time in which it is planned.
    """

    def __init__(self, rulebook: Rulebook, kept: int = PLANS_KEPT) -> None:
        self._rulebook = rulebook
        self._kept = kept
        self._by_visit: dict[int, Planned] = {}

    def of(self, picture: Picture) -> Planned:
        """What the visit has to tell as it was read now."""
        planned = self._by_visit.pop(picture.visit.key, None)
        if planned is None or not planned.picture.reads_as(picture):
            planned = Planned(picture, self._rulebook)
        self._by_visit[picture.visit.key] = planned
        if len(self._by_visit) > self._kept:
            del self._by_visit[next(iter(self._by_visit))]
        return planned


@dataclass(frozen=True)
class Fresh:
    """A notice as it stood when it was read, with all that its message needs."""

    notice: Notice
    picture: Picture
    planned: Planned
    record: Record | None
    card: Notice | None
    merged: tuple[Notice, ...] = ()
    """What this message tells as well (G4)."""
    around: Surroundings | None = None
    """What the visit may collide with, for those who decide on it."""
    early: Collection[str] = ()
    """What of it follows from a question that came late, or is on its way yet, and is not due before long; by id."""

    @property
    def recipient(self) -> Person | None:
        """None for what goes to a channel."""
        return self.picture.people[self.notice.person_id] if self.notice.person_id is not None else None

    @property
    def parts(self) -> tuple[Notice, ...]:
        """What it tells: what it carries, or itself."""
        return self.merged if self.notice.kind == NoticeKind.SHORT_NOTICE else (self.notice,)

    def alone(self, part: Notice) -> "Fresh":
        """One of its parts as a message of its own."""
        return replace(self, notice=part, merged=())

    @property
    def thread(self) -> str | None:
        return self.card.slack_ts if self.card else None

    def as_of(self, now: datetime) -> datetime:
        """The moment an edit is written for: that of sending, so that leads do not run on."""
        return self.notice.sent_at or now

    def turns(self, now: datetime) -> datetime | None:
        """When the message has to be looked at again though nothing happens: never."""
        return None


@dataclass(frozen=True)
class FreshDay:
    """A notice about a day with all its visits, as it stood when it was read."""

    notice: Notice
    day: OneDay
    planned: Mapping[int, Planned]
    """By visit."""

    @property
    def parts(self) -> tuple[Notice, ...]:
        """What it tells: itself."""
        return (self.notice,)

    @property
    def recipient(self) -> Person | None:
        return self.day.reader

    @property
    def thread(self) -> str | None:
        return None

    def as_of(self, now: datetime) -> datetime:
        """A board shows how things are now."""
        return now

    def turns(self, now: datetime) -> datetime | None:
        """When the message has to be looked at again though nothing happens."""
        return self.day.next_turn(self.notice, now)

    def is_wanted(self, rulebook: Rulebook) -> bool:
        """Whether there is still something to tell: visits on the board, stops on the person's sheet."""
        if self.notice.kind == NoticeKind.BOARD:
            return bool(self.day.pictures)
        return any(self.day.own_stops(picture, rulebook) for picture in self.day.pictures)


@dataclass
class _Look:
    """When a notice was last seen to stand: by the loop's clock, and after how many changes in this process."""

    at: float
    changes: int
    standing: _Standing


class Sight:
    """Reads notices, and answers right before one is sent whether what was read still holds.

    Every change of a visit marks its notices that are under way, so one short query tells for all of them at once
    which stand. A change that this process has committed is always seen; one of another replica if it was committed
    `lasts` seconds before the message begins to leave. What changes later than that is put right when the message has
    been settled.
    """

    def __init__(self, office: Office, *, lasts: float = LASTS_SECONDS) -> None:
        self._office = office
        self._lasts = lasts
        self._changes = 0
        self._looks: dict[str, _Look] = {}
        self._looking: asyncio.Task[None] | None = None
        self._plans = Plans(office.rulebook)
        office.database.after_commit(self._changed)

    async def read(self, notices: Collection[Notice]) -> list[Fresh | FreshDay]:
        """These notices with their visits as they stand now, in a fixed number of queries."""
        look = self._now()
        async with self._office.database.read() as session:
            visit_ids = {notice.visit_id for notice in notices if notice.visit_id is not None} | visits_on(notices)
            visits = await session.exec(_VISITS, params={"ids": list(visit_ids)})
            pictures = await read_pictures(session, visits.all())
            days = await read_days(session, [n for n in notices if n.visit_id is None], pictures)
            records = await _records(session, notices)
            cards = await _cards(session, notices)
            merged = await _merged(session, notices)
            pictures = await _with_everybody(session, pictures, [*notices, *chain(*merged.values())], records)
            around = await _around(session, notices, merged, pictures)
            early = await self._early(session, [*notices, *chain(*merged.values())], pictures)
        planned = {key: self._plans.of(picture) for key, picture in pictures.items()}
        for notice in notices:
            self._looks[notice.id] = _Look(*look, (notice.lease, notice.stale_since))
        return [
            FreshDay(notice, days[notice.id], planned)
            if notice.visit_id is None
            else Fresh(
                notice=notice,
                picture=pictures[notice.visit_key],
                planned=planned[notice.visit_key],
                record=records.get(notice.payload.get("record", 0)),
                card=cards.get((notice.visit_key, notice.channel)) if notice.kind == NoticeKind.THREAD else None,
                merged=tuple(merged.get(notice.id, ())),
                around=around.get(notice.visit_key) if _asks_for_approval(notice, merged) else None,
                early=early & {notice.id, *(part.id for part in merged.get(notice.id, ()))},
            )
            for notice in notices
        ]

    async def read_again(self, claimed: Notice) -> Fresh | FreshDay | None:
        """What has changed, the notice itself included; None if somebody else has it now, or it is settled."""
        own = select(Notice).where(Notice.id == claimed.id, Notice.lease == claimed.lease)
        async with self._office.database.read() as session:
            notice = (await session.exec(own.where(Notice.state == NoticeState.SENDING))).one_or_none()
        return (await self.read([notice]))[0] if notice else None

    async def holds(self, fresh: Fresh | FreshDay) -> bool:
        """Whether the notice is still to be sent under its lease, and nothing has changed in its visit."""
        asked, _ = self._now()
        while (look := self._looks.get(fresh.notice.id)) is not None:
            if look.changes == self._changes and look.at >= asked - self._lasts:
                return True
            if self._looking is None:
                self._looking = asyncio.create_task(self._look())
            await self._looking
        return False

    def forget(self, notice_id: str) -> None:
        """It is no longer under way."""
        self._looks.pop(notice_id, None)

    async def _early(
        self, session: AsyncSession, notices: Iterable[Notice], pictures: Mapping[int, Picture]
    ) -> set[str]:
        """What of these follows from questions that came late, or are on their way yet, and is not due before long."""
        now = self._office.clock.now()
        following: dict[int, list[Notice]] = {}
        for notice in notices:
            if notice.visit_id is not None and notice.sent_at is None and follows(notice):
                following.setdefault(notice.visit_id, []).append(notice)
        if not following:
            return set()
        connection = await session.connection()
        rules = {notice.rule for several in following.values() for notice in several}
        asked = {"visits": list(following), "rules": list(rules)}
        alike = seen(Notice, await connection.execute(_OF_RULES, asked))
        late = {visit for visit in following if is_asked_late((row for row in alike if row.visit_id == visit), now)}
        if not late:
            return set()
        rows = seen(Notice, await connection.execute(_OF_VISITS, {"visits": list(late)}))
        found: set[str] = set()
        for visit in late:
            picture, of_visit = pictures[visit], [row for row in rows if row.visit_id == visit]
            calendar = calendar_of(picture.workspace, picture.visit)
            found |= too_early(following[visit], of_visit, picture, self._office.rulebook, calendar, now)
        return found

    def _now(self) -> tuple[float, int]:
        return asyncio.get_running_loop().time(), self._changes

    async def _look(self) -> None:
        """At all that are under way: their turns come one shortly after the other."""
        try:
            at, changes = self._now()
            looks = dict(self._looks)
            present = await self._standing(looks)
            for notice_id, look in looks.items():
                if present.get(notice_id) == look.standing:
                    look.at, look.changes = at, changes
                elif self._looks.get(notice_id) is look:
                    del self._looks[notice_id]
        finally:
            self._looking = None

    async def _standing(self, notice_ids: Collection[str]) -> dict[str, _Standing]:
        async with self._office.database.glance() as connection:
            found = await connection.execute(_STANDING, {"ids": list(notice_ids)})
            return {notice_id: (lease, stale) for notice_id, lease, stale in found}

    def _changed(self) -> None:
        self._changes += 1


async def _with_everybody(
    session: AsyncSession,
    pictures: Mapping[int, Picture],
    notices: Iterable[Notice],
    records: Mapping[int | None, Record],
) -> dict[int, Picture]:
    """The pictures, with those who have no part in a visit any more and are named all the same."""
    known = {person for picture in pictures.values() for person in picture.people}
    missing = named_in(records.values()).union(*(named_by(notice.payload) for notice in notices)) - known
    if not missing:
        return dict(pictures)
    found = (await session.exec(select(Person).where(col(Person.id).in_(missing)))).all()
    more = {person.key: person for person in found}
    return {visit: replace(picture, people={**picture.people, **more}) for visit, picture in pictures.items()}


async def _records(session: AsyncSession, notices: Iterable[Notice]) -> dict[int | None, Record]:
    ids = {notice.payload["record"] for notice in notices if "record" in notice.payload}
    if not ids:
        return {}
    return {record.id: record for record in (await session.exec(select(Record).where(col(Record.id).in_(ids)))).all()}


async def _merged(session: AsyncSession, notices: Iterable[Notice]) -> dict[str | None, list[Notice]]:
    """What messages that tell several things tell, by their ids."""
    ids = [notice.id for notice in notices if notice.kind == NoticeKind.SHORT_NOTICE]
    found: dict[str | None, list[Notice]] = {}
    if ids:
        told = (col(Notice.merged_into).in_(ids)) & (col(Notice.state) == NoticeState.MERGED)
        for notice in (await session.exec(select(Notice).where(told).order_by(Notice.key))).all():
            found.setdefault(notice.merged_into, []).append(notice)
    return found


async def _around(
    session: AsyncSession,
    notices: Iterable[Notice],
    merged: Mapping[str | None, Iterable[Notice]],
    pictures: Mapping[int, Picture],
) -> dict[int, Surroundings]:
    """What else goes on around the visits whose plan somebody is asked to approve."""
    asked = {notice.visit_key for notice in notices if _asks_for_approval(notice, merged)}
    return {visit: await read_surroundings(session, pictures[visit]) for visit in asked}


def _asks_for_approval(notice: Notice, merged: Mapping[str | None, Iterable[Notice]]) -> bool:
    return any(part.kind == NoticeKind.PLAN_REQUEST for part in (notice, *merged.get(notice.id, ())))


async def _cards(session: AsyncSession, notices: Iterable[Notice]) -> dict[tuple[int, str | None], Notice]:
    """The cards in whose threads some of the notices belong, by visit and channel."""
    visits = {notice.visit_id for notice in notices if notice.kind == NoticeKind.THREAD}
    if not visits:
        return {}
    cards = select(Notice).where(col(Notice.visit_id).in_(visits), Notice.kind == NoticeKind.CARD)
    return {(card.visit_key, card.channel): card for card in (await session.exec(cards)).all()}
