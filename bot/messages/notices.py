"""From a notice to its message: one builder for each kind, as it should read at this moment."""

from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from bot.errors import OutOfDate
from bot.i18n import Mrkdwn, channel_link, escape, join
from bot.messages import (
    blocks,
    bookings,
    called_off,
    cards,
    changes,
    confidential,
    consents,
    double_check,
    drivers,
    driving,
    duties,
    handovers,
    leaving,
    ledger,
    plans,
    reminders,
    requests,
    short_notice,
    silences,
    threads,
    words,
)
from bot.messages.blocks import Block, Message
from bot.messages.reading import Reading
from bot.models.bookings import Booking
from bot.models.notices import Notice, NoticeKind, Record
from bot.models.visits import Stop
from bot.procedure.consents import News
from bot.procedure.deputies import FOR
from bot.procedure.open_points import OpenPoint
from bot.procedure.sayings import Say

Found = TypeVar("Found")
_MISSED_SHOWN = 60
"""Slack takes about so many lines in one message."""


def render(
    reading: Reading,
    notice: Notice,
    *,
    record: Record | None = None,
    merged: Sequence[Notice] = (),
    points: Sequence[OpenPoint] = (),
    is_outdated: bool = False,
    relieved: Container[str] = (),
) -> Message:
    """The message of a notice now. `is_outdated`: it was sent, and what it told no longer holds. `merged`: the notices
    that it tells as well. `points`: what is open in the visit, for those that tell it. `relieved`: the ids of those
    whose reader does not stand in for the other any more.

    Raises OutOfDate where what the notice is about is gone.
    """
    visit = reading.picture.visit
    if visit.is_confidential and reading.reader is None:
        return confidential.in_channel(reading)

    reading = replace(reading, in_place_of=notice.payload.get(FOR))

    def build(before: Reading) -> Message:
        if notice.id in relieved and not is_outdated:
            return silences.as_relieved(before, notice, _build(before, notice, record, (), points, is_outdated=False))
        message = _build(before, notice, record, merged, points, is_outdated=is_outdated, relieved=relieved)
        if merged and all(part.id in relieved for part in merged):
            return message
        return _in_place(before, notice, silences.once_more(before, notice, message, merged), merged)

    message = build(reading)
    return confidential.on_lock_screen(reading, message, build) if visit.is_confidential else message


def _in_place(reading: Reading, notice: Notice, message: Message, merged: Sequence[Notice]) -> Message:
    """Where it goes to somebody's deputy, it says so."""
    if FOR in notice.payload:
        return silences.in_place_of(reading, notice, message, merged)
    absent = list(reading.picture.left_to(notice.person_id)) if notice.person_id is not None else []
    return silences.unreachable(reading, absent, message) if absent else message


