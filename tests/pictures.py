"""Visits made up for a test, without a database: who takes part, which stops, which requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.models.bookings import Booking, BookingKind
from bot.models.notices import Declaration, DeclarationKind, declaration_key
from bot.models.people import Person, Workspace
from bot.models.roles import Part, Role
from bot.models.visits import Stop, StopKind, Visit, VisitState
from bot.procedure.picture import Picture

HOST, DRIVER, GREETER, LEADER, SENIOR, TEAM, ADMIN, OFFICE, OTHER_ADMIN = range(1, 10)
NAMES = {
    HOST: "host", DRIVER: "driver", GREETER: "greeter", LEADER: "leader", SENIOR: "senior", TEAM: "team",
    ADMIN: "admin", OFFICE: "office", OTHER_ADMIN: "other admin",
}  # fmt: skip
PARTS = {
    Part.DRIVER: (DRIVER,),
    Part.GREETER: (GREETER,),
    Part.LEADER: (LEADER, SENIOR),
    Part.TEAM: (TEAM,),
}
ROLES = {
    Role.ADMINISTRATION: (ADMIN, OTHER_ADMIN),
    Role.EXECUTIVE_OFFICE: (OFFICE,),
    Role.SENIOR_LEADER: (SENIOR,),
}


TOPICS = {
    DeclarationKind.ON_MY_WAY: "way",
    DeclarationKind.ATTENDS: "attendance",
    DeclarationKind.CANNOT_ATTEND: "attendance",
    DeclarationKind.GOT_IT: "D3.1",
}


@dataclass
class Sketch:
    """A visit to be: times are typed as wall-clock times of the venue, and kept in UTC as the database keeps them."""

    zone: str = "Asia/Shanghai"
    country: str = "CN"
    stops: list[Stop] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    parts: Mapping[Part, Sequence[int]] = field(default_factory=lambda: dict(PARTS))
    roles: Mapping[Role, Sequence[int]] = field(default_factory=lambda: dict(ROLES))
    gone: Sequence[int] = ()
    state: VisitState = VisitState.OPEN

    def at(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def stop(self, kind: StopKind, starts: str, *, travel: int | None = None, removed: bool = False) -> Stop:
        """One stop more, an hour long."""
        at = self.at(starts)
        stop = Stop(
            id=len(self.stops) + 1, visit_id=1, kind=kind, starts_at=at, ends_at=at + timedelta(hours=1),
            travel_minutes=travel, is_removed=removed,
        )  # fmt: skip
        self.stops.append(stop)
        return stop

    def booking(self, kind: BookingKind, stop: Stop, changed: str, **more: Any) -> Booking:
        booking = Booking(
            id=len(self.bookings) + 1, visit_id=1, kind=kind, stop_id=stop.id, changed_at=self.at(changed), **more
        )
        self.bookings.append(booking)
        return booking

    def declare(self, stop: Stop, person: int, kind: DeclarationKind, at: str) -> None:
        self.declarations.append(
            Declaration(
                id=len(self.declarations) + 1,
                visit_id=1,
                stop_id=stop.key,
                person_id=person,
                stop_starts_at=stop.starts_at,
                key=declaration_key(TOPICS[kind], stop.key, stop.starts_at, person),
                kind=kind,
                declared_at=self.at(at),
            )
        )

    def picture(self) -> Picture:
        arrives, departs = self.stops[0].starts_at, self.stops[-1].starts_at
        return Picture(
            workspace=Workspace(id="T1", name="House", zone=self.zone, locale="en-US", country=self.country),
            visit=Visit(
                id=1, workspace_id="T1", number=1, state=self.state, zone=self.zone, company="Acme",
                guest_name="Luis", lead_host_id=HOST, opened_by_id=HOST, opened_at=arrives - timedelta(days=9),
                prepared_from=arrives - timedelta(days=9),
                arrives_at=arrives, departs_at=departs,
            ),
            stops=tuple(self.stops),
            parts={part: tuple(people) for part, people in self.parts.items()},
            bookings=tuple(self.bookings),
            declarations=tuple(self.declarations),
            roles={role: tuple(people) for role, people in self.roles.items()},
            people={
                key: Person(id=key, workspace_id="T1", slack_id=f"U{key}", name=name, is_active=key not in self.gone)
                for key, name in NAMES.items()
            },
            vehicles={},
        )  # fmt: skip
