// The page: reads the address, opens a pane for each person in it, and keeps the address true.

import { readAddress, writeAddress } from "./address.js";
import { Refusal, get } from "./api.js";
import { Clock } from "./clock.js";
import { h } from "./dom.js";
import { Drawer } from "./drawer.js";
import { Hints } from "./hints.js";
import { Pane } from "./pane.js";
import { peoplePicker } from "./people.js";
import { applyTheme, switchTheme } from "./theme.js";
import { TopBar } from "./topbar.js";
import { speaker } from "./words.js";

const RETRY_MS = 1000;
const NOWHERE = { where: null, thread: null };

class Page {
  constructor(root) {
    this.clock = new Clock();
    this.users = [];
    this.team = "";
    this.address = readAddress();
    this.panes = [];
    this.choosing = false;
    this.narrow = window.matchMedia("(max-width: 900px)");
    applyTheme(this.address.theme);
    this.hints = new Hints();
    this.drawer = new Drawer();
    this.bar = new TopBar(this.clock, {
      onSplit: () => this.#split(),
      onTheme: () => this.#theme(),
      onDeveloper: (event) => this.drawer.toggle(this.t, event.currentTarget),
      onHints: () => this.hints.toggle(),
    });
    this.main = h("main", { class: "panes" });
    root.append(this.bar.node, this.hints.node, this.main, this.drawer.node);
    this.narrow.addEventListener("change", () => this.#drawBar());
    window.addEventListener("popstate", () => this.#arrive(this.#known(readAddress())));
    window.addEventListener("keydown", (event) => this.#otherPane(event));
  }

  async start() {
    await this.#list();
    this.#drawBar();
    this.#arrive(this.#known(this.address));
  }

  /** Asks who is there, until the workspace answers. */
  async #list() {
    for (;;) {
      try {
        const { users, team, clock } = await get("list");
        Object.assign(this, { users, team: team.name });
        this.clock.set(clock);
        return;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
    }
  }

  /** The address without people who are not here. */
  #known({ panes, theme }) {
    return { panes: panes.filter((pane) => this.users.some((user) => user.id === pane.id)), theme };
  }

  get t() {
    return this.panes[0]?.session.t ?? speaker(navigator.language);
  }

  #arrive(address) {
    const people = address.panes.map((pane) => pane.id).join();
    const same = people === this.panes.map((pane) => pane.id).join();
    this.address = address;
    if (same && this.panes.length > 0) {
      this.panes.forEach((pane, index) => pane.show(address.panes[index].place));
      return;
    }
    for (const pane of this.panes) pane.close();
    this.panes = address.panes.map(({ id, place }) => this.#pane(id, place));
    this.choosing = false;
    this.#lay();
    for (const pane of this.panes) pane.open();
  }

  #pane(id, place) {
    return new Pane(id, place, this.clock, {
      onPlace: () => this.#write(),
      onSwitch: (pane) => this.#leave(pane),
      onReady: () => this.#drawBar(),
    });
  }

  #lay() {
    const nodes = this.panes.map((pane) => pane.node);
    if (nodes.length === 0 || this.choosing) nodes.push(this.#picker());
    this.main.replaceChildren(...nodes);
    this.main.classList.toggle("split", nodes.length > 1);
    this.main.dataset.front ??= "0";
    this.#drawBar();
  }

  #picker() {
    const second = this.panes.length > 0;
    return peoplePicker(this.users, {
      t: this.t,
      clock: this.clock,
      second,
      taken: second ? this.panes[0].id : null,
      onChoose: (id) => this.#goTo([...this.#places(), { id, place: NOWHERE }]),
      onClose: () => {
        this.choosing = false;
        this.#front(0);
        this.#lay();
      },
    });
  }

  #places = () => this.panes.map((pane) => ({ id: pane.id, place: pane.session.place }));

  #goTo(panes) {
    const address = { panes, theme: this.address.theme };
    writeAddress(address);
    this.#arrive(address);
  }

  #write() {
    this.address = { panes: this.#places(), theme: this.address.theme };
    writeAddress(this.address);
  }

  #leave(pane) {
    this.#front(0);
    this.#goTo(this.#places().filter((_, index) => this.panes[index] !== pane));
  }

  /** Opens the other half, or on a narrow page turns to it; with both open on a wide page, closes the second. */
  #split() {
    if (this.panes.length > 1 && this.narrow.matches) {
      this.#front(this.main.dataset.front === "0" ? 1 : 0);
    } else if (this.panes.length > 1) {
      this.#goTo(this.#places().slice(0, 1));
    } else if (this.panes.length === 1) {
      this.choosing = !this.choosing;
      this.#front(this.choosing ? 1 : 0);
      this.#lay();
    }
  }

  #front(index) {
    this.main.dataset.front = String(index);
    this.#drawBar();
  }

  #theme() {
    this.address = { ...this.address, theme: switchTheme() };
    writeAddress(this.address, { replace: true });
  }

  #drawBar() {
    const first = this.panes[0]?.session;
    const person = first?.me.real_name ? first.me : { locale: navigator.language, tz: Intl.DateTimeFormat().resolvedOptions().timeZone };
    document.documentElement.lang = person.locale;
    this.hints.update(first?.hints ?? [], this.t);
    const split = this.panes.length > 1 || this.choosing;
    this.bar.update({ person, t: this.t, team: this.team, split, splitLabel: this.#splitLabel(split), hints: this.hints.any });
    document.title = [first?.me.real_name, this.team].filter(Boolean).join(" · ");
  }

  #splitLabel(split) {
    if (!split) return this.t("beside");
    const other = this.panes[this.main.dataset.front === "0" ? 1 : 0]?.session.me.real_name;
    return this.narrow.matches && other ? this.t("switchSide", { name: other }) : this.t("oneColumn");
  }

  /** F6 goes to the other person. */
  #otherPane(event) {
    if (event.key !== "F6" || this.panes.length < 2) return;
    event.preventDefault();
    const here = this.panes.findIndex((pane) => pane.node.contains(document.activeElement));
    const goal = (here + 1) % this.panes.length;
    this.#front(goal);
    this.panes[goal].node.focus();
  }
}

new Page(document.body).start();
