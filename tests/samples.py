"""A visit as tests see it who render messages: a company, its people, a visit of theirs, and what people typed.

`Scene` is one reader's language with one set of typed data; it makes pictures, readings and notices from them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import inspect
from sqlalchemy.orm import make_transient_to_detached

from bot.app import read_rulebook
from bot.i18n import Catalogs, Translator
from bot.messages.reading import Reading
from bot.models.bookings import Booking, BookingKind, Vehicle
from bot.models.notices import Declaration, DeclarationKind, Notice, NoticeKind, declaration_key
from bot.models.people import Person, Workspace
from bot.models.remarks import Remark
from bot.models.roles import Part, Role
from bot.models.visits import Meal, Means, Stop, StopKind, Visit
from bot.procedure.picture import Picture, facts
from bot.procedure.proposal import Stay, proposal
from bot.procedure.rules import NO_RULES, Rulebook
from bot.procedure.vocabulary import Answer, To

RULES = read_rulebook()
SHANGHAI, MADRID = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Madrid")
READERS = {"en": "en-US", "es": "es-LA", "zh_CN": "zh-CN"}
"""The Slack locale of a reader of each language."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026 at the venue."""
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


ARRIVAL, DEPARTURE = at(5, 14, 30), at(6, 19, 0)
NOW = at(3, 9)
"""Two days ahead, when most requests go out."""
HOST, OTHER_HOST, DRIVER, OTHER_DRIVER, SOFIA, GENERAL_MANAGER, ADMINISTRATION, EXECUTIVE_OFFICE = range(1, 9)
PICKUP, DINNER, BREAKFAST, LUNCH, SEND_OFF = range(1, 6)
VEHICLE_REQUEST, LEADER_REQUEST = 1, 2
ELSEWHERE: tuple[str, ...] = (
    "G7001",
    "G7002",
    "G7003",
    "MU5100",
    "T1",
    "T1, Gate 2",
    "+34 600 11 22 33",
    "No seafood.",
    "60",
    "90",
)
ELSEWHERE += ("V-0011", "V-0999", "苏A 1", "+34 612 345 699", "frobnicate", "1f2e3d4c")
"""What stands in visits that are not as usual, what people were told before, and what they ask for in vain."""
_PEOPLE = (
    (HOST, "U01LINA", "李娜", "+86 138 0013 8001"),
    (OTHER_HOST, "U02CARLOS", "Carlos Ruiz", "+34 612 345 678"),
    (DRIVER, "U04CHEN", "陈伟", "+86 138 0013 8004"),
    (OTHER_DRIVER, "U05WANG", "王强", "+86 138 0013 8005"),
    (SOFIA, "U06SOFIA", "Sofía Herrera", "+86 138 0013 8006"),
    (GENERAL_MANAGER, "U07ZHANG", "张建国", "+86 138 0013 8007"),
    (ADMINISTRATION, "U08LIU", "刘芳", "+86 138 0013 8008"),
    (EXECUTIVE_OFFICE, "U09ZHOU", "周敏", ""),
)


@dataclass(frozen=True)
class Typed:
    """What people typed, and what Slack says they are called."""

    company: str = "Acme"
    guest: str = "Luis García"
    guest_title: str = "Director de Compras"
    party_size: int = 4
    contact: str = "Pedro Gómez"
    phone: str = "+34 612 34 56 99"
    airport: str = "T2, Gate 4"
    restaurant: str = "状元楼，牡丹厅"
    food: str = "One guest is vegetarian."
    customs: str = "Tea rather than coffee."
    reason: str = "The car is in the workshop"
    car: str = "别克 GL8"
    plate: str = "苏A 12345"
    name: str = ""
    """What everybody is called, where it is not their own name."""
    days: int = 1
    """How long the guests stay."""


def made_once(make: Callable[[Typed], Iterable[Stop]]) -> Callable[[Typed], list[Stop]]:
    """The same stops to everybody who types the same: making them takes longer than all that is done with them.

    Whoever wants one otherwise makes another (`with_stop`).
    """

    @cache
    def made(typed: Typed) -> tuple[Stop, ...]:
        stops = tuple(make(typed))
        for stop in stops:
            make_transient_to_detached(stop)  # from here on it knows whether it was changed
        return stops

    def given(typed: Typed) -> list[Stop]:
        stops = made(typed)
        assert not any(inspect(stop).modified for stop in stops), "somebody has changed a stop that all samples share"
        return list(stops)

    return given


