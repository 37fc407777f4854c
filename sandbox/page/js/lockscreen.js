// Notifications as they stand on a phone's lock screen.

import { avatar } from "./avatar.js";
import { hourOf, hourText, relativeDay, shortTime, weekdayAndDate } from "./dates.js";
import { fill, h, iconButton } from "./dom.js";

const SHOWN_AT_ONCE = 3;

function cardTime(session, card) {
  const unix = Number(card.ts);
  const now = session.clock.now();
  if (Math.abs(now - unix) < 60) return session.t("now");
  const time = shortTime(session.me, unix);
  return relativeDay(session.me, unix, now) === relativeDay(session.me, now, now) ? time : `${weekdayAndDate(session.me, unix)}, ${time}`;
}

/** Who a card is from; in a channel its title is "Name (#channel)". */
function senderOfCard(session, card, channel) {
  const name = card.title.replace(/ \(#[^)]*\)$/, "");
  const app = session.appOfChannel(channel) ?? session.apps.find((one) => one.name === name);
  const user = session.users.find((one) => one.real_name === name);
  return { id: app?.id ?? user?.id ?? name, name, app: Boolean(app) };
}

function cardNode(session, card, { dismissable }) {
  const channel = session.channel(card.channel);
  const sender = senderOfCard(session, card, channel);
  const open = () => {
    session.dismissCard(card);
    session.go(card.channel);
  };
  return h(
    "div",
    { class: "card", role: "group", "aria-label": card.title, "data-ts": card.ts },
    h(
      "button",
      { type: "button", class: "card-open", on: { click: open } },
      avatar(sender, "tiny"),
      h("span", { class: "card-text" }, h("span", { class: "card-head" }, h("strong", {}, card.title), h("time", {}, cardTime(session, card))), h("span", { class: "card-body" }, card.text)),
    ),
    dismissable ? iconButton("close", session.t("dismiss"), () => session.dismissCard(card), { class: "small" }) : null,
  );
}

/** The cards that nobody has looked at yet, newest first. */
export function freshCards(session) {
  const fresh = session.cards.filter((card) => card.fresh).reverse();
  return fresh.slice(0, SHOWN_AT_ONCE).map((card) => cardNode(session, card, { dismissable: true }));
}

/** The person's whole lock screen, as a panel beside the conversation. */
export class LockScreen {
  constructor(session) {
    this.session = session;
    const { t } = session;
    this.time = h("div", { class: "lock-time" });
    this.date = h("div", { class: "lock-date" });
    this.cards = h("div", { class: "lock-cards", role: "list" });
    const close = iconButton("close", t("close"), () => session.go(session.place.where), { class: "at-end" });
    const head = h("header", { class: "stage-head" }, h("h2", {}, t("lockScreen")), close);
    const screen = h("div", { class: "lock" }, this.time, this.date, this.cards);
    this.node = h("section", { class: "side-inner", "aria-label": t("lockScreen") }, head, screen);
    this.unfollow = session.clock.follow(() => this.#tick());
  }

  #tick() {
    const { me, clock } = this.session;
    this.time.textContent = hourText(me, hourOf(clock.now(), me.tz));
    this.date.textContent = weekdayAndDate(me, clock.now());
  }

  async open() {
    this.update();
  }

  update() {
    const { session } = this;
    const cards = [...session.cards].reverse();
    const nodes = cards.map((card) => h("div", { role: "listitem" }, cardNode(session, card, { dismissable: false })));
    const clear = h("button", { type: "button", class: "lock-clear", on: { click: () => session.clearCards() } }, session.t("clearAll"));
    fill(this.cards, nodes.length > 0 ? [nodes, clear] : h("p", { class: "lock-empty" }, session.t("emptyLockScreen")));
  }

  close() {
    this.unfollow();
  }
}
