// A searchable list to choose from, by the ARIA combobox pattern: one text field, one listbox in the top layer.

import { append, fill, freshId, h, icon, placeUnder } from "../dom.js";

/**
 * An item is {key, label, description?}. `load(query)` gives groups [{label?, items}], perhaps later.
 * `parse(text)` may make an item of what was typed (times).
 */
export class Combobox {
  #items = [];
  #active = -1;
  #turn = 0;
  #typing = false;
  #reposition = () => this.#place();

  constructor({ t, attributes = {}, placeholder, multiple = false, max = Infinity, clearable = true, selected = [], load, parse, onChange }) {
    Object.assign(this, { t, multiple, max, clearable, load, parse, onChange });
    this.selected = selected;
    this.placeholder = placeholder;
    const listId = freshId("list");
    this.input = this.#makeInput(listId, attributes);
    this.list = h("div", { id: listId, role: "listbox", popover: "manual", class: "listbox", "aria-multiselectable": multiple, on: { mousedown: (e) => e.preventDefault() } });
    this.chips = h("span", { class: "chips" });
    this.node = h(
      "div",
      { class: multiple ? "combo multiple" : "combo", on: { click: () => this.input.focus() } },
      this.chips,
      this.input,
      icon("chevron"),
      this.list,
    );
    this.#show();
  }

  #makeInput(listId, attributes) {
    return h("input", {
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": listId,
      ...attributes,
      on: {
        click: () => this.#open(),
        input: () => this.#typed(),
        keydown: (event) => this.#key(event),
        blur: () => this.#leave(),
      },
    });
  }

  #show() {
    this.input.value = this.multiple ? "" : (this.selected[0]?.label ?? "");
    this.input.placeholder = this.multiple && this.selected.length > 0 ? "" : this.placeholder;
    if (this.multiple) fill(this.chips, this.selected.map((item) => this.#chip(item)));
  }

  #chip(item) {
    const remove = () => {
      this.#set(this.selected.filter((one) => one.key !== item.key));
      this.input.focus();
    };
    const button = h("button", { type: "button", "aria-label": this.t("remove", { name: item.label }), on: { click: remove } }, icon("close"));
    return h("span", { class: "chip" }, item.label, button);
  }

  #set(items) {
    this.selected = items;
    this.#typing = false;
    this.#show();
    this.onChange(items);
  }

  get #isOpen() {
    return this.input.getAttribute("aria-expanded") === "true";
  }

  #open() {
    if (!this.#isOpen) {
      this.input.setAttribute("aria-expanded", "true");
      this.list.showPopover();
      window.addEventListener("scroll", this.#reposition, true);
      window.addEventListener("resize", this.#reposition);
      if (!this.multiple) this.input.select();
    }
    this.#fetch();
  }

  #close() {
    if (!this.#isOpen) return;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    window.removeEventListener("scroll", this.#reposition, true);
    window.removeEventListener("resize", this.#reposition);
    if (this.list.isConnected) this.list.hidePopover();
    this.list.replaceChildren();
  }

  #place() {
    if (this.node.isConnected) placeUnder(this.list, this.node);
    else this.#close();
  }

  async #fetch() {
    const turn = (this.#turn += 1);
    const answer = this.load(this.#typing ? this.input.value : "");
    if (answer instanceof Promise) {
      fill(this.list, h("div", { class: "list-note" }, this.t("loading")));
      this.#place();
    }
    const groups = await answer;
    if (turn === this.#turn && this.#isOpen) this.#fillList(groups);
  }

  #fillList(groups) {
    this.#items = [];
    this.list.replaceChildren();
    for (const { label, items } of groups) {
      const options = items.map((item) => this.#option(item));
      if (!label || options.length === 0) append(this.list, options);
      else this.list.append(h("div", { role: "group", "aria-label": label }, h("div", { class: "list-group", "aria-hidden": "true" }, label), options));
    }
    if (this.#items.length === 0) fill(this.list, h("div", { class: "list-note" }, this.t("noMatch")));
    const chosen = this.#items.findIndex(({ item }) => this.#has(item));
    this.#activate(this.#typing ? 0 : chosen);
    this.#place();
  }

  #has = (item) => this.selected.some((one) => one.key === item.key);

  #option(item) {
    const id = freshId("option");
    const about = item.description ? h("span", { class: "option-about", id: `${id}-about` }, item.description) : null;
    const node = h(
      "div",
      { id, role: "option", class: "option", "aria-selected": String(this.#has(item)), "aria-labelledby": `${id}-label`, "aria-describedby": about ? `${id}-about` : null, on: { click: (event) => { event.stopPropagation(); this.#choose(item); } } },
      h("span", { class: "option-label", id: `${id}-label` }, item.label),
      about,
    );
    this.#items.push({ item, node });
    return node;
  }

  #activate(index) {
    this.#items[this.#active]?.node.classList.remove("active");
    this.#active = Math.min(index, this.#items.length - 1);
    const node = this.#items[this.#active]?.node;
    if (!node) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    node.classList.add("active");
    node.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", node.id);
  }

  #choose(item) {
    if (!this.multiple) {
      this.#close();
      this.#set([item]);
    } else if (this.#has(item)) {
      this.#set(this.selected.filter((one) => one.key !== item.key));
      this.#fetch();
    } else if (this.selected.length < this.max) {
      this.#set([...this.selected, item]);
      this.#fetch();
    }
  }

  #typed() {
    this.#typing = true;
    const item = this.parse?.(this.input.value);
    if (item) {
      this.selected = [item];
      this.onChange([item]);
    }
    this.#open();
  }

  #key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      if (!this.#isOpen) this.#open();
      else this.#activate(Math.max(0, this.#active + steps[event.key]));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.#isOpen) this.#enter();
      else this.#open();
    } else if (event.key === "Escape" && this.#isOpen) {
      event.stopPropagation();
      event.preventDefault();
      this.#leave();
    } else if (event.key === "Backspace" && this.multiple && this.input.value === "" && this.selected.length > 0) {
      this.#set(this.selected.slice(0, -1));
    }
  }

  #enter() {
    const typed = this.#typing && this.parse?.(this.input.value);
    if (typed) this.#choose(typed);
    else if (this.#items[this.#active]) this.#choose(this.#items[this.#active].item);
  }

  #leave() {
    this.#close();
    if (!this.#typing) return;
    this.#typing = false;
    if (!this.multiple && this.clearable && this.input.value.trim() === "" && this.selected.length > 0) this.#set([]);
    else this.#show();
  }
}

/** Groups with only those items whose label or description holds the query. */
export function matching(groups, query) {
  const wanted = query.trim().toLocaleLowerCase();
  if (!wanted) return groups;
  const fits = (item) => `${item.label} ${item.description ?? ""} ${item.search ?? ""}`.toLocaleLowerCase().includes(wanted);
  return groups.map((group) => ({ ...group, items: group.items.filter(fits) }));
}
