"""Silence in words: what is asked once more, what a deputy is asked, and what administration and the lead host hear."""

from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.i18n import Mrkdwn, escape, join
from bot.messages import blocks, ledger, particulars, words
from bot.messages.blocks import Block, Message
from bot.messages.ids import Action
from bot.messages.payloads import Nothing, VisitRef
from bot.messages.reading import Reading
from bot.models.bookings import BookingState
from bot.models.notices import Notice
from bot.models.visits import Stop, StopKind
from bot.procedure.deputies import FOR
from bot.procedure.sayings import Say
from bot.procedure.silence import AWAY, CHASED, SILENT, answer_to
from bot.procedure.vocabulary import Answer

_DONE = (Answer.DONE, Answer.SEND_PLAN, Answer.ITINERARY)
"""What ends with something that is done; a press only says so."""


def once_more(reading: Reading, notice: Notice, message: Message, merged: Sequence[Notice]) -> Message:
    """The notice with since when its answer is missing, as long as it is; and a way out for whoever is away."""
    if not any(_is_missing(reading, part) for part in merged or (notice,)):
        return message
    message = since_when(reading, notice, message)
    if FOR in notice.payload:
        return message
    t = reading.t
    if all(_is_to_be_done(part) for part in merged or (notice,)):
        alone = t.pgettext("chase.alone", "Still to be done: {text}", text=message.text)
    else:
        alone = t.pgettext("chase.alone", "Please answer: {text}", text=message.text)
    away = blocks.button(t.pgettext("away.button", "I'm away"), Action.GO_AWAY, Nothing().pack())
    return Message(alone, (*message.blocks, blocks.actions(away)))


def since_when(reading: Reading, notice: Notice, message: Message) -> Message:
    """The same with the line that says since when its answer is missing, as long as it is."""
    if not _is_missing(reading, notice):
        return message
    moment = reading.moment(datetime.fromisoformat(str(notice.payload[CHASED])))
    t = reading.t.rich
    if _is_to_be_done(notice):
        text = t.pgettext("chase", ":hourglass_flowing_sand: Sent {moment}, not done yet.", moment=moment)
    else:
        text = t.pgettext("chase", ":hourglass_flowing_sand: Sent {moment}, not answered yet.", moment=moment)
    return below_header(message, text)


def _is_to_be_done(notice: Notice) -> bool:
    """Whether it asks for something to be done, rather than for an answer."""
    return notice.payload.get("answer") in _DONE


def as_part(reading: Reading, part: Notice, message: Message, relieved: Container[str]) -> Message:
    """A notice that is told with others: since when its answer is missing, or that it is the reader's no longer."""
    return as_relieved(reading, part, message) if part.id in relieved else since_when(reading, part, message)


def as_relieved(reading: Reading, notice: Notice, message: Message) -> Message:
    """What a deputy was asked in the place of somebody who is asked themselves again, or has named somebody else."""
    name, head = reading.name(notice.payload[FOR]), message.blocks[0]
    text = reading.t.rich.gettext("You no longer stand in for {name} here. There is nothing for you to do.", name=name)
    return Message(message.text, (head, blocks.section(text)))


def in_place_of(reading: Reading, notice: Notice, message: Message, merged: Sequence[Notice]) -> Message:
    """Says in whose place a deputy is told, and why: away, silent, or not to be reached."""
    t, name, parts = reading.t, reading.name(notice.payload[FOR]), merged or (notice,)
    away = next((str(part.payload[AWAY]) for part in parts if AWAY in part.payload), "")
    if away:
        until = datetime.fromisoformat(away).astimezone(reading.venue).date()
        day = t.day(until, today=reading.now.astimezone(reading.venue).date())
        alone = t.gettext("For {name}, away and back on {day}: {text}", name=name, day=day, text=message.text)
        line = t.rich.gettext(":bust_in_silhouette: For {name}, who is away and back on {day}.", name=name, day=day)
    elif any(_is_missing(reading, part) for part in parts):
        alone = t.gettext("For {name}, who hasn't answered: {text}", name=name, text=message.text)
        line = t.rich.gettext(
            ":bust_in_silhouette: For {name}, who hasn't answered. You may answer instead.", name=name
        )
    elif any(CHASED in part.payload for part in parts):
        return message
    else:
        return unreachable(reading, [notice.payload[FOR]], message)
    return Message(alone, below_header(message, line).blocks)


def unreachable(reading: Reading, absent: list[int], message: Message) -> Message:
    """Says that somebody is told in the place of others who cannot be reached."""
    t, name = reading.t, reading.t.list([reading.name(person) for person in absent])
    alone = t.gettext("For {name}, who can't be reached: {text}", name=name, text=message.text)
    line = t.rich.gettext(":bust_in_silhouette: For {name}, who can't be reached.", name=name)
    return Message(alone, below_header(message, line).blocks)


