"""The windows of the party and of the client, and what comes up by itself."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.messages import blocks, clients, guest_forms, guests, hints, papers, visit_form, visit_window
from bot.messages.blocks import Block
from bot.models.forms import PassportForm, VisitForm
from bot.models.guests import Client, Gender, Guest, ProfileField
from bot.models.people import Actor
from bot.models.roles import Role
from bot.models.settings import Rank
from bot.models.visits import Background, Foreign, Payer, Purpose
from bot.procedure.acquaintance import Acquaintance
from bot.procedure.passengers import read_passengers
from bot.procedure.picture import Picture
from tests.samples import ADMINISTRATION, HOST, NOW, SOFIA, Scene

Views = Iterator[tuple[str, Block]]
RANKS = (
    Rank(id=1, workspace_id="T01", value=85, titles={"en": "General Manager", "zh_CN": "总经理"}),
    Rank(id=2, workspace_id="T01", value=65, titles={"en": "Director"}),
)
PASTED = {
    "one": "Ms. Ana Pérez, General Manager, VIP, peanut allergy, halal",
    "with passport numbers": "王芳；总监；女；自驾；E12345678\nJohn Smith; 123456789",
    "many": "\n".join(f"Guest {number}" for number in range(60)),
}
"""Lists of guests as hosts have them."""
TYPED = (
    *PASTED.values(),
    *re.findall(r"Guest \d+", PASTED["many"]),
    "Ana Pérez",
    "peanut allergy",
    "halal",
    "王芳",
    "总监",
)
TYPED += ("John Smith", *(title for rank in RANKS for title in rank.titles.values()), "PVG")
"""What people typed into the windows of this page, and ranks are called."""


def parties(scene: Scene) -> Views:
    """The list of guests and its forms."""
    t, picture = scene.t(), with_party(scene, luggage=6, other_stops=scene.typed.customs, hotel_payer=Payer.HOUSE)
    yield "for the host", guests.window(scene.reading(picture, HOST), acting(picture, HOST))
    yield "for everybody else", guests.window(scene.reading(picture, SOFIA), acting(picture, SOFIA))
    many = replace(picture, guests=tuple(_numbered(picture)))
    for first in (0, guests.SHOWN, 2 * guests.SHOWN):
        yield f"many, from {first}", guests.window(scene.reading(many, HOST), acting(many, HOST), first)
    host = picture.people[HOST]
    host.phone = ""
    alone = replace(scene.picture(party_size=1), guests=picture.guests[1:2])
    yield "one guest, no phone", guests.window(scene.reading(alone, HOST), acting(alone, HOST))
    yield "a guest more", guest_forms.new_guest(t, 1, RANKS)
    yield "a guest more, no ranks", guest_forms.new_guest(t, 1, ())
    yield "a guest", guest_forms.change_guest(t, picture.guests[0], RANKS, is_lead=True, is_only=False)
    yield "the only guest", guest_forms.change_guest(t, picture.guests[1], RANKS, is_lead=True, is_only=True)
    yield "at table", _window(blocks.fields([("-", guests.food(scene.reading(picture)))]))
    yield "about all of them", guest_forms.party(scene.reading(picture, HOST))


def lists(scene: Scene) -> Views:
    """A list that is pasted, and what was understood of it."""
    t, typed = scene.t(), scene.typed
    yield "empty", guest_forms.paste(t, 1)
    for name, text in (PASTED | {"one": f"{PASTED['one']}, {typed.customs[:90]}"}).items():
        read = read_passengers(text, {"General Manager": 85})
        yield name, guest_forms.preview(t, 1, text, read, RANKS)


def clients_(scene: Scene) -> Views:
    """Profile and background check, and the visit's window with what they say."""
    typed = scene.typed
    known = replace(scene.picture(is_new_client=True), client=_client(scene))
    yield "nothing known", clients.window(scene.reading(scene.picture(), HOST))
    yield "known", clients.window(scene.reading(known, HOST))
    yield "in the visit's window", visit_window.window(scene.reading(known, HOST), acting(known, HOST))
    for finding in (Background.CLEAR, Background.COMPETITOR, Background.DOES_NOT_EXIST):
        said: dict[str, Any] = {"is_new_client": True, "background": finding, "background_notes": typed.reason}
        picture = replace(scene.picture(**said), client=_client(scene))
        yield f"found: {finding}", visit_window.window(scene.reading(picture, HOST), acting(picture, HOST))


