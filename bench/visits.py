"""The visits that everything is measured with: sixty notices each, planned by the real planner."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from bot.models.bookings import Booking, BookingKind
from bot.models.people import Person, Workspace
from bot.models.roles import Part, Role
from bot.models.visits import Meal, Stop, StopKind, Visit
from bot.procedure import leadtimes
from bot.procedure.bookings import asked_of, deadline
from bot.procedure.calendar import Calendar
from bot.procedure.picture import Picture
from bot.procedure.plan import Wanted, plan
from bot.services.rows import new_row

NOTICES = 60
"""Of each visit."""
DUE_TOGETHER = 10
"""Of each visit's notices fall due at the moment it was made for: those of its first meal."""
PEOPLE = 60
"""In each workspace; with fifty visits each of them has about fifty notices to come."""
VISITS = 50
"""In each workspace."""
ZONE = "Asia/Shanghai"
MEAL_LEAD = timedelta(hours=4)
# A rulebook of its own, so that a visit has sixty notices whatever becomes of the lead times that are shipped.
RULEBOOK = leadtimes.parse(
    """
gather_changes = "1min"
[[rule]]
id = "C1"
about = "vehicle"
anchor = "start"
lead = "2d"
to = ["administration"]
notice = "vehicle_request"
answer_by = "1d"
[[rule]]
id = "D1.2"
about = "pickup"
anchor = "start"
lead = "1h"
to = ["driver", "greeters"]
notice = "reminder"
answer = { driver = "on_my_way", greeters = "on_my_way" }
[[rule]]
id = "D3.1"
about = "meal"
anchor = "start"
lead = "4h"
to = ["lead_host", "leaders", "team"]
notice = "reminder"
answer = { leaders = "attendance", team = "got_it" }
""",
    "bench",
)
Rows = dict[str, list[dict[str, Any]]]
"""By table."""


@dataclass
class Site:
    """A workspace with its people; the first is administration, the second the executive office."""

    workspace: Workspace
    people: list[Person]
    holders: list[dict[str, Any]] = field(default_factory=list)

    def guests_hosts(self, number: int) -> list[Person]:
        """Eleven people for a visit: lead host, two leaders, seven of the team, driver."""
        return [self.people[2 + (number * 7 + place) % (PEOPLE - 2)] for place in range(11)]


