"""What goes to the guests, in the reader's language, and where it stands with them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from icalendar import Calendar

from bot.messages import guest_window, invitation, papers, screens
from bot.messages.blocks import Block
from bot.messages.guest_calendar import calendar_file
from bot.messages.guest_sheet import sheet
from bot.messages.notices import render
from bot.models.forms import PassportForm
from bot.models.guests import Guest
from bot.models.notices import NoticeKind
from bot.models.people import Actor
from bot.models.visits import Payer, Purpose, VisitState
from bot.procedure.guest_itinerary import for_guests
from bot.procedure.picture import Picture
from bot.procedure.sayings import Say
from tests.gallery.duties import whole
from tests.samples import HOST, MADRID, PICKUP, Scene, at, notice

PASSPORT = "XDB123456"


def itineraries(scene: Scene) -> Iterator[tuple[str, Any]]:
    """The window of the host, and the duties that lead to it."""
    picture = foreign(scene)
    old = {"version": 1, **for_guests(picture), "stops": {}}
    sent, agreed = {"guest_itinerary_at": at(3, 9)}, {"guest_confirmed_at": at(3, 10), "guest_confirmed_by_id": HOST}
    now = {"guest_itinerary": {"version": 1, **for_guests(picture)}}
    states: dict[str, dict[str, Any]] = {
        "not sent": {},
        "sent": sent | now,
        "agreed": sent | now | agreed,
        "changed since": sent | agreed | {"guest_itinerary": old},
    }
    for name, state in states.items():
        reading = scene.reading(foreign(scene, **state), HOST)
        yield name, guest_window.window(reading)
        for say in (Say.AGREE_ITINERARY, Say.ITINERARY_CHANGED):
            asked = {"say": say, "to": "lead_host", "answer": "itinerary"}
            told = notice(NoticeKind.DUTY, HOST, stop_id=PICKUP, payload=asked, sent_at=at(3, 9))
            yield f"{name}: {say}", render(reading, told)
            yield f"{name}: {say}, outdated", render(reading, told, is_outdated=True)
    yield from _called_off(scene, sent | now)
    yield "read elsewhere", guest_window.window(scene.reading(picture, HOST, zone=MADRID))
    yield "very long", guest_window.window(scene.reading(replace(picture, stops=picture.stops * 60), HOST))


def _called_off(scene: Scene, sent: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Canceled while the guests have an itinerary, a letter, or both."""
    off = {"state": VisitState.CANCELED, "canceled_at": at(3, 11), "canceled_by_id": HOST, "cancel_reason": "–"}
    letter = {"letter_issued_at": at(3, 9)}
    of_a_day = {"departs_at": at(5, 20)}
    for name, papers_given in {"itinerary": sent, "letter": letter, "both": sent | letter | of_a_day}.items():
        reading = scene.reading(foreign(scene, **off, **papers_given), HOST)
        yield f"canceled, the guests have: {name}", render(reading, notice(NoticeKind.CALLED_OFF, HOST))
        yield f"the same in the window: {name}", guest_window.window(reading)
        events = Calendar.from_ical(calendar_file(reading)).walk("VEVENT")
        if events:
            yield f"in their calendars: {name}", screens.notice(scene.t(), "\n".join(str(e["summary"]) for e in events))


def letters(scene: Scene) -> Iterator[tuple[str, Block]]:
    """The invitation letter as text, and the window it is issued from."""
    for payer, purpose in zip(Payer, (Purpose.COMPLAINT, Purpose.COURTESY), strict=True):
        picture = foreign(scene, hotel_payer=payer, purpose=purpose)
        data = invitation.letter(scene.reading(picture, HOST), [PassportForm(scene.typed.guest, PASSPORT)])
        said = [data["date"], data["title"], data["salutation"], *data["paragraphs"], *data["columns"]]
        said += [*data["guests"][0], *data["closing"], *data["signature"], data["stamp"]]
        yield f"letter, {payer} pays", screens.notice(scene.t(), "\n".join(said))
    issued = foreign(scene, letter_issued_at=at(3, 9), needs_letter=True)
    for name, picture in {"to issue": foreign(scene, needs_letter=True), "issued": issued}.items():
        host = Actor(picture.people[HOST], frozenset())
        yield name, papers.window(scene.reading(picture, HOST), host)


def foreign(scene: Scene, **visit: Any) -> Picture:
    """Guests from abroad, who read what the reader of this scene reads."""
    picture = whole(scene, is_foreign=True, guest_language=scene.language, **visit)
    guest = Guest(id=1, visit_id=1, name=scene.typed.guest, passport="sealed", passport_confirmed_at=at(3, 9))
    return replace(picture, guests=(guest,))


def text_of(scene: Scene) -> str:
    """The itinerary as it is forwarded."""
    return sheet(scene.reading(foreign(scene), HOST)).as_text()
