"""What buttons and views carry: typed, packed and parsed in one place. What does not parse is an old message's."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from bot.errors import OutOfDate


class Action(StrEnum):
    """Action ids: every element that any message or view carries and that sends an action."""

    DECLARE_ON_MY_WAY = "declare_on_my_way"
    DECLARE_ATTENDS = "declare_attends"
    DECLARE_CANNOT_ATTEND = "declare_cannot_attend"
    DECLARE_GOT_IT = "declare_got_it"
    DECLARE_DONE = "declare_done"
    DECLARE_IN_PLACE = "declare_in_place"
    DECLARE_ABOARD = "declare_aboard"
    DECLARE_ARRIVED = "declare_arrived"
    DECLARE_HERE = "declare_here"
    DECLARE_LATE = "declare_late"
    COUNT_ABOARD = "count_aboard"
    NOTE = "note"
    DELAY = "delay"
    REMIND_EVERYONE = "remind_everyone"
    SHOW_INTRODUCTIONS = "show_introductions"
    ASSIGN_VEHICLE = "assign_vehicle"
    CONFIRM_REQUEST = "confirm_request"
    DECLINE_REQUEST = "decline_request"
    PROPOSE_OTHERWISE = "propose_otherwise"
    ACCEPT_COUNTER = "accept_counter"
    REJECT_COUNTER = "reject_counter"
    REASSIGN_REQUEST = "reassign_request"
    REQUEST_MENU = "request_menu"
    NEW_VISIT = "new_visit"
    SHOW_VISIT = "show_visit"
    CHANGE_VISIT = "change_visit"
    CANCEL_VISIT = "cancel_visit"
    STOP_MENU = "stop_menu"
    ADD_STOP = "add_stop"
    CHOOSE_KIND = "choose_kind"
    CHOOSE_LEVEL = "choose_level"
    START_AFRESH = "start_afresh"
    CHOOSE_LANGUAGE = "choose_language"
    HAND_OVER = "hand_over"
    GO_AWAY = "go_away"
    COME_BACK = "come_back"
    OPEN_SETTINGS = "open_settings"
    SHOW_SETTINGS = "show_settings"
    CHOOSE_SECTION = "choose_section"
    RESET_RULE = "reset_rule"
    ADD_VEHICLE = "add_vehicle"
    RETIRE_VEHICLE = "retire_vehicle"
    ADD_ROOM = "add_room"
    RETIRE_ROOM = "retire_room"
    EDIT_RANK = "edit_rank"
    USE_PRESET = "use_preset"
    GIVE_RANK = "give_rank"
    LIST_VISITS = "list_visits"
    SHOW_TODAY = "show_today"
    SHOW_HELP = "show_help"
    SHOW_PARTY = "show_party"
    SHOW_PARTY_BEFORE = "show_party_before"
    SHOW_PARTY_AFTER = "show_party_after"
    ADD_GUEST = "add_guest"
    CHANGE_GUEST = "change_guest"
    REMOVE_GUEST = "remove_guest"
    PASTE_GUESTS = "paste_guests"
    DESCRIBE_PARTY = "describe_party"
    SHOW_CLIENT = "show_client"
    SHOW_PAPERS = "show_papers"
    SHOW_PASSPORT = "show_passport"
    ISSUE_LETTER = "issue_letter"
    COPY_VISIT = "copy_visit"
    SHOW_ITINERARY = "show_itinerary"
    OPEN_ITINERARY = "open_itinerary"
    SEND_ITINERARY = "send_itinerary"
    GUESTS_AGREED = "guests_agreed"
    SHOW_HISTORY = "show_history"
    SHOW_HISTORY_BEFORE = "show_history_before"
    SHOW_HISTORY_AFTER = "show_history_after"
    EXPORT_HISTORY = "export_history"
    SEND_PLAN = "send_plan"
    SHOW_PLAN = "show_plan"
    APPROVE_PLAN = "approve_plan"
    RETURN_PLAN = "return_plan"
    HAND_PLAN = "hand_plan"
    ALLOW_CHANGE = "allow_change"
    REFUSE_CHANGE = "refuse_change"
    TAKE_BACK_CHANGE = "take_back_change"
    NOTE_CHANGE = "note_change"
    SHOW_RECEPTION = "show_reception"


class ViewId(StrEnum):
    """Callback ids of the modals."""

    NEW_VISIT = "new_visit"
    READ_BACK = "read_back"
    CHANGE_VISIT = "change_visit"
    CANCEL_VISIT = "cancel_visit"
    VISIT = "visit"
    STOP = "stop"
    STOP_KINDS = "stop_kinds"
    LEVEL = "level"
    NEW_STOP = "new_stop"
    COPY_STOP = "copy_stop"
    REMOVE_STOP = "remove_stop"
    ASSIGN_VEHICLE = "assign_vehicle"
    DECLINE_REQUEST = "decline_request"
    CONFIRM_REQUEST = "confirm_request"
    PROPOSE_OTHERWISE = "propose_otherwise"
    REJECT_COUNTER = "reject_counter"
    REASSIGN_REQUEST = "reassign_request"
    ABOARD = "aboard"
    NOTE = "note"
    DELAY = "delay"
    LANGUAGE = "language"
    HAND_OVER = "hand_over"
    TAKE_OVER = "take_over"
    TAKE_OVER_ALL = "take_over_all"
    AWAY = "away"
    SETTINGS = "settings"
    """The menu and the lists of the settings: nothing to submit."""
    SETTINGS_FORM = "settings_form"
    SETTINGS_EFFECT = "settings_effect"
    VEHICLE = "vehicle"
    PARTY = "party"
    NEW_GUEST = "new_guest"
    GUEST = "guest"
    GUEST_LIST = "guest_list"
    PARTY_FACTS = "party_facts"
    CLIENT = "client"
    ROOM = "room"
    RANK = "rank"
    PERSONS_RANK = "persons_rank"
    PAPERS = "papers"
    PASSPORT = "passport"
    HISTORY = "history"
    ITINERARY = "itinerary"
    SEND_PLAN = "send_plan"
    RETURN_PLAN = "return_plan"
    HAND_PLAN = "hand_plan"
    REFUSE_CHANGE = "refuse_change"
    NOTHING = "nothing"
    """Only read and closed."""


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
