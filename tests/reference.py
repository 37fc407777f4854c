"""The reference visit of issue 4: three days, two stops of every kind, level 1, a new client from abroad, VIP, and one
guest who comes by own car. The number of the flight is still to be announced. Every role and every part is filled by
somebody of its own, so that it shows who is told.

It can be placed on any day, in any zone and country, and be entered at any time.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import read_rulebook
from bot.models.bookings import Booking, BookingKind, Vehicle
from bot.models.guests import Guest
from bot.models.people import Person, Workspace
from bot.models.roles import Part, Role
from bot.models.visits import Meal, MealStyle, Means, Stop, StopKind, Visit
from bot.procedure.bookings import asked_of, deadline, wanted_bookings
from bot.procedure.calendar import Calendar
from bot.procedure.picture import Picture

HOST, DRIVER, SECOND_DRIVER, MANAGER, VICE, DIRECTOR, TEAM, ADMINISTRATION, OFFICE, GATE, DESK, IT = range(1, 13)
FINANCE, ENGINEER, INTERPRETER, PHOTOGRAPHER, GUIDE, HEAD = range(13, 19)
PEOPLE = {
    HOST: "李娜", DRIVER: "陈伟", SECOND_DRIVER: "王强", MANAGER: "张建国", VICE: "孙丽", DIRECTOR: "Sofía Herrera",
    TEAM: "Marta Gil", ADMINISTRATION: "刘芳", OFFICE: "周敏", GATE: "吴刚", DESK: "郑洁", IT: "何军",
    FINANCE: "冯雪", ENGINEER: "Emma Brown", INTERPRETER: "沈悦", PHOTOGRAPHER: "韩磊", GUIDE: "杨帆", HEAD: "朱华",
}  # fmt: skip
PARTS = {
    Part.LEADER: (MANAGER, VICE, DIRECTOR),
    Part.GREETER: (DIRECTOR,),
    Part.TEAM: (TEAM,),
    Part.DRIVER: (DRIVER,),
    Part.TECHNICAL: (ENGINEER,),
    Part.INTERPRETER: (INTERPRETER,),
    Part.PHOTOGRAPHER: (PHOTOGRAPHER,),
    Part.GUIDE: (GUIDE,),
}
ROLES = {
    Role.ADMINISTRATION: (ADMINISTRATION,),
    Role.EXECUTIVE_OFFICE: (OFFICE,),
    Role.SENIOR_LEADER: (MANAGER,),
    Role.DRIVER: (DRIVER, SECOND_DRIVER),
    Role.FRONT_DESK: (DESK,),
    Role.GATE: (GATE,),
    Role.IT: (IT,),
    Role.FINANCE: (FINANCE,),
    Role.TECHNICAL: (ENGINEER,),
    Role.VICE_PRESIDENT: (VICE,),
    Role.DEPARTMENT_HEAD: (HEAD,),
    Role.APPROVER_1: (MANAGER,),
}
WORKS, HOTEL, INN = "江南精工", "Grand Hyatt", "Hotel Ibis"
(PICKUP, CAR, LUNCH, MEETING, SHOWROOM, STATION, CHECK_IN, SECOND_CHECK_IN, DINNER) = range(1, 10)
(BREAKFAST, SECOND_CAR, TALKS, PLANT, SHORT_TRIP) = range(10, 15)
(LAST_BREAKFAST, CHECK_OUT, SECOND_CHECK_OUT, LONG_TRIP, TRAIN_HOME, FLIGHT_HOME) = range(15, 21)
BY_PLANE: dict[str, Any] = {"means": Means.PLANE, "place": "T2, Gate 4", "travel_minutes": 60}
BY_TRAIN: dict[str, Any] = {"means": Means.TRAIN, "place": "East Station", "travel_minutes": 40}
SIMPLE: dict[str, Any] = {"meal": Meal.LUNCH, "style": MealStyle.SIMPLE, "place": WORKS, "room": "Canteen"}
BANQUET: dict[str, Any] = {"meal": Meal.DINNER, "style": MealStyle.BANQUET, "is_important": True, "place": "状元楼"}
PRICES: dict[str, Any] = {"place": WORKS, "room": "Room 301", "subject": "Prices"}
LONG: dict[str, Any] = {"place": "West Lake", "is_long": True}
BY_CAR: dict[str, Any] = {"place": "Main gate", "plate": "沪A 88888", "route": "Exit 12, then left"}
_STOPS: tuple[tuple[int, StopKind, int, str, str, dict[str, Any]], ...] = (
    (PICKUP, StopKind.PICKUP, 0, "10:30", "11:30", BY_PLANE),
    (CAR, StopKind.OWN_CAR, 0, "11:45", "12:00", BY_CAR),
    (LUNCH, StopKind.MEAL, 0, "12:30", "13:30", SIMPLE),
    (MEETING, StopKind.MEETING, 0, "14:00", "16:00", {"place": WORKS, "room": "Room 301", "subject": "Introduction"}),
    (SHOWROOM, StopKind.TOUR, 0, "16:10", "17:00", {"place": WORKS, "room": "Showroom", "subject": "Showroom"}),
    (STATION, StopKind.PICKUP, 0, "16:40", "17:20", BY_TRAIN | {"number": "G7013"}),
    (CHECK_IN, StopKind.CHECK_IN, 0, "17:30", "18:00", {"place": HOTEL, "needs_car": True, "travel_minutes": 20}),
    (SECOND_CHECK_IN, StopKind.CHECK_IN, 0, "17:45", "18:15", {"place": INN}),
    (DINNER, StopKind.MEAL, 0, "19:00", "21:00", BANQUET | {"needs_car": True, "travel_minutes": 15}),
    (BREAKFAST, StopKind.BREAKFAST, 1, "07:30", "08:15", {"meal": Meal.BREAKFAST, "place": HOTEL}),
    (SECOND_CAR, StopKind.OWN_CAR, 1, "08:45", "09:00", BY_CAR),
    (TALKS, StopKind.MEETING, 1, "09:00", "11:30", PRICES | {"needs_car": True, "travel_minutes": 20}),
    (PLANT, StopKind.TOUR, 1, "11:30", "12:30", {"place": WORKS, "subject": "Line 3", "route": "Hall A, Hall C"}),
    (SHORT_TRIP, StopKind.TRIP, 1, "14:00", "17:00", {"place": "Old town", "needs_car": True, "travel_minutes": 40}),
    (LAST_BREAKFAST, StopKind.BREAKFAST, 2, "06:45", "07:30", {"meal": Meal.BREAKFAST, "place": HOTEL}),
    (CHECK_OUT, StopKind.CHECK_OUT, 2, "07:45", "08:00", {"place": HOTEL}),
    (SECOND_CHECK_OUT, StopKind.CHECK_OUT, 2, "08:00", "08:15", {"place": INN}),
    (LONG_TRIP, StopKind.TRIP, 2, "08:30", "13:30", LONG | {"needs_car": True, "travel_minutes": 15}),
    (TRAIN_HOME, StopKind.DEPARTURE, 2, "16:00", "16:30", BY_TRAIN | {"number": "G7050"}),
    (FLIGHT_HOME, StopKind.DEPARTURE, 2, "18:30", "19:30", BY_PLANE | {"number": "MU5109", "is_international": True}),
)  # fmt: skip
_SECOND_CAR = (STATION, SECOND_CHECK_IN, SECOND_CHECK_OUT, TRAIN_HOME)
NAMED = {(stop, Part.DRIVER): (SECOND_DRIVER,) for stop in _SECOND_CAR} | {(STATION, Part.GREETER): (ENGINEER,)}
"""The guests' engineers come and go by train, with the second car; ours meets them."""