def _is_missing(reading: Reading, notice: Notice) -> bool:
    """Whether it says something once more, and still nobody has answered."""
    picture = reading.picture
    stop, booking = picture.stop(notice.stop_id), picture.booking(notice.booking_id)
    return CHASED in notice.payload and answer_to(picture, notice.payload, stop, booking) is None


def below_header(message: Message, line: Mrkdwn) -> Message:
    """A small line under the header."""
    head, *rest = message.blocks
    return Message(message.text, (head, blocks.context(line), *rest))


def silence(reading: Reading, notice: Notice) -> Message:
    """To administration and the lead host: who has not answered what, since when, and what to do."""
    t, told, picture = reading.t, notice.payload[SILENT], reading.picture
    about = Notice.model_validate(notice, update={"kind": told["kind"], "payload": told})
    what, guests = ledger.subject(reading, about), words.guests(t, picture.visit)
    questions = [{**told, **found} for found in told["unanswered"]]
    answers = [_answer(reading, notice, question) for question in questions]
    is_open = None in answers
    stop = picture.stop(notice.stop_id)
    label, when = _about(reading, told, stop)
    if when:
        what = t.pgettext("silence", "{what}, {moment}", what=what, moment=when)
    if is_open:
        title = t.pgettext("silence.header", "No answer: {what}", what=what)
    elif all(answer is not None and answer[0] is None for answer in answers):
        is_off = _is_off(reading, notice)
        title = (
            t.pgettext("silence.header", "No longer needed: {what}", what=what)
            if is_off
            else t.pgettext("silence.header", "Asked anew: {what}", what=what)
        )
    else:
        title = t.pgettext("silence.header", "Answered: {what}", what=what)
    lines = [_unanswered(reading, notice, question) for question in questions]
    content: list[Block] = [blocks.header(title), blocks.section(join("\n", lines))]
    content += blocks.fields([(label, escape(when)), (t.gettext("Guests"), escape(guests))])
    if is_open:
        content.append(blocks.section(t.rich.gettext("Please call, and find another way if there is no answer.")))
    details = t.pgettext("visit.button", "Details")
    content.append(blocks.actions(blocks.button(details, Action.SHOW_VISIT, VisitRef(picture.visit.key).pack())))
    silent = [person for found in told["unanswered"] for person in found["people"]]
    names = t.list([reading.name(person) for person in dict.fromkeys(silent)])
    alone = t.pgettext("silence.alone", "{title}, {names}. {guests}", title=title, names=names, guests=guests)
    return Message(alone, tuple(content))


def _about(reading: Reading, told: Mapping[str, Any], stop: Stop | None) -> tuple[str, str]:
    """When what nobody answers is, and what is said of that moment; the send-off when the guests set off (D6.2)."""
    t = reading.t
    if stop is None:
        return t.gettext("Time"), ""
    say = next((one for one in Say if one == told.get("say")), None)
    at = particulars.when(reading, say, stop) if say else particulars.begins(reading, stop)
    is_farewell = stop.kind == StopKind.DEPARTURE and at < stop.starts_at
    return t.gettext("Setting off") if is_farewell else words.time_label(t, stop), reading.moment(at)


def _answer(reading: Reading, notice: Notice, found: Mapping[str, Any]) -> tuple[int | None, datetime] | None:
    """Who answered and when; nobody, where what was asked is asked anew or no longer; None while it is open."""
    picture = reading.picture
    return answer_to(picture, found, picture.stop(notice.stop_id), picture.booking(notice.booking_id))


def _is_off(reading: Reading, notice: Notice) -> bool:
    booking = reading.picture.booking(notice.booking_id)
    return booking is not None and booking.state == BookingState.RELEASED


def _unanswered(reading: Reading, notice: Notice, found: Mapping[str, Any]) -> Mrkdwn:
    """Who is silent since when, with the phone number, or what became of it."""
    t, answered = reading.t.rich, _answer(reading, notice, found)
    if answered is not None:
        by, at = answered
        name, time = reading.name(by), reading.moment(at)
        if name:
            return t.pgettext("silence", ":white_check_mark: {name} answered, {moment}.", name=name, moment=time)
        if _is_off(reading, notice):
            return t.pgettext("silence", ":information_source: Nobody needs to answer any more.")
        return t.pgettext(
            "silence", ":information_source: It changed or went to somebody else since, and was asked for anew."
        )
    people = t.list([words.person(reading.t, reading.person(person)) for person in found["people"]])
    since = reading.moment(datetime.fromisoformat(found["since"]))
    if not found["deputies"]:
        return t.pgettext("silence", ":red_circle: {people}: no answer since {moment}", people=people, moment=since)
    deputies = t.list([words.person(reading.t, reading.person(person)) for person in found["deputies"]])
    return t.pgettext(
        "silence",
        ":red_circle: {people}: no answer since {moment}. Also asked: {deputies}",
        people=people,
        moment=since,
        deputies=deputies,
    )
