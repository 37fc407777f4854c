// A person's half of the page: a whole client with its own connection.

import { avatar } from "./avatar.js";
import { Conversation, HomeTab, Thread, stageHead } from "./conversation.js";
import { clockText, dayOf, zoneName, zoneOffset } from "./dates.js";
import { Layer } from "./dialog.js";
import { fill, h, iconButton, refill } from "./dom.js";
import { LockScreen } from "./lockscreen.js";
import { Modals } from "./modals.js";
import { profileButton } from "./profile.js";
import { Session } from "./session.js";
import { Sidebar } from "./sidebar.js";

const NARROW = 600;
const LOCK = "lock";

export class Pane {
  #stage = null;
  #side = null;
  #ready = false;

  constructor(id, place, clock, { onPlace, onSwitch, onReady }) {
    this.id = id;
    this.handlers = { onPlace, onSwitch, onReady };
    this.session = new Session(id, clock);
    this.session.place = place;
    this.head = h("header", { class: "pane-head" });
    this.banner = h("div", { class: "banner", role: "status" });
    this.sidebar = new Sidebar(this.session);
    this.stageHead = h("div", { class: "stage-top" });
    this.stageBody = h("div", { class: "stage-body" });
    this.stage = h("section", { class: "stage" }, this.stageHead, this.stageBody);
    this.side = h("aside", { class: "side", hidden: true });
    const body = h("div", { class: "pane-body" }, this.sidebar.node, this.stage, this.side);
    const layers = h("div", { class: "layers" });
    this.node = h("section", { class: "pane", role: "region", tabindex: "-1" }, this.head, this.banner, body, layers);
    this.layer = new Layer(layers, [body, this.head]);
    this.modals = new Modals(this.session, this.layer);
    this.#listen();
  }

