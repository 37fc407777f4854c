// Where people type: text, mentions, slash commands with completion, files, shortcuts.

import { Refusal } from "./api.js";
import { fill, freshId, h, icon, iconButton } from "./dom.js";
import { menuButton } from "./elements/buttons.js";

export class Composer {
  #suggested = [];
  #active = 0;
  #mentions = new Map();

  constructor(session, { channel, thread = null, label }) {
    Object.assign(this, { session, channel, thread });
    this.list = h("div", { id: freshId("complete"), role: "listbox", class: "completion", hidden: true, on: { mousedown: (e) => e.preventDefault() } });
    this.text = this.#field(label);
    this.notice = h("div", { class: "composer-notice", role: "alert" });
    const send = iconButton("send", session.t("send"), () => this.#send(), { class: "send" });
    this.node = h(
      "div",
      { class: "composer" },
      this.notice,
      this.list,
      h("div", { class: "composer-box" }, h("div", { class: "composer-tools" }, this.#attach(), this.#shortcuts()), this.text, send),
    );
  }

  #field(label) {
    return h("textarea", {
      rows: 1,
      "aria-label": label,
      placeholder: label,
      "aria-autocomplete": "list",
      "aria-controls": this.list.id,
      on: { input: () => this.#typed(), keydown: (event) => this.#key(event), blur: () => this.#suggest([]) },
    });
  }

  #attach() {
    const { t } = this.session;
    const picker = h("input", { type: "file", class: "visually-hidden", tabindex: "-1", "aria-label": t("attach"), on: { change: () => this.#upload(picker) } });
    return [iconButton("clip", t("attach"), () => picker.click()), picker];
  }

  #shortcuts() {
    const all = this.thread ? [] : this.session.shortcuts("global");
    if (all.length === 0) return null;
    const items = all.map((one) => ({ label: one.name, about: one.app.name, run: () => this.#try(() => this.session.shortcut(one.callback_id)) }));
    return menuButton(this.session.t("shortcuts"), "bolt", items);
  }

  focus() {
    this.text.focus({ preventScroll: true });
  }

  /** A sentence under the conversation that only this person sees, as Slack says what went wrong. */
  say(sentence) {
    fill(this.notice, icon("warning"), h("span", {}, sentence), iconButton("close", this.session.t("dismiss"), () => this.notice.replaceChildren()));
  }

  async #upload(picker) {
    const [file] = picker.files;
    if (file) await this.#try(() => this.session.attach(this.channel, file, this.thread));
    picker.value = "";
  }

  async #try(action, sentence = (code) => this.session.t("wentWrong", { code })) {
    try {
      await action();
      this.notice.replaceChildren();
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.say(sentence(error.code));
      return false;
    }
  }

  async #send() {
    const text = this.text.value.trim();
    if (!text || this.text.readOnly) return;
    this.#suggest([]);
    this.text.readOnly = true;
    this.node.classList.add("sending");
    const sent = text.startsWith("/") ? await this.#command(text) : await this.#try(() => this.session.send(this.channel, this.#withMentions(text), this.thread));
    this.text.readOnly = false;
    this.node.classList.remove("sending");
    if (sent) {
      this.text.value = "";
      this.#mentions.clear();
    }
    this.#grow();
  }

  #command(text) {
    const { t } = this.session;
    if (this.thread) {
      this.say(t("threadCommand"));
      return false;
    }
    const [command] = text.split(/\s/);
    const sentence = (code) => t(code === "unknown_command" ? "commandUnknown" : "commandFailed", { command, code });
    return this.#try(() => this.session.command(this.channel, text), sentence);
  }

  #withMentions(text) {
    let written = text;
    for (const [name, id] of this.#mentions) written = written.replaceAll(`@${name}`, `<@${id}>`);
    return written;
  }

  // Completion.

  #typed() {
    this.#grow();
    const upTo = this.text.value.slice(0, this.text.selectionStart);
    const command = /^\/(\S*)$/.exec(upTo);
    const mention = /(?:^|\s)@([^\s@]*)$/.exec(upTo);
    if (command && !this.thread) this.#suggest(this.#commands(upTo));
    else if (mention) this.#suggest(this.#people(mention[1], upTo.length - mention[1].length - 1));
    else this.#suggest([]);
  }

  #commands(typed) {
    const fitting = this.session.commands().filter((one) => one.command.startsWith(typed));
    return fitting.map((one) => ({
      label: [one.command, one.usage_hint].filter(Boolean).join(" "),
      about: [one.description, one.app.name].filter(Boolean).join(" · "),
      take: () => this.#replace(0, `${one.command} `),
    }));
  }

  #people(typed, start) {
    const wanted = typed.toLocaleLowerCase();
    const fits = (user) => !user.deleted && `${user.real_name} ${user.name}`.toLocaleLowerCase().includes(wanted);
    return this.session.users.filter(fits).slice(0, 8).map((user) => ({
      label: user.real_name,
      about: user.title,
      take: () => {
        this.#mentions.set(user.real_name, user.id);
        this.#replace(start, `@${user.real_name} `);
      },
    }));
  }

  #replace(start, text) {
    this.text.setRangeText(text, start, this.text.selectionStart, "end");
    this.#suggest([]);
    this.#grow();
  }

  #suggest(items) {
    this.#suggested = items;
    this.list.hidden = items.length === 0;
    fill(this.list, items.map((item) => this.#suggestion(item)));
    this.#point(0);
  }

  #suggestion(item) {
    return h("div", { role: "option", id: freshId("suggest"), class: "option", on: { click: () => item.take() } }, h("span", { class: "option-label" }, item.label), h("span", { class: "option-about" }, item.about));
  }

  #point(index) {
    this.#active = index;
    [...this.list.children].forEach((node, at) => {
      node.classList.toggle("active", at === index);
      node.setAttribute("aria-selected", String(at === index));
      if (at === index) this.text.setAttribute("aria-activedescendant", node.id);
    });
    if (this.#suggested.length === 0) this.text.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    if (event.isComposing) return;
    const many = this.#suggested.length;
    const steps = { ArrowDown: 1, ArrowUp: many - 1 };
    if (many > 0 && event.key in steps) this.#point((this.#active + steps[event.key]) % many);
    else if (many > 0 && (event.key === "Tab" || (event.key === "Enter" && !this.#complete()))) this.#suggested[this.#active].take();
    else if (many > 0 && event.key === "Escape") this.#suggest([]);
    else if (event.key === "Enter" && !event.shiftKey) this.#send();
    else return;
    event.preventDefault();
  }

  /** Whether the command is already typed out, so that Enter sends it. */
  #complete = () => this.session.commands().some((one) => one.command === this.text.value.trim());

  #grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 180)}px`;
  }
}
