"""Who did what, in a sentence: in the thread under a visit's card, and in its history."""

from datetime import datetime

from bot.i18n import Mrkdwn
from bot.messages import blocks, bookings, duties, words
from bot.messages.blocks import Message
from bot.messages.reading import Reading
from bot.models.notices import AFTER_ALL, TAKEN_BACK, DeclarationKind, Record, RecordKind
from bot.procedure.sayings import Say


def entry(reading: Reading, record: Record) -> Message:
    """One line of the record, for everybody in the channel."""
    done = sentence(reading, record)
    return Message(_plain(reading, record), (blocks.section(done),))


def _plain(reading: Reading, record: Record) -> str:
    """For the notification: the visit and who acted; what was done stands in the message."""
    visit = reading.picture.visit
    return reading.t.gettext(
        "{reference} {company}: news from {name}",
        reference=visit.reference,
        company=visit.company,
        name=reading.name(record.person_id),
    )


def sentence(reading: Reading, record: Record) -> Mrkdwn:
    """What an entry of the record says."""
    t, name, details = reading.t.rich, reading.name(record.person_id), record.details
    match RecordKind(record.kind):
        case RecordKind.OPENED:
            return t.pgettext("record", "{name} opened the visit.", name=name)
        case RecordKind.CHANGED:
            return _change(reading, record)
        case RecordKind.CANCELED:
            return t.pgettext(
                "record", "{name} canceled the visit: {reason}", name=name, reason=words.reason(details["reason"])
            )
        case RecordKind.VEHICLE_ASSIGNED:
            driver = reading.name(details["driver"])
            car = reading.picture.vehicles.get(details["vehicle"])
            if car is None:
                return t.pgettext("record", "{name} asked {driver} to drive.", name=name, driver=driver)
            return t.pgettext(
                "record",
                "{name} assigned {vehicle} and asked {driver} to drive.",
                name=name,
                vehicle=car.name,
                driver=driver,
            )
        case RecordKind.NUDGED:
            names = reading.t.list([reading.name(person) for person in details["people"]])
            return t.pgettext("record", "{name} reminded {names} of what is still open.", name=name, names=names)
        case RecordKind.VEHICLE_CONFIRMED:
            return t.pgettext("record", "{name} confirmed the drive.", name=name)
        case kind if details.get(TAKEN_BACK) and kind in _TAKEN_BACK_FIRST:
            return _taken_back(reading, record)
        case RecordKind.VEHICLE_DECLINED:
            return t.pgettext(
                "record",
                "{name} declined the vehicle request: {reason}",
                name=name,
                reason=words.reason(details["reason"]),
            )
        case RecordKind.DRIVER_DECLINED:
            return t.pgettext(
                "record", "{name} can't drive: {reason}", name=name, reason=words.reason(details["reason"])
            )
        case RecordKind.LEADER_CONFIRMED:
            leader = reading.name(details["leader"])
            return t.pgettext("record", "{name} confirmed that {leader} will take part.", name=name, leader=leader)
        case RecordKind.LEADER_DECLINED:
            leader, reason = reading.name(details["leader"]), words.reason(details["reason"])
            return t.pgettext(
                "record", "{name} declined for {leader}: {reason}", name=name, leader=leader, reason=reason
            )
        case RecordKind.DECLARED:
            return _declared(reading, record)
        case RecordKind.REQUESTS_ASKED_AGAIN:
            return _asked_again(reading, record)
        case RecordKind.REQUESTS_RELEASED:
            return _released(reading, record)
        case RecordKind.DRIVER_UNNAMED:
            return _unnamed(reading, record)
        case RecordKind.LEFT:
            return t.pgettext("record", "{name} is no longer in this workspace.", name=name)
        case kind if kind in _OF_REQUESTS:
            return _request(reading, record)
        case _:
            return _noted(reading, record)


_OF_REQUESTS = (
    RecordKind.REQUEST_CONFIRMED,
    RecordKind.REQUEST_DECLINED,
    RecordKind.REQUEST_COUNTERED,
    RecordKind.COUNTER_ACCEPTED,
    RecordKind.COUNTER_REJECTED,
    RecordKind.REQUEST_REASSIGNED,
)
_TAKEN_BACK_FIRST = (RecordKind.VEHICLE_DECLINED, RecordKind.DRIVER_DECLINED, RecordKind.LEADER_DECLINED)


def _taken_back(reading: Reading, record: Record) -> Mrkdwn:
    """A no of somebody who had said yes before, to a drive or of a leader."""
    t, name = reading.t.rich, reading.name(record.person_id)
    match RecordKind(record.kind):
        case RecordKind.DRIVER_DECLINED:
            return t.pgettext("record", "{name} confirmed the drive before and can't drive after all.", name=name)
        case RecordKind.VEHICLE_DECLINED:
            return t.pgettext("record", "{name} took back the car.", name=name)
        case _:
            leader = reading.name(record.details["leader"])
            return t.pgettext("record", "{name} took back that {leader} will take part.", name=name, leader=leader)


