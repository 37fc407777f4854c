// The middle of a pane: a channel or direct message, or an app with its Home and Messages tabs.

import { Surface } from "./blocks.js";
import { Composer } from "./composer.js";
import { avatar } from "./avatar.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { MessageLog } from "./messages.js";

/** Shows a conversation: its log and where to type. */
export class Conversation {
  constructor(session, layer, channelId) {
    const name = session.nameOf(session.channel(channelId));
    this.session = session;
    this.channelId = channelId;
    this.log = new MessageLog(session, layer, { channel: channelId, label: session.t("messagesIn", { name }) });
    this.composer = new Composer(session, { channel: channelId, label: session.t("messageTo", { name }) });
    this.parts = [this.log.node, this.composer.node];
  }

  async open() {
    this.log.update();
    await this.session.read(this.channelId);
    this.log.toEnd();
  }

  update() {
    this.log.update();
  }
}

/** Shows an app's Home tab. */
export class HomeTab {
  constructor(session, layer, app) {
    this.session = session;
    this.app = app;
    this.surface = new Surface({
      session,
      layer,
      kind: "home",
      appName: () => app.name,
      target: () => ({ view: { id: session.homes.get(app.id)?.id, values: this.surface.values() } }),
    });
    this.empty = h("p", { class: "empty" }, session.t("emptyHome"));
    this.parts = [h("div", { class: "home-tab" }, h("div", { class: "home-inner" }, this.empty, this.surface.node))];
  }

  async open() {
    this.update();
    await this.session.openHome(this.app.id);
  }

  update() {
    const view = this.session.homes.get(this.app.id);
    this.empty.hidden = Boolean(view);
    this.surface.update(view?.blocks ?? []);
  }
}

/** The head of the middle: what is open, and for an app its two tabs. */
export function stageHead(session, { app, channel }, { onBack, onHome, onMessages, home }) {
  const name = app ? app.name : session.nameOf(channel);
  const other = channel?.is_im ? session.user(channel.user) : null;
  const picture = app ? avatar({ id: app.id, name: app.name, app: true }, "small") : other && avatar({ id: other.id, name: other.real_name }, "small");
  const about = app ? "" : (other?.title ?? channel?.topic);
  const members = channel && !channel.is_im && channel.members ? h("span", { class: "quiet members", title: session.t("people") }, icon("people"), String(channel.members.length)) : null;
  const away = app && app.connected === false ? h("span", { class: "away" }, session.t("appAway")) : null;
  const back = iconButton("back", session.t("back"), onBack, { class: "only-narrow" });
  const head = h("header", { class: "stage-head" }, back, picture, h("h2", {}, name), members, about ? h("span", { class: "quiet" }, about) : null, away);
  return app ? [head, tabs(session, { home, onHome, onMessages })] : [head];
}

function tabs(session, { home, onHome, onMessages }) {
  const tab = (key, selected, open) =>
    h("button", { type: "button", role: "tab", "data-goal": key, "aria-selected": String(selected), tabindex: selected ? "0" : "-1", on: { click: open } }, session.t(key));
  const list = h(
    "div",
    { class: "tabs", role: "tablist", on: { keydown: (event) => arrow(event, list) } },
    tab("appHome", home, onHome),
    tab("appMessages", !home, onMessages),
  );
  return list;
}

function arrow(event, list) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  [...list.children].find((tab) => tab !== document.activeElement)?.click();
}

/** The thread beside a conversation. */
export class Thread {
  constructor(session, layer, channelId, ts) {
    Object.assign(this, { session, channelId, ts });
    const name = session.t("thread");
    this.log = new MessageLog(session, layer, { channel: channelId, thread: ts, label: name });
    this.composer = new Composer(session, { channel: channelId, thread: ts, label: session.t("replyTo") });
    const close = () => session.go(channelId);
    const head = h("header", { class: "stage-head" }, h("h2", {}, name), h("span", { class: "quiet" }, session.nameOf(session.channel(channelId))), iconButton("close", session.t("close"), close, { class: "at-end" }));
    this.node = h("section", { class: "side-inner", "aria-label": name });
    fill(this.node, head, this.log.node, this.composer.node);
  }

  async open() {
    this.log.update();
    await this.session.read(this.channelId, this.ts);
    this.log.toEnd();
  }

  update() {
    this.log.update();
  }
}
