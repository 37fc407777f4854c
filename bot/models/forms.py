"""What people type into the forms, before it is checked: text as typed, dates and times of the venue's wall clock."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, time
from typing import Any, Self

from bot.models.guests import Gender
from bot.models.roles import Part
from bot.models.visits import Background, Means, Payer, Purpose


@dataclass(frozen=True)
class VisitForm:
    """The form for a visit (A1, A3, A4). People are Slack ids."""

    company: str = ""
    is_new_client: bool = False
    purpose: str = Purpose.NEGOTIATION
    guest_name: str = ""
    guest_title: str = ""
    guest_rank: int | None = None
    party_size: str = "1"
    guest_language: str = "en"
    foreign: str = ""
    """A member of `Foreign`; empty until somebody said so."""
    contact_name: str = ""
    contact_phone: str = ""
    arrival_date: date | None = None
    arrival_time: time | None = None
    arrival_means: str = Means.PLANE
    arrival_number: str = ""
    arrival_place: str = ""
    travel_minutes: str = ""
    departure_date: date | None = None
    departure_time: time | None = None
    departure_means: str = Means.PLANE
    departure_number: str = ""
    wants_pickup: bool = True
    wants_hotel: bool = True
    wants_tickets: bool = False
    stops: tuple[str, ...] = ()
    """Keys of the proposed stops that were ticked: `2026-03-05/dinner`."""
    offered_stops: tuple[str, ...] = ()
    """Keys of those that stood in the form: a stop that was offered and not ticked is not wanted."""
    lead_host: str = ""
    greeters: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    driver: str = ""
    food_notes: str = ""
    customs_notes: str = ""
    is_confidential: bool = False

    @property
    def has_content(self) -> bool:
        """Whether somebody typed something that would be a pity to lose."""
        return bool(self.company or self.guest_name or self.arrival_number or self.contact_name or self.food_notes)

    def people(self) -> tuple[str, ...]:
        """All Slack ids that the form names."""
        named = (self.lead_host, self.driver, *self.greeters, *self.leaders, *self.team)
        return tuple(dict.fromkeys(slack_id for slack_id in named if slack_id))

    def with_stops_offered(self, offered: Mapping[str, bool]) -> Self:
        """With other stops to choose from, by key, and whether each is proposed: what was ticked stays ticked, what is
        offered for the first time is ticked if it is proposed."""
        new = [key for key, proposed in offered.items() if proposed and key not in self.offered_stops]
        kept = [key for key in offered if key in self.stops or key in new]
        return replace(self, stops=tuple(kept), offered_stops=tuple(offered))

    def to_json(self) -> dict[str, Any]:
        """Plain data for a draft."""
        return {
            name: value.isoformat()
            if isinstance(value, date | time)
            else list(value)
            if isinstance(value, tuple)
            else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """A stored draft; fields it does not know take their default, so drafts outlive a release."""
        known = {known.name: data[known.name] for known in fields(cls) if known.name in data}
        for name, value in known.items():
            if isinstance(value, list):
                known[name] = tuple(value)
            elif value and name in ("arrival_date", "departure_date"):
                known[name] = date.fromisoformat(value)
            elif value and name in ("arrival_time", "departure_time"):
                known[name] = time.fromisoformat(value)
        return cls(**known)


@dataclass(frozen=True)
class StopForm:
    """The form for one stop; which fields count depends on its kind. People are Slack ids, by the part they take."""

    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    """None: as long as such a stop usually takes."""
    place: str = ""
    number: str = ""
    means: str = Means.PLANE
    travel_minutes: str = ""
    meal: str = ""
    style: str = ""
    subject: str = ""
    room: str = ""
    route: str = ""
    plate: str = ""
    is_important: bool = False
    is_international: bool = False
    is_long: bool = False
    needs_car: bool = False
    people: Mapping[Part, tuple[str, ...]] = field(default_factory=dict)
    """Only where they differ from those of the visit."""

    def everybody(self) -> tuple[str, ...]:
        """All Slack ids that the form names."""
        return tuple(dict.fromkeys(slack_id for named in self.people.values() for slack_id in named))

    def to_json(self) -> dict[str, Any]:
        """Plain data, to be carried out later."""
        plain = {
            name: value.isoformat() if isinstance(value, date | time) else value
            for name, value in vars(self).items()
            if name != "people"
        }
        return plain | {"people": {str(part): list(ids) for part, ids in self.people.items() if ids}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `to_json` wrote."""
        known = dict(data)
        known["day"] = date.fromisoformat(known["day"]) if known["day"] else None
        for name in ("starts", "ends"):
            known[name] = time.fromisoformat(known[name]) if known[name] else None
        known["people"] = {Part(part): tuple(ids) for part, ids in known["people"].items()}
        return cls(**known)

    def on(self, day: date | None) -> Self:
        """The same on another day."""
        return replace(self, day=day)


@dataclass(frozen=True)
class GuestForm:
    """The form for one guest of the party (A3)."""

    name: str = ""
    title: str = ""
    rank: int | None = None
    gender: str = Gender.UNKNOWN
    allergies: str = ""
    diet: str = ""
    customs: str = ""
    is_lead: bool = False
    is_vip: bool = False
    by_own_car: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain data, to be carried out later."""
        return asdict(self)


@dataclass(frozen=True)
class PartyForm:
    """The form for what concerns the party as a whole (A3, A4, A9, C1)."""

    party_size: str = "1"
    luggage: str = ""
    is_vip: bool = False
    has_agent: bool = False
    brings_interpreter: bool = False
    hotel_payer: str = Payer.GUEST
    other_stops: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain data, to be carried out later."""
        return asdict(self)


@dataclass(frozen=True)
class ClientForm:
    """The form for the client's profile (A6) and the background check (A2)."""

    profile: Mapping[str, str]
    """By `ProfileField`."""
    background: str = Background.OPEN
    background_notes: str = ""


@dataclass(frozen=True, repr=False)
class PassportForm:
    """The form for name and number as in the passport (A5). Its repr shows neither."""

    name: str = ""
    number: str = ""
    is_confirmed: bool = False
    """The guest has confirmed both."""

    def __repr__(self) -> str:
        return f"PassportForm(is_confirmed={self.is_confirmed})"


@dataclass(frozen=True)
class AnswerForm:
    """What somebody says who confirms a request, or proposes something else."""

    room: str = ""
    """The id of a room of the house; empty for none of them."""
    room_name: str = ""
    """Of a room elsewhere."""
    place: str = ""
    reference: str = ""
    amount: str = ""
    cost: str = ""
    note: str = ""
    day: date | None = None
    starts: time | None = None
    """Another time for the stop."""
