"""The rulebook: one entry for each row of the procedure, read from `schedules/leadtimes.toml` and checked on load."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Self, TypeVar

from bot.models.notices import NoticeKind
from bot.models.settings import RoomKind, RuleOverride
from bot.procedure.chasing import Chase, Pace, Step, steps_in_order
from bot.procedure.leads import Lead
from bot.procedure.sayings import Say

Read = TypeVar("Read")
Item = TypeVar("Item")
Choice = TypeVar("Choice", bound=StrEnum)


class RulebookError(ValueError):
    """The rulebook cannot be used; the text names file, line and field."""


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
_NOTICES = {
    About.VEHICLE: (NoticeKind.VEHICLE_REQUEST,),
    About.LEADER: (NoticeKind.LEADER_REQUEST,),
    About.DAY: (NoticeKind.RUN_SHEET, NoticeKind.BOARD),
}
"""What is said about a request or a day; everything else is a reminder or a duty."""
_REMINDED = (About.PICKUP, About.MEAL, About.BREAKFAST, About.MEETING, About.TOUR, About.TRIP, About.DEPARTURE)
"""Stops whose reminder has words of its own: what, when, where, who."""


@dataclass(frozen=True)
class Rule:
    """One row of the procedure."""

    id: str
    about: About
    anchor: Anchor
    lead: Lead
    to: tuple[To, ...]
    notice: NoticeKind
    answers: Mapping[To, Answer]
    """Who is asked for which answer; nobody who is not named."""
    say: Say | None = None
    """What a duty says; a reminder has words of its own."""
    when: tuple[tuple[Condition, bool], ...] = ()
    """Conditions, all of which must be as they stand here."""
    unless: tuple[Moot, ...] = ()
    keeps_office_hours: bool = False
    """Brought forward into office hours (G3)."""
    chase: Mapping[To, tuple[Step, ...]] | None = None
    """What is done about whom if they do not answer; None: as about every question of this kind."""
    minds: tuple[Fact, ...] = ()
    """What a confirmation of this request hangs on."""
    confirm: tuple[tuple[Particular, bool], ...] = ()
    """What it has to say, and whether that may not be left open."""
    counter: Counter | None = None
    room: RoomKind | None = None
    """Which rooms of the house are proposed."""
    answer_by: Lead | None = None
    """Until how long before the stop an answer is waited for."""
    answer_within: Lead | None = None
    """The same, from the moment it was asked."""

    def answer_of(self, to: To) -> Answer:
        return self.answers.get(to, Answer.NONE)

    @property
    def row(self) -> str:
        """The row of the procedure: D3.2 for the entry D3.2b."""
        return self.id.rstrip("abcdefghijklmnopqrstuvwxyz")

    @property
    def waits_for_approval(self) -> bool:
        """Preparation starts with the plan's approval (B4); the double check looks at what is open before, too."""
        is_of_section_c = self.row.startswith("C") and self.row != "C16"
        return (
            self.notice in (NoticeKind.VEHICLE_REQUEST, NoticeKind.LEADER_REQUEST)
            or is_of_section_c
            or self.anchor is Anchor.APPROVED
        )

    @property
    def is_said_at_once(self) -> bool:
        """Said as soon as something is known or decided, not counted back from anything: it cannot be late."""
        return self.anchor in (Anchor.OPENED, Anchor.APPROVED)

    @property
    def stands_alone(self) -> bool:
        """Acted on within the hour, or on the road: nobody is to look for it in a longer message."""
        on_the_road = (Answer.DRIVE, Answer.ON_MY_WAY, Answer.HERE)
        within_the_hour = not self.is_of_the_day and self.lead.hours == 0
        return within_the_hour or any(answer in on_the_road for answer in self.answers.values())

    @property
    def is_of_the_day(self) -> bool:
        """Whether it holds for a day rather than for a minute: a stop that moves within its day asks nobody anew."""
        of_a_day = (Anchor.MORNING, Anchor.EVENING_BEFORE)
        return self.lead.days > 0 or self.is_said_at_once or self.anchor in of_a_day

    def otherwise(self, override: RuleOverride) -> "Rule":
        """The rule as a workspace has it."""
        lead = Lead.parse(override.lead) if override.lead else self.lead
        keeps = self.keeps_office_hours if override.keeps_office_hours is None else override.keeps_office_hours
        return replace(self, lead=lead, keeps_office_hours=keeps)


