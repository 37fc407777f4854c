// Times as a person reads them: in the person's zone and language, never in the machine's.

const DAY = 86400;

/** The tag that Intl understands for a Slack locale (Slack says es-LA for Latin America). */
export function intlLocale(locale) {
  const tag = locale === "es-LA" ? "es-419" : locale || "en-US";
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return "en-US";
  }
}

const formats = new Map();

function format(person, options) {
  const key = JSON.stringify([person.locale, person.tz, options]);
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat(intlLocale(person.locale), { timeZone: person.tz || "UTC", ...options }));
  }
  return formats.get(key);
}

function say(person, unix, options) {
  return format(person, options).format(new Date(unix * 1000));
}

/** {year, month, day, hour, minute, second} as numbers on the wall of zone `tz`. */
export function wallClock(unix, tz) {
  const parts = format(
    { locale: "en-GB", tz },
    { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" },
  ).formatToParts(new Date(unix * 1000));
  return Object.fromEntries(parts.filter((p) => p.type !== "literal").map((p) => [p.type, Number(p.value)]));
}

const two = (number) => String(number).padStart(2, "0");

/** YYYY-MM-DD in the zone. */
export function dayOf(unix, tz) {
  const wall = wallClock(unix, tz);
  return `${String(wall.year).padStart(4, "0")}-${two(wall.month)}-${two(wall.day)}`;
}

/** HH:MM in the zone. */
export function hourOf(unix, tz) {
  const wall = wallClock(unix, tz);
  return `${two(wall.hour)}:${two(wall.minute)}`;
}

/** The moment that the zone's wall clock shows as `day` (YYYY-MM-DD) and `hour` (HH:MM). */
export function momentOf(day, hour, tz) {
  const [year, month, date] = day.split("-").map(Number);
  const [hours, minutes] = hour.split(":").map(Number);
  const wanted = Date.UTC(year, month - 1, date, hours, minutes) / 1000;
  let moment = wanted;
  for (let round = 0; round < 3; round += 1) {
    const wall = wallClock(moment, tz);
    const shown = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second) / 1000;
    if (shown === wanted) break;
    moment += wanted - shown;
  }
  return moment;
}

export const shortTime = (person, unix) => say(person, unix, { hour: "numeric", minute: "2-digit" });

export const fullMoment = (person, unix) => say(person, unix, { dateStyle: "full", timeStyle: "short" });

/** For the bar on top: weekday, date and time. */
export const clockText = (person, unix) =>
  say(person, unix, { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });

export const weekdayAndDate = (person, unix) => say(person, unix, { weekday: "long", month: "long", day: "numeric" });

/** A calendar day (YYYY-MM-DD) in words, independent of any zone. */
export function dayText(person, day, options = { weekday: "short", year: "numeric", month: "short", day: "numeric" }) {
  return say({ locale: person.locale, tz: "UTC" }, momentOf(day, "12:00", "UTC"), options);
}

/** A wall-clock hour (HH:MM) in words, independent of any zone. */
export function hourText(person, hour) {
  return say({ locale: person.locale, tz: "UTC" }, momentOf("2024-01-01", hour, "UTC"), { hour: "numeric", minute: "2-digit" });
}

function zonePart(person, unix, style) {
  const parts = format(person, { timeZoneName: style }).formatToParts(new Date(unix * 1000));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? person.tz;
}

/** The zone in words ("China Standard Time") and its distance ("GMT+8"). */
export const zoneName = (person, unix) => zonePart(person, unix, "long");
export const zoneOffset = (person, unix) => zonePart(person, unix, "shortOffset");

/** "today", "yesterday", "tomorrow" in the person's language, or null. */
export function relativeDay(person, unix, now) {
  const difference = daysBetween(dayOf(now, person.tz), dayOf(unix, person.tz));
  if (Math.abs(difference) > 1) return null;
  return new Intl.RelativeTimeFormat(intlLocale(person.locale), { numeric: "auto" }).format(difference, "day");
}

function daysBetween(from, to) {
  return Math.round((momentOf(to, "12:00", "UTC") - momentOf(from, "12:00", "UTC")) / DAY);
}

export function addDays(day, count) {
  return dayOf(momentOf(day, "12:00", "UTC") + count * DAY, "UTC");
}

