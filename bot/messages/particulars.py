"""The facts under a header: when, where, who, whom to call; only what this stop and this duty need."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.i18n import Mrkdwn, Translator, escape, join
from bot.messages import blocks, guests, words
from bot.messages.blocks import Block
from bot.messages.changes import changed_facts
from bot.messages.reading import Reading
from bot.models.notices import Notice
from bot.models.visits import Means, Stop, StopKind
from bot.procedure.journeys import attended_from, leaves
from bot.procedure.picture import facts
from bot.procedure.sayings import Say
from bot.procedure.telling import SHOWN_ON, WAS, WHOLE_VISIT

Facts = list[tuple[str, Mrkdwn]]

_STOPS_SHOWN = 12
OF_LANGUAGE = {Say.WELCOME_TEXT, Say.WELCOME_SCREEN}


def when(reading: Reading, say: Say, stop: Stop) -> datetime:
    """The moment a duty is about: the stop, its end, or the setting off, whichever counts."""
    if say in SHOWN_ON["ends_at"]:
        return stop.ends_at
    is_about_leaving = say in SHOWN_ON["leaves"] or (say == Say.DRIVER_MISSING and stop.kind != StopKind.PICKUP)
    return leaves(stop, reading.picture.workspace) if is_about_leaving else stop.starts_at


def changed(reading: Reading, notice: Notice, stop: Stop) -> list[Block]:
    """What changed since this person was told last, where the notice carries it."""
    return _otherwise(reading, stop, notice.payload.get(WAS) or {})


def changed_since(reading: Reading, notice: Notice, stop: Stop) -> list[Block]:
    """The same, and what has changed since the notice itself was sent: it is still asked, and reads as it is now."""
    told: Mapping[str, Any] = (notice.told or {}).get(str(stop.key)) or {}
    present = facts(reading.picture, stop) if told else {}
    since = {name: old for name, old in told.items() if name != "host" and present.get(name) != old}
    return _otherwise(reading, stop, {**(notice.payload.get(WAS) or {}), **since})


def _otherwise(reading: Reading, stop: Stop, was: Mapping[str, Any]) -> list[Block]:
    text = changed_facts(reading, stop, was) if was else Mrkdwn("")
    return [blocks.section(text)] if text else []


def of_stop(reading: Reading, stop: Stop) -> Facts:
    """Everything whoever takes part in a stop needs."""
    t, visit = reading.t, reading.picture.visit
    is_drive = stop.kind in (StopKind.PICKUP, StopKind.DEPARTURE)
    place = t.gettext("Meeting point") if is_drive else t.gettext("Venue")
    leaving = leaves(stop, reading.picture.workspace)
    is_farewell = stop.kind == StopKind.DEPARTURE and leaving < stop.starts_at
    facts = [
        (t.gettext("Setting off"), escape(reading.moment(leaving)) if is_farewell else Mrkdwn("")),
        (words.time_label(t, stop), escape(words.stop_time(reading, stop))),
        (place, escape(words.place(t, stop))),
        (t.gettext("Subject"), escape(stop.subject)),
        (t.gettext("Guests"), escape(words.guests(t, visit))),
    ]
    if is_drive:
        return [*facts, *_of_drive(reading, stop), *_host(reading)]
    food = guests.food(reading) if stop.kind in (StopKind.MEAL, StopKind.BREAKFAST) else Mrkdwn("")
    return [*facts, *_host(reading), (t.gettext("Route"), escape(stop.route)), (t.gettext("Dietary needs"), food)]


def of_duty(reading: Reading, say: Say, stop: Stop) -> Facts:
    """What the owner of a duty needs to know."""
    t, visit = reading.t, reading.picture.visit
    party = (t.gettext("Guests"), escape(words.guests(t, visit)))
    if say in WHOLE_VISIT:
        stay = t.span(visit.arrives_at, visit.departs_at, reading.venue, now=reading.now)
        facts = [party, (t.gettext("Stay"), escape(stay))]
        facts += (
            [(t.pgettext("leader", "Your part"), stops_in_order(reading, reading.own_stops))]
            if say == Say.LEADER_BRIEFING
            else []
        )
    else:
        facts = [
            (t.gettext("For"), escape(words.stop_name(t, stop))),
            (words.time_label(t, stop), escape(reading.moment(stop.starts_at))),
            (t.gettext("Venue"), escape(words.place(t, stop))),
            party,
        ]
    return [*facts, *_special(reading, say, stop), *_host(reading)]


def stops_in_order(reading: Reading, stops: Sequence[Stop]) -> Mrkdwn:
    """What somebody takes part in, a line each; the send-off when the guests set off, not when they fly (D6.2)."""
    shown = stops[:_STOPS_SHOWN]
    lines = [words.one_line(reading.moment(begins(reading, stop)), words.stop_name(reading.t, stop)) for stop in shown]
    hidden = len(stops) - len(shown)
    if hidden:
        more = reading.t.rich.npgettext("open", "and {count} more", "and {count} more", hidden, count=hidden)
        lines.append(more)
    return join("\n", lines)


def begins(reading: Reading, stop: Stop) -> datetime:
    """When whoever takes part has to be there; a send-off begins when the guests set off."""
    return attended_from(stop, reading.picture.workspace)


def _special(reading: Reading, say: Say, stop: Stop) -> Iterator[tuple[str, Mrkdwn]]:
    t, picture, visit = reading.t, reading.picture, reading.picture.visit
    if say == Say.APPLICATION:
        yield from _application(reading)
    if say in (Say.EARLY_WORD, Say.APPLICATION):
        yield t.gettext("Purpose"), escape(words.purpose(t, visit.purpose))
    if say == Say.OTHER_STOPS:
        yield t.gettext("Other stops"), escape(visit.other_stops)
    if say in OF_LANGUAGE:
        yield t.gettext("Language of the guests"), escape(dict(words.language_names(t))[visit.guest_language])
    if say in SHOWN_ON["food"]:
        yield t.gettext("Dietary needs"), guests.food(reading)
    if say in SHOWN_ON["route"]:
        yield t.gettext("Route"), escape(stop.route)
    if say in SHOWN_ON["plate"]:
        plates = [s.plate for s in picture.live_stops if s.plate] or [picture.vehicle.plate if picture.vehicle else ""]
        yield t.gettext("License plate"), escape(t.list(plates) if plates[0] else "")
    if say == Say.LEADER_BRIEFING:
        yield t.gettext("Customs"), escape(blocks.shortened(visit.customs_notes, 500))
    if say in SHOWN_ON["subject"]:
        yield t.gettext("Subject"), escape(stop.subject)
    if say in SHOWN_ON["driver"]:
        yield t.gettext("Driver"), words.person(t, picture.driver_at(stop))
    if say in SHOWN_ON["leaves"]:
        yield t.gettext("Setting off"), escape(reading.moment(leaves(stop, picture.workspace)))
    if stop.number and stop.kind in (StopKind.PICKUP, StopKind.DEPARTURE) and say not in WHOLE_VISIT:
        yield words.number_label(t, stop.means), escape(stop.number)
    if say in SHOWN_ON["contact"]:
        yield t.gettext("Contact"), words.contact(reading)


def _application(reading: Reading) -> Facts:
    """What administration has to know of a visit at once (A8)."""
    t, visit = reading.t, reading.picture.visit
    services = [t.pgettext("service", "hotel")] * visit.wants_hotel
    services += [t.pgettext("service", "tickets")] * visit.wants_tickets
    arrival = words.pair(t, words.means(t, visit.arrival_means), visit.arrival_number)
    departure = words.pair(t, words.means(t, visit.departure_means), visit.departure_number)
    luggage = t.number(visit.luggage) if visit.luggage is not None else ""
    return [
        (t.gettext("Arrival"), arrival),
        (t.gettext("Departure"), departure),
        (t.gettext("Also to arrange"), escape(t.list(services)) if services else Mrkdwn("")),
        (t.gettext("Pieces of luggage"), escape(luggage)),
        (t.gettext("Dietary needs"), blocks.fitted(guests.food(reading), 500)),
        (t.gettext("Customs"), escape(blocks.shortened(visit.customs_notes, 500))),
    ]


def _of_drive(reading: Reading, stop: Stop) -> Facts:
    t, picture, visit = reading.t, reading.picture, reading.picture.visit
    driver = picture.driver_at(stop)
    sign = words.pair(t, visit.guest_name, visit.company) if stop.kind == StopKind.PICKUP else Mrkdwn("")
    return [
        (words.number_label(t, stop.means), escape(stop.number)),
        (t.gettext("Contact"), words.contact(reading)),
        (_sign(t, stop), sign),
        (t.gettext("Vehicle"), words.vehicle(reading, stop)),
        (t.gettext("Driver"), Mrkdwn("") if driver and reading.is_reader(driver.id) else words.person(t, driver)),
    ]


def _host(reading: Reading) -> Facts:
    """Whom to call, unless that is oneself."""
    host = reading.picture.lead_host
    return [] if reading.is_reader(host.id) else [(reading.t.gettext("Lead host"), words.person(reading.t, host))]


def _sign(t: Translator, stop: Stop) -> str:
    if stop.means == Means.TRAIN:
        return t.pgettext("station", "Name sign")
    return t.pgettext("airport", "Name sign")
