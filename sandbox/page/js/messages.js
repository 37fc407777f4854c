// The log of a conversation or thread: days, groups by sender, and where it is scrolled to.

import { dayDivider, dayOf } from "./dates.js";
import { h } from "./dom.js";
import { MessageView, isNote, senderOf } from "./message.js";

const GROUP_SECONDS = 300;
const NEAR_END = 80;

export class MessageLog {
  #views = new Map();

  constructor(session, layer, { channel, thread = null, label }) {
    Object.assign(this, { session, layer, channel, thread });
    this.node = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": label, tabindex: "0" });
    this.inner = h("div", { class: "log-inner" });
    this.node.append(this.inner);
    this.#keepEnd();
  }

  /** Stays at the end while things around it grow (pictures, errors under the log), unless somebody scrolled up. */
  #keepEnd() {
    let height = 0;
    this.atEnd = true;
    this.node.addEventListener("scroll", () => {
      if (this.node.clientHeight === height) this.atEnd = this.#isNearEnd();
    });
    const observer = new ResizeObserver(() => {
      height = this.node.clientHeight;
      if (this.atEnd) this.toEnd();
    });
    observer.observe(this.node);
    observer.observe(this.inner);
  }

  #isNearEnd = () => this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR_END;

  /** Draws what the session knows; an own new message is always scrolled to. */
  update() {
    const messages = this.session.history.list(this.channel, this.thread);
    const count = this.#views.size;
    this.node.setAttribute("aria-busy", String(messages === null));
    this.#place(this.#rows(messages ?? []));
    this.#forget(messages ?? []);
    if (messages?.length === 0) this.inner.replaceChildren(h("p", { class: "empty" }, this.session.t("emptyConversation")));
    const mine = messages?.[messages.length - 1]?.user === this.session.id;
    if (this.atEnd || (mine && this.#views.size > count)) this.toEnd();
  }

  toEnd() {
    this.atEnd = true;
    this.node.scrollTop = this.node.scrollHeight;
  }

  #rows(messages) {
    const rows = [];
    let before = null;
    for (const message of messages) {
      const newDay = !before || this.#day(before) !== this.#day(message);
      if (newDay) rows.push(this.#divider(message));
      const view = this.#view(message);
      view.update(message, !newDay && this.#follows(before, message));
      rows.push(view.node);
      before = message;
    }
    return rows;
  }

  #day = (message) => dayOf(Number(message.ts), this.session.me.tz);

  #divider(message) {
    const text = dayDivider(this.session.me, Number(message.ts), this.session.clock.now());
    const key = `day ${this.#day(message)}`;
    if (!this.#views.has(key)) this.#views.set(key, { node: h("div", { class: "day", role: "separator" }, h("span", {}, "")) });
    const { node } = this.#views.get(key);
    if (node.textContent !== text) node.firstElementChild.textContent = text;
    return node;
  }

  #follows(before, message) {
    const same = senderOf(before, this.session).id === senderOf(message, this.session).id;
    const near = Number(message.ts) - Number(before.ts) < GROUP_SECONDS;
    return same && near && !isNote(before) && !isNote(message) && Boolean(before.ephemeral) === Boolean(message.ephemeral);
  }

  #view(message) {
    if (!this.#views.has(message.ts)) {
      this.#views.set(message.ts, new MessageView(this.session, this.layer, { inThread: this.thread !== null }));
    }
    return this.#views.get(message.ts);
  }

  #place(nodes) {
    nodes.forEach((node, index) => {
      if (this.inner.children[index] !== node) this.inner.insertBefore(node, this.inner.children[index] ?? null);
    });
    while (this.inner.children.length > nodes.length) this.inner.lastElementChild.remove();
  }

  #forget(messages) {
    const known = new Set(messages.map((message) => message.ts));
    for (const key of this.#views.keys()) {
      if (!key.startsWith("day ") && !known.has(key)) this.#views.delete(key);
    }
  }
}
