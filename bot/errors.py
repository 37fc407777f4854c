"""Refusals: what people may try and must be told about. The sentence for each is in `bot.messages.refusals`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Refusal(Exception):  # noqa: N818 - not an error: a person is told no
    """What a person asked for is not done, nothing has changed. Answered privately, never logged as an error."""


class NotAllowed(Refusal):
    """The person may not do this; who may is part of the sentence."""

    def __init__(self, who_may: "WhoMay") -> None:
        super().__init__(who_may)
        self.who_may = who_may


class WhoMay(StrEnum):
    """Who may do what was refused."""

    HOST = "host"
    HOST_ALONE = "host_alone"
    """Of a confidential visit: administration keeps out of it."""
    ADMINISTRATION = "administration"
    EXECUTIVE_OFFICE = "executive_office"
    ADDRESSEE = "addressee"
    OWNER = "owner"
    """Whom a request was put to, or their deputy."""
    WORKSPACE_ADMIN = "workspace_admin"
    PARTICIPANT = "participant"
    APPROVER = "approver"
    """Whoever was asked for approval by now."""
    DEPUTY = "deputy"
    """Administration, those who decide on the settings, and the person's deputy."""
    PASSPORTS = "passports"
    """The lead host, and who is named for passport data."""


class UnknownVisit(Refusal):
    """No visit has this reference in this workspace."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


class OutOfDate(Refusal):
    """The button belongs to a state that is over: an old message, a stop that moved, a changed request."""


class AlreadyAnswered(Refusal):
    """Somebody was faster (or the same person pressed twice)."""

    def __init__(self, by: str, at: datetime) -> None:
        super().__init__(by, at)
        self.by = by
        self.at = at


class SomebodyElseDrives(Refusal):
    """The drive was given to another meanwhile: there is nothing to take back."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class HasBegun(Refusal):
    """Too late to take a yes back: nobody else could be found any more by a message. `name`: whom to call, if anybody
    but the person."""

    def __init__(self, name: str = "", phone: str = "") -> None:
        super().__init__(name, phone)
        self.name = name
        self.phone = phone


class AlreadyHanded(Refusal):
    """The plan is with this deputy already."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class VisitIsOver(Refusal):
    """The visit was canceled; nothing of it can be changed any more."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


class NoSecretKey(Refusal):
    """Passport data can be neither kept nor read: the key is missing from the environment, or it is another one."""


class LetterTooEarly(Refusal):
    """The invitation letter cannot be issued: not every guest has confirmed name and number (A5)."""

    def __init__(self, guests: Sequence[str]) -> None:
        super().__init__(*guests)
        self.guests = guests


class AlreadySent(Refusal):
    """The person has these files, and what they show has not changed since."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


class BeingSent(Refusal):
    """The files are on their way to this person."""


class NotSent(Refusal):
    """Slack did not take the files; the same may be asked for again."""


class SentForConsent(Refusal):
    """It touches what was approved: nothing has changed, whoever approves is asked (B8)."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(*names)
        self.names = names


class Overtaken(Refusal):
    """The change that was allowed cannot be made any more: the visit is otherwise than when it was asked for."""


class BackgroundOpen(Refusal):
    """The plan cannot be sent: the background check that a new client is owed has found nothing yet (A2)."""


class ResourceTaken(Refusal):
    """The vehicle, its driver or the room is already taken for another visit at that time."""

    def __init__(
        self, resource: str, reference: str, start: datetime, end: datetime, free: Sequence[str] = (), field: str = ""
    ) -> None:
        super().__init__(resource, reference)
        self.resource = resource
        self.reference = reference
        self.start = start
        self.end = end
        self.free = free
        """What could be had instead."""
        self.field = field
        """Where in a form it was chosen, if that is known."""


class HeldMeanwhile(Refusal):
    """Another change took the same car, driver or room at the very same moment."""


class Problem(StrEnum):
    """What can be wrong with one field of a form."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    GUEST_MISSING = "guest_missing"
    NOT_A_NUMBER = "not_a_number"
    PARTY_SIZE = "party_size"
    DEPARTURE_BEFORE_ARRIVAL = "departure_before_arrival"
    IN_THE_PAST = "in_the_past"
    TOO_FAR = "too_far"
    TIME_DOES_NOT_EXIST = "time_does_not_exist"
    PHONE = "phone"
    FLIGHT_NUMBER = "flight_number"
    TRAIN_NUMBER = "train_number"
    DATE_MISSING = "date_missing"
    NOT_A_PERSON = "not_a_person"
    OUTSIDE_STAY = "outside_stay"
    END_BEFORE_START = "end_before_start"
    SAME_DAY = "same_day"
    REASON_WANTED = "reason_wanted"
    TRAVEL_TIME = "travel_time"
    FEWER_THAN_NAMED = "fewer_than_named"
    PASSPORT_NUMBER = "passport_number"
    NOBODY_READ = "nobody_read"
    SEATS = "seats"
    HOST_ALREADY = "host_already"
    AWAY_TOO = "away_too"
    BACK_TOO_EARLY = "back_too_early"
    AWAY_TOO_LONG = "away_too_long"
    DELAY = "delay"
    CHANNEL_CLOSED = "channel_closed"
    ZONE = "zone"
    CLOSES_BEFORE_OPENING = "closes_before_opening"
    MINUTES = "minutes"
    LEAD = "lead"
    HOLDS_IT_ALREADY = "holds_it_already"
    RANK = "rank"
    RANK_TAKEN = "rank_taken"
    CAPACITY = "capacity"
    ROOM_SEATS = "room_seats"


@dataclass
class FormErrors(Refusal):
    """What is wrong in a form, by field; shown next to the fields. `details` holds what a sentence names, by field."""

    problems: Mapping[str, Problem]
    details: Mapping[str, str] = field(default_factory=dict)
