"""What a request hangs on: told to whom it is put, and told old and new where its answer is void."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from bot.i18n import Mrkdwn, escape, join
from bot.messages import guests, particulars, words
from bot.messages.reading import Reading
from bot.models.bookings import GIVEN_FOR, WAS, Booking, BookingState
from bot.models.notices import Notice
from bot.models.visits import MealStyle, Payer, Stop, StopKind
from bot.procedure import telling
from bot.procedure.bookings import changed, hotel_rooms
from bot.procedure.days import stops_with
from bot.procedure.rules import Rule
from bot.procedure.vocabulary import Fact


def besides(reading: Reading, rule: Rule | None, stop: Stop) -> Iterable[tuple[str, Mrkdwn]]:
    """What a request tells besides the facts of every duty like it: what it hangs on."""
    t, picture = reading.t, reading.picture
    minds = rule.minds if rule is not None else ()
    if Fact.TIME in minds and stop.kind != StopKind.DEPARTURE:
        yield t.gettext("Until"), escape(t.time(stop.ends_at, reading.venue))
    if Fact.ROOMS in minds:
        yield t.gettext("Hotel rooms"), escape(_rooms(reading, hotel_rooms(picture)))
        payer = (
            t.pgettext("payer", "we do") if picture.visit.hotel_payer == Payer.HOUSE else t.pgettext("payer", "guests")
        )
        yield t.gettext("Who pays"), escape(payer)
    if Fact.STYLE in minds and stop.style:
        yield t.gettext("How it is held"), escape(words.style(t, MealStyle(stop.style)))
    if Fact.DIETS in minds and rule is not None and rule.say not in telling.SHOWN_ON["food"]:
        yield t.gettext("Dietary needs"), guests.food(reading)
    if Fact.LANGUAGE in minds and rule is not None and rule.say not in particulars.OF_LANGUAGE:
        yield t.gettext("Language of the guests"), escape(_language(reading, picture.visit.guest_language))


def _rooms(reading: Reading, rooms: Iterable[int]) -> str:
    t, (suites, standard) = reading.t, tuple(rooms)
    parts = []
    if suites:
        parts.append(t.npgettext("hotel", "{count} suite", "{count} suites", suites, count=suites))
    if standard or not suites:
        text = t.npgettext("hotel", "{count} standard room", "{count} standard rooms", standard, count=standard)
        parts.append(text)
    return t.list(parts)


def _language(reading: Reading, code: str) -> str:
    return dict(words.language_names(reading.t)).get(code, code)


def anew(reading: Reading, booking: Booking) -> Mrkdwn:
    """That it was answered before and is asked again, and when: nobody is to take it for the message they know."""
    if not booking.round or booking.state != BookingState.REQUESTED or WAS in booking.details:
        return Mrkdwn("")
    return reading.t.rich.pgettext(
        "request", ":repeat: Asked again, {moment}.", moment=reading.moment(booking.changed_at)
    )


def changed_since(reading: Reading, notice: Notice, booking: Booking) -> Mrkdwn:
    """What was asked for before, where the answer is void now; what the message says anyway is not repeated."""
    was: Mapping[str, Any] = booking.details.get(WAS, {})
    told = {_TOLD_AS[name] for name in notice.payload.get(telling.WAS, ()) if name in _TOLD_AS}
    lines = [
        _otherwise(reading, Fact(name), old, booking.asked[name])
        for name, old in changed(was, booking.asked).items()
        if name not in told
    ]
    if not was or booking.state != BookingState.REQUESTED:
        return Mrkdwn("")
    head = reading.t.rich.gettext(
        ":arrows_counterclockwise: This has changed since it was confirmed. Please look again."
    )
    return join("\n", [head, *lines, *_wanted_besides(reading, booking)])


def _wanted_besides(reading: Reading, booking: Booking) -> Iterable[Mrkdwn]:
    """For what a leader is wanted that their time had not been given for (B6)."""
    given = booking.details.get(GIVEN_FOR)
    if given is None or booking.leader_id is None:
        return
    for stop in stops_with(reading.picture, booking.leader_id):
        if stop.key not in given and stop.ends_at > reading.now:
            yield reading.t.rich.pgettext(
                "change",
                "Now also wanted for: *{item}*, {moment}",
                item=words.stop_name(reading.t, stop),
                moment=reading.moment(particulars.begins(reading, stop)),
            )


_TOLD_AS = {"starts_at": Fact.TIME, "guests": Fact.GUESTS, "food": Fact.DIETS, "number": Fact.NUMBER}


def _otherwise(reading: Reading, fact: Fact, old: Any, new: Any) -> Mrkdwn:
    """A fact that a confirmation hung on: new and old."""
    t = reading.t.rich
    after, before = _value(reading, fact, new), _value(reading, fact, old)
    match fact:
        case Fact.TIME:
            return t.pgettext("change", "New time: *{new}* (before: {old})", new=after, old=before)
        case Fact.DAY:
            return t.pgettext("change", "Day: *{new}* (before: {old})", new=after, old=before)
        case Fact.STAY:
            return t.pgettext("change", "Stay: *{new}* (before: {old})", new=after, old=before)
        case Fact.GUESTS:
            return t.pgettext("change", "Number of guests: *{new}* (before: {old})", new=after, old=before)
        case Fact.ROOMS:
            return t.pgettext("change", "Hotel rooms: *{new}* (before: {old})", new=after, old=before)
        case Fact.STYLE:
            return t.pgettext("change", "How it is held: *{new}* (before: {old})", new=after, old=before)
        case Fact.DIETS:
            return t.pgettext("change", "Dietary needs: *{new}* (before: {old})", new=after, old=before)
        case Fact.NUMBER:
            return t.pgettext("change", "Flight or train: *{new}* (before: {old})", new=after, old=before)
        case Fact.LANGUAGE:
            return t.pgettext("change", "Language of the guests: *{new}* (before: {old})", new=after, old=before)
        case Fact.NAMES:
            return t.pgettext("change", "Guests: *{new}* (before: {old})", new=after, old=before)


def _value(reading: Reading, fact: Fact, value: Any) -> str:
    t = reading.t
    match fact:
        case Fact.TIME:
            return reading.plain_moment(datetime.fromisoformat(value[0]))
        case Fact.DAY:
            return t.day(date.fromisoformat(value))
        case Fact.STAY:
            return t.pgettext("stay", "{start} to {end}", start=_date(reading, value[0]), end=_date(reading, value[1]))
        case Fact.ROOMS:
            return _rooms(reading, value)
        case Fact.STYLE if value:
            return words.style(t, MealStyle(value))
        case Fact.LANGUAGE:
            return _language(reading, value)
        case Fact.NAMES:
            return t.list(value)
        case Fact.DIETS if not value:
            return t.pgettext("food", "none")
        case _ if value in ("", None):
            return t.pgettext("fact", "not known yet")
        case _:
            return t.number(value) if isinstance(value, int) else " ".join(str(value).split())


def _date(reading: Reading, text: str) -> str:
    return reading.t.day(date.fromisoformat(text))
