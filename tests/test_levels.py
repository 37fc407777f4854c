"""Level and parity (B1, B2): what is proposed, and that an exception says why."""

from collections.abc import AsyncIterator
from datetime import date, datetime, time

import pytest

from bot.errors import FormErrors, NotAllowed, Problem
from bot.models.forms import VisitForm
from bot.models.notices import Record, RecordKind
from bot.models.people import Person
from bot.models.roles import Part
from bot.models.visits import StopKind, Visit
from bot.procedure.levels import Parity, leading_host, parity_of, wants_reason
from bot.services.levels import Levels
from tests.pictures import LEADER, SENIOR, Sketch
from tests.small_office import LINA, SHANGHAI, SOFIA, SmallOffice, small_office

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
VISIT = VisitForm(
    company="Acme",
    guest_name="Luis",
    guest_rank=65,
    lead_host=LINA,
    leaders=(SOFIA,),
    arrival_date=date(2026, 3, 5),
    arrival_time=time(14, 30),
    departure_date=date(2026, 3, 6),
    departure_time=time(19, 0),
)


@pytest.mark.parametrize(
    ("ranks", "guest", "parity", "reason"),
    [
        ({LEADER: 75}, 65, Parity.HIGHER, False),
        ({LEADER: 65}, 65, Parity.EQUAL, True),  # level 2 is led by a deputy general manager
        ({LEADER: 50, SENIOR: 90}, 85, Parity.HIGHER, False),
        ({LEADER: 50}, 85, Parity.LOWER, True),
        ({LEADER: 50}, None, None, True),
        ({}, 85, None, False),
    ],
)
def test_b1_the_most_senior_leader_is_compared(
    ranks: dict[int, int], guest: int | None, parity: Parity | None, reason: bool
) -> None:
    sketch = Sketch(parts={Part.LEADER: (LEADER, SENIOR)})
    sketch.stop(StopKind.MEAL, "2026-03-05 12:00")
    picture = sketch.picture()
    picture.visit.guest_rank = guest
    for person, rank in ranks.items():
        picture.people[person].rank = rank
    level = 1 if (guest or 0) >= 85 else 2 if (guest or 0) >= 65 else 3
    assert parity_of(picture) == parity
    assert wants_reason(picture, level) is reason
    assert (leading_host(picture) is None) == (not ranks)


@pytest.fixture
async def small(database_url: str) -> AsyncIterator[SmallOffice]:
    async with small_office(database_url, NOW) as small:
        await small.open_visit(VISIT)
        yield small


async def test_b2_another_level_than_proposed_says_why(small: SmallOffice) -> None:
    levels, host = Levels(small.office), await small.actor(LINA)
    (visit,) = await small.all(Visit)
    with pytest.raises(FormErrors) as refused:
        await levels.choose(host, visit.key, 1, " ")
    assert refused.value.problems == {"reason": Problem.REASON_WANTED}
    await levels.choose(host, visit.key, 1, "an old friend of the house")
    (visit,) = await small.all(Visit)
    assert (visit.level, visit.level_reason) == (1, "an old friend of the house")
    (record,) = await small.all(Record, kind=RecordKind.LEVEL_CHOSEN)
    told = {"level": 1, "reason": "an old friend of the house", "changes": {"level": [2, 1]}}
    assert record.details == told
    await levels.choose(host, visit.key, 2, "")
    (visit,) = await small.all(Visit)
    assert (visit.level, visit.level_reason) == (None, ""), "what is proposed follows the guests"


async def test_b2_a_host_of_too_low_a_rank_needs_a_reason(small: SmallOffice) -> None:
    levels, host = Levels(small.office), await small.actor(LINA)
    (visit,), (sofia,) = await small.all(Visit), await small.all(Person, slack_id=SOFIA)
    async with small.database.write() as session:
        session.add(await session.merge(sofia.model_copy(update={"rank": 50})))
    with pytest.raises(FormErrors):
        await levels.choose(host, visit.key, 2, "")
    await levels.choose(host, visit.key, 2, "the deputy general manager is abroad")
    with pytest.raises(NotAllowed):
        await levels.choose(await small.actor(SOFIA), visit.key, 2, "")


async def test_a_level_that_there_is_not_is_refused(small: SmallOffice) -> None:
    (visit,) = await small.all(Visit)
    with pytest.raises(FormErrors) as refused:
        await Levels(small.office).choose(await small.actor(LINA), visit.key, 4, "")
    assert refused.value.problems == {"level": Problem.MISSING}