@dataclass(frozen=True)
class Scene:
    """One reader's language with what people typed."""

    catalogs: Catalogs
    language: str
    typed: Typed = field(default_factory=Typed)

    def t(self, zone: ZoneInfo = SHANGHAI) -> Translator:
        """The reader's translator."""
        return self.catalogs.translator(READERS[self.language], zone)

    def people(self) -> dict[int, Person]:
        """Everybody, by id."""
        return {
            id_: Person(
                id=id_,
                workspace_id="T01",
                slack_id=slack_id,
                name=self.typed.name or name,
                phone=phone,
                slack_zone="UTC",
            )
            for id_, slack_id, name, phone in _PEOPLE
        }

    def visit(self, **changes: Any) -> Visit:
        """The guests come on Thursday afternoon and leave on Friday evening."""
        typed = self.typed
        given: dict[str, Any] = {
            "id": 1,
            "workspace_id": "T01",
            "number": 12,
            "zone": "Asia/Shanghai",
            "company": typed.company,
            "guest_name": typed.guest,
            "guest_title": typed.guest_title,
            "party_size": typed.party_size,
            "guest_language": "es",
            "contact_name": typed.contact,
            "contact_phone": typed.phone,
            "arrives_at": ARRIVAL,
            "arrival_number": "MU5102",
            "departs_at": DEPARTURE + timedelta(days=typed.days - 1),
            "departure_number": "MU5109",
            "food_notes": typed.food,
            "lead_host_id": HOST,
            "opened_by_id": HOST,
            "opened_at": at(2, 9),
        }
        return Visit(**given | changes)

    def stops(self) -> list[Stop]:
        """Pick-up, meals and departure; every meal there is time for where the stay is long."""
        return _stops(self.typed)

    def booking(self, kind: BookingKind = BookingKind.VEHICLE, /, **changes: Any) -> Booking:
        """A request for the arrival, nobody has answered yet."""
        given: dict[str, Any] = {
            "id": VEHICLE_REQUEST,
            "visit_id": 1,
            "kind": kind,
            "stop_id": PICKUP,
            "changed_at": at(3, 10, 15),
        }
        if kind == BookingKind.LEADER:
            given |= {"id": LEADER_REQUEST, "leader_id": GENERAL_MANAGER}
        return Booking(**given | changes)

    def vehicles(self) -> list[Vehicle]:
        """Two cars of the house."""
        first = Vehicle(id=1, workspace_id="T01", name=self.typed.car, plate=self.typed.plate, seats=6)
        return [first, Vehicle(id=2, workspace_id="T01", name="奥迪 A6", plate="苏A 67890", seats=3)]

    def picture(
        self,
        *,
        stops: Sequence[Stop] | None = None,
        bookings: Sequence[Booking] | None = None,
        declarations: Sequence[Declaration] = (),
        parts: Mapping[Part, tuple[int, ...]] | None = None,
        roles: Mapping[Role, tuple[int, ...]] | None = None,
        remarks: Sequence[Remark] = (),
        **visit: Any,
    ) -> Picture:
        """The visit with all that belongs to it; nothing is answered unless it is said."""
        everybody = {Part.GREETER: (SOFIA,), Part.LEADER: (SOFIA, GENERAL_MANAGER), Part.DRIVER: (DRIVER,)}
        filled = {Role.ADMINISTRATION: (ADMINISTRATION,), Role.EXECUTIVE_OFFICE: (EXECUTIVE_OFFICE,)}
        return Picture(
            workspace=Workspace(
                id="T01", name="江南精工", zone="Asia/Shanghai", locale="zh-CN", reception_channel="C01"
            ),
            visit=self.visit(**visit),
            stops=tuple(self.stops() if stops is None else stops),
            parts=everybody if parts is None else parts,
            bookings=tuple([self.booking()] if bookings is None else bookings),
            declarations=tuple(declarations),
            roles=filled if roles is None else roles,
            people=self.people(),
            vehicles={vehicle.key: vehicle for vehicle in self.vehicles()},
            remarks=tuple(remarks),
        )

    def reading(
        self,
        picture: Picture | None = None,
        reader: int | None = SOFIA,
        *,
        now: datetime = NOW,
        zone: ZoneInfo = SHANGHAI,
        rulebook: Rulebook = NO_RULES,
    ) -> Reading:
        """One reader before the visit; None for the channel."""
        picture = picture or self.picture()
        who = picture.people[reader] if reader is not None else None

        def in_language(code: str) -> Translator:
            return self.catalogs.translator(code, SHANGHAI)

        return Reading(self.t(zone), picture, now, who, in_language, rulebook)


