"""The people of a workspace, what they are called, which language they read, and what they may do."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.models.roles import Role
from bot.models.types import UtcDateTime


class Workspace(SQLModel, table=True):
    """A Slack workspace and the site it receives visitors at."""

    __tablename__ = "workspace"

    id: str = Field(primary_key=True, max_length=32)
    """Slack's team id."""
    name: str
    zone: str
    """IANA name of the venue's time zone."""
    locale: str
    """Slack locale code for people who have none of their own, and for the reception channel."""
    country: str = "CN"
    """ISO 3166 code: whose public holidays count."""
    reception_channel: str | None = None
    opens: str = "09:00"
    """Office hours, by the clock at the venue (G3)."""
    closes: str = "18:00"
    early_domestic: int = 60
    """Minutes before the flight that the party is at the airport (D6.4)."""
    early_international: int = 60
    early_train: int = 30
    preferred_port: str = ""
    """The airport or station that guests are asked to use (A10)."""
    port_hint: str = ""
    """The better way for those who arrive elsewhere (A10)."""
    food_rules: str = ""
    """The house's own rules for meals (D3.9)."""
    address: str = ""
    """Of the house, as it stands on letters to guests (A5); several lines."""
    currency: str = "CNY"
    """ISO 4217 code of the currency that costs are counted in."""
    planned_by: str = ""
    """Fingerprint of the rulebook that the open visits were planned with last."""
    visits_opened: int = 0
    """The last number given out: references are counted for each workspace."""


class Person(SQLModel, table=True):
    """Somebody of the workspace."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    slack_id: str = Field(max_length=32)
    name: str
    title: str = ""
    rank: int | None = None
    """On the house's scale (B1)."""
    phone: str = ""
    slack_locale: str | None = None
    slack_zone: str | None = None
    chosen_language: str | None = None
    """A Slack locale code, chosen by the person; wins over Slack's."""
    chosen_zone: str | None = None
    is_workspace_admin: bool = False
    is_active: bool = True
    deputy_id: int | None = Field(default=None, foreign_key="person.id")
    """Whom the person named to stand in for them when they cannot be reached."""
    away_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until then the deputy is asked instead, at once."""
    read_from_slack_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def key(self) -> int:
        """The id of a person who is stored."""
        assert self.id is not None
        return self.id


class RoleHolder(SQLModel, table=True):
    """One of the people who fill a role of the workspace, or stand in for those who do."""

    __tablename__ = "role_holder"
    __table_args__ = (UniqueConstraint("workspace_id", "role", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    role: str
    person_id: int = Field(foreign_key="person.id")
    is_deputy: bool = False
    """Asked when no holder answers in time or can be reached."""


@dataclass(frozen=True)
class Actor:
    """Who acts, with the roles that decide what they may do."""

    person: Person
    roles: frozenset[Role]
    stands_in_for: frozenset[int] = frozenset()
    """The people who named this one as their deputy."""

    @property
    def id(self) -> int:
        return self.person.key

    def acts_for(self, person_id: int | None) -> bool:
        """Whether the person is meant, or stands in for the one who is."""
        return person_id == self.id or person_id in self.stands_in_for

    def has(self, role: Role) -> bool:
        return role in self.roles

    def can_take_over_from(self, person: Person) -> bool:
        """Administration, whoever decides on the settings, and whom the person named as deputy (G1)."""
        may = self.has(Role.ADMINISTRATION) or self.can_change_settings or person.id in self.stands_in_for
        return may and person.workspace_id == self.person.workspace_id and person.id != self.id

    @property
    def watches_over_the_house(self) -> bool:
        """Who has to see every visit of the day: administration and front desk."""
        return self.has(Role.ADMINISTRATION) or self.has(Role.FRONT_DESK)

    @property
    def can_change_settings(self) -> bool:
        """Slack's own administrators decide who fills which role, and whoever they name for it."""
        return self.person.is_workspace_admin or self.has(Role.SETTINGS)
