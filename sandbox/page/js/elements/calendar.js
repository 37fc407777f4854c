// A day to choose: a field that takes typed dates, and a month to pick from.

import { addDays, dayOf, dayText, intlLocale, momentOf, readDay } from "../dates.js";
import { fill, h, iconButton, placeUnder } from "../dom.js";

const MONDAY = "2024-01-01";

/** 1 (Monday) to 7: the day on which weeks begin where this person lives. */
function weekStart(person) {
  const locale = new Intl.Locale(intlLocale(person.locale));
  return (locale.getWeekInfo?.() ?? locale.weekInfo ?? { firstDay: 1 }).firstDay;
}

const weekday = (day) => ((new Date(momentOf(day, "12:00", "UTC") * 1000).getUTCDay() + 6) % 7) + 1;
const firstOf = (day) => `${day.slice(0, 8)}01`;

function addMonths(day, count) {
  const [year, month, date] = day.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 + count, 1, 12));
  const last = new Date(Date.UTC(year, month + count, 0, 12)).getUTCDate();
  return addDays(dayOf(first.getTime() / 1000, "UTC"), Math.min(date, last) - 1);
}

export class DayField {
  constructor({ person, t, now, attributes, placeholder, value, onChange }) {
    Object.assign(this, { person, t, now, onChange });
    this.value = value;
    this.input = h("input", {
      type: "text",
      autocomplete: "off",
      placeholder,
      ...attributes,
      on: {
        input: () => this.#typed(),
        blur: () => this.#show(),
        click: () => this.#open(),
        keydown: (event) => this.#key(event),
      },
    });
    this.popover = h("div", { class: "calendar", popover: "auto", role: "dialog", "aria-label": t("chooseDate"), on: { keydown: (event) => this.#escape(event), toggle: (event) => this.#toggled(event) } });
    const button = iconButton("calendar", t("chooseDate"), () => this.#open(true), { tabindex: "-1" });
    this.node = h("div", { class: "field-box" }, this.input, button, this.popover);
    this.#show();
  }

  #show() {
    this.input.value = this.value ? dayText(this.person, this.value) : "";
  }

  #typed() {
    const text = this.input.value.trim();
    const day = text ? readDay(text, this.person) : null;
    if (day !== this.value && (day || !text)) {
      this.value = day;
      this.onChange(day);
    }
  }

  #key(event) {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.#open(true);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.popover.hidePopover();
      this.#show();
    } else if (event.key === "Escape" && this.popover.matches(":popover-open")) {
      event.stopPropagation();
      this.popover.hidePopover();
    }
  }

  #open(focus = false) {
    this.cursor = this.value ?? dayOf(this.now(), this.person.tz);
    this.#draw();
    if (!this.popover.matches(":popover-open")) this.popover.showPopover();
    placeUnder(this.popover, this.node, { match: false });
    if (focus) this.#focusCursor();
  }

  #focusCursor() {
    this.popover.querySelector('[tabindex="0"][data-day]')?.focus();
  }

  #move(day) {
    this.cursor = day;
    this.#draw();
    this.#focusCursor();
  }

  #draw() {
    const title = dayText(this.person, this.cursor, { year: "numeric", month: "long" });
    const head = h(
      "div",
      { class: "calendar-head" },
      iconButton("left", this.t("previousMonth"), () => this.#move(addMonths(this.cursor, -1))),
      h("span", { "aria-live": "polite" }, title),
      iconButton("right", this.t("nextMonth"), () => this.#move(addMonths(this.cursor, 1))),
    );
    fill(this.popover, head, this.#grid(title));
  }

  #grid(title) {
    const start = weekStart(this.person);
    const first = firstOf(this.cursor);
    let day = addDays(first, -((weekday(first) - start + 7) % 7));
    const names = Array.from({ length: 7 }, (_, i) => addDays(MONDAY, (start - 1 + i) % 7));
    const rows = [];
    for (let week = 0; week < 6; week += 1) {
      const days = Array.from({ length: 7 }, (_, i) => addDays(day, i));
      rows.push(h("tr", {}, days.map((one) => this.#cell(one))));
      day = addDays(day, 7);
    }
    const heads = names.map((name) =>
      h("th", { scope: "col", abbr: dayText(this.person, name, { weekday: "long" }) }, dayText(this.person, name, { weekday: "narrow" })),
    );
    return h(
      "table",
      { role: "grid", "aria-label": title, on: { keydown: (event) => this.#gridKey(event) } },
      h("thead", {}, h("tr", {}, heads)),
      h("tbody", {}, rows),
    );
  }

  #cell(day) {
    const today = day === dayOf(this.now(), this.person.tz);
    const outside = day.slice(0, 7) !== this.cursor.slice(0, 7);
    const button = h(
      "button",
      {
        type: "button",
        "data-day": day,
        tabindex: day === this.cursor ? "0" : "-1",
        class: [outside && "outside", today && "today", day === this.value && "chosen"].filter(Boolean).join(" "),
        "aria-label": dayText(this.person, day, { dateStyle: "full" }),
        "aria-current": today ? "date" : null,
        on: { click: () => this.#choose(day) },
      },
      String(Number(day.slice(8))),
    );
    return h("td", { role: "gridcell", "aria-selected": String(day === this.value) }, button);
  }

  #gridKey(event) {
    const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const months = { PageUp: -1, PageDown: 1 };
    if (event.key in days) this.#move(addDays(this.cursor, days[event.key]));
    else if (event.key in months) this.#move(addMonths(this.cursor, months[event.key]));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #toggled(event) {
    if (event.newState === "closed") this.popover.replaceChildren();
  }

  #escape(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.popover.hidePopover();
    this.input.focus();
  }

  #choose(day) {
    this.value = day;
    this.#show();
    this.popover.hidePopover();
    this.input.focus();
    this.onChange(day);
  }
}