def notice(kind: NoticeKind, person: int | None = SOFIA, **fields: Any) -> Notice:
    """A notice of the visit."""
    given: dict[str, Any] = {
        "id": "8f6c0d6f5c5d4f7f8a5b0c1d2e3f4a5b",
        "workspace_id": "T01",
        "visit_id": 1,
        "key": "key",
        "kind": kind,
        "person_id": person,
        "payload": {},
        "due_at": NOW,
        "useful_until": NOW,
        "created_at": NOW,
        "attempt_at": NOW,
    }
    return Notice(**given | fields)


TOPICS = {
    DeclarationKind.ON_MY_WAY: "way",
    DeclarationKind.ATTENDS: "attendance",
    DeclarationKind.CANNOT_ATTEND: "attendance",
    DeclarationKind.GOT_IT: "D3.1",
}
"""What each declaration answers."""
_TOPICS_OF = {Answer.ON_MY_WAY: "way", Answer.ATTENDANCE: "attendance", Answer.GOT_IT: "D3.1", Answer.NONE: ""}


def reminder_to(to: To, answer: Answer, person: int, stop_id: int, was: Mapping[str, Any] | None = None) -> Notice:
    """A reminder of a stop, with what the person knew before where that was something else."""
    starts_at = _STARTS.get(stop_id, ARRIVAL)
    asks = declaration_key(_TOPICS_OF[answer], stop_id, starts_at, person)
    payload = {"to": to, "answer": answer, "asks": asks} | ({"was": dict(was)} if was else {})
    return notice(NoticeKind.REMINDER, person, stop_id=stop_id, payload=payload)


def declared(kind: DeclarationKind, person: int, stop: Stop, when: datetime) -> Declaration:
    """What somebody declared about a stop as it stands."""
    return Declaration(
        id=person,
        visit_id=1,
        stop_id=stop.key,
        person_id=person,
        stop_starts_at=stop.starts_at,
        key=declaration_key(TOPICS[kind], stop.key, stop.starts_at, person),
        kind=kind,
        declared_at=when,
    )


def stop_of(picture: Picture, stop_id: int) -> Stop:
    """A stop that is there."""
    found = picture.stop(stop_id)
    assert found is not None
    return found


def told_of(picture: Picture, stop_id: int, **differently: Any) -> dict[str, Any]:
    """What somebody was told about a stop, with some of it otherwise than it is now."""
    return facts(picture, stop_of(picture, stop_id)) | differently


def with_stop(stops: Sequence[Stop], stop_id: int, **changes: Any) -> list[Stop]:
    """The stops, one of them changed."""
    return [Stop(**stop.model_dump() | changes) if stop.id == stop_id else stop for stop in stops]


_STARTS = {PICKUP: ARRIVAL, DINNER: at(5, 18, 30), BREAKFAST: at(6, 7, 30), LUNCH: at(6, 12), SEND_OFF: DEPARTURE}


@made_once
def _stops(typed: Typed) -> Iterable[Stop]:
    leaving = DEPARTURE + timedelta(days=typed.days - 1)
    drive = {"means": Means.PLANE, "travel_minutes": 60}
    later = [s for s in proposal(Stay(at(7, 0), leaving, SHANGHAI)) if s.meal] if typed.days > 1 else []
    return (
        _stop(PICKUP, StopKind.PICKUP, ARRIVAL, place=typed.airport, number="MU5102", **drive),
        _stop(DINNER, StopKind.MEAL, at(5, 18, 30), meal=Meal.DINNER, place=typed.restaurant),
        _stop(BREAKFAST, StopKind.MEAL, at(6, 7, 30), meal=Meal.BREAKFAST),
        _stop(LUNCH, StopKind.MEAL, at(6, 12), meal=Meal.LUNCH),
        *(
            _stop(100 + n, StopKind.MEAL, meal.starts_at, meal=meal.meal, place=typed.restaurant)
            for n, meal in enumerate(later)
        ),
        _stop(SEND_OFF, StopKind.DEPARTURE, leaving, number="MU5109", **drive),
    )


def _stop(stop_id: int, kind: StopKind, starts_at: datetime, **more: Any) -> Stop:
    ends_at = starts_at + timedelta(minutes=90)
    return Stop(id=stop_id, visit_id=1, kind=kind, starts_at=starts_at, ends_at=ends_at, **more)
