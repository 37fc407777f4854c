"""The itinerary as a calendar file for the guests (B5): an event a stop, which a newer file changes or takes off."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from bot.i18n import Translator
from bot.messages.guest_sheet import contact, entry, in_guests_language
from bot.messages.reading import Reading
from bot.models.visits import Stop, StopKind
from bot.procedure.guest_itinerary import next_sent
from bot.procedure.journeys import attended_from

_MAKER = "-//Visita//Itinerary//EN"


def calendar_file(reading: Reading) -> bytes:
    """iCalendar (RFC 5545), with the zone of the venue. Stops that guests were told of and that are off are in it as
    canceled; of a canceled visit, all that they were ever told of (RFC 5546)."""
    t, kept = in_guests_language(reading), next_sent(reading.picture)
    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH" if reading.picture.visit.is_open else "CANCEL")
    calendar.add("x-wr-calname", reading.picture.workspace.name)
    for stop in reading.picture.live_stops:
        calendar.add_component(_event(reading, t, stop, kept["version"]))
    for stop in _gone(reading, kept["gone"]):
        calendar.add_component(_event(reading, t, stop, kept["version"], is_off=True))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _gone(reading: Reading, gone: Mapping[str, Any]) -> Iterator[Stop]:
    """The stops that are off, as the guests knew them."""
    for stop_id, told in gone.items():
        stop = reading.picture.stop(int(stop_id))
        if stop is not None:
            starts_at = datetime.fromisoformat(told["starts_at"])
            known = {name: told[name] for name in ("kind", "place", "room", "number", "means", "meal", "subject")}
            ends_at = starts_at + (stop.ends_at - stop.starts_at)
            yield Stop(**stop.model_dump() | known | {"starts_at": starts_at, "ends_at": ends_at})


def _event(reading: Reading, t: Translator, stop: Stop, version: int, *, is_off: bool = False) -> Event:
    picture, told = reading.picture, entry(t, reading.picture, stop)
    begins = attended_from(stop, picture.workspace)
    ends = stop.starts_at if stop.kind == StopKind.DEPARTURE else stop.ends_at
    event = Event()
    event.add("uid", f"{picture.workspace.id}-{picture.visit.reference}-{stop.key}@visita")
    event.add("sequence", version)
    event.add("dtstamp", reading.now)
    event.add("dtstart", begins.astimezone(reading.venue))
    event.add("dtend", max(ends, begins + timedelta(minutes=15)).astimezone(reading.venue))
    event.add("summary", t.pgettext("itinerary", "Canceled: {item}", item=told.title) if is_off else told.title)
    if stop.place:
        event.add("location", stop.place)
    event.add("description", "\n".join([*told.lines, contact(t, picture)]))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    return event