const UNITS = [["year", 365 * DAY], ["month", 30 * DAY], ["day", DAY], ["hour", 3600], ["minute", 60], ["second", 1]];

function ago(person, unix, now) {
  const difference = unix - now;
  const [unit, size] = UNITS.find(([, seconds]) => Math.abs(difference) >= seconds) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(intlLocale(person.locale)).format(Math.round(difference / size), unit);
}

const LONG = { weekday: "long", year: "numeric", month: "long", day: "numeric" };
const FULL = { year: "numeric", month: "long", day: "numeric" };

const TOKENS = {
  date_num: (person, unix) => dayOf(unix, person.tz),
  date_slash: (person, unix) => say(person, unix, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date_long: (person, unix) => say(person, unix, LONG),
  date_long_full: (person, unix) => say(person, unix, FULL),
  date_long_pretty: (person, unix, now) => relativeDay(person, unix, now) ?? say(person, unix, LONG),
  date: (person, unix) => say(person, unix, FULL),
  date_pretty: (person, unix, now) => relativeDay(person, unix, now) ?? say(person, unix, FULL),
  date_short: (person, unix) => say(person, unix, { year: "numeric", month: "short", day: "numeric" }),
  date_short_pretty: (person, unix, now) => relativeDay(person, unix, now) ?? TOKENS.date_short(person, unix),
  day_divider_pretty: (person, unix, now) => dayDivider(person, unix, now),
  time: shortTime,
  time_secs: (person, unix) => say(person, unix, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

/** A date template such as "{date_short_pretty} {time}", or null where Slack would show the fallback. */
export function dateToken(template, unix, person, now) {
  const names = [...template.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1]);
  if (!Number.isFinite(unix) || names.length === 0 || names.some((name) => !(name in TOKENS))) return null;
  const text = template.replace(/\{([a-z_]+)\}/g, (_, name) => TOKENS[name](person, unix, now));
  return /^\{[a-z_]*pretty\}/.test(template) ? capital(text) : text;
}

const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** The line between two days of a conversation. */
export function dayDivider(person, unix, now) {
  const near = relativeDay(person, unix, now);
  if (near) return capital(near);
  const sameYear = wallClock(unix, person.tz).year === wallClock(now, person.tz).year;
  const year = sameYear ? {} : { year: "numeric" };
  return capital(say(person, unix, { weekday: "long", month: "long", day: "numeric", ...year }));
}

/** Reads what people type for an hour: 14:30, 1430, 2.30 pm, 14h30, 下午2:30; null if it is none. */
export function readHour(text) {
  const clean = text.trim().toLowerCase().replace(/[.\s]/g, (c) => (c === "." ? ":" : ""));
  const match = /^(上午|下午|晚上|凌晨)?(\d{1,2})(?:[:：h点]?(\d{2}))?(a:?m:?|p:?m:?)?$/.exec(clean);
  if (!match) return null;
  const late = match[1] === "下午" || match[1] === "晚上" || match[4]?.startsWith("p");
  const early = match[1] === "上午" || match[1] === "凌晨" || match[4]?.startsWith("a");
  let hours = Number(match[2]);
  if (late && hours < 12) hours += 12;
  if (early && hours === 12) hours = 0;
  const minutes = Number(match[3] ?? 0);
  return hours < 24 && minutes < 60 ? `${two(hours)}:${two(minutes)}` : null;
}

/** Reads what people type for a day: 2026-11-24, 2026/11/24, 24.11.2026 (day first unless US English); null if none. */
export function readDay(text, person) {
  const numbers = text.match(/\d+/g)?.map(Number) ?? [];
  if (numbers.length !== 3) return null;
  let [year, month, date] = numbers;
  if (String(year).length < 4) {
    year = numbers[2];
    [month, date] = person.locale === "en-US" ? [numbers[0], numbers[1]] : [numbers[1], numbers[0]];
  }
  if (year < 1000 || month < 1 || month > 12 || date < 1 || date > 31) return null;
  const day = `${year}-${two(month)}-${two(date)}`;
  return dayOf(Date.UTC(year, month - 1, date) / 1000, "UTC") === day ? day : null;
}
