"""Every text that reaches people comes from a catalog or is data: conversations and messages in the pseudo language.

What a catalog wrote stands in ⟦…⟧ there, so that anything else is seen at once.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from bot import app, demo_office
from bot.i18n import Language, own_name
from bot.messages.words import reason
from bot.models.bookings import Vehicle
from bot.models.forms import VisitForm
from bot.models.people import Person, Workspace
from bot.models.ranks import Preset, ranks_of
from bot.models.settings import Rank, Room
from bot.models.visits import Stop, Visit
from handlers import ACTIONS, VIEWS
from sandbox.record import ApiCall
from tests.conversations import ALL, Conversation
from tests.doors import unheard_and_unused
from tests.gallery import pieces
from tests.gallery.guests import TYPED
from tests.pseudo import PseudoCatalogs, plain, unmarked
from tests.reception import Reception, reception
from tests.samples import ELSEWHERE, Scene
from tests.visible import measured, sent_to, typed_into, visible

PSEUDO = PseudoCatalogs.load(strict=True)
EXAMPLES = ("+86 138 0013 8000", "MU5102", "G1234", "Asia/Shanghai", VisitForm().party_size, "V-····")
"""What a well-formed number looks like, shown where one is to be typed; what stands in an empty form, and in place of
the number of a visit that others may not see."""
ON_SQLITE = pytest.mark.parametrize("source", ["sqlite"], indirect=True)
TOLD: tuple[str, ...] = (
    "name",
    "title",
    "phone",
    "company",
    "guest_name",
    "guest_title",
    "contact_name",
    "contact_phone",
    "zone",
)
TOLD += ("arrival_number", "departure_number", "food_notes", "customs_notes", "cancel_reason", "reference", "place")
TOLD += ("number", "plate", "seats", "subject", "room", "route")
CODES = (*(rule.id for rule in app.read_rulebook().rules), "B8", "account_inactive", "user_not_found")
CODES += ("im:history", "channels:history", "CN")
"""Rows of the procedure, words of Slack's as the ledger and the settings show them, and a country's letters."""
NUMBERS = ("30", "90min", "4h", "2d", "30min", "85", "1.", "2.", "3.")
"""Minutes, lead times and a rank, as they stand in fields where they are typed, and the places of a list."""
PAPERS = ("GARCIA LOPEZ LUIS", "XDB123456", *(f"Luis García {number}" for number in range(3)))
"""A passport, and guests who are told apart by a number."""

BOOKED = ("8812-07", "CNY", "12000", "江南精工", "2026-03-03 09:00:00+08:00")
"""What a confirmation says, a currency, an amount in a form, the house, and a moment in a table."""


@ON_SQLITE
@pytest.mark.parametrize("conversation", ALL, ids=lambda conversation: conversation.__name__)
async def test_everything_that_is_said_comes_from_a_catalog_or_is_data(
    database_url: str, conversation: Conversation
) -> None:
    async with reception(database_url, catalogs=PSEUDO) as office:
        await conversation(office)
        sent = list(sent_to(office.workspace))
        typed = list(typed_into(office.workspace))
        data = {*await _known(office), *typed, *map(reason, typed)}

    texts = {(one.how, text) for one in sent for text in visible(one.payload)}
    assert len(texts) > 50
    assert [f"{how}: {found}" for how, text in texts for found in unaccounted(text, data)] == []
    assert [f"{one.how}: {text}" for one in sent for text in too_long(measured(one.payload))] == []
    assert refused(office) == []
    unheard, _ = unheard_and_unused([one.payload for one in sent], ACTIONS, VIEWS)
    assert unheard == set()


@pytest.mark.parametrize("language", Language)
def test_everything_that_can_be_said_comes_from_a_catalog_or_is_data(language: Language) -> None:
    scene = Scene(PSEUDO, language)
    data = {*_of_scene(scene), *TYPED, *CODES, *NUMBERS, *PAPERS, *BOOKED, *EXAMPLES, *map(own_name, Language)}
    texts = {
        text: f"{kind}, {description}"
        for kind, description, built in pieces(scene)
        for text in ([built] if isinstance(built, str) else visible(_as_sent(built)))
    }
    assert [f"{where}: {found}" for text, where in texts.items() for found in unaccounted(text, data)] == []


def unaccounted(text: str, data: Collection[str]) -> Iterator[str]:
    """What neither a catalog wrote nor anybody typed."""
    try:
        if leftovers := unmarked(text, data):
            yield f"{leftovers} in {text!r}"
    except ValueError as cut:
        yield str(cut)


def too_long(texts: Iterable[tuple[str, int]]) -> Iterator[str]:
    """What people would see cut off, measured without the marks of the pseudo language."""
    yield from (f"{plain(text)!r} is longer than {most}" for text, most in texts if len(plain(text)) > most)


def refused(office: Reception) -> list[str]:
    """What the workspace did not take, and what it told people of a bot that did not answer."""
    calls = [entry for entry in office.workspace.record.entries if isinstance(entry, ApiCall) and not entry.ok]
    return [f"{call.method}: {call.answer}" for call in calls] + [one.text for one in office.workspace.troubles]


async def _known(office: Reception) -> list[str]:
    """All that the database and the company's seed have to tell."""
    rows: list[SQLModel] = []
    async with office.visita.database.read() as session:
        for table in (Workspace, Person, Visit, Stop, Vehicle, Room):
            rows += (await session.exec(select(table))).all()
        titles = [title for rank in (await session.exec(select(Rank))).all() for title in rank.titles.values()]
    told = [str(getattr(row, name)) for row in rows for name in TOLD if getattr(row, name, None)]
    seed = [user["real_name"] for user in demo_office.seed()["users"]]
    return [*told, *titles, *seed, *CODES, *EXAMPLES, *map(own_name, Language)]


def _of_scene(scene: Scene) -> list[str]:
    own = [str(value) for value in vars(scene.typed).values()]
    typed = [*own, *map(reason, own), *ELSEWHERE]
    typed += [title for preset in Preset for rank in ranks_of(preset, "T01") for title in rank.titles.values()]
    rows: list[Any] = [scene.visit(), *scene.stops(), *scene.people().values(), *scene.vehicles()]
    return typed + [str(getattr(row, name)) for row in rows for name in TOLD if hasattr(row, name)]


def _as_sent(built: Any) -> Any:
    return built.as_arguments() if hasattr(built, "as_arguments") else built
