// The list of conversations and apps, with what is unread, and the newest notifications beneath.

import { avatar } from "./avatar.js";
import { h, refill } from "./dom.js";
import { menuButton } from "./elements/buttons.js";
import { freshCards } from "./lockscreen.js";

export class Sidebar {
  constructor(session) {
    this.session = session;
    this.list = h("div", { class: "sidebar-list" });
    this.tray = h("div", { class: "tray", role: "status" });
    this.node = h("nav", { class: "sidebar" }, this.list, this.tray);
  }

  update(where) {
    const { session } = this;
    const { t } = session;
    this.node.setAttribute("aria-label", t("conversations"));
    const channels = session.channels.filter((channel) => !channel.is_im).sort((a, b) => a.name.localeCompare(b.name));
    const dms = session.channels.filter((channel) => channel.is_im && !session.appOfChannel(channel));
    const groups = [
      this.#group(t("channels"), channels.map((channel) => this.#item(channel.id, `#${channel.name}`, channel.unread, where))),
      this.#group(t("directMessages"), dms.map((channel) => this.#person(channel, where)), this.#newDm()),
      this.#group(t("apps"), session.apps.map((app) => this.#app(app, where))),
    ];
    refill(this.list, groups);
    refill(this.tray, freshCards(session));
  }

  #group(title, items, extra = null) {
    return h("section", { class: "sidebar-group", "aria-label": title }, h("h3", {}, title, extra), h("ul", { role: "list" }, items.map((item) => h("li", {}, item))));
  }

  #item(goal, name, unread, where, picture = null, extra = null) {
    const { t } = this.session;
    const badge = unread ? h("span", { class: "unread" }, h("span", { "aria-hidden": "true" }, String(unread)), h("span", { class: "visually-hidden" }, t("unread", { n: unread }))) : null;
    const current = where === goal;
    return h(
      "button",
      { type: "button", "data-goal": goal, class: `sidebar-item ${unread ? "has-unread" : ""}`, "aria-current": current ? "page" : null, on: { click: () => this.session.go(goal) } },
      picture,
      h("span", { class: "item-name" }, name),
      extra,
      badge,
    );
  }

  #person(channel, where) {
    const user = this.session.user(channel.user);
    const name = user?.real_name ?? channel.user;
    return this.#item(channel.id, name, channel.unread, where, avatar({ id: channel.user, name }, "tiny"));
  }

  #app(app, where) {
    const dm = this.session.dmWith(app.bot_user_id);
    const here = where === app.id || (dm && where === dm.id);
    const goal = (dm && dm.unread) || (dm && app.home === false) ? dm.id : app.id;
    const away = app.connected === false ? h("span", { class: "dot-away", title: this.session.t("appAway") }) : null;
    return this.#item(goal, app.name, dm?.unread, here ? goal : null, avatar({ id: app.id, name: app.name, app: true }, "tiny"), away);
  }

  #newDm() {
    const { session } = this;
    const others = session.users.filter((user) => !user.is_bot && !user.deleted && user.id !== session.id && !session.dmWith(user.id));
    if (others.length === 0) return null;
    const items = others.map((user) => ({ label: user.real_name, about: user.title, run: async () => session.go(await session.openDm(user.id)) }));
    return menuButton(session.t("people"), "people", items, { class: "small" });
  }
}
