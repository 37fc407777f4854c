"""Guests and the clients they come from: what is known of them, kept from one visit to the next."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.models.types import Json, UtcDateTime


class Gender(StrEnum):
    """For forms of address, and for lodging (A3)."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


class Paper(StrEnum):
    """Papers that authorities may want before a visa is given (A5)."""

    GUEST_LIST = "guest_list"
    PASSPORT_COPIES = "passport_copies"
    EMPLOYMENT = "employment"
    """The guests' employer confirms that they work there."""
    BUSINESS_LICENSE = "business_license"
    ITINERARY = "itinerary"
    GUARANTEE = "guarantee"
    """Who pays for journey and stay."""
    INSURANCE = "insurance"


class ProfileField(StrEnum):
    """What the profile of a client says (A6)."""

    STRENGTH = "strength"
    """Company background and strength."""
    BUSINESS = "business"
    """Scope and model."""
    MARKET = "market"
    PERFORMANCE = "performance"
    """How its business is doing."""
    INTERESTS = "interests"
    CUSTOMS = "customs"
    PREFERENCES = "preferences"
    CAUTIONS = "cautions"
    LESSONS = "lessons"
    """From earlier visits."""


class Client(SQLModel, table=True):
    """A company, university or authority that guests come from."""

    __tablename__ = "client"
    __table_args__ = (UniqueConstraint("workspace_id", "folded_name"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    name: str
    folded_name: str
    """The name without case, accents, punctuation and legal form: how a returning client is recognized."""
    profile: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """Text by `ProfileField`."""
    changed_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def key(self) -> int:
        assert self.id is not None
        return self.id


class Guest(SQLModel, table=True):
    """A member of the party (A3)."""

    __tablename__ = "guest"

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    position: int = 0
    """The order they were named in; the first is the lead guest."""
    name: str
    title: str = ""
    rank: int | None = None
    """On the house's own scale; guests never see it."""
    gender: str = Gender.UNKNOWN
    allergies: str = ""
    """Shown first: a danger, where a diet is a wish."""
    diet: str = ""
    customs: str = ""
    """Ethnicity and customs where they matter for food and lodging."""
    is_vip: bool = False
    by_own_car: bool = False
    passport: str = ""
    """Name and number as in the passport (A5), sealed: only the vault can open it."""
    passport_confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def key(self) -> int:
        assert self.id is not None
        return self.id