def _request(reading: Reading, record: Record) -> Mrkdwn:
    """What was answered to a request, or done about the answer."""
    t, name, details = reading.t.rich, reading.name(record.person_id), record.details
    booking = reading.picture.booking(details.get("booking"))
    what = bookings.name(reading, booking) if booking else reading.t.pgettext("request", "a request of this visit")
    match RecordKind(record.kind):
        case RecordKind.REQUEST_CONFIRMED:
            return t.pgettext("record", ":white_check_mark: {name} confirmed: {what}", name=name, what=what)
        case RecordKind.REQUEST_DECLINED if details.get(TAKEN_BACK):
            reason = words.reason(details["reason"])
            if not reason:
                return t.pgettext("record", "{name} took back the confirmation: {what}", name=name, what=what)
            return t.pgettext(
                "record", "{name} took back the confirmation: {what}: {reason}", name=name, what=what, reason=reason
            )
        case RecordKind.REQUEST_DECLINED:
            reason = words.reason(details["reason"])
            return t.pgettext("record", "{name} declined: {what}: {reason}", name=name, what=what, reason=reason)
        case RecordKind.REQUEST_COUNTERED:
            return t.pgettext("record", "{name} suggested a change: {what}", name=name, what=what)
        case RecordKind.COUNTER_ACCEPTED:
            return t.pgettext("record", "{name} accepted the suggestion: {what}", name=name, what=what)
        case RecordKind.COUNTER_REJECTED:
            reason = words.reason(details["reason"])
            return t.pgettext(
                "record", "{name} did not accept the suggestion: {what}: {reason}", name=name, what=what, reason=reason
            )
        case _:
            owner = reading.name(details["owner"])
            return t.pgettext("record", "{name} asked {owner} instead: {what}", name=name, owner=owner, what=what)


def _noted(reading: Reading, record: Record) -> Mrkdwn:
    """What was done or noted about the visit."""
    t, name, details = reading.t.rich, reading.name(record.person_id), record.details
    match RecordKind(record.kind):
        case RecordKind.DONE:
            duty = duties.TITLES[Say(details["say"])](reading.t)
            return t.pgettext("record", ":white_check_mark: {name} has done: {duty}", name=name, duty=duty)
        case RecordKind.LEVEL_CHOSEN:
            return t.pgettext("record", "{name} set the level to {level}.", name=name, level=details["level"])
        case RecordKind.BACKGROUND_CHECKED:
            return t.pgettext("record", "{name} noted the background check.", name=name)
        case RecordKind.PARTY_CHANGED:
            return t.pgettext("record", "{name} changed the list of guests.", name=name)
        case RecordKind.CLIENT_CHANGED:
            return t.pgettext("record", "{name} changed the client's profile.", name=name)
        case RecordKind.PASSPORT_KEPT:
            return t.pgettext("record", "{name} noted passport data, which is kept sealed.", name=name)
        case RecordKind.PAPERS_CHANGED:
            return t.pgettext("record", "{name} changed the list of papers.", name=name)
        case RecordKind.LETTER_ISSUED:
            return t.pgettext("record", ":white_check_mark: {name} issued the invitation letter.", name=name)
        case RecordKind.ITINERARY_SENT | RecordKind.GUESTS_AGREED | RecordKind.CALLED_OFF as kind:
            return _of_guests(reading, name, kind)
        case RecordKind.PLAN_SENT:
            return t.pgettext("record", "{name} sent the plan for approval.", name=name)
        case RecordKind.PLAN_APPROVED:
            return t.pgettext("record", ":white_check_mark: {name} approved the plan.", name=name)
        case RecordKind.PLAN_RETURNED:
            return t.pgettext("record", "{name} returned the plan for changes.", name=name)
        case RecordKind.PLAN_TAKEN_BACK:
            return t.pgettext("record", "{name} changed the visit: the plan that was sent is taken back.", name=name)
        case RecordKind.CHANGE_ASKED:
            return t.pgettext("record", "{name} asked to change what was approved.", name=name)
        case RecordKind.CHANGE_MADE:
            return t.pgettext("record", "{name} changed what was approved, because it was urgent.", name=name)
        case RecordKind.CHANGE_GRANTED:
            return t.pgettext("record", ":white_check_mark: {name} allowed the change.", name=name)
        case RecordKind.CHANGE_REFUSED:
            return t.pgettext("record", "{name} refused the change.", name=name)
        case RecordKind.CHANGE_TAKEN_BACK:
            return t.pgettext("record", "{name} took back what was asked to be changed.", name=name)
        case RecordKind.CHANGE_OVERTAKEN:
            return t.pgettext("record", "{name} allowed the change, but it could no longer be made.", name=name)
        case RecordKind.CHANGE_SEEN:
            return t.pgettext("record", "{name} took note of the urgent change.", name=name)
        case RecordKind.PLAN_HANDED:
            return t.pgettext("record", "{name} handed the decision on the plan to somebody else.", name=name)
        case RecordKind.HANDED_OVER:
            return _handed_over(reading, record)
        case RecordKind.DELAYED:
            return t.pgettext(
                "record",
                "{name} noted a delay: {item}, {moment}",
                name=name,
                item=details["item"],
                moment=reading.moment(datetime.fromisoformat(details["moment"])),
            )
        case _:
            return t.pgettext("record", "{name} noted: {text}", name=name, text=details["text"])


