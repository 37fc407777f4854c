"""The one sentence for each refusal and each problem of a field."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import (
    AlreadyAnswered,
    AlreadyHanded,
    AlreadySent,
    BackgroundOpen,
    BeingSent,
    FormErrors,
    HasBegun,
    HeldMeanwhile,
    LetterTooEarly,
    NoSecretKey,
    NotAllowed,
    NotSent,
    OutOfDate,
    Overtaken,
    Problem,
    Refusal,
    ResourceTaken,
    SentForConsent,
    SomebodyElseDrives,
    UnknownVisit,
    VisitIsOver,
    WhoMay,
)
from bot.i18n import Translator


def sentence(t: Translator, refusal: Refusal, venue: ZoneInfo, now: datetime) -> str:
    """What the person is told, in plain text."""
    match refusal:
        case NotAllowed():
            return _not_allowed(t, refusal.who_may)
        case UnknownVisit():
            return t.gettext("There is no visit {reference}. /visit list shows them all.", reference=refusal.reference)
        case VisitIsOver():
            return t.gettext("{reference} was canceled and can no longer be changed.", reference=refusal.reference)
        case AlreadyAnswered():
            moment = t.moment(refusal.at, venue, now=now)
            return t.gettext("{name} already answered this: {moment}.", name=refusal.by, moment=moment)
        case SomebodyElseDrives():
            return t.gettext("{name} drives by now. There is nothing left for you to do.", name=refusal.name)
        case HasBegun():
            return _has_begun(t, refusal)
        case AlreadyHanded():
            return t.gettext("{name} has this plan already. You can still decide yourself.", name=refusal.to)
        case AlreadySent():
            moment = t.moment(refusal.at, venue, now=now)
            return t.gettext(
                "You have this already: it has been in your messages with Visita since {moment}.", moment=moment
            )
        case BeingSent():
            return t.gettext("This is on its way to your messages with Visita.")
        case NotSent():
            return t.gettext("Slack did not take the file. Please press the button once more in a minute.")
        case ResourceTaken():
            return _taken(t, refusal, venue, now)
        case HeldMeanwhile():
            return t.gettext("Somebody else has just taken this car, driver or room. Please choose again.")
        case FormErrors():
            field, found = next(iter(refusal.problems.items()))
            return problem(t, found, refusal.details.get(field, ""))
        case NoSecretKey():
            return t.gettext(
                "Passport data can't be kept or read here: the secret key of this installation is missing or has "
                "changed. Please ask whoever runs Visita in your house to set it (visita key makes one)."
            )
        case LetterTooEarly():
            return t.gettext(
                "Name and passport number are not confirmed yet: {names}. The letter is issued after that.",
                names=t.list(list(refusal.guests)),
            )
        case SentForConsent():
            return t.gettext(
                "This was approved, so consent was asked for: {names}. Nothing changes until then, and you will "
                "be told.",
                names=t.list(list(refusal.names)),
            )
        case Overtaken():
            return t.gettext("The visit has changed since this was asked for, so it can no longer be made.")
        case BackgroundOpen():
            return t.gettext(
                "The background check of this new client is still open. Choose its outcome under Client, then send "
                "the plan."
            )
        case OutOfDate():
            return t.gettext("This button is out of date: something changed since. Please see the newest message.")
        case _:
            return t.gettext("That is not possible.")


def _has_begun(t: Translator, refusal: HasBegun) -> str:
    """Whom to call instead."""
    name, phone = refusal.name, refusal.phone
    if name and phone:
        return t.gettext("It is too late to take this back here. Please call {name}: {phone}.", name=name, phone=phone)
    if name:
        return t.gettext("It is too late to take this back here. Please call {name}.", name=name)
    return t.gettext("It is too late to take this back here.")


def _taken(t: Translator, refusal: ResourceTaken, venue: ZoneInfo, now: datetime) -> str:
    """Who has it until when, and what can be had instead."""
    span = t.span(refusal.start, refusal.end, venue, now=now)
    if refusal.free:
        return t.gettext(
            "{resource} is already taken for {reference}: {span}. Free then: {free}.",
            resource=refusal.resource,
            reference=refusal.reference,
            span=span,
            free=t.list(list(refusal.free)),
        )
    return t.gettext(
        "{resource} is already taken for {reference}: {span}.",
        resource=refusal.resource,
        reference=refusal.reference,
        span=span,
    )


def problem(t: Translator, found: Problem, detail: str = "") -> str:
    """What stands next to a field."""
    match found:
        case Problem.MISSING:
            return t.gettext("Please fill this in.")
        case Problem.TOO_LONG:
            return t.gettext("This is too long.")
        case Problem.GUEST_MISSING:
            return t.gettext("Enter the name of at least one guest.")
        case Problem.NOT_A_NUMBER:
            return t.gettext("Enter a number.")
        case Problem.PARTY_SIZE:
            return t.gettext("Enter how many guests come, as a number from 1 to 500.")
        case Problem.DEPARTURE_BEFORE_ARRIVAL:
            return t.gettext("Departure must be after arrival.")
        case Problem.IN_THE_PAST:
            return t.gettext("Choose a date from today onward.")
        case Problem.TOO_FAR:
            return t.gettext("A visit lasts at most 30 days and begins within two years.")
        case Problem.TIME_DOES_NOT_EXIST:
            return t.gettext("The clocks change that day and skip this time. Choose another.")
        case Problem.PHONE:
            return t.gettext(
                "Enter the phone number with its country code, for example {example}.", example="+86 138 0013 8000"
            )
        case Problem.FLIGHT_NUMBER:
            return t.gettext("Flight number not recognized. Example: {example}.", example="MU5102")
        case Problem.TRAIN_NUMBER:
            return t.gettext("Train number not recognized. Example: {example}.", example="G1234")
        case Problem.DATE_MISSING:
            return t.gettext("Choose a date.")
        case Problem.NOT_A_PERSON:
            return t.gettext("Choose people who are active in this workspace, not apps.")
        case Problem.OUTSIDE_STAY | Problem.END_BEFORE_START | Problem.SAME_DAY | Problem.REASON_WANTED:
            return _in_plan(t, found)
        case _:
            return _further_problem(t, found, detail)


def _further_problem(t: Translator, found: Problem, detail: str) -> str:
    match found:
        case Problem.TRAVEL_TIME:
            return t.gettext("Enter the minutes as a number from 0 to 600, or nothing.")
        case Problem.SEATS:
            return t.ngettext(
                "This car has {seats} seat for guests: too few for this party.",
                "This car has {seats} seats for guests: too few for this party.",
                _number(detail),
                seats=detail,
            )
        case Problem.HOST_ALREADY:
            return t.gettext("This person is the lead host already.")
        case Problem.AWAY_TOO:
            return t.gettext("This person is away as well. Choose somebody else.")
        case Problem.BACK_TOO_EARLY:
            return t.gettext("Choose a date from tomorrow onward.")
        case Problem.AWAY_TOO_LONG:
            return t.gettext("Choose a date within a year.")
        case Problem.ROOM_SEATS:
            return t.ngettext(
                "This room has {seats} seat: too few for this party.",
                "This room has {seats} seats: too few for this party.",
                _number(detail),
                seats=detail,
            )
        case Problem.DELAY:
            return t.gettext("Enter the minutes as a whole number, for example {example}.", example="90")
        case Problem.FEWER_THAN_NAMED:
            return t.ngettext(
                "{count} guest is on the list. Take off who does not come.",
                "{count} guests are on the list. Take off those who do not come.",
                _number(detail),
                count=detail,
            )
        case Problem.PASSPORT_NUMBER:
            return t.gettext("Enter the number as in the passport: 5 to 15 letters and digits.")
        case Problem.NOBODY_READ:
            return t.gettext("No names found. Put each guest on a line of their own, the name first.")
        case Problem.CHANNEL_CLOSED:
            return t.gettext("I can't post there. Invite me to the channel first.")
        case Problem.ZONE:
            return t.gettext("This time zone is not known. Example: {example}.", example="Asia/Shanghai")
        case _:
            return _of_settings(t, found)


def _number(detail: str) -> int:
    """How many a sentence is about; many where it does not say."""
    return int(detail) if detail.isdecimal() else 2


def _of_settings(t: Translator, found: Problem) -> str:
    """What stands next to a field of the settings."""
    match found:
        case Problem.CLOSES_BEFORE_OPENING:
            return t.gettext("The office closes after it opens.")
        case Problem.MINUTES:
            return t.gettext("Enter the minutes as a number from 0 to 600.")
        case Problem.LEAD:
            return t.gettext("A lead time looks like 2d, 4h or 1h 20min, and is at most 60 days.")
        case Problem.HOLDS_IT_ALREADY:
            return t.gettext("Somebody here already holds this role. The deputy must be somebody else.")
        case Problem.RANK:
            return t.gettext("Enter a number from 1 to 100.")
        case Problem.RANK_TAKEN:
            return t.gettext("Another rank has this number.")
        case Problem.CAPACITY:
            return t.gettext("Enter the number of seats, from 1 to 2000.")
        case _:
            return t.gettext("That is not possible.")


def _in_plan(t: Translator, found: Problem) -> str:
    """What is wrong with a stop or with the level."""
    match found:
        case Problem.OUTSIDE_STAY:
            return t.gettext("The guests are not here then.")
        case Problem.END_BEFORE_START:
            return t.gettext("The end must be after the start.")
        case Problem.SAME_DAY:
            return t.gettext("Choose another day.")
        case _:
            return t.gettext("This differs from what is proposed: please say why.")


def unexpected(t: Translator, incident: str) -> str:
    """For what we did not foresee; the log has the same id."""
    return t.gettext(
        "Something went wrong and nothing was saved. Please try again; if it fails again, give your administrator "
        "this number: {incident}",
        incident=incident,
    )


def not_shown(t: Translator, incident: str) -> str:
    """For what we did not foresee after something was saved, or where there was nothing to save."""
    return t.gettext(
        "This could not be shown; what you saved is kept. Please open it again; if it fails again, give your "
        "administrator this number: {incident}",
        incident=incident,
    )


def _not_allowed(t: Translator, who_may: WhoMay) -> str:
    match who_may:
        case WhoMay.HOST:
            return t.gettext("Only the lead host and administration can do this.")
        case WhoMay.HOST_ALONE:
            return t.gettext("This visit is confidential: only its lead host can do this.")
        case WhoMay.ADMINISTRATION:
            return t.gettext("Only administration can do this.")
        case WhoMay.EXECUTIVE_OFFICE:
            return t.gettext("Only the executive office can do this.")
        case WhoMay.DEPUTY:
            return t.gettext("Only the person's deputy, administration and administrators can take over everything.")
        case WhoMay.ADDRESSEE:
            return t.gettext("Only the person who was asked can answer this.")
        case WhoMay.OWNER:
            return t.gettext("Only those who were asked, or their deputies, can answer this.")
        case WhoMay.PASSPORTS:
            return t.gettext("Only the lead host and those named for passport data can see it.")
        case WhoMay.WORKSPACE_ADMIN:
            return t.gettext("Only administrators of this Slack workspace and those they name can do this.")
        case WhoMay.APPROVER:
            return t.gettext("Only the person who was asked for approval can decide this.")
        case WhoMay.PARTICIPANT:
            return t.gettext("Only those who take part in this visit can do this.")