@dataclass(frozen=True)
class Reference:
    """The visit, beginning on a day in a zone and country; entered two weeks before unless it is said otherwise."""

    first_day: date = date(2026, 3, 9)
    zone: str = "Asia/Shanghai"
    country: str = "CN"
    entered: timedelta = timedelta(days=14)
    """How long before the first stop."""

    @property
    def calendar(self) -> Calendar:
        return Calendar(ZoneInfo(self.zone), self.country)

    def at(self, day: int, clock: str) -> datetime:
        """A wall-clock time at the venue, on a day counted from the first; in UTC, as the database keeps it."""
        local = datetime.combine(self.first_day + timedelta(days=day), time.fromisoformat(clock), ZoneInfo(self.zone))
        return local.astimezone(UTC)

    @property
    def arrives_at(self) -> datetime:
        return self.at(0, "10:30")

    @property
    def opened_at(self) -> datetime:
        return self.arrives_at - self.entered

    def workspace(self) -> Workspace:
        return Workspace(
            id="T1", name=WORKS, zone=self.zone, locale="en-US", country=self.country, reception_channel="C01",
            early_international=120, food_rules="No seafood for guests from inland.",
            address="1 Jiangning Road, Nanjing 210000, China",
        )  # fmt: skip

    def visit(self) -> Visit:
        return Visit(
            id=1, workspace_id="T1", number=12, zone=self.zone, company="Acme", is_new_client=True,
            guest_name="Luis García", guest_title="Director General", guest_rank=90, party_size=6, guest_language="es",
            contact_name="Pedro Gómez", contact_phone="+34 612 34 56 99", arrives_at=self.arrives_at,
            departs_at=self.at(2, "18:30"), departure_number="MU5109", wants_tickets=True,
            luggage=8, food_notes="One guest is vegetarian.", customs_notes="Tea rather than coffee.", is_vip=True,
            is_foreign=True, needs_letter=True, other_stops="Canton Fair", lead_host_id=HOST, opened_by_id=HOST,
            opened_at=self.opened_at,
            prepared_from=self.opened_at,
        )  # fmt: skip

    def stops(self) -> list[Stop]:
        return [
            Stop(id=id_, visit_id=1, kind=kind, starts_at=self.at(day, from_), ends_at=self.at(day, to), **special)
            for id_, kind, day, from_, to, special in _STOPS
        ]

    def bookings(self, picture: Picture) -> list[Booking]:
        """Everything that is asked for when the visit is entered; not answered yet."""
        rulebook = read_rulebook()
        in_office_from = rulebook.answers_in_office_from
        return [
            Booking(
                id=number,
                visit_id=1,
                kind=want.kind,
                rule=want.rule.id,
                stop_id=want.stop.id,
                leader_id=want.leader_id,
                vehicle_id=1 if want.kind == BookingKind.VEHICLE else None,
                asked=asked_of(picture, want.rule, want.stop),
                answer_by=deadline(picture, want.rule, want.stop, self.calendar, self.opened_at, in_office_from),
                changed_at=self.opened_at,
            )
            for number, want in enumerate(wanted_bookings(picture, rulebook), 1)
        ]

    def guests(self) -> list[Guest]:
        driving: dict[str, Any] = {"name": "Ana Torres", "title": "Ingeniera", "by_own_car": True}
        return [
            Guest(id=1, visit_id=1, name="Luis García", title="Director General", rank=90, is_vip=True),
            Guest(id=2, visit_id=1, position=1, **driving),
        ]

    def people(self) -> list[Person]:
        return [
            Person(id=id_, workspace_id="T1", slack_id=f"U{id_:02}", name=name, phone=f"+86 138 0013 80{id_:02}")
            for id_, name in PEOPLE.items()
        ]

    def vehicles(self) -> list[Vehicle]:
        return [Vehicle(id=1, workspace_id="T1", name="别克 GL8", plate="苏A 12345", seats=6)]

    def picture(self) -> Picture:
        """The visit just after it was entered: nobody has answered anything."""
        picture = Picture(
            workspace=self.workspace(),
            visit=self.visit(),
            stops=tuple(self.stops()),
            parts=PARTS,
            bookings=(),
            declarations=(),
            roles=ROLES,
            people={person.key: person for person in self.people()},
            vehicles={vehicle.key: vehicle for vehicle in self.vehicles()},
            guests=tuple(self.guests()),
            stop_parts=NAMED,
        )
        return replace(picture, bookings=tuple(self.bookings(picture)))