def _build(
    reading: Reading,
    notice: Notice,
    record: Record | None,
    merged: Sequence[Notice],
    points: Sequence[OpenPoint],
    *,
    is_outdated: bool,
    relieved: Container[str] = (),
) -> Message:
    picture = reading.picture
    match NoticeKind(notice.kind):
        case NoticeKind.REMINDER:
            return reminders.reminder(reading, notice, _there(picture.stop(notice.stop_id)), is_outdated=is_outdated)
        case NoticeKind.DUTY:
            _there(next((say for say in Say if say == notice.payload["say"]), None))  # an earlier release said more
            message = duties.duty(reading, notice, _there(picture.stop(notice.stop_id)), is_outdated=is_outdated)
            is_list = notice.payload["say"] == Say.DOUBLE_CHECK and not is_outdated
            return double_check.double_check(reading, message, points) if is_list else message
        case NoticeKind.NUDGE:
            return double_check.nudge(reading, notice.payload.get(FOR, notice.person_id) or 0, points)
        case NoticeKind.SHORT_NOTICE:
            built = [(part, _build(reading, part, None, (), points, is_outdated=False)) for part in merged]
            return short_notice.short_notice(
                reading, notice, [(part, silences.as_part(reading, part, told, relieved)) for part, told in built]
            )
        case NoticeKind.VEHICLE_REQUEST:
            return requests.vehicle_request(reading, notice, *_request(reading, notice))
        case NoticeKind.DRIVER_REQUEST:
            return requests.driver_request(reading, notice, *_request(reading, notice))
        case NoticeKind.LEADER_REQUEST:
            return requests.leader_request(reading, notice, *_request(reading, notice))
        case NoticeKind.REQUEST | NoticeKind.REQUEST_ANSWER | NoticeKind.COUNTER:
            return _of_request(reading, notice)
        case NoticeKind.DRIVER_UNNAMED:
            return drivers.unnamed(reading, notice, _there(picture.stop(notice.stop_id)))
        case NoticeKind.LEFT:
            return leaving.left(reading, notice)
        case NoticeKind.VEHICLE_ANSWER | NoticeKind.LEADER_ANSWER:
            return requests.answer(reading, notice, _there(picture.booking(notice.booking_id)))
        case NoticeKind.DECLARATION:
            wanted = notice.payload["declaration"]
            declared = _there(next((d for d in picture.declarations if d.id == wanted), None))
            stop = _there(picture.stop(declared.stop_id))
            if declared.kind in reminders.DECLARED:
                return reminders.declaration(reading, declared, stop)
            return driving.news(reading, declared, stop)
        case NoticeKind.REMARK:
            noted = _there(next((r for r in picture.remarks if r.id == notice.payload["remark"]), None))
            return driving.remark(reading, noted)
        case NoticeKind.CHANGE:
            return changes.change(reading, notice)
        case (
            NoticeKind.PLAN_REQUEST | NoticeKind.PLAN_NEWS | NoticeKind.CHANGE_REQUEST | NoticeKind.CHANGE_NEWS
        ) as kind:
            return _of_consent(reading, notice, kind)
        case NoticeKind.UNDELIVERED:
            return undelivered(reading, notice)
        case NoticeKind.CALLED_OFF:
            return called_off.message(reading)
        case NoticeKind.HANDOVER | NoticeKind.SILENCE:
            build = handovers.handover if notice.kind == NoticeKind.HANDOVER else silences.silence
            return build(reading, notice)
        case NoticeKind.CARD:
            return cards.card(reading)
        case NoticeKind.THREAD:
            return threads.entry(reading, _there(record))
        case NoticeKind.RUN_SHEET | NoticeKind.BOARD:
            raise OutOfDate  # these are about no single visit: `bot.services.today` writes them


def _of_consent(reading: Reading, notice: Notice, kind: NoticeKind) -> Message:
    """Plans and changes before whoever decides, and what those who wait hear."""
    picture, about = reading.picture, notice.payload
    if kind == NoticeKind.PLAN_REQUEST:
        return plans.request(reading, notice, _there(picture.plan(about["plan"])))
    if kind == NoticeKind.CHANGE_REQUEST:
        return consents.request(reading, notice, _there(picture.change_request(about["request"])))
    if kind == NoticeKind.CHANGE_NEWS:
        return consents.news(reading, notice, _there(picture.change_request(about["request"])))
    if about["news"] == News.CANCELED:
        return changes.canceled(reading)
    return plans.news(reading, notice, _there(picture.plan(about["plan"])))


def undelivered(reading: Reading, notice: Notice) -> Message:
    """To whoever can find another way: who could not be told, or not in time, and what it was about."""
    t, missed = reading.t, notice.payload["missed"]
    people = [entry for entry in missed if entry["person"]]
    first = reading.name(people[0]["person"]) if people else ""
    if not people:
        title = t.pgettext("undelivered.header", "Couldn't post in the reception channel")
    elif len(missed) == 1 and people[0]["late"]:
        title = t.pgettext(
            "undelivered.header", "{name} did not get a message in time", name=reading.name(people[0]["person"])
        )
    elif len(missed) == 1:
        title = t.pgettext("undelivered.header", "Couldn't reach {name}", name=first)
    else:
        title = t.npgettext(
            "undelivered.header",
            "{count} message did not arrive",
            "{count} messages did not arrive",
            len(missed),
            count=len(missed),
        )
    content = (blocks.header(title), *_all_missed(reading, missed))
    if all(entry.get("day") for entry in missed):
        return Message(title, content)
    guests = (t.gettext("Guests"), escape(words.guests(t, reading.picture.visit)))
    alone = t.gettext("{title}. {guests}", title=title, guests=words.guests(t, reading.picture.visit))
    plea = [blocks.section(t.rich.gettext("Please reach them another way."))] if people else []
    return Message(alone, (*content, *blocks.fields([guests]), *plea))


