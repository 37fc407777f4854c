// Slack's date, time and date-time pickers.

import { dayOf, hourOf, hourText, momentOf, readHour, zoneName, zoneOffset } from "../dates.js";
import { freshId, h } from "../dom.js";
import { plainText } from "../text.js";
import { DayField } from "./calendar.js";
import { Combobox, matching } from "./combobox.js";

const HALF_HOURS = Array.from({ length: 48 }, (_, i) => `${String(Math.floor(i / 2)).padStart(2, "0")}:${i % 2 ? "30" : "00"}`);

const placeholderOf = (element, fallback) => (element.placeholder ? plainText(element.placeholder) : fallback);

export function datepicker(element, field) {
  return dayField(element, field, field.value, field.attributes(element.placeholder), (day) => field.change(day)).node;
}

function dayField(element, field, value, attributes, onChange) {
  const { session, t } = field;
  return new DayField({
    person: session.me,
    t,
    now: () => session.clock.now(),
    attributes,
    placeholder: placeholderOf(element, t("chooseDate")),
    value,
    onChange,
  });
}

export function timepicker(element, field) {
  const combobox = hourField(element, field, field.value, field.attributes(element.placeholder), (hour) => field.change(hour));
  if (!element.timezone) return combobox.node;
  const zone = { locale: field.session.me.locale, tz: element.timezone };
  const now = field.session.clock.now();
  return h("div", { class: "with-zone" }, combobox.node, h("span", { class: "zone" }, `${zoneName(zone, now)} (${zoneOffset(zone, now)})`));
}

function hourField(element, field, value, attributes, onChange) {
  const person = field.session.me;
  const item = (hour) => ({ key: hour, label: hourText(person, hour), search: hour, value: hour });
  return new Combobox({
    t: field.t,
    attributes,
    placeholder: placeholderOf(element, field.t("chooseTime")),
    clearable: field.clearable,
    selected: value ? [item(value)] : [],
    load: (query) => matching([{ items: HALF_HOURS.map(item) }], query),
    parse: (text) => {
      const hour = readHour(text);
      return hour && item(hour);
    },
    onChange: (items) => onChange(items[0]?.value ?? null),
  });
}

/** A day and an hour in the person's zone; its value is a moment in Unix seconds. */
export function datetimepicker(element, field) {
  const { session, t } = field;
  const { me } = session;
  const parts = field.value === null ? { day: null, hour: null } : { day: dayOf(field.value, me.tz), hour: hourOf(field.value, me.tz) };
  const update = (changes) => {
    Object.assign(parts, changes);
    const known = parts.day && parts.hour;
    if (known) field.change(momentOf(parts.day, parts.hour, me.tz));
    else if (field.value !== null) field.change(null);
  };
  const base = field.attributes(element.placeholder);
  const named = (key) => {
    const id = freshId("part");
    const rest = { ...base, id: key === "date" ? base.id : freshId("hour") };
    delete rest["aria-label"];
    const label = h("span", { id, class: "visually-hidden" }, t(key));
    return { label, attributes: { ...rest, "aria-labelledby": [field.labelId, id].filter(Boolean).join(" ") } };
  };
  const [date, time] = [named("date"), named("time")];
  return h(
    "div",
    { class: "date-time" },
    date.label,
    dayField(element, field, parts.day, date.attributes, (day) => update({ day })).node,
    time.label,
    hourField({}, field, parts.hour, time.attributes, (hour) => update({ hour })).node,
    h("span", { class: "zone" }, zoneOffset(me, session.clock.now())),
  );
}
