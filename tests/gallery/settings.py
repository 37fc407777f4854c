"""The settings: the menu and its lists, the forms, what a change would do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.app import read_rulebook
from bot.messages import furnishing_forms, rules_in_words, settings_forms, settings_pages
from bot.messages.blocks import Block
from bot.messages.payloads import Page, PageRef
from bot.messages.rules_in_words import Section
from bot.models.bookings import Vehicle
from bot.models.people import Workspace
from bot.models.ranks import Preset, ranks_of
from bot.models.rearrangement import Rearrangement, RuleChange
from bot.models.roles import Role
from bot.models.settings import Room, RoomKind, RuleOverride
from bot.procedure.leads import Lead
from bot.procedure.rearranging import Arrangement, Effect
from bot.procedure.rules import Rule, Rulebook
from bot.procedure.vocabulary import About, Anchor, Condition, To
from tests.samples import ADMINISTRATION, DRIVER, EXECUTIVE_OFFICE, GENERAL_MANAGER, NOW, SOFIA, Scene

RULEBOOK = read_rulebook()
_FORMS = (
    *(Page.ORGANIZERS, Page.HOUSE, Page.LEADERS, Page.APPROVERS, Page.RIGHTS),
    *(Page.SITE, Page.JOURNEYS, Page.MEALS),
)


def arrangement(scene: Scene, preset: Preset = Preset.COMPANY) -> Arrangement:
    """Everything is set, two entries are otherwise, one is off; nobody is IT or finance."""
    people, typed = scene.people(), scene.typed
    site = Workspace(
        id="T01",
        name="江南精工",
        zone="Asia/Shanghai",
        locale="zh-CN",
        reception_channel="C01RECEPTION",
        preferred_port=typed.airport[:80],
        port_hint=typed.reason,
        food_rules=typed.food,
        address=typed.restaurant[:300],
    )
    ranks = [rank.model_copy(update={"id": n}) for n, rank in enumerate(ranks_of(preset, "T01"), 1)]
    rooms = [
        Room(id=n, workspace_id="T01", name=typed.car, kind=kind, capacity=n) for n, kind in enumerate(RoomKind, 1)
    ]
    overrides = [
        RuleOverride(workspace_id="T01", rule_id="D1.2", lead="90min"),
        RuleOverride(workspace_id="T01", rule_id="C8", keeps_office_hours=False),
        RuleOverride(workspace_id="T01", rule_id="D3.4", is_on=False),
    ]
    return Arrangement(
        workspace=site,
        holders={
            Role.ADMINISTRATION: (people[ADMINISTRATION],),
            Role.EXECUTIVE_OFFICE: (people[EXECUTIVE_OFFICE],),
            Role.SENIOR_LEADER: (people[GENERAL_MANAGER], people[SOFIA]),
            Role.DRIVER: (people[DRIVER],),
            Role.APPROVER_1: (people[GENERAL_MANAGER],),
        },
        deputies={Role.ADMINISTRATION: (people[SOFIA], people[EXECUTIVE_OFFICE])},
        vehicles=tuple(scene.vehicles()),
        rooms=tuple(rooms),
        ranks=tuple(ranks),
        overrides=tuple(overrides),
        rulebook=RULEBOOK,
    )


def bare(scene: Scene) -> Arrangement:
    """Nothing is set."""
    site = Workspace(id="T01", name="江南精工", zone="Asia/Shanghai", locale="zh-CN", country="")
    return Arrangement(site, {}, {}, (), (), (), (), RULEBOOK)


def pages(scene: Scene) -> Iterator[tuple[str, Block]]:
    """The menu, cars, rooms, ranks."""
    t, found, empty, people = scene.t(), arrangement(scene), bare(scene), scene.people()
    many = [Vehicle(id=n, workspace_id="T01", name=scene.typed.car, plate="苏A 1", seats=1) for n in range(1, 61)]
    yield "menu", settings_pages.menu(t, found, NOW)
    yield "menu, nothing is set", settings_pages.menu(t, empty, NOW)
    yield "menu, scopes are missing", settings_pages.menu(t, empty, NOW, ["im:history", "channels:history"])
    yield "cars", settings_pages.cars(t, found)
    yield "cars, one with one seat", settings_pages.cars(t, replace(found, vehicles=tuple(many[:1])))
    yield "cars, none", settings_pages.cars(t, empty)
    yield "rooms", settings_pages.rooms(t, found)
    yield "rooms, none", settings_pages.rooms(t, empty)
    holders = [people[GENERAL_MANAGER].model_copy(update={"rank": 85}), people[SOFIA].model_copy(update={"rank": 57})]
    yield "ranks", settings_pages.ranks(t, found, holders)
    yield "ranks of a university, nobody holds one", settings_pages.ranks(t, arrangement(scene, Preset.UNIVERSITY), [])


def lead_times(scene: Scene) -> Iterator[tuple[str, Block]]:
    """Every part of the rulebook; and what an entry may say that none says yet."""
    t, found = scene.t(), arrangement(scene)
    for section in Section:
        yield section, settings_pages.lead_times(t, found, section)
    rulebook = Rulebook((*RULEBOOK.rules, *_rare_rules()), timedelta(minutes=1))
    yield "what is rare", settings_pages.lead_times(t, replace(found, rulebook=rulebook), Section.OTHER)


def _rare_rules() -> Iterator[Rule]:
    drinks = RULEBOOK.rule("D3.4")
    assert drinks is not None
    for n, anchor in enumerate(anchor for anchor in Anchor if anchor not in (Anchor.OPENED, Anchor.APPROVED)):
        for lead in (Lead(), Lead(hours=2)):
            yield replace(drinks, id=f"Z{n}{'a' if lead.hours else ''}", anchor=anchor, lead=lead)
    for n, to in enumerate(To, 20):
        yield replace(drinks, id=f"Z{n}", to=(to,))
    for n, (condition, wanted) in enumerate(rules_in_words.CONDITIONS, 50):
        yield replace(drinks, id=f"Z{n}", when=((Condition(condition), wanted),))
    pickup = RULEBOOK.rule("D1.2")
    assert pickup is not None
    yield replace(pickup, id="Z80", about=About.TOUR)
    yield replace(pickup, id="Z81", about=About.TRIP)


def forms(scene: Scene) -> Iterator[tuple[str, Block]]:
    """The pages that are filled in."""
    t, found, empty = scene.t(), arrangement(scene), bare(scene)
    for page in _FORMS:
        yield page, settings_forms.form(t, found, page, "", NOW)
    yield "site, nothing is set", settings_forms.form(t, empty, Page.SITE, "", NOW)
    for rule_id in ("D1.2", "D3.1", "C8", "D3.4", "C3"):
        yield f"lead time of {rule_id}", settings_forms.form(t, found, Page.RULE, rule_id, NOW)


def effects(scene: Scene) -> Iterator[tuple[str, Block]]:
    """What a change would do to open visits."""
    t, wanted = scene.t(), Rearrangement(rule=RuleChange("D1.2", "2h"))
    ref = PageRef(Page.RULE, "D1.2")
    yield "one of each", settings_forms.effect(t, ref, wanted, Effect(1, 1, 1, 1, 1))
    yield "several of each", settings_forms.effect(t, ref, wanted, Effect(3, 12, 2, 7, 4))
    yield "nothing", settings_forms.effect(t, ref, wanted, Effect())
    yield "while it is worked out", settings_forms.counting(t, "8f6c0d6f5c5d4f7f8a5b0c1d2e3f4a5b")
    yield "some fall away", settings_forms.effect(t, ref, wanted, Effect(2, 0, 0, 2, 0))


def furnishings(scene: Scene) -> Iterator[tuple[str, Block]]:
    """What a house has."""
    t, found = scene.t(), arrangement(scene)
    yield "a car more", furnishing_forms.vehicle(t)
    yield "a room more", furnishing_forms.room(t)
    yield "a rank more", furnishing_forms.rank(t, None)
    yield "a rank", furnishing_forms.rank(t, found.ranks[3])
    yield "somebody's rank", furnishing_forms.persons_rank(t, found.ranks)
