"""A company of any size, made from a seed, with visits whose reminders fall due when they are wanted."""

import random
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot import app, demo_office
from bot.app import Pacing, Visita
from bot.clock import Clock
from bot.models.notices import OPEN_STATES, Notice
from bot.models.people import Person
from bot.models.roles import Part
from bot.models.visits import Meal, Participant, Stop, StopKind, Visit
from bot.services.office import Change
from bot.settings import Settings, async_database_url
from tests.classic import CLASSIC

MEAL_LEAD = timedelta(hours=4)
"""Of D3.1 in schedules/leadtimes.toml: a meal this far off is reminded of now."""
AT_THE_MEAL = 20
"""People who are reminded of one meal: lead host, leaders and team."""
_LEADERS = 4
_SPOKEN = (
    ("zh-CN", "Asia/Shanghai"),
    ("es-ES", "Europe/Madrid"),
    ("es-LA", "Asia/Shanghai"),
    ("en-US", "America/New_York"),
)


@dataclass(frozen=True)
class Due:
    """A notice as it was planned: what the workspace has to show in the end."""

    id: str
    due_at: datetime
    person: str


def seed(people: int) -> dict[str, Any]:
    """The demo's team and app, with other people."""
    chosen = demo_office.seed()
    chosen["users"] = [
        {"id": slack_id, "name": slack_id.lower(), "real_name": f"Person {place}", "locale": locale, "tz": zone}
        for place, slack_id in enumerate(slack_ids(people))
        for locale, zone in [_SPOKEN[place % len(_SPOKEN)]]
    ]
    chosen["channels"] = [{"id": "C01GENERAL", "name": "general", "members": slack_ids(people)}]
    return chosen


def slack_ids(people: int) -> list[str]:
    return [f"U{place:04}CREW" for place in range(people)]


@asynccontextmanager
async def opened(api_url: str, database_url: str, clock: Clock) -> AsyncIterator[Visita]:
    """The bot's own services on the database, for planning; nothing is delivered from here."""
    settings = Settings(
        slack_bot_token=demo_office.BOT_TOKEN,
        slack_app_token=demo_office.APP_TOKEN,
        slack_api_url=api_url,
        database_url=async_database_url(database_url),
        timezone=ZoneInfo(demo_office.ZONE),
        locale=demo_office.LOCALE,
    )
    async with app.build(settings, clock=clock, pacing=Pacing(0, 0), rulebook=CLASSIC) as visita:
        await visita.database.migrate()
        await app.introduce(visita)
        yield visita


async def plan_visits(visita: Visita, people: int, moments: Iterable[datetime], chance: random.Random) -> list[Due]:
    """A visit for each moment, at which `AT_THE_MEAL` people are to be reminded of a meal; all that is now planned."""
    known = await visita.desk.people.known(demo_office.TEAM_ID, slack_ids(people))
    crew = list(known.values())
    for number, moment in enumerate(moments, 1):
        guests_hosts = chance.sample(crew, AT_THE_MEAL)
        async with visita.database.write() as session:
            visit = _visit(number, moment, guests_hosts[0], visita.desk.clock.now())
            session.add(visit)
            await session.flush()
            session.add_all(_rest(visit, guests_hosts))
            await visita.desk.visits.office.settle(Change(session, visit, visita.desk.clock.now()))
    return await _planned(visita, {person.key: person.slack_id for person in crew})


async def _planned(visita: Visita, slack_id: Mapping[int, str]) -> list[Due]:
    statement = select(Notice).where(col(Notice.state).in_(OPEN_STATES))
    async with visita.database.read() as session:
        notices = (await session.exec(statement)).all()
    return [Due(notice.id, notice.due_at, slack_id[notice.person_id or 0]) for notice in notices]


async def unsettled(visita: Visita, until: datetime) -> int:
    """How many notices are still to be settled that are to be tried before `until`."""
    statement = select(Notice.id).where(col(Notice.state).in_(OPEN_STATES), Notice.attempt_at < until)
    async with visita.database.read() as session:
        return len((await session.exec(statement)).all())


def _visit(number: int, moment: datetime, host: Person, now: datetime) -> Visit:
    return Visit(
        workspace_id=host.workspace_id,
        number=number,
        zone=demo_office.ZONE,
        company=f"Company {number}",
        guest_name="Luis García",
        party_size=3,
        arrives_at=moment + MEAL_LEAD - timedelta(hours=2),
        departs_at=moment + MEAL_LEAD + timedelta(days=1),
        lead_host_id=host.key,
        opened_by_id=host.key,
        opened_at=now,
        prepared_from=now,
    )


def _rest(visit: Visit, people: list[Person]) -> Iterable[Stop | Participant]:
    starts = visit.arrives_at + timedelta(hours=2)
    yield Stop(
        visit_id=visit.key,
        kind=StopKind.MEAL,
        meal=Meal.LUNCH,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        place="Canteen",
    )
    for place, person in enumerate(people[1:]):
        part = Part.LEADER if place < _LEADERS else Part.TEAM
        yield Participant(visit_id=visit.key, person_id=person.key, part=part)
