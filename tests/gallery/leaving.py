"""Somebody has left the workspace who had something to do: what whoever can find another reads."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.messages.blocks import Message
from bot.messages.notices import render
from bot.models.bookings import BookingState
from bot.models.notices import NoticeKind
from bot.models.roles import Part
from bot.procedure.picture import Picture
from tests.gallery.duties import requested
from tests.gallery.requests import assigned
from tests.samples import (
    ADMINISTRATION,
    BREAKFAST,
    DINNER,
    DRIVER,
    GENERAL_MANAGER,
    HOST,
    NOW,
    OTHER_DRIVER,
    PICKUP,
    RULES,
    SEND_OFF,
    SOFIA,
    Scene,
    notice,
)

_RECEIVES = [[PICKUP, Part.GREETER], [DINNER, Part.LEADER], [SEND_OFF, Part.LEADER]]
_DRIVES = [[PICKUP, Part.DRIVER], [SEND_OFF, Part.DRIVER]]


def leaving(scene: Scene) -> Iterator[tuple[str, Message]]:
    """To the lead host, or to whoever can name a new one."""

    def told(picture: Picture, left: int, places: list[Any], to: int = HOST, **more: Any) -> Message:
        payload = {"left": left, "places": places, "requests": [], "is_host": False} | more
        reading = scene.reading(picture, to, rulebook=RULES)
        return render(reading, notice(NoticeKind.LEFT, to, payload=payload, sent_at=NOW))

    yield "some stops have nobody, some have others", told(_without(scene.picture(), SOFIA), SOFIA, _RECEIVES)
    alone = _without(scene.picture(parts={Part.LEADER: (SOFIA,)}), SOFIA)
    yield "one stop has nobody", told(alone, SOFIA, [[DINNER, Part.LEADER]])
    yield "others are everywhere", told(_without(scene.picture(), SOFIA), SOFIA, [[DINNER, Part.LEADER]])
    yield "back again", told(scene.picture(), SOFIA, _RECEIVES)
    off = scene.picture(stops=[stop for stop in scene.stops() if stop.id == BREAKFAST])
    yield "nothing of it takes place", told(_without(off, SOFIA), SOFIA, _RECEIVES)
    yield "the driver", told(_without(scene.picture(), DRIVER), DRIVER, _DRIVES)
    again = scene.picture(bookings=[assigned(scene, OTHER_DRIVER)], parts={Part.DRIVER: (OTHER_DRIVER,)})
    yield "another driver is assigned", told(_without(again, DRIVER), DRIVER, _DRIVES)
    named = replace(scene.picture(), stop_parts={(SEND_OFF, Part.DRIVER): (OTHER_DRIVER,)})
    yield "who drives one stop", told(_without(named, OTHER_DRIVER), OTHER_DRIVER, [[SEND_OFF, Part.DRIVER]])
    asked = requested(scene, "C3", DINNER, owner_id=GENERAL_MANAGER)
    waiting = _without(scene.picture(bookings=[asked]), GENERAL_MANAGER)
    yield "who was asked for something", told(waiting, GENERAL_MANAGER, [], requests=[asked.id])
    settled = requested(scene, "C3", DINNER, state=BookingState.CONFIRMED, answered_by_id=ADMINISTRATION)
    done = _without(scene.picture(bookings=[settled]), GENERAL_MANAGER)
    yield "somebody else was asked for it", told(done, GENERAL_MANAGER, [], requests=[settled.id])
    yield "the lead host", told(_without(scene.picture(), HOST), HOST, [], ADMINISTRATION, is_host=True)
    alone = replace(_without(scene.picture(is_confidential=True, roles={}), HOST), parts={Part.LEADER: (SOFIA,)})
    received = [[PICKUP, Part.GREETER]]
    yield "the lead host who received, to a leader", told(alone, HOST, received, SOFIA, is_host=True)
    meals = [[DINNER, Part.LEADER]] * 22
    yield "more than are shown", told(_without(scene.picture(), SOFIA), SOFIA, meals)


def _without(picture: Picture, gone: int) -> Picture:
    """The picture has people of its own."""
    picture.people[gone].is_active = False
    return picture