def papers_(scene: Scene) -> Views:
    """Letter, checklist, passports."""
    t, listed = scene.t(), {"insurance": True, "itinerary": False}
    asked = with_party(scene, is_foreign=True, needs_letter=True, papers=listed)
    asked.guests[0].passport, asked.guests[0].passport_confirmed_at = "sealed", NOW
    asked.guests[1].passport = "sealed"
    yield "a letter is needed", papers.window(scene.reading(asked, HOST), acting(asked, HOST))
    yield "for administration", papers.window(scene.reading(asked, ADMINISTRATION), acting(asked, ADMINISTRATION))
    states: dict[str, dict[str, Any]] = {
        "issued": {"is_foreign": True, "needs_letter": True, "letter_issued_at": NOW},
        "not needed": {"needs_letter": False},
        "not known": {},
    }
    for name, said in states.items():
        picture = with_party(scene, **said)
        yield name, papers.window(scene.reading(picture, HOST), acting(picture, HOST))
    many = replace(asked, guests=tuple(_numbered(asked)) + tuple(_numbered(asked, 61)))
    yield "many guests", papers.window(scene.reading(many, HOST), acting(many, HOST))
    yield "a passport", papers.passport(t, asked.guests[0], PassportForm())
    typed = PassportForm("GARCIA LOPEZ LUIS", "XDB123456", is_confirmed=True)
    yield "a passport, confirmed", papers.passport(t, asked.guests[0], typed)


def hints_(scene: Scene) -> Views:
    """What the host is told before a visit is opened."""
    t, picture = scene.t(), scene.picture()
    workspace = picture.workspace
    met = Acquaintance(_client(scene), (picture.visit,), (picture.visit,))
    expected = replace(met, visits=(), coming=(picture.visit, picture.visit))
    written = Acquaintance(
        Client(id=2, workspace_id="T01", name=scene.typed.company, folded_name="x", changed_at=NOW), ()
    )
    form = VisitForm(company=scene.typed.company, foreign=Foreign.NO)
    for purpose in Purpose:
        around = hints.Circumstances(workspace, None, asks_leaders_late=False)
        yield purpose, _window(hints.about(t, replace(form, purpose=purpose, is_new_client=True), around))
    around = hints.Circumstances(workspace, None, asks_leaders_late=True)
    yield "unknown, leaders late", _window(hints.about(t, replace(form, foreign=""), around))
    workspace.preferred_port, workspace.port_hint = "PVG", scene.typed.customs
    form = replace(form, arrival_place=scene.typed.airport)
    around = hints.Circumstances(workspace, met, asks_leaders_late=False)
    yield "was here, arrives elsewhere", _window(hints.about(t, replace(form, is_new_client=True), around))
    yield "beside the form", _window([*visit_form.recognized(t, met), visit_form.read_from_line(t)])
    yield "at the top of a copy", _window([visit_form.copied(t, "V-0011")])
    around = hints.Circumstances(workspace, written, asks_leaders_late=False)
    yield "known by name", _window(hints.about(t, form, around))
    around = hints.Circumstances(workspace, expected, asks_leaders_late=False)
    yield "comes already", _window(hints.about(t, form, around))


def with_party(scene: Scene, **visit: Any) -> Picture:
    """Four guests are expected, three are named."""
    typed = scene.typed
    party = (
        Guest(
            id=1,
            visit_id=1,
            name=typed.guest,
            title=typed.guest_title,
            rank=85,
            gender=Gender.MALE,
            allergies=typed.food[:300],
            diet=typed.food[:300],
            customs=typed.customs[:300],
            is_vip=True,
        ),
        Guest(id=2, visit_id=1, position=1, name=typed.contact, gender=Gender.FEMALE, by_own_car=True),
        Guest(id=3, visit_id=1, position=2, name=typed.contact, rank=65, diet=typed.food[:300]),
    )
    return replace(scene.picture(**visit), guests=party, ranks=RANKS)


def _numbered(picture: Picture, first: int = 0) -> Iterator[Guest]:
    """A party of sixty and one."""
    for number in range(first, first + 61):
        guest = picture.guests[number % 3]
        yield Guest(**guest.model_dump() | {"id": number + 1, "position": number})


def acting(picture: Picture, person: int) -> Actor:
    """One of the sample's people, with the roles they fill."""
    roles = frozenset({Role.ADMINISTRATION} if person == ADMINISTRATION else ())
    return Actor(picture.people[person], roles)


def _client(scene: Scene) -> Client:
    profile = dict.fromkeys(map(str, ProfileField), scene.typed.customs)
    return Client(
        id=1, workspace_id="T01", name=scene.typed.company, folded_name="acme", profile=profile, changed_at=NOW
    )


def _window(content: list[Block]) -> Block:
    """The blocks in a window, as the read-back shows them."""
    return {"type": "modal", "title": {"type": "plain_text", "text": "-"}, "blocks": content}