def _all_missed(reading: Reading, missed: Sequence[dict[str, Any]]) -> list[Block]:
    """A line each, in as many sections as that takes."""
    sections: list[list[Mrkdwn]] = []
    for line in (_missed(reading, entry) for entry in missed[:_MISSED_SHOWN]):
        if not sections or sum(len(each.text) + 1 for each in (*sections[-1], line)) > blocks.SECTION_LIMIT:
            sections.append([])
        sections[-1].append(line)
    shown, hidden = [blocks.section(join("\n", lines)) for lines in sections], len(missed) - _MISSED_SHOWN
    if hidden > 0:
        more = reading.t.rich.npgettext("open", "and {count} more", "and {count} more", hidden, count=hidden)
        shown.append(blocks.context(more))
    return shown


def _missed(reading: Reading, entry: dict[str, Any]) -> Mrkdwn:
    t, stop = reading.t.rich, reading.picture.stop(entry["stop"])
    if not entry["person"]:
        return _not_posted(reading, entry)
    who, what = words.person(reading.t, reading.person(entry["person"])), _what(reading, entry)
    if stop is None:
        return t.pgettext("undelivered", ':red_circle: {person}: "{what}" did not arrive', person=who, what=what)
    item, moment = words.stop_inline(reading.t, stop), reading.moment(stop.starts_at)
    if entry["late"]:
        return t.pgettext(
            "undelivered",
            ':red_circle: {person}: "{what}" did not arrive in time; {item}, {moment}',
            person=who,
            what=what,
            item=item,
            moment=moment,
        )
    return t.pgettext(
        "undelivered",
        ':red_circle: {person}: "{what}" did not arrive; {item}, {moment}',
        person=who,
        what=what,
        item=item,
        moment=moment,
    )


def _what(reading: Reading, entry: dict[str, Any]) -> str:
    """What they were to be told, in a few words; reports of earlier releases do not say."""
    kind = NoticeKind(entry.get("kind", NoticeKind.REMINDER))
    if entry.get("canceled"):
        return reading.t.pgettext("undelivered", "Cancellation of the visit")
    return ledger.title(reading, kind, entry)


def _not_posted(reading: Reading, entry: dict[str, Any]) -> Mrkdwn:
    """The card of the visit, or the board of a day, that its channel does not take."""
    t, channel = reading.t.rich, channel_link(entry["channel"])
    if not entry["closed"]:
        what = _what(reading, entry)
        return t.pgettext("undelivered", ':red_circle: {person}: "{what}" did not arrive', person=channel, what=what)
    if entry["day"]:
        return t.pgettext(
            "undelivered",
            ":red_circle: {channel}: the board of the day can't be posted. Please choose another channel in "
            "/visit settings.",
            channel=channel,
        )
    return t.pgettext(
        "undelivered",
        ":red_circle: {channel}: the visit's card can't be posted. Please choose another channel in /visit settings.",
        channel=channel,
    )


def _of_request(reading: Reading, notice: Notice) -> Message:
    """What section C asks for, and what is said to it."""
    booking = _there(reading.picture.booking(notice.booking_id))
    match NoticeKind(notice.kind):
        case NoticeKind.REQUEST_ANSWER:
            return bookings.answer(reading, notice, booking)
        case NoticeKind.COUNTER:
            return bookings.counter(reading, notice, booking)
        case _:
            return bookings.request(reading, notice, booking, _there(reading.picture.stop(notice.stop_id)))


def _request(reading: Reading, notice: Notice) -> tuple[Booking, Stop]:
    return _there(reading.picture.booking(notice.booking_id)), _there(reading.picture.stop(notice.stop_id))


def _there(found: Found | None) -> Found:
    if found is None:
        raise OutOfDate
    return found
