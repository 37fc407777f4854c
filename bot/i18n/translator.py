"""What one reader is told: texts, times, durations, lists and names in the reader's language."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date

from bot.i18n.languages import Language
from bot.i18n.texts import Texts

# CLDR has no pattern that says weekday, day and month as people write them in a message; with the year as second.
_DAY_PATTERNS = {
    "en_US": ("EEE, MMM d", "EEE, MMM d, y"),
    "en_GB": ("EEE d MMM", "EEE d MMM y"),
    "es_419": ("EEEE d 'de' MMMM", "EEEE d 'de' MMMM 'de' y"),
    "es_ES": ("EEEE d 'de' MMMM", "EEEE d 'de' MMMM 'de' y"),
    "zh_Hans_CN": ("M月d日（EEE）", "y年M月d日（EEE）"),
}
_LETTER_PATTERNS = {
    Language.ENGLISH: "EEEE, MMMM d",
    Language.SPANISH: "EEEE d 'de' MMMM",
    Language.CHINESE: "M月d日（EEEE）",
}


class Translator(Texts):
    """One reader's language, way of writing dates, and time zone; made for each recipient and handed on explicitly.

    Operational times are told in the venue's zone. The zone is named where the reader's clock shows another time at
    that moment.
    """

    def clock(self, at: datetime, venue: ZoneInfo) -> str:
        """`14:30` and no more, for use inside a sentence that says the rest."""
        return self.own(_in_zone(at, venue).strftime("%H:%M"))

    def time(self, at: datetime, venue: ZoneInfo) -> str:
        """`14:30`, «14:30 h», with the zone where it differs."""
        return self.zoned(self.pgettext("time", "{clock}", clock=self.clock(at, venue)), venue, at)

    def day(self, day: date, *, today: date | None = None) -> str:
        """Weekday, day and month; the year where `today` is known and in another year."""
        short, with_year = _DAY_PATTERNS[str(self.locale)]
        pattern = with_year if today is not None and today.year != day.year else short
        return self.own(_written(day, pattern, self.locale))

    def day_in_words(self, day: date) -> str:
        """Weekday, day and month written out, for letters."""
        return self.own(format_date(day, _LETTER_PATTERNS[self.language], locale=self.locale))

    def full_date(self, day: date) -> str:
        """Day, month and year, for documents."""
        return self.own(format_date(day, "long", locale=self.locale))

    def moment(self, at: datetime, venue: ZoneInfo, *, now: datetime | None = None, named: bool = True) -> str:
        """Day and time at the venue, with the zone where it differs; the year where it is not the year of `now`.

        Without `named` the zone is left out, for a sentence that has named it.
        """
        moment = self._moment(at, venue, now)
        return self.zoned(moment, venue, at) if named else moment

    def span(self, start: datetime, end: datetime, venue: ZoneInfo, *, now: datetime | None = None) -> str:
        """From one moment to another; the day is said once where it is the same at the venue."""
        if _in_zone(start, venue).date() == _in_zone(end, venue).date():
            text = self.pgettext(
                "span.day",
                "{day}, {start}–{end}",
                day=self._day_of(start, venue, now),
                start=self.clock(start, venue),
                end=self.clock(end, venue),
            )
        else:
            first, last = self._moment(start, venue, now), self._moment(end, venue, now)
            text = self.pgettext("span.days", "{start} – {end}", start=first, end=last)
        return self.zoned(text, venue, start, end)

    def zone_name(self, zone: ZoneInfo, at: datetime) -> str:
        """The zone by its city, as people say it; a zone without one by what it is ahead of UTC at that moment."""
        name = get_global("zone_aliases").get(zone.key, zone.key)
        area, _, place = name.partition("/")
        if not place or area == "Etc":
            return self.own(_offset_name(_in_zone(at, zone)))
        return self.pgettext("zone", "{city} time", city=self.own(_city(name, self.locale)))

    def ahead(self, delta: timedelta) -> str:
        """How long from now, to the nearest minute and in full: `1 hour 20 minutes`, never "about an hour".

        A day has 24 hours here. Raises ValueError for what is already past: that has other words.
        """
        if delta < timedelta(0):
            raise ValueError(f"{delta} is past, not ahead")
        minutes = (int(delta.total_seconds()) + 30) // 60
        if minutes == 0:
            return self.pgettext("duration", "less than a minute")
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        return self._sum(self._duration_parts(days, hours, minutes))

    def language_name(self, code: str) -> str:
        """The name of any language, in the reader's language and as written inside a sentence."""
        parts = code.replace("-", "_").split("_")
        name: str | None = self.locale.languages.get("_".join(parts)) or self.locale.languages.get(parts[0])
        if name is None:
            raise LookupError(f"no name is known for the language {code!r}")
        return self.own(name)

    def own_language_name(self) -> str:
        """The reader's language in itself, as it stands in a menu."""
        return self.own(own_name(self.language))

    def _moment(self, at: datetime, venue: ZoneInfo, now: datetime | None) -> str:
        day = self._day_of(at, venue, now)
        return self.pgettext("moment", "{day}, {clock}", day=day, clock=self.clock(at, venue))

    def _day_of(self, at: datetime, venue: ZoneInfo, now: datetime | None) -> str:
        today = None if now is None else _in_zone(now, venue).date()
        return self.day(_in_zone(at, venue).date(), today=today)

    def zoned(self, text: str, venue: ZoneInfo, *moments: datetime) -> str:
        """What is said of these moments in the venue's time, with the zone where it differs."""
        if all(at.astimezone(venue).utcoffset() == at.astimezone(self.zone).utcoffset() for at in moments):
            return text
        return self.pgettext("time.zone", "{time} ({zone})", time=text, zone=self.zone_name(venue, moments[0]))

    def _duration_parts(self, days: int, hours: int, minutes: int) -> Sequence[str]:
        parts = []
        if days:
            parts.append(self.npgettext("duration", "{days} day", "{days} days", days, days=days))
        if hours:
            parts.append(self.npgettext("duration", "{hours} hour", "{hours} hours", hours, hours=hours))
        if minutes:
            parts.append(self.npgettext("duration", "{minutes} minute", "{minutes} minutes", minutes, minutes=minutes))
        return parts

    def _sum(self, parts: Sequence[str]) -> str:
        if len(parts) == 1:
            return parts[0]
        if len(parts) == 2:
            return self.pgettext("duration", "{larger} {smaller}", larger=parts[0], smaller=parts[1])
        days, hours, minutes = parts
        return self.pgettext("duration", "{days} {hours} {minutes}", days=days, hours=hours, minutes=minutes)


@lru_cache(maxsize=4096)
def _written(day: date, pattern: str, locale: Locale) -> str:
    return str(format_date(day, pattern, locale=locale))


def own_name(language: Language) -> str:
    """A language in itself, with a capital as in a menu: English, Español, 中文."""
    tag = language.value.partition("_")[0]
    name = str(Locale.parse(tag).languages[tag])
    return name[:1].upper() + name[1:]


def _in_zone(at: datetime, zone: ZoneInfo) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone: nobody can tell when that is")
    return at.astimezone(zone)


def _city(name: str, locale: Locale) -> str:
    """CLDR files cities under the names that zones once had (Asia/Calcutta)."""
    zones = locale.time_zones
    formerly = (old for old, new in get_global("zone_aliases").items() if new == name)
    cities = (str(zones[key]["city"]) for key in (name, *formerly) if "city" in zones.get(key, {}))
    return next(cities, name.rpartition("/")[2].replace("_", " "))


def _offset_name(at: datetime) -> str:
    minutes = int((at.utcoffset() or timedelta(0)).total_seconds()) // 60
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"
