// Check boxes and radio buttons.

import { freshId, h } from "../dom.js";
import { textObject } from "../text.js";

/** The group for `checkboxes` or `radio_buttons`. */
export function choices(element, field) {
  const single = element.type === "radio_buttons";
  const name = freshId("choice");
  const chosen = new Set(single ? [field.value?.value] : field.value.map((option) => option.value));
  const update = (option, on) => {
    if (single) {
      field.change(option);
      return;
    }
    if (on) chosen.add(option.value);
    else chosen.delete(option.value);
    field.change(element.options.filter((one) => chosen.has(one.value)));
  };
  const rows = element.options.map((option) => row(option, { single, name, checked: chosen.has(option.value), update, field }));
  const { id, ...attributes } = field.attributes();
  return h("div", { class: "choices", role: single ? "radiogroup" : "group", id: `${id}-group`, ...attributes }, rows);
}

function row(option, { single, name, checked, update, field }) {
  const id = freshId("choice");
  const input = h("input", {
    type: single ? "radio" : "checkbox",
    id,
    name,
    value: option.value,
    "aria-describedby": option.description ? `${id}-about` : null,
    on: { change: () => update(option, input.checked) },
  });
  input.checked = checked;
  const about = option.description ? h("span", { class: "option-about", id: `${id}-about` }, textObject(option.description, field.reader)) : null;
  return h("div", { class: "choice" }, input, h("span", { class: "choice-text" }, h("label", { for: id }, textObject(option.text, field.reader)), about));
}
