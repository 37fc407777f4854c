// The developer drawer: faults on request.

import { Refusal, get, post } from "./api.js";
import { append, fill, freshId, h, iconButton } from "./dom.js";

const KINDS = ["rate_limited", "server_error", "timeout", "lost_answer", "drop_connection", "duplicate_envelope", "slow_ack"];
const METHODS = ["chat.postMessage", "chat.update", "chat.postEphemeral", "views.open", "views.update", "views.publish", "users.info", "conversations.history"];

export class Drawer {
  constructor() {
    this.node = h("aside", { class: "drawer", hidden: true, tabindex: "-1", on: { keydown: (event) => this.#key(event) } });
  }

  /** Opens or closes the drawer, in the words of `t`. */
  async toggle(t, opener) {
    this.opener = opener;
    this.node.hidden = !this.node.hidden;
    if (this.node.hidden) return;
    this.t = t;
    this.#draw();
    this.node.focus();
    await this.#try(() => get("faults"));
  }

  #key(event) {
    if (event.key === "Escape") this.#close();
  }

  #close() {
    this.node.hidden = true;
    this.opener?.focus();
  }

  #draw() {
    const { t } = this;
    this.node.setAttribute("aria-label", t("developer"));
    this.list = h("ul", { class: "fault-list", role: "list" });
    this.trouble = h("p", { class: "problem", role: "alert" });
    const clear = h("button", { type: "button", class: "button", on: { click: () => this.#try(() => post("faults", { clear: true })) } }, t("clearFaults"));
    fill(
      this.node,
      h("header", { class: "stage-head" }, h("h2", {}, t("developer")), iconButton("close", t("close"), () => this.#close(), { class: "at-end" })),
      h("div", { class: "drawer-body" }, h("h3", {}, t("faults")), h("p", { class: "quiet" }, t("faultsHint")), this.#form(), this.trouble, this.list, clear),
    );
  }

  #form() {
    const { t } = this;
    const kind = row(t("kind"), h("select", {}, KINDS.map((one) => h("option", { value: one }, t(`fault_${one}`)))));
    const names = h("datalist", { id: freshId("methods") }, METHODS.map((one) => h("option", { value: one })));
    const method = row(t("method"), h("input", { type: "text", list: names.id, placeholder: t("anyMethod") }));
    const times = row(t("times"), h("input", { type: "number", min: "1", value: "1" }));
    const seconds = row(t("seconds"), h("input", { type: "number", min: "0", step: "0.5", value: "1" }));
    const probability = row(t("probability"), h("input", { type: "number", min: "0", max: "1", step: "0.1", value: "1" }));
    const add = (event) => {
      event.preventDefault();
      const fault = {
        kind: kind.field.value,
        method: method.field.value.trim() || null,
        times: Number(times.field.value),
        seconds: Number(seconds.field.value),
        probability: Number(probability.field.value),
      };
      this.#try(() => post("faults", fault));
    };
    const form = h("form", { class: "fault-form", on: { submit: add } }, names);
    return append(form, [kind.node, method.node, h("div", { class: "fault-numbers" }, times.node, seconds.node, probability.node), h("button", { type: "submit", class: "button primary" }, t("addFault"))]);
  }

  async #try(action) {
    this.trouble.replaceChildren();
    try {
      this.#show((await action()).faults);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      fill(this.trouble, this.t("wentWrong", { code: error.code }));
    }
  }

  #show(faults) {
    const { t } = this;
    const line = (fault) =>
      h("li", {}, h("strong", {}, t(`fault_${fault.kind}`)), h("span", { class: "quiet" }, [fault.method ?? t("anyMethod"), t("timesLeft", { n: fault.times })].join(" · ")));
    fill(this.list, faults.length > 0 ? faults.map(line) : h("li", { class: "quiet" }, t("noFaults")));
  }
}

function row(label, field) {
  field.id = freshId("fault");
  return { field, node: h("div", { class: "profile-row" }, h("label", { for: field.id }, label), field) };
}
