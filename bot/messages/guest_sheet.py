"""The itinerary in the guests' language (B5, A7): as text to forward, and as data for a document. Guests read it:
nothing here names a level, a rank, a cost or what is known of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.i18n import Translator, language_of
from bot.messages import words
from bot.messages.reading import Reading
from bot.models.visits import Stop, StopKind
from bot.procedure.journeys import leaves
from bot.procedure.picture import Picture

_WITH_END = (StopKind.MEETING, StopKind.TOUR)
_ELSE = "en"
"""The language for guests who read none of ours."""


@dataclass(frozen=True)
class Entry:
    """A stop as guests read it."""

    time: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The whole itinerary in words."""

    t: Translator
    house: str
    title: str
    guests: str
    days: Sequence[tuple[str, Sequence[Entry]]]
    contact: str
    zone: str

    def as_text(self) -> str:
        """To be copied into a mail or a chat."""
        lines = [self.title, self.guests]
        for title, entries in self.days:
            lines += ["", title]
            for entry in entries:
                lines.append(self.t.pgettext("itinerary", "{time} {item}", time=entry.time, item=entry.title))
                lines += [f"    {line}" for line in entry.lines]
        return "\n".join([*lines, "", self.contact, self.zone])

    def as_data(self) -> dict[str, Any]:
        """For the template of the document."""
        return {
            "lang": self.t.language.value.partition("_")[0],
            "house": self.house,
            "title": self.title,
            "guests": self.guests,
            "days": [{"title": title, "entries": [asdict(one) for one in entries]} for title, entries in self.days],
            "contact": self.contact,
            "zone": self.zone,
        }


def in_guests_language(reading: Reading) -> Translator:
    """Theirs, where Visita speaks it; else English."""
    code = reading.picture.visit.guest_language
    return reading.in_language(code if language_of(code) else _ELSE)


def sheet(reading: Reading) -> Sheet:
    """The itinerary as it stands, for the guests."""
    t, picture = in_guests_language(reading), reading.picture
    by_day: dict[date, list[Stop]] = {}
    for stop in picture.live_stops:
        by_day.setdefault(stop.starts_at.astimezone(reading.venue).date(), []).append(stop)
    days = [
        (_heading(t.day_in_words(day)), [entry(t, picture, stop) for stop in stops]) for day, stops in by_day.items()
    ]
    return Sheet(
        t=t,
        house=picture.workspace.name,
        title=t.pgettext("itinerary", "Program of your visit"),
        guests=words.guests(t, picture.visit),
        days=days,
        contact=contact(t, picture),
        zone=t.pgettext("itinerary", "All times: {zone}.", zone=t.zone_name(reading.venue, picture.visit.arrives_at)),
    )


def _heading(day: str) -> str:
    return day[:1].upper() + day[1:]


def contact(t: Translator, picture: Picture) -> str:
    """Whom they call with us (A7)."""
    return t.pgettext("letter", "Your contact with us for this visit: {contact}.", contact=our_host(t, picture))


def our_host(t: Translator, picture: Picture) -> str:
    """The lead host with the phone number, inside a sentence."""
    host = picture.lead_host
    return t.pgettext("pair", "{first}, {second}", first=host.name, second=host.phone) if host.phone else host.name


def entry(t: Translator, picture: Picture, stop: Stop) -> Entry:
    """One stop: when, what, where, and what else the guests need for it."""
    venue = picture.visit.venue
    clock = t.clock(stop.starts_at, venue)
    if stop.kind in _WITH_END:
        clock = t.pgettext("itinerary", "{start}–{end}", start=clock, end=t.clock(stop.ends_at, venue))
    lines = [stop.subject, words.place(t, stop)]
    if stop.number:
        label = words.number_label(t, stop.means)
        lines.insert(0, t.pgettext("itinerary", "{label} {number}", label=label, number=stop.number))
    if stop.kind == StopKind.OWN_CAR:
        lines.append(stop.route)
    if stop.kind == StopKind.DEPARTURE:
        setting_off = t.clock(leaves(stop, picture.workspace), venue)
        lines.append(t.pgettext("itinerary", "We set off at {time}.", time=setting_off))
    title = words.stop_name(t, stop)
    if stop.kind == StopKind.DEPARTURE:
        title = t.pgettext("itinerary", "Departure")
    return Entry(clock, title, tuple(" ".join(line.split()) for line in lines if line.strip()))
