"""The words in which the rulebook is written, as `schedules/leadtimes.toml` has them; each says what it means.

A new word is a member here. What it does stands where it is used: an anchor's moment in `plan`, a condition and what
makes a rule moot in `conditions`, whom a word names in `recipients`, what a confirmation hangs on in `bookings`; how
people read it in `bot.messages.rules_in_words`, `asked` and `booking_forms`.
"""

from enum import StrEnum

from bot.models.notices import NoticeKind


class About(StrEnum):
    """What a rule hangs on: a kind of stop, or a kind of booking."""

    PICKUP = "pickup"
    OWN_CAR = "own_car"
    CHECK_IN = "check_in"
    BREAKFAST = "breakfast"
    MEAL = "meal"
    MEETING = "meeting"
    TOUR = "tour"
    TRIP = "trip"
    CHECK_OUT = "check_out"
    DEPARTURE = "departure"
    ARRIVAL = "arrival"
    """The first stop of the visit, whatever it is: what is prepared for the visit as a whole hangs on it."""
    AT_HOUSE = "at_house"
    """The first stop on our premises, else the first of the visit: what gate, front desk and rooms are readied for."""
    DRIVE = "drive"
    """Every stop the guests are driven to by us, but the pick-up and the departure, which have rows of their own."""
    VEHICLE = "vehicle"
    LEADER = "leader"
    DAY = "day"
    """A day of the house with all its visits: what each person has to do on it, what the reception channel shows."""


class Anchor(StrEnum):
    """The moment a lead is counted back from."""

    START = "start"
    END = "end"
    SETTING_OFF = "setting_off"
    """Start less travel time and 20 minutes where the travel time is known, else the start (D1.2)."""
    LEAVING = "leaving"
    """When the party sets off: for home as worked out by D6.4, else the start less the travel time."""
    AT_PORT = "at_port"
    """When the party is at the airport or station on its way home (D6.5)."""
    OPENED = "opened"
    """When the visit was entered: as soon as it is known."""
    APPROVED = "approved"
    """When preparation began: with the plan's approval, or when the visit was entered where none is needed (B4)."""
    MORNING = "morning"
    """At 8:00 of the day, an hour before the stop (for a day: before its first) where that is earlier."""
    EVENING_BEFORE = "evening_before"
    """At 18:00 of the day before the stop."""


class To(StrEnum):
    """Whom a rule tells."""

    DRIVER = "driver"
    LEADERS = "leaders"
    SENIOR_LEADERS = "senior_leaders"
    """Those who receive or accompany the guests and whose time is asked for at the executive office (B6)."""
    OTHER_LEADERS = "other_leaders"
    """All others who receive or accompany the guests."""
    GREETERS = "greeters"
    """Who meet the guests on arrival: those named for it, else the lead host."""
    TEAM = "team"
    LEAD_HOST = "lead_host"
    ADMINISTRATION = "administration"
    EXECUTIVE_OFFICE = "executive_office"
    FRONT_DESK = "front_desk"
    GATE = "gate"
    IT = "it"
    FINANCE = "finance"
    TECHNICAL = "technical"
    """The engineers named for the visit, else whoever fills the role."""
    INTERPRETER = "interpreter"
    PHOTOGRAPHER = "photographer"
    GUIDE = "guide"
    DEPARTMENT_HEAD = "department_head"
    VICE_PRESIDENT = "vice_president"
    RECEPTION_CHANNEL = "reception_channel"
    APPROVER = "approver"
    """Whoever approves plans of the visit's level (B4)."""


TAKE_PART = (
    To.LEAD_HOST,
    To.LEADERS,
    To.GREETERS,
    To.TEAM,
    To.DRIVER,
    To.TECHNICAL,
    To.INTERPRETER,
    To.PHOTOGRAPHER,
    To.GUIDE,
)
"""Who can have run sheets: whoever takes part in a stop."""