@dataclass(frozen=True)
class Rulebook:
    """All rules, and how long changes are gathered before people are told."""

    rules: tuple[Rule, ...]
    gather_changes: timedelta
    chase: Chase | None = None
    """How silence is chased; None: nobody is."""

    def rule(self, rule_id: str) -> Rule | None:
        return self._by_id.get(rule_id)

    @cached_property
    def _by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def otherwise(self, overrides: Collection[RuleOverride]) -> "Rulebook":
        """The rulebook as a workspace has it: other leads, other office-hour policies, rows switched off."""
        if not overrides:
            return self
        by_id = {override.rule_id: override for override in overrides}
        rules = [rule.otherwise(by_id[rule.id]) if rule.id in by_id else rule for rule in self.rules]
        return replace(self, rules=tuple(r for r in rules if r.id not in by_id or by_id[r.id].is_on))

    @cached_property
    def fingerprint(self) -> str:
        """The same for rulebooks that plan the same."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]

    @classmethod
    def parse(cls, text: str, source: str = "leadtimes.toml") -> Self:
        """Read and check the file; RulebookError with line and field for the first thing that is wrong."""
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise RulebookError(f"{source}: {error}") from error
        lines = text.splitlines()
        head = _Entry(source, data, lines, 1)
        head.refuse_unknown({"gather_changes", "chase", "rule"})
        gather = head.read("gather_changes", _lead)
        chase = _chase(head) if "chase" in data else None
        entries = head.read("rule", _list_of(dict))
        headings = [number for number, line in enumerate(lines, 1) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
        if len(headings) != len(entries):
            raise head.mistake("rule", "each rule begins with a line of its own: [[rule]]")
        rules: dict[str, Rule] = {}
        for values, line, end in zip(entries, headings, [*headings[1:], len(lines) + 1], strict=True):
            entry = _Entry(source, values, lines[line - 1 : end - 1], line)
            rule = _rule(entry)
            if rule.id in rules:
                raise entry.mistake("id", f"{rule.id!r} stands there twice")
            rules[rule.id] = rule
        return cls(tuple(rules.values()), _span(gather), chase)


NO_RULES = Rulebook((), timedelta(minutes=1))


@dataclass(frozen=True)
class _Entry:
    """One table of the file with its lines, the first of which has the number `begins`."""

    source: str
    values: Mapping[str, Any]
    lines: Sequence[str]
    begins: int

    def mistake(self, name: str, why: object) -> RulebookError:
        """Points at the line of the field, or of the entry that lacks it."""
        written = re.compile(rf"\s*(\[+\s*)?{re.escape(name)}\s*[]=]")
        numbered = enumerate(self.lines, self.begins)
        line = next((number for number, text in numbered if written.match(text)), self.begins)
        return RulebookError(f"{self.source}, line {line}, field {name!r}: {why}")

    def refuse_unknown(self, known: Collection[str]) -> None:
        for name in self.values:
            if name not in known:
                raise self.mistake(name, f"is not known, only {', '.join(sorted(known))}")

    def table(self, name: str) -> "_Entry":
        """One of its tables, with the lines from its heading to the next."""
        heading = re.compile(rf"\s*\[\s*{re.escape(name)}\s*\]")
        begins = next((number for number, line in enumerate(self.lines) if heading.match(line)), 0)
        rest = self.lines[begins + 1 :]
        ends = next((number for number, line in enumerate(rest) if re.match(r"\s*\[", line)), len(rest))
        values = self.values[name]
        if not isinstance(values, dict):
            raise self.mistake(name, "a table is wanted: [chase]")
        return _Entry(self.source, values, self.lines[begins : begins + 1 + ends], self.begins + begins)

    def read(self, name: str, reader: Callable[[Any], Read]) -> Read:
        if name not in self.values:
            raise self.mistake(name, "is missing")
        try:
            return reader(self.values[name])
        except ValueError as error:
            raise self.mistake(name, error) from error


def _rule(entry: _Entry) -> Rule:
    entry.refuse_unknown(
        {
            "id",
            "about",
            "anchor",
            "lead",
            "to",
            "notice",
            "say",
            "answer",
            "when",
            "unless",
            "office_hours",
            "chase",
            *_OF_REQUESTS,
        }
    )
    about, notice = entry.read("about", _one_of(About)), entry.read("notice", _one_of(NoticeKind))
    _check_notice(entry, about, notice)
    to = entry.read("to", _people)
    _check_day(entry, about, notice, to)
    answers = entry.read("answer", _answers) if "answer" in entry.values else {}
    if answers and notice not in (NoticeKind.REMINDER, NoticeKind.DUTY):
        raise entry.mistake("answer", "a request has buttons of its own")
    untold = [who for who in answers if who not in to]
    if untold:
        raise entry.mistake("answer", f"{untold[0]} is not told")
    lead = entry.read("lead", _lead)
    chase = _chased(entry, to) if "chase" in entry.values else None
    return Rule(
        id=entry.read("id", _id),
        about=about,
        anchor=entry.read("anchor", _one_of(Anchor)),
        lead=lead,
        to=to,
        notice=notice,
        answers=answers,
        say=entry.read("say", _one_of(Say)) if "say" in entry.values else None,
        when=entry.read("when", _conditions) if "when" in entry.values else (),
        unless=entry.read("unless", _moot) if "unless" in entry.values else (),
        keeps_office_hours=entry.read("office_hours", _yes_or_no) if "office_hours" in entry.values else lead.days > 0,
        chase=chase,
        **_of_request(entry, notice),
    )


_OF_REQUESTS = ("minds", "confirm", "counter", "room", "answer_by", "answer_within")


def _of_request(entry: _Entry, notice: NoticeKind) -> dict[str, Any]:
    """The fields that only an entry has which asks for something."""
    given = [name for name in _OF_REQUESTS if name in entry.values]
    if given and notice not in ASKING:
        raise entry.mistake(given[0], f"a {notice} asks for nothing that is confirmed")
    if notice in ASKING and ("answer_by" in given) == ("answer_within" in given):
        raise entry.mistake("answer_by", "until when an answer is waited for: answer_by or answer_within, one of both")
    readers: dict[str, Callable[[Any], Any]] = {
        "minds": lambda value: tuple(_one_of(Fact)(text) for text in _list_of(str)(value)),
        "confirm": _particulars,
        "counter": _one_of(Counter),
        "room": _one_of(RoomKind),
        "answer_by": _lead,
        "answer_within": _lead,
    }
    read = {name: entry.read(name, readers[name]) for name in given}
    if ("room" in read) != (Particular.ROOM in dict(read.get("confirm", ()))):
        raise entry.mistake("room", "which rooms of the house, where the confirmation says the room; else not")
    return read


def _particulars(value: Any) -> tuple[tuple[Particular, bool], ...]:
    return tuple((_one_of(Particular)(text.removesuffix("?")), not text.endswith("?")) for text in _list_of(str)(value))


def _chase(head: _Entry) -> Chase:
    """The table [chase], each of whose fields stands on a line of its own."""
    entry = head.table("chase")
    names = {"again", "deputy", "tell", "apart", "longest", "office_hours_from", "no_nights_from", "awake", "steps"}
    entry.refuse_unknown(names)
    shares = tuple((step, entry.read(step.value, _share)) for step in Step)
    if [share for _, share in shares] != sorted({share for _, share in shares}):
        raise entry.mistake("tell", "the steps are due one after the other: again, then deputy, then tell")
    pace = Pace(
        shares=shares,
        apart=entry.read("apart", _time_span),
        longest=entry.read("longest", _days),
        office_from=entry.read("office_hours_from", _time_span),
        awake_from=entry.read("no_nights_from", _time_span),
        awake=entry.read("awake", _hours),
    )
    return Chase(pace, entry.read("steps", _steps_by_answer))


def _chased(entry: _Entry, to: Collection[To]) -> dict[To, tuple[Step, ...]]:
    """`false`, steps for all who are told, or steps for some of them."""
    value = entry.values["chase"]
    if value is False:
        return {}
    if not isinstance(value, dict):
        steps = entry.read("chase", _steps)
        return dict.fromkeys(to, steps)
    found = entry.read("chase", lambda table: {_one_of(To)(who): _steps(steps) for who, steps in table.items()})
    untold = [who for who in found if who not in to]
    if untold:
        raise entry.mistake("chase", f"{untold[0]} is not told")
    return found


def _steps(value: Any) -> tuple[Step, ...]:
    return steps_in_order([_one_of(Step)(step) for step in _list_of(str)(value)])


def _steps_by_answer(value: Any) -> dict[str, tuple[Step, ...]]:
    if not isinstance(value, dict):
        raise ValueError('steps for each kind of question, such as { attendance = ["again", "tell"] }')
    asked = {"request", *Answer} - {Answer.NONE}
    for answer in value:
        if answer not in asked:
            raise ValueError(f"{answer!r} is none of {', '.join(sorted(asked))}")
    return {answer: _steps(steps) for answer, steps in value.items()}


def _share(value: Any) -> float:
    match = re.fullmatch(r"(\d{1,2})\s*%", str(value))
    if match is None or not int(match[1]):
        raise ValueError(f"a share of the time left is wanted, such as '40%', not {value!r}")
    return int(match[1]) / 100


def _hours(value: Any) -> tuple[time, time]:
    match = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", str(value))
    if match is None or time.fromisoformat(match[1]) >= time.fromisoformat(match[2]):
        raise ValueError(f"hours of the day are wanted, such as '07:00-21:00', not {value!r}")
    return time.fromisoformat(match[1]), time.fromisoformat(match[2])


def _span(lead: Lead) -> timedelta:
    return timedelta(days=lead.days, hours=lead.hours, minutes=lead.minutes)


def _days(value: Any) -> timedelta:
    lead = _lead(value)
    if not lead.days or lead.hours or lead.minutes:
        raise ValueError(f"whole days are wanted, such as '3d', not {value!r}")
    return _span(lead)


def _time_span(value: Any) -> timedelta:
    return _span(_lead(value))


def _check_notice(entry: _Entry, about: About, notice: NoticeKind) -> None:
    fitting = _NOTICES.get(about, (NoticeKind.REMINDER, NoticeKind.DUTY, NoticeKind.REQUEST))
    if notice not in fitting:
        raise entry.mistake("notice", f"a rule about {about} says {' or '.join(fitting)}")
    if notice == NoticeKind.REMINDER and about not in _REMINDED:
        raise entry.mistake("notice", f"there is no reminder of {about}; say which duty it is")
    says = notice in (NoticeKind.DUTY, NoticeKind.REQUEST)
    if says != ("say" in entry.values):
        raise entry.mistake("say", "is missing" if says else f"a {notice} has words of its own")


def _check_day(entry: _Entry, about: About, notice: NoticeKind, to: Collection[To]) -> None:
    fitting = (
        {To.RECEPTION_CHANNEL} if notice == NoticeKind.BOARD else set(TAKE_PART) if about is About.DAY else set(To)
    )
    if notice != NoticeKind.BOARD:
        fitting -= {To.RECEPTION_CHANNEL}
    for who in to:
        if who not in fitting:
            raise entry.mistake("to", f"a {notice} about {about} tells nobody but {', '.join(sorted(fitting))}")
    if about is About.DAY:
        for name in ("when", "unless"):
            if name in entry.values:
                raise entry.mistake(name, "a day has no conditions")
        if entry.values.get("anchor") not in (Anchor.MORNING, Anchor.START):
            raise entry.mistake("anchor", "a day has morning or start")


def _conditions(value: Any) -> tuple[tuple[Condition, bool], ...]:
    words = [text.split() for text in _list_of(str)(value)]
    return tuple((_one_of(Condition)(parts[-1] if parts else ""), parts[:-1] != ["not"]) for parts in words)


def _moot(value: Any) -> tuple[Moot, ...]:
    return tuple(_one_of(Moot)(text) for text in _list_of(str)(value))


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is wanted")
    return value


def _one_of(choices: type[Choice]) -> Callable[[Any], Choice]:
    def read(value: Any) -> Choice:
        if value not in list(choices):
            raise ValueError(f"{value!r} is none of {', '.join(choices)}")
        return choices(value)

    return read


def _list_of(kind: type[Item]) -> Callable[[Any], list[Item]]:
    def read(value: Any) -> list[Item]:
        if not isinstance(value, list) or not value or not all(isinstance(item, kind) for item in value):
            raise ValueError("a list that is not empty is wanted")
        return value

    return read


def _people(value: Any) -> tuple[To, ...]:
    return tuple(dict.fromkeys(_one_of(To)(name) for name in _list_of(str)(value)))


def _answers(value: Any) -> dict[To, Answer]:
    if not isinstance(value, dict):
        raise ValueError('who is asked for what, such as { driver = "got_it" }')
    return {_one_of(To)(who): _one_of(Answer)(what) for who, what in value.items()}


def _lead(value: Any) -> Lead:
    return Lead.parse(str(value))


def _id(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]\d+(\.\d+)?[a-z]?", value):
        raise ValueError(f"a row of the procedure is wanted, such as 'D1.2', not {value!r}")
    return value
