"""What is to happen in the week, drawn from a seed before it begins: visits, and what becomes of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Literal

from bot import demo_office
from bot.models.roles import Role
from tests.reception import MONDAY_MORNING, SHANGHAI

BEGINS = MONDAY_MORNING
"""A week earlier than the busy one: visits are opened up to ten days ahead."""
WEEK = timedelta(days=7)
BUSY = BEGINS.replace(hour=0) + WEEK
"""Monday of the week in which all guests arrive."""
ARRIVAL_DAYS = 5
"""From Monday to Friday."""
AHEAD = (
    (timedelta(minutes=40), 6),
    (timedelta(hours=3), 10),
    (timedelta(hours=8), 12),
    (timedelta(days=1), 20),
    (timedelta(days=2, hours=2), 20),
    (timedelta(days=3), 16),
    (timedelta(days=5), 12),
    (timedelta(days=9), 4),
)
"""How long before the arrival a visit is opened, and how often of a hundred."""
ARRIVALS = tuple(time(hour, minute) for hour in range(9, 21) for minute in (0, 15, 30, 50))
OFFICE_OPENS, OFFICE_CLOSES = 8, 19
Kind = Literal["delay", "move a meal", "one meal more", "one meal less", "party", "diet", "cancel"]
SHARES: dict[Kind, float] = {
    "delay": 0.2,
    "move a meal": 0.15,
    "one meal more": 0.1,
    "one meal less": 0.1,
    "party": 0.15,
    "diet": 0.1,
    "cancel": 0.08,
}
"""How many of the visits see such a change."""


@dataclass(frozen=True)
class Change:
    """Something that the host changes in an open visit."""

    at: datetime
    kind: Kind
    dice: random.Random


@dataclass(frozen=True)
class Entry:
    """One visit: when it is opened, by whom, what is typed and chosen in the form, and what is changed later."""

    company: str
    opened_at: datetime
    host: str
    fields: dict[str, Any]
    changes: list[Change] = field(default_factory=list)


def slack_ids(people: int) -> list[str]:
    """Everybody: the demo's people, and as many more as it takes."""
    known = [user["id"] for user in demo_office.seed()["users"]]
    return known + [f"U{place:02}CREW" for place in range(len(known) + 1, people + 1)]


HOSTS = [one for place, one in enumerate(slack_ids(23)) if place < 3 or place >= 13]
"""Those who open visits."""


def entries(visits: int, people: int, seed: int, days: int = ARRIVAL_DAYS) -> list[Entry]:
    """The same for the same seed: of the week's visits those whose guests arrive on its first `days`."""
    chance = random.Random(seed)
    everybody = slack_ids(people)
    week = [_entry(number, everybody, chance) for number in range(1, visits + 1)]
    end = (BUSY + timedelta(days=days)).date().isoformat()
    return [entry for entry in week if entry.fields["arrival_date"] < end]


def _entry(number: int, everybody: list[str], chance: random.Random) -> Entry:
    day = (BUSY + timedelta(days=chance.randrange(ARRIVAL_DAYS))).date()
    arrives = datetime.combine(day, chance.choice(ARRIVALS), SHANGHAI)
    nights = chance.choices((0, 1, 2), (3, 4, 2))[0]
    departs = datetime.combine(arrives.date() + timedelta(days=nights), time(17, 30), SHANGHAI)
    departs = max(departs, arrives + timedelta(hours=4))
    opened = _in_office_hours(arrives - chance.choices([a for a, _ in AHEAD], [n for _, n in AHEAD])[0])
    opened += timedelta(seconds=chance.uniform(0, 240))
    company = f"Client {number:03}"
    fields = {
        "company": company,
        "guest_name": chance.choice(("Luis García", "Marta Gómez", "John Smith", "Анна Иванова", "佐藤健")),
        "party_size": str(chance.randint(1, 6)),
        "guest_language": chance.choice(("es", "es", "en", "zh_CN")),
        "arrival_number": chance.choice(("MU5102", "G7001", "IB6801", "")),
        "travel_minutes": chance.choice(("", "", "45", "70")),
        "arrival_date": arrives.date().isoformat(),
        "arrival_time": f"{arrives:%H:%M}",
        "departure_date": departs.date().isoformat(),
        "departure_time": f"{departs:%H:%M}",
        **_our_people(everybody, chance),
    }
    changes = sorted(_changes(opened, arrives, departs, chance), key=lambda change: change.at)
    return Entry(company, opened, chance.choice(HOSTS), fields, changes)


def _our_people(everybody: list[str], chance: random.Random) -> dict[str, Any]:
    crew = [one for one in everybody if one not in _DUTIES]
    chosen = chance.sample(crew, 10)
    leaders = chosen[2 : 2 + chance.randint(0, 2)] + (["U07ZHANG"] if chance.random() < 0.3 else [])
    return {
        "greeters": chosen[: chance.randint(0, 2)],
        "leaders": leaders,
        "team": chosen[4 : 4 + chance.randint(0, 6)],
        "driver": chance.choice((None, *_DRIVERS)),
    }


def _changes(opened: datetime, arrives: datetime, departs: datetime, chance: random.Random) -> Iterator[Change]:
    for kind, share in SHARES.items():
        if chance.random() < share:
            # Delays become known when guests are about to leave or under way, all else at any time.
            begin = max(opened, arrives - timedelta(hours=6)) if kind == "delay" else opened
            end = arrives if kind in ("delay", "cancel") else departs
            span = max((end - begin).total_seconds() - 600, 60)
            yield Change(begin + timedelta(seconds=60 + chance.uniform(0, span)), kind, random.Random(chance.random()))


def _in_office_hours(moment: datetime) -> datetime:
    """The moment, or the last one before it at which somebody was in the office; not before the simulation begins."""
    if moment.hour < OFFICE_OPENS:
        moment = (moment - timedelta(days=1)).replace(hour=OFFICE_CLOSES - 1, minute=30)
    elif moment.hour >= OFFICE_CLOSES:
        moment = moment.replace(hour=OFFICE_CLOSES - 1, minute=30)
    while moment.weekday() >= 5:
        moment -= timedelta(days=1)
    return max(moment, BEGINS)


_DRIVERS = demo_office.ROLES[Role.DRIVER]
_DUTIES = {one for held in demo_office.ROLES.values() for one in held}