class Answer(StrEnum):
    """What a reminder's button lets the person declare."""

    NONE = "none"
    GOT_IT = "got_it"
    ON_MY_WAY = "on_my_way"
    ATTENDANCE = "attendance"
    DONE = "done"
    """Whoever is first of those who were asked says it is done, for all of them."""
    DRIVE = "drive"
    """The driver's four: on my way, in place, guests aboard, arrived; and late by so much."""
    HERE = "here"
    """The guests are at the gate; whoever is first says so for all."""
    ITINERARY = "itinerary"
    """Opens the itinerary for the guests, where it is sent and their consent is noted (B5)."""
    SEND_PLAN = "send_plan"
    """Look at the plan and send it for approval (B3): it is done when the plan is sent."""
    CLIENT = "client"
    """Opens what is known of the client, where the outcome of the background check is noted (A2)."""


class Condition(StrEnum):
    """When a rule applies; `not vip` is written for the opposite."""

    LEVEL_1 = "level_1"
    LEVEL_1_OR_2 = "level_1_or_2"
    VIP = "vip"
    LEADERS_OR_VIP = "leaders_or_vip"
    """Guests of leader rank, or VIPs (D2.3)."""
    FOREIGN = "foreign"
    NEW_CLIENT = "new_client"
    BACKGROUND_OPEN = "background_open"
    """The background check (A2) has found nothing yet."""
    IMPORTANT = "important"
    SIMPLE = "simple"
    """A simple meal (D3.7)."""
    BANQUET = "banquet"
    LONG = "long"
    HOTEL = "hotel"
    TICKETS = "tickets"
    LETTER = "letter"
    """An invitation letter is wanted (A5)."""
    OWN_CAR = "own_car"
    NUMBER_UNKNOWN = "number_unknown"
    """The flight or train number is still to be announced (A4)."""
    OTHER_STOPS = "other_stops"
    """The guests see others before or after us (A9)."""
    SENIOR_LEADER = "senior_leader"
    """A senior leader takes part (C18)."""
    BY_PLANE = "by_plane"
    FIRST_AT_HOUSE = "first_at_house"
    """The stop is the first on our premises (C11)."""
    ITINERARY_SENT = "itinerary_sent"
    """The guests have an itinerary, be it the present one or not (B5)."""
    NEEDS_APPROVAL = "needs_approval"
    """Somebody of the workspace approves plans (B4)."""


class Moot(StrEnum):
    """What makes a rule moot once somebody has declared it."""

    IN_PLACE = "in_place"
    ON_MY_WAY = "on_my_way"
    ABOARD = "aboard"
    ARRIVED = "arrived"
    HERE = "here"
    """The guests are at the gate."""
    NOTHING_OPEN = "nothing_open"
    """Nothing of the visit is open when it is to be said (C16)."""
    GUESTS_AGREED = "guests_agreed"
    """With the itinerary as it is now (B5)."""
    ITINERARY_CURRENT = "itinerary_current"
    """The guests have the itinerary as it is now (B5)."""
    PLAN_SENT = "plan_sent"
    """The plan is with the approver, or approved (B3)."""


class Fact(StrEnum):
    """What a request tells and its confirmation hangs on: where one of these changes, it is asked again."""

    TIME = "time"
    DAY = "day"
    STAY = "stay"
    """From which day to which."""
    GUESTS = "guests"
    ROOMS = "rooms"
    """How many suites and how many standard rooms (C2)."""
    STYLE = "style"
    """How a meal is held."""
    DIETS = "diets"
    NUMBER = "number"
    """Of the flight or train."""
    LANGUAGE = "language"
    """The guests'."""
    NAMES = "names"
    """Lead guest and client."""


class Particular(StrEnum):
    """What a confirmation has to say."""

    ROOM = "room"
    """A room of the house, or the name of one elsewhere."""
    PLACE = "place"
    """Hotel, restaurant."""
    REFERENCE = "reference"
    AMOUNT = "amount"
    """Money that is handed out, which is no cost yet."""
    COST = "cost"


class Counter(StrEnum):
    """What the owner of a request may propose instead."""

    TIME = "time"
    """Another time for the stop, or anything in words."""
    NOTE = "note"


ASKING = (NoticeKind.VEHICLE_REQUEST, NoticeKind.LEADER_REQUEST, NoticeKind.REQUEST)
"""What is asked of its owner as a booking (`bot.procedure.bookings`)."""
