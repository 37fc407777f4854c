"""What the root command and the App Home show."""

from collections.abc import Iterator

from bot.messages import boards, screens, waits
from bot.messages.blocks import Block, Message
from bot.models.bookings import BookingKind
from bot.models.roles import Role
from tests.gallery.plans import plan
from tests.gallery.requests import assigned
from tests.samples import (
    ADMINISTRATION,
    DRIVER,
    EXECUTIVE_OFFICE,
    HOST,
    MADRID,
    PICKUP,
    SOFIA,
    Scene,
    at,
    stop_of,
)


def commands(scene: Scene) -> Iterator[tuple[str, Message]]:
    """Menu and help."""
    t = scene.t()
    yield "menu", screens.menu(t)
    yield "help", screens.help_text(t)
    yield "help after a word nobody knows", screens.help_text(t, unknown=f"frobnicate {scene.typed.reason}")


def lists(scene: Scene) -> Iterator[tuple[str, Message]]:
    """Visits, many and none."""
    t = scene.t()
    reading = scene.reading(reader=HOST)
    elsewhere = scene.reading(reader=HOST, zone=MADRID)
    coming, none = t.pgettext("list.header", "Upcoming visits"), t.gettext("No visits are planned.")
    yield "coming, one", screens.visits(t, coming, [reading], none)
    secret = scene.reading(scene.picture(is_confidential=True), HOST)
    yield "coming, a confidential one", screens.visits(t, coming, [secret], none)
    yield "coming, two, read elsewhere", screens.visits(t, coming, [elsewhere] * 2, none)
    yield "coming, more than fit", screens.visits(t, coming, [reading] * (screens.SHOWN + 25), none)
    yield "coming, one more than fit", screens.visits(t, coming, [reading] * (screens.SHOWN + 1), none)
    yield "coming, none", screens.visits(t, coming, [], none)


def homes(scene: Scene) -> Iterator[tuple[str, Block]]:
    """The Home tab of a host, a driver, administration, and somebody who takes part in nothing."""
    yield "lead host", _home(scene, HOST, mine=1)
    yield "lead host with many visits", _home(scene, HOST, mine=screens.SHOWN + 5)
    yield "driver", _home(scene, DRIVER, waiting=1, mine=1)
    yield "administration, who may change the settings", _home(scene, ADMINISTRATION, waiting=screens.SHOWN + 1)
    yield "approver", _home(scene, SOFIA, undecided=True)
    yield "executive office", _home(scene, EXECUTIVE_OFFICE, waiting=1)
    t = scene.t(MADRID)
    zone = t.zone_name(MADRID, at(5, 9))
    nothing = screens.Home([], [], [], t.own_language_name(), zone, may_change_settings=False)
    yield "nothing at all, elsewhere", screens.home(t, nothing)


def notices(scene: Scene) -> Iterator[tuple[str, Block]]:
    """Windows that only say something."""
    yield "a window that only says something", screens.notice(scene.t(), scene.typed.reason)


def _home(scene: Scene, person: int, *, waiting: int = 0, mine: int = 0, undecided: bool = False) -> Block:
    asked = {
        DRIVER: assigned(scene),
        ADMINISTRATION: scene.booking(),
        EXECUTIVE_OFFICE: scene.booking(BookingKind.LEADER),
    }.get(person, scene.booking())
    picture = scene.picture(bookings=[asked])
    reading = scene.reading(picture, person, now=at(5, 9))
    today = [(reading, [stop_of(picture, PICKUP), *picture.live_stops[1:2]])] * min(mine, 2)
    shown = screens.Home(
        today=today,
        waiting=[waits.Item(reading, at(5, 12), booking=asked)] * waiting,
        mine=[reading] * mine,
        undecided=[(reading, plan(picture))] if undecided else [],
        language=scene.t().own_language_name(),
        zone=scene.t().zone_name(picture.visit.venue, at(5, 9)),
        may_change_settings=person == ADMINISTRATION,
        vacant=[Role.IT, Role.FINANCE] if person == ADMINISTRATION else [],
        board=boards.Day(scene.t(), at(5, 0).date(), [reading]) if person == ADMINISTRATION else None,
    )
    return screens.home(scene.t(), shown)
