"""What buttons and views carry: typed, packed and parsed in one place. What does not parse is an old message's."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from bot.errors import OutOfDate


@dataclass(frozen=True)
class Payload:
    """Fields of type int or str, packed as `1~field~field`; the leading number is the format's version."""

    def pack(self) -> str:
        return "~".join(["1", *(str(getattr(self, field.name)) for field in fields(self))])

    @classmethod
    def parse(cls, packed: str) -> Self:
        """The payload; OutOfDate for anything this release did not pack."""
        version, *values = packed.split("~")
        if version != "1" or len(values) != len(fields(cls)):
            raise OutOfDate
        read: dict[str, Any] = {}
        for field, value in zip(fields(cls), values, strict=True):
            try:
                read[field.name] = int(value) if field.type is int else value
            except ValueError as error:
                raise OutOfDate from error
        return cls(**read)


@dataclass(frozen=True)
class NoticeRef(Payload):
    """A reminder's button."""

    notice: str


@dataclass(frozen=True)
class LateRef(Payload):
    """A choice of how many minutes late, below a driver's card."""

    notice: str
    minutes: int


@dataclass(frozen=True)
class BookingRef(Payload):
    """A request as it stood when the button was made."""

    booking: int
    version: int


class RequestVerb(StrEnum):
    """What can be done about a request."""

    ASSIGN = "assign"
    CONFIRM = "confirm"
    DECLINE = "decline"
    PROPOSE = "propose"
    ACCEPT = "accept"
    REJECT = "reject"
    REASSIGN = "reassign"


@dataclass(frozen=True)
class RequestMenu(Payload):
    """A choice from the menu beside a request."""

    verb: str
    booking: int
    version: int


@dataclass(frozen=True)
class PlanRef(Payload):
    """A revision of a plan as it stood when the button was made."""

    plan: int
    version: int


@dataclass(frozen=True)
class ChangeRef(Payload):
    """A change of what was approved, as it stood when the button was made."""

    request: int
    version: int


@dataclass(frozen=True)
class VisitRef(Payload):
    """A visit."""

    visit: int


@dataclass(frozen=True)
class HandoverRef(Payload):
    """A visit and its lead host, as they were when the button was made."""

    visit: int
    host: int


@dataclass(frozen=True)
class ColleagueRef(Payload):
    """A colleague by Slack id."""

    colleague: str


@dataclass(frozen=True)
class StopRef(Payload):
    """A stop."""

    stop: int


class StopVerb(StrEnum):
    """What the menu beside a stop offers."""

    CHANGE = "change"
    COPY = "copy"
    REMOVE = "remove"


@dataclass(frozen=True)
class StopMenu(Payload):
    """A choice from the menu beside a stop."""

    verb: str
    stop: int


@dataclass(frozen=True)
class StopKindRef(Payload):
    """A kind of stop that is to be added to a visit."""

    visit: int
    kind: str


@dataclass(frozen=True)
class DraftRef(Payload):
    """A draft of a new visit."""

    draft: str


@dataclass(frozen=True)
class VehicleRef(Payload):
    """A car of the house."""

    vehicle: int


@dataclass(frozen=True)
class GuestRef(Payload):
    """A guest of a party."""

    guest: int


@dataclass(frozen=True)
class PartyPage(Payload):
    """The guests of a visit from the `first` on."""

    visit: int
    first: int


@dataclass(frozen=True)
class HistoryPage(Payload):
    """The record of a visit from the entry after the `first` on."""

    visit: int
    first: int


@dataclass(frozen=True)
class ListRef(Payload):
    """A list of guests for a visit, as it was previewed; empty before."""

    visit: int
    previewed: str


@dataclass(frozen=True)
class RoomRef(Payload):
    """A room of the house."""

    room: int


class RankDeed(StrEnum):
    """What is done with a rank."""

    CHANGE = "change"
    REMOVE = "remove"


@dataclass(frozen=True)
class RankRef(Payload):
    """A rank of the house, 0 for one that is to be added, and what is done with it."""

    rank: int
    deed: str = RankDeed.CHANGE


@dataclass(frozen=True)
class PresetRef(Payload):
    """A preset of ranks."""

    preset: str


class Page(StrEnum):
    """The pages of the settings."""

    MENU = "menu"
    ORGANIZERS = "organizers"
    HOUSE = "house"
    LEADERS = "leaders"
    APPROVERS = "approvers"
    RIGHTS = "rights"
    SITE = "site"
    JOURNEYS = "journeys"
    MEALS = "meals"
    RANKS = "ranks"
    CARS = "cars"
    ROOMS = "rooms"
    LEAD_TIMES = "lead_times"
    RULE = "rule"


@dataclass(frozen=True)
class PageRef(Payload):
    """A page of the settings, with the section or the entry of the rulebook that it is about."""

    page: str
    item: str = ""

    @property
    def which(self) -> Page:
        """OutOfDate for a page that this release does not have."""
        if self.page not in list(Page):
            raise OutOfDate
        return Page(self.page)


@dataclass(frozen=True)
class Nothing(Payload):
    """A button that needs to say nothing."""
