"""A visit, its stops and the people who take part in it."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.models.people import Actor
from bot.models.roles import Role
from bot.models.types import Json, UtcDateTime


class VisitState(StrEnum):
    """Where a visit stands."""

    OPEN = "open"
    CANCELED = "canceled"


class Purpose(StrEnum):
    """Why the guests come (A1)."""

    PLANT_VISIT = "plant_visit"
    NEGOTIATION = "negotiation"
    GOODS_INSPECTION = "goods_inspection"
    COMPLAINT = "complaint"
    COURTESY = "courtesy"


class Means(StrEnum):
    """How the guests travel (A4)."""

    PLANE = "plane"
    TRAIN = "train"
    OWN_CAR = "own_car"


class StopKind(StrEnum):
    """What happens at a stop of the itinerary."""

    PICKUP = "pickup"
    MEAL = "meal"
    DEPARTURE = "departure"


class Meal(StrEnum):
    """Which meal a meal stop is."""

    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    DINNER = "dinner"


class Visit(SQLModel, table=True):
    """One visit. Times are instants; `zone` is the venue's, in which they are shown and counted."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("workspace_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    number: int
    state: str = VisitState.OPEN
    zone: str
    company: str
    is_new_client: bool = False
    purpose: str = Purpose.NEGOTIATION
    guest_name: str
    """The lead guest."""
    guest_title: str = ""
    guest_rank: int | None = None
    party_size: int = 1
    guest_language: str = "en"
    contact_name: str = ""
    contact_phone: str = ""
    arrives_at: datetime = Field(sa_type=UtcDateTime)
    arrival_means: str = Means.PLANE
    arrival_number: str = ""
    departs_at: datetime = Field(sa_type=UtcDateTime)
    departure_means: str = Means.PLANE
    departure_number: str = ""
    wants_hotel: bool = True
    wants_tickets: bool = False
    food_notes: str = ""
    customs_notes: str = ""
    lead_host_id: int = Field(foreign_key="person.id")
    opened_by_id: int = Field(foreign_key="person.id")
    opened_at: datetime = Field(sa_type=UtcDateTime)
    canceled_by_id: int | None = Field(default=None, foreign_key="person.id")
    canceled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancel_reason: str = ""

    @property
    def key(self) -> int:
        assert self.id is not None
        return self.id

    @property
    def reference(self) -> str:
        """What people say and type: V-0012."""
        return f"V-{self.number:04d}"

    @property
    def venue(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def is_open(self) -> bool:
        return self.state == VisitState.OPEN

    def can_be_changed_by(self, actor: Actor) -> bool:
        """The lead host answers for the visit (G1); administration keeps it right."""
        return actor.id in (self.lead_host_id, self.opened_by_id) or actor.has(Role.ADMINISTRATION)


class Stop(SQLModel, table=True):
    """One stop of the itinerary; a removed stop stays on record."""

    __tablename__ = "stop"

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    kind: str
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    place: str = ""
    means: str | None = None
    number: str = ""
    """Flight or train number."""
    meal: str | None = None
    travel_minutes: int | None = None
    """How long the drive there takes, where it is known (D1.2)."""
    is_removed: bool = False

    @property
    def key(self) -> int:
        assert self.id is not None
        return self.id


class Participant(SQLModel, table=True):
    """A person's part in a visit."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("visit_id", "part", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    part: str


class Draft(SQLModel, table=True):
    """What somebody typed into the form for a new visit, kept until the visit is open: nothing typed is lost."""

    __tablename__ = "draft"

    id: str = Field(primary_key=True, max_length=32)
    workspace_id: str = Field(foreign_key="workspace.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    form: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    visit_id: int | None = Field(default=None, foreign_key="visit.id")
    """Set once, when the visit is opened: a second press opens nothing."""
