// The bar on top: the workspace, its clock and the ways to move it, and how the page itself is arranged.

import { Refusal, post } from "./api.js";
import { clockText, relativeDay, shortTime, weekdayAndDate, zoneName, zoneOffset } from "./dates.js";
import { fill, h, icon, iconButton } from "./dom.js";

const HOUR = 3600;
const MOVE_FIRST = 60;

export class TopBar {
  /** `actions`: {onSplit, onTheme, onDeveloper, onHints}. */
  constructor(clock, actions) {
    Object.assign(this, { clock, actions });
    this.person = { locale: navigator.language, tz: Intl.DateTimeFormat().resolvedOptions().timeZone };
    this.node = h("header", { class: "topbar" });
    this.unfollow = clock.follow(() => this.#tick());
  }

  /** Draws the bar in the words and the zone of `person`. */
  update({ person, t, team, split, splitLabel, hints }) {
    const look = JSON.stringify([person, team, splitLabel, split, hints]);
    if (look === this.look) return;
    Object.assign(this, { look, person, t });
    const { actions } = this;
    this.time = h("span", { class: "clock-time" });
    this.zone = h("span", { class: "clock-zone" });
    this.next = h("button", { type: "button", class: "button next", on: { click: () => this.#move({ to: this.clock.next }) } });
    this.steps = h(
      "div",
      { class: "clock-steps" },
      this.next,
      this.#step(t("plusHour"), HOUR),
      this.#step(t("plusDay"), 24 * HOUR),
    );
    const opener = h("button", { type: "button", class: "clock", "aria-expanded": "false", title: t("clock"), on: { click: () => this.#toggle(opener) } }, icon("clock"), h("span", { class: "clock-text" }, h("span", { class: "visually-hidden" }, t("clock")), this.time, this.zone));
    const hint = hints ? h("button", { type: "button", class: "icon-button", "aria-label": t("hints"), title: t("hints"), on: { click: actions.onHints } }, "?") : null;
    fill(
      this.node,
      h("div", { class: "brand" }, h("span", { class: "brand-mark", "aria-hidden": "true" }), h("span", { class: "brand-name" }, team || t("workspace"))),
      h("div", { class: "clock-area", role: "group", "aria-label": t("clock") }, opener, this.steps),
      h(
        "div",
        { class: "page-tools" },
        hint,
        iconButton("split", splitLabel, actions.onSplit, { "aria-pressed": String(split), class: "split-button" }),
        iconButton("theme", t("theme"), actions.onTheme),
        iconButton("tools", t("developer"), actions.onDeveloper),
      ),
    );
    this.#tick();
  }

  #step(label, seconds) {
    return h("button", { type: "button", class: "button", on: { click: () => this.#move({ forward: seconds }) } }, label);
  }

  #toggle(opener) {
    const open = this.node.classList.toggle("clock-open");
    opener.setAttribute("aria-expanded", String(open));
  }

  async #move(where) {
    this.steps.setAttribute("aria-busy", "true");
    try {
      this.clock.set(await post("clock", where));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.zone.textContent = this.t("wentWrong", { code: error.code });
    } finally {
      this.steps.removeAttribute("aria-busy");
    }
  }

  #tick() {
    if (!this.time) return;
    const now = this.clock.now();
    const time = clockText(this.person, now);
    if (this.time.textContent !== time) this.time.textContent = time;
    const zone = zoneOffset(this.person, now);
    const name = zoneName(this.person, now);
    if (this.zone.textContent !== `${name} ${zone}`) fill(this.zone, h("span", { class: "zone-name" }, `${name} `), zone);
    this.steps.hidden = !this.clock.canMove;
    this.#drawNext(now);
  }

  #drawNext(now) {
    const { next, nextLabel } = this.clock;
    this.next.disabled = next === null;
    const about = next === null ? this.t("nothingDue") : [nextLabel, this.#when(next, now)].filter(Boolean).join(" · ");
    if (this.next.dataset.about === about) return;
    this.next.dataset.about = about;
    this.next.title = about;
    fill(this.next, icon("skip"), h("span", {}, this.t("nextDue")), h("span", { class: "next-about" }, about));
  }

  #when(next, now) {
    if (next - now < MOVE_FIRST) return this.t("now");
    const day = relativeDay(this.person, next, now) ?? weekdayAndDate(this.person, next);
    return `${day}, ${shortTime(this.person, next)}`;
  }
}
