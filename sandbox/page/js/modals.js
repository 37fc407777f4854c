// A person's stack of modals. The workspace holds the stack; here the top view is drawn and what was typed is kept.

import { Refusal } from "./api.js";
import { Surface } from "./blocks.js";
import { append, fill, freshId, h, icon, iconButton } from "./dom.js";
import { plainText } from "./text.js";
import { problemsIn } from "./validate.js";

export class Modals {
  #surfaces = new Map();
  #hide = null;
  #shown = null;

  constructor(session, layer) {
    Object.assign(this, { session, layer });
    this.titleId = freshId("modal");
    this.trouble = h("div", { class: "modal-trouble", role: "alert" });
    this.dialog = h("div", { class: "dialog modal", role: "dialog", "aria-labelledby": this.titleId, tabindex: "-1" });
  }

  get isOpen() {
    return this.#hide !== null;
  }

  /** Draws the session's stack as it is now. */
  update() {
    const { views, viewErrors } = this.session;
    this.#forget(views);
    const top = views[views.length - 1];
    if (!top) {
      this.#close();
      return;
    }
    const surface = this.#surfaceOf(top);
    surface.update(top.blocks, viewErrors ?? {});
    const isNew = this.#shown !== top.id;
    if (isNew) this.trouble.replaceChildren();
    this.#draw(top, surface, views.length);
    if (!this.#hide) this.#hide = this.layer.show(this.dialog, { onEscape: () => this.#leave(), focus: () => this.#start(surface) });
    else if (isNew) this.#start(surface).focus();
    this.#shown = top.id;
    if (viewErrors) surface.focusFirstProblem();
  }

  #start(surface) {
    return surface.node.querySelector("[data-focus]") ?? surface.node.querySelector("input, textarea, button") ?? this.dialog;
  }

  #close() {
    this.#hide?.();
    this.#hide = null;
    this.#shown = null;
    this.look = null;
  }

  #forget(views) {
    const open = new Set(views.map((view) => view.id));
    for (const id of this.#surfaces.keys()) if (!open.has(id)) this.#surfaces.delete(id);
  }

  #surfaceOf(view) {
    if (!this.#surfaces.has(view.id)) {
      const surface = new Surface({
        session: this.session,
        layer: this.layer,
        kind: "modal",
        appName: () => this.session.app(view.app_id)?.name ?? this.session.t("app"),
        target: () => ({ view: { id: view.id, values: surface.values() } }),
      });
      this.#surfaces.set(view.id, surface);
    }
    return this.#surfaces.get(view.id);
  }

  #draw(view, surface, depth) {
    const look = JSON.stringify([view.id, view.title, view.submit, view.close, depth, this.session.me.locale]);
    if (look === this.look) return;
    this.look = look;
    const hadFocus = this.dialog.contains(document.activeElement);
    const form = h("form", { novalidate: true, on: { submit: (event) => this.#submit(event) } });
    append(form, [h("div", { class: "modal-body", tabindex: "-1" }, surface.node), this.trouble, this.#foot(view)]);
    this.dialog.classList.toggle("stacked", depth > 1);
    fill(this.dialog, this.#head(view, depth), form);
    if (hadFocus) this.dialog.focus();
  }

  #foot(view) {
    const close = h("button", { type: "button", class: "button", on: { click: () => this.#leave() } }, view.close ? plainText(view.close) : this.session.t("cancel"));
    const submit = view.submit ? h("button", { type: "submit", class: "button primary" }, plainText(view.submit)) : null;
    return h("div", { class: "dialog-foot" }, close, submit);
  }

  #head(view, depth) {
    const { t } = this.session;
    const app = this.session.app(view.app_id);
    const back = depth > 1 ? iconButton("back", t("back"), () => this.#leave()) : null;
    const cross = iconButton("close", t(depth > 1 ? "closeAll" : "close"), () => this.#leave(depth > 1), { class: "at-end" });
    return h("header", { class: "dialog-head" }, back, h("h2", { id: this.titleId }, plainText(view.title)), app ? h("span", { class: "quiet" }, app.name) : null, cross);
  }

  async #submit(event) {
    event.preventDefault();
    const view = this.session.views[this.session.views.length - 1];
    const surface = view && this.#surfaces.get(view.id);
    if (!surface || this.dialog.getAttribute("aria-busy")) return;
    const problems = problemsIn(view.blocks, surface.form, this.session.t);
    surface.update(view.blocks, problems);
    if (Object.keys(problems).length > 0) {
      surface.focusFirstProblem();
      return;
    }
    const refused = (answer) => this.#refused(view, surface, answer);
    await this.#try(() => this.session.submit({ id: view.id, values: surface.values() }).then(() => this.#toTop()), refused);
  }

  /** What an app answers with often stands above the form that was sent. */
  #toTop() {
    this.dialog.querySelector(".modal-body")?.scrollTo({ top: 0 });
  }

  #refused(view, surface, answer) {
    if (!answer.errors) return false;
    surface.update(view.blocks, answer.errors);
    surface.focusFirstProblem();
    return true;
  }

  async #leave(clear = false) {
    const view = this.session.views[this.session.views.length - 1];
    const surface = this.#surfaces.get(view.id);
    await this.#try(() => this.session.closeView({ id: view.id, values: surface.values() }, clear));
  }

  async #try(action, taken = () => false) {
    this.dialog.setAttribute("aria-busy", "true");
    this.trouble.replaceChildren();
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!taken(error.answer)) this.say(error.code);
    } finally {
      this.dialog.removeAttribute("aria-busy");
    }
  }

  /** The sentence that Slack shows in a modal when the app did not answer. */
  say(code) {
    fill(this.trouble, icon("warning"), h("span", {}, this.session.t("troubleModal"), " ", h("code", {}, code)));
  }
}
