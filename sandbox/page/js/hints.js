// What a newcomer can try: the lines that the embedding program gives, until they are dismissed.

import { fill, h, iconButton } from "./dom.js";

const KEY = "workspace-hints-dismissed";

export class Hints {
  #hints = [];

  constructor() {
    this.node = h("section", { class: "hints", hidden: true });
  }

  get any() {
    return this.#hints.length > 0;
  }

  update(hints, t) {
    this.#hints = hints;
    this.node.setAttribute("aria-label", t("hints"));
    fill(
      this.node,
      h("h2", {}, t("hints")),
      h("ol", {}, hints.map((hint) => h("li", {}, hint))),
      iconButton("close", t("dismiss"), () => this.#dismiss(), { class: "small" }),
    );
    this.node.hidden = !this.any || localStorage.getItem(KEY) === this.#mark();
  }

  #mark = () => this.#hints.join("\n");

  #dismiss() {
    this.node.hidden = true;
    localStorage.setItem(KEY, this.#mark());
  }

  /** Shows them again, or dismisses them. */
  toggle() {
    if (!this.node.hidden) return this.#dismiss();
    this.node.hidden = false;
    return localStorage.removeItem(KEY);
  }
}
