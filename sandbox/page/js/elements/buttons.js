// Buttons and the overflow menu.

import { h, iconButton, placeUnder } from "../dom.js";
import { isOutside, plainText } from "../text.js";

function visit(url) {
  if (url && isOutside(url)) window.open(url, "_blank", "noopener");
}

/** A button; one with an address opens it and tells the app all the same. */
export function button(element, field) {
  const press = () => {
    visit(element.url);
    field.dispatch(element.value === undefined ? {} : { value: element.value });
  };
  return h(
    "button",
    {
      type: "button",
      class: `button ${element.style ?? ""}`.trim(),
      "aria-label": element.accessibility_label,
      "aria-describedby": field.describedBy,
      on: { click: press },
    },
    plainText(element.text),
  );
}

/** The three dots with more to choose from. */
export function overflow(element, field) {
  const items = element.options.map((option) => ({
    label: plainText(option.text),
    about: option.description ? plainText(option.description) : null,
    run: () => {
      visit(option.url);
      field.dispatch({ selected_option: option });
    },
  }));
  return menuButton(field.t("moreActions"), "more", items);
}

/** A button with a drawing that opens a menu of {label, about?, run}. */
export function menuButton(label, drawing, items, attributes = {}) {
  const menu = h("div", { role: "menu", popover: "auto", class: "menu", "aria-label": label });
  const close = () => {
    menu.hidePopover();
    opener.focus();
  };
  menu.append(...items.map((item) => menuItem(item, close)));
  menu.addEventListener("keydown", (event) => menuKey(event, menu, close));
  const open = () => {
    menu.showPopover();
    placeUnder(menu, opener, { match: false });
    menu.querySelector("[role=menuitem]")?.focus();
  };
  const opener = iconButton(drawing, label, open, { "aria-haspopup": "menu", ...attributes });
  return h("span", { class: "menu-anchor" }, opener, menu);
}

function menuItem(item, close) {
  const run = () => {
    close();
    item.run();
  };
  const about = item.about ? h("span", { class: "option-about" }, item.about) : null;
  return h("button", { type: "button", role: "menuitem", tabindex: "-1", on: { click: run } }, h("span", {}, item.label), about);
}

function menuKey(event, menu, close) {
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const goals = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 };
  if (event.key in goals) items[goals[event.key]].focus();
  else if (event.key === "Escape" || event.key === "Tab") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
