// One message as it stands in a conversation or thread.

import { Refusal } from "./api.js";
import { avatar } from "./avatar.js";
import { Surface } from "./blocks.js";
import { dayOf, fullMoment, relativeDay, shortTime, weekdayAndDate } from "./dates.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { menuButton } from "./elements/buttons.js";
import { mrkdwn } from "./text.js";

const NOTES = new Set(["channel_join", "channel_leave", "group_join", "group_leave", "tombstone"]);

/** Whether a message is a remark of the workspace itself, such as that somebody joined. */
export const isNote = (message) => NOTES.has(message.subtype);

/** Who a message is from: {id, name, app, title}. */
export function senderOf(message, session) {
  const app = session.appOf(message);
  if (app) return { id: app.id, name: message.username ?? app.name, app: true };
  const user = session.user(message.user);
  return { id: message.user ?? "", name: user?.real_name ?? message.username ?? message.user ?? "", app: Boolean(message.bot_id) };
}

export class MessageView {
  #surface = null;

  constructor(session, layer, { inThread = false } = {}) {
    Object.assign(this, { session, layer, inThread });
    this.node = h("article", { class: "message", tabindex: "-1" });
  }

  /** Shows the message; `follows` leaves out the sender, who is the same as above. */
  update(message, follows) {
    const look = JSON.stringify([message, follows, this.session.me, this.#look(message)]);
    if (look === this.look) return;
    this.look = look;
    this.message = message;
    const sender = senderOf(message, this.session);
    const unix = Number(message.ts);
    this.node.dataset.ts = message.ts;
    this.node.className = ["message", follows && "follows", message.ephemeral && "ephemeral", isNote(message) && "note"].filter(Boolean).join(" ");
    this.node.setAttribute("aria-label", `${sender.name}, ${shortTime(this.session.me, unix)}`);
    fill(
      this.node,
      this.#gutter(sender, unix, follows),
      h("div", { class: "message-body" }, this.#onlyYou(), follows ? null : this.#head(sender, unix), this.#content(sender), this.#files(), this.#replies()),
      this.#tools(),
    );
  }

  #look(message) {
    const { session } = this;
    return [senderOf(message, session), session.channels.length, dayOf(session.clock.now(), session.me.tz)];
  }

  #gutter(sender, unix, follows) {
    const inside = follows ? h("time", { class: "gutter-time", "aria-hidden": "true" }, shortTime(this.session.me, unix)) : avatar(sender);
    return h("div", { class: "gutter" }, inside);
  }

  #head(sender, unix) {
    const { me, t } = this.session;
    return h(
      "div",
      { class: "message-head" },
      h("span", { class: "sender" }, sender.name),
      sender.app ? h("span", { class: "badge" }, t("app")) : null,
      h("time", { datetime: new Date(unix * 1000).toISOString(), title: fullMoment(me, unix) }, shortTime(me, unix)),
    );
  }

  #onlyYou() {
    const { t } = this.session;
    if (!this.message.ephemeral) return null;
    const dismiss = h("button", { type: "button", class: "link", on: { click: () => this.session.hide(this.message) } }, t("dismiss"));
    return h("div", { class: "only-you" }, h("span", {}, t("onlyYou")), " · ", dismiss);
  }

  #content(sender) {
    const { message, session } = this;
    const edited = message.edited ? h("span", { class: "edited" }, `(${session.t("edited")})`) : null;
    if (message.blocks?.length) {
      this.#surface ??= new Surface({
        session,
        layer: this.layer,
        kind: "message",
        appName: () => senderOf(this.message, session).name,
        target: () => ({ message: { channel: this.message.channel, ts: this.message.ts, values: this.#surface.values() } }),
      });
      this.#surface.update(message.blocks);
      return h("div", { class: "content" }, this.#surface.node, edited);
    }
    this.#surface = null;
    const text = message.text || (message.files?.length ? "" : sender.name);
    return h("div", { class: "content" }, mrkdwn(text, { session, now: () => session.clock.now() }), edited);
  }

  #files() {
    const files = this.message.files ?? [];
    if (files.length === 0) return null;
    return h("div", { class: "files" }, files.map((file) => fileCard(file, this.session)));
  }

  #replies() {
    const { message, session } = this;
    if (this.inThread || !message.reply_count) return null;
    const last = message.latest_reply ? ` · ${momentNear(session, Number(message.latest_reply))}` : "";
    const open = () => session.go(message.channel, message.ts);
    return h("button", { type: "button", class: "replies", on: { click: open } }, icon("reply"), session.t("replies", { n: message.reply_count }), h("span", { class: "quiet" }, last));
  }

  #tools() {
    const { message, session } = this;
    if (message.ephemeral || isNote(message)) return null;
    const open = () => session.go(message.channel, message.thread_ts ?? message.ts);
    const shortcuts = session.shortcuts("message").map((one) => ({ label: one.name, about: one.app.name, run: () => this.#run(one) }));
    return h(
      "div",
      { class: "message-tools" },
      this.inThread ? null : iconButton("reply", session.t("replyInThread"), open),
      shortcuts.length > 0 ? menuButton(session.t("shortcuts"), "bolt", shortcuts) : null,
    );
  }

  async #run(shortcut) {
    try {
      await this.session.shortcut(shortcut.callback_id, { channel: this.message.channel, ts: this.message.ts });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.session.complain(error.code);
    }
  }
}

function momentNear(session, unix) {
  const day = relativeDay(session.me, unix, session.clock.now()) ?? weekdayAndDate(session.me, unix);
  return `${day} ${shortTime(session.me, unix)}`;
}

function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function fileCard(file, session) {
  const url = `/people/file?${new URLSearchParams({ as: session.id, id: file.id })}`;
  const name = file.title || file.name;
  if (file.mimetype?.startsWith("image/")) {
    return h("a", { class: "file picture", href: url, target: "_blank", rel: "noopener" }, h("img", { src: url, alt: name, loading: "lazy" }));
  }
  return h(
    "a",
    { class: "file", href: url, target: "_blank", rel: "noopener", download: file.name },
    icon("file"),
    h("span", { class: "file-text" }, h("span", { class: "file-name" }, name), h("span", { class: "quiet" }, [file.pretty_type ?? file.filetype, size(file.size)].filter(Boolean).join(" · "))),
  );
}