class Diary:
    """Makes workspaces, people and visits; ids go on from the highest there are, by table."""

    def __init__(self, highest: Mapping[str, int], now: datetime) -> None:
        self._now = now
        self._ids = {table: count(number + 1) for table, number in highest.items()}

    def batches(self, moments: Iterator[datetime], *, with_notices: bool = True) -> Iterator[Rows]:
        """All rows, a workspace at a time; each visit's first notices are due at its moment."""
        found = list(moments)
        for start in range(0, len(found), VISITS):
            site = self._site()
            rows: Rows = {
                "workspace": [_row(site.workspace)],
                "person": [_row(person) for person in site.people],
                "role_holder": site.holders,
                **{name: [] for name in ("visit", "stop", "participant", "booking", "notice")},
            }
            for number, moment in enumerate(found[start : start + VISITS], 1):
                self._write_visit(rows, site, number, moment, with_notices=with_notices)
            yield rows

    def _site(self) -> Site:
        key = f"TB{next(self._ids['workspace']):08}"
        workspace = Workspace(id=key, name=key, zone=ZONE, locale="en-US", country="CN", visits_opened=VISITS)
        people = [
            Person(id=next(self._ids["person"]), workspace_id=key, slack_id=slack_id(place), name=f"Person {place}")
            for place in range(PEOPLE)
        ]
        site = Site(workspace, people)
        for role, person in zip((Role.ADMINISTRATION, Role.EXECUTIVE_OFFICE), people, strict=False):
            site.holders.append(
                {"id": next(self._ids["role_holder"]), "workspace_id": key, "role": role, "person_id": person.key}
            )
        return site

    def _write_visit(self, rows: Rows, site: Site, number: int, moment: datetime, *, with_notices: bool) -> None:
        picture = self._picture(site, number, moment + MEAL_LEAD)
        rows["visit"].append(_row(picture.visit))
        rows["stop"] += [_row(stop) for stop in picture.stops]
        rows["booking"] += [_row(booking) for booking in picture.bookings]
        rows["participant"] += [
            {"id": next(self._ids["participant"]), "visit_id": picture.visit.key, "person_id": person, "part": part}
            for part, people in picture.parts.items()
            for person in people
        ]
        if with_notices:
            rows["notice"] += notices_of(picture, self._now)

    def _picture(self, site: Site, number: int, first_meal: datetime) -> Picture:
        visit = self._visit(site, number, first_meal)
        _, *others, driver = (person.key for person in site.guests_hosts(number))
        pickup = first_meal + timedelta(days=3)
        stops = [self._stop(visit, StopKind.PICKUP, pickup)]
        stops += [self._stop(visit, StopKind.MEAL, first_meal + timedelta(days=day)) for day in range(5)]
        booking = Booking(
            id=next(self._ids["booking"]),
            visit_id=visit.key,
            kind=BookingKind.VEHICLE,
            stop_id=stops[0].key,
            changed_at=self._now,
        )
        parts = {Part.LEADER: others[:2], Part.TEAM: others[2:], Part.GREETER: others[:8], Part.DRIVER: [driver]}
        picture = Picture(
            workspace=site.workspace,
            visit=visit,
            stops=tuple(sorted(stops, key=lambda stop: (stop.starts_at, stop.key))),
            parts={part: tuple(people) for part, people in parts.items()},
            bookings=(booking,),
            declarations=(),
            roles={Role(holder["role"]): (holder["person_id"],) for holder in site.holders},
            people={person.key: person for person in site.people},
            vehicles={},
        )
        _ask(picture, booking, self._now)
        return picture

    def _visit(self, site: Site, number: int, first_meal: datetime) -> Visit:
        host = site.guests_hosts(number)[0].key
        return Visit(
            id=next(self._ids["visit"]),
            workspace_id=site.workspace.id,
            number=number,
            zone=ZONE,
            company="Acme",
            guest_name="Luis García",
            arrives_at=first_meal,
            departs_at=first_meal + timedelta(days=5),
            lead_host_id=host,
            opened_by_id=host,
            opened_at=self._now,
            prepared_from=self._now,
        )

    def _stop(self, visit: Visit, kind: StopKind, starts_at: datetime) -> Stop:
        return Stop(
            id=next(self._ids["stop"]),
            visit_id=visit.key,
            kind=kind,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            place="Terminal 2",
            meal=Meal.LUNCH if kind == StopKind.MEAL else None,
        )


def slack_id(place: int) -> str:
    """Of the person at this place of a workspace; the local workspace of a measurement knows the same people."""
    return f"U0BENCH{place:03}"


def notices_of(picture: Picture, now: datetime) -> list[dict[str, Any]]:
    """The columns of all notices of a visit, as they stand when it has just been planned."""
    return [_notice(picture.visit, wanted, now) for wanted in plan(picture, RULEBOOK, _calendar(picture))]


def _ask(picture: Picture, booking: Booking, now: datetime) -> None:
    """The request as it was written down when the visit was opened."""
    rule, stop = RULEBOOK.rule("C1"), picture.stop(booking.stop_id)
    assert rule is not None
    assert stop is not None
    booking.rule, booking.asked = rule.id, asked_of(picture, rule, stop)
    booking.answer_by = deadline(picture, rule, stop, _calendar(picture), now, RULEBOOK.answers_in_office_from)


def _calendar(picture: Picture) -> Calendar:
    return Calendar(ZoneInfo(picture.visit.zone), picture.workspace.country)


def _notice(visit: Visit, wanted: Wanted, now: datetime) -> dict[str, Any]:
    row = new_row(visit, key=wanted.key, kind=wanted.kind, now=now, due_at=wanted.due_at)
    return row | {
        "rule": wanted.rule,
        "person_id": wanted.person_id,
        "stop_id": wanted.stop_id,
        "booking_id": wanted.booking_id,
        "payload": dict(wanted.payload),
        "useful_until": wanted.useful_until,
    }


def _row(model: Any) -> dict[str, Any]:
    return {column.key: getattr(model, column.key) for column in model.__table__.columns}
