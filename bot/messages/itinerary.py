"""A visit's itinerary day by day, as colleagues read it: each day said once, however many stops it has."""

from datetime import date

from bot.i18n import Mrkdwn, bold, join
from bot.messages import words
from bot.messages.reading import Reading
from bot.models.visits import Stop
from bot.procedure.picture import facts
from bot.procedure.plans import PARTS


def day_by_day(reading: Reading) -> Mrkdwn:
    """All stops that take place under their days, with the zone where the reader has another; empty without stops."""
    t, stops = reading.t, reading.picture.live_stops
    if not stops:
        return Mrkdwn("")
    by_day: dict[date, list[Stop]] = {}
    for stop in stops:
        by_day.setdefault(stop.starts_at.astimezone(reading.venue).date(), []).append(stop)
    this_day = reading.now.astimezone(reading.venue).date()
    lines = [bold(t.zoned(t.gettext("Itinerary"), reading.venue, *(stop.starts_at for stop in stops)))]
    for day, of_day in by_day.items():
        lines += [bold(t.day(day, today=this_day)), *(_stop(reading, stop) for stop in of_day)]
    return join("\n", lines)


def _stop(reading: Reading, stop: Stop) -> Mrkdwn:
    """A stop in one line, with whoever takes part in it instead of those of the visit."""
    t, picture = reading.t, reading.picture
    own = [picture.people[person].name for part in PARTS for person in picture.stop_parts.get((stop.key, part), ())]
    head = t.rich.pgettext(
        "plan.stop",
        "{icon} {time} *{name}*",
        icon=Mrkdwn(words.stop_icon(stop)),
        time=_time(reading, stop),
        name=words.stop_name(t, stop),
    )
    leaving = words.setting_off(reading, stop)
    more = words.one_line(leaving, words.place(t, stop), stop.subject, t.list(own) if own else "")
    return join(" · ", [head, more] if more else [head])


def _time(reading: Reading, stop: Stop) -> str:
    """When it begins; when it ends as well, where people are told so."""
    t, begins = reading.t, reading.t.clock(stop.starts_at, reading.venue)
    if "ends_at" not in facts(reading.picture, stop):
        return begins
    return t.pgettext("itinerary", "{start}–{end}", start=begins, end=t.clock(stop.ends_at, reading.venue))