def _of_guests(reading: Reading, name: str, what: RecordKind) -> Mrkdwn:
    """What was made for the guests, and what they said."""
    t = reading.t.rich
    match what:
        case RecordKind.ITINERARY_SENT:
            return t.pgettext("record", "{name} made the itinerary for the guests.", name=name)
        case RecordKind.CALLED_OFF:
            return t.pgettext("record", "{name} made the cancellation for the guests.", name=name)
        case _:
            return t.pgettext(
                "record", ":white_check_mark: The guests agreed with the itinerary, noted by {name}.", name=name
            )


def _asked_again(reading: Reading, record: Record) -> Mrkdwn:
    """Which answers did not hold any more."""
    if record.details.get("left"):
        return reading.t.rich.pgettext(
            "record",
            "{name} has left, so these answers no longer hold and are asked for again: {what}",
            name=reading.name(record.person_id),
            what=bookings.names(reading, record.details["bookings"]),
        )
    return reading.t.rich.pgettext(
        "record",
        "After a change by {name} these answers no longer hold and are asked for again: {what}",
        name=reading.name(record.person_id),
        what=bookings.names(reading, record.details["bookings"]),
    )


def _released(reading: Reading, record: Record) -> Mrkdwn:
    """What is not asked for any more, though nobody changed the visit."""
    t = reading.t.rich
    what = bookings.names(reading, record.details["bookings"])
    return t.pgettext(
        "record", "Since rules or settings changed, these requests are not needed any more: {what}", what=what
    )


def _unnamed(reading: Reading, record: Record) -> Mrkdwn:
    t, stop = reading.t.rich, reading.picture.stop(record.details["stop"])
    return t.pgettext(
        "record",
        "{driver} drives for {reference} at that time and no longer drives here: {item}",
        driver=reading.name(record.details["driver"]),
        reference=record.details["reference"],
        item=words.stop_inline(reading.t, stop) if stop else "",
    )


def _handed_over(reading: Reading, record: Record) -> Mrkdwn:
    t, name = reading.t.rich, reading.name(record.person_id)
    old, new = (reading.name(person) for person in record.details["people"])
    if record.details["is_whole_visit"]:
        return t.pgettext("record", "{name} handed the visit over: {old} → {new}", name=name, old=old, new=new)
    return t.pgettext("record", "{name} handed parts of the visit over: {old} → {new}", name=name, old=old, new=new)


def _change(reading: Reading, record: Record) -> Mrkdwn:
    t, name = reading.t.rich, reading.name(record.person_id)
    stop = reading.picture.stop(record.details.get("stop"))
    if stop is None:
        return t.pgettext("record", "{name} changed the visit.", name=name)
    item = words.stop_inline(reading.t, stop)
    if record.details.get("added"):
        return t.pgettext("record", "{name} added: {item}", name=name, item=item)
    if record.details.get("removed"):
        return t.pgettext("record", "{name} removed: {item}", name=name, item=item)
    moment = reading.moment(stop.starts_at)
    return t.pgettext("record", "{name} changed: {item}, {moment}", name=name, item=item, moment=moment)


def _declared(reading: Reading, record: Record) -> Mrkdwn:
    t, name = reading.t.rich, reading.name(record.person_id)
    stop = reading.picture.stop(record.details["stop"])
    item = words.stop_inline(reading.t, stop) if stop else ""
    if record.details["what"] == DeclarationKind.ON_MY_WAY:
        return t.pgettext("record", "{name} is on the way: {item}", name=name, item=item)
    if record.details["what"] == DeclarationKind.ATTENDS and record.details.get(AFTER_ALL):
        return t.pgettext("record", "{name} will attend after all: {item}", name=name, item=item)
    if record.details["what"] == DeclarationKind.ATTENDS:
        return t.pgettext("record", "{name} will attend: {item}", name=name, item=item)
    if record.details["what"] == DeclarationKind.CANNOT_ATTEND and record.details.get(TAKEN_BACK):
        return t.pgettext("record", "{name} can't attend after all: {item}", name=name, item=item)
    if record.details["what"] == DeclarationKind.CANNOT_ATTEND:
        return t.pgettext("record", "{name} can't attend: {item}", name=name, item=item)
    return _driven(reading, DeclarationKind(record.details["what"]), name, item)


def _driven(reading: Reading, what: DeclarationKind, name: str, item: str) -> Mrkdwn:
    t = reading.t.rich
    match what:
        case DeclarationKind.IN_PLACE:
            return t.pgettext("record", "{name} is in place: {item}", name=name, item=item)
        case DeclarationKind.ABOARD:
            return t.pgettext("record", "{name}: the guests are aboard ({item})", name=name, item=item)
        case DeclarationKind.HERE:
            return t.pgettext("record", "{name}: the guests are at the gate", name=name)
        case DeclarationKind.LATE:
            return t.pgettext("record", "{name} will be late: {item}", name=name, item=item)
        case _:
            return t.pgettext("record", "{name} has arrived with the guests: {item}", name=name, item=item)
