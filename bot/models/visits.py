"""A visit, its stops and the people who take part in it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.errors import WhoMay
from bot.models.people import Actor
from bot.models.roles import Role
from bot.models.types import Json, UtcDateTime


class VisitState(StrEnum):
    """Where a visit stands."""

    OPEN = "open"
    CANCELED = "canceled"


class Approval(StrEnum):
    """Where the consent to a visit's plan stands (B4)."""

    NOT_NEEDED = "not_needed"
    """Nobody approves plans in this workspace: preparation begins when the visit is entered."""
    DRAFT = "draft"
    """Not yet put before the approver."""
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    """Preparation has begun; a change of what was approved needs consent (B8)."""


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
    OWN_CAR = "own_car"
    """Guests who drive themselves arrive at the drop-off point (B9)."""
    CHECK_IN = "check_in"
    BREAKFAST = "breakfast"
    """At the hotel."""
    MEAL = "meal"
    MEETING = "meeting"
    TOUR = "tour"
    """Of the showroom, the works, the campus."""
    TRIP = "trip"
    CHECK_OUT = "check_out"
    DEPARTURE = "departure"
    """The flight or train home; when the party sets off is worked out from it (D6.4)."""


class Meal(StrEnum):
    """Which meal a meal stop is."""

    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    DINNER = "dinner"


class MealStyle(StrEnum):
    """How a meal is held (D3.7)."""

    SIMPLE = "simple"
    FULL = "full"
    BANQUET = "banquet"


class Background(StrEnum):
    """What the background check of a new client found (A2)."""

    OPEN = "open"
    CLEAR = "clear"
    COMPETITOR = "competitor"
    DOES_NOT_EXIST = "does_not_exist"


class Payer(StrEnum):
    """Who pays the hotel (A4)."""

    GUEST = "guest"
    HOUSE = "house"


class Foreign(StrEnum):
    """Whether guests come from abroad and need an invitation letter: always asked (A5)."""

    NO = "no"
    WITH_LETTER = "with_letter"
    WITHOUT_LETTER = "without_letter"
    UNDECIDED = "undecided"