  #listen() {
    const { session } = this;
    session.on("ready", () => this.#start());
    session.on("people", () => this.#start());
    session.on("apps", () => this.#start());
    session.on("place", () => this.#moved());
    session.on("channels", () => this.#drawSidebar());
    session.on("cards", () => this.#cards());
    session.on("messages", (keys) => this.#messages(keys));
    session.on("home", () => this.#stage?.shown.update());
    session.on("views", () => this.modals.update());
    session.on("trouble", (trouble) => this.#trouble(trouble));
    session.on("connection", () => this.#banner());
    session.on("refused", (refusal) => fill(this.banner, session.t("wentWrong", { code: refusal.code })));
    this.unfollow = session.clock.follow(() => this.#tick());
    document.addEventListener("visibilitychange", this.#read);
  }

  open() {
    this.session.start();
  }

  close() {
    this.unfollow();
    document.removeEventListener("visibilitychange", this.#read);
    this.#side?.shown.close?.();
    this.session.stop();
    this.node.remove();
  }

  /** Shows another place without making a step in the history (the address already says it). */
  show(place) {
    const { where, thread } = this.session.place;
    if (where === place.where && thread === place.thread) return;
    this.session.place = place;
    if (this.#ready) this.#draw();
  }

  get narrow() {
    return this.node.clientWidth < NARROW;
  }

  #start() {
    this.#ready = true;
    this.node.lang = this.session.me.locale;
    this.node.setAttribute("aria-label", this.session.me.real_name);
    this.#drawHead();
    this.#draw();
    this.handlers.onReady(this);
  }

  #moved() {
    this.handlers.onPlace(this);
    this.#draw();
    if (!this.narrow) this.#stage?.shown.composer?.focus();
  }

  #drawHead() {
    const { session } = this;
    const { me, t } = session;
    const look = JSON.stringify(me);
    if (look === this.headLook) return;
    this.headLook = look;
    this.local = h("time", { class: "local-time" });
    const who = profileButton(session, { class: "who" }, avatar({ id: me.id, name: me.real_name }), h("span", { class: "who-text" }, h("strong", {}, me.real_name), h("span", { class: "quiet" }, me.title)));
    const lock = iconButton("phone", t("lockScreen"), () => this.#toggleLock());
    this.lockButton = lock;
    fill(this.head, who, this.local, lock, iconButton("people", t("switchPerson"), () => this.handlers.onSwitch(this)));
    this.#tick();
  }

  #tick() {
    if (!this.local) return;
    const { me, clock } = this.session;
    const now = clock.now();
    const text = `${clockText(me, now)} · ${zoneOffset(me, now)}`;
    if (this.local.textContent !== text) this.local.textContent = text;
    this.#newDay(dayOf(now, me.tz));
    this.local.title = `${zoneName(me, now)} (${me.tz})`;
  }

  /** On another day "today" means something else, and the lines between the days do. */
  #newDay(day) {
    if (day === this.day) return;
    this.day = day;
    this.#stage?.shown?.update();
    this.#side?.shown.update();
  }

  #toggleLock() {
    const { where, thread } = this.session.place;
    this.session.go(where, thread === LOCK ? null : LOCK);
  }

  #draw() {
    const { thread } = this.session.place;
    this.node.dataset.level = thread ? "side" : this.#asked ? "stage" : "list";
    this.#drawStage();
    this.#drawSide(thread);
    this.#drawSidebar();
  }

  /** Where this pane is: the place asked for, else the first conversation (on a phone: the list). */
  get #where() {
    return this.#asked ?? (this.narrow ? null : this.#first());
  }

  /** The place in the address, unless nothing here has that name (an old link). */
  get #asked() {
    const { session } = this;
    const { where } = session.place;
    return !this.#ready || session.channel(where) || session.app(where) ? where : null;
  }

  #first() {
    const channels = this.session.channels.filter((channel) => !channel.is_im).sort((a, b) => a.name.localeCompare(b.name));
    return channels[0]?.id ?? this.session.apps[0]?.id ?? null;
  }

  #drawSidebar() {
    if (!this.#ready) return;
    this.sidebar.update(this.#where);
    this.#read();
  }

  #read = () => {
    const where = this.#where;
    const channel = where && this.session.channel(where);
    const seen = !this.narrow || this.node.dataset.level !== "list";
    const waiting = channel && (channel.unread || this.session.cards.some((card) => card.fresh && card.channel === where));
    if (waiting && seen && document.visibilityState === "visible") this.session.markRead(channel.id);
  };

  #drawStage() {
    const { session } = this;
    const where = this.#where;
    const app = session.app(where) ?? session.appOfChannel(session.channel(where));
    refill(this.stageHead, app || session.channel(where) ? this.#stageHead(where, app) : null);
    const key = JSON.stringify([where, session.me.locale, session.me.tz, Boolean(session.channel(where) ?? session.app(where))]);
    if (this.#stage?.key === key) {
      this.#stage.shown?.update();
      return;
    }
    this.#stage = { key, shown: this.#shownAt(where, app) };
    fill(this.stageBody, this.#stage.shown?.parts);
    this.#stage.shown?.open();
  }

  #shownAt(where, app) {
    if (this.session.channel(where)) return new Conversation(this.session, this.layer, where);
    return this.session.app(where) ? new HomeTab(this.session, this.layer, app) : null;
  }

  #stageHead(where, app) {
    const { session } = this;
    return stageHead(
      session,
      { app, channel: session.channel(where) },
      {
        home: app?.id === where,
        onBack: () => session.go(null),
        onHome: () => session.go(app.id),
        onMessages: async () => session.go(await session.openDm(app.bot_user_id)),
      },
    );
  }

  #drawSide(thread) {
    const key = thread && JSON.stringify([this.#where, thread, this.session.me.locale, this.session.me.tz]);
    this.lockButton.setAttribute("aria-pressed", String(thread === LOCK));
    if (this.#side?.key === key) {
      this.#side?.shown.update();
      return;
    }
    this.#side?.shown.close?.();
    this.#side = null;
    this.side.hidden = !thread;
    if (!thread) {
      this.side.replaceChildren();
      return;
    }
    const shown = thread === LOCK ? new LockScreen(this.session) : new Thread(this.session, this.layer, this.#where, thread);
    this.#side = { key, shown };
    fill(this.side, shown.node);
    shown.open();
  }

  #cards() {
    if (!this.#ready) return;
    this.#drawSidebar();
    this.#side?.shown.update();
  }

  #messages(keys) {
    const where = this.#where;
    if (keys.includes(where)) this.#stage?.shown?.update();
    if (keys.some((key) => key.includes("/"))) this.#side?.shown.update();
  }

  #trouble({ text, code }) {
    if (this.modals.isOpen) this.modals.say(code);
    else if (this.#stage?.shown?.composer) this.#stage.shown.composer.say(text);
    else fill(this.banner, text, iconButton("close", this.session.t("dismiss"), () => this.banner.replaceChildren(), { class: "small" }));
  }

  #banner() {
    fill(this.banner, this.session.connected ? null : this.session.t("lostConnection"));
  }
}
