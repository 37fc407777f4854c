"""The entries of the rulebook as people read them: what, to whom, when, on which condition."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from bot.i18n import Translator
from bot.messages import words
from bot.messages.duties import TITLES
from bot.models.notices import NoticeKind
from bot.procedure.calendar import MORNING
from bot.procedure.leads import Lead
from bot.procedure.plan import EVENING
from bot.procedure.rules import Rule
from bot.procedure.vocabulary import About, Anchor, Condition, To

Words = Callable[[Translator], str]


class Section(StrEnum):
    """The parts of the procedure, as they are looked through."""

    INTAKE = "intake"
    PREPARATION = "preparation"
    PICKUP = "pickup"
    HOTEL = "hotel"
    MEALS = "meals"
    MEETINGS = "meetings"
    TRIPS = "trips"
    DEPARTURE = "departure"
    DRIVES = "drives"
    OTHER = "other"


_SECTIONS = {
    "A": Section.INTAKE,
    "B": Section.INTAKE,
    "C": Section.PREPARATION,
    "D1": Section.PICKUP,
    "D2": Section.HOTEL,
    "D3": Section.MEALS,
    "D4": Section.MEETINGS,
    "D5": Section.TRIPS,
    "D6": Section.DEPARTURE,
    "D7": Section.DRIVES,
    "D8": Section.DRIVES,
}
_SECTION_NAMES: dict[Section, Words] = {
    Section.INTAKE: lambda t: t.pgettext("rules.section", "Intake and approval"),
    Section.PREPARATION: lambda t: t.pgettext("rules.section", "Preparation"),
    Section.PICKUP: lambda t: t.pgettext("rules.section", "Pickup"),
    Section.HOTEL: lambda t: t.pgettext("rules.section", "Hotel"),
    Section.MEALS: lambda t: t.pgettext("rules.section", "Meals"),
    Section.MEETINGS: lambda t: t.pgettext("rules.section", "Meetings and tours"),
    Section.TRIPS: lambda t: t.pgettext("rules.section", "Trips"),
    Section.DEPARTURE: lambda t: t.pgettext("rules.section", "Departure"),
    Section.DRIVES: lambda t: t.pgettext("rules.section", "Own car and drives"),
    Section.OTHER: lambda t: t.pgettext("rules.section", "On the day and afterward"),
}
_REMINDERS: dict[About, Words] = {
    About.PICKUP: lambda t: t.pgettext("rule", "Reminder of the pickup"),
    About.MEAL: lambda t: t.pgettext("rule", "Reminder of the meal"),
    About.BREAKFAST: lambda t: t.pgettext("rule", "Reminder of the breakfast"),
    About.MEETING: lambda t: t.pgettext("rule", "Reminder of the meeting"),
    About.TOUR: lambda t: t.pgettext("rule", "Reminder of the tour"),
    About.TRIP: lambda t: t.pgettext("rule", "Reminder of the trip"),
    About.DEPARTURE: lambda t: t.pgettext("rule", "Reminder of the send-off"),
    About.VEHICLE: lambda t: t.pgettext("rule", "Request for car and driver"),
    About.LEADER: lambda t: t.pgettext("rule", "Request for a leader's time"),
}
_OF_A_DAY: dict[NoticeKind, Words] = {
    NoticeKind.RUN_SHEET: lambda t: t.pgettext("rule", "Run sheet of the day"),
    NoticeKind.BOARD: lambda t: t.pgettext("rule", "Board of the day"),
}
_PEOPLE: dict[To, Words] = {
    To.DRIVER: lambda t: t.pgettext("rule.to", "driver"),
    To.LEADERS: lambda t: t.pgettext("rule.to", "accompanying leaders"),
    To.SENIOR_LEADERS: lambda t: t.pgettext("rule.to", "senior leaders"),
    To.OTHER_LEADERS: lambda t: t.pgettext("rule.to", "others who receive the guests"),
    To.GREETERS: lambda t: t.pgettext("rule.to", "whoever meets the guests"),
    To.TEAM: lambda t: t.pgettext("rule.to", "host team"),
    To.LEAD_HOST: lambda t: t.pgettext("rule.to", "lead host"),
    To.ADMINISTRATION: lambda t: t.pgettext("rule.to", "administration"),
    To.EXECUTIVE_OFFICE: lambda t: t.pgettext("rule.to", "General Manager's Office"),
    To.FRONT_DESK: lambda t: t.pgettext("rule.to", "front desk"),
    To.GATE: lambda t: t.pgettext("rule.to", "gate"),
    To.IT: lambda t: t.pgettext("rule.to", "IT"),
    To.FINANCE: lambda t: t.pgettext("rule.to", "finance"),
    To.TECHNICAL: lambda t: t.pgettext("rule.to", "technical staff"),
    To.INTERPRETER: lambda t: t.pgettext("rule.to", "interpreter"),
    To.PHOTOGRAPHER: lambda t: t.pgettext("rule.to", "photographer"),
    To.GUIDE: lambda t: t.pgettext("rule.to", "guide"),
    To.DEPARTMENT_HEAD: lambda t: t.pgettext("rule.to", "department head"),
    To.VICE_PRESIDENT: lambda t: t.pgettext("rule.to", "vice president's department"),
    To.APPROVER: lambda t: t.pgettext("rule.to", "approver"),
    To.RECEPTION_CHANNEL: lambda t: t.pgettext("rule.to", "reception channel"),
}
CONDITIONS: dict[tuple[Condition, bool], Words] = {
    (Condition.LEVEL_1, True): lambda t: t.pgettext("rule.when", "level 1"),
    (Condition.LEVEL_1_OR_2, True): lambda t: t.pgettext("rule.when", "levels 1 and 2"),
    (Condition.VIP, True): lambda t: t.pgettext("rule.when", "VIPs"),
    (Condition.LEADERS_OR_VIP, True): lambda t: t.pgettext("rule.when", "guests of leader rank and VIPs"),
    (Condition.FOREIGN, True): lambda t: t.pgettext("rule.when", "foreign guests"),
    (Condition.NEW_CLIENT, True): lambda t: t.pgettext("rule.when", "new clients"),
    (Condition.BACKGROUND_OPEN, True): lambda t: t.pgettext("rule.when", "not yet checked"),
    (Condition.IMPORTANT, True): lambda t: t.pgettext("rule.when", "important"),
    (Condition.SIMPLE, True): lambda t: t.pgettext("rule.when", "simple meal"),
    (Condition.SIMPLE, False): lambda t: t.pgettext("rule.when", "full meal"),
    (Condition.BANQUET, True): lambda t: t.pgettext("rule.when", "banquet"),
    (Condition.BANQUET, False): lambda t: t.pgettext("rule.when", "no banquet"),
    (Condition.LONG, True): lambda t: t.pgettext("rule.when", "long trip"),
    (Condition.LONG, False): lambda t: t.pgettext("rule.when", "short trip"),
    (Condition.HOTEL, True): lambda t: t.pgettext("rule.when", "hotel wanted"),
    (Condition.TICKETS, True): lambda t: t.pgettext("rule.when", "tickets wanted"),
    (Condition.LETTER, True): lambda t: t.pgettext("rule.when", "invitation letter wanted"),
    (Condition.OWN_CAR, True): lambda t: t.pgettext("rule.when", "own car"),
    (Condition.NUMBER_UNKNOWN, True): lambda t: t.pgettext("rule.when", "number still missing"),
    (Condition.OTHER_STOPS, True): lambda t: t.pgettext("rule.when", "guests see others too"),
    (Condition.SENIOR_LEADER, True): lambda t: t.pgettext("rule.when", "a senior leader takes part"),
    (Condition.BY_PLANE, True): lambda t: t.pgettext("rule.when", "by plane"),
    (Condition.FIRST_AT_HOUSE, False): lambda t: t.pgettext("rule.when", "not the first arrival"),
    (Condition.ITINERARY_SENT, True): lambda t: t.pgettext("rule.when", "itinerary sent before"),
    (Condition.NEEDS_APPROVAL, True): lambda t: t.pgettext("rule.when", "where somebody approves plans"),
}
"""Every condition that an entry of the rulebook names."""


def section_of(rule_id: str) -> Section:
    """Where an entry stands; new parts of the procedure stand among the others."""
    return _SECTIONS.get(rule_id.partition(".")[0], _SECTIONS.get(rule_id[:1], Section.OTHER))


def section_name(t: Translator, section: Section) -> str:
    """The name of a part of the procedure."""
    return _SECTION_NAMES[section](t)


def what(t: Translator, rule: Rule) -> str:
    """What is said."""
    if rule.say is not None:
        return TITLES[rule.say](t)
    return (_OF_A_DAY[rule.notice] if rule.about is About.DAY else _REMINDERS[rule.about])(t)


def who(t: Translator, rule: Rule) -> str:
    """Who is told."""
    return t.list([_PEOPLE[to](t) for to in rule.to])


def only_for(t: Translator, rule: Rule) -> str:
    """On which condition; empty where there is none."""
    said = [CONDITIONS[condition](t) if condition in CONDITIONS else "" for condition in rule.when]
    return t.list([each for each in said if each], "all") if any(said) else ""


def when(t: Translator, rule: Rule) -> str:
    """When it is said."""
    if rule.anchor is Anchor.OPENED:
        return t.pgettext("rule.moment", "as soon as it is known")
    if rule.anchor is Anchor.APPROVED:
        return t.pgettext("rule.moment", "as soon as the plan is approved")
    lead = length(rule.lead)
    moment = _exactly(t, rule.anchor) if not lead else _before(t, rule.anchor, t.ahead(lead))
    if not rule.keeps_office_hours:
        return moment
    return t.pgettext("rule.moment", "{moment}, in office hours", moment=moment)


def length(lead: Lead) -> timedelta:
    """A lead as it is read; a day has 24 hours here."""
    return timedelta(days=lead.days, hours=lead.hours, minutes=lead.minutes)


def _exactly(t: Translator, anchor: Anchor) -> str:
    match anchor:
        case Anchor.END:
            return t.pgettext("rule.moment", "at the end")
        case Anchor.SETTING_OFF:
            return t.pgettext("rule.moment", "when setting off")
        case Anchor.LEAVING:
            return t.pgettext("rule.moment", "when the party leaves")
        case Anchor.AT_PORT:
            return t.pgettext("rule.moment", "at the airport or station")
        case Anchor.MORNING:
            return t.pgettext("rule.moment", "that morning at {clock}", clock=words.time_of_day(t, MORNING))
        case Anchor.EVENING_BEFORE:
            return t.pgettext("rule.moment", "the evening before at {clock}", clock=words.time_of_day(t, EVENING))
        case _:
            return t.pgettext("rule.moment", "at the beginning")


def _before(t: Translator, anchor: Anchor, lead: str) -> str:
    match anchor:
        case Anchor.END:
            return t.pgettext("rule.moment", "{lead} before the end", lead=lead)
        case Anchor.SETTING_OFF:
            return t.pgettext("rule.moment", "{lead} before setting off", lead=lead)
        case Anchor.LEAVING:
            return t.pgettext("rule.moment", "{lead} before the party leaves", lead=lead)
        case Anchor.AT_PORT:
            return t.pgettext("rule.moment", "{lead} before being at the airport or station", lead=lead)
        case Anchor.MORNING:
            return t.pgettext(
                "rule.moment", "{lead} before {clock} that day", lead=lead, clock=words.time_of_day(t, MORNING)
            )
        case Anchor.EVENING_BEFORE:
            clock = words.time_of_day(t, EVENING)
            return t.pgettext("rule.moment", "{lead} before {clock} of the evening before", lead=lead, clock=clock)
        case _:
            return t.pgettext("rule.moment", "{lead} before the beginning", lead=lead)