class Visit(SQLModel, table=True):
    """One visit. Times are instants; `zone` is the venue's, in which they are shown and counted."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        # What goes on or is to come, without what has been over for years.
        Index("ix_visit_of_workspace", "workspace_id", "departs_at"),
    )

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
    hotel_payer: str = Payer.GUEST
    luggage: int | None = None
    """Pieces, where it is known (C1)."""
    food_notes: str = ""
    customs_notes: str = ""
    level: int | None = None
    """1 is the highest (B2); None until somebody chose, the proposed one counts then."""
    level_reason: str = ""
    """Why it is another level or host rank than the one proposed (B1, B2). Never shown where a guest can read it."""
    is_vip: bool = False
    is_foreign: bool = False
    needs_letter: bool | None = None
    """Whether an invitation letter is wanted (A5); None until somebody said so."""
    letter_issued_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    papers: dict[str, bool] = Field(default_factory=dict, sa_type=Json)
    """The papers that authorities want, by `Paper`, and whether each is there (A5)."""
    has_agent: bool = False
    """A local agent comes along (A3)."""
    brings_interpreter: bool = False
    """The guests bring their own (A3, E8)."""
    other_stops: str = ""
    """Where the guests are before and after us (A9)."""
    client_id: int | None = Field(default=None, foreign_key="client.id", index=True)
    background: str = Background.OPEN
    """Owed for new clients before the plan may be approved (A2)."""
    background_notes: str = ""
    approval: str = Approval.NOT_NEEDED
    prepared_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When preparation began: with the first approval (B4), or when the visit was entered where none is needed."""
    estimated_cost: int | None = None
    """Of the visit, for the plan; whole units of the workspace's currency."""
    is_confidential: bool = False
    """Only the people named in it may see it; its notifications carry no names."""
    guest_itinerary: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """The itinerary as it was last made for the guests (B5): what they know."""
    guest_itinerary_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    guest_confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the guests agreed with the itinerary (B5)."""
    guest_confirmed_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Who recorded it."""
    copied_from_id: int | None = Field(default=None, foreign_key="visit.id")
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
    def reference_elsewhere(self) -> str:
        """What the visit is called before people of whom nobody knows whether they may see it."""
        return "V-····" if self.is_confidential else self.reference

    def belongs_to(self, actor: Actor) -> bool:
        """Whether it is a visit of this person's house; those who have left have none."""
        return actor.person.workspace_id == self.workspace_id and actor.person.is_active

    @property
    def venue(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def is_open(self) -> bool:
        return self.state == VisitState.OPEN

    @property
    def foreign(self) -> Foreign | None:
        """What was said about guests from abroad; None until somebody said so."""
        if not self.is_foreign:
            return Foreign.NO if self.needs_letter is False else None
        if self.needs_letter is None:
            return Foreign.UNDECIDED
        return Foreign.WITH_LETTER if self.needs_letter else Foreign.WITHOUT_LETTER

    @property
    def can_be_approved(self) -> bool:
        """Not while the background check that a new client is owed has found nothing yet (A2)."""
        return not self.is_new_client or self.background != Background.OPEN

    @property
    def is_doubtful(self) -> bool:
        """The background check found what whoever approves is warned of (A2)."""
        return self.background in (Background.COMPETITOR, Background.DOES_NOT_EXIST)

    def can_see_passports(self, actor: Actor) -> bool:
        """The lead host, and those who are named for it: nobody else, administration included (A5)."""
        is_named_for_it = actor.has(Role.PASSPORTS) and not self.is_confidential
        return self.belongs_to(actor) and (actor.id == self.lead_host_id or is_named_for_it)

    def shows_record_to(self, actor: Actor) -> bool:
        """Who did what: for those who answer for the visit, and for those who approve plans (G5)."""
        approves = actor.has(Role.APPROVER_1) or actor.has(Role.APPROVER_2) or actor.has(Role.APPROVER_3)
        return self.belongs_to(actor) and (approves or self.can_be_changed_by(actor))

    @property
    def needs_approval(self) -> bool:
        """Whether somebody of the workspace approves its plan (B4)."""
        return self.approval != Approval.NOT_NEEDED

    def can_be_submitted_by(self, actor: Actor) -> bool:
        """Whoever may change the visit sends its plan, as long as it is neither approved nor with the approver."""
        return self.is_open and self.approval in (Approval.DRAFT, Approval.RETURNED) and self.can_be_changed_by(actor)

    def can_be_handed_over_by(self, actor: Actor) -> bool:
        """The lead host, whom they named as deputy, and administration, unless it is confidential (G1)."""
        keeps_right = actor.has(Role.ADMINISTRATION) and not self.is_confidential
        return self.belongs_to(actor) and (actor.acts_for(self.lead_host_id) or keeps_right)

    @property
    def kept_by(self) -> WhoMay:
        """Who may change it, as everybody else is told."""
        return WhoMay.HOST_ALONE if self.is_confidential else WhoMay.HOST

    def can_be_changed_by(self, actor: Actor) -> bool:
        """The lead host answers for the visit (G1); administration keeps it right, unless it is confidential."""
        keeps_right = actor.has(Role.ADMINISTRATION) and not self.is_confidential
        return self.belongs_to(actor) and (actor.id in (self.lead_host_id, self.opened_by_id) or keeps_right)


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
    subject: str = ""
    """What a meeting is about, which works a tour shows, where a trip goes."""
    room: str = ""
    """Meeting room, private dining room."""
    route: str = ""
    """Of a tour or a trip, directions for guests in their own car."""
    plate: str = ""
    """Of the guests' own car, for the gate."""
    style: str | None = None
    """How a meal is held."""
    is_important: bool = False
    is_international: bool = False
    """A flight across a border: the party is at the airport earlier (D6.4)."""
    is_long: bool = False
    """A trip that takes more than half a day (D5.2, D5.3)."""
    needs_car: bool = False
    """The guests are driven there by us (D8.1)."""
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


class StopParticipant(SQLModel, table=True):
    """A person's part in one stop. Where a stop names people for a part, they take it instead of the visit's."""

    __tablename__ = "stop_participant"
    __table_args__ = (UniqueConstraint("stop_id", "part", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    stop_id: int = Field(foreign_key="stop.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    part: str
