"""A day: run sheets and the board, from an empty day to a very full one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.messages import boards, double_check, introductions, run_sheets
from bot.messages.blocks import Block, Message
from bot.messages.boards import Day
from bot.messages.notices import render
from bot.messages.run_sheets import Share
from bot.models.bookings import BookingKind, BookingState
from bot.models.guests import Guest
from bot.models.notices import Declaration, DeclarationKind, NoticeKind
from bot.models.roles import Part
from bot.procedure.days import stops_on
from bot.procedure.open_points import OpenPoint
from bot.procedure.picture import Picture
from bot.procedure.sayings import Say
from tests.gallery.duties import whole
from tests.gallery.reminders import confirmed
from tests.gallery.requests import assigned, declined
from tests.samples import (
    ADMINISTRATION,
    DINNER,
    DRIVER,
    GENERAL_MANAGER,
    HOST,
    MADRID,
    OTHER_HOST,
    PICKUP,
    SHANGHAI,
    SOFIA,
    Scene,
    at,
    declared,
    notice,
    stop_of,
    with_stop,
)

_THURSDAY, _FRIDAY = at(5, 0).date(), at(6, 0).date()
_ON_THE_ROAD = (
    DeclarationKind.ON_MY_WAY,
    DeclarationKind.IN_PLACE,
    DeclarationKind.ABOARD,
    DeclarationKind.ARRIVED,
    DeclarationKind.LATE,
)


def sheets(scene: Scene) -> Iterator[tuple[str, Message]]:
    """E1: each part on its day, several visits, more than fits, and nothing any more."""
    picture = whole(scene)
    tasks = (Say.IN_PLACE, Say.GUESTS_ABOARD)
    for part in Part:
        given = whole(
            scene, parts={part: (SOFIA,), Part.DRIVER: (DRIVER,)} if part != Part.DRIVER else {part: (SOFIA,)}
        )
        yield f"as {part}", _sheet(scene, SOFIA, [_share(scene, given, SOFIA)])
    yield "lead host", _sheet(scene, HOST, [_share(scene, picture, HOST, tasks={PICKUP: tasks})])
    many = _share(scene, picture, HOST, tasks={PICKUP: list(Say)[:7]}, undone=list(Say)[:3])
    more = _share(scene, picture, HOST, tasks={PICKUP: list(Say)[:9]}, undone=[Say.HOTEL])
    yield "two visits", _sheet(scene, HOST, [many, more])
    full = scene.picture(stops=scene.stops()[:1] * (run_sheets.STOPS_SHOWN + 1))
    yield "one stop more than fits", _sheet(scene, HOST, [_share(scene, full, HOST)])
    full = scene.picture(stops=scene.stops()[:1] * (run_sheets.STOPS_SHOWN + 9))
    yield "very many stops", _sheet(scene, HOST, [_share(scene, full, HOST)])
    one = scene.picture(stops=scene.stops()[:1])
    yield "one stop", _sheet(scene, DRIVER, [_share(scene, one, DRIVER)])
    yield "nothing any more", _sheet(scene, SOFIA, [])


def introduction_lists(scene: Scene) -> Iterator[tuple[str, Block]]:
    """E2: who is known by name, who is not; a returning client."""
    typed = scene.typed
    named = [
        Guest(id=n, visit_id=1, position=n, name=f"{typed.guest} {n}", title=typed.guest_title, rank=rank)
        for n, rank in enumerate((20, 90, None))
    ]
    known = replace(whole(scene, is_new_client=True), guests=tuple(named))
    yield "named", introductions.window(scene.reading(known, HOST))
    yield "only the lead guest", introductions.window(scene.reading(whole(scene), HOST))
    share = replace(_share(scene, known, HOST), introductions=introductions.text(scene.reading(known, HOST)))
    yield "on the run sheet", {"blocks": list(_sheet(scene, HOST, [share]).blocks), "type": "home"}


def double_checks(scene: Scene) -> Iterator[tuple[str, Message | str]]:
    """C16: all that is open with its owners, much of it, nothing; and what each owner reads."""
    leader, picture = scene.booking(BookingKind.LEADER), whole(scene, bookings=[scene.booking()])
    asked = whole(scene, bookings=[assigned(scene), leader])
    said = {"say": Say.DOUBLE_CHECK, "to": "lead_host", "answer": "none"}
    told = notice(NoticeKind.DUTY, HOST, stop_id=PICKUP, rule="C16", payload=said)
    points = [OpenPoint(say, (ADMINISTRATION, HOST), say, PICKUP) for say in Say]
    requested = [OpenPoint("b1", (DRIVER,), None, PICKUP, 1), OpenPoint("b2", (HOST,), None, PICKUP, 2)]
    yield "open", render(scene.reading(asked, HOST, now=at(4, 14, 30)), told, points=[*requested, *points[5:8]])
    yield "very much", render(scene.reading(picture, HOST, now=at(4, 14, 30)), told, points=points)
    one_more = points[: 26 if scene.typed.days == 1 else 25]
    yield "one more than fits", render(scene.reading(picture, HOST, now=at(4, 14, 30)), told, points=one_more)
    yield "nothing", render(scene.reading(picture, HOST, now=at(20, 14, 30)), told)
    nudged = notice(NoticeKind.NUDGE, ADMINISTRATION)
    reading = scene.reading(picture, ADMINISTRATION, now=at(4, 14, 30))
    for count in (0, 1, 3):
        yield f"nudge, {count}", render(reading, nudged, points=points[5 : 5 + count])
    yield "somebody was reminded", double_check.reminded(reading, [DRIVER, SOFIA])
    yield "nobody to remind", double_check.reminded(reading, [])


def day_boards(scene: Scene) -> Iterator[tuple[str, Message]]:
    """Every colour with its words; ten visits, and many more."""
    for name, picture in _standings(scene).items():
        yield name, boards.board(_day(scene, [picture]))
    late = scene.reading(_standings(scene)["driver: on_my_way"], None, now=at(5, 14, 25))
    yield "nobody in place", boards.board(Day(scene.t(), _THURSDAY, [late]))
    yield "over", boards.board(Day(scene.t(), _THURSDAY, [scene.reading(reader=None, now=at(6, 8))]))
    yield "no stop today", boards.board(Day(scene.t(), at(9, 0).date(), [scene.reading(reader=None, now=at(9, 8))]))
    elsewhere = scene.reading(reader=OTHER_HOST, now=at(5, 9), zone=MADRID)
    yield "read elsewhere", boards.board(Day(scene.t(MADRID), _THURSDAY, [elsewhere]))
    for count in (boards.WHOLE, boards.WHOLE + 5, boards.WHOLE + 31, boards.WHOLE + 40):
        yield f"{count} visits", boards.board(_day(scene, [*_standings(scene).values()] * 6, count))
    yield "nothing", boards.board(Day(scene.t(), _THURSDAY, []))


def _sheet(scene: Scene, person: int, shares: list[Share]) -> Message:
    return run_sheets.run_sheet(scene.t(), _THURSDAY, shares)


def _share(
    scene: Scene,
    picture: Picture,
    person: int,
    tasks: Mapping[int, Sequence[Say]] | None = None,
    undone: Sequence[Say] = (),
) -> Share:
    day = _FRIDAY if any(part in (Part.GUIDE, Part.TECHNICAL) for part in picture.parts) else _THURSDAY
    stops = list(stops_on(picture, day, SHANGHAI))
    return Share(scene.reading(picture, person, now=at(5, 7, 30)), stops, tasks or {}, undone)


def _day(scene: Scene, pictures: list[Picture], count: int | None = None) -> Day:
    readings = [scene.reading(picture, None, now=at(5, 14)) for picture in pictures]
    return Day(scene.t(), _THURSDAY, readings[:count])


def _standings(scene: Scene) -> dict[str, Picture]:
    agreed = scene.booking(BookingKind.LEADER, state=BookingState.CONFIRMED)
    usual = scene.picture(bookings=[confirmed(scene), agreed])
    said = [declared(DeclarationKind.ATTENDS, SOFIA, stop_of(usual, DINNER), at(5, 12))]
    not_coming = [declared(DeclarationKind.CANNOT_ATTEND, GENERAL_MANAGER, stop_of(usual, DINNER), at(5, 12))]
    return {
        "asked": scene.picture(bookings=[scene.booking(), scene.booking(BookingKind.LEADER)]),
        "the driver is asked": scene.picture(bookings=[assigned(scene)], declarations=said),
        "no car, a leader can't": scene.picture(bookings=[declined(scene), declined(scene, BookingKind.LEADER)]),
        "can't attend": scene.picture(bookings=[confirmed(scene)], declarations=not_coming),
        "number and place missing": scene.picture(
            stops=with_stop(with_stop(scene.stops(), PICKUP, number="", place=""), DINNER, place="")
        ),
        **{
            f"driver: {kind}": scene.picture(bookings=[confirmed(scene)], declarations=[_drives(usual, kind)])
            for kind in _ON_THE_ROAD
        },
    }


def _drives(picture: Picture, kind: DeclarationKind) -> Declaration:
    stop = stop_of(picture, PICKUP)
    return Declaration(
        id=9,
        visit_id=1,
        key=kind,
        stop_id=PICKUP,
        person_id=DRIVER,
        stop_starts_at=stop.starts_at,
        kind=kind,
        declared_at=at(5, 13, 40),
    )
