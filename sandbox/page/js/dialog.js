// Layers above a pane: the rest of that pane rests (inert) while one is open; the other pane stays usable.

import { focusables, freshId, h, trapTab } from "./dom.js";
import { plainText, textObject } from "./text.js";

export class Layer {
  #open = [];

  /** `node` holds the layers, `rest` are the parts of the pane that lie beneath. */
  constructor(node, rest) {
    this.node = node;
    this.rest = rest;
  }

  /** Shows a dialog above everything in the pane; gives the function that takes it away. */
  show(dialog, { onEscape, focus }) {
    const before = document.activeElement;
    const entry = { dialog };
    dialog.addEventListener("keydown", (event) => {
      trapTab(dialog, event);
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.stopPropagation();
      onEscape();
    });
    this.#open.push(entry);
    this.node.append(h("div", { class: "shade" }, dialog));
    this.#settle();
    (focus?.() ?? focusables(dialog)[0] ?? dialog).focus();
    return () => this.#hide(entry, before);
  }

  #hide(entry, before) {
    this.#open = this.#open.filter((one) => one !== entry);
    entry.dialog.parentElement?.remove();
    this.#settle();
    const top = this.#open[this.#open.length - 1]?.dialog;
    const home = before?.isConnected && (!top || top.contains(before)) ? before : (top ?? this.rest[0]);
    home?.focus?.();
  }

  #settle() {
    const depth = this.#open.length;
    for (const part of this.rest) part.inert = depth > 0;
    this.#open.forEach(({ dialog }, index) => {
      dialog.parentElement.inert = index < depth - 1;
    });
    this.node.classList.toggle("covered", depth > 0);
  }
}

/** Asks with a confirm object of Block Kit; true if the person agrees. */
export function askFirst(layer, confirm, reader) {
  return new Promise((resolve) => {
    const title = freshId("title");
    const text = freshId("text");
    const answer = (agreed) => () => {
      close();
      resolve(agreed);
    };
    const agree = h("button", { type: "button", class: `button ${confirm.style ?? "primary"}`, on: { click: answer(true) } }, plainText(confirm.confirm));
    const dialog = h(
      "div",
      { class: "dialog small", role: "alertdialog", "aria-labelledby": title, "aria-describedby": text, tabindex: "-1" },
      h("h2", { id: title }, plainText(confirm.title)),
      h("div", { id: text, class: "dialog-text" }, textObject(confirm.text, reader)),
      h("div", { class: "dialog-foot" }, h("button", { type: "button", class: "button", on: { click: answer(false) } }, plainText(confirm.deny)), agree),
    );
    const close = layer.show(dialog, { onEscape: answer(false), focus: () => agree });
  });
}
